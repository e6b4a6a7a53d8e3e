"""What a configuration of IOS tells beside its filters."""

from __future__ import annotations

from ipaddress import ip_interface, ip_network
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known, SyslogTarget, Unknown
from rules.network_facts import Route
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.cisco_ios import PLATFORM, read, version_key
from scanner.platforms.cisco_ios.vlan_numbers import vlan_numbers
from tests.scanner.platforms.cisco_ios.ios_packets import known, policy, reading, saved

HEAD = "service timestamps log datetime msec\naaa new-model\n"
SSH = "line vty 0 4\n transport input ssh\n"
OFF = "no ip http server\nno ip http secure-server\n"


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        (SSH, "service.ssh.enabled", True),
        (SSH, "service.telnet.enabled", False),
        ("line vty 0 4\n transport input all\n", "service.telnet.enabled", True),
        ("line vty 0 4\n transport input none\n", "service.ssh.enabled", False),
        ("line vty 0 4\n login\n", "service.telnet.enabled", None),
        (SSH + "line vty 5 15\n login\n", "service.telnet.enabled", None),
        (SSH + "line vty 5 15\n transport input telnet\n", "service.telnet.enabled", True),
        (OFF, "service.http.enabled", False),
        ("ip http secure-server\n", "service.https.enabled", True),
        ("ip http secure-server\n", "service.http.enabled", None),
        ("ip http server\nno ip http server\n", "service.http.enabled", None),
        ("line vty 0 4\n exec-timeout 5 30\n", "management.idle_timeout_s", 330),
        ("line vty 0 4\n exec-timeout 0 0\n", "management.idle_timeout_s", 0),
        ("line vty 0 4\n no exec-timeout\n", "management.idle_timeout_s", 0),
        ("line vty 0 4\n login\n", "management.idle_timeout_s", None),
        (
            "line con 0\n exec-timeout 20\nline vty 0 4\n exec-timeout 5\n",
            "management.idle_timeout_s",
            1200,
        ),
        ("line con 0\nline vty 0 4\n exec-timeout 5\n", "management.idle_timeout_s", None),
        ("line con 0\n no exec\nline vty 0 4\n exec-timeout 5\n", "management.idle_timeout_s", 300),
        ("login block-for 60 attempts 4 within 30\n", "management.lockout_attempts", 4),
        ("aaa local authentication attempts max-fail 5\n", "management.lockout_attempts", 5),
        ("", "management.lockout_attempts", None),
        ("security passwords min-length 12\n", "password_policy.min_length", 12),
        ("snmp-server community public RO\n", "snmp.default_community", True),
        ("snmp-server community <redacted> RO 10\n", "snmp.default_community", False),
        ("snmp-server community public RO\n", "snmp.versions", ("1", "2c")),
        ("snmp-server group G v3 priv\n", "snmp.versions", ("3",)),
        ("snmp-server location here\n", "service.snmp.enabled", None),
        ("ntp server vrf M 10.0.0.5 prefer\nntp server n.example\n", "ntp.servers",
         ("10.0.0.5", "n.example")),
        ("logging host 10.0.0.5\n", "syslog.targets", (SyslogTarget("10.0.0.5"),)),
        ("logging 10.0.0.5\n", "syslog.targets", (SyslogTarget("10.0.0.5"),)),
        ("logging host 10.0.0.5 vrf M transport tcp port 1514\n", "syslog.targets",
         (SyslogTarget("10.0.0.5", 1514, "tcp"),)),
        ("logging host 10.0.0.5\nno logging on\n", "syslog.targets", ()),
        ("logging buffered 4096\n", "syslog.targets", None),
        ("ip routing\n", "routing.forwards", True),
        ("no ip routing\n", "routing.forwards", False),
        ("vlan 10,20-22\n", "vlans", (10, 20, 21, 22)),
        ("vlan 10,x\n", "vlans", None),
        ("interface Vlan9\n no ip address\n", "vlans", (9,)),
        ("ip vrf A\nvrf definition B\n", "vrfs", ("A", "B")),
        ("license udi pid ISR4331/K9 sn FDO00000000\n", "identity.model", "ISR4331/K9"),
        ("version 15.7\n", "software.version", "15.7"),
    ],
)  # fmt: skip
def test_settings(lines: str, name: str, value: Any) -> None:
    assert known(HEAD + lines).get(name) == value


ACCESS = "access-list 10 permit 10.0.0.0 0.0.0.255\naccess-list 10 permit host 10.1.0.1\n"
GUARDED = f"{SSH} access-class 10 in\n"


@pytest.mark.parametrize(
    ("lines", "prefixes"),
    [
        (ACCESS + GUARDED + OFF, ("10.0.0.0/24", "10.1.0.1/32")),
        # a way in without a list lets everybody in
        (ACCESS + SSH + OFF, ()),
        (ACCESS + GUARDED + "line vty 5 15\n transport input ssh\n" + OFF, ()),
        (ACCESS + GUARDED + "line vty 5 15\n transport input none\n" + OFF,
         ("10.0.0.0/24", "10.1.0.1/32")),
        (ACCESS + GUARDED + "ip http server\nno ip http secure-server\n", ()),
        (ACCESS + GUARDED + "ip http server\nno ip http secure-server\nip http access-class 10\n",
         ("10.0.0.0/24", "10.1.0.1/32")),
        # whether the web is on is not shown; the list is not defined, or asks for more
        (ACCESS + GUARDED, None),
        (GUARDED + OFF, None),
        ("ip access-list extended X\n permit tcp any any time-range T\n"
         f"{SSH} access-class X in\n{OFF}", None),
        ("access-list 10 deny 10.0.0.0 0.0.0.127\n" + ACCESS + GUARDED + OFF,
         ("10.0.0.128/25", "10.1.0.1/32")),
    ],
)  # fmt: skip
def test_who_may_manage_it(lines: str, prefixes: tuple[str, ...] | None) -> None:
    expected = None if prefixes is None else tuple(ip_network(one) for one in prefixes)
    assert known(HEAD + lines).get("management.allowlist") == expected


def test_accounts_are_told_without_their_hashes() -> None:
    text = HEAD + "username a privilege 15 secret 9 $9$SECRET\nusername b nopassword\n"
    told = reading(text)
    accounts = known(text)["accounts"]
    assert [(a.name, a.administrator, a.password_set) for a in accounts] == [
        ("a", True, True),
        ("b", None, False),
    ]
    assert "SECRET" not in repr(told)


def test_interfaces_and_routes() -> None:
    text = HEAD + (
        "interface GigabitEthernet0/0.20\n encapsulation dot1Q 20\n vrf forwarding H\n"
        " ip address 10.0.0.1 255.255.255.0\n ip address 10.0.1.1 255.255.255.0 secondary\n"
        "interface GigabitEthernet0/1\n ip address 10.9.0.1 255.255.255.0\n shutdown\n"
        "ip route vrf H 0.0.0.0 0.0.0.0 10.0.0.254 5 name WAN\n"
        "ip route 10.8.0.0 255.255.0.0 Null0\n"
    )
    facts = known(text)
    first, second = facts["interfaces"]
    assert (first.vlan, first.vrf, first.up) == (20, "H", None)
    assert first.addresses == (ip_interface("10.0.0.1/24"), ip_interface("10.0.1.1/24"))
    assert second.up is False
    assert facts["routes"] == (
        Route(ip_network("10.0.0.0/24"), None, "GigabitEthernet0/0.20", 0, "H"),
        Route(ip_network("10.0.1.0/24"), None, "GigabitEthernet0/0.20", 0, "H"),
        Route(ip_network("0.0.0.0/0"), ip_interface("10.0.0.254/32").ip, None, 5, "H"),
        Route(ip_network("10.8.0.0/16"), None, "Null0", 1, "main"),
    )
    learning = reading(text + "router ospf 1\n").facts["routes"]
    assert isinstance(learning, Unknown)


QOS = """\
service timestamps log datetime msec
class-map match-any HNTH
 match access-group name Q
ip access-list extended Q
 permit udp host 10.0.0.9 any
policy-map P
 class HNTH
  {line}
interface GigabitEthernet0/0
 {rate}
 service-policy output P
"""


@pytest.mark.parametrize(
    ("line", "rate", "kbps"),
    [
        ("bandwidth 2000", "no ip address", 2000),
        ("priority 2000", "no ip address", 2000),
        ("priority 2000 50000", "no ip address", 2000),
        ("bandwidth percent 20", "bandwidth 10000", 2000),
        ("priority percent 20", "bandwidth 10000", 2000),
        ("bandwidth percent 20", "no ip address", None),
        ("bandwidth remaining percent 20", "bandwidth 10000", None),
        ("police 2000000", "bandwidth 10000", None),
        ("shape average 2000000", "bandwidth 10000", None),
        ("priority", "bandwidth 10000", None),
        ("priority\n  police cir 2000000", "bandwidth 10000", 2000),
        ("fair-queue", "bandwidth 10000", None),
    ],
)
def test_bandwidth_of_a_class(line: str, rate: str, kbps: int | None) -> None:
    (found,) = known(QOS.format(line=line, rate=rate))["qos.classes"]
    assert (found.interface, found.direction, found.reserved_kbps) == (
        "GigabitEthernet0/0",
        "out",
        kbps,
    )
    assert bool(found.why) == (kbps is None)
    assert len(found.matches) == 1


def test_a_policy_that_is_not_attached_keeps_nothing() -> None:
    text = QOS.format(line="bandwidth 2000", rate="no ip address")
    without = text.replace(" service-policy output P\n", "")
    assert known(without)["qos.classes"] == ()
    other = without.replace("no ip address", "no ip address\n traffic-shape rate 2000000")
    assert "qos.classes" not in known(other)


def test_a_policy_below_a_shaped_one() -> None:
    text = QOS.format(line="bandwidth percent 50", rate="no ip address")
    text = text.replace("output P\n", "output TREN\n")
    text += "policy-map TREN\n class class-default\n  shape average 4000000\n  service-policy P\n"
    kept = {one.name: one.reserved_kbps for one in known(text)["qos.classes"]}
    assert kept == {"TREN/class-default": None, "class-default/P/HNTH": 2000}


def test_what_is_cut_off_tells_less_and_leaves_packets_open() -> None:
    text = (
        "Building configuration...\n\nCurrent configuration : 900 bytes\nversion 15.7\n"
        "username a secret 9 x\ninterface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n"
    )
    assert "interfaces" not in known(text)
    assert policy(text).unread[0].why == "the configuration ends without `end`"
    assert policy(text + "end\n").unread == ()
    assert "interfaces" in known(text + "end\n")
    half = policy(
        HEAD + "interface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n ip acc"
    )
    assert [line.line for line in half.unread] == [5]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hostname x\ninterface Ethernet0\n",
        "interface GigabitEthernet0/0\n nameif outside\n ip address 10.0.0.1 255.255.255.0\n"
        "access-list 101 permit ip any any\naaa new-model\n",
        "feature telnet\nip access-list extended X\nline vty 0 4\n",
        "sysname x\ninterface GigabitEthernet0/0/0\n ip address 10.0.0.1 255.255.255.0\n"
        "ntp server 10.0.0.1\n",
        "! device: sw (vEOS, EOS-4.28.1F)\naaa new-model\nrouter bgp 1\n",
        "{}",
        "<xml/>",
    ],
)
def test_files_of_others_tell_nothing(text: str) -> None:
    assert read([saved(text)]).facts == {}


def test_banners_are_no_commands() -> None:
    banner = "banner motd ^C\ninterface GigabitEthernet0/9\nip access-group X in\n^C\n"
    assert "interfaces" not in known(HEAD + banner)
    assert known(HEAD + banner + "interface Vlan1\n no ip address\n")["vlans"] == (1,)


TABLE = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP

Gateway of last resort is not set

      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks
C        10.0.0.0/24 is directly connected, GigabitEthernet0/1

Routing Table: HNTH
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP

Gateway of last resort is 10.9.0.1 to network 0.0.0.0

S*    0.0.0.0/0 [1/0] via 10.9.0.1
      10.5.0.0/24 is subnetted, 1 subnets
O        10.5.1.0 [110/20] via 10.9.0.2, 00:10:00, GigabitEthernet0/0
                  [110/20] via 10.9.0.3, 00:10:00, GigabitEthernet0/2
"""


def test_the_routing_table_tells_learnt_routes() -> None:
    table = Document(TABLE.encode(), "show ip route vrf *", "C", saved("").captured)
    config = saved(
        HEAD + "interface GigabitEthernet0/1\n ip address 10.0.0.1 255.255.255.0\nrouter ospf 1\n"
    )
    static = saved(HEAD + "ip route 10.66.0.0 255.255.0.0 10.0.0.9\n")
    expected = (
        Route(ip_network("10.0.0.0/24"), None, "GigabitEthernet0/1", 0, "main"),
        Route(ip_network("0.0.0.0/0"), ip_interface("10.9.0.1/32").ip, None, 0, "HNTH"),
        *(
            Route(
                ip_network("10.5.1.0/24"), ip_interface(via).ip, f"GigabitEthernet0/{n}", 20, "HNTH"
            )
            for n, via in ((0, "10.9.0.2"), (2, "10.9.0.3"))
        ),
    )
    for documents in ([table], [config, table], [table, config], [static, table], [table, static]):
        fact = read(documents).facts["routes"]
        assert isinstance(fact, Known)
        assert fact.value == expected
    broken = TABLE.replace("10.5.1.0 [", "10.5.1 [").encode()
    fact = read([Document(broken, "t", "C", saved("").captured)]).facts["routes"]
    assert isinstance(fact, Unknown)


def test_which_interfaces_are_up() -> None:
    config = saved(HEAD + "interface Vlan1\n no ip address\ninterface Vlan2\n no ip address\n")
    brief = Document(
        b"Interface              IP-Address      OK? Method Status                Protocol\n"
        b"Vlan1                  unassigned      YES NVRAM  up                    up      \n"
        b"Vlan2                  unassigned      YES NVRAM  administratively down down    \n",
        "show ip interface brief",
        "C",
        config.captured,
    )
    fact = read([brief, config]).facts["interfaces"]
    assert isinstance(fact, Known)
    assert [one.up for one in fact.value] == [True, False]
    assert read([brief]).facts == {}


def test_show_version() -> None:
    text = (
        "Cisco IOS XE Software, Version 17.09.04a\n"
        "Cisco IOS Software [Cupertino], X Software (Y-M), Version 17.9.4a, RELEASE (fc3)\n"
        "cisco C9200L-24P-4G (ARM64) processor with 519464K/3071K bytes of memory.\n"
        "Processor board ID JAE00000000\n"
    )
    facts = known(text)
    assert facts["software.version"] == "17.9.4a"
    assert facts["identity.model"] == "C9200L-24P-4G"
    assert facts["identity.serial"] == "JAE00000000"


@pytest.mark.parametrize(
    ("older", "newer"),
    [("15.2", "15.7"), ("15.2(4)M6", "15.2(4)M10"), ("16.12.4", "17.3.1"), ("17.9.4", "17.9.4a")],
)
def test_order_of_versions(older: str, newer: str) -> None:
    one, other = version_key(older), version_key(newer)
    assert one is not None
    assert other is not None
    assert one < other
    assert version_key("NX-OS") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [("1", 1), ("1-3,9", 4), ("0", None), ("9-1", None), ("a", None), ("5000", None)],
)
def test_lists_of_vlans(text: str, count: int | None) -> None:
    found = vlan_numbers(text)
    assert (None if found is None else len(found)) == count


def test_other_names_of_the_family() -> None:
    assert find("cisco-xe").name == find("cisco-iosxe").name == "cisco-ios"


# --- real files ------------------------------------------------------------------------------


def _files(folder: Path) -> list[Document]:
    return [
        Document(path.read_bytes(), path.name, "O", saved("").captured)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != "SOURCES.md"
    ]


@pytest.mark.corpus
def test_nearly_all_lines_of_real_files_are_understood(shared: Path) -> None:
    assert PLATFORM.coverage is not None
    found = [PLATFORM.coverage(one) for one in _files(shared / "netconfigs" / "cisco_ios")]
    unread = sum(one.unread for one in found)
    total = sum(one.read + one.irrelevant + one.unread for one in found)
    print(f"{total - unread} of {total} lines understood")
    assert unread / total < 0.045


@pytest.mark.corpus
def test_real_files_of_others_tell_nothing(shared: Path) -> None:
    others = [f for f in (shared / "netconfigs").iterdir() if f.is_dir() and f.name != "cisco_ios"]
    assert others
    told = [one.source for folder in others for one in _files(folder) if read([one]).facts]
    assert told == []


@pytest.mark.corpus
@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_real_files_that_are_cut_are_read_without_an_error(shared: Path, at: float) -> None:
    for one in _files(shared / "netconfigs" / "cisco_ios"):
        content = one.content[: int(len(one.content) * at)]
        read([Document(content, one.source, "O", one.captured)])
