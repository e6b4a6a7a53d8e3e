"""The demo command as a newcomer types it, and judging again what it stored."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]


def hnth(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scanner", "--lang", "en", *arguments],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def verdicts(document: str) -> dict[tuple[str, str], str]:
    return {
        (f["requirement"], f["subject"]["id"]): f["verdict"]
        for f in json.loads(document)["findings"]
    }


def test_demo_finds_what_it_broke_and_judging_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shown = hnth("demo", "--folder", str(folder), "--json")
    if "namespaces" in shown.stderr and shown.returncode == 2:
        pytest.skip(shown.stderr)
    assert shown.returncode == 0, shown.stderr
    assert "none missing, none extra" in shown.stderr
    assert (folder / "report.html").read_text().startswith("<!DOCTYPE html>")
    judged = hnth("judge", "--json", "--database", str(folder / "hnth.db"))
    assert judged.returncode == 1
    assert verdicts(judged.stdout) == verdicts(shown.stdout)


def test_every_fault_is_listed_with_what_it_must_bring_about() -> None:
    listed = hnth("demo", "--list-faults").stdout
    assert len(lab.FAULTS) >= 20
    assert [name for name in lab.FAULTS if name not in listed] == []
    assert "D10.1-b" in listed


def test_a_misspelt_fault_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    refused = hnth("demo", "--fault", "telnet-opem", "--folder", str(tmp_path / "demo"))
    assert refused.returncode == 2
    assert "--list-faults" in refused.stderr
    assert not (tmp_path / "demo").exists()
