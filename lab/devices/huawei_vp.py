"""A simulated Huawei VP9600 bridge: SNMP, a web interface that only asks for a login, signalling.

Its settings cannot be asked over the network, as with a real one.

Keys of the state:

    model           "VP9660"
    software        release; "" when the description leaves it out
    snmp            {"enabled", "user", "authentication", "authentication_key", "privacy_key"}, or
                    with "user" empty {"enabled", "community"}
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
    "model": "VP9660",
    "software": "V600R006C10",
    "snmp": {
        "enabled": True,
        "user": "giam-sat",
        "authentication": "SHA-256",
        "authentication_key": "lab-only-xac-thuc",
        "privacy_key": "lab-only-ma-hoa",
    },
    "sip": True,
    "h323": True,
    "http": False,
    "tls_min": "TLSv1.2",
    "login": {"username": "hnth-audit", "password": "lab-only"},
}

_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>MCU</title></head>
<body><form method="post"><input name="user"><input name="password" type="password"></form></body>
</html>
"""


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    tls = for_state(runtime.path, state)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 8443, _answer, tls=tls, tls_min=state["tls_min"])
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


def _says(state: Mapping[str, Any]) -> tuple[str, ...]:
    described = " ".join(part for part in (state["model"], state["software"], "LAB") if part)
    # the identifier of this line is not publicly recorded; this is the vendor's own number
    return (
        f"sysDescr {plain(f'HUAWEI {described}')}",
        "sysObjectID .1.3.6.1.4.1.2011",
        "sysName mcu-lab",
    )


def _answer(request: Request) -> Response:
    """Nothing is told without a login, and nobody is let in."""
    if request.path == "/":
        return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
    return Response(403, b"")
