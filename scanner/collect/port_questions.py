"""Which protocol a TCP port speaks that waits for its client: a few harmless questions.

A hello of TLS, then inside TLS or in the clear `HEAD /` of HTTP, `OPTIONS` of SIP and of RTSP:
none of them changes anything, rings anywhere or carries a credential. The ports of H.323 are never
asked here. The result is a document of plain lines, and `of_introduction` reads those lines.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Literal

from inventory.text import Text
from scanner.collect import sip
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import Journal
from scanner.collect.tls import lenient_context
from scanner.collect.tls_hello import VERSIONS, Chosen, client_hello
from scanner.collect.tls_hello import ask as ask_hello
from scanner.collect.tls_suites import USUAL
from scanner.evidence import Document, printable

NEVER = frozenset({1719, 1720})
"""Call signalling of H.323 takes whatever comes for the beginning of a call."""
SIP_PORTS = frozenset(range(5060, 5092))
RTSP_PORTS = frozenset({554, 8554})
LINE_MAX = 200
READ_MAX = 4096

PLAIN_BYTES, TLS_BYTES = 1500, 6000
"""What one question and its answer take on the wire, roughly."""

Protocol = Literal["http", "sip", "rtsp"]
_QUESTIONS: dict[Protocol, str] = {
    "http": "HEAD / HTTP/1.0\r\nHost: {host}\r\nUser-Agent: hnth\r\nConnection: close\r\n\r\n",
    "rtsp": "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: hnth\r\n\r\n",
}
_ANSWERS: dict[Protocol, re.Pattern[str]] = {
    "http": re.compile(r"HTTP/[0-9](\.[0-9])? [0-9]{3}\b"),
    "sip": re.compile(r"SIP/2\.0 [0-9]{3}\b"),
    "rtsp": re.compile(r"RTSP/[0-9]\.[0-9] [0-9]{3}\b"),
}
_IN_TLS: dict[str, str] = {"http": "https", "sip": "sips", "rtsp": "rtsps"}


@dataclass
class Pace:
    """Keeps the questions to one device within a rate, and counts them. Shared by threads."""

    rate_kbps: int
    most: int
    wait: Callable[[float], bool] = field(default_factory=lambda: threading.Event().wait)
    """Waits so many seconds; true when everything is to end."""
    _free: float = 0.0
    _asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, size: int) -> bool:
        """Returns when a question of so many bytes may be asked; False when no more may be."""
        with self._lock:
            if self._asked >= self.most:
                return False
            self._asked += 1
            now = time.monotonic()
            begin = max(now, self._free)
            self._free = begin + size * 8 / (self.rate_kbps * 1000)
        return not self.wait(begin - now)


def introduce(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    pace: Pace,
    vantage: str | None = None,
    timeout_s: float = 1.5,
) -> Document:
    """What the port answered, as a class P document; at most four connections, one at a time.

    Raises `Unreachable` without a first connection, `CollectError` for a port that is never asked
    and when nothing more may be asked.
    """
    host = str(ip_address(host))
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if port in NEVER or not pace.allows(PLAIN_BYTES):
        raise CollectError(_NOT_ASKED.format(where=where))
    journal.sent(device_id, "tls", f"hello {where}")
    try:
        hello = client_hello(VERSIONS["TLSv1.2"], USUAL)
        answer, heard = ask_hello(host, port, hello, timeout_s)
    except OSError:
        raise Unreachable(_UNREACHABLE.format(where=where)) from None
    # who hangs up without a word may speak anything
    in_tls = isinstance(answer, Chosen) or (answer == "refused" and heard > len(hello))
    lines = [f"introduce {where}", f"tls: {'yes' if in_tls else 'no'}"]
    for protocol in _in_order(port):
        if not pace.allows(TLS_BYTES if in_tls else PLAIN_BYTES):
            break
        said = _asked(protocol, host, port, journal, device_id, timeout_s, in_tls=in_tls)
        lines.append(f"asked {protocol}: {said or 'no answer'}")
        if any(looks.match(said) for looks in _ANSWERS.values()):
            break
    content = "\n".join(lines) + "\n"
    return Document(content.encode(), lines[0], "P", datetime.now(UTC), vantage)


def _in_order(port: int) -> list[Protocol]:
    """What the number suggests comes first, so that most ports are asked once."""
    order: list[Protocol] = ["http", "sip", "rtsp"]
    first: Protocol = "sip" if port in SIP_PORTS else "rtsp" if port in RTSP_PORTS else "http"
    return sorted(order, key=lambda protocol: protocol != first)


def _asked(
    protocol: Protocol,
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    timeout_s: float,
    *,
    in_tls: bool,
) -> str:
    """The first line of the answer; empty when there is none."""
    if protocol == "sip":
        try:
            answer = sip.ask(
                *(host, journal, device_id),
                transport="tls" if in_tls else "tcp",
                port=port,
                timeout_s=timeout_s,
            )
        except CollectError:
            return ""
        return answer.lines[1]
    question = _QUESTIONS[protocol].format(host=f"[{host}]" if ":" in host else host)
    journal.sent(device_id, protocol, f"{question.splitlines()[0]} {port}/tcp")
    try:
        return _first_line(host, port, question.encode(), timeout_s, in_tls=in_tls)
    except OSError:
        return ""


def _first_line(host: str, port: int, question: bytes, timeout_s: float, *, in_tls: bool) -> str:
    """Raises OSError, of which errors of TLS are some. `timeout_s` is for the whole of it."""
    deadline = time.monotonic() + timeout_s
    with closing(socket.create_connection((host, port), timeout_s)) as plain:
        secured = lenient_context(ssl.SSLContext).wrap_socket(plain) if in_tls else plain
        with closing(secured) as channel:
            channel.sendall(question)
            heard = b""
            while b"\n" not in heard and len(heard) < READ_MAX:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                channel.settimeout(left)
                piece = channel.recv(READ_MAX)
                if not piece:
                    break
                heard += piece
    line = heard.split(b"\n", 1)[0].decode("utf-8", errors="replace").strip()
    return printable(line, LINE_MAX)


# --- reading the documents -------------------------------------------------------------------

_ASKED = re.compile(r"asked (?:http|sip|rtsp): (.*)")
_PORT = re.compile(r"introduce \S{1,60}:([0-9]{1,5})")


def port_of(document: Document) -> int | None:
    """The port that a document of `introduce` is about; None for another document."""
    match = _PORT.fullmatch(document.source)
    return int(match[1]) if match else None


def speaks_tls(document: Document) -> bool:
    """The port answered the hello in TLS."""
    return port_of(document) is not None and document.lines[1:2] == ("tls: yes",)


def of_introduction(document: Document) -> str:
    """The protocol that the answers show; empty when they show none."""
    if port_of(document) is None:
        return ""
    for line in document.lines[2:]:
        match = _ASKED.fullmatch(line)
        for name, looks in _ANSWERS.items():
            if match and looks.match(match[1]):
                return _IN_TLS[name] if speaks_tls(document) else name
    return ""


def telling_line(document: Document) -> int:
    """The number of the line with the last answer, which is the one that identifies the port."""
    return max(number for number, line in enumerate(document.lines, start=1) if line)


_NOT_ASKED = Text(
    vi="{where}: không hỏi thêm cổng này",
    en="{where}: this port is not asked any further",
)
_UNREACHABLE = Text(
    vi="{where}: không kết nối được; thiết bị đang tắt hoặc bị chặn trên đường",
    en="{where}: no connection; the device is off or filtered on the way",
)
