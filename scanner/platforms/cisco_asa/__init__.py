"""Cisco ASA: firewalls with ASA software 8.3 and newer, one context, routed mode.

Read from saved files: `show running-config`, with `show version` before it or beside it. Seen:
configurations of 9.6 to 9.18 from public repositories; none of a device of our own. Asked live over
SSH: the same two commands, `show arp` and `show route`.

Told: packet filters with interface levels, access lists and object groups; interfaces, static
routes, who may manage it and how, accounts, limits, password policy, SNMP, NTP, syslog. Not told:
what a context, transparent mode, a tunnel or a user's list adds (left open), limits per class.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any

from rules.facts import Fact, Known, Unknown
from rules.network_facts import UnreadLine
from rules.packets.policy import Policy
from scanner import products
from scanner.evidence import Document, printable
from scanner.platforms.cisco_asa.access_list import AccessLists
from scanner.platforms.cisco_asa.broken_lines import note_broken_lines
from scanner.platforms.cisco_asa.configuration import Configuration, configuration
from scanner.platforms.cisco_asa.coverage import coverage_of
from scanner.platforms.cisco_asa.filters import Filters
from scanner.platforms.cisco_asa.interfaces import Interfaces
from scanner.platforms.cisco_asa.live_tables import COMMANDS as LIVE_TABLES
from scanner.platforms.cisco_asa.live_tables import live_tables
from scanner.platforms.cisco_asa.management import management_facts
from scanner.platforms.cisco_asa.objects import Objects
from scanner.platforms.cisco_asa.remedies import REMEDIES
from scanner.platforms.cisco_asa.routes import learning, routes
from scanner.platforms.cisco_asa.stored_secrets import stored_secrets
from scanner.platforms.model import Access, Coverage, Platform, Reading
from scanner.platforms.needs import HTTPS, SSH
from scanner.platforms.netconfig.connected import LEARNT
from scanner.platforms.netconfig.left_open import cut_off
from scanner.platforms.netconfig.live_tables import with_tables
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign

NAME = "cisco-asa"
VENDOR = "Cisco"

COMMANDS = ("terminal pager 0", "show version", "show running-config", *LIVE_TABLES)
_HARDWARE = re.compile(r"^[! ]{0,4}Hardware:\s+([A-Z][\w-]{2,30})", re.M)
_SERIAL = re.compile(r"^[! ]{0,4}(?:: )?Serial Number: (\w{6,20})\s*$", re.M)
_SHOW_VERSION = re.compile(
    r"^[! ]{0,4}Cisco Adaptive Security Appliance Software Version (\d[\w.()]{1,20})", re.M
)


def collect(access: Access) -> Generator[Document, None, None]:
    """Version, configuration, tables; an account without privilege 15 is refused the second."""
    with access.shell("cisco_asa") as line:
        line.run(COMMANDS[0])
        for command in COMMANDS[1:]:
            yield line.run(command)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of every document that is of this family; on which two disagree, Unknown."""
    return with_tables(combined(documents, _tell), documents, live_tables)


def _tell(document: Document) -> Told:
    return document.once(_told)


def _told(document: Document) -> Told:
    facts = _hardware(document)
    found = configuration(document)
    if found is None:
        return Told(facts)
    return Told({**_configured(found), **facts}, unread=_unread(found))


def _hardware(document: Document) -> dict[str, Fact[Any]]:
    """What `show version` says; saved before a configuration, its lines begin with `!`."""
    shown = _SHOW_VERSION.search(document.text)
    if shown is None:
        return {}
    facts: dict[str, Fact[Any]] = {"software.version": _cited(document, shown[1], shown.start(1))}
    facts |= _identity(document, shown.start(1))
    for name, pattern in (("identity.model", _HARDWARE), ("identity.serial", _SERIAL)):
        match = pattern.search(document.text)
        if match is not None:
            facts[name] = _cited(document, match[1], match.start(1))
    return facts


def _identity(document: Document, at: int) -> dict[str, Fact[Any]]:
    return {
        "identity.vendor": _cited(document, VENDOR, at),
        "identity.family": _cited(document, NAME, at),
    }


def _cited(document: Document, value: Any, at: int) -> Known[Any]:
    return Known(value, (document.cite(document.text.count("\n", 0, at) + 1),))


def _configured(found: Configuration) -> dict[str, Fact[Any]]:
    document = found.document
    note_broken_lines(found)
    facts: dict[str, Fact[Any]] = management_facts(found) | stored_secrets(document)
    interfaces = Interfaces(found)
    policy, bindings = _policy(found, interfaces)
    proof = tuple(document.cite(number) for number in bindings)
    first = found.version[1] if found.version is not None else found.top[0].number
    whole = (document.cite(first),)
    facts["identity.vendor"] = Known(VENDOR, whole)
    facts["identity.family"] = Known(NAME, whole)
    if found.version is not None:
        facts["software.version"] = Known(found.version[0], whole)
    facts["filters"] = Known(policy, proof or whole)
    if interfaces.ports:
        lines = tuple(document.cite(port.line) for port in interfaces.ports)
        facts["interfaces"] = Known(interfaces.facts(), lines)
        vlans = sorted({port.vlan for port in interfaces.ports if port.vlan is not None})
        if vlans:
            facts["vlans"] = Known(tuple(vlans), lines)
    ways, lines_of_routes = routes(found, interfaces)
    if ways:
        cited = tuple(document.cite(line) for line in lines_of_routes)
        facts["routes"] = Known(ways, cited)
    if (line := learning(found)) is not None:
        shown = printable(" ".join(line.words[:2]), 60)
        facts["routes"] = Unknown(LEARNT.format(words=shown), (document.cite(line.number),))
    facts = found.left_open.over(facts, document)
    return cut_off(facts, _stays, document, found.top[-1].number) if found.is_cut else facts


def _stays(name: str) -> bool:
    """No line that comes later changes what is told by one line, once it is there."""
    return name.startswith(("identity.", "password_policy.")) or name in {
        "filters",  # holds the place where the file breaks off as a line that is not understood
        "management.lockout_attempts",
        "software.version",
    }


def _policy(found: Configuration, interfaces: Interfaces) -> tuple[Policy, list[int]]:
    objects = Objects(found)
    lists = AccessLists(found, objects)
    filters = Filters(found, interfaces, lists, objects)
    return filters.policy(), filters.bindings


def _unread(found: Configuration) -> tuple[UnreadLine, ...]:
    return tuple(UnreadLine(one.line, printable(one.text), one.why) for one in found.unread)


def coverage(document: Document) -> Coverage:
    """How much of the configuration was understood; nothing of a file of another family."""
    _tell(document)
    found = configuration(document)
    if found is None:
        lines = sum(1 for line in document.lines if line.strip())
        return Coverage(0, 0, lines)
    return coverage_of(found, document)


version_key = products.version_key("cisco-asa", least=2)
"""`9.12(4)67`: what stands behind the bracket is an interim release."""


SIGNS = (
    Sign(
        ("snmp-description",),
        r"^Cisco Adaptive Security Appliance Version (?P<version>[\d.()]+)",
        "sysDescr of the vendor's agent",
    ),
)

PLATFORM = Platform(
    name=NAME,
    title="Cisco ASA",
    remedies=REMEDIES,
    vendor=VENDOR,
    kinds=frozenset({"firewall", "router"}),
    allowed=tuple(re.escape(command) for command in COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH, HTTPS),
    management_ports={"ssh": 22, "https": 443},
    signs=SIGNS,
    version_form=r"\d+\.\d+(?:\(\d+\)\d*)?",
    coverage=coverage,
)
