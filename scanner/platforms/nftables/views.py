"""How conditions of a chain look at its hook: what is known by then, what was changed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rules.packets.sets import Names
from scanner.platforms.netconfig.conditions import Box, Condition, both, doubtful, met, subtracted
from scanner.platforms.nftables.chains import Base

CONNTRACK, DNAT, SNAT = -200, -100, 100

TOUCHED: Final[Mapping[str, frozenset[str]]] = {
    "destination": frozenset({"destination", "destination_port"}),
    "source": frozenset({"source", "source_port"}),
    "untracked": frozenset({"state"}),
}
LATER: Final = Names(frozenset({"established", "related"}))
"""States of packets that follow the first one of a connection."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """From a place on, packets in the boxes may have other values in some fields."""

    place: tuple[int, int]
    boxes: tuple[Box, ...]
    touched: frozenset[str]
    why: str = field(compare=False)


def replies(boxes: Sequence[Box], why: str) -> Iterator[Rewriting]:
    found = tuple(
        {"state": LATER, "entering": one["leaving"]} if "leaving" in one else {"state": LATER}
        for one in boxes
    )
    yield Rewriting((1, DNAT), found, TOUCHED["destination"], why)


class View:
    """How conditions of a chain look at one hook."""

    def __init__(self, base: Base, rewriting: Sequence[Rewriting], *, at_some_time: bool) -> None:
        self.at_some_time = at_some_time
        self._rewriting = rewriting
        early = base.hook in {"ingress", "egress"} or (
            base.hook == "prerouting" and base.priority < CONNTRACK
        )
        self._untracked_yet = early
        self._no_way_out = base.hook in {"ingress", "prerouting", "input"}
        self._no_way_in = base.hook in {"postrouting", "egress"}
        self._translates = base.translates

    @property
    def changes(self) -> bool:
        return bool(
            self._rewriting
            or self._untracked_yet
            or self._no_way_out
            or self._no_way_in
            or self._translates
        )

    def __call__(self, condition: Condition) -> Condition:
        if not self.changes:
            return condition
        if self._untracked_yet:
            condition = _before_conntrack(condition)
        for name, absent in (("leaving", self._no_way_out), ("entering", self._no_way_in)):
            if absent and any(name in one for one in condition.may):
                condition = doubtful(f"{name} interface", loosened(condition.may, {name}))
        for one in self._rewriting:
            condition = _rewritten(condition, one)
        if self._translates:
            new = ({"state": Names(frozenset({"new"}))},)
            must = both(Condition(condition.certain), Condition(new)).may
            condition = Condition(condition.may, must, condition.why or "nat")
        return condition


def _before_conntrack(condition: Condition) -> Condition:
    """The kernel has not looked for the connection yet and calls every packet invalid."""

    def seen(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
        return tuple(
            {name: values for name, values in one.items() if name != "state"}
            for one in boxes
            if "state" not in one or _is_invalid(one)
        )

    must = None if condition.must is None else seen(condition.must)
    return Condition(seen(condition.may), must, condition.why)


def _is_invalid(one: Box) -> bool:
    states = one["state"]
    return isinstance(states, Names) and "invalid" in states


def loosened(boxes: tuple[Box, ...], names: set[str] | frozenset[str]) -> tuple[Box, ...]:
    return tuple({n: values for n, values in one.items() if n not in names} for one in boxes)


def _rewritten(condition: Condition, by: Rewriting) -> Condition:
    concerned = tuple(one for one in condition.may if not by.touched.isdisjoint(one))
    if not concerned:
        return condition
    more = []
    for one in loosened(concerned, by.touched):
        for packets in by.boxes:
            shared, _ = met(one, packets)
            if shared is not None:
                more.append(shared)
    if not more:
        return condition
    kept: list[Box] = []
    for one in condition.certain:
        if by.touched.isdisjoint(one):
            kept.append(one)
        else:
            kept += subtracted((one,), by.boxes) or ()
    return Condition((*condition.may, *more), tuple(kept), condition.why or by.why)
