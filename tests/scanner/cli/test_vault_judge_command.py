"""`hnth vault judge` answers in order and repeats nothing of what it was given."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from scanner.cli.speech import choose_language
from scanner.cli.vault_judge import judge_command

GOOD, OTHER, PLACE, SHORT_NAME = "xK#7qZ!9wV", "Rw^5kX2*pN", "ChauDoc@2021", "Xq7#Lan4$9qZ!2m"


@pytest.fixture(autouse=True)
def _english() -> None:
    choose_language("en")
    yield
    choose_language(None)


def run(given: bytes | str, *options: str) -> Result:
    app = typer.Typer()
    app.command()(judge_command)
    return CliRunner().invoke(app, list(options), input=given)


def answers(given: bytes | str, *options: str) -> list[dict[str, object]]:
    return json.loads(run(given, "--json", *options).stdout)


def test_answers_come_in_the_order_of_the_lines() -> None:
    found = answers(f"{GOOD}\n{PLACE}\n{SHORT_NAME}\n{OTHER}", "--batch")
    assert [one["overall"] for one in found] == ["PASS", "FAIL", "UND", "PASS"]
    assert found[1]["why"][0] == "D11.2-h: holds the name of a place"
    assert found[0]["verdicts"] == {f"D11.2-{item}": "PASS" for item in "bcdefgh"}


def test_equal_lines_fail_as_shared_and_others_do_not() -> None:
    found = answers(f"{GOOD}\n{OTHER}\n{GOOD}\n", "--batch")
    assert [one["verdicts"]["D11.2-g"] for one in found] == ["FAIL", "PASS", "FAIL"]
    assert [one["overall"] for one in found] == ["FAIL", "PASS", "FAIL"]


def test_one_password_has_no_other_to_be_compared_with() -> None:
    (found,) = answers(GOOD + "\n")
    assert found["verdicts"]["D11.2-g"] == "NA"
    assert found["overall"] == "PASS"


@pytest.mark.parametrize(
    ("given", "lengths_fail"),
    [
        (f"{GOOD}\r\n{OTHER}\r\n", [False, False]),
        (b"\xef\xbb\xbf" + b"xK#7qZ!\n", [True]),  # the mark of the file is no character of it
        (f"{GOOD}\n\n{OTHER}\n", [False, True, False]),
        ("xK#7q Z\n xK#7qZ\n", [True, True]),
        ("xK#7qZ \n", [True]),
        ("xK#7qZ! \n", [False]),  # blanks belong to the password
    ],
)
def test_lines_are_taken_as_they_are(given: bytes | str, lengths_fail: list[bool]) -> None:
    found = answers(given, "--batch")
    assert [one["verdicts"]["D11.2-b"] == "FAIL" for one in found] == lengths_fail


def test_words_of_the_context_fail() -> None:
    options = ("--batch", "--context", "account=quanly", "--context", "host=VCS-TRITON-01")
    found = answers("Quanly#7xK2q\nzXTr1t0n01#Kq\nxK#7qZ01!bW\n", *options)
    assert [one["verdicts"]["D11.2-h"] for one in found] == ["FAIL", "FAIL", "PASS"]


def test_a_device_of_digits_only_is_named_as_the_reason() -> None:
    (found,) = answers("483920\n", "--context", "accepts=digits")
    assert "D11.2-f: the device does not support it: it takes digits only" in found["why"]


@pytest.mark.parametrize(
    ("given", "status"), [(GOOD, 0), (PLACE, 1), (SHORT_NAME, 3), (f"{SHORT_NAME}\n{PLACE}", 1)]
)
def test_exit_status(given: str, status: int) -> None:
    assert run(given, "--batch").exit_code == status


@pytest.mark.parametrize(
    ("given", "options"),
    [
        (b"\xffSecret#77x\n", ("--batch",)),
        (b"", ()),
        (b"xK#7qZ!9wV\n", ("--context", "shoe=44")),
        (b"xK#7qZ!9wV\n", ("--context", "host")),
        (b"Secret#77x" * 10_000, ("--batch",)),
    ],
)
def test_input_that_is_none_ends_with_a_message(given: bytes, options: tuple[str, ...]) -> None:
    result = run(given, *options)
    assert result.exit_code == 2
    assert "Secret" not in result.output
    assert "Secret" not in repr(result.exception)
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize("options", [("--batch",), ("--batch", "--json")])
@pytest.mark.parametrize("tongue", ["vi", "en"])
def test_nothing_given_is_repeated(options: tuple[str, ...], tongue: str) -> None:
    choose_language(tongue)
    given = [GOOD, PLACE, SHORT_NAME, "ĐiểmCầu#2021", "Kx!Zebra77q"]
    said = run("\n".join(given), *options).output.lower()
    for word in [*given, "chaudoc", "châu đốc", "2021", "zebra", "điểmcầu"]:
        assert word.lower() not in said


def test_vietnamese_is_spoken_without_being_asked_for_json() -> None:
    choose_language("vi")
    assert "Không đạt: chứa địa danh" in run(PLACE).output
