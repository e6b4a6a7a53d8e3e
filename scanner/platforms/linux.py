"""Linux hosts: routers, packet filters with nftables, servers, log servers with rsyslog.

Seen on Debian 12 (iproute2 6.1, nftables 1.0.6, rsyslog 8.2302, logrotate 3.21). Read over SSH with
one exec channel per command, by a user without privileges; only listing the packet filter needs
CAP_NET_ADMIN or one line in sudoers. Not read: rules of the old iptables programs that nft does not
list, prerouting and ingress chains (they can only narrow what is admitted), policy routing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, NeededPort, Unknown
from rules.network_facts import Filters, Interface
from scanner.evidence import Document, printable
from scanner.platforms import linux_commands as commands
from scanner.platforms import linux_network, linux_records
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.newest_answers import newest
from scanner.platforms.nftables import forwarding
from scanner.platforms.nftables.text import parse

_NO_FILTERS = Text(
    vi="không liệt kê được bộ lọc gói: {said}", en="the packet filter could not be listed: {said}"
)
_BROKEN_OFF = Text(
    vi="danh sách bộ lọc gói không đầy đủ", en="the listing of the packet filter is not complete"
)


def collect(access: Access) -> Generator[Document, None, None]:
    """The answers, one by one; stored records are asked for only where there are some."""
    with access.exec_channel() as line:
        for command in commands.ALWAYS:
            answer = line.run(command)
            yield answer
            if command == commands.FILTERS and _status(answer) != "0":
                yield line.run(commands.FILTERS_BY_SUDO)
        stored = line.run(commands.STORED)
        yield stored
        if _is_log_server(stored):
            yield line.run(commands.LOGROTATE)
            yield line.run(commands.RECORDS)


def _status(document: Document) -> str | None:
    """What the closing line says; None when it is missing."""
    *_, last, end = ("", *document.lines)
    complete = last.startswith(commands.STATUS) and not end
    return last.removeprefix(commands.STATUS) if complete else None


def _is_log_server(stored: Document) -> bool:
    names = [line for line in stored.lines if line]
    return bool(names) and not any(name.startswith("ls: ") for name in names)


def read(documents: Sequence[Document]) -> Reading:
    """Facts from the answers to the commands above; the newest answer to each counts."""
    answers = newest(documents)
    facts: dict[str, Fact[Any]] = {
        **_identity(answers),
        **_each(
            answers,
            {
                "interfaces": (commands.ADDRESSES, linux_network.interfaces),
                "neighbours": (commands.NEIGHBOURS, linux_network.neighbours),
                "syslog.targets": (commands.RSYSLOG, linux_records.syslog_targets),
                "logs.retention": (commands.LOGROTATE, linux_records.retention),
                "logs.sources": (commands.RECORDS, linux_records.sources),
                "ntp.servers": (commands.TIME_SERVERS, _time_servers),
            },
        ),
    }
    if commands.ROUTES in answers:
        rules = answers.get(commands.POLICY_RULES)
        facts["routes"] = linux_network.routes(answers[commands.ROUTES], rules)
    if commands.SOCKETS in answers:
        facts |= linux_network.services(answers[commands.SOCKETS])
    listing = _listing(answers)
    if listing is None:
        return Reading(facts)
    facts["filters"] = filters = _filters(listing, facts.get("interfaces"))
    unread = filters.value.unread if isinstance(filters, Known) else ()
    return Reading(facts, tuple((listing, line) for line in unread))


_Reader = Callable[[Document], Fact[Any]]


def _each(
    answers: Mapping[str, Document], readers: Mapping[str, tuple[str, _Reader]]
) -> dict[str, Fact[Any]]:
    return {
        name: reader(answers[command])
        for name, (command, reader) in readers.items()
        if command in answers
    }


_RELEASE_LINE = re.compile(r"""(?P<key>[A-Z_]+)=(?P<quote>["']?)(?P<value>[^"']*)(?P=quote)""")
_KERNEL = re.compile(r"\d+\.\d+[A-Za-z0-9.+~_-]{0,80}", re.ASCII)


def _identity(answers: Mapping[str, Document]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    names = {"ID": "identity.vendor", "PRETTY_NAME": "identity.model"}
    release = answers.get(commands.RELEASE)
    # what follows the last line end was cut off
    for number, line in enumerate(release.lines[:-1] if release else (), start=1):
        match = _RELEASE_LINE.fullmatch(line.strip())
        if release and match and match["key"] in names and match["value"]:
            value = printable(match["value"], 80)
            facts[names[match["key"]]] = Known(value, (release.cite(number),))
    kernel = answers.get(commands.KERNEL)
    if kernel and len(kernel.lines) > 1 and _KERNEL.fullmatch(kernel.lines[0].strip()):
        facts["identity.family"] = Known("linux", (kernel.cite(1),))
        facts["software.version"] = Known(kernel.lines[0].strip(), (kernel.cite(1),))
    return facts


_TIME_SERVER = re.compile(r"^\s*(?:(?:server|pool|peer)\s+(\S+)|NTP=(.*))")


def _time_servers(document: Document) -> Fact[tuple[str, ...]]:
    found: dict[str, int] = {}
    for number, line in enumerate(document.lines[:-1], start=1):
        _, _, content = line.partition(":")
        match = _TIME_SERVER.match(content)
        for name in (match[1] or match[2] or "").split() if match else ():
            found.setdefault(printable(name, 255), number)
    if not found:
        return linux_network.not_read(document)
    return Known(tuple(found), tuple(document.cite(number) for number in found.values()))


def _listing(answers: Mapping[str, Document]) -> Document | None:
    """The listing that succeeded, else the one that was tried first."""
    tried = [answers.get(c) for c in (commands.FILTERS, commands.FILTERS_BY_SUDO)]
    given = [document for document in tried if document is not None]
    succeeded = [document for document in given if _status(document) == "0"]
    return next(iter(succeeded or given), None)


def _filters(document: Document, interfaces: Fact[Any] | None) -> Fact[Filters]:
    status = _status(document)
    if status is None:
        return Unknown(_BROKEN_OFF, (document.cite(),))
    if status != "0":
        said = printable(document.lines[0], 80)
        return Unknown(_NO_FILTERS.format(said=said), (document.cite(1),))
    ruleset = parse(document.text)
    if not ruleset.complete:
        return Unknown(_BROKEN_OFF, (document.cite(),))
    own: tuple[Interface, ...] = interfaces.value if isinstance(interfaces, Known) else ()
    filters = forwarding(
        ruleset,
        document.lines,
        frozenset(interface.name for interface in own),
        routes_ipv6=any(a.version == 6 for interface in own for a in interface.addresses),
    )
    lines = [rule.line for rule in filters.rules] or [1]
    return Known(filters, tuple(document.cite(line) for line in dict.fromkeys(lines)))


def version_key(version: str) -> tuple[Any, ...] | None:
    """Kernel releases by their numbers: `6.1.0-18-amd64` is (6, 1, 0, 18)."""
    match = re.match(r"[0-9]{1,9}(?:[.-][0-9]{1,9})*", version)
    return tuple(int(part) for part in re.split(r"[.-]", match[0])) if match else None


PLATFORM = Platform(
    name="linux",
    title="Linux",
    vendor="Linux",
    kinds=frozenset({"firewall", "router", "switch", "server"}),
    allowed=tuple(re.escape(command) for command in commands.ALL),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        NeededPort("tcp", 22, 22, Text(vi="quản trị qua SSH", en="administration over SSH")),
    ),
    management_ports={"ssh": 22},
)
