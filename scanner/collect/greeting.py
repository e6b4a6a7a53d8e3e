"""What a TCP service says first to anybody who connects: SSH, FTP, telnet, programming interfaces.

Nothing is said in return, with one exception: a telnet server that offers or asks for options gets
the refusals of RFC 854, because some wait for them before they greet.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address

from inventory.text import Text
from scanner.collect.errors import CollectError, Silent, Unreachable
from scanner.collect.journal import Journal
from scanner.evidence import Document, printable

READ_MAX = 4096
LINES_MAX = 30
PAUSE_S = 0.6
"""A greeting is over when nothing has followed for this long."""

_SSH = re.compile(rb"(?:^|\n)SSH-[^\r\n]*\r?\n")
"""The line after which an SSH server talks in packets and waits for its client (RFC 4253 4.2)."""

_IAC, _SUBNEGOTIATION, _END = 0xFF, 0xFA, 0xF0
_WILL, _WONT, _DO, _DONT = 0xFB, 0xFC, 0xFD, 0xFE
_REFUSALS = {_WILL: _DONT, _DO: _WONT}


def listen(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    vantage: str | None = None,
    timeout_s: float = 4.0,
) -> Document:
    """The greeting as a class P document: the question, then its lines without control characters.

    `timeout_s` is for the whole of it. Raises `Unreachable` without a connection, `Silent` when the
    service waits for its client to speak first, `CollectError` when the port refuses.
    """
    host = str(ip_address(host))
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    question = f"greeting {where}"
    journal.sent(device_id, "tcp", f"connect {where}, listening")
    deadline = time.monotonic() + timeout_s
    try:
        channel = socket.create_connection((host, port), timeout_s)
    except ConnectionRefusedError:
        raise CollectError(_CLOSED.format(where=where)) from None
    except OSError:
        raise Unreachable(_UNREACHABLE.format(where=where)) from None
    with closing(channel):
        said = _heard(channel, deadline)
    lines = [line for raw in re.split(r"[\r\n]+", said) if (line := printable(raw, 200))]
    if not lines:
        raise Silent(_SILENT.format(where=where))
    content = "\n".join([question, *lines[:LINES_MAX]]) + "\n"
    return Document(content.encode(), question, "P", datetime.now(UTC), vantage)


def _heard(channel: socket.socket, deadline: float) -> str:
    """What came before the first pause, telnet options answered and taken out."""
    raw, said = b"", b""
    while len(said) < READ_MAX:
        wait = min(deadline - time.monotonic(), PAUSE_S if said.strip() else READ_MAX)
        if wait <= 0:
            break
        channel.settimeout(wait)
        try:
            piece = channel.recv(READ_MAX)
        except OSError:
            break
        if not piece:
            break
        text, replies, raw = _without_options(raw + piece)
        said += text
        if ssh := _SSH.search(said):
            said = said[: ssh.end()]
            break
        if replies:
            try:
                channel.sendall(replies)
            except OSError:
                break
    return said[:READ_MAX].decode("utf-8", errors="replace")


def _without_options(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """The text, the refusals to send, and the beginning of an option that is still coming."""
    text, replies, at = bytearray(), bytearray(), 0
    while at < len(raw):
        if raw[at] != _IAC:
            text.append(raw[at])
            at += 1
            continue
        rest = raw[at:]
        if len(rest) < 2:
            return bytes(text), bytes(replies), rest
        command = rest[1]
        if command == _SUBNEGOTIATION:
            end = rest.find(bytes((_IAC, _END)))
            if end < 0:
                return bytes(text), bytes(replies), rest[:READ_MAX]
            at += end + 2
        elif command in {_WILL, _WONT, _DO, _DONT}:
            if len(rest) < 3:
                return bytes(text), bytes(replies), rest
            if command in _REFUSALS:
                replies += bytes((_IAC, _REFUSALS[command], rest[2]))
            at += 3
        else:
            at += 2
    return bytes(text), bytes(replies), b""


_CLOSED = Text(
    vi="{where}: thiết bị từ chối kết nối ở cổng này",
    en="{where}: the device refuses connections to this port",
)
_UNREACHABLE = Text(
    vi="{where}: không kết nối được; thiết bị đang tắt hoặc bị chặn trên đường",
    en="{where}: no connection; the device is off or filtered on the way",
)
_SILENT = Text(
    vi="{where}: kết nối được nhưng dịch vụ không tự giới thiệu",
    en="{where}: connected, but the service does not introduce itself",
)
