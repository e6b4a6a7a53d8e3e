"""Two kernels in a row and the one policy of both agree, behind `dnat` and before `masquerade`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab import namespaces

ROOT = Path(__file__).resolve().parents[2]
SETS = max(8, int(os.environ.get("HNTH_KERNEL_SETS", "0")) // 10)
NEEDED = ("nft", "unshare", "nsenter", "sysctl", "ip")


@pytest.mark.lab
@pytest.mark.timeout(600)
def test_two_hosts_in_a_row_do_what_is_said_of_them() -> None:
    missing = [name for name in NEEDED if shutil.which(namespaces.tool(name)) is None]
    if missing or not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        pytest.skip(f"needs {', '.join(missing) or '/dev/net/tun'}")
    program = [sys.executable, "-m", "tests.kernel.in_a_row", f"--sets={SETS}"]
    done = subprocess.run(
        namespaces.unshare_command(program),
        cwd=ROOT,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:{namespaces.SEARCH_PATH}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    wrong = told["wrong"]
    assert not wrong, f"{len(wrong)} disagreements, e.g.\n" + "\n".join(wrong[:2])
    assert told["unknown"] == 0
    # a comparison in which nothing passes, or nothing is translated, would prove little
    assert 0.1 * told["packets"] < told["permitted"] < 0.9 * told["packets"]
    assert told["translated"] > 0
    assert told["leaks"] > 0
