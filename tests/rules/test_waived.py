"""Approved exceptions mark what fails, pass nothing, and are told of when they do nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.judge import judge_one
from rules.model import Finding, Outcome
from rules.waived import marked, standing, waiver_remarks
from rules.world import World
from tests.rules.build import ABSENT, province
from tests.rules.compliant import declared
from tests.rules.values import TODAY, UNKNOWN

AUTO_ANSWER = {("vcs", "call.auto_answer"): True}
WAIVER: dict[str, Any] = {
    "requirement": "D11.1-b",
    "subject": "vcs",
    "number": "12/CV",
    "issued": "2026-01-05",
    "approver": "Giám đốc",
    "reason": "chờ thay thiết bị",
    "expires": "2026-12-31",
}


def world(changes: Any = None, **fields: Any) -> World:
    plan = {**declared(), "waivers": [{**WAIVER, **fields}]}
    return province(AUTO_ANSWER if changes is None else changes, inventory=plan)


def about(found: tuple[Finding, ...], subject: str) -> Finding:
    return next(f for f in found if f.subject.id == subject)


def test_what_fails_is_shown_with_its_exception_and_stays_a_failure() -> None:
    failing = about(judge_one("D11.1-b", world()), "vcs")
    assert failing.outcome is Outcome.FAIL
    assert failing.waiver is not None
    assert (failing.waiver.number, failing.waiver.approver) == ("12/CV", "Giám đốc")
    assert failing.waiver.expires == date(2026, 12, 31)
    assert failing.remedy is not None


def test_the_fingerprint_does_not_follow_the_exception() -> None:
    without = about(judge_one("D11.1-b", province(AUTO_ANSWER)), "vcs")
    assert about(judge_one("D11.1-b", world()), "vcs").fingerprint == without.fingerprint


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "mcu"},
        {"subject": "system"},
        {"requirement": "D11.1-c"},
        {"expires": "2026-11-22"},
        {"issued": "2026-11-24", "expires": "2027-01-01"},
    ],
    ids=["another device", "the system", "another requirement", "expired", "not yet"],
)
def test_an_exception_reaches_nothing_else(fields: dict[str, str]) -> None:
    assert date(2026, 11, 23) == TODAY
    assert about(judge_one("D11.1-b", world(**fields)), "vcs").waiver is None


@pytest.mark.parametrize("day", ["2026-01-05", "2026-11-24"])
def test_it_holds_on_its_first_and_on_its_last_day(day: str) -> None:
    plan = world(issued="2026-01-05", expires="2026-11-24").inventory
    found = judge_one("D11.1-b", province(AUTO_ANSWER))
    assert about(marked(found, plan, date.fromisoformat(day)), "vcs").waiver is not None


def test_of_two_the_one_that_lasts_longer_is_shown() -> None:
    plan = world().inventory
    second = plan.waivers[0].model_copy(update={"number": "13/CV", "expires": date(2027, 6, 1)})
    both = plan.model_copy(update={"waivers": (*plan.waivers, second)})
    failing = about(marked(judge_one("D11.1-b", province(AUTO_ANSWER)), both, TODAY), "vcs")
    assert failing.waiver is not None
    assert failing.waiver.number == "13/CV"


def test_that_of_a_device_covers_its_accounts_and_no_other_device() -> None:
    found = judge_one("D11.2-b", province())
    failing = tuple(replace(f, outcome=Outcome.FAIL) for f in found)
    plan = world(requirement="D11.2-b").inventory
    shown = {f.subject.id for f in marked(failing, plan, TODAY) if f.waiver is not None}
    assert shown == {f.subject.id for f in found if f.device == "vcs"}
    assert len(shown) < len(found)


def test_nothing_but_a_failure_is_marked() -> None:
    found = judge_one("D11.1-b", world({}))
    assert {f.waiver for f in found} == {None}


REMARKS = [
    ("applies", {}, AUTO_ANSWER, None),
    ("expired", {"expires": "2026-11-22"}, AUTO_ANSWER, "ended on 2026-11-22"),
    ("not yet", {"issued": "2026-11-24"}, AUTO_ANSWER, "is dated 2026-11-24"),
    ("no requirement", {"requirement": "D11.9-a"}, AUTO_ANSWER, "is on no requirement"),
    ("no subject", {"subject": "fw"}, AUTO_ANSWER, "matches no finding"),
    ("met", {}, {}, "is not needed"),
    ("idle", {"requirement": "D11.1-c"}, AUTO_ANSWER, None),
]


@pytest.mark.parametrize(("state", "fields", "changes", "said"), REMARKS, ids=lambda v: str(v)[:20])
def test_what_does_nothing_is_said(
    state: str, fields: dict[str, str], changes: Any, said: str | None
) -> None:
    judged = world(changes, **fields)
    found = judge_one("D11.1-b", judged)
    (one,) = standing(found, judged.inventory, TODAY)
    assert one.state == state
    lines = [text.en for text in waiver_remarks(found, judged.inventory, TODAY)]
    assert len(lines) == (said is not None)
    assert all("12/CV" in line and (said or "") in line for line in lines)


@pytest.mark.parametrize(("accounts", "state"), [(UNKNOWN, "idle"), (None, "no subject")])
def test_of_an_account_nobody_could_list_nothing_is_said(accounts: Any, state: str) -> None:
    changes = {} if accounts is None else {("vcs", "accounts"): accounts}
    judged = world(
        {**changes, ("vcs", "tested_passwords"): ABSENT} if changes else {},
        requirement="D11.2-b",
        subject="vcs/admin",
    )
    found = judge_one("D11.2-b", judged)
    assert [one.state for one in standing(found, judged.inventory, TODAY)] == [state]
