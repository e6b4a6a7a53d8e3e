"""`hnth check ADDRESS`: one device before it goes into use, without an inventory."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from inventory.text import Text
from rules.model import Finding
from scanner.cli.outcome import exit_status
from scanner.cli.scan import (
    AllowIncomplete,
    AsJson,
    FailOn,
    Quiet,
    journal_folder,
    require_nmap,
    severity,
)
from scanner.cli.speech import give_up, say
from scanner.cli.vault_door import ScanPasswordFile, ScanVault

if TYPE_CHECKING:
    from scanner.engine.one_device import Address, Contact
    from scanner.platforms.model import Platform

INCOMPLETE, STOPPED = 3, 130

Port = Annotated[int, typer.Option(min=1, max=65535)]


def check(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Address of the device.")],
    platform: Annotated[
        str | None,
        typer.Option("--platform", "-p", help="Device family; default: what the device says."),
    ] = None,
    kind: Annotated[
        Literal["vcs", "mcu"] | None, typer.Option(help="What it is, where its family can be both.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", "-u", help="Account to read the configuration with.")
    ] = None,
    password_env: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Variable that holds the password; else it is asked."),
    ] = None,
    vault_entry: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Entry of the vault that holds account and password."),
    ] = None,
    vault: ScanVault = None,
    vault_password_file: ScanPasswordFile = None,
    host_key: Annotated[
        str | None, typer.Option(metavar="SHA256:...", help="SSH host key of the device.")
    ] = None,
    certificate: Annotated[
        str | None, typer.Option(metavar="HEX", help="SHA-256 of the device's TLS certificate.")
    ] = None,
    accept_identity: Annotated[
        bool,
        typer.Option("--accept-identity", help="Take the keys that the device shows, unasked."),
    ] = False,
    ssh_port: Port = 22,
    https_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    ports: Annotated[str, typer.Option(help="TCP ports to ask.")] = "1-65535",
    rate: Annotated[
        int, typer.Option(min=8, help="Budget in kbit/s; the device is not in use yet.")
    ] = 4000,
    database: Annotated[
        str, typer.Option("--database", "-d", help="Where findings and evidence are kept.")
    ] = "hnth-check.db",
    fail_on: FailOn = "S3",
    allow_incomplete: AllowIncomplete = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check one device before it goes into use; it is recognised by what it says of itself.

    Its configuration is read when an account is given (--user); its ports are asked in any case.
    """
    from scanner.cli.check_login import (  # noqa: PLC0415 - heavy parts
        Given,
        entry_named,
        login_of,
        pins_for,
    )
    from scanner.cli.progress import Watched  # noqa: PLC0415
    from scanner.engine import one_device  # noqa: PLC0415
    from scanner.engine.plan import Scope  # noqa: PLC0415
    from scanner.engine.session import scan  # noqa: PLC0415
    from scanner.platforms import find  # noqa: PLC0415
    from scanner.store import Store  # noqa: PLC0415

    threshold = severity(fail_on)
    if platform is not None:
        find(platform)  # a wrong name is said before anything is asked
    where = one_device.Address(_resolved(address), ssh_port, https_port)
    nmap_version = require_nmap()
    contact = _met(where, rate, journal_folder(database))
    family = one_device.family(platform, contact)
    if not quiet:
        _introduce(where, family, contact)
    entry = entry_named(vault_entry, vault, vault_password_file)
    pinned = one_device.Pins(host_key, certificate)
    given = Given(user, password_env, pinned, accept_identity, entry)
    login, secret_behind = login_of(given)
    pins = given.pins
    if login is not None and family is not None:
        pins = pins_for(one_device.shown_pins(where, family, contact), given)
    loaded = one_device.declaration(
        *(where, family.name if family else None, kind or one_device.kind_of(family), pins, login),
        rate_kbps=rate,
        tcp_ports=ports,
    )
    with Store.open(database) as store, Watched(quiet) as progress:
        result = scan(
            *(loaded, store, Scope(), progress, journal_folder(database), nmap_version),
            secret_behind=secret_behind,
        )
    if not result.complete:
        raise typer.Exit(STOPPED)
    findings = [f for f in result.findings if _is_about_it(f)]
    if as_json:
        typer.echo(_as_json(database, result.run_id))
    elif not quiet:
        from scanner.cli.check_screen import print_screen  # noqa: PLC0415

        print_screen(findings, database)
    raise typer.Exit(exit_status(findings, threshold, allow_incomplete))


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


def _is_about_it(finding: Finding) -> bool:
    """Article 11 asks of the device itself; the others ask of the network it will stand in."""
    from rules.requirements import REQUIREMENTS  # noqa: PLC0415
    from scanner.engine.one_device import DEVICE  # noqa: PLC0415

    return finding.device == DEVICE and REQUIREMENTS[finding.requirement].article == 11


def _as_json(database: str, run_id: str) -> str:
    """The findings about the device; what asks for the rest of the network is left out."""
    from reports import json_findings  # noqa: PLC0415
    from scanner.cli.report import load_report  # noqa: PLC0415

    report = load_report(database, run_id)
    own = tuple(f for f in report.findings if _is_about_it(f))
    document = json_findings.render(replace(report, findings=own))
    return json.dumps(document, ensure_ascii=False, indent=1)


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
