"""Which menus of an export are read, and which say nothing about any fact."""

from __future__ import annotations

from rules.network_facts import UnreadLine
from scanner.evidence import Document
from scanner.platforms.mikrotik_routeros.export import Command, export
from scanner.platforms.model import Coverage

READ = frozenset(
    {f"{v} firewall {t}" for v in ("ip", "ipv6") for t in ("address-list", "filter", "nat", "raw")}
    | {"interface bridge", "interface bridge filter", "interface bridge nat", "interface list"}
    | {"interface bridge port", "interface bridge settings", "interface bridge vlan"}
    | {"interface detect-internet", "interface ethernet", "interface ethernet switch"}
    | {"interface ethernet switch rule", "interface list member", "interface vlan", "ip address"}
    | {"interface bonding", "interface pppoe-client", "interface wireguard", "interface gre"}
    | {"ip firewall mangle", "ip hotspot", "ip ipsec identity", "ip ipsec peer", "ip ipsec policy"}
    | {"ip route", "ip route rule", "ip route vrf", "ip service", "ip settings", "ip upnp"}
    | {"ip vrf", "ipv6 address", "ipv6 firewall mangle", "ipv6 route", "ipv6 settings"}
    | {"queue simple", "queue tree", "routing rule", "snmp", "snmp community", "system logging"}
    | {"system logging action", "system ntp client", "system ntp client servers", "user"}
    | {"user group", "user settings", "ip dhcp-client"}
)
_IRRELEVANT = (
    *("caps-man", "certificate", "container", "disk", "file", "iot", "log", "mpls", "port"),
    *("radius", "special-login", "tr069-client", "interface wifi", "interface wireless", "dude"),
    *("ip arp", "ip cloud", "ip dhcp-relay", "ip dhcp-server", "ip dns", "ip firewall connection"),
    *("ip firewall layer7-protocol", "ip firewall service-port", "ip ipsec", "ip kid-control"),
    *("ip media", "ip neighbor", "ip pool", "ip proxy", "ip smb", "ip socks", "ip ssh", "ip tftp"),
    *("ip traffic-flow", "ipv6 dhcp-client", "ipv6 dhcp-server", "ipv6 nd", "ipv6 pool", "ppp"),
    *("queue interface", "queue type", "routing bfd", "routing bgp", "routing filter"),
    *("routing id", "routing igmp-proxy", "routing ospf", "routing rip", "routing table", "system"),
    *("tool", "user aaa", "user ssh-keys", "user-manager", "zerotier", "lora", "interface ovpn"),
    *("interface l2tp", "interface lte", "interface pptp", "interface sstp", "interface eoip"),
    *("routing settings", "ip accounting", "ip packing", "interface bridge mlag", "interface ppp"),
    *(
        "interface bridge msti",
        "interface bridge port-controller",
        "interface vrrp",
        "interface 6to4",
    ),
    *("routing pimsm", "routing prefix-lists", "routing interface", "interface vxlan"),
)
"""Beginnings of menus: services of the router, radio, tunnels, dynamic routing."""


def coverage(document: Document) -> Coverage:
    """Lines of the file, wrapped ones counted each."""
    lines = [line for line in document.lines if line.strip()]
    found = export(document)
    if found is None:
        return Coverage(0, 0, len(lines))
    strange = {line for line, _ in found.strange} | {c.line for c in _unknown(found.commands)}
    starts = sorted(strange | {c.line for c in found.commands})
    ends = dict(zip(starts, [*starts[1:], len(document.lines) + 1], strict=True))
    unread = sum(_wrapped(document, line, ends[line]) for line in strange)
    idle = [c for c in found.commands if _kind(c) == "irrelevant"]
    irrelevant = sum(_wrapped(document, c.line, ends[c.line]) for c in idle)
    irrelevant += sum(line.lstrip().startswith("#") for line in lines)
    return Coverage(max(0, len(lines) - irrelevant - unread), irrelevant, unread)


def _wrapped(document: Document, first: int, end: int) -> int:
    """How many lines a statement takes."""
    count = 1
    while first + count < end and document.lines[first + count - 2].rstrip().endswith("\\"):
        count += 1
    return count


def unread(document: Document) -> tuple[UnreadLine, ...]:
    """Lines of scripts, and commands of menus that are not known."""
    found = export(document)
    if found is None:
        return ()
    lines = [UnreadLine(line, text, "no command of a menu") for line, text in found.strange]
    lines += [UnreadLine(c.line, c.text, "a menu not known") for c in _unknown(found.commands)]
    return tuple(sorted(lines, key=lambda line: line.line))


def _unknown(commands: tuple[Command, ...]) -> list[Command]:
    return [command for command in commands if _kind(command) == "unread"]


def _kind(command: Command) -> str:
    if command.menu in READ:
        return "read"
    return "irrelevant" if command.menu.startswith(_IRRELEVANT) else "unread"
