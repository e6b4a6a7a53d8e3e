"""The language of FortiOS: `config` sections of `edit` entries with `set` lines, closed by `end`.

Read are the answers to `show` and `show full-configuration` and backups, with and without VDOMs,
also as a terminal recorded them (prompts, `--More--`). A quoted value may go over several lines
(certificates, pages of HTML). What is left open, closed twice or cannot be cut into words is noted.
"""

from __future__ import annotations

import re

from scanner.evidence import Document, printable
from scanner.platforms.fortios.tree import Configuration, Entry, Odd, Section, Setting

HEADS = frozenset(
    {"antivirus", "application", "authentication", "dlp", "dnsfilter", "emailfilter"}
    | {"endpoint-control", "extender-controller", "file-filter", "firewall", "icap", "ips", "log"}
    | {"report", "router", "ssh-filter", "switch-controller", "system", "user", "voip", "vpn"}
    | {"wanopt", "web-proxy", "webfilter", "wireless-controller", "ztna"}
)
"""First words of the sections that never stand inside another one."""

_OURS = re.compile(
    r"(?m)^[ \t]*config (?:firewall|system|router|log|user|vpn|webfilter|wireless-controller) "
    r"[a-z][\w.-]*(?: |\r?$)"
)
_HEADER = re.compile(
    r"^#config-version=(?P<model>\S+?)(?:[- ]v?)(?P<version>\d{1,3}\.\d{1,3}\.\d{1,3})"
    r"(?:-FW)?[-,]build\d"
)
_STATUS = re.compile(
    r"^Version: (?P<model>Forti\S+) v(?P<version>\d{1,3}\.\d{1,3}\.\d{1,3}),build\d"
)
_PRODUCT = re.compile(r"(?i)FG|FWF|FortiGate|FortiWiFi|FOS")
_CODE = re.compile(r"(FGT?|FWF)((?:\d{2,4}[A-Z]{0,2})|VM\d{2})")
_PAGER = "--More--"
_PROMPT = re.compile(r"^\S{1,80}(?: \([^)]{1,80}\))? [#$] ?\S.{0,200}$|^\S{1,80} [#$]$")
_LONG_VALUES = frozenset(
    {"banner", "body", "buffer", "ca", "certificate", "comment", "comments", "content", "crl"}
    | {"csr", "description", "html", "message", "private-key", "script", "signature", "text"}
    | {"ssh-public-key1", "ssh-public-key2", "ssh-public-key3", "public-key", "image-base64"}
)
"""Settings whose text may hold lines that look like commands."""
_COMMANDS = ("set ", "unset ", "next", "end", "edit ", "config ", "append ")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|((?:[^\s"\\]|\\.)+)', re.DOTALL)
_INSIDE = frozenset({"set", "next", "edit"})
"""Commands that open and close no section."""
_DEPTH_MAX = 32


def configuration(document: Document) -> Configuration | None:
    """What the document says; None when it is no configuration of a FortiGate."""
    return document.once(_read)


def _read(document: Document) -> Configuration | None:
    text = document.text
    if not ("config " in text or "FortiGate" in text or "FortiWiFi" in text):
        return None
    found = Configuration(Entry("", 0), document.lines)
    ours = _OURS.search(text) is not None and re.search(r"(?m)^[ \t]*(?:end|next)\b", text)
    _identity(found)
    if found.model is not None and not _PRODUCT.match(found.model[0]):
        return None  # other products of the vendor speak the same language
    if not ours and found.version is None:
        return None
    _Reader(found).run()
    return found


def _identity(found: Configuration) -> None:
    for number, line in enumerate(found.lines[:200], start=1):
        named = _HEADER.match(line) or _STATUS.match(line)
        if named is not None and found.version is None:
            found.model = (_model(named["model"]), number)
            found.version = (named["version"], number)
            found.first = number
        serial = re.match(r"Serial-Number: (\w{6,30})$", line)
        if serial is not None and found.serial is None:
            found.serial = (serial[1], number)


def _model(code: str) -> str:
    """The name of the model, where its code is just an abbreviation of it."""
    short = _CODE.fullmatch(code)
    if short is None:
        return printable(code, 80)
    return f"{'FortiWiFi' if short[1] == 'FWF' else 'FortiGate'}-{short[2]}"


class _Reader:
    """One pass over the lines."""

    def __init__(self, found: Configuration) -> None:
        self.found = found
        self.lines = found.lines
        self.open: list[tuple[Section, Entry | None]] = []

    def run(self) -> None:
        lines, counts = self.lines, self.found.counts
        number, total, here = 0, len(lines), ""
        while number < total:
            raw = lines[number]
            number += 1
            if _PAGER in raw:
                raw = raw.rsplit("\r", 1)[-1].replace(_PAGER, "")
            text = raw.strip()
            if not text:
                continue
            command, _, rest = text.partition(" ")
            used = 1
            if command == "set":
                used = self._set(number, rest)
            elif text == "next":
                self._next(number)
            elif command == "edit":
                self._edit(number, rest)
            elif text == "end":
                self._end(number)
            elif command == "config":
                self._config(number, rest)
            elif text[0] != "#":
                self._other(number, command, rest, text)
            there = here if command in _INSIDE else self._place()
            counts[here or there] += used
            here = there
            number += used - 1
        for section, _ in self.open:
            section.whole = False
            self.found.whole = False
            self._note(len(lines), f"config {section.path}", "the file ends inside this section")

    def _place(self) -> str:
        """The section below the VDOM in which the next line stands."""
        for section, _ in self.open:
            if section.path not in {"vdom", "global"}:
                return section.path
        return ""

    def _note(self, number: int, text: str, why: str) -> None:
        matters = self._place().startswith(("firewall", "system zone", "system interface"))
        self.found.odd.append(Odd(number, printable(text), why, matters))

    def _stray(self, number: int, text: str, why: str) -> None:
        for section, _ in self.open:
            section.whole = False
        self._note(number, text, why)

    def _target(self) -> Entry | None:
        if not self.open:
            return None
        section, entry = self.open[-1]
        return section.own if entry is None else entry

    def _set(self, number: int, rest: str) -> int:
        """The setting is noted; how many lines it took."""
        key, _, value = rest.strip().partition(" ")
        values, used = self._values(number, key, value)
        target = self._target()
        if target is None:
            self._stray(number, f"set {key}", "stands outside of any section")
            return used
        damaged = values is None
        if damaged:
            why = "its quotation marks do not match"
            self.found.odd.append(Odd(number, printable(f"set {key}"), why))
        setting = Setting(values or (), number, damaged=damaged)
        before = target.settings.get(key)
        if before is not None:
            setting.contradicted = before.contradicted or before.values != setting.values
        target.settings[key] = setting
        return used

    def _values(self, number: int, key: str, value: str) -> tuple[tuple[str, ...] | None, int]:
        if '"' not in value and "'" not in value and "\\" not in value:
            return tuple(value.split()), 1
        if "\\" not in value and "'" not in value:
            pieces = value.split('"')
            if len(pieces) % 2 and not "".join(pieces[::2]).strip():
                return tuple(filter(None, pieces[1::2])), 1
        used = 1
        if _is_open(value):
            used = self._long_value(number, key)
            if used == 0:
                return None, 1
            value = "\n".join([value, *self.lines[number : number + used - 1]])
        words = (_unescaped(found) for found in _WORD.finditer(value))
        return tuple(filter(None, words)), used

    def _long_value(self, number: int, key: str) -> int:
        """How many lines a value takes whose quotation is open at the end of the first; 0: none."""
        if key not in _LONG_VALUES and number < len(self.lines):
            following = self.lines[number].lstrip()
            if following.startswith(_COMMANDS):
                return 0
        for at in range(number, len(self.lines)):
            if _is_open(self.lines[at]):  # an odd number of marks closes what was open
                return at - number + 2
        return 0

    def _edit(self, number: int, rest: str) -> None:
        name = _unquoted(rest)
        if _is_open(rest):
            self._stray(number, "edit", "its quotation marks do not match")
        if not self.open:
            self._stray(number, f"edit {rest}", "stands outside of any section")
            return
        section, entry = self.open[-1]
        if entry is not None:
            self._stray(number, f"edit {rest}", "the entry before it is not closed")
        opened = section.entries.get(name)
        if opened is None:
            opened = section.entries[name] = Entry(name, number)
        self.open[-1] = (section, opened)

    def _next(self, number: int) -> None:
        if not self.open or self.open[-1][1] is None:
            self._stray(number, "next", "closes nothing")
            return
        self.open[-1] = (self.open[-1][0], None)

    def _end(self, number: int) -> None:
        if not self.open:
            self._note(number, "end", "closes nothing")
            self.found.whole = False
            return
        section, _ = self.open.pop()
        section.own.line = section.own.line or section.line

    def _config(self, number: int, rest: str) -> None:
        path = " ".join(_unescaped(found) for found in _WORD.finditer(rest.strip()))
        head, _, tail = path.partition(" ")
        if tail and head in HEADS:
            self.found.first = self.found.first or number
            while self.open and self.open[-1][0].path not in {"vdom", "global"}:
                self._stray(number, f"config {path}", "the section before it is not closed")
                self.open.pop()
        if len(self.open) >= _DEPTH_MAX:
            self._stray(number, f"config {path}", "sections stand too deep inside each other")
            self.open.pop()
        target = self._target() or self.found.top
        section = target.sections.get(path)
        if section is None:
            section = target.sections[path] = Section(path, number, Entry(path, number))
        self.open.append((section, None))

    def _other(self, number: int, command: str, rest: str, text: str) -> None:
        target = self._target()
        if target is None:
            return  # prompts and answers to other commands
        if command == "unset":
            target.settings[rest.strip()] = Setting((), number)
        elif command in {"append", "select", "unselect"}:
            self._changed(number, command, rest, target)
        elif command in {"delete", "move", "purge", "clone", "rename"}:
            self._rearranged(number, command, rest)
        elif not _PROMPT.match(text):
            # what is not understood could be a part of a key
            shown = command if re.fullmatch(r"[a-z-]{1,20}", command) else ""
            self._stray(number, shown, "is no command of this language")

    def _changed(self, number: int, command: str, rest: str, target: Entry) -> None:
        """A list got other members: `append`, `select`, `unselect`."""
        key, _, value = rest.strip().partition(" ")
        values, _ = self._values(number, key, value)
        before = target.settings.get(key)
        listed = before.values if before is not None else ()
        if values is None:
            self._stray(number, f"{command} {key}", "its quotation marks do not match")
        elif command == "append":
            target.settings[key] = Setting((*listed, *values), before.line if before else number)
        elif command == "select":
            target.settings[key] = Setting(values, number)
        else:
            target.settings[key] = Setting(tuple(v for v in listed if v not in values), number)

    def _rearranged(self, number: int, command: str, rest: str) -> None:
        """Entries of a table were removed, moved or copied."""
        words = [_unescaped(found) for found in _WORD.finditer(rest)]
        section = self.open[-1][0]
        table = section.entries
        if command == "purge":
            table.clear()
        elif command == "delete" and len(words) == 1:
            table.pop(words[0], None)
        elif command == "move" and len(words) == 3 and {words[0], words[2]} <= table.keys():
            _move(table, *words)
        elif command == "clone" and len(words) == 3 and words[0] in table:
            entry = table[words[0]]
            table[words[2]] = Entry(words[2], number, dict(entry.settings), dict(entry.sections))
        else:
            self._stray(number, f"{command} {rest}", "what it does to other lines is not followed")


def _move(table: dict[str, Entry], name: str, side: str, other: str) -> None:
    moved = table.pop(name)
    names = list(table)
    names.insert(names.index(other) + (side == "after"), name)
    entries = {**table, name: moved}
    table.clear()
    table.update((one, entries[one]) for one in names)


def _is_open(text: str) -> bool:
    """An odd number of quotation marks that are not escaped."""
    if "\\" in text:
        text = re.sub(r"\\.", "", text)
    return text.count('"') % 2 == 1


def _unescaped(found: re.Match[str]) -> str:
    quoted, single, bare = found.groups()
    if single is not None:
        return single
    text = quoted if quoted is not None else bare or ""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if "\\" in text else text


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
