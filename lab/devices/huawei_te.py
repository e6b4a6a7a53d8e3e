"""A simulated Huawei TE endpoint: the web CGI over HTTPS, signalling ports.

State: `telnet`, `http`, `model`, `software`, `serial`, `already_login` (somebody is at the web
interface), `call_active` (number of calls), `sip_line` (`SIP_STATE_OK` when registered),
`tls_min`, `certificate`, `login` {username, password}.
Answers wrap JSON in a JSON string; `enable_http` is 0 when HTTP is on.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.devices.certificate import for_state
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener, TelnetPort
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer, json_response

DEFAULTS: Mapping[str, Any] = {
    "telnet": False,
    "http": False,
    "model": "TE40",
    "software": "V500R019C00SPC600",
    "serial": "LAB2102350TE400001",
    "already_login": False,
    "call_active": 0,
    "sip_line": "EMPTY",
    "tls_min": "TLSv1.2",
    "login": {"username": "admin", "password": "lab-only"},
}

_ACTION = re.compile(r"ActionID=(\w+)(?:[?&]rmd=[\w.]*)?")
_REFUSED = {"success": 0, "data": "", "exception": {"id": 67108873}}
_PAGES = {
    "/": b"<!DOCTYPE html><html><head><title>TE</title></head><body></body></html>",
    "/index.html": b"<!DOCTYPE html><html><body><iframe src='login.html'></iframe></body></html>",
    "/hidden_frame.html": b"<!DOCTYPE html><html></html>",
    "/login.html": b"<!DOCTYPE html><html><body><input type='password'></body></html>",
    "/system/login/login.js": (
        b"var actions = ['WEB_GetLoginInfo', 'Web_RequestSessionID', "
        b"'Web_RequestCertificate', 'WEB_ChangeSessionID'];"
    ),
}


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device = _Device(runtime)
    tls = for_state(runtime.path, state)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 443, device.answer, tls=tls, tls_min=state["tls_min"])
    ]
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer))
    if state["telnet"]:
        listeners.append(TelnetPort("telnet", runtime.address, runtime.port("telnet", 23)))
    listeners.append(H323Port(runtime))
    said = f"User-Agent: HUAWEI {state['model']} {state['software']}"
    listeners += sip_ports(runtime, said, tls=tls, tls_min=state["tls_min"])
    return listeners


class _Device:
    """Answers from the newest state; knows the sessions and their tokens."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.tokens: dict[str, str] = {}
        """Session id → CSRF token; an empty token belongs to a session not logged in."""

    def answer(self, request: Request) -> Response:
        if request.path == "/action.cgi":
            return self._action(request)
        if request.method == "GET" and request.path in _PAGES:
            kind = "text/javascript" if request.path.endswith(".js") else "text/html"
            return Response(200, _PAGES[request.path], f"{kind}; charset=utf-8")
        return Response(404, b"not found")

    def _action(self, request: Request) -> Response:
        match = _ACTION.fullmatch(request.query)
        if match is None or request.method != "POST":
            return Response(404, b"not found")
        if request.headers.get("x-requested-with") != "XMLHttpRequest":
            return json_response(_REFUSED)
        before_login: dict[str, Callable[[Request], Response]] = {
            "WEB_GetLoginInfo": self._login_info,
            "Web_RequestSessionID": self._session_id,
            "Web_RequestCertificate": self._certificate,
            "WEB_ChangeSessionID": self._change_session,
        }
        if match[1] in before_login:
            return before_login[match[1]](request)
        body = request.json()
        token = self.tokens.get(request.cookie("SessionID") or "", "")
        if not token or not isinstance(body, dict) or body.get("acCSRFToken") != token:
            return json_response(_REFUSED)
        if match[1] == "WEB_LogoutAPI":
            self.tokens.pop(request.cookie("SessionID") or "", None)
            return _wrapped("")
        told = _data(match[1], self.runtime.state, body)
        return json_response(_REFUSED) if told is None else _wrapped(told)

    def _login_info(self, _: Request) -> Response:
        state = self.runtime.state
        return _wrapped(
            {"AlreadyLogin": int(bool(state["already_login"])), "szTermType": state["model"]}
        )

    def _session_id(self, _: Request) -> Response:
        return self._with_session(secrets.token_hex(16), "", {"acSessionId": ""})

    def _certificate(self, request: Request) -> Response:
        session, body = request.cookie("SessionID") or "", request.json()
        login = self.runtime.state["login"]
        if session not in self.tokens or not isinstance(body, dict):
            return json_response(_REFUSED)
        self.runtime.saw("login", str(body.get("user")))
        if (body.get("user"), body.get("password")) != (login["username"], login["password"]):
            return json_response(_REFUSED)
        self.tokens[session] = secrets.token_hex(16)
        return _wrapped({"acCSRFToken": self.tokens[session]})

    def _change_session(self, request: Request) -> Response:
        token = self.tokens.pop(request.cookie("SessionID") or "", "")
        if not token:
            return json_response(_REFUSED)
        return self._with_session(secrets.token_hex(16), token, "")

    def _with_session(self, session: str, token: str, data: Any) -> Response:
        self.tokens[session] = token
        cookie = ("Set-Cookie", f"SessionID={session}; Path=/; Secure; HttpOnly")
        return json_response({"success": 1, "data": _text(data)}, headers=(cookie,))


def _wrapped(data: Any) -> Response:
    return json_response({"success": 1, "data": _text(data)})


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False) if data != "" else ""


def _data(action: str, state: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """What an action tells once logged in; None for an action that this device does not know."""
    if action == "WEB_GetCfgParamAPI":
        values = {"enabletelnet": int(bool(state["telnet"])), "enable_http": int(not state["http"])}
        asked = body.get("CfgIDString")
        return {
            "CfgItemInt": [
                {"CfgItemID": item, "CfgItemInfo": values[item]}
                for item in (asked if isinstance(asked, list) else ())
                if item in values
            ]
        }
    calls = int(state["call_active"])
    answers: dict[str, Any] = {
        "WEB_GetVersionInfoAPI": {
            "model": state["model"],
            "softVersion": state["software"],
            "hardVersion": "VER.B",
            "logicVersion": "100",
            "micVersion": [],
        },
        "WEB_GetProductEsnAPI": {"product_esn": state["serial"]},
        "WEB_GetLineStateInfoAPI": {"sipStatusTxStr": state["sip_line"], "sipAddr": ""},
        "WEB_GetMailboxDataAPI": {
            "state": {"callstate": 2 if calls else 0, "isInConf": int(calls > 0), "sip": 1}
        },
    }
    return answers.get(action)
