"""The SSH and TLS of one device, asked without a login: what it offers on its encrypted doors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, PortScan, Unknown
from scanner.collect import ssh_algorithms, tls_ciphers
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.engine.observation import Notes
from scanner.evidence import Document

SETTINGS = {"ssh.algorithms": "service.ssh.enabled", "tls.algorithms": "service.https.enabled"}
"""What the device itself says of the service behind a fact."""


@dataclass(frozen=True)
class Cryptography:
    """Asks one device; each answer goes into its notes."""

    host: str
    journal: Journal
    device_id: str
    rate_kbps: int
    timeout_s: float
    stop: threading.Event

    def ask(self, scan: Known[PortScan], ssh_port: int, tls_port: int, notes: Notes) -> None:
        """`ssh.algorithms` and `tls.algorithms`, as far as the ports answered when scanned."""
        vantage = scan.value.vantage
        doors: tuple[tuple[str, int, Callable[[], Document], Any], ...] = (
            (
                "ssh.algorithms",
                ssh_port,
                lambda: ssh_algorithms.look(
                    *(self.host, ssh_port, self.journal, self.device_id),
                    vantage=vantage,
                    timeout_s=self.timeout_s,
                ),
                ssh_algorithms.algorithm_facts,
            ),
            (
                "tls.algorithms",
                tls_port,
                lambda: tls_ciphers.look(
                    *(self.host, tls_port, self.journal, self.device_id),
                    rate_kbps=self.rate_kbps,
                    vantage=vantage,
                    timeout_s=self.timeout_s,
                    pause=self.stop.wait,
                ),
                tls_ciphers.cipher_facts,
            ),
        )
        for name, port, look, read in doors:
            if self.stop.is_set():
                return
            told = without_asking(scan, port, notes.facts.get(SETTINGS[name]))
            if told is not None:
                notes.add({name: told})
                continue
            try:
                document = look()
            except CollectError as error:
                notes.add({name: Unknown(error.reason, scan.citations)})
                continue
            notes.documents.append(document)
            notes.add(read([document]))


def without_asking(
    scan: Known[PortScan], port: int, setting: Fact[bool] | None = None
) -> Fact[Any] | None:
    """Nothing is offered where the port is closed; None where it answers and is to be asked.

    A port that a filter keeps from this place may be open to others, unless the device itself says
    that the service is off.
    """
    states = {found.port: found.state for found in scan.value.open}
    if states.get(port) == "open":
        return None
    if isinstance(setting, Known) and setting.value is False and port not in states:
        return Known((), setting.citations)
    if port in states or scan.value.undecided or not scan.value.asked(port):
        return Unknown(_NOT_SEEN.format(port=port, vantage=scan.value.vantage), scan.citations)
    return Known((), scan.citations)


_NOT_SEEN = Text(
    vi="từ {vantage} không biết cổng {port} mở hay đóng nên chưa xem được thuật toán mã hóa",
    en="{vantage} cannot tell whether port {port} is open, so its algorithms were not seen",
)
