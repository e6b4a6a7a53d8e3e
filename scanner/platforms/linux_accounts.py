"""Accounts that can log in, when their passwords were set, and for how long a password lasts.

From `getent passwd` (who has a login shell), `getent group` (who is in sudo, wheel or admin),
`passwd -S -a` and `chage -l`. PASS_MAX_DAYS of login.defs is given to accounts when they are made;
where the accounts themselves were read, the longest time that any password may last is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_content import PASSWORD_STATUS
from scanner.platforms.linux_sections import Host, Section
from scanner.platforms.several_documents import DISAGREE

_NO_LOGIN = frozenset({"nologin", "false", "sync", "halt", "shutdown", "true", "git-shell"})
_ADMINISTRATORS = ("sudo", "wheel", "admin")
NEVER_DAYS = 99_999
"""What the tools write for a password that never expires."""


@dataclass(frozen=True, slots=True)
class User:
    name: str
    uid: int
    gid: int
    shell: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one password; `max_days` 0 = never expires, None = not told."""

    name: str | None
    password_set: bool | None
    changed: date | None
    max_days: int | None
    citation: Citation


def account_facts(host: Host) -> dict[str, Fact[Any]]:
    """`accounts` and `password_policy.max_age_days`, where anything about them was handed in."""
    facts: dict[str, Fact[Any]] = {}
    states = password_states(host)
    people = users(host)
    if host.of("passwd") or [s for s in states or () if s.name]:
        facts["accounts"] = _accounts(host, people, states)
    age = _max_age(host, states)
    if age is not None:
        facts["password_policy.max_age_days"] = age
    return facts


# --- who -------------------------------------------------------------------------------------

_USER = re.compile(r"([^\s:]{1,64}):[^\s:]*:(\d{1,10}):(\d{1,10}):[^:]*:[^:]*:(/[^\s:]{1,200}|)")


def users(host: Host) -> tuple[User, ...] | None:
    """Everybody with a login shell; None where the list was not read whole."""
    sections = host.of("passwd")
    found: dict[str, User] = {}
    for section in sections:
        for number, line in section.active:
            match = _USER.fullmatch(line)
            if match is None:
                return None
            shell = match[4] or "/bin/sh"
            user = User(
                printable(match[1], 64), int(match[2]), int(match[3]), shell, section.cite(number)
            )
            if shell.rpartition("/")[2] not in _NO_LOGIN:
                found.setdefault(user.name, user)
    whole = bool(sections) and all(section.whole for section in sections)
    return tuple(found.values()) if whole else None


def shells(host: Host) -> tuple[tuple[str, Citation], ...]:
    """Login shells of those who have one, with where it says so."""
    return tuple((user.shell, user.citation) for user in users(host) or ())


def _listed(host: Host) -> frozenset[str]:
    """Every name of the list, also of those who cannot log in."""
    lines = (line for section in host.of("passwd") for _, line in section.active)
    return frozenset(printable(line.partition(":")[0], 64) for line in lines)


def _administrators(host: Host) -> tuple[dict[str, str], dict[int, str]]:
    """Group by member, and by number, of the groups that may become root."""
    members: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for section in host.of("group"):
        for _, line in section.active:
            match = re.fullmatch(r"([^\s:]{1,64}):[^\s:]*:(\d{1,10}):([^\s:]*)", line)
            if match and match[1] in _ADMINISTRATORS:
                numbers[int(match[2])] = match[1]
                members |= dict.fromkeys(match[3].split(","), match[1])
    return members, numbers


def _accounts(
    host: Host, people: Sequence[User] | None, states: Sequence[State] | None
) -> Fact[tuple[DeviceAccount, ...]]:
    cited = tuple(section.cite() for section in host.of("passwd")[:1])
    if host.of("passwd") and people is None:
        return Unknown(_LIST_BROKEN, cited)
    known = {state.name: state for state in states or () if state.name}
    if people is None:
        usable = {name: s for name, s in known.items() if s.max_days is not None}
        found = tuple(_of_state(DeviceAccount(name), s) for name, s in usable.items())
        cited = tuple(dict.fromkeys(s.citation for s in usable.values()))
        return Known(found, cited) if found else Unknown(_ALL_LOCKED)
    strangers = [s.citation for name, s in known.items() if name not in _listed(host)]
    if strangers:
        return Unknown(DISAGREE, (*cited, *strangers[:3]))
    members, numbers = _administrators(host)
    citations: list[Citation] = []
    accounts = []
    for user in people:
        group = members.get(user.name) or numbers.get(user.gid)
        account = DeviceAccount(
            name=user.name,
            role="root" if user.uid == 0 else group,
            administrator=True if user.uid == 0 or group else None,
        )
        citations.append(user.citation)
        if state := known.get(user.name):
            account = _of_state(account, state)
            citations.append(state.citation)
        accounts.append(account)
    return Known(tuple(accounts), tuple(dict.fromkeys(citations)) or cited)


def _of_state(account: DeviceAccount, state: State) -> DeviceAccount:
    return replace(account, changed=state.changed, password_set=state.password_set)


# --- passwords -------------------------------------------------------------------------------


def password_states(host: Host) -> tuple[State, ...] | None:
    """What `passwd -S` and `chage -l` say; None where an answer was not understood whole."""
    found: list[State] = []
    for section in host.of("passwd -S"):
        if not section.whole and section.document.evidence_class != "O":
            continue
        for number, line in section.active:
            match = PASSWORD_STATUS.fullmatch(line)
            if match is None:
                return None
            found.append(_state(match, section.cite(number)))
    for section in host.of("chage"):
        if state := _aging(section):
            found.append(state)
    return tuple(found)


def _state(match: re.Match[str], citation: Citation) -> State:
    usable = {"P": True, "PS": True, "NP": False}.get(match["status"])
    return State(
        printable(match["name"], 64),
        usable,
        _date(match["changed"]),
        _days(int(match["max"])) if usable is not None else None,
        citation,
    )


def _days(days: int) -> int:
    return 0 if days < 0 or days >= NEVER_DAYS else days


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _date(text: str) -> date | None:
    """`2025-05-20`, `05/20/2025` or `May 20, 2025`; None for anything else, as for `never`."""
    try:
        if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
            found = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
            found = date(int(match[3]), int(match[1]), int(match[2]))
        elif match := re.fullmatch(r"([A-Za-z]{3}) (\d{1,2}), (\d{4})", text):
            month = _MONTHS.index(match[1].lower()) + 1
            found = date(int(match[3]), month, int(match[2]))
        else:
            return None
    except ValueError:
        return None
    return found if found.year > 1970 else None  # day 0 means that it must be changed


_AGING = re.compile(r"(?P<key>[A-Z][A-Za-z ]{5,60}?)[ \t]*:[ \t]*(?P<value>\S.*)")
_ASKED = re.compile(
    r"[^\n]{0,80}?\bchage(?:[ \t]+-\w+)*[ \t]+([A-Za-z_][A-Za-z0-9_.-]{0,63})[ \t]*"
)
_IN_NAME = re.compile(r"chage(?:[ _-]+l)?[ _-]+([A-Za-z_][A-Za-z0-9_-]{0,63})(?:\.\w{1,4})?")
_LONGEST = "Maximum number of days between password change"
_CHANGED = "Last password change"


def _aging(section: Section) -> State | None:
    """What `chage -l` says in English; whose it is stands in the prompt or in the file's name."""
    told: dict[str, tuple[str, int]] = {}
    name = _IN_NAME.fullmatch(section.name)
    asked = name[1] if name else None
    for number, line in section.lines:
        if prompt := _ASKED.fullmatch(line):
            asked = prompt[1]
        elif match := _AGING.fullmatch(line.strip()):
            told.setdefault(match["key"], (match["value"].strip(), number))
    longest = told.get(_LONGEST)
    changed = told.get(_CHANGED)
    if changed is None or longest is None or not re.fullmatch(r"-?\d{1,9}", longest[0]):
        return None
    days = _days(int(longest[0]))
    return State(asked, None, _date(changed[0]), days, section.cite(longest[1]))


def _max_age(host: Host, states: Sequence[State] | None) -> Fact[int] | None:
    """The longest time that a password may last; 0 = for ever."""
    told: list[Known[int]] = []
    unknown: Unknown | None = None
    for section in host.of("login.defs"):
        default = _default_age(section)
        if isinstance(default, Known):
            told.append(default)
        else:
            unknown = default
    if states is None:
        cited = tuple(section.cite() for section in host.of("passwd -S")[:1])
        return Unknown(_LIST_BROKEN, cited)
    told += [Known(s.max_days, (s.citation,)) for s in states if s.max_days is not None]
    never = next((fact for fact in told if fact.value == 0), None)
    return never or max(told, key=lambda fact: fact.value, default=unknown)


def _default_age(section: Section) -> Fact[int]:
    for number, line in section.active:
        match = re.fullmatch(r"PASS_MAX_DAYS[ \t]+(-?\d{1,9})(?:[ \t]+#.*)?", line)
        if match:
            return Known(_days(int(match[1])), (section.cite(number),))
    return not_shown("PASS_MAX_DAYS -1", Text(vi="tài liệu login.defs(5)", en="login.defs(5)"))


_ALL_LOCKED = Text(
    vi="mọi mật khẩu được liệt kê đều bị khóa; cần thêm danh sách tài khoản (getent passwd)",
    en="every password listed is locked; the list of accounts (getent passwd) is needed as well",
)
_LIST_BROKEN = Text(
    vi="danh sách tài khoản không đọc được trọn vẹn",
    en="the list of accounts could not be read whole",
)
