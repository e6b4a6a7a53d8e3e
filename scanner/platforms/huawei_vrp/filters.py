"""What a VRP device does with packets that go through it.

Source: Huawei, "Command Reference", `traffic-filter`: a rule that permits forwards, a rule that
denies drops, a packet that no rule matches is forwarded. On a USG the policy between zones comes
besides, and translation of destinations (`nat server`) comes before it: the policy names private
addresses. Translation of sources comes after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.network_facts import QosClass
from rules.packets.fields import TCP, UDP
from rules.packets.policy import EVERYTHING, Chain, Policy, Region, Rule, Stage
from rules.packets.sets import Names
from scanner.evidence import printable
from scanner.platforms.huawei_vrp.access_list import AccessLists
from scanner.platforms.huawei_vrp.bandwidth import on_the_interface
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.huawei_vrp.coverage import note_unknown_lines
from scanner.platforms.huawei_vrp.interfaces import LOCAL, Interfaces
from scanner.platforms.huawei_vrp.interzone import Interzone
from scanner.platforms.huawei_vrp.nat import Nat
from scanner.platforms.huawei_vrp.security_policy import SecurityPolicy
from scanner.platforms.huawei_vrp.sets import Sets
from scanner.platforms.huawei_vrp.traffic_policy import TrafficPolicies
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ONLY_ICMP, only

_MANAGEMENT = {"ssh": (TCP, 22), "telnet": (TCP, 23), "http": (TCP, 80), "https": (TCP, 443)}
_OTHER_BINDINGS = frozenset({"traffic-policy", "traffic-redirect", "packet-filter", "zone"})
_DIRECTIONS = frozenset({"inbound", "outbound"})


@dataclass
class Filters:
    """The policy of one configuration, put together stage by stage."""

    configuration: Configuration
    interfaces: Interfaces
    lists: AccessLists
    sets: Sets
    coming: list[Stage] = field(default_factory=list)
    going: list[Stage] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)
    classes: list[QosClass] = field(default_factory=list)

    def policy(self) -> Policy:
        self.traffic = TrafficPolicies(self.configuration, self.lists)
        for port in self.interfaces.ports:
            for line in port.line.below:
                self._bound(line, self.interfaces.places(port.name), port.name)
        for block in (*self.configuration.of("vlan"), *self.configuration.of("traffic-filter")):
            self._elsewhere(block)
        for line in self.configuration.of("traffic-policy"):
            if len(line.words) > 2:
                self._bound(line, None, "global")
        between = list(self._zones()) if self.interfaces.has_zones else []
        nat = Nat(self.configuration, self.interfaces, self.lists, self.sets)
        stages = nat.around(self.coming, between, self.going, self.chains)
        note_unknown_lines(self.configuration)
        zones = {zone: tuple(inside) for zone, inside in self.interfaces.zones.items()}
        return Policy(stages, self.chains, tuple(self.configuration.unread), zones)

    # --- filters on interfaces ----------------------------------------------------------------

    def _elsewhere(self, block: Line) -> None:
        """Filters of a VLAN, or of the whole device: `traffic-filter vlan 10 inbound acl 3000`."""
        words = block.words
        if words[0] == "traffic-filter":
            if words[1:2] == ["vlan"] and len(words) > 3:
                rest = Line(block.number, " ".join([words[0], *words[3:]]), 0)
                self._bound(rest, Names(frozenset({f"Vlanif{words[2]}"})), f"Vlanif{words[2]}")
            else:
                self._bound(block, None, "")
            return
        if len(words) == 2 and words[1].isdecimal():
            name = f"Vlanif{words[1]}"
            for line in block.below:
                self._bound(line, Names(frozenset({name})), name)

    def _bound(self, line: Line, concerned: Names | None, interface: str) -> None:
        """`traffic-filter inbound acl 3000`, `traffic-policy P outbound`."""
        words = [word for word in line.words if word not in {"name", "global"}]
        if words[0] in {"traffic-filter", "traffic-secure"}:
            self._filtered(line, words, concerned)
        elif words[0] == "traffic-policy" and len(words) > 2 and words[2] in _DIRECTIONS:
            self.configuration.read.add(line.number)
            chain = self.traffic.chain(words[1])
            self.chains[chain.name] = chain
            self._stage(chain.name, words[2], concerned, line)
            known = {(one.interface, one.direction, one.name, one.line) for one in self.classes}
            self.classes += [
                one
                for one in self.traffic.classes(words[1], interface, words[2], line)
                if (one.interface, one.direction, one.name, one.line) not in known
            ]
        elif words[0] in _OTHER_BINDINGS:
            self.configuration.doubt(line, "a binding that is not understood")
        if interface:
            self.classes += on_the_interface(interface, line)

    def _filtered(self, line: Line, words: list[str], concerned: Names | None) -> None:
        rest = words[1:]
        version_6 = "ipv6" in rest
        plain = [word for word in rest if word not in {"ipv6", "ipv4"}]
        if len(plain) < 3 or plain[0] not in _DIRECTIONS or plain[1] != "acl":
            self.configuration.doubt(line, "a binding that is not understood")
            return
        self.configuration.read.add(line.number)
        name = self._list(plain[2], version_6=version_6)
        if len(plain) > 3:
            self._unsure(line, plain[0], concerned)
            return
        self._stage(name, plain[0], concerned, line)

    def _unsure(self, line: Line, direction: str, concerned: Names | None) -> None:
        """Bound with `rule 5`, or together with a layer 2 list."""
        why = shown(line)
        chain = Chain(f"open: {line.number}", (), "unknown", line.number, why)
        self.chains[chain.name] = chain
        self._stage(chain.name, direction, concerned, line)

    def _list(self, name: str, *, version_6: bool) -> str:
        acl = self.lists.find(name, version_6=version_6)
        chain = f"acl ipv6 {name}" if version_6 else f"acl {name}"
        if acl is None:
            why = f"{chain} is bound and not in the configuration"
            self.chains[chain] = Chain(chain, (), "unknown", why=why)
        else:
            self.chains[chain] = Chain(chain, tuple(acl.rules), "permit")
        return chain

    def _stage(self, chain: str, direction: str, concerned: Names | None, line: Line) -> None:
        region = Region(entering=concerned) if direction == "inbound" else Region(leaving=concerned)
        if concerned is None:
            region = EVERYTHING
        self._bind(direction, Stage(chain, region, line.number, shown(line)))
        for name in concerned.exact if concerned is not None else ():
            self._of_its_zone(chain, direction, name, line)

    def _of_its_zone(self, chain: str, direction: str, name: str, line: Line) -> None:
        """A packet of which only the zone is told may come through this interface or another."""
        zone = self.interfaces.zone_of(name)
        if zone is None or len(self.interfaces.zones[zone]) < 2:
            return
        perhaps = f"{chain}, perhaps"
        why = f"{shown(line)}: an interface of zone {zone}"
        jump = Rule("jump", line.number, shown(line), must=(), target=chain, why=why)
        self.chains[perhaps] = Chain(perhaps, (jump,), "permit")
        only_zone = Names(frozenset({zone}))
        region = Region(entering=only_zone) if direction == "inbound" else Region(leaving=only_zone)
        self._bind(direction, Stage(perhaps, region, line.number, shown(line)))

    def _bind(self, direction: str, stage: Stage) -> None:
        (self.coming if direction == "inbound" else self.going).append(stage)

    # --- between zones ------------------------------------------------------------------------

    def _zones(self) -> Iterator[Stage]:
        outside = self.interfaces.outside_zones()
        nowhere = Chain("in no zone", (), "deny")
        self.chains[nowhere.name] = nowhere
        yield Stage(nowhere.name, Region(entering=outside))
        yield Stage(nowhere.name, Region(leaving=outside))
        older = Interzone(self.configuration, self.interfaces, self.sets)
        if older.is_there and not any(self.configuration.of("security-policy")):
            chain = older.chain()
            for name in older.lists:
                self._returning(name)
        else:
            policy = SecurityPolicy(self.configuration, self.interfaces, self.sets)
            chain, within = policy.chains()
            self.chains[within.name] = within
            chain = Chain(
                chain.name,
                (*self._service_manage(), *chain.rules),
                chain.default,
                chain.line,
                chain.why,
            )
        self.chains[chain.name] = chain
        text = "" if chain.line is None else printable(self.configuration.lines[chain.line - 1])
        yield Stage(chain.name, EVERYTHING, chain.line, text, stateful=True)

    def _returning(self, name: str) -> None:
        """A list that is asked from within: what it does not decide goes on behind it."""
        chain = self._list(name, version_6=False)
        found = self.chains[chain]
        if found.default == "permit":
            self.chains[chain] = Chain(chain, found.rules, "return")

    def _service_manage(self) -> list[Rule]:
        """`service-manage ssh permit` on an interface goes before the policy, for the device.

        Where it says nothing, what the interface does with its managers depends on the release.
        """
        found = [
            rule
            for port in self.interfaces.ports
            for line in port.line.below
            if line.words[0] == "service-manage" and line.words[1:] != ["enable"]
            for rule in self._managed(port.name, line)
        ]
        local = Names(frozenset({LOCAL}))
        rest = tuple(_way(word, None, local) for word in (*_MANAGEMENT, "ping", "snmp"))
        why = "service-manage is not shown for this interface"
        return [*found, Rule("deny", 1, "service-manage", rest, (), why=why)]

    def _managed(self, interface: str, line: Line) -> list[Rule]:
        words = line.words
        self.configuration.read.add(line.number)
        local = Names(frozenset({LOCAL}))
        zone = self.interfaces.zone_of(interface)
        certain = self.interfaces.places(interface)
        wide = Names(certain.exact | ({zone} if zone is not None else frozenset()))
        if len(words) != 3 or words[2] not in {"permit", "deny"}:
            self.configuration.doubt(line, "who may manage is not understood")
            return []
        asked = (*_MANAGEMENT, "ping", "snmp") if words[1] == "all" else (words[1],)
        known = [word for word in asked if word in _MANAGEMENT or word in {"ping", "snmp"}]
        may = tuple(_way(word, wide, local) for word in known)
        must = None if wide == certain else tuple(_way(word, certain, local) for word in known)
        why = "" if must is None else f"{shown(line)}: one interface of zone {zone}"
        action = "permit" if words[2] == "permit" else "deny"
        return [
            Rule(
                "permit" if action == "permit" else "deny",
                line.number,
                shown(line),
                may,
                must,
                why=why,
            )
        ]


def _way(word: str, entering: Names | None, leaving: Names) -> Region:
    """The packets of one way to manage the device."""
    if word == "ping":
        return Region(protocol=ONLY_ICMP, source_port=only(8), entering=entering, leaving=leaving)
    protocol, port = _MANAGEMENT.get(word, (UDP, 161))
    return Region(
        protocol=only(protocol), destination_port=only(port), entering=entering, leaving=leaving
    )
