"""The H.323 call signalling port of a simulated device: it lives, and takes no calls."""

from __future__ import annotations

import socket

from lab.devices.listeners import TcpListener
from lab.devices.state import Runtime

_TPKT, _Q931 = 3, 8
_STATUS_ENQUIRY = 0x75
_RELEASE_COMPLETE_NO_SUCH_CALL = bytes((0x5A, 0x08, 0x02, 0x80, 0x80 | 81))
"""RELEASE COMPLETE with the cause that Q.931 (5.8.3.2) names for a call that does not exist."""


class H323Port(TcpListener):
    """TCP 1720. A STATUS ENQUIRY gets its answer; everything else meets silence."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("h323", runtime.address, runtime.port("h323", 1720))

    def serve(self, conn: socket.socket, peer: str) -> None:
        heard = b""
        while piece := conn.recv(4096):
            heard += piece
            if heard[0] != _TPKT:
                return
            while len(heard) >= 4 and len(heard) >= (size := max(4, _size(heard))):
                if reply := _answer(heard[4:size]):
                    conn.sendall(reply)
                heard = heard[size:]


def _size(packet: bytes) -> int:
    return int.from_bytes(packet[2:4], "big")


def _answer(message: bytes) -> bytes | None:
    """The reply to one Q.931 message, in its TPKT."""
    if len(message) < 3 or message[0] != _Q931:
        return None
    length = message[1]
    reference, rest = message[2 : 2 + length], message[2 + length :]
    if not reference or rest[:1] != bytes((_STATUS_ENQUIRY,)):
        return None
    # the top bit says on which side the call began
    back = bytes((reference[0] ^ 0x80,)) + reference[1:]
    body = bytes((_Q931, length)) + back + _RELEASE_COMPLETE_NO_SUCH_CALL
    return bytes((_TPKT, 0)) + (len(body) + 4).to_bytes(2, "big") + body
