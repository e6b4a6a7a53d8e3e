"""The web server of a simulated device: HTTP or HTTPS, one function from request to response."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from lab.devices.certificate import TlsIdentity, server_context
from lab.devices.listeners import TcpListener
from lab.devices.state import Runtime

MAX_BODY = 1024 * 1024


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """Without the query."""
    query: str
    """Raw, without the question mark; empty when there is none."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    peer: str

    def json(self) -> Any:
        """The body as JSON, or None when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def cookie(self, name: str) -> str | None:
        for part in self.headers.get("cookie", "").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
        return None


@dataclass(frozen=True)
class Response:
    status: int = 200
    body: bytes | Iterable[bytes] = b""
    """An iterable is sent piece by piece, and the connection closed at its end."""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())


def json_response(
    value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(status, body, "application/json", headers)


App = Callable[[Request], Response]


class WebServer(TcpListener):
    """Serves `app` on a port; with `tls` over TLS. Reopened when port or certificate change.

    `runtime.seen` gets ("http", "METHOD path") for every request and ("tls", fingerprint) for
    every finished handshake.
    """

    def __init__(
        self,
        runtime: Runtime,
        name: str,
        port: int,
        app: App,
        *,
        tls: TlsIdentity | None = None,
        tls_min: str = "TLSv1.2",
        software: str = "httpd",
    ) -> None:
        fingerprint = tls.fingerprint if tls else None
        super().__init__(
            name, runtime.address, runtime.port(name, port), fingerprint, tls_min, software
        )
        self.runtime = runtime
        self.app = app
        self.tls = tls
        self.software = software
        self._context = server_context(tls, tls_min) if tls else None

    def serve(self, conn: socket.socket, peer: str) -> None:
        if self._context is None or self.tls is None:
            _Conversation(conn, peer, self)
            return
        with self._context.wrap_socket(conn, server_side=True) as secured:
            self.replace(conn, secured)
            self.runtime.saw("tls", self.tls.fingerprint)
            _Conversation(secured, peer, self)


class _Conversation(BaseHTTPRequestHandler):
    """One connection; the base class reads requests until the peer or an error ends it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Head and body leave in two pieces; the second must not wait for the peer's delayed ACK."""

    def __init__(self, conn: socket.socket, peer: str, owner: WebServer) -> None:
        self.owner = owner
        super().__init__(conn, (peer, 0), owner)  # type: ignore[arg-type]

    def version_string(self) -> str:
        return self.owner.software

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests are in `runtime.seen`."""

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= MAX_BODY:
            self.send_error(413)
            return
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
            peer=self.client_address[0],
        )
        self.owner.runtime.saw("http", f"{self.command} {self.path}")
        self._send(self.owner.app(request))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        for name, value in response.headers:
            self.send_header(name, value)
        if isinstance(response.body, bytes):
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.body)
            return
        self.close_connection = True
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in response.body:
            self.wfile.write(piece)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815
