"""Words of devices reach the terminal as plain words: no escapes, no markup, no crash."""

from __future__ import annotations

import io
import json
import threading
from ipaddress import ip_address

import pytest
from rich.console import Console

from inventory.model import Device
from inventory.text import Text
from rules.facts import Facts
from rules.model import Finding, Outcome, Subject
from scanner.cli.json_text import json_text
from scanner.cli.progress import Watched
from scanner.cli.speech import choose_language, give_up
from scanner.cli.summary import print_summary
from scanner.engine.observation import Observation

HOSTILE = "\x1b]0;mine\x07\x1b[2J\u202eabc\x9b31m"


def finding(subject: str, reason: str, outcome: Outcome = Outcome.FAIL) -> Finding:
    text = Text(vi=reason, en=reason)
    return Finding("D10.1-f", Subject("account", subject), outcome, "S2", text, None, (), "f")


def summary(*findings: Finding) -> str:
    screen = io.StringIO()
    print_summary("run", findings, Console(file=screen, width=200))
    return screen.getvalue()


@pytest.mark.parametrize(("lang", "line"), [
    ("en", "Observations (no verdicts): 3; see: hnth report"),
    ("vi", "Nội dung cần lưu ý (không phải kết luận): 3; xem: hnth report"),
])  # fmt: skip
def test_the_summary_ends_with_the_number_of_observations(lang: str, line: str) -> None:
    choose_language(lang)
    screens = []
    for observed in (3, 0):
        screen = io.StringIO()
        print_summary("run", [finding("a", "b")], Console(file=screen, width=200), observed)
        screens.append(screen.getvalue().splitlines())
    choose_language(None)
    some, none = screens
    assert some == [*none, "", line]


@pytest.mark.parametrize("name", ["[/x]", "[red]a", "\\[/x]", "[link=file:///etc]a", "a\\"])
def test_names_in_brackets_are_names(name: str) -> None:
    shown = summary(finding(f"vcs/{name}", f"account {name}"))
    assert f"vcs/{name}" in shown
    assert f"account {name}" in shown


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.UND])
def test_the_summary_holds_no_escapes(outcome: Outcome) -> None:
    shown = summary(finding(f"vcs/{HOSTILE}", f"said {HOSTILE}", outcome))
    assert "abc" in shown
    assert not set("\x1b\x07\x9b\u202e") & set(shown)


def test_progress_lines_hold_no_escapes(capfd: pytest.CaptureFixture[str]) -> None:
    device = Device(id="vcs", kind="vcs", site="a", address=ip_address("192.0.2.1"))
    failure = Text(vi=f"lỗi {HOSTILE}\ngiả", en=f"error {HOSTILE}\nforged: ok")
    with Watched() as watched:
        watched.begin(1)
        thread = threading.Thread(
            target=watched.finished, args=(device, Observation("vcs", (), Facts({}), failure))
        )
        thread.start()
        thread.join()
    shown = capfd.readouterr().err
    assert "abc" in shown
    assert not set("\x1b\x07\x9b\u202e") & set(shown)


def test_error_messages_hold_no_escapes(capfd: pytest.CaptureFixture[str]) -> None:
    give_up(Text(vi=f"dòng 1\n{HOSTILE}", en=f"line 1\n{HOSTILE}"))
    shown = capfd.readouterr().err
    assert shown.count("\n") == 2
    assert not set("\x1b\x07\x9b\u202e") & set(shown)


@pytest.mark.parametrize("said", ["##[error]mine", "##vso[task.setvariable]x", "###[group]"])
def test_json_holds_no_command_and_means_the_same(said: str) -> None:
    text = json_text({"name": [said + HOSTILE]})
    assert "##[" not in text
    assert "##vso[" not in text
    assert not set("\x1b\x07\x9b\u202e") & set(text)
    assert json.loads(text) == {"name": [said + HOSTILE]}


def test_json_of_half_a_character_can_be_written() -> None:
    text = json_text({"a": "x\ud83d", "b": "\U0001f600 Phòng họp"})
    assert json.loads(text.encode())["b"] == "\U0001f600 Phòng họp"
