"""Bandwidth that queues keep: `limit-at`, in bit/s with k, M, G (RouterOS, "HTB", "Queues").

`limit-at` is the committed rate, 0 where it is not written; `max-limit` is the most a queue gets
and keeps nothing. Simple queues are asked in their order, and the first that fits takes a packet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rules.facts import Fact, Known
from rules.network_facts import QosClass
from rules.packets.policy import Region
from rules.packets.sets import Numbers
from scanner.evidence import Document, printable
from scanner.platforms.mikrotik_routeros.conditions import Conditions
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.mikrotik_routeros.lists import AddressLists, InterfaceLists, literal

_FACTORS = {"k": 1_000, "M": 1_000_000, "G": 1_000_000_000}


def queues(export: Export, document: Document) -> dict[str, Fact[Any]]:
    """`qos.classes`, where the export shows queues."""
    reader = _Queues(export)
    found = [*reader.trees(), *reader.simple()]
    if not found:
        return _none(export, document)
    return {"qos.classes": Known(tuple(found), tuple(document.cite(one.line) for one in found))}


_PARTS_OF_A_WHOLE = frozenset({"interface", "ip", "system"})
"""An export begins with the first and ends with the last of them, behind the queues."""


def _none(export: Export, document: Document) -> dict[str, Fact[Any]]:
    """That there are no queues, where a whole export shows none."""
    roots = {menu.split()[0] for menu in export.by_menu}
    if not export.is_whole or not roots >= _PARTS_OF_A_WHOLE or "queue" in document.text:
        return {}
    if export.broken_lines or any(command.is_conditional for command in export.commands):
        return {}
    places = export.added("ip address") or export.commands[:1]
    return {"qos.classes": Known((), tuple(document.cite(one.line) for one in places))}


def bits_per_second(written: str) -> int | None:
    """`2M` = 2,000,000 bit/s; None when it is no rate."""
    factor = _FACTORS.get(written[-1:], 1)
    number = written[:-1] if factor > 1 else written
    if not number.isascii() or not number.replace(".", "", 1).isdigit() or len(number) > 12:
        return None
    return int(float(number) * factor)


NO_RATE = "no limit-at"


def _no_rate(written: str) -> str:
    """Why there is no rate: none is written, or it cannot be read."""
    return NO_RATE if written in {"", "0"} else "limit-at is not understood"


class _Queues:
    def __init__(self, export: Export) -> None:
        self._export = export
        self._tree = {c.get("name"): c for c in export.added("queue tree")}
        fast = [
            c
            for c in export.added("ip firewall filter", "ipv6 firewall filter")
            if c.get("action") == "fasttrack-connection"
        ]
        self._fasttrack = f"line {fast[0].line}: fasttracked packets pass by it" if fast else ""
        interfaces = InterfaceLists(export)
        self._conditions = {
            version: Conditions(AddressLists(export, version), interfaces, version)
            for version in ("ip", "ipv6")
        }

    def trees(self) -> Iterator[QosClass]:
        for command in self._tree.values():
            root = self._root(command)
            rate, why = self._kept(command)
            if root == "global" and self._fasttrack:
                rate, why = None, self._fasttrack
            marks = [mark for mark in command.get("packet-mark").split(",") if mark]
            marked = [tuple(self._marked(mark)) for mark in marks]
            known = all(marked)  # a mark of packets that no rule is seen to set, or only in doubt
            matches = tuple(region for one in marked for region in one) if known else ()
            yield _class(command, root, command.get("name"), rate, matches, why)

    def simple(self) -> Iterator[QosClass]:
        """One class for each direction: what the target sends, and what it gets."""
        before: list[Numbers] = []
        is_open = False
        """A queue was seen of which it is not known what it takes."""
        for command in self._export.added("queue simple"):
            rates = command.get("limit-at").partition("/")
            target = [literal(word) for word in command.get("target").split(",") if word]
            through = command.get("dst") if command.get("dst")[:1].isalpha() else "global"
            known = [one for one in target if one is not None]
            exact = len(known) == len(target) and not command.get("packet-marks")
            limits = command.get("max-limit").partition("/")
            alone = not is_open and not any(_meet(one, other) for one in known for other in before)
            narrow = command.values.keys() & _NARROWS or _is_address(command.get("dst"))
            whole = exact and bool(known) and alone and not narrow
            for n in (0, 2):
                rate = bits_per_second(rates[n])
                why = self._fasttrack or ("" if rate else _no_rate(rates[n]))
                matches = tuple(_of(one, sent=n == 0) for one in known) if exact else ()
                kept = None if why or rate is None else rate // 1000
                one = _class(command, through, command.get("name"), kept, matches, why)
                most = bits_per_second(limits[n])
                held = whole and not self._fasttrack and bool(most)
                yield replace(one, limit_kbps=(most or 0) // 1000 if held else None)
            before += known
            is_open = is_open or not exact

    def _root(self, command: Command) -> str:
        """The interface at the top of the tree."""
        seen = set()
        parent = command.get("parent")
        while parent in self._tree and parent not in seen:
            seen.add(parent)
            parent = self._tree[parent].get("parent")
        return printable(parent, 60) or "global"

    def _kept(self, command: Command) -> tuple[int | None, str]:
        """The rate that is kept; it is kept only if the parent has that much to give."""
        rate = bits_per_second(command.get("limit-at"))
        if not rate:
            return None, _no_rate(command.get("limit-at"))
        parent = self._tree.get(command.get("parent"))
        if parent is None:
            return rate // 1000, ""
        most = bits_per_second(parent.get("max-limit"))
        siblings = [c for c in self._tree.values() if c.get("parent") == parent.get("name")]
        promised = sum(bits_per_second(c.get("limit-at")) or 0 for c in siblings)
        if most and promised > most:
            return None, f"limit-at of all queues below line {parent.line} exceeds its max-limit"
        return rate // 1000, ""

    def _marked(self, mark: str) -> Iterator[Region]:
        """The packets that could carry the mark."""
        for version, conditions in self._conditions.items():
            for command in self._export.added(f"{version} firewall mangle"):
                if command.get("new-packet-mark") == mark:
                    yield from self._with_connection(version, conditions, command)

    def _with_connection(
        self, version: str, conditions: Conditions, command: Command
    ) -> Iterator[Region]:
        """A rule about a mark of connections is about what those rules ask that set it."""
        marked = command.get("connection-mark")
        if not marked:
            may, must, _ = conditions.understanding(command)
            yield from may if must is None else ()
            return
        for other in self._export.added(f"{version} firewall mangle"):
            if other.get("new-connection-mark") == marked:
                yield from conditions.understanding(other)[0]


_NARROWS = frozenset({"time", "interface"})
"""Parameters by which a queue takes only some packets of its target."""


def _is_address(written: str) -> bool:
    return bool(written) and not written[:1].isalpha()


def _meet(one: Numbers, other: Numbers) -> bool:
    return any(a <= d and c <= b for a, b in one.intervals for c, d in other.intervals)


def _of(target: Numbers, *, sent: bool) -> Region:
    return Region(source=target) if sent else Region(destination=target)


def _class(
    command: Command,
    interface: str,
    name: str,
    rate: int | None,
    matches: tuple[Region, ...],
    why: str,
) -> QosClass:
    shown = printable(interface, 60)
    return QosClass(
        shown,
        "out",
        printable(name, 60),
        rate,
        matches,
        command.line,
        command.text,
        why,
        keeps=False if why == NO_RATE else None,
    )
