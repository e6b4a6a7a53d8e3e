"""A simulated Poly Trio conference phone: its REST interface over HTTPS, SIP ports.

State: `model`, `software`, `vendor`, `mac`, `own_address` ("address/prefix"), `gateway`, `ntp` (one
address, or empty), `syslog` ({address, protocol}, or false), `rest_api` (the interface answers),
`http`, `sip`, `call_active` (number of calls), `tls_min`, `certificate`, `login` {username,
password}.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.devices.basic_auth import challenge, is_let_in
from lab.devices.certificate import for_state
from lab.devices.listeners import Listener
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer, json_response

DEFAULTS: Mapping[str, Any] = {
    "model": "Trio 8800",
    "software": "7.2.2.1094",
    "vendor": "Polycom",
    "mac": "020000670001",
    "own_address": "192.0.2.10/24",
    "gateway": "192.0.2.1",
    "ntp": "10.67.20.1",
    "syslog": {"address": "10.67.30.10", "protocol": "UDP"},
    "rest_api": True,
    "http": False,
    "sip": True,
    "call_active": 0,
    "tls_min": "TLSv1.2",
    "login": {"username": "Polycom", "password": "lab-only"},
}


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device, tls = _Device(runtime), for_state(runtime.path, state)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 443, device.answer, tls=tls, tls_min=state["tls_min"])
    ]
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer))
    if state["sip"]:
        listeners += sip_ports(runtime, None, tls=tls, tls_min=state["tls_min"])
    return listeners


class _Device:
    """Answers from the newest state; every request but the first page carries the login."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def answer(self, request: Request) -> Response:
        if request.path in {"/", "/index.htm"}:
            return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
        if not is_let_in(self._runtime, request):
            return challenge("Login")
        state = self._runtime.state
        told = _ANSWERS.get(request.path) if request.method == "GET" else None
        if told is None or not state["rest_api"]:
            return json_response({"Status": "4007"}, 404)
        return json_response({"data": told(state), "Status": "2000"})


_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Login</title></head>
<body><form><input type="password" name="password"></form></body></html>
"""


def _calls(state: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "CallState": "Connected",
            "CallHandle": f"{0x1F00 + number:08x}",
            "Protocol": "SIP",
            "Type": "Outgoing",
            "LineID": "1",
            "DurationSeconds": "60",
        }
        for number in range(int(state["call_active"]))
    ]


def _device(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "DeviceType": "HardwareEndpoint",
        "DeviceVendor": state["vendor"],
        "ModelNumber": state["model"],
        "Firmware": {
            "Application": f"{state['software']} 15-Jan-26 09:00",
            "Updater": state["software"],
        },
        "IPAddress": str(_own(state).ip),
        "MACAddress": state["mac"],
        "ReadyToUse": "True",
    }


def _network(state: Mapping[str, Any]) -> dict[str, str]:
    own = _own(state)
    return {
        "IPV4Address": str(own.ip),
        "SubnetMask": str(own.netmask),
        "DefaultGateway": state["gateway"],
        "DHCP": "disabled",
        "VLANID": "",
        "SNTPAddress": state["ntp"],
        "LANPortStatus": "active",
    }


def _running(state: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    own, syslog = _own(state), state["syslog"] or {"address": "", "protocol": "UDP"}
    return {
        "Network": {
            "IPAddress": str(own.ip),
            "SubnetMask": str(own.netmask),
            "IPGateway": state["gateway"],
            "VLAN": "",
        },
        "SNTP": {"GMTOffsetHours": "7", "Server": state["ntp"]},
        "Syslog": {"Server": syslog["address"], "Transport": syslog["protocol"]},
    }


def _own(state: Mapping[str, Any]) -> ipaddress.IPv4Interface:
    return ipaddress.IPv4Interface(state["own_address"])


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "/api/v2/webCallControl/callStatus": _calls,
    "/api/v2/mgmt/device/info": _device,
    "/api/v1/mgmt/network/info": _network,
    "/api/v1/mgmt/device/runningConfig": _running,
}
