"""Which findings speak of the device itself, and which of them only a signature can settle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from inventory.model import Device, Document
from inventory.text import Text
from rules.facts import Known
from rules.judge import judge_one
from rules.model import Finding, Outcome
from rules.requirements import REQUIREMENTS
from rules.world import World

ACCESS_RIGHTS = "D10.1-f"
"""Of Article 10, but it asks for the access rights on the MCU itself."""
REVIEW, PATCHES = "D11.1-a", "D11.1-e"
REVIEWED = ("D11.1-b", "D11.1-c", "D11.1-d")
"""A review is complete when all of these are met."""
_SETTLED = frozenset({Outcome.PASS, Outcome.NA})


def is_about_it(requirement: str) -> bool:
    """It asks for the device itself; the others ask for the network that it will stand in."""
    return REQUIREMENTS[requirement].article == 11 or requirement == ACCESS_RIGHTS


def about(device_id: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings on the device, in the order given."""
    return tuple(f for f in findings if f.device == device_id and is_about_it(f.requirement))


def upon_signing(world: World, device_id: str, findings: Sequence[Finding]) -> frozenset[str]:
    """The requirements that a signed record of this check would settle, and nothing else lacks.

    They stay UND: the record does not exist before somebody has signed it.
    """
    undetermined = {f.requirement for f in findings if f.outcome is Outcome.UND}
    wanted = {REVIEW, PATCHES} & undetermined
    if any(f.requirement in REVIEWED and f.outcome not in _SETTLED for f in findings):
        wanted.discard(REVIEW)
    signed = _as_if_signed(world, device_id)
    return frozenset(
        name
        for name in wanted
        if all(found.outcome is Outcome.PASS for found in judge_one(name, signed))
    )


def _as_if_signed(world: World, device_id: str) -> World:
    record = Document(number="-", issued=world.today)
    version = world.facts[device_id]["software.version"]

    def with_record(device: Device) -> Device:
        if device.id != device_id:
            return device
        changes = {
            "hardening_review": record,
            "commissioning_record": record,
            "commissioned_version": version.value if isinstance(version, Known) else None,
        }
        return device.model_copy(update=changes)

    devices = tuple(with_record(device) for device in world.inventory.devices)
    return replace(world, inventory=world.inventory.model_copy(update={"devices": devices}))


def explained(
    findings: Iterable[Finding], waiting: frozenset[str], beyond: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """The findings, with the reason why they are open where a signature or a file is."""
    return tuple(_explained(finding, waiting, beyond) for finding in findings)


def _explained(finding: Finding, waiting: frozenset[str], beyond: frozenset[str]) -> Finding:
    if finding.outcome is not Outcome.UND:
        return finding
    if finding.requirement in waiting:
        return replace(finding, reason=_WAITS[finding.requirement])
    if finding.requirement in beyond and finding.requirement in {REVIEW, *REVIEWED[1:]}:
        return replace(finding, reason=_BEYOND_FILES)
    return finding


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
_BEYOND_FILES = Text(
    vi="tệp đã lưu không cho biết; cần kiểm tra trên thiết bị đang chạy",
    en="a saved file does not tell; the running device has to be checked",
)
