"""The inventory of the lab: what its owner would declare, pins and credentials included."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from lab.compliant import MANAGEMENT, SOFTWARE
from lab.devices import certificate, state
from lab.faults import situation_with
from lab.folders import Folders
from lab.keys import fingerprint, keep_key, write_private
from lab.programs import audit_password, snmp_keys
from lab.records import LOCAL_TIME
from lab.situation import AUDIT_USER, Situation
from lab.topology import LOG_SERVER, MCU, PROVINCE, SCANNER_ADDRESS, Host, Plan, Zone

_COMMISSIONED = date(2022, 3, 15)
_REVIEWED = date(2022, 3, 1)
_POLICY_AGE = timedelta(days=120)

_NAMES: Mapping[str, tuple[str, str, str]] = {
    "fw-tinh": ("firewall", "trung-tam", "Tường lửa của tỉnh"),
    "r-chau-phu": ("router", "chau-phu", "Bộ định tuyến Châu Phú"),
    "r-thoai-son": ("router", "thoai-son", "Bộ định tuyến Thoại Sơn"),
    "r-vinh-trach": ("router", "vinh-trach", "Bộ định tuyến Vĩnh Trạch"),
    "log-tinh": ("server", "trung-tam", "Máy chủ nhật ký"),
    "mcu-tinh": ("mcu", "trung-tam", "MCU của tỉnh"),
    "vcs-chau-phu": ("vcs", "chau-phu", "Thiết bị đầu cuối Châu Phú, phòng họp 1"),
    "vcs-chau-phu-2": ("vcs", "chau-phu", "Thiết bị đầu cuối Châu Phú, phòng họp 2"),
    "vcs-thoai-son": ("vcs", "thoai-son", "Thiết bị đầu cuối Thoại Sơn"),
    "vcs-vinh-trach": ("vcs", "vinh-trach", "Thiết bị đầu cuối Vĩnh Trạch"),
    "r-phong-may": ("router", "phong-may", "Bộ định tuyến phòng máy"),
    "expressway-phong-may": ("mcu", "phong-may", "Máy chủ điều khiển cuộc gọi Expressway"),
    "mcu-phong-may": ("mcu", "phong-may", "MCU dòng Cisco TelePresence MCU"),
    "rmx-phong-may": ("mcu", "phong-may", "MCU dòng Polycom RMX"),
    "vp-phong-may": ("mcu", "phong-may", "MCU dòng Huawei VP9600"),
    "pexip-phong-may": ("mcu", "phong-may", "MCU phần mềm Pexip Infinity"),
    "hdx-phong-may": ("vcs", "phong-may", "Thiết bị đầu cuối Polycom HDX"),
    "studio-phong-may": ("vcs", "phong-may", "Thiết bị đầu cuối Poly Studio"),
    "trio-phong-may": ("vcs", "phong-may", "Điện thoại hội nghị Poly Trio"),
    "lifesize-phong-may": ("vcs", "phong-may", "Thiết bị đầu cuối Lifesize"),
}
"""Kind, site and name of every host that is declared as a device."""

_OVER_SNMP = frozenset({"huawei-vp", "polycom-rmx"})
"""Families that are read over SNMP and have no login of their own here."""
_WITHOUT_SSH = frozenset(
    {*_OVER_SNMP, "cisco-mcu", "huawei-te", "pexip", "poly-trio", "polycom-hdx"}
)


def write(directory: Path, faults: Iterable[str], now: datetime, plan: Plan = PROVINCE) -> Path:
    """`inventory.yaml`, the catalogue beside it and the files with the secrets, fitting the faults.

    The pins are those that the hosts show; secrets are readable by their owner alone.
    """
    folders = Folders(directory)
    folders.make()
    situation = situation_with(faults, plan)
    today = now.astimezone(LOCAL_TIME).date()
    keep_key(folders.audit_key)
    _write_yaml(directory / "firmware.yaml", _catalogue(plan, today))
    devices = [_device(folders, situation, h, today) for h in plan.hosts if h.id in _NAMES]
    content = {
        **_permission(today),
        "sites": [{"id": s.id, "name": s.name, "level": s.level} for s in plan.sites],
        "zones": [_zone(z) for z in plan.zones],
        "devices": devices,
        "allowlist": _allowlist(plan, today),
        "vantage_points": _vantage_points(plan, folders),
        "calendar": _calendar(today),
        "past_checks": [_past_check(situation, today)],
        "attestations": [_confirmation(id, text, today) for id, text in _CONFIRMED.items()],
        "catalogue": "firmware.yaml",
        "scan": {"rate_kbps": 20000, "parallel_sites": len(plan.sites)},
    }
    path = directory / "inventory.yaml"
    _write_yaml(path, content)
    return path


_COMMENTS: Mapping[str, str] = {
    "organisation": "Mạng thử nghiệm: đơn vị và số liệu dưới đây không có thật.",
    "scan": "Mạng thử nghiệm không có cuộc họp nào nên được quét nhanh; mặc định là 64 kbit/s.",
}


class _ByHand(yaml.SafeDumper):
    """Repeats a value rather than referring back to it, as a person would."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """One section after the other, readable as if written by hand."""
    parts = []
    for name, value in content.items():
        comment = f"# {_COMMENTS[name]}\n" if name in _COMMENTS else ""
        section = yaml.dump(
            {name: value}, Dumper=_ByHand, allow_unicode=True, sort_keys=False, width=100
        )
        parts.append(comment + section)
    path.write_text("\n".join(parts), encoding="utf-8")


def _permission(today: date) -> dict[str, Any]:
    return {
        "organisation": {
            "name": "Đơn vị vận hành mạng thử nghiệm",
            "short_name": "Mạng thử nghiệm",
            "province": "An Giang",
            "in_use_since": date(2019, 6, 1),
        },
        "approval": {
            "number": "01/KH-THU-NGHIEM",
            "issued": today - timedelta(days=10),
            "signer": "Giám đốc",
            "valid_from": today - timedelta(days=7),
            "valid_to": today + timedelta(days=60),
            "scope": "Toàn bộ mạng thử nghiệm",
            "source_addresses": [str(SCANNER_ADDRESS)],
            "contact": "Cán bộ đầu mối",
        },
    }


def _zone(zone: Zone) -> dict[str, Any]:
    declared: dict[str, Any] = {"id": zone.id, "name": zone.name, "kind": zone.kind}
    if zone.site:
        declared["site"] = zone.site
    return {
        **declared,
        "prefixes": [str(zone.prefix)],
        "gateway": zone.gateway,
        "interface": zone.interface,
    }


def _device(folders: Folders, situation: Situation, host: Host, today: date) -> dict[str, Any]:
    kind, site, name = _NAMES[host.id]
    declared: dict[str, Any] = {
        "id": host.id,
        "name": name,
        "kind": kind,
        "site": site,
        "address": str(situation.address(host.id)),
        "platform": host.family or "linux",
        "commissioned": _COMMISSIONED,
        "log_name": host.id,
    }
    if host.id == LOG_SERVER:
        declared["log_server"] = True
    if host.family not in _WITHOUT_SSH:
        declared["host_key"] = fingerprint(keep_key(folders.host_key(host.id)))
    if host.family is None:
        declared["credential"] = {"username": AUDIT_USER, "private_key": "file:secrets/audit-key"}
    else:
        declared |= _conferencing(folders, situation, host, today)
    return declared


def _conferencing(
    folders: Folders, situation: Situation, host: Host, today: date
) -> dict[str, Any]:
    review = {
        "number": f"RS-{host.id}",
        "issued": _REVIEWED,
        "signer": "Trưởng phòng kỹ thuật",
        "subject": "Biên bản rà soát cấu hình an toàn thông tin trước khi đưa vào sử dụng",
    }
    return {
        "model": SOFTWARE[host.id][1],
        **(_snmp if host.family in _OVER_SNMP else _login)(folders, situation, host),
        "certificate": _pin(folders, situation, host),
        "hardening_review": "none" if host.id in situation.declaration.without_review else review,
        "password_policy_since": today - _POLICY_AGE,
    }


def _login(folders: Folders, situation: Situation, host: Host) -> dict[str, Any]:
    secret = folders.password_file(host.id)
    write_private(secret, f"{audit_password(folders, situation, host.id)}\n".encode())
    return {"credential": {"username": AUDIT_USER, "password": f"file:secrets/{secret.name}"}}


def _snmp(folders: Folders, _situation: Situation, host: Host) -> dict[str, Any]:
    """The account of SNMP version 3, and the port that it needs."""
    credential = {"snmp_user": AUDIT_USER, "snmp_authentication": "SHA-256"}
    for name, key in snmp_keys(folders, host.id).items():
        secret = folders.secrets / f"{host.id}.{name}"
        write_private(secret, f"{key}\n".encode())
        credential[f"snmp_{name}"] = f"file:secrets/{secret.name}"
    purpose = "đọc trạng thái cuộc họp qua SNMP phiên bản 3"
    approved = {"protocol": "udp", "port": 161, "purpose": purpose}
    return {"credential": credential, "approved_ports": [approved]}


def _pin(folders: Folders, situation: Situation, host: Host) -> str:
    """Fingerprint of the certificate that the device shows in this situation."""
    changes = situation.devices[host.id]
    defaults = getattr(state.family_module(host.family), "DEFAULTS", {})
    asked = state.merged(defaults, changes)
    return certificate.for_state(folders.state(host.id), asked).fingerprint


def _service(
    id: str,
    purpose: str,
    sources: list[str],
    destinations: list[str],
    ports: Mapping[str, list[str]],
) -> list[dict[str, Any]]:
    """One entry per protocol."""
    return [
        {
            "id": f"{id}-{protocol}",
            "purpose": purpose,
            "sources": sources,
            "destinations": destinations,
            "protocol": protocol,
            **({"ports": numbers} if numbers else {}),
        }
        for protocol, numbers in ports.items()
    ]


def _allowlist(plan: Plan, today: date) -> dict[str, Any]:
    segments = [z.id for z in plan.zones if z.kind == "hnth"]
    sites = [name for name in segments if name != "hnth-tinh"]
    routers = list(plan.uplinks)
    scanner, workstation = (f"{address}/32" for address in MANAGEMENT)
    everything = {"tcp": ["1-65535"], "udp": ["1-65535"], "icmp": []}
    signalling = {"tcp": ["1720", "5060", "5061"], "udp": ["1719", "5060", "49152-65535"]}
    records = {"udp": ["514"], "tcp": ["514"]}
    audited = [*segments, "maychu", "vanphong-tinh", "tslcd", "internet"]
    return {
        "approved": {
            "number": "02/DS-THU-NGHIEM",
            "issued": today - timedelta(days=100),
            "signer": "Giám đốc",
            "subject": "Danh sách dịch vụ và địa chỉ được phép kết nối",
        },
        "services": [
            *_service("kiem-tra", "Máy quét kiểm tra an toàn", [scanner], audited, everything),
            *_service("quan-tri-mcu", "Quản trị MCU", ["quantri"], [MCU], {"tcp": ["22", "445"]}),
            *_service(
                "quan-tri-vcs",
                "Quản trị thiết bị đầu cuối",
                [workstation],
                sites,
                {"tcp": ["22", "443"]},
            ),
            *_service(
                "quan-tri-mang",
                "Quản trị thiết bị mạng và máy chủ nhật ký",
                [workstation],
                [*routers, LOG_SERVER],
                {"tcp": ["22"]},
            ),
            *_service("hoi-nghi", "Báo hiệu, âm thanh, hình ảnh", segments, segments, signalling),
            *_service("nhat-ky", "Gửi nhật ký", [*segments, *routers], [LOG_SERVER], records),
        ],
        "management": [scanner, workstation],
    }


def _vantage_points(plan: Plan, folders: Folders) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = [{"id": "may-quet", "zone": "quantri", "via": "local"}]
    for host in plan.hosts:
        if host.role == "workstation" and host.sshd:
            (_, place), *_ = host.interfaces
            points.append(
                {
                    "id": host.id,
                    "zone": place.zone,
                    "via": "ssh",
                    "address": str(place.address),
                    "credential": {
                        "username": AUDIT_USER,
                        "private_key": "file:secrets/audit-key",
                    },
                    "host_key": fingerprint(keep_key(folders.host_key(host.id))),
                }
            )
    return points


def _calendar(today: date) -> dict[str, Any]:
    return {
        "confirmed_by": "Cán bộ đầu mối",
        "confirmed_until": today + timedelta(days=30),
        "meetings": [],
    }


def _past_check(situation: Situation, today: date) -> dict[str, Any]:
    ended = today - timedelta(days=situation.declaration.past_check_days)
    return {
        "ended": ended,
        "document": {
            "number": "03/BC-THU-NGHIEM",
            "issued": ended + timedelta(days=5),
            "signer": "Giám đốc",
            "subject": "Báo cáo kiểm tra toàn bộ hệ thống",
        },
    }


_CONFIRMED: Mapping[str, str] = {
    "D10.2-b": "mạng riêng ảo",
    "D10.2-c": "tốc độ cam kết",
    "D10.2-d": "băng thông dành riêng",
    "D10.2a-a": "đấu nối mạng TSLCD",
}
"""Requirements of which the carrier's side is confirmed, and what each document is about."""


def _confirmation(requirement: str, about: str, today: date) -> dict[str, Any]:
    """A document of the carrier on every line of the lab."""
    rates = {"committed_kbps": 4000, "committed_back_kbps": 4000}
    return {
        "requirement": requirement,
        "subject": "system",
        "issuer": "Đơn vị cung cấp đường truyền",
        "number": f"XN-{requirement}",
        "issued": today - timedelta(days=60),
        "signer": "Giám đốc",
        "sha256": hashlib.sha256(about.encode()).hexdigest(),
        "entered_by": "Cán bộ đầu mối",
        **(rates if requirement == "D10.2-c" else {}),
    }


def _catalogue(plan: Plan, today: date) -> dict[str, Any]:
    """The newest releases are those that the compliant devices run."""
    newest = dict.fromkeys(SOFTWARE[device.id] for device in plan.devices)
    releases = [
        {"family": family, "model": model, "version": version, "released": date(2026, 1, 15)}
        for family, model, version in newest
    ]
    return {
        "captured": today,
        "source": "Danh mục của mạng thử nghiệm, không phải danh mục của nhà sản xuất",
        "releases": releases,
    }
