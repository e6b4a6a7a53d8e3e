"""SNMP GET against Debian's snmpd on loopback, and against responders that are none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inventory.secrets import Secret
from scanner.collect.errors import CollectError, LoginRefused, Silent
from scanner.collect.journal import FileJournal, NullJournal
from scanner.collect.snmp import Community, UsmUser, ask
from scanner.evidence import Document
from scanner.recognise import agreed, banners_of

COMMUNITY = "Đọc-planted-93"
AUTH_KEY, PRIV_KEY = "xác-thực planted 41", "bí-mật planted 52"
DESCRIPTION = "Cisco Codec SoftW: ce9.15.0.1.aa MCU: Cisco Webex Room Kit Date: 2021-01-28"
SNMPD = shutil.which("snmpd", path=os.environ.get("PATH", "") + ":/usr/sbin")


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The UDP port of a running snmpd."""
    if SNMPD is None:
        pytest.skip("snmpd is not installed")
    folder = tmp_path_factory.mktemp("snmpd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "snmpd.conf").write_text(
        f"agentaddress udp:127.0.0.1:{port}\n"
        f"rocommunity {COMMUNITY} 127.0.0.1\n"
        f'createUser giamsat SHA "{AUTH_KEY}" AES "{PRIV_KEY}"\n'
        "rouser giamsat priv\n"
        f"sysDescr {DESCRIPTION}\n"
        "sysObjectID 1.3.6.1.4.1.5596.150.6.4.1\n"
        "sysName phong-hop-1\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [SNMPD, "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf"), "-r"],
        env={**os.environ, "SNMP_PERSISTENT_DIR": str(folder), "MIBS": ""},
    )
    try:
        _wait_for(port, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, log: Path) -> None:
    credential = Community(Secret(COMMUNITY))
    for _ in range(30):
        try:
            ask("127.0.0.1", credential, NullJournal(), "x", port=port, timeout_s=0.5)
        except CollectError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"snmpd does not answer: {log.read_text(errors='replace')}")


def user(**changes: object) -> UsmUser:
    values: dict[str, object] = {
        "user": "giamsat",
        "authentication_key": Secret(AUTH_KEY),
        "privacy_key": Secret(PRIV_KEY),
    }
    return UsmUser(**{**values, **changes})  # type: ignore[arg-type]


def get(port: int, credential: Community | UsmUser, timeout_s: float = 1.0) -> Document:
    return ask(
        "127.0.0.1",
        credential,
        NullJournal(),
        "vcs",
        port=port,
        vantage="may-quet",
        timeout_s=timeout_s,
    )


@pytest.mark.parametrize("credential", [Community(Secret(COMMUNITY)), user()], ids=["v2c", "v3"])
def test_the_agent_tells_description_identifier_and_name(
    agent: int, credential: Community | UsmUser
) -> None:
    seen = get(agent, credential)
    version = "v2c" if isinstance(credential, Community) else "v3"
    assert seen.lines == (
        f"snmp {version} get sysDescr sysObjectID sysName 127.0.0.1:{agent}",
        f"sysDescr: {DESCRIPTION}",
        "sysObjectID: 1.3.6.1.4.1.5596.150.6.4.1",
        "sysName: phong-hop-1",
        "",
    )
    assert (seen.evidence_class, seen.vantage) == ("P", "may-quet")
    identity = agreed(banners_of([seen]))
    assert identity is not None
    assert (identity.family, identity.model) == ("cisco-roomos", "Room Kit")


def test_a_wrong_community_is_silence(agent: int) -> None:
    with pytest.raises(Silent, match="v2c does not tell these apart"):
        get(agent, Community(Secret("another")), timeout_s=0.5)


WRONG = {
    "unknown user": ({"user": "nobody"}, LoginRefused, "does not accept the SNMP account"),
    "wrong authentication key": (
        {"authentication_key": Secret("wrong-planted-1")},
        LoginRefused,
        "does not accept the SNMP account",
    ),
    "wrong privacy key": (
        {"privacy_key": Secret("wrong-planted-2")},
        CollectError,
        "privacy|does not accept",
    ),
}


@pytest.mark.parametrize(("changes", "kind", "says"), WRONG.values(), ids=WRONG.keys())
def test_v3_says_what_is_wrong_with_the_account(
    agent: int, changes: dict[str, object], kind: type[CollectError], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        get(agent, user(**changes), timeout_s=0.5)
    assert not isinstance(caught.value, Silent)
    assert "planted" not in f"{caught.value!r} {caught.value.reason}"


def test_a_short_key_is_not_sent() -> None:
    with pytest.raises(CollectError, match="shorter than 8"):
        get(9, user(privacy_key=Secret("short")))


def test_no_secret_is_shown_anywhere(agent: int, tmp_path: Path) -> None:
    shown = []
    with FileJournal(tmp_path / "journal") as journal:
        for credential in (Community(Secret(COMMUNITY)), user(), user(user="nobody")):
            shown.append(f"{credential!r} {credential}")
            try:
                seen = ask("127.0.0.1", credential, journal, "vcs", port=agent, timeout_s=0.5)
                shown += [seen.text, repr(seen)]
            except CollectError as error:
                shown += [repr(error), repr(error.reason), repr(error.__cause__)]
    shown.append((tmp_path / "journal").read_text(encoding="utf-8"))
    assert all("planted" not in text and COMMUNITY not in text for text in shown)
    assert shown[-1].count("snmp v") == 3


def test_a_secret_that_the_device_repeats_is_taken_out() -> None:
    with responder(lambda request: _answer(request, b"community is planted-77")) as port:
        seen = get(port, Community(Secret("planted-77")))
    assert "planted-77" not in seen.text
    assert "sysDescr: community is" in seen.text


def test_a_closed_port_is_told_from_silence() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(CollectError, match="nothing listens there") as caught:
        get(port, Community(Secret("public")), timeout_s=0.3)
    assert not isinstance(caught.value, Silent)


# --- responders that are no agents ---------------------------------------------------------------


@contextmanager
def responder(answer: Callable[[bytes], list[bytes]]) -> Iterator[int]:
    """The UDP port of a thread that answers each datagram with a list of them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.bind(("127.0.0.1", 0))
        channel.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    request, sender = channel.recvfrom(65535)
                except TimeoutError:
                    continue
                for piece in answer(request):
                    channel.sendto(piece, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield channel.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def _answer(request: bytes, description: bytes) -> list[bytes]:
    """The response to one of our v2c requests, with this sysDescr and nothing else known."""
    from pyasn1.codec.ber import decoder, encoder
    from pysnmp.proto import api

    protocol = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
    message, _ = decoder.decode(request, asn1Spec=protocol.Message())
    response = protocol.apiMessage.get_response(message)
    pdu = protocol.apiMessage.get_pdu(response)
    names = [name for name, _ in protocol.apiPDU.get_varbinds(protocol.apiMessage.get_pdu(message))]
    values = [
        protocol.OctetString(description),
        protocol.NoSuchObject(""),
        protocol.NoSuchObject(""),
    ]
    protocol.apiPDU.set_varbinds(pdu, list(zip(names, values, strict=True)))
    return [encoder.encode(response)]


def test_line_ends_and_escapes_in_a_value_forge_no_line() -> None:
    hostile = b"Acano\r\nsysObjectID: 1.2.3\n\x1b]0;x\x07\xff\xe2\x80\xae" + b"A" * 5000
    with responder(lambda request: _answer(request, hostile)) as port:
        seen = get(port, Community(Secret("public-x")))
    assert len(seen.lines) == 5
    assert seen.lines[1].startswith("sysDescr: Acano sysObjectID: 1.2.3")
    assert seen.lines[2:4] == ("sysObjectID: (not given)", "sysName: (not given)")
    assert len(seen.lines[1]) < 1100
    assert all(line.isprintable() for line in seen.lines)


HOSTILE: dict[str, Callable[[bytes], list[bytes]]] = {
    "garbage": lambda request: [os.urandom(200)],
    "the question itself": lambda request: [request],
    "a truncated answer": lambda request: [request[:-7]],
    "nested without end": lambda request: [b"\x30\x80" * 3000],
    "a length that lies": lambda request: [b"\x30\x84\xff\xff\xff\xff\x02\x01\x01"],
    "without end": lambda request: [os.urandom(1400)] * 2000,
    "empty": lambda request: [b""],
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("credential", [Community(Secret("public")), user()], ids=["v2c", "v3"])
def test_what_is_no_answer_ends_in_time_and_quietly(
    answer: Callable[[bytes], list[bytes]],
    credential: Community | UsmUser,
    capfd: pytest.CaptureFixture[str],
) -> None:
    started = time.monotonic()
    with responder(answer) as port, pytest.raises(CollectError) as caught:
        get(port, credential, timeout_s=0.2)
    assert time.monotonic() - started < 8
    assert not isinstance(caught.value, Silent)
    assert "planted" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_silence_takes_one_try_and_one_retry() -> None:
    heard: list[bytes] = []
    with responder(lambda request: heard.append(request) or []) as port, pytest.raises(Silent):
        get(port, Community(Secret("public")), timeout_s=0.3)
    assert len(heard) == 2


def test_pysnmp_is_loaded_only_to_ask() -> None:
    program = "import sys, scanner.collect.snmp; sys.exit('pysnmp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
