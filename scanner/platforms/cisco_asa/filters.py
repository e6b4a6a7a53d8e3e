"""What an ASA does with packets that go through it.

Source: Cisco, "ASA Series Firewall CLI Configuration Guide", "Access Rules": the access list of
the interface comes first, then the global one, then everything is denied; without either, packets
go from a higher security level to a lower one and not otherwise. Replies pass. Traffic to the
device itself is ruled by `ssh`, `http`, `telnet` and `control-plane` lists, which are not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.packets.fields import ALL_V6
from rules.packets.policy import (
    EVERYTHING,
    Chain,
    Policy,
    Region,
    Rule,
    Stage,
    not_understood,
)
from scanner.platforms.cisco_asa.access_list import ANY_BOTH_SINCE, AccessLists
from scanner.platforms.cisco_asa.configuration import Configuration, shown
from scanner.platforms.cisco_asa.coverage import note_unknown_lines
from scanner.platforms.cisco_asa.interfaces import Interfaces, Port
from scanner.platforms.cisco_asa.objects import Objects
from scanner.platforms.cisco_asa.translation import Translations
from scanner.platforms.netconfig.indented import Line

SAME_LEVEL = (
    "interfaces of the same security level without `same-security-traffic permit inter-interface`"
)
CONTEXTS = "several security contexts: which one filters is not told"
TRANSPARENT = "transparent mode: bridge groups are not read"
TUNNELS = "packets out of a VPN tunnel pass without the access list of the interface"


@dataclass
class Filters:
    """The policy of one configuration, put together stage by stage."""

    configuration: Configuration
    interfaces: Interfaces
    lists: AccessLists
    objects: Objects
    stages: list[Stage] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)
    bindings: list[int] = field(default_factory=list)
    doubts: list[Rule] = field(default_factory=list)
    """Before every filter: packets of which it is not known as what the filter sees them."""

    def policy(self) -> Policy:
        inbound, outbound, everywhere = self._bindings()
        self._open_questions()
        self._between_interfaces()
        for port in self.interfaces.named:
            self._incoming(port, inbound.get(port.name, []), everywhere)
        for port in self.interfaces.named:
            for line in outbound.get(port.name, []):
                self._outgoing(port, line)
        for name, rules in self.lists.rules.items():
            self.chains[name] = Chain(name, tuple(rules))
        note_unknown_lines(self.configuration)
        zones: dict[str, tuple[str, ...]] = {
            port.name: (port.physical,) for port in self.interfaces.named
        }
        unread = tuple(self.configuration.unread)
        return Policy(tuple(self.stages), self.chains, unread, zones)

    # --- bindings ----------------------------------------------------------------------------

    def _bindings(self) -> tuple[dict[str, list[Line]], dict[str, list[Line]], list[Line]]:
        """`access-group` lines: by interface inbound, by interface outbound, global."""
        inbound: dict[str, list[Line]] = {}
        outbound: dict[str, list[Line]] = {}
        everywhere: list[Line] = []
        for line in self.configuration.of("access-group"):
            words = line.words
            self.configuration.read.add(line.number)
            if "control-plane" in words:
                continue
            if words[2:] == ["global"]:
                everywhere.append(line)
            elif len(words) >= 5 and words[2] in {"in", "out"} and words[3] == "interface":
                (inbound if words[2] == "in" else outbound).setdefault(words[4], []).append(line)
                if "per-user-override" in words:
                    self.configuration.doubt(line, "a list of the user may take its place")
            else:
                self.configuration.doubt(line, "a binding that is not understood")
                continue
            self.bindings.append(line.number)
        return inbound, outbound, everywhere

    # --- stages ------------------------------------------------------------------------------

    def _open_questions(self) -> None:
        """What leaves the answer open for all packets, or for some."""
        for words in (("mode", "multiple"), ("context",), ("firewall", "transparent")):
            for line in self.configuration.of(*words):
                why = TRANSPARENT if words[0] == "firewall" else CONTEXTS
                self._unknown(EVERYTHING, line.number, shown(line), why)
                self.configuration.doubt(line, why)
        release = self.configuration.release
        if release is None or release < ANY_BOTH_SINCE:
            why = "before 9.0 IPv6 has access lists of its own, and the release is not told"
            if release is not None:
                why = "before 9.0 IPv6 has access lists of its own"
            at = self.configuration.version[1] if self.configuration.version else None
            self._unknown(Region(source=ALL_V6), at, "", why)
        self._translations()
        for doubt in self.configuration.unread:
            if "before 8.3" in doubt.why:
                self._unknown(EVERYTHING, doubt.line, doubt.text, doubt.why)
                break
        self._tunnels()

    def _translations(self) -> None:
        """What is certain is translated before everything else; the rest is left open."""
        found = Translations(self.configuration, self.objects, self.interfaces).found()
        for one in found:
            if not one.certain:
                why = f"translated first: {one.text}"
                self._unknown(one.packets, one.line, one.text, why)
                for part in not_understood(one.line, one.text, why):
                    self.doubts.append(replace(part, may=(one.packets,)))
        rewrites = tuple(one.rewrite for one in found)
        if any(one.certain for one in found):
            chain = Chain("address translation", (), "permit")
            self.chains[chain.name] = chain
            self.stages.append(Stage(chain.name, stateful=True, rewrites=rewrites))

    def _tunnels(self) -> None:
        """`sysopt connection permit-vpn` is on and not shown."""
        if any(line.text == "no sysopt connection permit-vpn" for line in self._no_sysopt()):
            return
        for line in self.configuration.by_word.get("crypto", ()):
            words = line.words
            if (words[1:2] == ["map"] and "interface" in words) or (
                words[1:2] in (["ikev1"], ["ikev2"], ["isakmp"]) and words[2:3] == ["enable"]
            ):
                self.configuration.doubt(line, TUNNELS)

    def _no_sysopt(self) -> Iterator[Line]:
        return self.configuration.of("no", "sysopt", "connection", "permit-vpn")

    def _between_interfaces(self) -> None:
        """Interfaces that nothing goes through, and packets that would go out where they came in.

        A device without a named interface is a fragment of a configuration: nothing is told.
        """
        if not self.interfaces.named:
            why = "the configuration names no interface"
            self._unknown(EVERYTHING, None, "", why)
            return
        no_way = Chain("no such interface", (), "deny")
        self.chains[no_way.name] = no_way
        others = self.interfaces.others()
        self.stages += [
            Stage(no_way.name, Region(entering=others)),
            Stage(no_way.name, Region(leaving=others)),
        ]
        hairpin = self._same_security("intra-interface") is not None
        for port in self.interfaces.named:
            own = self.interfaces.names(port.name)
            if port.management_only:
                only = Chain(f"{port.name} is management-only", (), "deny", port.line)
                self.chains[only.name] = only
                self.stages.append(Stage(only.name, Region(entering=own), port.line, only.name))
                self.stages.append(Stage(only.name, Region(leaving=own), port.line, only.name))
            elif not hairpin:
                back = Chain("out where it came in", (), "deny")
                self.chains[back.name] = back
                stage = Stage(back.name, Region(entering=own, leaving=own), stateful=True)
                self.stages.append(stage)

    def _incoming(self, port: Port, bound: list[Line], everywhere: list[Line]) -> None:
        own = self.interfaces.names(port.name)
        lines = [*bound, *everywhere]
        if not lines:
            self._levels(port)
            return
        rules = tuple(
            Rule("jump", line.number, shown(line), target=self._list(line.words[1]))
            for line in lines
        )
        chain = Chain(f"into {port.name}", (*self.doubts, *rules), "deny")
        self.chains[chain.name] = chain
        stage = Stage(
            chain.name, Region(entering=own), lines[0].number, shown(lines[0]), stateful=True
        )
        self.stages.append(stage)
        self._same_level(port)

    def _outgoing(self, port: Port, line: Line) -> None:
        target = self._list(line.words[1])
        rules = (Rule("jump", line.number, shown(line), target=target),)
        chain = Chain(f"out of {port.name}", (*self.doubts, *rules), "deny")
        self.chains[chain.name] = chain
        leaving = Region(leaving=self.interfaces.names(port.name))
        self.stages.append(Stage(chain.name, leaving, line.number, shown(line), stateful=True))

    def _list(self, name: str) -> str:
        """The chain of an access list; one that is bound and not there answers nothing."""
        if name not in self.lists.rules and name not in self.chains:
            why = f"access list {name} is bound and not in the configuration"
            self.chains[name] = Chain(name, (), "unknown", why=why)
        return name

    def _same_level(self, port: Port) -> None:
        """Whether a permit in the access list is enough between equal levels is not documented."""
        equals = [
            other.name
            for other in self.interfaces.named
            if other.name != port.name and other.level == port.level
        ]
        if equals and self._same_security("inter-interface") is None:
            own = self.interfaces.names(port.name)
            region = Region(entering=own, leaving=self.interfaces.names(*equals))
            self._unknown(region, port.level_line, f"security-level {port.level}", SAME_LEVEL)

    def _levels(self, port: Port) -> None:
        """Without access lists the levels decide."""
        inter = self._same_security("inter-interface")
        intra = self._same_security("intra-interface")
        rules = []
        for other in self.interfaces.named:
            leaving = (Region(leaving=self.interfaces.names(other.name)),)
            line = port.level_line
            text = f"security-level {port.level}: {port.name} to {other.name} ({other.level})"
            permits = (port.level or 0) > (other.level or 0)
            if other.level == port.level:
                by = intra if other.name == port.name else inter
                permits = by is not None
                line, text = (by.number, shown(by)) if by is not None else (line, text)
            rules.append(Rule("permit" if permits else "deny", line, text, may=leaving))
        chain = Chain(f"levels of {port.name}", (*self.doubts, *rules), "deny")
        self.chains[chain.name] = chain
        own = Region(entering=self.interfaces.names(port.name))
        text = f"security-level {port.level}"
        self.stages.append(Stage(chain.name, own, port.level_line, text, stateful=True))

    def _same_security(self, word: str) -> Line | None:
        for line in self.configuration.of("same-security-traffic", "permit", word):
            self.configuration.read.add(line.number)
            return line
        return None

    def _unknown(self, packets: Region, line: int | None, text: str, why: str) -> None:
        """A stage that leaves these packets open."""
        chain = Chain(f"open: {line} {why}"[:120], (), "unknown", line, why)
        self.chains[chain.name] = chain
        self.stages.append(Stage(chain.name, packets, line, text, stateful=True))
