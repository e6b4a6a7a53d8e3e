"""The first message of a TLS client and the answer to it, so that no handshake has to be finished.

The libraries of today refuse the versions and suites that are looked for here, and a server tells
everything in its first answer. What is read is bounded and never raises.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

VERSIONS = {"SSLv3": 0x0300, "TLSv1.0": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303}
"""Oldest first. TLS 1.3 goes by an extension."""
TLS13 = 0x0304
READ_MAX = 18_000
"""One record of the longest kind; a ServerHello is a hundred bytes."""

_NO_RENEGOTIATION = 0x00FF
_HANDSHAKE, _ALERT = 22, 21
_SERVER_HELLO = 2
_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0013, 0x0015, 0x0100, 0x0101, 0x0102)
_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0401, 0x0501, 0x0601),
    *(0x0203, 0x0201, 0x0202, 0x0402, 0x0502, 0x0602, 0x0101),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a server chose from what was offered."""

    version: int
    suite: int


Answer = Chosen | Literal["refused", "silent"]
"""`refused`: it said no, or hung up. `silent`: nothing that can be understood."""


def client_hello(version: int, suites: Sequence[int]) -> bytes:
    """One record that offers exactly this version (of TLS 1.3: and no other) and these suites."""
    oldest = version == VERSIONS["SSLv3"]
    offered = (*suites,) if version == TLS13 else (*suites, _NO_RENEGOTIATION)
    listed = b"".join(struct.pack(">H", suite) for suite in offered)
    spoken = min(version, VERSIONS["TLSv1.2"])
    body = struct.pack(">H", spoken) + os.urandom(32) + b"\x00" + _counted(listed, 2) + b"\x01\x00"
    body += b"" if oldest else _counted(_extensions(version), 2)
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    outer = VERSIONS["SSLv3"] if oldest else VERSIONS["TLSv1.0"]
    return struct.pack(">BH", _HANDSHAKE, outer) + _counted(message, 2)


def _extensions(version: int) -> bytes:
    groups = b"".join(struct.pack(">H", group) for group in _GROUPS)
    parts = [(10, _counted(groups, 2)), (11, _counted(b"\x00", 1))]
    if version >= VERSIONS["TLSv1.2"]:
        algorithms = b"".join(struct.pack(">H", algorithm) for algorithm in _SIGNATURES)
        parts.append((13, _counted(algorithms, 2)))
    if version == TLS13:
        # without a key of ours the server names its suite and asks for one
        parts += [(43, _counted(struct.pack(">H", TLS13), 1)), (51, _counted(b"", 2))]
    return b"".join(struct.pack(">H", kind) + _counted(content, 2) for kind, content in parts)


def _counted(content: bytes, width: int) -> bytes:
    return len(content).to_bytes(width, "big") + content


def ask(
    host: str, port: int, hello: bytes, timeout_s: float, *, ssl2: bool = False
) -> tuple[Answer, int]:
    """The answer to one hello, and how many bytes went over the wire as far as they were seen.

    `timeout_s` is for the whole of it. Raises OSError when there is no connection.
    """
    understood = _understood_ssl2 if ssl2 else understood_tls
    deadline = time.monotonic() + timeout_s
    with socket.create_connection((host, port), timeout_s) as channel:
        heard = b""
        try:
            channel.sendall(hello)
            while len(heard) < READ_MAX and understood(heard) is None:
                wait = deadline - time.monotonic()
                if wait <= 0:
                    return "silent", len(hello) + len(heard)
                channel.settimeout(wait)
                piece = channel.recv(4096)
                if not piece:
                    return ("refused" if not heard else "silent"), len(hello) + len(heard)
                heard += piece
        except ConnectionError:
            # some stacks hang up instead of sending the alert
            return ("refused" if not heard else "silent"), len(hello) + len(heard)
        except OSError:
            return "silent", len(hello) + len(heard)
    return understood(heard) or "silent", len(hello) + len(heard)


def understood_tls(heard: bytes) -> Answer | None:
    """What the first bytes of a server say; None while too few have come."""
    if heard and heard[0] not in {_HANDSHAKE, _ALERT}:
        return "silent"
    if len(heard) < 5:
        return None
    if heard[1] != 3:
        return "silent"
    return "refused" if heard[0] == _ALERT else _handshake(heard)


def _handshake(record: bytes) -> Answer | None:
    length = int.from_bytes(record[3:5], "big")
    message = record[5 : 5 + length]
    if length < 4 or (message and message[0] != _SERVER_HELLO):
        return "silent"
    whole = 4 + int.from_bytes(message[1:4], "big")
    if len(message) < 4 or len(message) < min(length, whole):
        return None
    return _server_hello(message[4:whole])


def _server_hello(body: bytes) -> Answer:
    if len(body) < 38:
        return "silent"
    version = int.from_bytes(body[:2], "big")
    at = 35 + body[34]
    if len(body) < at + 3:
        return "silent"
    suite = int.from_bytes(body[at : at + 2], "big")
    extensions = body[at + 5 :]
    while len(extensions) >= 4:
        kind, size = struct.unpack(">HH", extensions[:4])
        if kind == 43 and size == 2 and len(extensions) >= 6:
            version = int.from_bytes(extensions[4:6], "big")
        extensions = extensions[4 + size :]
    return Chosen(version, suite)


SSL2 = 0x0002
SSL2_HELLO = bytes.fromhex("802e0100020015000000100100800200800300800400800500800600400700c0") + (
    b"hnth asks for v2"
)
"""The hello of SSL 2 with its seven suites."""


def _understood_ssl2(heard: bytes) -> Answer | None:
    """A SERVER-HELLO of SSL 2 is a yes; an alert of a later version is none, nor anything else."""
    if len(heard) < 7:
        return None
    is_hello = heard[0] & 0x80 and heard[2] == 4 and heard[5:7] == b"\x00\x02"
    return Chosen(SSL2, 0) if is_hello else "refused"
