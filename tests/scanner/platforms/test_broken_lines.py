"""Configurations that lost a line end or their end: what they leave open, and what stays told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import find
from tests.scanner.platforms.conformance import CAPTURED, OWN
from tests.scanner.platforms.packet_probes import difference

SAMPLES = {
    "cisco-asa": "edge/running-config.txt",
    "huawei-vrp": "usg/current-configuration.txt",
    "mikrotik-routeros": "gate/export.rsc",
    "pfsense": "gate/config.xml",
}


def _text(family: str) -> str:
    return Path(OWN, family, SAMPLES[family]).read_text(encoding="utf-8")


def _facts(family: str, text: str) -> dict[str, Any]:
    found = find(family).read([Document(text.encode(), "file", "O", CAPTURED)]).facts
    return {name: fact.value for name, fact in found.items() if isinstance(fact, Known)}


def _is_open(policy: Policy) -> bool:
    return any(one.matters for one in policy.unread)


@pytest.mark.parametrize(
    ("family", "lost", "fact"),
    [
        ("cisco-asa", "security-level 100\n", "interfaces"),
        ("cisco-asa", "!\ninterface GigabitEthernet1/2", "interfaces"),
        ("cisco-asa", "192.0.2.1 1\n", "routes"),
        ("cisco-asa", "privilege 15\n", "accounts"),
        ("huawei-vrp", "#\ninterface GigabitEthernet1/0/2", "interfaces"),
        ("huawei-vrp", "192.0.2.9\n", "routes"),
        ("huawei-vrp", "acl 2001 inbound\n", "management.allowlist"),
        ("mikrotik-routeros", "interface=ether1 network=203.0.113.16\n", "interfaces"),
        ("mikrotik-routeros", "gateway=203.0.113.17\n", "routes"),
        ("mikrotik-routeros", "max-limit=20M name=uplink parent=ether1\n", "qos.classes"),
    ],
)
def test_two_commands_in_one_line_leave_open_what_they_are_about(
    family: str, lost: str, fact: str
) -> None:
    text = _text(family)
    assert fact in _facts(family, text)
    assert lost in text
    facts = _facts(family, text.replace(lost, lost.replace("\n", "~", 1), 1))
    assert fact not in facts
    assert "identity.family" in facts


@pytest.mark.parametrize("family", ["cisco-asa", "huawei-vrp", "mikrotik-routeros"])
def test_a_file_that_ends_within_a_line_leaves_its_lists_and_filters_open(family: str) -> None:
    text = _text(family)
    facts = _facts(family, text[: len(text) * 9 // 10])
    assert not facts.keys() & {"interfaces", "routes", "accounts", "vlans"}
    assert _is_open(facts["filters"])
    assert not _is_open(_facts(family, text)["filters"])


@pytest.mark.parametrize(
    ("family", "old", "new"),
    [
        ("cisco-asa", "duong truyen so lieu", "noi voi interface GigabitEthernet0/1"),
        ("cisco-asa", "remark cuoc goi", "remark ssh 10.0.0.0 den"),
        ("huawei-vrp", "#\nfirewall zone local", "#\n#\nfirewall zone local"),
        ("mikrotik-routeros", 'comment="nothing else"', 'comment="see /ip route"'),
    ],
)
def test_words_of_free_text_are_no_command(family: str, old: str, new: str) -> None:
    text = _text(family)
    assert old in text
    before, after = _facts(family, text), _facts(family, text.replace(old, new, 1))
    assert after.keys() == before.keys()
    assert not _is_open(after["filters"])


def test_an_address_of_pfsense_without_its_prefix_length_is_no_host() -> None:
    text = _text("pfsense").replace("<subnet>24</subnet>", "", 1)
    assert "interfaces" not in _facts("pfsense", text)


def test_a_zone_that_is_not_there_leaves_the_rule_of_a_usg_open() -> None:
    text = _text("huawei-vrp")
    whole = _facts("huawei-vrp", text)["filters"]
    part = _facts("huawei-vrp", text.replace("source-zone hoinghi", "source-zone hoi", 1))
    assert difference(whole, part["filters"]) is None
    assert part["filters"] != whole


# --- the comparison itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "old", "new", "same"),
    [
        ("cisco-asa", "eq h323", "eq h323\n", True),
        ("cisco-asa", "deny tcp any any eq telnet", "permit tcp any any eq telnet", False),
        ("cisco-asa", "range 1719 1720", "range 1719 1721", False),
        ("huawei-vrp", "default action deny", "default action permit", False),
        ("huawei-vrp", "address 1 10.30.41.0 mask 24", "address 1 10.30.41.0 mask 25", False),
        ("mikrotik-routeros", "add address=10.30.120.11 list=mcu\n", "", False),
        ("pfsense", "<port>5061</port>", "<port>5060</port>", False),
    ],
)
def test_another_policy_is_told_by_its_answers(family: str, old: str, new: str, same: bool) -> None:
    text = _text(family)
    assert old in text
    whole, part = (_facts(family, t)["filters"] for t in (text, text.replace(old, new, 1)))
    assert (difference(whole, part) is None) == same
