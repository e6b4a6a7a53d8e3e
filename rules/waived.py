"""Approved exceptions (CR-6): they mark what fails and change no verdict.

Judgement comes first and knows nothing of them. What they do not reach, or no longer reach, is
said, so that nobody relies on an exception that does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from inventory.model import Inventory, Waiver
from inventory.text import Text
from rules.model import Finding, Outcome, Waived
from rules.requirements import REQUIREMENTS
from rules.wording import phrase

WaiverState = Literal[
    "applies", "expired", "not yet", "no requirement", "no subject", "met", "idle"
]
"""`met`: what it excuses is in order. `idle`: it is undetermined, or was not judged this time."""


@dataclass(frozen=True, slots=True)
class StandingWaiver:
    """A declared exception and what it does to these findings."""

    waiver: Waiver
    state: WaiverState
    findings: tuple[Finding, ...] = ()
    """Those that it is shown with."""


def marked(findings: Iterable[Finding], inventory: Inventory, today: date) -> tuple[Finding, ...]:
    """The findings, each FAIL that an exception in force speaks of with the latest to end."""
    in_force = [waiver for waiver in inventory.waivers if holds(waiver, today)]
    return tuple(_with_waiver(finding, in_force) for finding in findings)


def _with_waiver(finding: Finding, in_force: Sequence[Waiver]) -> Finding:
    if finding.outcome is not Outcome.FAIL:
        return finding
    own = [waiver for waiver in in_force if speaks_of(waiver, finding)]
    if not own:
        return finding
    last = max(own, key=lambda waiver: waiver.expires)
    return replace(
        finding,
        waiver=Waived(
            number=last.number,
            issued=last.issued,
            approver=last.approver,
            reason=last.reason,
            expires=last.expires,
            sha256=last.sha256,
        ),
    )


def holds(waiver: Waiver, today: date) -> bool:
    """From the day of its issue to its last day."""
    return waiver.issued <= today <= waiver.expires


def speaks_of(waiver: Waiver, finding: Finding) -> bool:
    """The same requirement and subject; a device's exception covers its accounts."""
    if waiver.requirement != finding.requirement:
        return False
    if waiver.subject == finding.subject.id:
        return True
    return finding.subject.kind == "account" and waiver.subject == finding.device


def standing(
    findings: Sequence[Finding], inventory: Inventory, today: date
) -> tuple[StandingWaiver, ...]:
    """What has become of every declared exception, in the order of the inventory."""
    return tuple(_stands(waiver, findings, today) for waiver in inventory.waivers)


def _stands(waiver: Waiver, findings: Sequence[Finding], today: date) -> StandingWaiver:
    if waiver.requirement not in REQUIREMENTS:
        return StandingWaiver(waiver, "no requirement")
    if today > waiver.expires:
        return StandingWaiver(waiver, "expired")
    if today < waiver.issued:
        return StandingWaiver(waiver, "not yet")
    about = [f for f in findings if f.requirement == waiver.requirement]
    own = [f for f in about if speaks_of(waiver, f)]
    failing = tuple(f for f in own if f.outcome is Outcome.FAIL)
    if failing:
        return StandingWaiver(waiver, "applies", failing)
    if own and all(f.outcome in {Outcome.PASS, Outcome.NA} for f in own):
        return StandingWaiver(waiver, "met")
    unseen = own or not about or any(_is_unlisted(waiver, f) for f in about)
    return StandingWaiver(waiver, "idle" if unseen else "no subject")


def _is_unlisted(waiver: Waiver, finding: Finding) -> bool:
    """The accounts of the device were not read, so nobody knows whether there is this one."""
    return finding.subject.id.endswith("/*") and waiver.subject.startswith(f"{finding.device}/")


def waiver_remarks(
    findings: Sequence[Finding], inventory: Inventory, today: date
) -> Iterator[Text]:
    """A line for every exception that does nothing and looks as if it did."""
    for one in standing(findings, inventory, today):
        said = REMARKS.get(one.state)
        if said is not None:
            waiver = one.waiver
            yield phrase(
                said.vi,
                said.en,
                number=waiver.number,
                requirement=waiver.requirement,
                subject=waiver.subject,
                issued=waiver.issued,
                expires=waiver.expires,
            )


def _about(vi: str, en: str) -> Text:
    return Text(
        vi="chấp thuận ngoại lệ số {number} về {requirement} của {subject} " + vi,
        en="the exception {number} on {requirement} of {subject} " + en,
    )


REMARKS: dict[WaiverState, Text] = {
    "expired": _about(
        "đã hết hạn ngày {expires} và không còn được xét", "ended on {expires} and counts no more"
    ),
    "not yet": _about(
        "đến ngày {issued} mới có hiệu lực", "is dated {issued} and does not count before"
    ),
    "no requirement": _about(
        "không ứng với yêu cầu nào; xem danh sách: hnth rules",
        "is on no requirement; see: hnth rules",
    ),
    "no subject": _about(
        "không ứng với kết quả nào; hãy kiểm tra lại đối tượng (subject)",
        "matches no finding; check its subject",
    ),
    "met": _about(
        "không còn cần thiết vì yêu cầu đã đạt hoặc không áp dụng",
        "is not needed: the requirement is met or does not apply",
    ),
}
"""`applies` is shown with the finding, and of `idle` nothing can be said."""
