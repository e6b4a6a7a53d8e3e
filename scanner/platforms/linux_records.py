"""Records on a Linux host: where rsyslog sends them, how long they are kept, what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from fnmatch import fnmatchcase
from typing import Literal

from inventory.text import Text
from rules.facts import Citation, Fact, Known, LogRetention, LogSource, SyslogTarget, Unknown
from scanner.evidence import Document
from scanner.platforms.linux_commands import LOG_FOLDER, LOGROTATE, RSYSLOG, STATUS
from scanner.platforms.linux_network import not_read

Kind = Literal["monitoring", "alert"]
_STEMS: dict[str, Kind] = {"monitor": "monitoring", "alert": "alert"}

_INCLUDES = Text(
    vi="cấu hình rsyslog còn gồm các tệp khác chưa được đọc",
    en="the rsyslog configuration includes files that were not read",
)
_NO_ROTATION = Text(
    vi=f"logrotate không có mục nào cho {LOG_FOLDER}",
    en=f"logrotate has no entry for {LOG_FOLDER}",
)
_NOT_TOLD = Text(
    vi=f"mục logrotate cho {LOG_FOLDER} không ghi đủ chu kỳ và số bản lưu",
    en=f"the entry of logrotate for {LOG_FOLDER} does not tell both period and count",
)
_BY_SIZE = Text(
    vi="logrotate xoay vòng theo dung lượng nên không xác định được thời gian lưu",
    en="logrotate rotates by size, so the time that records are kept cannot be told",
)
_INCOMPLETE = Text(
    vi="không đọc được toàn bộ nhật ký lưu trên máy chủ",
    en="the stored records could not be read completely",
)


def _numbered(document: Document) -> Iterator[tuple[int, str, str]]:
    """(line of the document, file, content) of what `grep -H` printed, or of one saved file."""
    for number, line in enumerate(document.lines[:-1], start=1):
        if document.source not in {RSYSLOG, LOGROTATE}:
            yield number, document.source, line
            continue
        file, colon, content = line.partition(":")
        if colon and file.startswith("/") and not any(map(str.isspace, file)):
            yield number, file, content


# --- rsyslog ---------------------------------------------------------------------------------

_LEGACY_BEGINS = re.compile(r"^[^#\s]\S*\s+-?@")
_LEGACY = re.compile(
    r"^[^#\s]\S*\s+-?(@@?)(?:\([^)]*\))?(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))"
    r"(?::(\d{1,5}))?\s*(?:;.*)?$",
    re.ASCII,
)
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}", re.ASCII)
_ACTION = re.compile(r"""(\w+)\s*=\s*"([^"]*)\"""")
_INCLUDE = re.compile(
    r"^\s*(?:\$IncludeConfig\s+(\S+)|include\s*\(.*file\s*=\s*\"([^\"]+)\")", re.I
)


def syslog_targets(document: Document) -> Fact[tuple[SyslogTarget, ...]]:
    """Where rsyslog forwards to; () when its whole configuration forwards nothing."""
    numbered = list(_numbered(document))
    lines = [(n, c) for n, _, c in numbered if not c.lstrip().startswith("#")]
    if not lines or len(numbered) < len([line for line in document.lines if line]):
        return not_read(document)
    found: dict[SyslogTarget, Citation] = {}
    for number, content in lines:
        target = _legacy(content)
        if target:
            found.setdefault(target, document.cite(number))
        elif _LEGACY_BEGINS.match(content):
            return not_read(document)
    for number, action in _actions(lines):
        target = _forwarding(action)
        if target:
            found.setdefault(target, document.cite(number))
    if found:
        return Known(tuple(found), tuple(found.values()))
    for number, content in lines:
        include = _INCLUDE.match(content)
        read = ("/etc/rsyslog.d/*.conf",) if document.source == RSYSLOG else ()
        if include and (include[1] or include[2]) not in read:
            return Unknown(_INCLUDES, (document.cite(number),))
    return Known((), (document.cite(lines[0][0]),))


def _legacy(content: str) -> SyslogTarget | None:
    """`*.* @@host:514`"""
    match = _LEGACY.match(content)
    if not match:
        return None
    protocol = "tcp" if match[1] == "@@" else "udp"
    return SyslogTarget(match[2] or match[3], _port(match[4]), protocol)


def _port(text: str | None) -> int | None:
    return int(text) if text and len(text) <= 5 and text.isascii() and text.isdigit() else None


def _actions(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Every `action(...)`, which may go over several lines, with the line it begins on."""
    begun: tuple[int, str] | None = None
    for number, content in lines:
        if begun is None:
            position = content.find("action(")
            if position < 0:
                continue
            begun = (number, content[position:])
        else:
            begun = (begun[0], f"{begun[1]} {content}")
        if ")" in re.sub(r'"[^"]*"', "", begun[1]):
            yield begun
            begun = None


def _forwarding(action: str) -> SyslogTarget | None:
    settings = {name.lower(): value for name, value in _ACTION.findall(action)}
    if settings.get("type") != "omfwd" or not _HOST.fullmatch(settings.get("target", "")):
        return None
    protocol = settings.get("protocol", "udp").lower()
    if protocol not in {"udp", "tcp"}:
        return None
    if settings.get("streamdrivermode") == "1":
        protocol = "tls"
    return SyslogTarget(settings["target"], _port(settings.get("port", "514")), protocol)


# --- logrotate -------------------------------------------------------------------------------

_PERIOD_DAYS = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
_FOR_EVER = 36_500
_SCRIPTS = frozenset({"postrotate", "prerotate", "firstaction", "lastaction", "preremove"})
_BY_SIZE_WORDS = frozenset({"size", "maxsize"})


@dataclass
class _Stanza:
    """What applies to some paths; `lines` are those of the document that say so."""

    patterns: tuple[str, ...]
    period: str | None = None
    count: int | None = None
    max_age: int | None = None
    by_size: bool = False
    lines: dict[str, int] = field(default_factory=dict)

    def take(self, words: list[str], line: int) -> None:
        word, value = words[0], words[1] if len(words) > 1 else ""
        if word in _PERIOD_DAYS or word == "hourly":
            self.period = word
        elif word == "rotate" and re.fullmatch(r"-1|\d{1,6}", value):
            self.count = int(value)
        elif word == "maxage" and re.fullmatch(r"\d{1,6}", value):
            self.max_age = int(value)
        elif word in _BY_SIZE_WORDS:
            self.by_size = True
        else:
            return
        self.lines["period" if word == self.period else word] = line

    @property
    def is_told(self) -> bool:
        """What logrotate does where nothing is said differs between releases."""
        return self.period is not None and self.count is not None

    @property
    def days(self) -> int:
        if self.count is None or self.period is None:
            days = 0
        elif self.count < 0:
            days = _FOR_EVER
        elif self.period == "hourly":
            days = self.count // 24
        else:
            days = self.count * _PERIOD_DAYS[self.period]
        return days if self.max_age is None else min(days, self.max_age)

    @property
    def setting(self) -> str:
        age = "" if self.max_age is None else f", maxage {self.max_age}"
        return f"{self.period}, rotate {self.count}{age}"


def retention(document: Document) -> Fact[tuple[LogRetention, ...]]:
    """How long each kind of record is kept; the shortest where several entries fit."""
    stanzas = _stanzas(document)
    found: list[LogRetention] = []
    citations: list[Citation] = []
    for stem, kind in _STEMS.items():
        fitting = [s for s in stanzas if any(_fits(p, f"{stem}.log") for p in s.patterns)]
        if not fitting:
            return Unknown(_NO_ROTATION, (document.cite(),))
        shortest = min(fitting, key=lambda s: s.days)
        cited = [document.cite(line) for line in sorted(shortest.lines.values())]
        if not all(s.is_told for s in fitting):
            return Unknown(_NOT_TOLD, tuple(cited) or (document.cite(),))
        if any(s.by_size for s in fitting):
            return Unknown(_BY_SIZE, tuple(cited))
        found.append(LogRetention(kind, shortest.days, shortest.setting))
        citations += cited
    return Known(tuple(found), tuple(dict.fromkeys(citations)))


def _stanzas(document: Document) -> list[_Stanza]:
    """Every `paths { ... }`, with the settings that stand outside before it."""
    outside = _Stanza(())
    inside: _Stanza | None = None
    waiting: list[str] = []
    script = False
    found = []
    for number, _, content in _numbered(document):
        words = content.replace("{", " { ").replace("}", " } ").split()
        if not words or words[0].startswith("#"):
            continue
        if script or words[0] in {
            "postrotate",
            "prerotate",
            "firstaction",
            "lastaction",
            "preremove",
        }:
            script = words[0] != "endscript"
            continue
        if inside is None:
            if words[0].startswith(("/", '"')) or words[0] == "{":
                waiting += [w.strip('"') for w in words if w.startswith(("/", '"'))]
            else:
                outside.take(words, number)
            if "{" in words:
                inside = _copy(outside, tuple(waiting))
                waiting = []
                words = words[words.index("{") + 1 :]
        if inside is not None:
            if words and words[0] != "}":
                inside.take(words, number)
            if "}" in words:
                found.append(inside)
                inside = None
    return found


def _copy(outside: _Stanza, patterns: tuple[str, ...]) -> _Stanza:
    return _Stanza(
        patterns,
        outside.period,
        outside.count,
        outside.max_age,
        outside.by_size,
        dict(outside.lines),
    )


def _fits(pattern: str, file: str) -> bool:
    """The pattern fits that file of some sender: `*` does not go over a slash."""
    folder = LOG_FOLDER.split("/")
    parts = pattern.split("/")
    if len(parts) != len(folder) + 2:
        return False
    return all(
        fnmatchcase(wanted, part) for wanted, part in zip(folder, parts, strict=False)
    ) and fnmatchcase(file, parts[-1])


# --- stored records --------------------------------------------------------------------------

_DAY = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<offset>Z|[+-]\d\d:?\d\d)(?P<hours>(?: \d\d:\d{1,9}){1,24}) "
    + re.escape(LOG_FOLDER)
    + r"/(?P<sender>[A-Za-z0-9][A-Za-z0-9._:-]{0,252})/(?P<stem>monitor|alert)\.log",
    re.ASCII,
)


@dataclass
class _Kept:
    """Hours with records of one sender and kind."""

    hours: list[datetime] = field(default_factory=list)
    records: int = 0
    last_line: int = 0
    first_line: int = 0


def sources(document: Document) -> Fact[tuple[LogSource, ...]]:
    """What is stored per sender and kind; unknown when any of it could not be read."""
    *body, status, end = document.lines if len(document.lines) > 1 else ("", "")
    if status != f"{STATUS}0" or end:
        return Unknown(_INCOMPLETE, (document.cite(),))
    kept: dict[tuple[str, Kind], _Kept] = {}
    counted: set[tuple[str, ...]] = set()
    for number, line in enumerate(body, start=1):
        match = _DAY.fullmatch(line)
        hours = _hours(match) if match else None
        if match is None or hours is None:
            return Unknown(_INCOMPLETE, (document.cite(number),))
        own = kept.setdefault((match["sender"], _STEMS[match["stem"]]), _Kept())
        told = {(*match.group("sender", "stem", "day", "offset"), h) for h in _clock(match)}
        if len(told) < len(hours) or told & counted:
            return Unknown(_INCOMPLETE, (document.cite(number),))  # an hour is counted once
        counted |= told
        own.hours += [hour for hour, _ in hours]
        own.records += sum(count for _, count in hours)
        own.first_line = own.first_line or number
        own.last_line = number
    now = document.captured
    found = tuple(_source(sender, kind, own, now) for (sender, kind), own in kept.items())
    cited = (
        document.cite(line) for own in kept.values() for line in (own.first_line, own.last_line)
    )
    return Known(found, tuple(dict.fromkeys(cited)) or (document.cite(),))


def _clock(match: re.Match[str]) -> list[str]:
    return [part.partition(":")[0] for part in match["hours"].split()]


def _hours(match: re.Match[str]) -> list[tuple[datetime, int]] | None:
    """(hour in UTC, records) of a line; None for a date that does not exist."""
    offset = match["offset"]
    try:
        day = date.fromisoformat(match["day"])
        zone = UTC if offset == "Z" else timezone(_offset(offset))
        found = []
        for part in match["hours"].split():
            hour, count = part.split(":")
            moment = datetime(day.year, day.month, day.day, int(hour), tzinfo=zone)
            found.append((moment.astimezone(UTC), int(count)))
    except (ValueError, OverflowError):
        return None
    return found


def _offset(text: str) -> timedelta:
    hours, minutes = int(text[1:3]), int(text[-2:])
    total = timedelta(hours=hours, minutes=minutes)
    return -total if text[0] == "-" else total


def _source(sender: str, kind: Kind, kept: _Kept, now: datetime) -> LogSource:
    hours = sorted(set(kept.hours))
    ends = [*hours[1:], max(now, hours[-1])]
    gaps = [(later - earlier, earlier) for earlier, later in zip(hours, ends, strict=True)]
    longest, since = max(gaps, key=lambda gap: gap[0])
    return LogSource(
        sender=sender,
        kind=kind,
        oldest=hours[0],
        newest=hours[-1],
        records=kept.records,
        largest_gap_h=round(longest / timedelta(hours=1), 1),
        gap_from=since,
    )
