"""RouterOS: what an export tells beside its filters, and whose files are not its own."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.mikrotik_routeros import PLATFORM, read, version_key
from scanner.platforms.mikrotik_routeros.queues import bits_per_second

SAMPLE = Path(__file__).parents[1] / "samples/mikrotik-routeros/gate/export.rsc"


def document(content: bytes, name: str = "export.rsc") -> Document:
    return Document(content, name, "O", datetime.now(UTC))


def fact(name: str, text: str | None = None) -> object:
    content = SAMPLE.read_bytes() if text is None else text.encode()
    found = read([document(content)]).facts.get(name)
    return found.value if isinstance(found, Known) else found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("software.version", "7.15.3"),
        ("identity.model", "RB4011iGS+"),
        ("service.telnet.enabled", False),
        ("service.ssh.enabled", True),
        ("management.allowlist", (ip_network("10.20.9.0/24"),)),
        ("service.snmp.enabled", False),
        ("ntp.servers", ("10.20.9.4",)),
        ("vlans", (10, 120)),
        ("vrfs", ("conference",)),
        ("password_policy.min_length", 10),
    ],
)
def test_settings(name: str, value: object) -> None:
    assert fact(name) == value


def test_a_compact_export_does_not_prove_defaults() -> None:
    assert isinstance(fact("service.https.enabled"), Unknown)


def test_a_service_that_anybody_may_reach_opens_the_allowlist() -> None:
    text = SAMPLE.read_text().replace("set winbox address=10.20.9.0/24", 'set winbox address=""')
    assert fact("management.allowlist", text) == ()
    text = SAMPLE.read_text().replace("set winbox address=10.20.9.0/24 disabled=no\n", "")
    assert isinstance(fact("management.allowlist", text), Unknown)


def test_the_default_community_is_told_without_its_name() -> None:
    text = SAMPLE.read_text()
    changed = text.replace("addresses=10.20.9.0/24 disabled=yes", "name=xK3veryOwn")
    found = read([document(changed.encode())]).facts["snmp.default_community"]
    assert isinstance(found, Known)
    assert found.value is False
    assert "xK3veryOwn" not in str(found)
    assert fact("snmp.default_community", changed.replace("xK3veryOwn", "public")) is True


@pytest.mark.parametrize(
    ("written", "rate"),
    [("2M", 2_000_000), ("512k", 512_000), ("1G", 10**9), ("0", 0), ("x", None), ("", None)],
)
def test_rates_are_in_thousands(written: str, rate: int | None) -> None:
    assert bits_per_second(written) == rate


def test_what_a_queue_keeps() -> None:
    found = fact("qos.classes")
    assert isinstance(found, tuple)
    (conference,) = (one for one in found if one.name == "conference")
    assert (conference.interface, conference.direction) == ("ether1", "out")
    assert conference.reserved_kbps == 4000
    assert conference.matches
    text = SAMPLE.read_text()
    # more is promised than the parent has
    promised = fact("qos.classes", text.replace("limit-at=4M", "limit-at=40M"))
    assert isinstance(promised, tuple)
    assert promised[1].reserved_kbps is None
    # fasttracked packets pass by a tree whose parent is global
    bypassed = fact("qos.classes", text.replace("parent=ether1", "parent=global"))
    assert isinstance(bypassed, tuple)
    assert "fasttrack" in bypassed[1].why


def test_releases_in_their_order() -> None:
    releases = ["6.49.6", "7.2", "7.10.1", "7.15rc2", "7.15", "7.15.3"]
    keys = [version_key(release) for release in releases]
    assert None not in keys
    assert sorted(keys) == keys  # type: ignore[type-var]
    assert version_key("fifteen") is None
    assert find("routeros").name == PLATFORM.name


@pytest.mark.parametrize(
    "content",
    [b"", b"/", b"\xff" * 99, b"/ip firewall filter\n" * 9, b"add a=\\\n" * 9, b'"=[' * 999],
)
def test_nothing_is_made_of_anything_else(content: bytes) -> None:
    assert read([document(content)]).facts == {}


@pytest.mark.corpus
def test_every_export_of_the_corpus_is_read(shared: Path) -> None:
    folder = shared / "netconfigs/mikrotik_routeros"
    lines = unread = 0
    for file in sorted(folder.iterdir()):
        if file.name == "SOURCES.md" or "leon-m" in file.name:
            continue
        one = document(file.read_bytes(), file.name)
        assert isinstance(read([one]).facts["filters"], Known), file.name
        assert PLATFORM.coverage is not None
        covered = PLATFORM.coverage(one)
        lines += covered.read + covered.irrelevant + covered.unread
        unread += covered.unread
    assert unread / lines < 0.01


@pytest.mark.corpus
def test_files_of_other_vendors_are_not_its_own(shared: Path) -> None:
    for file in sorted((shared / "netconfigs").glob("*/*")):
        if file.parent.name != "mikrotik_routeros":
            assert read([document(file.read_bytes(), file.name)]).facts == {}, file
