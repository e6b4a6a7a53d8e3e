"""The province as it should be: the situation from which every fault departs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.filters import compliant_permits
from lab.situation import Forwarding, Reservation, Situation
from lab.topology import FIREWALL, FIREWALL_ON_TSLCD, PROVINCE, Plan

MANAGEMENT = ("10.67.20.5", "10.67.20.10")
"""Addresses from which devices are administered."""

SOFTWARE: Mapping[str, tuple[str, str, str]] = {
    "mcu-tinh": ("cisco-cms", "Cisco Meeting Server", "3.9"),
    "vcs-chau-phu": ("cisco-roomos", "Cisco Webex Room Kit", "ce11.28.1.5.04b277ca762"),
    "vcs-chau-phu-2": ("polycom-group", "RealPresence Group 500", "6.2.2.8"),
    "vcs-thoai-son": ("polycom-group", "RealPresence Group 500", "6.2.2.8"),
    "vcs-vinh-trach": ("huawei-te", "TE40", "V500R019C00SPC600"),
    "expressway-phong-may": ("cisco-expressway", "TANDBERG VCS", "X14.3.4"),
    "studio-phong-may": ("poly-studio", "StudioX50", "4.1.0"),
    "trio-phong-may": ("poly-trio", "Trio 8800", "7.2.2.1094"),
    "mcu-phong-may": ("cisco-mcu", "Cisco TelePresence MCU 4510", "4.5(1.89)"),
    "rmx-phong-may": ("polycom-rmx", "RMX 2000", "8.5.21"),
    "hdx-phong-may": ("polycom-hdx", "HDX 8000 HD", "3.1.14"),
    "lifesize-phong-may": ("lifesize", "Room 220", "LS_RM1_4.7.18 (4)"),
    "pexip-phong-may": ("pexip", "Pexip Infinity", "35 (82080.0.0)"),
    "vp-phong-may": ("huawei-vp", "VP9660", "V600R006C10"),
}
"""Family, model and software of each simulated device; the newest in the lab's catalogue."""

_HOSTS = list(MANAGEMENT)

STATES: Mapping[str, Mapping[str, Any]] = {
    "mcu-tinh": {
        "accounts": [
            {"name": "kiemtra", "role": "admin", "hosts": _HOSTS},
            {"name": "quantri", "role": "admin", "hosts": _HOSTS},
            {"name": "giamsat", "role": "audit", "hosts": _HOSTS},
            {"name": "lichhop", "role": "api", "hosts": _HOSTS},
        ],
    },
    "vcs-chau-phu-2": {"own_address": "10.67.101.11/24"},
    "vcs-thoai-son": {"own_address": "10.67.102.10/24"},
    "vcs-chau-phu": {
        "accounts": [
            {"name": "kiemtra", "roles": ["Admin", "Audit"]},
            {"name": "quantri", "roles": ["Admin", "User"]},
            {"name": "nguoidung", "roles": ["User"]},
        ],
        "syslog": {"address": "10.67.30.10", "port": 514, "protocol": "Auto"},
    },
    "studio-phong-may": {"own_address": "10.67.104.11/24", "accounts": {"admin": "kiemtra"}},
    "trio-phong-may": {"own_address": "10.67.104.12/24", "gateway": "10.67.104.1"},
    "rmx-phong-may": {"snmp": {"user": "kiemtra"}},
    "vp-phong-may": {"snmp": {"user": "kiemtra"}},
    "hdx-phong-may": {"own_address": "10.67.104.15/24"},
    "pexip-phong-may": {
        "nodes": [{"name": "node-1", "enable_ssh": "OFF", "snmp_mode": "DISABLED"}],
    },
}
"""Keys of the compliant state that differ from the family's defaults."""


def state_of(device_id: str) -> Mapping[str, Any]:
    """The compliant state of a simulated device, without its login."""
    family, model, software = SOFTWARE[device_id]
    return {"family": family, "model": model, "software": software, **STATES.get(device_id, {})}


def _routes(plan: Plan) -> Mapping[str, Mapping[str, str]]:
    routes: dict[str, Mapping[str, str]] = {
        router: {"default": str(FIREWALL_ON_TSLCD)} for router in plan.uplinks
    }
    routes[FIREWALL] = {
        str(z.prefix): str(plan.uplinks[z.gateway]) for z in plan.zones if z.gateway != FIREWALL
    }
    return routes


RESERVED_KBPS = 2000
"""For each end that a line leads to."""


def _reserved(plan: Plan) -> Mapping[str, Reservation]:
    """Every packet filter keeps enough on its line; that of the province for each site."""
    found = {}
    for host in plan.filters:
        near = tuple(z.prefix for z in plan.zones if z.gateway == host.id and z.kind == "hnth")
        far = tuple(prefix for prefix in plan.hnth if prefix not in near)
        ends = len(far) if host.id == FIREWALL else 1
        found[host.id] = Reservation("tslcd", RESERVED_KBPS * ends, near, far)
    return found


def compliant(plan: Plan = PROVINCE) -> Situation:
    """The province with nothing wrong in it."""
    return Situation(
        plan=plan,
        devices={h.id: state_of(h.id) for h in plan.devices},
        forwarding={h.id: Forwarding(compliant_permits(plan, h.id)) for h in plan.filters},
        routes=_routes(plan),
        reserved=_reserved(plan),
    )
