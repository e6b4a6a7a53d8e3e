"""What a packet's source becomes on its way out: static NAT the other way round, then source NAT.

Juniper TechLibrary, "Understanding Source NAT Rules": asked after static NAT, destination NAT,
route and policy lookup and the reverse mapping of static NAT; of overlapping rules that for an
interface comes before that for a zone, that for a zone before that for a routing instance. The port
changes as well unless the pool says `port no-translation` or the translation is static.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_interface

from rules.packets.fields import ALL_V4, V6_FROM, place
from rules.packets.policy import Change, Region
from rules.packets.sets import Numbers, common, names
from scanner.platforms.juniper_srx.nat import Translation, match_of
from scanner.platforms.juniper_srx.policies import Reader
from scanner.platforms.juniper_srx.zones import with_unit
from scanner.platforms.netconfig import addresses
from scanner.platforms.netconfig.word_tree import Node

_KINDS = ("interface", "zone", "routing-instance")


@dataclass(frozen=True, slots=True)
class Sent:
    """Packets on their way out, and the source that they get."""

    match: Region
    line: int
    text: str
    source: Change | None = None
    """None: they keep theirs, or with `why` nobody can say which they get."""
    any_port: bool = False
    """The port becomes another one that nobody can say."""
    why: str = ""


def sent(reader: Reader, static: Iterator[Translation]) -> Iterator[Sent]:
    """Every rule that decides about the source of a packet, in the order of the device."""
    for one in static:
        if one.shifted or one.why or one.target is not None:
            yield _reversed(one)
    sets = reader.source.root.each("security", "nat", "source", "rule-set")
    for ends in _KINDS:
        for begins in _KINDS:
            for rule_set in sets:
                if _kind(rule_set, "to") == ends and _kind(rule_set, "from") == begins:
                    for rule in rule_set.each("rule"):
                        yield from _of_rule(reader, rule_set, rule)


def _kind(rule_set: Node, side: str) -> str:
    return next((kind for kind in _KINDS if rule_set.get(side, kind) is not None), _KINDS[-1])


def _reversed(one: Translation) -> Sent:
    """Packets of an inside host to where its outside address is known."""
    match = Region(leaving=one.match.entering)
    outer = one.match.destination
    if one.target is not None:
        match = replace(match, source=Numbers((one.target,)))
    if one.why or one.target is None or not one.shifted or outer is None or one.port is not None:
        return Sent(match, one.line, one.text, why=one.why or one.text)
    by = outer.intervals[0][0] - one.target[0]
    return Sent(match, one.line, one.text, Change(by, shifts=True))


def _of_rule(reader: Reader, rule_set: Node, rule: Node) -> Iterator[Sent]:
    match, why, _ = match_of(reader, rule_set, rule)
    zones = [node.word for node in rule_set.each("to", "zone")]
    listed = [with_unit(node.word) for node in rule_set.each("to", "interface")]
    leaving = reader.zones.of_interfaces(listed) if listed else reader.zones.names(zones)
    match = replace(match, leaving=leaving)
    if rule_set.get("to", "routing-instance") is not None:
        why = why or "to routing-instance"
    text = reader.source.text(rule.line)
    then = rule.get("then", "source-nat")
    if then is None:
        yield Sent(match, rule.line, text, why=why or "a translation without a target")
    elif why or "off" in then.below:
        yield Sent(match, rule.line, text, why=why)
    elif "interface" in then.below:
        yield from _of_interfaces(reader, Sent(match, rule.line, text, any_port=True))
    else:
        yield _of_pool(reader, then, Sent(match, rule.line, text))


def _of_pool(reader: Reader, then: Node, one: Sent) -> Sent:
    named = then.value("pool")
    pool = named and reader.source.root.get("security", "nat", "source", "pool", named.word)
    if pool is None:
        return replace(one, why=f"pool {named.word if named else ''} is not defined")
    listed = pool.each("address")
    found = addresses.prefix(listed[0].word) if len(listed) == 1 else None
    alone = found is not None and found.size == 1 and listed[0].value("to") is None
    if found is None or not alone or pool.get("host-address-base") is not None:
        return replace(one, why=f"pool {pool.word} has several addresses")
    keeps = pool.get("port", "no-translation") is not None
    return replace(one, source=Change(found.intervals[0][0]), any_port=not keeps)


def _of_interfaces(reader: Reader, one: Sent) -> Iterator[Sent]:
    """The address of the interface that the packet leaves through, where it has only one."""
    leaving = one.match.leaving
    if leaving is None or leaving.all_but or leaving.beginnings:
        yield replace(one, why="the address of the interface that it leaves through")
        return
    for name in sorted(leaving.exact):
        own = tuple(_addresses(reader, name))
        v4 = [at for at in own if at < V6_FROM]
        through = replace(one, match=replace(one.match, leaving=names(name)))
        if len(v4) != 1 or len(own) != 1:
            yield replace(through, why=f"the address of {name}")
            continue
        source = ALL_V4 if one.match.source is None else common(one.match.source, ALL_V4)
        if source:
            yield replace(
                through, match=replace(through.match, source=source), source=Change(v4[0])
            )


def _addresses(reader: Reader, name: str) -> Iterator[int]:
    interface, _, unit = name.partition(".")
    for family in ("inet", "inet6"):
        for node in reader.source.root.each(
            "interfaces", interface, "unit", unit, "family", family, "address"
        ):
            try:
                yield place(ip_interface(node.word).ip)
            except ValueError:
                continue
