"""D10.1-b to -h: what a configuration says beside what live probes saw (CR-3)."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from rules.model import Finding
from rules.network_facts import UnreadLine
from tests.rules.build import Changes, finding, findings, province
from tests.rules.compliant import CENTRAL_RULES, declared
from tests.rules.values import (
    NOW,
    UNKNOWN,
    cite,
    filters,
    from_office,
    from_outside,
    known,
    ports,
    rule,
    scan,
    seen_from,
)

SUBJECTS = {
    "D10.1-b": "hnth-tinh",
    "D10.1-c": "trung-tam",
    "D10.1-d": "hnth-tinh",
    "D10.1-e": "fw",
    "D10.1-g": "mcu",
    "D10.1-h": "hnth-tinh",
}
FILE = cite("O", "fw.conf", line=9)
DEVICE = cite("C", "nft list ruleset", line=9)
LONG_AGO = NOW - timedelta(days=31)
NOT_WHAT_RUNS = "the saved file is not what runs, or a way leads past the device"
PAST_IT = "a way leads past the device, or the configuration changed after it was read"


def probe(*scans: Any, captured: Any = NOW) -> Any:
    """What other places saw of a device, each with its evidence."""
    cited = [cite("P", "nmap", captured, vantage=one.vantage) for one in scans]
    return known(scans, *cited)


def fw(*extra: Any, by: Any = DEVICE) -> dict[tuple[str, str], Any]:
    return {("fw", "filters"): known(filters(*CENTRAL_RULES, *extra), by)}


def listing(source: str, target: str, *numbers: str) -> dict[str, Any]:
    plan = declared()
    plan["allowlist"]["services"].append(
        {
            "id": "them",
            "sources": [source],
            "destinations": [target],
            "protocol": "tcp",
            "ports": list(numbers),
        }
    )
    return plan


def on(requirement: str, changes: Changes, plan: dict[str, Any] | None = None) -> list[Finding]:
    world = province(changes, inventory=plan)
    return findings(world, requirement, SUBJECTS[requirement])


def classes(found: Finding) -> set[str]:
    return {one.evidence_class for one in found.citations}


OFFICE_IN = rule(line=9, in_interfaces=("vanphong",), out_interfaces=("hnth",))
OUTSIDE_IN = rule(line=9, in_interfaces=("internet",), out_interfaces=("hnth",))
EVERYBODY_IN = rule(line=9, destinations=("10.67.10.10/32",), protocol="tcp", ports=(22, 445))
SEGMENT_OUT = rule(line=9, in_interfaces=("hnth",), out_interfaces=("maychu",))

# requirement, line of the filter, what happens live, who saw it
OPEN_IN_THE_FILE = [
    ("D10.1-b", OFFICE_IN, {("mcu", "exposure"): probe(from_office())}),
    ("D10.1-e", OUTSIDE_IN, {("mcu", "exposure"): probe(from_outside())}),
    ("D10.1-h", OFFICE_IN, {("mcu", "exposure"): probe(from_office())}),
    (
        "D10.1-g",
        EVERYBODY_IN,
        {
            ("mcu", "exposure"): probe(from_office(), from_outside()),
            ("mcu", "management.allowlist"): (),
        },
    ),
    (
        "D10.1-d",
        SEGMENT_OUT,
        {
            ("log", "ports.tcp"): known(scan(22), cite("P", "nmap")),
            ("log", "exposure"): probe(seen_from("mcu-ben-trong", "hnth-tinh")),
        },
    ),
]
NAMES = [requirement for requirement, _, _ in OPEN_IN_THE_FILE]


@pytest.mark.parametrize(("requirement", "line", "live"), OPEN_IN_THE_FILE, ids=NAMES)
def test_a_violation_in_a_file_alone_waits_for_a_person(
    requirement: str, line: Any, live: Changes
) -> None:
    (found,) = on(requirement, {**live, **fw(line, by=FILE)})
    assert found.outcome == "UND"
    assert "a person has to settle it" in found.reason.en
    assert "cần người phụ trách xác minh" in found.reason.vi
    assert {"O", "P"} <= classes(found)


@pytest.mark.parametrize(("requirement", "line", "live"), OPEN_IN_THE_FILE, ids=NAMES)
def test_silence_proves_nothing_against_what_the_device_says(
    requirement: str, line: Any, live: Changes
) -> None:
    assert on(requirement, {**live, **fw(line)})[0].outcome == "FAIL"


@pytest.mark.parametrize(("requirement", "line", "live"), OPEN_IN_THE_FILE, ids=NAMES)
def test_old_silence_excuses_no_file(requirement: str, line: Any, live: Changes) -> None:
    old = {
        place: known(fact.value, *(cite("P", "nmap", LONG_AGO, vantage=c.vantage)
                                   for c in fact.citations))
        for place, fact in live.items()
        if place[1] == "exposure"
    }  # fmt: skip
    assert on(requirement, {**live, **old, **fw(line, by=FILE)})[0].outcome == "FAIL"


@pytest.mark.parametrize(("requirement", "line", "live"), OPEN_IN_THE_FILE, ids=NAMES)
def test_a_port_that_is_not_known_to_be_open_excuses_no_file(
    requirement: str, line: Any, live: Changes
) -> None:
    closed = {("mcu", "ports.tcp"): UNKNOWN, ("log", "ports.tcp"): UNKNOWN}
    assert on(requirement, {**live, **closed, **fw(line, by=FILE)})[0].outcome == "FAIL"


OTHER_PORTS = scan(vantage="pc-van-phong", zone="vanphong", scanned=ports(23, 80))
COULD_NOT = {
    "another place asked": probe(from_outside()),
    "other ports were asked": probe(OTHER_PORTS),
    "nobody asked": UNKNOWN,
}


@pytest.mark.parametrize("exposure", COULD_NOT.values(), ids=COULD_NOT)
def test_a_probe_that_could_not_have_got_in_excuses_no_file(exposure: Any) -> None:
    changes = {("mcu", "exposure"): exposure, **fw(OFFICE_IN, by=FILE)}
    assert on("D10.1-b", changes)[0].outcome == "FAIL"


def test_a_file_that_a_probe_bears_out_in_part_is_no_open_question() -> None:
    """Port 22 answers the office, 445 does not: the line is in force."""
    changes = {("mcu", "exposure"): probe(from_office(22)), **fw(OFFICE_IN, by=FILE)}
    assert on("D10.1-b", changes, listing("10.67.40.50", "mcu", "22"))[0].outcome == "FAIL"


def test_the_management_list_of_the_mcu_in_a_file_alone() -> None:
    """The firewall lets everybody in and says so itself; the MCU's own list stands in a file."""
    changes = {
        **fw(EVERYBODY_IN),
        ("mcu", "management.allowlist"): known((), FILE),
        ("mcu", "exposure"): probe(from_office(), from_outside()),
    }
    assert on("D10.1-g", changes)[0].outcome == "UND"


# requirement, what answers, what would admit it
ANSWERS = [
    ("D10.1-b", {("mcu", "exposure"): probe(from_office(22))}, OFFICE_IN),
    ("D10.1-e", {("mcu", "exposure"): probe(from_outside(22))}, OUTSIDE_IN),
    ("D10.1-g", {("mcu", "exposure"): probe(from_office(22))}, EVERYBODY_IN),
    ("D10.1-h", {("mcu", "exposure"): probe(from_office(22))}, OFFICE_IN),
    (
        "D10.1-d",
        {("log", "exposure"): probe(seen_from("mcu-ben-trong", "hnth-tinh", 22))},
        SEGMENT_OUT,
    ),
]


@pytest.mark.parametrize(("by", "why"), [(FILE, NOT_WHAT_RUNS), (DEVICE, PAST_IT)], ids=["O", "C"])
@pytest.mark.parametrize(("requirement", "live", "line"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_what_answers_fails_and_the_disagreement_is_a_finding_of_its_own(
    requirement: str, live: Changes, line: Any, by: Any, why: str
) -> None:
    violation, *beside = on(requirement, {**live, **fw(by=by)})
    assert (violation.outcome, len(beside)) == ("FAIL", 1)
    (disagreement,) = beside
    assert disagreement.outcome == "FAIL"
    assert why in disagreement.reason.en
    assert "disagree: port 22/tcp" in disagreement.reason.en
    assert "mâu thuẫn" in disagreement.reason.vi
    assert {by.evidence_class, "P"} <= classes(disagreement)


@pytest.mark.parametrize(("requirement", "live", "line"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_what_the_filter_admits_is_no_disagreement(
    requirement: str, live: Changes, line: Any
) -> None:
    without_list = {("mcu", "management.allowlist"): ()}
    found = on(requirement, {**live, **without_list, **fw(line)})
    assert [one.outcome for one in found] == ["FAIL"]


@pytest.mark.parametrize(("requirement", "live", "line"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_what_answers_fails_without_any_configuration(
    requirement: str, live: Changes, line: Any
) -> None:
    changes = {**live, ("fw", "filters"): UNKNOWN, ("mcu", "management.allowlist"): UNKNOWN}
    assert [one.outcome for one in on(requirement, changes)] == ["FAIL"]


@pytest.mark.parametrize(
    ("requirement", "place", "target"),
    [("D10.1-b", "10.67.40.50", "vanphong"), ("D10.1-h", "10.67.40.50", "vanphong"),
     ("D10.1-c", "10.67.40.50", "vanphong"), ("D10.1-e", "0.0.0.0/0", "internet")],
)  # fmt: skip
def test_a_listed_port_that_answers_against_the_filter_leaves_it_open(
    requirement: str, place: str, target: str
) -> None:
    seen = from_office(5061) if target == "vanphong" else from_outside(5061)
    plan = listing(place, "mcu", "5061")
    denied = {("mcu", "exposure"): probe(seen)}
    found = on(requirement, denied, plan)[0]
    assert (found.outcome, PAST_IT in found.reason.en) == ("UND", True)
    admitted = rule(
        line=9, in_interfaces=(target,), out_interfaces=("hnth",), protocol="tcp", ports=(5061,),
        sources=() if target == "internet" else (place,), destinations=("10.67.10.10/32",),
    )  # fmt: skip
    assert on(requirement, {**denied, **fw(admitted)}, plan)[0].outcome == "PASS"


ANSWERED = from_office(5061)
NO_ANSWER = scan(protocol="udp", vantage="pc-van-phong", zone="vanphong", silent=(5061,))
NO_DISAGREEMENT: dict[str, Changes] = {
    "an answer of 31 days ago": {("mcu", "exposure"): probe(ANSWERED, captured=LONG_AGO)},
    "no answer that tells": {("mcu", "exposure"): probe(NO_ANSWER)},
}


@pytest.mark.parametrize("changes", NO_DISAGREEMENT.values(), ids=NO_DISAGREEMENT)
def test_what_is_no_disagreement(changes: Changes) -> None:
    plan = listing("10.67.40.50", "mcu", "5061")
    assert on("D10.1-c", changes, plan)[0].outcome == "PASS"


def test_a_port_of_the_gateway_itself_does_not_lie_behind_its_filter() -> None:
    plan = listing("10.67.40.50", "fw", "5061")
    inside = [{**d, "address": "10.67.10.1"} if d["id"] == "fw" else d for d in plan["devices"]]
    changes = {("fw", "exposure"): probe(ANSWERED)}
    assert on("D10.1-c", changes, {**plan, "devices": inside})[0].outcome == "PASS"


def test_a_filter_that_was_not_understood_denies_nothing() -> None:
    """The line that is not understood may be the one that admits it."""
    unread = filters(*CENTRAL_RULES, unread=(UnreadLine(20, "?", "?"),))
    changes = {("mcu", "exposure"): probe(from_office(22)), ("fw", "filters"): unread}
    assert [one.outcome for one in on("D10.1-b", changes)] == ["FAIL"]


def test_a_list_of_the_mcu_that_does_not_name_the_place() -> None:
    """The firewall admits everybody; only the MCU's own list is contradicted."""
    changes = {
        **fw(EVERYBODY_IN),
        ("mcu", "management.allowlist"): known((ip_network("10.67.20.5/32"),), FILE),
        ("mcu", "exposure"): probe(from_office(22)),
    }
    violation, disagreement = on("D10.1-g", changes)
    assert violation.outcome == disagreement.outcome == "FAIL"
    assert "which the device's own list of addresses does not name" in disagreement.reason.en


def test_a_filter_that_a_probe_got_past_restricts_nobody() -> None:
    """Only the firewall names addresses, and signalling answers the office all the same."""
    named = (
        rule(line=2, sources=("10.67.20.5/32",)),
        rule(line=3, sources=("10.67.20.10/32",), destinations=("10.67.10.10/32",),
             protocol="tcp", ports=(22, 445)),
    )  # fmt: skip
    only_there = {
        ("fw", "filters"): filters(*named),
        ("mcu", "management.allowlist"): (),
    }
    held = {**only_there, ("mcu", "exposure"): probe(from_office(), from_outside())}
    assert finding(province(held), "D10.1-g", "mcu").outcome == "PASS"
    past = {**only_there, ("mcu", "exposure"): probe(from_office(5061), from_outside())}
    assert finding(province(past), "D10.1-g", "mcu").outcome == "UND"
