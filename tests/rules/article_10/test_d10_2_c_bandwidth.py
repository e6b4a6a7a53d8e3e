"""D10.2-c: the carrier commits to 2 Mbps each way, and no limit of the gateway undercuts it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inventory.readings import Bandwidth, Readings
from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import HNTH, confirmation, declared, kept, with_device
from tests.rules.values import UNKNOWN, route

SITE, CENTRE = HNTH[1], HNTH[0]
ENOUGH = "Đơn vị viễn thông commits to 4000 kbit/s or more each way by XN-D10.2-c of 2026-06-01"


def document(**changes: Any) -> dict[str, Any]:
    return declared(attestations=[confirmation("D10.2-c", **changes)])


def rates(out: int | None, back: int | None) -> dict[str, Any]:
    return document(committed_kbps=out, committed_back_kbps=back)


def limit(kbps: int, *ends: str, **rest: Any) -> dict[tuple[str, str], Any]:
    one = kept("tslcd", *ends, kbps=None, limit_kbps=kbps, keeps=False, **rest)
    return {("router", "qos.classes"): (one,)}


SHAPED = QosClass("tslcd", "out", "all", None, (EVERYTHING,), 4, "shape", "", False, 1024)

CASES = [
    Case("committed", "PASS", ENOUGH),
    Case("just enough", "PASS", ENOUGH.replace("4000", "2000"), inventory=rates(2000, 2000)),
    Case(
        "too little back",
        "FAIL",
        "Đơn vị viễn thông commits to 1999 kbit/s by XN-D10.2-c; 2000 are needed",
        inventory=rates(4000, 1999),
    ),
    Case(
        "too little, the other way is not told",
        "FAIL",
        "Đơn vị viễn thông commits to 512 kbit/s by XN-D10.2-c; 2000 are needed",
        inventory=rates(512, None),
    ),
    Case(
        "one way only",
        "UND",
        "document XN-D10.2-c of 2026-06-01 does not state the rate of each direction",
        inventory=rates(4000, None),
    ),
    Case(
        "one way suffices by the reading",
        "PASS",
        "Đơn vị viễn thông commits to 4000 kbit/s from the site by XN-D10.2-c of 2026-06-01",
        inventory=rates(4000, None),
        readings=Readings(bandwidth=Bandwidth(both_directions=False)),
    ),
    Case(
        "no figure at all",
        "UND",
        "document XN-D10.2-c of 2026-06-01 does not state the rate of each direction",
        inventory=rates(None, None),
    ),
    Case(
        "binary megabits",
        "FAIL",
        "Đơn vị viễn thông commits to 2097 kbit/s by XN-D10.2-c; 2098 are needed",
        inventory=rates(2097, 2097),
        readings=Readings(mbps="binary"),
    ),
    Case(
        "no document: what is reserved proves nothing of the line",
        "UND",
        "no document tells the rate that the carrier commits to",
        inventory=declared(attestations=[confirmation("D10.2-d")]),
    ),
    Case(
        "a document of the future",
        "UND",
        "document XN-D10.2-c of 2026-12-01 on the committed rate does not vouch for today",
        inventory=document(issued="2026-12-01"),
    ),
    Case(
        "its own document before the general one",
        "FAIL",
        "Đơn vị viễn thông commits to 1000 kbit/s by 7; 2000 are needed",
        inventory=declared(
            attestations=[
                confirmation("D10.2-c"),
                confirmation(
                    "D10.2-c",
                    subject="chau-phu",
                    number="7",
                    committed_kbps=1000,
                    issued="2026-01-01",
                ),
            ]
        ),
    ),
    Case(
        "the gateway shapes the line",
        "FAIL",
        "class all on tslcd of router is held to 1024 kbit/s; 2000 are needed",
        {("router", "qos.classes"): (SHAPED,)},
    ),
    Case(
        "the gateway polices what comes in",
        "FAIL",
        "class HNTH on tslcd of router is held to 1024 kbit/s; 2000 are needed",
        limit(1024, CENTRE, SITE, direction="in"),
    ),
    Case("a limit that is high enough", "PASS", ENOUGH, limit(2000, SITE, CENTRE)),
    Case("a limit on others", "PASS", ENOUGH, limit(256, "10.67.201.0/24", CENTRE)),
    Case("a limit on a part", "PASS", ENOUGH, limit(256, "10.67.101.99/32", CENTRE)),
    Case("a limit on what is not known", "PASS", ENOUGH, limit(256, why="match dscp af11")),
    Case(
        "a limit on another line",
        "PASS",
        ENOUGH,
        {("router", "qos.classes"): (replace(SHAPED, interface="ftth"),)},
    ),
    Case("classes unknown", "PASS", ENOUGH, {("router", "qos.classes"): UNKNOWN}),
    Case("routes unknown, rate committed", "PASS", ENOUGH, {("router", "routes"): UNKNOWN}),
    Case(
        "routes unknown, no document",
        "UND",
        UNKNOWN.reason.en,
        {("router", "routes"): UNKNOWN},
        inventory=declared(attestations=[]),
    ),
    Case(
        "nothing stands there",
        "NA",
        "neither MCU nor VCS stands at the site",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
    ),
    Case(
        "the centre as every site",
        "PASS",
        ENOUGH,
        subject="trung-tam",
        readings=Readings(hub_factor="sites"),
    ),
    Case(
        "a line of another kind",
        "PASS",
        ENOUGH,
        {("router", "routes"): (route("0.0.0.0/0", "203.0.113.1", "ftth"),)},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_committed_rate(case: Case) -> None:
    assert result_of(case, "D10.2-c", "chau-phu") == (case.outcome, case.reason)


def test_a_commitment_is_attested_with_the_file() -> None:
    found = finding(province(), "D10.2-c", "chau-phu")
    assert found.attested
    assert [(c.evidence_class, c.sha256) for c in found.citations] == [("D", "ab" * 32)]
