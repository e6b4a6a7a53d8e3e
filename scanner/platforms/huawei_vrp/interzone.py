"""Filters between zones as older devices write them: `policy interzone`, `firewall interzone`.

Source: Huawei, "USG2000/5000 Command Reference": outbound is from the zone of higher priority to
the other one, inbound back. `firewall packet-filter default` says what happens without a match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rules.packets.policy import Chain, Region, Rule
from rules.packets.sets import Numbers
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.huawei_vrp.interfaces import Interfaces
from scanner.platforms.huawei_vrp.matches import network
from scanner.platforms.huawei_vrp.security_policy import narrowest, widest
from scanner.platforms.huawei_vrp.sets import Addresses, Services, Sets
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ANY_SERVICE, regions

NAME = "interzone"
_WHY = "no rule decides and the default of the packet filter is not in the configuration"
_DIRECTIONS = frozenset({"inbound", "outbound"})


@dataclass
class Interzone:
    """The rules of all pairs of zones in one chain: the pair is part of each rule's region."""

    configuration: Configuration
    interfaces: Interfaces
    sets: Sets
    lists: dict[str, list[int]] = field(default_factory=dict)
    """Names of access lists that are asked, with the lines that bind them."""

    @property
    def is_there(self) -> bool:
        found = self.configuration
        return any(found.of("policy", "interzone")) or any(found.of("firewall", "packet-filter"))

    def chain(self) -> Chain:
        rules = [rule for line in self._blocks() for rule in self._block(line)]
        rules += self._defaults()
        everything: Literal["permit", "deny", "unknown"] = "unknown"
        at = None
        for line in self.configuration.of("firewall", "packet-filter", "default"):
            if line.words[3:] in (["permit", "all"], ["deny", "all"]):
                everything = "permit" if line.words[3] == "permit" else "deny"
                at = line.number
        return Chain(NAME, tuple(rules), everything, at, "" if at else _WHY)

    def _blocks(self) -> Iterator[Line]:
        yield from self.configuration.of("policy", "interzone")
        yield from self.configuration.of("policy", "zone")
        yield from self.configuration.of("firewall", "interzone")

    def _pair(self, one: str, other: str, direction: str) -> Region | None:
        """From the zone of higher priority to the other when outbound."""
        known = self.interfaces.priorities
        if direction not in _DIRECTIONS or one not in known or other not in known:
            return None
        high, low = (one, other) if known[one] > known[other] else (other, one)
        source, target = (high, low) if direction == "outbound" else (low, high)
        return Region(entering=self.interfaces.names(source), leaving=self.interfaces.names(target))

    def _block(self, line: Line) -> list[Rule]:
        words = line.words
        self.configuration.read.add(line.number)
        if words[0] == "firewall":
            return self._filtered(line)
        if words[1] == "zone" and len(words) > 2:
            own = self.interfaces.names(words[2])
            pair: Region | None = Region(entering=own, leaving=own)
        else:
            pair = self._pair(*words[2:5]) if len(words) > 4 else None
        if pair is None:
            self.configuration.doubt(line, "between which zones is not understood")
            return []
        return [rule for one in line.below if (rule := self._policy(pair, one)) is not None]

    def _filtered(self, line: Line) -> list[Rule]:
        """`packet-filter 3000 inbound` asks an access list."""
        found = []
        for below in line.below:
            words = below.words
            if words[0] != "packet-filter" or len(words) < 3 or len(line.words) < 4:
                continue
            pair = self._pair(line.words[2], line.words[3], words[2])
            if pair is None:
                self.configuration.doubt(below, "between which zones is not understood")
                continue
            self.configuration.read.add(below.number)
            self.lists.setdefault(words[1], []).append(below.number)
            found.append(
                Rule("jump", below.number, shown(below), may=(pair,), target=f"acl {words[1]}")
            )
        return found

    def _policy(self, pair: Region, line: Line) -> Rule | None:
        """`policy 0` with its conditions below it."""
        if line.words[0] != "policy":
            self.configuration.doubt(line, "line between zones")
            return None
        self.configuration.read.update(one.number for one in line.all())
        action: Literal["permit", "deny"] | None = None
        sides: dict[str, list[Addresses]] = {"source": [], "destination": []}
        services: list[Services] = []
        open_: list[str] = []
        for below in line.below:
            words = below.words
            if words[0] == "action" and words[1:] in (["permit"], ["deny"]):
                action = "permit" if words[1] == "permit" else "deny"
            elif words[:2] == ["policy", "disable"] or words == ["disable"]:
                return None
            elif words[0] == "policy" and len(words) > 2 and words[1] in sides:
                sides[words[1]] += self._addresses(words[2:], shown(below))
            elif words[:3] == ["policy", "service", "service-set"]:
                services += [self.sets.services(name) for name in words[3:]]
            elif words[0] not in {"description", "policy logging", "profile"}:
                open_.append(shown(below))
        if action is None:
            self.configuration.doubt(line, "a policy without action")
            return None
        return _rule(pair, line, action, sides, services, open_)

    def _addresses(self, words: list[str], text: str) -> list[Addresses]:
        if words[0] == "address-set":
            return [self.sets.addresses(name) for name in words[1:]]
        if words[0] == "any":
            return [Addresses(None)]
        found = network(words)
        return [Addresses(Numbers(()), text) if found is None else Addresses(found)]

    def _defaults(self) -> Iterator[Rule]:
        """`firewall packet-filter default permit interzone trust untrust direction outbound`."""
        for line in self.configuration.of("firewall", "packet-filter", "default"):
            words = line.words
            self.configuration.read.add(line.number)
            if words[4:5] != ["interzone"] or len(words) < 7:
                continue
            directions = words[8:9] if words[7:8] == ["direction"] else sorted(_DIRECTIONS)
            for direction in directions:
                pair = self._pair(words[5], words[6], direction)
                if pair is None:
                    self.configuration.doubt(line, "between which zones is not understood")
                    continue
                action: Literal["permit", "deny"] = "permit" if words[3] == "permit" else "deny"
                yield Rule(action, line.number, shown(line), may=(pair,))


def _rule(
    pair: Region,
    line: Line,
    action: Literal["permit", "deny"],
    sides: dict[str, list[Addresses]],
    services: list[Services],
    open_: list[str],
) -> Rule:
    whys = [one.why for side in sides.values() for one in side] + [one.why for one in services]
    why = "; ".join(open_) or next((one for one in whys if one), "")
    known = [service for one in services for service in one.certain]
    wide = Region(
        widest(sides["source"]),
        widest(sides["destination"]),
        entering=pair.entering,
        leaving=pair.leaving,
    )
    unsure = any(one.why for one in services)
    may = regions(wide, [ANY_SERVICE] if not services or unsure else known)
    if not why:
        return Rule(action, line.number, shown(line), may=may)
    narrow = Region(
        narrowest(sides["source"]),
        narrowest(sides["destination"]),
        entering=pair.entering,
        leaving=pair.leaving,
    )
    must = () if open_ else regions(narrow, known if services else [ANY_SERVICE])
    return Rule(action, line.number, shown(line), may=may, must=must, why=why)
