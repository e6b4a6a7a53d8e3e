"""How fast facts are read from saved configurations, beside netlint on IOS configurations.

    python benchmarks/saved_configurations.py [--files N] [--netlint-files N]

Every file is a device of its own: loaded, redacted, its family recognised by what the file holds,
its facts written as JSON, in one process. The files are the recorded samples beside the checkout,
or the simulated devices of the tests where there are none, repeated. netlint is installed from
PyPI into an environment of its own that is thrown away, and checks the IOS samples, repeated, also
in one process. The two do different work on different files: netlint is here for scale only.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT.parent / "shared" / "devices"
OWN = ROOT / "tests" / "scanner" / "platforms" / "samples"
IOS = ROOT.parent / "shared" / "netconfigs" / "cisco_ios"
NETLINT = "netlint==0.1.2"


@dataclass(frozen=True)
class Measured:
    what: str
    files: int
    megabytes: float
    seconds: float
    """Of the processor: the time by the clock depends on what else the machine does."""
    peak_mb: float

    @property
    def files_per_s(self) -> float:
        return self.files / self.seconds


def samples() -> list[Path]:
    """Files of families that are read, in an order that does not depend on the machine."""
    home = RECORDED if RECORDED.is_dir() else OWN
    found = (path for folder in home.iterdir() if folder.is_dir() for path in folder.rglob("*"))
    return sorted(path for path in found if path.is_file() and path.name != "sources.json")


def repeated(files: list[Path], number: int, folder: Path) -> float:
    """The files copied into the folder until there are so many; how many megabytes they have."""
    total = 0
    for count, file in zip(range(number), itertools.cycle(files), strict=False):
        # the family of a file in a folder of its own: `roomkit/status.xml` stays `status.xml`
        copy = folder / f"{count:06}" / file.name
        copy.parent.mkdir(parents=True)
        total += copy.write_bytes(file.read_bytes())
    return total / 1e6


def read_facts(folder: Path) -> None:
    """What `hnth facts FILE` does for every file below the folder, in this process."""
    from reports.json_facts import render  # noqa: PLC0415 - what is loaded counts as work
    from scanner.cli.facts import as_text  # noqa: PLC0415
    from scanner.family_of_files import NotRecognised, recognise  # noqa: PLC0415
    from scanner.saved_files import load  # noqa: PLC0415

    told = 0
    for file in sorted(folder.glob("*/*")):
        documents = load([file]).documents
        try:
            one = recognise(documents)
        except NotRecognised:
            continue
        told += bool(as_text(render(one.platform.name, one.reading.facts, (), "en")))
    print(f"{told} files recognised")


def measured(what: str, command: list[str], folder: Path, files: int, megabytes: float) -> Measured:
    """The processor time of a command over so many files, and the most memory that it had."""
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
    seconds = used.ru_utime + used.ru_stime
    told = (folder / "said").read_text(errors="replace").strip()
    if status:
        raise SystemExit(f"{what}: status {os.waitstatus_to_exitcode(status)}\n{told[-500:]}")
    print(told.splitlines()[-1])
    return Measured(what, files, megabytes, seconds, used.ru_maxrss / 1024)


def hnth(files: int, scratch: Path) -> Measured:
    folder = scratch / "configurations"
    megabytes = repeated(samples(), files, folder)
    command = [sys.executable, __file__, "--read", str(folder)]
    return measured("hnth facts", command, scratch, files, megabytes)


CHECK_ALL = """
import sys
from pathlib import Path
from loguru import logger
from netlint.checks.checker import Checker
from netlint.checks.utils import detect_nos
from netlint.cli.main import check_config

logger.remove()  # the parser below netlint would write two lines for every file
checker, given_up = Checker(), 0
for file in sorted(Path(sys.argv[1]).glob("*/*")):
    lines = file.open().readlines()
    try:
        check_config(checker, lines, detect_nos(lines))
    except Exception:
        given_up += 1
print(f"{given_up} files on which netlint breaks off")
"""
"""What its command does for each file of a folder; there one file that it cannot take ends all."""


def netlint(files: int, scratch: Path) -> Measured:
    folder = scratch / "ios"
    megabytes = repeated(sorted(path for path in IOS.iterdir() if path.is_file()), files, folder)
    environment = scratch / "environment"
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-qqq", NETLINT], check=True)
    return measured(NETLINT, [python, "-c", CHECK_ALL, str(folder)], scratch, files, megabytes)


def table(rows: list[Measured]) -> str:
    lines = [f"{'':18}{'files':>8}{'MB':>8}{'seconds':>9}{'files/s':>9}{'MB/s':>7}{'peak MB':>9}"]
    lines += [
        f"{one.what:18}{one.files:8}{one.megabytes:8.1f}{one.seconds:9.1f}{one.files_per_s:9.0f}"
        f"{one.megabytes / one.seconds:7.2f}{one.peak_mb:9.0f}"
        for one in rows
    ]
    if len(rows) == 2:
        ours, theirs = rows
        ratio = ours.files_per_s / theirs.files_per_s
        lines.append(f"hnth reads {ratio:.1f} files while netlint checks one")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--netlint-files", type=int, default=1_000)
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.read:
        read_facts(given.read)
        return
    with tempfile.TemporaryDirectory() as scratch:
        rows = [hnth(given.files, Path(scratch))]
        if IOS.is_dir() and given.netlint_files:
            rows.append(netlint(given.netlint_files, Path(scratch)))
        else:
            print("no IOS samples beside this checkout: netlint is left out")
    print(table(rows))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
