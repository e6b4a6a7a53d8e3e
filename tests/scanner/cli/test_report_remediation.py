"""`hnth report --format remediation`: a folder with a file of commands for each device."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from inventory.text import Text
from rules.facts import Facts
from rules.model import Finding, Outcome, Subject
from rules.notice import Notice
from scanner.cli import report as command
from scanner.cli.scan import show
from scanner.cli.speech import choose_language
from scanner.store import RunPlan, Store

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
  - id: phong-hop
    kind: vcs
    site: trung-tam
    address: 10.67.10.11
    platform: cisco-roomos
allowlist:
  management: [10.67.20.0/28]
baselines:
  - name: rieng
    version: "1"
    families: [cisco-roomos]
    extends: family
    entries:
      - id: https-on
        fact: ntp.servers
        operator: not_empty
        title: phải có máy chủ thời gian riêng
"""


def finding(requirement: str, reason: str, device: str | None = "phong-hop") -> Finding:
    subject = Subject("device", device) if device else Subject("system", "inventory")
    return Finding(
        *(requirement, subject, Outcome.FAIL, "S1", Text(vi=reason, en=reason)),
        *(Text(vi="sửa", en="mend"), (), requirement),
        device=device,
    )


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hnth.db"
    with Store.open(str(path)) as store:
        plan = RunPlan(INVENTORY, ("phong-hop",), True, "auto", "1", "0.1.0")
        run = store.begin_run(plan, NOW)
        store.save_device(run, "phong-hop", [], Facts())
        store.finish_run(run, finished=NOW + timedelta(minutes=4))
        found = [
            finding("D11.1-d", "unneeded services run: telnet is enabled"),
            finding("D11.1-b", "not met of baseline rieng 1: phải có máy chủ thời gian riêng"),
            finding("D12.2-a", "no whole-system check", device=None),
        ]
        store.save_findings(run, found)
    choose_language("en")
    return path


def report(*arguments: str) -> Any:
    app = typer.Typer()
    app.command()(command.report)
    app.command()(command.runs)
    return CliRunner().invoke(app, ["report", "--format", "remediation", *arguments])


def test_each_device_gets_a_file_and_the_rest_another(database: Path, tmp_path: Path) -> None:
    done = report("-o", "sua", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert sorted(file.name for file in (tmp_path / "sua").iterdir()) == [
        "khong-nhap-lenh.txt",
        "phong-hop.txt",
    ]
    text = (tmp_path / "sua/phong-hop.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert "xConfiguration NetworkServices Telnet Mode: Off" in lines
    assert "does NOT execute" in text
    assert "2 failing requirements" in text
    rest = (tmp_path / "sua/khong-nhap-lenh.txt").read_text(encoding="utf-8")
    assert "D12.2-a" in rest
    assert all(line.startswith("#") for line in rest.splitlines() if line)


def test_an_entry_of_the_organisations_own_baseline_has_its_remedy(
    database: Path, tmp_path: Path
) -> None:
    assert report("-o", "sua", "--lang", "en").exit_code == 0
    text = (tmp_path / "sua/phong-hop.txt").read_text(encoding="utf-8")
    assert "- ntp.servers" in text
    assert "!!! FILL IN: <<ntp>> = address of the time server" in text
    assert not any(
        line.startswith("xConfiguration NetworkServices NTP") and "<<" in line
        for line in text.splitlines()
    )


@pytest.fixture
def observed(database: Path) -> Path:
    """Nothing fails, and the codec asks for short passwords."""
    said = Text(vi="yêu cầu quá ngắn", en="asks for too little")
    notice = Notice(
        *("weak-policy", "D11.2-b", Subject("device", "phong-hop"), "S3", said, said),
        device="phong-hop",
        fact="password_policy.min_length",
    )
    with Store.open(str(database)) as store:
        newest = store.latest_run("finished")
        assert newest is not None
        store.save_findings(newest.id, [], notices=[notice])
    return database


COMMAND = "xConfiguration UserManagement PasswordPolicy Complexity MinimumLength"


def test_an_observation_has_the_commands_of_its_family(observed: Path, tmp_path: Path) -> None:
    assert report("-o", "sua", "--lang", "en").exit_code == 0
    (file,) = (tmp_path / "sua").iterdir()
    text = file.read_text(encoding="utf-8")
    assert "0 failing requirements" in text
    below = text.split("Observations (no verdicts): 1")[1]
    assert any(line.startswith(COMMAND) for line in below.splitlines())
    assert "asks for too little" in below


def test_the_page_shows_them_too(observed: Path, tmp_path: Path) -> None:
    assert report("--format", "html", "-o", "page.html").exit_code == 0
    assert f'<code class="command">{COMMAND}' in (tmp_path / "page.html").read_text()


def test_the_summary_counts_them(observed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(str(observed)) as store:
        newest = store.latest_run("finished")
    assert newest is not None
    show(newest.id, (), str(observed), as_json=False, quiet=False)
    assert "Observations (no verdicts): 1" in capsys.readouterr().out


def test_the_folder_is_named_after_the_run_and_speaks_vietnamese(
    database: Path, tmp_path: Path
) -> None:
    assert report().exit_code == 0
    (folder,) = tmp_path.glob("hnth-*-remediation")
    assert "KHÔNG thực hiện" in (folder / "phong-hop.txt").read_text(encoding="utf-8")


def test_files_are_replaced_only_by_force(database: Path, tmp_path: Path) -> None:
    assert report("-o", "sua").exit_code == 0
    mine = tmp_path / "sua/phong-hop.txt"
    mine.write_text("mine", encoding="utf-8")
    again = report("-o", "sua")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert mine.read_text(encoding="utf-8") == "mine"
    assert report("-o", "sua", "--force").exit_code == 0
    assert mine.read_text(encoding="utf-8") != "mine"
