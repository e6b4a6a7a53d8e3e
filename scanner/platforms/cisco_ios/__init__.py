"""Cisco IOS and IOS-XE: routers and switches.

In: a running-config (saved, or `show running-config`), `show version`, `show vlan brief`, `show ip
interface brief`, `show ip route vrf *`, `show ip arp`. Out: the filters as one policy, interfaces,
VLANs, VRFs, routes, neighbours, bandwidth of classes, and the settings of management. Modules:
`configuration` (lines), `access_lists`, `object_groups`, `zones`, `vrfs`, `translation`,
`crypto_maps`, `vlan_filters` (what passes), `bandwidth`, `management`, `routes`, `answers`.

Seen: configurations of IOS 12.4 to 15.9 and IOS-XE 16.8 to 17.9 (Catalyst 9200L, 9800, ASR 920).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from rules.facts import Known
from scanner.evidence import Document
from scanner.platforms.cisco_ios.answers import version_key
from scanner.platforms.cisco_ios.interface_status import with_status
from scanner.platforms.cisco_ios.neighbour_table import (
    in_one_table_only,
    neighbour_facts,
    uses_vrfs,
)
from scanner.platforms.cisco_ios.reading import NAME, VENDOR, coverage, told
from scanner.platforms.cisco_ios.remedies import REMEDIES
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import SSH
from scanner.platforms.netconfig.live_tables import with_tables
from scanner.platforms.several_documents import combined, equal
from scanner.platforms.signs import Sign

COMMANDS = (
    "show version",
    "show running-config",
    "show vlan brief",
    "show ip interface brief",
    "show ip route vrf *",
    "show ip arp",
)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of all documents; one on which two disagree is Unknown."""
    reading = combined(documents, told, _agreement)
    reading = replace(reading, facts=with_status(reading.facts, documents))
    tell = in_one_table_only if uses_vrfs(reading.facts) else neighbour_facts
    return with_tables(reading, documents, tell)


def _agreement(name: str, one: Known[object], other: Known[object]) -> Known[object] | None:
    """A release without its build agrees with the whole version; VLANs are put together."""
    if name == "software.version":
        longer, shorter = sorted((one, other), key=lambda fact: -len(str(fact.value)))
        return longer if str(longer.value).startswith(str(shorter.value)) else None
    if name == "vlans" and isinstance(one.value, tuple) and isinstance(other.value, tuple):
        both = tuple(sorted({*one.value, *other.value}))
        return Known(both, one.citations + other.citations)
    if name == "routes":
        # the table in use says more than the lines that feed it
        tables = [fact for fact in (one, other) if _is_table(fact)]
        return tables[0] if len(tables) == 1 else equal(name, one, other)
    return equal(name, one, other)


def _is_table(fact: Known[object]) -> bool:
    """It was read from the routing table, whose entries begin with a letter."""
    return all(
        not citation.text.startswith(("interface", "ip", "ipv6")) for citation in fact.citations
    )


def collect(access: Access) -> Generator[Document, None, None]:
    """Asks over SSH; nothing is changed."""
    with access.shell("cisco_ios") as line:
        for command in COMMANDS:
            yield line.run(command)


SIGNS = (
    Sign(
        ("snmp-description",),
        r"^Cisco (?:IOS|Internetwork Operating System) Software\b.{0,200}?"
        r"\bVersion (?P<version>\d+\.\d+[\w.()]*)",
        "sysDescr of IOS and IOS-XE",
    ),
    Sign(("http-realm",), r"^level_15(?:_access| or view_access)$", "web server of IOS"),
    Sign(("http-server",), r"^cisco-IOS$", "web server of IOS"),
)

PLATFORM = Platform(
    name=NAME,
    title="Cisco IOS / IOS-XE",
    remedies=REMEDIES,
    vendor=VENDOR,
    kinds=frozenset({"router", "switch", "firewall"}),
    allowed=(
        r"terminal (?:length 0|width \d{1,3})",
        r"show (?:version|running-config|vlan brief|ip interface brief|ip route vrf \*|ip arp)",
    ),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH,),
    management_ports={"ssh": 22},
    signs=SIGNS,
    version_form=r"\d+\.\d+[\w.()]*",
    aliases=("cisco-xe", "cisco-iosxe"),
    coverage=coverage,
)
