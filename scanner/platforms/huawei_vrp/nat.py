"""Where translation stands among the filters: behind those of the interface that a packet comes
through, before the policy between zones, and around those of the interface that it leaves through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rules.packets.policy import Chain, Region, Rule, Stage
from rules.packets.sets import NOTHING, Names, Numbers, union
from scanner.platforms.huawei_vrp.access_list import AccessLists
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.huawei_vrp.interfaces import Interfaces
from scanner.platforms.huawei_vrp.matches import network
from scanner.platforms.huawei_vrp.sets import Sets
from scanner.platforms.huawei_vrp.translation import (
    Translations,
    chosen,
    perhaps,
    server,
    target,
)
from scanner.platforms.netconfig.indented import Line

_TRANSLATES = ("nat server", "nat static", "destination-nat static")
_BACK = "translated on the way out"
_THERE = "translated"
_IN_DOUBT = "translation in doubt"


@dataclass
class Nat:
    """The lines of translation, each read where it stands."""

    configuration: Configuration
    interfaces: Interfaces
    lists: AccessLists
    sets: Sets
    found: Translations = field(default_factory=Translations)
    left: list[Rule] = field(default_factory=list)
    """For packets of which nobody can say where they go: no filter behind is asked of them for
    certain."""

    def around(
        self,
        coming: Sequence[Stage],
        between: Sequence[Stage],
        going: Sequence[Stage],
        chains: dict[str, Chain],
    ) -> tuple[Stage, ...]:
        """All stages in order; the chains that they need besides are put into `chains`."""
        self._read()
        self.found.settled([region for rule in self.left for region in rule.may])
        for one in self.found.servers:
            if not one.certain:
                self._open(one.line, one.outer)
        behind = [self._instead(stage, _IN_DOUBT, self.left, chains) for stage in between]
        out = [self._sent_out(stage, chains) for stage in going]
        rewrites = self.found.rewrites
        if not rewrites:
            return (*coming, *behind, *out)
        before = [self._either_way(stage, chains) for stage in coming]
        nobody = Region(source=NOTHING)
        there = Stage(_THERE, nobody, rewrites[0].rule.line, rewrites=rewrites)
        chains[_THERE] = Chain(_THERE, (), "permit")
        again = [self._again(stage, chains) for stage in coming]
        return (*before, there, *again, *behind, *out)

    # --- filters that stand beside a translation --------------------------------------------

    def _either_way(self, stage: Stage, chains: dict[str, Chain]) -> Stage:
        """The filter, of which it is not said whether it sees the packet as it was sent."""
        rules: list[Rule] = []
        for one in self.found.servers:
            line, text, may = one.line.number, shown(one.line), (one.outer,)
            why = f"a filter before or behind a translation: {text}"
            rules.append(Rule("jump", line, text, may, (), target=stage.chain, why=why))
            rules.append(Rule("permit", line, text, may))
        return self._instead(stage, "before translation", rules, chains)

    def _again(self, stage: Stage, chains: dict[str, Chain]) -> Stage:
        """The filter, asked of translated packets as well; of others it was asked before."""
        rules: list[Rule] = []
        for one in self.found.servers:
            inner = replace(one.inner, protocol=one.outer.protocol, entering=one.outer.entering)
            why = f"a filter before or behind a translation: {shown(one.line)}"
            line, text = one.line.number, shown(one.line)
            rules.append(Rule("jump", line, text, (inner,), (), target=stage.chain, why=why))
        name = f"{stage.chain}, behind translation"
        chains[name] = Chain(name, tuple(rules), "permit")
        return replace(stage, chain=name)

    def _sent_out(self, stage: Stage, chains: dict[str, Chain]) -> Stage:
        """The filter, which may see another source than the packet was sent with."""
        jumps: list[Rule] = []
        for line, rules in self.found.sources:
            name = f"{_BACK}: {line.number}"
            chains[name] = Chain(name, rules)
            jumps.append(Rule("jump", line.number, shown(line), target=name))
        first = [*self.left, *self.found.back(), *jumps]
        return self._instead(stage, "on the way out", first, chains)

    def _instead(
        self, stage: Stage, when: str, rules: Sequence[Rule], chains: dict[str, Chain]
    ) -> Stage:
        if not rules:
            return stage
        name = f"{stage.chain}, {when}"
        line = stage.line or 1
        last = Rule("goto", line, stage.text, target=stage.chain)
        chains[name] = Chain(name, (*rules, last), "permit")
        return replace(stage, chain=name)

    # --- the lines ----------------------------------------------------------------------------

    def _read(self) -> None:
        for line in self.configuration.of("nat"):
            if line.text.startswith("nat server"):
                self._server(line, None)
            elif line.text.startswith("nat static") and "global" in line.words:
                self._where_it_is_enabled(line)
            elif line.text.startswith("nat address-group"):
                self.configuration.read.update(one.number for one in line.all())
        for port in self.interfaces.ports:
            for line in port.line.below:
                if line.text.startswith(_TRANSLATES) and "global" in line.words:
                    self._server(line, port.name)
                elif line.text.startswith("nat outbound"):
                    self._outbound(line, port.name)
        for line in self.configuration.of("destination-nat", "static"):
            self.configuration.doubt(line, "translation that is not understood")
        for block in self.configuration.of("nat-policy"):
            for rule in block.below:
                self._policy_rule(rule)

    def _server(self, line: Line, interface: str | None) -> None:
        entering = None if interface is None else self.interfaces.places(interface)
        made = server(line, entering, self._zone)
        public = target(line)
        if made is not None:
            self.found.servers.append(made)
        elif public is not None:
            self._open(line, Region(destination=public))
        else:
            self.configuration.doubt(line, "translation to addresses that are not known")
            return
        self.configuration.read.add(line.number)
        zone = None if interface is None else self.interfaces.zone_of(interface)
        if made is not None and zone is not None and entering is not None and zone not in entering:
            # of a packet from the zone it is not told whether it comes through this interface
            self._open(line, replace(made.outer, entering=Names(frozenset({zone}))))

    def _zone(self, name: str) -> Names | None:
        return self.interfaces.names(name) if name in self.interfaces.zones else None

    def _where_it_is_enabled(self, line: Line) -> None:
        """`nat static` of the whole device works on interfaces with `nat static enable`."""
        public = target(line)
        if public is None:
            self.configuration.doubt(line, "translation to addresses that are not known")
            return
        self.configuration.read.add(line.number)
        self._open(line, Region(destination=public))

    def _open(self, line: Line, region: Region) -> None:
        self.left += perhaps(line, (region,))

    def _outbound(self, line: Line, interface: str) -> None:
        """`nat outbound 2000 [address-group 1 [no-pat]]`: sources that the list permits."""
        self.configuration.read.add(line.number)
        leaving = self.interfaces.places(interface)
        acl = self.lists.find(line.words[2]) if len(line.words) > 2 else None
        if acl is None:
            rules = tuple(perhaps(line, (Region(leaving=leaving),)))
        else:
            rules = chosen(line, acl.rules, leaving)
        self.found.sources.append((line, rules))

    def _policy_rule(self, rule: Line) -> None:
        """A rule of `nat-policy`."""
        lines = list(rule.all())
        self.configuration.read.update(one.number for one in lines)
        said = {one.words[0]: one for one in rule.below}
        action = said.get("action")
        if action is None or "disable" in said or action.words[1:] == ["no-nat"]:
            return
        entering, leaving = self._zones(rule, "source-zone"), self._zones(rule, "destination-zone")
        region = Region(destination=self._addresses(rule), entering=entering, leaving=leaving)
        if action.words[1:2] == ["source-nat"]:
            self.found.sources.append((rule, tuple(perhaps(rule, (region,)))))
        else:
            self._open(action, replace(region, leaving=None))

    def _zones(self, rule: Line, key: str) -> Names | None:
        zones = [word for one in rule.below if one.words[0] == key for word in one.words[1:]]
        known = bool(zones) and set(zones) <= set(self.interfaces.all_zones())
        return self.interfaces.names(*zones) if known else None

    def _addresses(self, rule: Line) -> Numbers | None:
        """The destinations of the rule; None where they are not all known."""
        found: list[Numbers] = []
        for one in self._destinations(rule):
            if one is None:
                return None
            found.append(one)
        return union(found) if found else None

    def _destinations(self, rule: Line) -> Iterator[Numbers | None]:
        for one in rule.below:
            words = one.words
            if words[0] != "destination-address" or len(words) < 2:
                continue
            if words[1] == "address-set":
                for name in words[2:]:
                    known = self.sets.addresses(name)
                    yield None if known.why else known.certain
            else:
                yield network(words[1:])
