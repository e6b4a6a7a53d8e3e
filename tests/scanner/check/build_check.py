"""Results of checks as values, for the tests of what is made from them."""

from __future__ import annotations

from datetime import UTC, datetime

from inventory.text import Text
from reports.report import Report, RunFacts
from rules.facts import Facts
from rules.model import Finding, Outcome, Severity, Subject
from scanner.check.model import CheckResult, Software
from scanner.check.saved import NOWHERE
from scanner.engine.one_device import DEVICE, Pins, declaration
from scanner.platforms import find

NOW = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)


def finding(
    requirement: str,
    outcome: Outcome,
    account: str | None = None,
    reason: str = "why",
    severity: Severity = "S2",
) -> Finding:
    subject = Subject("account", f"{DEVICE}/{account}") if account else Subject("device", DEVICE)
    remedy = Text(vi="sửa", en="mend") if outcome is Outcome.FAIL else None
    text = Text(vi="lý do", en=reason)
    return Finding(requirement, subject, outcome, severity, text, remedy, (), "f", device=DEVICE)


def result(*findings: Finding, **changes: object) -> CheckResult:
    loaded = declaration(NOWHERE, "cisco-roomos", "vcs", Pins(), None, rate_kbps=64)
    run = RunFacts("20261124-080500-1a2b", NOW, NOW, "finished", NOW, "0", "auto", "0")
    values: dict[str, object] = {
        "report": Report(run, loaded.inventory, findings, network={DEVICE: Facts()}),
        "platform": find("cisco-roomos"),
        "software": Software(),
        "baseline": "hnth 1",
    }
    return CheckResult(**{**values, **changes})  # type: ignore[arg-type]
