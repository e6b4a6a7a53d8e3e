"""A Linux host: what each answer proves, and what a broken answer does not."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

import pytest

from rules.facts import Facts, Known, Unknown
from rules.network_facts import Interface, Neighbour, Route
from scanner.evidence import Document
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux import PLATFORM, read

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def answer(command: str, text: str) -> Document:
    return Document(text.encode(), command, "C", NOW)


def facts_of(command: str, text: str, *more: Document) -> Facts:
    return Facts(read([answer(command, text), *more]).facts)


def value(command: str, text: str, name: str, *more: Document) -> Any:
    fact = facts_of(command, text, *more)[name]
    assert isinstance(fact, Known), fact
    return fact.value


ADDRESSES = """[{"ifname":"lo","operstate":"UNKNOWN",
"addr_info":[{"local":"127.0.0.1","prefixlen":8}]},
{"ifname":"hnth","operstate":"UP","addr_info":[{"family":"inet","local":"10.67.10.1","prefixlen":24,
"scope":"global"},{"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]},
{"ifname":"eth0.20","operstate":"DOWN","linkinfo":{"info_kind":"vlan","info_data":{"id":20}},
"addr_info":[]}]
"""
ROUTES = """[{"dst":"default","gateway":"172.16.0.1","dev":"tslcd","flags":[]},
{"dst":"10.67.10.0/24","gateway":"203.0.113.1","dev":"internet","metric":50,"flags":[]},
{"dst":"10.67.101.0/24","dev":"hnth","protocol":"kernel","scope":"link","prefsrc":"10.67.101.1"},
{"dst":"10.9.0.0/16","nexthops":[{"gateway":"10.0.0.1","dev":"a"},{"gateway":"10.0.0.2","dev":"b"}]},
{"type":"local","dst":"10.67.101.1","dev":"hnth","table":"local"},
{"dst":"fe80::/64","dev":"hnth","pref":"medium"},
{"type":"multicast","dst":"ff00::/8","dev":"hnth","table":"local"}]
"""
USUAL_RULES = """[{"priority":0,"src":"all","table":"local"},
{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]
"""
SOCKETS = """udp UNCONN 0 0 0.0.0.0:514 0.0.0.0:*
udp UNCONN 0 0 127.0.0.1:161 0.0.0.0:*
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*
tcp LISTEN 0 128 [::1]:80 [::]:*
tcp LISTEN 0 128 *:443 *:*
# status 0
"""


def test_interfaces_without_the_loopback_and_link_local_addresses() -> None:
    assert value(commands.ADDRESSES, ADDRESSES, "interfaces") == (
        Interface("hnth", (ip_interface("10.67.10.1/24"),), up=True),
        Interface("eth0.20", vlan=20, up=False),
    )


def test_neighbours_are_those_with_a_hardware_address() -> None:
    text = """[{"dst":"10.67.101.77","dev":"hnth","lladdr":"02:00:00:00:00:77","state":["STALE"]},
{"dst":"10.67.101.9","dev":"hnth","state":["INCOMPLETE"]},
{"dst":"10.67.101.8","dev":"hnth","lladdr":"02:00:00:00:00:08","state":["FAILED"]}]"""
    expected = Neighbour(ip_address("10.67.101.77"), "hnth", "02:00:00:00:00:77")
    assert value(commands.NEIGHBOURS, text, "neighbours") == (expected,)
    assert value(commands.NEIGHBOURS, "[]", "neighbours") == ()


def test_routes_of_unicast_with_every_hop() -> None:
    rules = answer(commands.POLICY_RULES, USUAL_RULES)
    found = value(commands.ROUTES, ROUTES, "routes", rules)
    assert found == (
        Route(ip_network("0.0.0.0/0"), ip_address("172.16.0.1"), "tslcd"),
        Route(ip_network("10.67.10.0/24"), ip_address("203.0.113.1"), "internet", metric=50),
        Route(ip_network("10.67.101.0/24"), None, "hnth"),
        Route(ip_network("10.9.0.0/16"), ip_address("10.0.0.1"), "a"),
        Route(ip_network("10.9.0.0/16"), ip_address("10.0.0.2"), "b"),
        Route(ip_network("fe80::/64"), None, "hnth"),
    )


@pytest.mark.parametrize(
    "rules",
    [
        '[{"priority":100,"src":"10.0.0.0","srclen":8,"table":"100"}]',
        '[{"priority":100,"src":"all","fwmark":"0x1","table":"main"}]',
        '[{"priority":100,"src":"all","table":"vpn"}]',
        "Error",
    ],
)
def test_routes_are_unknown_where_rules_choose_among_tables(rules: str) -> None:
    found = facts_of(commands.ROUTES, ROUTES, answer(commands.POLICY_RULES, rules))
    assert isinstance(found["routes"], Unknown)
    assert isinstance(facts_of(commands.ROUTES, ROUTES)["routes"], Unknown)


@pytest.mark.parametrize(
    ("service", "expected"),
    [("ssh", True), ("https", True), ("http", False), ("snmp", False), ("telnet", False)],
)
def test_a_service_is_on_when_others_can_reach_it(service: str, expected: bool) -> None:
    assert value(commands.SOCKETS, SOCKETS, f"service.{service}.enabled") is expected


@pytest.mark.parametrize(
    "text",
    [
        SOCKETS.rstrip("\n"),
        SOCKETS.removesuffix("# status 0\n"),
        SOCKETS.replace("status 0", "status 1"),
        "tcp LISTEN 0\n" + SOCKETS,
        "",
        "\n",
    ],
)
def test_a_broken_list_of_sockets_proves_nothing_to_be_off(text: str) -> None:
    found = facts_of(commands.SOCKETS, text)
    assert isinstance(found["service.telnet.enabled"], Unknown)
    if text.strip():
        assert isinstance(found["service.ssh.enabled"], Known)


# --- packet filter, identity -------------------------------------------------------------------

LISTING = """table inet t {
\tchain f {
\t\ttype filter hook forward priority filter; policy drop;
\t\tiifname "eth*" accept
\t}
}
# status 0
"""


def test_the_filter_cites_its_lines_and_names_those_that_are_not_understood() -> None:
    fact = facts_of(commands.FILTERS, LISTING)["filters"]
    assert isinstance(fact, Known)
    assert [c.line for c in fact.citations] == [3, 4]
    broken = LISTING.replace('iifname "eth*" accept', "frobnicate all")
    unread = read([answer(commands.FILTERS, broken)]).unread
    assert [(document.source, line.line) for document, line in unread] == [(commands.FILTERS, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "Operation not permitted (you must be root)\n# status 1\n",
        LISTING.replace("# status 0\n", ""),
        LISTING.replace("\t}\n}\n", ""),
        "",
        "# status 0",
    ],
)
def test_a_filter_that_was_not_listed_whole_is_unknown(text: str) -> None:
    assert isinstance(facts_of(commands.FILTERS, text)["filters"], Unknown)


def test_an_empty_rule_set_listed_whole_forwards_everything() -> None:
    assert value(commands.FILTERS, "# status 0\n", "filters").stages == ()


def test_the_listing_that_succeeded_counts() -> None:
    refused = answer(commands.FILTERS, "not permitted\n# status 1\n")
    assert value(commands.FILTERS_BY_SUDO, LISTING, "filters", refused).denies


def test_who_it_is() -> None:
    release = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
    found = facts_of(commands.RELEASE, release, answer(commands.KERNEL, "6.1.0-18-amd64\n"))
    names = ("identity.vendor", "identity.model", "identity.family", "software.version")
    values = [fact.value if isinstance(fact := found[n], Known) else None for n in names]
    assert values == ["debian", "Debian GNU/Linux 12 (bookworm)", "linux", "6.1.0-18-amd64"]


def test_kernels_are_ordered_by_their_numbers() -> None:
    versions = ["6.1.0-18-amd64", "6.1.0-9-amd64", "5.10.223", "6.12"]
    keys = {v: PLATFORM.version_key(v) for v in versions}
    assert sorted(versions, key=lambda v: keys[v] or ()) == [
        "5.10.223", "6.1.0-9-amd64", "6.1.0-18-amd64", "6.12",
    ]  # fmt: skip
    assert PLATFORM.version_key("rolling") is None


# --- collecting --------------------------------------------------------------------------------


class Host:
    """An access whose command line answers from a table."""

    username = "audit"

    def __init__(self, **answers: str) -> None:
        self.answers = {getattr(commands, name): text for name, text in answers.items()}
        self.asked: list[str] = []

    @contextmanager
    def exec_channel(self) -> Iterator[Host]:
        yield self

    def run(self, command: str, *, until: str | None = None) -> Document:
        assert any(re.fullmatch(pattern, command) for pattern in PLATFORM.allowed)
        self.asked.append(command)
        return answer(command, self.answers.get(command, ""))


NO_OLD_TABLES = (
    "wc: /proc/net/ip_tables_names: No such file or directory\n"
    "wc: /proc/net/ip6_tables_names: No such file or directory\n0 total\n# status 1\n"
)
NO_LOGS = "ls: cannot access '/var/log/hnth': No such file or directory\n"


def test_stored_records_are_asked_for_only_where_there_are_some() -> None:
    router = Host(OLD_TABLES=NO_OLD_TABLES, FILTERS=LISTING, STORED=NO_LOGS)
    assert len(list(PLATFORM.collect(router))) == len(router.asked)  # type: ignore[arg-type]
    assert router.asked == [*commands.ALWAYS, commands.STORED]
    server = Host(FILTERS=LISTING, STORED="mcu-tinh\n")
    list(PLATFORM.collect(server))  # type: ignore[arg-type]
    assert server.asked[-2:] == [commands.LOGROTATE, commands.RECORDS]


def test_sudo_is_tried_only_after_a_refusal() -> None:
    refusing = Host(FILTERS="not permitted\n# status 1\n", STORED=NO_LOGS)
    list(PLATFORM.collect(refusing))  # type: ignore[arg-type]
    assert commands.FILTERS_BY_SUDO in refusing.asked


ROTATION = """/etc/logrotate.d/x:/var/log/hnth/*/*.log {
/etc/logrotate.d/x:\tweekly
/etc/logrotate.d/x:\trotate 27
/etc/logrotate.d/x:}
"""
STORED = """2026-11-20+07:00 00:1 06:2 12:1 18:1 /var/log/hnth/mcu-tinh/monitor.log
2026-11-01+07:00 03:1 /var/log/hnth/mcu-tinh/alert.log
# status 0
"""

ALL = {
    commands.ADDRESSES: ADDRESSES,
    commands.ROUTES: ROUTES,
    commands.POLICY_RULES: USUAL_RULES,
    commands.NEIGHBOURS: '[{"dst":"10.0.0.1","dev":"a","lladdr":"02:00:00:00:00:01"}]',
    commands.SOCKETS: SOCKETS,
    commands.RSYSLOG: "/etc/rsyslog.conf:*.* @10.0.0.1:514\n",
    commands.LOGROTATE: ROTATION,
    commands.RECORDS: STORED,
    commands.FILTERS: LISTING,
    commands.RELEASE: "ID=debian\n",
    commands.KERNEL: "6.1.0\n",
    commands.TIME_SERVERS: "/etc/chrony/chrony.conf:server 10.67.20.1 iburst\n",
}


@pytest.mark.parametrize(
    "command", [c for c in ALL if c not in {commands.KERNEL, commands.SOCKETS}]
)
def test_an_answer_cut_short_gives_no_favourable_fact(command: str) -> None:
    """Cut anywhere, structured answers are unknown; nothing ever raises."""
    chance = random.Random(command)
    text = ALL[command]
    structured = {
        commands.ADDRESSES,
        commands.ROUTES,
        commands.NEIGHBOURS,
        commands.FILTERS,
        commands.RECORDS,
    }
    for _ in range(200):
        cut = text[: chance.randrange(len(text.rstrip()))]
        reading = read([answer(command, cut), answer(commands.POLICY_RULES, USUAL_RULES)])
        if command in structured:
            assert all(isinstance(fact, Unknown) for fact in reading.facts.values()), cut


@pytest.mark.parametrize("command", ALL)
def test_garbled_and_hostile_answers_never_raise(command: str) -> None:
    chance = random.Random(command)
    hostile = [
        "\x1b[2J<script>",
        "[" * 100_000,
        "[[1]]",
        '[{"ifname":7}]',
        '[{"addr_info":"x"}]',
        "null",
    ]
    rules = answer(commands.POLICY_RULES, USUAL_RULES)
    for text in hostile:
        read([answer(command, text), rules])
    for _ in range(100):
        garbled = bytearray(ALL[command].encode())
        for _ in range(10):
            garbled[chance.randrange(len(garbled))] = chance.randrange(256)
        read([Document(bytes(garbled), command, "C", NOW), rules])
