"""Which sections of a file are read, and which say nothing about any fact."""

from __future__ import annotations

from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.pfsense.config import config

READ = frozenset(
    {"aliases", "bridges", "captiveportal", "filter", "gateways", "ifgroups", "interfaces", "nat"}
    | {"shaper", "snmpd", "staticroutes", "syslog", "system", "virtualip", "vlans"}
)
IRRELEVANT = frozenset(
    {"Pischem", "ca", "cert", "created", "cron", "crl", "descr", "dhcpd", "dhcpd6", "dhcpdv6"}
    | {"dhcrelay", "dhcrelay6", "dhcpbackend", "diag", "dnsmasq", "dnshaper", "dyndnses", "gifs"}
    | {"dhcp6c", "dhcpdbackend", "dnsupdates", "dyndns", "ezshaper", "gres", "hasync", "igmpproxy"}
    | {"kea", "kea6", "laggs", "lastchange", "load_balancer", "monitoring", "notifications"}
    | {"ntpd", "openvpn", "ppps", "pppoes", "proxyarp", "qinqs", "radvd", "revision", "rrd"}
    | {
        "schedules",
        "sshdata",
        "trust",
        "sysctl",
        "theme",
        "trigger_initial_wizard",
        "unbound",
        "updated",
    }
    | {"vendor", "version", "voucher", "widgets", "wireless", "wizardtemp", "wol", "staticmap"}
    | {"createdby", "cachedump", "ipsec", "l2tp", "lockout", "authserver", "clones", "dhcrelays"}
)
"""Services of the box, certificates, screens; tunnels, whose traffic meets the same rules."""
_MODELS_READ = frozenset({"Alias", "Filter", "Category", "Lvtemplate"})
_MODELS_IRRELEVANT = frozenset(
    {"DHCRelay", "Kea", "Netflow", "OpenVPNExport", "Swanctl", "TrafficShaper", "Trust", "cron"}
    | {"captiveportal", "monit", "proxy", "unboundplus", "wireguard", "IPsec", "OpenVPN", "IDS"}
    | {"Interfaces", "Gateways", "Syslog", "netsnmp", "tayga", "AcmeClient", "Nginx", "HAProxy"}
    | {"ndpproxy", "Hostdiscovery", "Core", "Dnsmasq", "DynDNS", "NodeExporter", "telegraf"}
    | {"OpenVPN", "Quagga", "quagga", "zabbixagent", "clamav", "collectd", "freeradius"}
)


def coverage(document: Document) -> Coverage:
    """Lines of each section; a file that is not whole is not read at all."""
    lines = [line for line in document.lines if line.strip()]
    found = config(document)
    if found is None:
        return Coverage(0, 0, len(lines))
    irrelevant = unread = 0
    filled = [bool(line.strip()) for line in document.lines]
    for node in _sections(found.root):
        count = sum(filled[node.line - 1 : node.last_line])
        kind = _kind(node)
        irrelevant += count if kind == "irrelevant" else 0
        unread += count if kind == "unread" else 0
    return Coverage(len(lines) - irrelevant - unread, irrelevant, unread)


def unread(document: Document) -> tuple[UnreadLine, ...]:
    """The sections that are not known."""
    found = config(document)
    if found is None:
        return ()
    return tuple(
        UnreadLine(node.line, printable(document.lines[node.line - 1]), "a section not known")
        for node in _sections(found.root)
        if _kind(node) == "unread"
    )


def _sections(root: Node) -> list[Node]:
    """Top sections; of the newer OPNsense models the models."""
    found = []
    for node in root.children:
        if node.name != "OPNsense":
            found.append(node)
            continue
        for model in node.children:
            found += model.children if model.name == "Firewall" else [model]
    return found


def _kind(node: Node) -> str:
    if node.name in READ or node.name in _MODELS_READ:
        return "read"
    if node.name in IRRELEVANT or node.name in _MODELS_IRRELEVANT or not node.children:
        return "irrelevant"
    return "unread"
