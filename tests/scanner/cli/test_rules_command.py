"""`hnth rules` lists and explains the requirements."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner, Result

from rules.registry import rules as all_rules
from rules.requirements import REQUIREMENTS
from scanner.cli.rules import rules
from scanner.cli.speech import choose_language


@pytest.fixture(autouse=True)
def _language_of_the_locale_afterwards() -> Iterator[None]:
    yield
    choose_language(None)


def run(language: str, *arguments: str) -> Result:
    choose_language(language)
    app = typer.Typer()
    app.command()(rules)
    return CliRunner().invoke(app, list(arguments))


def test_the_list_has_all_requirements_and_marks_the_automated() -> None:
    lines = run("en").stdout.splitlines()
    assert len(lines) == 52
    assert sum(line.startswith("*") for line in lines) == len(all_rules())
    assert lines[0].split()[:3] == ["*", "D10.1-a", "S2"]


def test_the_list_for_machines() -> None:
    listed = json.loads(run("en", "--json").stdout)
    assert [item["id"] for item in listed] == list(REQUIREMENTS)
    assert {item["automated"] for item in listed} == {True, False}


@pytest.mark.parametrize("name", ["D11.2-b", "d11.2-b", " D11.2-B "])
def test_one_is_explained_in_vietnamese(name: str) -> None:
    shown = run("vi", name).stdout
    assert "Mật khẩu có ít nhất 8 ký tự (khoản 2 Điều 11)" in shown
    assert "“Sử dụng tối thiểu 8 ký tự”" in shown
    assert "password_policy.min_length" in shown


def test_one_is_explained_for_machines() -> None:
    shown = json.loads(run("en", "D11.2-b", "--json").stdout)
    assert shown["title"]["en"] == "Passwords have 8 characters or more"
    assert shown["kinds"] == ["mcu", "vcs"]
    assert len(shown["reasons"]["vi"]) == len(shown["reasons"]["en"]) > 0


def test_one_that_is_not_automated_says_so() -> None:
    assert "not yet automated" in run("en", "D12.4-a").stdout


def test_an_unknown_id_ends_with_status_2() -> None:
    result = run("en", "D99.9-z")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "`hnth rules` lists them" in result.stderr
