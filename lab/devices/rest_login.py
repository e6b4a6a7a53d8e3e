"""The login of Polycom's and Poly's REST interface: `POST /rest/session`, then a cookie."""

from __future__ import annotations

import secrets

from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, json_response

PATH = "/rest/session"


class RestLogin:
    """Who is logged in. `runtime.seen` gets ("login", USERNAME) for every attempt."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._sessions: set[str] = set()

    def is_in(self, request: Request) -> bool:
        return request.cookie("session_id") in self._sessions

    def answer(self, request: Request) -> Response:
        """The answer to a request for `PATH`."""
        body = request.json()
        if request.method == "DELETE" or _wants_out(body):
            self._sessions.discard(request.cookie("session_id") or "")
            return json_response({"success": True})
        if request.method != "POST" or not isinstance(body, dict):
            return json_response({"success": False}, 400)
        login = self._runtime.state["login"]
        given = str(body.get("user")), str(body.get("password"))
        self._runtime.saw("login", given[0])
        if given != (login["username"], login["password"]):
            return json_response({"success": False, "loginStatus": {"loginResult": "FAILED"}}, 403)
        session = secrets.token_urlsafe(24)
        self._sessions.add(session)
        return json_response(
            {
                "success": True,
                "loginStatus": {"failedLogins": 0, "loginResult": "NOLOCKOUT"},
                "session": {"role": "ADMIN", "sessionId": session, "userId": given[0]},
            },
            headers=(("Set-Cookie", f"session_id={session}; Path=/; Secure; HttpOnly"),),
        )


def _wants_out(body: object) -> bool:
    return isinstance(body, dict) and body.get("action") == "Logout"
