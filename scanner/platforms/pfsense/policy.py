"""What pfSense and OPNsense let through: one chain for packets that come in, one for those that go.

pf asks every rule, and the last one that matches decides, unless one with `quick` does so before.
Said with the first match: the quick rules in their order, then the others in reverse. Rules of
interfaces are quick and about incoming packets; nothing else lets a packet in. What goes out is let
out unless a floating rule says otherwise.

Rules that the products make by themselves are not in the file. Those that everybody gets are here
as the products document them (private networks, no IPv6); those that only concern packets to the
box itself, and ICMPv6, leave these packets in doubt. A pass rule for TCP wants SYN without ACK
unless its connection is known; here a first packet is taken to be one. Port 0 is always blocked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from rules.packets.fields import ALL_ADDRESSES, ALL_V4, ALL_V6
from rules.packets.policy import EVERYTHING, Chain, Policy, Region, Rule, Stage, Unread
from rules.packets.sets import Names, names, numbers, union, without
from scanner.platforms.netconfig.addresses import prefix
from scanner.platforms.netconfig.doubt import Interfaces as Named
from scanner.platforms.netconfig.services import ONLY_ICMP_V6
from scanner.platforms.pfsense.aliases import Aliases
from scanner.platforms.pfsense.config import Config, said
from scanner.platforms.pfsense.gateways import Gateways
from scanner.platforms.pfsense.interfaces import Ports
from scanner.platforms.pfsense.matching import Matcher
from scanner.platforms.pfsense.nat import translations
from scanner.platforms.pfsense.written import Written, rules

IN, OUT = "in", "out"

_PRIVATE = ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
_PRIVATE_OPNSENSE = (*_PRIVATE, "100.64.0.0/10")
_RESERVED = (
    *("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24"),
    *("192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
)
"""IPv4 addresses that a list of bogons may hold: reserved and not of RFC 1918 (IANA, "IPv4
Special-Purpose Address Registry"); IANA has assigned all others."""


def policy_of(config: Config) -> Policy:
    """The rules of the whole file."""
    return _Reader(config).policy()


class _Reader:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.ports = Ports(config)
        self.matcher = Matcher(Aliases(config, self.ports))
        self.gateways = Gateways(config, self.ports)
        self.written = rules(config, self.ports)
        self._nat = translations(config, self.ports, self.matcher)
        section = config.root.child("filter")
        self.line = section.line if section is not None else config.root.line

    def policy(self) -> Policy:
        system = self.config.root.child("system")
        off = system.child("disablefilter") if system is not None else None
        if off is not None and self.config.set_in(system, "disablefilter") is not False:
            certain = self.config.set_in(system, "disablefilter") is True
            default: Literal["permit", "unknown"] = "permit" if certain else "unknown"
            chain = Chain(IN, (), default, off.line, "<disablefilter/>")
            return Policy((Stage(IN),), {IN: chain}, (), self.ports.zones)
        stateless = [rule for rule in self.written if rule.stateless]
        incoming = [*self._before(stateless), *self._user(IN)]
        outgoing = [*_replies(stateless), *self._user(OUT)]
        through = without(ALL_ADDRESSES, self.ports.own)
        stateful = not stateless
        stages = [
            Stage(IN, EVERYTHING, self.line, "<filter>", stateful, self._nat.rewrites),
        ]
        if self._user(OUT):
            region = Region(destination=through, leaving=self._asked_when_leaving())
            stages.append(Stage(OUT, region, self.line, "<filter>", stateful))
        chains = {
            IN: Chain(IN, tuple(incoming), "deny"),
            OUT: Chain(OUT, tuple(outgoing), "permit"),
        }
        return Policy(tuple(stages), chains, tuple(_unread(self.config)), self.ports.zones)

    def _asked_when_leaving(self) -> Names | None:
        """The interfaces with rules for packets that leave; None = all."""
        found: set[str] = set()
        for rule in self.written:
            if rule.direction == IN or rule.action == "match":
                continue
            if not rule.interfaces or "any" in rule.interfaces or rule.all_but_them is not False:
                return None
            found |= self.ports.names(rule.interfaces).exact
        return Names(frozenset(found))

    # --- what stands before the rules of the file --------------------------------------------

    def _before(self, stateless: Sequence[Written]) -> Iterable[Rule]:
        yield from _replies(stateless)
        yield from self._nat.passed
        yield from self._nat.doubts
        yield from self._no_ipv6()
        yield from self._strange_sources()
        own = union([self.ports.own, *(prefix(p) or ALL_V4 for p in _TO_ALL)])
        automatic = Rule(
            "permit",
            self.ports.line,
            "<interfaces>",
            (Region(destination=own),),
            (),
            why="packets to the box itself: automatic rules (anti-lockout, DHCP, VPN)",
        )
        yield automatic
        icmp = Region(ALL_V6, ALL_V6, ONLY_ICMP_V6, numbers([(1, 2), (135, 136)]))
        yield Rule(
            "permit", self.line, "<filter>", (icmp,), (), why="ICMPv6 that is passed by itself"
        )

    def _no_ipv6(self) -> Iterable[Rule]:
        """Without `ipv6allow` every IPv6 packet is blocked before any rule is asked."""
        system = self.config.root.child("system")
        allowed = self.config.set_in(system, "ipv6allow")
        if allowed is True or (allowed is None and system is None):
            return
        line = system.line if system is not None else self.config.root.line
        must = None if allowed is False else ()
        why = "" if must is None else "<ipv6allow/> without a value"
        yield Rule("deny", line, "<system> without <ipv6allow>", (_V6,), must, why=why)

    def _strange_sources(self) -> Iterable[Rule]:
        private = _PRIVATE_OPNSENSE if self.config.product == "opnsense" else _PRIVATE
        interfaces = self.config.root.child("interfaces")
        for node in interfaces.children if interfaces is not None else ():
            entering = names(node.name)
            for tag, sources, certain in (
                ("blockpriv", private, True),
                ("blockbogons", _RESERVED, False),
            ):
                wanted = self.config.set_in(node, tag)
                child = node.child(tag)
                if wanted is False or child is None:
                    continue
                where = union([prefix(p) or ALL_V4 for p in sources])
                if not certain:
                    where = union([where, _BOGON_V6])
                sure = certain and wanted is True
                yield Rule(
                    "deny",
                    child.line,
                    f"<{tag}> of {node.name}",
                    (Region(source=where, entering=entering),),
                    None if sure else (),
                    why="" if sure else f"<{tag}>: the list is not in the file",
                )

    # --- the rules of the file ---------------------------------------------------------------

    def _user(self, direction: str) -> list[Rule]:
        """Quick rules in their order, then the others in reverse."""
        quick: list[Rule] = []
        last: list[Rule] = []
        for rule in self.written:
            if rule.direction not in {direction, "any"} or rule.action == "match":
                continue
            read = self._rule(rule, direction)
            if rule.quick is not False:
                quick.append(read)
            if rule.quick is not True:
                last.append(read)
        return [*quick, *reversed(last)]

    def _rule(self, rule: Written, direction: str) -> Rule:
        field = "entering" if direction == IN else "leaving"
        interfaces: dict[str, Named] = {}
        if rule.interfaces and set(rule.interfaces) != {"any"}:
            through = self.ports.names(rule.interfaces, negated=rule.all_but_them is True)
            interfaces[field] = Named(through, through)
        doubts = [
            "interfacenot" if rule.all_but_them is None and rule.interfaces else "",
            "<quick/> without a value" if rule.quick is None else "",
            "" if rule.action in {"pass", "block", "reject"} else f"type {rule.action}",
            *(f"interface {key}" for key in rule.interfaces if not self._is_known(key)),
            self._translated_source(rule) if direction == OUT else "",
        ]
        action = "deny" if rule.action in {"block", "reject"} else "permit"
        if rule.gateway and action == "permit" and direction == IN:
            leaving = self.gateways.leaving(rule.gateway)
            why = f"gateway {rule.gateway}: packets leave through it, whatever the routes say"
            interfaces["leaving"] = Named(None, leaving, why)
        may, must, why = self.matcher.understanding(rule, interfaces, doubts=doubts)
        return Rule(action, rule.line, rule.text, may, must, why=why)  # type: ignore[arg-type]

    def _is_known(self, key: str) -> bool:
        return key == "any" or self.ports.is_known(key)

    def _translated_source(self, rule: Written) -> str:
        """Outbound NAT comes before the rules for outgoing packets, which see its address."""
        if set(rule.source.words) <= {"any"} and not rule.source.negated:
            return ""
        outbound = self.config.root.at("nat", "outbound")
        if outbound is not None and outbound.value("mode") == "disabled":
            return ""
        to_the_world = {p.key for p in self.ports.by_key.values() if p.to_the_world}
        to_the_world |= {gateway.interface for gateway in self.gateways.by_name.values()}
        if rule.interfaces and not to_the_world & set(rule.interfaces):
            listed = outbound.named("rule") if outbound is not None else []
            if not {node.value("interface") for node in listed} & set(rule.interfaces):
                return ""
        return "source after outbound NAT"


_V6 = Region(source=ALL_V6)
_BOGON_V6 = without(ALL_V6, prefix("fc00::/7") or ALL_V6)
_TO_ALL = ("255.255.255.255/32", "224.0.0.0/4", "ff00::/8", "fe80::/10")
"""Broadcast, multicast and link-local: they concern the box and are not forwarded by it."""
_KNOWN_STATES = Names(frozenset({"established", "related"}))


def _replies(stateless: Sequence[Written]) -> list[Rule]:
    """Where a rule keeps no state, replies to what it lets through have to find their own rule."""
    if not stateless:
        return []
    rule = stateless[0]
    return [
        Rule(
            "permit",
            rule.line,
            rule.text,
            (replace(EVERYTHING, state=_KNOWN_STATES),),
            (),
            why="statetype none: whether the connection is known",
        )
    ]


def _unread(config: Config) -> Iterable[Unread]:
    """Features beside the rules that also decide what passes."""
    portal = config.root.child("captiveportal")
    for zone in portal.children if portal is not None else ():
        if config.set_in(zone, "enable") is not False:
            yield Unread(zone.line, f"<{zone.name}>", "a captive portal decides user by user")
    section = config.root.child("filter")
    bypass = section.child("bypassstaticroutes") if section is not None else None
    if bypass is not None and config.set_in(section, "bypassstaticroutes") is not False:
        why = "what static routes send back through the same interface bypasses the rules"
        yield Unread(bypass.line, f"<{bypass.name}>{said(bypass)}", why)
    bridges = config.root.child("bridges")
    for bridge in bridges.named("bridged") if bridges is not None else ():
        why = "whether packets of a bridge are filtered on its members depends on net.link.bridge"
        yield Unread(bridge.line, f"<bridged> {bridge.value('members')}", why)
