"""How much of a FortiGate's configuration is understood, by the sections its lines stand in."""

from __future__ import annotations

from scanner.evidence import Document
from scanner.platforms.fortios.text import configuration
from scanner.platforms.model import Coverage

READ = frozenset(
    {"firewall acl", "firewall address", "firewall address6", "firewall addrgrp"}
    | {"firewall addrgrp6", "firewall consolidated policy", "firewall multicast-policy"}
    | {"firewall policy", "firewall policy6", "firewall schedule recurring"}
    | {"firewall security-policy", "firewall service custom", "firewall service group"}
    | {"firewall shaper traffic-shaper", "firewall shaping-policy", "firewall shaping-profile"}
    | {"firewall vip", "firewall vip6", "firewall vipgrp", "firewall vipgrp6"}
    | {"log syslogd setting", "log syslogd2 setting", "log syslogd3 setting"}
    | {"log syslogd4 setting", "router static", "router static6", "system admin"}
    | {"system global", "system interface", "system ntp", "system password-policy"}
    | {"system sdwan", "system settings", "system snmp community", "system snmp sysinfo"}
    | {"system snmp user", "system vdom-link", "system virtual-wan-link", "system zone"}
)
UNREAD = frozenset(
    {"firewall DoS-policy", "firewall DoS-policy6", "firewall address6-template"}
    | {"firewall central-snat-map", "firewall interface-policy", "firewall interface-policy6"}
    | {"firewall ippool", "firewall ippool6", "firewall local-in-policy"}
    | {"firewall local-in-policy6", "firewall multicast-address", "firewall multicast-address6"}
    | {"firewall policy46", "firewall policy64", "firewall proxy-policy"}
    | {"firewall schedule group", "firewall schedule onetime", "firewall vip46", "firewall vip64"}
    | {"router access-list", "router bgp", "router multicast", "router ospf", "router ospf6"}
    | {"router policy", "router policy6", "router prefix-list", "router rip", "router ripng"}
    | {"router route-map", "system switch-interface", "system virtual-switch"}
    | {"system virtual-wire-pair"}
)
"""Sections that say something about the traffic and are not followed."""


def coverage(document: Document) -> Coverage:
    """Lines that are not empty, as read, irrelevant and unread; all are unread in other files."""
    found = configuration(document)
    if found is None:
        return Coverage(0, 0, sum(1 for line in document.lines if line.strip()))
    odd = len({one.line for one in found.odd})
    read = sum(n for path, n in found.counts.items() if path in READ)
    unread = sum(n for path, n in found.counts.items() if path in UNREAD)
    total = sum(found.counts.values())
    odd = min(odd, read)
    return Coverage(read - odd, total - read - unread, unread + odd)
