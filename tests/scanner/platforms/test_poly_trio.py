"""Poly Trio: recorded answers, broken ones, and the order of questions."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Known, SyslogTarget, Unknown
from rules.network_facts import Interface
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document
from scanner.platforms.poly_trio import PLATFORM, read, version_key

SAMPLES = "devices/poly-trio/trio8800-7.2.2"
PASSWORD = "planted-Trio-71"
OWN = (Interface("lan", (ip_interface("172.21.16.100/24"),)),)


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def answer(data: Any, **envelope: Any) -> str:
    return json.dumps({"data": data, "Status": "2000", **envelope}, indent=2)


def facts_of(content: str | bytes) -> dict[str, Any]:
    return dict(read([document(content)]).facts)


def values(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


# --- recorded answers ------------------------------------------------------------------------


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("callStatus_initial.json", {"call.active": (0, 2)}),
        ("callStatus_in_call.json", {"call.active": (1, 10)}),
        (
            "device_info.json",
            {
                "identity.vendor": ("Polycom", 10),
                "identity.family": ("poly-trio", 17),
                "identity.model": ("Trio 8800", 17),
                "software.version": ("7.2.2.1094", 7),
            },
        ),
        ("network_info.json", {"interfaces": (OWN, 5), "ntp.servers": (("172.21.16.1",), 13)}),
        (
            "runningConfig.json",
            {
                "interfaces": (OWN, 4),
                "ntp.servers": (("172.21.16.1",), 49),
                "syslog.targets": ((), 54),
            },
        ),
        ("config_get.json", {}),
        ("lineinfo.json", {}),
        ("sipStatus.json", {}),
    ],
)
def test_recorded_answers(shared: Path, file: str, expected: dict[str, Any]) -> None:
    facts = facts_of((shared / SAMPLES / file).read_bytes())
    told = {name: (fact.value, fact.citations[0].line) for name, fact in facts.items()}
    assert told == expected


@pytest.mark.corpus
def test_all_recorded_answers_together_agree(shared: Path) -> None:
    files = sorted((shared / SAMPLES).iterdir())
    facts = read([document(f.read_bytes()) for f in files if "in_call" not in f.name]).facts
    assert len(values(dict(facts))) == len(facts) == 8


# --- answers one by one ----------------------------------------------------------------------


def running(**sections: Any) -> str:
    network = {"IPAddress": "10.0.0.9", "SubnetMask": "255.255.255.0", "VLAN": ""}
    return answer({"Network": network, **sections})


ANSWERS: list[tuple[str, str, Any]] = [
    (answer([]), "call.active", 0),
    (answer([{"CallState": "Connected"}, {"CallState": "CallHold"}]), "call.active", 2),
    (answer([{"CallState": "RingBack"}]), "call.active", 1),
    (answer([{"CallState": "Idle"}]), "call.active", 0),
    (answer({"CallState": "Connected"}), "call.active", 1),
    (answer([{"CallState": "Connected"}, {"CallState": ""}]), "call.active", None),
    (answer([{"CallState": "Connected"}, 5]), "call.active", None),
    (answer([], Status=2000), "call.active", 0),
    (answer({"ModelNumber": "Trio C60"}), "identity.family", "poly-trio"),
    (
        answer({"ModelNumber": "Trio 8500", "FirmwareRelease": "5.9.2.7727"}),
        "software.version",
        "5.9.2.7727",
    ),
    (
        answer({"ModelNumber": "Trio 8800", "Firmware": {"Application": "5.4.5 rev AG 1-Jan-18"}}),
        "software.version",
        "5.4.5 rev AG",
    ),
    (
        running(Syslog={"Server": "log.vn", "Transport": "TLS"}),
        "syslog.targets",
        (SyslogTarget("log.vn", None, "tls"),),
    ),
    (running(Syslog={"Server": "log.vn"}), "syslog.targets", None),
    (running(Syslog={"Server": 5, "Transport": "TLS"}), "syslog.targets", None),
    (running(SNTP={"Server": ""}), "ntp.servers", ()),
    (running(SNTP={"Server": ["a"]}), "ntp.servers", None),
    (
        answer({"IPV4Address": "10.0.0.9", "SubnetMask": "255.255.0.0", "VLANID": "67"}),
        "interfaces",
        (Interface("lan", (ip_interface("10.0.0.9/16"),), 67),),
    ),
    (answer({"IPV4Address": "0.0.0.0", "SubnetMask": "255.0.0.0"}), "interfaces", None),
    (answer({"IPV4Address": "10.0.0.9"}), "interfaces", None),
    (answer({"IPV4Address": "10.0.0.9", "SubnetMask": "255.0.255.0"}), "interfaces", None),
]


@pytest.mark.parametrize(("content", "name", "value"), ANSWERS)
def test_an_answer_is_understood(content: str, name: str, value: Any) -> None:
    fact = facts_of(content)[name]
    if value is None:
        assert isinstance(fact, Unknown)
    else:
        assert isinstance(fact, Known)
        assert fact.value == value


@pytest.mark.parametrize(
    "content",
    [
        answer([], Status="4007"),
        '{"data": []}',
        '{"Status": "2000"}',
        "[]",
        answer([{"LineNumber": "1"}]),
        answer({"ptt.volume": {"Value": "-20", "Source": "default"}}),
        answer({"SNTP": {"GMTOffsetHours": "7"}, "Syslog": {"Transport": "UDP"}}),
    ],
)
def test_what_says_nothing_gives_no_fact(content: str) -> None:
    assert facts_of(content) == {}


def test_an_empty_list_of_something_else_is_no_word_about_calls() -> None:
    assert read([document(answer([]), "GET /api/v2/mgmt/lineInfo")]).facts == {}
    assert read([document(answer([]), "lineinfo.json")]).facts == {}


def test_another_phone_of_the_vendor_is_not_taken_for_this_family() -> None:
    told = values(facts_of(answer({"ModelNumber": "VVX 350", "DeviceVendor": "Polycom"})))
    assert told == {"identity.model": "VVX 350"}


@pytest.mark.parametrize("change", [str, lambda t: "\n ".join(t.split("\n")), str.strip])
def test_servers_are_cited_in_their_own_section(change: Any) -> None:
    text = change(
        running(Provisioning={"Server": "p"}, Syslog={"Server": ""}, SNTP={"Server": "t"})
    )
    for name, line in (("syslog.targets", '"Server": ""'), ("ntp.servers", '"Server": "t"')):
        citation = facts_of(text)[name].citations[0]
        assert citation.text == line
        assert line in text.split("\n")[citation.line - 1]


@pytest.mark.parametrize("form", [lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("\n", "")])
def test_line_ends_do_not_matter(form: Any) -> None:
    text = running(SNTP={"Server": "10.0.0.5"}, Syslog={"Server": "", "Transport": "UDP"})
    assert values(facts_of(form(text))) == values(facts_of(text)) != {}


@pytest.mark.parametrize("vendor", ["Polycom", "Poly", "POLYCOM INC.", None])
def test_the_maker_is_the_same_under_each_of_its_names(vendor: str | None) -> None:
    content = answer({"ModelNumber": "Trio C60", "DeviceVendor": vendor})
    fact = facts_of(content)["identity.vendor"]
    assert fact.value == PLATFORM.vendor
    assert ("DeviceVendor" if vendor else "ModelNumber") in fact.citations[0].text


@pytest.mark.parametrize("reverse", [False, True])
def test_a_call_in_one_answer_is_a_call(reverse: bool) -> None:
    texts = [answer([]), answer([{"CallState": "Connected"}])]
    documents = [document(text) for text in (reversed(texts) if reverse else texts)]
    assert read(documents).facts["call.active"].value == 1  # type: ignore[union-attr]


def test_no_call_is_not_concluded_beside_an_answer_that_breaks_off() -> None:
    fact = read([document(answer([])), document(answer([{"CallState": "x"}])[:30])]).facts
    assert isinstance(fact["call.active"], Unknown)


def test_documents_that_disagree_give_an_unknown() -> None:
    one, other = (running(SNTP={"Server": server}) for server in ("10.0.0.5", "10.0.0.6"))
    for order in ([one, other], [one, other, one]):
        facts = read([document(text) for text in order]).facts
        assert isinstance(facts["ntp.servers"], Unknown)
        assert isinstance(facts["interfaces"], Known)


# --- broken and hostile input ----------------------------------------------------------------


HOSTILE = [
    "",
    "\x1b[2J",
    "[" * 100_000,
    '{"Status": "2000", "data": ' + "9" * 5000 + "}",
    answer({"ModelNumber": "Trio \x1b[2J<script>\u202e", "DeviceVendor": {"a": 1}, "Firmware": []}),
    answer({"ModelNumber": None, "Firmware": {"Application": 7}, "FirmwareRelease": "<b>"}),
    answer({"Network": 5, "SNTP": [], "Syslog": "x"}),
    answer({"Network": {"IPAddress": {}, "SubnetMask": []}, "SNTP": {"Server": "\x1b[31m\u202e"}}),
    answer([{"CallState": {"a": []}}]),
    answer([None]),
    '{"Status": "2000", "data": {"SNTP": ' + '{"Server":' * 2000 + "1" + "}" * 2000 + "}}",
]


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.timeout(10)
def test_hostile_content_never_raises_and_never_gives_control_characters(content: str) -> None:
    reading = read([document(content), document(content)])
    for name, fact in reading.facts.items():
        assert name in FACT_TYPES
        for text in [c.text for c in fact.citations] + [str(getattr(fact, "value", ""))]:
            assert "\x1b" not in text
            assert "\u202e" not in text


# --- versions --------------------------------------------------------------------------------


@pytest.mark.corpus
def test_versions_are_ordered_as_the_vendor_counts(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [version_key(version) for version in vectors["ascending"]["polycom-ucs"]]
    assert None not in keys
    assert all(a < b for a, b in itertools.pairwise(keys))  # type: ignore[operator]


def test_builds_do_not_count_and_strange_versions_have_no_place() -> None:
    assert version_key("7.2.2.1094") == version_key("7.2.2.1094 28-Feb-22 15:29")
    assert version_key("7.2.2.1094") == version_key("7.2.2")
    ascending = ["5.4.3", "5.4.3AA", "5.4.5 rev Z", "5.4.5 rev AG", "5.9.2.7727", "5.10.0", "7.2.2"]
    keys = [version_key(version) for version in ascending]
    assert all(a < b for a, b in itertools.pairwise(keys))  # type: ignore[operator]
    for strange in ("", "7", "ce9.6.1", "7.2.2 <b>", "7.2.2 rev ", "7" * 5000):
        assert version_key(strange) is None


# --- a visit ---------------------------------------------------------------------------------

DEVICE = {"ModelNumber": "Trio 8800", "Firmware": {"Application": "7.2.2.1094 28-Feb-22 15:29"}}


class Visit:
    """An `Access` whose web interface answers from a table and notes what it is asked."""

    username = "Polycom"

    def __init__(self, calls: str) -> None:
        self.sent: list[str] = []
        self.answers = {
            "GET /api/v2/webCallControl/callStatus": calls,
            "GET /api/v2/mgmt/device/info": answer(DEVICE),
            "GET /api/v1/mgmt/network/info": answer({"SNTPAddress": "10.0.0.5"}),
            "GET /api/v1/mgmt/device/runningConfig": running(SNTP={"Server": "10.0.0.5"}),
        }

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Visit]:
        assert default_port == 443
        yield self

    def request(self, method: str, path: str, *, login: str, **_: Any) -> Document:
        assert login == "basic"
        what = f"{method} {path}"
        self.sent.append(what)
        return document(self.answers[what], what)

    def secret(self) -> str:
        return PASSWORD


def test_a_visit_asks_for_the_call_state_first() -> None:
    visit = Visit(answer([]))
    documents = list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent == list(visit.answers)
    allowed = re.compile("|".join(PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in visit.sent)
    told = values(dict(read(documents).facts))
    assert (told["call.active"], told["software.version"]) == (0, "7.2.2.1094")
    assert told["interfaces"] == (Interface("lan", (ip_interface("10.0.0.9/24"),)),)


@pytest.mark.parametrize(
    ("calls", "error"),
    [
        (answer([{"CallState": "Connected"}]), Busy),
        (answer([{"CallState": "RingBack"}]), Busy),
        (answer([], Status="4000"), CollectError),
        (answer([{}]), CollectError),
        ("<html>", CollectError),
    ],
)
def test_nothing_else_is_asked_during_a_call(calls: str, error: type[Exception]) -> None:
    visit = Visit(calls)
    with pytest.raises(error):
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent == ["GET /api/v2/webCallControl/callStatus"]
