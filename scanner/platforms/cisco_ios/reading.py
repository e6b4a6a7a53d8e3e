"""One document of the family: a running-config or the answer to a show command, as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import QosClass, UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.cisco_ios.access_lists import access_lists
from scanner.platforms.cisco_ios.answers import identity_in, version_facts, vlan_facts
from scanner.platforms.cisco_ios.bandwidth import Bandwidth
from scanner.platforms.cisco_ios.class_maps import class_maps
from scanner.platforms.cisco_ios.configuration import (
    FAMILY,
    Configuration,
    configuration,
    harmless,
    is_ours,
)
from scanner.platforms.cisco_ios.filters import policy, unread
from scanner.platforms.cisco_ios.interfaces import Port, interfaces
from scanner.platforms.cisco_ios.lines_left import coverage as covered
from scanner.platforms.cisco_ios.lines_left import judge
from scanner.platforms.cisco_ios.management import management_facts
from scanner.platforms.cisco_ios.object_groups import object_groups
from scanner.platforms.cisco_ios.routes import dynamic, routes
from scanner.platforms.cisco_ios.routing_table import route_facts
from scanner.platforms.cisco_ios.translation import translation
from scanner.platforms.cisco_ios.vlan_numbers import vlan_numbers
from scanner.platforms.cisco_ios.vrfs import leaks, vrfs
from scanner.platforms.cisco_ios.zones import Firewall
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.bound_nowhere import BOUND_NOWHERE
from scanner.platforms.netconfig.connected import LEARNT
from scanner.platforms.several_documents import Told

NAME = FAMILY
VENDOR = "Cisco"
CITED_MAX = 40


def told(document: Document) -> Told:
    """What the document says; made once and shared. Nothing for files of other families."""
    return document.once(_told)


def coverage(document: Document) -> Coverage:
    """How much of the configuration is understood, whoever's file it is."""
    config = configuration(document)
    _facts(config)
    return covered(config)


def _told(document: Document) -> Told:
    facts = version_facts(document)
    if facts:
        number = next(n for n, line in enumerate(document.lines, 1) if line.startswith("Cisco "))
        return Told(_identified(document, number) | facts)
    if shown := vlan_facts(document) or route_facts(document):
        return Told(shown)
    if not is_ours(document):
        return Told()
    config = configuration(document)
    facts = _facts(config)
    proof = min(config.used, default=1)
    doubts = [
        UnreadLine(number, harmless(document.lines[number - 1]), printable(why))
        for number, (why, _) in sorted(config.unsure.items())
    ]
    return Told(_identified(document, proof) | identity_in(document) | facts, unread=doubts)


def _identified(document: Document, line: int) -> dict[str, Fact[Any]]:
    cited = (document.cite(line, _harmless(document, line)),)
    return {"identity.vendor": Known(VENDOR, cited), "identity.family": Known(NAME, cited)}


def _harmless(document: Document, line: int) -> str:
    """The beginning of a line, which holds no secret."""
    return " ".join(document.lines[line - 1].split()[:2])


def _facts(config: Configuration) -> dict[str, Fact[Any]]:
    """Every fact of a configuration; what was not understood is noted in it."""
    groups = object_groups(config)
    lists = access_lists(config, groups)
    ports = interfaces(config)
    classes = class_maps(config)
    tables = vrfs(config, ports)
    joined = leaks(config, tables, ports)
    nat = translation(config, ports, lists)
    firewall = Firewall(config, lists, classes, ports)
    filters = policy(config, lists, ports, firewall, (tables, joined), nat)
    bandwidth = Bandwidth(config, classes, lists).read(ports)
    facts = management_facts(config, lists)
    facts |= _network(config, ports, list(tables))
    _dropping_policies(config, ports)
    judge(config)
    facts = _whole(config, facts)
    if ports:
        cited = _cited(config, [s.line for s in filters.stages if s.line], ports)
        facts["filters"] = Known(replace(filters, unread=unread(config)), cited)
    elif lists.v4 or lists.v6:
        facts["filters"] = Unknown(BOUND_NOWHERE)
    if ports and not config.is_cut and (bandwidth or not _keeps_otherwise(config)):
        facts["qos.classes"] = Known(bandwidth, _policies_cited(config, bandwidth, ports))
    return facts


_KEEPS_OTHERWISE = frozenset(
    {"custom-queue-list", "priority-group", "rate-limit", "rsvp", "service-policy", "srr-queue",
     "traffic-shape", "wrr-queue", "auto", "fair-queue"}
)  # fmt: skip
"""Words of lines of an interface that keep or share bandwidth without a policy that was read."""


def _keeps_otherwise(config: Configuration) -> bool:
    """Some interface may keep bandwidth by other means than a policy map."""
    return any(
        _KEEPS_OTHERWISE & set(line.words)
        for block in config.top
        if block.words[0] in {"interface", "template", "map-class", "control-plane"}
        for line in block.all()
    )


def _policies_cited(
    config: Configuration, bandwidth: Sequence[QosClass], ports: dict[str, Port]
) -> tuple[Citation, ...]:
    """The lines of the classes, else the policies that are bound nowhere, else the interfaces."""
    lines = [one.line for one in bandwidth]
    lines = lines or [block.number for block in config.starting("policy-map")]
    lines = lines or [port.header.number for port in ports.values()]
    return tuple(config.document.cite(line) for line in lines[:CITED_MAX])


def _cited(
    config: Configuration, lines: Sequence[int], ports: dict[str, Port]
) -> tuple[Citation, ...]:
    """The bindings; where nothing is bound, the interfaces on which nothing is."""
    numbers = sorted(set(lines)) or [port.header.number for port in ports.values()]
    return tuple(config.document.cite(number) for number in numbers[:CITED_MAX])


def _network(
    config: Configuration, ports: dict[str, Port], tables: list[str]
) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    document = config.document
    if ports:
        headers = [port.header.number for port in ports.values()][:CITED_MAX]
        cited = tuple(document.cite(number) for number in headers)
        facts["interfaces"] = Known(tuple(port.fact() for port in ports.values()), cited)
    if tables:
        lines = [
            n for n, t in enumerate(document.lines, 1) if t.split()[-1:] in ([x] for x in tables)
        ]
        facts["vrfs"] = Known(
            tuple(tables), tuple(document.cite(n) for n in lines[:CITED_MAX] or [1])
        )
    learning = dynamic(config)
    found = routes(config, ports)
    if learning is not None:
        facts["routes"] = Unknown(LEARNT.format(words=printable(learning.text, 60)))
    elif found:
        cited = tuple(document.cite(number) for _, number in found[:CITED_MAX])
        facts["routes"] = Known(tuple(dict.fromkeys(route for route, _ in found)), cited)
    facts |= _vlans(config, ports)
    facts |= _forwards(config)
    return facts


def _vlans(config: Configuration, ports: dict[str, Port]) -> dict[str, Fact[Any]]:
    """VLANs that the configuration defines or uses."""
    found: dict[int, int] = {}
    for line in config.starting("vlan"):
        listed = vlan_numbers("".join(line.words[1:])) if len(line.words) > 1 else None
        if listed is not None:
            config.use_all(line)
            for number in listed:
                found.setdefault(number, line.number)
        elif len(line.words) > 1 and line.words[1][0].isdigit():
            config.doubt(line, "a list of VLANs that is not understood", matters=False)
            return {"vlans": Unknown(_VLANS, (config.document.cite(line.number),))}
    for port in ports.values():
        if port.vlan is not None and 1 <= port.vlan <= 4094:
            found.setdefault(port.vlan, port.header.number)
    if not found:
        return {}
    lines = sorted(set(found.values()))[:CITED_MAX]
    cited = tuple(config.document.cite(number) for number in lines)
    return {"vlans": Known(tuple(sorted(found)), cited)}


def _forwards(config: Configuration) -> dict[str, Fact[Any]]:
    found = config.last("ip", "routing")
    if found is None:
        return {}
    config.use(found[1])
    return {"routing.forwards": Known(found[0], (config.document.cite(found[1].number),))}


def _dropping_policies(config: Configuration, ports: dict[str, Port]) -> None:
    """Policies for bandwidth may also drop a class; those that are attached are looked at."""
    attached = {name for port in ports.values() for _, name, _ in port.policies}
    for block in config.starting("policy-map"):
        if block.words[-1] in attached and len(block.words) == 2:
            for line in block.all():
                if line.words == ["drop"]:
                    config.doubt(line, "a class of an attached policy is dropped", matters=True)


def _whole(config: Configuration, facts: dict[str, Fact[Any]]) -> dict[str, Fact[Any]]:
    """The facts; of a configuration that is cut off only those that no later line changes."""
    if not config.is_cut:
        return facts
    config.doubt(config.top[-1], "the configuration ends without `end`", matters=True)
    return {
        name: fact if name in _TOLD_AT_ONCE or _is_on(name, fact) else Unknown(_CUT_OFF)
        for name, fact in facts.items()
    }


def _is_on(name: str, fact: Fact[Any]) -> bool:
    return name.startswith("service.") and isinstance(fact, Known) and fact.value is True


_TOLD_AT_ONCE = frozenset(
    {"password_policy.min_length", "management.lockout_attempts", "routing.forwards"}
)
_CUT_OFF = Text(
    vi="cấu hình bị cắt trước dòng `end`; hãy lấy lại toàn bộ `show running-config`",
    en="the configuration is cut off before `end`; take the whole `show running-config` again",
)
_VLANS = Text(
    vi="không hiểu một dòng khai báo VLAN",
    en="a line that defines VLANs is not understood",
)
