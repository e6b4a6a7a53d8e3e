"""D11.2-f: a special character, by test or by a policy the password was set under."""

from __future__ import annotations

import pytest

from inventory.readings import Readings
from rules import facts
from tests.rules.build import Case, result_of
from tests.rules.values import UNKNOWN

WEAK = "the policy asks for 0 where 1 are needed; the password was not tested"


def handed_in(special: int) -> dict[tuple[str, str], object]:
    return {("vcs", "tested_passwords"): (facts.TestedPassword("quantri", 12, 1, 1, 1, special),)}


def policy(value: object) -> dict[tuple[str, str], object]:
    return {("vcs", "password_policy.special"): value}


CASES = [
    Case("by policy", "PASS", "set on 2026-09-01 under the policy in force since 2026-08-01"),
    Case("tested, none", "FAIL", "special characters in the tested password: 0", handed_in(0)),
    Case("tested, one", "PASS", "special characters in the tested password: 1", handed_in(1)),
    Case("policy asks for none", "UND", WEAK, policy(0)),
    Case("read strictly", "FAIL", WEAK, policy(0), readings=Readings(weak_policy="fail")),
    Case("policy unknown", "UND", UNKNOWN.reason.en, policy(UNKNOWN)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_password_special_characters(case: Case) -> None:
    assert result_of(case, "D11.2-f", "vcs/quantri") == (case.outcome, case.reason)
