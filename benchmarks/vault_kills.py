"""Deaths of a vault's writer that lose nothing: `python benchmarks/vault_kills.py`.

10,000 times a change is made on an operating system that dies at a random step: a write is cut off
anywhere, what was not forced to disk is lost in part, a rename the folder does not know is undone.
Then 100 real processes are killed while they write. Each time the vault must open with its master
password and hold all entries of before or all of after.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inventory.secrets import Secret
from inventory.vault import disk
from inventory.vault.box import Vault
from inventory.vault.entries import Contents, Entry, Password
from tests.inventory.vault.dying import Death, DyingSystem

ROOT = Path(__file__).resolve().parents[1]
DEATHS, KILLS = 10_000, 100
MASTER = Secret("mat khau chu de do")
WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from inventory.secrets import Secret
from inventory.vault.box import Vault
from inventory.vault.entries import Entry, Password
vault = Vault.open(Path(sys.argv[1]), Secret("mat khau chu de do"))
print("ready", flush=True)
while True:
    vault.change(lambda c: c.having(Entry(f"e{len(c.entries)}", Password(Secret("p" * 99)))))
"""


def with_one_more(contents: Contents) -> Contents:
    return contents.having(Entry(f"e{len(contents.entries) % 40}", Password(Secret("p" * 30))))


def simulated(vault: Vault) -> tuple[int, int, int]:
    """Old, new, lost."""
    chance = random.Random(2456)  # noqa: S311 - the same deaths every time
    outcomes = [0, 0, 0]
    for _ in range(DEATHS):
        before = set(vault.contents.entries)
        if len(before) >= 40:
            vault.change(lambda contents: Contents({}, contents.digest_key))
            before = set()
        after = set(with_one_more(vault.contents).entries)
        disk.os = DyingSystem(chance.randrange(40), chance)  # type: ignore[attr-defined]
        try:
            vault.change(with_one_more)
        except Death:
            pass
        finally:
            disk.os = os  # type: ignore[attr-defined]
        vault.change(lambda contents: contents)  # opens, and takes a remnant away
        there = set(vault.contents.entries)
        outcomes[0 if there == before else 1 if there == after else 2] += 1
    return outcomes[0], outcomes[1], outcomes[2]


def killed(path: Path) -> int:
    """How many of the real kills lost something."""
    chance = random.Random(2456)  # noqa: S311 - the same deaths every time
    lost, most = 0, len(Vault.open(path, MASTER).contents.entries)
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(ROOT)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.random() / 10)
            writer.send_signal(signal.SIGKILL)
        now = len(Vault.open(path, MASTER).contents.entries)
        lost += now < most
        most = now
    return lost


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vault.hnth"
        vault = Vault.create(path, MASTER)
        began = time.monotonic()
        old, new, lost = simulated(vault)
        print(f"{DEATHS} simulated deaths: {old} left the old content, {new} the new, {lost} lost")
        lost_too = killed(path)
        print(f"{KILLS} killed processes: {lost_too} lost something")
        print(f"{time.monotonic() - began:.0f} s")
    sys.exit(1 if lost or lost_too else 0)


if __name__ == "__main__":
    main()
