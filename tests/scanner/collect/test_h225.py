"""Liveness of the H.323 call signalling port: what is sent, and what answers are called."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest

from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.h225 import describe, look, status_enquiry
from scanner.collect.journal import NullJournal


def tpkt(body: bytes) -> bytes:
    return b"\x03\x00" + (len(body) + 4).to_bytes(2, "big") + body


RELEASE_COMPLETE = tpkt(bytes.fromhex("0802800a5a 080280d1".replace(" ", "")))
STATUS = tpkt(bytes.fromhex("0802800a7d 080280d1 140100".replace(" ", "")))
NATIONAL = tpkt(bytes.fromhex("0802800a5a a1 08030080d1".replace(" ", "")))


@contextmanager
def listening(pieces: Sequence[bytes], pause_s: float = 0.0) -> Iterator[tuple[int, list[bytes]]]:
    """A port that answers one connection with the pieces; what it heard is in the list."""
    heard: list[bytes] = []
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)

        def serve() -> None:
            with suppress(OSError):
                channel, _ = server.accept()
                with channel:
                    channel.settimeout(0.5)
                    with suppress(TimeoutError):
                        heard.append(channel.recv(4096))
                    for piece in pieces:
                        channel.sendall(piece)
                        stop.wait(pause_s)
                    stop.wait(2 if not pieces else 0)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            stop.set()
            thread.join()


ANSWERS = {
    "release complete": ([RELEASE_COMPLETE], "answered in Q.931: RELEASE COMPLETE, cause 81"),
    "status": ([STATUS], "answered in Q.931: STATUS, cause 81"),
    "in two pieces": ([STATUS[:6], STATUS[6:]], "answered in Q.931: STATUS, cause 81"),
    "cause with octet 3a": ([NATIONAL], "answered in Q.931: RELEASE COMPLETE, cause 81"),
    "hangs up": ([b""], "hung up without an answer"),
    "silent": ([], "no answer to the enquiry"),
    "HTTP": ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "answered, not in Q.931"),
    "an escape": ([b"\x1b]0;owned\x07" * 3], "answered, not in Q.931"),
    "without end": ([b"\x03\x00\xff\xff" + b"A" * 5000] * 3, "answered, not in Q.931"),
}


@pytest.mark.parametrize(("pieces", "says"), ANSWERS.values(), ids=ANSWERS.keys())
def test_the_port_is_alive_and_its_answer_is_named(pieces: list[bytes], says: str) -> None:
    with listening(pieces, pause_s=0.05) as (port, heard):
        seen = look("127.0.0.1", NullJournal(), "vcs", port=port, vantage="x", timeout_s=0.8)
    assert seen.lines == (f"h225 STATUS ENQUIRY 127.0.0.1:{port}", "connected", says, "")
    assert (seen.evidence_class, seen.vantage) == ("P", "x")
    (sent,) = heard
    assert sent == status_enquiry(int.from_bytes(sent[6:8], "big"))


def test_what_is_sent_can_place_no_call() -> None:
    setup = 0x05
    for reference in (0, 1, 0x7FFF, 0xFFFF):
        sent = status_enquiry(reference)
        assert sent[:4] == b"\x03\x00\x00\x09"
        assert sent[4:6] == b"\x08\x02"
        assert sent[6] < 0x80  # from the side that originates the reference
        assert sent[8] == 0x75 != setup
        assert len(sent) == 9


def test_a_mere_connection_sends_nothing() -> None:
    with listening([]) as (port, heard):
        seen = look("127.0.0.1", NullJournal(), "vcs", port=port, enquire=False)
    assert seen.lines[1:] == ("connected", "")
    assert heard in ([], [b""])


def test_a_refused_connection_is_told_from_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(CollectError, match="refuses the connection") as caught:
        look("127.0.0.1", NullJournal(), "vcs", port=port, timeout_s=0.5)
    assert not isinstance(caught.value, Unreachable)


def test_dripping_ends_in_time() -> None:
    started = time.monotonic()
    with listening([b"\x03", *[b"\x00"] * 50], pause_s=0.1) as (port, _):
        look("127.0.0.1", NullJournal(), "vcs", port=port, timeout_s=0.6)
        assert time.monotonic() - started < 2


def test_whatever_comes_back_is_described_in_our_own_words() -> None:
    chance = random.Random(1720)
    for _ in range(3000):
        data = bytearray(chance.choice((STATUS, RELEASE_COMPLETE, NATIONAL)))
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        said = describe(bytes(data[: chance.randrange(len(data) + 1)]))
        assert said.startswith("answered")
        assert said.isprintable()
