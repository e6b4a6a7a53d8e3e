"""Lines of an ASA's configuration that say nothing about any fact and change no filter."""

from __future__ import annotations

from scanner.evidence import Document
from scanner.platforms.cisco_asa.configuration import Configuration
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.indented import Line

IRRELEVANT = frozenset(
    {"aaa", "aaa-server", "arp", "as-path", "asdm", "auth-prompt", "auto-update", "banner", "boot"}
    | {"ca", "call-home", "class-map", "client-update", "clock", "cluster", "community-list"}
    | {
        "config-register",
        "console",
        "coredump",
        "crashinfo",
        "crypto",
        "Cryptochecksum",
        "ctl-file",
    }
    | {"ctl-provider", "cts", "ddns", "default-group-policy", "dhcp-client", "dhcpd", "dhcprelay"}
    | {
        "dns",
        "dns-group",
        "dns-group-map",
        "dns-guard",
        "domain-name",
        "dynamic-access-policy-record",
    }
    | {"dynamic-filter", "enable", "end", "event", "failover", "fips", "firewall", "flow-export"}
    | {"flow-offload", "fragment", "ftp", "ftp-map", "group-delimiter", "group-policy", "gtp-map"}
    | {"hostname", "hpm", "http", "http-map", "icmp", "igmp", "imap4s", "interface", "ip", "ipsec"}
    | {"ipv6", "jumbo-frame", "key", "key-hash", "l2tp", "ldap", "licence", "license", "logging"}
    | {"lacp", "logout", "mac-address", "mac-address-table", "mac-list", "management-access"}
    | {"media-termination", "migrate", "monitor-interface", "mount", "mroute", "mtu"}
    | {
        "multicast-routing",
        "mgcp-map",
        "mode",
        "names",
        "name",
        "nameif",
        "nat-control",
        "no",
        "nsf",
    }
    | {"ntp", "object", "object-group", "object-group-search", "pager", "passwd", "password"}
    | {"password-policy", "phone-proxy", "pim", "policy-list", "policy-map", "pop3s", "prefix-list"}
    | {
        "privilege",
        "prompt",
        "quit",
        "quota",
        "regex",
        "resource",
        "rest-api",
        "route",
        "route-map",
    }
    | {"router", "routing-interface", "saml", "same-security-traffic", "scansafe", "service"}
    | {"service-interface", "service-module", "service-policy", "setup", "sip-map", "sla", "smtps"}
    | {"smtp-server", "snmp", "snmp-map", "snmp-server", "software", "ssh", "ssl", "sunrpc-server"}
    | {"syn-data", "sysopt", "tcp-map", "telnet", "terminal", "tftp-server", "threat-detection"}
    | {"time-range", "timeout", "tls-proxy", "track", "traffic-forward", "tunnel-group"}
    | {"tunnel-group-map", "uauth", "url-block", "url-cache", "url-server", "user-identity"}
    | {"username", "virtual", "vpn", "vpn-addr-assign", "vpn-load-balancing", "vpn-sessiondb"}
    | {"vpnsetup", "vpdn", "wccp", "webvpn", "xlate", "zonelabs-integrity", "ASA", "community"}
    | {
        "vpn-simultaneous-logins",
        "vpn-mode",
        "ptp",
        "parser",
        "pki",
        "power-supply",
        "bfd",
        "bfd-template",
    }
    | {"anyconnect-custom-attr", "anyconnect-custom-data", "app-agent", "exit", "logging-list"}
)
"""First words of commands that are known: what of them decides a fact is read elsewhere.

Inspection and limits of connections can only stop more packets than the filters do.
"""

_MATTERS = frozenset(
    {"access-list", "access-group", "nat", "static", "global", "context", "zone", "filter", "shun"}
    | {"conduit", "outbound", "apply", "alias", "established", "allocate-interface", "bridge"}
)


def note_unknown_lines(configuration: Configuration) -> None:
    """Commands that nobody knows are noted: they could change what passes."""
    noted = {one.line for one in configuration.unread}
    if configuration.is_cut:
        configuration.doubt(configuration.top[-1], "the file breaks off here")
    for line in configuration.top:
        word = line.text.split(None, 1)[0].partition(":")[0]
        if line.number in configuration.read or line.number in noted:
            continue
        if word in _MATTERS or word not in IRRELEVANT:
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
        return "irrelevant"  # a comment
    word = top.text.split(None, 1)[0].partition(":")[0]
    return "irrelevant" if word in IRRELEVANT else "unread"
