"""The plain-text beginning of an SSH connection: identification, algorithms, host key (RFC 4253).

Nothing is encrypted up to the answer that holds the host key, so it is read without any
cryptography of our own, and the connection ends there. Everything that is read is bounded.
"""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator, Sequence

IDENTIFICATION = b"SSH-2.0-hnth\r\n"
PREAMBLE_MAX = 8192
"""Bytes before and in the identification."""
PACKET_MAX = 35_000
"""RFC 4253, section 6.1."""
PACKETS_MAX = 8
"""Packets that are read until the one that is waited for comes."""
NAMES_MAX = 200

_KEXINIT, _EXCHANGE, _REPLY = 20, 30, 31
_BASE_POINT = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
"""A point of the curve P-256 that needs no computing: its generator."""
_PUBLIC_KEYS: tuple[tuple[re.Pattern[str], bytes, int], ...] = (
    (re.compile(r"curve25519-sha256(?:@libssh\.org)?"), b"", 32),
    (re.compile(r"ecdh-sha2-nistp256"), _BASE_POINT, 0),
    # any number between 1 and the prime will do; the answer to it is not used
    (re.compile(r"diffie-hellman-group1[4-8]?-sha.*"), b"\x40", 120),
)
"""Key exchanges that can be begun: how their public keys start, and how much chance follows."""


class NotSsh(Exception):
    """What came is not the beginning of an SSH connection."""


class Beginning:
    """One connection. Methods raise `NotSsh`, or OSError when it breaks or the time is over."""

    def __init__(self, channel: socket.socket, timeout_s: float) -> None:
        self._channel = channel
        self._deadline = time.monotonic() + timeout_s
        self._heard = b""

    def protocol(self) -> str:
        """Identifies both sides; the version that the server names: `2.0`, `1.99`, `1.5`."""
        self._channel.sendall(IDENTIFICATION)
        while (found := re.search(rb"(?:\A|\n)SSH-([0-9.]{3,8})-[^\n]*\n", self._heard)) is None:
            if len(self._heard) > PREAMBLE_MAX:
                raise NotSsh
            self._more()
        self._heard = self._heard[found.end() :]
        return found[1].decode()

    def algorithms(self) -> list[list[str]]:
        """The first eight lists of the server's KEXINIT."""
        payload = self._packet()
        if payload[:1] != bytes([_KEXINIT]):
            raise NotSsh
        lists, at = [], 17
        for _ in range(8):
            content, at = _string(payload, at)
            names = content.decode("ascii", "replace").split(",") if content else []
            if len(names) > NAMES_MAX:
                raise NotSsh
            lists.append([re.sub(r"[^!-~]", "?", name)[:120] for name in names])
        return lists

    def rsa_bits(self, offered: Sequence[Sequence[str]], host_key: str) -> int | None:
        """Length of the RSA key that the server shows for this algorithm.

        None when it offers no key exchange that can be begun here, or shows another kind of key.
        """
        for name in offered[0]:
            for pattern, start, size in _PUBLIC_KEYS:
                if pattern.fullmatch(name):
                    self._begin([[name], [host_key], *offered[2:8]], start + os.urandom(size))
                    return _length(self._reply())
        return None

    def _begin(self, lists: Sequence[Sequence[str]], public_key: bytes) -> None:
        names = b"".join(_counted(",".join(one).encode()) for one in (*lists, [], []))
        self._send(bytes([_KEXINIT]) + os.urandom(16) + names + bytes(5))
        self._send(bytes([_EXCHANGE]) + _counted(public_key))

    def _reply(self) -> bytes:
        for _ in range(PACKETS_MAX):
            payload = self._packet()
            if payload[:1] == bytes([_REPLY]):
                return payload
        raise NotSsh

    def _send(self, payload: bytes) -> None:
        padding = 4 + -(len(payload) + 9) % 8
        body = bytes([padding]) + payload + bytes(padding)
        self._channel.sendall(_counted(body))

    def _packet(self) -> bytes:
        length = int.from_bytes(self._exactly(4), "big")
        if not 2 <= length <= PACKET_MAX:
            raise NotSsh
        body = self._exactly(length)
        return body[1 : length - body[0]]

    def _exactly(self, size: int) -> bytes:
        while len(self._heard) < size:
            self._more()
        piece, self._heard = self._heard[:size], self._heard[size:]
        return piece

    def _more(self) -> None:
        wait = self._deadline - time.monotonic()
        if wait <= 0:
            raise TimeoutError
        self._channel.settimeout(wait)
        piece = self._channel.recv(8192)
        if not piece:
            raise NotSsh
        self._heard += piece


def _counted(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _string(payload: bytes, at: int) -> tuple[bytes, int]:
    """The string that begins there, and where it ends."""
    size = int.from_bytes(payload[at : at + 4], "big")
    content = payload[at + 4 : at + 4 + size]
    if len(payload) < at + 4 or len(content) != size:
        raise NotSsh
    return content, at + 4 + size


def _length(reply: bytes) -> int | None:
    key, _ = _string(reply, 1)
    parts = tuple(_strings(key))
    if len(parts) != 3 or parts[0] != b"ssh-rsa":
        return None
    return int.from_bytes(parts[2], "big").bit_length()


def _strings(key: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(key):
        content, at = _string(key, at)
        yield content
