"""`--since`: what a change adds, fixes and worsens; what was there before does not count."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scanner.gate import devices as reading
from scanner.gate.baseline_file import as_text
from scanner.gate.baseline_use import baseline_of
from scanner.gate.model import GateRequest, GateResult
from scanner.gate.run import run_gate
from tests.scanner.gate.configurations import (
    CODEC,
    FIREWALL,
    INVENTORY,
    OPENED,
    TELNET_ON,
    WITHOUT_TELNET,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    quiet = ["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *identity, *quiet, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"},
    )
    return done.stdout


def commit(folder: Path, **files: str) -> None:
    """The files, dots of their names written as two underscores, are the next revision."""
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def gate(folder: Path, since: str = "HEAD", *paths: str, **more: Any) -> GateResult:
    named = tuple(folder / path for path in paths) or (folder,)
    return run_gate(GateRequest(paths=named, now=NOW, shown_from=folder, since=since, **more))


def changes(result: GateResult) -> dict[str, list[str]]:
    told = result.changes
    assert told is not None
    listed = {name: getattr(told, name) for name in ("added", "fixed", "known")}
    shown = {
        n: sorted({f"{f.requirement} {f.subject.id}" for f in found}) for n, found in listed.items()
    }
    worse = sorted({f"{w.now.requirement} {w.now.subject.id}" for w in told.worsened})
    return {name: what for name, what in {**shown, "worsened": worse}.items() if what}


TELNET = ["D11.1-b a", "D11.1-c a", "D11.1-d a"]


def test_a_fault_that_was_there_is_known_and_does_not_count(folder: Path) -> None:
    commit(folder, a__txt=TELNET_ON)
    (folder / "a.txt").write_text("\n\n" + TELNET_ON)
    result = gate(folder)
    assert (result.status, result.reason) == (0, None)
    assert changes(result) == {"known": TELNET}
    assert "only what is new counts; 3 found there already" in result.relaxations[-1].en


def test_a_new_fault_counts_and_a_mended_one_is_told(folder: Path) -> None:
    commit(folder, a__txt=CODEC, b__txt=TELNET_ON)
    (folder / "a.txt").write_text(TELNET_ON)
    (folder / "b.txt").write_text(CODEC)
    result = gate(folder)
    assert result.status == 1
    assert changes(result) == {
        "added": TELNET,
        "fixed": [name.replace(" a", " b") for name in TELNET],
    }


def test_a_fault_that_rests_on_more_is_worse(folder: Path) -> None:
    commit(folder, a__txt=TELNET_ON)
    (folder / "a.txt").write_text(TELNET_ON.replace("HTTP Mode: HTTPS", "HTTP Mode: HTTP+HTTPS"))
    result = gate(folder)
    assert result.status == 1
    assert "D11.1-b a" in changes(result)["worsened"]


@pytest.mark.parametrize("staged", [True, False], ids=["staged", "untracked"])
def test_a_renamed_file_brings_nothing_new(folder: Path, staged: bool) -> None:
    commit(folder, a__txt=TELNET_ON, b__txt=CODEC)
    (folder / "sub").mkdir()
    (folder / "a.txt").rename(folder / "sub" / "hop.txt")
    if staged:
        git(folder, "add", "-A")
    result = gate(folder)
    assert result.status == 0
    assert result.changes is not None
    assert result.changes.moved == {"sub/hop.txt": "a.txt"}
    assert len(result.changes.known) == 3


def test_a_copy_under_another_name_is_new(folder: Path) -> None:
    commit(folder, a__txt=TELNET_ON)
    (folder / "b.txt").write_text(TELNET_ON)
    result = gate(folder)
    assert result.status == 1
    assert changes(result) == {"added": [name.replace(" a", " b") for name in TELNET]}


NOT_A_CHANGE = {
    "nothing": lambda folder: None,
    "a text": lambda folder: (folder / "README.md").write_text("# x\n"),
    "something that no device exports": lambda folder: (folder / "data.json").write_text("{}"),
    "line ends": lambda folder: (folder / "a.txt").write_bytes(
        TELNET_ON.replace("\n", "\r\n").encode()
    ),
}


@pytest.mark.parametrize("change", NOT_A_CHANGE.values(), ids=NOT_A_CHANGE.keys())
def test_where_no_configuration_differs_it_is_green(folder: Path, change: Any) -> None:
    commit(folder, a__txt=TELNET_ON)
    change(folder)
    result = gate(folder)
    assert (result.status, result.devices) == (0, ())
    assert "only what is new counts" in result.relaxations[-1].en


def test_unchanged_files_are_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(folder, a__txt=CODEC, b__txt=CODEC, c__txt=CODEC)
    read = []
    load = reading.load
    monkeypatch.setattr(reading, "load", lambda paths: read.extend(paths) or load(paths))
    (folder / "b.txt").write_text(TELNET_ON)
    gate(folder)
    assert [path.name for path in read] == ["b.txt", "b.txt"]


def test_a_file_that_is_no_longer_understood_keeps_it_shut(folder: Path) -> None:
    commit(folder, a__txt=CODEC, b__txt=CODEC)
    (folder / "a.txt").write_text("colour = blue\n")
    result = gate(folder)
    assert result.status == 3
    assert next(one for one in result.files if one.file == "a.txt").matters


def test_all_files_gone_and_no_file_at_all_are_not_the_same(folder: Path) -> None:
    commit(folder, a__txt=TELNET_ON)
    (folder / "a.txt").unlink()
    result = gate(folder)
    assert (result.status, changes(result)) == (0, {"fixed": TELNET})
    commit(folder)
    assert gate(folder).status == 2


def network(folder: Path, firewall: str = OPENED) -> None:
    commit(folder, inventory__yaml=INVENTORY, fw__conf=firewall, codec__txt=CODEC)


def test_with_an_inventory_the_network_is_judged_on_both_sides(folder: Path) -> None:
    network(folder)
    (folder / "codec.txt").write_text(TELNET_ON)
    result = gate(folder)
    assert changes(result) == {
        "added": [name.replace(" a", " codec") for name in TELNET],
        "known": ["D10.1-b hnth", "D10.1-e fw", "D10.1-h hnth"],
    }
    assert {d.id for d in result.devices} == {d.id for d in result.earlier} == {"codec", "fw"}
    before, now = (
        next(d for d in side if d.id == "fw") for side in (result.earlier, result.devices)
    )
    assert before is now


def test_a_device_of_which_nothing_differs_is_not_judged_by_itself(folder: Path) -> None:
    network(folder, FIREWALL)
    exception = (
        "waivers:\n  - {requirement: D11.1-d, subject: codec, number: 12/CV, issued: 2026-01-05, "
        "approver: Giám đốc, reason: chờ thay thiết bị, expires: 2026-12-31}\n"
    )
    commit(folder, codec__txt=TELNET_ON, inventory__yaml=INVENTORY + exception)
    (folder / "fw.conf").write_text(OPENED)
    result = gate(folder)
    judged = {one.finding.requirement for one in result.judged if one.finding.device == "codec"}
    assert "D11.1-d" not in judged
    assert result.notes == (), "its exception is not called idle for that"
    told = {name for names in changes(result).values() for name in names}
    assert told
    assert not any(name.endswith(" codec") for name in told)


def test_the_inventory_of_the_revision_judges_the_revision(folder: Path) -> None:
    network(folder)
    narrowed = INVENTORY.replace("sources: [10.67.40.5/32]", "sources: [0.0.0.0/0]")
    (folder / "inventory.yaml").write_text(narrowed)
    assert "D10.1-h hnth" in changes(gate(folder))["fixed"]
    (folder / "inventory.yaml").unlink()
    git(folder, "rm", "-q", "--cached", "inventory.yaml")
    assert gate(folder).status == 3


def test_taking_the_firewall_away_mends_nothing(folder: Path) -> None:
    network(folder)
    (folder / "fw.conf").unlink()
    result = gate(folder)
    assert result.status == 3
    found = changes(result)
    assert "fixed" not in found
    assert "D10.1-h hnth" in found["worsened"]


def test_beside_a_baseline_no_entry_is_called_stale(folder: Path, tmp_path: Path) -> None:
    commit(folder, a__txt=TELNET_ON)
    accepted = tmp_path / "accepted.json"
    all_of_it = run_gate(GateRequest(paths=(folder,), now=NOW, shown_from=folder))
    accepted.write_text(as_text(baseline_of(all_of_it, reason="x", expires=None)))
    (folder / "a.txt").write_text("\n" + TELNET_ON)
    result = gate(folder, baseline=accepted)
    assert (result.status, result.notes) == (0, ())
    (folder / "b.txt").write_text(TELNET_ON)
    assert gate(folder, baseline=accepted).status == 1


def test_losing_a_setting_is_as_in_a_gate_without_revision(folder: Path) -> None:
    commit(folder, a__txt=CODEC)
    (folder / "a.txt").write_text(WITHOUT_TELNET)
    plain = run_gate(GateRequest(paths=(folder,), now=NOW, shown_from=folder))
    assert gate(folder).status == plain.status


def test_parts_of_one_device_are_read_together(folder: Path) -> None:
    (folder / "room").mkdir()
    (folder / "room" / "configuration.txt").write_text(TELNET_ON)
    (folder / "room" / "status.txt").write_text("*s SystemUnit ProductPlatform: Room Kit\n")
    commit(folder)
    (folder / "room" / "status.txt").write_text("*s SystemUnit ProductPlatform: Room Bar\n")
    result = gate(folder)
    assert len(result.earlier[0].documents) == len(result.devices[0].documents) == 2
    assert len(changes(result)["known"]) == 3


WRONG = {
    "unknown": ("nowhere", "no revision “nowhere”"),
    "an option": ("--output=x", "not the name of a git revision"),
    "empty": ("", "not the name of a git revision"),
    "control characters": ("HEAD\x1b[2J", "not the name of a git revision"),
    "a file": ("HEAD:a.txt", "no revision"),
    "a range": ("HEAD..HEAD", "no revision"),
}


@pytest.mark.parametrize(("name", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_revision_that_is_none_is_one_message_and_2(folder: Path, name: str, said: str) -> None:
    commit(folder, a__txt=CODEC)
    result = gate(folder, name)
    assert result.status == 2
    assert len(result.problems) == 1
    assert said in result.problems[0].en
    assert "\x1b" not in result.problems[0].en
    assert not (folder / "x").exists()


def test_outside_a_repository_and_in_a_shallow_clone(folder: Path, tmp_path: Path) -> None:
    commit(folder, a__txt=CODEC)
    commit(folder, a__txt=TELNET_ON)
    first = git(folder, "rev-parse", "HEAD~1").strip()
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.txt").write_text(CODEC)
    outside = gate(plain)
    assert (outside.status, "no git repository" in outside.problems[0].en) == (2, True)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{folder}", "shallow")
    result = gate(tmp_path / "shallow", first)
    assert result.status == 2
    assert "git fetch --unshallow" in result.problems[0].en
    assert gate(tmp_path / "shallow").status == 0


def test_links_of_the_revision_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TELNET_ON)
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    commit(folder, b__txt=CODEC)
    (folder / "a.txt").unlink()
    (folder / "a.txt").write_text(TELNET_ON)
    result = gate(folder)
    assert changes(result) == {"added": TELNET}


def test_no_program_of_the_repository_runs_and_nothing_is_left(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    commit(folder, a__txt=CODEC)
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "diff.external",
        "filter.f.clean",
    ):
        git(folder, "config", key, str(script))
    (folder / ".gitattributes").write_text("* filter=f diff=f\n")
    (folder / "a.txt").write_text(TELNET_ON)
    before = sorted(path.name for path in tmp_path.iterdir())
    state = sorted(path.name for path in (folder / ".git").rglob("*"))
    assert gate(folder).status == 1
    assert not (tmp_path / "ran").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert sorted(path.name for path in (folder / ".git").rglob("*")) == state
