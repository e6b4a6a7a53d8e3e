"""What an inventory holds, and what it still lacks for a scan that can decide every requirement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from inventory.calendar import permission
from inventory.model import (
    WHOLE_SYSTEM,
    Attestable,
    Attestation,
    Credential,
    Device,
    Inventory,
    Site,
)
from inventory.moments import LOCAL_ZONE
from inventory.secrets import SecretError, in_vault, resolve
from inventory.text import Text
from inventory.validity import speaks_on


@dataclass(frozen=True, slots=True)
class Lack:
    """Something missing and what it costs. `about` names devices or zones; () = the whole."""

    text: Text
    about: tuple[str, ...] = ()


def counts(inventory: Inventory) -> dict[str, dict[str, int]]:
    """How many of each kind: `sites` by level, `zones` and `devices` by kind, as first written."""
    return {
        "sites": dict(Counter(site.level for site in inventory.sites)),
        "zones": dict(Counter(zone.kind for zone in inventory.zones)),
        "devices": dict(Counter(device.kind for device in inventory.devices)),
    }


def lacks(inventory: Inventory, base: Path, at: datetime) -> tuple[Lack, ...]:
    """Everything that would stop a scan or leave a verdict open, gravest first."""
    refusal = permission(inventory, at)
    return (
        *([Lack(refusal)] if refusal is not None else ()),
        *_of_the_whole(inventory),
        *_of_zones(inventory),
        *_of_devices(inventory),
        *_of_documents(inventory, at.astimezone(LOCAL_ZONE).date()),
        *_of_secrets(inventory, base),
    )


def _of_the_whole(inventory: Inventory) -> Iterator[Lack]:
    kinds = {zone.id: zone.kind for zone in inventory.zones}
    seen_from = {kinds.get(point.zone) for point in inventory.vantage_points}
    wanted: tuple[tuple[bool, Text], ...] = (
        ("outside" in seen_from, _NO_OUTSIDE),
        ("office" in seen_from, _NO_OFFICE),
        (any(device.log_server for device in inventory.devices), _NO_LOG_SERVER),
        (inventory.catalogue is not None, _NO_CATALOGUE),
        (bool(inventory.allowlist.management), _NO_MANAGEMENT),
        (bool(inventory.allowlist.services), _NO_SERVICES),
        (inventory.allowlist.approved is not None, _NOT_APPROVED),
        (inventory.organisation.in_use_since is not None, _NO_IN_USE),
    )
    return (Lack(text) for there, text in wanted if not there)


def _of_zones(inventory: Inventory) -> Iterator[Lack]:
    without = tuple(
        z.id for z in inventory.zones if z.kind == "hnth" and not (z.gateway and z.interface)
    )
    if without:
        yield Lack(_NO_GATEWAY, without)


def _of_devices(inventory: Inventory) -> Iterator[Lack]:
    for missing, text in _DEVICE_NEEDS:
        about = tuple(device.id for device in inventory.devices if missing(device))
        if about:
            yield Lack(text, about)


def _of_documents(inventory: Inventory, today: date) -> Iterator[Lack]:
    """Requirements that wait for a document, then documents and exceptions that have run out."""
    in_force = [a for a in inventory.attestations if speaks_on(a, today)]
    waiting = tuple(
        name for name in get_args(Attestable) if not _is_settled(name, in_force, inventory)
    )
    if waiting:
        yield Lack(_NO_DOCUMENT, waiting)
    if inventory.organisation.system_level is None:
        yield Lack(_NO_LEVEL)
    ended = tuple(
        f"{one.requirement} {one.subject} ({one.number})"
        for one in inventory.waivers
        if one.expires < today
    )
    if ended:
        yield Lack(_ENDED_WAIVERS, ended)


def _is_settled(requirement: str, in_force: list[Attestation], inventory: Inventory) -> bool:
    """A document speaks of the whole system, or of every site that is asked about."""
    subjects = {a.subject for a in in_force if a.requirement == requirement}
    if WHOLE_SYSTEM in subjects or requirement.startswith("D12."):
        return WHOLE_SYSTEM in subjects
    equipped = {device.site for device in inventory.devices if device.kind in {"mcu", "vcs"}}
    return all(
        site.id in subjects
        for site in inventory.sites
        if site.id in equipped and _is_asked(requirement, site)
    )


def _is_asked(requirement: str, site: Site) -> bool:
    """Some clauses are about the province alone, some about all others."""
    if requirement.startswith("D10.2a-"):
        return site.level == "province"
    return site.level != "province" or not requirement.startswith(("D10.2b-", "D10.2c-"))


def _unpinned(device: Device) -> bool:
    return _logs_in(device) and device.host_key is None and device.certificate is None


def _logs_in(device: Device) -> bool:
    """There is a door with an identity to pin: SNMP has none."""
    credential = device.credential
    return credential is None or bool(credential.username)


def _without_record(device: Device) -> bool:
    return device.kind in {"mcu", "vcs"} and (
        device.commissioned is None or device.hardening_review is None
    )


def _without_secret(device: Device) -> bool:
    credential = device.credential
    return credential is None or not any(_references(credential))


def _of_secrets(inventory: Inventory, base: Path) -> Iterator[Lack]:
    """References that lead nowhere, each once; the secrets themselves are dropped at once."""
    users: dict[str, list[str]] = {}
    holders = [(device.id, device.credential) for device in inventory.devices]
    holders += [(point.id, point.credential) for point in inventory.vantage_points]
    for own_id, credential in holders:
        for reference in _references(credential):
            users.setdefault(reference, []).append(own_id)
    for reference, about in users.items():
        if in_vault(reference) is not None:
            continue  # nobody has opened the vault here
        try:
            resolve(reference, base)
        except SecretError as error:
            yield Lack(error.reason, tuple(about))


def _references(credential: Credential | None) -> Iterator[str]:
    if credential is None:
        return
    references = (
        credential.password,
        credential.private_key,
        credential.snmp_community,
        credential.snmp_authentication_key,
        credential.snmp_privacy_key,
    )
    yield from (reference for reference in references if reference is not None)


_NO_OUTSIDE = Text(
    vi="không có điểm quét ở bên ngoài (outside): D10.1-e chỉ dựa vào cấu hình tường lửa",
    en="no vantage point outside: D10.1-e rests on the firewall's configuration alone",
)
_NO_OFFICE = Text(
    vi="không có điểm quét ở mạng văn phòng (office): D10.1-b, D10.1-g thiếu kiểm chứng",
    en="no vantage point in an office network: D10.1-b and D10.1-g are not verified from there",
)
_NO_LOG_SERVER = Text(
    vi="không có máy chủ nhật ký (log_server): D12.3-a, D12.5 chưa xác định được",
    en="no log server: D12.3-a and D12.5 cannot be determined",
)
_NO_CATALOGUE = Text(
    vi="không có danh mục phiên bản phần mềm (catalogue): D11.3-a chưa xác định được",
    en="no firmware catalogue: D11.3-a cannot be determined",
)
_NO_MANAGEMENT = Text(
    vi="danh sách địa chỉ quản trị (allowlist: management) còn trống",
    en="the list of management addresses (allowlist: management) is empty",
)
_NO_SERVICES = Text(
    vi="danh sách dịch vụ được phép (allowlist: services) còn trống",
    en="the list of permitted services (allowlist: services) is empty",
)
_NOT_APPROVED = Text(
    vi="danh sách cho phép chưa có văn bản phê duyệt (allowlist: approved)",
    en="no document approves the allow list (allowlist: approved)",
)
_NO_IN_USE = Text(
    vi="chưa ghi ngày đưa hệ thống vào sử dụng (organisation: in_use_since) cho D12.2-a",
    en="the day of first use (organisation: in_use_since) is missing, D12.2-a needs it",
)
_NO_GATEWAY = Text(
    vi="vùng truyền hình hội nghị chưa ghi thiết bị định tuyến (gateway) và giao diện"
    " (interface): D10.1 chưa xác định được",
    en="conferencing zones without gateway and interface: D10.1 cannot be determined",
)
_NO_DOCUMENT = Text(
    vi="chưa có văn bản xác nhận còn hiệu lực (attestations, lệnh hnth attest)",
    en="no document in force vouches for these requirements (attestations, hnth attest)",
)
_NO_LEVEL = Text(
    vi="chưa khai báo cấp độ của hệ thống (organisation: system_level): D12.1-a chưa xác định được",
    en="the level of the system (organisation: system_level) is missing: D12.1-a cannot be"
    " determined",
)
_ENDED_WAIVERS = Text(
    vi="chấp thuận ngoại lệ đã hết hạn (waivers): không còn được xét",
    en="approved exceptions that have ended (waivers): they count no more",
)
_DEVICE_NEEDS: tuple[tuple[Callable[[Device], bool], Text], ...] = (
    (
        lambda device: device.platform is None,
        Text(vi="chưa ghi dòng thiết bị (platform)", en="no device family (platform)"),
    ),
    (
        _without_secret,
        Text(
            vi="chưa có thông tin đăng nhập (credential): không đọc được cấu hình",
            en="no credential: the configuration cannot be read",
        ),
    ),
    (
        _unpinned,
        Text(
            vi="chưa ghim khóa SSH (host_key) hoặc chứng thư số (certificate): hnth không"
            " đăng nhập",
            en="neither host_key nor certificate is pinned: hnth does not log in",
        ),
    ),
    (
        _without_record,
        Text(
            vi="thiếu ngày đưa vào sử dụng (commissioned) hoặc biên bản rà soát"
            " (hardening_review) cho D11.1-a",
            en="commissioned or hardening_review is missing, D11.1-a needs them",
        ),
    ),
)
