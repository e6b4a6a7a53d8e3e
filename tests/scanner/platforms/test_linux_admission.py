"""From where SSH of a host can be reached: input chains, AllowUsers, and what proves neither."""

from __future__ import annotations

import json
from ipaddress import ip_network

import pytest

from scanner.evidence import Document
from scanner.platforms import linux_commands as commands
from tests.scanner.platforms.linux_host_files import answer, files, lines, saved, told, why

ALLOWED = "management.allowlist"
CHAIN = """table inet loc {{
\tset quantri {{
\t\ttype ipv4_addr
\t\tflags interval
\t\telements = {{ 10.67.20.0/24, 10.67.21.5 }}
\t}}
\tchain vao {{
\t\ttype filter hook input priority filter; policy {policy};
\t\tct state established,related accept
\t\tiifname "lo" accept
\t\t{rules}
\t}}
}}
"""
SSH = saved("sshd_config", "Port 22\nPermitRootLogin no\nUsePAM yes\n")


def listing(rules: str, policy: str = "drop") -> str:
    return CHAIN.format(rules="\n\t\t".join(rules.split("; ")), policy=policy)


@pytest.mark.parametrize(
    ("rules", "policy", "expected"),
    [
        ("ip saddr 10.67.20.0/24 tcp dport 22 accept", "drop", ["10.67.20.0/24"]),
        ("ip saddr @quantri tcp dport 22 accept", "drop", ["10.67.20.0/24", "10.67.21.5"]),
        ("ip saddr 10.67.20.5 accept; tcp dport 80 accept", "drop", ["10.67.20.5"]),
        ("ip saddr 10.67.20.5 tcp dport 20-30 accept; drop", "accept", ["10.67.20.5"]),
        ("ip saddr 10.67.20.5 tcp dport ssh accept; tcp dport 22 drop", "accept", ["10.67.20.5"]),
        ("tcp dport 22 accept", "drop", []),
        ("iifname \"eth0\" tcp dport 22 accept", "drop", []),
        ("ip saddr 10.67.20.5 tcp dport 22 accept; accept", "drop", []),
        ("ip saddr 10.67.20.5 tcp dport 22 accept", "accept", []),
        ("ip saddr 10.9.0.0/16 tcp dport 22 drop", "accept", []),
        ("ip saddr 10.67.20.5 tcp dport 2222 accept", "drop", "?"),
        ("udp dport 22 accept", "drop", "?"),
        ("ip saddr 10.67.20.5 tcp dport 22 accept; meta strange 7 accept", "drop", "?"),
    ],
)  # fmt: skip
def test_who_reaches_ssh(rules: str, policy: str, expected: object) -> None:
    found = told(ALLOWED, saved("nftables.conf", listing(rules, policy)), SSH)
    networks = tuple(map(ip_network, expected)) if isinstance(expected, list) else expected
    assert found == networks


def test_the_admitting_line_is_cited() -> None:
    text = listing("tcp dport 80 accept; ip saddr 10.67.20.5 tcp dport 22 accept")
    assert lines(ALLOWED, saved("nftables.conf", text), SSH) == [12]


def test_the_port_is_that_of_the_server() -> None:
    text = listing("ip saddr 10.67.20.5 tcp dport 2222 accept; tcp dport 22 accept")
    other = saved("sshd_config", "Port 2222\nPermitRootLogin no\nUsePAM yes\n")
    assert told(ALLOWED, saved("nftables.conf", text), other) == (ip_network("10.67.20.5"),)
    unsaid = saved("sshd_config", "PermitRootLogin no\nUsePAM yes\n")
    assert "port" in why(ALLOWED, saved("nftables.conf", text), unsaid)


def test_the_server_may_hold_back_where_the_filter_does_not() -> None:
    text = saved("nftables.conf", listing("tcp dport 22 accept"))
    bound = "Port 22\nPermitRootLogin no\nAllowUsers a@10.67.20.5\nUsePAM yes\n"
    assert told(ALLOWED, text, saved("sshd_config", bound)) == (ip_network("10.67.20.5"),)
    behind = "Port 22\nPermitRootLogin no\nUsePAM yes\nInclude /etc/ssh/other\n"
    assert told(ALLOWED, text, saved("sshd_config", behind)) == "?"
    assert told(ALLOWED, text, SSH) == ()


def test_one_half_alone_never_says_that_anybody_may_come() -> None:
    text = saved("nftables.conf", listing("tcp dport 22 accept"))
    assert told(ALLOWED, text) == "?"
    assert told(ALLOWED, SSH) == "?"


def test_a_refused_listing_proves_nothing() -> None:
    refused = answer(commands.FILTERS, "Operation not permitted (you must be root)\n", 1)
    main = files(
        commands.SSHD_FILES,
        ("/etc/ssh/sshd_config", "Port 22\nPermitRootLogin no"),
        "/etc/ssh/sshd_config.d/*.conf",
    )
    assert "not permitted" in why(ALLOWED, refused, main)


def test_forwarded_packets_are_told_apart_from_admitted_ones() -> None:
    text = listing("ip saddr 10.67.20.5 tcp dport 22 accept")
    assert told("filters", saved("nftables.conf", text)).stages == ()


def input_chain(*rules: str, family: str = "inet", more: str = "") -> str:
    """The first rule is on line 4."""
    head = "type filter hook input priority filter; policy drop;"
    body = "\n".join(rules)
    return f"table {family} loc {{\nchain vao {{\n{head}\n{body}\n}}\n{more}\n}}\n"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # who can come at all is asked, not how often
        ("tcp dport 22 limit rate 3/minute accept", []),
        ("ip saddr 10.0.0.0/8 tcp dport 22 limit rate 3/minute accept", ["10.0.0.0/8"]),
        ("tcp dport 22 limit rate over 3/minute drop\nip saddr 10.0.0.1 accept", ["10.0.0.1"]),
        # a list of those that may not come names nobody who may
        ("ip saddr != 10.9.0.0/16 tcp dport 22 accept", []),
        ("ip saddr 0.0.0.0/1 accept\nip saddr 128.0.0.0/1 accept", []),
        ("ip saddr 192.0.0.0/2 accept\nip6 saddr ::/8 accept", ["192.0.0.0/2", "::/8"]),
        ("ip saddr 10.0.0.0/8 jump hep\ndrop", ["10.0.0.0/9"]),
        ("ip saddr { 10.0.0.0/25, 10.0.0.128/25 } accept", ["10.0.0.0/24"]),
        ("tcp flags syn / fin,syn,rst,ack ip saddr 10.0.0.1 accept", ["10.0.0.1"]),
        # what nobody can say stays open
        ("meta mark 1 ip saddr 10.0.0.0/8 accept", "?"),
        ("meta mark 1 drop\nip saddr 10.0.0.0/8 accept", "?"),
        ("ether saddr 00:11:22:33:44:55 tcp dport 22 accept", "?"),
        ("jump khong-co", "?"),
        ("jump hep", "?"),
    ],
)
def test_exact_sources(rule: str, expected: object) -> None:
    more = "chain hep { ip saddr 10.128.0.0/9 drop; tcp dport 22 accept; jump hep; }"
    more = more if rule == "jump hep" else more.replace("jump hep; ", "")
    found = told(ALLOWED, saved("nftables.conf", input_chain(rule, more=more)), SSH)
    assert found == (tuple(map(ip_network, expected)) if isinstance(expected, list) else expected)


def test_every_chain_of_the_way_in_must_let_them() -> None:
    early = "chain som { type filter hook prerouting priority raw; ip saddr 10.1.0.0/16 drop; }"
    text = input_chain("ip saddr 10.0.0.0/15 accept", more=early)
    assert told(ALLOWED, saved("nftables.conf", text), SSH) == (ip_network("10.0.0.0/16"),)
    late = early.replace("prerouting", "postrouting")
    text = input_chain("ip saddr 10.0.0.0/15 accept", more=late)
    assert told(ALLOWED, saved("nftables.conf", text), SSH) == (ip_network("10.0.0.0/15"),)


def addresses(*given: str) -> Document:
    info = [
        {
            "family": "inet6" if ":" in one else "inet",
            "local": one,
            "prefixlen": 64 if ":" in one else 24,
            "scope": "global",
        }
        for one in given
    ]
    one = {"ifname": "eth0", "operstate": "UP", "flags": ["UP"], "addr_info": info}
    return answer(commands.ADDRESSES, json.dumps([one]) + "\n", None)


def test_a_table_of_ipv4_leaves_ipv6_open_where_the_host_has_it() -> None:
    text = saved("nftables.conf", input_chain("ip saddr 10.0.0.1 accept", family="ip"))
    assert "IPv6" in why(ALLOWED, text, SSH)
    assert told(ALLOWED, text, SSH, addresses("10.0.0.9")) == (ip_network("10.0.0.1"),)
    assert told(ALLOWED, text, SSH, addresses("10.0.0.9", "fd00::9")) == ()


def test_lines_about_other_interfaces_and_addresses_do_not_count() -> None:
    rules = 'iifname "wg0" accept', "ip daddr 10.9.9.9 accept", "ip saddr 10.0.0.1 accept"
    text = saved("nftables.conf", input_chain(*rules))
    assert told(ALLOWED, text, SSH, addresses("10.0.0.9")) == (ip_network("10.0.0.1"),)
    assert told(ALLOWED, text, SSH) == ()


def test_tables_of_iptables_hold_back_too() -> None:
    text = (
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.0.0.1/32 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
    )
    tables = saved("rules.v4", "# Generated by iptables-save v1.8.9\n" + text)
    assert "IP" in why(ALLOWED, tables, SSH)
    assert told(ALLOWED, tables, SSH, addresses("10.0.0.9")) == (ip_network("10.0.0.1"),)
    assert lines(ALLOWED, tables, SSH, addresses("10.0.0.9")) == [4]


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        (
            "jump c0",
            "".join(f"chain c{n} {{ jump c{n + 1}; jump c{n + 1}; }}\n" for n in range(40)),
        ),
        ("jump c0", "".join(f"chain c{n} {{ jump c{n + 1}; }}\n" for n in range(3000))),
        ("\n".join(f"ip saddr 10.0.{n // 250}.{n % 250} accept" for n in range(6000)), ""),
    ],
    ids=["multiplying", "deep", "long"],
)
def test_filters_without_end_are_given_up(rule: str, more: str) -> None:
    text = input_chain(rule, more=more + "chain c40 { accept; }")
    assert "too many" in why(ALLOWED, saved("nftables.conf", text), SSH)
