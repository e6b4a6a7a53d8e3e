"""Where packets arrive that destination NAT sends on.

PAN-OS Administrator's Guide, "NAT Policy Rules": the first rule that matches the packet as it was
sent translates it; security rules are asked for the address before and the zone after translation,
and the packet leaves with the new address. So the security rules see nothing of it, and only what
lies behind them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.packets.policy import Change, Region, Rewrite, Rule
from rules.packets.sets import Names, Numbers, common
from scanner.platforms.netconfig.services import regions
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.objects import Objects
from scanner.platforms.paloalto.tree import Source


@dataclass(frozen=True, slots=True)
class _Line:
    node: Node
    packets: tuple[Region, ...]
    """All that it could match, the zone of the untranslated address left aside."""
    change: tuple[Change, Change | None] | None
    """Address and port; None where they are not one, or where it translates no destination."""
    sure: bool


def arrivals(source: Source, listed: Sequence[Node], objects: Objects) -> tuple[Rewrite, ...]:
    """Lines with one certain outcome that no earlier line could keep from their packets."""
    lines = [_line(node, objects) for node in listed if not _is(node, "disabled")]
    return tuple(
        Rewrite(
            Rule("continue", line.node.line, source.text(line.node.line), line.packets),
            destination=line.change[0],
            destination_port=line.change[1],
        )
        for at, line in enumerate(lines)
        if line.change is not None and _is_certain(line, lines[:at])
    )


def perhaps(source: Source, listed: Sequence[Node], objects: Objects) -> Iterator[Rule]:
    """Hosts that may be reached under another address by any of the other lines."""
    lines = [_line(node, objects) for node in listed if not _is(node, "disabled")]
    for at, line in enumerate(lines):
        if line.change is not None and _is_certain(line, lines[:at]):
            continue
        for key in ("destination-translation", "dynamic-destination-translation"):
            target = line.node.get(key)
            named = target.value("translated-address") if target is not None else None
            if named is None:
                continue
            inner, why = objects.address(named.word)
            text = source.text(line.node.line)
            region = Region(destination=None if why else inner)
            yield Rule("permit", line.node.line, text, (region,), (), why="destination NAT")


def _is_certain(line: _Line, earlier: Sequence[_Line]) -> bool:
    return line.sure and line.change is not None and not any(_meet(line, one) for one in earlier)


def _line(node: Node, objects: Objects) -> _Line:
    begin, exact = objects.listed(_names(node, "source"), False)
    goal, _ = objects.listed(_names(node, "destination"), False)
    services, why = objects.services(_names(node, "service"))
    unknown = (begin[1] if begin else "") or (goal[1] if goal else "") or why
    base = Region(
        source=begin[0] if begin and not begin[1] else None,
        destination=goal[0] if goal and not goal[1] else None,
        entering=_zones(node, "from"),
    )
    change = _change(node, base.destination, objects)
    return _Line(node, regions(base, services), change, exact and not unknown)


def _change(
    node: Node, before: Numbers | None, objects: Objects
) -> tuple[Change, Change | None] | None:
    """One address that becomes another, or a range one of the same size."""
    target = node.get("destination-translation")
    named = target.value("translated-address") if target is not None else None
    if target is None or named is None or before is None:
        return None
    after, why = objects.address(named.word)
    if why or len(before.intervals) != 1 or len(after.intervals) != 1:
        return None
    if after.size not in {1, before.size}:
        return None
    to, at = after.intervals[0][0], before.intervals[0][0]
    address = Change(to) if after.size == 1 else Change(to - at, shifts=True)
    port = target.value("translated-port")
    if port is None:
        return address, None
    return (address, Change(int(port.word))) if port.word.isdecimal() else None


def _meet(one: _Line, other: _Line) -> bool:
    return any(_touch(a, b) for a in one.packets for b in other.packets)


def _touch(one: Region, other: Region) -> bool:
    for name in ("source", "destination", "protocol", "destination_port"):
        first, second = getattr(one, name), getattr(other, name)
        if first is not None and second is not None and not common(first, second):
            return False
    here, there = one.entering, other.entering
    return here is None or there is None or bool(here.exact & there.exact)


def _names(node: Node, key: str) -> tuple[str, ...]:
    return tuple(one.word for one in node.each(key)) or ("any",)


def _zones(node: Node, key: str) -> Names | None:
    listed = _names(node, key)
    return None if "any" in listed else Names(frozenset(listed))


def _is(node: Node, key: str) -> bool:
    value = node.value(key)
    return value is not None and value.word == "yes"
