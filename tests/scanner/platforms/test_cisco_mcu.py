"""MCU and TelePresence Server: sample answers, variants of them, and broken ones."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Known, Unknown
from scanner.platforms.cisco_mcu import NOT_IN_THE_INTERFACE, PLATFORM, read, version_key
from tests.scanner.platforms.mcu_answers import (
    DEVICE,
    IDENTITY,
    document,
    known,
    reply,
    same_or_unknown,
)

SAMPLES = "devices/cisco-mcu"


# --- samples ---------------------------------------------------------------------------------

SAMPLE_FACTS = {
    "telepresence-server-8710-emulated/system.xml": {
        "identity.vendor": ("Cisco", 3),
        "identity.family": ("cisco-mcu", 3),
        "identity.model": ("Telepresence Server 8710", 4),
        "identity.serial": ("SM011835", 5),
        "software.version": ("4.0(1.57)", 6),
    },
    "composed/services.query_response.xml": {
        "service.http.enabled": (True, 13),
        "service.ftp.enabled": (True, 19),
        "service.https.enabled": (False, 25),
    },
    "composed/fault_response.xml": {},
}


@pytest.mark.corpus
@pytest.mark.parametrize(("file", "expected"), SAMPLE_FACTS.items())
def test_a_sample_gives_the_facts_with_their_lines(
    shared: Path, file: str, expected: dict[str, Any]
) -> None:
    facts = read([document((shared / SAMPLES / file).read_bytes())]).facts
    told = {n: (f.value, f.citations[0].line) for n, f in facts.items() if isinstance(f, Known)}
    assert told == expected


@pytest.mark.corpus
@pytest.mark.parametrize("file", SAMPLE_FACTS)
def test_a_broken_sample_gives_the_same_or_unknown(shared: Path, file: str) -> None:
    content = (shared / SAMPLES / file).read_bytes()
    whole = dict(read([document(content)]).facts)
    same_or_unknown(whole, dict(read([document(content), document(content)]).facts))
    same_or_unknown(whole, dict(read([document(content + content)]).facts))
    chance = random.Random(21)
    for _ in range(200):
        cut = content[: chance.randrange(len(content))]
        same_or_unknown(whole, dict(read([document(cut)]).facts))
        same_or_unknown(whole, dict(read([document(content), document(cut)]).facts))
        garbled = bytearray(content)
        for _ in range(10):
            garbled[chance.randrange(len(garbled))] = chance.randrange(256)
        read([document(bytes(garbled))])


@pytest.mark.corpus
def test_a_refused_call_is_reported_as_unread(shared: Path) -> None:
    content = (shared / SAMPLES / "composed/fault_response.xml").read_bytes()
    ((_, line),) = read([document(content)]).unread
    assert line.why == "the call was refused: duplicate conference name"


# --- system.xml ------------------------------------------------------------------------------

SYSTEM = """<?xml version="1.0"?>
<system>
  <softwareVersion> 4.5(1.89) </softwareVersion>
  <serial>SM021F42</serial>
  <model>Codian MCU 4505</model>
  <manufacturer>Codian</manufacturer>
  <gatekeeperUsage>Yes</gatekeeperUsage>
  <videoPortAllocation><model>not the model</model></videoPortAllocation>
</system>
"""
MCU = {
    **IDENTITY,
    "identity.model": "Codian MCU 4505",
    "identity.serial": "SM021F42",
    "software.version": "4.5(1.89)",
}


@pytest.mark.parametrize(
    "content",
    [
        SYSTEM,
        SYSTEM.replace("\n", "\r\n"),
        "\ufeff" + SYSTEM,
        "\n\n" + SYSTEM,
        SYSTEM.split("\n", 1)[1],
        SYSTEM.replace("  <manufacturer>Codian</manufacturer>\n", ""),
        SYSTEM.replace("Codian</man", "Cisco Systems, Inc.</man"),
        SYSTEM.replace("\n", ""),
    ],
)
def test_the_system_file_is_read_in_any_dress(content: str) -> None:
    assert known(document(content)) == MCU


def test_a_gatekeeper_in_use_is_no_service() -> None:
    assert "service.h323.enabled" not in read([document(SYSTEM)]).facts


def test_the_lines_are_those_of_the_file() -> None:
    facts = read([document("\n\n" + SYSTEM)]).facts
    lines = {name: fact.citations[0].line for name, fact in facts.items() if fact.citations}
    assert lines == {
        "identity.vendor": 8,
        "identity.family": 8,
        "identity.model": 7,
        "identity.serial": 6,
        "software.version": 5,
    }


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("  <serial>SM021F42</serial>\n", "", "identity.serial"),
        ("SM021F42", "&lt;b&gt;", "identity.serial"),
        ("SM021F42</serial>", "SM021F42</serial><serial>SM999999</serial>", "identity.serial"),
        ("4.5(1.89)", "soon", "software.version"),
        ("4.5(1.89)", "", "software.version"),
    ],
)
def test_an_absent_strange_or_doubled_value_is_unknown(old: str, new: str, missing: str) -> None:
    assert known(document(SYSTEM.replace(old, new))) == {
        name: value for name, value in MCU.items() if name != missing
    }


@pytest.mark.parametrize(
    "content",
    [
        SYSTEM.replace("Codian</man", "Polycom</man"),
        SYSTEM.replace("Codian MCU 4505", "IP VCR 2210"),
        SYSTEM.replace("  <model>Codian MCU 4505</model>\n", ""),
        SYSTEM.replace("system>", "Status>"),
    ],
)
def test_files_of_other_products_tell_nothing(content: str) -> None:
    assert known(document(content)) == {}


def test_what_the_interface_does_not_tell_is_unknown_with_that_reason() -> None:
    facts = read([document(SYSTEM)]).facts
    for name in NOT_IN_THE_INTERFACE:
        fact = facts[name]
        assert isinstance(fact, Unknown)
        assert "documented interface" in fact.reason.en


# --- XML-RPC ---------------------------------------------------------------------------------


def test_a_device_query_tells_the_same_as_the_system_file() -> None:
    assert known(document(reply(**DEVICE))) == MCU
    assert known(document(SYSTEM), document(reply(**DEVICE))) == MCU


def test_documents_that_disagree_leave_the_fact_unknown() -> None:
    other = document(reply(**DEVICE | {"serial": "SM000000"}))
    fact = read([document(SYSTEM), other, document(SYSTEM)]).facts["identity.serial"]
    assert isinstance(fact, Unknown)
    assert len(fact.citations) == 2


# --- hostile input ---------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE x [<!ENTITY a "MCU"><!ENTITY b "&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\n" * 100_000,
        b"<" * 100_000,
        b"<value>" * 100_000,
        b"<html><body>Cisco TelePresence MCU - Home page</body></html>",
        b"Welcome to the Cisco TelePresence MCU MSE 8420",
        LAUGHS.encode() + SYSTEM.split("\n", 1)[1].replace("4505", "&b;").encode(),
        LAUGHS.encode() + reply(**DEVICE).encode(),
        b"<methodResponse/>",
        b"<methodResponse><params><param/></params></methodResponse>",
        b"<methodResponse><params><param><value/></param></params></methodResponse>",
        b"<methodResponse><fault><value><array/></value></fault></methodResponse>",
        reply(softwareVersion="4.5(1.89)", model=["MCU"]).encode(),
        reply(softwareVersion="4.5(1.89)", model="\u202eMCU").encode(),
        reply(ports={"services": [1]}, participants={"x": 1}, conferences=7).encode(),
    ],
)
def test_hostile_content_never_raises_and_tells_nothing(content: bytes) -> None:
    reading = read([document(content)])
    assert set(reading.facts) <= set(FACT_TYPES)
    assert known(document(content)) == {}
    shown = [c.text for fact in reading.facts.values() for c in fact.citations]
    shown += [text for _, line in reading.unread for text in (line.text, line.why)]
    assert not re.search("[\x00-\x1f\u202e]", "".join(shown))


# --- versions --------------------------------------------------------------------------------


@pytest.mark.corpus
@pytest.mark.parametrize("line", ["cisco-mcu", "cisco-telepresence-server"])
def test_versions_are_ordered_as_the_vendor_counts(shared: Path, line: str) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [version_key(version) for version in vectors["ascending"][line]]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)
    for family, one, other in vectors["equal"]:
        if family == line:
            assert version_key(one) == version_key(other)


def test_what_is_no_version_has_no_place() -> None:
    for strange in ("", "4", "X8.11.4", "4.5(1.89", "4.5()", "4.5(1.89b)", "4.5(1.89) <b>"):
        assert version_key(strange) is None
    assert version_key("4.10(1.1)") > version_key("4.9(9.9)")  # type: ignore[operator]


def test_the_first_account_and_the_ports_are_those_of_the_documents() -> None:
    (account,) = PLATFORM.default_accounts
    assert (account.name, account.opens, account.password) == ("admin", ("web",), "blank")
    ports = {(p.protocol, p.first, p.last) for p in PLATFORM.needed_ports}
    assert ports == {
        *(("tcp", 443, 443), ("tcp", 1720, 1720), ("udp", 1718, 1719), ("tcp", 5060, 5061)),
        ("udp", 5060, 5060),
    }
