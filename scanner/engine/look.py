"""Looking at one device: is it on, what does its family tell, which ports answer from where.

Nothing that a device does ends the run: every failure becomes a reason in the observation, and the
rules answer "cannot tell" for what is missing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inventory.catalogue import Catalogue
from inventory.model import Device, Inventory
from inventory.ports import port_list
from inventory.secrets import Secret, SecretError, resolve
from inventory.text import Text
from rules.facts import Known, PortScan, Unknown
from scanner.collect import tls
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.collect.journal import Journal
from scanner.collect.ports import SIGNS_OF_LIFE, PortScanner, Protocol
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.tested_password import cite, tested
from scanner.collect.ways_in import Door, knock
from scanner.collect.web import WebEndpoint
from scanner.engine.derive import currency
from scanner.engine.meetings import respect_meetings
from scanner.engine.observation import Notes, Observation
from scanner.platforms import NoSuchPlatform, find
from scanner.platforms.model import Platform

log = logging.getLogger(__name__)

CONFERENCING = frozenset({"mcu", "vcs"})
"""The devices of Article 11, whose ports are asked in full."""

SWITCHED_OFF = Text(
    vi="thiết bị đang tắt hoặc không kết nối được",
    en="the device is switched off or cannot be reached",
)


@dataclass(frozen=True)
class Looker:
    """Everything that looking at a device takes; call it with the device."""

    inventory: Inventory
    base: Path
    """Folder of the inventory file, for references to secrets."""
    catalogue: Catalogue | None
    journal: Journal
    here: PortScanner
    elsewhere: Sequence[PortScanner]
    clock: Callable[[], datetime]
    stop: Stop

    def __call__(self, device: Device) -> Observation:
        notes = Notes(device.id)
        try:
            self._look(device, notes)
        except CollectError as error:
            notes.problems.append(error.reason)
        except Exception:
            # The one catch-all of looking: a defect in a family module costs one device, not a run.
            log.exception("looking at %s", device.id)
            notes.problems.append(
                Text(
                    vi="hnth gặp lỗi chương trình khi đọc thiết bị này",
                    en="hnth met a defect of its own while reading this device",
                )
            )
        return notes.observation()

    def _look(self, device: Device, notes: Notes) -> None:
        respect_meetings(self.inventory, [device.site], self.clock())
        if not self._is_alive(device):
            notes.problems.append(SWITCHED_OFF)
            return
        platform = self._platform(device, notes)
        if platform is not None:
            self._read(device, platform, notes)
        if notes.put_off or self.stop.is_set():
            return
        if device.kind in CONFERENCING:
            self._ask_ports(device, notes)
            if not self.stop.is_set():
                respect_meetings(self.inventory, [device.site], self.clock())
                self._ask_doors(device, platform, notes)
            self._ask_from_elsewhere(device, platform, notes)
        if platform is not None:
            self._derive(platform, notes)

    def _is_alive(self, device: Device) -> bool:
        ports = f"{SIGNS_OF_LIFE},{device.ssh_port}"
        if device.https_port:
            ports += f",{device.https_port}"
        _, scan = self.here.scan(device.id, device.address, "tcp", ports)
        return scan.answered

    def _platform(self, device: Device, notes: Notes) -> Platform | None:
        if device.platform is None:
            notes.problems.append(
                Text(
                    vi="chưa khai báo dòng thiết bị (platform) nên không đọc được cấu hình",
                    en="no device family (platform) is declared, so its configuration is not read",
                )
            )
            return None
        try:
            return find(device.platform)
        except NoSuchPlatform as error:
            notes.problems.append(error.reason)
            return None

    def _read(self, device: Device, platform: Platform, notes: Notes) -> None:
        """Ask the device itself. What was answered before a failure still counts."""
        password: Secret | None = None
        accepted = threading.Event()
        documents = []
        try:
            password = self._secret(device, "password")
            access = self._access(device, platform, password, accepted)
            with closing(platform.collect(access)) as answers:
                for document in answers:
                    documents.append(document)
                    notes.documents.append(document)
                    if self.stop.is_set():
                        return
        except Busy as error:
            notes.put_off = True
            notes.problems.append(error.reason)
        except LoginRefused as error:
            # some devices answer a refusal as they answer everything else
            accepted.clear()
            notes.problems.append(error.reason)
        except (CollectError, SecretError) as error:
            notes.problems.append(error.reason)
        reading = platform.read(documents)
        notes.add(reading.facts)
        notes.unread.extend(reading.unread)
        if password is not None and accepted.is_set() and device.credential is not None:
            special = self.inventory.readings.special_set
            judged = tested(device.credential.username, password.reveal(), special)
            notes.add({"tested_passwords": Known((judged,), (cite(judged, self.clock()),))})

    def _secret(self, device: Device, kind: str) -> Secret | None:
        reference = getattr(device.credential, kind, None)
        return resolve(reference, self.base) if reference else None

    def _access(
        self,
        device: Device,
        platform: Platform,
        password: Secret | None,
        accepted: threading.Event,
    ) -> DeviceAccess:
        """The doors of the device; `accepted` is set when it has let the password in."""
        settings = self.inventory.scan
        key = self._secret(device, "private_key")
        username = device.credential.username if device.credential else ""
        return DeviceAccess(
            device_id=device.id,
            ssh=SshEndpoint(
                host=str(device.address),
                port=device.ssh_port,
                username=username,
                password=password.reveal() if password else None,
                private_key=key.reveal() if key else None,
                host_key=device.host_key,
                connect_timeout_s=settings.connect_timeout_s,
                command_timeout_s=settings.command_timeout_s,
                on_password=accepted.set,
            ),
            web_address=lambda default: WebEndpoint(
                host=str(device.address),
                port=device.https_port or default,
                username=username,
                certificate=device.certificate,
                connect_timeout_s=settings.connect_timeout_s,
                command_timeout_s=settings.command_timeout_s,
                on_password=accepted.set,
            ),
            allowed=platform.allowed,
            journal=self.journal,
            vantage=self.here.vantage,
            stop=self.stop,
            password=password,
        )

    def _ask_ports(self, device: Device, notes: Notes) -> None:
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
            notes.documents.append(document)
            notes.add({name: Known(scan, (document.cite(text=describe(scan)),))})

    def _ask_doors(self, device: Device, platform: Platform | None, notes: Notes) -> None:
        """Certificates, and whether every management interface asks who is there."""
        host, timeout_s = str(device.address), self.inventory.scan.connect_timeout_s
        port = device.https_port or (
            platform.management_ports.get("https", 443) if platform else 443
        )
        scan = notes.facts.get("ports.tcp")
        if not isinstance(scan, Known):
            return
        answering = {p.port for p in scan.value.open if p.state == "open"}
        if port in answering:
            try:
                sight = tls.look(
                    host,
                    port,
                    self.journal,
                    device.id,
                    vantage=scan.value.vantage,
                    timeout_s=timeout_s,
                )
                notes.documents.append(sight)
                notes.add(tls.tls_facts([sight]))
            except CollectError as error:
                notes.add({"tls.certificates": Unknown(error.reason)})
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

    def _ask_from_elsewhere(self, device: Device, platform: Platform | None, notes: Notes) -> None:
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

    def _derive(self, platform: Platform, notes: Notes) -> None:
        seen = notes.observation().facts
        notes.add({"needed_ports": Known(platform.needed_ports)})
        notes.add(
            {
                "software.currency": currency(
                    platform, seen["software.version"], seen["identity.model"], self.catalogue
                )
            }
        )


def describe(scan: PortScan) -> str:
    """One line that a person can read: `tcp: open 22, 443 (seen from may-quet)`."""
    found = ", ".join(
        f"{p.port}{'' if p.state == 'open' else ' (open|filtered)'}" for p in scan.open
    )
    return f"{scan.protocol}: open {found or 'none'} (seen from {scan.vantage})"
