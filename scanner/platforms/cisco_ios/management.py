"""Ways in for administrators, and services of the device itself.

A setting that the configuration does not show is Unknown: which defaults a release has is not in
the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, summarize_address_range
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import Prefix
from rules.packets.fields import ALL_V4
from rules.packets.sets import NOTHING, Numbers, common, union, without
from scanner.evidence import printable
from scanner.platforms.cisco_ios.access_lists import AccessList, AccessLists, numbers_of
from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.cisco_ios.servers_and_accounts import neighbouring_systems
from scanner.platforms.netconfig.indented import Line

ALL_TRANSPORTS = frozenset({"ssh", "telnet"})
PREFIXES_MAX = 4096


@dataclass(frozen=True)
class Terminal:
    """A block `line ...` as it takes logins."""

    block: Line
    kind: str
    """`con`, `aux`, `vty`, or `tty`."""
    lines: list[Line]
    """What is below it, also where it comes again."""

    def last(self, *words: str) -> Line | None:
        """The last line in the block that begins so."""
        found = [line for line in self.lines if line.words[: len(words)] == list(words)]
        return found[-1] if found else None

    @property
    def takes_sessions(self) -> bool:
        return self.last("no", "exec") is None

    @property
    def transports(self) -> frozenset[str] | None:
        """What it lets in; None when that is not shown."""
        line = self.last("transport", "input")
        if line is None:
            return None
        words = set(line.words[2:])
        if "all" in words:
            return ALL_TRANSPORTS
        return frozenset(words & ALL_TRANSPORTS)


def terminals(config: Configuration) -> list[Terminal]:
    """Every block `line ...`; one that comes twice goes on with the first."""
    found: dict[str, Terminal] = {}
    for block in config.starting("line"):
        if len(block.words) > 1:
            config.use_all(block)
            kind = {"console": "con"}.get(block.words[1], block.words[1])
            door = found.setdefault(" ".join(block.words[1:]), Terminal(block, kind, []))
            door.lines.extend(block.below)
    return list(found.values())


def management_facts(config: Configuration, lists: AccessLists) -> dict[str, Fact[Any]]:
    """Facts about the device itself; a fact that no line tells is not there."""
    doors = terminals(config)
    facts: dict[str, Fact[Any]] = {}
    facts |= _command_line(config, doors)
    facts |= _web(config)
    facts |= _idle(config, doors)
    facts |= _lockout(config)
    facts |= neighbouring_systems(config)
    allowed = _allowlist(config, doors, lists, facts)
    if allowed is not None:
        facts["management.allowlist"] = allowed
    return facts


def _cite(config: Configuration, *lines: Line) -> tuple[Citation, ...]:
    return tuple(config.document.cite(line.number) for line in lines)


# --- command line ----------------------------------------------------------------------------


def _command_line(config: Configuration, doors: list[Terminal]) -> dict[str, Fact[Any]]:
    """SSH and telnet, by what the vty lines let in."""
    vty = [door for door in doors if door.kind == "vty"]
    facts: dict[str, Fact[Any]] = {}
    for name in ("ssh", "telnet"):
        if not vty:
            continue
        open_at = [door for door in vty if name in (door.transports or ())]
        if open_at:
            line = open_at[0].last("transport", "input") or open_at[0].block
            facts[f"service.{name}.enabled"] = Known(True, _cite(config, line))
        elif all(door.transports is not None for door in vty):
            said = [door.last("transport", "input") or door.block for door in vty]
            facts[f"service.{name}.enabled"] = Known(False, _cite(config, *said[:4]))
        else:
            silent = next(door for door in vty if door.transports is None)
            facts[f"service.{name}.enabled"] = Unknown(_NO_TRANSPORT, _cite(config, silent.block))
    return facts


def _web(config: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    for name, words in (("http", "server"), ("https", "secure-server")):
        found = config.last("ip", "http", words)
        if found is not None:
            config.use(found[1])
            facts[f"service.{name}.enabled"] = Known(found[0], _cite(config, found[1]))
    for line in config.starting("ip", "http"):
        config.use(line)
    return facts


def _idle(config: Configuration, doors: list[Terminal]) -> dict[str, Fact[Any]]:
    """The longest time that any line waits; a line that never ends a session decides."""
    found: list[tuple[int, Line]] = []
    silent: list[Line] = []
    for door in doors:
        if not door.takes_sessions or door.kind not in {"con", "vty", "aux"}:
            continue
        line = door.last("exec-timeout") or door.last("no", "exec-timeout")
        seconds = _seconds(line)
        if line is not None and seconds is not None:
            found.append((seconds, line))
        elif door.kind != "aux" or door.last("modem") or door.last("transport", "input"):
            silent.append(door.block)
    never = next((line for seconds, line in found if seconds == 0), None)
    if never is not None:
        return {"management.idle_timeout_s": Known(0, _cite(config, never))}
    if silent:
        return {"management.idle_timeout_s": Unknown(_NO_TIMEOUT, _cite(config, silent[0]))}
    if not any(door.kind == "vty" for door in doors) or not found:
        return {}
    seconds, line = max(found, key=lambda pair: pair[0])
    return {"management.idle_timeout_s": Known(seconds, _cite(config, line))}


def _seconds(line: Line | None) -> int | None:
    """`exec-timeout 10 0`: minutes and seconds; 0 = never, as `no exec-timeout`."""
    if line is None:
        return None
    if line.words[0] == "no":
        return 0
    numbers = line.words[1:3]
    if not numbers or not all(n.isascii() and n.isdigit() and len(n) <= 7 for n in numbers):
        return None
    minutes, seconds = int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    return minutes * 60 + seconds


def _lockout(config: Configuration) -> dict[str, Fact[Any]]:
    """Failed logins that lock an account, or the whole device for a while."""
    facts: dict[str, Fact[Any]] = {}
    for beginning, place in (
        (("aaa", "local", "authentication", "attempts", "max-fail"), 5),
        (("login", "block-for"), 4),
    ):
        for line in config.starting(*beginning):
            words = line.words
            if "management.lockout_attempts" in facts or len(words) <= place:
                continue
            if words[place].isascii() and words[place].isdigit() and len(words[place]) <= 6:
                config.use(line)
                value = Known(int(words[place]), _cite(config, line))
                facts["management.lockout_attempts"] = value
    for line in config.starting("security", "passwords", "min-length"):
        if line.words[-1].isascii() and line.words[-1].isdigit() and len(line.words[-1]) <= 3:
            config.use(line)
            value = Known(int(line.words[-1]), _cite(config, line))
            facts["password_policy.min_length"] = value
    return facts


# --- who may come ----------------------------------------------------------------------------


def _allowlist(
    config: Configuration, doors: list[Terminal], lists: AccessLists, facts: dict[str, Fact[Any]]
) -> Fact[tuple[Prefix, ...]] | None:
    """Addresses from which any way in may be used: vty lines, and the web where it is on.

    A way in without a list lets everybody in. Unknown when it is not known whether the web is on.
    """
    vty = [door for door in doors if door.kind == "vty" and door.transports != frozenset()]
    if not vty:
        return None
    allowed: list[Numbers] = []
    cited: list[Line] = []
    for door in vty:
        line = next(
            (x for x in door.lines if x.words[0] == "access-class" and "in" in x.words), None
        )
        if line is None or len(line.words) < 3:
            return Known((), _cite(config, door.block))
        acl = lists.get(line.words[1])
        admitted = _sources(acl) if acl is not None else None
        if admitted is None:
            return Unknown(_LIST.format(name=printable(line.words[1], 40)), _cite(config, line))
        allowed.append(admitted)
        cited.append(line)
    web = _web_sources(config, lists, facts)
    if isinstance(web, Unknown | Known):
        return web
    found = union([*allowed, *web])
    prefixes = _prefixes(found)
    if prefixes is None:
        return Unknown(_LIST.format(name=cited[0].words[1]), _cite(config, *cited[:1]))
    return Known(prefixes, _cite(config, *cited))


def _web_sources(
    config: Configuration, lists: AccessLists, facts: dict[str, Fact[Any]]
) -> list[Numbers] | Fact[tuple[Prefix, ...]]:
    """The sources that the web interface admits: none when it is off."""
    states = [facts.get(f"service.{name}.enabled") for name in ("http", "https")]
    on = [fact for fact in states if isinstance(fact, Known) and fact.value]
    if not on:
        off = all(isinstance(fact, Known) for fact in states)
        return [] if off else Unknown(_WEB_NOT_SHOWN)
    line = next(iter(config.starting("ip", "http", "access-class")), None)
    if line is None:
        return Known((), on[0].citations)
    acl = lists.get(line.words[-1])
    admitted = _sources(acl) if acl is not None else None
    if admitted is None:
        return Unknown(_LIST.format(name=printable(line.words[-1], 40)), _cite(config, line))
    return [admitted]


def _sources(acl: AccessList) -> Numbers | None:
    """The IPv4 sources that the list permits; None when that cannot be told exactly."""
    found: list[Numbers] = []
    left = ALL_V4
    for rule in acl.rules:
        wanted = numbers_of(rule)
        if wanted is None:
            return None
        if rule.action == "permit":
            found.append(common(left, wanted))
        left = without(left, wanted)
    return union(found) if found else NOTHING if acl.rules else None


def _prefixes(found: Numbers) -> tuple[Prefix, ...] | None:
    prefixes: list[Prefix] = []
    for first, last in found.intervals:
        prefixes += summarize_address_range(IPv4Address(first), IPv4Address(last))
        if len(prefixes) > PREFIXES_MAX:
            return None
    if found.intervals == ALL_V4.intervals:
        return ()
    return tuple(prefixes) or None


_NO_TRANSPORT = Text(
    vi="`line vty` không ghi `transport input`; mặc định tùy phiên bản phần mềm",
    en="`line vty` has no `transport input`; what it lets in then depends on the release",
)
_NO_TIMEOUT = Text(
    vi="không ghi `exec-timeout`; tài liệu của hãng nêu mặc định là 10 phút nhưng cấu hình không "
    "cho thấy",
    en="`exec-timeout` is not written; the vendor documents 10 minutes and the configuration does "
    "not show them",
)
_LIST = Text(
    vi="không xác định được chính xác danh sách truy cập {name} cho phép những địa chỉ nào",
    en="which addresses access list {name} permits cannot be told exactly",
)
_WEB_NOT_SHOWN = Text(
    vi="cấu hình không cho thấy dịch vụ web (`ip http server`, `ip http secure-server`) bật hay "
    "tắt",
    en="the configuration does not show whether the web service is on (`ip http server`, "
    "`ip http secure-server`)",
)
