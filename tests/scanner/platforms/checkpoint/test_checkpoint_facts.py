"""A gateway of a commune, the vendor-neutral facts it gives, and real answers of R80.40."""

from __future__ import annotations

import random
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from rules.facts import Known, Unknown
from rules.packets.interpret import decide
from rules.packets.packet import Packet
from scanner.family_of_files import recognise
from scanner.platforms import find
from scanner.saved_files import load
from tests.scanner.platforms.checkpoint_answers import (
    BESIDE,
    THINGS,
    document,
    outcome,
    package,
    packet,
    page,
    read,
    rule,
    thing,
    uid,
)

OWN = Path(__file__).parents[1] / "samples" / "checkpoint" / "commune-gateway"


def own() -> list[Path]:
    return sorted(OWN.glob("*.json"))


def test_the_gateway_of_a_commune() -> None:
    told = {n: f.value for n, f in find("checkpoint").read(load(own()).documents).facts.items()}
    assert told["identity.model"] == "3100 Appliances"
    assert told["software.version"] == "R81.10"
    assert [str(i.addresses[0]) for i in told["interfaces"]] == [
        "10.67.1.1/24",
        "10.67.10.1/24",
        "10.67.20.1/28",
    ]
    for text, expected in (
        ("10.67.1.12 > 10.67.10.10 tcp 443", "permit"),
        ("10.67.1.20 > 10.67.10.10 tcp 443", "deny"),
        ("10.67.1.12 > 10.67.10.10 tcp 22", "deny"),
        ("10.67.20.5 > 10.67.10.10 tcp 443", "deny"),
        ("10.67.20.5 > 10.67.20.6 tcp 5061", "permit"),
        ("10.67.20.5 > 10.67.20.6 udp 20000", "permit"),
        ("10.67.20.5 > 10.67.20.6 tcp 80", "deny"),
        ("10.99.0.1 > 10.67.20.6 tcp 5061", "deny"),
        ("10.99.0.1 > 10.67.20.1 tcp 22", "unknown"),
    ):
        assert decide(told["filters"], packet(text)).answer == expected, text


def test_files_are_recognised_by_what_they_hold() -> None:
    assert recognise(load(own()).documents).platform.name == "checkpoint"
    assert recognise([document(page([rule(1)]))]).platform.name == "checkpoint"


@pytest.mark.parametrize(
    "data",
    [
        {"interfaces": [{"name": "lan"}]},
        {"uid": uid("x"), "type": "thing"},
        {"rulebase": [{"type": "access-rule"}]},
        {"firewall": True},
        [[[["host"]]]],
        "host",
    ],
)
def test_other_json_tells_nothing(data: object) -> None:
    assert read(data).facts == {}


def test_an_answer_that_breaks_off_says_so() -> None:
    whole = document(page([rule(1)]))
    cut = document("")
    object.__setattr__(cut, "content", whole.content[:-40])
    fact = find("checkpoint").read([cut]).facts["filters"]
    assert isinstance(fact, Unknown)
    assert "breaks off" in fact.reason.en


@pytest.mark.parametrize(
    ("older", "newer"), [("R80.40", "R81"), ("R81", "R81.10"), ("R81.10", "R81.20")]
)  # fmt: skip
def test_releases_are_ordered(older: str, newer: str) -> None:
    key = find("checkpoint").version_key
    first, second = key(older), key(newer)
    assert first is not None
    assert second is not None
    assert first < second
    assert key("Take 79") is None


def test_of_several_gateways_the_one_that_is_shown_alone_is_meant() -> None:
    one, other = (
        thing("simple-gateway", name, version=version, interfaces=[])
        for name, version in (("a", "R80.40"), ("b", "R81"))
    )
    assert "software.version" not in read({"objects": [one, other]}).facts
    fact = read({"objects": [one, other]}, other).facts["software.version"]
    assert isinstance(fact, Known)
    assert fact.value == "R81"


def test_an_interface_that_is_not_understood_leaves_them_open() -> None:
    good = {"name": "eth1", "ipv4-address": "10.0.1.1", "ipv4-mask-length": 24}
    for odd in ({"name": "eth0", "ipv4-address": "10.0.0.300"}, {"ipv4-address": "10.0.0.1"}):
        both = thing("simple-gateway", "a", interfaces=[good, odd])
        assert "interfaces" not in read(both).facts
    assert "interfaces" in read(thing("simple-gateway", "a", interfaces=[good])).facts


def test_lines_that_are_not_understood_are_listed() -> None:
    reading = read(page([rule(1, source=["staff"])]), package("Network"), *BESIDE)
    assert [line.why for _, line in reading.unread if line.text.startswith("rule 1")] == [
        "access-role staff"
    ]


# --- random rulebases beside a reader of a few lines -------------------------------------------

HOSTS = [thing("host", f"h{n}", ipv4_address=f"10.1.0.{n}") for n in range(8)]
NETS = [
    thing("network", f"n{n}", subnet4=f"10.1.0.{n}", mask_length4=30, broadcast="allow")
    for n in (0, 4)
]
GROUPS = [thing("group", "g", members=[uid("h1"), uid("n4")])]
PORTS = [thing("service-tcp", f"p{low}", port=f"{low}-{low + 2}") for low in range(4)]


def _members(name: str) -> set[int]:
    if name == "Any":
        return set(range(8))
    if name == "g":
        return {1, 4, 5, 6, 7}
    at = int(name[1:])
    return {at} if name[0] == "h" else set(range(at, at + 4))


def _random_rules(chance: random.Random) -> Iterator[dict[str, object]]:
    names = ["Any", "g", *(one["name"] for one in (*HOSTS, *NETS))]
    for _ in range(chance.randrange(1, 6)):
        yield {
            "action": chance.choice(["Accept", "Drop"]),
            "source": chance.sample(names[1:], chance.randrange(1, 3)),
            "source_negate": chance.random() < 0.3,
            "destination": [chance.choice(names)],
            "service": [chance.choice(["Any", *(one["name"] for one in PORTS)])],
            "enabled": chance.random() < 0.8,
        }


def _expected(rules: list[dict[str, object]], source: int, goal: int, port: int) -> str:
    for one in rules:
        inside = any(source in _members(name) for name in one["source"])  # type: ignore[attr-defined]
        service = one["service"][0]  # type: ignore[index]
        low = 0 if service == "Any" else int(service[1:])
        if (
            one["enabled"]
            and inside != one["source_negate"]
            and goal in _members(one["destination"][0])  # type: ignore[index]
            and (service == "Any" or low <= port <= low + 2)
        ):
            return "permit" if one["action"] == "Accept" else "deny"
    return "deny"


@pytest.mark.parametrize("seed", range(12))
def test_random_rulebases_are_read_as_they_are_meant(seed: int) -> None:
    chance = random.Random(seed)
    rules = list(_random_rules(chance))
    listed = [
        rule(n, str(one["action"]), **{k: v for k, v in one.items() if k != "action"})
        for n, one in enumerate(rules, start=1)
    ]
    things = {"objects-dictionary": [*THINGS, *HOSTS, *NETS, *GROUPS, *PORTS]}
    fact = read(page(listed), package("Network"), *BESIDE[1:], things).facts["filters"]
    assert isinstance(fact, Known)
    for _ in range(60):
        source, goal, port = chance.randrange(8), chance.randrange(8), chance.randrange(7)
        asked = Packet(ip_address(f"10.1.0.{source}"), ip_address(f"10.1.0.{goal}"), 6, 40000, port)
        assert decide(fact.value, asked).answer == _expected(rules, source, goal, port)


# --- real answers ----------------------------------------------------------------------------


@pytest.mark.corpus
def test_answers_of_a_real_management_server(shared: Path) -> None:
    folder = shared / "netconfigs" / "checkpoint"
    files = [path for path in sorted(folder.glob("*.json")) if "packages" not in path.name]
    reading = find("checkpoint").read(load(files).documents)
    told = {name: fact.value for name, fact in reading.facts.items() if isinstance(fact, Known)}
    assert told["software.version"] == "R80.40"
    assert [one.name for one in told["interfaces"]] == ["eth0", "bond2.101", "bond1.100"]
    assert len(told["filters"].stages) == 3
    assert decide(told["filters"], packet("10.1.1.1 > 8.8.4.4 tcp 443")).answer == "permit"


@pytest.mark.corpus
def test_every_file_is_read_alone_without_a_crash(shared: Path) -> None:
    for path in sorted((shared / "netconfigs" / "checkpoint").iterdir()):
        find("checkpoint").read(load([path]).documents)


def test_answers_in_one_file_are_read_as_in_several() -> None:
    answers = [page([rule(1)]), package("Network"), *BESIDE[:1], BESIDE[2], BESIDE[3]]
    asked = packet("10.0.9.9 > 10.0.0.1 tcp 1")
    assert outcome(answers, asked) == "permit"
    assert outcome([answers], asked) == "permit"
