"""One device on the network, looked at once or again while somebody mends it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from inventory.scan_settings import ScanSettings
from inventory.secrets import Secret
from inventory.text import Text
from scanner.cli.check_login import Given, SecretBehind, login_of, pins_for
from scanner.cli.check_vault import FromVault, from_vault_for
from scanner.cli.scan import journal_folder, require_nmap
from scanner.cli.speech import give_up, say
from scanner.engine import one_device
from scanner.engine.one_device import Address, Contact, Login, Pins

if TYPE_CHECKING:
    from inventory.model import DeviceKind
    from scanner.check.model import CheckResult
    from scanner.platforms.model import Platform

INCOMPLETE, STOPPED = 3, 130

Kind = Literal["vcs", "mcu"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says about one device on the network."""

    target: str
    given: Given
    vault: Path | None
    vault_password_file: Path | None
    vault_entry: str | None
    platform: str | None
    kind: Kind | None
    ssh_port: int
    https_port: int | None
    ports: str
    rate: int
    database: str
    quiet: bool


@dataclass
class Device:
    """The device that answered, with what it takes to look at it. Use `Device.met`."""

    wanted: Wanted
    where: Address
    family: Platform | None
    nmap_version: str
    login: Login | None = None
    pins: Pins = field(default_factory=Pins)
    secret_behind: SecretBehind | None = None
    vault: FromVault | None = None
    may_log_in: bool = True
    """False once a password was sent and not let in: it is never sent again."""

    @classmethod
    def met(cls, wanted: Wanted) -> Device:
        """The device, recognised and its identity compared; ends the command when it is off.

        Nothing is stored yet: findings and evidence are kept from the first look on.
        """
        where = Address(_resolved(wanted.target), wanted.ssh_port, wanted.https_port)
        nmap_version = require_nmap()
        contact = _met(where, wanted.rate, journal_folder(wanted.database))
        family = one_device.family(wanted.platform, contact)
        if not wanted.quiet:
            _introduce(where, family, contact)
        device = cls(wanted, where, family, nmap_version)
        device._identify(contact)
        return device

    def whole(self) -> CheckResult:
        """Everything is asked: all ports that are wanted, and the configuration."""
        return self._look(self.wanted.ports, ScanSettings().udp_ports, self.login)

    def again(self, before: CheckResult) -> CheckResult:
        """Only what failed: the ports that answered, and the configuration where that is at fault.

        What was not asked is undetermined in the answer.
        """
        from scanner.check.live import ports_seen  # noqa: PLC0415
        from scanner.check.rounds import only_of_ports  # noqa: PLC0415

        tcp = ports_seen(before, "ports.tcp") | {self.where.ssh_port}
        udp = ports_seen(before, "ports.udp") if only_of_ports(before.failures) else frozenset()
        login = None if only_of_ports(before.failures) else self.login
        return self._look(_listed(tcp), _listed(udp) or "161", login)

    def _identify(self, contact: Contact) -> None:
        """The login and whose device it goes to; nothing secret was sent before this."""
        wanted = self.wanted
        self.vault = from_vault_for(
            *(wanted.vault_entry, {wanted.target, str(self.where.host)}),
            *(wanted.vault, wanted.vault_password_file),
            asked_for=wanted.given.user is None,
        )
        given = wanted.given.with_entry(self.vault.entry if self.vault else None)
        self.login, self.secret_behind = login_of(given)
        self.pins = given.pins
        if self.login is not None and self.family is not None:
            shown = one_device.shown_pins(self.where, self.family, contact)
            self.pins = pins_for(shown, given)

    def _look(self, tcp_ports: str, udp_ports: str, login: Login | None) -> CheckResult:
        from inventory.secrets import resolve  # noqa: PLC0415
        from rules.world import LOCAL_ZONE  # noqa: PLC0415
        from scanner.check.live import Bench, look  # noqa: PLC0415
        from scanner.cli.progress import Watched  # noqa: PLC0415
        from scanner.store import Store  # noqa: PLC0415

        family, wanted = self.family, self.wanted
        login = login if self.may_log_in else None
        kind: DeviceKind = wanted.kind or one_device.kind_of(family)
        loaded = one_device.declaration(
            *(self.where, family.name if family else None, kind, self.pins, login),
            rate_kbps=wanted.rate,
            tcp_ports=tcp_ports,
            udp_ports=udp_ports,
            commissioned=datetime.now(UTC).astimezone(LOCAL_ZONE).date(),
        )
        sent = _Sent(self.secret_behind or resolve)
        journals = journal_folder(wanted.database)
        account = self.login.username if self.login else None
        handed_in = self.vault.handed_in(loaded.inventory, account) if self.vault else None
        with Store.open(wanted.database) as store, Watched(wanted.quiet) as progress:
            bench = Bench(store, progress, journals, self.nmap_version, sent, handed_in)
            result = look(loaded, family, bench)
        if result is None:
            raise typer.Exit(STOPPED)
        self._remember(result, sent)
        return result

    def _remember(self, result: CheckResult, sent: _Sent) -> None:
        from rules.facts import Known  # noqa: PLC0415

        facts = result.report.network.get(one_device.DEVICE)
        tested = facts["tested_passwords"] if facts is not None else None
        let_in = {one.account for one in tested.value} if isinstance(tested, Known) else set()
        if sent.asked and (self.login is None or self.login.username not in let_in):
            self.may_log_in = False


@dataclass
class _Sent:
    """Gives the secret, and knows afterwards whether anybody wanted it."""

    behind: SecretBehind
    asked: bool = False

    def __call__(self, reference: str, base: Path) -> Secret:
        self.asked = True
        return self.behind(reference, base)


def _listed(ports: frozenset[int]) -> str:
    return ",".join(map(str, sorted(ports)))


def _resolved(address: str) -> IPv4Address | IPv6Address:
    """The address itself, or the one that the name stands for; one device, never a network."""
    try:
        return ip_address(address)
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(address, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise give_up(_NO_ADDRESS.format(address=address)) from None
    return ip_address(str(found[0][4][0]).partition("%")[0])


def _met(where: Address, rate: int, journals: Path) -> Contact:
    from scanner.collect.journal import FileJournal  # noqa: PLC0415
    from scanner.engine.one_device import meet  # noqa: PLC0415

    journals.mkdir(parents=True, exist_ok=True)
    started = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    with FileJournal(journals / f"{started}-recognition.jsonl") as journal:
        contact = meet(where, journal, rate_kbps=rate)
    if not contact.alive:
        raise give_up(_OFF.format(address=where.host), INCOMPLETE)
    return contact


def _introduce(where: Address, family: Platform | None, contact: Contact) -> None:
    """What the device is, and what says so."""
    identity = contact.identity
    if family is None:
        say(
            _NOT_RECOGNISED.format(address=where.host).vi,
            _NOT_RECOGNISED.format(address=where.host).en,
        )
        return
    told = [family.title]
    if identity is not None and identity.family == family.name:
        told += [part for part in (identity.model, identity.version) if part]
    line = f"{where.host}: {' · '.join(told)}"
    say(line, line)
    for seen in identity.evidence if identity else ():
        source = seen.banner.seen.source if seen.banner.seen else seen.banner.kind
        say(f"  {source}: {seen.banner.text[:100]}", f"  {source}: {seen.banner.text[:100]}")


_NO_ADDRESS = Text(
    vi="“{address}” không phải là địa chỉ IP và không tìm thấy tên này; hãy nêu địa chỉ của một "
    "thiết bị, ví dụ 192.0.2.10.",
    en="“{address}” is no IP address, and no such name was found; give the address of one device, "
    "for instance 192.0.2.10.",
)
_OFF = Text(
    vi="{address}: thiết bị đang tắt hoặc không kết nối được; hãy kiểm tra nguồn, cáp và địa chỉ. "
    "Chưa kiểm tra được nội dung nào.",
    en="{address}: the device is off or cannot be reached; check power, cable and address. Nothing "
    "could be checked.",
)
_NOT_RECOGNISED = Text(
    vi="{address}: không nhận ra dòng thiết bị; chỉ kiểm tra được các cổng. Nếu biết, hãy nêu "
    "bằng --platform.",
    en="{address}: its family was not recognised, so only its ports can be checked. If you know "
    "it, name it with --platform.",
)
