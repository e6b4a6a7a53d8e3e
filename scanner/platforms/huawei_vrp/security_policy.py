"""`security-policy` of a USG: rules between zones, in their order.

Source: Huawei, "USG6000E Command Reference", `default action`: without a rule packets between
zones are denied. Inside one zone that default takes no part unless `default packet-filter
intrazone enable` is set; what happens then differs between releases and is left open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from rules.packets.policy import Chain, Region, Rule
from rules.packets.sets import Names, Numbers, union
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.huawei_vrp.interfaces import PRIORITIES, Interfaces
from scanner.platforms.huawei_vrp.matches import network, written_service
from scanner.platforms.huawei_vrp.sets import Addresses, Services, Sets
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ANY_SERVICE, Service, merged, regions

NAME = "security-policy"
INSIDE = "inside one zone"
_INSIDE_WHY = (
    "no rule decides about packets inside one zone, where the default depends on the release"
)
_SAYS_NOTHING = frozenset(
    {"description", "policy", "session", "profile", "parent-group", "long-link", "tag", "traffic"}
    | {"counting", "statistic", "audit", "reputation", "add", "move"}
)
"""`profile` looks into what was permitted: it can only stop more."""

_NAMES_A_ZONE = frozenset({"source-zone", "destination-zone"})
_NAMES_ADDRESSES = frozenset({"source-address", "destination-address"})


@dataclass
class _Said:
    """The conditions of one rule, as far as they are read."""

    zones: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, list[Addresses]] = field(default_factory=dict)
    services: list[Services] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    action: Literal["permit", "deny"] | None = None
    disabled: bool = False
    lines: list[int] = field(default_factory=list)


@dataclass
class SecurityPolicy:
    """The rules of the block, and what happens to packets that none of them decides."""

    configuration: Configuration
    interfaces: Interfaces
    sets: Sets

    def chains(self) -> tuple[Chain, Chain]:
        """The rules with the default between zones, and the default inside one zone."""
        rules: list[Rule] = []
        default: Literal["permit", "deny"] = "deny"
        at: int | None = None
        inside = False
        for block in self.configuration.of(NAME):
            self.configuration.read.add(block.number)
            for line in block.below:
                words = line.words
                if words[:2] == ["rule", "name"]:
                    rules.append(self._rule(line))
                elif words[:2] == ["default", "action"] and words[2:] in (["permit"], ["deny"]):
                    default, at = ("permit" if words[2] == "permit" else "deny"), line.number
                    self.configuration.read.add(line.number)
                elif words[:4] == ["default", "packet-filter", "intrazone", "enable"]:
                    inside = True
                    self.configuration.read.add(line.number)
                elif words[0] in {"group", "default", "undo"}:
                    self.configuration.read.update(one.number for one in line.all())
                else:
                    self.configuration.doubt(line, "line of the security policy")
        if not inside:
            rules.append(self._goto_inside(at))
        within = Chain(INSIDE, (), "permit" if default == "permit" else "unknown", at, _INSIDE_WHY)
        return Chain(NAME, tuple(rules), default, at), within

    def _goto_inside(self, at: int | None) -> Rule:
        own = tuple(
            Region(entering=self.interfaces.names(zone), leaving=self.interfaces.names(zone))
            for zone in self.interfaces.all_zones()
        )
        return Rule("goto", at or 1, "default packet-filter intrazone", may=own, target=INSIDE)

    def _rule(self, block: Line) -> Rule:
        said = _Said()
        self.configuration.read.add(block.number)
        for line in block.below:
            self._condition(said, line)
        lines = tuple(said.lines)
        text = shown(block)
        if said.disabled or said.action is None:
            if not said.disabled:
                self.configuration.doubt(block, "a rule without action")
            return Rule("continue", block.number, text, lines=lines)
        zones = Region(
            entering=self._zones(said.zones.get("source-zone", [])),
            leaving=self._zones(said.zones.get("destination-zone", [])),
        )
        source = said.addresses.get("source-address", [])
        target = said.addresses.get("destination-address", [])
        whys = [one.why for one in (*source, *target)] + [one.why for one in said.services]
        why = "; ".join(said.open) or next((one for one in whys if one), "")
        wide = replace(zones, source=widest(source), destination=widest(target))
        may = regions(wide, _services(said.services, widest=True))
        if not why:
            return Rule(said.action, block.number, text, may=may, lines=lines)
        must: tuple[Region, ...] = ()
        if not said.open:
            narrow = replace(zones, source=narrowest(source), destination=narrowest(target))
            must = regions(narrow, _services(said.services, widest=False))
        return Rule(said.action, block.number, text, may=may, must=must, why=why, lines=lines)

    def _zones(self, named: list[str]) -> Names | None:
        """Several lines of zones are alternatives."""
        return None if not named or "any" in named else self.interfaces.names(*named)

    def _condition(self, said: _Said, line: Line) -> None:
        words = line.words
        said.lines.append(line.number)
        self.configuration.read.add(line.number)
        if words[0] == "action" and words[1:] in (["permit"], ["deny"]):
            said.action = "permit" if words[1] == "permit" else "deny"
        elif words[0] == "disable":
            said.disabled = True
        elif words[0] in _NAMES_A_ZONE and len(words) > 1:
            zones = {"any", *PRIORITIES, *self.interfaces.all_zones()}
            if not set(words[1:]) <= zones:
                said.open.append(f"{shown(line)}: no such zone")
                words = [words[0], "any"]
            said.zones.setdefault(words[0], []).extend(words[1:])
        elif words[0] in _NAMES_ADDRESSES and len(words) > 1:
            said.addresses.setdefault(words[0], []).extend(self._addresses(words[1:], shown(line)))
        elif words[0] == "service" and len(words) > 1:
            said.services += self._service(words[1:], shown(line))
        elif words[0] not in _SAYS_NOTHING and not (words[0] == "enable" or words[0] == "undo"):
            said.open.append(shown(line))

    def _addresses(self, words: list[str], text: str) -> list[Addresses]:
        if "description" in words:
            words = words[: words.index("description")]
        if words[:1] == ["any"]:
            return [Addresses(None)]
        if words[:1] == ["address-set"]:
            return [self.sets.addresses(name) for name in words[1:]]
        found = network(words)
        return [Addresses(Numbers(()), text) if found is None else Addresses(found)]

    def _service(self, words: list[str], text: str) -> list[Services]:
        if words[0] == "protocol":
            found = written_service(words)
            return [Services((), text) if found is None else Services((found,))]
        names = words[1:] if words[0] == "service-set" else words
        return [self.sets.services(name) for name in names]


def widest(side: list[Addresses]) -> Numbers | None:
    if not side or any(one.certain is None or one.why for one in side):
        return None
    return narrowest(side)


def narrowest(side: list[Addresses]) -> Numbers | None:
    """All addresses of the lines: they are alternatives."""
    if not side:
        return None
    known = [one.certain for one in side if one.certain is not None]
    return union(known) if len(known) == len(side) else None


def _services(several: list[Services], *, widest: bool) -> tuple[Service, ...]:
    if not several or (widest and any(one.why for one in several)):
        return (ANY_SERVICE,)
    return merged(service for one in several for service in one.certain)
