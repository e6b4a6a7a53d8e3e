"""A simulated MCU or TelePresence Server: XML-RPC and `/system.xml` over HTTPS, signalling ports.

Keys of the state:

    manufacturer, model, serial, software, build, name    what the device says of itself
    call_active      number of connected participants
    connecting       number of participants that are being called
    managed          another system manages it: participants are `flex.participant.enumerate`
    revision         number of the state that lists are of; null for releases before API 2.9,
                     which give an empty list where newer ones leave it out
    gatekeeper       address, or null
    system_file      `open`, `login` or `absent`: who is shown `/system.xml`
    http, https, ftp, snmp, h323, sip       booleans
    tls_min, certificate, login {username, password}

`runtime.seen` gets ("call", METHOD) for every call and ("login", USERNAME) for every account shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from lab.devices.certificate import for_state
from lab.devices.cisco_mcu_calls import Fault, given_members, response, told
from lab.devices.command_line import is_right
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener, SilentPort
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer

DEFAULTS: Mapping[str, Any] = {
    "manufacturer": "Cisco",
    "model": "Cisco TelePresence MCU 4510",
    "serial": "SM0LAB4510",
    "software": "4.5(1.89)",
    "build": "6.18(1.89)",
    "name": "mcu-phong-may",
    "call_active": 0,
    "connecting": 0,
    "managed": False,
    "revision": 7,
    "gatekeeper": None,
    "system_file": "login",
    "http": False,
    "https": True,
    "ftp": False,
    "snmp": False,
    "h323": True,
    "sip": True,
    "tls_min": "TLSv1.2",
    "login": {"username": "hnth-audit", "password": "Kiem-toan.2026!"},
}

NOT_AUTHORISED = Fault(14, "authorization failed")


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device, tls = _Device(runtime), for_state(runtime.path, state)
    listeners: list[Listener] = []
    if state["https"]:
        listeners.append(
            WebServer(runtime, "https", 443, device.answer, tls=tls, tls_min=state["tls_min"])
        )
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer))
    if state["ftp"]:
        product = state["model"].removeprefix("Cisco ")
        said = f"220 Welcome to the Cisco {product}, version {state['software']}\r\n".encode()
        listeners.append(SilentPort("ftp", runtime.address, runtime.port("ftp", 21), said))
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        listeners += sip_ports(runtime, None, tls=tls, tls_min=state["tls_min"])
    return listeners


class _Device:
    """Answers requests from the newest state."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def answer(self, request: Request) -> Response:
        state = self.runtime.state
        asked = f"{request.method} {request.path}"
        if asked == "POST /RPC2":
            return Response(200, self._call(request).encode(), "text/xml")
        if asked == "GET /system.xml" and state["system_file"] != "absent":
            if state["system_file"] == "open":
                return Response(200, _system(state).encode(), "text/xml")
            return Response(401, b"<html><body>Login</body></html>", "text/html")
        if asked == "GET /":
            return Response(200, _front_page(state).encode(), "text/html; charset=utf-8")
        return Response(404, b"<html><body>Not found</body></html>", "text/html")

    def _call(self, request: Request) -> str:
        try:
            root = fromstring(request.body, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            return response(Fault(103, "malformed parameter"))
        method = root.findtext("methodName") or ""
        members = given_members(root)
        self.runtime.saw("call", method)
        username = str(members.get("authenticationUser", ""))
        self.runtime.saw("login", username)
        if not is_right(
            self.runtime.state, username, str(members.get("authenticationPassword", ""))
        ):
            return response(NOT_AUTHORISED)
        return response(told(self.runtime.state, method, members))


def _system(state: Mapping[str, Any]) -> str:
    values = {
        "manufacturer": state["manufacturer"],
        "model": state["model"],
        "serial": state["serial"],
        "softwareVersion": state["software"],
        "buildVersion": state["build"],
        "hostName": state["name"],
        "gatekeeperUsage": "Yes" if state["gatekeeper"] else "No",
        "totalVideoPorts": "20",
    }
    lines = "".join(f"  <{name}>{escape(str(value))}</{name}>\n" for name, value in values.items())
    return f'<?xml version="1.0"?>\n<system>\n{lines}</system>\n'


def _front_page(state: Mapping[str, Any]) -> str:
    title = escape(f"{state['model']} - Home page")
    return (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
        '<body><form action="/login"><input name="user"><input name="pass" type="password">'
        "</form></body></html>\n"
    )
