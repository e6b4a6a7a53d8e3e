"""A run that is killed or stopped keeps what it has, and --resume does the rest."""

from __future__ import annotations

import signal
import sqlite3
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]

FAULTS = ("telnet-open", "foreign-host", "vcs-switched-off")


def saved(scanner) -> int:
    """How many devices the database holds by now; 0 while it is being created."""
    try:
        with sqlite3.connect(f"file:{scanner.database}?mode=ro", uri=True) as database:
            return database.execute(
                "select count(*) from devices where status != 'pending'"
            ).fetchone()[0]
    except sqlite3.Error:
        return 0


def begin_and_signal(scanner, inventory: Path, number: int, *options: str) -> int:
    """A scan that gets the signal as soon as two more devices are saved; its exit status."""
    command = scanner.arguments(*options, inventory=inventory)
    enough = saved(scanner) + 2
    with scanner.province.popen("may-quet", command) as running:
        deadline = time.monotonic() + 120
        while saved(scanner) < enough:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        asked = time.monotonic()
        running.signal(number)
        status = running.wait(60)
        assert time.monotonic() - asked < 10
    return status


def essence(outcome) -> set[tuple[str, ...]]:
    """Findings without the moments at which evidence was captured."""
    return {
        (f["requirement"], f["subject"]["kind"], f["subject"]["id"], f["verdict"], f["fingerprint"])
        for f in outcome.document["findings"]
    }


def test_killed_interrupted_and_resumed_equals_uninterrupted(scanner, tmp_path_factory) -> None:
    scanner.province.become(FAULTS)
    inventory = scanner.with_fewer_ports()
    assert begin_and_signal(scanner, inventory, signal.SIGKILL) in {-9, 137}
    before = saved(scanner)
    assert before >= 2
    assert begin_and_signal(scanner, inventory, signal.SIGINT, "--resume") == 130
    assert saved(scanner) >= before + 2
    resumed = scanner.scan("--resume", inventory=inventory)
    assert resumed.status == 1, resumed.said
    fresh = type(scanner)(scanner.province, tmp_path_factory.mktemp("fresh"))
    uninterrupted = fresh.scan(inventory=inventory)
    assert essence(resumed) == essence(uninterrupted)


def test_nothing_to_resume_says_so(scanner) -> None:
    outcome = scanner.scan("--resume")
    assert outcome.status == 2
    assert "no unfinished run" in outcome.said
