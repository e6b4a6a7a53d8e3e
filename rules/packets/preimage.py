"""What a condition on a changed packet says about the packet as it was sent.

A filter behind a translation, or on the second of two firewalls, speaks of other values than the
sender writes. Asked back through the changes, its conditions speak of the sender's again, and one
question covers the whole way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules.packets.policy import Chain, Change, Policy, Region, Rewrite, Rule, Stage
from rules.packets.sets import Names, Numbers, numbers


def composed(first: Mapping[str, Change], then: Mapping[str, Change]) -> dict[str, Change]:
    """Both changes, one after the other."""
    found = dict(first)
    for name, change in then.items():
        before = found.get(name)
        if before is None or not change.shifts:
            found[name] = change
        else:
            found[name] = Change(change.of(before.value), before.shifts)
    return found


class Preimage:
    """Conditions asked back through changes of fields and known names of places.

    A rule or set that is not touched stays the same object, so that nothing is copied in vain.
    """

    def __init__(
        self, changes: Mapping[str, Change], places: Mapping[str, str] | None = None
    ) -> None:
        self._changes = changes
        self._places = places or {}
        self._sets: dict[tuple[str, int], tuple[Numbers, Numbers | None]] = {}
        self.originals: dict[int, Rule] = {}
        """By id of a rule made here: the rule that it stands for."""

    @property
    def changes_nothing(self) -> bool:
        return not self._changes and not self._places

    def region(self, region: Region) -> Region | None:
        """The packets that are in the region once changed; None when there are none."""
        found: dict[str, Any] = {}
        for name, change in self._changes.items():
            wanted = getattr(region, name)
            if wanted is None:
                continue
            if not change.shifts:
                if change.value not in wanted:
                    return None
                found[name] = None
                continue
            back = self._shifted(name, wanted, change.value)
            if not back:
                return None
            found[name] = back
        for name, place in self._places.items():
            words: Names | None = getattr(region, name)
            if words is None:
                continue
            if place not in words:
                return None
            found[name] = None
        return replace(region, **found) if found else region

    def regions(self, regions: tuple[Region, ...]) -> tuple[Region, ...]:
        back = tuple(found for one in regions if (found := self.region(one)) is not None)
        unchanged = len(back) == len(regions) and all(
            one is other for one, other in zip(back, regions, strict=True)
        )
        return regions if unchanged else back

    def _shifted(self, name: str, wanted: Numbers, by: int) -> Numbers:
        known = self._sets.get((name, id(wanted)))
        if known is None:
            moved = ((first - by, last - by) for first, last in wanted.intervals)
            back = numbers((max(first, 0), last) for first, last in moved if last >= 0)
            known = self._sets[name, id(wanted)] = (wanted, back)
        return known[1] or Numbers(())

    def stage(self, stage: Stage, policy: Policy, chains: dict[str, Chain], mark: str) -> Stage:
        """The stage asked back; the chains that it needs are put into `chains`.

        Their names get `mark` behind them, because the same chain may be asked elsewhere as it is.
        A stage that concerns no packet any more keeps a region without packets.
        """
        concerns = self.region(stage.concerns)
        if concerns is None:
            nothing = Region(source=Numbers(()))
            return replace(stage, concerns=nothing, stateful=False, rewrites=())
        name = self._chain(stage.chain, policy, chains, mark)
        return replace(stage, chain=name, concerns=concerns, rewrites=())

    def rewrite(self, rewrite: Rewrite) -> Rewrite:
        """The line asked back; what it makes of a packet stays the same."""
        may = self.regions(rewrite.rule.may)
        if may is rewrite.rule.may:
            return rewrite
        made = replace(rewrite.rule, may=may)
        self.originals[id(made)] = rewrite.rule
        return replace(rewrite, rule=made)

    def _chain(self, name: str, policy: Policy, chains: dict[str, Chain], mark: str) -> str:
        """The name of the chain asked back."""
        if name not in policy.chains:
            return name
        waiting = [name]
        while waiting:
            key = waiting.pop()
            chain = policy.chains.get(key)
            if chain is None or key + mark in chains:
                continue
            rules = tuple(self._rule(rule, policy, mark) for rule in chain.rules)
            chains[key + mark] = replace(chain, rules=rules)
            waiting += [rule.target for rule in chain.rules if rule.target]
        return name + mark

    def _rule(self, rule: Rule, policy: Policy, mark: str) -> Rule:
        may = self.regions(rule.may)
        must = None if rule.must is None else self.regions(rule.must)
        target = rule.target
        if target is not None and target in policy.chains:
            target += mark
        if may is rule.may and must is rule.must and target == rule.target:
            return rule
        made = replace(rule, may=may, must=must, target=target)
        self.originals[id(made)] = self.originals.get(id(rule), rule)
        return made
