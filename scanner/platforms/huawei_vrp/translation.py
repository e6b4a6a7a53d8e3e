"""Translation of addresses: what of it changes a packet before a filter sees it.

Sources: Huawei, "AR Series V200R010 Command Reference", NAT Configuration Commands (`nat server`,
`nat static`, `nat outbound` of an interface); Huawei, "HiSecEngine USG6000E", NAT (EDOC1100164715):
destinations are translated before the security policy is asked, sources behind it. A server of a
USG is one for every zone unless a zone is named, and translates back what the server sends unless
`no-reverse` is set.

Whether a filter of the same interface sees a packet before or after its translation is not said
there, so such a packet passes it for certain only when the filter permits both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rules.packets.fields import protocol_number
from rules.packets.policy import Region, Rewrite, Rule, not_understood
from rules.packets.sets import Names, Numbers
from scanner.platforms.huawei_vrp.configuration import shown
from scanner.platforms.huawei_vrp.matches import port
from scanner.platforms.netconfig.addresses import between, host
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.one_to_one import change, may_meet
from scanner.platforms.netconfig.services import only

_FREE = frozenset({"no-reverse", "unr-route", "route", "description", "netmask"})
"""Words behind the addresses that leave the outcome as it is, with what stands behind the last."""
_WITH_PORTS = frozenset({6, 17})


@dataclass(frozen=True, slots=True)
class Server:
    """Packets to a public address, and what becomes of them."""

    line: Line
    outer: Region
    inner: Region
    """The same packets behind the translation; what of it is None stays as it is."""
    reverse: bool = True
    """What the server sends gets the public address as its source."""
    certain: bool = True

    @property
    def rewrite(self) -> Rewrite:
        rule = Rule("continue", self.line.number, shown(self.line), (self.outer,))
        return Rewrite(
            rule,
            destination=change(self.outer.destination, self.inner.destination),
            destination_port=change(self.outer.destination_port, self.inner.destination_port),
        )

    @property
    def sent(self) -> Region:
        """What the server sends."""
        return Region(
            source=self.inner.destination,
            protocol=self.outer.protocol,
            source_port=self.inner.destination_port or self.outer.destination_port,
            leaving=self.outer.entering,
        )


@dataclass
class Translations:
    """All that a configuration translates, as far as a filter could see it."""

    servers: list[Server] = field(default_factory=list)
    sources: list[tuple[Line, tuple[Rule, ...]]] = field(default_factory=list)
    """Lines after which the source of the packets of these rules is another one."""

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        return tuple(one.rewrite for one in self.servers if one.certain)

    def settled(self, others: Sequence[Region]) -> None:
        """Of two lines that concern the same packets neither is taken for certain; `others` are
        the packets of lines that are not understood.
        """
        self.servers = [
            replace(one, certain=not any(_meet(one.outer, other) for other in elsewhere))
            for one in self.servers
            for elsewhere in ([*others, *(s.outer for s in self.servers if s is not one)],)
        ]

    def back(self) -> Iterator[Rule]:
        """What stands before an outbound filter: what servers send may have another source."""
        for one in self.servers:
            if one.reverse:
                yield from perhaps(one.line, (one.sent,))


def perhaps(line: Line, may: tuple[Region, ...]) -> Iterator[Rule]:
    """A filter could see these packets otherwise, and so do anything with them."""
    why = f"translated: {shown(line)}"
    return (replace(rule, may=may) for rule in not_understood(line.number, shown(line), why))


def server(
    line: Line, entering: Names | None, names_of: Callable[[str], Names | None]
) -> Server | None:
    """The line `nat server ...` or `nat static ...`; None where it is not understood.

    `names_of` gives the places of a zone.
    """
    words = line.words[2:]
    if "global" not in words or "inside" not in words[words.index("global") :]:
        return None
    at = words.index("global")
    inside = words.index("inside", at)
    before, rest = words[:at], words[inside + 1 :]
    number = protocol_number(_behind("protocol", before)) if "protocol" in before else None
    zone = names_of(_behind("zone", before)) if "zone" in before else entering
    told = (zone, "zone"), (number, "protocol")
    if "vpn-instance" in words or any(one is None and key in before for one, key in told):
        return None
    end = next((n for n, word in enumerate(rest) if word in _FREE), len(rest))
    outer = _end(words[at + 1 : inside], number)
    inner = _end(rest[:end], number)
    if outer is None or inner is None or not _options(rest[end:]) or not _fits(outer, inner):
        return None
    return Server(line, replace(outer, entering=zone), inner, "no-reverse" not in rest)


def target(line: Line) -> Numbers | None:
    """The public addresses of a line that is not understood otherwise."""
    words = line.words
    at = words.index("global") + 1 if "global" in words else len(words)
    addresses = [host(word) for word in words[at : at + 2] if "." in word]
    known = [one for one in addresses if one is not None]
    if not known:
        return None
    return Numbers(((known[0].intervals[0][0], known[-1].intervals[-1][1]),))


def _options(words: Sequence[str]) -> bool:
    """Nothing that is left changes the outcome."""
    if "description" in words:
        words = words[: words.index("description")]
    if words[:1] == ["netmask"]:
        return words[1:2] == ["255.255.255.255"] and _options(words[2:])
    return not set(words) - _FREE


def _behind(word: str, words: Sequence[str]) -> str:
    return next(iter(words[words.index(word) + 1 :]), "")


def _end(words: Sequence[str], number: int | None) -> Region | None:
    """`A [A2] [port [port2]]`."""
    found = [word for word in words if "." in word]
    rest = words[len(found) :]
    if not 1 <= len(found) <= 2 or any("." in word for word in rest) or len(rest) > 2:
        return None
    addresses = between(found[0], found[-1])
    protocol = None if number is None else only(number)
    if addresses is None:
        return None
    if not rest:
        return Region(destination=addresses, protocol=protocol)
    ports = [port(word, protocol) for word in rest]
    first, last = ports[0], ports[-1]
    if number not in _WITH_PORTS or not first or not last or last < first:
        return None
    return Region(None, addresses, protocol, None, Numbers(((first, last),)))


def _fits(outer: Region, inner: Region) -> bool:
    """Each address and port has one counterpart; ports that are not named stay."""
    pairs = [(outer.destination, inner.destination)]
    if inner.destination_port is not None:
        pairs.append((outer.destination_port, inner.destination_port))
    return all(one is not None and other and one.size == other.size for one, other in pairs)


def _meet(one: Region, other: Region) -> bool:
    places = one.entering, other.entering
    if places[0] is not None and places[1] is not None:
        return may_meet(one, other) and not places[0].exact.isdisjoint(places[1].exact)
    return may_meet(one, other)


def chosen(line: Line, rules: Iterable[Rule], leaving: Names | None) -> tuple[Rule, ...]:
    """The packets that an access list permits on their way out, in doubt; what it denies is not
    translated.
    """
    found: list[Rule] = []
    for rule in rules:
        may = tuple(replace(region, leaving=leaving) for region in rule.may)
        if rule.action == "permit":
            found += perhaps(line, may)
        else:
            must = rule.must and tuple(replace(region, leaving=leaving) for region in rule.must)
            found.append(replace(rule, action="return", may=may, must=must))
    return tuple(found)
