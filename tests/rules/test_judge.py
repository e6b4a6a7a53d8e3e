"""The judge: every requirement, every subject, one honest finding each."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from typing import Any

import pytest

from inventory.model import Device
from rules import judge as judging
from rules import registry
from rules.facts import Fact, Facts, Known
from rules.judge import judge, judge_one
from rules.model import Outcome, Rule, Verdict, failed, passed, unknown
from rules.needs import needs_of
from rules.requirements import REQUIREMENTS, common_reasons
from tests.rules.build import finding, province
from tests.rules.compliant import with_device
from tests.rules.values import NOW, UNKNOWN, account, cite, known

COMPLIANT = province()


@pytest.fixture
def rule_of_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts a check in the place of D11.1-d, the whole catalogue otherwise as it is."""

    def put(check: Any) -> None:
        mine = Rule(check, id="D11.1-d", severity="S2", subject="device", kinds=frozenset({"vcs"}))
        others = tuple(rule for rule in registry.rules() if rule.id != mine.id)
        monkeypatch.setattr(judging, "rules", lambda: (*others, mine))

    return put


def test_every_requirement_gets_a_finding_in_order() -> None:
    found = judge(COMPLIANT)
    assert list(dict.fromkeys(f.requirement for f in found)) == list(REQUIREMENTS)


def test_the_compliant_province_passes_what_is_automated() -> None:
    by_rule = {rule.id for rule in registry.rules()}
    outcomes = {f.outcome for f in judge(COMPLIANT) if f.requirement in by_rule}
    assert outcomes == {Outcome.PASS, Outcome.NA}


def test_what_is_not_automated_is_undetermined_and_says_so() -> None:
    (found,) = judge_one("D12.4-a", COMPLIANT)
    assert (found.outcome, found.subject.kind, found.site) == ("UND", "system", None)
    assert found.reason.vi.startswith("nội dung này chưa được kiểm tra tự động")


def test_judging_twice_gives_the_same() -> None:
    assert judge(COMPLIANT) == judge(province())


def test_fingerprints_are_unique_and_do_not_follow_values() -> None:
    prints = [f.fingerprint for f in judge(COMPLIANT)]
    assert len(set(prints)) == len(prints)
    older = province({("vcs", "ports.tcp"): COMPLIANT.facts["mcu"]["ports.tcp"]})
    one = finding(COMPLIANT, "D11.1-c", "vcs")
    assert finding(older, "D11.1-c", "vcs").fingerprint == one.fingerprint
    other = finding(province({("vcs", "ports.tcp"): UNKNOWN}), "D11.1-c", "vcs")
    assert other.fingerprint != one.fingerprint


def test_only_a_fail_comes_with_a_remedy() -> None:
    world = province({("vcs", "call.auto_answer"): True})
    for found in judge(world):
        assert (found.remedy is not None) == (found.outcome is Outcome.FAIL)


def test_no_mcu_in_the_inventory_is_not_applicable_with_its_code() -> None:

    world = province(inventory=with_device("mcu", kind="server"))
    (found,) = judge_one("D10.1-f", world)
    assert (found.outcome, found.not_applicable) == ("NA", "no_such_asset")


# --- asking a rule ---------------------------------------------------------------------------


def test_a_missing_fact_gives_its_own_reason(rule_of_test: Any) -> None:
    def check(call_auto_answer: Known[bool]) -> Verdict:
        raise AssertionError("must not be asked")

    rule_of_test(check)
    found = finding(province({("vcs", "call.auto_answer"): UNKNOWN}), "D11.1-d", "vcs")
    assert (found.outcome, found.reason) == ("UND", UNKNOWN.reason)


def test_a_rule_that_can_do_without_gets_the_unknown(rule_of_test: Any) -> None:
    def check(call_auto_answer: Fact[bool]) -> Verdict:
        assert call_auto_answer is UNKNOWN
        return failed("seen")

    rule_of_test(check)
    assert (
        finding(province({("vcs", "call.auto_answer"): UNKNOWN}), "D11.1-d", "vcs").outcome
        == "FAIL"
    )


def test_facts_that_were_asked_for_are_cited_when_a_verdict_names_nothing(
    rule_of_test: Any,
) -> None:
    def check(call_auto_answer: Known[bool], call_encryption: Known[str]) -> Verdict:
        return passed("fine")

    rule_of_test(check)
    first, second = cite(line=1, text="one"), cite(line=2, text="two")
    world = province(
        {
            ("vcs", "call.auto_answer"): known(False, first, second),
            ("vcs", "call.encryption"): known("required", second),
        }
    )
    assert finding(world, "D11.1-d", "vcs").citations == (first, second)


def test_what_a_verdict_names_is_cited_alone(rule_of_test: Any) -> None:
    mine = cite(line=7, text="mine")

    def check(call_auto_answer: Known[bool]) -> Verdict:
        return failed("bad", mine)

    rule_of_test(check)
    assert finding(COMPLIANT, "D11.1-d", "vcs").citations == (mine,)


def test_the_line_of_an_account_is_cited_for_the_account() -> None:

    lines = cite(line=3, text="quantri admin"), cite(line=4, text="giamsat audit")
    accounts = known((account("quantri"), account("giamsat")), *lines)
    world = province(
        {
            ("vcs", "accounts"): accounts,
            ("vcs", "tested_passwords"): UNKNOWN,
            ("vcs", "password_policy.min_length"): UNKNOWN,
        }
    )
    assert finding(world, "D11.2-b", "vcs/giamsat").citations == (lines[1],)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: 1 / 0,
        lambda: None,
        lambda: passed("needs {more}"),
        lambda: "PASS",
    ],
    ids=["raises", "gives nothing", "leaves a value out", "gives a string"],
)
def test_a_broken_rule_is_undetermined_and_logged(
    broken: Any, rule_of_test: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def check(device: Device) -> Verdict:
        return broken()

    rule_of_test(check)
    with caplog.at_level(logging.ERROR):
        found = judge(COMPLIANT)
    (mine,) = [f for f in found if f.requirement == "D11.1-d"]
    assert mine.outcome == "UND"
    assert "the rule broke down" in mine.reason.en
    assert "D11.1-d" in caplog.text
    assert any(r.exc_info for r in caplog.records if r.name == "rules.judge")
    assert {f.requirement for f in found} == set(REQUIREMENTS)


def test_a_rule_cannot_change_what_it_is_given(rule_of_test: Any) -> None:
    def check(device: Device, facts: Facts, network: Any) -> Verdict:
        with pytest.raises(TypeError):
            network["vcs"] = facts
        with pytest.raises(TypeError):
            facts["call.auto_answer"] = UNKNOWN  # type: ignore[index]
        with pytest.raises(Exception, match="frozen"):
            device.address = None  # type: ignore[misc,assignment]
        with pytest.raises(FrozenInstanceError):
            facts["call.auto_answer"].value = True  # type: ignore[misc]
        return unknown("looked")

    rule_of_test(check)
    assert finding(COMPLIANT, "D11.1-d", "vcs").reason.en == "looked"


def test_a_misspelt_need_is_an_error_of_the_rule() -> None:
    def check(call_autoanswer: Known[bool]) -> Verdict:
        return passed("never")

    with pytest.raises(TypeError, match="call_autoanswer"):
        needs_of(check)


@pytest.mark.parametrize("rule", registry.rules(), ids=lambda rule: rule.id)
def test_the_needs_of_every_rule_are_known(rule: Rule) -> None:
    assert needs_of(rule.check)


# --- age of evidence (CR-2) --------------------------------------------------------------------

DAY_30 = NOW - timedelta(days=30)
DAY_31 = NOW - timedelta(days=30, seconds=1)
STALE = common_reasons()["the evidence is from {captured}, more than 30 days old; scan again"]


def seen(outcome: Any, *citations: Any, check_with: Any) -> str:
    def check(device: Device) -> Verdict:
        return outcome("seen", *citations)

    check_with(check)
    return finding(COMPLIANT, "D11.1-d", "vcs").outcome.value


@pytest.mark.parametrize(
    ("outcome", "citations", "expected"),
    [
        (passed, [cite(captured=DAY_30)], "PASS"),
        (passed, [cite(captured=DAY_31)], "UND"),
        (passed, [cite(), cite(captured=DAY_31)], "UND"),
        (passed, [cite("H", captured=DAY_31)], "UND"),
        (passed, [cite("H", captured=None)], "PASS"),
        (passed, [cite("D", captured=DAY_31)], "PASS"),
        (passed, [cite("O", captured=DAY_31)], "UND"),
        (passed, [cite("R", captured=DAY_31)], "UND"),
        (failed, [cite(captured=DAY_31)], "UND"),
        (failed, [cite(), cite("P", captured=DAY_31)], "FAIL"),
        (failed, [cite(captured=DAY_30)], "FAIL"),
        (unknown, [cite(captured=DAY_31)], "UND"),
    ],
)
def test_old_evidence(outcome: Any, citations: Any, expected: str, rule_of_test: Any) -> None:
    assert seen(outcome, *citations, check_with=rule_of_test) == expected


def test_old_evidence_is_named_with_its_local_time(rule_of_test: Any) -> None:
    seen(passed, cite(captured=DAY_31), check_with=rule_of_test)
    found = finding(COMPLIANT, "D11.1-d", "vcs")
    assert found.reason.vi == STALE.format(captured="09:59 ngày 24/10/2026")
    assert [c.captured for c in found.citations] == [DAY_31]


def test_the_same_province_a_month_later_proves_little() -> None:
    later = replace(COMPLIANT, now=NOW + timedelta(days=31))
    old = {f.requirement for f in judge(later) if f.outcome is Outcome.PASS}
    by_document = {
        "D10.2b-a", "D10.2c-a", "D10.2c-b", "D12.1-a", "D12.1-b", "D12.1-c", "D12.1-d", "D12.3-c",
    }  # fmt: skip
    assert old == {"D10.2-c", "D11.1-a", "D11.1-e", "D12.2-a"} | by_document
