"""The file on disk: old or new after every death, guarded by its mode, written by one at a time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from inventory.vault import disk
from inventory.vault.errors import VaultError
from tests.inventory.vault.dying import Death, DyingSystem

OLD, NEW = b"old" * 700, b"new and longer" * 900


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "vault.hnth"
    disk.create(where, OLD)
    return where


def test_what_was_written_is_read_and_only_the_owner_may(path: Path) -> None:
    disk.replace(path, NEW)
    assert disk.read(path) == NEW
    assert path.stat().st_mode & 0o777 == 0o600
    assert {p.name for p in path.parent.iterdir()} == {"vault.hnth", ".vault.hnth.lock"}


def test_a_wide_umask_opens_nothing(path: Path) -> None:
    before = os.umask(0)
    try:
        disk.replace(path, NEW)
        with disk.locked(path):
            pass
    finally:
        os.umask(before)
    modes = [p.stat().st_mode & 0o777 for p in path.parent.iterdir()]
    assert modes == [0o600, 0o600]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o601, 0o666])
def test_a_file_that_others_may_touch_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(VaultError, match="chmod 600"):
        disk.read(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(VaultError, match="not a plain file"):
        disk.read(tmp_path / "pipe")
    with pytest.raises(VaultError, match="hnth vault init"):
        disk.read(tmp_path / "absent")
    with pytest.raises(VaultError, match="cannot be"):
        disk.read(tmp_path)


def test_nothing_is_created_over_anything(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for there in (path, tmp_path / "link"):
        with pytest.raises(VaultError, match="never overwrites"):
            disk.create(there, NEW)
    assert disk.read(path) == OLD


def test_a_link_keeps_leading_to_the_vault(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(path)
    disk.replace(link, NEW)
    assert link.is_symlink()
    assert disk.read(path) == NEW


def test_the_remnant_of_a_killed_writer_is_in_nobodys_way(path: Path) -> None:
    path.with_name(".vault.hnth.new").write_bytes(b"half")
    disk.replace(path, NEW)
    assert disk.read(path) == NEW
    assert not path.with_name(".vault.hnth.new").exists()


def test_a_remnant_that_is_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    path.with_name(".vault.hnth.new").symlink_to(victim)
    disk.replace(path, NEW)
    assert victim.read_bytes() == b"precious"


def test_a_full_disk_leaves_the_old_content(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int, _content: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "write", full)
    with pytest.raises(VaultError, match=r"the disk is full.*untouched"):
        disk.replace(path, NEW)
    monkeypatch.undo()
    assert disk.read(path) == OLD


def test_the_second_writer_waits_and_gives_up_with_a_reason(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "PATIENCE_S", 0.1)
    with disk.locked(path), pytest.raises(VaultError, match="another hnth"), disk.locked(path):
        pass
    with disk.locked(path):
        pass


def steps_of_a_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    counting = DyingSystem(10**6, random.Random(1))
    monkeypatch.setattr(disk, "os", counting)
    disk.replace(path, OLD)
    monkeypatch.undo()
    return counting.steps


def test_death_at_any_step_leaves_old_or_new(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """600 of the 10,000 deaths of benchmarks/vault_kills.py."""
    chance = random.Random(20201021)
    most = steps_of_a_write(path, monkeypatch) + 12
    seen = set()
    for number in range(600):
        path.write_bytes(OLD)
        dying = DyingSystem(number % most, chance)
        monkeypatch.setattr(disk, "os", dying)
        try:
            disk.replace(path, NEW)
        except Death:
            seen.add("died")
        monkeypatch.undo()
        content = disk.read(path)
        assert content in (OLD, NEW), f"death at step {number % most}"
        seen.add("new" if content == NEW else "old")
    assert seen == {"died", "old", "new"}


def test_a_writer_that_forces_nothing_to_disk_would_be_found(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulation can fail: without fsync a death after the rename leaves a torn file."""
    chance = random.Random(7)
    torn = 0
    for number in range(200):
        path.write_bytes(OLD)
        dying = DyingSystem(number % 24, chance)
        monkeypatch.setattr(dying, "_fsync", lambda _handle: None, raising=False)
        monkeypatch.setattr(disk, "os", dying)
        with suppress(Death):
            disk.replace(path, NEW)
        monkeypatch.undo()
        torn += disk.read(path) not in (OLD, NEW)
    assert torn > 0


WRITER = """
import sys
from pathlib import Path
from inventory.vault import disk
path = Path(sys.argv[1])
print("ready", flush=True)
for number in range(10**9):
    with disk.locked(path):
        disk.replace(path, b"%d " % (number % 10) * 50_000)
"""


def test_a_process_that_is_killed_leaves_a_whole_file_and_no_lock(path: Path) -> None:
    chance = random.Random(3)
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(0.02 + chance.random() / 20)
            writer.send_signal(signal.SIGKILL)
        content = disk.read(path)
        assert content == OLD or content == content[:2] * 50_000
        with disk.locked(path):
            disk.replace(path, OLD)
