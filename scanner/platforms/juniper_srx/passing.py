"""All that a Junos device does with packets, put together: the fact `filters`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.packets.policy import Chain, Policy, Region, Rule, Stage
from rules.packets.sets import names
from scanner.platforms.juniper_srx import behind_nat, nat, policies, source_nat
from scanner.platforms.juniper_srx.addresses import Books
from scanner.platforms.juniper_srx.applications import Applications
from scanner.platforms.juniper_srx.filters import Filters
from scanner.platforms.juniper_srx.host_inbound import host_inbound
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.juniper_srx.zones import Zones

HOST = "junos-host"
"""What Junos calls the device itself as a zone."""


def policy_of(source: Source) -> Policy | None:
    """What passes; None when the configuration holds nothing that filters."""
    filters = Filters(source)
    stages = list(filters.coming)
    chains: dict[str, Chain] = {}
    zones = Zones(source, _by_interface(source, filters))
    if source.root.get("security", "policies") or source.root.get("security", "zones"):
        reader = policies.Reader(source, Books(source), Applications(source.root), zones)
        chains |= _flow(source, reader, stages)
    _out(source, filters, zones, chains, stages)
    chains |= filters.chains
    if not stages:
        return None
    _notice(source)
    return Policy(tuple(stages), chains, tuple(source.unread), zones.members)


def _by_interface(source: Source, filters: Filters) -> bool:
    """Whether some line speaks of single interfaces, so that all have to."""
    zones = source.root.each("security", "zones", "security-zone")
    return (
        any(not stage.concerns.leaving for stage in filters.coming)
        or any(not _is_loopback(stage) for stage in filters.going)
        or any(node.get("host-inbound-traffic") for z in zones for node in z.each("interfaces"))
        or any(
            rule_set.get("from", "interface")
            for kind in ("static", "destination")
            for rule_set in source.root.each("security", "nat", kind, "rule-set")
        )
    )


def _is_loopback(stage: Stage) -> bool:
    leaving = stage.concerns.leaving
    return leaving is not None and all(name.startswith("lo0.") for name in leaving.exact)


def _flow(source: Source, reader: policies.Reader, stages: list[Stage]) -> dict[str, Chain]:
    """The policies between zones, and what comes to the device itself."""
    found = nat.with_nat(reader, policies.chains(reader))
    line = _line(source, "policies") or _line(source, "zones") or 1
    through = Region(leaving=names(HOST, all_but=True))
    stages.append(Stage(policies.POLICIES, through, line, source.text(line), stateful=True))
    inbound = host_inbound(source, reader.zones)
    if inbound is not None:
        found[inbound.name] = inbound
        at = inbound.rules[0].line if inbound.rules else line
        to_host = Region(leaving=names(HOST))
        stages.append(Stage(inbound.name, to_host, at, source.text(at), stateful=True))
        own = tuple(_own(found))
        if own:
            title = f"to-zone {HOST}"
            found[title] = Chain(title, own, "permit")
            stages.append(Stage(title, to_host, own[0].line, own[0].text, stateful=True))
    return found


def _own(chains: dict[str, Chain]) -> Iterator[Rule]:
    for rule in chains[policies.POLICIES].rules:
        if rule.target is not None and rule.target.endswith(f"to-zone {HOST}"):
            yield rule


def _line(source: Source, name: str) -> int | None:
    node = source.root.get("security", name)
    return node.line if node else None


def _out(
    source: Source, filters: Filters, zones: Zones, chains: dict[str, Chain], stages: list[Stage]
) -> None:
    """Output filters see what NAT made of the addresses."""
    asked = [stage for stage in filters.going if not _is_loopback(stage)]
    stages += [stage for stage in filters.going if _is_loopback(stage)]
    if not asked or source.root.get("security", "nat") is None:
        stages += asked
        return
    reader = policies.Reader(source, Books(source), Applications(source.root), zones)
    there = list(nat.translations(reader))
    out = list(source_nat.sent(reader, iter(there)))
    looked_at = behind_nat.fields_of(filters.chains, [stage.chain for stage in asked])
    found = behind_nat.behind(there, out, looked_at)
    chains[behind_nat.PASSED] = Chain(behind_nat.PASSED, (), "permit")
    stages += found.stages
    for stage in asked:
        title = f"{stage.chain}, after NAT"
        last = Rule("goto", stage.line or 1, stage.text, target=stage.chain)
        chains[title] = Chain(title, (*found.doubts, last), "deny")
        stages.append(replace(stage, chain=title))


_ELSEWHERE = ("logical-systems", "tenants")


def _notice(source: Source) -> None:
    for name in _ELSEWHERE:
        node = source.root.get(name)
        if node is not None:
            source.odd(node.line, f"{name} have policies of their own")
    node = source.root.get("security", "forwarding-options")
    if node is not None:
        for one in node.all():
            if one.word in {"packet-based", "drop"}:
                source.odd(one.line, "packets of a family are forwarded without policies")
