"""A check as the record that people sign, and what to enter in the inventory afterwards."""

from __future__ import annotations

from inventory.text import Text
from reports.commissioning import MAY, Commissioned, CommissioningRecord, conclusion
from rules.facts import Facts
from rules.world import LOCAL_ZONE
from scanner.check.model import CheckResult
from scanner.check.software import told
from scanner.engine.one_device import DEVICE, device_of


def record_of(result: CheckResult) -> CommissioningRecord:
    """The record of this check, with everything that it can show."""
    report, device = result.report, device_of(result.report.inventory)
    facts = report.network.get(DEVICE, Facts())
    return CommissioningRecord(
        report=report,
        device=Commissioned(
            address=device.name or str(device.address),
            kind=device.kind,
            family=result.platform.title if result.platform else None,
            vendor=told(facts, "identity.vendor"),
            model=told(facts, "identity.model"),
            serial=told(facts, "identity.serial"),
            version=told(facts, "software.version"),
            newest=result.software.newest,
        ),
        baseline=result.baseline,
        feeds=result.software.feeds,
        upon_signing=result.upon_signing,
        from_files=result.from_files,
        problem=result.problem,
    )


def to_enter(result: CheckResult) -> Text | None:
    """What the inventory says of the device once the record is signed; None when it may not go.

    The number is the clerk's to give.
    """
    if conclusion(record_of(result)) != MAY:
        return None
    day = result.report.run.started.astimezone(LOCAL_ZONE).date()
    version = (result.software.running or "").replace("\\", "\\\\").replace('"', '\\"')
    document = f'{{number: "…/BB-…", issued: {day}}}'
    lines = [
        f"  commissioned: {day}",
        *([f'  commissioned_version: "{version}"'] if version else []),
        f"  hardening_review: {document}",
        f"  commissioning_record: {document}",
    ]
    return _ENTER.format(lines="\n".join(lines))


_ENTER = Text(
    vi="Sau khi biên bản được ký, hãy ghi vào tệp khai báo, ở mục của thiết bị:\n{lines}",
    en="Once the record is signed, enter in the inventory, with the device:\n{lines}",
)
