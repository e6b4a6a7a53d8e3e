"""Rule sets that are damaged, hostile or hold what nft could not print; and replies by tracking."""

from __future__ import annotations

import random
import time

import pytest

from rules.packets.policy import Policy
from scanner.platforms.nftables.hooks import ADMITTED, FORWARDED
from scanner.platforms.nftables.policy import policy
from tests.scanner.platforms.nftables.packets import answer

WEB = "tcp 10.0.0.1:40000 > 10.0.0.2:443"
HEAD = "type filter hook forward priority filter; policy drop;"


def read(text: str) -> Policy:
    return policy(text.split("\n"))[0]


def chain(*rules: str, more: str = "") -> str:
    """The first rule is on line 4."""
    body = "\n".join(rules)
    return f"table inet t {{\nchain f {{\n{HEAD}\n{body}\n}}\n{more}\n}}\n"


@pytest.mark.parametrize(
    ("rules", "tracks"),
    [
        (["ct state established,related accept"], True),
        (["ct state vmap { established : accept, invalid : drop }"], True),
        (["ct state related accept"], False),
        (["ct state new,established accept"], False),
        (["ct state established drop"], False),
        (["accept"], False),
    ],
)
def test_replies_are_let_by_tracking(rules: list[str], tracks: bool) -> None:
    assert read(chain(*rules)).tracks is tracks


@pytest.mark.parametrize(
    "rule", ["tcp dport 22 udp dport 53 accept", "ip saddr 10.0.0.1 ip saddr 10.0.0.2 accept"]
)
def test_a_rule_that_contradicts_itself_matches_nothing(rule: str) -> None:
    assert answer(read(chain(rule)), WEB) == "deny"


@pytest.mark.parametrize(
    "rule",
    [
        "tcp dport 70000 accept",
        "tcp dport nosuchservice accept",
        "ip saddr 10.0.0.999 accept",
        "ip saddr 10.0.0.0/40 accept",
        "ip6 saddr 10.0.0.1 accept",
        'iifname "eth0" # xt_TPROXY',
    ],
)
def test_a_value_that_cannot_be_is_not_taken_for_another(rule: str) -> None:
    found = read(chain(rule, "drop"))
    assert answer(found, WEB).startswith("unknown")


@pytest.mark.parametrize("rule", ["accept # handle 7", "accept # cho phép", "accept # xt_comment"])
def test_a_remark_is_not_a_part_of_a_rule(rule: str) -> None:
    found = read(chain(rule))
    assert answer(found, WEB) == "permit 4"
    assert not found.unread


@pytest.mark.parametrize(
    ("whole", "damaged"),
    [("table inet t", "table inet, t"), (HEAD, "/" + HEAD), ("hook forward", "hook forwar")],
)
def test_a_damaged_head_is_not_a_chain_that_nobody_asks(whole: str, damaged: str) -> None:
    text = chain("drop").replace(whole, damaged)
    assert read(text).unread


@pytest.mark.parametrize(
    "name", ["{", "}", "table t { chain c {jump c\n", "\0", "define a = $a $a\n"]
)
@pytest.mark.parametrize("path", [FORWARDED, ADMITTED])
def test_hostile_text_is_read_in_no_time(name: str, path: object) -> None:
    started = time.process_time()
    policy((name * 5000).split("\n"), path=path)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("last", ["accept", "notrack", "tcp dport 80 dnat to 10.0.0.9"])
def test_jumps_that_multiply_or_never_come_back_end(last: str) -> None:
    started = time.process_time()
    twice = "".join(f"chain c{n} {{ jump c{n + 1}; jump c{n + 1}; }}\n" for n in range(40))
    read(chain("jump c0", more=twice + f"chain c40 {{ {last}; jump c0; }}"))
    deep = "".join(f"chain c{n} {{ jump c{n + 1}; }}\n" for n in range(3000))
    read(chain("jump c0", more=deep + f"chain c3000 {{ {last}; }}"))
    assert time.process_time() - started < 2


def test_definitions_that_double_each_other_end() -> None:
    doubling = "".join(f"define a{n + 1} = $a{n} $a{n}\n" for n in range(60))
    read("define a0 = 1\n" + doubling + chain("tcp dport { $a60 } accept"))


def test_garbled_bytes_never_raise() -> None:
    text = chain("ct state vmap { established : accept }", "tcp dport { 22, 80-90 } accept", "drop")
    chance = random.Random(2456)
    for _ in range(200):
        garbled = bytearray(text.encode())
        for _ in range(20):
            garbled[chance.randrange(len(garbled))] = chance.randrange(256)
        for path in (FORWARDED, ADMITTED):
            policy(garbled.decode("utf-8", errors="replace").split("\n"), path=path)
