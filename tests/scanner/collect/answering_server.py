"""An HTTPS server on 127.0.0.1 whose answers a test gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab.devices.certificate import for_state
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer
from scanner.collect.web import WebEndpoint

PASSWORD = "Mật-khẩu planted 93!x"


class Server:
    """One HTTPS server whose answers a test gives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.runtime = Runtime(folder / "state.json")
        self.runtime.state = {"address": "127.0.0.1", "ports": {"*": 0}}
        self.requests: list[Request] = []
        self.answers: dict[str, Response | Callable[[Request], Response]] = {}
        tls = for_state(self.runtime.path, {})
        self.certificate = tls.fingerprint
        self.listener = WebServer(self.runtime, "https", 443, self._answer, tls=tls)
        self.listener.open()

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.get(request.path, Response(404, b"no"))
        return answer(request) if callable(answer) else answer

    def endpoint(self, **changes: object) -> WebEndpoint:
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.listener.bound_port,
            "username": "admin",
            "password": PASSWORD,
            "certificate": self.certificate,
            "connect_timeout_s": 2.0,
            "command_timeout_s": 5.0,
        }
        return WebEndpoint(**{**values, **changes})  # type: ignore[arg-type]
