"""The province of the sample report as declared, and where its evidence came from."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from inventory.model import Inventory
from rules.facts import Citation, EvidenceClass

STARTED = datetime(2026, 11, 23, 1, 5, 12, tzinfo=UTC)

SITES = {
    "trung-tam": ("Trung tâm dữ liệu tỉnh", "province"),
    "chau-phu": ("Điểm cầu Châu Phú", "district"),
    "thoai-son": ("Điểm cầu Thoại Sơn", "district"),
    "vinh-trach": ("Điểm cầu xã Vĩnh Trạch", "commune"),
}

DEVICES = {
    "mcu-tinh": ("mcu", "trung-tam", "10.67.10.10", "Meeting Server 1000"),
    "vcs-chau-phu": ("vcs", "chau-phu", "10.67.101.10", "Room Kit"),
    "vcs-chau-phu-2": ("vcs", "chau-phu", "10.67.101.11", "Group 310"),
    "vcs-thoai-son": ("vcs", "thoai-son", "10.67.102.10", "Group 500"),
    "vcs-vinh-trach": ("vcs", "vinh-trach", "10.67.103.10", "TE40"),
    "fw-tinh": ("firewall", "trung-tam", "10.67.20.1", None),
    "r-chau-phu": ("router", "chau-phu", "172.16.0.11", None),
    "r-thoai-son": ("router", "thoai-son", "172.16.0.12", None),
    "r-vinh-trach": ("router", "vinh-trach", "172.16.0.13", None),
    "log-tinh": ("server", "trung-tam", "10.67.30.10", None),
}

ZONES = {
    "hnth-tinh": ("hnth", "trung-tam", "10.67.10.0/24"),
    "hnth-chau-phu": ("hnth", "chau-phu", "10.67.101.0/24"),
    "hnth-thoai-son": ("hnth", "thoai-son", "10.67.102.0/24"),
    "hnth-vinh-trach": ("hnth", "vinh-trach", "10.67.103.0/24"),
}


def inventory() -> Inventory:
    return Inventory.model_validate(
        {
            "organisation": {
                "name": "Trung tâm Công nghệ thông tin",
                "superior": "Sở Khoa học và Công nghệ",
                "province": "An Giang",
                "place": "An Giang",
            },
            "approval": {
                "number": "123/QĐ-SKHCN",
                "issued": date(2026, 11, 2),
                "signer": "Giám đốc",
                "valid_from": date(2026, 11, 10),
                "valid_to": date(2026, 12, 10),
            },
            "sites": [{"id": i, "name": n, "level": level} for i, (n, level) in SITES.items()],
            "zones": [
                {"id": i, "kind": kind, "site": site, "prefixes": [prefix]}
                for i, (kind, site, prefix) in ZONES.items()
            ]
            + [
                {"id": "quantri", "kind": "management", "prefixes": ["10.67.20.0/24"]},
                {"id": "vanphong-tinh", "kind": "office", "prefixes": ["10.67.40.0/24"]},
                {"id": "internet", "kind": "outside", "prefixes": ["203.0.113.0/24"]},
            ],
            "devices": [
                {"id": i, "kind": kind, "site": site, "address": address, "model": model}
                for i, (kind, site, address, model) in DEVICES.items()
            ],
            "vantage_points": [
                {"id": "may-quet", "zone": "quantri"},
                {
                    "id": "pc-van-phong",
                    "zone": "vanphong-tinh",
                    "via": "ssh",
                    "address": "10.67.40.50",
                },
                {"id": "ben-ngoai", "zone": "internet", "via": "ssh", "address": "203.0.113.50"},
            ],
        }
    )


def digest(source: str, device: str) -> str:
    return hashlib.sha256(f"{device}\n{source}".encode()).hexdigest()


def cite(
    device: str,
    evidence_class: EvidenceClass,
    source: str,
    line: int | None = None,
    text: str = "",
    vantage: str = "may-quet",
) -> Citation:
    return Citation(
        evidence_class,
        source,
        line,
        text,
        digest(source, device),
        vantage,
        STARTED + timedelta(minutes=2 * list(DEVICES).index(device)),
    )
