"""A simulated Lifesize Room system: command line over SSH, a web page, signalling ports.

Keys of the state, beside those of `command_line`:

    name, model, software     "Room 220", "LS_RM1_4.7.18 (4)"
    serial                    [number of the processor board, number of the system]
    uptime_s                  seconds since the start
    call_active               number of calls
    auto_answer               boolean
    message                   a line that the device puts into every answer unasked, such as
                              "CS,2,1,Dialing,Video,,10.67.101.9"; empty for none
    telnet, http, https, h323, sip      booleans
    tls_min                   "TLSv1.2"
    certificate               the one that left the factory, `CN=lifesize.com`, unless another is
                              asked for

The device repeats commands, and ends every answer with an empty line and `ok,` or `error,` with two
hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lab.devices.certificate import for_state
from lab.devices.command_line import SshServer
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener, TelnetPort
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer

DEFAULTS: Mapping[str, Any] = {
    "name": "Phong hop giao ban",
    "model": "Room 220",
    "software": "LS_RM1_4.7.18 (4)",
    "serial": ["CPU00LAB0220", "SYS00LAB0220"],
    "uptime_s": 1_053_189,
    "call_active": 0,
    "auto_answer": False,
    "message": "",
    "telnet": False,
    "http": False,
    "https": True,
    "h323": True,
    "sip": True,
    "tls_min": "TLSv1.2",
    "certificate": {"common_name": "lifesize.com"},
    "login": {"username": "auto", "password": "lab-only"},
}

_SUCCESS, _INVALID_COMMAND = "ok,00", "error,09"
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Lifesize®</title></head>\n"
    '<body><form><input name="password" type="password"></form></body></html>\n'
).encode()


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    tls = for_state(runtime.path, state)
    listeners: list[Listener] = [SshServer(runtime, _CommandLine(runtime))]
    if state["https"]:
        listeners.append(WebServer(runtime, "https", 443, _page, tls=tls, tls_min=state["tls_min"]))
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, _page))
    if state["telnet"]:
        listeners.append(TelnetPort("telnet", runtime.address, runtime.port("telnet", 23)))
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        model = str(state["model"]).replace(" ", "_")
        said = f"User-Agent: LifeSize {model}/{state['software']}"
        listeners += sip_ports(runtime, said, tls=tls, tls_min=state["tls_min"])
    return listeners


def _page(request: Request) -> Response:
    """The sign-in page; everything else wants a login."""
    if request.path == "/" and request.method == "GET":
        return Response(200, _PAGE, "text/html; charset=utf-8")
    return Response(401, b"")


class _CommandLine:
    """The `Speaker` of the device."""

    version = "dropbear_0.52"
    echo = True

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def admits(self, peer: str, username: str | None) -> bool:
        return True

    def greeting(self) -> str:
        return ""

    def prompt(self) -> str:
        return "$ "

    def answer(self, command: str) -> str | None:
        state = self._runtime.state
        asked = " ".join(command.split())
        if asked in {"exit", "quit"}:
            return None
        told = _ANSWERS.get(asked)
        rows = [state["message"]] if state["message"] else []
        rows += told(state) if told else ()
        end = _SUCCESS if told or asked.startswith("set help-mode ") else _INVALID_COMMAND
        return "".join(f"{line}\n" for line in (*rows, "", end))


def _calls(state: Mapping[str, Any]) -> Iterator[str]:
    for number in range(1, int(state["call_active"]) + 1):
        far_end = f"10.67.101.{number},Diem cau {number}"
        yield f"{number},1,Connected,No,Video,{far_end},768,h323,768,00:12:41"


def _uptime(state: Mapping[str, Any]) -> Iterator[str]:
    minutes, seconds = divmod(int(state["uptime_s"]), 60)
    hours, minutes = divmod(minutes, 60)
    yield ",".join(map(str, (*divmod(hours, 24), minutes, seconds)))


def _version(state: Mapping[str, Any]) -> Iterator[str]:
    yield f"Software Version,{state['software']}"
    yield "Boot Version,2.0"


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "status call active": _calls,
    "get system version": _version,
    "get system model": lambda state: iter([f"LifeSize,{state['model']}"]),
    "get system serial-number": lambda state: iter([",".join(state["serial"])]),
    "get system name": lambda state: iter([str(state["name"])]),
    "get system uptime": _uptime,
    "get call auto-answer": lambda state: iter(["on" if state["auto_answer"] else "off"]),
}
