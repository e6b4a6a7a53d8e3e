"""Applications that Junos knows by itself (`junos-*`): the common ones, with certain ports.

Source: the group `junos-defaults` as `show configuration groups junos-defaults applications` prints
it (Juniper TechLibrary, "Predefined Policy Applications"). An application that is not listed here
(those that follow an RPC program or a changing port) leaves a policy undecided.
"""

from __future__ import annotations

from typing import Final

from rules.packets.sets import Numbers
from scanner.platforms.netconfig.services import Service, only, port_span

_PORTS: Final = {
    "aol": "tcp 5190-5193",
    "bgp": "tcp 179",
    "biff": "udp 512",
    "bootpc": "udp 68",
    "bootps": "udp 67",
    "chargen": "udp 19",
    "cvspserver": "tcp 2401",
    "dhcp-client": "udp 68",
    "dhcp-relay": "udp 67",
    "dhcp-server": "udp 67",
    "discard": "udp 9",
    "dns-tcp": "tcp 53",
    "dns-udp": "udp 53",
    "echo": "udp 7",
    "finger": "tcp 79",
    "ftp": "tcp 21",
    "ftp-data": "tcp 20",
    "gnutella": "udp 6346-6347",
    "gopher": "tcp 70",
    "gprs-gtp-c": "udp 2123",
    "gprs-gtp-u": "udp 2152",
    "gprs-gtp-v0": "udp 3386",
    "gre": "47",
    "h323": "tcp 1720, udp 1719, tcp 1503, tcp 389, tcp 522, tcp 1731",
    "http": "tcp 80",
    "http-ext": "tcp 7001",
    "https": "tcp 443",
    "icmp-all": "1",
    "icmp-ping": "1 8",
    "icmp6-all": "58",
    "icmp6-echo-reply": "58 129",
    "icmp6-echo-request": "58 128",
    "icmp6-packet-too-big": "58 2",
    "ident": "tcp 113",
    "ike": "udp 500",
    "ike-nat": "udp 4500",
    "imap": "tcp 143",
    "imaps": "tcp 993",
    "irc": "tcp 6660-6669",
    "l2tp": "udp 1701",
    "ldap": "tcp 389",
    "ldp-tcp": "tcp 646",
    "ldp-udp": "udp 646",
    "lpr": "tcp 515",
    "mail": "tcp 25",
    "mgcp-ca": "udp 2727",
    "mgcp-ua": "udp 2427",
    "ms-sql": "tcp 1433",
    "msn": "tcp 1863",
    "nbds": "udp 138",
    "nbname": "udp 137",
    "netbios-session": "tcp 139",
    "nfsd-tcp": "tcp 2049",
    "nfsd-udp": "udp 2049",
    "nntp": "tcp 119",
    "ntalk": "udp 518",
    "ntp": "udp 123",
    "ospf": "89",
    "pc-anywhere": "udp 5632",
    "ping": "1 8",
    "pingv6": "58 128",
    "pop3": "tcp 110",
    "pptp": "tcp 1723",
    "printer": "tcp 515",
    "radacct": "udp 1813",
    "radius": "udp 1812",
    "realaudio": "tcp 554",
    "rdp": "tcp 3389",
    "rip": "udp 520",
    "rsh": "tcp 514",
    "rtsp": "tcp 554",
    "sccp": "tcp 2000",
    "sctp-any": "132",
    "sip": "udp 5060, tcp 5060",
    "smb": "tcp 139, tcp 445",
    "smb-session": "tcp 445",
    "smtp": "tcp 25",
    "snmp-agentx": "tcp 705",
    "snpp": "tcp 444",
    "sql-monitor": "udp 1434",
    "sqlnet-v1": "tcp 1525",
    "sqlnet-v2": "tcp 1521",
    "ssh": "tcp 22",
    "syslog": "udp 514",
    "tacacs": "tcp 49",
    "tacacs-ds": "tcp 65",
    "talk": "udp 517",
    "tcp-any": "tcp",
    "telnet": "tcp 23",
    "tftp": "udp 69",
    "udp-any": "udp",
    "uucp": "udp 540",
    "wais": "tcp 210",
    "who": "udp 513",
    "whois": "tcp 43",
    "winframe": "tcp 1494",
    "x-windows": "tcp 6000-6063",
    "xnm-clear-text": "tcp 3221",
    "xnm-ssl": "tcp 3220",
}
_SETS: Final = {
    "cifs": ("netbios-session", "smb-session"),
    "mgcp": ("mgcp-ua", "mgcp-ca"),
    "routing-inbound": ("bgp", "rip", "ldp-tcp", "ldp-udp"),
}
_PROTOCOLS: Final = {"tcp": 6, "udp": 17}


def predefined(name: str) -> tuple[Service, ...] | None:
    """The services of `junos-...`; None when it is not one that is known for certain."""
    short = name.removeprefix("junos-")
    if short in _SETS:
        return tuple(service for one in _SETS[short] for service in predefined(one) or ())
    if short not in _PORTS:
        return None
    return tuple(_service(text) for text in _PORTS[short].split(", "))


def _service(text: str) -> Service:
    protocol, _, rest = text.partition(" ")
    number = _PROTOCOLS.get(protocol) or int(protocol)
    if not rest:
        return Service(only(number))
    first, _, last = rest.partition("-")
    span = port_span(first, last or None)
    wanted = Numbers((span,)) if span else None
    if number in {1, 58}:
        return Service(only(number), wanted)
    return Service(only(number), None, wanted)
