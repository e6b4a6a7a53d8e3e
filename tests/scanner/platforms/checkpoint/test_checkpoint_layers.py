"""Layers, pages and packages; rules that stand in no rulebase; what the files do not hold."""

from __future__ import annotations

from typing import Any

import pytest

from rules.facts import Unknown
from tests.scanner.platforms.checkpoint_answers import (
    BESIDE,
    GATEWAY,
    PROPERTIES,
    SERVERS,
    THINGS,
    Data,
    outcome,
    package,
    packet,
    page,
    read,
    rule,
    thing,
    uid,
)

MCU = packet("10.0.9.9 > 10.0.0.1 tcp 443")
LAN = packet("10.0.9.9 > 10.0.1.1 tcp 443")
INNER = page([rule(1, destination=["mcu"])], "Inner")
PARENT = [rule(1, "Inner Layer", service=["https"], inline_layer=uid("Inner")), rule(2)]


def layer(name: str, cleanup: str) -> Data:
    return {"objects": [thing("access-layer", name, implicit_cleanup_action=cleanup)]}


def test_an_inline_layer_decides_for_good() -> None:
    answers = [page(PARENT), INNER, layer("Inner", "drop"), package("Network"), *BESIDE]
    assert outcome(answers, MCU) == "permit"
    assert outcome(answers, LAN) == "deny"
    assert outcome(answers, packet("10.0.9.9 > 10.0.1.1 tcp 80")) == "permit"


def test_the_cleanup_of_an_inline_layer_is_its_own() -> None:
    answers = [page(PARENT), INNER, package("Network"), *BESIDE]
    assert outcome([*answers, layer("Inner", "accept")], LAN) == "permit"
    assert outcome(answers, LAN) == "unknown"


def test_an_inline_layer_that_is_not_shown_is_not_known() -> None:
    assert outcome([page(PARENT), package("Network"), *BESIDE], MCU) == "unknown"


def test_layers_that_hand_over_in_a_circle_are_not_known() -> None:
    inner = page([rule(1, "Inner Layer", inline_layer=uid("Inner"))], "Inner")
    assert outcome([page(PARENT), inner, package("Network"), *BESIDE], MCU) == "unknown"


def test_every_ordered_layer_has_to_accept() -> None:
    second = page([rule(1, destination=["mcu"])], "Second")
    answers = [page([rule(1)]), second, package("Network", "Second"), *BESIDE]
    assert outcome(answers, MCU) == "permit"
    assert outcome(answers, LAN) == "deny"
    assert outcome([page([rule(1)]), package("Network", "Second"), *BESIDE], MCU) == "unknown"


@pytest.mark.parametrize(("cleanup", "expected"), [("drop", "deny"), ("accept", "permit"),
                                                   ("else", "unknown")])  # fmt: skip
def test_the_implicit_cleanup(cleanup: str, expected: str) -> None:
    answers = [page([rule(1, "Drop", source=["mcu"])]), package("Network", cleanup=cleanup)]
    assert outcome([*answers, *BESIDE], MCU) == expected


def test_rules_of_sections_stand_where_the_section_does() -> None:
    section = {"uid": uid("s"), "name": "s", "type": "access-section", "from": 1, "to": 1}
    base = page([rule(1, destination=["mcu"]), rule(2, "Drop")])
    base["rulebase"] = [{**section, "rulebase": [base["rulebase"][0]]}, base["rulebase"][1]]
    answers = [base, package("Network"), *BESIDE]
    assert (outcome(answers, MCU), outcome(answers, LAN)) == ("permit", "deny")


FIRST, SECOND = rule(1, destination=["mcu"]), rule(2, "Drop", destination=["lan"])
OTHER = packet("10.0.9.9 > 10.0.7.1 tcp 443")


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page([FIRST, SECOND])], ("permit", "deny", "deny")),
        ([page([FIRST], total=2), page([SECOND], first=2)], ("permit", "deny", "deny")),
        ([page([SECOND], first=2), page([FIRST], total=2)], ("permit", "deny", "deny")),
        ([page([FIRST], total=2)], ("permit", "unknown", "unknown")),
        ([page([SECOND], first=2)], ("unknown", "unknown", "unknown")),
        ([page([FIRST], total=3), page([SECOND], first=2)], ("unknown", "unknown", "unknown")),
        ([page([FIRST, rule(3)])], ("unknown", "unknown", "unknown")),
        ([page([FIRST]), page([SECOND])], ("unknown", "unknown", "unknown")),
        ([page([FIRST]), page([FIRST])], ("permit", "deny", "deny")),
        ([page([{**FIRST, "filter-match-details": []}])], ("unknown", "unknown", "unknown")),
    ],
)
def test_pages_that_are_missing_leave_open_what_stands_behind(
    pages: list[Any], expected: tuple[str, ...]
) -> None:
    answers = [*pages, package("Network"), *BESIDE]
    assert tuple(outcome(answers, one) for one in (MCU, LAN, OTHER)) == expected


def test_without_the_package_another_layer_could_deny() -> None:
    answers = [page([FIRST, rule(2, "Drop")]), *BESIDE]
    assert outcome(answers, MCU) == "unknown"


@pytest.mark.parametrize(
    "more",
    [
        [page([rule(1)], "Second")],
        [package("Network"), {**package("Network"), "uid": uid("other"), "name": "other"}],
        [{**package("Network"), "access": False}],
        [package("Elsewhere")],
        [package("Network", installation_targets=[{"uid": uid("gw2"), "name": "gw2"}])],
    ],
)
def test_filters_are_unknown_with_the_reason(more: list[Any]) -> None:
    fact = read(page([rule(1)]), *more, *BESIDE).facts["filters"]
    assert isinstance(fact, Unknown)
    assert fact.reason.vi
    assert fact.reason.en


@pytest.mark.parametrize(
    ("policy", "changed", "expected"),
    [
        ({"access-policy-installed": True, "access-policy-name": "Standard"}, 5, "permit"),
        ({"access-policy-installed": False}, 5, "unknown"),
        ({"access-policy-installed": True, "access-policy-name": "Other"}, 5, "unknown"),
        ({"access-policy-installation-date": {"posix": 6}}, 5, "permit"),
        ({"access-policy-installation-date": {"posix": 5}}, 5, "permit"),
        ({"access-policy-installation-date": {"posix": 4}}, 5, "unknown"),
    ],
)
def test_rules_that_are_not_installed_are_not_judged(
    policy: Data, changed: int, expected: str
) -> None:
    rules = [rule(1, meta_info={"last-modify-time": {"posix": changed}})]
    management, gateway = SERVERS["objects"]
    servers = {**SERVERS, "objects": [management, {**gateway, "policy": policy}]}
    beside = [BESIDE[0], GATEWAY, servers, PROPERTIES]
    assert outcome([page(rules), package("Network"), *beside], MCU) == expected


# --- what stands in no rulebase --------------------------------------------------------------

CLOSED = [page([rule(1, "Drop")]), package("Network"), {"objects-dictionary": THINGS}]
DNS = packet("10.0.9.9 > 10.0.0.1 udp 53")


@pytest.mark.parametrize(
    ("beside", "text", "expected"),
    [
        ((GATEWAY, SERVERS, PROPERTIES), "10.0.9.9 > 10.0.0.1 udp 53", "deny"),
        ((GATEWAY, SERVERS), "10.0.9.9 > 10.0.0.1 udp 53", "unknown"),
        ((GATEWAY, SERVERS), "10.0.9.9 > 10.0.0.1 tcp 53", "unknown"),
        ((GATEWAY, SERVERS), "10.0.9.9 > 10.0.0.1 icmp 8", "unknown"),
        ((GATEWAY, SERVERS), "10.0.9.9 > 10.0.0.1 udp 520", "unknown"),
        ((GATEWAY, SERVERS), "10.0.9.9 > 10.0.0.1 tcp 443", "deny"),
        ((GATEWAY, SERVERS, PROPERTIES), "10.0.9.9 > 192.0.2.1 tcp 443", "unknown"),
        ((GATEWAY, SERVERS, PROPERTIES), "192.0.2.2 > 10.0.9.9 tcp 443", "unknown"),
        ((GATEWAY, SERVERS, PROPERTIES), "10.0.9.9 > 10.0.0.254 tcp 22", "unknown"),
        ((GATEWAY, PROPERTIES), "10.0.9.9 > 10.0.0.1 tcp 443", "unknown"),
        ((GATEWAY, {**SERVERS, "total": 3}, PROPERTIES), "10.0.9.9 > 10.0.0.1 tcp 1", "unknown"),
    ],
)
def test_what_implied_rules_may_accept_is_not_denied(
    beside: tuple[Any, ...], text: str, expected: str
) -> None:
    assert outcome([*CLOSED, *beside], packet(text)) == expected


@pytest.mark.parametrize(
    "odd",
    [
        {"interfaces": []},
        {"interfaces": [{"interface-name": "eth0", "ipv4-address": "192.0.2.300"}]},
        {"dynamic-ip": True},
        {"type": "CpmiGatewayCluster"},
        {"management-blades": None},
    ],
)
def test_hosts_of_the_vendor_whose_addresses_are_not_shown_leave_everything_open(
    odd: dict[str, Any],
) -> None:
    changed = {**SERVERS["objects"][0], **odd}
    server = {key: value for key, value in changed.items() if value is not None}
    servers = {**SERVERS, "objects": [server, SERVERS["objects"][1]]}
    asked = packet("10.0.9.9 > 10.0.0.1 tcp 443")
    assert outcome([*CLOSED, GATEWAY, SERVERS, PROPERTIES], asked) == "deny"
    assert outcome([*CLOSED, GATEWAY, servers, PROPERTIES], asked) == "unknown"


def test_a_property_that_is_on_leaves_its_packets_open() -> None:
    on = {"firewall": {**PROPERTIES["firewall"], "accept-domain-name-over-udp": True}}
    answers = [*CLOSED, GATEWAY, SERVERS]
    assert outcome([*answers, on], DNS) == "unknown"
    assert outcome([*answers, PROPERTIES, on], DNS) == "unknown"
    assert outcome([*answers, on], packet("10.0.9.9 > 10.0.0.1 tcp 53")) == "deny"


def test_what_is_accepted_stays_accepted_whatever_is_implied() -> None:
    answers = [page([rule(1)]), package("Network"), {"objects-dictionary": THINGS}]
    assert outcome(answers, DNS) == "permit"


@pytest.mark.parametrize(("state", "expected"), [("established", "permit"), ("invalid", "unknown")])
def test_the_state_of_a_connection(state: str, expected: str) -> None:
    answers = [page([rule(1)]), package("Network"), *BESIDE]
    assert outcome(answers, packet("10.0.9.9 > 10.0.0.1 tcp 443", state=state)) == expected


def test_replies_of_a_service_without_replies_are_not_known() -> None:
    text = "10.0.0.1 > 10.0.9.9 udp 40000 514"
    for service, expected in (("one way", "unknown"), ("sip", "permit")):
        answers = [page([rule(1, service=[service])]), package("Network"), *BESIDE]
        assert outcome(answers, packet(text, state="established")) == expected


# --- translation -----------------------------------------------------------------------------


def nat(**values: Any) -> Data:
    found: Data = {"uid": uid("n1"), "type": "nat-rule", "rule-number": 1, "method": "static"}
    found |= {"auto-generated": False, "enabled": True}
    for part in ("source", "destination", "service"):
        found |= {f"original-{part}": uid("Any"), f"translated-{part}": uid("Original")}
    found |= {key.replace("_", "-"): value for key, value in values.items()}
    return {"uid": uid("nat"), "rulebase": [found], "from": 1, "to": 1, "total": 1}


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        ([], ("unknown", "unknown")),
        ([nat()], ("deny", "deny")),
        ([nat(translated_destination=uid("mcu"))], ("unknown", "deny")),
        ([nat(translated_destination=uid("mcu"), enabled=False)], ("deny", "deny")),
        ([nat(translated_destination=uid("elsewhere"))], ("unknown", "unknown")),
        ([nat(auto_generated=True, original_source=uid("mcu"))], ("unknown", "deny")),
        ([nat(method="hide", original_source=uid("mcu"))], ("deny", "deny")),
        ([nat(method="new")], ("unknown", "unknown")),
        ([{**nat(), "total": 2}], ("unknown", "unknown")),
    ],
)
def test_a_host_that_translation_may_reach_is_not_closed(
    bases: list[Data], expected: tuple[str, str]
) -> None:
    answers = [page([rule(1, "Drop")]), {**package("Network"), "nat-policy": True}, *BESIDE]
    assert tuple(outcome([*answers, *bases], one) for one in (MCU, LAN)) == expected
