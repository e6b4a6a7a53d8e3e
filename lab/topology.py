"""The province on paper: segments, hosts and where each host is plugged in.

`PROVINCE` is the small one, four sites with a device of four families, that every fault is tested
in; `WHOLE` has one more site, a room with one device of every further family that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


@dataclass(frozen=True)
class Plan:
    """Everything that is there, by the name of the plan."""

    name: str
    sites: tuple[Site, ...]
    zones: tuple[Zone, ...]
    hosts: tuple[Host, ...]

    def zone(self, zone_id: str) -> Zone:
        """The zone of that id. Raises StopIteration for a name that does not exist."""
        return next(z for z in self.zones if z.id == zone_id)

    def host(self, host_id: str) -> Host:
        """The host of that id. Raises StopIteration for a name that does not exist."""
        return next(h for h in self.hosts if h.id == host_id)

    @property
    def filters(self) -> tuple[Host, ...]:
        return tuple(h for h in self.hosts if h.role == "filter")

    @property
    def devices(self) -> tuple[Host, ...]:
        """The simulated ones."""
        return tuple(h for h in self.hosts if h.role == "device")

    @property
    def senders(self) -> tuple[str, ...]:
        """Hosts whose records the log server keeps."""
        return tuple(h.id for h in self.hosts if h.role != "workstation")

    @property
    def hnth(self) -> tuple[IPv4Network, ...]:
        """The conferencing segments, that of the province first."""
        return tuple(z.prefix for z in self.zones if z.kind == "hnth")

    @property
    def uplinks(self) -> dict[str, IPv4Address]:
        """Router of a site -> its address on the state data network."""
        return {h.id: dict(h.interfaces)["tslcd"].address for h in self.filters if h.id != FIREWALL}


FOREIGN_HOST = "may-la"
"""The host that does not belong; its cable is unplugged until a fault plugs it in."""
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


# --- segments ----------------------------------------------------------------------------------

_SITES = (
    Site("trung-tam", "Trung tâm dữ liệu tỉnh", "province"),
    Site("chau-phu", "Điểm cầu huyện Châu Phú", "district"),
    Site("thoai-son", "Điểm cầu huyện Thoại Sơn", "district"),
    Site("vinh-trach", "Điểm cầu xã Vĩnh Trạch", "commune"),
)
_TEST_ROOM = Site("phong-may", "Phòng máy kiểm thử của tỉnh", "district")

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


_ZONES = (
    *_provincial_zones(),
    *(z for number, site in enumerate(_SITES[1:], start=1) for z in _site_zones(number, site)),
)
_TEST_ZONE = Zone(
    "hnth-phong-may",
    "Phân hệ HNTH của phòng máy kiểm thử",
    "hnth",
    IPv4Network("10.67.104.0/24"),
    "r-phong-may",
    "hnth",
    "phong-may",
)


# --- hosts -------------------------------------------------------------------------------------


def _single(id: str, role: HostRole, zone_id: str, address: str, **more: object) -> Host:
    interfaces = (("eth0", Place(zone_id, IPv4Address(address))),)
    return Host(id, role, interfaces, **more)  # type: ignore[arg-type]


def _filter(id: str, zones: Iterable[Zone], *uplinks: tuple[str, str]) -> Host:
    """`uplinks`: interface and address; an interface is called like the zone it leads to."""
    inside = ((z.interface, Place(z.id, z.gateway_address)) for z in zones if z.gateway == id)
    outside = ((name, Place(name, IPv4Address(address))) for name, address in uplinks)
    return Host(id, "filter", (*inside, *outside), sshd=True)


_HOSTS = (
    _filter("fw-tinh", _ZONES),
    _filter("r-chau-phu", _ZONES, ("tslcd", "172.16.0.11"), ("internet", "203.0.113.11")),
    _filter("r-thoai-son", _ZONES, ("tslcd", "172.16.0.12")),
    _filter("r-vinh-trach", _ZONES, ("tslcd", "172.16.0.13")),
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

_FURTHER_FAMILIES = {
    "expressway-phong-may": "cisco-expressway",
    "studio-phong-may": "poly-studio",
    "trio-phong-may": "poly-trio",
    "mcu-phong-may": "cisco-mcu",
    "rmx-phong-may": "polycom-rmx",
    "hdx-phong-may": "polycom-hdx",
    "lifesize-phong-may": "lifesize",
    "pexip-phong-may": "pexip",
    "vp-phong-may": "huawei-vp",
}
"""Device of the test room -> its family, in the order of their addresses."""


def _test_room() -> Iterator[Host]:
    yield _filter("r-phong-may", [_TEST_ZONE], ("tslcd", "172.16.0.14"))
    for number, (id, family) in enumerate(_FURTHER_FAMILIES.items(), start=10):
        yield _single(id, "device", _TEST_ZONE.id, f"10.67.104.{number}", family=family)


PROVINCE = Plan("province", _SITES, _ZONES, _HOSTS)
WHOLE = Plan("whole", (*_SITES, _TEST_ROOM), (*_ZONES, _TEST_ZONE), (*_HOSTS, *_test_room()))
PLANS = {plan.name: plan for plan in (PROVINCE, WHOLE)}
