"""How fast the gate answers: one file from a cold process, and a thousand mixed configurations.

    python benchmarks/gate.py [--files N] [--netlint-files N] [--rounds N] [--checkov]

Files are the recorded samples beside the checkout, or the simulated devices of the tests where
there are none, repeated; every file is a device of its own. netlint checks the IOS samples, and
`hnth gate` the same files in the same run. netlint and checkov come from PyPI into environments of
their own that are thrown away. checkov knows none of these files: its figure is the time that a
gate of its kind takes to start and to find that out.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.saved_configurations import CHECK_ALL, IOS, NETLINT, ROOT, repeated, samples

CONFIGS = ROOT.parent / "shared" / "netconfigs"


@dataclass(frozen=True)
class Ran:
    """One command: seconds by the clock and of the processor, and the most memory it had."""

    wall: float
    processor: float
    peak_mb: float
    status: int


def run(
    command: list[str],
    folder: Path,
    allowed: frozenset[int],
    variables: dict[str, str] | None = None,
) -> Ran:
    """SystemExit for a status that is not allowed: a gate that broke off measures nothing."""
    began = time.perf_counter()
    with (folder.parent / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(variables or {})},
            stdout=said,
            stderr=said,
        )
        _, raw, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    status = os.waitstatus_to_exitcode(raw)
    if status not in allowed:
        told = (folder.parent / "said").read_text(errors="replace")
        raise SystemExit(f"{command}: status {status}\n{told[-800:]}")
    return Ran(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, status)


def gate(folder: Path) -> Ran:
    command = [sys.executable, "-m", "scanner", "gate", str(folder), "--root", str(folder)]
    return run(command, folder, frozenset({0, 1, 3}), {"PYTHONPATH": str(ROOT)})


def environment(scratch: Path, package: str) -> Path:
    place = scratch / package.partition("=")[0]
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-qqq", package], check=True)
    return place / "bin"


def cold(scratch: Path, rounds: int) -> list[str]:
    """Median seconds until one file of each kind is judged by a process of its own."""
    lines = []
    kinds = [folder for folder in sorted(CONFIGS.iterdir()) if folder.is_dir()]
    named = {folder.name: _usual(folder) for folder in kinds} if CONFIGS.is_dir() else {}
    endpoints = {path.parent.name: path for path in samples() if path.name == "configuration.xml"}
    for name, file in {**endpoints, **named}.items():
        folder = scratch / "cold" / name
        folder.mkdir(parents=True)
        (folder / file.name).write_bytes(file.read_bytes())
        ran = [gate(folder) for _ in range(rounds)]
        wall = statistics.median(one.wall for one in ran)
        lines.append(f"{name:28}{file.stat().st_size / 1000:8.1f}{wall:8.2f}{ran[0].status:8}")
    return lines


def _usual(folder: Path) -> Path:
    """The file of middle size."""
    files = [path for path in folder.iterdir() if path.is_file() and path.suffix != ".md"]
    return sorted(files, key=lambda path: (path.stat().st_size, path.name))[len(files) // 2]


def mixed(scratch: Path, files: int) -> str:
    everything = samples()
    if CONFIGS.is_dir():
        everything += [p for p in sorted(CONFIGS.rglob("*")) if p.is_file() and p.suffix != ".md"]
    folder = scratch / "mixed"
    spread = everything[:: max(1, len(everything) // files)]
    megabytes = repeated(spread, files, folder)
    return _row(f"{files} mixed files", gate(folder), files, megabytes)


def beside_netlint(scratch: Path, files: int) -> list[str]:
    folder = scratch / "ios"
    only = [p for p in sorted(IOS.iterdir()) if p.is_file() and p.suffix != ".md"]
    megabytes = repeated(only, files, folder)
    python = environment(scratch, NETLINT) / "python"
    theirs = run([str(python), "-c", CHECK_ALL, str(folder)], folder, frozenset({0}))
    ours = gate(folder)
    ratio = theirs.processor / ours.processor
    return [
        _row(f"{files} IOS files", ours, files, megabytes),
        _row(f"{NETLINT}, the same", theirs, files, megabytes),
        f"hnth judges {ratio:.1f} files while netlint checks one",
    ]


def checkov(scratch: Path) -> str:
    folder = scratch / "checkov-files"
    folder.mkdir()
    (folder / "fw.conf").write_bytes(_usual(CONFIGS / "fortios").read_bytes())
    command = environment(scratch, "checkov") / "checkov"
    ran = run([str(command), "-d", str(folder), "--quiet"], folder, frozenset({0, 1}))
    return _row("checkov, one file", ran, 1, 0.0)


def _row(what: str, ran: Ran, files: int, megabytes: float) -> str:
    each = 1000 * ran.processor / files
    return (
        f"{what:28}{megabytes:8.1f}{ran.wall:8.2f}{ran.processor:11.2f}{each:10.2f}"
        f"{ran.peak_mb:9.0f}{ran.status:8}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--files", type=int, default=1_000)
    options.add_argument("--netlint-files", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--checkov", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        print(f"{'one file, cold':28}{'kB':>8}{'wall s':>8}{'status':>8}")
        print("\n".join(cold(scratch, given.rounds)), flush=True)
        print(
            f"\n{'':28}{'MB':>8}{'wall s':>8}{'processor s':>11}{'ms/file':>10}{'peak MB':>9}"
            f"{'status':>8}"
        )
        print(mixed(scratch, given.files), flush=True)
        if IOS.is_dir() and given.netlint_files:
            print("\n".join(beside_netlint(scratch, given.netlint_files)), flush=True)
        if given.checkov and CONFIGS.is_dir():
            print(checkov(scratch))


if __name__ == "__main__":
    main()
