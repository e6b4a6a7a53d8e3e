"""Real nmap on loopback, and its XML when it is cut short or lies."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from rules.facts import OpenPort
from rules.network_facts import PortRange
from scanner.collect.errors import CollectError
from scanner.collect.ports import PortScanner, arguments, read_scan
from scanner.evidence import Document

LOOPBACK = ip_address("127.0.0.1")


def scanner(sent: list[str] | None = None) -> PortScanner:
    log = [] if sent is None else sent
    return PortScanner(
        vantage="may-quet",
        zone="quan-tri",
        rate_kbps=20_000,
        sent=lambda device, transport, what: log.append(what),
    )


def document(xml: str) -> Document:
    return Document(xml.encode(), "nmap", "P", datetime(2026, 1, 1, tzinfo=UTC))


def test_a_listening_port_is_open_and_its_neighbour_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        _, scan = scanner().scan("d", LOOPBACK, "tcp", f"{port},1")
    assert [p.port for p in scan.open] == [port]
    assert scan.scanned == (PortRange(1, 1), PortRange(port, port))
    assert scan.answered
    assert not scan.full_range


def test_the_whole_range_counts_as_full() -> None:
    _, scan = scanner().scan("d", LOOPBACK, "tcp", "1-65535")
    assert scan.full_range


def test_refused_connections_are_a_sign_of_life() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        _, scan = scanner().scan("d", LOOPBACK, "tcp", str(unused.getsockname()[1]))
    assert scan.answered
    assert scan.open == ()


def test_what_is_sent_is_in_the_journal_before_it_is_sent() -> None:
    sent: list[str] = []
    scanner(sent).scan("d", LOOPBACK, "tcp", "1")
    assert len(sent) == 1
    assert "-sT" in sent[0]
    assert "-p 1 127.0.0.1" in sent[0]


@pytest.mark.parametrize(("kbps", "probes"), [(8, "13"), (64, "106"), (1, "1")])
def test_the_rate_stays_inside_the_budget(kbps: int, probes: str) -> None:
    options = arguments("tcp", kbps)
    assert options[options.index("--max-rate") + 1] == probes


HEAD = '<nmaprun><scaninfo type="connect" protocol="tcp" numservices="2" services="22-23"/>'
DONE = '<runstats><finished exit="success"/></runstats></nmaprun>'


def test_silence_is_not_a_sign_of_life() -> None:
    xml = HEAD + '<host><ports><extraports state="filtered" count="2"/></ports></host>' + DONE
    scan = read_scan(document(xml), "v", "z", "tcp")
    assert not scan.answered


def test_many_undecided_udp_ports_are_still_listed() -> None:
    xml = (
        '<nmaprun><scaninfo protocol="udp" services="1-30"/><host><ports>'
        '<extraports state="open|filtered" count="30">'
        '<extrareasons reason="no-response" count="30" proto="udp" ports="1-30"/></extraports>'
        "</ports></host>" + DONE
    )
    scan = read_scan(document(xml), "v", "z", "udp")
    assert len(scan.open) == 30
    assert scan.open[0] == OpenPort(1, "open|filtered")


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "not xml",
        HEAD,
        HEAD + "</nmaprun>",
        HEAD + '<runstats><finished exit="error" errormsg="killed"/></runstats></nmaprun>',
        HEAD + '<host timedout="true"/>' + DONE,
        HEAD.replace("tcp", "udp") + DONE,
        HEAD + DONE,
        HEAD.replace("22-23", "22-9999999999") + "<host/>" + DONE,
        HEAD + '<host><ports><port portid="-1"><state state="open"/></port></ports></host>' + DONE,
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nmaprun>&b;</nmaprun>',
    ],
)
def test_an_unfinished_scan_is_never_an_empty_list_of_ports(xml: str) -> None:
    with pytest.raises(CollectError):
        read_scan(document(xml), "v", "z", "tcp")


def test_ports_that_prove_nothing_are_counted() -> None:
    ports = '<ports><port protocol="tcp" portid="22"><state state="filtered"/></port></ports>'
    assert (
        read_scan(document(HEAD + f"<host>{ports}</host>" + DONE), "v", "z", "tcp").undecided
        == 1 + 1
    )
    closed = '<ports><extraports state="closed" count="2"/></ports>'
    assert (
        read_scan(document(HEAD + f"<host>{closed}</host>" + DONE), "v", "z", "tcp").undecided == 0
    )


def test_a_udp_port_that_something_on_the_way_refused_may_be_open() -> None:
    xml = (
        '<nmaprun><scaninfo protocol="udp" services="161"/><host><ports>'
        '<port protocol="udp" portid="161"><state state="filtered"/></port>'
        "</ports></host>" + DONE
    )
    assert read_scan(document(xml), "v", "z", "udp").open == (OpenPort(161, "open|filtered"),)


def test_what_a_vantage_host_says_cannot_steer_the_terminal() -> None:
    from scanner.collect.ports import scan_failed

    assert "\x1b" not in scan_failed("quit\n\x1b]0;mine\x07\x1b[2J").reason.en


def test_nmap_without_privileges_says_what_it_needs() -> None:
    def refused(_argv: object) -> bytes:
        raise CollectError(unprivileged())

    def unprivileged():
        from scanner.collect.ports import scan_failed

        return scan_failed("You requested a scan type which requires root privileges.").reason

    remote = PortScanner("v", "z", 64, lambda *_: None, refused)
    with pytest.raises(CollectError, match="CAP_NET_RAW"):
        remote.scan("d", LOOPBACK, "udp", "161")
