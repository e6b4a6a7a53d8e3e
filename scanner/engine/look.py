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
from functools import cached_property
from pathlib import Path

from inventory.catalogue import Catalogue
from inventory.model import Device, Inventory
from inventory.ports import port_list
from inventory.secrets import Secret, SecretError, resolve
from inventory.text import Text
from rules.facts import Known, PortScan
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.collect.journal import Journal, JournalError
from scanner.collect.ports import SIGNS_OF_LIFE, PortScanner
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.engine.derive import currency, needs, unused_accounts
from scanner.engine.handed_in import HandedIn
from scanner.engine.introduction import Introduction
from scanner.engine.meetings import respect_meetings
from scanner.engine.observation import Notes, Observation
from scanner.engine.recognition import Recogniser
from scanner.engine.snmp_agent import snmp_agent
from scanner.engine.surface import Surface
from scanner.platforms.absent_services import with_absent_services
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
    secret_behind: Callable[[str, Path], Secret] = resolve
    """The secret that a reference of the inventory names."""
    handed_in: HandedIn | None = None
    """Passwords that are known without asking; None where nobody handed in any."""

    def __call__(self, device: Device) -> Observation:
        notes = Notes(device.id)
        try:
            self._look(device, notes)
        except CollectError as error:
            notes.problems.append(error.reason)
        except JournalError:
            raise
        except Exception:
            # The one catch-all of looking: a defect in a family module costs one device, not a run.
            log.exception("looking at %s", device.id)
            notes.problems.append(
                Text(
                    vi="hnth gặp lỗi chương trình khi đọc thiết bị này",
                    en="hnth met a defect of its own while reading this device",
                )
            )
        notes.add(self._known.facts(device.id, self.clock(), refused=notes.refused))
        return notes.observation()

    def _look(self, device: Device, notes: Notes) -> None:
        respect_meetings(self.inventory, [device.site], self.clock())
        recogniser = self._recogniser(device)
        scan = self._sign_of_life(device, recogniser)
        if not scan.answered:
            notes.problems.append(SWITCHED_OFF)
            return
        answering = {port.port for port in scan.open if port.state == "open"}
        introduction = Introduction(recogniser, device.platform, answering, notes)
        platform = introduction.family()
        if platform is not None:
            self._read(device, platform, notes)
        if notes.put_off or self.stop.is_set():
            return
        platform = introduction.confirmed(platform, ask=device.kind in CONFERENCING)
        if device.kind in CONFERENCING:
            self._ask_surface(device, platform, notes)
        if platform is not None:
            self._derive(device, platform, notes)

    def _recogniser(self, device: Device) -> Recogniser:
        return Recogniser(
            journal=self.journal,
            device_id=device.id,
            host=str(device.address),
            vantage=self.here.vantage,
            timeout_s=self.inventory.scan.connect_timeout_s,
            stop=self.stop,
            ssh_port=device.ssh_port,
            https_port=device.https_port,
            snmp_agent=lambda: snmp_agent(device, self.base, self.secret_behind),
        )

    def _sign_of_life(self, device: Device, recogniser: Recogniser) -> PortScan:
        known = {*port_list(SIGNS_OF_LIFE), *((port, port) for port in recogniser.ports())}
        ports = ",".join(str(first) for first, _ in sorted(known))
        return self.here.scan(device.id, device.address, "tcp", ports)[1]

    def _ask_surface(self, device: Device, platform: Platform | None, notes: Notes) -> None:
        surface = Surface(
            *(self.inventory, self.journal, self.here, self.elsewhere, self.clock, self.stop),
            base=self.base,
        )
        surface.ask_ports(device, notes)
        if not self.stop.is_set():
            respect_meetings(self.inventory, [device.site], self.clock())
            surface.ask_doors(device, platform, notes)
        surface.ask_from_elsewhere(device, platform, notes)

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
            notes.refused = device.credential.username if device.credential else None
            notes.problems.append(error.reason)
        except (CollectError, SecretError) as error:
            notes.problems.append(error.reason)
        reading = with_absent_services(platform, platform.read(documents))
        notes.add(reading.facts)
        notes.unread.extend(reading.unread)
        if password is not None and accepted.is_set() and device.credential is not None:
            account = device.credential.username
            notes.add(self._known.after_login(device, account, password, self.clock()))

    @cached_property
    def _known(self) -> HandedIn:
        return self.handed_in or HandedIn(self.inventory)

    def _secret(self, device: Device, kind: str) -> Secret | None:
        reference = getattr(device.credential, kind, None)
        return self.secret_behind(reference, self.base) if reference else None

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
                digest_key=self._known.digest_key,
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
            snmp_agent=lambda: snmp_agent(device, self.base, self.secret_behind),
        )

    def _derive(self, device: Device, platform: Platform, notes: Notes) -> None:
        seen = notes.observation().facts
        notes.add({"needed_ports": needs(platform)})
        notes.add({"default_accounts": Known(platform.default_accounts)})
        notes.add(unused_accounts(device, seen["accounts"]))
        notes.add(
            {
                "software.currency": currency(
                    platform, seen["software.version"], seen["identity.model"], self.catalogue
                )
            }
        )
