"""SIP over TLS, the serial port and the ways in for developers and support, on a Cisco codec.

Words of the values as in the vendor's public schemas of 9.15 to 26.4. `SIP DefaultTransport` is how
a codec calls and registers: `Auto` tries TLS, then TCP, then UDP; where it is not shown, nobody can
tell. Not every model has a serial port or a web engine, and no release before 11 has remote access:
a key of these that nothing speaks of gives no fact here.
"""

from __future__ import annotations

from typing import Any

from rules.facts import Fact, Known, Unknown
from scanner.platforms.cisco_xapi import Settings, choice

_ON_OFF = {"on": True, "off": False}
_TRANSPORT = {"auto": "best-effort", "tls": "required", "tcp": "off", "udp": "off"}
_TLS = {f"tlsv1.{minor}": f"TLSv1.{minor}" for minor in range(4)}
_KEY_BITS = {"min2048bit": 2048, "min1024bit": 1024, "max1024bit": 0}
"""`Max1024bit` says how long a key is at most, and nothing of how short it may be."""


def hardening(settings: Settings) -> dict[str, Fact[Any]]:
    """What goes beyond services and accounts."""
    facts: dict[str, Fact[Any]] = {
        "sip.encryption": choice(settings, "c", "SIP DefaultTransport", _TRANSPORT),
        "sip.tls_min_version": choice(settings, "c", "SIP MinimumTLSVersion", _TLS),
        "sip.verifies_peer": choice(settings, "c", "SIP TlsVerify", _ON_OFF),
        "h323.min_key_bits": choice(settings, "c", "H323 Encryption KeySize", _KEY_BITS),
        "serial_port.access": _serial_port(settings),
        "debug.enabled": choice(settings, "c", "WebEngine RemoteDebugging", _ON_OFF),
        "support_access.enabled": choice(settings, "c", "RemoteAccess Mode", _ON_OFF),
    }
    return {n: fact for n, fact in facts.items() if fact.citations or n == "sip.encryption"}


def _serial_port(settings: Settings) -> Fact[str]:
    """`open` when it is on and asks for no login."""
    mode = choice(settings, "c", "SerialPort Mode", _ON_OFF)
    if isinstance(mode, Known) and not mode.value:
        return Known("off", mode.citations)
    login = choice(settings, "c", "SerialPort LoginRequired", {"on": "login", "off": "open"})
    if isinstance(login, Unknown):
        return login
    if isinstance(mode, Unknown):
        # that it asks for a login holds whether it is on or not
        return login if login.value == "login" else mode
    return Known(login.value, login.citations + mode.citations)
