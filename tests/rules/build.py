"""Worlds that differ in one thing from the compliant province, and the finding to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.model import Inventory
from inventory.readings import Readings
from inventory.text import Text
from rules.baseline import Baselines, default_baseline
from rules.facts import Fact, Facts, Known, Unknown
from rules.judge import judge_one
from rules.model import Finding
from rules.patches.advisories import Advisories
from rules.world import History, World
from tests.rules.compliant import declared, plain_facts
from tests.rules.known_releases import IMPORTED
from tests.rules.values import NOW, known

ABSENT: Any = object()
"""As a value of a change: the fact is not supplied at all."""

ADOPTED = Baselines((default_baseline(),))
"""The organisation took the common baseline for every family."""

Changes = Mapping[tuple[str, str], Any]
"""(device, fact) to a fact, or to a plain value that becomes Known."""


@dataclass(frozen=True)
class Case:
    """One row of a table: what is different, and the finding that must come of it."""

    name: str
    outcome: str
    reason: str
    """The English reason, complete."""
    changes: Changes = field(default_factory=dict)
    inventory: dict[str, Any] | None = None
    readings: Readings = field(default_factory=Readings)
    history: History | None = None
    advisories: Advisories = IMPORTED
    baselines: Baselines = ADOPTED
    subject: str | None = None
    """Where it is another subject than the table's."""


def province(
    changes: Changes | None = None,
    *,
    inventory: dict[str, Any] | None = None,
    readings: Readings | None = None,
    history: History | None = None,
    advisories: Advisories = IMPORTED,
    baselines: Baselines = ADOPTED,
    now: datetime = NOW,
) -> World:
    """The compliant province with the changes made."""
    plan = Inventory.model_validate(inventory or declared())
    plain = plain_facts()
    for (where, name), value in (changes or {}).items():
        plain.setdefault(where, {})[name] = value
    facts = {
        where: Facts({name: _fact(v) for name, v in values.items() if v is not ABSENT})
        for where, values in plain.items()
    }
    everything = frozenset(d.id for d in plan.devices)
    return World(
        inventory=plan,
        facts={d.id: facts.get(d.id, Facts()) for d in plan.devices},
        now=now,
        readings=readings or Readings(),
        history=history or History(covered=everything),
        advisories=advisories,
        baselines=baselines,
    )


def _fact(value: Any) -> Fact[Any]:
    return value if isinstance(value, Known | Unknown) else known(value)


def off(device_id: str) -> Changes:
    """Every fact of a device that does not answer."""
    why = Unknown(
        Text(
            vi="thiết bị đang tắt hoặc không kết nối được",
            en="the device is switched off or cannot be reached",
        )
    )
    return {(device_id, name): why for name in plain_facts()[device_id] if name != "needed_ports"}


def finding(world: World, requirement: str, subject: str) -> Finding:
    """The one finding on the subject, or the first where others stand beside it."""
    return findings(world, requirement, subject)[0]


def findings(world: World, requirement: str, subject: str) -> list[Finding]:
    """Every finding on the subject, at least one; no two of a kind."""
    found = [f for f in judge_one(requirement, world) if f.subject.id == subject]
    assert len({f.fingerprint for f in found}) == len(found) > 0
    return found


def result_of(case: Case, requirement: str, subject: str) -> tuple[str, str]:
    """Verdict and English reason of a row of a table."""
    world = province(
        case.changes,
        inventory=case.inventory,
        readings=case.readings,
        history=case.history,
        advisories=case.advisories,
        baselines=case.baselines,
    )
    found = finding(world, requirement, case.subject or subject)
    assert "{" not in found.reason.vi + found.reason.en
    return found.outcome.value, found.reason.en
