"""A simulated Huawei Box or Bar endpoint: the newer web interface over HTTPS, signalling ports.

State: `model`, `software`, `call_state` (0 idle, 1 calling, 2 connected, 3 ended), `mailbox` (what
the mailbox says of calls; None when it refuses), `older` (`none`: the requests of a TE are not
there; `refused`, `401`: they are refused; `asks`: it says who is logged in and refuses the rest),
`already_login`, `session` (what a new session is told), `tls_min`, `certificate`, `login`
{username, password}.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.devices.certificate import for_state
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer, json_response

DEFAULTS: Mapping[str, Any] = {
    "model": "Huawei CloudLink Bar 310",
    "software": "V600R023C10SPC300",
    "call_state": 0,
    "mailbox": {"callstate": 0, "isInConf": 0},
    "older": "none",
    "already_login": 0,
    "session": "",
    "tls_min": "TLSv1.2",
    "login": {"username": "admin", "password": "lab-only"},
}

_PAGE = b"<!DOCTYPE html><html><head><title>login</title></head><body></body></html>"
_REFUSED = {"success": 0, "exception": {"id": 3}}
_WITHOUT_ENVELOPE = {"none": 404, "401": 401}
_COOKIE = "SessionID"


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    tls = for_state(runtime.path, state)
    said = f"User-Agent: {str(state['model']).upper()} {state['software']}"
    return [
        WebServer(
            runtime, "https", 443, _Device(runtime).answer, tls=tls, tls_min=state["tls_min"]
        ),
        H323Port(runtime),
        *sip_ports(runtime, said, tls=tls, tls_min=state["tls_min"]),
    ]


class _Device:
    """Answers from the newest state; knows the sessions and their tokens."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.tokens: dict[str, str] = {}
        """Session id → token; an empty token belongs to a session not logged in."""

    def answer(self, request: Request) -> Response:
        before_login: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): lambda _: Response(200, _PAGE, "text/html; charset=utf-8"),
            ("POST", "/v1/login/session"): self._session,
            ("POST", "/v1/login/account"): self._account,
        }
        asked = (request.method, request.path)
        if asked in before_login:
            return before_login[asked](request)
        if request.path == "/action.cgi" and request.query.endswith("?rmd=0"):
            return self._older(request)
        token = self.tokens.get(request.cookie(_COOKIE) or "", "")
        known = request.path == "/action.cgi" or request.path.startswith("/v1/")
        if not known:
            return Response(404, b"not found")
        if not token or request.headers.get("x-access-token") != token:
            return json_response(_REFUSED)
        if asked == ("DELETE", "/v1/login/session"):
            self.tokens.pop(request.cookie(_COOKIE) or "", None)
            return json_response({"success": 1, "data": ""})
        return self._told(request, token)

    def _told(self, request: Request, token: str) -> Response:
        state = self.runtime.state
        if (request.method, request.path) == ("GET", "/v1/login/status"):
            shown = {"isSleep": 0, "callState": state["call_state"], "sip": 1, "camera": 1}
            return json_response({"success": 1, "data": {"state": shown}})
        body = request.json()
        if request.method != "POST" or not isinstance(body, dict):
            return json_response(_REFUSED)
        action = request.query.removeprefix("ActionID=")
        told: dict[str, Any] = {
            "WEB_GetVersionInfoAPI": {
                "model": state["model"],
                "softVersion": state["software"],
                "cameraVersion": [],
                "micVersion": [],
            },
            "WEB_GetMailboxDataAPI": state["mailbox"] and {"state": state["mailbox"]},
        }
        if body.get("acCSRFToken") != token or not told.get(action):
            return json_response(_REFUSED)
        return json_response({"success": 1, "data": json.dumps(told[action])})

    def _older(self, request: Request) -> Response:
        older = self.runtime.state["older"]
        if older == "asks" and request.query.startswith("ActionID=WEB_GetLoginInfo"):
            told = {"AlreadyLogin": self.runtime.state["already_login"]}
            return json_response({"success": 1, "data": json.dumps(told)})
        if older in _WITHOUT_ENVELOPE:
            return Response(_WITHOUT_ENVELOPE[older], b"no")
        return json_response(_REFUSED)

    def _session(self, _: Request) -> Response:
        session = secrets.token_hex(16)
        self.tokens[session] = ""
        cookie = ("Set-Cookie", f"{_COOKIE}={session}; Path=/; Secure; HttpOnly")
        told = self.runtime.state["session"]
        return json_response({"success": 1, "data": told}, headers=(cookie,))

    def _account(self, request: Request) -> Response:
        session, body = request.cookie(_COOKIE) or "", request.json()
        login = self.runtime.state["login"]
        if session not in self.tokens or not isinstance(body, dict):
            return json_response(_REFUSED)
        self.runtime.saw("login", str(body.get("account")))
        if (body.get("account"), body.get("password")) != (login["username"], login["password"]):
            return json_response(_REFUSED)
        self.tokens[session] = secrets.token_hex(16)
        return json_response({"success": 1, "data": {"acCSRFToken": self.tokens[session]}})
