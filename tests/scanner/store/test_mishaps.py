"""A full disk, a read-only disk and a killed process lose nothing that was committed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.store.store import Store

SAVE = """
import os, sys
from datetime import datetime, timezone
from rules.facts import Facts, Known
from scanner.evidence import Document
from scanner.store.errors import StoreError
from scanner.store.records import RunPlan
from scanner.store.store import Store

def plan(devices):
    return RunPlan("x", tuple(devices), True, "2026", "1", "0")

def save(store, run, device, size):
    content = os.urandom(size)
    doc = Document(content, "x", "C", datetime.now(timezone.utc))
    store.save_device(run, device, [doc], Facts({"call.active": Known(0)}))
"""

UNTIL_FULL = (
    SAVE
    + """
names = [f"vcs-{n}" for n in range(60)]
with Store.open(sys.argv[1]) as store:
    run = store.begin_run(plan(names))
    done = 0
    try:
        for name in names:
            save(store, run, name, 100_000)
            done += 1
    except StoreError as error:
        print(done, error.text.vi, "|", error.text.en)
"""
)

UNTIL_KILLED = (
    SAVE
    + """
from scanner.store import rows as module
store = Store.open(sys.argv[1])
run = store.begin_run(plan(["done", "half"]))
save(store, run, "done", 1000)
insert = module.insert_rows
def stop(connection, table, key, rows, **how):
    insert(connection, table, key, rows, **how)
    if table.name == "facts":
        print("in the middle", flush=True)
        import time; time.sleep(60)
module.insert_rows = stop
save(store, run, "half", 500_000)
"""
)


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def assert_sound(path: Path, devices: int) -> None:
    """The database is whole and holds exactly the devices that were reported as saved."""
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    with Store.open(str(path)) as store:
        (run,) = store.runs()
        done = [d for d in store.devices(run.id) if d.state == "done"]
        items = store.evidence_items(run.id)
        assert len(done) == len(items) == devices
        assert all(len(store.evidence(item.sha256)) == item.size for item in items)


def test_a_size_limit_is_reported_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "hnth.db"
    command = ["bash", "-c", 'ulimit -f 2000; exec "$@"', "-", *python(UNTIL_FULL, str(path))]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    done, message = result.stdout.split(" ", 1)
    assert 0 < int(done) < 60
    assert "Disk" in message or "disk" in message
    assert "--resume" in message
    assert_sound(path, int(done))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small tmpfs needs root")
def test_a_full_disk_is_reported_and_nothing_is_lost(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=2m tmpfs "$1"; shift; "$@"; cp "$0"/* "$0".saved/'
    disk, saved = tmp_path / "disk", tmp_path / "disk.saved"
    disk.mkdir()
    saved.mkdir()
    run = ["unshare", "-m", "bash", "-c", script, str(disk), str(disk)]
    result = subprocess.run(
        [*run, *python(UNTIL_FULL, str(disk / "hnth.db"))],
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount" in result.stderr or "unshare" in result.stderr:
        pytest.skip(f"no private mounts here: {result.stderr.strip()}")
    done, message = result.stdout.split(" ", 1)
    assert 0 < int(done) < 60
    assert "đĩa đã đầy" in message
    assert "the disk is full" in message
    assert_sound(saved / "hnth.db", int(done))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting read-only needs root")
@pytest.mark.parametrize("side_files", [False, True], ids=["closed", "with write-ahead log"])
def test_a_read_only_disk_is_reported(tmp_path: Path, side_files: bool) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    held = Store.open(str(disk / "hnth.db"))
    if not side_files:
        held.close()
    code = SAVE + (
        "\ntry:\n    s = Store.open(sys.argv[1])\n    s.begin_run(plan(['a']))\n"
        "except StoreError as error:\n    print(error.text.en)\n"
    )
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && "$@"'
    result = subprocess.run(
        ["unshare", "-m", "bash", "-c", script, str(disk), *python(code, str(disk / "hnth.db"))],
        capture_output=True,
        text=True,
        check=False,
    )
    held.close()
    if "mount" in result.stderr or "unshare" in result.stderr:
        pytest.skip(f"no private mounts here: {result.stderr.strip()}")
    assert "read-only" in result.stdout, result


def test_a_process_killed_while_saving_leaves_no_half_device(tmp_path: Path) -> None:
    path = tmp_path / "hnth.db"
    process = subprocess.Popen(python(UNTIL_KILLED, str(path)), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"in the middle")
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    started = time.monotonic()
    assert_sound(path, 1)
    assert time.monotonic() - started < 5
    with Store.open(str(path)) as store:
        run = store.latest_run("running")
        assert run is not None
        assert [(d.device, d.state) for d in store.devices(run.id)] == [
            ("done", "done"),
            ("half", "pending"),
        ]
        assert store.resume_run(run.id) == {"done"}
