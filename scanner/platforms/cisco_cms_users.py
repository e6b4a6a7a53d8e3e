"""The accounts of a Meeting Server: `user list`, `user info`, and from where they may log in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network

from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, Unknown
from rules.network_facts import Prefix
from scanner.evidence import Document, printable
from scanner.platforms.cisco_cms_lines import (
    FIELD,
    NOTHING,
    Answers,
    Field,
    missing,
    not_understood,
    refused,
    whole_lines,
)

ADMINISTRATORS = frozenset({"admin", "appadmin"})
ROLES = ADMINISTRATORS | {"crypto", "audit", "api"}
MANAGING = ADMINISTRATORS | {"api"}
"""Roles that can change the configuration: their allowed hosts are the management allowlist."""

_HEADER = re.compile(r"\s{0,8}USERNAME[A-Z\s]{0,200}")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def user_names(users: Document) -> tuple[str, ...]:
    """The names of `user list` in its order."""
    return tuple(name for name, _, _ in _user_rows(users))


def _user_rows(users: Document) -> list[tuple[str, str, int]]:
    """Name, role and line of every user. The columns may be collapsed to single spaces.

    A line that holds two users has lost its line end, and tells neither.
    """
    rows = []
    for number, line in enumerate(whole_lines(users), 1):
        cells = line.split()
        if len(cells) >= 3 and _is_user(cells[1:3]) and not any(map(_is_user, _pairs(cells[2:]))):
            rows.append((printable(cells[0], 64), cells[1], number))
    return rows


def _pairs(cells: list[str]) -> list[list[str]]:
    return [cells[at : at + 2] for at in range(len(cells) - 1)]


def _is_user(cells: list[str]) -> bool:
    """A role and the day on which the password expires."""
    return cells[0] in ROLES and _date(cells[1]) is not None


def _date(text: str) -> date | None:
    """`2017-Nov-05` or `2017-11-05`, perhaps with a time; the year 10000 means never: 9999."""
    match = re.match(r"(\d{4,5})-([A-Za-z]{3}|\d{2})-(\d{2})(?!\d)", text)
    if match is None:
        return None
    month = match[2].lower()
    if month not in MONTHS and not month.isdecimal():
        return None
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
    try:
        return date(min(int(match[1]), 9999), number, int(match[3]))
    except ValueError:
        return None


def accounts(answers: Answers) -> Fact[tuple[DeviceAccount, ...]]:
    users = answers.by_command.get("user list")
    if users is None or refused(users):
        return missing("user list")
    rows = _user_rows(users)
    if not rows or not _is_whole_table(users, rows[-1][2]):
        return missing("user list")
    if len({name for name, _, _ in rows}) < len(rows):
        return missing("user list")  # a name is there once: this is no list of users
    found = []
    citations: list[Citation] = []
    for name, role, line in rows:
        account, proof = _account(answers, name, role)
        found.append(account)
        citations += [users.cite(line), *proof]
    return Known(tuple(found), tuple(citations))


def _is_whole_table(users: Document, last: int) -> bool:
    """Every line between the header and the last user is a user, and nothing was cut off after."""
    rows = {number for _, _, number in _user_rows(users)}
    header = next(
        (n for n, line in enumerate(users.lines, 1) if _HEADER.fullmatch(line)), len(users.lines)
    )
    between = range(header + 1, len(users.lines) + 1)
    return last > header and all(n in rows or not users.lines[n - 1].strip() for n in between)


def _account(answers: Answers, name: str, role: str) -> tuple[DeviceAccount, tuple[Citation, ...]]:
    info = answers.fields(f"user info {name}")
    changed = _first(info, "password-last-changed", "last-password-change", "password-changed")
    locked = _first(info, "locked", "account-locked", "lock")
    day = _date(changed.value) if changed else None
    is_locked = {"no": False, "false": False, "yes": True, "true": True}
    lock = is_locked.get(locked.value.lower()) if locked else None
    hosts = _hosts(answers, name)
    account = DeviceAccount(
        name=name,
        role=role,
        administrator=role in ADMINISTRATORS,
        enabled=None if lock is None else not lock,
        changed=day,
        allowed_hosts=hosts.value if isinstance(hosts, Known) else (),
    )
    fields = [field for field in (changed, locked) if field is not None]
    return account, tuple(field.cite() for field in fields)


def _first(fields: Mapping[str, Field], *names: str) -> Field | None:
    return next((fields[name] for name in names if name in fields), None)


def _hosts(answers: Answers, name: str) -> Fact[tuple[str, ...]]:
    """The hosts from which a user may log in; () when the server says that there is no list.

    The list goes on in lines that begin with white space, up to the next field.
    """
    command = f"user info {name}"
    first = _first(answers.fields(command), "allowed-hosts", "hosts", "allowed-host")
    if first is None:
        return missing(command)
    lines = whole_lines(first.document)
    words = _host_words(first.value)
    citations = [first.cite()]
    last = first.line
    for number in range(first.line + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.startswith((" ", "\t")) or _is_field(line):
            break
        words += _host_words(line)
        citations.append(first.document.cite(number))
        last = number
    if last == len(first.document.lines) - 1 and first.document.lines[-1]:
        return missing(command)
    if not words and first.value.lower() not in NOTHING:
        return not_understood(first)
    return Known(tuple(words), tuple(citations))


def _is_field(line: str) -> bool:
    match = FIELD.fullmatch(line)
    return match is not None and not _is_address(line.strip())


def _is_address(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _host_words(text: str) -> list[str]:
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    return [] if text.strip().lower() in NOTHING else [printable(part, 100) for part in parts]


def allowlist(answers: Answers, known: Fact[tuple[DeviceAccount, ...]]) -> Fact[tuple[Prefix, ...]]:
    """Every address from which some managing account may log in; () when one may from anywhere."""
    if isinstance(known, Unknown):
        return known
    prefixes: list[Prefix] = []
    citations: list[Citation] = []
    doubt: Unknown | None = None
    for account in known.value:
        if account.role not in MANAGING or account.enabled is False:
            continue
        hosts = _hosts(answers, account.name)
        if isinstance(hosts, Unknown):
            doubt = doubt or hosts
            continue
        if not hosts.value:
            return Known((), hosts.citations)
        citations += hosts.citations
        try:
            prefixes += [ip_network(host, strict=False) for host in hosts.value]
        except ValueError:
            doubt = doubt or _host_by_name(account.name, hosts.citations)
    if doubt is not None:
        return doubt
    if not prefixes:
        return missing("user info")
    return Known(tuple(dict.fromkeys(prefixes)), tuple(citations))


def _host_by_name(account: str, citations: tuple[Citation, ...]) -> Unknown:
    return Unknown(
        Text(
            vi=f"danh sách máy được đăng nhập của tài khoản {account} dùng tên máy, không phải "
            "địa chỉ",
            en=f"the hosts allowed for account {account} are given by name, not by address",
        ),
        citations,
    )
