"""What a rule asks of a packet, as regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rules.packets.fields import ALL_PORTS, ALL_V4, ALL_V6, FLAGS, protocol_number
from rules.packets.policy import Region
from rules.packets.sets import NOTHING, Numbers, numbers
from scanner.platforms.netconfig.doubt import Extent, Match, all_but, regions, together, within
from scanner.platforms.netconfig.doubt import Interfaces as Named
from scanner.platforms.netconfig.services import ONLY_ICMP, ONLY_ICMP_V6, TCP_AND_UDP, only
from scanner.platforms.pfsense.aliases import Aliases
from scanner.platforms.pfsense.written import Side, Written

Understanding = tuple[tuple[Region, ...], tuple[Region, ...] | None, str]
"""`may`, `must` and `why` of a rule."""

_WHOLES: Final = {"inet": (ALL_V4,), "inet6": (ALL_V6,), "inet46": (ALL_V4, ALL_V6)}
_WITH_PORTS: Final = frozenset({"tcp", "udp", "tcp/udp"})
_MORE_PROTOCOLS: Final = {"carp": 112, "pfsync": 240, "etherip": 97, "ipv6-icmp": 58, "st": 5}

_ICMP: Final = {
    "althost": 6, "echorep": 0, "echoreq": 8, "inforep": 16, "inforeq": 15, "maskrep": 18,
    "maskreq": 17, "paramprob": 12, "redir": 5, "routeradv": 9, "routersol": 10, "squench": 4,
    "timerep": 14, "timereq": 13, "timex": 11, "trace": 30, "unreach": 3,
}  # fmt: skip
_ICMP_V6: Final = {
    "echorep": 129, "echoreq": 128, "grouprep": 131, "groupqry": 130, "groupterm": 132,
    "listendone": 132, "listenrep": 131, "listqry": 130, "neighbradv": 136, "neighbrsol": 135,
    "paramprob": 4, "redir": 137, "routeradv": 134, "routersol": 133, "timex": 3, "toobig": 2,
    "unreach": 1,
}  # fmt: skip
"""Names of types in pf.conf(5) and icmp6(4)."""


class Matcher:
    """Turns rules into regions; sets that several rules use stay one object."""

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases
        self._sides: dict[tuple[tuple[str, ...], bool | None, int], Extent] = {}

    def understanding(
        self, rule: Written, names: dict[str, Named], *, doubts: Iterable[str] = ()
    ) -> Understanding:
        """The packets of a rule. `names`: which interfaces it is about; `doubts`: what else is
        not known about it.
        """
        why = next((one for one in (*rule.doubts, *doubts) if one), "")
        parts = [regions(Match(fields, names, why or more)) for fields, more in self._fields(rule)]
        may = tuple(region for part in parts for region in part[0])
        if all(part[1] is None for part in parts):
            return may, None, ""
        must = tuple(
            region for part in parts for region in (part[0] if part[1] is None else part[1])
        )
        return may, must, next(part[2] for part in parts if part[1] is not None)

    def _fields(self, rule: Written) -> Iterator[tuple[dict[str, Extent], str]]:
        """What is asked of numbers, once for each version of IP."""
        wholes = _WHOLES.get(rule.family)
        for whole in wholes or (ALL_V4, ALL_V6):
            fields = {
                "source": self.side(rule.source, whole),
                "destination": self.side(rule.destination, whole),
            }
            more = "" if wholes else f"ipprotocol {rule.family}"
            more = self._service(rule, whole is ALL_V6, fields) or more
            yield fields, more

    def _service(self, rule: Written, is_v6: bool, fields: dict[str, Extent]) -> str:
        """Adds protocol, ports, flags; returns what is not understood."""
        if rule.protocol in {"", "any"}:
            return ""
        protocol = _protocol(rule.protocol, is_v6)
        if protocol is None:
            return f"protocol {rule.protocol}"
        fields["protocol"] = Extent(protocol, protocol)
        if rule.protocol in _WITH_PORTS:
            for name, side in (
                ("source_port", rule.source),
                ("destination_port", rule.destination),
            ):
                if side.ports:
                    fields[name] = self.ports(side.ports)
        elif rule.protocol == "icmp" or protocol is ONLY_ICMP_V6:
            return _icmp(rule.icmp, is_v6, fields)
        if rule.flags is not None and "tcp" in rule.protocol:
            return _flags(*rule.flags, fields)
        return ""

    def ports(self, words: Iterable[str]) -> Extent:
        """Several ports or aliases of ports."""
        return within(together(self._aliases.ports(word) for word in words), ALL_PORTS)

    def side(self, side: Side, whole: Numbers) -> Extent:
        """Addresses of one side, those of one version of IP."""
        key = (side.words, side.negated, id(whole))
        known = self._sides.get(key)
        if known is None:
            known = self._sides[key] = self._side(side, whole)
        return known

    def _side(self, side: Side, whole: Numbers) -> Extent:
        if not side.words:
            return Extent(whole, NOTHING, "no address is given")
        addresses = within(together(self._aliases.addresses(word) for word in side.words), whole)
        if side.negated:
            return all_but(addresses, whole)
        if side.negated is None:
            return Extent(whole, NOTHING, "<not/> without a value")
        return addresses


def _protocol(name: str, is_v6: bool) -> Numbers | None:
    if name == "tcp/udp":
        return TCP_AND_UDP
    if name == "icmp":
        return ONLY_ICMP_V6 if is_v6 else ONLY_ICMP
    number = _MORE_PROTOCOLS.get(name, protocol_number(name))
    if number == 58:
        return ONLY_ICMP_V6
    return only(number) if number is not None else None


def _icmp(types: Iterable[str], is_v6: bool, fields: dict[str, Extent]) -> str:
    wanted = [word.lower() for word in types if word.lower() != "any"]
    if not wanted:
        return ""
    names = _ICMP_V6 if is_v6 else _ICMP
    known = [int(w) if w.isdigit() and len(w) < 4 else names.get(w, -1) for w in wanted]
    found = numbers((number, number) for number in known if 0 <= number <= 255)
    fields["source_port"] = Extent(found, found)
    if len([n for n in known if n >= 0]) == len(wanted):
        return ""
    # a name of the other version is none here
    others = _ICMP if is_v6 else _ICMP_V6
    strange = [w for w, n in zip(wanted, known, strict=True) if n < 0 and w not in others]
    if not strange:
        return ""
    fields["source_port"] = Extent(None, found, "icmptype")
    return f"icmptype {strange[0]}"


def _flags(wanted: str, of: str, fields: dict[str, Extent]) -> str:
    """`syn` out of `syn,ack`: among these flags exactly those are set."""
    asked, mask = _bits(wanted), _bits(of)
    if asked is None or mask is None:
        return f"flags {wanted}/{of}"
    found = numbers((n, n) for n in range(64) if n & mask == asked)
    fields["flags"] = Extent(found, found)
    return ""


def _bits(words: str) -> int | None:
    bits = [FLAGS.get(word.strip().upper()) for word in words.split(",") if word.strip()]
    return None if None in bits else sum(bit or 0 for bit in bits)
