"""What ends an idle session: TMOUT of the shell, ChannelTimeout of sshd, StopIdleSessionSec.

TMOUT counts only where it is `readonly`, since everybody may unset it otherwise, and only for
shells that know it. ClientAliveInterval asks whether the client still answers and ends no session
of somebody who left the desk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms import linux_commands as commands
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_sections import Host, Section
from scanner.platforms.linux_ssh_logins import channel_timeout
from scanner.platforms.linux_sshd import Sshd

OBEYING = frozenset({"bash", "rbash", "ksh", "ksh93", "mksh", "rksh"})
"""Shells that read /etc/profile and end after TMOUT seconds without input."""


def idle_timeout(
    host: Host, sshd: Sshd | None, shells: Sequence[tuple[str, Citation]]
) -> Fact[int] | None:
    """Seconds until an idle session ends, by whatever ends it first; None without any file.

    0 only where all three were seen and none is set.
    """
    told: list[Fact[int]] = []
    if host.of("profile") or commands.SESSION_FILES in host.finished:
        told.append(_of_shells(_tmout(host), shells))
    if sshd is not None:
        told.append(_of_channels(sshd))
    if host.of("logind") or "/etc/systemd/logind.conf" in host.absent:
        told.append(_of_logind(host))
    set_to = [fact for fact in told if isinstance(fact, Known) and fact.value > 0]
    if set_to:
        return min(set_to, key=lambda fact: fact.value)
    unknown = next((fact for fact in told if isinstance(fact, Unknown)), None)
    if unknown is not None or not told:
        return unknown
    citations = tuple(c for fact in told if isinstance(fact, Known) for c in fact.citations)
    return Known(0, citations) if len(told) == 3 and citations else Unknown(_NOT_ALL, citations)


# --- the shell -------------------------------------------------------------------------------


@dataclass
class _Variable:
    """TMOUT while the files of the shell are read one after the other."""

    value: int | None = None
    citation: Citation | None = None
    fixed: bool = False
    doubt: Citation | None = None

    def assign(self, value: str, citation: Citation) -> None:
        if not self.fixed:
            self.value, self.citation = int(value), citation


_OPENING = frozenset({"if", "for", "while", "until", "case", "select"})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_VALUE = r"""=["']?(\d{1,7})["']?"""
_ASSIGNED = re.compile(rf"(?:export[ \t]+)?TMOUT{_VALUE}")
_FIXED = re.compile(
    rf"(?:readonly(?:[ \t]+-x)?|(?:declare|typeset)[ \t]+(?:-\w*r\w*|-\w+[ \t]+-\w*r\w*))"
    rf"[ \t]+TMOUT(?:{_VALUE})?"
)
_EXPORTED = re.compile(r"export[ \t]+TMOUT")


def _tmout(host: Host) -> Fact[int]:
    found = _Variable()
    files = sorted(host.of("profile"), key=lambda s: (_turn(s), s.path))
    for section in files:
        _read_shell(section, found)
        if found.fixed:
            break
    if found.doubt is not None:
        return Unknown(_CONDITIONAL, (found.doubt,))
    if found.value is not None and found.citation is not None:
        if not found.fixed:
            return Unknown(_CHANGEABLE.format(value=str(found.value)), (found.citation,))
        return Known(found.value, (found.citation,))
    if commands.SESSION_FILES in host.finished and files and all(s.whole for s in files):
        return Known(0, (files[0].cite(files[0].first_line),))
    return not_shown("TMOUT: none", Text(vi="tài liệu bash(1)", en="the manual bash(1)"))


def _turn(section: Section) -> int:
    return 1 if "profile.d" in section.path else 0 if section.name == "profile" else 2


def _read_shell(section: Section, found: _Variable) -> None:
    depth = 0
    for number, line in section.active:
        pieces = [p.strip() for p in re.split(r";|\bthen\b|\bdo\b|\belse\b", _code(line))]
        for piece in (p for p in pieces if p):
            word = piece.split()[0]
            if word in _OPENING or piece.endswith("{"):
                depth += 1
            if "TMOUT" in piece:
                _statement(piece, section.cite(number), depth, found)
            if word in _CLOSING:
                depth = max(0, depth - 1)
            if found.fixed:
                return


def _code(line: str) -> str:
    return re.sub(r"(?:^|[ \t])#.*", "", line)


def _statement(piece: str, citation: Citation, depth: int, found: _Variable) -> None:
    fixed = _FIXED.fullmatch(piece)
    assigned = _ASSIGNED.fullmatch(piece)
    if _EXPORTED.fullmatch(piece):
        return
    if depth or (fixed is None and assigned is None):
        found.doubt = found.doubt or citation
    elif assigned:
        found.assign(assigned[1], citation)
    elif fixed:
        if fixed[1]:
            found.assign(fixed[1], citation)
        found.fixed = found.value is not None


def _of_shells(fact: Fact[int], shells: Sequence[tuple[str, Citation]]) -> Fact[int]:
    """A time that some shell of an account does not obey is not known to end its sessions."""
    for shell, citation in shells:
        if isinstance(fact, Known) and fact.value and shell.rpartition("/")[2] not in OBEYING:
            return Unknown(_OTHER_SHELL.format(shell=printable(shell, 40)), (citation,))
    return fact


# --- the server and the login manager --------------------------------------------------------


def _of_channels(sshd: Sshd) -> Fact[int]:
    if sshd.computed and sshd.whole and sshd.one("channeltimeout") is None:
        matched = sshd.matched.get("channeltimeout")
        known = sshd.one("authorizedkeysfile")
        if not matched and known is not None:
            return Known(0, (known.citation,))
    return channel_timeout(sshd)


_SPAN = re.compile(r"(\d{1,9})[ ]?(s|sec|seconds?|m|min|minutes?|h|hr|hours?|d|days?)?(?![a-z])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _of_logind(host: Host) -> Fact[int]:
    found: tuple[str, Citation] | None = None
    files = host.of("logind")
    for section in sorted(files, key=lambda s: (".conf.d" in s.path, s.path)):
        for number, line in section.active:
            name, sign, value = line.partition("=")
            if sign and name.strip() == "StopIdleSessionSec":
                found = value.strip(), section.cite(number)
    if found is None:
        if commands.SESSION_FILES in host.finished and all(s.whole for s in files):
            cited = files[0].cite(files[0].first_line) if files else None
            cited = cited or host.absent["/etc/systemd/logind.conf"]
            return Known(0, (cited,))
        manual = Text(vi="tài liệu logind.conf(5)", en="the manual logind.conf(5)")
        return not_shown("StopIdleSessionSec infinity", manual)
    value, citation = found
    if value in {"infinity", "0"}:
        return Known(0, (citation,))
    if not re.fullmatch(rf"(?:{_SPAN.pattern}[ ]?){{1,4}}", value):
        return Unknown(_NO_SPAN.format(value=printable(value, 40)), (citation,))
    total = sum(int(n) * _UNITS[(unit or "s")[0]] for n, unit in _SPAN.findall(value))
    return Known(total, (citation,))


_CONDITIONAL = Text(
    vi="TMOUT được đặt theo điều kiện, không xác định được giá trị áp dụng",
    en="TMOUT is set under a condition, so what applies cannot be told",
)
_CHANGEABLE = Text(
    vi="TMOUT là {value} nhưng không readonly, người dùng có thể bỏ",
    en="TMOUT is {value} and not readonly, so that every user may unset it",
)
_OTHER_SHELL = Text(
    vi="TMOUT được đặt, nhưng có tài khoản dùng {shell}, là shell không theo "
    "TMOUT của /etc/profile",
    en="TMOUT is set, and an account uses {shell}, which does not obey TMOUT of /etc/profile",
)
_NOT_ALL = Text(
    vi="chưa đọc đủ TMOUT (/etc/profile), ChannelTimeout (sshd) và StopIdleSessionSec (logind)",
    en="not all of TMOUT (/etc/profile), ChannelTimeout (sshd) and StopIdleSessionSec (logind) "
    "were read",
)
_NO_SPAN = Text(
    vi="không hiểu giá trị StopIdleSessionSec: {value}",
    en="the value of StopIdleSessionSec is not understood: {value}",
)
