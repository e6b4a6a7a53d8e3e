"""Which families a saved file is asked of first, so that one file does not load every family.

This only saves time. A family that is not named here is found all the same, because the caller asks
all of them when those named here understand little. Words are what such files nearly always hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.evidence import Document

_WORDS: dict[str, tuple[bytes, ...]] = {
    "checkpoint": (
        b'"objects-dictionary"',
        b'"access-layers"',
        b'"simple-gateway"',
        b'"accept-icmp-requests"',
        b'"rulebase"',
    ),
    "cisco-asa": (b"ASA Version", b"Adaptive Security", b"\n nameif", b"\naccess-group"),
    "cisco-ios": (
        b"Cisco IOS",
        b"\nservice timestamps",
        b"\nline vty",
        b"\nline con",
        b"\nip route",
        b"\nip access-list",
        b"\naccess-list",
        b"\ninterface Gigabit",
        b"\ninterface FastEth",
        b"\ninterface TenGig",
        b"\ninterface Ethernet",
        b"\ninterface Vlan",
        b"\ninterface Loopback",
    ),
    "cisco-roomos": (
        b"xConfiguration",
        b"xStatus",
        b"*c ",
        b"*s ",
        b"<Configuration",
        b"<Status",
        b"SystemUnit",
    ),
    "fortios": (b"config system", b"config firewall", b"#config-version=", b"FortiGate"),
    "huawei-vrp": (
        b"\nsysname ",
        b"VRP",
        b"\nfirewall zone",
        b"\nsecurity-policy",
        b"\ntraffic-filter",
        b"\nundo ",
    ),
    "juniper-srx": (
        b"JUNOS",
        b"set security",
        b"set system",
        b"set interfaces",
        b"security {",
        b"system {",
        b"interfaces {",
    ),
    "linux": (
        b"table ",
        b"*filter",
        b"nftables",
        b"PermitRootLogin",
        b"sshd",
        b"pam_",
        b"\n-A ",
        b"Linux",
    ),
    "mikrotik-routeros": (b"RouterOS", b"/ip ", b"/ipv6 ", b"/interface", b"/system "),
    "paloalto": (b"PAN-OS", b"<config", b"set deviceconfig", b"set rulebase", b"set vsys"),
    "pfsense": (b"<pfsense", b"<opnsense"),
}


def likely(documents: Sequence[Document]) -> tuple[str, ...]:
    """Names of the families whose usual words stand in any of the documents, sorted."""
    texts = [b"\n" + document.content for document in documents]
    return tuple(
        name
        for name, words in _WORDS.items()
        if any(word in text for word in words for text in texts)
    )
