"""`hnth report --format`: a stored run for spreadsheets, code scanning and test reports."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from inventory.text import Text
from rules.facts import Facts
from rules.model import Finding, Outcome, Subject
from scanner.cli import report as command
from scanner.cli.speech import choose_language
from scanner.store import RunPlan, Store
from tests.reports import read_back

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
INVENTORY = """\
organisation: {name: Trung tâm Công nghệ thông tin, province: An Giang}
sites: [{id: trung-tam, name: Trung tâm dữ liệu tỉnh, level: province}]
devices: [{id: mcu-tinh, kind: mcu, site: trung-tam, address: 10.67.10.10}]
"""

app = typer.Typer()
app.command()(command.report)
app.command()(command.runs)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    choose_language("en")
    reason = Text(vi="telnet đang bật", en="telnet is on")
    finding = Finding(
        requirement="D11.1-d",
        subject=Subject("device", "mcu-tinh"),
        outcome=Outcome.FAIL,
        severity="S1",
        reason=reason,
        remedy=None,
        citations=(),
        fingerprint="f" * 32,
        device="mcu-tinh",
    )
    with Store.open("hnth.db") as store:
        plan = RunPlan(INVENTORY, ("mcu-tinh",), True, "auto", "1", "0.1.0")
        run = store.begin_run(plan, NOW)
        store.save_device(run, "mcu-tinh", [], Facts())
        store.finish_run(run, finished=NOW)
        store.save_findings(run, [finding])
    yield
    choose_language(None)


def printed(form: str) -> str:
    done = CliRunner().invoke(app, ["report", "--format", form])
    assert done.exit_code == 0, done.output
    return done.stdout


ROW = ("D11.1-d", "mcu-tinh", "FAIL", "S1")


def test_sarif() -> None:
    ((*found, file, line),) = read_back.sarif_rows(printed("sarif"))
    assert tuple(found) == ROW
    assert (file, line) == ("inventory.yaml", None), "code scanning wants a place"


def test_junit() -> None:
    assert {row[:4] for row in read_back.junit_rows(printed("junit"))} == {ROW}
    assert 'name="verdict"' not in printed("junit"), "a scan has no gate that could be green"


def test_csv() -> None:
    said = printed("csv")
    assert said.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(said.removeprefix("\ufeff")))
    assert (row["requirement"], row["subject"], row["verdict"], row["severity"]) == ROW
    assert row["reason"] == "telnet đang bật"


def test_into_a_file_that_is_not_replaced(tmp_path: Path) -> None:
    again = [CliRunner().invoke(app, ["report", "-f", "sarif", "-o", "x.sarif"]) for _ in range(2)]
    assert [done.exit_code for done in again] == [0, 2]
    read_back.sarif((tmp_path / "x.sarif").read_text())
