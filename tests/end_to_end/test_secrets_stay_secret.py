"""What was planted as a secret is found nowhere in what hnth leaves behind or says."""

from __future__ import annotations

import json
import sqlite3
import sys
import zlib
from pathlib import Path

import pytest

import lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]


def planted(province: lab.Lab) -> list[bytes]:
    """Every password and key the scanner was given; `public` is a vendor's default, no secret."""
    found = []
    for path in sorted(province.folders.secrets.rglob("*")):
        if path.is_file():
            lines = [line.strip() for line in path.read_bytes().splitlines()]
            found += [line for line in lines if len(line) >= 7 and not line.startswith(b"-----")]
    return found


def left_behind(folder: Path) -> dict[str, bytes]:
    """Every file of the folder, and every compressed piece of evidence unpacked."""
    contents = {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    with sqlite3.connect(folder / "hnth.db") as database:
        for sha256, packed in database.execute("select sha256, packed from evidence"):
            contents[f"evidence {sha256}"] = zlib.decompress(packed)
    return contents


def test_nothing_planted_comes_out_anywhere(scanner) -> None:
    scanner.province.become(lab.DEFAULT_MIXTURE)
    secrets = planted(scanner.province)
    assert len(secrets) >= 5
    scanned = scanner.scan(inventory=scanner.with_fewer_ports())
    assert scanned.status == 1, scanned.said
    reported = scanner.hnth(
        [
            *(sys.executable, "-m", "scanner", "report", "--database", str(scanner.database)),
            *("-o", str(scanner.folder / "report.html")),
        ]
    )
    assert reported.status == 0, reported.said
    contents = left_behind(scanner.folder)
    assert sum(name.startswith("evidence") for name in contents) > 20
    contents["output"] = (scanned.output + scanned.said + reported.said).encode()
    leaks = [
        name
        for name, content in contents.items()
        for secret in secrets
        if secret in content or json.dumps(secret.decode())[1:-1].encode() in content
    ]
    assert leaks == []


def test_the_journal_tells_what_was_sent_to_whom(scanner) -> None:
    assert scanner.scan("--device", "mcu-tinh", inventory=scanner.with_fewer_ports()).status in (
        1,
        3,
    )
    (journal,) = (scanner.folder / "hnth.journal").iterdir()
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    assert journal.stat().st_mode & 0o077 == 0
    assert {e["device"] for e in entries} == {"mcu-tinh", "pc-van-phong", "ben-ngoai"}
    assert any("user list" in e["sent"] for e in entries)
