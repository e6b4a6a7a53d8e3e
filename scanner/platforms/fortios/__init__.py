"""FortiGate firewalls with FortiOS: policies, interfaces, routes, shapers, administration.

Read are `show`, `show full-configuration`, backups and `get system status`, with and without VDOMs;
`get system arp` and `get router info routing-table all` of a device without VDOMs.
Seen: `show` of 6.2.3 with and without VDOMs, parts of `show full-configuration` of 7.x. Written
from the vendor's documents and not seen in a real file: virtual IPs, NGFW policy mode, central
NAT, links between VDOMs, shaping profiles.

Not read: local-in policies, dynamic routing, policy routes, proxies, inspection of content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rules.facts import DefaultAccount, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document
from scanner.platforms.fortios.collect import COMMANDS, collect
from scanner.platforms.fortios.coverage import coverage
from scanner.platforms.fortios.filters import TABLES, policy_of
from scanner.platforms.fortios.live_tables import live_tables, tables_of_one_vdom
from scanner.platforms.fortios.management import management_facts
from scanner.platforms.fortios.network import BROKEN, network_facts
from scanner.platforms.fortios.remedies import REMEDIES
from scanner.platforms.fortios.shaping import qos_facts
from scanner.platforms.fortios.stored_secrets import stored_secrets
from scanner.platforms.fortios.text import configuration
from scanner.platforms.fortios.tree import Configuration
from scanner.platforms.fortios.versions import version_key
from scanner.platforms.model import Platform, Reading
from scanner.platforms.needs import HTTPS, SSH
from scanner.platforms.netconfig.live_tables import with_tables
from scanner.platforms.several_documents import Told, combined, equal
from scanner.platforms.signs import Sign

NAME, VENDOR = "fortios", "Fortinet"


def read(documents: Sequence[Document]) -> Reading:
    """Facts of every document that is a FortiGate's; one on which two disagree is Unknown."""
    reading = combined(documents, _tell, _agreed)
    configured = (configuration(document) for document in documents)
    if any(found is not None and found.has_vdoms for found in configured):
        return with_tables(reading, documents, tables_of_one_vdom)
    return with_tables(reading, documents, live_tables)


def _agreed(name: str, one: Known[Any], other: Known[Any]) -> Known[Any] | None:
    """A configuration names the model by a code (`FG3H0E`), the status by its name."""
    if name == "identity.model":
        named = [fact for fact in (one, other) if str(fact.value).startswith("Forti")]
        if len(named) == 1:
            return named[0]
    return equal(name, one, other)


def _tell(document: Document) -> Told:
    return document.once(_told)


def _told(document: Document) -> Told:
    found = configuration(document)
    if found is None:
        return Told()
    facts = _identity(document, found)
    filters = policy_of(found)
    if filters is not None:
        cited = tuple(
            document.cite(section.line)
            for vdom in found.vdoms.values()
            for table in TABLES
            if (section := vdom.sections.get(table)) is not None
        )
        # what was cut off could be a policy that stands before the others
        facts["filters"] = Known(filters, cited) if found.whole else Unknown(BROKEN, cited)
    facts |= network_facts(document, found)
    facts |= qos_facts(document, found)
    facts |= management_facts(document, found) | stored_secrets(document)
    unread = tuple(UnreadLine(odd.line, odd.text, odd.why) for odd in found.odd)
    return Told(facts, whole=found.whole, unread=unread)


def _identity(document: Document, found: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    first = found.first
    if first is not None:
        facts["identity.vendor"] = Known(VENDOR, (document.cite(first),))
        facts["identity.family"] = Known(NAME, (document.cite(first),))
    named = (
        ("identity.model", found.model),
        ("software.version", found.version),
        ("identity.serial", found.serial),
    )
    for name, value in named:
        if value is not None:
            facts[name] = Known(value[0], (document.cite(value[1]),))
    return facts


SIGNS = (
    Sign(
        ("snmp-object-id",),
        r"^\.?(?:1\.3\.6\.1|iso\.3\.6\.1)\.4\.1\.12356\.101\.1\.\d+$",
        "sysObjectID below fgModel of FORTINET-FORTIGATE-MIB",
    ),
    Sign(
        ("certificate",),
        r"\bOU=FortiGate\b",
        "subject of the certificate that a FortiGate makes for itself",
    ),
)

PLATFORM = Platform(
    name=NAME,
    title="FortiGate (FortiOS)",
    vendor=VENDOR,
    kinds=frozenset({"firewall", "router"}),
    allowed=tuple(re.escape(command) for command in COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH, HTTPS),
    management_ports={"https": 443, "ssh": 22},
    signs=SIGNS,
    version_form=r"\d{1,3}\.\d{1,3}\.\d{1,3}",
    default_accounts=(DefaultAccount("admin", ("web", "ssh"), "blank"),),
    aliases=("fortigate",),
    coverage=coverage,
    remedies=REMEDIES,
)
