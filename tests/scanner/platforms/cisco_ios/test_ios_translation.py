"""Static translation between the filters: `ip nat inside source static`.

Expected answers after Cisco, "NAT Order of Operation" (an inbound filter outside sees the outside
name, an outbound filter inside the inside address, an outbound filter outside the outside name) and
"Configuring NAT for IP Address Conservation".
"""

from __future__ import annotations

import pytest

from rules.packets.admission import admitted
from rules.packets.policy import Region
from scanner.platforms.netconfig.addresses import host
from tests.scanner.platforms.cisco_ios.ios_packets import asked, policy

OUTSIDE, INSIDE = "GigabitEthernet0/0", "GigabitEthernet0/1"
ROUTER = """\
hostname r
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip nat outside
{outside}
interface GigabitEthernet0/1
 ip address 10.0.0.1 255.255.255.0
 ip nat inside
{inside}
ip access-list extended NAME
 permit tcp any host 192.0.2.9 eq 443
ip access-list extended HOST
 permit tcp any host 10.0.0.9 eq 8443
 permit tcp any host 10.0.0.9 eq 443
ip access-list extended OWN
 permit tcp host 192.0.2.9 any
"""
IN = " ip access-group NAME in"
WHOLE = "ip nat inside source static 10.0.0.9 192.0.2.9"
PORT = "ip nat inside source static tcp 10.0.0.9 8443 192.0.2.9 443 extendable"
COME = "tcp 198.51.100.1:5000 > 192.0.2.9:443"
GO = "tcp 10.0.0.9:5000 > 198.51.100.1:443"


def text(nat: str, outside: str = " !", inside: str = " !") -> str:
    return ROUTER.format(outside=outside, inside=inside) + nat + "\n"


TOWARDS = [
    ("the filter outside sees the outside name", WHOLE, IN, " !", COME, "permit"),
    ("not the inside address", WHOLE, " ip access-group HOST in", " !", COME, "deny"),
    ("the filter inside sees the host", WHOLE, IN, " ip access-group HOST out", COME, "permit"),
    ("and not its name", WHOLE, IN, " ip access-group NAME out", COME, "deny"),
    ("a port", PORT, IN, " ip access-group HOST out", COME, "permit"),
    ("another port", PORT, " !", " ip access-group HOST out",
     "tcp 198.51.100.1:5000 > 192.0.2.9:80", "deny"),
    ("another protocol", PORT, " !", " ip access-group HOST out", COME.replace("tcp", "udp"),
     "deny"),
    ("a network", "ip nat inside source static network 10.0.0.8 192.0.2.8 255.255.255.248", IN,
     " ip access-group HOST out", COME, "permit"),
    ("the address of an interface",
     "ip nat inside source static tcp 10.0.0.9 443 interface GigabitEthernet0/0 443", " !",
     " ip access-group HOST out", COME.replace("192.0.2.9", "192.0.2.1"), "permit"),
    ("of an interface without an address",
     "ip nat inside source static tcp 10.0.0.9 443 interface Dialer1 443", " !",
     " ip access-group HOST out", COME.replace("192.0.2.9", "192.0.2.1"), "unknown"),
    ("a condition", f"{WHOLE} route-map R", IN, " ip access-group NAME out", COME, "unknown"),
    ("two lines for the same packets", f"{WHOLE}\n{PORT}", IN, " ip access-group HOST out", COME,
     "unknown"),
    ("translation of outside addresses",
     f"{WHOLE}\nip nat outside source static 198.51.100.1 10.0.0.99", IN,
     " ip access-group HOST out", COME, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "nat", "outside", "inside", "words", "answer"), TOWARDS, ids=lambda v: str(v)[:40]
)
def test_from_outside(
    name: str, nat: str, outside: str, inside: str, words: str, answer: str
) -> None:
    assert asked(text(nat, outside, inside), words, OUTSIDE, INSIDE).answer == answer


BACK = [
    ("the filter inside sees the host", WHOLE, " !", " ip access-group OWN in", "deny"),
    ("the filter outside sees the name", WHOLE, " ip access-group OWN out", " !", "permit"),
    ("a port that is not translated", PORT, " ip access-group OWN out", " !", "deny"),
    ("static before dynamic", f"{WHOLE}\naccess-list 1 permit 10.0.0.0 0.0.0.255\n"
     "ip nat inside source list 1 interface GigabitEthernet0/0 overload",
     " ip access-group OWN out", " !", "permit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "nat", "outside", "inside", "answer"), BACK, ids=lambda v: str(v)[:40]
)
def test_from_inside(name: str, nat: str, outside: str, inside: str, answer: str) -> None:
    assert asked(text(nat, outside, inside), GO, INSIDE, OUTSIDE).answer == answer


def test_the_line_that_translates_stands_on_the_path() -> None:
    decision = asked(text(WHOLE, IN, " ip access-group HOST out"), COME, OUTSIDE, INSIDE)
    assert [rule.text for rule in decision.path] == [WHOLE]


def test_without_interfaces_of_both_kinds_nothing_is_translated() -> None:
    one_sided = text(WHOLE, IN, " ip access-group NAME out").replace(" ip nat inside\n", "")
    assert asked(one_sided, COME, OUTSIDE, INSIDE).answer == "permit"


def test_who_reaches_the_host_is_told_by_its_own_address() -> None:
    inside = admitted(policy(text(WHOLE, IN)), Region(destination=host("10.0.0.9")))
    assert [line.rule.text for line in inside if line.rule] == [
        "permit tcp any host 192.0.2.9 eq 443"
    ]
