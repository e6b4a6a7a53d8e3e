"""From a check to the record that is signed, and from there to the inventory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from inventory.load import loads
from reports.commissioning import MAY, conclusion
from rules.facts import Facts, Known, OpenPort, PortScan
from rules.judge import judge_one
from rules.model import Outcome
from rules.world import World
from scanner.check.live import ports_seen
from scanner.check.model import CheckResult, Software
from scanner.check.record import record_of, to_enter
from scanner.check.software import advisories_for, software_of
from scanner.cli.outcome import exit_status
from scanner.engine.one_device import DEVICE, device_of
from tests.scanner.check.build_check import NOW, finding, result
from tests.scanner.check.test_check_scope import world

DECLARED = """\
organisation: {{name: Tỉnh, province: An Giang}}
sites: [{{id: tinh, name: Tỉnh, level: province}}]
devices:
- id: {device}
  kind: vcs
  site: tinh
  address: 192.0.2.10
  platform: cisco-roomos
{lines}
"""


def complete() -> CheckResult:
    return result(
        finding("D11.1-a", Outcome.UND),
        *(finding(f"D11.1-{letter}", Outcome.PASS) for letter in "bcd"),
        upon_signing=frozenset({"D11.1-a"}),
        software=Software(running='RoomOS 11.9 "x"'),
    )


def test_a_complete_check_may_go_into_use_and_ends_with_0() -> None:
    assert conclusion(record_of(complete())) == MAY
    assert exit_status(complete().decided) == 0


def test_what_is_to_be_entered_is_an_inventory_under_which_the_review_is_met() -> None:
    told = to_enter(complete())
    assert told is not None
    lines = told.vi.partition("\n")[2]
    loaded = loads(DECLARED.format(device=DEVICE, lines=lines), Path("inventory.yaml"))
    assert device_of(loaded.inventory).commissioned_version == 'RoomOS 11.9 "x"'
    judged = judge_one("D11.1-a", World(loaded.inventory, {DEVICE: Facts()}, NOW))
    assert [f.outcome for f in judged] == [Outcome.PASS]


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.UND])
def test_nothing_is_to_be_entered_of_a_device_that_may_not_go_into_use(outcome: Outcome) -> None:
    whole = complete()
    findings = (*whole.findings, finding("D11.2-a", outcome))
    assert to_enter(replace(whole, report=replace(whole.report, findings=findings))) is None


@pytest.mark.parametrize(
    ("running", "newest", "is_newest"),
    [("RoomOS 11.9.2.5", "11.9.2.5", True), ("RoomOS 11.5.1.2", "11.9.2.5", False)],
)
def test_a_release_stands_beside_the_newest(running: str, newest: str, is_newest: bool) -> None:
    known = world(running)
    found = software_of(
        device_of(known.inventory), known.facts[DEVICE], known.advisories, known.today
    )
    assert (found.running, found.newest, found.is_newest) == (running, newest, is_newest)
    assert [feed.name for feed in found.feeds] == ["nvd"]


def test_a_release_that_nobody_can_place_is_shown_with_the_reason() -> None:
    for running in (None, "một bản nào đó"):
        known = world(running)
        found = software_of(
            device_of(known.inventory), known.facts[DEVICE], known.advisories, known.today
        )
        assert (found.running, found.newest, found.is_newest) == (running, None, None)
        assert found.why is not None


def test_without_an_import_the_shipped_catalogue_is_asked(tmp_path: Path) -> None:
    known = advisories_for(tmp_path / "hnth-check.db")
    assert {feed.name for feed in known.feeds} == {"shipped"}
    assert known.as_of is not None
    assert known.as_of >= date(2026, 1, 1)


def test_what_answered_is_asked_again() -> None:
    ports = (OpenPort(23, "open"), OpenPort(5060, "open|filtered"))
    scan = PortScan("here", "", "tcp", (), True, ports)
    seen = result()
    with_ports = replace(
        seen, report=replace(seen.report, network={DEVICE: Facts({"ports.tcp": Known(scan)})})
    )
    assert ports_seen(with_ports, "ports.tcp") == {23, 5060}
    assert ports_seen(with_ports, "ports.udp") == set()
