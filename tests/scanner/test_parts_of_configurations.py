"""Whoever names the family may hand in a part of a configuration; others have to be recognised."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, read_as, recognise
from scanner.platforms import find


def document(text: str) -> Document:
    return Document(text.encode(), "part.cfg", "O", datetime(2026, 1, 1, tzinfo=UTC))


def facts(family: str, text: str) -> dict[str, Any]:
    found = read_as(find(family), [document(text)]).reading.facts
    return {name: fact.value if isinstance(fact, Known) else fact for name, fact in found.items()}


IOS_LIST = "ip access-list extended A\n permit tcp any host 10.1.1.10 eq 443\n deny ip any any\n"
IOS_VTY = "line vty 0 4\n exec-timeout 5 0\n transport input ssh\n"
IOS_GROUP = "object-group network VC\n host 10.1.1.10\n"
IOS_PORT = "interface GigabitEthernet0/0\n ip address 10.1.1.1 255.255.255.0\n"
ASA_SSH = "ssh 10.0.0.0 255.0.0.0 inside\nssh timeout 5\n"
ASA_LIST = "access-list A extended permit tcp any any eq 443\n"
VRP_VTY = "user-interface vty 0 4\n protocol inbound ssh\n idle-timeout 5 0\n"
VRP_LIST = "acl number 3000\n rule 5 permit ip\n"
SRX = "set system login class a idle-timeout 5\nset system services ssh\n"
PAN = "set address vc ip-netmask 10.1.1.10\n"
FORTI = 'config system admin\n    edit "admin"\n    next\nend\n'

PARTS = [
    ("cisco-ios", IOS_LIST, "identity.family", "cisco-ios"),
    ("cisco-ios", IOS_VTY, "management.idle_timeout_s", 300),
    ("cisco-ios", IOS_GROUP, "identity.family", "cisco-ios"),
    ("cisco-asa", ASA_SSH, "management.idle_timeout_s", 300),
    ("cisco-asa", ASA_LIST, "identity.family", "cisco-asa"),
    ("huawei-vrp", VRP_VTY, "management.idle_timeout_s", 300),
    ("juniper-srx", SRX, "service.ssh.enabled", True),
    ("paloalto", PAN, "identity.family", "paloalto"),
    ("fortios", FORTI, "identity.family", "fortios"),
]


@pytest.mark.parametrize(("family", "text", "name", "expected"), PARTS)
def test_a_part_is_read_where_the_family_is_named(
    family: str, text: str, name: str, expected: Any
) -> None:
    assert facts(family, text)[name] == expected


@pytest.mark.parametrize("text", [IOS_LIST, IOS_VTY, IOS_GROUP, ASA_SSH, VRP_VTY, PAN])
def test_a_part_alone_is_nobodys(text: str) -> None:
    with pytest.raises(NotRecognised):
        recognise([document(text)])


NAMED = ["cisco-asa", "cisco-ios", "fortios", "huawei-vrp", "juniper-srx", "paloalto"]
OTHERS = {
    "NX-OS": "feature interface-vlan\nvrf context A\nip access-list B\n  10 permit ip any any\n",
    "EOS": "! device: sw1 (DCS-7050, EOS-4.20)\nip route 0.0.0.0/0 10.0.0.1\n",
    "a note": "các dòng ghi chú của người vận hành\n",
    "nothing": "",
    "an answer": "% Invalid input detected at '^' marker.\n",
    "JSON": '{"interfaces": [{"name": "lan"}]}\n',
    "HTML": "<html><body>interface line vty 0 4</body></html>\n",
}


@pytest.mark.parametrize("family", NAMED)
@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_name_makes_no_configuration_of_what_is_none(family: str, text: str) -> None:
    assert facts(family, text) == {}


def test_one_family_is_not_read_as_another() -> None:
    texts = {
        "cisco-ios": IOS_PORT + IOS_LIST + IOS_VTY,
        "fortios": FORTI,
        "huawei-vrp": "sysname A\n#\n" + VRP_LIST + VRP_VTY,
        "juniper-srx": SRX,
        "paloalto": "set rulebase security rules r from any\n",
    }
    wrong = [
        (named, own)
        for named in NAMED
        for own, text in texts.items()
        if named != own and facts(named, text)
    ]
    assert wrong == []


MINIMAL = (
    "hostname r1\n!\ninterface GigabitEthernet0/0\n {}\n!\nline vty 0 4\n login local\n!\nend\n"
)


@pytest.mark.parametrize(
    "line", ["ip address 10.1.1.1 255.255.255.0", "description WAN", "no shutdown", "duplex full"]
)
def test_a_router_with_one_interface_and_a_way_in_is_recognised(line: str) -> None:
    assert recognise([document(MINIMAL.format(line))]).platform.name == "cisco-ios"


@pytest.mark.parametrize(
    ("family", "text"), [("cisco-ios", IOS_LIST), ("huawei-vrp", VRP_LIST + VRP_VTY)]
)
def test_a_list_that_is_bound_nowhere_decides_nothing(family: str, text: str) -> None:
    fact = facts(family, text)["filters"]
    assert isinstance(fact, Unknown)
    assert "interface" in fact.reason.en
    assert fact.citations == ()  # another file of the device may tell


def test_a_bound_list_that_stands_elsewhere_leaves_the_filter_open() -> None:
    bound = IOS_PORT + " ip access-group A in\n"
    part = facts("cisco-ios", bound)["filters"]
    whole = facts("cisco-ios", "hostname r1\n" + bound)["filters"]
    assert {chain.default for chain in part.chains.values()} == {"unknown"}
    assert {chain.default for chain in whole.chains.values()} == {"permit"}
