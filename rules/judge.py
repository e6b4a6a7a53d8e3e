"""Asks every rule about every subject and dresses the verdicts as findings.

Nothing is fetched here and nothing is kept: the same world gives the same findings.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from rules.evidence_age import judged_by_age
from rules.facts import Citation, Facts
from rules.model import (
    Finding,
    Outcome,
    Rule,
    Severity,
    Verdict,
    not_applicable,
    unknown,
    unknown_because,
)
from rules.needs import fill
from rules.registry import rules
from rules.requirements import REQUIREMENTS, Requirement, common_reasons
from rules.subjects import SYSTEM, Case, cases, has_subject
from rules.waived import marked
from rules.wording import worded
from rules.world import World

_log = logging.getLogger(__name__)

_RAISED: dict[Severity, Severity] = {"S1": "S1", "S2": "S1", "S3": "S2", "S4": "S3"}


def judge(world: World) -> tuple[Finding, ...]:
    """One finding or more for each of the 52 requirements, in the Regulation's order."""
    return tuple(finding for wanted in REQUIREMENTS for finding in judge_one(wanted, world))


def judge_one(
    requirement_id: str, world: World, leave_out: Collection[str] = ()
) -> tuple[Finding, ...]:
    """The findings on one requirement, at least one. KeyError for an unknown id.

    Devices to leave out, by id, are those about which the caller has no question.
    """
    requirement = REQUIREMENTS[requirement_id]
    rule = next((rule for rule in rules() if rule.id == requirement_id), None)
    found = _judge_requirement(requirement, rule, world, leave_out)
    return marked(found, world.inventory, world.today)


def _judge_requirement(
    requirement: Requirement,
    rule: Rule | None,
    world: World,
    leave_out: Collection[str],
) -> Iterator[Finding]:
    whole = Case(SYSTEM, Facts())
    if rule is None:
        verdict = unknown("not yet automated in this version; a person has to check it")
        yield _finding(requirement, whole, verdict, world)
        return
    if not has_subject(rule, world):
        yield _finding(requirement, whole, _without_subject(rule), world)
    for case in cases(rule, world, leave_out):
        yield from _judge_case(requirement, rule, case, world)


def _without_subject(rule: Rule) -> Verdict:
    if rule.always_applies:
        return unknown("the inventory declares nothing that this requirement could be judged on")
    return not_applicable("no_such_asset", "the inventory holds nothing of the kind judged here")


def _judge_case(
    requirement: Requirement, rule: Rule, case: Case, world: World
) -> tuple[Finding, ...]:
    """The finding on the case, then one for each verdict that stands beside it."""
    try:
        verdict = case.settled or _ask(rule, case, world)
        return tuple(
            _finding(requirement, case, judged_by_age(one, world.now), world)
            for one in (verdict, *verdict.beside)
        )
    except Exception as error:  # noqa: BLE001 - a broken rule must not end the audit
        _log.exception("rule %s broke down on %s", rule.id, case.subject.id)
        crashed = unknown(
            "the rule broke down ({error}); the log holds the details", error=type(error).__name__
        )
        return (replace(_finding(requirement, case, crashed, world), broke_down=True),)


def _ask(rule: Rule, case: Case, world: World) -> Verdict:
    filled = fill(rule.check, case.facts, _context(case, world))
    if filled.missing is not None:
        return unknown_because(filled.missing)
    verdict = rule.check(**filled.arguments)
    if verdict.citations:
        return verdict
    used = [citation for fact in filled.facts for citation in fact.citations]
    return replace(verdict, citations=_once([*case.citations, *used]))


def _context(case: Case, world: World) -> dict[str, Any]:
    return {
        "device": case.device,
        "account": case.account,
        "zone": case.zone,
        "site": case.site,
        "facts": case.facts,
        "network": world.network,
        "inventory": world.inventory,
        "readings": world.readings,
        "today": world.today,
        "now": world.now,
        "history": world.history,
        "advisories": world.advisories,
        "baselines": world.baselines,
    }


def _finding(requirement: Requirement, case: Case, verdict: Verdict, world: World) -> Finding:
    return Finding(
        requirement=requirement.id,
        subject=case.subject,
        outcome=verdict.outcome,
        severity=_severity(requirement, case, verdict, world),
        reason=worded(verdict, {**common_reasons(), **requirement.reasons}),
        remedy=requirement.remedy if verdict.outcome is Outcome.FAIL else None,
        citations=_once([*verdict.citations, *(() if verdict.citations else case.citations)]),
        fingerprint=_fingerprint(requirement, case, verdict),
        attested=verdict.attested,
        not_applicable=verdict.not_applicable,
        site=case.site_id,
        device=case.device.id if case.device is not None else None,
    )


def _severity(requirement: Requirement, case: Case, verdict: Verdict, world: World) -> Severity:
    """One level up for the MCU, the firewall, a site where the MCU stands (1.5), and on its own."""
    own = _RAISED[requirement.severity] if verdict.raised else requirement.severity
    if case.device is not None:
        raised = case.device.kind in {"mcu", "firewall"}
    else:
        raised = case.site is not None and any(
            device.kind == "mcu" and device.site == case.site.id
            for device in world.inventory.devices
        )
    return _RAISED[own] if raised else own


def _fingerprint(requirement: Requirement, case: Case, verdict: Verdict) -> str:
    parts = (requirement.id, case.subject.kind, case.subject.id, verdict.outcome, verdict.template)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _once(citations: list[Citation]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citations))
