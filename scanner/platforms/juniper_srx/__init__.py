"""Juniper SRX and other Junos devices, from `show configuration` in either form.

In: the configuration with braces or as `set` commands, `show version`, `show arp no-resolve` and
`show route`. Out: facts. Groups are applied here, so `| display inheritance` is not needed. Not
read: logical systems and tenants (they leave the filters undecided), routing protocols, the filter
on `lo0` as an allowlist for management.
Grammar after Juniper TechLibrary for Junos 18 to 23; each module names the guide it follows.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from scanner import products
from scanner.evidence import Document
from scanner.platforms.juniper_srx.live_tables import COMMANDS as LIVE_TABLES
from scanner.platforms.juniper_srx.live_tables import live_tables
from scanner.platforms.juniper_srx.reading import coverage, told
from scanner.platforms.juniper_srx.remedies import REMEDIES
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import SSH
from scanner.platforms.netconfig.live_tables import with_tables
from scanner.platforms.several_documents import combined
from scanner.platforms.signs import Sign

COMMANDS = ("show version | no-more", "show configuration | display set | no-more", *LIVE_TABLES)


def collect(access: Access) -> Generator[Document, None, None]:
    """The answers one by one."""
    with access.shell("juniper_junos") as line:
        for command in COMMANDS:
            yield line.run(command)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of all documents; none for documents of other vendors."""
    return with_tables(combined(documents, told), documents, live_tables)


version_key = products.version_key("juniper-junos", least=2)
"""`18.4R3-S2.3` in the vendor's order; `15.1X49-D170` is a train of its own."""


PLATFORM = Platform(
    name="juniper-srx",
    title="Juniper SRX (Junos OS)",
    vendor="Juniper",
    kinds=frozenset({"firewall", "router", "switch"}),
    allowed=tuple(re.escape(command) for command in COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH,),
    management_ports={"ssh": 22},
    signs=(
        Sign(
            ("snmp-description",),
            r"^Juniper Networks, Inc\. (?P<model>[\w-]+) .*JUNOS "
            r"(?P<version>\d+\.\d+[A-Z]\d[\w.\-]*)",
            "sysDescr of Junos devices (Juniper TechLibrary, Standard SNMP MIBs)",
        ),
    ),
    version_form=r"\d{1,2}\.\d{1,2}[A-Z]\d[\w.\-]*",
    aliases=("junos",),
    coverage=coverage,
    remedies=REMEDIES,
)
