"""A result of the gate as the report that other programs read."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from inventory.model import Device, Inventory, Organisation, Site
from reports.json_findings import (
    WrittenAccepted,
    WrittenChanges,
    WrittenFile,
    WrittenGate,
    WrittenTraffic,
    WrittenWorsened,
    sentence,
    written,
)
from reports.report import NotUnderstood, Report, RunFacts

if TYPE_CHECKING:
    from scanner.gate.model import GateResult


def report_of(result: GateResult) -> Report:
    """The findings that count and the lines that were not understood.

    The id of the run is that of its files and findings: the same input gives the same id.
    """
    inventory = result.inventory or _nobody()
    own = version("hnth-audit")
    return Report(
        run=RunFacts(
            id=_id(result),
            started=result.request.now,
            finished=result.request.now,
            status="finished",
            judged=result.request.now,
            rules_version=own,
            legal_profile=inventory.readings.legal_profile,
            tool_version=own,
            readings_changed=inventory.readings.changed(),
        ),
        inventory=inventory,
        findings=result.findings,
        unread=tuple(
            NotUnderstood(one.device or "", one.file, line.line, line.text, line.why)
            for one in result.files
            for line in one.unread
        ),
    )


def gate_part(result: GateResult) -> WrittenGate:
    """What the gate says besides the findings."""
    return WrittenGate(
        status=cast("Any", result.status),
        reason=sentence(result.reason) if result.reason else None,
        relaxations=[sentence(text) for text in result.relaxations],
        problems=[sentence(text) for text in result.problems],
        files=[
            WrittenFile(
                file=one.file,
                state=one.state,
                device=one.device,
                platform=one.platform,
                reason=sentence(one.reason) if one.reason else None,
                matters=one.matters,
            )
            for one in result.files
        ],
        clean=[written(one.finding) for one in result.judged if one.standing == "clean"],
        not_judged=list(result.not_judged),
        accepted=_accepted(result),
        changes=_changes(result),
        traffic=_traffic(result),
    )


def _accepted(result: GateResult) -> list[WrittenAccepted]:
    if result.applied is None:
        return []
    return [
        WrittenAccepted(
            finding=written(finding),
            accepted=entry.accepted.isoformat(),
            expires=entry.expires.isoformat(),
            reason=entry.reason,
        )
        for finding, entry in result.applied.accepted
    ]


def _traffic(result: GateResult) -> list[WrittenTraffic]:
    if not result.traffic:
        return []
    from scanner.gate.traffic_words import plain  # noqa: PLC0415 - for changes only

    return [WrittenTraffic.model_validate(plain(one)) for one in result.traffic]


def _changes(result: GateResult) -> WrittenChanges | None:
    changes = result.changes
    if changes is None:
        return None
    return WrittenChanges(
        revision=changes.revision,
        added=[written(one) for one in changes.added],
        worsened=[
            WrittenWorsened(before=written(one.before), now=written(one.now))
            for one in changes.worsened
        ],
        fixed=[written(one) for one in changes.fixed],
        known=[written(one) for one in changes.known],
    )


def _id(result: GateResult) -> str:
    parts = [one.file for one in result.files]
    parts += [f"{f.fingerprint}{f.outcome}" for f in result.findings]
    return "gate-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _nobody() -> Inventory:
    """A report has an inventory; where none is declared, this one names nothing."""
    return Inventory(
        organisation=Organisation(name="-", province="-"),
        sites=(Site(id="site", name="-", level="province"),),
        devices=(Device.model_validate(_DEVICE),),
    )


_DEVICE = {"id": "device", "kind": "server", "site": "site", "address": "0.0.0.0"}  # noqa: S104
