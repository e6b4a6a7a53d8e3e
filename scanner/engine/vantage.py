"""The places from which ports are asked: this host, and hosts on which nmap is run over SSH."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from inventory.model import Inventory, VantagePoint
from inventory.secrets import Secret, resolve
from inventory.text import Text
from scanner.collect.errors import CollectError, LoginRefused
from scanner.collect.journal import Journal
from scanner.collect.ports import PortScanner, scan_failed
from scanner.collect.ssh import run_remote
from scanner.collect.ssh_login import SshEndpoint

HERE = "may-quet"
"""Name of the scanner's own place when the inventory declares none."""

SCAN_TIMEOUT_S = 1800.0


def local_scanner(inventory: Inventory, journal: Journal) -> PortScanner:
    """Asks from this host; the inventory's local vantage point says in which zone it stands."""
    here = next((v for v in inventory.vantage_points if v.via == "local"), None)
    return PortScanner(
        vantage=here.id if here else HERE,
        zone=here.zone if here else "",
        rate_kbps=inventory.scan.rate_kbps,
        sent=journal.sent,
    )


def remote_scanners(
    inventory: Inventory,
    base: Path,
    journal: Journal,
    stop: threading.Event,
    secret_behind: Callable[[str, Path], Secret] = resolve,
) -> tuple[PortScanner, ...]:
    """One scanner per vantage point that is reached over SSH; nothing is connected yet."""
    return tuple(
        PortScanner(
            vantage=point.id,
            zone=point.zone,
            rate_kbps=inventory.scan.rate_kbps,
            sent=journal.sent,
            run_remote=_runner(point, inventory, base, journal, stop, secret_behind),
        )
        for point in inventory.vantage_points
        if point.via == "ssh"
    )


def _runner(
    point: VantagePoint,
    inventory: Inventory,
    base: Path,
    journal: Journal,
    stop: threading.Event,
    secret_behind: Callable[[str, Path], Secret],
) -> Callable[[Sequence[str]], bytes]:
    # One program at a time on a vantage host: it is somebody's office computer.
    turn = threading.Lock()
    refusals: list[LoginRefused] = []

    def run(argv: Sequence[str]) -> bytes:
        endpoint = _endpoint(point, inventory, lambda reference: secret_behind(reference, base))
        with turn:
            if refusals:
                # one attempt per run, not one per device: the next ones could lock the account
                raise refusals[0]
            try:
                result = run_remote(
                    endpoint,
                    argv,
                    journal=journal,
                    device_id=point.id,
                    timeout_s=SCAN_TIMEOUT_S,
                    stop=stop,
                )
            except LoginRefused as error:
                refusals.append(error)
                raise
        if result.status != 0:
            raise scan_failed(result.stderr.decode("utf-8", errors="replace"))
        return result.stdout

    return run


def _endpoint(
    point: VantagePoint, inventory: Inventory, secret_behind: Callable[[str], Secret]
) -> SshEndpoint:
    if point.address is None or point.credential is None:
        raise CollectError(
            Text(
                vi=f"điểm quét {point.id} chưa khai báo địa chỉ hoặc tài khoản SSH",
                en=f"vantage point {point.id} has no address or SSH credential declared",
            )
        )
    credential = point.credential
    return SshEndpoint(
        host=str(point.address),
        port=point.ssh_port,
        username=credential.username,
        password=_revealed(credential.password, secret_behind),
        private_key=_revealed(credential.private_key, secret_behind),
        host_key=point.host_key,
        connect_timeout_s=inventory.scan.connect_timeout_s,
        command_timeout_s=inventory.scan.command_timeout_s,
    )


def _revealed(reference: str | None, secret_behind: Callable[[str], Secret]) -> str | None:
    return secret_behind(reference).reveal() if reference else None
