"""Port forwards and one-to-one NAT: they change the destination before the filter looks at it.

The filter is expressed in translated destinations, as pf sees them. What happens to a packet on its
way to the untranslated one cannot be told from the filter: it is left in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.packets.policy import Region, Rule
from scanner.evidence import printable
from scanner.platforms.netconfig.addresses import prefix
from scanner.platforms.netconfig.doubt import Interfaces as Named
from scanner.platforms.netconfig.services import port_span
from scanner.platforms.netconfig.xml_tree import Node
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


def translations(config: Config, ports: Ports, matcher: Matcher) -> Translations:
    """All port forwards and one-to-one mappings that are not disabled."""
    passed, doubts = [], []
    exempt = False
    for node in _port_forwards(config):
        if config.set_in(node, "disabled") is True:
            continue
        if config.set_in(node, "nordr") is not False:
            exempt = True
            continue
        rule = _as_rule(config, node)
        passes = _passes(node)
        if passes:
            why = "" if passes == "pass" else "rule that the port forward registers"
            why = "no rdr of an earlier port forward" if exempt and not why else why
            passed.append(_passed(ports, matcher, node, rule, why))
        doubts += _in_doubt(ports, matcher, rule)
    for node in _one_to_one(config):
        doubts += _mapped(ports, node)
    return Translations(tuple(passed), tuple(doubts))


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


def _in_doubt(ports: Ports, matcher: Matcher, rule: Written) -> list[Rule]:
    entering = ports.names(rule.interfaces)
    may, _, _ = matcher.understanding(rule, {"entering": Named(entering, entering)})
    return undecided(may, rule.line, rule.text, "destination is translated by a port forward")


def _mapped(ports: Ports, node: Node) -> list[Rule]:
    entering = ports.names(tuple(node.value("interface").split()) or ("wan",))
    external = node.value("external")
    source = node.child("source")
    inner = (source.value("address") if source is not None else "") or node.value("source_net")
    _, slash, bits = external.partition("/")
    if not slash:
        bits = inner.partition("/")[2]
    found = prefix(f"{external.partition('/')[0]}/{bits}" if bits else external)
    region = Region(destination=found, entering=entering)
    text = printable(f"<onetoone> {external} to {inner}")
    return undecided((region,), node.line, text, "destination is translated one to one")


def undecided(may: tuple[Region, ...], line: int, text: str, why: str) -> list[Rule]:
    """Rules after which nobody can tell what happens to these packets."""
    if not may:
        return []
    return [Rule(action, line, text, may, (), why=why) for action in ("permit", "deny")]
