"""A small province in which every requirement that is judged automatically is met."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_network
from typing import Any, get_args

from inventory.model import Attestable
from inventory.text import Text
from rules.crypto_facts import SshOffer, TlsOffer
from rules.facts import Currency, LogRetention, ManagementInterface, NeededPort, SyslogTarget
from rules.network_facts import QosClass
from tests.rules.values import (
    TODAY,
    account,
    certificate,
    filters,
    from_office,
    from_outside,
    handed_in,
    interfaces,
    neighbour,
    ports,
    region,
    route,
    rule,
    scan,
    source,
)

ESTABLISHED = rule(line=1, states=("established", "related"))
HNTH = ("10.67.10.0/24", "10.67.101.0/24")
CENTRAL_RULES = (
    ESTABLISHED,
    rule(line=2, in_interfaces=("quantri",), sources=("10.67.20.5/32",)),
    rule(
        line=3,
        in_interfaces=("quantri",),
        out_interfaces=("hnth",),
        destinations=("10.67.10.10/32",),
        protocol="tcp",
        ports=(22, 445),
    ),
    rule(line=4, sources=HNTH, destinations=HNTH, protocol="tcp", ports=(5060, 5061)),
)
SITE_RULES = (
    ESTABLISHED,
    rule(line=2, in_interfaces=("tslcd",), sources=("10.67.20.5/32",)),
    rule(line=3, sources=HNTH, destinations=HNTH, protocol="tcp", ports=(5060, 5061)),
)


SENDERS = ("fw", "router", "mcu", "vcs")
RECORDS = tuple(source(s, k) for s in SENDERS for k in ("monitoring", "alert"))
RETENTION = tuple(LogRetention(k, 189, "weekly, rotate 27") for k in ("monitoring", "alert"))

_POLICY = {"min_length": 8, "digits": 1, "lowercase": 1, "uppercase": 1, "special": 1}


STRONG_SUITE = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
STRONG_SSH = SshOffer(
    *(22, "2.0", ("curve25519-sha256",), ("ssh-ed25519",), ("aes256-ctr",)),
    *(("hmac-sha2-256-etm@openssh.com",), ("none",)),
)


def _conferencing() -> dict[str, Any]:
    """Facts of an MCU or VCS with nothing wrong."""
    needed = tuple(
        NeededPort("tcp", port, port, Text(vi="thử", en="test")) for port in (22, 443, 445, 5061)
    )
    return {
        "identity.model": "Model",
        **{f"service.{name}.enabled": False for name in ("telnet", "http", "ftp", "tftp")},
        **{f"service.{name}.enabled": False for name in ("snmp", "upnp")},
        "management.idle_timeout_s": 600,
        "management.lockout_attempts": 5,
        "management.interfaces": (
            ManagementInterface("ssh", 22, True, True),
            ManagementInterface("https", 445, True, True),
        ),
        **{f"password_policy.{name}": least for name, least in _POLICY.items()},
        "accounts": (
            account("quantri", administrator=True, password_set=True),
            account("giamsat", administrator=False, password_set=True),
        ),
        "call.encryption": "required",
        "call.auto_answer": False,
        "call.far_end_camera": False,
        "sip.encryption": "required",
        "serial_port.access": "login",
        "debug.enabled": False,
        "support_access.enabled": False,
        "boot.verified": True,
        "accounts.unused": (),
        "tls.certificates": (certificate(),),
        "tls.algorithms": (TlsOffer(445, ("TLSv1.2", "TLSv1.3"), (STRONG_SUITE,)),),
        "ssh.algorithms": (STRONG_SSH,),
        "ntp.servers": ("10.67.30.10",),
        "syslog.targets": (SyslogTarget("10.67.30.10"),),
        "ports.tcp": scan(22, 445, 5061),
        "ports.udp": scan(protocol="udp", scanned=ports(69, 161, 1900)),
        "needed_ports": needed,
        "exposure": (from_office(), from_outside()),
        "software.currency": Currency("2.0", "2.0", date(2026, 10, 1), TODAY, 0),
    }


def kept(interface: str, *ends: str, kbps: int | None = 2000, **rest: Any) -> QosClass:
    """A class that keeps bandwidth for what goes from the first prefix to the second."""
    usual = {"direction": "out", "name": "HNTH", "line": 7, "text": f"bandwidth {kbps}"}
    matches = (region(*ends),) if ends else ()
    return QosClass(
        **{**usual, "matches": matches, **rest}, interface=interface, reserved_kbps=kbps
    )


def plain_facts() -> dict[str, dict[str, Any]]:
    """Facts of every device, the passwords of all accounts handed in among them."""
    named = {"identity.model": "Model", "software.version": "2.0"}
    told = _told().items()
    return {where: {**named, **facts, **_passwords(where, facts)} for where, facts in told}


def _passwords(where: str, facts: dict[str, Any]) -> dict[str, Any]:
    accounts = facts.get("accounts", (account("quantri"),))
    tested = (handed_in(a.name, digest=f"key:{where}-{a.name}") for a in accounts)
    return {"accounts": accounts, "tested_passwords": tuple(tested)}


def _told() -> dict[str, dict[str, Any]]:
    syslog = {"syslog.targets": (SyslogTarget("10.67.30.10"),)}
    return {
        "mcu": {
            **_conferencing(),
            "management.allowlist": (ip_network("10.67.20.5/32"), ip_network("10.67.20.10/32")),
        },
        "vcs": _conferencing(),
        "fw": {
            **syslog,
            "interfaces": interfaces(
                hnth="10.67.10.1/24",
                quantri="10.67.20.1/24",
                maychu="10.67.30.1/24",
                vanphong="10.67.40.1/24",
                tslcd="172.16.0.1/24",
                internet="203.0.113.1/24",
            ),
            "neighbours": (neighbour("10.67.10.10"),),
            "routes": (
                route("10.67.10.0/24", None, "hnth"),
                route("10.67.101.0/24", "172.16.0.11", "tslcd"),
                route("10.67.201.0/24", "172.16.0.11", "tslcd"),
                route("0.0.0.0/0", "203.0.113.254", "internet"),
            ),
            "filters": filters(*CENTRAL_RULES),
            "qos.classes": (kept("tslcd", *HNTH),),
            "exposure": (from_office(), from_outside()),
        },
        "router": {
            **syslog,
            "interfaces": interfaces(
                hnth="10.67.101.1/24", vanphong="10.67.201.1/24", tslcd="172.16.0.11/24"
            ),
            "neighbours": (neighbour("10.67.101.10"),),
            "routes": (
                route("10.67.101.0/24", None, "hnth"),
                route("0.0.0.0/0", "172.16.0.1", "tslcd"),
            ),
            "filters": filters(*SITE_RULES),
            "qos.classes": (kept("tslcd", *reversed(HNTH)),),
        },
        "log": {"logs.sources": RECORDS, "logs.retention": RETENTION},
    }


def _zone(id: str, kind: str, prefix: str, gateway: str, interface: str) -> dict[str, Any]:
    return {
        "id": id,
        "kind": kind,
        "prefixes": [prefix],
        "gateway": gateway,
        "interface": interface,
    }


def _service(id: str, sources: list[str], destinations: list[str], *numbers: str) -> dict[str, Any]:
    return {
        "id": id,
        "sources": sources,
        "destinations": destinations,
        "protocol": "tcp",
        "ports": list(numbers),
    }


_REVIEW = {"number": "RS-01", "issued": "2022-03-01"}
_USED = {
    "commissioned": "2022-03-15",
    "hardening_review": _REVIEW,
    "commissioning_record": {"number": "BB-01", "issued": "2022-03-15"},
    "commissioned_version": "2.0",
}


def declared(**changes: Any) -> dict[str, Any]:
    """The inventory as plain data; `changes` replaces whole sections."""
    hnth = ["hnth-tinh", "hnth-chau-phu"]
    base: dict[str, Any] = {
        "organisation": {
            "name": "Đơn vị",
            "province": "An Giang",
            "in_use_since": "2019-06-01",
            "system_level": 3,
        },
        "sites": [
            {"id": "trung-tam", "name": "Trung tâm", "level": "province"},
            {"id": "chau-phu", "name": "Châu Phú", "level": "district"},
        ],
        "zones": [
            _zone("hnth-tinh", "hnth", "10.67.10.0/24", "fw", "hnth"),
            _zone("quantri", "management", "10.67.20.0/24", "fw", "quantri"),
            _zone("maychu", "server", "10.67.30.0/24", "fw", "maychu"),
            _zone("vanphong", "office", "10.67.40.0/24", "fw", "vanphong"),
            _zone("tslcd", "tslcd", "172.16.0.0/24", "fw", "tslcd"),
            _zone("internet", "outside", "203.0.113.0/24", "fw", "internet"),
            _zone("hnth-chau-phu", "hnth", "10.67.101.0/24", "router", "hnth"),
            _zone("vanphong-chau-phu", "office", "10.67.201.0/24", "router", "vanphong"),
        ],
        "devices": [
            device("mcu", "mcu", "trung-tam", "10.67.10.10", **_USED),
            device("vcs", "vcs", "chau-phu", "10.67.101.10", **_USED),
            device("fw", "firewall", "trung-tam", "10.67.20.1", commissioned="2021-01-01"),
            device("router", "router", "chau-phu", "172.16.0.11", commissioned="2021-01-01"),
            device("log", "server", "trung-tam", "10.67.30.10", log_server=True),
        ],
        "allowlist": {
            "approved": {"number": "12/QĐ", "issued": "2026-01-05"},
            "services": [
                _service("quan-tri", ["quantri"], ["mcu"], "22", "445"),
                _service("hoi-nghi", hnth, hnth, "5060-5061"),
            ],
            "management": ["10.67.20.5/32", "10.67.20.10/32"],
        },
        "vantage_points": [
            {"id": "may-quet", "zone": "quantri", "address": "10.67.20.5"},
            {"id": "pc-van-phong", "zone": "vanphong", "via": "ssh", "address": "10.67.40.50"},
            {"id": "ben-ngoai", "zone": "internet", "via": "ssh", "address": "203.0.113.50"},
        ],
        "attestations": [confirmation(requirement) for requirement in get_args(Attestable)],
        "past_checks": [
            {"ended": "2026-05-01", "document": {"number": "BC-1", "issued": "2026-05-02"}}
        ],
    }
    return {**base, **changes}


def confirmation(requirement: str, **changes: Any) -> dict[str, Any]:
    """A document on every site, or on the whole system."""
    own: dict[str, dict[str, Any]] = {
        "D10.2-c": {"committed_kbps": 4000, "committed_back_kbps": 4000},
        "D10.2b-a": {"standard": "TCVN 1"},
        "D10.2c-a": {"first_connected": "2026-07-01"},
    }
    return {
        "requirement": requirement,
        "subject": "system",
        "issuer": "Đơn vị viễn thông",
        "number": f"XN-{requirement}",
        "issued": "2026-06-01",
        "signer": "Giám đốc",
        "sha256": "ab" * 32,
        "entered_by": "Cán bộ đầu mối",
        **own.get(requirement, {}),
        **changes,
    }


def device(id: str, kind: str, site: str, address: str, **rest: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"log_name": id}
    if kind in {"mcu", "vcs"}:
        usual["password_policy_since"] = "2026-08-01"
    return {"id": id, "kind": kind, "site": site, "address": address, **usual, **rest}


def with_device(id: str, **changes: Any) -> dict[str, Any]:
    """The inventory with one device declared differently."""
    base = declared()
    base["devices"] = [{**d, **changes} if d["id"] == id else d for d in base["devices"]]
    return base


def with_zone(id: str, **changes: Any) -> dict[str, Any]:
    """The inventory with one zone declared differently."""
    base = declared()
    base["zones"] = [{**z, **changes} if z["id"] == id else z for z in base["zones"]]
    return base


def with_site(id: str, **changes: Any) -> dict[str, Any]:
    """The inventory with one site declared differently."""
    base = declared()
    base["sites"] = [{**s, **changes} if s["id"] == id else s for s in base["sites"]]
    return base
