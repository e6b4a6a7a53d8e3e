"""Static and destination NAT, which come before the policies: what a policy says of a translated
address, said of the address that the packet comes with.

Juniper TechLibrary, "Network Address Translation User Guide": static NAT, then destination NAT,
then route and policy lookup, then source NAT. Of the rule sets one for an interface comes before
one for a zone and that before one for a routing instance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain as joined

from rules.packets.fields import protocol_number
from rules.packets.policy import Chain, Region, Rule, not_understood
from rules.packets.sets import Interval, Numbers, common, numbers
from scanner.platforms.juniper_srx.policies import POLICIES, Reader
from scanner.platforms.juniper_srx.zones import with_unit
from scanner.platforms.netconfig import addresses
from scanner.platforms.netconfig.services import only, port_span
from scanner.platforms.netconfig.word_tree import Node

COPIES_MAX = 100_000
"""So many rules are written out for translated addresses; beyond that a translation is unknown."""
UNTRANSLATED = "security policies, untranslated"
_KINDS = ("interface", "zone", "routing-instance")


@dataclass(frozen=True, slots=True)
class Translation:
    """Packets and where they go instead."""

    match: Region
    line: int
    text: str
    target: Interval | None
    """None: they are not translated."""
    port: int | None = None
    shifted: bool = False
    """Each address has its own counterpart in the target."""
    why: str = ""
    """What was not understood."""
    begins: frozenset[str] | None = None
    """Zones the packets come from; None = any."""


def with_nat(reader: Reader, chains: dict[str, Chain]) -> dict[str, Chain]:
    """The chains, with those for translated packets before the policies for all others."""
    found = dict(chains)
    entries: list[Rule] = []
    copies = 0
    for at, one in enumerate(translations(reader)):
        if one.why:
            for part in not_understood(one.line, one.text, one.why):
                entries.append(replace(part, may=(one.match,)))
            continue
        if one.target is None:
            found[UNTRANSLATED] = replace(chains[POLICIES], name=UNTRANSLATED)
            target = UNTRANSLATED
        else:
            copies += sum(len(chain.rules) for chain in chains.values())
            if copies > COPIES_MAX:
                why = "too many addresses are translated"
                for part in not_understood(one.line, one.text, why):
                    entries.append(replace(part, may=(one.match,)))
                continue
            target = f"{POLICIES}, {at + 1}. translation"
            found |= _translated(chains, one, target)
        entries.append(Rule("goto", one.line, one.text, (one.match,), target=target))
    if entries:
        whole = chains[POLICIES]
        found[POLICIES] = replace(whole, rules=(*entries, *whole.rules))
    return found


# --- the policies for translated packets -------------------------------------------------------


def _translated(chains: dict[str, Chain], one: Translation, top: str) -> dict[str, Chain]:
    found: dict[str, Chain] = {}
    for name, chain in chains.items():
        new = top if name == POLICIES else f"{name}, {top}"
        rules = tuple(
            rule for rule in (_seen(rule, one, top) for rule in chain.rules) if rule is not None
        )
        found[new] = replace(chain, name=new, rules=rules)
    return found


def _seen(rule: Rule, one: Translation, top: str) -> Rule | None:
    """The rule for packets before they are translated; None when it is for none of them."""
    target = f"{rule.target}, {top}" if rule.target else None
    may = tuple(r for region in rule.may for r in _before(region, one, sure=False))
    if not may:
        return None
    must = tuple(r for region in rule.certain for r in _before(region, one, sure=True))
    if rule.understood and must == may:
        return replace(rule, may=may, must=None, target=target)
    return replace(rule, may=may, must=must, target=target, why=rule.why or one.text)


def _before(region: Region, one: Translation, sure: bool) -> Iterator[Region]:
    assert one.target is not None
    if region.destination is not None:
        pool = Numbers((one.target,))
        hit = common(region.destination, pool)
        if not hit or (sure and not one.shifted and hit != pool):
            return
        own = None
        if one.shifted and one.match.destination is not None:
            away = one.match.destination.intervals[0][0] - one.target[0]
            own = numbers((first + away, last + away) for first, last in hit.intervals)
        region = replace(region, destination=own)
    if one.port is not None and region.destination_port is not None:
        if one.port not in region.destination_port:
            return
        region = replace(region, destination_port=None)
    yield region


# --- the configuration -----------------------------------------------------------------------


def translations(reader: Reader) -> Iterator[Translation]:
    """Every rule of static and destination NAT, in the order in which they are asked."""
    for kind in ("static", "destination"):
        sets = reader.source.root.each("security", "nat", kind, "rule-set")
        for scope in _KINDS:
            for rule_set in sets:
                if rule_set.get("from", scope) is not None:
                    for rule in rule_set.each("rule"):
                        yield from _of_rule(reader, kind, rule_set, rule)


def _of_rule(reader: Reader, kind: str, rule_set: Node, rule: Node) -> Iterator[Translation]:
    match, why, begins = match_of(reader, rule_set, rule)
    text = reader.source.text(rule.line)
    then = rule.get("then", f"{kind}-nat")
    if then is None:
        yield Translation(match, rule.line, text, None, why="a translation without a target")
        return
    if "off" in then.below:
        yield Translation(match, rule.line, text, None, why=why, begins=begins)
        return
    targets = _static(reader, then) if kind == "static" else _pool(reader, then)
    if targets is None:
        yield Translation(match, rule.line, text, None, why=why or " ".join(_words(then)))
        return
    target, port = targets
    own = match.destination
    size = target[1] - target[0]
    shifted = (
        kind == "static"
        and own is not None
        and len(own.intervals) == 1
        and own.intervals[0][1] - own.intervals[0][0] == size
    )
    if kind == "static" and not shifted:
        why = why or "a static translation between prefixes of different size"
    yield Translation(match, rule.line, text, target, port, shifted, why, begins)


def _words(node: Node) -> list[str]:
    return [node.word, *(one.word for one in node.all())][:8]


def match_of(
    reader: Reader, rule_set: Node, rule: Node
) -> tuple[Region, str, frozenset[str] | None]:
    """The packets of a rule, what of it is not understood, and the zones that they come from."""
    why = ""
    begins = [node.word for node in rule_set.each("from", "zone")]
    entering = reader.zones.names(begins) if begins else None
    listed = [with_unit(node.word) for node in rule_set.each("from", "interface")]
    if listed:
        entering = reader.zones.of_interfaces(listed)
    if rule_set.get("from", "routing-instance") is not None:
        why = "from routing-instance"
    match = rule.get("match") or Node("match", rule.line)
    values: dict[str, list[Numbers]] = {}
    for key in match.below.values():
        one, wrong = _condition(reader, key)
        why = why or wrong
        if one is not None:
            values.setdefault(key.word.removesuffix("-name"), []).append(one)
    found = {key: _union(parts) for key, parts in values.items()}
    region = Region(
        source=found.get("source-address"),
        destination=found.get("destination-address"),
        protocol=found.get("protocol"),
        source_port=found.get("source-port"),
        destination_port=found.get("destination-port"),
        entering=entering,
    )
    if region.protocol is None and (region.destination_port or region.source_port):
        region = replace(region, protocol=numbers([(6, 6), (17, 17)]))
    return region, why, frozenset(begins) or None


def _union(parts: list[Numbers]) -> Numbers:
    return numbers(joined.from_iterable(part.intervals for part in parts))


def _condition(reader: Reader, key: Node) -> tuple[Numbers | None, str]:
    values = list(key.below.values())
    wrong = f"{key.word} {values[0].word if values else ''}".strip()
    found: list[Numbers] = []
    for node in values:
        one: Numbers | None = None
        if key.word in {"source-address", "destination-address"}:
            one = addresses.prefix(node.word)
        elif key.word in {"source-address-name", "destination-address-name"}:
            one, unknown = reader.books.named(None, node.word)
            if unknown:
                return None, unknown
        elif key.word in {"source-port", "destination-port"}:
            last = node.value("to")
            span = port_span(node.word, last.word if last else None)
            one = Numbers((span,)) if span else None
        elif key.word == "protocol":
            number = protocol_number(node.word)
            one = None if number is None else only(number)
        if one is None:
            return None, wrong
        found.append(one)
    return (_union(found), "") if found else (None, wrong)


def _static(reader: Reader, then: Node) -> tuple[Interval, int | None] | None:
    prefix = then.get("prefix")
    if prefix is not None:
        node = prefix.value()
        one = addresses.prefix(node.word) if node is not None else None
    else:
        node = then.value("prefix-name")
        one, unknown = reader.books.named(None, node.word) if node else (None, "")
        one = None if unknown else one
    if node is None or one is None or len(one.intervals) != 1:
        return None
    ports = next((n for n in then.all() if n.word == "mapped-port"), None)
    if ports is None:
        return one.intervals[0], None
    numbered = [n.word for n in ports.all()]
    if len(numbered) != 1 or not numbered[0].isdigit():
        return None
    return one.intervals[0], int(numbered[0])


def _pool(reader: Reader, then: Node) -> tuple[Interval, int | None] | None:
    named = then.value("pool")
    pool = named and reader.source.root.get("security", "nat", "destination", "pool", named.word)
    address = pool.value("address") if pool else None
    if pool is None or address is None:
        return None
    one = addresses.prefix(address.word)
    last = address.value("to")
    if last is not None:
        one = addresses.between(address.word.split("/")[0], last.word.split("/")[0])
    elif one is not None and "/" in address.word and not address.word.endswith(("/32", "/128")):
        one = None  # the whole prefix or only the host: the documents of releases differ
    port = next((node for node in pool.all() if node.word == "port"), None)
    number = port.value() if port is not None else None
    if one is None or (number is not None and not number.word.isdigit()):
        return None
    return one.intervals[0], int(number.word) if number is not None else None
