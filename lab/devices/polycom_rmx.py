"""A simulated RMX bridge: SNMP counters, a web interface that only asks for a login, signalling.

Its settings cannot be asked over the network, as with a real one; `flags` is for the file of system
flags that somebody saved from it (`system_flags`).

Keys of the state:

    model           "RMX 2000"
    call_active     number of conferences; each has three video calls and a voice call
    snmp            {"enabled", "user", "authentication", "authentication_key", "privacy_key"}, or
                    with "user" empty {"enabled", "community"}
    flags           system flags by name
    sip, h323       booleans
    http            a web interface without TLS on port 80
    tls_min, certificate
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.devices.certificate import for_state
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener
from lab.devices.sip import sip_ports
from lab.devices.snmpd import SnmpAgent, plain
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer

DEFAULTS: Mapping[str, Any] = {
    "model": "RMX 2000",
    "call_active": 0,
    "snmp": {
        "enabled": True,
        "user": "giam-sat",
        "authentication": "SHA-256",
        "authentication_key": "lab-only-xac-thuc",
        "privacy_key": "lab-only-ma-hoa",
    },
    "flags": {
        "ULTRA_SECURE_MODE": "NO",
        "MIN_PASSWORD_LENGTH": "12",
        "PASSWORD_HISTORY_SIZE": "10",
        "PASSWORD_EXPIRATION_DAYS": "90",
        "SESSION_TIMEOUT_IN_MINUTES": "10",
        "USER_LOCKOUT": "YES",
    },
    "sip": True,
    "h323": True,
    "http": False,
    "tls_min": "TLSv1.2",
    "login": {"username": "hnth-audit", "password": "lab-only"},
}

_MCU = ".1.3.6.1.4.1.13885.110"
_VIDEO_CALLS, _VOICE_CALLS = 3, 1
"""In each conference."""

_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>RMX</title></head>
<body><form method="post"><input name="user"><input name="password" type="password"></form></body>
</html>
"""


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    tls = for_state(runtime.path, state)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 443, _answer, tls=tls, tls_min=state["tls_min"])
    ]
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, _answer))
    if state["snmp"]["enabled"]:
        listeners.append(SnmpAgent(runtime, state["snmp"], _says(state)))
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        # by what a bridge names itself is not publicly recorded
        listeners += sip_ports(runtime, None, tls=tls, tls_min=state["tls_min"])
    return listeners


def system_flags(state: Mapping[str, Any]) -> str:
    """The file of system flags that somebody saved: one `NAME = VALUE` line for each."""
    return "".join(f"{name} = {value}\n" for name, value in sorted(state["flags"].items()))


def _says(state: Mapping[str, Any]) -> tuple[str, ...]:
    conferences = int(state["call_active"])
    return (
        f"sysDescr {plain(state['model'])}",
        f"sysObjectID {_MCU}",
        "sysName mcu-lab",
        f"override {_MCU}.1.5.1.0 integer {conferences}",
        f"override {_MCU}.1.4.4.2.1.0 integer {conferences * _VIDEO_CALLS}",
        f"override {_MCU}.1.4.4.1.1.0 integer {conferences * _VOICE_CALLS}",
    )


def _answer(request: Request) -> Response:
    """Nothing is told without a login, and nobody is let in."""
    if request.path == "/":
        return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
    return Response(403, b"")
