"""Who can log in, when passwords were changed, and how long they last."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest

from rules.facts import DeviceAccount
from scanner.platforms import linux_commands as commands
from tests.scanner.platforms.linux_host_files import answer, lines, saved, told, why

USERS = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
prosody:x:105:110::/var/lib/prosody:/bin/false
quantri:x:1000:1000:Can bo,,,:/srv/quantri:/bin/bash
giamsat:x:1001:27::/srv/giamsat:/bin/sh
sao-luu:x:1002:1002::/srv/sao-luu:
"""
GROUPS = "root:x:0:\nsudo:x:27:quantri,khac\nadm:x:4:sao-luu\n"
STATES = """root L 2026-01-05 0 99999 7 -1
daemon L 2026-01-05 0 99999 7 -1
quantri P 2026-10-12 0 90 7 -1
giamsat P 10/30/2026 0 60 7 -1
sao-luu NP 2026-09-01 0 30 7 -1
"""
AGE = "password_policy.max_age_days"


def test_everybody_with_a_login_shell() -> None:
    given = saved("passwd", USERS), saved("group", GROUPS), saved("states", STATES)
    assert told("accounts", *given) == (
        DeviceAccount("root", "root", True, changed=date(2026, 1, 5)),
        DeviceAccount("quantri", "sudo", True, changed=date(2026, 10, 12), password_set=True),
        DeviceAccount("giamsat", "sudo", True, changed=date(2026, 10, 30), password_set=True),
        DeviceAccount("sao-luu", changed=date(2026, 9, 1), password_set=False),
    )
    assert lines("accounts", given[0]) == [1, 5, 6, 7]


def test_who_is_no_administrator_for_sure_is_left_open() -> None:
    found = told("accounts", saved("passwd", USERS))
    assert [a.administrator for a in found] == [True, None, None, None]
    assert all(a.enabled is None and a.changed is None for a in found)


@pytest.mark.parametrize(
    "text",
    [
        USERS + "kaputt\n",
        USERS.replace("quantri:x:1000", "quantri:x:abc"),
        USERS.rstrip("\n"),
        USERS.replace("/bin/sync", "bin/sync"),
    ],
)
def test_a_list_that_was_not_read_whole_names_nobody(text: str) -> None:
    assert told("accounts", answer(commands.USERS, text)) == "?"


def test_an_answer_without_its_end_names_nobody() -> None:
    assert told("accounts", answer(commands.USERS, USERS)) != "?"
    assert told("accounts", answer(commands.USERS, USERS, None)) == "?"
    assert told("accounts", answer(commands.USERS, USERS, 2)) == "?"


def test_a_name_that_only_one_list_has_contradicts() -> None:
    other = saved("states", STATES.replace("quantri", "quantrj"))
    assert told("accounts", saved("passwd", USERS), other) == "?"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("a P 2026-10-12 0 90 7 -1", (date(2026, 10, 12), True)),
        ("a PS 2026-10-12 0 90 7 -1 (Password set, SHA512 crypt.)", (date(2026, 10, 12), True)),
        ("a NP 2026-10-12 0 90 7 -1", (date(2026, 10, 12), False)),
        ("a P 1970-01-01 0 90 7 -1", (None, True)),
        ("a P never 0 90 7 -1", (None, True)),
        ("a P 2026-13-12 0 90 7 -1", (None, True)),
        ("a L 2026-10-12 0 90 7 -1", "?"),
        ("a LK 2026-10-12 0 90 7 -1 (Password locked.)", "?"),
    ],
)
def test_the_state_of_a_password(state: str, expected: object) -> None:
    found = told("accounts", saved("states", state + "\n"))
    shown = (found[0].changed, found[0].password_set) if isinstance(found, tuple) else found
    assert shown == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("a P 2026-10-12 0 90 7 -1\nb P 2026-10-12 0 180 7 -1\n", 180),
        ("a P 2026-10-12 0 90 7 -1\nb P 2026-10-12 0 99999 7 -1\n", 0),
        ("a P 2026-10-12 0 90 7 -1\nb L 2026-10-12 0 99999 7 -1\n", 90),
        ("a P 2026-10-12 0 -1 7 -1\n", 0),
    ],
)
def test_the_longest_that_any_password_lasts(text: str, days: int) -> None:
    assert told(AGE, saved("states", text)) == days


DEFS = "MAIL_DIR /var/mail\nPASS_MAX_DAYS\t{}\nPASS_MIN_LEN 5\nUID_MIN 1000\n"


@pytest.mark.parametrize(
    ("value", "expected"), [("90", 90), ("99999", 0), ("-1", 0), ("viele", "?"), ("90 # x", 90)]
)
def test_the_time_that_new_accounts_get(value: str, expected: object) -> None:
    document = saved("login.defs", DEFS.format(value))
    assert told(AGE, document) == expected
    assert told("password_policy.min_length", document) == "?"  # PAM ignores PASS_MIN_LEN
    if expected != "?":
        assert lines(AGE, document) == [2]


def test_accounts_that_last_longer_than_new_ones_count() -> None:
    defs = saved("login.defs", DEFS.format("90"))
    assert told(AGE, defs, saved("states", "a P 2026-10-12 0 99999 7 -1\n")) == 0
    assert told(AGE, defs, saved("states", "a P 2026-10-12 0 60 7 -1\n")) == 90
    absent = saved("login.defs", DEFS.replace("PASS_MAX_DAYS", "#PASS_MAX_DAYS"))
    assert "PASS_MAX_DAYS -1" in why(AGE, absent)


AGING = """Last password change\t\t\t\t\t: May 20, 2026
Password expires\t\t\t\t\t: Aug 18, 2026
Password inactive\t\t\t\t\t: never
Account expires\t\t\t\t\t\t: never
Minimum number of days between password change\t\t: 0
Maximum number of days between password change\t\t: 90
Number of days of warning before password expires\t: 7
"""


@pytest.mark.parametrize(
    ("name", "text", "account", "days"),
    [
        ("chage-quantri.txt", AGING, ("quantri", date(2026, 5, 20)), 90),
        ("chage -l quantri", AGING, ("quantri", date(2026, 5, 20)), 90),
        ("aging.txt", "# chage -l root\n" + AGING, ("root", date(2026, 5, 20)), 90),
        ("aging.txt", AGING, None, 90),
        ("aging.txt", AGING.replace(": 90", ": 99999"), None, 0),
        ("chage-a", AGING.replace("May 20, 2026", "2026-05-20"), ("a", date(2026, 5, 20)), 90),
        ("chage-a", AGING.replace("May 20, 2026", "Mai 20, 2026"), ("a", None), 90),
        ("chage-a", AGING.replace("May 20, 2026", "password must be changed"), ("a", None), 90),
        ("chage-a", AGING.replace("Maximum", "Höchste"), None, "?"),
        ("chage-a", AGING.replace(": 90", ": neunzig"), None, "?"),
    ],
)
def test_the_aging_of_one_account(name: str, text: str, account: object, days: object) -> None:
    document = saved(name, text)
    found = told("accounts", document)
    shown = (found[0].name, found[0].changed) if isinstance(found, tuple) else None
    assert (shown, told(AGE, document)) == (account, days)


def test_the_aging_of_root_on_this_machine() -> None:
    try:
        run = subprocess.run(
            ["chage", "-l", "root"], capture_output=True, text=True, check=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("chage does not answer this user")
    longest = next(line for line in run.stdout.splitlines() if line.startswith("Maximum"))
    days = int(longest.rpartition(":")[2])
    expected = 0 if days < 0 or days >= 99_999 else days
    assert told(AGE, saved("chage-root.txt", run.stdout)) == expected
