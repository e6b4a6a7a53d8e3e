"""The tables that gateways show while they run: neighbours and routes of five families."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
import yaml

from inventory.model import Inventory
from rules.facts import Facts, Known, Unknown
from rules.neighbours import foreign_hosts
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.netconfig.live_tables import hardware_address
from tests.scanner.platforms import damage
from tests.scanner.platforms.shown_tables import ASA, CASES, FORTIOS, SRX, VRP, Case

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def document(text: str, source: str = "saved.txt") -> Document:
    return Document(text.encode(), source, "C", NOW)


def facts(family: str, *texts: str, source: str = "saved.txt") -> Any:
    return find(family).read([document(text, source) for text in texts]).facts


COUNTED = {
    ("huawei-vrp", "neighbours"),
    ("huawei-vrp", "routes"),
    ("juniper-srx", "neighbours"),
}
"""Tables that say how many lines they have."""
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.family)


@EVERY
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_hosts_with_a_hardware_address_are_neighbours(case: Case, end: str) -> None:
    fact = facts(case.family, case.arp.replace("\n", end))["neighbours"]
    assert isinstance(fact, Known), fact
    assert fact.value == case.hosts
    for one in case.hosts:
        assert any(str(one.address) in citation.text for citation in fact.citations)


@EVERY
def test_the_routes_in_use_are_told(case: Case) -> None:
    fact = facts(case.family, case.routes)["routes"]
    assert isinstance(fact, Known), fact
    assert fact.value == case.ways


@EVERY
def test_a_line_that_is_not_understood_leaves_it_open_and_is_shown(case: Case) -> None:
    for name, text, bad in (
        ("neighbours", case.arp, case.bad_host),
        ("routes", case.routes, case.bad_route),
    ):
        *lines, last = text.splitlines(keepends=True)
        spoiled = "".join([*lines, bad, last])
        fact = facts(case.family, spoiled)[name]
        assert isinstance(fact, Unknown), (name, fact)
        assert fact.citations[0].text == bad.strip()


@EVERY
def test_a_table_that_breaks_off_within_a_line_tells_nothing(case: Case) -> None:
    """Nothing that a cut table tells is anything but a beginning of the whole one."""
    for name, text, whole in (
        ("neighbours", case.arp, case.hosts),
        ("routes", case.routes, case.ways),
    ):
        for where, content in damage.cut(text.encode(), random.Random(1), 120):
            fact = facts(case.family, content.decode(errors="replace")).get(name)
            ends = content.rstrip(b" \t").endswith(b"\n")
            if isinstance(fact, Known) and fact.value != whole:
                assert ends, (name, where, fact.value)
                assert (case.family, name) not in COUNTED, where
                assert fact.value == whole[: len(fact.value)], (name, where)


@EVERY
def test_a_table_that_counts_its_lines_misses_none(case: Case) -> None:
    for name, text in (("neighbours", case.arp), ("routes", case.routes)):
        if (case.family, name) in COUNTED:
            lines = text.splitlines(keepends=True)
            for line in (one for one in lines if "10.67.10.20" in one or "10.0.0.0/8" in one):
                fewer = "".join(one for one in lines if one is not line)
                assert isinstance(facts(case.family, fewer)[name], Unknown), line


def test_a_route_of_which_no_hop_is_shown_leaves_it_open() -> None:
    wrapped = ASA.routes.removesuffix("           connected by VPN (advertised), outside\n")
    assert wrapped != ASA.routes
    assert isinstance(facts("cisco-asa", wrapped)["routes"], Unknown)
    without = SRX.routes.replace("                       Discard\n", "")
    assert without != SRX.routes
    assert isinstance(facts("juniper-srx", without)["routes"], Unknown)


@EVERY
def test_hostile_tables_do_not_stop_the_reading(case: Case) -> None:
    for spoil in (damage.garbled, damage.scrambled, damage.hostile):
        for text in (case.arp, case.routes):
            for _, content in spoil(text.encode(), random.Random(2), 12):
                if len(content) < 100_000:
                    find(case.family).read([Document(content, "saved.txt", "C", NOW)])


@EVERY
def test_two_tables_that_differ_leave_it_open(case: Case) -> None:
    line = next(line for line in case.arp.splitlines() if "10.67.10.20" in line)
    other = case.arp.replace(line, line.replace("10.67.10.20", "10.67.10.99"))
    assert isinstance(facts(case.family, case.arp, other)["neighbours"], Unknown)
    assert isinstance(facts(case.family, case.arp, case.arp)["neighbours"], Known)


@EVERY
def test_other_answers_are_no_table(case: Case) -> None:
    for text in ("", "\n", "Unknown action 0\n", "% Invalid input\n", "bad command name ip\n"):
        told = facts(case.family, text, source="show arp")
        assert not isinstance(told.get("neighbours"), Known)
        assert not isinstance(told.get("routes"), Known)


@EVERY
def test_a_pasted_prompt_ends_the_table(case: Case) -> None:
    for prompt in ("fw-tinh # ", "fw-tinh (root) $ ", "tinh-fw/pri/act> ", "<TINH-FW>"):
        assert isinstance(facts(case.family, f"{case.arp}{prompt}\n")["neighbours"], Known), prompt


INTERFACES = """\
config system interface
    edit "hnth"
        set ip 10.67.10.1 255.255.255.0
    next
    edit "tslcd"
        set ip 10.67.1.3 255.255.255.0
    next
end
config router static
    edit 1
        set gateway 203.0.113.1
        set device "wan1"
    next
end
"""
LEARNS = """\
config router ospf
    config area
        edit 0.0.0.0
        next
    end
end
"""
SPEAKS_IPV6 = INTERFACES.replace(
    "10.67.10.1 255.255.255.0\n",
    "10.67.10.1 255.255.255.0\n        config ipv6\n"
    "            set ip6-address 2001:db8::1/64\n        end\n",
)


def test_the_table_in_use_counts_before_the_configuration() -> None:
    assert facts("fortios", INTERFACES)["routes"].value != FORTIOS.ways
    for configuration in (INTERFACES, INTERFACES + LEARNS):
        for texts in ((configuration, FORTIOS.routes), (FORTIOS.routes, configuration)):
            assert facts("fortios", *texts)["routes"].value == FORTIOS.ways
    assert isinstance(facts("fortios", INTERFACES + LEARNS)["routes"], Unknown)


def test_configured_routes_of_ipv6_stay_beside_a_table_of_ipv4() -> None:
    six = "config router static6\n    edit 1\n        set dst 2001:db8:7::/48\n"
    six += '        set gateway 2001:db8::9\n        set device "wan1"\n    next\nend\n'
    told = facts("fortios", SPEAKS_IPV6 + six, FORTIOS.routes)["routes"].value
    assert told[: len(FORTIOS.ways)] == FORTIOS.ways
    assert {str(route.destination) for route in told[len(FORTIOS.ways) :]} == {
        "2001:db8::/64",
        "2001:db8:7::/48",
    }
    learnt = facts("fortios", SPEAKS_IPV6 + LEARNS, FORTIOS.routes)["routes"]
    assert isinstance(learnt, Unknown), "what is learnt of IPv6 was not shown"


def test_beside_ipv6_a_table_of_arp_proves_nothing() -> None:
    assert isinstance(facts("fortios", INTERFACES, FORTIOS.arp)["neighbours"], Known)
    fact = facts("fortios", SPEAKS_IPV6, FORTIOS.arp)["neighbours"]
    assert isinstance(fact, Unknown)
    assert "IPv6" in fact.reason.en


def test_of_several_vdoms_the_tables_of_one_prove_nothing() -> None:
    vdoms = f"config vdom\nedit root\n{INTERFACES}end\nconfig vdom\nedit hop\nend\n"
    told = facts("fortios", vdoms, FORTIOS.arp, FORTIOS.routes)
    assert isinstance(told["neighbours"], Unknown)
    assert "VDOM" in told["neighbours"].reason.en
    assert told["routes"] == facts("fortios", vdoms)["routes"]


def test_a_configured_vpn_instance_stays_beside_the_public_table() -> None:
    configuration = """\
sysname gate
ip vpn-instance tslcd
interface Vlanif10
 ip address 10.67.10.1 255.255.255.0
interface Vlanif20
 ip binding vpn-instance tslcd
 ip address 10.67.20.1 255.255.255.0
ip route-static vpn-instance tslcd 10.70.0.0 255.255.0.0 10.67.20.9
ip route-static 10.71.0.0 255.255.0.0 10.67.10.9
return
"""
    told = facts("huawei-vrp", configuration, VRP.routes)["routes"].value
    assert told[: len(VRP.ways)] == VRP.ways
    assert {(str(one.destination), one.table) for one in told[len(VRP.ways) :]} == {
        ("10.67.20.0/24", "tslcd"),
        ("10.70.0.0/16", "tslcd"),
    }


def test_a_route_that_is_not_in_the_forwarding_table_is_none() -> None:
    line = "       10.1.0.0/16  OSPF    10   3               10.67.1.1       GigabitEthernet1/0/2\n"
    assert line in VRP.routes
    inactive = VRP.routes.replace(line, line.replace("3     ", "3    R"))
    told = facts("huawei-vrp", inactive)["routes"].value
    assert ip_network("10.1.0.0/16") not in {one.destination for one in told}


def test_the_nodes_of_a_cluster_each_have_their_table() -> None:
    heading = "-" * 74 + "\n"
    cluster = f"node0:\n{heading}{SRX.arp}\nnode1:\n{heading}{SRX.arp}\n{{primary:node0}}\n"
    assert facts("juniper-srx", cluster)["neighbours"].value == SRX.hosts
    first = cluster[: cluster.index("Total entries: 3\n\n{")]
    assert isinstance(facts("juniper-srx", first)["neighbours"], Unknown)


INVENTORY = """\
organisation: {name: Đơn vị thử nghiệm, province: Tỉnh thử nghiệm}
sites: [{id: tinh, name: Điểm cầu tỉnh, level: province}]
zones:
  - {id: hnth, kind: hnth, site: tinh, prefixes: [10.67.10.0/24], gateway: fw, interface: hnth}
devices:
  - {id: fw, kind: firewall, site: tinh, address: 10.67.10.1, platform: fortios}
  - {id: codec, kind: vcs, site: tinh, address: 10.67.10.20}
"""


def test_a_host_that_nobody_declared_is_seen_behind_a_gateway_of_any_family() -> None:
    inventory = Inventory.model_validate(yaml.safe_load(INVENTORY))
    zone = next(zone for zone in inventory.zones if zone.id == "hnth")
    told = find("fortios").read([document(INTERFACES), document(FORTIOS.arp)])
    foreign = foreign_hosts(zone, inventory, {"fw": Facts(told.facts)})
    assert isinstance(foreign, Known)
    assert [str(one.address) for one in foreign.value] == ["10.67.10.21"]
    without = find("fortios").read([document(INTERFACES)])
    assert isinstance(foreign_hosts(zone, inventory, {"fw": Facts(without.facts)}), Unknown)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0200.5E10.0020", "02:00:5e:10:00:20"),
        ("0200-5e10-0020", "02:00:5e:10:00:20"),
        ("2:0:5e:10:0:20", "02:00:5e:10:00:20"),
        ("0200-5e10.0020", None),
        ("0200.5e10", None),
        ("incomplete", None),
        ("02:00:5e:10:00", None),
        ("02:00:5e:10:00:2g", None),
    ],
)
def test_a_hardware_address_is_written_in_one_way(text: str, told: str | None) -> None:
    assert hardware_address(text) == told
