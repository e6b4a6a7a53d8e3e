"""Record what every family has been seen to report: `python tools/record_families.py [SHARED]`.

Writes `tools/families.json`, from which `refresh_docs.py` makes docs/families.md:

- `reported` and `unknown`: what the readings of the families' own tests held, so a fact counts as
  reported when a test has seen a value of it, and as unknown when there was only ever a reason;
- `samples`: the folders of the shared sample files from which anything was read, with the model
  and version that they name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tools" / "families.json"
PLUGIN = """
import json, sys
from rules.facts import Known
from scanner.platforms import all_platforms, model

made, seen = model.Reading.__init__, {}
families = {f"scanner.platforms.{p.name.replace('-', '_')}": p.name for p in all_platforms()}

def asked_by(frame):
    # shared code makes the reading for the family that stands somewhere above it
    while frame is not None:
        if (name := families.get(frame.f_globals.get("__name__"))) is not None:
            return name
        frame = frame.f_back

def watched(self, facts, unread=()):
    made(self, facts, unread)
    family = asked_by(sys._getframe(1))
    if family is not None:
        for name, fact in facts.items():
            why = None if isinstance(fact, Known) else fact.reason.en
            told = seen.setdefault(family, {})
            told[name] = None if name in told and told[name] is None else why

model.Reading.__init__ = watched

def pytest_sessionfinish(session):
    with open(SEEN, "w") as file:
        json.dump(seen, file)
"""


def reported() -> dict[str, dict[str, str | None]]:
    """Family: name of a fact: None when a test saw a value, else why it stayed unknown."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "watch_families.py").write_text(f"SEEN = {folder + '/seen.json'!r}\n{PLUGIN}")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "tests/scanner/platforms"),
                *("-p", "watch_families", "-p", "no:cacheprovider"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit("the tests of the families fail; nothing was recorded")
        seen: dict[str, dict[str, str | None]] = json.loads(Path(folder, "seen.json").read_text())
        return seen


def samples(shared: Path) -> dict[str, list[dict[str, Any]]]:
    """Family: its sample folders, each with what the files in it say together."""
    from rules.facts import Known  # noqa: PLC0415
    from scanner.platforms import all_platforms  # noqa: PLC0415

    found: dict[str, list[dict[str, Any]]] = {}
    for family in all_platforms():
        for folder in sample_folders(shared, family.name):
            facts = family.read(documents_of(folder)).facts
            known = {name: fact for name, fact in facts.items() if isinstance(fact, Known)}
            if not known:
                continue
            found.setdefault(family.name, []).append(
                {
                    "folder": folder.relative_to(shared / "devices").as_posix(),
                    "model": getattr(known.get("identity.model"), "value", None),
                    "version": getattr(known.get("software.version"), "value", None),
                }
            )
    return found


def sample_folders(shared: Path, family: str) -> list[Path]:
    """The folders of one family, each the files of one device."""
    home = shared / "devices" / family
    return sorted(path for path in home.iterdir() if path.is_dir()) if home.is_dir() else []


def documents_of(folder: Path) -> list[Any]:
    """The files of a sample folder as the scanner sees them."""
    from scanner.collect.redact import redact  # noqa: PLC0415
    from scanner.evidence import Document  # noqa: PLC0415

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    now = datetime.now(UTC)
    return [Document(redact(path.read_bytes(), ()), path.name, "O", now) for path in files]


def main() -> None:
    """Write the record."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    told, folders = reported(), samples(shared)
    record = {
        family: {
            "reported": sorted(name for name, why in told.get(family, {}).items() if why is None),
            "unknown": {k: why for k, why in sorted(told.get(family, {}).items()) if why},
            "samples": folders.get(family, []),
        }
        for family in sorted(told.keys() | folders.keys())
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    RECORD.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
