"""What simulated devices say on SIP and H.323 ports, asked as a scan asks."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.devices.state import Device, running
from scanner.collect import h225, sip
from scanner.collect.journal import NullJournal
from scanner.recognise import agreed, banners_of

JOURNAL = NullJournal()
PORTS = {"udp": "sip-udp", "tcp": "sip", "tls": "sips"}


@contextmanager
def simulated(folder: Path, family: str, **state: Any) -> Iterator[Device]:
    path = folder / f"{family}.json"
    base = {"family": family, "address": "127.0.0.1", "ports": {"*": 0}}
    path.write_text(json.dumps({**base, **state}))
    with running(path) as device:
        yield device


SAID = [
    ("cisco-roomos", ("tcp", "tls"), "cisco-roomos", "RoomKit", "ce11.28.1.5.04b277ca762"),
    ("cisco-expressway", ("tcp", "tls"), "cisco-expressway", None, "X14.3.4"),
    (
        "polycom-group",
        ("udp", "tcp", "tls"),
        "polycom-group",
        "RealPresence Group 500",
        "6.2.2.8",
    ),
    ("huawei-te", ("udp", "tcp", "tls"), "huawei-te", "TE40", "V500R019C00SPC600"),
    ("poly-studio", ("udp", "tcp", "tls"), None, None, None),
    ("poly-trio", ("udp", "tcp", "tls"), None, None, None),
]


@pytest.mark.parametrize(("family", "transports", "known_as", "model", "version"), SAID)
def test_options_are_answered_in_the_words_of_the_family(
    tmp_path: Path,
    family: str,
    transports: tuple[Any, ...],
    known_as: str | None,
    model: str | None,
    version: str | None,
) -> None:
    with simulated(tmp_path, family) as device:
        for transport in transports:
            port = device.ports[PORTS[transport]]
            answer = sip.ask("127.0.0.1", JOURNAL, family, transport=transport, port=port)
            assert answer.lines[1] == "SIP/2.0 200 OK"
            identity = agreed(banners_of([answer]))
            if known_as is None:
                assert identity is None
            else:
                assert identity is not None
                assert (identity.family, identity.model, identity.version) == (
                    known_as,
                    model,
                    version,
                )
        assert {name for name in device.ports if name.startswith("sip")} == {
            PORTS[transport] for transport in transports
        }


def test_a_new_release_is_said_at_once_and_the_other_ports_stay_open(tmp_path: Path) -> None:
    with simulated(tmp_path, "cisco-expressway") as device:
        before = device.ports
        state = json.loads(device.path.read_text())
        device.path.write_text(json.dumps({**state, "software": "X15.0"}))
        assert device.refresh()
        assert device.ports["https"] == before["https"]
        port = device.ports["sip"]
        answer = sip.ask("127.0.0.1", JOURNAL, "x", transport="tcp", port=port)
        assert "X15.0" in answer.text


def test_what_is_no_options_request_meets_silence(tmp_path: Path) -> None:
    with (
        simulated(tmp_path, "polycom-group") as device,
        socket.create_connection(("127.0.0.1", device.ports["sip"]), 2) as channel,
    ):
        channel.settimeout(0.2)
        channel.sendall(b"INVITE sip:x SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n")
        with pytest.raises(TimeoutError):
            channel.recv(100)
        channel.settimeout(5)
        request = b"OPTIONS sip:x SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n"
        channel.sendall(request[:20])
        channel.sendall(request[20:] + request)
        heard = b""
        while heard.count(b"SIP/2.0 200 OK") < 2 and (piece := channel.recv(4096)):
            heard += piece
    assert heard.count(b"SIP/2.0 200 OK") == 2


@pytest.mark.parametrize("family", ["cisco-expressway", "poly-studio", "huawei-te", "cisco-mcu"])
def test_an_enquiry_about_no_call_is_answered_with_release_complete(
    tmp_path: Path, family: str
) -> None:
    with simulated(tmp_path, family) as device:
        seen = h225.look("127.0.0.1", JOURNAL, family, port=device.ports["h323"])
    assert seen.lines[2] == "answered in Q.931: RELEASE COMPLETE, cause 81"


@pytest.mark.parametrize(
    "said",
    [b"\x03\x00\x00\x04", b"\x03\x00\x00\x09\x08\x02\x00\x01\x05", b"\x03\x00\x00\x06\x08\xff"],
)
def test_other_messages_on_the_h323_port_meet_silence(tmp_path: Path, said: bytes) -> None:
    with (
        simulated(tmp_path, "huawei-te") as device,
        socket.create_connection(("127.0.0.1", device.ports["h323"]), 2) as channel,
    ):
        channel.settimeout(0.2)
        channel.sendall(said)
        with pytest.raises(TimeoutError):
            channel.recv(100)
        channel.sendall(h225.status_enquiry(7))
        assert channel.recv(100)[4:8] == b"\x08\x02\x80\x07"


def test_what_is_no_h323_ends_the_connection(tmp_path: Path) -> None:
    with (
        simulated(tmp_path, "huawei-te") as device,
        socket.create_connection(("127.0.0.1", device.ports["h323"]), 2) as channel,
    ):
        channel.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert channel.recv(100) == b""
