"""D11.2-b: eight characters, by test or by a policy the password was set under."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.readings import Readings
from rules import facts
from rules.judge import judge_one
from tests.rules.build import ABSENT, Case, finding, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, account
from tests.rules.values import handed_in as good

UNDER_POLICY = "set on 2026-09-01 under the policy in force since 2026-08-01"
FEWER = "the tested password has fewer than 8 characters"
ENOUGH = "the tested password has 8 characters or more"
WEAK = "the policy asks for 7 where 8 are needed; the password was not tested"


NOT_TESTED = {("vcs", "tested_passwords"): ABSENT}


def handed_in(length: int, name: str = "quantri") -> dict[tuple[str, str], object]:
    return {("vcs", "tested_passwords"): (facts.TestedPassword(name, length, 1, 1, 1, 1),)}


def policy(value: object) -> dict[tuple[str, str], object]:
    return {**NOT_TESTED, ("vcs", "password_policy.min_length"): value}


def changed(day: date | None) -> dict[tuple[str, str], object]:
    return {**NOT_TESTED, ("vcs", "accounts"): (account("quantri", changed=day),)}


CASES = [
    Case("by policy", "PASS", UNDER_POLICY, NOT_TESTED),
    Case("tested, seven", "FAIL", FEWER, handed_in(7)),
    Case("tested, eight", "PASS", ENOUGH, handed_in(8)),
    Case(
        "a strong policy does not save a tested password",
        "FAIL",
        FEWER,
        {**policy(12), **handed_in(7)},
    ),
    Case(
        "a weak policy does not harm a tested password",
        "PASS",
        ENOUGH,
        {**policy(4), **handed_in(8)},
    ),
    Case("another account was tested", "PASS", UNDER_POLICY, handed_in(7, "giamsat")),
    Case("policy of seven", "UND", WEAK, policy(7)),
    Case(
        "policy of seven, read strictly",
        "FAIL",
        WEAK,
        policy(7),
        readings=Readings(weak_policy="fail"),
    ),
    Case("policy unknown", "UND", UNKNOWN.reason.en, policy(UNKNOWN)),
    Case(
        "set on the day of the policy",
        "PASS",
        "set on 2026-08-01 under the policy in force since 2026-08-01",
        changed(date(2026, 8, 1)),
    ),
    Case(
        "set the day before",
        "UND",
        "the password was set on 2026-07-31, before the policy of 2026-08-01",
        changed(date(2026, 7, 31)),
    ),
    Case(
        "not known when it was set",
        "UND",
        "the policy is sufficient, but not known when the password was set",
        changed(None),
    ),
    Case(
        "not known since when the policy applies",
        "UND",
        "the policy is sufficient, but not known since when it applies",
        NOT_TESTED,
        inventory=with_device("vcs", password_policy_since=None),
    ),
    Case(
        "handed in before the device changed it",
        "PASS",
        UNDER_POLICY,
        {("vcs", "tested_passwords"): (good("quantri", length=7, tested=date(2026, 8, 31)),)},
    ),
    Case(
        "handed in on the day of the change",
        "FAIL",
        FEWER,
        {("vcs", "tested_passwords"): (good("quantri", length=7, tested=date(2026, 9, 1)),)},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_password_length(case: Case) -> None:
    assert result_of(case, "D11.2-b", "vcs/quantri") == (case.outcome, case.reason)


def subjects(changes: dict[tuple[str, str], object]) -> dict[str, str]:
    return {
        f.subject.id: f.outcome.value
        for f in judge_one("D11.2-b", province(changes))
        if f.device == "vcs"
    }


def test_disabled_accounts_are_not_judged() -> None:
    given = (account("quantri"), account("cu", enabled=False), account("la", enabled=None))
    assert set(subjects({**NOT_TESTED, ("vcs", "accounts"): given})) == {"vcs/quantri", "vcs/la"}


def test_a_device_that_lists_no_accounts_is_undetermined_for_those_unlisted() -> None:
    assert subjects({**NOT_TESTED, ("vcs", "accounts"): UNKNOWN}) == {"vcs/*": "UND"}
    assert subjects({**NOT_TESTED, ("vcs", "accounts"): ()}) == {"vcs/*": "UND"}


def test_a_tested_password_is_judged_where_accounts_are_not_listed() -> None:
    assert subjects({("vcs", "accounts"): UNKNOWN, **handed_in(7)}) == {
        "vcs/quantri": "FAIL",
        "vcs/*": "UND",
    }


def test_an_account_of_the_mcu_weighs_more() -> None:
    assert finding(province(), "D11.2-b", "mcu/quantri").severity == "S1"
    assert finding(province(), "D11.2-b", "vcs/quantri").severity == "S2"
