"""Packets between two virtual firewalls pass the policies of both, through their link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rules.packets.policy import Chain, Region, Rewrite, Rule, Stage
from rules.packets.sets import NOTHING, Names
from scanner.evidence import printable
from scanner.platforms.fortios.translated import (
    Translated,
    asks_for_sources,
    of_renamed,
    within,
)
from scanner.platforms.fortios.tree import ROOT, Configuration

Side: TypeAlias = Literal["entering", "leaving"]

_NPU_LINK = re.compile(r"(npu\d*_vlink\d*)([01])")


@dataclass(frozen=True, slots=True)
class Parts:
    """What one VDOM does: the chains that its packets pass, and those they lead to."""

    passed: tuple[str, ...]
    chains: Mapping[str, Chain]
    zones: tuple[str, ...]
    translated: Translated

    @property
    def before_policies(self) -> int:
        """How many of the chains come before destinations are translated."""
        return sum(name.endswith("firewall acl") for name in self.passed[:1])


def vdom_of(found: Configuration) -> dict[str, str]:
    """Interface -> the VDOM it belongs to."""
    return {
        entry.name: entry.word("vdom") or ROOT for entry in found.common.entries("system interface")
    }


def between(
    found: Configuration, vdoms: Mapping[str, Parts]
) -> tuple[tuple[Stage, ...], dict[str, Chain]]:
    """Stages for packets inside each VDOM and between any two of them."""
    places = {
        name: Names(frozenset(map(printable, [*_interfaces(found, name), *parts.zones])))
        for name, parts in vdoms.items()
    }
    joined = _links(found)
    stages: list[Stage] = []
    chains: dict[str, Chain] = {}
    for one, here in places.items():
        for other, there in places.items():
            concerns = Region(entering=here, leaving=there)
            if one == other:
                stages += _inside(vdoms[one], here, there)
                continue
            ends = joined.get((one, other), [])
            if len(ends) == 1 and not _detour(joined, one, other):
                way = _Way(vdoms[one], vdoms[other], ends[0], here, there)
                stages += way.stages(chains)
                continue
            linked = bool(ends) or _detour(joined, one, other)
            astray = _names(vdoms[one], there) or _names(vdoms[other], here)
            chain = _unlinked(one, other, linked or astray)
            chains[chain.name] = chain
            stages.append(Stage(chain.name, concerns))
    known = frozenset(name for place in places.values() for name in place.exact)
    chain = Chain(
        "no VDOM", (), "unknown", why="it is not known to which VDOM the interface belongs"
    )
    chains[chain.name] = chain
    elsewhere = Names(known, all_but=True)
    stages += [
        Stage(chain.name, Region(entering=elsewhere)),
        Stage(chain.name, Region(leaving=elsewhere)),
    ]
    return tuple(stages), chains


def _inside(parts: Parts, here: Names, there: Names) -> Iterator[Stage]:
    """The stages for packets that stay in one VDOM."""
    concerns = Region(entering=here, leaving=there)
    rewrites = within(parts.translated.arriving, here, there)
    for number, name in enumerate(parts.passed):
        first = number == parts.before_policies
        yield Stage(name, concerns, stateful=True, rewrites=rewrites if first else ())


@dataclass(frozen=True, slots=True)
class _Way:
    """From one VDOM through a link to another."""

    one: Parts
    other: Parts
    ends: tuple[str, str]
    here: Names
    there: Names

    def stages(self, chains: dict[str, Chain]) -> Iterator[Stage]:
        """The stages of both; the chains that they need are put into `chains`."""
        near, far = self.ends
        first, second = self.one.translated, self.other.translated
        chains |= dict(_seen_from(self.one, near, "leaving"))
        yield from self._passed(self.one, near, "leaving", self._rewrites(first.arriving))
        sent_on = self._rewrites(first.sent_on)
        if sent_on:
            name = f"translated before {far}"
            chains[name] = Chain(name, (), "permit")
            yield Stage(name, Region(source=NOTHING), rewrites=sent_on)
        seen = dict(_seen_from(self.other, far, "entering"))
        doubts = [*first.doubts, *(self._renamed() if asks_for_sources(seen) else ())]
        chains |= seen
        arriving = within(second.arriving, self.here, self.there, far)
        for stage in self._passed(self.other, far, "entering", arriving):
            yield _in_doubt(stage, doubts, near, chains)

    def _rewrites(self, several: tuple[Rewrite, ...]) -> tuple[Rewrite, ...]:
        return within(several, self.here, self.there)

    def _renamed(self) -> Iterator[Rule]:
        near = self.ends[0]
        return of_renamed(
            self.one.translated.renamed, lambda rule: _through(rule.may, near, "leaving")
        )

    def _passed(
        self, parts: Parts, end: str, side: Side, rewrites: tuple[Rewrite, ...]
    ) -> Iterator[Stage]:
        concerns = Region(entering=self.here, leaving=self.there)
        for number, name in enumerate(parts.passed):
            here = rewrites if number == parts.before_policies else ()
            yield Stage(_renamed(name, end, side), concerns, stateful=True, rewrites=here)


def _in_doubt(stage: Stage, doubts: list[Rule], near: str, chains: dict[str, Chain]) -> Stage:
    """The stage, with packets before it of which it may see something else."""
    if not doubts:
        return stage
    name = printable(f"{stage.chain} behind {near}")
    last = Rule("goto", doubts[0].line, doubts[0].text, target=stage.chain)
    chains[name] = Chain(name, (*doubts, last), "deny")
    return replace(stage, chain=name)


def _interfaces(found: Configuration, vdom: str) -> list[str]:
    return [name for name, of in vdom_of(found).items() if of == vdom]


def _unlinked(one: str, other: str, linked: bool) -> Chain:
    if linked:
        why = "there is more than one way between the two VDOMs, or they share interfaces"
        return Chain(printable(f"{one} to {other}"), (), "unknown", why=why)
    return Chain(printable(f"{one} to {other}: no link between the VDOMs"), (), "deny")


def _names(parts: Parts, elsewhere: Names) -> bool:
    """Whether policies name interfaces that belong to another VDOM, as no device would have it."""
    return any(
        place is not None and not place.all_but and not place.exact.isdisjoint(elsewhere.exact)
        for chain in parts.chains.values()
        for rule in chain.rules
        for region in rule.may
        for place in (region.entering, region.leaving)
    )


def _links(found: Configuration) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(VDOM, other VDOM) -> the ends of each link, the near one first."""
    names = [entry.name for entry in found.common.entries("system vdom-link")]
    pairs: dict[object, dict[str, str]] = {}
    vdoms = vdom_of(found)
    for entry in found.common.entries("system interface"):
        link = _end_of(entry.name, names) or _end_of(entry.word("interface"), names)
        if link is not None:
            tag = entry.word("vlanid") if entry.word("interface") else ""
            pairs.setdefault((link[0], tag), {})[link[1]] = entry.name
    found_links: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for ends in pairs.values():
        if len(ends) == 2:
            for near, far in ((ends["0"], ends["1"]), (ends["1"], ends["0"])):
                key = (vdoms[near], vdoms[far])
                if key[0] != key[1]:
                    found_links.setdefault(key, []).append((near, far))
    return found_links


def _end_of(name: str, links: list[str]) -> tuple[str, str] | None:
    """The link and which end of it an interface is."""
    for link in links:
        if name in {f"{link}0", f"{link}1"}:
            return link, name[-1]
    found = _NPU_LINK.fullmatch(name)
    return (found[1], found[2]) if found is not None else None


def _detour(joined: Mapping[tuple[str, str], list[tuple[str, str]]], one: str, other: str) -> bool:
    """Whether a third VDOM leads from the one to the other."""
    reached, todo = {one}, [one]
    while todo:
        at = todo.pop()
        for start, end in joined:
            if start == at and end not in reached and (start, end) != (one, other):
                reached.add(end)
                todo.append(end)
    return other in reached


def _renamed(name: str, end: str, side: Side) -> str:
    return printable(f"{name} {'to' if side == 'leaving' else 'from'} {end}")


def _seen_from(parts: Parts, end: str, side: Side) -> Iterator[tuple[str, Chain]]:
    """The chains of a VDOM for packets that come or go through one end of a link."""
    for chain in parts.chains.values():
        name = _renamed(chain.name, end, side)
        rules = tuple(
            rule for one in chain.rules if (rule := _narrowed(one, end, side, parts)) is not None
        )
        yield name, replace(chain, name=name, rules=rules)


def _narrowed(rule: Rule, end: str, side: Side, parts: Parts) -> Rule | None:
    may = _through(rule.may, end, side)
    if not may:
        return None
    must = None if rule.must is None else _through(rule.must, end, side)
    target = rule.target
    if target is not None and target in parts.chains:
        target = _renamed(target, end, side)
    return replace(rule, may=may, must=must, target=target)


def _through(regions: tuple[Region, ...], end: str, side: Side) -> tuple[Region, ...]:
    found = []
    for region in regions:
        place = region.entering if side == "entering" else region.leaving
        if place is None or end in place:
            found.append(
                replace(region, entering=None)
                if side == "entering"
                else replace(region, leaving=None)
            )
    return tuple(found)
