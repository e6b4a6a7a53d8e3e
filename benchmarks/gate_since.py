"""How much longer `hnth gate --since` takes on a repository than its changed files alone.

    python benchmarks/gate_since.py [--files N] [--changed N] [--rounds N]

The files are the simulated configurations of the tests, each a device of its own, once without and
once with an inventory that declares them all: then every file is read, for the network is judged as
a whole on both sides. The changed files alone are judged in the same repository, named one by one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.scanner.gate.configurations import (  # noqa: E402 - found by the line above
    CODEC,
    FIREWALL,
    INVENTORY,
    TELNET_ON,
)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "gc.auto=0"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, files: int, *, declared: bool) -> None:
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "fw.conf").write_text(FIREWALL)
    rows = []
    for number in range(files - 1):
        named = CODEC.replace("Phong hop 1", f"Phong hop {number}")
        (folder / f"codec-{number}.txt").write_text(named)
        address = f"10.67.{100 + number // 250}.{number % 250 + 1}"
        rows.append(f"  - {{id: codec-{number}, kind: vcs, site: tinh, address: {address}}}\n")
    if declared:
        (folder / "inventory.yaml").write_text(
            INVENTORY.replace("allowlist:\n", "".join(rows) + "allowlist:\n")
        )
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


def wall(folder: Path, *arguments: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "scanner", "gate", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(f"{arguments}: status {done.returncode}\n{done.stderr[-800:].decode()}")
    return time.perf_counter() - began


def measured(folder: Path, changed: int, rounds: int) -> str:
    names = [f"codec-{number}.txt" for number in range(changed)]
    for name in names:
        (folder / name).write_text(TELNET_ON)
    alone = statistics.median(wall(folder, *names) for _ in range(rounds))
    since = statistics.median(wall(folder, ".", "--since", "HEAD") for _ in range(rounds))
    return f"{folder.name:24}{alone:10.2f}{since:10.2f}{since - alone:10.2f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--files", type=int, default=1_000)
    options.add_argument("--changed", type=int, default=3)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print(f"{f'{given.files} files':24}{'alone s':>10}{'since s':>10}{'more s':>10}")
    with tempfile.TemporaryDirectory() as place:
        for name, declared in (("without inventory", False), ("all declared", True)):
            folder = Path(place) / name
            repository(folder, given.files, declared=declared)
            print(measured(folder, given.changed, given.rounds), flush=True)


if __name__ == "__main__":
    main()
