"""SIP as far as one OPTIONS request needs it (RFC 3261, sections 7, 8.1.1, 11 and 18.2.1)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Literal

Transport = Literal["udp", "tcp", "tls"]

HEAD_MAX = 16 * 1024
"""A response whose head is longer is none."""

_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: (.*))?", re.IGNORECASE)
_HEADER = re.compile(r"([A-Za-z0-9!%*_+`'~.-]{1,64})[ \t]*:[ \t]*(.*)")
_FOLD = re.compile(r"\r?\n[ \t]+")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*\r?$")

_COMPACT = {"i": "call-id", "v": "via", "f": "from", "t": "to", "k": "supported"}
"""Short forms (section 7.3.3) of the headers that are looked at."""


@dataclass(frozen=True, slots=True)
class Options:
    """One OPTIONS request and what its answer must repeat."""

    host: str
    port: int
    transport: Transport
    local_host: str
    local_port: int
    branch: str
    tag: str
    call_id: str

    @classmethod
    def new(cls, host: str, port: int, transport: Transport, local: tuple[str, int]) -> Options:
        """A request with fresh random identifiers."""
        return cls(
            host=host,
            port=port,
            transport=transport,
            local_host=local[0],
            local_port=local[1],
            branch=f"z9hG4bK{secrets.token_hex(8)}",
            tag=secrets.token_hex(6),
            call_id=secrets.token_hex(12),
        )

    def encoded(self) -> bytes:
        """The request. It is addressed to the device itself, to no user, and opens no dialogue."""
        here, there = _uri_host(self.local_host), _uri_host(self.host)
        suffix = "" if self.transport == "udp" else f";transport={self.transport}"
        lines = (
            f"OPTIONS sip:{there}:{self.port}{suffix} SIP/2.0",
            f"Via: SIP/2.0/{self.transport.upper()} {here}:{self.local_port}"
            f";branch={self.branch};rport",
            "Max-Forwards: 70",
            f"From: <sip:hnth@{here}>;tag={self.tag}",
            f"To: <sip:{there}:{self.port}>",
            f"Call-ID: {self.call_id}@{here}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:hnth@{here}:{self.local_port}{suffix}>",
            "Accept: application/sdp",
            "User-Agent: hnth",
            "Content-Length: 0",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")

    def answered_by(self, response: Response) -> bool:
        """Whether the response is final and to this very request (branch, Call-ID, CSeq)."""
        number, _, method = response.first("cseq").partition(" ")
        return (
            response.status >= 200
            and response.first("call-id") == f"{self.call_id}@{_uri_host(self.local_host)}"
            and (number, method.strip().upper()) == ("1", "OPTIONS")
            and re.search(rf";\s*branch\s*=\s*{self.branch}(?![\w.-])", response.first("via"))
            is not None
        )


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    reason: str
    headers: Mapping[str, tuple[str, ...]]
    """Lower-case long name -> values in the order they came; folded lines are joined."""

    def first(self, name: str) -> str:
        return self.headers.get(name, ("",))[0].strip()


def parse(data: bytes) -> Response | None:
    """The response at the beginning of the data; None when its head is not whole or is no SIP."""
    head = head_of(data)
    if head is None:
        return None
    status_line, *lines = (
        _FOLD.sub(" ", head.decode("utf-8", errors="replace")).replace("\r\n", "\n").split("\n")
    )
    started = _STATUS_LINE.fullmatch(status_line.rstrip("\r"))
    if started is None:
        return None
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            return None
        name = header[1].lower()
        name = _COMPACT.get(name, name)
        headers[name] = (*headers.get(name, ()), header[2])
    return Response(int(started[1]), started[2] or "", headers)


def head_of(data: bytes) -> bytes | None:
    """Everything before the empty line; leading line ends (keep-alives) are skipped."""
    data = data[: HEAD_MAX + 4].lstrip(b"\r\n")
    end = _END_OF_HEAD.search(data)
    return data[: end.start()] if end else None


def rest_after(data: bytes) -> bytes | None:
    """What follows the first message of a stream; None while its announced body is not whole."""
    data = data.lstrip(b"\r\n")
    end = _END_OF_HEAD.search(data)
    if end is None:
        return None
    length = re.search(
        rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*\r?$", data[: end.start() + 1]
    )
    stop = end.end() + (int(length[1]) if length else 0)
    return data[stop:] if len(data) >= stop else None


def _uri_host(host: str) -> str:
    return f"[{host}]" if isinstance(ip_address(host), IPv6Address) else host
