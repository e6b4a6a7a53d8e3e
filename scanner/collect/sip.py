"""What answers on a SIP port: one OPTIONS request over UDP, TCP or TLS, never anything else.

OPTIONS asks what a server can do (RFC 3261, section 11). It rings nowhere, opens no dialogue and
carries no credential, so TLS certificates are not compared here; `tls.look` records them.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address

from inventory.text import Text
from scanner.collect.errors import CollectError, Silent, Unreachable
from scanner.collect.journal import Journal
from scanner.collect.sip_message import (
    HEAD_MAX,
    Options,
    Response,
    Transport,
    head_of,
    parse,
    rest_after,
)
from scanner.collect.tls import lenient_context
from scanner.evidence import Document, printable

DEFAULT_PORTS: dict[Transport, int] = {"udp": 5060, "tcp": 5060, "tls": 5061}

TOLD = ("Server", "User-Agent", "Allow", "Supported", "Organization")
"""Headers that say what answers; the others repeat the request or name people."""

VALUE_MAX = 512
DATAGRAMS_MAX = 32
READ_MAX = 64 * 1024

_LINE_ENDS = re.compile(r"[\r\n\t\x0b\x0c\u2028\u2029]+")


def ask(
    host: str,
    journal: Journal,
    device_id: str,
    *,
    transport: Transport = "udp",
    port: int | None = None,
    vantage: str | None = None,
    timeout_s: float = 4.0,
) -> Document:
    """The final answer as a class P document: the question, the status line, what `TOLD` names.

    Any final status counts: also a refusal is the answer of a SIP server. `timeout_s` is for the
    whole exchange; over UDP the request is sent twice at most.

    Raises `Unreachable` (no connection), `Silent` (UDP, nothing came back), else `CollectError`:
    the port is closed, or what came back is no SIP.
    """
    host = str(ip_address(host))
    port = port or DEFAULT_PORTS[transport]
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    question = f"sip OPTIONS {transport} {authority}"
    journal.sent(device_id, "sip", question)
    deadline = time.monotonic() + timeout_s
    exchange = _over_udp if transport == "udp" else _over_stream
    try:
        response = exchange(host, port, transport, deadline)
    except _NoHandshake:
        raise CollectError(_NO_TLS.format(where=authority)) from None
    except _NoConnection:
        raise Unreachable(_UNREACHABLE.format(where=authority, transport=transport)) from None
    except ConnectionRefusedError:
        raise CollectError(_CLOSED.format(where=authority, transport=transport)) from None
    except _Nothing as nothing:
        if nothing.heard:
            raise CollectError(_NOT_SIP.format(where=authority, transport=transport)) from None
        raise Silent(_SILENT.format(where=authority, transport=transport)) from None
    except OSError:
        raise CollectError(_NOT_SIP.format(where=authority, transport=transport)) from None
    content = "\n".join((question, *_lines(response))) + "\n"
    return Document(content.encode(), question, "P", datetime.now(UTC), vantage)


class _NoConnection(Exception):
    """The port did not take a connection, or no way leads to the host."""


class _NoHandshake(Exception):
    """The port took the connection and did not finish a TLS handshake in time."""


class _Nothing(Exception):
    """No final answer; `heard` says whether anything at all came."""

    def __init__(self, heard: bool) -> None:
        super().__init__()
        self.heard = heard


def _lines(response: Response) -> list[str]:
    lines = [f"SIP/2.0 {response.status} {_clean(response.reason)}".rstrip()]
    for name in TOLD:
        values = response.headers.get(name.lower(), ())
        lines += [f"{name}: {_clean(value)}" for value in values[:4]]
    return lines


def _clean(text: str) -> str:
    return printable(_LINE_ENDS.sub(" ", text), VALUE_MAX)


def _over_udp(host: str, port: int, transport: Transport, deadline: float) -> Response:
    """Sent again once, half-way: a datagram may be lost."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as channel:
        try:
            # connected, so that only this device is heard and a closed port is noticed
            channel.connect((host, port))
        except OSError:
            raise _NoConnection from None
        options = Options.new(host, port, transport, channel.getsockname()[:2])
        half = time.monotonic() + (deadline - time.monotonic()) / 2
        datagrams = 0
        for until in (half, deadline):
            channel.send(options.encoded())
            while datagrams < DATAGRAMS_MAX and (left := until - time.monotonic()) > 0:
                channel.settimeout(left)
                try:
                    data = channel.recv(65535)
                except TimeoutError:
                    break
                datagrams += 1
                response = parse(data)
                if response is not None and options.answered_by(response):
                    return response
        raise _Nothing(heard=datagrams > 0)


def _over_stream(host: str, port: int, transport: Transport, deadline: float) -> Response:
    try:
        plain = socket.create_connection((host, port), max(0.1, deadline - time.monotonic()))
    except ConnectionRefusedError:
        raise
    except OSError:
        raise _NoConnection from None
    with (
        closing(plain),
        closing(_secured(plain, deadline) if transport == "tls" else plain) as channel,
    ):
        options = Options.new(host, port, transport, channel.getsockname()[:2])
        channel.sendall(options.encoded())
        return _from_stream(channel.recv, channel.settimeout, options, deadline)


def _secured(plain: socket.socket, deadline: float) -> socket.socket:
    # this is one limit for the whole handshake, not for each piece of it
    plain.settimeout(max(0.1, deadline - time.monotonic()))
    try:
        return lenient_context(ssl.SSLContext).wrap_socket(plain)
    except OSError:
        raise _NoHandshake from None


def _from_stream(
    receive: Callable[[int], bytes],
    patience: Callable[[float], None],
    options: Options,
    deadline: float,
) -> Response:
    """The final answer among the messages of the stream; provisional ones are skipped."""
    data, total = b"", 0
    while total < READ_MAX and (left := deadline - time.monotonic()) > 0:
        patience(left)
        try:
            piece = receive(4096)
        except TimeoutError:
            break
        if not piece:
            break
        data, total = data + piece, total + len(piece)
        while (head := head_of(data)) is not None:
            response = parse(data)
            if response is None:
                raise _Nothing(heard=True)
            if options.answered_by(response):
                return response
            rest = rest_after(data)
            if rest is None:
                break
            data = rest
        if head is None and len(data) > HEAD_MAX:
            break
    raise _Nothing(heard=True)


_UNREACHABLE = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {where} không trả lời (SIP qua {transport})",
    en="the device is off or cannot be reached: no answer from {where} (SIP over {transport})",
)
_CLOSED = Text(
    vi="{where}: thiết bị đang bật và báo không có dịch vụ SIP nào ở cổng này (qua {transport})",
    en="{where}: the device is on and says that nothing listens on this SIP port ({transport})",
)
_SILENT = Text(
    vi="{where} không trả lời câu hỏi SIP OPTIONS qua {transport}: thiết bị đang tắt, bị chặn trên "
    "đường, chưa bật SIP hoặc không trả lời địa chỉ này",
    en="{where} is silent when asked SIP OPTIONS over {transport}: the device is off, filtered on "
    "the way, has no SIP, or does not answer this address",
)
_NOT_SIP = Text(
    vi="{where} có nhận câu hỏi SIP OPTIONS qua {transport} nhưng không trả lời đúng giao thức SIP "
    "trong thời hạn",
    en="{where} took the SIP OPTIONS request over {transport} and gave no SIP answer in time",
)
_NO_TLS = Text(
    vi="{where} có trả lời nhưng không bắt tay TLS được; hãy kiểm tra lại cổng SIP TLS đã khai báo",
    en="{where} answers but the TLS handshake failed; check the SIP TLS port in the inventory",
)
