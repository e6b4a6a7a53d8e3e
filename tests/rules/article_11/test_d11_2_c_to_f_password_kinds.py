"""D11.2-c to -f: a character of each kind, by test or by a policy the password was set under."""

from __future__ import annotations

import pytest

from inventory.readings import Readings
from tests.rules.build import ABSENT, Case, result_of
from tests.rules.values import UNKNOWN, handed_in

WEAK = "the policy asks for 0 where 1 are needed; the password was not tested"
UNDER_POLICY = "set on 2026-09-01 under the policy in force since 2026-08-01"
KINDS = {
    "D11.2-c": ("digits", "a digit"),
    "D11.2-d": ("lowercase", "a lower-case letter"),
    "D11.2-e": ("uppercase", "an upper-case letter"),
    "D11.2-f": ("special", "a special character"),
}


def password(**rest: object) -> dict[tuple[str, str], object]:
    return {("vcs", "tested_passwords"): (handed_in("quantri", **rest),)}


def cases(kind: str, words: str) -> list[Case]:
    fact, bare = ("vcs", f"password_policy.{kind}"), words.split(" ", 1)[1]
    untested = {("vcs", "tested_passwords"): ABSENT}
    strictly = Readings(weak_policy="fail")
    others = {name for name, _ in KINDS.values()} - {kind}
    return [
        Case("tested, none", "FAIL", f"the tested password has no {bare}", password(**{kind: 0})),
        Case(
            "tested, only this",
            "PASS",
            f"the tested password has {words}",
            password(**dict.fromkeys(others, 0)),
        ),
        Case(
            "tested, none, under a good policy",
            "FAIL",
            f"the tested password has no {bare}",
            {**password(**{kind: 0}), fact: 3},
        ),
        Case(
            "another was tested",
            "PASS",
            UNDER_POLICY,
            {("vcs", "tested_passwords"): (handed_in("khac", **{kind: 0}),)},
            subject="vcs/quantri",
        ),
        Case("by policy", "PASS", UNDER_POLICY, untested),
        Case("policy asks for none", "UND", WEAK, {**untested, fact: 0}),
        Case("read strictly", "FAIL", WEAK, {**untested, fact: 0}, readings=strictly),
        Case("policy unknown", "UND", UNKNOWN.reason.en, {**untested, fact: UNKNOWN}),
    ]


ROWS = [(item, case) for item, given in KINDS.items() for case in cases(*given)]


@pytest.mark.parametrize(("item", "case"), ROWS, ids=[f"{i}-{c.name}" for i, c in ROWS])
def test_kinds_of_characters(item: str, case: Case) -> None:
    assert result_of(case, item, "vcs/quantri") == (case.outcome, case.reason)
