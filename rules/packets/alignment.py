"""Which lines two versions of a policy have in common, in the same order.

A packet that no other line concerns meets the same fate in both. Lines are compared by what they
mean: renamed objects and chains, moved line numbers and log lines make no difference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.packets.policy import EVERYTHING, Chain, Policy, Region, Rewrite, Rule, Stage
from rules.packets.sets import Names, Numbers


@dataclass
class Half:
    """What is known of the lines of one version. A token is the same for both versions' lines."""

    rules: dict[tuple[str, int], Hashable] = field(default_factory=dict)
    """By chain and id of a rule; a rule that is missing here differs."""
    ends: dict[str, Hashable] = field(default_factory=dict)
    """By chain, where its end does the same in both."""
    rewrites: dict[int, Hashable] = field(default_factory=dict)
    """By id."""
    stages: dict[int, int] = field(default_factory=dict)
    """Number of a stage -> number of the same stage in the other version."""
    differing: list[tuple[Region, ...]] = field(default_factory=list)
    """For each stage the packets, as they come to it, that lines which differ concern."""


def aligned(old: Policy, new: Policy) -> tuple[Half, Half]:
    """What both have in common, as seen from either."""
    return _Alignment(old, new).halves


class _Alignment:
    """Compares chains from the stages down, each pair once."""

    def __init__(self, old: Policy, new: Policy) -> None:
        self._policies = (old, new)
        self._sets = _Sets()
        self._partners: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._torn: tuple[set[str], set[str]] = (set(), set())
        """Chains that would be compared with more than one of the other version."""
        self._own: tuple[dict[str, list[Region]], dict[str, list[Region]]] = ({}, {})
        self._inner: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        self.halves = (Half(), Half())
        pairs = self._stages()
        self._chains([(old.stages[i].chain, new.stages[j].chain) for i, j in pairs])
        self._tear()
        for side in (0, 1):
            half, policy = self.halves[side], self._policies[side]
            for number, stage in enumerate(policy.stages):
                matched = number in half.stages
                found = self._within(side, stage) if matched else iter((stage.concerns,))
                half.differing.append(tuple(found))

    def _stages(self) -> list[tuple[int, int]]:
        keys = [[self._stage(side, one) for one in self._policies[side].stages] for side in (0, 1)]
        pairs = in_common(*keys)
        for i, j in pairs:
            self.halves[0].stages[i], self.halves[1].stages[j] = j, i
            rewrites = [p.stages[n].rewrites for p, n in zip(self._policies, (i, j), strict=True)]
            listed = [[self._rewrite(one) for one in several] for several in rewrites]
            for number, (a, b) in enumerate(in_common(*listed)):
                self.halves[0].rewrites[id(rewrites[0][a])] = (i, number)
                self.halves[1].rewrites[id(rewrites[1][b])] = (i, number)
        return pairs

    def _stage(self, side: int, stage: Stage) -> Hashable:
        concerns = self._sets.region(stage.concerns)
        return (self._named(side, stage.chain), concerns, stage.stateful)

    def _named(self, side: int, chain: str) -> Hashable:
        """A chain that only one version has may be the other's under a new name."""
        if chain not in self._policies[side].chains:
            return ("undefined", chain)
        return chain if all(chain in policy.chains for policy in self._policies) else None

    def _rewrite(self, rewrite: Rewrite) -> Hashable:
        changes = tuple(rewrite.changes.items())
        return (tuple(self._sets.region(one) for one in rewrite.rule.may), changes)

    def _chains(self, waiting: list[tuple[str, str]]) -> None:
        done: set[tuple[str, str]] = set()
        while waiting:
            pair = waiting.pop()
            if pair in done:
                continue
            done.add(pair)
            for side in (0, 1):
                mine, theirs = pair[side], pair[1 - side]
                if self._partners[side].setdefault(mine, theirs) != theirs:
                    self._torn[side].add(mine)
                    self._torn[1 - side] |= {theirs, self._partners[side][mine]}
            waiting += self._compared(pair)

    def _compared(self, names: tuple[str, str]) -> Iterator[tuple[str, str]]:
        """Notes what two chains have in common; the chains that their common jumps lead to."""
        chains = [policy.chains.get(n) for policy, n in zip(self._policies, names, strict=True)]
        old, new = chains
        if old is None or new is None:
            return
        same_end = (old.default, old.why) == (new.default, new.why)
        listed = [_speaking(chain) for chain in (old, new)]
        pairs = in_common(*([self._rule(s, r) for r in listed[s]] for s in (0, 1)))
        common: list[set[int]] = [set(), set()]
        for number, matched in enumerate(pairs):
            for side in (0, 1):
                rule = listed[side][matched[side]]
                common[side].add(matched[side])
                self.halves[side].rules[names[side], id(rule)] = (names, number)
                if rule.target is not None:
                    self._inner[side].setdefault(names[side], []).append(rule.target)
            targets = [listed[side][matched[side]].target for side in (0, 1)]
            if targets[0] is not None and targets[1] is not None:
                yield targets[0], targets[1]
        for side in (0, 1):
            own = self._own[side].setdefault(names[side], [])
            rest = (r for n, r in enumerate(listed[side]) if n not in common[side])
            own += (region for rule in rest for region in rule.may)
            if same_end:
                self.halves[side].ends[names[side]] = names
            else:
                own.append(EVERYTHING)

    def _rule(self, side: int, rule: Rule) -> Hashable:
        may = frozenset(self._sets.region(one) for one in rule.may)
        target = None if rule.target is None else self._named(side, rule.target)
        if rule.must is None:
            return (rule.action, may, target)
        # a condition that is not understood is the same only if it is spelt the same
        must = frozenset(self._sets.region(one) for one in rule.must)
        return (rule.action, may, target, must, rule.why, rule.text)

    def _tear(self) -> None:
        """Whatever was noted of chains without one partner holds for none."""
        for half, torn, own in zip(self.halves, self._torn, self._own, strict=True):
            half.rules = {key: token for key, token in half.rules.items() if key[0] not in torn}
            for name in torn:
                half.ends.pop(name, None)
                own[name] = [EVERYTHING]

    def _within(self, side: int, stage: Stage) -> Iterator[Region]:
        waiting, seen = [stage.chain], set()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                yield from self._own[side].get(name, ())
                waiting += self._inner[side].get(name, ())


def _speaking(chain: Chain) -> list[Rule]:
    return [rule for rule in chain.rules if rule.action != "continue"]


class _Sets:
    """A small number for every region, equal for equal ones; large sets are hashed once."""

    def __init__(self) -> None:
        self._by_id: dict[int, tuple[Numbers | Names, int]] = {}
        self._by_value: dict[Any, int] = {}

    def region(self, region: Region) -> tuple[int, ...]:
        return tuple(
            -1 if values is None else self._number(values)
            for values in (
                region.source,
                region.destination,
                region.protocol,
                region.source_port,
                region.destination_port,
                region.flags,
                region.entering,
                region.leaving,
                region.state,
            )
        )

    def _number(self, values: Numbers | Names) -> int:
        known = self._by_id.get(id(values))
        if known is None:
            number = self._by_value.setdefault(values, len(self._by_value))
            known = self._by_id[id(values)] = (values, number)
        return known[1]


def in_common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Positions of equal keys, rising on both sides; as many as there can be where no key is
    written twice.
    """
    places = {key: at for at, key in enumerate(_numbered(new))}
    pairs = [(i, places[key]) for i, key in enumerate(_numbered(old)) if key in places]
    return _rising(pairs)


def _numbered(keys: Sequence[Hashable]) -> Iterator[tuple[Hashable, int]]:
    """Each key with the number of equal ones before it."""
    seen: dict[Hashable, int] = {}
    for key in keys:
        seen[key] = seen.get(key, -1) + 1
        yield key, seen[key]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A longest part of the pairs whose second numbers rise (patience sorting)."""
    lowest: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        pile = bisect_left(lowest, second)
        before.append(tops[pile - 1] if pile else -1)
        if pile == len(lowest):
            lowest.append(second)
            tops.append(at)
        else:
            lowest[pile], tops[pile] = second, at
    found: list[tuple[int, int]] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
