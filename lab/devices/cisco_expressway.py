"""A simulated Expressway or VCS: counters of calls and status over HTTPS, SSH, signalling ports.

The shapes are those of X8.11. How `xConfiguration` and the web pages show settings is not publicly
recorded, so this one has nothing to configure but what opens and closes ports.

Keys of the state, beside those of `command_line`:

    name, software, build, model, serial    what `/Status/SystemUnit` says; `model` is the product
    edge          an Expressway-E rather than an Expressway-C
    rest_api      the REST status lists answer; off from X14.2 on unless somebody switches it on
    call_active   number of calls
    ssh, http, h323, sip                    booleans
    tls_min, certificate
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from lab.devices.basic_auth import challenge, is_let_in
from lab.devices.certificate import for_state
from lab.devices.command_line import SshServer
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer, json_response

DEFAULTS: Mapping[str, Any] = {
    "name": "expressway-lab",
    "software": "X14.3.4",
    "build": "lab_build_1",
    "model": "TANDBERG VCS",
    "serial": "0A1B2C3D",
    "edge": False,
    "rest_api": False,
    "call_active": 0,
    "ssh": True,
    "http": False,
    "h323": True,
    "sip": True,
    "tls_min": "TLSv1.2",
    "login": {"username": "hnth-audit", "password": "Kiem-toan.2026!"},
}

PRODUCT_NUMBER = 4137
"""What SIP calls the virtual machine."""

_REST = "/api/management/status/resourceusage"


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device, tls = _Device(runtime), for_state(runtime.path, state)
    server = "CE_E" if state["edge"] else "CE_C"
    listeners: list[Listener] = [
        WebServer(
            runtime,
            "https",
            443,
            device.answer,
            tls=tls,
            tls_min=state["tls_min"],
            software=server,
        )
    ]
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer, software=server))
    if state["ssh"]:
        listeners.append(SshServer(runtime, _CommandLine(runtime)))
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        said = f"Server: TANDBERG/{PRODUCT_NUMBER} ({state['software']})"
        # as delivered, SIP over UDP is off
        listeners += sip_ports(runtime, said, tls=tls, tls_min=state["tls_min"], udp=False)
    return listeners


class _CommandLine:
    """The command line over SSH: greets with its version and knows how to leave."""

    version = "OpenSSH_8.8"
    echo = True

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def admits(self, peer: str, username: str | None) -> bool:
        return True

    def greeting(self) -> str:
        state = self._runtime.state
        return (
            f"TANDBERG Video Communication Server {state['software']}\n"
            f"SW Release Date: 2026-01-15\n\nOK\n"
        )

    def prompt(self) -> str:
        return ""

    def answer(self, command: str) -> str | None:
        return None if command.strip().lower() == "bye" else "ERROR: unknown command\n"


class _Device:
    """Answers from the newest state; every request but the first page carries the login."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def answer(self, request: Request) -> Response:
        if request.path in {"/", "/login"}:
            return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
        if not is_let_in(self._runtime, request):
            return challenge("Please log in")
        state = self._runtime.state
        if request.method == "GET" and request.path == _REST and state["rest_api"]:
            return json_response(_counters(state))
        if request.method == "GET" and request.path == "/getxml":
            content = _XML.get(request.query)
            if content is not None:
                return Response(200, _document(state, content(state)), "text/xml")
        return Response(404, _NOT_FOUND, "text/html; charset=utf-8")


_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Log in</title></head>
<body><form method="post"><input name="username"><input type="password" name="password"></form>
</body></html>
"""


_NOT_FOUND = b"<!DOCTYPE html>\n<html><head><title>Not found</title></head></html>\n"


def _counters(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    record: dict[str, Any] = {"uuid": ""}
    for number, kind in enumerate(("nontraversal", "traversal", "collabedge", "cloud")):
        for medium in ("video", "audio"):
            calls = int(state["call_active"]) if (number, medium) == (0, "video") else 0
            for what, count in (("current", calls), ("max", calls + 2), ("total", calls + 40)):
                record[f"call_{kind}_{medium}_{what}"] = count
    return [{"peer": "127.0.0.1", "local_peer": True, "num_recs": 1, "records": [record]}]


def _document(state: Mapping[str, Any], content: Iterator[str]) -> bytes:
    lines = [
        '<?xml version="1.0"?>',
        '<Status xmlns="http://www.tandberg.no/XML/CUIL/1.0"'
        f' product="{state["model"]}" version="{state["software"]}">',
        *content,
        "</Status>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _leaf(name: str, value: object) -> str:
    return f'<{name} item="1">{escape(str(value))}</{name}>'


def _system_unit(state: Mapping[str, Any]) -> Iterator[str]:
    yield '<SystemUnit item="1">'
    yield _leaf("Product", state["model"])
    yield _leaf("Uptime", 1214003)
    yield '<Software item="1">'
    yield _leaf("Version", state["software"])
    yield _leaf("Build", state["build"])
    yield _leaf("ReleaseDate", "2026-01-15")
    yield '<Configuration item="1">'
    yield _leaf("Encryption", "True")
    yield _leaf("Expressway", bool(state["edge"]))
    yield _leaf("ExpresswaySeries", "False")
    yield "</Configuration>"
    yield "</Software>"
    yield '<Hardware item="1">'
    yield _leaf("SerialNumber", state["serial"])
    yield "</Hardware>"
    yield "</SystemUnit>"


def _usage(state: Mapping[str, Any]) -> Iterator[str]:
    yield '<ResourceUsage item="1">'
    yield '<Calls item="1">'
    for kind, calls in (("Traversal", 0), ("NonTraversal", int(state["call_active"]))):
        yield f'<{kind} item="1">'
        yield _leaf("Current", calls)
        yield _leaf("Max", calls + 2)
        yield _leaf("Total", calls + 40)
        yield f"</{kind}>"
    yield "</Calls>"
    yield "</ResourceUsage>"


_XML = {
    "location=/Status/SystemUnit": _system_unit,
    "location=/Status/ResourceUsage/Calls": _usage,
}
