"""Which findings speak of the device itself, and which of them only a signature can settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from inventory.model import Document
from inventory.text import Text
from rules.facts import Known, Unknown
from rules.judge import judge_one
from rules.model import Finding, Outcome
from rules.patches.of_device import installed
from rules.requirements import REQUIREMENTS
from rules.world import World

ACCESS_RIGHTS = "D10.1-f"
"""Of Article 10, but it asks for the access rights on the MCU itself."""
REVIEW, PATCHES = "D11.1-a", "D11.1-e"
REVIEWED = frozenset({"D11.1-b", "D11.1-c", "D11.1-d"})
"""A review is complete when all of these are met."""
_SETTLED = frozenset({Outcome.PASS, Outcome.NA})


def is_about_it(requirement: str) -> bool:
    """It asks for the device itself; the others ask for the network that it will stand in."""
    return REQUIREMENTS[requirement].article == 11 or requirement == ACCESS_RIGHTS


def about(device_id: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings on the device, in the order given."""
    return tuple(f for f in findings if f.device == device_id and is_about_it(f.requirement))


def baseline_of(world: World, device_id: str) -> str:
    """Name and version of the baseline that the device is compared with."""
    device = world.inventory.device(device_id)
    return world.baselines.of(device, world.facts[device_id]).baseline.label


def upon_signing(world: World, device_id: str, findings: Sequence[Finding]) -> frozenset[str]:
    """The requirements that a signed record of this check would settle, and nothing else lacks.

    They stay UND: the record does not exist before somebody has signed it.
    """
    undetermined = {f.requirement for f in findings if f.outcome is Outcome.UND}
    wanted = {REVIEW, PATCHES} & undetermined
    if _unreviewed(findings):
        wanted.discard(REVIEW)
    signed = _as_if_signed(world, device_id)
    return frozenset(
        name
        for name in wanted
        if all(found.outcome is Outcome.PASS for found in judge_one(name, signed))
    )


def lacking(world: World, device_id: str, findings: Sequence[Finding]) -> dict[str, Text]:
    """What a signature would leave open, and why: their own reasons speak of an inventory."""
    open_ones = {f.requirement for f in findings if f.outcome is Outcome.UND}
    told: dict[str, Text] = {}
    gaps = _unreviewed(findings)
    if REVIEW in open_ones and gaps:
        told[REVIEW] = _UNREVIEWED.format(names=", ".join(sorted(gaps)))
    if PATCHES in open_ones:
        for finding in about(device_id, judge_one(PATCHES, _as_if_signed(world, device_id))):
            if finding.outcome is Outcome.UND:
                told[PATCHES] = finding.reason
    return told


def _unreviewed(findings: Sequence[Finding]) -> frozenset[str]:
    met = {f.requirement for f in findings if f.outcome in _SETTLED}
    unmet = {f.requirement for f in findings if f.outcome not in _SETTLED}
    return REVIEWED - (met - unmet)


def _as_if_signed(world: World, device_id: str) -> World:
    device, facts = world.inventory.device(device_id), world.facts[device_id]
    day = catalogue_day(world, device_id) or world.today
    record = Document(number="-", issued=day)
    version = facts["software.version"]
    changes = {
        "commissioned": day,
        "hardening_review": record,
        "commissioning_record": record,
        "commissioned_version": version.value if isinstance(version, Known) else None,
    }
    signed = device.model_copy(update=changes)
    devices = tuple(signed if one.id == device_id else one for one in world.inventory.devices)
    return replace(world, inventory=world.inventory.model_copy(update={"devices": devices}))


def catalogue_day(world: World, device_id: str) -> date | None:
    """Day on which the releases of the device's family were last read; None when too long ago.

    No list is read on the very day of a check: one that is young enough for D11.3-a will do.
    """
    device, facts = world.inventory.device(device_id), world.facts[device_id]
    asked = installed(device, facts, world.advisories)
    if isinstance(asked, Unknown):
        return None
    told = world.advisories
    days = {entry.read_on for entry in told.releases(asked.family)}
    days |= {entry.read_on for entry in told.history(asked.family)}
    newest = max((day for day in days if day is not None and day <= world.today), default=None)
    if newest is None:
        return None
    is_young = (world.today - newest).days <= world.readings.vendor_catalogue_max_age_days
    return newest if is_young else None


def explained(
    findings: Iterable[Finding],
    waiting: frozenset[str],
    left: Mapping[str, Text],
    beyond: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """The findings, with the reason why they are open where a signature or a file is.

    `left` is what `lacking` told.
    """
    return tuple(_explained(finding, waiting, left, beyond) for finding in findings)


def _explained(
    finding: Finding, waiting: frozenset[str], left: Mapping[str, Text], beyond: frozenset[str]
) -> Finding:
    if finding.outcome is not Outcome.UND:
        return finding
    if finding.requirement in waiting:
        return replace(finding, reason=_WAITS[finding.requirement])
    if finding.requirement in beyond and finding.requirement in _SEEN_LIVE:
        return replace(finding, reason=_BEYOND_FILES)
    return replace(finding, reason=left.get(finding.requirement, finding.reason))


_SEEN_LIVE = frozenset({REVIEW, "D11.1-c", "D11.1-d"})
"""Their own reasons speak of a scan, which nobody ran."""
_WAITS = {
    REVIEW: Text(
        vi="đã rà soát đủ cấu hình, cổng và dịch vụ; đạt khi biên bản kiểm tra này được ký",
        en="configuration, ports and services were reviewed in full; met once the record of this "
        "check is signed",
    ),
    PATCHES: Text(
        vi="phiên bản đang chạy là bản mới nhất theo danh mục; đạt khi biên bản ghi phiên bản này "
        "được ký",
        en="the running release is the newest in the catalogue; met once the record that names it "
        "is signed",
    ),
}
_UNREVIEWED = Text(
    vi="chưa rà soát xong: {names} chưa đạt hoặc chưa xác định được",
    en="the review is not complete: {names} failed or could not be determined",
)
_BEYOND_FILES = Text(
    vi="tệp đã lưu không cho biết; cần kiểm tra trên thiết bị đang chạy",
    en="a saved file does not tell; the running device has to be checked",
)
