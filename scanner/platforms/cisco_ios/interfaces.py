"""Interfaces of a running-config: addresses, VLAN, VRF, and what is bound to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface
from typing import Literal

from rules.network_facts import AddressWithPrefix, Interface
from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.netconfig.indented import Line

Direction = Literal["in", "out"]


@dataclass(frozen=True)
class Binding:
    """A filter bound to an interface."""

    name: str
    direction: Direction
    version: Literal[4, 6]
    line: Line


@dataclass
class Port:
    """One interface with its lines."""

    name: str
    header: Line
    lines: list[Line] = field(default_factory=list)
    primary: IPv4Interface | None = None
    secondary: list[IPv4Interface] = field(default_factory=list)
    v6: list[IPv6Interface] = field(default_factory=list)
    vlan: int | None = None
    vrf: str | None = None
    vrf_line: Line | None = None
    zone: str | None = None
    zone_line: Line | None = None
    shut: bool = False
    is_switch_port: bool = False
    is_access: bool = True
    """Its frames belong to the VLAN of `switchport access`; not so on a trunk, or where the other
    end decides about that."""
    nat: Literal["inside", "outside"] | None = None
    bindings: list[Binding] = field(default_factory=list)
    policies: list[tuple[Direction, str, Line]] = field(default_factory=list)
    route_map: tuple[str, Line] | None = None
    inspects: Line | None = None
    is_unnumbered: bool = False
    """It takes its address from elsewhere: another interface, DHCP, the other end."""
    bandwidth_kbps: int | None = None

    @property
    def addresses(self) -> tuple[AddressWithPrefix, ...]:
        first = (self.primary,) if self.primary else ()
        return (*first, *self.secondary, *self.v6)

    @property
    def is_routed(self) -> bool:
        """Packets are routed through it, as far as its lines tell."""
        told = self.addresses or self.vrf or self.zone or self.is_unnumbered
        return not self.is_switch_port and bool(told)

    def fact(self) -> Interface:
        vlan = None if self.is_switch_port and not self.is_access else self.vlan
        return Interface(self.name, self.addresses, vlan, self.vrf, up=False if self.shut else None)


def interfaces(config: Configuration) -> dict[str, Port]:
    """The interfaces by name in their order; a block that comes twice goes on with the first."""
    found: dict[str, Port] = {}
    for header in config.starting("interface"):
        words = header.words
        if len(words) < 2 or words[1] == "range":
            config.doubt(header, "several interfaces at once", matters=True)
            continue
        name = "".join(words[1:3]) if len(words) > 2 and words[2][0].isdigit() else words[1]
        config.use(header)
        port = found.setdefault(name, Port(name, header, vlan=_svi(name)))
        for line in header.below:
            port.lines.append(line)
            _read(config, port, line)
    return found


def _svi(name: str) -> int | None:
    number = name[4:] if name.lower().startswith("vlan") else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 4 else None


def _read(config: Configuration, port: Port, line: Line) -> None:
    words = line.words
    for beginning, take in _TAKERS:
        if tuple(words[: len(beginning)]) == beginning:
            if take(port, words[len(beginning) :], line):
                config.use(line)
            return


def _shutdown(port: Port, rest: list[str], line: Line) -> bool:
    port.shut = True
    return True


def _no_shutdown(port: Port, rest: list[str], line: Line) -> bool:
    port.shut = False
    return True


def _unnumbered(port: Port, rest: list[str], line: Line) -> bool:
    port.is_unnumbered = True
    return True


def _address(port: Port, rest: list[str], line: Line) -> bool:
    if rest[:1] in (["dhcp"], ["negotiated"]):
        return _unnumbered(port, rest, line)
    if len(rest) < 2:
        return False
    try:
        address = IPv4Interface(f"{rest[0]}/{rest[1]}")
    except ValueError:
        return False
    if "secondary" in rest[2:]:
        port.secondary.append(address)
    else:
        port.primary = address
    return True


def _no_address(port: Port, rest: list[str], line: Line) -> bool:
    port.primary, port.secondary = None, []
    return True


def _address_v6(port: Port, rest: list[str], line: Line) -> bool:
    if not rest or "/" not in rest[0]:
        return False
    try:
        address = IPv6Interface(rest[0])
    except ValueError:
        return False
    port.v6.append(address)
    return "eui-64" not in rest  # then the address is another one of the same prefix


def _vrf(port: Port, rest: list[str], line: Line) -> bool:
    if len(rest) != 1:
        return False
    port.vrf, port.vrf_line = rest[0], line
    # IOS takes the addresses away when the VRF changes
    return True


def _zone(port: Port, rest: list[str], line: Line) -> bool:
    if len(rest) != 1:
        return False
    port.zone, port.zone_line = rest[0], line
    return True


def _encapsulation(port: Port, rest: list[str], line: Line) -> bool:
    if not rest or not (rest[0].isascii() and rest[0].isdigit() and len(rest[0]) <= 4):
        return False
    port.vlan = int(rest[0])
    return True


def _access_vlan(port: Port, rest: list[str], line: Line) -> bool:
    port.is_switch_port = True
    return _encapsulation(port, rest, line)


def _switch_port(port: Port, rest: list[str], line: Line) -> bool:
    port.is_switch_port = True
    return True


def _mode(port: Port, rest: list[str], line: Line) -> bool:
    """`access`, `trunk`, `dynamic auto`: `access vlan` works on an access port only."""
    port.is_switch_port = True
    port.is_access = rest[:1] == ["access"]
    return True


def _routed_port(port: Port, rest: list[str], line: Line) -> bool:
    if rest:
        return False
    port.is_switch_port, port.vlan = False, None
    return True


def _filter(version: Literal[4, 6]) -> Callable[[Port, list[str], Line], bool]:
    def take(port: Port, rest: list[str], line: Line) -> bool:
        if len(rest) != 2 or rest[1] not in {"in", "out"}:
            return False
        direction: Direction = "in" if rest[1] == "in" else "out"
        port.bindings = [
            b for b in port.bindings if (b.direction, b.version) != (direction, version)
        ]
        port.bindings.append(Binding(rest[0], direction, version, line))
        return True

    return take


def _nat(port: Port, rest: list[str], line: Line) -> bool:
    if rest not in (["inside"], ["outside"]):
        return False
    port.nat = "inside" if rest == ["inside"] else "outside"
    return True


def _policy(port: Port, rest: list[str], line: Line) -> bool:
    if len(rest) != 2 or rest[0] not in {"input", "output"}:
        return False
    port.policies.append(("in" if rest[0] == "input" else "out", rest[1], line))
    return True


def _route_map(port: Port, rest: list[str], line: Line) -> bool:
    if len(rest) != 1:
        return False
    port.route_map = (rest[0], line)
    return True


def _inspect(port: Port, rest: list[str], line: Line) -> bool:
    port.inspects = port.inspects or line
    return True


def _bandwidth(port: Port, rest: list[str], line: Line) -> bool:
    if not rest or not (rest[0].isascii() and rest[0].isdigit() and len(rest[0]) <= 10):
        return False
    port.bandwidth_kbps = int(rest[0])
    return True


_TAKERS: tuple[tuple[tuple[str, ...], Callable[[Port, list[str], Line], bool]], ...] = (
    (("shutdown",), _shutdown),
    (("no", "shutdown"), _no_shutdown),
    (("ip", "unnumbered"), _unnumbered),
    (("ip", "address"), _address),
    (("no", "ip", "address"), _no_address),
    (("ipv6", "address"), _address_v6),
    (("vrf", "forwarding"), _vrf),
    (("ip", "vrf", "forwarding"), _vrf),
    (("zone-member", "security"), _zone),
    (("encapsulation", "dot1Q"), _encapsulation),
    (("encapsulation", "dot1q"), _encapsulation),
    (("switchport", "access", "vlan"), _access_vlan),
    (("switchport", "mode"), _mode),
    (("switchport",), _switch_port),
    (("no", "switchport"), _routed_port),
    (("ip", "access-group"), _filter(4)),
    (("ipv6", "traffic-filter"), _filter(6)),
    (("ip", "nat"), _nat),
    (("service-policy",), _policy),
    (("ip", "policy", "route-map"), _route_map),
    (("ip", "inspect"), _inspect),
    (("bandwidth",), _bandwidth),
)
"""Beginning of a line -> what takes the rest of it; the first that fits."""
