"""The questions the store answers, each on an open transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, and_, func, select

from inventory.text import Text
from rules.facts import FACT_TYPES, Fact, Facts
from rules.model import Finding, Outcome
from rules.notice import Notice
from rules.world import LOCAL_ZONE, CompletedCheck
from scanner.store import codec, tables
from scanner.store.records import (
    DeviceState,
    DeviceStatus,
    EvidenceItem,
    Judgement,
    Run,
    RunPlan,
    RunSummary,
    Unread,
)

_devices, _evidence, _facts = tables.devices, tables.evidence, tables.facts
_findings, _items, _judgements = tables.findings, tables.evidence_items, tables.judgements
_runs, _unread = tables.runs, tables.unread

NOT_ASKED = Text(
    vi="thiết bị chưa được quét trong đợt này",
    en="the device was not scanned in this run",
)


def run(connection: Connection, run_id: str) -> Run:
    """The run and its plan; the run exists."""
    row = connection.execute(select(_runs).where(_runs.c.id == run_id)).one()
    plan = RunPlan(
        inventory_text=row.inventory_text,
        devices=tuple(status.device for status in devices(connection, run_id)),
        whole=bool(row.whole),
        legal_profile=row.legal_profile,
        rules_version=row.rules_version,
        tool_version=row.tool_version,
        nmap_version=row.nmap_version,
        readings_changed=row.readings_changed,
        scope=row.scope,
    )
    return Run(row.id, row.started, row.finished, row.status, plan)


def devices(connection: Connection, run_id: str) -> tuple[DeviceStatus, ...]:
    """Every device of the plan, in its order."""
    rows = connection.execute(
        select(_devices).where(_devices.c.run == run_id).order_by(_devices.c.position)
    )
    return tuple(
        DeviceStatus(
            device=row.device,
            state=row.status,
            reason=codec.decode_text(row.reason) if row.reason else None,
            started=row.started,
            finished=row.finished,
        )
        for row in rows
    )


def _newest_attempt(table: Any) -> Any:
    """Joins a table of a device's results with the attempt that counts."""
    return and_(
        _devices.c.run == table.c.run,
        _devices.c.device == table.c.device,
        _devices.c.attempt == table.c.attempt,
    )


def facts(connection: Connection, run_id: str) -> dict[str, Facts]:
    """The facts of every device of the plan, by id, in its order."""
    known: defaultdict[str, dict[str, Fact[Any]]] = defaultdict(dict)
    rows = connection.execute(
        select(_facts).join(_devices, _newest_attempt(_facts)).where(_facts.c.run == run_id)
    )
    for row in rows:
        if row.name in FACT_TYPES:  # another version of the program may have known more of them
            known[row.device][row.name] = codec.decode_fact(row.name, row.body)
    absent = connection.execute(
        select(_devices.c.device, _devices.c.absent)
        .where(_devices.c.run == run_id)
        .order_by(_devices.c.position)
    )
    return {
        row.device: Facts(
            known[row.device], codec.decode_text(row.absent) if row.absent else NOT_ASKED
        )
        for row in absent
    }


def judgement(connection: Connection, run_id: str) -> Judgement | None:
    """The newest judgement of the run."""
    row = connection.execute(
        select(_judgements)
        .where(_judgements.c.run == run_id)
        .order_by(_judgements.c.generation.desc())
        .limit(1)
    ).first()
    return Judgement(row.generation, row.judged, row.rules_version) if row else None


def findings(
    connection: Connection, run_id: str, generation: int | None = None
) -> tuple[Finding, ...]:
    """The findings of one judgement in the order they were saved."""
    if generation is None:
        newest = judgement(connection, run_id)
        if newest is None:
            return ()
        generation = newest.generation
    rows = connection.execute(
        select(_findings.c.body)
        .where(_findings.c.run == run_id, _findings.c.generation == generation)
        .order_by(_findings.c.position)
    )
    return tuple(codec.decode_finding(row.body) for row in rows)


def notices(connection: Connection, run_id: str) -> tuple[Notice, ...]:
    """The observations beside the newest judgement, in the order they were saved."""
    newest = judgement(connection, run_id)
    if newest is None:
        return ()
    table = tables.notices
    rows = connection.execute(
        select(table.c.body)
        .where(table.c.run == run_id, table.c.generation == newest.generation)
        .order_by(table.c.position)
    )
    return tuple(codec.decode_notice(row.body) for row in rows)


def evidence_items(connection: Connection, run_id: str) -> tuple[EvidenceItem, ...]:
    """What was collected by the attempts that count."""
    rows = connection.execute(
        select(_items, _evidence.c.size)
        .join(_devices, _newest_attempt(_items))
        .join(_evidence, _evidence.c.sha256 == _items.c.sha256)
        .where(_items.c.run == run_id)
        .order_by(_devices.c.position, _items.c.position)
    )
    return tuple(
        EvidenceItem(
            device=row.device,
            evidence_class=row.evidence_class,
            source=row.source,
            vantage=row.vantage,
            captured=row.captured,
            sha256=row.sha256,
            size=row.size,
        )
        for row in rows
    )


def unread(connection: Connection, run_id: str) -> tuple[Unread, ...]:
    """The lines that were not understood, of the attempts that count."""
    rows = connection.execute(
        select(_unread)
        .join(_devices, _newest_attempt(_unread))
        .where(_unread.c.run == run_id)
        .order_by(_devices.c.position, _unread.c.position)
    )
    return tuple(
        Unread(row.device, row.source, row.sha256, row.line, row.text, row.why) for row in rows
    )


def summaries(connection: Connection) -> tuple[RunSummary, ...]:
    """All runs, newest first."""
    states: defaultdict[str, Counter[DeviceState]] = defaultdict(Counter)
    by_state = select(_devices.c.run, _devices.c.status, func.count()).group_by(
        _devices.c.run, _devices.c.status
    )
    for run_id, state, number in connection.execute(by_state):
        states[run_id][cast("DeviceState", state)] = number
    verdicts: defaultdict[tuple[str, int], Counter[Outcome]] = defaultdict(Counter)
    by_verdict = select(
        _findings.c.run, _findings.c.generation, _findings.c.outcome, func.count()
    ).group_by(_findings.c.run, _findings.c.generation, _findings.c.outcome)
    for run_id, generation, outcome, number in connection.execute(by_verdict):
        verdicts[run_id, generation][Outcome(outcome)] = number
    newest = {
        row.run: row for row in connection.execute(select(_judgements).order_by("generation"))
    }
    order = (_runs.c.started.desc(), _runs.c.id.desc())
    return tuple(
        _summary(row, states[row.id], newest.get(row.id), verdicts)
        for row in connection.execute(select(_runs).order_by(*order))
    )


def _summary(
    row: Row[Any],
    states: Counter[DeviceState],
    newest: Row[Any] | None,
    verdicts: defaultdict[tuple[str, int], Counter[Outcome]],
) -> RunSummary:
    return RunSummary(
        id=row.id,
        started=row.started,
        finished=row.finished,
        status=row.status,
        whole=bool(row.whole),
        devices=dict(states),
        counts=dict(verdicts[row.id, newest.generation]) if newest else {},
        judged=newest.judged if newest else None,
        generation=newest.generation if newest else 0,
    )


def completed_checks(connection: Connection, before: datetime) -> tuple[CompletedCheck, ...]:
    """Finished runs over the whole inventory in which every device answered."""
    incomplete = select(_devices.c.run).where(_devices.c.status != "done")
    rows = connection.execute(
        select(_runs.c.id, _runs.c.started, _runs.c.finished)
        .where(
            _runs.c.status == "finished",
            _runs.c.whole == 1,
            _runs.c.finished < before,
            _runs.c.id.not_in(incomplete),
        )
        .order_by(_runs.c.finished)
    )
    return tuple(
        CompletedCheck(
            ended=row.finished.astimezone(LOCAL_ZONE).date(),
            source=row.id,
            began=row.started.astimezone(LOCAL_ZONE).date(),
        )
        for row in rows
    )
