"""Lines of a VRP configuration that say nothing about any fact and change no filter."""

from __future__ import annotations

from scanner.evidence import Document
from scanner.platforms.huawei_vrp.configuration import Configuration
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.indented import Line

IRRELEVANT = frozenset(
    {
        "aaa",
        "acl",
        "aging-time",
        "anti-attack",
        "ap",
        "arp",
        "as-notation",
        "assign",
        "authentication",
    }
    | {"auth-policy", "authentication-profile", "autoupdate", "autosave", "banner", "bfd", "bgp"}
    | {"bridge-domain", "capwap", "clock", "cluster", "cpu-defend", "cpu-defend-policy", "decoding"}
    | {
        "device-classification",
        "dhcp",
        "dhcpv6",
        "diffserv",
        "display",
        "dns",
        "dns-transparent-policy",
    }
    | {
        "domain",
        "dot1x",
        "dot1x-access-profile",
        "dsa",
        "ecc",
        "error-down",
        "ethernet-link",
        "evpn",
    }
    | {"file", "ftp", "gtl", "header", "hrp", "http", "igmp", "igmp-snooping", "ike", "info-center"}
    | {
        "interface",
        "ip",
        "ipsec",
        "ips",
        "ipv6",
        "isis",
        "l2tp",
        "l2tp-group",
        "lacp",
        "lapb",
        "ldp",
    }
    | {
        "license",
        "lldp",
        "location",
        "loopback-detect",
        "mac-address",
        "mac-limit",
        "mac-access-profile",
    }
    | {
        "mld",
        "mpls",
        "mroute",
        "multicast",
        "multi-linkif",
        "multi-interface",
        "nat-policy",
        "netconf",
    }
    | {
        "ntp",
        "ntp-service",
        "nqa",
        "observe-port",
        "openflow",
        "ops",
        "ospf",
        "ospfv3",
        "page-setting",
    }
    | {"password-policy", "patch", "pcp-policy", "pim", "pki", "poe", "portal", "profile", "qos"}
    | {"quota-policy", "radius", "radius-server", "return", "right-manager", "rightm-policy", "rip"}
    | {
        "ripng",
        "rmon",
        "route",
        "route-policy",
        "rsa",
        "rsyslog",
        "sa",
        "security-policy",
        "set",
        "sflow",
    }
    | {"slb", "snetconf", "snmp-agent", "sftp", "ssh", "ssl", "stelnet", "sms", "stp", "system"}
    | {
        "sysname",
        "super",
        "tcp",
        "telnet",
        "tftp",
        "time-range",
        "track",
        "traffic",
        "tunnel-policy",
    }
    | {
        "udp-helper",
        "undo",
        "update",
        "user-interface",
        "user-manage",
        "user-security-policy",
        "vlan",
    }
    | {
        "voice-vlan",
        "vrrp",
        "vsys",
        "web-auth-server",
        "web-manager",
        "wlan",
        "wlan-ac",
        "y1731",
        "ytp",
    }
    | {"hwtacacs-server", "hwtacacs", "free-rule-template", "portal-access-profile", "drop-profile"}
    | {
        "url-filter",
        "smart-link",
        "storm-control",
        "ucl-group",
        "wred",
        "schedule-profile",
        "end",
        "quit",
    }
    | {
        "undo-shutdown",
        "rollback",
        "configuration",
        "language-mode",
        "voice",
        "pvst",
        "area",
        "network",
    }
    | {
        "version",
        "lsw",
        "board",
        "easy-operation",
        "cloud-mng",
        "management-plane",
        "firewall",
        "nat",
    }
    | {
        "ip-link",
        "isp",
        "healthcheck",
        "data-filter",
        "av",
        "file-block",
        "dsvpn",
        "keychain",
        "policy",
    }
    | {
        "device-sensor",
        "audit-policy",
        "proxy-policy",
        "dataplane",
        "log",
        "syslog",
        "sysname-type",
    }
)
"""First words of commands that are known: what of them decides a fact is read elsewhere."""

_MATTERS = frozenset({"traffic-filter", "traffic-policy", "policy-based-route", "vsys"})
_EMPTY_SAYS_NOTHING = frozenset({"policy-based-route", "traffic-policy"})
_OF_A_FIREWALL = frozenset(
    {"dataplane", "defend", "detect", "session", "zone", "interzone", "packet-filter", "statistic"}
    | {"blacklist", "mac", "log", "hash", "mode", "fragment", "ipv6"}
)


def note_unknown_lines(configuration: Configuration) -> None:
    """Commands that nobody knows are noted: they could change what passes."""
    noted = {one.line for one in configuration.unread}
    if configuration.is_cut:
        configuration.doubt(configuration.top[-1], "the file breaks off here")
    for line in configuration.top:
        if line.number in configuration.read or line.number in noted:
            continue
        word = line.text.split(None, 1)[0]
        if word == "firewall" and not _OF_A_FIREWALL & set(line.words[1:2]):
            configuration.doubt(line, "unknown command of the firewall")
        elif word in _EMPTY_SAYS_NOTHING and len(line.words) == 1 and not line.below:
            continue
        elif word in _MATTERS or word not in IRRELEVANT:
            configuration.doubt(line, "unknown command")


def coverage_of(configuration: Configuration, document: Document) -> Coverage:
    """Every line that is not empty, counted once."""
    noted = {one.line for one in configuration.unread}
    counts = {"read": 0, "irrelevant": 0, "unread": 0}
    below = {one.number: line for line in configuration.top for one in line.all()}
    for number, text in enumerate(document.lines, start=1):
        if text.strip():
            counts[_kind(number, below.get(number), configuration, noted)] += 1
    return Coverage(**counts)


def _kind(number: int, top: Line | None, configuration: Configuration, noted: set[int]) -> str:
    if number in noted:
        return "unread"
    if number in configuration.read:
        return "read"
    if top is None:
        return "irrelevant"  # a comment or a mark between blocks
    word = top.text.split(None, 1)[0]
    if top.number in noted:
        return "unread"
    known = word in IRRELEVANT or word in _MATTERS
    return "irrelevant" if known else "unread"
