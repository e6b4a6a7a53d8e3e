"""Who may manage a VRP device and how, and where it sends its records and takes its time from."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, summarize_address_range
from typing import Any

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Prefix
from rules.packets.fields import ALL_ADDRESSES, V6_FROM, address_at
from rules.packets.sets import NOTHING, Interval, Numbers, common, union, without
from scanner.evidence import printable
from scanner.platforms.huawei_vrp.access_list import AccessList, AccessLists
from scanner.platforms.huawei_vrp.configuration import Configuration
from scanner.platforms.netconfig.indented import Line

_SWITCHES = {
    "ssh": ("stelnet server enable", "stelnet ipv4 server enable"),
    "telnet": ("telnet server enable",),
    "http": ("http server enable",),
    "https": ("http secure-server enable", "web-manager security enable"),
    "ftp": ("ftp server enable",),
    "snmp": ("snmp-agent",),
}
_ADMINISTRATORS = frozenset({"3", "15"})
"""Level 15, or 3 where levels go from 0 to 3."""

PREFIXES_MAX = 256
RULES_MAX = 1000
_NOT_TOLD = Text(
    vi="danh sách điều khiển truy cập của user-interface không được hiểu hết",
    en="the access list of the user interface is not understood",
)


def management_facts(found: Configuration, lists: AccessLists) -> dict[str, Fact[Any]]:
    """Facts of services, admission, limits, accounts, SNMP, NTP and syslog."""
    candidates = {
        **_services(found),
        "management.allowlist": _allowlist(found, lists),
        "management.idle_timeout_s": _idle(found),
        "management.lockout_attempts": _lockout(found),
        "password_policy.min_length": _after(found, "set", "password", "min-length"),
        "accounts": _accounts(found),
        "snmp.versions": _snmp_versions(found),
        "snmp.default_community": _community(found),
        "ntp.servers": _clocks(found),
        "syslog.targets": _log_servers(found),
        **_passwords(found),
    }
    return {name: fact for name, fact in candidates.items() if fact is not None}


def _known(found: Configuration, value: Any, lines: Iterable[Line]) -> Known[Any]:
    cited = []
    for line in lines:
        found.read.add(line.number)
        cited.append(found.document.cite(line.number))
    return Known(value, tuple(cited))


def _services(found: Configuration) -> dict[str, Fact[Any] | None]:
    """By the line that switches a service on or off; without one nothing is told."""
    facts: dict[str, Fact[Any] | None] = {}
    for name, switches in _SWITCHES.items():
        for switch in switches:
            on = [line for line in found.by_word.get(switch.split()[0], ()) if line.text == switch]
            off = [line for line in found.by_word.get("undo", ()) if line.text == f"undo {switch}"]
            if bool(on) != bool(off) and f"service.{name}.enabled" not in facts:
                facts[f"service.{name}.enabled"] = _known(found, bool(on), on or off)
    return facts


# --- user interfaces -------------------------------------------------------------------------


def _terminals(found: Configuration) -> list[Line]:
    """Each once: lines of one that stands there twice are together."""
    told: dict[str, Line] = {}
    for line in found.of("user-interface"):
        if line.words[1:2] == ["vty"]:
            known = told.setdefault(line.text, Line(line.number, line.text, line.indent))
            known.below += line.below
    return list(told.values())


def _allowlist(found: Configuration, lists: AccessLists) -> Fact[Any] | None:
    """Who the lists of all VTY lines let in; a list denies what none of its rules permits."""
    terminals = _terminals(found)
    if not terminals:
        return None
    admitted = NOTHING
    known: dict[str, Numbers | None] = {}
    cited: list[Line] = []
    for terminal in terminals:
        odd = [line for line in terminal.below if _is_odd(line)]
        if odd or not all(word.isdecimal() for word in terminal.words[2:]):
            cite = found.document.cite((odd or [terminal])[0].number)
            return Unknown(_NOT_TOLD, (cite,))
        bound = [
            line
            for line in terminal.below
            if line.words[0] == "acl" and line.words[-1] == "inbound"
        ]
        cited += [terminal, *bound]
        if not bound:
            return _known(found, (), [terminal])
        for line in bound:
            version_6 = "ipv6" in line.words
            name = next((w for w in line.words[1:] if w not in {"ipv6", "name"}), "")
            acl = lists.find(name, version_6=version_6)
            if name not in known:
                known[name] = _sources(acl) if acl is not None else None
            sources = known[name]
            if sources is None:
                return Unknown(_NOT_TOLD, (found.document.cite(line.number),))
            admitted = union((admitted, sources))
    prefixes = _prefixes(admitted)
    if prefixes is None:
        return Unknown(_NOT_TOLD, (found.document.cite(cited[-1].number),))
    return _known(found, prefixes, cited)


def _is_odd(line: Line) -> bool:
    """It binds a list, and does not end with a direction."""
    return line.words[0].startswith("acl") and line.words[-1] not in {"inbound", "outbound"}


def _sources(acl: AccessList) -> Numbers | None:
    """The sources that the list permits; None when it asks for more, or is very long."""
    if len(acl.rules) > RULES_MAX:
        return None
    permitted, decided = NOTHING, NOTHING
    for rule in acl.rules:
        if not rule.understood:
            return None
        for region in rule.may:
            if region.destination is not None or region.destination_port is not None:
                return None
            own = common(region.source or ALL_ADDRESSES, without(ALL_ADDRESSES, decided))
            if rule.action == "permit":
                permitted = union((permitted, own))
            decided = union((decided, own))
    return permitted


def _prefixes(sources: Numbers) -> tuple[Prefix, ...] | None:
    found: list[Prefix] = []
    for interval in sources.intervals:
        for first, last in _of_one_version(interval):
            one, other = address_at(first), address_at(last)
            found += summarize_address_range(one, other)
            if len(found) > PREFIXES_MAX:
                return None
    # () means anybody: a list that lets nobody in is not told that way
    return tuple(found) or None


def _of_one_version(interval: Interval) -> tuple[Interval, ...]:
    first, last = interval
    if first < V6_FROM <= last:
        return (first, V6_FROM - 1), (V6_FROM, last)
    return (interval,)


def _idle(found: Configuration) -> Fact[int] | None:
    """`idle-timeout 10 30`: minutes and seconds; the longest of the terminals, 0 is never."""
    limits = []
    for line in found.of("user-interface"):
        if line.words[1:2] not in (["vty"], ["con"]):
            continue
        for below in line.below:
            words = below.words
            if words[0] == "idle-timeout" and all(w.isdecimal() for w in words[1:3]) and words[1:]:
                seconds = int(words[1][:6]) * 60 + (int(words[2][:3]) if len(words) > 2 else 0)
                limits.append((seconds, below))
                break
        else:
            return None
    if not limits:
        return None
    never = [line for seconds, line in limits if seconds == 0]
    if never:
        return _known(found, 0, never)
    longest = max(limits, key=lambda limit: limit[0])
    return _known(found, longest[0], [longest[1]])


# --- accounts --------------------------------------------------------------------------------


def _after(found: Configuration, *words: str) -> Fact[int] | None:
    for line in (one for top in found.top for one in top.all() if one.text.startswith(words[0])):
        said = line.words
        if said[: len(words)] == list(words) and said[len(words) :][:1]:
            value = said[len(words)]
            if value.isdecimal():
                return _known(found, int(value[:6]), [line])
    return None


def _in_aaa(found: Configuration) -> list[Line]:
    return [line for block in found.of("aaa") for line in block.below]


def _lockout(found: Configuration) -> Fact[int] | None:
    """`local-aaa-user wrong-password retry-interval 5 retry-time 3 block-time 5`."""
    for line in _in_aaa(found):
        words = line.words
        if words[:2] == ["local-aaa-user", "wrong-password"] and "retry-time" in words:
            value = words[words.index("retry-time") + 1 :][:1]
            if value and value[0].isdecimal():
                return _known(found, int(value[0][:6]), [line])
    return None


def _passwords(found: Configuration) -> dict[str, Fact[Any] | None]:
    """The lines below `local-aaa-user password policy administrator`."""
    facts: dict[str, Fact[Any] | None] = {}
    for line in _in_aaa(found):
        if line.words[:3] != ["local-aaa-user", "password", "policy"]:
            continue
        for below in line.below:
            words = below.words
            value = int(words[-1][:6]) if words[-1].isdecimal() else None
            name = {
                "password expire": "max_age_days",
                "password history record number": "history",
                "password min-length": "min_length",
            }.get(" ".join(words[:-1]))
            if name is not None and value is not None:
                facts[f"password_policy.{name}"] = _known(found, value, [below])
    return facts


def _accounts(found: Configuration) -> Fact[Any] | None:
    """`local-user`, and `manager-user` of a USG."""
    said: dict[str, dict[str, list[str]]] = {}
    lines: list[Line] = []
    for line in _in_aaa(found):
        words = line.words
        if words[0] == "local-user" and len(words) > 2:
            said.setdefault(words[1], {}).setdefault(words[2], words[3:])
            if words[2] == "privilege" and "password" in words:
                said[words[1]].setdefault("password", [])
            lines.append(line)
        elif words[0] == "manager-user" and len(words) == 2:
            own = said.setdefault(words[1], {})
            for below in line.below:
                own.setdefault(below.words[0], below.words[1:])
                found.read.add(below.number)
            lines.append(line)
    if not said:
        return None
    accounts = tuple(_account(name, own) for name, own in said.items())
    return _known(found, accounts, lines)


def _account(name: str, own: dict[str, list[str]]) -> DeviceAccount:
    level = (own.get("level") or own.get("privilege", [])[1:])[:1]
    level = level if level and level[0].isdecimal() else []
    return DeviceAccount(
        printable(name, 80),
        f"level {level[0]}" if level else None,
        administrator=level[0] in _ADMINISTRATORS if level else None,
        enabled=own.get("state", ["active"])[:1] != ["block"],
        password_set=True if "password" in own else None,
    )


# --- SNMP, time, records ---------------------------------------------------------------------


def _snmp_versions(found: Configuration) -> Fact[Any] | None:
    """`snmp-agent sys-info version v2c v3`; `all` is each of them."""
    lines = list(found.of("snmp-agent", "sys-info", "version"))
    versions: set[str] = set()
    for line in lines:
        for word in line.words[3:]:
            versions |= {"v1", "v2c", "v3"} if word == "all" else {word}
    if not lines or not versions <= {"v1", "v2c", "v3"}:
        return None
    return _known(found, tuple(sorted(versions)), lines)


def _community(found: Configuration) -> Fact[Any] | None:
    """A community in clear text that is the vendor's own; one that is enciphered tells nothing."""
    lines = [
        line
        for line in found.of("snmp-agent", "community")
        if {"public", "private"} & set(line.words[2:])
    ]
    return _known(found, True, lines) if lines else None


def _clocks(found: Configuration) -> Fact[Any] | None:
    servers, lines = [], []
    for line in (*found.by_word.get("ntp-service", ()), *found.by_word.get("ntp", ())):
        words = line.words
        if words[1:2] == ["unicast-server"]:
            name = next((w for w in words[2:] if w not in {"ipv6", "domain"}), "")
            if name:
                servers.append(printable(name, 80))
                lines.append(line)
    return _known(found, tuple(dict.fromkeys(servers)), lines) if servers else None


def _log_servers(found: Configuration) -> Fact[Any] | None:
    """Log hosts; none of them gets anything when the information centre is switched off."""
    off = list(found.of("undo", "info-center", "enable"))
    if off:
        return _known(found, (), off)
    targets, lines = [], []
    for line in found.of("info-center", "loghost"):
        words = line.words
        address = next((w for w in words[2:] if _is_address(w)), None)
        if address is None:
            continue
        port = words[words.index("port") + 1 :][:1] if "port" in words else ["514"]
        kind = words[words.index("transport") + 1 :][:1] if "transport" in words else ["udp"]
        protocol = "tls" if "ssl-policy" in words else (kind or ["udp"])[0]
        number = int(port[0][:5]) if port and port[0].isdecimal() else None
        targets.append(SyslogTarget(address, number, protocol if protocol in _CARRIED else None))
        lines.append(line)
    return _known(found, tuple(dict.fromkeys(targets)), lines) if targets else None


_CARRIED = frozenset({"udp", "tcp", "tls"})


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True
