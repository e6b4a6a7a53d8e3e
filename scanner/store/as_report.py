"""A run in the store, put together as the value that reports are made from."""

from __future__ import annotations

from inventory.model import Inventory
from inventory.text import Text
from reports.report import EvidenceEntry, NotUnderstood, Report, RunFacts, ScannedDevice
from scanner.store.errors import StoreError
from scanner.store.records import Run
from scanner.store.store import Store

_NOT_JUDGED = Text(
    vi="Đợt quét {run} chưa được đánh giá. Nếu đợt quét dở dang, hãy chạy tiếp bằng hnth scan "
    "--resume; nếu đã xong, hãy chạy hnth judge {run}.",
    en="Run {run} has not been judged. If it is unfinished, continue it with hnth scan --resume; "
    "otherwise run hnth judge {run}.",
)


def report_of(store: Store, run_id: str, inventory: Inventory) -> Report:
    """The newest judgement of the run with all it rests on.

    `inventory` is the one the run was made with. Raises NoSuchRun, and StoreError for a run that
    was not judged yet.
    """
    run = store.run(run_id)
    return Report(
        run=_run_facts(store, run),
        inventory=inventory,
        findings=store.findings(run_id),
        devices=tuple(
            ScannedDevice(d.device, d.state, d.reason, d.started, d.finished)
            for d in store.devices(run_id)
        ),
        evidence=tuple(
            EvidenceEntry(
                device=item.device,
                evidence_class=item.evidence_class,
                source=item.source,
                vantage=item.vantage,
                captured=item.captured,
                sha256=item.sha256,
                size=item.size,
            )
            for item in store.evidence_items(run_id)
        ),
        unread=tuple(
            NotUnderstood(line.device, line.source, line.line, line.text, line.why)
            for line in store.unread(run_id)
        ),
        network=store.facts(run_id),
        notices=store.notices(run_id),
    )


def _run_facts(store: Store, run: Run) -> RunFacts:
    judgement = store.judgement(run.id)
    if judgement is None:
        raise StoreError(_NOT_JUDGED.format(run=run.id))
    return RunFacts(
        id=run.id,
        started=run.started,
        finished=run.finished,
        status=run.status,
        judged=judgement.judged,
        rules_version=judgement.rules_version,
        legal_profile=run.plan.legal_profile,
        tool_version=run.plan.tool_version,
        nmap_version=run.plan.nmap_version,
        whole=run.plan.whole,
        readings_changed=run.plan.readings_changed,
    )
