"""`hnth report` and `hnth runs` on a database with two runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from inventory.text import Text
from rules.facts import Facts
from rules.model import Finding, Outcome, Subject
from scanner.cli import report as command
from scanner.cli.speech import choose_language
from scanner.store import RunPlan, Store, StoreError

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
INVENTORY = """\
organisation:
  name: Trung tâm Công nghệ thông tin
  province: An Giang
sites:
  - id: trung-tam
    name: Trung tâm dữ liệu tỉnh
    level: province
zones:
  - id: hnth-tinh
    kind: hnth
    site: trung-tam
    prefixes: [10.67.10.0/24]
devices:
  - id: mcu-tinh
    kind: mcu
    site: trung-tam
    address: 10.67.10.10
"""

app = typer.Typer()
app.command()(command.report)
app.command()(command.runs)


@pytest.fixture(autouse=True)
def english() -> None:
    choose_language("en")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An older judged run and a newer one that was killed."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hnth.db"
    with Store.open(str(path)) as store:
        plan = RunPlan(INVENTORY, ("mcu-tinh",), True, "auto", "1", "0.1.0")
        run = store.begin_run(plan, NOW)
        store.save_device(run, "mcu-tinh", [], Facts())
        store.finish_run(run, finished=NOW + timedelta(minutes=4))
        finding = Finding(
            "D11.1-d",
            Subject("device", "mcu-tinh"),
            Outcome.FAIL,
            "S1",
            Text(vi="telnet đang bật", en="telnet is on"),
            Text(vi="Tắt telnet.", en="Turn telnet off."),
            (),
            "f" * 32,
            site="trung-tam",
            device="mcu-tinh",
        )
        store.save_findings(run, [finding])
        store.begin_run(plan, NOW + timedelta(days=1))
    return path


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_the_newest_finished_run_is_reported(database: Path, tmp_path: Path) -> None:
    result = invoke("report", "-o", "out.html")
    assert result.exit_code == 0, result.output
    assert "out.html" in result.stderr
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert 'lang="vi"' in page
    assert "telnet đang bật" in page
    assert "Trung tâm Công nghệ thông tin" in page


def test_the_file_is_named_after_the_run(database: Path, tmp_path: Path) -> None:
    assert invoke("report", "--lang", "en").exit_code == 0
    (page,) = tmp_path.glob("hnth-20261123-093000-*.html")
    assert "telnet is on" in page.read_text(encoding="utf-8")


def test_json_goes_to_standard_output(database: Path) -> None:
    result = invoke("report", "--format", "json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["counts"]["FAIL"] == 1
    assert document["findings"][0]["reason"]["vi"] == "telnet đang bật"
    assert document == command.findings_json(str(database), document["run"]["id"])


def test_an_existing_file_is_replaced_only_by_force(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    target.write_text("mine", encoding="utf-8")
    result = invoke("report", "-o", str(target))
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert target.read_text(encoding="utf-8") == "mine"
    assert invoke("report", "-o", str(target), "--force").exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("day", ["2026-02-05", "05/02/2026"])
def test_number_and_date_make_the_draft_a_document(
    database: Path, tmp_path: Path, day: str
) -> None:
    result = invoke("report", "-o", "out.html", "--number", "05/BC-SKHCN", "--date", day)
    assert result.exit_code == 0, result.output
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "05/BC-SKHCN" in page
    assert "ngày 05 tháng 02 năm 2026" in page
    assert "Dự thảo" not in page


@pytest.mark.parametrize("half", [("--number", "05/BC"), ("--date", "2026-02-05")])
def test_half_an_issue_is_refused(database: Path, tmp_path: Path, half: tuple[str, str]) -> None:
    result = invoke("report", "-o", "out.html", *half)
    assert result.exit_code == 2
    assert "give both, or neither" in re.sub(r"\s+", " ", result.stderr)
    assert not (tmp_path / "out.html").exists()


def test_a_folder_that_does_not_exist_is_named(database: Path, tmp_path: Path) -> None:
    result = invoke("report", "-o", str(tmp_path / "no" / "out.html"))
    assert result.exit_code == 2
    assert "could not be written" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "20200101-000000-0000"], "There is no run 20200101-000000-0000"),
        (["report", "-d", "absent.db"], "There is no database absent.db"),
        (["runs", "-d", "absent.db"], "There is no database absent.db"),
    ],
)
def test_what_does_not_exist_is_said_clearly(
    database: Path, arguments: list[str], message: str
) -> None:
    result = invoke(*arguments)
    assert isinstance(result.exception, StoreError)  # `hnth` turns it into exit status 2
    assert message in result.exception.text.en


def test_a_run_that_was_not_judged_is_not_reported(database: Path) -> None:
    unfinished = json.loads(invoke("runs", "--json").stdout)[0]["id"]
    result = invoke("report", unfinished)
    assert isinstance(result.exception, StoreError)
    assert "--resume" in result.exception.text.en


def test_an_empty_database_says_how_to_start(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    Store.open(str(path)).close()
    result = invoke("report", "-d", str(path))
    assert result.exit_code == 2
    assert "hnth scan" in result.stderr
    result = invoke("runs", "-d", str(path))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert invoke("runs", "--json", "-d", str(path)).stdout.strip() == "[]"


def test_runs_are_listed_newest_first(database: Path) -> None:
    lines = [line for line in invoke("runs").stdout.splitlines() if line.startswith("2026")]
    assert len(lines) == 2
    assert "unfinished" in lines[0]
    assert "finished" in lines[1]
    newest, oldest = json.loads(invoke("runs", "--json").stdout)
    assert newest["status"] == "running"
    assert oldest["counts"] == {"FAIL": 1, "UND": 0, "PASS": 0, "NA": 0}
    assert oldest["devices"] == {"done": 1, "failed": 0, "pending": 0}
    assert oldest["finished"] == "2026-11-23T02:34:00+00:00"
