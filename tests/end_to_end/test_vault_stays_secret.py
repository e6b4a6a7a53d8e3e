"""A scan with the passwords of a vault leaves no trace of any of them, in whatever spelling."""

from __future__ import annotations

import base64
import html
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import typer
from typer.testing import CliRunner

from inventory.secrets import Secret
from inventory.vault import sealed
from inventory.vault.entries import Entry, Password
from scanner.cli import judge, report
from scanner.store import Store
from tests.end_to_end.conftest import Outcome, Scanner
from tests.inventory.vault.cheap import MASTER, new_vault

pytestmark = [pytest.mark.lab, pytest.mark.timeout(200)]

DEVICES = ("mcu-tinh", "vcs-chau-phu", "rmx-phong-may")
FORMATS = ("html", "json", "csv", "sarif", "junit", "remediation")
CORE = 8
"""Digits of base64 that are the secret's own, wherever it stands in what was encoded."""


def spellings(secret: str) -> Iterator[bytes]:
    """Every way in which the secret might be written without anybody noticing."""
    for raw in (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")):
        yield raw
        yield raw[::-1]
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        yield raw.hex(":").encode()
        for shift in range(3):
            digits = base64.b64encode(b"\0" * shift + raw)
            core = digits[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
            assert len(core) >= CORE
            yield core
            yield core.replace(b"+", b"-").replace(b"/", b"_")
    for text in (quote(secret, safe=""), quote_plus(secret), html.escape(secret)):
        yield text.encode()
    yield json.dumps(secret)[1:-1].encode()
    yield "".join(f"%{byte:02X}" for byte in secret.encode()).encode()
    yield "".join(f"\\u{ord(letter):04x}" for letter in secret).encode()
    yield repr(secret)[1:-1].encode()


def left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and every piece of evidence of the database unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
    with sqlite3.connect(folder / "hnth.db") as database:
        for sha256, packed in database.execute("select sha256, packed from evidence"):
            yield f"evidence {sha256}", zlib.decompress(packed)


def with_vault(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, dict[str, str]]:
    """The inventory with its passwords and SNMP keys in a vault, and what is in there."""
    monkeypatch.setattr(sealed, "COST", sealed.LEAST)
    original = scanner.province.inventory
    folder = original.parent
    text = original.read_text()
    secrets: dict[str, str] = {}
    for reference in sorted(set(re.findall(r"file:(secrets/\S+)", text))):
        path = folder / reference
        content = path.read_text().strip()
        if "\n" not in content and len(content) > CORE:
            secrets[path.name] = content
            text = re.sub(rf"file:{re.escape(reference)}(?=\s)", f"vault:{path.name}", text)
    home = scanner.folder.parent / f"{scanner.folder.name}-vault"
    home.mkdir()
    entries = [Entry(name, Password(Secret(secret))) for name, secret in secrets.items()]
    new_vault(home).change(lambda contents: _having(contents, entries))
    password_file = home / "master"
    password_file.touch(0o600)
    password_file.write_text(MASTER.reveal() + "\n")
    copy = folder / "with-vault.yaml"
    copy.write_text(text.replace("\nscan:\n", "\nscan:\n  tcp_ports: 22,80,443,445,5060-5061\n"))
    return copy, {**secrets, "master": MASTER.reveal()}


def _having(contents: object, entries: list[Entry]) -> object:
    for entry in entries:
        contents = contents.having(entry)  # type: ignore[attr-defined]
    return contents


def scan(scanner: Scanner, inventory: Path) -> Outcome:
    home = scanner.folder.parent / f"{scanner.folder.name}-vault"
    vault = ("--vault", str(home / "vault.hnth"), "--vault-password-file", str(home / "master"))
    devices = [word for device in DEVICES for word in ("--device", device)]
    return scanner.scan(*devices, *vault, inventory=inventory)


def retold(scanner: Scanner) -> str:
    """What is said while the run is judged again and written in every form that there is."""
    app = typer.Typer()
    app.command()(judge.judge)
    app.command()(report.report)
    database = ["--database", str(scanner.database)]
    commands = [["judge", *database]]
    for form in FORMATS:
        out = str(scanner.folder / f"report.{form}")
        commands.append(["report", *database, "--format", form, "-o", out])
    said = ""
    for command in commands:
        done = CliRunner().invoke(app, command)
        assert done.exit_code in (0, 1, 3), done.output
        said += done.output + done.stderr
    return said


def test_no_password_of_the_vault_comes_out_in_any_spelling(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    inventory, secrets = with_vault(scanner, monkeypatch)
    Store.open(str(scanner.database)).close()
    # while somebody reads, the write-ahead log is not merged and removed
    reader = sqlite3.connect(scanner.database)
    reader.execute("select count(*) from runs").fetchone()
    scanned = scan(scanner, inventory)
    assert scanned.status in (1, 3), scanned.said
    findings = scanned.document["findings"]
    proved = {f["subject"]["id"] for f in findings if f["requirement"] == "D11.2-b"}
    assert any(name.startswith("mcu-tinh/") for name in proved)
    said = scanned.output + scanned.said + retold(scanner)
    contents = {**dict(left_behind(scanner.folder)), "output": said.encode()}
    reader.close()
    assert contents["hnth.db-wal"]
    assert sum(name.startswith("evidence") for name in contents) > 10
    leaks = [
        (name, who)
        for who, secret in secrets.items()
        for spelling in set(spellings(secret))
        for name, content in contents.items()
        if spelling in content
    ]
    assert leaks == []


def test_the_search_finds_each_spelling() -> None:
    """The test above can fail: what it looks for is found where it is."""
    secret = 'Kq7#vRz2!m"Xw9T'
    wanted = set(spellings(secret))
    basic = base64.b64encode(f"user:{secret}".encode())
    for planted in (basic, secret.encode("utf-16"), quote(secret).encode(), b"x" + secret.encode()):
        assert any(spelling in planted for spelling in wanted)
