"""One of two versions of a policy in the atoms of both, with the lines that the other one shares.

Where a line is in both versions, in the same place among the others that are, no packet can be
decided by it here and by a later shared line there. That leaves few lines to be looked at together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from rules.packets.alignment import Half
from rules.packets.cases import Case
from rules.packets.entries import Entry, Jump, regions_of, unrolled
from rules.packets.near import Near, Numbered
from rules.packets.policy import Policy, Region, Stage
from rules.packets.residual import meet
from rules.packets.search import Pick
from rules.packets.space import Masks, Space

_FAR = 1 << 60


@dataclass
class Asked:
    """One stage, and the entries of it that concern the question."""

    number: int
    stage: Stage
    keys: list[Hashable | None]
    """For each entry what it is called in both versions; None where it is in this one only."""
    near: Near
    differing: Near
    """Those that are in this version only."""
    loose: bool
    """A return or goto differs, so that shared lines may be skipped in one version."""
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def stops(self, asked: Sequence[Masks]) -> Iterator[Pick]:
        """The entries that deny some of what is asked, or might."""
        for number, entry in self.near.touching(asked):
            if entry.action in {"deny", "unknown"}:
                yield Pick(self.stage, number, entry, self.near)

    def permits(self, region: Masks) -> Iterator[Numbered]:
        """The entries that permit some of the region, or might."""
        return (one for one in self.near.before(_FAR, region) if _lets(one[1]))

    def permits_against(self, other: Asked, stop: Pick, region: Masks) -> Iterator[Numbered]:
        """Those of them that can let a packet through which `stop` denies in the other version."""
        if self.loose or other.loose:
            yield from self.permits(region)
            return
        key = other.keys[stop.number]
        if key is not None and key in self.numbers:
            before = self.differing.before(self.numbers[key], region)
            yield from (one for one in before if _lets(one[1]))
            return
        for number, entry in self.permits(region):
            mine = self.keys[number]
            if mine is None or other.numbers.get(mine, _FAR) > stop.number:
                yield number, entry


def _lets(entry: Entry) -> bool:
    return entry.action in {"permit", "unknown"}


class Version:
    """One case of one version."""

    def __init__(self, case: Case, policy: Policy, half: Half) -> None:
        self.case = case
        self.half = half
        self._policy = policy
        self.stages: list[Asked] = []

    @property
    def regions(self) -> Iterator[Region]:
        """Every region that it speaks of."""
        return regions_of(self.case.policy)

    def ask(self, space: Space, asked: Sequence[Masks]) -> None:
        """Fills `stages`. Raises TooComplex."""
        for number, stage in enumerate(self.case.policy.stages):
            entries = unrolled(self.case.policy, stage, space)
            keys = self._keys(number, entries)
            near = [(n, e) for n, e in enumerate(entries) if e.concerns(asked)]
            own = [(n, e) for n, e in near if keys[n] is None]
            found = Asked(
                number=number,
                stage=stage,
                keys=keys,
                near=Near(near, space.whole),
                differing=Near(own, space.whole),
                loose=any(entry.action == "hide" for _, entry in own),
                numbers={key: n for n, key in enumerate(keys) if key is not None},
            )
            self.stages.append(found)

    def around(
        self, at: int | None, other: Asked, stop: Pick, region: Masks
    ) -> Iterator[tuple[tuple[Pick, ...], Masks]]:
        """Every combination of permits, one a stage, that may let some of the region through.

        `at` is the number of the stage in which `stop` denies them in the other version.
        """
        yield from self._around((), at, other, stop, region)

    def _around(
        self, picks: tuple[Pick, ...], at: int | None, other: Asked, stop: Pick, region: Masks
    ) -> Iterator[tuple[tuple[Pick, ...], Masks]]:
        if len(picks) == len(self.stages):
            yield picks, region
            return
        asked = self.stages[len(picks)]
        same = at == asked.number
        permits = asked.permits_against(other, stop, region) if same else asked.permits(region)
        for number, entry in permits:
            for may in entry.may:
                met = meet(region, may)
                if met is not None:
                    pick = Pick(asked.stage, number, entry, asked.near)
                    yield from self._around((*picks, pick), at, other, stop, met)

    def _keys(self, number: int, entries: Sequence[Entry]) -> list[Hashable | None]:
        if number not in self.half.stages:
            return [None] * len(entries)
        base = self._policy.stages[number].chain
        paths: dict[int, tuple[Hashable, str] | None] = {}
        return [
            ("outside", at)
            if entry.rule is None and entry.jump is None and at < len(entries) - 1
            else self._key(entry, base, paths)
            for at, entry in enumerate(entries)
        ]

    def _key(
        self, entry: Entry, base: str, paths: dict[int, tuple[Hashable, str] | None]
    ) -> Hashable | None:
        """What the entry is called in both versions: its line, behind the jumps that lead to it."""
        led = self._path(entry.jump, base, paths)
        if led is None:
            return None
        path, chain = led
        if entry.action == "unknown" and entry.rule is not None:
            return ("undefined", path)
        if entry.rule is None:
            end = self.half.ends.get(chain)
            return None if end is None else ("end", path, end)
        token = self.half.rules.get((chain, id(self.case.original(entry.rule))))
        return None if token is None else (entry.action, path, token)

    def _path(
        self, jump: Jump | None, base: str, paths: dict[int, tuple[Hashable, str] | None]
    ) -> tuple[Hashable, str] | None:
        """The jumps, and the chain to which they lead; None where one is in this version only."""
        if jump is None:
            return (), base
        if id(jump) not in paths:
            before = self._path(jump.before, base, paths)
            rule = self.case.original(jump.rule)
            found: tuple[Hashable, str] | None = None
            if before is not None and rule is not None:
                token = self.half.rules.get((before[1], id(rule)))
                if token is not None:
                    found = ((before[0], token), rule.target or "")
            paths[id(jump)] = found
        return paths[id(jump)]
