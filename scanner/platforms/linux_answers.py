"""What each answer of a Linux host tells by itself: who it is, network, records, services."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms import linux_bandwidth, linux_network, linux_records
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux_content import UNAME, Kind
from scanner.platforms.linux_sections import Host
from scanner.platforms.several_documents import DISAGREE

_Reader = Callable[[Document], Fact[Any]]

_RELEASE_LINE = re.compile(r"""(?P<key>[A-Z_]+)=(?P<quote>["']?)(?P<value>[^"']*)(?P=quote)""")
_KERNEL = re.compile(r"\d+\.\d+[A-Za-z0-9.+~_-]{0,80}", re.ASCII)


def given(
    answers: Mapping[str, Document], host: Host, command: str, *kinds: Kind
) -> list[Document]:
    """The answer to the command, else the saved files of the same kinds."""
    if command in answers:
        return [answers[command]]
    found = (section.document for kind in kinds for section in host.of(kind))
    return list(dict.fromkeys(found))


def identity(answers: Mapping[str, Document], host: Host) -> dict[str, Fact[Any]]:
    """Distribution and kernel; the family also where only other files were recognised."""
    facts: dict[str, Fact[Any]] = {}
    saved = [s for s in host.sections if s.document.source not in commands.ALL]
    if saved:
        facts["identity.family"] = Known("linux", (saved[0].cite(saved[0].first_line),))
    names = {"ID": "identity.vendor", "PRETTY_NAME": "identity.model"}
    for release in given(answers, host, commands.RELEASE, "os-release"):
        # what follows the last line end was cut off
        for number, line in enumerate(release.lines[:-1], start=1):
            match = _RELEASE_LINE.fullmatch(line.strip())
            if match and match["key"] in names and match["value"]:
                value = printable(match["value"], 80)
                facts[names[match["key"]]] = Known(value, (release.cite(number),))
    for kernel in given(answers, host, commands.KERNEL, "uname"):
        facts |= _kernel(kernel)
    return facts


def _kernel(document: Document) -> dict[str, Fact[Any]]:
    """What `uname -r`, or `uname -a` that was saved, says in its whole first line."""
    words = document.lines[0].strip()
    if document.source != commands.KERNEL and (match := UNAME.fullmatch(words)):
        words = match["release"]
    if len(document.lines) < 2 or not _KERNEL.fullmatch(words):
        return {}
    cited = (document.cite(1),)
    return {"identity.family": Known("linux", cited), "software.version": Known(words, cited)}


def answered(answers: Mapping[str, Document], host: Host) -> dict[str, Fact[Any]]:
    """Interfaces, neighbours, routes, classes of traffic, records, time servers and services."""
    readers: dict[str, tuple[str, tuple[Kind, ...], _Reader]] = {
        "interfaces": (commands.ADDRESSES, ("ip addr",), linux_network.interfaces),
        "neighbours": (commands.NEIGHBOURS, ("ip neigh",), linux_network.neighbours),
        "qos.classes": (commands.TRAFFIC_CLASSES, (), linux_bandwidth.qos_classes),
        "syslog.targets": (commands.RSYSLOG, ("rsyslog",), linux_records.syslog_targets),
        "logs.retention": (commands.LOGROTATE, ("logrotate",), linux_records.retention),
        "logs.sources": (commands.RECORDS, (), linux_records.sources),
        "ntp.servers": (commands.TIME_SERVERS, ("ntp", "timesyncd"), _time_servers),
    }
    facts: dict[str, Fact[Any]] = {}
    for name, (command, kinds, reader) in readers.items():
        told = [reader(document) for document in given(answers, host, command, *kinds)]
        if told:
            facts[name] = _together(name, told)
    if "logs.retention" not in facts and (journal := host.of("journald")):
        facts["logs.retention"] = Unknown(_JOURNAL, (journal[0].cite(journal[0].first_line),))
    for routes in given(answers, host, commands.ROUTES, "ip route"):
        facts["routes"] = linux_network.routes(routes, answers.get(commands.POLICY_RULES))
    for sockets in given(answers, host, commands.SOCKETS, "ss"):
        facts |= {**linux_network.services(sockets), **dict(_heard(facts))}
    return facts


def _heard(facts: Mapping[str, Fact[Any]]) -> Iterator[tuple[str, Fact[Any]]]:
    return ((n, f) for n, f in facts.items() if n.startswith("service.") and isinstance(f, Known))


_LISTS = frozenset({"ntp.servers", "syslog.targets"})
"""Facts to which every file adds its own."""


def _together(name: str, told: Sequence[Fact[Any]]) -> Fact[Any]:
    known = [fact for fact in told if isinstance(fact, Known)]
    citations: tuple[Citation, ...] = tuple(
        dict.fromkeys(citation for fact in known for citation in fact.citations)
    )
    if name in _LISTS and any(fact.value for fact in known):
        values = dict.fromkeys(value for fact in known for value in fact.value)
        return Known(tuple(values), citations)
    if known and (name not in _LISTS or len(known) == len(told)):
        same = all(fact.value == known[0].value for fact in known)
        return known[0] if same else Unknown(DISAGREE, citations)
    return next(fact for fact in told if isinstance(fact, Unknown))


_TIME_SERVER = re.compile(r"^\s*(?:(?:server|pool|peer)\s+(\S+)|NTP=(.*))")


def _time_servers(document: Document) -> Fact[tuple[str, ...]]:
    found: dict[str, int] = {}
    for number, line in enumerate(document.lines[:-1], start=1):
        content = line.partition(":")[2] if document.source == commands.TIME_SERVERS else line
        match = _TIME_SERVER.match(content)
        for name in (match[1] or match[2] or "").split() if match else ():
            found.setdefault(printable(name, 255), number)
    if not found:
        return linux_network.not_read(document)
    return Known(tuple(found), tuple(document.cite(number) for number in found.values()))


_JOURNAL = Text(
    vi="journald xóa nhật ký theo dung lượng và MaxRetentionSec chỉ là giới hạn trên, nên không "
    "chứng tỏ được thời gian lưu",
    en="journald deletes by size, and MaxRetentionSec is an upper limit only, so how long records "
    "are kept cannot be told from it",
)
