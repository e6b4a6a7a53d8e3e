"""How a packet can come to an entry undecided: what must not have decided it before.

A packet that returned from a chain was not asked by the rest of that chain, so the entries between
are no obstacles for it. Every way to an entry is therefore told by the last return that was taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rules.packets.entries import Entry, Jump
from rules.packets.near import Near, Numbered
from rules.packets.residual import meet, touches
from rules.packets.space import Masks

Reading: TypeAlias = Literal["possible", "certain"]


@dataclass(frozen=True, slots=True)
class Question:
    """Which way the doubtful is read."""

    reading: Reading
    against: Literal["permit", "deny"]
    """The action that is looked for."""
    bare: bool = False
    """Earlier rules with that action do not count: what would follow if they were mended."""

    def taken(self, entry: Entry, jump: Jump | None) -> tuple[Masks, ...]:
        """Packets that the entry keeps from going on, for this reading."""
        if self.bare and entry.action == self.against and entry.rule is not None:
            return ()
        # an earlier line of the same action changes who is to blame and not what happens
        if self.reading == "certain" and entry.action != self.against:
            return entry.may
        return entry.must_when_in(jump)

    def matched(self, entry: Entry) -> tuple[Masks, ...]:
        """Packets that the entry decides, for this reading."""
        return entry.may if self.reading == "possible" else entry.must


def arrivals(
    near: Near, number: int, jump: Jump | None, region: Masks, question: Question
) -> Iterator[tuple[Masks, list[Masks]]]:
    """Parts of the region and the obstacles on their way to the entry with that number.

    `jump` is where the entry stands.
    """
    before = near.before(number, region)
    yield region, _obstacles(before, 0, jump, region, question)
    for hider, entry in before:
        if entry.action != "hide" or entry.until > number:
            continue
        for part in question.matched(entry):
            met = meet(region, part)
            if met is None:
                continue
            later = _obstacles(before, entry.until, jump, met, question)
            for rest, earlier in arrivals(near, hider, entry.jump, met, question):
                yield rest, [*earlier, *later]


def _obstacles(
    before: Sequence[Numbered], start: int, jump: Jump | None, region: Masks, question: Question
) -> list[Masks]:
    return [
        masks
        for number, entry in before
        if number >= start
        for masks in question.taken(entry, jump)
        if touches(masks, region)
    ]
