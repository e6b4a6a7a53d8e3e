"""Interfaces as the rules name them: `wan`, `lan`, `opt1`, groups, and the networks behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import TypeAlias

from rules.packets.fields import ALL_V4, ALL_V6, place, span
from rules.packets.sets import NOTHING, Names, Numbers, numbers, union
from scanner.evidence import printable
from scanner.platforms.netconfig.doubt import Extent
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.pfsense.config import Config

Address: TypeAlias = IPv4Interface | IPv6Interface

ANYWHERE = frozenset({"", "any"})
TUNNELS = {"openvpn": ("ovpn", "openvpn"), "wireguard": ("wg", "tun_wg")}
"""Group that the product keeps by itself -> beginnings of the devices in it."""
WITHOUT_NETWORK = frozenset({"enc0", "ipsec", "l2tp", "lo0", "openvpn", "pppoe", "wireguard"})
"""Names that rules may use and that have no network of their own in the file."""


@dataclass(frozen=True, slots=True)
class Port:
    """One assigned interface."""

    key: str
    """`lan`, `opt1`: what the rules say."""
    device: str
    description: str
    enabled: bool
    addresses: tuple[Address, ...]
    dynamic: tuple[Numbers, ...]
    """IP versions whose address is given at run time."""
    line: int
    virtual: tuple[Address, ...] = ()
    """Addresses added to it: aliases, CARP."""
    to_the_world: bool = False
    """It has a gateway, so that its outgoing packets may be translated."""
    torn: bool = False
    """It has an address without a prefix length, or a prefix length without an address."""


class Ports:
    """All interfaces of a file, with its groups."""

    def __init__(self, config: Config) -> None:
        section = config.root.child("interfaces")
        children = section.children if section is not None else []
        virtual = _virtual_addresses(config)
        self.line = section.line if section is not None else config.root.line
        self.by_key: dict[str, Port] = {
            node.name: _port(config, node, virtual.get(node.name, ()))
            for node in children
            if node.child("if") is not None and node.value("type") != "group"
        }
        self.groups = _groups(config)
        for group, beginnings in TUNNELS.items():
            inside = [p.key for p in self.by_key.values() if p.device.startswith(beginnings)]
            self.groups.setdefault(group, (0, (group, *inside)))

    def names(self, keys: Iterable[str], *, negated: bool = False) -> Names:
        """The interfaces that a rule means, groups resolved."""
        members = [m for key in keys for m in self.groups.get(key, (0, (key,)))[1]]
        return Names(frozenset(members), all_but=negated)

    def is_known(self, key: str) -> bool:
        return key in self.by_key or key in self.groups or key in WITHOUT_NETWORK

    def network(self, key: str) -> Extent:
        """`lan`: the networks of the interface. Whether those of its virtual addresses count
        depends on the release.
        """
        if key in self.groups:
            return _unknown(f"network of group {key}")
        return self._extent(key, _network, "network")

    def address(self, key: str) -> Extent:
        """`lanip`: the addresses of the interface itself."""
        return self._extent(key, _host, "address")

    def _extent(self, key: str, part: Callable[[Address], Numbers], what: str) -> Extent:
        port = self.by_key.get(key)
        if port is None:
            return _unknown(f"{what} of {key}, which is not an interface")
        must = union([NOTHING, *(part(address) for address in port.addresses)])
        added = [part(address) for address in port.virtual]
        if not added and not port.dynamic:
            return Extent(must, must)
        why = f"{what} of {key} is given at run time" if port.dynamic else f"{what} of {key}"
        return Extent(union([must, *added, *port.dynamic]), must, why)

    @property
    def own(self) -> Numbers:
        """Every address of the device that the file names."""
        return union(
            [
                NOTHING,
                *(_host(a) for p in self.by_key.values() for a in (*p.addresses, *p.virtual)),
            ]
        )

    @property
    def zones(self) -> dict[str, tuple[str, ...]]:
        """What the rules call it -> what else it is called."""
        return {
            port.key: tuple(
                dict.fromkeys(n for n in (port.key, port.device, port.description) if n)
            )
            for port in self.by_key.values()
        }


def _network(address: Address) -> Numbers:
    return Numbers((span(address.network),))


def _host(address: Address) -> Numbers:
    return numbers([(place(address.ip), place(address.ip))])


def _unknown(why: str) -> Extent:
    return Extent(None, NOTHING, why)


def _port(config: Config, node: Node, virtual: tuple[Address, ...]) -> Port:
    addresses, dynamic = [], []
    for name, mask, whole in (("ipaddr", "subnet", ALL_V4), ("ipaddrv6", "subnetv6", ALL_V6)):
        written = node.value(name)
        address = _address(written, node.value(mask))
        if address is not None:
            addresses.append(address)
        elif written:
            dynamic.append(whole)
    return Port(
        node.name,
        printable(node.value("if"), 40),
        printable(node.value("descr"), 40),
        config.set_in(node, "enable") is not False,
        tuple(addresses),
        tuple(dynamic),
        node.line,
        virtual,
        bool(node.value("gateway") or node.value("gatewayv6") or dynamic),
        _is_torn(node),
    )


def _is_torn(node: Node) -> bool:
    for name, mask in (("ipaddr", "subnet"), ("ipaddrv6", "subnetv6")):
        written, length = node.value(name), node.value(mask)
        is_address = written[:1].isdigit() or ":" in written
        if is_address and _address(written, length) is None:
            return True
        if length.isdigit() and not written:
            return True
    return False


def _address(written: str, mask: str) -> Address | None:
    """None for words like `dhcp`, and for an address whose prefix length is lost."""
    if not written or not mask.isdigit():
        return None
    try:
        return ip_interface(f"{written}/{mask}")
    except ValueError:
        return None


def _virtual_addresses(config: Config) -> dict[str, tuple[Address, ...]]:
    found: dict[str, tuple[Address, ...]] = {}
    section = config.root.child("virtualip")
    for vip in section.named("vip") if section is not None else ():
        address = _address(vip.value("subnet"), vip.value("subnet_bits"))
        if address is not None:
            key = vip.value("interface")
            found[key] = (*found.get(key, ()), address)
    return found


def _groups(config: Config) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Name of a group -> its place among groups, and its members with the name itself."""
    found = {}
    section = config.root.child("ifgroups")
    for entry in section.named("ifgroupentry") if section is not None else ():
        name = entry.value("ifname")
        members = entry.value("members").replace(",", " ").split()
        order = entry.value("sequence")
        if name:
            place_ = int(order) if order.isdigit() and len(order) < 7 else 0
            found[name] = (place_, (name, *members))
    return found
