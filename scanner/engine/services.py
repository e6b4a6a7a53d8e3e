"""What the open ports of one device are: by what they say first, when asked, and by nmap last.

Nothing here needs a login. Where no answer identifies a port, it stays unidentified; that is no
failure of the device.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from inventory.model import Device, Inventory
from rules.facts import Citation, PortScan
from scanner.collect import nmap_versions, port_speech, sip
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.port_questions import Pace, of_introduction, port_of, telling_line
from scanner.collect.ports import PortScanner
from scanner.collect.stopping import Stop
from scanner.engine.meetings import respect_meetings
from scanner.evidence import Document

QUESTIONS_MAX = 72
"""Connections to one device for finding out what its ports are."""
SIP_PORT = 5060
SIP_TIMEOUT_S = 2.0

Identified = tuple[PortScan, tuple[Document, ...], tuple[Citation, ...]]
"""The scan with what its ports speak, the answers as evidence, and the lines that tell."""


@dataclass(frozen=True)
class Services:
    """Asks the ports of a device that a scan found open."""

    inventory: Inventory
    journal: Journal
    here: PortScanner
    clock: Callable[[], datetime]
    stop: Stop

    def over_tcp(self, device: Device, scan: PortScan) -> Identified:
        """The doors of a login are listened to elsewhere; what they speak is asked here too."""
        host, settings = str(device.address), self.inventory.scan
        scan, greeted = port_speech.heard(
            *(host, scan, self.journal, device.id),
            leave_out=tuple(filter(None, (device.ssh_port, device.https_port, 80, 443))),
            stopped=self.stop.is_set,
        )
        cited = tuple(document.cite(2) for document in greeted)
        if not settings.identify_services or not self._permitted(device):
            return scan, greeted, cited
        scan, answers = port_speech.introduced(
            *(host, scan, self.journal, device.id),
            pace=Pace(settings.rate_kbps, QUESTIONS_MAX, self.stop.wait),
            leave_out=(device.ssh_port,),
            stopped=self.stop.is_set,
        )
        cited += tuple(document.cite(telling_line(document)) for document in answers)
        silent = [port_of(answer) or 0 for answer in answers if not of_introduction(answer)]
        scan, by_nmap = self._by_nmap(device, scan, nmap_versions.asked(silent))
        return (
            scan,
            (*greeted, *answers, *by_nmap),
            (*cited, *(document.cite(text=_told(scan, silent)) for document in by_nmap)),
        )

    def over_udp(self, device: Device, scan: PortScan) -> Identified:
        """SIP answers a question that nmap does not ask."""
        settings = self.inventory.scan
        asked = any(port.port == SIP_PORT and not port.speaks for port in scan.open)
        if not asked or not settings.identify_services or not self._permitted(device):
            return scan, (), ()
        try:
            answer = sip.ask(
                *(str(device.address), self.journal, device.id),
                transport="udp",
                port=SIP_PORT,
                vantage=scan.vantage,
                timeout_s=SIP_TIMEOUT_S,
            )
        except CollectError:
            return scan, (), ()
        return port_speech.told_before(scan, [answer]), (answer,), (answer.cite(2),)

    def _permitted(self, device: Device) -> bool:
        """Neither is everything to end nor does a meeting begin."""
        try:
            respect_meetings(self.inventory, [device.site], self.clock())
        except CollectError:
            return False
        return not self.stop.is_set()

    def _by_nmap(
        self, device: Device, scan: PortScan, ports: tuple[int, ...]
    ) -> tuple[PortScan, tuple[Document, ...]]:
        if not ports or not self.inventory.scan.nmap_versions or self.stop.is_set():
            return scan, ()
        try:
            respect_meetings(
                self.inventory, [device.site], self.clock(), nmap_versions.longest(ports)
            )
            document = nmap_versions.ask(
                *(device.address, ports, self.journal.sent, device.id), vantage=scan.vantage
            )
            found = nmap_versions.named(scan.open, document)
        except CollectError:
            return scan, ()
        return replace(scan, open=found), (document,)


def _told(scan: PortScan, ports: list[int]) -> str:
    """One line that a person can read: `nmap: 7000 rtsp nginx`."""
    found = (f"{p.port} {p.service or '?'}" for p in scan.open if p.port in ports)
    return f"nmap: {', '.join(found)}"
