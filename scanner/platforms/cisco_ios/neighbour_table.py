"""The answer to `show ip arp`: hosts beside the router, in the global routing table.

Form: Cisco, "IP Addressing Services Command Reference", `show arp`. Entries without an age are the
router's own addresses, those it answers for, and static ones; virtual addresses of HSRP, GLBP and
VRRP are recognised by their hardware address. Hosts in a VRF are shown for each VRF only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Neighbour
from scanner.evidence import Document
from scanner.platforms.netconfig.live_tables import (
    NEIGHBOUR_UNREAD,
    below,
    ends_within,
    neighbour,
    table_fact,
)

COMMAND = "show ip arp"

_HEADER = re.compile(r"Protocol\s+Address\s+Age \(min\)\s+Hardware Addr\s+Type\s+Interface\s*$")
_HOST = re.compile(
    r"Internet\s+(?P<address>\d[\d.]{6,14})\s+(?P<age>\d{1,8}|-)\s+(?P<mac>[0-9A-Fa-f.]{14})\s+"
    r"(?:ARPA|SNAP)\s+(?P<out>[A-Za-z][\w./:-]{1,60})\s*$"
)
_NOBODY = re.compile(r"Internet\s+\d[\d.]{6,14}\s+(?:\d{1,8}|-)\s+Incomplete\s+ARPA\b")
_VIRTUAL = ("00:00:0c:07:ac:", "00:00:0c:9f:f", "00:07:b4:00:", "00:00:5e:00:01:")


def neighbour_facts(document: Document) -> dict[str, Fact[Any]]:
    """`neighbours` where the document shows the table."""
    found = below(document, _HEADER)
    if found is None:
        return {}
    header, lines = found
    rows = ((number, _neighbour(line)) for number, line in lines)
    whole = not ends_within(document, lines)
    return {"neighbours": table_fact(document, header, rows, whole=whole, unread=NEIGHBOUR_UNREAD)}


def in_one_table_only(document: Document) -> dict[str, Fact[Any]]:
    """The same of a router with interfaces in VRFs: nobody knows the neighbours there."""
    shown = neighbour_facts(document).get("neighbours")
    return {} if shown is None else {"neighbours": Unknown(_NOT_OF_VRFS, shown.citations[:1])}


def uses_vrfs(facts: Mapping[str, Fact[Any]]) -> bool:
    """An interface with an address, which is not switched off, is in a VRF."""
    interfaces = facts.get("interfaces")
    listed = interfaces.value if isinstance(interfaces, Known) else ()
    return any(one.vrf and one.addresses and one.up is not False for one in listed)


def _neighbour(line: str) -> list[Neighbour] | None:
    if _NOBODY.match(line):
        return []
    row = _HOST.match(line)
    found = neighbour(row["address"], row["out"], row["mac"]) if row is not None else None
    is_virtual = (
        found and row is not None and row["age"] == "-" and found[0].mac.startswith(_VIRTUAL)
    )
    return [] if is_virtual else found


_NOT_OF_VRFS = Text(
    vi="thiết bị có giao diện thuộc VRF, mà `show ip arp` không cho biết các máy trong VRF",
    en="the device has interfaces in VRFs, and `show ip arp` does not tell the hosts in them",
)
