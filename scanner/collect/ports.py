"""Which ports answer, asked with nmap: TCP connects and named UDP ports, within a rate budget.

nmap's own XML is the evidence. A scan counts only when nmap says that it finished; anything else is
a `CollectError`, never an empty list of open ports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from xml.etree.ElementTree import Element

import nmap
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from inventory.ports import port_list
from inventory.text import Text
from rules.facts import OpenPort, PortScan
from rules.network_facts import Address, PortRange
from scanner.collect.errors import CollectError
from scanner.collect.port_speech import of_nmap
from scanner.evidence import MAX_BYTES, Document, printable

Protocol = Literal["tcp", "udp"]

PROBE_BITS = 600
"""A SYN with options on Ethernet; the answer in the other direction is not larger."""

SIGNS_OF_LIFE = "22,23,80,443,445,1720,5060,5061"
"""Ports asked first: a device that refuses or accepts one of them is switched on."""

RunRemote = Callable[[Sequence[str]], bytes]
"""Runs a command on a vantage host and gives its standard output."""


def arguments(protocol: Protocol, rate_kbps: int) -> list[str]:
    """The nmap options for a polite scan of one device: no ping, no names, no scripts."""
    probes_per_s = max(1, rate_kbps * 1000 // PROBE_BITS)
    kind = "-sT" if protocol == "tcp" else "-sU"
    return [
        kind,
        "-Pn",
        "-n",
        "--max-retries",
        "2" if protocol == "udp" else "1",
        "--max-rtt-timeout",
        "1500ms",
        "--initial-rtt-timeout",
        "300ms",
        # Without a lower bound nmap waits for silent ports one after the other.
        "--min-rate",
        str(max(1, probes_per_s // 2)),
        "--max-rate",
        str(probes_per_s),
    ]


class PortScanner:
    """Asks one device after the other from one vantage point."""

    def __init__(
        self,
        vantage: str,
        zone: str,
        rate_kbps: int,
        sent: Callable[[str, str, str], None],
        run_remote: RunRemote | None = None,
    ) -> None:
        self.vantage = vantage
        self.zone = zone
        self._rate_kbps = rate_kbps
        self._sent = sent
        self._run_remote = run_remote

    def longest(self, protocol: Protocol, ports: str) -> timedelta:
        """How long nmap can take over a device that never answers, at the rate it keeps to."""
        options = arguments(protocol, self._rate_kbps)
        tries = 1 + int(options[options.index("--max-retries") + 1])
        asked = sum(last - first + 1 for first, last in port_list(ports))
        return timedelta(seconds=asked * tries / int(options[options.index("--min-rate") + 1]))

    def scan(
        self, device_id: str, address: Address, protocol: Protocol, ports: str
    ) -> tuple[Document, PortScan]:
        """The evidence and what it says. Raises CollectError when nmap could not finish."""
        options = arguments(protocol, self._rate_kbps)
        command = ["nmap", *options, "-p", ports, str(address)]
        self._sent(device_id, f"nmap from {self.vantage}", " ".join(command))
        if self._run_remote is None:
            xml = _run_here(address, ports, options)
        else:
            xml = self._run_remote([*command, "-oX", "-"])
        document = Document(
            content=xml[:MAX_BYTES],
            source=" ".join(command),
            evidence_class="P",
            captured=datetime.now(UTC),
            vantage=self.vantage,
        )
        return document, read_scan(document, self.vantage, self.zone, protocol)

    def is_alive(self, device_id: str, address: Address) -> bool:
        """Whether anything at the address accepts or refuses a connection."""
        _, scan = self.scan(device_id, address, "tcp", SIGNS_OF_LIFE)
        return scan.answered


def _run_here(address: Address, ports: str, options: list[str]) -> bytes:
    try:
        scanner = nmap.PortScanner()
        scanner.scan(str(address), ports, " ".join(options))
    except nmap.PortScannerError as error:
        raise scan_failed(str(error)) from None
    output = scanner.get_nmap_last_output()
    return output if isinstance(output, bytes) else str(output).encode()


def scan_failed(detail: str) -> CollectError:
    if "root privileges" in detail or "raw socket" in detail:
        return CollectError(
            Text(
                vi="nmap cần quyền quản trị (hoặc CAP_NET_RAW) để dò cổng UDP; chưa dò",
                en="nmap needs root or CAP_NET_RAW to ask UDP ports; they were not asked",
            )
        )
    brief = printable(detail.strip().splitlines()[-1], 160) if detail.strip() else ""
    return CollectError(
        Text(
            vi=f"nmap không hoàn thành việc dò cổng: {brief}",
            en=f"nmap did not finish the port scan: {brief}",
        )
    )


def read_scan(document: Document, vantage: str, zone: str, protocol: Protocol) -> PortScan:
    """Nmap's XML as a value. Raises CollectError unless it says that the scan was completed."""
    try:
        root = fromstring(document.content)
    except (ParseError, DefusedXmlException, ValueError):
        raise scan_failed("unreadable XML") from None
    finished = root.find("runstats/finished")
    info = root.find("scaninfo")
    host = root.find("host")
    if finished is None or finished.get("exit") != "success" or info is None:
        raise scan_failed("" if finished is None else finished.get("errormsg", ""))
    if host is None:
        # with -Pn a host is always reported, unless its address was not understood
        raise scan_failed("no host was asked")
    if info.get("protocol") != protocol or host.get("timedout") == "true":
        raise scan_failed("host timed out")
    try:
        scanned = _ranges(info.get("services", ""))
        found = tuple(_open_ports(host))
        decided = len(found) + _closed(host)
    except ValueError:
        raise scan_failed("unreadable port numbers") from None
    return PortScan(
        vantage=vantage,
        zone=zone,
        protocol=protocol,
        scanned=scanned,
        answered=_answered(host),
        open=found,
        undecided=max(0, sum(r.last - r.first + 1 for r in scanned) - decided),
    )


def _ranges(services: str) -> tuple[PortRange, ...]:
    """ValueError for anything but ports: what a vantage host prints is not taken on trust."""
    ranges = []
    for part in filter(None, services.split(",")):
        first, _, last = part.partition("-")
        ranges.append(PortRange(_number(first), _number(last or first)))
    return tuple(ranges)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535):
        raise ValueError(text[:20])
    return int(text)


def _closed(host: Element) -> int:
    listed = sum(s.get("state") == "closed" for s in host.iterfind("ports/port/state"))
    folded = (e for e in host.iterfind("ports/extraports") if e.get("state") == "closed")
    return listed + sum(_number(e.get("count", "0")) for e in folded)


def _answered(host: Element) -> bool:
    """Closed or open ports are signs of life; silence and routers' complaints are not."""
    states = [s.get("state") for s in host.iterfind("ports/port/state")]
    states += [e.get("state") for e in host.iterfind("ports/extraports") if e.get("count") != "0"]
    return "open" in states or "closed" in states


def _open_ports(host: Element) -> list[OpenPort]:
    found = []
    for port in host.iterfind("ports/port"):
        state = port.find("state")
        service = port.find("service")
        name = "" if service is None else printable(service.get("name", ""), 40)
        value = "" if state is None else state.get("state", "")
        if value == "filtered" and port.get("protocol") == "udp":
            # something on the way refused the question; the port itself may be open
            value = "open|filtered"
        if value in ("open", "open|filtered"):
            found.append(
                OpenPort(
                    port=_number(port.get("portid", "")),
                    state="open" if value == "open" else "open|filtered",
                    service=name,
                    speaks="" if service is None else _spoken(service),
                )
            )
    return found + _undecided_ports(host)


def _spoken(service: Element) -> str:
    return of_nmap(service.get("name", ""), service.get("method", ""), service.get("tunnel", ""))


def _undecided_ports(host: Element) -> list[OpenPort]:
    """Ports that nmap folded together as `open|filtered` because they are many."""
    folded = [e for e in host.iterfind("ports/extraports") if e.get("state") == "open|filtered"]
    return [
        OpenPort(port=number, state="open|filtered")
        for group in folded
        for reason in group.iterfind("extrareasons")
        for part in _ranges(reason.get("ports", ""))
        for number in range(part.first, part.last + 1)
    ]
