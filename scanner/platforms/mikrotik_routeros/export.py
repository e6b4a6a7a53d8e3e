"""The commands of a RouterOS export: wrapped lines joined, menus resolved, values unquoted.

An export is a script. What only a script can hold (conditions, removals, variables) is kept
apart, because its effect depends on what the router held before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from scanner.evidence import Document, printable

VERBS: Final = frozenset(
    {"add", "disable", "edit", "enable", "export", "move", "print", "remove", "reset", "set"}
    | {"unset"}
)
ROOTS: Final = frozenset(
    {"caps-man", "certificate", "container", "disk", "file", "interface", "ip", "ipv6", "log"}
    | {"mpls", "port", "ppp", "queue", "radius", "routing", "snmp", "special-login", "system"}
    | {"tool", "tr069-client", "user", "user-manager", "zerotier", "lora", "iot", "dude"}
)


_INACTIVE: Final = ("not ready", "not possible", "inactive", "no such", "invalid", "missing")
"""Words of the comment that RouterOS puts above an item that is not active."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the export."""

    line: int
    menu: str
    """`ip firewall filter`."""
    verb: str
    values: dict[str, str]
    target: str
    """What `set` is about: `telnet`, `0`, or what stands between `[ find` and `]`."""
    text: str
    is_conditional: bool = False
    """It stands in a block of a script, and may not be done."""
    remark: str = ""
    """The comment above it, in which RouterOS says why an item is not active."""

    @property
    def inactive(self) -> str:
        """Why the item may not be active; empty when the comment above it does not say so."""
        said = any(word in self.remark for word in _INACTIVE)
        return f"not active: {self.remark.lstrip('# ')}" if said else ""

    @property
    def is_disabled(self) -> bool:
        return self.values.get("disabled") in {"yes", "true"}

    def get(self, key: str) -> str:
        """The value; empty when it is not set."""
        return self.values.get(key, "")


@dataclass(frozen=True)
class Export:
    """All commands of a file, and what was said in its header."""

    commands: tuple[Command, ...]
    header: dict[str, tuple[str, int]]
    """`version`, `model`, `serial`: value and line."""
    strange: tuple[tuple[int, str], ...] = ()
    """Lines that are no commands of a menu."""
    failed: tuple[tuple[int, str], ...] = ()
    """Menus that RouterOS could not export."""
    cut_off: Command | None = None
    """The last command when no line end follows: some of it may be missing."""
    by_menu: dict[str, list[Command]] = field(default_factory=dict)
    broken_lines: tuple[tuple[int, str], ...] = ()
    """Lines between commands that are neither commands nor parts of a script."""
    ends_within_a_line: int | None = None
    """The last line, when no line end follows or it goes on on a line that is not there."""

    def of(self, *menus: str) -> list[Command]:
        """The commands of these menus, in order of the file."""
        found = [command for menu in menus for command in self.by_menu.get(menu, ())]
        return sorted(found, key=lambda command: command.line) if len(menus) > 1 else found

    def added(self, *menus: str) -> list[Command]:
        """Items of these menus that are not disabled."""
        return [c for c in self.of(*menus) if c.verb == "add" and not c.is_disabled]

    @property
    def is_whole(self) -> bool:
        """It looks like an export of the whole router, not of one menu."""
        return bool(self.header) and len({menu.split()[0] for menu in self.by_menu}) >= 3

    @property
    def release(self) -> int | None:
        """6 or 7."""
        version = self.header.get("version", ("", 0))[0]
        return int(version[0]) if version[:1].isdigit() and version[1:2] == "." else None


def export(document: Document) -> Export | None:
    """None when the file is not an export of RouterOS."""
    return document.once(_export)


_KNOWN: Final = frozenset(
    {"interface bridge", "interface bridge port", "interface ethernet", "interface list"}
    | {"interface list member", "interface vlan", "ip address", "ip dhcp-server", "ip dns"}
    | {"ip firewall address-list", "ip firewall filter", "ip firewall nat", "ip pool", "ip route"}
    | {"ip service", "ipv6 firewall filter", "snmp", "system identity", "system logging"}
    | {"system ntp client", "user", "user group", "ip firewall raw", "queue simple", "queue tree"}
    | {"tool mac-server", "interface bonding", "ip neighbor discovery-settings", "system clock"}
    | {"interface pppoe-client", "system logging action", "snmp community", "ip dhcp-client"}
    | {"ip ipsec identity", "ip dhcp-server lease", "ip dhcp-server network"}
    | {"system routerboard settings"}
)
"""Menus by which an export is known."""


def _export(document: Document) -> Export | None:
    if b"/" not in document.content or b"=" not in document.content:
        return None
    reader = _Reader()
    if not reader.read(document):
        return None
    known = {command.menu for command in reader.commands} & _KNOWN
    if not (known and "by RouterOS" in reader.marks) and len(known) < 2:
        return None
    by_menu: dict[str, list[Command]] = {}
    for command in reader.commands:
        by_menu.setdefault(command.menu, []).append(command)
    return Export(
        tuple(reader.commands),
        reader.header,
        tuple(reader.strange),
        tuple(reader.failed),
        reader.cut_off,
        by_menu,
        tuple(reader.broken_lines),
        _open_end(document.lines),
    )


_PROMPT: Final = re.compile(r"\[?[\w.-]{0,40}@[^\]]{0,60}\]?\s?>")


def _open_end(lines: Sequence[str]) -> int | None:
    if lines[-1].strip() and not lines[-1].startswith("#"):
        return None if _PROMPT.match(lines[-1]) else len(lines)
    before = next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 0)
    return before if before and lines[before - 1].rstrip().endswith("\\") else None


_HEADER: Final = (
    ("version", re.compile(r"#.{0,60} by RouterOS (\d[\w.]{0,20})\s{0,4}$")),
    ("version", re.compile(r"#\s{1,40}version: (\d[\w.]{0,20}) \(")),
    (
        "model",
        re.compile(r"#\s{1,40}(?:model|board-name)(?: =|:) ([^\s#:][^\x00-\x1f#:]{0,60}?)\s{0,8}$"),
    ),
    ("serial", re.compile(r"#\s{1,8}serial number = (\w{1,40})\s{0,8}$")),
)
_NOT_EXPORTED = re.compile(r"#\s?error exporting[ \"]{1,3}(/?[a-z0-9 /-]{1,80})")
_TOKEN = re.compile(
    r"(?P<key>!?[A-Za-z0-9_.-]+)(?:=(?P<value>\"(?:[^\"\\]|\\.)*\"|\[[^\]]*\]|[^\s\"\[\]]*))?"
    r"|\[(?P<find>[^\]]*)\]|(?P<other>\S+)"
)
_ESCAPED = re.compile(r"\\(.)")
_MANY = 20
"""Lines at the start that are looked at before a file is given up."""


class _Reader:
    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.header: dict[str, tuple[str, int]] = {}
        self.strange: list[tuple[int, str]] = []
        self.failed: list[tuple[int, str]] = []
        self.marks: set[str] = set()
        self.broken_lines: list[tuple[int, str]] = []
        self.cut_off: Command | None = None
        self._said: dict[tuple[str, re.Pattern[str]], tuple[str, int]] = {}
        self._menu = ""
        self._depth = 0
        self._remark = ""
        self._statements = 0

    def read(self, document: Document) -> bool:
        """False as soon as it is clear that this is something else."""
        lines = document.lines
        last = len(lines) if lines and lines[-1].strip() else 0
        for number, end, text in _joined(lines):
            if text.startswith("#"):
                self._comment(number, text)
                if self.commands and " by RouterOS " in text:
                    return False  # two exports in one file
                continue
            self._statements += 1
            before = len(self.commands)
            self._line(number, text)
            if end == last and len(self.commands) > before:
                self.cut_off = self.commands.pop()
            if self._statements == _MANY and not (self.commands or self._is_script()):
                return False
        return bool(self.commands)

    def _is_script(self) -> bool:
        """It is marked as a file of RouterOS, or begins with statements of its language."""
        return bool(self.marks) or any(
            text.startswith((":", "global", "/")) for _, text in self.strange
        )

    def _comment(self, number: int, text: str) -> None:
        self._remark = text
        if " by RouterOS " in text or "MikroTik" in text:
            self.marks.add("by RouterOS")
        failed = _NOT_EXPORTED.match(text)
        if failed is not None:
            self.failed.append((number, " ".join(failed[1].strip("/ ").split("/"))))
        if self.commands or len(text) > 200:
            return
        for name, pattern in _HEADER:
            match = pattern.match(text)
            if match is not None:
                said = (printable(match[1]), number)
                before = self._said.setdefault((name, pattern), said)
                self.header.setdefault(name, said)
                if before[0] != said[0]:
                    self.header[name] = ("", number)

    def _line(self, number: int, text: str) -> None:
        remark, self._remark = self._remark, ""
        if text[0] in "}:" or text.startswith(("global ", "local ", "import ", "do ")):
            self._script(number, text)
            return
        path, verb, rest = self._place(text)
        if verb is None:
            if path is None:
                self.strange.append((number, printable(text)))
                self._is_broken(number, text)
            else:
                self._menu = path
            return
        values, target = _values(rest)
        shown = printable(text if text.startswith("/") else f"/{path} {text}")
        self.commands.append(
            Command(number, path or "", verb, values, target, shown, self._depth > 0, remark)
        )

    def _is_broken(self, number: int, text: str) -> None:
        """A line that is nothing ends the menu: what follows may belong to another one."""
        is_known = self._menu or text.startswith("/") or text.split(maxsplit=1)[0] in VERBS
        is_quoted = text.endswith('"') and text.count('"') % 2
        if is_known and not is_quoted and not self._depth and not _PROMPT.match(text):
            self.broken_lines.append((number, printable(text)))
            self._menu = ""

    def _place(self, text: str) -> tuple[str | None, str | None, str]:
        """Menu, verb and the rest of the line."""
        first, _, rest = text.partition(" ")
        if first in VERBS:
            return (self._menu, first, rest) if self._menu else (None, None, "")
        absolute = text[0] == "/"
        path: list[str] = []
        rest = text.lstrip("/")
        while rest:
            word, _, rest = rest.partition(" ")
            for part in word.split("/"):
                if part in VERBS:
                    return (" ".join(path), part, rest) if path else (None, None, "")
                if part:
                    path.append(part)
            rest = rest.lstrip(" ")
            if "=" in word or len(path) > 6:
                return None, None, ""
        if not path or path[0] not in ROOTS or not absolute:
            return None, None, ""
        return " ".join(path), None, ""

    def _script(self, number: int, text: str) -> None:
        plain = re.sub(r"\"(?:[^\"\\]|\\.)*\"", "", text)
        self._depth = max(0, self._depth + plain.count("{") - plain.count("}"))
        self.strange.append((number, printable(text)))


def _joined(lines: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """Number of the first and of the last line, and the text, of every statement."""
    start, parts = 0, ""
    for number, raw in enumerate(lines, start=1):
        text = raw.strip() if not parts else raw.lstrip().rstrip(" \t")
        if parts:
            text = parts + text
        elif not text:
            continue
        else:
            start = number
        wraps = not text.startswith("#") and (len(text) - len(text.rstrip("\\"))) % 2
        if wraps and number < len(lines):
            parts = text[:-1]
            continue
        parts = ""
        yield start, number, text
    if parts:
        yield start, len(lines), parts


def _values(text: str) -> tuple[dict[str, str], str]:
    """`key=value` pairs, and what else stands there: the item that is meant."""
    values: dict[str, str] = {}
    target: list[str] = []
    for match in _TOKEN.finditer(text):
        key, value, find, other = match.groups()
        if value is not None and key is not None:
            values[key] = _unquoted(value)
        elif find is not None:
            target.append(find.strip())
        elif other is not None:
            target.append(other)
        elif key is not None and key[0] != "!":
            target.append(key)
    return values, " ".join(target)


def _unquoted(value: str) -> str:
    if value[:1] != '"':
        return value
    inner = value[1:-1]
    return _ESCAPED.sub(r"\1", inner) if "\\" in inner else inner
