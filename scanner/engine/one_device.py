"""One device without an inventory: meet it, and declare just as much as looking at it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import yaml

from inventory.load import Loaded, loads
from inventory.model import Device, DeviceKind, Inventory
from inventory.scan_settings import ScanSettings
from rules.facts import PortScan
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.ports import PortScanner
from scanner.collect.ssh_login import fetch_host_key
from scanner.collect.stopping import Stop
from scanner.collect.tls import fetch_certificate, fingerprint
from scanner.engine.recognition import Recogniser, identity_of
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.model import Platform
from scanner.recognise import Identity

DEVICE = "thiet-bi"
SITE = "noi-kiem-tra"
HERE = "may-kiem-tra"
TYPED = "env:HNTH_CHECK_PASSWORD"
"""Reference under which the password that was typed is declared; it is never in the environment."""

CONFERENCING: tuple[DeviceKind, ...] = ("vcs", "mcu")


@dataclass(frozen=True)
class Address:
    """Where the device is."""

    host: IPv4Address | IPv6Address
    ssh_port: int = 22
    https_port: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """What a device says before anybody logs in."""

    answering: frozenset[int]
    """TCP ports, of those a family may use, that accept connections."""
    alive: bool
    documents: tuple[Document, ...]
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Pins:
    """Whose device it is: what the login compares before it sends the password."""

    host_key: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """An account to read with; the password stands behind `TYPED` or in a variable."""

    username: str
    password: str = TYPED


def meet(address: Address, journal: Journal, *, rate_kbps: int, timeout_s: float = 5.0) -> Contact:
    """Ask a few ports and what answers there; nothing secret is sent.

    Raises `CollectError` when nmap fails.
    """
    recogniser = Recogniser(
        journal=journal,
        device_id=DEVICE,
        host=str(address.host),
        vantage=HERE,
        timeout_s=timeout_s,
        stop=Stop(),
        ssh_port=address.ssh_port,
        https_port=address.https_port,
    )
    scanner = PortScanner(vantage=HERE, zone="", rate_kbps=rate_kbps, sent=journal.sent)
    ports = ",".join(map(str, recogniser.ports()))
    scan: PortScan = scanner.scan(DEVICE, address.host, "tcp", ports)[1]
    if not scan.answered:
        return Contact(frozenset(), False, (), None)
    answering = frozenset(port.port for port in scan.open if port.state == "open")
    documents = (*recogniser.at_the_doors(answering), *recogniser.all_over(answering))
    return Contact(answering, True, documents, identity_of(documents))


def shown_pins(
    address: Address, platform: Platform, contact: Contact, timeout_s: float = 5.0
) -> Pins:
    """The host key and certificate that the device shows now, for a person to compare.

    Only those of the doors that the family is read through; None where the door does not answer.
    """
    doors = platform.management_ports
    https_port = address.https_port or doors.get("https", 443)
    host_key = certificate = None
    if "ssh" in doors and address.ssh_port in contact.answering:
        try:
            host_key = fetch_host_key(str(address.host), address.ssh_port, timeout_s)
        except CollectError:
            host_key = None
    if "https" in doors and https_port in contact.answering:
        try:
            certificate = fingerprint(
                fetch_certificate(str(address.host), https_port, timeout_s)[0]
            )
        except CollectError:
            certificate = None
    return Pins(host_key, certificate)


def kind_of(platform: Platform | None) -> DeviceKind:
    """What the device most likely is: an endpoint, unless its family is none."""
    kinds = platform.kinds if platform else frozenset(CONFERENCING)
    known = [kind for kind in CONFERENCING if kind in kinds]
    return known[0] if known else "server"


def declaration(
    address: Address,
    platform: str | None,
    kind: DeviceKind,
    pins: Pins,
    login: Login | None,
    *,
    rate_kbps: int,
    tcp_ports: str = ScanSettings().tcp_ports,
    udp_ports: str = ScanSettings().udp_ports,
    commissioned: date | None = None,
    name: str | None = None,
) -> Loaded:
    """An inventory that holds this device and nothing else.

    `commissioned` is the day as of which it goes into use.
    """
    device: dict[str, Any] = {
        "id": DEVICE,
        "name": name or str(address.host),
        "kind": kind,
        "site": SITE,
        "address": str(address.host),
        "platform": platform,
        "ssh_port": address.ssh_port,
        "https_port": address.https_port,
        "host_key": pins.host_key,
        "certificate": pins.certificate,
        "commissioned": commissioned,
    }
    if login is not None:
        device["credential"] = {"username": login.username, "password": login.password}
    content = {
        "organisation": {
            "name": "Kiểm tra một thiết bị trước khi đưa vào sử dụng",
            "province": "-",
        },
        "sites": [{"id": SITE, "name": "Nơi kiểm tra thiết bị", "level": "province"}],
        "devices": [{key: value for key, value in device.items() if value is not None}],
        "scan": {"rate_kbps": rate_kbps, "tcp_ports": tcp_ports, "udp_ports": udp_ports},
    }
    return loads(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), Path("check.yaml"))


def device_of(inventory: Inventory) -> Device:
    """The device that was declared by `declaration`."""
    return inventory.device(DEVICE)


def family(name: str | None, contact: Contact) -> Platform | None:
    """The family named, else the one recognised; raises `NoSuchPlatform` for a wrong name."""
    if name is not None:
        return find(name)
    return find(contact.identity.family) if contact.identity else None
