"""Port forwards and one-to-one NAT: they change the destination before the filter looks at it.

The filter is expressed in translated destinations, as pf sees them (pf.conf(5), "TRANSLATION": the
first match; a port forward, `rdr`, before a one-to-one mapping, `binat`). Where a line has one
certain outcome, first packets are translated for the filter; what happens to all others on their
way to the untranslated destination cannot be told from the filter: they are left in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.packets.fields import ALL_V4, ALL_V6, STATES, V6_FROM
from rules.packets.policy import Region, Rewrite, Rule
from rules.packets.sets import Names, Numbers, common, numbers
from scanner.evidence import printable
from scanner.platforms.netconfig.addresses import prefix
from scanner.platforms.netconfig.conditions import Box, Condition, regions
from scanner.platforms.netconfig.doubt import Interfaces as Named
from scanner.platforms.netconfig.services import port_span
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.nftables.chains import Base, Goal, Line
from scanner.platforms.nftables.translation import (
    Entry,
    TooMuch,
    as_it_is,
    boxes_of,
    entries,
    rewrites_of,
)
from scanner.platforms.pfsense.config import Config
from scanner.platforms.pfsense.interfaces import Ports
from scanner.platforms.pfsense.matching import Matcher
from scanner.platforms.pfsense.written import Side, Written, side_of


@dataclass(frozen=True, slots=True)
class Translations:
    """What NAT adds to the rules of incoming packets; these come before all others."""

    passed: tuple[Rule, ...] = ()
    """Port forwards that pass what they translate without asking the filter."""
    doubts: tuple[Rule, ...] = ()
    """Destinations that the filter never sees."""
    rewrites: tuple[Rewrite, ...] = ()
    """Lines with one certain outcome, and those that keep packets from them."""


def translations(config: Config, ports: Ports, matcher: Matcher) -> Translations:
    """All port forwards and one-to-one mappings that are not disabled."""
    passed, lines = [], []
    exempt = False
    for node in _port_forwards(config):
        if config.set_in(node, "disabled") is True:
            continue
        line = _forward(config, ports, matcher, node)
        lines.append(line)
        if not line.effect:
            exempt = True
            continue
        passes = _passes(node)
        if passes:
            why = "" if passes == "pass" else "rule that the port forward registers"
            if exempt and not why and line.goal is None:
                why = "no rdr of an earlier port forward"
            why = why or line.condition.why
            passed.append(_passed(ports, matcher, node, _as_rule(config, node), why))
    lines += [_mapped(config, ports, node) for node in _one_to_one(config)]
    try:
        found = entries(_IN, {_IN.chain: lines}, as_it_is)
    except TooMuch:
        doubts = [rule for line in lines if line.effect for rule in _doubt(line, ())]
        return Translations(tuple(passed), tuple(doubts))
    doubts = [rule for entry in found for rule in _doubts(entry)]
    return Translations(tuple(passed), tuple(doubts), rewrites_of(found))


_IN = Base("prerouting", 0, "nat", Region(), "permit", 0, "<nat>")
_LOOPBACK = numbers([(127 << 24, (128 << 24) - 1), (V6_FROM + 1, V6_FROM + 1)])
_OTHERS = Names(frozenset(STATES) - {"new"})
"""States of packets that no line of translation is asked about."""


def _doubts(entry: Entry) -> list[Rule]:
    if entry.doubtful:
        return _doubt(entry.line, entry.boxes)
    boxes = tuple({**box, "state": _OTHERS} for box in entry.boxes)
    return _doubt(entry.line, boxes) if entry.translates else []


def _doubt(line: Line, boxes: tuple[Box, ...]) -> list[Rule]:
    """Nobody can tell what happens to the packets, which are all of the line where none are given.

    A line that is in doubt is so for packets in every state.
    """
    listed = boxes or line.condition.may
    if boxes and any(box.get("state") is not _OTHERS for box in boxes):
        listed = tuple({n: v for n, v in box.items() if n != "state"} for box in boxes)
    kind = "by a port forward" if "port forward" in line.text else "one to one"
    return undecided(regions(listed), line.line, line.text, f"destination is translated {kind}")


def _forward(config: Config, ports: Ports, matcher: Matcher, node: Node) -> Line:
    """A port forward, or an exception from those behind it."""
    rule = _as_rule(config, node)
    entering = ports.names(rule.interfaces)
    exception = config.set_in(node, "nordr")
    doubts = [
        "<disabled/>" if config.set_in(node, "disabled") is None else "",
        "<nordr/> without a value" if exception is None else "",
    ]
    may, must, why = matcher.understanding(
        rule, {"entering": Named(entering, entering)}, doubts=doubts
    )
    condition = Condition(boxes_of(may), None if must is None else boxes_of(must), why)
    line = Line("permit", rule.line, rule.text, condition)
    if exception is not True:
        line.effect = "destination"
        line.goal = _goal(matcher, node, rule) if exception is False else None
    return line


def _goal(matcher: Matcher, node: Node, rule: Written) -> Goal | None:
    """The host and port that every packet gets; None where it is one of several."""
    behind = Side((node.value("target"),) if node.value("target") else ())
    for whole, version in ((ALL_V4, 4), (ALL_V6, 6)):
        found = matcher.side(behind, whole)
        values = found.may
        if found.why or values is None or values.size != 1 or common(values, _LOOPBACK):
            continue
        first, sent = node.value("local-port"), rule.destination.ports
        address = values.intervals[0][0]
        if not first or sent == (first,):
            return Goal(address, None, None, version)
        span, wanted = port_span(first), matcher.ports(sent) if sent else None
        if span is None or wanted is None or wanted.why or wanted.may is None:
            return None
        if wanted.may.intervals[0][0] == span[0]:
            return Goal(address, None, None, version)
        single = wanted.may.size == 1 and span[0] == span[1]
        return Goal(address, span[0], None, version) if single else None
    return None


def _port_forwards(config: Config) -> Iterator[Node]:
    section = config.root.child("nat")
    yield from section.named("rule") if section is not None else ()


def _one_to_one(config: Config) -> Iterator[Node]:
    section = config.root.child("nat")
    nodes = list(section.named("onetoone")) if section is not None else []
    models = config.root.at("OPNsense", "Firewall", "Filter", "onetoone")
    nodes += models.named("rule") if models is not None else []
    for node in nodes:
        if config.set_in(node, "disabled") is not True and node.value("enabled") != "0":
            yield node


def _passes(node: Node) -> str:
    """`pass` when the filter is not asked, `rule` when a rule is made that is not in the file."""
    if node.value("associated-rule-id") == "pass":
        return "pass"
    return node.value("pass") if node.value("pass") in {"pass", "rule"} else ""


def _as_rule(config: Config, node: Node) -> Written:
    """The port forward as a rule about untranslated packets."""
    interfaces = tuple(node.value("interface").replace(",", " ").split()) or ("wan",)
    source = side_of(config, node, "source") if node.child("source") else Side()
    return Written(
        line=node.line,
        text=_summary(node),
        action="pass",
        interfaces=interfaces,
        all_but_them=False,
        direction="in",
        quick=True,
        place=(0, 0, 0),
        family=node.value("ipprotocol").lower() or "inet46",
        protocol=node.value("protocol").lower() or "any",
        source=source,
        destination=side_of(config, node, "destination"),
    )


def _summary(node: Node) -> str:
    target, port = node.value("target"), node.value("local-port")
    return printable(
        f"<rule> port forward to {target}{f' port {port}' if port else ''} {node.value('descr')}"
    )


def _passed(ports: Ports, matcher: Matcher, node: Node, rule: Written, why: str) -> Rule:
    """What the port forward lets through, with the destination it puts in."""
    target = node.value("target")
    local = _local_ports(matcher, node, rule)
    behind = Side((target,) if target else (), False, local, rule.line)
    translated = replace(rule, destination=behind)
    entering = ports.names(rule.interfaces)
    may, must, said = matcher.understanding(
        translated, {"entering": Named(entering, entering)}, doubts=(why,)
    )
    return Rule("permit", rule.line, rule.text, may, must, why=said)


def _local_ports(matcher: Matcher, node: Node, rule: Written) -> tuple[str, ...]:
    """The ports behind the translation: as many as before it, from the local port on."""
    first = node.value("local-port")
    if not first:
        return rule.destination.ports
    span = port_span(first)
    if span is None:
        return (first,)
    wanted = matcher.ports(rule.destination.ports).may if rule.destination.ports else None
    if wanted is None or not wanted:
        return (first,)
    length = wanted.intervals[-1][1] - wanted.intervals[0][0]
    return (f"{span[0]}:{min(65535, span[0] + length)}",)


def _mapped(config: Config, ports: Ports, node: Node) -> Line:
    """A one-to-one mapping as it is for incoming packets."""
    entering = ports.names(tuple(node.value("interface").split()) or ("wan",))
    external = node.value("external")
    source = node.child("source")
    inner = (source.value("address") if source is not None else "") or node.value("source_net")
    _, slash, bits = external.partition("/")
    if not slash:
        bits = inner.partition("/")[2]
    found = prefix(f"{external.partition('/')[0]}/{bits}" if bits else external)
    box: dict[str, Numbers | Names] = {"entering": entering}
    if found is not None:
        box["destination"] = found
    text = printable(f"<onetoone> {external} to {inner}")
    line = Line("permit", node.line, text, Condition((box,)))
    if config.set_in(node, "nobinat") is True:
        return line  # an exception from those behind it
    line.effect = "destination"
    into = prefix(inner)
    if found is not None and into is not None and _is_plain(config, node):
        first, last = into.intervals[0]
        if found.size == into.size and (first < V6_FROM) == (found.intervals[0][0] < V6_FROM):
            line.goal = Goal(prefix=(first, last), version=4 if first < V6_FROM else 6)
    return line


_PLAIN = frozenset(
    {"categories", "created", "descr", "description", "disabled", "enabled", "external"}
    | {"interface", "ipprotocol", "log", "natreflection", "sequence", "source", "source_net"}
    | {"updated"}
)


def _is_plain(config: Config, node: Node) -> bool:
    """It is for every peer and in both directions, and certainly there."""
    if config.set_in(node, "disabled") is not False:
        return False
    for child in node.children:
        if child.name == "destination":
            if [one.name for one in child.children] != ["any"]:
                return False
        elif child.name in {"destination_net", "type"}:
            if child.text.lower() not in {"", "any", "binat"}:
                return False
        elif child.name not in _PLAIN and config.set_in(node, child.name) is not False:
            return False
    source = node.child("source")
    return source is None or [one.name for one in source.children] == ["address"]


def undecided(may: tuple[Region, ...], line: int, text: str, why: str) -> list[Rule]:
    """Rules after which nobody can tell what happens to these packets."""
    if not may:
        return []
    return [Rule(action, line, text, may, (), why=why) for action in ("permit", "deny")]
