"""The province on paper: segments, hosts and where each host is plugged in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

HostRole = Literal["device", "filter", "server", "workstation"]


@dataclass(frozen=True, slots=True)
class Site:
    id: str
    name: str
    level: Literal["province", "district", "commune"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A segment: one bridge. Its gateway has address .1 on the interface named here."""

    id: str
    name: str
    kind: Literal["hnth", "management", "server", "office", "tslcd", "outside"]
    prefix: IPv4Network
    gateway: str
    interface: str
    site: str | None = None

    @property
    def gateway_address(self) -> IPv4Address:
        return self.prefix[1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an interface is plugged in and the address it has there."""

    zone: str
    address: IPv4Address


@dataclass(frozen=True, slots=True)
class Host:
    """One network namespace. `interfaces` in order; a host with one interface calls it eth0."""

    id: str
    role: HostRole
    interfaces: tuple[tuple[str, Place], ...]
    family: str | None = None
    """Simulated device family; None = a real Linux host."""
    sshd: bool = False


SITES = (
    Site("trung-tam", "Trung tâm dữ liệu tỉnh", "province"),
    Site("chau-phu", "Điểm cầu huyện Châu Phú", "district"),
    Site("thoai-son", "Điểm cầu huyện Thoại Sơn", "district"),
    Site("vinh-trach", "Điểm cầu xã Vĩnh Trạch", "commune"),
)


_ROWS = (
    ("hnth-tinh", "Phân hệ HNTH của tỉnh", "hnth", "10.67.10.0/24", "hnth"),
    ("quantri", "Mạng quản trị", "management", "10.67.20.0/24", "quantri"),
    ("maychu", "Vùng máy chủ", "server", "10.67.30.0/24", "maychu"),
    ("vanphong-tinh", "Mạng văn phòng của tỉnh", "office", "10.67.40.0/24", "vanphong"),
    ("tslcd", "Mạng TSLCD", "tslcd", "172.16.0.0/24", "tslcd"),
    ("internet", "Internet", "outside", "203.0.113.0/24", "internet"),
)


def _provincial_zones() -> Iterator[Zone]:
    for id, name, kind, prefix, interface in _ROWS:
        site = None if kind in {"tslcd", "outside"} else "trung-tam"
        yield Zone(id, name, kind, IPv4Network(prefix), "fw-tinh", interface, site)  # type: ignore[arg-type]


def _site_zones(number: int, site: Site) -> Iterator[Zone]:
    router, place = f"r-{site.id}", site.name.removeprefix("Điểm cầu ")
    segments: tuple[tuple[Literal["hnth", "office"], str, str, int], ...] = (
        ("hnth", "hnth", "Phân hệ HNTH", 100),
        ("office", "vanphong", "Mạng văn phòng", 200),
    )
    for kind, interface, title, base in segments:
        prefix = IPv4Network(f"10.67.{base + number}.0/24")
        yield Zone(
            f"{interface}-{site.id}", f"{title} {place}", kind, prefix, router, interface, site.id
        )


ZONES = (
    *_provincial_zones(),
    *(z for number, site in enumerate(SITES[1:], start=1) for z in _site_zones(number, site)),
)


def zone(zone_id: str) -> Zone:
    """The zone of that id. Raises StopIteration for a name that does not exist."""
    return next(z for z in ZONES if z.id == zone_id)


def _single(id: str, role: HostRole, zone_id: str, address: str, **more: object) -> Host:
    interfaces = (("eth0", Place(zone_id, IPv4Address(address))),)
    return Host(id, role, interfaces, **more)  # type: ignore[arg-type]


def _router(site: str, uplink: str, *spare: tuple[str, Place]) -> Host:
    interfaces = (
        *((z.interface, Place(z.id, z.gateway_address)) for z in ZONES if z.gateway == f"r-{site}"),
        ("tslcd", Place("tslcd", IPv4Address(uplink))),
        *spare,
    )
    return Host(f"r-{site}", "filter", interfaces, sshd=True)


_FIREWALL = Host(
    "fw-tinh",
    "filter",
    tuple((z.interface, Place(z.id, z.gateway_address)) for z in ZONES if z.gateway == "fw-tinh"),
    sshd=True,
)

_SPARE_UPLINK = ("internet", Place("internet", IPv4Address("203.0.113.11")))

HOSTS = (
    _FIREWALL,
    _router(
        "chau-phu", "172.16.0.11", ("internet", Place("internet", IPv4Address("203.0.113.11")))
    ),
    _router("thoai-son", "172.16.0.12"),
    _router("vinh-trach", "172.16.0.13"),
    _single("log-tinh", "server", "maychu", "10.67.30.10", sshd=True),
    _single("mcu-tinh", "device", "hnth-tinh", "10.67.10.10", family="cisco-cms"),
    _single("vcs-chau-phu", "device", "hnth-chau-phu", "10.67.101.10", family="cisco-roomos"),
    _single("vcs-chau-phu-2", "device", "hnth-chau-phu", "10.67.101.11", family="polycom-group"),
    _single("vcs-thoai-son", "device", "hnth-thoai-son", "10.67.102.10", family="polycom-group"),
    _single("vcs-vinh-trach", "device", "hnth-vinh-trach", "10.67.103.10", family="huawei-te"),
    _single("may-quet", "workstation", "quantri", "10.67.20.5"),
    _single("may-quan-tri", "workstation", "quantri", "10.67.20.10"),
    _single("pc-van-phong", "workstation", "vanphong-tinh", "10.67.40.50", sshd=True),
    _single("pc-chau-phu", "workstation", "vanphong-chau-phu", "10.67.201.50"),
    _single("ben-ngoai", "workstation", "internet", "203.0.113.50", sshd=True),
    _single("may-la", "workstation", "hnth-chau-phu", "10.67.101.77"),
)
"""`may-la` is the host that does not belong; its cable is unplugged until a fault plugs it in."""

FOREIGN_HOST = "may-la"
SCANNER = "may-quet"
LOG_SERVER = "log-tinh"
FIREWALL = "fw-tinh"
MCU = "mcu-tinh"

SCANNER_ADDRESS = IPv4Address("10.67.20.5")
ADMIN_ADDRESS = IPv4Address("10.67.20.10")
LOG_ADDRESS = IPv4Address("10.67.30.10")
MCU_ADDRESS = IPv4Address("10.67.10.10")
FIREWALL_ON_TSLCD = IPv4Address("172.16.0.1")
FIREWALL_ON_INTERNET = IPv4Address("203.0.113.1")


def host(host_id: str) -> Host:
    """The host of that id. Raises StopIteration for a name that does not exist."""
    return next(h for h in HOSTS if h.id == host_id)


FILTERS = tuple(h for h in HOSTS if h.role == "filter")
DEVICES = tuple(h for h in HOSTS if h.role == "device")
SENDERS = tuple(h.id for h in HOSTS if h.role != "workstation")
"""Hosts whose records the log server keeps."""
