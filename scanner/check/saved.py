"""Saved files of one device, judged as if it went into use today. Nothing is sent or stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from ipaddress import ip_address
from typing import TYPE_CHECKING

from inventory.load import Loaded
from inventory.text import Text
from reports.report import EvidenceEntry, NotUnderstood, Report, RunFacts
from rules.facts import Facts, Known
from rules.judge import judge_one
from rules.model import Finding
from rules.password_notices import notices_on
from rules.registry import rules
from rules.requirements import order
from rules.world import LOCAL_ZONE, World
from scanner.baselines import baselines_for
from scanner.check.model import CheckResult
from scanner.check.scope import (
    about,
    baseline_of,
    explained,
    is_about_it,
    lacking,
    upon_signing,
)
from scanner.check.software import software_of
from scanner.engine.derive import currency, needs
from scanner.engine.one_device import DEVICE, Address, Pins, declaration, device_of, kind_of
from scanner.gate.asked import AskedFacts
from scanner.gate.scope import standing

if TYPE_CHECKING:
    from inventory.model import DeviceKind
    from rules.patches.advisories import Advisories
    from scanner.evidence import Document
    from scanner.family_of_files import Understood

NOWHERE = Address(ip_address("0.0.0.0"))  # noqa: S104 - nobody is asked


def judged(
    documents: Sequence[Document],
    understood: Understood,
    kind: DeviceKind | None,
    advisories: Advisories,
    now: datetime,
) -> CheckResult:
    """The requirements on the device, as far as its files tell; the rest stays undetermined."""
    documents = [replace(document, captured=now) for document in documents]
    platform = understood.platform
    loaded = declaration(
        *(NOWHERE, platform.name, kind or kind_of(platform), Pins(), None),
        rate_kbps=64,
        commissioned=now.astimezone(LOCAL_ZONE).date(),
        name=" + ".join(document.source for document in documents),
    )
    facts = AskedFacts(_facts(understood))
    world = World(
        loaded.inventory,
        {DEVICE: facts},
        now,
        advisories=advisories,
        baselines=baselines_for(loaded.inventory, {DEVICE: facts}),
    )
    findings, beyond = _findings(world, facts)
    waiting = upon_signing(world, DEVICE, findings)
    told = explained(findings, waiting, lacking(world, DEVICE, findings), beyond)
    return CheckResult(
        report=replace(
            _report(loaded, told, documents, understood, now),
            notices=notices_on(device_of(loaded.inventory), world),
        ),
        platform=platform,
        software=software_of(device_of(loaded.inventory), facts, advisories, world.today),
        baseline=baseline_of(world, DEVICE),
        upon_signing=waiting,
        beyond_files=beyond,
        problem=_unread(understood),
        from_files=True,
    )


def _findings(world: World, facts: AskedFacts) -> tuple[tuple[Finding, ...], frozenset[str]]:
    """In the Regulation's order, and the requirements that no file could have decided."""
    found: list[Finding] = []
    beyond: set[str] = set()
    for rule in sorted(rules(), key=lambda rule: order(rule.id)):
        if not is_about_it(rule.id):
            continue
        facts.forget()
        for finding in judge_one(rule.id, world):
            found.append(finding)
            if standing(finding, rule, facts).standing != "counts":
                beyond.add(rule.id)
    return about(DEVICE, found), frozenset(beyond)


def _facts(understood: Understood) -> Facts:
    platform, read = understood.platform, Facts(understood.reading.facts)
    told = dict(read.items())
    if not isinstance(read["identity.family"], Known):
        # the file does not name it, and was read as one of this family all the same
        told["identity.family"] = Known(platform.name)
    told["needed_ports"] = needs(platform)
    told["default_accounts"] = Known(platform.default_accounts)
    told["software.currency"] = currency(
        platform, read["software.version"], read["identity.model"], None
    )
    return Facts(told, read.absent)


def _report(
    loaded: Loaded,
    findings: tuple[Finding, ...],
    documents: Sequence[Document],
    understood: Understood,
    now: datetime,
) -> Report:
    own, readings = version("hnth-audit"), loaded.inventory.readings
    return Report(
        run=RunFacts(
            id=_id(documents),
            started=now,
            finished=now,
            status="finished",
            judged=now,
            rules_version=own,
            legal_profile=readings.legal_profile,
            tool_version=own,
        ),
        inventory=loaded.inventory,
        findings=findings,
        evidence=tuple(
            EvidenceEntry(DEVICE, d.evidence_class, d.source, None, now, d.sha256, len(d.content))
            for d in documents
        ),
        unread=tuple(_not_understood(understood)),
        network={DEVICE: Facts(understood.reading.facts)},
    )


def _not_understood(understood: Understood) -> Iterator[NotUnderstood]:
    for document, line in understood.reading.unread:
        yield NotUnderstood(DEVICE, document.source, line.line, line.text, line.why)


def _id(documents: Sequence[Document]) -> str:
    """The same files give the same id."""
    digests = "\0".join(sorted(document.sha256 for document in documents))
    return "check-" + hashlib.sha256(digests.encode()).hexdigest()[:12]


def _unread(understood: Understood) -> Text | None:
    number = len(understood.reading.unread)
    return _LINES.format(number=number) if number else None


_LINES = Text(
    vi="{number} dòng có thể ảnh hưởng đến kết quả mà chưa phân tích được; xem: hnth facts",
    en="{number} lines that could matter were not understood; see: hnth facts",
)
