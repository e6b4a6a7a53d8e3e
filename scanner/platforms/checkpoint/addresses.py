"""Hosts, networks, ranges, groups and gateways as sets of addresses.

Check Point Management API reference: `host`, `network`, `address-range`, `group`,
`group-with-exclusion`, `simple-gateway`. An object of another type stands for addresses that are
not in the documents: users, names of the DNS, lists that the vendor keeps up to date.
"""

from __future__ import annotations

from typing import Any

from rules.packets.sets import NOTHING, Numbers, Part, numbers
from scanner.platforms.checkpoint.objects import Thing, Things, number, text, uid_of
from scanner.platforms.netconfig import addresses
from scanner.platforms.netconfig.doubt import (
    ANYTHING,
    Extent,
    all_but,
    at_least,
    both,
    exactly,
    together,
)

DEPTH_MAX = 16
GATEWAYS = frozenset(
    {"simple-gateway", "simple-cluster", "checkpoint-host", "cluster-member", "lsm-gateway"}
    | {"CpmiHostCkp", "CpmiGatewayCkp", "CpmiGatewayCluster", "CpmiClusterMember"}
    | {"CpmiVsClusterNetobj", "CpmiVsNetobj", "CpmiVsxClusterNetobj", "CpmiVsxNetobj"}
    | {"CpmiVsxClusterMember", "CpmiVsClusterMember", "CpmiGatewayPlain"}
)
"""What Check Point's own software runs on."""
ALONE = frozenset({"simple-gateway", "checkpoint-host", "CpmiHostCkp", "CpmiGatewayCkp"})
"""Those of them that have no members with addresses of their own."""
WITH_ADDRESSES = GATEWAYS | {
    *("host", "network", "address-range", "multicast-address-range", "group", "wildcard"),
    "group-with-exclusion",
}


class Addresses:
    """Looks objects up once."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._known: dict[str, Extent] = {}
        self._lists: dict[tuple[str, ...], Extent] = {}

    def of(self, uid: str, depth: int = 0) -> Extent:
        """The addresses of the object and what is not known of them."""
        if uid not in self._known:
            thing = self._things.get(uid)
            if thing is None:
                self._known[uid] = _open(f"object {uid} is not in these documents")
            else:
                self._known[uid] = _open(f"group {thing.name} holds itself")
                self._known[uid] = self._made(thing, depth)
        return self._known[uid]

    def together(self, uids: list[str]) -> Extent:
        """The addresses of all the objects."""
        key = tuple(uids)
        if key not in self._lists:
            self._lists[key] = together(self.of(uid) for uid in uids)
        return self._lists[key]

    def _made(self, thing: Thing, depth: int) -> Extent:
        if depth > DEPTH_MAX:
            return _open(f"group {thing.name} is nested too deep")
        if thing.kind == "group":
            return self._group(thing, depth)
        if thing.kind == "group-with-exclusion":
            return self._with_exclusion(thing, depth)
        return _alone(thing)

    def _group(self, thing: Thing, depth: int) -> Extent:
        members = thing.get("members")
        if not isinstance(members, list) or not members:
            return _open(f"the members of {thing.spoken} are not in these documents")
        found = []
        for member in members:
            uid = uid_of(member)
            found.append(_open(thing.spoken) if uid is None else self.of(uid, depth + 1))
        return together(found)

    def _with_exclusion(self, thing: Thing, depth: int) -> Extent:
        inner, outer = uid_of(thing.get("except")), uid_of(thing.get("include"))
        if inner is None or outer is None:
            return _open(f"what {thing.spoken} holds is not in these documents")
        without = all_but(self.of(inner, depth + 1), addresses.ANY)
        return both(self.of(outer, depth + 1), without)


def _alone(thing: Thing) -> Extent:
    """An object without members."""
    if thing.kind == "CpmiAnyObject":
        return ANYTHING
    if thing.kind in GATEWAYS:
        return gateway(thing)
    made = _MADE.get(thing.kind)
    found = made(thing) if made is not None else None
    if found is None:
        return _open(thing.spoken)
    return exactly(Numbers(found.intervals, (_part(thing, found),)))


def gateway(thing: Thing) -> Extent:
    """A gateway stands for the addresses of all its interfaces."""
    found = list(_own(thing))
    for one in thing.interfaces:
        found += _of_interface(one)
    known = numbers(i for one in found for i in one.intervals)
    known = Numbers(known.intervals, (_part(thing, known),))
    if thing.interfaces and thing.kind in ALONE and not _hides_addresses(thing):
        return exactly(known)
    return at_least(known, f"the interfaces of {thing.spoken} are not in these documents")


def _hides_addresses(thing: Thing) -> bool:
    """Addresses are given out to it, or an interface is not understood."""
    shown = (isinstance(one, dict) and _of_interface(one) for one in thing.interfaces)
    return thing.get("dynamic-ip") is True or not all(shown)


def _own(thing: Thing) -> list[Numbers]:
    return _of_interface(thing.values)


def _of_interface(one: Any) -> list[Numbers]:
    values = one if isinstance(one, dict) else {}
    given = (text(values.get(key)) for key in ("ipv4-address", "ipv6-address"))
    return [address for each in given if (address := addresses.host(each)) is not None]


def _open(why: str) -> Extent:
    return at_least(NOTHING, why)


def _part(thing: Thing, found: Numbers) -> Part:
    return Part(found.intervals, thing.place.line, thing.spoken, thing.place.file)


def _joined(*several: Numbers | None) -> Numbers | None:
    """All of them; None where one could not be read, or there is none."""
    if not several or any(one is None for one in several):
        return None
    return numbers(i for one in several if one is not None for i in one.intervals)


def _host(thing: Thing) -> Numbers | None:
    given = (text(thing.get(key)) for key in ("ipv4-address", "ipv6-address"))
    return None if thing.disputed else _joined(*(addresses.host(one) for one in given if one))


def _network(thing: Thing) -> Numbers | None:
    found = []
    for subnet, length, longest in (
        ("subnet4", "mask-length4", 32),
        ("subnet6", "mask-length6", 128),
    ):
        base, bits = text(thing.get(subnet)), number(thing.get(length))
        if not base and bits is None:
            continue
        fits = bits is not None and bits <= longest and (":" in base) == (longest == 128)
        found.append(addresses.prefix(f"{base}/{bits}") if fits else None)
    excludes_broadcast = thing.get("broadcast") not in {None, "allow"}
    return None if thing.disputed or excludes_broadcast else _joined(*found)


def _range(thing: Thing) -> Numbers | None:
    found = []
    for version in ("ipv4", "ipv6"):
        one = text(thing.get(f"{version}-address"))
        first = text(thing.get(f"{version}-address-first"))
        last = text(thing.get(f"{version}-address-last"))
        if first or last:
            found.append(addresses.between(first, last))
        elif one:
            found.append(addresses.host(one))
    return None if thing.disputed else _joined(*found)


def _wildcard(thing: Thing) -> Numbers | None:
    if thing.disputed or text(thing.get("ipv6-address")):
        return None
    free = text(thing.get("ipv4-mask-wildcard"))
    return addresses.wildcard(text(thing.get("ipv4-address")), free)


_MADE = {
    "host": _host,
    "network": _network,
    "address-range": _range,
    "multicast-address-range": _range,
    "wildcard": _wildcard,
}
