"""Security rules: addresses as packets bring them, the zone to which NAT sends them.

PAN-OS Administrator's Guide, "Security Policy" and "NAT Policy Rules": first match from the top;
Panorama's shared and group rules before and after the local ones; at the end `intrazone-default`
allows and `interzone-default` denies, unless they are overridden. A rule that names an application
decides only when the firewall has recognised it, so for a single packet it stays open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.packets.policy import Action, Chain, Region, Rule
from rules.packets.sets import Names, names
from scanner.platforms.netconfig.services import ANY_SERVICE, Service, regions
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.objects import Objects
from scanner.platforms.paloalto.tree import Source

INTRAZONE, INTERZONE = "intrazone-default", "interzone-default"
_DENYING = frozenset({"deny", "drop", "reset-client", "reset-server", "reset-both"})
_CONDITIONS = {
    "source-user": "any",
    "category": "any",
    "hip-profiles": "any",
    "source-hip": "any",
    "destination-hip": "any",
    "source-imsi": "any",
    "source-imei": "any",
    "source-nw-slice": "any",
    "source-device": "any",
    "destination-device": "any",
    "saas-user-list": "any",
    "saas-tenant-list": "any",
}
_READ = frozenset(
    {"from", "to", "source", "destination", "service", "application", "action", "rule-type"}
    | {"disabled", "negate-source", "negate-destination", "description", "tag", "log-start"}
    | {"log-end", "log-setting", "profile-setting", "option", "icmp-unreachable", "group-tag"}
    | {"qos", "audit-comment", "target", "uuid", "disable-inspect", "disable-override", "schedule"}
)


class Rulebase:
    """Rules of one scope."""

    def __init__(self, source: Source, objects: Objects, zones: tuple[str, ...]) -> None:
        self._source = source
        self._objects = objects
        self._zones = zones

    def rules(self, listed: tuple[Node, ...]) -> Iterator[Rule]:
        """The rules that are not switched off."""
        for node in listed:
            if _is(node, "disabled"):
                continue
            yield from self._rule(node)

    def _rule(self, node: Node) -> Iterator[Rule]:
        may, must, why = self.regions(node)
        chosen = node.value("action")
        actions: tuple[Action, ...] = ("permit", "deny")
        line = node.line
        if chosen is not None and chosen.word in _DENYING:
            actions = ("deny",)
        elif chosen is not None and chosen.word == "allow":
            actions = ("permit",)
        else:
            must, why = (), why or f"rule {node.word} has no action"
        lines = (chosen.line,) if chosen is not None and chosen.line != line else ()
        if not may:
            return  # rules between zones that have nothing in common
        for action in actions:
            text = self._source.text(line)
            yield Rule(action, line, text, may, must, why=why, lines=lines)

    def regions(self, node: Node) -> tuple[tuple[Region, ...], tuple[Region, ...] | None, str]:
        """Packets that could match, those that certainly do (None = all), and why not all."""
        source, exact = self._objects.listed(_names(node, "source"), _is(node, "negate-source"))
        goal, also = self._objects.listed(
            _names(node, "destination"), _is(node, "negate-destination")
        )
        services, why = self._service(node)
        why = _condition(node) or why
        base = Region(
            source=source[0] if source and not source[1] else None,
            destination=goal[0] if goal and not goal[1] else None,
        )
        places = list(self._places(node))
        may = tuple(r for place in places for r in regions(_at(base, place), services))
        unknown = (source[1] if source else "") or (goal[1] if goal else "")
        if not why and not unknown:
            return may, None, ""
        if why or not exact or not also:
            return may, (), why or unknown
        known = replace(
            base, source=source[0] if source else None, destination=goal[0] if goal else None
        )
        return (
            may,
            tuple(r for place in places for r in regions(_at(known, place), services)),
            unknown,
        )

    def _service(self, node: Node) -> tuple[tuple[Service, ...], str]:
        applications = _names(node, "application")
        wanted = _names(node, "service")
        named = "any" not in applications
        if "application-default" in wanted:
            why = f"application {' '.join(applications[:4])} on its usual ports"
            return self._objects.default_services(applications) if named else (ANY_SERVICE,), why
        services, why = self._objects.services(wanted)
        if named:
            return services, f"application {' '.join(applications[:4])}"
        return services, why

    def _places(self, node: Node) -> Iterator[tuple[Names | None, Names | None]]:
        """Zones from which and to which packets go."""
        begins, ends = _names(node, "from"), _names(node, "to")
        kind = node.value("rule-type")
        if kind is None or kind.word == "universal":
            yield _zones(begins), _zones(ends)
            return
        for zone in self._zones if "any" in begins else begins:
            if kind.word == "intrazone":
                if "any" in ends or zone in ends:
                    yield names(zone), names(zone)
            elif "any" in ends:
                yield names(zone), names(zone, all_but=True)
            elif others := [end for end in ends if end != zone]:
                yield names(zone), Names(frozenset(others))


def _at(base: Region, place: tuple[Names | None, Names | None]) -> Region:
    return replace(base, entering=place[0], leaving=place[1])


def _zones(listed: tuple[str, ...]) -> Names | None:
    return None if "any" in listed else Names(frozenset(listed))


def _names(node: Node, key: str) -> tuple[str, ...]:
    """What is listed under a key; any where nothing is."""
    return tuple(one.word for one in node.each(key)) or ("any",)


def _is(node: Node, key: str) -> bool:
    value = node.value(key)
    return value is not None and value.word == "yes"


def _condition(node: Node) -> str:
    """A condition that addresses, ports and zones do not tell."""
    for key, child in node.below.items():
        values = [one.word for one in child.below.values()]
        if key == "schedule" and values:
            return f"schedule {values[0]}"
        if key == "target" and values and values != ["negate"]:
            return "target"
        if key in _CONDITIONS:
            if values and _CONDITIONS[key] not in values:
                return " ".join([key, *values[:4]])
        elif key not in _READ:
            return " ".join([key, *values[:4]])
    return ""


def default_chains(
    source: Source, scopes: tuple[Node, ...], zones: dict[str, Node]
) -> tuple[tuple[Rule, ...], Chain, Chain]:
    """Rules that lead traffic within a zone to its default; that default, and the one between."""
    inside = _default(source, scopes, INTRAZONE, "permit")
    between = _default(source, scopes, INTERZONE, "deny")
    jumps = tuple(
        Rule(
            "goto",
            node.line,
            source.text(node.line),
            (Region(entering=names(zone), leaving=names(zone)),),
            target=INTRAZONE,
        )
        for zone, node in zones.items()
    )
    return jumps, inside, between


def _default(source: Source, scopes: tuple[Node, ...], name: str, usual: str) -> Chain:
    """The nearest override, or what PAN-OS does by itself."""
    for scope in scopes:
        node = scope.value("default-security-rules", "rules", name, "action")
        if node is None:
            continue
        if node.word == "allow":
            return Chain(name, (), "permit", node.line)
        if node.word in _DENYING:
            return Chain(name, (), "deny", node.line)
        return Chain(name, (), "unknown", node.line, f"{name} action {node.word}")
    return Chain(name, (), "permit" if usual == "permit" else "deny")
