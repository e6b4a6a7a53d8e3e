"""All that a PAN-OS firewall does with packets, put together: the fact `filters`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.packets.policy import Chain, Policy, Region, Rule, Stage, not_understood
from rules.packets.sets import Names
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.destination_nat import arrivals, perhaps
from scanner.platforms.paloalto.objects import Objects
from scanner.platforms.paloalto.rulebase import INTRAZONE, Rulebase, default_chains
from scanner.platforms.paloalto.tree import Source

SECURITY, SENT_ON = "security rules", "destination NAT"
_KINDS_OF_ZONES = ("layer3", "layer2", "virtual-wire", "tap", "external", "tunnel")
_EMPTY = Node("", 1)


@dataclass(frozen=True)
class Vsys:
    """A virtual firewall: its own tree, and what Panorama and the shared part add."""

    name: str
    own: Node
    shared: Node
    panorama: Node

    @property
    def zones(self) -> dict[str, Node]:
        return {node.word: node for node in self.own.each("zone")}

    @property
    def has_rules(self) -> bool:
        return any(node.below for node in self.rulebases())

    def rulebases(self) -> tuple[Node, ...]:
        """Shared before, group before, local, group after, shared after."""
        places = (
            (self.shared, "pre-rulebase"),
            (self.panorama, "pre-rulebase"),
            (self.own, "rulebase"),
            (self.panorama, "post-rulebase"),
            (self.shared, "post-rulebase"),
        )
        return tuple(node.get(name) or _EMPTY for node, name in places)


def virtual_systems(source: Source) -> list[Vsys]:
    """Every virtual system; one when the configuration names none."""
    root = source.root
    shared = root.get("shared") or _EMPTY
    pushed = root.get("policy", "panorama") or root.get("panorama") or _EMPTY
    groups = root.each("device-group")
    if groups:
        if len(groups) > 1:
            source.odd(groups[1].line, "rules of several device groups: which one applies")
        elif not pushed.below:
            pushed = groups[0]
    listed = root.each("vsys")
    if not listed:
        return [Vsys("vsys1", root, shared, pushed)]
    found = []
    for at, node in enumerate(listed):
        own = node
        if at == 0:  # what names no virtual system belongs to the first one
            own = Node(node.word, node.line)
            own.below = {**{k: v for k, v in root.below.items() if k in _OF_A_VSYS}, **node.below}
        found.append(Vsys(node.word, own, shared, pushed))
    return found


_OF_A_VSYS = frozenset(
    {"zone", "rulebase", "address", "address-group", "service", "service-group", "application"}
    | {"application-group", "external-list"}
)


def policy_of(source: Source) -> Policy | None:
    """What passes; None when the configuration has neither rules nor zones."""
    systems = [one for one in virtual_systems(source) if one.zones or one.has_rules]
    if not systems:
        return None
    if source.root.get("shared-gateway") is not None:
        source.odd(source.root.each("shared-gateway")[0].line, "a shared gateway")
    chains: dict[str, Chain] = {}
    zones: dict[str, tuple[str, ...]] = {}
    for one in systems:
        if zones.keys() & one.zones.keys():
            source.odd(next(iter(one.zones.values())).line, "two virtual systems share zone names")
        zones |= {name: _members(node) for name, node in one.zones.items()}
    tops: list[Rule] = []
    for one in systems:
        title = SECURITY if len(systems) == 1 else f"{SECURITY} of {one.name}"
        _chains(source, one, title, chains)
        inside = Region(entering=Names(frozenset(one.zones)), leaving=Names(frozenset(one.zones)))
        line = one.own.line
        tops.append(Rule("goto", line, source.text(line), (inside,), target=title))
    if len(systems) > 1:
        line = systems[0].own.line
        why = "traffic between virtual systems passes the rules of both"
        between = not_understood(line, source.text(line), why)
        chains[SECURITY] = Chain(SECURITY, (*tops, *between), "deny")
    first = next((rule.line for rule in chains[SECURITY].rules), None)
    stage = Stage(SECURITY, line=first, text=source.text(first or 0), stateful=True)
    stages = (stage, *_sent_on(source, systems, chains))
    return Policy(stages, chains, tuple(source.unread), zones)


def _sent_on(source: Source, systems: list[Vsys], chains: dict[str, Chain]) -> Iterator[Stage]:
    """Behind the security rules packets bear the address to which NAT sends them."""
    if len(systems) > 1:
        return
    one = systems[0]
    objects = Objects(source, (one.own, one.shared, one.panorama))
    rewrites = arrivals(source, _nat_rules(one), objects)
    if rewrites:
        chains[SENT_ON] = Chain(SENT_ON, (), "permit")
        yield Stage(SENT_ON, rewrites=rewrites)


def _nat_rules(one: Vsys) -> list[Node]:
    return [node for base in one.rulebases() for node in base.each("nat", "rules")]


def _members(zone: Node) -> tuple[str, ...]:
    return tuple(n.word for kind in _KINDS_OF_ZONES for n in zone.each("network", kind))


def _chains(source: Source, one: Vsys, title: str, chains: dict[str, Chain]) -> None:
    local = Objects(source, (one.own, one.shared, one.panorama))
    pushed = Objects(source, (one.panorama, one.shared, one.own))
    places = {**_mentioned(one), **one.zones}
    zones = tuple(places)
    rules: list[Rule] = list(_translated(source, one, local))
    rules += perhaps(source, _nat_rules(one), local)
    for at, base in enumerate(one.rulebases()):
        reader = Rulebase(source, local if at == 2 else pushed, zones)
        rules += reader.rules(base.each("security", "rules"))
    scopes = tuple(one.rulebases()[at] for at in (2, 3, 4))
    jumps, inside, between = default_chains(source, scopes, places)
    within = f"{INTRAZONE} of {title}"
    chains[within] = replace(inside, name=within)
    if not places and between.default == "deny" and inside.default != "deny":
        why = "no zones are named: within one zone another default holds than between zones"
        between = replace(between, default="unknown", why=why)
    chains[title] = replace(
        between, name=title, rules=(*rules, *(replace(j, target=within) for j in jumps))
    )


def _mentioned(one: Vsys) -> dict[str, Node]:
    """Zones of which rules speak: their definition may stand in another file, a template."""
    return {
        node.word: node
        for base in one.rulebases()
        for rule in base.each("security", "rules")
        for key in ("from", "to")
        for node in rule.each(key)
        if node.word != "any"
    }


def _translated(source: Source, one: Vsys, objects: Objects) -> Iterator[Rule]:
    """Packets whose destination is translated do not leave where they seem to go.

    Rules see the address before and the zone after translation, so only a packet that is said to
    leave through the zone of its untranslated address cannot be judged.
    """
    for base in one.rulebases():
        for node in base.each("nat", "rules"):
            disabled = node.value("disabled")
            if disabled is not None and disabled.word == "yes":
                continue
            region = _destination(node, objects) or _both_ways(node, objects)
            if region is not None:
                why = "destination NAT"
                for part in not_understood(node.line, source.text(node.line), why):
                    yield replace(part, may=(region,))


def _destination(node: Node, objects: Objects) -> Region | None:
    if not {"destination-translation", "dynamic-destination-translation"} & node.below.keys():
        return None
    goal, _ = objects.listed(_names(node, "destination"), False)
    begin, _ = objects.listed(_names(node, "source"), False)
    return Region(
        source=begin[0] if begin and not begin[1] else None,
        destination=goal[0] if goal and not goal[1] else None,
        entering=_zones(node, "from"),
        leaving=_zones(node, "to"),
    )


def _both_ways(node: Node, objects: Objects) -> Region | None:
    """A static source translation that is bi-directional also translates what comes back."""
    static = node.get("source-translation", "static-ip")
    both = static.value("bi-directional") if static is not None else None
    if static is None or both is None or both.word != "yes":
        return None
    goal, _ = objects.listed(_names(static, "translated-address"), False)
    place = _zones(node, "to")
    return Region(destination=goal[0] if goal and not goal[1] else None, leaving=place)


def _names(node: Node, key: str) -> tuple[str, ...]:
    return tuple(one.word for one in node.each(key)) or ("any",)


def _zones(node: Node, key: str) -> Names | None:
    listed = _names(node, key)
    return None if "any" in listed else Names(frozenset(listed))
