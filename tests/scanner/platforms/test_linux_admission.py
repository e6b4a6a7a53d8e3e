"""From where SSH of a host can be reached: input chains, AllowUsers, and what proves neither."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

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
    assert told("forwarding", saved("nftables.conf", text)).default == "permit"
