"""Access lists as chains: numbered and named, standard, extended and IPv6.

Sequence numbers order the lines; a line without one comes behind those before it. At the end
everything is denied; a list without lines permits everything ("an access list that is applied and
not defined permits all traffic", Cisco "IP Access List Overview"). An IPv6 list permits neighbour
discovery before it denies (Cisco, `ipv6 access-list`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rules.packets.fields import ALL_V4, ALL_V6, ICMP, ICMP_V6
from rules.packets.policy import Chain, Region, Rule
from rules.packets.sets import Numbers, names
from scanner.platforms.cisco_ios.access_entries import Entry, Kind, Reader, mirrored
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.object_groups import ObjectGroups
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ONLY_ICMP_V6, only

REPLIES = names("established", "related")
STEP = 10
_ACTIONS = frozenset({"permit", "deny", "evaluate"})
_HEADERS_OF_OTHERS = frozenset(
    {"resequence", "log-update", "logging", "persistent", "helper", "match-local-traffic", "fqdn"}
)


@dataclass
class AccessList:
    """One list; its lines are in the order of their numbers once it is finished."""

    name: str
    kind: Kind
    line: int
    entries: list[tuple[int, Entry]] = field(default_factory=list)
    _last: int = 0

    @property
    def version(self) -> Literal[4, 6]:
        return 6 if self.kind == "ipv6" else 4

    @property
    def chain(self) -> str:
        return f"{'ipv6' if self.kind == 'ipv6' else 'ip'} access-list {self.name}"

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(entry.rule for _, entry in self.entries)

    def add(self, number: int | None, entry: Entry) -> None:
        number = self._last + STEP if number is None else number
        self._last = max(self._last, number)
        self.entries.append((number, entry))


@dataclass
class AccessLists:
    """The lists of a configuration by name; IPv4 and IPv6 names are apart."""

    v4: dict[str, AccessList] = field(default_factory=dict)
    v6: dict[str, AccessList] = field(default_factory=dict)

    def get(self, name: str, version: Literal[4, 6] = 4) -> AccessList | None:
        return (self.v6 if version == 6 else self.v4).get(name)


def access_lists(config: Configuration, groups: ObjectGroups) -> AccessLists:
    """All lists, their lines in order and reflexive lists put in."""
    found = AccessLists()
    reader = Reader(groups)
    for line in config.top:
        words = line.words
        if words[0] == "access-list" and len(words) > 2:
            _numbered(config, found, reader, line, words)
        elif words[:2] == ["ip", "access-list"] and len(words) > 2:
            _named(config, found, reader, line, words[2:])
        elif words[:2] == ["ipv6", "access-list"] and len(words) > 2:
            _named_v6(config, found, reader, line, words[2:])
    reflected = _reflected((*found.v4.values(), *found.v6.values()))
    for one in (*found.v4.values(), *found.v6.values()):
        one.entries.sort(key=lambda pair: pair[0])
        one.entries = [(n, _evaluated(entry, reflected)) for n, entry in one.entries]
    return found


def chain_of(acl: AccessList) -> Chain:
    """The list as a chain, with what it does at its end."""
    if not acl.entries:
        if acl.version == 6:
            why = f"{acl.chain} has no lines"
            return Chain(acl.chain, (), "unknown", acl.line, why)
        return Chain(acl.chain, (), "permit", acl.line)
    return Chain(acl.chain, (*acl.rules, *_implicit(acl)), "deny")


def _implicit(acl: AccessList) -> tuple[Rule, ...]:
    """What an IPv6 list permits before it denies the rest."""
    if acl.version == 4:
        return ()
    return tuple(
        Rule(
            "permit",
            acl.line,
            f"permit icmp any any {name} (implicit)",
            (Region(protocol=ONLY_ICMP_V6, source_port=only(number)),),
        )
        for name, number in (("nd-na", 136), ("nd-ns", 135))
    )


def permitted(acl: AccessList) -> tuple[Region, ...]:
    """Packets that the list could permit: of every line that permits, none taken away again.

    Addresses are those of the list's IP version.
    """
    return tuple(
        of_version(region, acl.version)
        for rule in acl.rules
        if rule.action == "permit"
        for region in rule.may
    )


def of_version(region: Region, version: Literal[4, 6]) -> Region:
    """The packets of one IP version in the region."""
    if region.source is not None or region.destination is not None:
        return region
    return replace(region, source=ALL_V4 if version == 4 else ALL_V6)


def _numbered(
    config: Configuration, found: AccessLists, reader: Reader, line: Line, words: list[str]
) -> None:
    """`access-list 101 permit ...`; the number tells the kind."""
    name = words[1]
    kind = _kind_of_number(name)
    if kind is None:
        if name.isdigit():
            config.use(line)  # lists of hardware addresses and of other protocols than IP
        elif "permit" in words or "deny" in words:
            config.doubt(line, "an access list of another system", matters=False)
        return
    if words[2] in _ACTIONS or words[2] in {"remark", "dynamic"}:
        acl = found.v4.setdefault(name, AccessList(name, kind, line.number))
        _entry(config, acl, reader, line, words[2:])


def _kind_of_number(name: str) -> Kind | None:
    if not (name.isascii() and name.isdigit() and len(name) <= 4):
        return None
    number = int(name)
    if 1 <= number <= 99 or 1300 <= number <= 1999:
        return "standard"
    if 100 <= number <= 199 or 2000 <= number <= 2699:
        return "extended"
    return None


def _named(
    config: Configuration, found: AccessLists, reader: Reader, line: Line, words: list[str]
) -> None:
    kind: Kind = "extended"
    if words[0] in {"standard", "extended"} and len(words) == 2:
        kind = "standard" if words[0] == "standard" else "extended"
        words = words[1:]
    elif words[0] in _HEADERS_OF_OTHERS or len(words) > 1:
        return
    acl = found.v4.setdefault(words[0], AccessList(words[0], kind, line.number))
    _entries(config, acl, reader, line)


def _named_v6(
    config: Configuration, found: AccessLists, reader: Reader, line: Line, words: list[str]
) -> None:
    if len(words) > 1 or words[0] in _HEADERS_OF_OTHERS:
        return
    acl = found.v6.setdefault(words[0], AccessList(words[0], "ipv6", line.number))
    _entries(config, acl, reader, line)


def _entries(config: Configuration, acl: AccessList, reader: Reader, header: Line) -> None:
    config.use(header)
    for line in header.below:
        for one in line.all():
            _entry(config, acl, reader, one, one.words)


def _entry(
    config: Configuration, acl: AccessList, reader: Reader, line: Line, words: Sequence[str]
) -> None:
    """One line of a list, with its sequence number in front for IPv4 and behind for IPv6."""
    config.use(line)
    number: int | None = None
    if words[0] == "sequence" and len(words) > 2 and words[1].isdigit():
        number, words = int(words[1][:9]), words[2:]
    elif words[0].isascii() and words[0].isdigit() and len(words) > 1:
        number, words = int(words[0][:9]), words[1:]
    if len(words) > 3 and words[-2] == "sequence" and words[-1].isdigit():
        number, words = int(words[-1][:9]), words[:-2]
    if words[0] == "remark":
        return
    if words[0] in _ACTIONS:
        acl.add(number, reader.entry(words, line.number, shown(line), acl.kind))
    elif words[0] == "dynamic":
        acl.add(number, _dynamic(words, line))
    else:
        config.doubt(line, f"a line of {acl.chain} is not understood", matters=True)


def _dynamic(words: Sequence[str], line: Line) -> Entry:
    """Lock and key: the line is a mould for entries that a login makes."""
    action: Literal["permit", "deny"] = "deny" if "deny" in words else "permit"
    return Entry(Rule(action, line.number, shown(line), must=(), why=" ".join(words[:2])))


def _reflected(lists: Iterable[AccessList]) -> dict[str, tuple[Region, ...]]:
    """Name of a reflexive list -> the replies it can let in."""
    found: dict[str, list[Region]] = {}
    for acl in lists:
        for _, entry in acl.entries:
            if entry.reflects:
                replies = (mirrored(region) for region in entry.rule.may)
                found.setdefault(entry.reflects, []).extend(_numberless(r) for r in replies)
    return {name: tuple(replace(r, state=REPLIES) for r in rs) for name, rs in found.items()}


def _numberless(region: Region) -> Region:
    """ICMP replies have another type than what they reply to."""
    protocol = region.protocol
    if protocol is not None and (ICMP in protocol or ICMP_V6 in protocol):
        return replace(region, source_port=None, destination_port=None)
    return region


def _evaluated(entry: Entry, reflected: dict[str, tuple[Region, ...]]) -> Entry:
    """A list that nothing reflects into stays empty; else replies may find an entry in it."""
    if not entry.evaluates or entry.evaluates not in reflected:
        return entry
    why = f"evaluate {entry.evaluates}: whether a session is remembered"
    rule = replace(entry.rule, may=reflected[entry.evaluates], must=(), why=why)
    return replace(entry, rule=rule)


def numbers_of(rule: Rule) -> Numbers | None:
    """The sources of a rule that asks for nothing else; None when it asks for more."""
    if len(rule.may) != 1 or not rule.understood:
        return None
    region = rule.may[0]
    return ALL_V4 if region.source is None else region.source
