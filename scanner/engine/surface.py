"""What one device shows of itself to the network: its ports, its doors, and from where.

Nothing of this needs a login. A place or a port that fails is a reason in the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inventory.model import Device, Inventory
from inventory.ports import port_list
from inventory.secrets import SecretError
from inventory.text import Text
from rules.facts import Known, PortScan, Unknown
from scanner.collect import port_speech
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.ports import PortScanner, Protocol
from scanner.collect.stopping import Stop
from scanner.collect.tls_trust import Authority, Trusted, read_authorities
from scanner.collect.ways_in import Door, knock
from scanner.engine.cryptography import Cryptography
from scanner.engine.meetings import respect_meetings
from scanner.engine.observation import Notes
from scanner.engine.services import Services
from scanner.platforms.model import Platform


@dataclass(frozen=True)
class Surface:
    """Asks devices what they show; each answer goes into the notes of the device."""

    inventory: Inventory
    journal: Journal
    here: PortScanner
    elsewhere: Sequence[PortScanner]
    clock: Callable[[], datetime]
    stop: Stop
    base: Path = Path()
    """Folder of the inventory file, for the files that it names."""

    def ask_ports(self, device: Device, notes: Notes) -> None:
        settings = self.inventory.scan
        asked: tuple[tuple[str, Protocol, str], ...] = (
            ("ports.tcp", "tcp", settings.tcp_ports),
            ("ports.udp", "udp", settings.udp_ports),
        )
        for name, protocol, ports in asked:
            if self.stop.is_set():
                return
            try:
                respect_meetings(
                    self.inventory, [device.site], self.clock(), self.here.longest(protocol, ports)
                )
                document, scan = self.here.scan(device.id, device.address, protocol, ports)
            except CollectError as error:
                notes.problems.append(error.reason)
                notes.add({name: Unknown(error.reason)})
                continue
            scan = port_speech.told_before(scan, notes.documents)
            notes.documents.append(document)
            services = Services(self.inventory, self.journal, self.here, self.clock, self.stop)
            identify = services.over_tcp if protocol == "tcp" else services.over_udp
            scan, heard, said = identify(device, scan)
            notes.documents.extend(heard)
            notes.add({name: Known(scan, (document.cite(text=describe(scan)), *said))})

    def ask_doors(self, device: Device, platform: Platform | None, notes: Notes) -> None:
        """Certificates, algorithms, and whether every management interface asks who is there."""
        host, timeout_s = str(device.address), self.inventory.scan.connect_timeout_s
        port = device.https_port or (
            platform.management_ports.get("https", 443) if platform else 443
        )
        scan = notes.facts.get("ports.tcp")
        if not isinstance(scan, Known):
            return
        answering = {p.port for p in scan.value.open if p.state == "open"}
        Cryptography(
            *(host, self.journal, device.id, self.inventory.scan.rate_kbps, timeout_s, self.stop),
            trusted=self._trusted(device, notes),
            permitted=lambda: respect_meetings(self.inventory, [device.site], self.clock()),
        ).ask(scan, device.ssh_port, port, notes)
        if self.stop.is_set():
            return
        doors = [Door("ssh", device.ssh_port), Door("https", port), Door("http", 80)]
        probes = knock(
            host,
            [door for door in doors if door.port in answering],
            platform.guarded if platform else ("GET /",),
            self.journal,
            device.id,
            vantage=scan.value.vantage,
            timeout_s=timeout_s,
        )
        documents = [document for probe in probes for document in probe.documents]
        notes.documents.extend(documents)
        if probes:
            cited = tuple(document.cite(1) for document in documents)
            notes.add({"management.interfaces": Known(tuple(p.interface for p in probes), cited)})

    def _trusted(self, device: Device, notes: Notes) -> Trusted:
        """What certificates are compared with. Of files that cannot be read the notes tell."""
        files = [self.base / file for file in self.inventory.scan.ca_files]
        authorities: tuple[Authority, ...] = ()
        try:
            authorities = read_authorities(files)
        except CollectError as error:
            notes.problems.append(error.reason)
        return Trusted(authorities, (str(device.address), *device.host_names))

    def ask_from_elsewhere(self, device: Device, platform: Platform | None, notes: Notes) -> None:
        """The same device seen from the other vantage points; a place that fails is left out."""
        ports = self._exposed(device, platform)
        scans: list[PortScan] = []
        citations = []
        reasons: list[Text] = []
        for scanner in self.elsewhere:
            if self.stop.is_set():
                return
            sites = [device.site, *self._site_of(scanner)]
            try:
                respect_meetings(self.inventory, sites, self.clock(), scanner.longest("tcp", ports))
                document, scan = scanner.scan(device.id, device.address, "tcp", ports)
            except (CollectError, SecretError) as error:
                reasons.append(error.reason)
                continue
            notes.documents.append(document)
            scans.append(scan)
            citations.append(document.cite(text=describe(scan)))
        if scans:
            notes.add({"exposure": Known(tuple(scans), tuple(citations))})
        elif reasons:
            notes.add({"exposure": Unknown(reasons[0])})
        notes.problems.extend(reasons)

    def _exposed(self, device: Device, platform: Platform | None) -> str:
        """The ports of the inventory and those through which this very device is administered."""
        listed = self.inventory.scan.exposure_ports
        own = {device.ssh_port, device.https_port}
        own |= set(platform.management_ports.values()) if platform else set()
        ranges = port_list(listed)
        more = sorted(p for p in own if p and not any(a <= p <= b for a, b in ranges))
        return ",".join([*filter(None, [listed]), *map(str, more)])

    def _site_of(self, scanner: PortScanner) -> list[str]:
        """The site whose network the probes of a vantage point start in, where it is known."""
        zones = (zone for zone in self.inventory.zones if zone.id == scanner.zone)
        return [zone.site for zone in zones if zone.site is not None]


def describe(scan: PortScan) -> str:
    """One line that a person can read: `tcp: open 22, 443 (seen from may-quet)`."""
    found = ", ".join(
        f"{p.port}{'' if p.state == 'open' else ' (open|filtered)'}"
        f"{f' ({p.speaks})' if p.speaks else ''}"
        for p in scan.open
    )
    return f"{scan.protocol}: open {found or 'none'} (seen from {scan.vantage})"
