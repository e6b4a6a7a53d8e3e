"""Bandwidth kept for classes of traffic: policy maps where they are attached.

Cisco, "Quality of Service Solutions Command Reference": `bandwidth` and `priority` in kbit/s,
`percent` of the interface's `bandwidth` or of the shaped rate of the class above, `police` and
`shape` in bit/s. A limit is no guarantee; `bandwidth remaining` is a share of what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING, Region
from scanner.evidence import printable
from scanner.platforms.cisco_ios.access_lists import AccessLists
from scanner.platforms.cisco_ios.class_maps import ClassMap, could_match
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.interfaces import Direction, Port
from scanner.platforms.netconfig.indented import Line

DEPTH_MAX = 4
KBPS_MAX = 400_000_000


@dataclass(frozen=True)
class _Kept:
    kbps: int | None
    line: Line
    why: str = ""
    keeps: bool | None = None
    limit_kbps: int | None = None


@dataclass
class Bandwidth:
    """The policy maps of a configuration and where they are attached."""

    config: Configuration
    classes: dict[tuple[str, str], ClassMap]
    lists: AccessLists
    _known: dict[str, tuple[tuple[Region, ...], str]] = field(default_factory=dict)
    """What could match the class maps that were asked about."""

    def read(self, ports: dict[str, Port]) -> tuple[QosClass, ...]:
        """The classes of every policy that is attached to an interface, in their order."""
        maps = {
            line.words[1]: line
            for line in self.config.starting("policy-map")
            if len(line.words) == 2
        }
        for line in maps.values():
            self.config.use_all(line)
        found: list[QosClass] = []
        for port in ports.values():
            once = {(direction, name): line for direction, name, line in reversed(port.policies)}
            for (direction, name), line in reversed(once.items()):
                if name in maps:
                    base = port.bandwidth_kbps
                    found += self._attached(port, direction, maps, maps[name], base, (), 0)
                else:
                    why = f"policy-map {name} is not defined"
                    found.append(
                        QosClass(
                            port.name, direction, name, None, (), line.number, shown(line), why
                        )
                    )
        return tuple(found)

    def _attached(
        self,
        port: Port,
        direction: Direction,
        maps: dict[str, Line],
        policy: Line,
        base_kbps: int | None,
        above: tuple[str, ...],
        depth: int,
    ) -> Iterator[QosClass]:
        for block in policy.below:
            words = block.words
            if words[0] != "class" or len(words) != 2 or depth > DEPTH_MAX:
                continue
            kept = _kept(block, base_kbps)
            matches, inexact = self._packets(words[1])
            name = "/".join((*above, policy.words[1], words[1]))
            yield QosClass(
                port.name,
                direction,
                name,
                kept.kbps,
                matches,
                kept.line.number,
                shown(kept.line),
                printable("; ".join(why for why in (kept.why, inexact) if why)),
                kept.keeps,
                kept.limit_kbps if not inexact or policy.below == [block] else None,
            )
            inner = _inner(block)
            if inner in maps:
                shaped = _shaped_kbps(block) or kept.kbps
                yield from self._attached(
                    port, direction, maps, maps[inner], shaped, (*above, words[1]), depth + 1
                )

    def _packets(self, name: str) -> tuple[tuple[Region, ...], str]:
        if name == "class-default":
            return (EVERYTHING,), "what no other class takes"
        if name not in self._known:
            one = self.classes.get(("", name))
            why = f"class-map {name} is not defined"
            self._known[name] = ((), why) if one is None else could_match(one, self.lists)
        return self._known[name]


def _kept(block: Line, base_kbps: int | None) -> _Kept:
    """What the lines of a class keep for it."""
    policed = next((rate for line in block.below if (rate := _police_kbps(line))), None)
    for line in block.below:
        if line.words[0] in {"bandwidth", "priority"}:
            return _guaranteed(line, base_kbps, policed)
    limit = next((line for line in block.below if line.words[0] in {"police", "shape"}), None)
    if limit is not None:
        most = policed or _shaped_kbps(block)
        return _Kept(None, limit, "a limit and no guarantee", keeps=False, limit_kbps=most)
    return _Kept(None, block, "nothing is kept for the class", keeps=False)


def _guaranteed(line: Line, base_kbps: int | None, policed: int | None) -> _Kept:
    """`bandwidth` or `priority`; a priority without a rate is held to what polices it."""
    words = line.words
    if words[:2] == ["priority", "level"]:
        words = ["priority", *words[3:]]
    if words[1:2] == ["percent"] and len(words) > 2:
        return _percent(line, words[2], base_kbps)
    if words == ["priority"]:
        without = "" if policed else "priority without a rate: it takes what the line has"
        return _Kept(policed, line, without)
    if words[1:2] == ["remaining"]:
        return _Kept(None, line, "a share of what the other classes leave", keeps=False)
    kbps = _whole(words[1]) if len(words) > 1 else None
    return _Kept(kbps, line, "not understood" if kbps is None else "")


def _percent(line: Line, percent: str, base_kbps: int | None) -> _Kept:
    share = _whole(percent)
    if share is None or share > 100:
        return _Kept(None, line, "not understood")
    if base_kbps is None:
        return _Kept(None, line, "the bandwidth of the interface is not shown")
    return _Kept(base_kbps * share // 100, line)


def _police_kbps(line: Line) -> int | None:
    """`police 2000000`, `police cir 2000000`, `police rate 2000000 bps`."""
    words = line.words
    if words[0] != "police":
        return None
    rest = words[2:] if words[1:2] in (["cir"], ["rate"]) else words[1:]
    return _bits_to_kbps(rest)


def _shaped_kbps(block: Line) -> int | None:
    for line in block.below:
        if line.words[:2] == ["shape", "average"]:
            return _bits_to_kbps(line.words[2:])
    return None


def _bits_to_kbps(words: list[str]) -> int | None:
    if not words or words[0] == "percent":
        return None
    bits = _whole(words[0], KBPS_MAX * 1000)
    unit = {"kbps": 1000, "mbps": 1_000_000, "gbps": 1_000_000_000}.get(
        words[1] if len(words) > 1 else "", 1
    )
    return None if bits is None else bits * unit // 1000


def _inner(block: Line) -> str:
    for line in block.below:
        if line.words[0] == "service-policy" and len(line.words) == 2:
            return line.words[1]
    return ""


def _whole(word: str, most: int = KBPS_MAX) -> int | None:
    if not (word.isascii() and word.isdigit() and len(word) <= 15):
        return None
    return int(word) if int(word) <= most else None
