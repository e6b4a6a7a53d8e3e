"""The kernel and the reader agree about random packets and random rule sets, or the reader says
that it cannot tell.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lab import namespaces

ROOT = Path(__file__).resolve().parents[2]
SETS = int(os.environ.get("HNTH_KERNEL_SETS", "60"))
"""So many are compared; `tox -e kernel` asks for 2,000."""
AT_ONCE = 2
UNKNOWN_MAX = 0.02

NEEDED = ("nft", "unshare", "sysctl", "ip")


def compared(sets: int, seed: int) -> dict[str, Any]:
    """What `tests.kernel.compare` found in a network namespace of its own."""
    program = [sys.executable, "-m", "tests.kernel.compare", f"--sets={sets}", f"--seed={seed}"]
    done = subprocess.run(
        namespaces.unshare_command(program),
        cwd=ROOT,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:{namespaces.SEARCH_PATH}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.lab
@pytest.mark.timeout(3000)
def test_the_kernel_agrees_or_it_cannot_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    missing = [name for name in NEEDED if shutil.which(namespaces.tool(name)) is None]
    if missing or not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        pytest.skip(f"needs {', '.join(missing) or '/dev/net/tun'}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = list(pool.map(compared, [SETS // AT_ONCE] * AT_ONCE, range(1, AT_ONCE + 1)))
    packets = sum(part["packets"] for part in parts)
    unknown = sum(part["unknown"] for part in parts)
    sets = sum(part["sets"] for part in parts)
    with capsys.disabled():
        share = 100 * unknown / packets
        print(f"\n{sets} rule sets, {packets} packets, {unknown} unknown ({share:.2f} %)")
    wrong = [one for part in parts for one in part["wrong"]]
    assert not wrong, f"{len(wrong)} disagreements, e.g.\n" + "\n".join(wrong[:3])
    assert sets >= SETS // AT_ONCE * AT_ONCE
    assert packets >= 20 * sets
    assert unknown < UNKNOWN_MAX * packets
    assert all(part["refused"] <= part["sets"] // 20 for part in parts)
    # a comparison in which nothing passes, or everything does, would prove little
    permitted = sum(part["permitted"] for part in parts)
    assert 0.1 * packets < permitted < 0.9 * packets
