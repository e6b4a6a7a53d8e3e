"""From which addresses SSH of the host can be reached: the input chains and AllowUsers."""

from __future__ import annotations

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import FilterRule, Filters, Prefix
from scanner.evidence import Document
from scanner.platforms.linux_sections import status
from scanner.platforms.linux_ssh_logins import allowed_sources, ports
from scanner.platforms.linux_sshd import Sshd

Sources = Fact[tuple[Prefix, ...]]


def allowlist(
    listing: Document | None, filters: Fact[Filters] | None, sshd: Sshd | None
) -> Sources | None:
    """Sources that may manage the host; () where any may; None where nothing was handed in.

    Either of the two is enough to keep others out. That any address may come is said only when
    neither holds anybody back.
    """
    by_filter = _by_filter(listing, filters, sshd) if listing is not None else None
    by_server = allowed_sources(sshd) if sshd is not None else None
    open_filter = by_filter is None or isinstance(by_filter, Known) or _is_refused(listing)
    for told in (by_filter, by_server):
        if open_filter and isinstance(told, Known) and told.value:
            return told
    if isinstance(by_filter, Known) and isinstance(by_server, Known):
        return Known((), by_filter.citations + by_server.citations)
    if isinstance(by_filter, Known) and sshd is not None and _nobody_named(sshd):
        return by_filter
    unknown = [fact for fact in (by_filter, by_server) if isinstance(fact, Unknown)]
    return unknown[0] if unknown else _only_one(by_filter or by_server)


def _is_refused(listing: Document | None) -> bool:
    """The listing was not broken: the host said that this account may not have it."""
    return listing is not None and status(listing) not in {None, "0"}


def _nobody_named(sshd: Sshd) -> bool:
    """AllowUsers stands nowhere, and every place where it could was seen."""
    return sshd.whole and "allowusers" not in {*sshd.common, *sshd.matched}


def _only_one(told: Sources | None) -> Sources | None:
    return None if told is None else Unknown(_OTHER_HALF, told.citations)


def _by_filter(
    listing: Document | None, filters: Fact[Filters] | None, sshd: Sshd | None
) -> Sources:
    if isinstance(filters, Unknown):
        return filters
    if filters is None or listing is None:
        return Unknown(_OTHER_HALF)
    if filters.value.unread:
        lines = tuple(listing.cite(line.line) for line in filters.value.unread[:3])
        return Unknown(_UNREAD, lines)
    found: dict[Prefix, int] = {}
    for port in ports(sshd):
        admitted = _admitted(filters.value, port)
        if admitted is None:
            return Known((), filters.citations)
        found |= admitted
    if not found:
        return Unknown(_NOBODY if ports(sshd) else _NO_PORT, filters.citations[:1])
    return Known(tuple(found), tuple(listing.cite(n) for n in dict.fromkeys(found.values())))


def _admitted(filters: Filters, port: int) -> dict[Prefix, int] | None:
    """Sources with the line that admits them; None where any is admitted.

    A rule that denies some sources only is passed over, which errs towards more being admitted.
    """
    found: dict[Prefix, int] = {}
    closed: set[int] = set()
    for rule in filters.rules:
        if not _concerns(rule, port):
            continue
        open_to_all = not rule.sources or any(s.prefixlen == 0 for s in rule.sources)
        if rule.action == "permit":
            if open_to_all:
                versions = {s.version for s in rule.sources if s.prefixlen == 0} or {4, 6}
                if versions - closed:
                    return None
            found |= {s: rule.line for s in rule.sources if s.version not in closed}
        elif open_to_all and not rule.in_interfaces and not rule.destinations:
            closed |= {s.version for s in rule.sources if s.prefixlen == 0} or {4, 6}
        if closed == {4, 6}:
            return found
    return None if filters.default == "permit" else found


def _concerns(rule: FilterRule, port: int) -> bool:
    """Some packet that opens a connection to the port from another host falls under it."""
    if rule.protocol not in {None, "tcp", "6"}:
        return False
    if rule.states and "new" not in rule.states:
        return False
    if rule.ports and not any(part.first <= port <= part.last for part in rule.ports):
        return False
    return set(rule.in_interfaces) != {"lo"}


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
