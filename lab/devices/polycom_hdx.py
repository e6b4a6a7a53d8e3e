"""A simulated HDX: web interface over HTTPS behind HTTP Digest, API on telnet, signalling ports.

Keys of the state:

    name, model, software, build, serial    what the system says of itself
    call_active      number of calls
    auto_answer      boolean
    encryption       `off`, `best-effort`, `required`
    max_kbps         highest rate of a call
    snmp             {enabled, community}
    ntp              address of the time server, or null
    lockout_attempts failed logins of an administrator until the account is locked, 0 for never
    password_rules   what passwords of administrators must have, by the system's own words
    password_changed days on which the `room` and `remote` passwords were set ("2026-09-01")
    own_address      "address/prefix", or null under DHCP
    telnet           diagnostics on 23 and the API on 24
    http, https, h323, sip      booleans
    login_scheme     `digest` (MD5), `digest-sha-256`, `basic`; `open` answers without a login
    nonce_uses       so many requests a Digest nonce is good for, 0 for any number
    tls_min, certificate, login {username, password}
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from lab.devices import basic_auth
from lab.devices.certificate import for_state
from lab.devices.digest_auth import DigestLogin
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener, TcpListener, TelnetPort
from lab.devices.polycom_hdx_says import answer, greeting, settings, status
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer

DEFAULTS: Mapping[str, Any] = {
    "name": "Phong hop giao ban",
    "model": "HDX 8000 HD",
    "software": "3.1.14",
    "build": "56008",
    "serial": "82150000LAB8",
    "call_active": 0,
    "auto_answer": False,
    "encryption": "required",
    "max_kbps": 2048,
    "snmp": {"enabled": False, "community": "giam-sat-hnth"},
    "ntp": "10.67.30.10",
    "lockout_attempts": 3,
    "password_rules": {
        "minlength": 12,
        "numbercount": 1,
        "lowercasecount": 1,
        "uppercasecount": 1,
        "specialcharcount": 1,
        "reusecount": 8,
        "maxage": 90,
    },
    "password_changed": {"room": "2026-09-01", "remote": "2026-09-01"},
    "own_address": None,
    "telnet": False,
    "http": False,
    "https": True,
    "h323": True,
    "sip": True,
    "login_scheme": "digest",
    "nonce_uses": 0,
    "tls_min": "TLSv1.2",
    "login": {"username": "admin", "password": "lab-only"},
}

REALM = "system"


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device, tls = _Device(runtime, state), for_state(runtime.path, state)
    listeners: list[Listener] = []
    if state["https"]:
        web = WebServer(
            runtime, "https", 443, device.answer, tls=tls, tls_min=state["tls_min"], software="web"
        )
        # a listener that stays open keeps the login scheme it was opened with
        web.key = (web.key, state["login_scheme"], state["nonce_uses"])
        listeners.append(web)
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer, software="web"))
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        said = f"User-Agent: Polycom{state['model'].replace(' ', '')}/{state['software']}"
        listeners += sip_ports(runtime, said, tls=tls, tls_min=state["tls_min"])
    if state["telnet"]:
        listeners.append(TelnetPort("telnet", runtime.address, runtime.port("telnet", 23)))
        listeners.append(_Api(runtime))
    return listeners


class _Api(TcpListener):
    """The programming interface on telnet: says who it is, then answers line by line."""

    MAX_LINE = 1024

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("telnet-api", runtime.address, runtime.port("telnet-api", 24))
        self._runtime = runtime

    def serve(self, conn: socket.socket, peer: str) -> None:
        conn.sendall(greeting(self._runtime.state).replace("\n", "\r\n").encode())
        heard = b""
        while len(heard) < self.MAX_LINE and (piece := conn.recv(256)):
            *lines, heard = (heard + piece).split(b"\n")
            for line in lines:
                _, said = answer(self._runtime.state, line.decode("utf-8", "replace").strip())
                conn.sendall(f"{said}\r\n".encode())


class _Device:
    """Answers requests from the newest state."""

    def __init__(self, runtime: Runtime, state: Mapping[str, Any]) -> None:
        self.runtime = runtime
        self._scheme = state["login_scheme"]
        algorithm = "SHA-256" if self._scheme == "digest-sha-256" else "MD5"
        self._digest = DigestLogin(runtime, REALM, algorithm, int(state["nonce_uses"]))

    def answer(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        state = self.runtime.state
        asked = f"{request.method} {request.path}"
        if asked == "GET /systemstatus.xml":
            return Response(200, status(state).encode(), "text/xml")
        if asked == "POST /a_createdatfilecsv.cgi":
            return Response(200, settings(state).encode(), "application/octet-stream")
        if asked == "POST /a_apicommand.cgi":
            return self._commands(request)
        if asked in {"GET /", "GET /index.htm"}:
            return Response(200, b"<html><head><title>HDX</title></head></html>", "text/html")
        return Response(404, b"not found")

    def _refusal(self, request: Request) -> Response | None:
        if self._scheme == "open":
            return None
        if self._scheme == "basic":
            let_in = basic_auth.is_let_in(self.runtime, request)
            return None if let_in else basic_auth.challenge(REALM)
        return self._digest.refusal(request)

    def _commands(self, request: Request) -> Response:
        fields = parse_qs(request.body.decode("utf-8", "replace"))
        results = []
        for command in fields.get("apicommand", [""])[0].split(";"):
            if not command.strip():
                continue
            self.runtime.saw("command", command.strip())
            known, said = answer(self.runtime.state, command.strip())
            results.append(
                f'\t<apicommand>\n\t\t<command status="{"success" if known else "error"}">'
                f"{escape(command.strip())}</command>\n\t\t<result>{escape(said)}\n</result>\n"
                "\t</apicommand>\n"
            )
        body = f"<?xml version='1.0'?>\n<apicommands>\n{''.join(results)}</apicommands>\n"
        return Response(200, body.encode(), "text/xml")
