"""`hnth vault` with a person at the terminal: asked unseen, twice, and offered something better."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from inventory.secrets import Secret
from inventory.vault.box import Vault
from tests.inventory.vault.cheap import MASTER, make_cheap, new_vault

PROGRAM = """
import sys
from inventory.vault import sealed
sealed.COST = sealed.LEAST = sealed.Cost(log2_n=4)
from scanner.cli import main
sys.argv[0] = "hnth"
main()
"""
GOOD, WEAK = "Kq7#vRz2!mXw9T", "AnGiang@2020"


def at_terminal(folder: Path, command: Sequence[str], answers: Sequence[tuple[str, str]]) -> str:
    """Everything seen on the screen; each answer is typed once its question stands there."""
    screen, other = pty.openpty()
    environment = {**os.environ, "HNTH_LANG": "en", "TERM": "dumb"}
    environment.pop("HNTH_VAULT_PASSWORD_FILE", None)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "vault", *command],
        cwd=folder,
        env={**environment, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
    ) as process:
        os.close(other)
        seen, unread = "", 0
        waiting = list(answers)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if not select.select([screen], [], [], 0.5)[0]:
                continue
            try:
                seen += os.read(screen, 4096).decode(errors="replace")
            except OSError:
                break  # the other end is closed
            if waiting and waiting[0][0] in seen[unread:]:
                unread = len(seen)
                os.write(screen, waiting.pop(0)[1].encode() + b"\n")
        process.kill()
    os.close(screen)
    assert waiting == [], seen
    return seen


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_cheap(monkeypatch)
    new_vault(tmp_path)
    return tmp_path


def test_a_weak_password_is_told_about_and_another_one_is_entered(folder: Path) -> None:
    seen = at_terminal(
        folder,
        ["set", "mcu", "--account", "admin"],
        [
            ("Master password", MASTER.reveal()),
            ("Password of the account", WEAK),
            ("Once more", WEAK),
            ("generate a random one", "r"),
            ("Password of the account", GOOD),
            ("Once more", GOOD + "x"),
            ("Password of the account", GOOD),
            ("Once more", GOOD),
        ],
    )
    assert "holds the name of a place" in seen
    assert "The entry mcu was stored" in seen
    assert not [s for s in (WEAK, GOOD, MASTER.reveal()) if s in seen]
    stored = Vault.open(folder / "vault.hnth", Secret(MASTER.reveal())).contents.entry("mcu")
    assert stored.password.secret.reveal() == GOOD


def test_a_password_is_shown_on_a_terminal_only_when_that_is_said(folder: Path) -> None:
    refused = at_terminal(folder, ["get", "mcu"], [])
    assert "add --show if that is meant" in refused
