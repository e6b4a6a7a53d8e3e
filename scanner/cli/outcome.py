"""From findings to the exit status."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model import Finding, Outcome, Severity

COMPLIANT, FINDINGS, INCOMPLETE = 0, 1, 3


def exit_status(
    findings: Sequence[Finding],
    fail_on: Severity = "S3",
    allow_incomplete: bool = False,
    *,
    accept_waivers: bool = False,
) -> int:
    """1: a FAIL at or above `fail_on`; 3: something undetermined; 0 only when something passed.

    No finding at all, or nothing but "not applicable", is never compliant. A FAIL with an approved
    exception is a FAIL, unless `accept_waivers`.
    """
    outcomes = [finding.outcome for finding in findings]
    counting = (f for f in findings if f.waiver is None or not accept_waivers)
    if any(f.outcome is Outcome.FAIL and f.severity <= fail_on for f in counting):
        return FINDINGS
    undetermined = Outcome.UND in outcomes and not allow_incomplete
    if undetermined or Outcome.PASS not in outcomes:
        return INCOMPLETE
    return COMPLIANT
