"""What nmap takes for the services that hnth's own questions left unidentified.

Asked with `-sV --version-light`: the few probes that nearly every service knows, one connection at
a time. Call signalling is left out. What nmap says is kept as evidence and counts against a device
only: it may show telnet at an odd port, and never that the port of telnet is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

import nmap
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from rules.facts import OpenPort
from rules.network_facts import Address
from rules.services import CLEAR_SPEECH, NEEDED_SERVICE_PORTS, SERVICE_PORTS
from scanner.collect.port_questions import NEVER, SIP_PORTS
from scanner.collect.port_speech import of_nmap
from scanner.collect.ports import scan_failed
from scanner.evidence import MAX_BYTES, Document, printable

LONGEST_PER_PORT_S = 20
MOST_PORTS = 8
NAME_MAX = 60

Sent = Callable[[str, str, str], None]


def asked(ports: Sequence[int]) -> tuple[int, ...]:
    """Those of the ports that nmap may be asked about, as many as it may be."""
    return tuple(p for p in ports if p not in NEVER and p not in SIP_PORTS)[:MOST_PORTS]


def longest(ports: Sequence[int]) -> timedelta:
    """After this long nmap gives up."""
    return timedelta(seconds=LONGEST_PER_PORT_S * len(ports))


def arguments(ports: Sequence[int]) -> list[str]:
    """The nmap options: no ping, no names, no scripts, one connection at a time."""
    return [
        *("-sT", "-sV", "--version-light", "-Pn", "-n"),
        *("--max-retries", "1", "--max-parallelism", "1"),
        *("--host-timeout", f"{LONGEST_PER_PORT_S * len(ports)}s"),
    ]


def command(address: Address, ports: Sequence[int]) -> str:
    """What is run, as the journal and the evidence have it."""
    options = [*arguments(ports), *(["-6"] if address.version == 6 else [])]
    return " ".join(["nmap", *options, "-p", ",".join(map(str, ports)), str(address)])


def ask(
    address: Address, ports: Sequence[int], sent: Sent, device_id: str, *, vantage: str
) -> Document:
    """Evidence of class P: the XML of nmap. Raises `CollectError` when nmap could not finish."""
    line = command(address, ports)
    options = line.split()[1:-3]
    sent(device_id, f"nmap from {vantage}", line)
    try:
        scanner = nmap.PortScanner()
        scanner.scan(str(address), ",".join(map(str, ports)), " ".join(options))
    except nmap.PortScannerError as error:
        raise scan_failed(str(error)) from None
    output = scanner.get_nmap_last_output()
    xml = output if isinstance(output, bytes) else str(output).encode()
    document = Document(xml[:MAX_BYTES], line, "P", datetime.now(UTC), vantage)
    _root(document)
    return document


def named(ports: Sequence[OpenPort], document: Document) -> tuple[OpenPort, ...]:
    """The ports with what nmap says of them. Raises `CollectError` for unreadable XML."""
    services = {
        port.get("portid", ""): service
        for port in _root(document).iterfind("host/ports/port")
        if (service := port.find("service")) is not None and service.get("method") == "probed"
    }
    return tuple(
        _with(port, services[str(port.port)]) if str(port.port) in services else port
        for port in ports
    )


def _with(port: OpenPort, service: Element) -> OpenPort:
    words = (service.get(key, "") for key in ("name", "product", "version"))
    told = printable(" ".join(" ".join(words).split()), NAME_MAX)
    speaks = of_nmap(service.get("name", ""), "probed", service.get("tunnel", ""))
    return replace(
        port,
        service=told or port.service,
        speaks=port.speaks or (speaks if _counts(port.port, speaks) else ""),
    )


def _counts(port: int, speaks: str) -> bool:
    """Hearsay may burden a port, and never clear the usual port of another service."""
    if speaks in CLEAR_SPEECH:
        return True
    usual = {place[1]: name for name, place in SERVICE_PORTS.items() if place[0] == "tcp"}
    usual |= {place[1]: name for name, places in NEEDED_SERVICE_PORTS.items() for place in places}
    return usual.get(port, speaks) == speaks


def _root(document: Document) -> Element:
    try:
        root: Element = fromstring(document.content)
    except (ParseError, DefusedXmlException, ValueError):
        raise scan_failed("unreadable XML") from None
    finished = root.find("runstats/finished")
    if finished is None or finished.get("exit") != "success":
        raise scan_failed("" if finished is None else finished.get("errormsg", ""))
    return root
