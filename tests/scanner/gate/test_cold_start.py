"""One file is answered in a fraction of a second: nothing is loaded that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SAMPLE = (
    Path(__file__).parents[1] / "platforms/samples/cisco-ios/router-15.7/show_running-config.txt"
)
SLOW = ("alembic", "jinja2", "netmiko", "nmap", "paramiko", "pysnmp", "rich", "sqlalchemy")
SLOW_OWN = (
    "rules.password_quality",
    "scanner.cli.vault",
    "scanner.platforms.polycom_hdx",
    "scanner.store",
)


def test_the_gate_loads_nothing_that_it_does_not_need() -> None:
    script = (
        "import sys; from scanner.cli import main; sys.argv[0] = 'hnth'\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, "gate", str(SAMPLE)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    loaded = set(run.stderr.splitlines()[-1].split())
    assert {"scanner.gate", "scanner.platforms.cisco_ios"} <= loaded
    assert not loaded & {*SLOW, *SLOW_OWN, "zxcvbn"}
