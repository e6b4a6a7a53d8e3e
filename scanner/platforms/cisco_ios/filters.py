"""Everything that decides which packets go through, as one policy.

The stages in the order in which a packet meets them: filters on the way in, VRFs and zones, filters
on the way out. Filters on the way out do not see packets of the router itself, which are none of
those that go through it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.packets.fields import ALL_V4, ALL_V6
from rules.packets.policy import Chain, Policy, Region, Rewrite, Rule, Stage, Unread
from rules.packets.sets import names
from scanner.platforms.cisco_ios.access_lists import REPLIES, AccessLists, chain_of
from scanner.platforms.cisco_ios.configuration import Configuration, harmless, shown
from scanner.platforms.cisco_ios.crypto_maps import Protected, crypto_maps
from scanner.platforms.cisco_ios.interfaces import Binding, Port
from scanner.platforms.cisco_ios.translation import (
    Translation,
    before_inbound,
    before_outbound,
    inwards,
    outwards,
    unasked,
)
from scanner.platforms.cisco_ios.vlan_filters import vlan_filters
from scanner.platforms.cisco_ios.vrfs import Leak, Vrf, separation
from scanner.platforms.cisco_ios.zones import Firewall
from scanner.platforms.netconfig.indented import Line


@dataclass
class Filters:
    """The policy while it is put together."""

    config: Configuration
    lists: AccessLists
    ports: dict[str, Port]
    nat: Translation
    tunnels: dict[str, Protected]
    chains: dict[str, Chain] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)

    def bound(self, direction: str) -> None:
        """A stage for every access list that is bound in this direction."""
        inspects = [port.inspects for port in self.ports.values() if port.inspects is not None]
        for port in self.ports.values():
            for binding in port.bindings:
                if binding.direction == direction:
                    doubts = self._doubts(port, binding, inspects)
                    self._stage(port, binding, doubts)

    def _doubts(self, port: Port, binding: Binding, inspects: list[Line]) -> tuple[Rule, ...]:
        if binding.version == 6:
            return ()
        doubts = before_inbound(self.nat, port.name) if binding.direction == "in" else ()
        if binding.direction == "out":
            doubts = before_outbound(self.nat, port.name)
        doubts += self._tunnelled(port, binding)
        replies = (Region(source=ALL_V4, state=REPLIES),)
        return (
            *doubts,
            *(
                Rule("permit", line.number, shown(line), replies, (), why=shown(line))
                for line in inspects[:1]
            ),
        )

    def _tunnelled(self, port: Port, binding: Binding) -> tuple[Rule, ...]:
        found = self.tunnels.get(port.name)
        if found is None:
            return ()
        regions = found.entering if binding.direction == "in" else found.leaving
        at, text = found.line.number, shown(found.line)
        return (
            Rule("permit", at, text, regions, (), why=text),
            Rule("deny", at, text, regions, (), why=text),
        )

    def in_clear_text(self) -> None:
        """What should come through a tunnel is dropped when it comes without."""
        for name, found in self.tunnels.items():
            title = f"{found.line.text} ({name})"
            at, text = found.line.number, shown(found.line)
            rule = Rule("deny", at, text, found.entering, (), why=text)
            self.chains[title] = Chain(title, (rule,), "permit")
            self.stages.append(Stage(title, Region(entering=names(name)), at, text))

    def _stage(self, port: Port, binding: Binding, doubts: tuple[Rule, ...]) -> None:
        chain = self._chain(binding)
        if doubts:
            title = f"{binding.line.text} ({port.name})"
            jump = Rule("goto", binding.line.number, shown(binding.line), target=chain)
            self.chains[title] = Chain(title, (*doubts, jump), "deny")
            chain = title
        at = names(port.name)
        source = ALL_V6 if binding.version == 6 else ALL_V4
        concerns = (
            Region(source=source, entering=at)
            if binding.direction == "in"
            else Region(source=source, leaving=at)
        )
        self.stages.append(Stage(chain, concerns, binding.line.number, shown(binding.line)))

    def _chain(self, binding: Binding) -> str:
        acl = self.lists.get(binding.name, binding.version)
        if acl is not None:
            if acl.chain not in self.chains:
                self.chains[acl.chain] = chain_of(acl)
            return acl.chain
        title = f"{binding.line.text} (not defined)"
        if binding.version == 6:
            why = f"ipv6 access-list {binding.name} is not defined"
            self.chains[title] = Chain(title, (), "unknown", binding.line.number, why)
        elif self.config.is_part:
            why = f"access list {binding.name} is not in this part of the configuration"
            self.chains[title] = Chain(title, (), "unknown", binding.line.number, why)
        else:
            # applied and not defined: everything is permitted
            self.chains[title] = Chain(title, (), "permit", binding.line.number)
        return title

    def translated(self) -> None:
        """Packets to the outside name of an inside host: whom they reach is not told here."""
        found, title = unasked(self.nat), "address translation"
        rewrites = inwards(self.nat)
        if not found and not rewrites:
            return
        rules = tuple(
            Rule("deny", line.number, shown(line), (region,), (), why=shown(line))
            for line, region in found
        )
        self.chains[title] = Chain(title, rules, "permit")
        concerns = Region(source=ALL_V4, entering=names(*self.nat.outside))
        # what is in doubt is asked for as it was sent
        self.stages.append(Stage(title, concerns))
        self._rewriting("translation of what comes from outside", rewrites)

    def _rewriting(self, title: str, rewrites: tuple[Rewrite, ...]) -> None:
        if rewrites:
            self.chains[title] = Chain(title, (), "permit")
            self.stages.append(Stage(title, rewrites=rewrites))

    def translated_back(self) -> None:
        """Filters on the way out see the name of an inside host."""
        self._rewriting("translation of what comes from inside", outwards(self.nat))

    def add(self, stages: list[Stage], chains: list[Chain]) -> None:
        self.stages += stages
        self.chains.update((chain.name, chain) for chain in chains)

    def switch_ports(self) -> None:
        """A list on a switch port filters part of what comes in through the VLAN's interface."""
        filtered = {
            port.vlan: binding.line
            for port in self.ports.values()
            if port.is_switch_port
            for binding in port.bindings
        }
        for vlan, line in filtered.items():
            svis = [
                port.name
                for port in self.ports.values()
                if not port.is_switch_port
                and port.name.lower().startswith("vlan")
                and (vlan is None or port.vlan == vlan)
            ]
            if svis:
                title = f"switch ports of VLAN {vlan}" if vlan else "switch ports"
                why = f"which packets come in through the port with {shown(line)}"
                rule = Rule("deny", line.number, shown(line), must=(), why=why)
                self.chains[title] = Chain(title, (rule,), "permit")
                self.stages.append(Stage(title, Region(entering=names(*svis)), line.number))


def policy(
    config: Configuration,
    lists: AccessLists,
    ports: dict[str, Port],
    firewall: Firewall,
    tables: tuple[dict[str, Vrf], list[Leak]],
    nat: Translation,
) -> Policy:
    """What the device does with the packets that go through it."""
    found = Filters(config, lists, ports, nat, crypto_maps(config, ports, lists))
    vlan_stages, vlan_chains = vlan_filters(config, lists)
    entering = [stage for stage in vlan_stages if stage.concerns.entering is not None]
    leaving = [stage for stage in vlan_stages if stage.concerns.leaving is not None]
    found.add(entering, vlan_chains)
    found.switch_ports()
    found.bound("in")
    found.in_clear_text()
    found.translated()
    found.add(*separation(tables[0], ports, tables[1]))
    firewall.build()
    found.add(firewall.stages, list(firewall.chains.values()))
    found.translated_back()
    found.bound("out")
    found.add(leaving, [])
    return Policy(tuple(found.stages), found.chains, (), dict(firewall.zones))


def unread(config: Configuration) -> tuple[Unread, ...]:
    """The lines on which packets could depend and that were not understood, in order."""
    lines = config.document.lines
    return tuple(
        Unread(number, harmless(lines[number - 1]), why)
        for number, (why, matters) in sorted(config.unsure.items())
        if matters
    )
