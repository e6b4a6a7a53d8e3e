"""Columns of a rule, one by one: what matches, what does not, and what nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scanner.platforms.checkpoint_answers import (
    BESIDE,
    decision,
    document,
    of_rules,
    outcome,
    package,
    packet,
    page,
    rule,
    thing,
    uid,
)

MCU = "10.0.9.9 > 10.0.0.1 tcp 443"

COLUMNS: list[tuple[str, dict[str, Any], str, str]] = [
    ("a host", {"destination": ["mcu"]}, MCU, "permit"),
    ("another host", {"destination": ["mcu"]}, "10.0.9.9 > 10.0.0.2 tcp 443", "deny"),
    ("a network", {"source": ["lan"]}, "10.0.1.255 > 1.1.1.1 tcp 1", "permit"),
    ("beside the network", {"source": ["lan"]}, "10.0.2.0 > 1.1.1.1 tcp 1", "deny"),
    ("IPv6", {"destination": ["six"]}, "2001:db8::9 > 2001:db8::1 tcp 1", "permit"),
    ("a range", {"source": ["few"]}, "10.0.1.9 > 1.1.1.1 tcp 1", "permit"),
    ("behind the range", {"source": ["few"]}, "10.0.1.10 > 1.1.1.1 tcp 1", "deny"),
    ("a member of a group", {"source": ["both"]}, "10.0.1.7 > 1.1.1.1 tcp 1", "permit"),
    ("no member", {"source": ["both"]}, "10.0.0.2 > 1.1.1.1 tcp 1", "deny"),
    ("not excluded", {"source": ["lan but few"]}, "10.0.1.4 > 1.1.1.1 tcp 1", "permit"),
    ("excluded", {"source": ["lan but few"]}, "10.0.1.5 > 1.1.1.1 tcp 1", "deny"),
    ("negated", {"source": ["mcu"], "source_negate": True}, MCU, "permit"),
    ("negated itself", {"destination": ["mcu"], "destination_negate": True}, MCU, "deny"),
    ("members not shown", {"destination": ["nobody knows"]}, MCU, "unknown"),
    ("a group in itself", {"destination": ["itself"]}, MCU, "unknown"),
    ("one is known", {"destination": ["nobody knows", "mcu"]}, MCU, "permit"),
    ("users", {"source": ["staff"]}, MCU, "unknown"),
    ("a domain", {"destination": [".example"]}, MCU, "unknown"),
    ("an object nobody shows", {"destination": ["elsewhere"]}, MCU, "unknown"),
    ("no object", {"destination": [7]}, MCU, "unknown"),
    ("an empty column", {"destination": []}, MCU, "unknown"),
    ("a port", {"service": ["https"]}, MCU, "permit"),
    ("another port", {"service": ["https"]}, "10.0.9.9 > 10.0.0.1 tcp 444", "deny"),
    ("above a port", {"service": ["high"]}, "10.0.9.9 > 10.0.0.1 tcp 1024", "permit"),
    ("the port itself", {"service": ["high"]}, "10.0.9.9 > 10.0.0.1 tcp 1023", "deny"),
    ("a source port", {"service": ["from 20"]}, "1.1.1.1 > 1.1.1.2 tcp 1024 20", "permit"),
    ("another one", {"service": ["from 20"]}, "1.1.1.1 > 1.1.1.2 tcp 1024 21", "deny"),
    ("by signature", {"service": ["signed"]}, MCU, "unknown"),
    ("beside it", {"service": ["signed"]}, "10.0.9.9 > 10.0.0.1 tcp 80", "deny"),
    ("ICMP", {"service": ["echo"]}, "10.0.9.9 > 10.0.0.1 icmp 8", "permit"),
    ("another type", {"service": ["echo"]}, "10.0.9.9 > 10.0.0.1 icmp 13", "deny"),
    ("a protocol", {"service": ["gre"]}, "10.0.9.9 > 10.0.0.1 gre", "permit"),
    ("INSPECT", {"service": ["inspect"]}, "10.0.9.9 > 10.0.0.1 udp 7", "unknown"),
    ("INSPECT of UDP", {"service": ["inspect"]}, "10.0.9.9 > 10.0.0.1 tcp 7", "deny"),
    ("RPC", {"service": ["nfs"]}, MCU, "unknown"),
    ("a group", {"service": ["web and sip"]}, "10.0.9.9 > 10.0.0.1 udp 5060", "permit"),
    ("not in it", {"service": ["web and sip"]}, "10.0.9.9 > 10.0.0.1 tcp 5060", "deny"),
    ("not the group", {"service": ["web and sip"], "service_negate": True}, MCU, "deny"),
    ("another service", {"service": ["https"], "service_negate": True}, MCU[:-3] + "80", "permit"),
    ("an application", {"service": ["a web site"]}, MCU, "unknown"),
    ("a community", {"vpn": ["community"]}, MCU, "unknown"),
    ("a time", {"time": ["nights"]}, MCU, "unknown"),
    ("content", {"content": ["a web site"]}, MCU, "unknown"),
    ("switched off", {"enabled": False}, MCU, "deny"),
    ("perhaps switched off", {"enabled": "false"}, MCU, "unknown"),
    ("perhaps negated", {"source_negate": None}, MCU, "unknown"),
    ("on this gateway", {"install_on": ["gw"]}, MCU, "permit"),
    ("on one nobody shows", {"install_on": ["gw2"]}, MCU, "unknown"),
    ("users log in", {"action_settings": {"enable-identity-captive-portal": True}}, MCU, "unknown"),
    ("a key nobody knows", {"new_condition": "x"}, MCU, "unknown"),
    ("a key that says nothing", {"comments": "x"}, MCU, "permit"),
    ("another kind of entry", {"type": "place-holder"}, MCU, "unknown"),
]


@pytest.mark.parametrize(("columns", "text", "expected"), [row[1:] for row in COLUMNS],
                         ids=[row[0] for row in COLUMNS])  # fmt: skip
def test_columns(columns: dict[str, Any], text: str, expected: str) -> None:
    assert of_rules([rule(1, **columns)], packet(text)) == expected


@pytest.mark.parametrize(
    "key", ["source", "source-negate", "service", "vpn", "time", "enabled", "install-on", "action"]
)
def test_a_rule_that_does_not_show_a_column_is_not_taken_for_any(key: str) -> None:
    short = rule(1)
    del short[key]
    assert of_rules([short], packet(MCU)) == "unknown"


@pytest.mark.parametrize(
    ("action", "expected"),
    [("Accept", "permit"), ("Drop", "deny"), ("Reject", "deny"), ("Ask", "unknown"),
     ("Inner Layer", "unknown")],
)  # fmt: skip
def test_actions(action: str, expected: str) -> None:
    assert of_rules([rule(1, action)], packet(MCU)) == expected


def test_the_first_rule_that_matches_decides_and_is_named_with_its_line() -> None:
    rules = [rule(1, "Drop", source=["lan"]), rule(2, destination=["mcu"]), rule(3, "Drop")]
    found = decision([page(rules), package("Network"), *BESIDE], packet(MCU))
    assert found.answer == "permit"
    assert found.rule is not None
    assert found.rule.text.startswith("rule 2 r2: Accept, source Any, destination mcu")
    assert found.rule.file == "0.json"
    assert found.rule.line == 1 + next(
        n for n, line in enumerate(document(page(rules)).lines) if uid("r2Accept") in line
    )


def test_a_doubt_costs_certainty_only_where_it_stands() -> None:
    rules = [rule(1, "Drop", source=["staff"], destination=["lan"]), rule(2)]
    assert of_rules(rules, packet("10.0.9.9 > 10.0.1.1 tcp 1")) == "unknown"
    assert of_rules(rules, packet(MCU)) == "permit"


def test_a_rule_for_another_gateway_is_none_of_this_one() -> None:
    other = thing("simple-gateway", "gw2")
    rules = [rule(1, "Drop", install_on=["gw2"]), rule(2)]
    answers = [page(rules), package("Network"), *BESIDE, {"objects-dictionary": [other]}]
    assert outcome(answers, packet(MCU)) == "permit"


@pytest.mark.parametrize(("entering", "expected"), [("eth0", "permit"), ("eth1", "deny")])
def test_a_zone_is_its_interfaces(entering: str, expected: str) -> None:
    assert of_rules([rule(1, source=["inside"])], packet(MCU, entering=entering)) == expected


def test_a_zone_of_a_gateway_that_is_not_shown_is_not_known() -> None:
    beside = [one for one in BESIDE if one.get("name") != "gw"]
    answers = [page([rule(1, source=["inside"])]), package("Network"), *beside]
    assert outcome(answers, packet(MCU, entering="eth0")) == "unknown"


def test_objects_on_which_two_documents_disagree_are_not_known() -> None:
    other = {"objects-dictionary": [thing("host", "mcu", ipv4_address="10.0.0.7")]}
    answers = [page([rule(1, destination=["mcu"])]), package("Network"), *BESIDE, other]
    assert outcome(answers, packet(MCU)) == "unknown"


def test_a_network_without_its_broadcast_address_is_not_the_whole_network() -> None:
    odd = thing("network", "n", subnet4="10.0.3.0", mask_length4=24, broadcast="disallow")
    answers = [page([rule(1, source=["n"])]), package("Network"), *BESIDE, {"objects": [odd]}]
    assert outcome(answers, packet("10.0.3.255 > 1.1.1.1 tcp 1")) == "unknown"


def test_an_action_on_which_two_documents_disagree_is_not_known() -> None:
    odd = {**thing("RulebaseAction", "Accept"), "name": "Drop"}
    answers = [page([rule(1)]), package("Network"), *BESIDE, {"objects": [odd]}]
    assert outcome(answers, packet(MCU)) == "unknown"


def test_members_in_short_and_in_full_are_the_same() -> None:
    full = thing("group", "both", members=[{"uid": uid("mcu")}, {"uid": uid("lan")}])
    answers = [page([rule(1, source=["both"])]), package("Network"), *BESIDE, {"objects": [full]}]
    assert outcome(answers, packet("10.0.1.7 > 1.1.1.1 tcp 1")) == "permit"
