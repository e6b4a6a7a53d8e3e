"""Command lines with prompts and pagers: what is typed at them, and what is kept of what they say.

Every manner is tried over real SSH on loopback; how pagers erase their marks follows the recorded
sessions of netmiko's test suite and the vendors' guides.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.collect import prompted_shell
from scanner.collect.errors import CollectError, Refused
from scanner.collect.journal import FileJournal, NullJournal
from scanner.collect.shell_dialects import PAGER, PROMPT_DIALECTS
from scanner.collect.ssh import open_shell
from tests.scanner.collect.network_terminal import MANNERS, PASSWORD, NetworkTerminal, listening

ALLOWED = (r"show [a-z ]+",)
LONG = "\n".join(f"line {number} of the configuration" for number in range(1, 24)) + "\n"
EVERY_MANNER = pytest.mark.parametrize("dialect", MANNERS)

Start = Callable[..., NetworkTerminal]


@pytest.fixture(autouse=True)
def _less_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompted_shell, "SETTLE_S", 0.12)
    monkeypatch.setattr(prompted_shell, "CHANGED_S", 0.8)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a device of a dialect, whose one answer is to `show config`."""
    with ExitStack() as stack:

        def started(dialect: str, answer: str = LONG, **more: object) -> NetworkTerminal:
            manner = replace(MANNERS[dialect], **more.pop("manner", {}))
            answers = {"show config": answer, "show next": "the next answer\n"}
            device = NetworkTerminal(manner, answers, tmp_path, **more)
            return stack.enter_context(listening(device))

        yield started


def shell(device: NetworkTerminal, timeout_s: float = 5.0, **more: object):
    journal = more.pop("journal", NullJournal())
    where = device.endpoint(timeout_s)
    return open_shell(where, device.manner.dialect, ALLOWED, journal=journal, device_id="d")


def test_every_dialect_is_tried() -> None:
    assert set(MANNERS) == set(PROMPT_DIALECTS) - {"cisco_xe", "huawei_vrpv8"}


@EVERY_MANNER
def test_a_paged_answer_is_whole_and_nothing_else(dialect: str, start: Start) -> None:
    device = start(dialect)
    with shell(device) as line:
        assert line.run("show config").text == LONG
        assert line.run("show next").text == "the next answer\n"
    assert device.heard == ["show config", "show next"]
    spaces = [" "] * 4
    assert device.keys == ([*spaces, "q"] if device.manner.waits_at_end else spaces)


@EVERY_MANNER
def test_slow_pieces_are_put_together(dialect: str, start: Start) -> None:
    device = start(dialect, pieces=7, pause_s=0.002)
    with shell(device) as line:
        assert line.run("show config").text == LONG


@EVERY_MANNER
def test_error_texts_are_the_answer(dialect: str, start: Start) -> None:
    device = start(dialect)
    with shell(device) as line:
        refused = line.run("show secrets")
        assert refused.text == device.manner.unknown + "\n"
        assert line.run("show next").text == "the next answer\n"


@EVERY_MANNER
def test_a_command_that_writes_is_refused_before_it_is_sent(dialect: str, start: Start) -> None:
    device = start(dialect)
    with shell(device) as line:
        for command in ("configure terminal", "enable", "show config\nreload", "show config; x"):
            with pytest.raises(Refused):
                line.run(command)
        line.run("show next")
    assert device.heard == ["show next"]


@EVERY_MANNER
def test_the_password_is_in_no_answer_and_not_in_the_journal(
    dialect: str, start: Start, tmp_path: Path
) -> None:
    device = start(dialect, f"username a password {PASSWORD}\nnote {PASSWORD}\nsnmp-server x\n")
    journal = FileJournal(tmp_path / "journal")
    with shell(device, journal=journal) as line:
        document = line.run("show config")
    journal.close()
    assert PASSWORD not in document.text
    assert len(document.lines) == 4
    written = (tmp_path / "journal").read_text()
    assert PASSWORD not in written
    assert [json.loads(entry)["sent"] for entry in written.splitlines()][-1] == "show config"


def test_the_prompt_inside_an_answer_does_not_end_it(start: Start) -> None:
    quoted = "banner motd ^\ntinh-rt01#\ntinh-rt01#show config\ntinh-rt01# \n^\nline vty 0 4\n"
    for pieces in (0, 1):
        device = start("cisco_ios", quoted, pieces=pieces, manner={"page": 90})
        with shell(device) as line:
            assert line.run("show config").text == quoted


def test_a_pause_behind_the_prompt_inside_an_answer_does_not_end_it(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted = "banner\ntinh-rt01#\nline vty 0 4\n"
    monkeypatch.undo()
    first_piece = len("banner\r\ntinh-rt01#")
    device = start("cisco_ios", quoted, pieces=first_piece, pause_s=0.15)
    with shell(device) as line:
        assert line.run("show config").text == quoted


def test_words_of_a_pager_inside_an_answer_stay(start: Start) -> None:
    text = "banner login ^ press space at --More-- to go on ^\n! --More-- \ndescription lines 1-3\n"
    device = start("cisco_ios", text, pieces=1)
    with shell(device) as line:
        assert line.run("show config").text == text
    assert device.keys == []


def test_a_banner_that_looks_like_a_prompt_is_not_learned(start: Start) -> None:
    banner = "*** Only for the centre ***\nwelcome>\nName: tinh-rt01#\n\n"
    device = start("cisco_ios", manner={"greeting": banner})
    with shell(device) as line:
        assert line.run("show config").text == LONG


def test_a_prompt_that_changes_is_followed(start: Start) -> None:
    changed = "auditor@PA-TINH(passive)> "
    device = start("paloalto_panos", prompts=[changed, changed])
    with shell(device) as line:
        begun = time.monotonic()
        assert line.run("show config").text == LONG
        assert time.monotonic() - begun > prompted_shell.CHANGED_S
        begun = time.monotonic()
        assert line.run("show next").text == "the next answer\n"
        assert time.monotonic() - begun < prompted_shell.CHANGED_S, "the new one is known"


def test_a_long_line_stays_one_line(start: Start) -> None:
    text = "access-list " + "x" * 300_000 + "\nend\n"
    device = start("cisco_asa", text)
    with shell(device) as line:
        assert line.run("show config").text == text


def test_letters_of_the_language_survive_pieces(start: Start) -> None:
    text = 'description "Tuyến về Trung tâm tỉnh"\n'
    device = start("juniper_junos", text, pieces=1)
    with shell(device) as line:
        assert line.run("show config").text == text


def test_an_echo_is_taken_off_and_a_same_line_later_stays(start: Start) -> None:
    device = start("cisco_ios", "show config\nhostname a\n", manner={"echo": lambda *_: ""})
    with shell(device) as line:
        assert line.run("show config").text == "hostname a\n", "the first could be the echo"
    device = start("cisco_ios", "hostname a\nshow config\n")
    with shell(device) as line:
        assert line.run("show config").text == "hostname a\nshow config\n"


def test_an_echo_word_by_word_is_taken_off(start: Start) -> None:
    """As in https://github.com/ktbyers/netmiko/issues/1294, seen on a PA-7080."""

    def echo(prompt: str, command: str) -> str:
        return f"show \n{prompt}{command}\n"

    device = start("paloalto_panos", "show\nname: a\n", manner={"echo": echo})
    with shell(device) as line:
        assert line.run("show config").text == "\nshow\nname: a\n"


def test_a_silent_device_is_given_up_and_not_asked_again(start: Start) -> None:
    device = start("huawei_vrp", hangs="show config")
    with shell(device, 0.6) as line:
        for command in ("show config", "show next"):
            with pytest.raises(CollectError, match="did not finish"):
                line.run(command)
    assert device.heard == ["show config"]


def test_a_slow_answer_may_take_longer_than_the_limit_while_it_goes_on(start: Start) -> None:
    device = start("fortinet", pieces=40, pause_s=0.08)
    with shell(device, 0.5) as line:
        begun = time.monotonic()
        assert line.run("show config").text == LONG
        assert time.monotonic() - begun > 0.8


def test_an_answer_without_a_last_page_ends(start: Start, monkeypatch) -> None:
    monkeypatch.setattr(prompted_shell, "PATIENCE", 2)
    device = start("cisco_ios", endless="show config")
    with shell(device, 0.5) as line, pytest.raises(CollectError, match="did not finish"):
        line.run("show config")


def test_an_answer_that_is_too_long_is_dropped(start: Start, monkeypatch) -> None:
    monkeypatch.setattr(prompted_shell, "MAX_BYTES", 10_000)
    device = start("fortinet", "x" * 79 + "\n" + "y\n" * 20_000, manner={"page": 10**6})
    with shell(device) as line, pytest.raises(CollectError, match="longer than"):
        line.run("show config")


def test_a_stop_ends_the_wait(start: Start) -> None:
    device = start("cisco_ios", hangs="show config")
    with shell(device, 30) as line:
        threading.Timer(0.2, line.hang_up).start()
        begun = time.monotonic()
        with pytest.raises(CollectError):
            line.run("show config")
    assert time.monotonic() - begun < 5


def test_a_device_that_goes_away_is_a_reason(start: Start) -> None:
    device = start("cisco_ios", leaves="show config")
    with shell(device) as line:
        for command in ("show config", "show next"):
            with pytest.raises(CollectError, match="closed the SSH connection"):
                line.run(command)


def test_a_long_banner_is_paged_too(start: Start) -> None:
    banner = "Authorised use only.\n--More--\r        \r***\n"
    device = start("fortinet", manner={"greeting": banner})
    with shell(device) as line:
        assert line.run("show config").text == LONG


def test_what_is_said_between_two_commands_is_in_neither_answer(start: Start) -> None:
    device = start("cisco_ios", late="\n%SYS-5-CONFIG_I: Configured from console\n")
    with shell(device) as line:
        assert line.run("show next").text == "the next answer\n"
        time.sleep(0.6)
        assert line.run("show config").text == LONG


def test_an_end_that_the_caller_gives_counts_too(start: Start) -> None:
    device = start("cisco_ios", hangs="show config", manner={"greeting": "hello\n"})
    with shell(device, 2.0) as line:
        assert line.run("show next", until=r"never said").text == "the next answer\n"
        with pytest.raises(CollectError):
            line.run("show config", until=r"never said")


@pytest.mark.parametrize(
    ("dialect", "question"),
    [
        ("huawei_vrp", "The password needs to be changed. Change now? [Y/N]:"),
        ("fortinet", "(Press 'a' to accept):"),
        ("cisco_ios", "tinh-rt01(config)#"),
        ("juniper_junos", f"is {PASSWORD} yours?"),
    ],
)
def test_a_login_that_ends_in_a_question_is_told_and_not_answered(
    dialect: str, question: str, start: Start
) -> None:
    device = start(dialect, manner={"prompt": question})
    with pytest.raises(CollectError, match="showed no prompt") as caught, shell(device, 0.6):
        pytest.fail("logged in")
    shown = caught.value.reason.en
    assert question[:12] in shown or PASSWORD in question
    assert PASSWORD not in shown
    assert device.heard == []


@pytest.mark.parametrize(
    ("dialect", "prompt"),
    [
        ("cisco_ios", "R1>"),
        ("cisco_ios", "sw-tang2.tinh#"),
        ("cisco_asa", "ciscoasa#"),
        ("cisco_asa", "fw/hoinghi>"),
        ("fortinet", "FGT-01 #"),
        ("fortinet", "FGT-01 (vdom-hn) $"),
        ("juniper_junos", "auditor@srx>"),
        ("juniper_junos", "root%"),
        ("paloalto_panos", "admin@PA-220>"),
        ("paloalto_panos", "admin@PA Tinh 1(active-primary)>"),
        ("huawei_vrp", "<HUAWEI>"),
        ("huawei_vrp", "HRP_S<FW>"),
        ("huawei_vrpv8", "*<CE6800>"),
        ("mikrotik_routeros", "[admin@MikroTik] >"),
        ("linux", "root@gate:/# "),
    ],
)
def test_prompts_that_are_known(dialect: str, prompt: str) -> None:
    assert PROMPT_DIALECTS[dialect].prompt.fullmatch(prompt.strip())


@pytest.mark.parametrize(
    ("dialect", "line"),
    [
        ("cisco_ios", "R1(config)#"),
        ("cisco_ios", "Password:"),
        ("cisco_asa", "fw(config-if)#"),
        ("fortinet", "FGT-01 (system global) # set x"),
        ("juniper_junos", "auditor@srx#"),
        ("paloalto_panos", "</config>"),
        ("paloalto_panos", "admin@PA-220#"),
        ("huawei_vrp", "Change now? [Y/N]"),
        ("mikrotik_routeros", "/ip firewall filter"),
    ],
)
def test_lines_that_are_no_prompt(dialect: str, line: str) -> None:
    assert not PROMPT_DIALECTS[dialect].prompt.fullmatch(line)


@pytest.mark.parametrize("line", ["--More-- x", "more", "- more -", "lines 1-2 of 3", "---", ""])
def test_lines_that_are_no_pager(line: str) -> None:
    assert not PAGER.fullmatch(line)
