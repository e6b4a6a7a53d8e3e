"""Records on a Linux host: where they are sent, how long they are kept, what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.facts import Facts, Known, LogRetention, LogSource, SyslogTarget, Unknown
from scanner.evidence import Document
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux import read

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def answer(command: str, text: str) -> Document:
    return Document(text.encode(), command, "C", NOW)


def facts_of(command: str, text: str, *more: Document) -> Facts:
    return Facts(read([answer(command, text), *more]).facts)


def value(command: str, text: str, name: str, *more: Document) -> Any:
    fact = facts_of(command, text, *more)[name]
    assert isinstance(fact, Known), fact
    return fact.value


def grep(file: str, *lines: str) -> str:
    return "".join(f"{file}:{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*.* @10.0.0.1", SyslogTarget("10.0.0.1", None, "udp")),
        ("*.* @@logs.example:6514", SyslogTarget("logs.example", 6514, "tcp")),
        ("*.* @(o)10.0.0.1:514", SyslogTarget("10.0.0.1", 514, "udp")),
        ("auth.* @[2001:db8::1]:514", None),
        ('*.* action(type="omfwd" target="10.0.0.1")', SyslogTarget("10.0.0.1", 514, "udp")),
        (
            'action(type="omfwd" Target="10.0.0.1" Port="6514" Protocol="tcp" '
            'StreamDriverMode="1")',
            SyslogTarget("10.0.0.1", 6514, "tls"),
        ),
    ],
)
def test_where_records_are_sent(line: str, expected: SyslogTarget | None) -> None:
    found = facts_of(commands.RSYSLOG, grep("/etc/rsyslog.conf", "# local", line))
    if expected is not None:
        assert found["syslog.targets"] == Known(
            (expected,),
            (answer(commands.RSYSLOG, grep("/etc/rsyslog.conf", "# local", line)).cite(2),),
        )


def test_an_action_over_several_lines() -> None:
    text = grep("/etc/rsyslog.conf", "action(", '  type="omfwd"', '  target="10.0.0.1")', "x")
    assert value(commands.RSYSLOG, text, "syslog.targets")[0].address == "10.0.0.1"


@pytest.mark.parametrize("line", ["#*.* @10.0.0.1", "*.* /var/log/syslog", "mail.* -/var/log/mail"])
def test_nowhere_is_an_answer(line: str) -> None:
    text = grep("/etc/rsyslog.conf", "$IncludeConfig /etc/rsyslog.d/*.conf", line)
    assert value(commands.RSYSLOG, text, "syslog.targets") == ()


@pytest.mark.parametrize(
    "text",
    ["", "grep: no\n", grep("/etc/rsyslog.conf", 'include(file="/opt/*.conf" mode="optional")')],
)
def test_nowhere_is_not_concluded_from_an_incomplete_configuration(text: str) -> None:
    assert isinstance(facts_of(commands.RSYSLOG, text)["syslog.targets"], Unknown)


# --- logrotate ---------------------------------------------------------------------------------

PATHS = "/var/log/hnth/*/*.log {"


def rotation(*lines: str) -> str:
    return grep("/etc/logrotate.conf", "monthly", "rotate 4") + grep("/etc/logrotate.d/x", *lines)


@pytest.mark.parametrize(
    ("lines", "days", "setting"),
    [
        ((PATHS, "weekly", "rotate 27", "}"), 189, "weekly, rotate 27"),
        ((PATHS, "daily", "rotate 183", "}"), 183, "daily, rotate 183"),
        ((PATHS, "daily", "rotate 400", "maxage 90", "}"), 90, "daily, rotate 400, maxage 90"),
        ((PATHS, "}"), 120, "monthly, rotate 4"),
        ((PATHS, "rotate 7 # half a year", "}"), 210, "monthly, rotate 7"),
        ((PATHS, "yearly", "rotate 0", "}"), 0, "yearly, rotate 0"),
        ((PATHS, "daily", "rotate -1", "}"), 36500, "daily, rotate -1"),
        (("/var/log/syslog", "/var/log/hnth/*/*.log", "{", "daily", "}"), 4, "daily, rotate 4"),
        ((PATHS, "daily", "postrotate", "rotate 999", "endscript", "}"), 4, "daily, rotate 4"),
        (
            (PATHS, "weekly", "rotate 30", "}", "/var/log/hnth/*/*.log {", "rotate 1", "}"),
            30,
            "monthly, rotate 1",
        ),
    ],
)
def test_how_long_records_are_kept(lines: tuple[str, ...], days: int, setting: str) -> None:
    assert value(commands.LOGROTATE, rotation(*lines), "logs.retention") == (
        LogRetention("monitoring", days, setting),
        LogRetention("alert", days, setting),
    )


def test_each_kind_may_have_its_own_time() -> None:
    text = rotation(
        "/var/log/hnth/*/monitor.log {", "weekly", "rotate 27", "}",
        "/var/log/hnth/*/alert.log {", "weekly", "rotate 10", "}",
    )  # fmt: skip
    assert [r.days for r in value(commands.LOGROTATE, text, "logs.retention")] == [189, 70]


@pytest.mark.parametrize(
    "lines",
    [
        ("/var/log/syslog {", "daily", "}"),
        ("/var/log/hnth/*.log {", "daily", "}"),
        ("/var/log/hnth/*/monitor.log {", "daily", "}"),
        (PATHS, "size 10M", "rotate 1000", "}"),
        (PATHS, "daily", "maxsize 1G", "rotate 200", "}"),
        (PATHS, "daily", "rotate 200"),
    ],
)
def test_the_time_is_unknown_without_a_fitting_entry_or_by_size(lines: tuple[str, ...]) -> None:
    assert isinstance(facts_of(commands.LOGROTATE, rotation(*lines))["logs.retention"], Unknown)


# --- stored records ----------------------------------------------------------------------------

FOLDER = "/var/log/hnth"
STORED = f"""2026-11-20+07:00 00:1 06:2 12:1 18:1 {FOLDER}/mcu-tinh/monitor.log
2026-11-22+07:00 00:1 06:1 {FOLDER}/mcu-tinh/monitor.log
2026-11-23Z 12:4 18:1 {FOLDER}/mcu-tinh/monitor.log
2026-11-01+07:00 03:1 {FOLDER}/mcu-tinh/alert.log
# status 0
"""


def test_what_is_stored_of_a_sender() -> None:
    monitoring, alert = value(commands.RECORDS, STORED, "logs.sources")
    assert monitoring == LogSource(
        sender="mcu-tinh",
        kind="monitoring",
        oldest=datetime(2026, 11, 19, 17, tzinfo=UTC),
        newest=datetime(2026, 11, 23, 18, tzinfo=UTC),
        records=12,
        largest_gap_h=37.0,
        gap_from=datetime(2026, 11, 21, 23, tzinfo=UTC),
    )
    assert (alert.kind, alert.records) == ("alert", 1)
    # since the newest one: from 20:00 UTC on 31 October until the reading
    assert alert.largest_gap_h == pytest.approx(550.5)


@pytest.mark.parametrize(
    "change",
    [
        ("# status 0\n", ""),
        ("# status 0\n", "# status 2\n"),
        ("# status 0\n", "# status 0"),
        ("2026-11-22", "2026-11-31"),
        ("06:1", "24:1"),
        ("06:1", "xx:1"),
        (FOLDER, "/var/log/other"),
        ("mcu-tinh/alert", "../alert"),
        ("2026-11-01", "gzip: cannot read\n2026-11-01"),
    ],
)
def test_nothing_is_concluded_from_records_read_in_part(change: tuple[str, str]) -> None:
    text = STORED.replace(*change)
    assert text != STORED
    assert isinstance(facts_of(commands.RECORDS, text)["logs.sources"], Unknown)


def test_an_empty_store_is_a_fact() -> None:
    assert value(commands.RECORDS, "# status 0\n", "logs.sources") == ()
