"""From which addresses SSH of the host can be reached: the input chains and AllowUsers."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Address, Prefix
from rules.packets.boxes import TooComplicated
from rules.packets.fields import ALL_V4, ALL_V6, V6_FROM
from rules.packets.sets import Numbers, common, numbers
from scanner.platforms.linux_filters import PacketFilter
from scanner.platforms.linux_sources import Sources, is_anybody, sources
from scanner.platforms.linux_ssh_logins import allowed_sources, ports
from scanner.platforms.linux_sshd import Sshd

Allowed = Fact[tuple[Prefix, ...]]


def allowlist(
    packets: PacketFilter | Unknown | None,
    interfaces: Fact[Any] | None,
    sshd: Sshd | None,
    *,
    refused: bool,
) -> Allowed | None:
    """Sources that may manage the host; () where any may; None where nothing was handed in.

    Either of the two is enough to keep others out. That any address may come is said only when
    neither holds anybody back. `refused`: the host did not let its packet filter be read.
    """
    by_filter = None if packets is None else _by_filter(packets, interfaces, sshd)
    by_server = allowed_sources(sshd) if sshd is not None else None
    open_filter = by_filter is None or isinstance(by_filter, Known) or refused
    for told in (by_filter, by_server):
        if open_filter and isinstance(told, Known) and told.value:
            return told
    if isinstance(by_filter, Known) and isinstance(by_server, Known):
        return Known((), by_filter.citations + by_server.citations)
    if isinstance(by_filter, Known) and sshd is not None and _nobody_named(sshd):
        return by_filter
    unknown = [fact for fact in (by_filter, by_server) if isinstance(fact, Unknown)]
    return unknown[0] if unknown else _only_one(by_filter or by_server)


def _nobody_named(sshd: Sshd) -> bool:
    """AllowUsers stands nowhere, and every place where it could was seen."""
    return sshd.whole and "allowusers" not in {*sshd.common, *sshd.matched}


def _only_one(told: Allowed | None) -> Allowed | None:
    return None if told is None else Unknown(_OTHER_HALF, told.citations)


def _by_filter(
    packets: PacketFilter | Unknown, interfaces: Fact[Any] | None, sshd: Sshd | None
) -> Allowed:
    if isinstance(packets, Unknown):
        return packets
    if packets.unread:
        return Unknown(_UNREAD, packets.unread[:3])
    asked = ports(sshd)
    if not asked:
        return Unknown(_NO_PORT, packets.citations[:1])
    own, names = _addresses(interfaces), _names(interfaces)
    found: list[Sources] = []
    doubts: list[Text] = []
    for version in (4, 6):
        here = [address for address in own if address.version == version]
        if own and not here:
            continue
        try:
            several = [sources(packets.policy, version, port, here, names) for port in asked]
        except TooComplicated:
            return Unknown(_TOO_COMPLICATED, packets.citations[:1])
        for one in several:
            if is_anybody(one.sure, version) and (here or version == 4):
                return Known((), packets.cite(one.rules) or packets.citations)
            if is_anybody(one.sure, version):
                doubts.append(_IPV6)
            elif one.possible != one.sure:
                doubts.append(_DOUBT.format(why=one.why))
        found += several
    return _told(packets, found, doubts)


def _told(packets: PacketFilter, found: Sequence[Sources], doubts: Sequence[Text]) -> Allowed:
    rules = [rule for one in found for rule in one.rules]
    lines = packets.cite(rules) or packets.citations[:1]
    if doubts:
        return Unknown(doubts[0], lines[:3])
    prefixes = _prefixes(numbers(i for one in found for i in one.possible.intervals))
    return Known(prefixes, lines) if prefixes else Unknown(_NOBODY, lines[:1])


def _addresses(interfaces: Fact[Any] | None) -> list[Address]:
    """Those at which others can reach the host; none where they are not known."""
    if not isinstance(interfaces, Known):
        return []
    given = [address.ip for one in interfaces.value for address in one.addresses]
    return [address for address in given if not address.is_loopback]


def _names(interfaces: Fact[Any] | None) -> frozenset[str]:
    given = interfaces.value if isinstance(interfaces, Known) else ()
    return frozenset(one.name for one in given)


def _prefixes(found: Numbers) -> tuple[Prefix, ...]:
    """The addresses as the fewest prefixes, in their order."""
    prefixes: list[Prefix] = []
    for low, high in common(found, ALL_V4).intervals:
        prefixes += summarize_address_range(IPv4Address(low), IPv4Address(high))
    for low, high in common(found, ALL_V6).intervals:
        first, last = IPv6Address(low - V6_FROM), IPv6Address(high - V6_FROM)
        prefixes += summarize_address_range(first, last)
    return tuple(prefixes)


_OTHER_HALF = Text(
    vi="cần cả bộ lọc gói (nft list ruleset) và cấu hình sshd để biết địa chỉ nào được quản trị",
    en="both the packet filter (nft list ruleset) and the configuration of sshd are needed to tell "
    "which addresses may manage the host",
)
_UNREAD = Text(
    vi="bộ lọc gói có dòng không hiểu được ở chuỗi input",
    en="the packet filter has lines in its input chains that are not understood",
)
_NO_PORT = Text(
    vi="chưa biết sshd nghe ở cổng nào; hãy đưa thêm kết quả của lệnh sshd -T",
    en="on which port sshd listens is not told; hand in what sshd -T prints as well",
)
_NOBODY = Text(
    vi="bộ lọc gói không cho địa chỉ nào kết nối đến cổng SSH",
    en="the packet filter admits no address to the port of SSH",
)
_IPV6 = Text(
    vi="bộ lọc gói không hạn chế IPv6 và chưa biết máy có địa chỉ IPv6 hay không; hãy đưa thêm kết "
    "quả của lệnh ip address",
    en="the packet filter does not restrict IPv6, and whether the host has addresses of it is not "
    "told; hand in what ip address prints as well",
)
_DOUBT = Text(
    vi="không xác định được bộ lọc gói cho những địa chỉ nào kết nối đến cổng SSH: {why}",
    en="which addresses the packet filter admits to the port of SSH cannot be told: {why}",
)
_TOO_COMPLICATED = Text(
    vi="bộ lọc gói có quá nhiều dòng về cổng SSH nên không xét hết được; hãy rút gọn bộ lọc",
    en="the packet filter has too many lines about the port of SSH to look through all of them; "
    "write it shorter",
)
