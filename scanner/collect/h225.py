"""Whether an H.323 call signalling port is alive, without placing a call.

H.225.0 has no question of the kind "who are you": SETUP is what opens a conversation, and SETUP
rings. What is sent here is a Q.931 STATUS ENQUIRY about a call that does not exist. It can start
nothing: the answer is STATUS or RELEASE COMPLETE with cause 81 (Q.931, 5.8.3.2), and a device that
only knows calls of its own ignores it. A silent port is therefore alive all the same; the document
says that it was connected to and nothing more. `enquire=False` leaves it at the connection.
"""

from __future__ import annotations

import secrets
import socket
import time
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address

from inventory.text import Text
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import Journal
from scanner.evidence import Document

READ_MAX = 4096

_TPKT = 3
_Q931 = 8
_STATUS_ENQUIRY = 0x75
_MESSAGES = {0x7D: "STATUS", 0x5A: "RELEASE COMPLETE", 0x6E: "NOTIFY", 0x7B: "INFORMATION"}
_CAUSE = 0x08


def look(
    host: str,
    journal: Journal,
    device_id: str,
    *,
    port: int = 1720,
    enquire: bool = True,
    vantage: str | None = None,
    timeout_s: float = 3.0,
) -> Document:
    """A class P document: the question, `connected`, and one line about the answer, if any.

    Raises `Unreachable` without a connection, `CollectError` when the host refuses it.
    """
    host = str(ip_address(host))
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    question = f"h225 {'STATUS ENQUIRY' if enquire else 'connect'} {where}"
    journal.sent(device_id, "h225", question)
    deadline = time.monotonic() + timeout_s
    try:
        channel = socket.create_connection((host, port), timeout_s)
    except ConnectionRefusedError:
        raise CollectError(_CLOSED.format(where=where)) from None
    except OSError:
        raise Unreachable(_UNREACHABLE.format(where=where)) from None
    lines = [question, "connected"]
    with closing(channel):
        if enquire:
            lines.append(_enquire(channel, deadline))
    content = "\n".join(lines) + "\n"
    return Document(content.encode(), question, "P", datetime.now(UTC), vantage)


def status_enquiry(call_reference: int) -> bytes:
    """TPKT (RFC 1006) around Q.931: two octets of call reference, from its originator."""
    body = (
        bytes((_Q931, 2)) + (call_reference & 0x7FFF).to_bytes(2, "big") + bytes((_STATUS_ENQUIRY,))
    )
    return bytes((_TPKT, 0)) + (len(body) + 4).to_bytes(2, "big") + body


def _enquire(channel: socket.socket, deadline: float) -> str:
    data = b""
    try:
        channel.settimeout(max(0.1, deadline - time.monotonic()))
        channel.sendall(status_enquiry(1 + secrets.randbelow(0x7FFE)))
        while not _whole(data) and (left := deadline - time.monotonic()) > 0:
            channel.settimeout(left)
            piece = channel.recv(READ_MAX - len(data))
            if not piece:
                return describe(data) if data else "hung up without an answer"
            data += piece
    except TimeoutError:
        pass
    except OSError:
        return describe(data) if data else "hung up without an answer"
    return describe(data) if data else "no answer to the enquiry"


def _whole(data: bytes) -> bool:
    """Nothing more is to be waited for."""
    if len(data) >= READ_MAX or (data and data[0] != _TPKT):
        return True
    return len(data) >= 4 and len(data) >= int.from_bytes(data[2:4], "big")


def describe(data: bytes) -> str:
    """What came back, in words of our own: nothing of it is repeated."""
    body = data[4 : int.from_bytes(data[2:4], "big")] if data[:1] == bytes((_TPKT,)) else b""
    at = 2 + body[1] if len(body) > 1 and body[0] == _Q931 else len(body)
    if at >= len(body):
        return "answered, not in Q.931"
    name = _MESSAGES.get(body[at], f"message 0x{body[at]:02x}")
    cause = _cause(body[at + 1 :])
    return f"answered in Q.931: {name}" + (f", cause {cause}" if cause is not None else "")


def _cause(elements: bytes) -> int | None:
    """The value of the first cause element (Q.931, 4.5.12)."""
    at = 0
    while at < len(elements):
        if elements[at] & 0x80:  # an element of one octet
            at += 1
            continue
        value = elements[at + 2 : at + 2 + elements[at + 1]] if at + 1 < len(elements) else b""
        if elements[at] == _CAUSE:
            # octet 3 says by its top bit whether octet 3a stands before the value
            which = 1 if value[:1] and value[0] & 0x80 else 2
            return value[which] & 0x7F if len(value) > which else None
        at += 2 + len(value)
    return None


_UNREACHABLE = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {where} không trả lời (H.323)",
    en="the device is off or cannot be reached: no answer from {where} (H.323)",
)
_CLOSED = Text(
    vi="{where}: thiết bị đang bật và từ chối kết nối; H.323 đang tắt hoặc dùng cổng khác",
    en="{where}: the device is on and refuses the connection; H.323 is off or on another port",
)
