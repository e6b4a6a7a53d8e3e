"""One province per test process; every test says which faults it wants to be in force."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import lab

SCAN_S = 240.0
FEWER_PORTS = "1-1024,1720,5000-6000,8443"
"""Where the devices of the province and their faults open anything, and around it."""


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: status, parsed findings when it printed any, and its words."""

    status: int
    output: str
    said: str

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.output)

    def verdicts(self, outcome: str) -> set[tuple[str, str, str]]:
        return {
            (f["requirement"], f["subject"]["kind"], f["subject"]["id"])
            for f in self.document["findings"]
            if f["verdict"] == outcome
        }


@dataclass
class Scanner:
    """The scanner's own host in the province."""

    province: lab.Lab
    folder: Path
    """Where this test keeps its database."""

    @property
    def database(self) -> Path:
        return self.folder / "hnth.db"

    def arguments(self, *options: str, inventory: Path | None = None) -> list[str]:
        return [
            *(sys.executable, "-m", "scanner", "--lang", "en", "scan", "--json"),
            *("--inventory", str(inventory or self.province.inventory)),
            *("--database", str(self.database)),
            *options,
        ]

    def scan(self, *options: str, inventory: Path | None = None) -> Outcome:
        return self.hnth(self.arguments(*options, inventory=inventory))

    def with_fewer_ports(self) -> Path:
        """The inventory with `FEWER_PORTS` instead of all: every fault of the table shows there.

        Port requirements then cannot pass, which changes no failure and saves most of the time.
        """
        original = self.province.inventory
        copy = original.with_name("fewer-ports.yaml")
        text = original.read_text()
        assert text.count("\nscan:\n") == 1
        copy.write_text(text.replace("\nscan:\n", f"\nscan:\n  tcp_ports: {FEWER_PORTS}\n"))
        return copy

    def hnth(self, command: Sequence[str], environment: dict[str, str] | None = None) -> Outcome:
        done = self.province.run(
            "may-quet",
            command,
            environment={**os.environ, **(environment or {})},
            timeout_s=SCAN_S,
        )
        return Outcome(
            done.status,
            done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"),
        )


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lab.Lab]:
    try:
        started = lab.start(tmp_path_factory.mktemp("province"))
    except lab.LabUnavailable as error:
        pytest.skip(str(error))
    with started:
        yield started


@pytest.fixture
def scanner(province: lab.Lab, tmp_path: Path) -> Scanner:
    """The scanner's host; the province is compliant until the test says otherwise."""
    if province.faults:
        province.become(())
    return Scanner(province, tmp_path)
