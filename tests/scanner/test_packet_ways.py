"""Ways through several devices: where they are joined, and which device is said to decide."""

from __future__ import annotations

from ipaddress import ip_interface
from typing import Any

import pytest

from rules.facts import Citation, Known
from rules.network_facts import Interface
from rules.packets.policy import Chain, Policy, Region, Rule, Stage
from rules.packets.sets import names
from scanner.packet_questions import BadQuestion, Filter, question
from scanner.packet_ways import Device, Network, Place, link_in, place_in


def interface(name: str, *addresses: str, up: bool | None = None) -> Interface:
    return Interface(name, tuple(map(ip_interface, addresses)), up=up)


def device(name: str, *interfaces: Interface, policy: Policy | None = None) -> Device:
    fact = Known(policy or Policy(), (Citation("O", f"{name}.conf", 1),))
    facts: dict[str, Any] = {"filters": fact, "interfaces": Known(interfaces, ())}
    return Device.of(name, Filter.of(facts, "x"), facts)


def asked(*devices: Device, start: str = "a:lan", end: str = "b:lan") -> dict[str, Any]:
    fields = {"src": "192.0.2.1", "dst": "198.51.100.1", "from": start, "to": end, "dport": 443}
    return Network(devices, []).answer(question(fields))


LAN_A, LAN_B = interface("lan", "10.1.0.1/24"), interface("lan", "10.2.0.1/24")


@pytest.mark.parametrize(
    ("mine", "theirs", "joined"),
    [
        (interface("x", "10.9.0.1/30"), interface("y", "10.9.0.2/30"), True),
        (interface("x", "2001:db8::1/64"), interface("y", "2001:db8::2/64"), True),
        (interface("x", "10.9.0.1/30"), interface("y", "10.9.0.2/24"), False),
        (interface("x", "10.9.0.1/30"), interface("y", "10.9.0.6/30"), False),
        (interface("x", "10.9.0.1/30"), interface("y", "10.9.0.1/30"), False),
        (interface("x", "10.9.0.1/30"), interface("y", "10.9.0.2/30", up=False), False),
        (interface("lo", "127.0.0.1/8"), interface("lo", "127.0.0.2/8"), False),
        (interface("x", "fe80::1/64"), interface("y", "fe80::2/64"), False),
        (interface("x", "10.9.0.1/32"), interface("y", "10.9.0.1/32"), False),
    ],
    ids=[
        "IPv4", "IPv6", "other mask", "other network", "same address", "shut down", "loopback",
        "link-local", "one address",
    ],
)  # fmt: skip
def test_devices_are_joined_where_they_share_a_network(
    mine: Interface, theirs: Interface, joined: bool
) -> None:
    pair = device("a", LAN_A, mine), device("b", LAN_B, theirs)
    if not joined:
        with pytest.raises(BadQuestion, match="no way from a:lan to b:lan"):
            asked(*pair)
        return
    (way,) = asked(*pair)["ways"]
    assert [(h["from"], h["to"]) for h in way["hops"]] == [("lan", mine.name), (theirs.name, "lan")]


def filtering(*rules: Rule, entering: str = "lan") -> Policy:
    stage = Stage("in", Region(entering=names(entering)))
    return Policy((stage,), {"in": Chain("in", rules, "deny")})


X, Y = interface("x", "10.9.0.1/30"), interface("y", "10.9.0.2/30")


def test_a_device_that_asks_nothing_does_not_decide() -> None:
    first = device("a", LAN_A, X, policy=filtering(Rule("permit", 3, "let by")))
    told = asked(first, device("b", LAN_B, Y))
    assert (told["action"], told["device"], told["line"]) == ("permit", "a", 3)
    silent = asked(device("a", LAN_A, X), device("b", LAN_B, Y))
    assert (silent["action"], silent["line"]) == ("permit", None)


def test_a_filter_on_the_place_of_another_device_is_not_asked() -> None:
    second = device("b", LAN_B, Y, policy=filtering(entering="lan"))
    assert asked(device("a", LAN_A, X), second)["action"] == "permit"
    second = device("b", LAN_B, Y, policy=filtering(entering="y"))
    told = asked(device("a", LAN_A, X), second)
    assert (told["action"], told["device"]) == ("deny", "b")


def test_a_way_may_pass_a_third_device_and_comes_to_none_twice() -> None:
    third = device(
        "c",
        interface("u", "10.8.0.2/30"),
        interface("v", "10.7.0.2/30"),
        interface("t", "10.6.0.1/30"),
    )
    fourth = device("d", interface("s", "10.6.0.2/30"), interface("r", "10.5.0.2/30"))
    first = device("a", LAN_A, X, interface("z", "10.8.0.1/30"), interface("q", "10.5.0.1/30"))
    second = device("b", LAN_B, Y, interface("w", "10.7.0.1/30"))
    ways = asked(first, second, third, fourth)["ways"]
    devices = [[hop["device"] for hop in way["hops"]] for way in ways]
    assert sorted(devices) == [["a", "b"], ["a", "c", "b"], ["a", "d", "c", "b"]]


def test_a_zone_of_an_interface_is_the_place_on_the_way() -> None:
    policy = Policy(
        (Stage("in", Region(entering=names("UP"))),),
        {"in": Chain("in", (), "deny", 8)},
        zones={"UP": ("y",), "DOWN": ("lan",)},
    )
    told = asked(device("a", LAN_A, X), device("b", LAN_B, Y, policy=policy))
    assert (told["action"], told["device"], told["line"]) == ("deny", "b", 8)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:x", Place("a", "x")),
        ("a:eth0:1", Place("a", "eth0:1")),
        ("a:b:x", Place("a:b", "x")),
        ("a:", None),
        ("c:x", None),
        ("x", None),
    ],
)
def test_a_place_is_an_interface_of_a_device(text: str, place: Place | None) -> None:
    assert place_in(text, ["a", "a:b"]) == place


def test_a_link_may_join_interfaces_with_equals_signs_in_their_names() -> None:
    assert link_in("a:x=1=b:y", ["a", "b"]) == (Place("a", "x=1"), Place("b", "y"))
    with pytest.raises(BadQuestion, match="--link a:x=a:y is not"):
        link_in("a:x=a:y", ["a", "b"])
