"""Which protocol an open port speaks, by what it says to anybody who connects.

nmap gives a port the name that its number usually has; a telnet server at the number of SIP goes by
the name of SIP. Here only the device's own words count. `heard` says nothing in return but what
`greeting` says; ports that wait for their client are asked by `introduced`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from rules.facts import PortScan
from scanner.collect import greeting
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.port_questions import Pace, introduce, of_introduction
from scanner.evidence import Document

AT_ONCE = 4
"""Connections to one device at the same time."""
MOST_PORTS = 24
"""A device with more open ports than these is not asked about the rest."""

_GREETINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ssh", re.compile(r"SSH-\d\.\d{1,2}-")),
    ("ftp", re.compile(r"220[ -].{0,120}\bftp\b", re.I)),
    ("vnc", re.compile(r"RFB \d{3}\.\d{3}$")),
    ("telnet", re.compile(r"(?:.{0,80}\b)?(?:login|username|user name|password)\s*:\s*$", re.I)),
    ("telnet", re.compile(r".{0,80}\btelnet\b", re.I)),
)
"""Protocol and what one line of its greeting looks like. Of others nothing is concluded."""

_NMAP_NAMES = {
    "ssh": "ssh",
    "telnet": "telnet",
    "ftp": "ftp",
    "http": "http",
    "https": "https",
    "sip": "sip",
    "sip-tls": "sips",
    "h323q931": "h323",
    "H.323/Q.931": "h323",
    "vnc": "vnc",
    "login": "rlogin",
    "shell": "rsh",
    "snmp": "snmp",
    "tftp": "tftp",
}
_INSIDE_TLS = {"http": "https", "sip": "sips"}


def of_greeting(document: Document) -> str:
    """The protocol that the lines of a greeting show; empty when they show none."""
    for line in document.text.splitlines()[1:]:
        for name, looks in _GREETINGS:
            if looks.match(line.strip()):
                return name
    return ""


def of_nmap(name: str, method: str, tunnel: str) -> str:
    """The protocol that nmap's own conversation showed; a name taken from its table shows none."""
    if method != "probed":
        return ""
    known = _NMAP_NAMES.get(name, "")
    return _INSIDE_TLS.get(known, "") if tunnel == "ssl" else known


def heard(
    host: str,
    scan: PortScan,
    journal: Journal,
    device_id: str,
    *,
    leave_out: Sequence[int] = (),
    timeout_s: float = 1.5,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[PortScan, tuple[Document, ...]]:
    """The scan with what its open ports said, and the greetings as evidence, by port.

    Ports that are identified already or in `leave_out` are not asked.
    """
    ports = _unidentified(scan, leave_out)

    def ask(port: int) -> Document | None:
        if stopped():
            return None
        try:
            return greeting.listen(
                host, port, journal, device_id, vantage=scan.vantage, timeout_s=timeout_s
            )
        except CollectError:
            # most services wait for their client to speak first
            return None

    return _asked(scan, ports, ask, of_greeting)


def introduced(
    host: str,
    scan: PortScan,
    journal: Journal,
    device_id: str,
    *,
    pace: Pace,
    leave_out: Sequence[int] = (),
    timeout_s: float = 1.5,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[PortScan, tuple[Document, ...]]:
    """The scan with what its open ports answered when asked, and the answers, by port.

    Asked are the ports that `heard` would ask; those that no longer take a connection have none.
    """

    def ask(port: int) -> Document | None:
        if stopped():
            return None
        try:
            return introduce(
                *(host, port, journal, device_id),
                pace=pace,
                vantage=scan.vantage,
                timeout_s=timeout_s,
            )
        except CollectError:
            return None

    return _asked(scan, _unidentified(scan, leave_out), ask, of_introduction)


def told_before(scan: PortScan, documents: Iterable[Document]) -> PortScan:
    """The scan with what the device said on its ports of SIP and H.323 when it was recognised."""
    spoken: dict[int, str] = {}
    for document in documents:
        match = _SIGNALLING.fullmatch(document.source)
        if match and any(line.startswith(_ANSWERED) for line in document.lines[1:]):
            transport = match[1] or "tcp"
            if scan.protocol == ("udp" if transport == "udp" else "tcp"):
                spoken[int(match[2])] = _SPOKEN_OVER.get(transport, "sip") if match[1] else "h323"
    return _with(scan, spoken)


_SIGNALLING = re.compile(r"(?:sip OPTIONS (udp|tcp|tls)|h225 STATUS ENQUIRY) \S{1,60}:([0-9]{1,5})")
_ANSWERED = ("SIP/2.0 ", "answered in Q.931: ")
_SPOKEN_OVER = {"tls": "sips"}


def _unidentified(scan: PortScan, leave_out: Sequence[int]) -> list[int]:
    return [
        port.port
        for port in scan.open
        if port.state == "open" and not port.speaks and port.port not in leave_out
    ][:MOST_PORTS]


def _asked(
    scan: PortScan,
    ports: Sequence[int],
    ask: Callable[[int], Document | None],
    understand: Callable[[Document], str],
) -> tuple[PortScan, tuple[Document, ...]]:
    with ThreadPoolExecutor(max_workers=AT_ONCE) as several:
        said = dict(zip(ports, several.map(ask, ports), strict=True))
    spoken = {port: understand(document) for port, document in said.items() if document}
    return _with(scan, spoken), tuple(document for document in said.values() if document)


def _with(scan: PortScan, spoken: Mapping[int, str]) -> PortScan:
    """A port that answered in its protocol is open, whatever silence towards nmap looked like."""
    found = tuple(
        replace(port, speaks=spoken[port.port], state="open") if spoken.get(port.port) else port
        for port in scan.open
    )
    return replace(scan, open=found)
