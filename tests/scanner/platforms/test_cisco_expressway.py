"""VCS and Expressway: recorded answers, variants of them, broken ones, and visits."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Known, Unknown
from scanner.platforms.cisco_expressway import (
    CONFIGURED_ELSEWHERE,
    DEFAULTS,
    PLATFORM,
    read,
    version_key,
)
from tests.scanner.platforms.expressway_answers import (
    EVERYTHING,
    IDENTITY,
    UNIT,
    document,
    known,
    same_or_unknown,
    status,
)

SAMPLES = "devices/cisco-expressway"


# --- recorded answers ------------------------------------------------------------------------

RECORDED = {
    "vcs-e-x8.11.4/getxml_Status_SystemUnit.xml": {
        "identity.vendor": ("Cisco", 4),
        "identity.family": ("cisco-expressway", 4),
        "identity.model": ("TANDBERG VCS", 4),
        "identity.serial": ("0FBFF6CB", 38),
        "software.version": ("X8.11.4", 10),
    },
    "vcs-e-x8.11/overview.html": {
        "identity.vendor": ("Cisco", 22),
        "identity.family": ("cisco-expressway", 22),
        "software.version": ("X8.11", 22),
    },
    "vcs-e-x8.11/api_management_status_resourceusage.json": {"call.active": (0, 1)},
    "vcs-e-x8.11/api_management_status_call_call.json": {"call.active": (1, 1)},
}


@pytest.mark.corpus
@pytest.mark.parametrize(("file", "expected"), RECORDED.items())
def test_a_recorded_answer_gives_the_facts_with_their_lines(
    shared: Path, file: str, expected: dict[str, Any]
) -> None:
    facts = read([document((shared / SAMPLES / file).read_bytes())]).facts
    told = {n: (f.value, f.citations[0].line) for n, f in facts.items() if isinstance(f, Known)}
    assert told == expected


@pytest.mark.corpus
def test_the_citation_of_a_call_shows_its_state_and_no_participant(shared: Path) -> None:
    path = shared / SAMPLES / "vcs-e-x8.11/api_management_status_call_call.json"
    (citation,) = read([document(path.read_bytes())]).facts["call.active"].citations
    assert citation.text == '"status":"Connected'


@pytest.mark.corpus
def test_a_listed_call_outweighs_counters_that_show_none(shared: Path) -> None:
    folder = shared / SAMPLES / "vcs-e-x8.11"
    documents = [document(path.read_bytes()) for path in sorted(folder.iterdir())]
    assert known(*documents) == {**IDENTITY, "software.version": "X8.11", "call.active": 1}
    assert read(documents).unread == ()


@pytest.mark.corpus
@pytest.mark.parametrize("file", RECORDED)
def test_a_recorded_answer_that_breaks_off_gives_the_same_or_unknown(
    shared: Path, file: str
) -> None:
    folder = shared / SAMPLES
    content = (folder / file).read_bytes()
    beside = [other for other in RECORDED if Path(other).parent == Path(file).parent]
    others = [document((folder / other).read_bytes()) for other in beside]
    whole = dict(read([document(content)]).facts)
    together = dict(read([*others, document(content)]).facts)
    chance = random.Random(17)
    for _ in range(200):
        cut = document(content[: chance.randrange(len(content))])
        same_or_unknown(whole, dict(read([cut]).facts))
        rest = [other for other in others if other.content != content]
        same_or_unknown(together, dict(read([*rest, cut]).facts))


# --- the status tree -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        status(UNIT),
        "\ufeff" + status(UNIT),
        "\r\n\r\n" + status(UNIT).replace("\n", "\r\n"),
        status(UNIT, product="something else"),
        "<XmlDoc>" + status(UNIT).split("\n", 1)[1] + "</XmlDoc>",
    ],
)
def test_the_tree_is_read_in_any_dress(content: str) -> None:
    assert known(document(content)) == EVERYTHING


def test_lines_before_the_document_count() -> None:
    facts = read([document("\n\n" + status(UNIT))]).facts
    assert facts["identity.serial"].citations[0].line == 6


def test_the_root_tells_what_an_answer_without_system_unit_does_not() -> None:
    assert known(document(status("<Zones/>"))) == {
        **IDENTITY,
        "software.version": "X12.7.1",
    }
    assert known(document(status("<Zones/>", version="X7.2.4"))) == {
        **IDENTITY,
        "identity.model": "TANDBERG VCS",
        "software.version": "X7.2.4",
    }


@pytest.mark.parametrize(
    "content",
    [
        status(UNIT.replace("Cisco Expressway", "Cisco Codec"), product="Cisco Codec"),
        status(UNIT.replace("Cisco Expressway", "Cisco Webex Room Kit"), product=""),
        "<html><body>X8.11</body></html>",
        "<table><tr><td>Software version</td><td>6.2.2</td></tr></table>",
        "{}",
        "[]",
        '[{"isActive": true, "connections": []}]',
    ],
)
def test_answers_of_other_products_tell_nothing(content: str) -> None:
    assert known(document(content)) == {}


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("X14.3.4", "fourteen", "software.version"),
        ("X14.3.4", "X14.3.4&#27;[2J", "software.version"),
        ("0A0B0C0D", "&lt;script&gt;", "identity.serial"),
        ("0A0B0C0D</SerialNumber>", "1111</SerialNumber><SerialNumber>2222</SerialNumber>",
         "identity.serial"),
    ],
)  # fmt: skip
def test_a_strange_value_is_unknown(old: str, new: str, name: str) -> None:
    fact = read([document(status(UNIT.replace(old, new)))]).facts.get(name)
    assert not isinstance(fact, Known)


def test_documents_that_disagree_leave_the_fact_unknown() -> None:
    other = status(UNIT.replace("0A0B0C0D", "99999999"))
    facts = read([document(status(UNIT)), document(other), document(status(UNIT))]).facts
    assert isinstance(facts["identity.serial"], Unknown)
    assert len(facts["identity.serial"].citations) == 2
    assert isinstance(facts["software.version"], Known)


def test_what_no_public_source_confirms_is_unknown_with_that_reason() -> None:
    facts = read([document(status(UNIT))]).facts
    for name in CONFIGURED_ELSEWHERE:
        fact = facts[name]
        assert isinstance(fact, Unknown)
        assert ("no public source" in fact.reason.en) is (name not in DEFAULTS)


@pytest.mark.parametrize(
    ("name", "default", "by"),
    [
        ("service.ssh.enabled", "On", "command reference of VCS X6"),
        ("service.https.enabled", "On", "administrator guide of VCS"),
        ("service.telnet.enabled", "Off", "administrator guide of VCS"),
    ],
)
def test_a_documented_default_is_a_reason_and_never_a_value(
    name: str, default: str, by: str
) -> None:
    fact = read([document(status(UNIT))]).facts[name]
    assert isinstance(fact, Unknown)
    assert f"{by}" in fact.reason.en
    assert f": {default}, not shown" in fact.reason.en


def options(**given: str) -> str:
    inside = "".join(f'<{name} item="1">{value}</{name}>' for name, value in given.items())
    unit = UNIT.replace("</Software>", f"<Configuration>{inside}</Configuration></Software>")
    return status(unit.replace("Cisco Expressway", "TANDBERG VCS"))


@pytest.mark.parametrize(
    ("given", "model"),
    [
        ({"Expressway": "True", "ExpresswaySeries": "True"}, "Cisco Expressway-E"),
        ({"Expressway": "False", "ExpresswaySeries": "True"}, "Cisco Expressway-C"),
        ({"ExpresswaySeries": "True"}, None),
        ({"Expressway": "Perhaps", "ExpresswaySeries": "True"}, None),
        ({"Expressway": "True", "ExpresswaySeries": "False"}, "TANDBERG VCS"),
        ({"Expressway": "True"}, None),
        ({}, None),
    ],
)
def test_the_newer_series_tells_its_model_as_options(
    given: dict[str, str], model: str | None
) -> None:
    assert known(document(options(**given))).get("identity.model") == model


def test_the_series_is_not_concluded_from_a_part() -> None:
    whole = options(Expressway="True", ExpresswaySeries="True")
    models = {known(document(whole[:cut])).get("identity.model") for cut in range(len(whole) - 12)}
    assert models == {None, "Cisco Expressway-E"}


def test_first_accounts_and_needed_ports_are_those_of_the_documents() -> None:
    accounts = {(a.name, a.password) for a in PLATFORM.default_accounts}
    assert accounts == {("admin", "published"), ("root", "published")}
    needed = {(p.protocol, p.first, p.last) for p in PLATFORM.needed_ports}
    assert needed == {
        *(("tcp", 22, 22), ("tcp", 443, 443), ("udp", 1719, 1719), ("tcp", 1720, 1720)),
        *(("tcp", 2777, 2777), ("udp", 2776, 2777), ("tcp", 5060, 5061)),
        *(("udp", 6001, 6001), ("tcp", 7001, 7001)),
    }


TRANSCRIPT = """TANDBERG Video Communication Server X8.11.4
SW Release Date: 2018-11-14

OK

xstatus SystemUnit

*s SystemUnit:
  Product: "TANDBERG VCS"
  Uptime: 480063
  Software:
    Version: "X8.11.4"
    Configuration:
      NonTraversalCalls: 20
      ExpresswaySeries: "False"
  Hardware:
    Version: VMware
    SerialNumber: "0FBFF6CB"
*s/end

OK
"""


def test_an_answer_of_the_command_line_is_read() -> None:
    reading = read([document(TRANSCRIPT)])
    told = {
        n: (f.value, f.citations[0].line) for n, f in reading.facts.items() if isinstance(f, Known)
    }
    assert told == {
        "identity.vendor": ("Cisco", 9),
        "identity.family": ("cisco-expressway", 9),
        "identity.model": ("TANDBERG VCS", 9),
        "identity.serial": ("0FBFF6CB", 18),
        "software.version": ("X8.11.4", 12),
    }
    assert reading.unread == ()


@pytest.mark.parametrize(
    "content",
    [
        TRANSCRIPT.replace("\n", "\r\n"),
        TRANSCRIPT.replace('"', ""),
        TRANSCRIPT.replace("*s SystemUnit:", "*s SystemUnit: /"),
        TRANSCRIPT.replace("  ", "\t"),
        TRANSCRIPT.split("OK\n", 1)[1],
        '*s SystemUnit Product: "TANDBERG VCS"\n*s SystemUnit Software Version: "X8.11.4"\n'
        '*s SystemUnit Software Configuration ExpresswaySeries: "False"\n'
        '*s SystemUnit Hardware SerialNumber: "0FBFF6CB"\n*s/end\n\nOK\n',
    ],
)
def test_an_answer_of_the_command_line_is_read_in_any_dress(content: str) -> None:
    assert known(document(content)) == {
        **IDENTITY,
        "identity.model": "TANDBERG VCS",
        "identity.serial": "0FBFF6CB",
        "software.version": "X8.11.4",
    }


def test_a_transcript_that_breaks_off_gives_the_same_or_unknown() -> None:
    one, two = "  Call 1:\n    State: Connected\n", "  Call 2:\n    State: Connecting\n"
    content = f"{TRANSCRIPT}*s Calls:\n{one}{two}*s/end\n\nOK\n"
    whole = dict(read([document(content)]).facts)
    assert whole["call.active"].value == 2
    for end in range(len(content)):
        same_or_unknown(whole, dict(read([document(content[:end])]).facts))


# --- hostile input ---------------------------------------------------------------------------

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>\n'
    '<Status product="TANDBERG VCS" version="X8.1"><SystemUnit><Product>&b;</Product>'
    "</SystemUnit></Status>"
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\n" * 100_000,
        b"<" * 100_000,
        b"[" * 100_000,
        b">" + b" " * 500_000,
        b"*s " + b"a " * 200_000 + b"\n*s/end\nOK\n",
        b"*s \n  a: b\n\n*s/end",
        b"*s/end\n*s Calls:",
        LAUGHS.encode(),
        b'[{"local_peer": true, "records": [{"call_x_current": ' + b"9" * 5000 + b"}]}]",
        b'[{"local_peer": true, "records": [5, null]}]',
        b'[{"local_peer": true, "records": {"a": 1}}]',
        b"<td>Software version</td><td>\x1b[2JX8.1<script></td>",
        "TANDBERG Video Communication Server X\u202e8\n".encode(),
    ],
)
def test_hostile_content_never_raises_and_tells_nothing(content: bytes) -> None:
    reading = read([document(content)])
    assert set(reading.facts) <= set(FACT_TYPES)
    assert known(document(content)) in ({}, IDENTITY)
    shown = [c.text for fact in reading.facts.values() for c in fact.citations]
    shown += [line.text for _, line in reading.unread]
    assert not re.search("[\x00-\x1f\u202e]", "".join(shown))


# --- versions --------------------------------------------------------------------------------


@pytest.mark.corpus
def test_versions_are_ordered_as_the_vendor_counts(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [version_key(version) for version in vectors["ascending"]["cisco-expressway"]]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)
    for family, one, other in vectors["equal"]:
        if family == "cisco-expressway":
            assert version_key(one) == version_key(other)


def test_a_build_before_the_release_stands_before_it() -> None:
    ascending = [
        "X8.1",
        "X8.1.1 PreAlpha3 (Test SW)",
        "X8.1.1RC1",
        "X8.1.1RC2",
        "X8.1.1",
        "X12.5.2 (TEST SW)",
    ]
    keys = [version_key(version) for version in ascending]
    assert keys == sorted(keys)  # type: ignore[type-var]
    for strange in ("", "X", "ce9.6.1", "XC2.2.1-b2bua-1.0", "X7.3.7.01c84fd", "oak_v8.11.4_rc_1"):
        assert version_key(strange) is None
