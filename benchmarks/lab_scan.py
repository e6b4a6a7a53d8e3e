"""How long a scan of the lab takes beside plain nmap over the same targets and ports.

    python benchmarks/lab_scan.py [--rounds N]

Both run on the scanner's host of the same lab in the same minute, one after the other, so the ratio
holds on other machines although the seconds do not. nmap asks the very ports that hnth asks from
its own host (all TCP ports and the named UDP ports of every MCU and VCS), one device after the
other with hnth's options. What hnth adds: logins, configurations, certificates, the same devices
seen from two other vantage points, judging and storing; what it gains: sites side by side.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lab
from inventory.load import load
from scanner.collect.ports import arguments

SCANNER = "may-quet"
CONFERENCING = ("mcu", "vcs")


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def nmap_commands(province: lab.Lab) -> list[list[str]]:
    """The port questions of `hnth scan` as plain nmap commands, those of the scanner's own host."""
    inventory = load(province.inventory).inventory
    settings = inventory.scan
    targets = [str(d.address) for d in inventory.devices if d.kind in CONFERENCING]
    return [
        ["nmap", *arguments(protocol, settings.rate_kbps), "-p", ports, target]
        for target in targets
        for protocol, ports in (("tcp", settings.tcp_ports), ("udp", settings.udp_ports))
    ]


def plain_nmap(province: lab.Lab) -> None:
    for command in nmap_commands(province):
        done = province.run(SCANNER, command, timeout_s=600)
        assert done.status == 0, done.stderr


def hnth(province: lab.Lab, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "scanner", "scan", "--quiet"),
        *("--inventory", str(province.inventory), "--database", str(folder / "hnth.db")),
    ]
    done = province.run(SCANNER, command, environment=dict(os.environ), timeout_s=600)
    assert done.status in (0, 1, 3), done.stderr


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds
    nmap_s, hnth_s = [], []
    with tempfile.TemporaryDirectory() as scratch:
        begun = time.perf_counter()
        with lab.start(Path(scratch) / "province") as province:
            start_s = time.perf_counter() - begun
            for number in range(rounds):
                folder = Path(scratch) / str(number)
                folder.mkdir()
                nmap_s.append(timed(lambda: plain_nmap(province)))
                hnth_s.append(timed(lambda folder=folder: hnth(province, folder)))
    plain, whole = statistics.median(nmap_s), statistics.median(hnth_s)
    print(f"lab ready after {start_s:.1f} s; median of {rounds} rounds")
    print(f"{'':28}{'seconds':>9}{'ratio':>8}")
    print(f"{'nmap alone, one by one':28}{plain:9.1f}{1.0:8.2f}")
    print(f"{'hnth scan, whole':28}{whole:9.1f}{whole / plain:8.2f}")


if __name__ == "__main__":
    main()
