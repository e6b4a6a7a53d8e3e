"""Gateways: the next hops of routes and of rules that choose their own way."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from rules.packets.sets import Names
from scanner.platforms.pfsense.config import Config
from scanner.platforms.pfsense.interfaces import Ports


@dataclass(frozen=True, slots=True)
class Gateway:
    name: str
    interface: str
    address: IPv4Address | IPv6Address | None
    """None where it is given at run time."""
    line: int
    is_default: bool = False

    @property
    def is_v4(self) -> bool:
        return self.address is None or self.address.version == 4


class Gateways:
    """Gateways by name, those of groups through their members."""

    def __init__(self, config: Config, ports: Ports) -> None:
        self._ports = ports
        self.by_name: dict[str, Gateway] = {}
        self._groups: dict[str, tuple[str, ...]] = {}
        sections = [config.root.child("gateways"), config.root.at("OPNsense", "Gateways")]
        for section in (one for one in sections if one is not None):
            for node in section.named("gateway_item"):
                name = node.value("name")
                address = _address(node.value("gateway"))
                chosen = config.set_in(node, "defaultgw") is True
                found = Gateway(name, node.value("interface"), address, node.line, chosen)
                if config.set_in(node, "disabled") is not True:
                    self.by_name[name] = found
            for node in section.named("gateway_group"):
                members = tuple(item.text.partition("|")[0] for item in node.named("item"))
                self._groups[node.value("name")] = members

    def leaving(self, name: str) -> Names:
        """The interfaces through which packets leave that a rule gives to this gateway."""
        found = [self._interface(member) for member in self._groups.get(name, (name,))]
        if not found or not all(found):
            return Names()
        if len(set(found)) > 1:
            return Names()  # one of them, and nobody knows which
        return Names(frozenset(found))

    def _interface(self, name: str) -> str:
        gateway = self.by_name.get(name)
        if gateway is not None:
            return gateway.interface
        # a gateway that DHCP or PPP brings is called after its interface: WAN_DHCP
        called = name.rsplit("_", 1)[0].lower()
        by_name = (
            p.key for p in self._ports.by_key.values() if _same(called, p.key, p.description)
        )
        return next(by_name, "")


def _same(called: str, *names: str) -> bool:
    return called in {name.lower() for name in names}


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
