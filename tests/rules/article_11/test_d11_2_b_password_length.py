"""D11.2-b: eight characters, by test or by a policy the password was set under."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.readings import Readings
from rules import facts
from rules.judge import judge_one
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, account

UNDER_POLICY = "set on 2026-09-01 under the policy in force since 2026-08-01"
WEAK = "the policy asks for 7 where 8 are needed; the password was not tested"


def handed_in(length: int, name: str = "quantri") -> dict[tuple[str, str], object]:
    return {("vcs", "tested_passwords"): (facts.TestedPassword(name, length, 1, 1, 1, 1),)}


def policy(value: object) -> dict[tuple[str, str], object]:
    return {("vcs", "password_policy.min_length"): value}


def changed(day: date | None) -> dict[tuple[str, str], object]:
    return {("vcs", "accounts"): (account("quantri", changed=day),)}


CASES = [
    Case("by policy", "PASS", UNDER_POLICY),
    Case("tested, seven", "FAIL", "the tested password has 7 characters", handed_in(7)),
    Case("tested, eight", "PASS", "the tested password has 8 characters", handed_in(8)),
    Case(
        "a strong policy does not save a tested password",
        "FAIL",
        "the tested password has 7 characters",
        {**handed_in(7), **policy(12)},
    ),
    Case(
        "a weak policy does not harm a tested password",
        "PASS",
        "the tested password has 9 characters",
        {**handed_in(9), **policy(4)},
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
        inventory=with_device("vcs", password_policy_since=None),
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
    assert set(subjects({("vcs", "accounts"): given})) == {"vcs/quantri", "vcs/la"}


def test_a_device_that_lists_no_accounts_is_undetermined_for_those_unlisted() -> None:
    assert subjects({("vcs", "accounts"): UNKNOWN}) == {"vcs/*": "UND"}
    assert subjects({("vcs", "accounts"): ()}) == {"vcs/*": "UND"}


def test_a_tested_password_is_judged_where_accounts_are_not_listed() -> None:
    assert subjects({("vcs", "accounts"): UNKNOWN, **handed_in(7)}) == {
        "vcs/quantri": "FAIL",
        "vcs/*": "UND",
    }


def test_an_account_of_the_mcu_weighs_more() -> None:
    assert finding(province(), "D11.2-b", "mcu/quantri").severity == "S1"
    assert finding(province(), "D11.2-b", "vcs/quantri").severity == "S2"
