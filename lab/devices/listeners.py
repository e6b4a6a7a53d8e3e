"""Ports that a simulated device can open: TCP with one thread per connection, and UDP."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Hashable
from typing import Protocol

IDLE_S = 60.0
"""A connection that says nothing for so long is closed."""

BACKLOG = 128


class Listener(Protocol):
    """Something that can be open or closed. Equal keys mean: need not be reopened."""

    key: Hashable
    name: str
    """Key in `ports` of the state file and of `STATE.json.ports`."""

    def open(self) -> None:
        """The port is bound and served. Raises OSError when it cannot be bound."""

    def close(self) -> None:
        """The port and every connection on it are closed."""

    @property
    def bound_port(self) -> int:
        """The port really bound: differs from the one asked for when that was 0."""


class TcpListener:
    """A TCP port that runs `serve` in a thread per connection; threads never outlive `close`."""

    def __init__(self, name: str, address: str, port: int, *parameters: Hashable) -> None:
        self.name = name
        self.address = address
        self.port = port
        self.key: Hashable = (type(self).__name__, name, address, port, parameters)
        self._socket: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._bound_port = 0

    def serve(self, conn: socket.socket, peer: str) -> None:
        """Talk on one connection. OSError ends it quietly; the connection is closed afterwards."""
        while conn.recv(4096):
            pass

    def replace(self, conn: socket.socket, wrapped: socket.socket) -> None:
        """`close` will close `wrapped` too: for a `serve` that wraps its connection in TLS."""
        with self._lock:
            self._connections.discard(conn)
            self._connections.add(wrapped)

    def open(self) -> None:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self.address, self.port))
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        self._socket = listening
        self._bound_port = int(listening.getsockname()[1])
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def close(self) -> None:
        with self._lock:
            listening, self._socket = self._socket, None
            connections, self._connections = self._connections, set()
        if listening is not None:
            # close() alone does not wake a thread that sits in accept()
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for conn in connections:
            _hang_up(conn)

    @property
    def bound_port(self) -> int:
        return self._bound_port

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                conn, peer = listening.accept()
            except OSError:
                return
            with self._lock:
                if self._socket is not listening:
                    conn.close()
                    return
                self._connections.add(conn)
            threading.Thread(target=self._talk, args=(conn, str(peer[0])), daemon=True).start()

    def _talk(self, conn: socket.socket, peer: str) -> None:
        try:
            conn.settimeout(IDLE_S)
            self.serve(conn, peer)
        except (OSError, EOFError):
            pass
        finally:
            with self._lock:
                self._connections -= {c for c in self._connections if c.fileno() < 0 or c is conn}
            _hang_up(conn)


def _hang_up(conn: socket.socket) -> None:
    with contextlib.suppress(OSError):
        conn.shutdown(socket.SHUT_RDWR)
    conn.close()


class SilentPort(TcpListener):
    """Accepts, says `greeting` once if there is one, and ignores what it is told."""

    def __init__(self, name: str, address: str, port: int, greeting: bytes = b"") -> None:
        super().__init__(name, address, port, greeting)
        self.greeting = greeting

    def serve(self, conn: socket.socket, peer: str) -> None:
        if self.greeting:
            conn.sendall(self.greeting)
        super().serve(conn, peer)


class TelnetPort(TcpListener):
    """A telnet login prompt; every attempt is told that it was incorrect."""

    MAX_LINE = 1024

    def __init__(self, name: str, address: str, port: int, banner: bytes = b"") -> None:
        super().__init__(name, address, port, banner)
        self.banner = banner

    def serve(self, conn: socket.socket, peer: str) -> None:
        conn.sendall(self.banner)
        for _ in range(3):
            conn.sendall(b"login: ")
            if not self._line(conn):
                return
            conn.sendall(b"Password: ")
            self._line(conn)
            conn.sendall(b"\r\nLogin incorrect\r\n")

    def _line(self, conn: socket.socket) -> bytes:
        line = b""
        while not line.endswith(b"\n") and len(line) < self.MAX_LINE:
            piece = conn.recv(256)
            if not piece:
                return b""
            line += piece
        return line


class UdpPort:
    """A UDP port; `answer` maps a datagram to a reply, or to None for silence."""

    def __init__(
        self,
        name: str,
        address: str,
        port: int,
        answer: Callable[[bytes], bytes | None] | None = None,
        *parameters: Hashable,
    ) -> None:
        self.name = name
        self.address = address
        self.port = port
        self.answer = answer
        self.key: Hashable = (type(self).__name__, name, address, port, parameters)
        self._socket: socket.socket | None = None
        self._bound_port = 0

    def open(self) -> None:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_DGRAM)
        try:
            listening.bind((self.address, self.port))
        except OSError:
            listening.close()
            raise
        self._socket = listening
        self._bound_port = int(listening.getsockname()[1])
        threading.Thread(target=self._receive, args=(listening,), daemon=True).start()

    def close(self) -> None:
        listening, self._socket = self._socket, None
        if listening is not None:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    @property
    def bound_port(self) -> int:
        return self._bound_port

    def _receive(self, listening: socket.socket) -> None:
        while self._socket is listening:
            try:
                datagram, peer = listening.recvfrom(65535)
            except OSError:
                return
            if not datagram and self._socket is not listening:
                return
            reply = self.answer(datagram) if self.answer else None
            if reply:
                with contextlib.suppress(OSError):
                    listening.sendto(reply, peer)


def answers_sip_options(said: str | None) -> Callable[[bytes], bytes | None]:
    """An answer function: `200 OK` to SIP OPTIONS, silence to everything else.

    `said`: a header such as `Server: TANDBERG/4137 (X8.2)`, or only the value of a User-Agent; with
    None the answer names nobody.
    """
    is_header = said is not None and said.startswith(("Server: ", "User-Agent: "))
    own = [] if said is None else [(said if is_header else f"User-Agent: {said}").encode()]

    def answer(datagram: bytes) -> bytes | None:
        lines = datagram.split(b"\r\n")
        if not lines[0].startswith(b"OPTIONS ") or not lines[0].endswith(b" SIP/2.0"):
            return None
        wanted = (b"via:", b"from:", b"to:", b"call-id:", b"cseq:")
        copied = [line for line in lines[1:] if line.lower().startswith(wanted)]
        return b"\r\n".join([b"SIP/2.0 200 OK", *copied, *own, b"Content-Length: 0", b"", b""])

    return answer
