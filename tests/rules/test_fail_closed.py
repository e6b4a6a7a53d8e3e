"""What is not known never passes, and what is switched off never fails (CR-1, CR-5)."""

from __future__ import annotations

import pytest

from rules.facts import FACT_TYPES, Facts
from rules.judge import judge
from rules.model import Outcome
from rules.world import History, World
from tests.rules.build import ABSENT, off, province
from tests.rules.compliant import plain_facts
from tests.rules.values import UNKNOWN

COMPLIANT = {(f.requirement, f.subject): f.outcome for f in judge(province())}
FROM_DOCUMENTS = {
    "D10.2-c", "D10.2b-a", "D10.2c-a", "D10.2c-b", "D11.1-a",
    "D12.1-a", "D12.1-b", "D12.1-c", "D12.1-d", "D12.2-a", "D12.3-c",
}  # fmt: skip
"""Requirements that a document of the inventory can prove."""

SUPPLIED = [(where, name) for where, facts in plain_facts().items() for name in facts]


def test_nothing_passes_when_nothing_is_known() -> None:
    plan = province().inventory
    nothing = World(plan, {d.id: Facts() for d in plan.devices}, province().now, history=History())
    passing = {f.requirement for f in judge(nothing) if f.outcome is Outcome.PASS}
    assert passing <= FROM_DOCUMENTS


def test_nothing_passes_when_everything_is_an_unknown() -> None:
    every = {(d, name): UNKNOWN for d in plain_facts() for name in FACT_TYPES}
    found = judge(province(every, history=History()))
    assert {f.requirement for f in found if f.outcome is Outcome.PASS} <= FROM_DOCUMENTS
    assert not [f for f in found if f.outcome is Outcome.FAIL]


def test_a_device_without_an_entry_is_unknown_not_a_crash() -> None:
    plan = province().inventory
    found = judge(World(plan, {}, province().now))
    assert not [f.requirement for f in found if "broke down" in f.reason.en]


@pytest.mark.parametrize(("where", "name"), SUPPLIED)
@pytest.mark.parametrize("gone", [UNKNOWN, ABSENT], ids=["unknown", "absent"])
def test_losing_a_fact_never_improves_or_breaks(where: str, name: str, gone: object) -> None:
    for found in judge(province({(where, name): gone})):
        before = COMPLIANT.get((found.requirement, found.subject), Outcome.UND)
        assert found.outcome in {before, Outcome.UND}, found
        assert "broke down" not in found.reason.en


@pytest.mark.parametrize("where", plain_facts())
def test_switching_a_device_off_fails_nothing(where: str) -> None:
    failing = [f for f in judge(province(off(where))) if f.outcome is Outcome.FAIL]
    assert failing == []


def test_everything_off_fails_nothing_and_proves_little() -> None:
    everything = {k: v for where in plain_facts() for k, v in off(where).items()}
    found = judge(province(everything, history=History()))
    assert not [f for f in found if f.outcome is Outcome.FAIL]
    assert {f.requirement for f in found if f.outcome is Outcome.PASS} <= FROM_DOCUMENTS
