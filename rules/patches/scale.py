"""The releases at which answers of a family can change, in order, and where a release lies.

Between two neighbouring cuts every comparison with a bound comes out the same, so an answer that
was found for one release holds for all of that stretch. What the order alone does not tell (the
letter, the hardware line, the release that a patch belongs to) is the release's `kind`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.patches.configurations import range_of
from rules.patches.families import Families
from rules.patches.grammars import Release, sort_key, trimmed
from rules.patches.model import Branches, Configurations, Listed, Statement

Cut = tuple[object, ...]
"""Begins as `_place` does and may be shorter or longer, so that it lies before or behind places."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The cuts of all statements on a family, ascending, each once."""

    cuts: tuple[Cut, ...]
    bases: frozenset[tuple[int, ...]]
    """Numbers of the named releases, which a patch may belong to."""

    def stretch(self, release: Release) -> int:
        """How many cuts lie at or below the release."""
        return bisect_right(self.cuts, _place(release))

    def number(self, cuts: Iterable[Cut]) -> tuple[int, ...]:
        """Where some of the cuts stand among all: `bisect_right` among these numbers tells
        between which of them a stretch lies.
        """
        return tuple(sorted({bisect_right(self.cuts, cut) for cut in cuts}))

    def kind(self, release: Release) -> tuple[object, ...]:
        """All that an answer can hang on besides the stretch."""
        base = trimmed(release.base)
        return (
            release.line,
            release.letter,
            release.deployment,
            release.train,
            release.patch,
            base if base in self.bases else (),
        )


def scale_of(cuts: Iterable[Cut], bases: Iterable[tuple[int, ...]]) -> Scale:
    return Scale(tuple(sorted(set(cuts))), frozenset(bases))


def cuts_of(
    statements: Iterable[Statement], family: str, table: Families
) -> tuple[set[Cut], set[tuple[int, ...]]]:
    """The cuts of the statements, and the numbers of the releases they name."""
    cuts: set[Cut] = set()
    bases: set[tuple[int, ...]] = set()
    for statement in statements:
        for text, is_branch in _named(statement):
            bound = table.parse(family, text)
            if not isinstance(bound, Release):
                continue
            bases.update((trimmed(bound.numbers), trimmed(bound.base)))
            cuts.update(_around_branch(bound) if is_branch else _around(bound))
    return cuts, bases


def _place(release: Release) -> Cut:
    numbers, stage, _letter, build = sort_key(release)
    return (numbers, stage, build)


def _around(bound: Release) -> Iterator[Cut]:
    """Below and above the release without regard to builds, and with it where it names one."""
    numbers, stage, build = trimmed(bound.numbers), bound.stage, trimmed(bound.build)
    yield (numbers, stage)
    yield (numbers, (stage[0], stage[1] + 1))
    if bound.build:
        yield (numbers, stage, build)
        yield (numbers, stage, build, 0)


def _around_branch(bound: Release) -> Iterator[Cut]:
    """Below the first release that the branch begins, and below the first one behind them."""
    lead = bound.numbers
    yield (trimmed(lead),)
    if lead:
        yield (trimmed((*lead[:-1], lead[-1] + 1)),)


def _named(statement: Statement) -> Iterator[tuple[str, bool]]:
    """Every text that is read as a release when the statement is evaluated; branches marked."""
    affects = statement.affects
    if isinstance(affects, Branches):
        for branch in affects.branches:
            yield branch.branch, True
            yield branch.release, False
    elif isinstance(affects, Listed):
        for part in affects.ranges:
            yield part.low, False
            yield part.high, False
        for text in (*affects.affected, *affects.unaffected):
            yield text, False
    elif isinstance(affects, Configurations):
        for criterion in affects.criteria():
            named = range_of(criterion)
            if named is not None:
                yield named.low, False
                yield named.high, False
