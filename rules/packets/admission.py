"""Which packets get through because of which line, as boxes that rules can compare with lists.

Where addresses are translated, a box names the source as it was sent and the destination and port
where the packet arrives: who reaches what, which is what lists of allowed traffic speak of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from rules.packets.arrival import Question
from rules.packets.boxes import MOST_BOXES, Box, TooComplicated, remove
from rules.packets.cases import Case, arriving, cases_by_arrival
from rules.packets.concerned import concerning
from rules.packets.policy import Change, Policy, Region, Rule
from rules.packets.residual import Budget, TooComplex, meet
from rules.packets.search import Analysis, Pick, doubt, left_through, ways
from rules.packets.sets import Interval
from rules.packets.space import Masks

PIECES = 200_000


@dataclass(frozen=True, slots=True)
class Admitted:
    """Packets that get through because of one line; `rule` is None where an end of a chain lets
    them, or where no filter concerns them.
    """

    rule: Rule | None
    boxes: tuple[Box, ...]
    certain: bool
    """False where a line that is not fully understood could have stopped them, or is the one that
    lets them through."""
    why: str = ""
    """Where it is not certain: the condition."""
    doubted: str = ""
    """Where several devices are passed: the one that has the condition."""
    lines: tuple[tuple[str, Rule | None], ...] = ()
    """Where several devices are passed: the line of each, in the order of the way."""


def admitted(policy: Policy, traffic: Region) -> tuple[Admitted, ...]:
    """Everything of `traffic` that may get through, by the line that lets it, in order.

    The destination and port of `traffic` are those at which packets arrive.

    A line that lets some packets through for certain is followed by one for those that it may let
    through besides. Raises `TooComplicated`.
    """
    try:
        every = cases_by_arrival(concerning(policy, traffic), traffic)
        return tuple(line for case, sent in every for line in _admitted(case, sent))
    except TooComplex:
        raise TooComplicated from None


def _admitted(case: Case, sent: Region) -> Iterator[Admitted]:
    changes = arriving(case.changes)
    found: dict[tuple[int, ...], _Way] = {}
    analysis = Analysis(case, [sent], PIECES)
    asked = analysis.asked(sent)
    devices = [hop.device for hop in case.policy.hops]
    for picks, region in ways(analysis.near(asked), asked, ()):
        way = found.setdefault(tuple(pick.number for pick in picks), _Way(picks, devices))
        way.sure += _boxes(analysis, picks, region, Question("certain", "permit"))
        way.perhaps += _boxes(analysis, picks, region, Question("possible", "permit"))
        way.regions.append(region)
    for way in found.values():
        for line in way.lines():
            boxes = tuple(_arrived(box, changes) for box in line.boxes)
            rules = tuple((device, case.original(rule)) for device, rule in line.lines)
            yield replace(line, rule=case.original(line.rule), boxes=boxes, lines=rules)


def _arrived(box: Box, changes: Mapping[str, Change]) -> Box:
    source, destination, protocol, port = box
    return (
        source,
        _changed(destination, changes.get("destination")),
        protocol,
        _changed(port, changes.get("destination_port")),
    )


def _changed(values: Interval, change: Change | None) -> Interval:
    return values if change is None else (change.of(values[0]), change.of(values[1]))


@dataclass
class _Way:
    """The packets that one entry of each stage lets through."""

    picks: Sequence[Pick]
    devices: Sequence[str]
    sure: list[Box] = field(default_factory=list)
    perhaps: list[Box] = field(default_factory=list)
    regions: list[Masks] = field(default_factory=list)

    def lines(self) -> Iterator[Admitted]:
        rule = _blamed(self.picks)
        lines = tuple(
            (device, _blamed([pick for pick in self.picks if pick.stage.device == device]))
            for device in self.devices
        )
        if self.sure:
            yield Admitted(rule, tuple(self.sure), certain=True, lines=lines)
        if more := remove(self.perhaps, self.sure):
            device, why = self._doubt()
            yield Admitted(rule, tuple(more), False, why, device, lines)

    def _doubt(self) -> tuple[str, str]:
        """The first condition that is not understood, and the device that has it."""
        for pick in self.picks:
            for region in self.regions:
                if why := doubt([pick], region):
                    return pick.stage.device, why
        return "", "?"


def _blamed(picks: Sequence[Pick]) -> Rule | None:
    """The last line that says anything: what stands before it did not stop the packets."""
    return next((pick.entry.rule for pick in reversed(picks) if pick.entry.rule), None)


def _boxes(
    analysis: Analysis, picks: Sequence[Pick], region: Masks, question: Question
) -> list[Box]:
    found: list[Box] = []
    for piece in left_through(picks, region, analysis.elsewhere, question, Budget(PIECES)):
        closed = meet(piece, analysis.space.whole)
        if closed is None:
            continue
        sides = [analysis.space.intervals(field, closed[field]) for field in (0, 1, 2, 4)]
        found += [(a, b, c, d) for a, b, c, d in product(*sides)]
        if len(found) > MOST_BOXES:
            raise TooComplicated
    return found
