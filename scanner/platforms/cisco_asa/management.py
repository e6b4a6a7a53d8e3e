"""Who may manage an ASA and how, and where it sends its records and takes its time from."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Prefix
from scanner.evidence import printable
from scanner.platforms.cisco_asa.configuration import Configuration
from scanner.platforms.documented_default import not_shown
from scanner.platforms.netconfig.indented import Line

_VENDOR = Text(vi="hãng (Cisco, ASA Command Reference)", en="the vendor (ASA Command Reference)")
_NOBODY = Text(vi="không ai được vào", en="nobody is let in")
_POLICY = {
    "minimum-length": "min_length",
    "minimum-numeric": "digits",
    "minimum-lowercase": "lowercase",
    "minimum-uppercase": "uppercase",
    "minimum-special": "special",
    "lifetime": "max_age_days",
    "reuse-interval": "history",
}
_IDLE = "management.idle_timeout_s"
_WAYS = ("ssh", "telnet", "http")
_SEVERITY = Text(
    vi="có máy chủ nhật ký nhưng không có `logging enable` và `logging trap`; "
    "mặc định theo hãng là không gửi",
    en="log servers are named without `logging enable` and `logging trap`; "
    "by the vendor's default nothing is sent",
)
_HIDDEN = Text(
    vi="chuỗi community không được hiển thị trong cấu hình",
    en="the configuration does not show the community",
)


def management_facts(configuration: Configuration) -> dict[str, Fact[Any]]:
    """Facts of services, admission, limits, accounts, SNMP, NTP and syslog."""
    facts = {
        **_services(configuration),
        **_limits(configuration),
        **_snmp(configuration),
        **_records(configuration),
    }
    accounts = _accounts(configuration)
    if accounts:
        facts["accounts"] = accounts
    return facts


def _known(configuration: Configuration, value: Any, lines: Iterable[Line]) -> Known[Any]:
    found = []
    for line in lines:
        configuration.read.add(line.number)
        found.append(configuration.document.cite(line.number))
    return Known(value, tuple(found))


def _admitted(configuration: Configuration, way: str) -> list[tuple[Line, Prefix]]:
    """`ssh 10.0.0.0 255.0.0.0 inside`: who may come in that way."""
    found = []
    for line in configuration.by_word.get(way, ()):
        words = [configuration.names.get(word, word) for word in line.words[1:]]
        text = words[0] if len(words) == 2 else "/".join(words[:2]) if len(words) == 3 else ""
        try:
            found.append((line, ip_network(text, strict=False)))
        except ValueError:
            if words[:1] and words[0][:1].isdigit():
                configuration.left_open.note(line.number, ("management.allowlist",))
    return found


def _services(configuration: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    admitted = {way: _admitted(configuration, way) for way in _WAYS}
    for way in ("ssh", "telnet"):
        lines = [line for line, _ in admitted[way]]
        facts[f"service.{way}.enabled"] = (
            _known(configuration, True, lines) if lines else not_shown(_NOBODY, _VENDOR)
        )
    on = list(configuration.of("http", "server", "enable"))
    if on:
        facts["service.https.enabled"] = _known(configuration, True, on)
    elif off := list(configuration.of("no", "http", "server", "enable")):
        facts["service.https.enabled"] = _known(configuration, False, off)
    everybody = [pair for way in _WAYS for pair in admitted[way]]
    if everybody:
        prefixes = tuple(dict.fromkeys(prefix for _, prefix in everybody))
        anywhere = any(prefix.prefixlen == 0 for prefix in prefixes)
        lines = [line for line, _ in everybody]
        facts["management.allowlist"] = _known(configuration, () if anywhere else prefixes, lines)
    return facts


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 8 else None


def _numbered(configuration: Configuration, fact: str, *words: str) -> tuple[int, Line] | None:
    """The number behind these words, the last time they stand there."""
    found = None
    for line in configuration.of(*words):
        value = _number(line.words[len(words)]) if len(line.words) == len(words) + 1 else None
        if value is not None:
            found = value, line
        else:
            configuration.left_open.note(line.number, (fact,))
    return found


def _limits(configuration: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    tries = _numbered(
        configuration,
        "management.lockout_attempts",
        "aaa",
        "local",
        "authentication",
        "attempts",
        "max-fail",
    )
    if tries is not None:
        facts["management.lockout_attempts"] = _known(configuration, tries[0], [tries[1]])
    for word, name in _POLICY.items():
        rule = _numbered(configuration, f"password_policy.{name}", "password-policy", word)
        if rule is not None:
            facts[f"password_policy.{name}"] = _known(configuration, rule[0], [rule[1]])
    idle = _idle(configuration)
    if idle is not None:
        facts["management.idle_timeout_s"] = idle
    return facts


def _idle(configuration: Configuration) -> Fact[int] | None:
    """The longest of all ways in, in minutes in the configuration; 0 on the console is never."""
    found = [
        limit
        for limit in (
            _numbered(configuration, _IDLE, "ssh", "timeout"),
            _numbered(configuration, _IDLE, "console", "timeout"),
            _numbered(configuration, _IDLE, "http", "server", "idle-timeout"),
            _numbered(configuration, _IDLE, "telnet", "timeout")
            if _admitted(configuration, "telnet")
            else None,
        )
        if limit is not None
    ]
    if not found:
        return None
    never = [line for minutes, line in found if minutes == 0]
    if never:
        return _known(configuration, 0, never)
    web = any(configuration.of("http", "server", "enable"))
    if web and _numbered(configuration, _IDLE, "http", "server", "idle-timeout") is None:
        return not_shown("20 min", _VENDOR)
    longest = max(found, key=lambda limit: limit[0])
    return _known(configuration, longest[0] * 60, [longest[1]])


def _accounts(configuration: Configuration) -> Fact[Any] | None:
    """`username admin password ... privilege 15`, and what `attributes` add."""
    found: dict[str, DeviceAccount] = {}
    lines = []
    for line in configuration.of("username"):
        words = line.words
        if len(words) < 3 or words[2] == "attributes":
            configuration.read.update(one.number for one in line.all())
            continue
        name = printable(words[1], 80)
        level = words[words.index("privilege") + 1 :][:1] if "privilege" in words else []
        found[name] = DeviceAccount(
            name,
            f"privilege {level[0]}" if level and _number(level[0]) is not None else None,
            administrator=True if level == ["15"] else None,
            enabled=True,
            password_set=words[2] != "nopassword",
        )
        lines.append(line)
    if not found:
        return None
    return _known(configuration, tuple(found.values()), lines)


def _snmp(configuration: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    off = [line for line in configuration.of("no", "snmp-server", "enable") if len(line.words) == 3]
    hosts = list(configuration.of("snmp-server", "host"))
    communities = list(configuration.of("snmp-server", "community"))
    if off:
        facts["service.snmp.enabled"] = _known(configuration, False, off)
    elif hosts or communities:
        facts["service.snmp.enabled"] = _known(configuration, True, [*hosts, *communities])
    if hosts:
        facts["snmp.versions"] = _snmp_versions(configuration, hosts)
    shown_ones = [
        words[words.index("community") + 1 :]
        for words in (line.words for line in (*hosts, *communities))
        if "community" in words
    ]
    while_shown = [
        rest[1] if rest[:1] in (["0"], ["8"]) else rest[0] for rest in shown_ones if rest
    ]
    cited = [line for line in (*hosts, *communities) if "community" in line.words]
    if any(one in {"public", "private"} for one in while_shown):
        facts["snmp.default_community"] = _known(configuration, True, cited)
    elif while_shown and all(set(one) - {"*"} for one in while_shown):
        facts["snmp.default_community"] = _known(configuration, False, cited)
    elif while_shown:
        cites = tuple(configuration.document.cite(line.number) for line in cited)
        facts["snmp.default_community"] = Unknown(_HIDDEN, cites)
    return facts


def _snmp_versions(configuration: Configuration, hosts: list[Line]) -> Fact[Any]:
    """Version 1 is meant where a host says none."""
    found = []
    for line in hosts:
        words = line.words
        said = words[words.index("version") + 1 :][:1] if "version" in words else ["1"]
        if said not in (["1"], ["2c"], ["3"]):
            return Unknown(_UNKNOWN_VERSION, (configuration.document.cite(line.number),))
        found.append(f"v{said[0]}")
    return _known(configuration, tuple(sorted(set(found))), hosts)


_UNKNOWN_VERSION = Text(
    vi="không hiểu phiên bản SNMP của máy chủ này",
    en="the SNMP version of this host is not understood",
)


def _records(configuration: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    clocks = [line for line in configuration.of("ntp", "server") if len(line.words) > 2]
    if clocks:
        servers = tuple(dict.fromkeys(printable(line.words[2], 80) for line in clocks))
        facts["ntp.servers"] = _known(configuration, servers, clocks)
    hosts = [line for line in configuration.of("logging", "host") if len(line.words) > 3]
    if not hosts:
        return facts
    on = [*configuration.of("logging", "enable"), *configuration.of("logging", "trap")]
    cites = tuple(configuration.document.cite(line.number) for line in hosts)
    if {line.words[1] for line in on} != {"enable", "trap"}:
        facts["syslog.targets"] = Unknown(_SEVERITY, cites)
        return facts
    unnamed = next((line for line in hosts if _host(configuration, line) is None), None)
    if unnamed is not None:
        cite = configuration.document.cite(unnamed.number)
        facts["syslog.targets"] = Unknown(_NO_ADDRESS, (cite,))
        return facts
    targets = tuple(dict.fromkeys(_target(configuration, line) for line in hosts))
    facts["syslog.targets"] = _known(configuration, targets, [*hosts, *on])
    return facts


_NO_ADDRESS = Text(
    vi="máy chủ nhật ký được gọi bằng một tên không có trong cấu hình",
    en="a log server goes by a name that the configuration does not hold",
)


def _host(configuration: Configuration, line: Line) -> str | None:
    """The address of a log server; None for a name without one."""
    try:
        return str(ip_address(configuration.names.get(line.words[3], line.words[3])))
    except ValueError:
        return None


def _target(configuration: Configuration, line: Line) -> SyslogTarget:
    """`logging host inside 10.0.0.1 6/1470 secure`: protocol by name or number, then the port."""
    words = line.words
    address = _host(configuration, line) or printable(words[3], 80)
    protocol, port = "udp", 514
    if len(words) > 4:
        kind, _, number = words[4].partition("/")
        protocol = {"6": "tcp", "tcp": "tcp"}.get(kind, "udp")
        port = _number(number) or (1470 if protocol == "tcp" else 514)
    if "secure" in words:
        protocol = "tls"
    return SyslogTarget(address, port, protocol)
