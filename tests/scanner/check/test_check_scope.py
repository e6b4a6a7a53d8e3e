"""What a signature settles: only what nothing else lacks, and never as a pass beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rules.facts import Facts, Known
from rules.judge import judge_one
from rules.model import Finding, Outcome
from rules.patches.advisories import Advisories
from rules.patches.model import Feed, Latest
from rules.world import World
from scanner.check.saved import NOWHERE
from scanner.check.scope import (
    PATCHES,
    REVIEW,
    about,
    explained,
    is_about_it,
    lacking,
    upon_signing,
)
from scanner.engine.one_device import DEVICE, Pins, declaration
from scanner.products import families
from tests.scanner.check.build_check import finding

FAIL, PASS, UND = Outcome.FAIL, Outcome.PASS, Outcome.UND
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
REVIEWED = [finding(name, PASS) for name in ("D11.1-b", "D11.1-c", "D11.1-d")]
OPEN = [finding(REVIEW, UND), finding(PATCHES, UND)]


def world(
    running: str | None, newest: str = "11.9.2.5", read_on: date = date(2026, 11, 20)
) -> World:
    loaded = declaration(
        *(NOWHERE, "cisco-roomos", "vcs", Pins(), None),
        rate_kbps=64,
        commissioned=date(2026, 11, 24),
    )
    facts = {"identity.family": Known("cisco-roomos")}
    if running is not None:
        facts["software.version"] = Known(running)
    latest = Latest(
        "cisco-ce-roomos",
        version=newest,
        released=date(2026, 6, 1),
        basis="release-list",
        read_on=read_on,
    )
    feed = Feed("nvd", "a" * 64, NOW)
    told = Advisories(families(), latest=(latest,), feeds=(feed,))
    return World(loaded.inventory, {DEVICE: Facts(facts)}, NOW, advisories=told)


def waiting(running: str | None, *findings: Finding) -> set[str]:
    return set(upon_signing(world(running), DEVICE, findings))


def test_a_complete_review_waits_for_its_record_alone() -> None:
    assert waiting(None, *REVIEWED, finding(REVIEW, UND)) == {REVIEW}


@pytest.mark.parametrize("outcome", [UND, FAIL])
@pytest.mark.parametrize("place", range(3))
def test_a_review_with_a_gap_or_a_fault_is_no_review(outcome: Outcome, place: int) -> None:
    reviewed = list(REVIEWED)
    reviewed[place] = replace(reviewed[place], outcome=outcome)
    assert waiting(None, *reviewed, finding(REVIEW, UND)) == set()


def test_patches_wait_for_the_record_only_where_the_release_is_the_newest() -> None:
    assert PATCHES in waiting("RoomOS 11.9.2.5", *OPEN)
    assert waiting("RoomOS 11.5.1.2", *OPEN) == set()
    assert waiting(None, *OPEN) == set()


def test_a_list_that_was_read_too_long_ago_settles_nothing() -> None:
    old = world("RoomOS 11.9.2.5", read_on=date(2026, 6, 2))
    assert upon_signing(old, DEVICE, OPEN) == set()


def test_an_old_release_fails_as_of_the_day_of_the_check() -> None:
    found = judge_one(PATCHES, world("RoomOS 11.5.1.2"))
    assert [f.outcome for f in found] == [FAIL]
    assert "11.9.2.5" in found[0].reason.en


def test_what_is_not_open_waits_for_nothing() -> None:
    assert waiting("RoomOS 11.9.2.5", *REVIEWED, finding(REVIEW, PASS), finding(PATCHES, FAIL)) == (
        set()
    )


def test_a_reason_is_given_for_waiting_and_the_verdict_stays() -> None:
    told = explained(OPEN, frozenset({REVIEW}), {})
    assert [f.outcome for f in told] == [UND, UND]
    assert "is signed" in told[0].reason.en
    assert told[1] == OPEN[1]
    passed = explained([finding(REVIEW, PASS)], frozenset({REVIEW}), {})
    assert passed == (finding(REVIEW, PASS),)


def test_what_a_signature_leaves_open_is_named_instead_of_an_inventory() -> None:
    gap = [*REVIEWED[:2], finding("D11.1-d", FAIL), finding(REVIEW, UND), finding(PATCHES, UND)]
    old = world("RoomOS 11.9.2.5", read_on=date(2026, 6, 2))
    left = lacking(old, DEVICE, gap)
    assert left[REVIEW].en.startswith("the review is not complete: D11.1-d failed or")
    assert "no commissioning record" in judge_one(PATCHES, old)[0].reason.en
    assert "what was the newest" in left[PATCHES].en
    told = explained(gap, frozenset(), left)
    assert [f.reason for f in told[-2:]] == [left[REVIEW], left[PATCHES]]
    assert told[2] == gap[2]
    assert lacking(world("RoomOS 11.9.2.5"), DEVICE, [*REVIEWED, *OPEN]) == {}


def test_only_requirements_on_the_device_itself_are_asked() -> None:
    assert is_about_it("D10.1-f")
    assert is_about_it("D11.2-b")
    assert not is_about_it("D10.1-g")
    assert not is_about_it("D12.5-a")
    other = replace(finding("D11.2-b", PASS), device="other")
    assert about(DEVICE, [finding("D10.1-a", PASS), other, finding("D11.2-b", PASS)]) == (
        finding("D11.2-b", PASS),
    )
