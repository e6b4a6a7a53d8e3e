"""Whole nftables rule sets: what passes, and which line decides. Expected answers after nft(8) of
1.0.6 and, where it leaves them open, after the kernel (tests/kernel).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.packets.policy import Policy
from scanner.platforms.nftables.as_json import text_of
from scanner.platforms.nftables.policy import policy
from tests.scanner.platforms.nftables.packets import answer

WEB = "tcp 10.0.0.1:40000 > 10.0.0.2:443"
SSH = "tcp 10.0.0.1:40000 > 10.0.0.2:22"
DNS = "udp 10.0.0.1:40000 > 10.0.0.2:53"
PING = "icmp 10.0.0.1:8 > 10.0.0.2"
WEB_6 = "tcp [2001:db8::1]:40000 > [2001:db8::2]:443"


def read(text: str, *, live: bool = False) -> Policy:
    return policy(text.split("\n"), live=live)[0]


def chain(*rules: str, default: str = "drop", more: str = "") -> str:
    """A table with a forward chain; the first rule is on line 4."""
    body = "\n".join(rules)
    head = f"type filter hook forward priority filter; policy {default};"
    return f"table inet t {{\nchain f {{\n{head}\n{body}\n}}\n{more}\n}}\n"


ONE_RULE = [
    # a match on a header asks for that header: nft(8), "Payload expressions"
    ("tcp dport != 22 accept", {WEB: "permit 4", SSH: "deny", DNS: "deny", PING: "deny"}),
    ("tcp dport != { 22, 80 } accept", {WEB: "permit 4", SSH: "deny", DNS: "deny"}),
    ("ip saddr != 10.0.0.9 accept", {WEB: "permit 4", WEB_6: "deny"}),
    ("ip protocol != tcp accept", {DNS: "permit 4", WEB: "deny", WEB_6: "deny"}),
    ("meta nfproto ipv6 accept", {WEB_6: "permit 4", WEB: "deny"}),
    ("meta l4proto { tcp, udp } th dport 53 accept", {DNS: "permit 4", WEB: "deny"}),
    ("th dport 53 accept", {DNS: "permit 4", PING: "unknown 4"}),
    ("tcp dport < 100 accept", {SSH: "permit 4", WEB: "deny"}),
    ("tcp dport https accept", {WEB: "permit 4", SSH: "deny"}),
    ("ip saddr 10.0.0.0-10.0.0.5 accept", {WEB: "permit 4", WEB_6: "deny"}),
    ("ip daddr & 255.255.0.255 == 10.0.0.2 accept", {WEB: "permit 4"}),
    ('iifname "eth*" accept', {WEB: "permit 4", f"{WEB} wan0 > eth1": "deny"}),
    ('oifname != { "eth1" } accept', {WEB: "deny", f"{WEB} eth0 > wan0": "permit 4"}),
    (
        "ip daddr . tcp dport { 10.0.0.2 . 443, 10.0.0.3 . 22 } accept",
        {WEB: "permit 4", SSH: "deny"},
    ),
    ("icmp type echo-request accept", {PING: "permit 4", "icmp 10.0.0.1:0 > 10.0.0.2": "deny"}),
    ("icmpv6 type nd-neighbor-solicit accept", {"icmpv6 [fd00::1]:135 > [fd00::2]": "permit 4"}),
    (
        "ct state vmap { new : accept, invalid : drop }",
        {WEB: "permit 4", f"{WEB} invalid": "deny 4"},
    ),
    ("ct state { new, related } accept", {WEB: "permit 4", f"{WEB} established": "deny"}),
    ("ct state & (established|related) != 0 accept", {WEB: "deny", f"{WEB} related": "permit 4"}),
    ("tcp flags syn / fin,syn,rst,ack accept", {WEB: "permit 4", f"{WEB} syn ack": "deny"}),
    ("tcp flags & (fin|syn) == syn accept", {f"{WEB} syn ack": "permit 4"}),
    ("tcp flags syn,ack accept", {f"{WEB} ack": "permit 4", f"{WEB} rst": "deny"}),
    ("tcp flags ! ack accept", {WEB: "permit 4", f"{WEB} ack": "deny"}),
    ("tcp dport vmap { 22 : drop, * : accept }", {SSH: "deny 4", WEB: "permit 4", DNS: "deny"}),
    ("reject with icmpx type admin-prohibited", {WEB: "deny 4"}),
    ('log prefix "drop" accept comment "x { y"', {WEB: "permit 4"}),
    ("counter packets 1 bytes 2 accept", {WEB: "permit 4"}),
    # what nobody can say stays open
    ("limit rate 10/second accept", {WEB: "unknown 4"}),
    ("meta mark 0x1 accept", {WEB: "unknown 4"}),
    ("ct status dnat accept", {WEB: "unknown 4"}),
    ("fib daddr type local accept", {WEB: "unknown 4"}),
    ("ip saddr @nowhere accept", {WEB: "unknown 4", WEB_6: "deny"}),
    ("queue num 1", {WEB: "unknown 4"}),
    ("some new thing accept", {WEB: "unknown 4"}),
    ("ct state != established,related accept", {WEB: "permit 4", f"{WEB} related": "unknown 4"}),
]


@pytest.mark.parametrize(("rule", "expected"), ONE_RULE, ids=[rule for rule, _ in ONE_RULE])
def test_one_rule(rule: str, expected: dict[str, str]) -> None:
    found = read(chain(rule))
    assert {one: answer(found, one) for one in expected} == expected
    assert not found.unread


def test_accept_ends_only_its_chain_and_drop_is_final() -> None:
    """nft(8), "CHAINS": a packet that one base chain accepts is still asked by the later ones."""
    head = "type filter hook forward priority filter + 10; policy drop;"
    late = f"chain late {{\n{head}\nudp dport 53 accept\n}}"
    found = read(chain("accept", more=late))
    assert answer(found, WEB) == "deny"
    assert answer(found, DNS).startswith("permit")
    early = late.replace("filter + 10", "filter - 5").replace("policy drop", "policy accept")
    found = read(chain("accept", more=early.replace("udp dport 53 accept", "tcp dport 22 drop")))
    assert answer(found, SSH) == "deny 8"
    assert answer(found, WEB) == "permit 4"


def test_jump_comes_back_and_goto_does_not() -> None:
    side = "chain side {\ntcp dport 22 drop\n}"
    assert answer(read(chain("jump side", "accept", more=side)), WEB) == "permit 5"
    assert answer(read(chain("goto side", "accept", more=side)), WEB) == "deny"
    assert answer(read(chain("jump side", "accept", more=side)), SSH) == "deny 8"
    assert answer(read(chain("jump nowhere", "accept")), WEB).startswith("unknown")


def test_a_chain_without_a_policy_accepts_and_return_means_the_policy() -> None:
    head = "table ip t {\nchain f {\ntype filter hook forward priority 0\ntcp dport 22 return\n"
    assert answer(read(head + "drop\n}\n}\n"), SSH) == "permit"
    assert answer(read(head + "drop\n}\n}\n"), WEB) == "deny 5"
    assert answer(read(head + "drop\n}\n}\n"), WEB_6) == "permit"


SETS = """table inet t {
set known {
type ipv4_addr
flags interval
elements = { 10.0.0.1 comment "room",
10.0.9.0/24 }
}
set seen {
type ipv4_addr
flags dynamic,timeout
timeout 1m
}
set later { type ipv4_addr; }
map where { type inet_service : verdict; elements = { 22 : drop, 443 : goto web } }
chain web { ip saddr @known accept; drop; }
chain f {
type filter hook forward priority 0; policy drop;
RULE
}
}
"""


@pytest.mark.parametrize(
    ("rule", "case", "live", "expected"),
    [
        ("ip saddr @known accept", WEB, False, "permit 18"),
        ("ip saddr @seen accept", WEB, True, "unknown 18"),
        ("ip saddr @later accept", WEB, False, "unknown 18"),
        ("ip saddr @later accept", WEB, True, "deny"),
        ("tcp dport vmap @where", WEB, True, "permit 15"),
        ("tcp dport vmap @where", SSH, True, "deny 18"),
        ("tcp dport vmap @gone", SSH, True, "unknown 18"),
    ],
)
def test_named_sets_and_maps(rule: str, case: str, live: bool, expected: str) -> None:
    found = read(SETS.replace("RULE", rule), live=live)
    assert answer(found, case) == expected


def test_a_member_of_a_set_keeps_its_line() -> None:
    found = read(SETS.replace("RULE", "ip saddr @known accept"))
    source = found.chains["inet t f"].rules[0].may[0].source
    assert source is not None
    assert [part.line for part in source.parts] == [5, 6]


def test_a_set_that_rules_fill_is_unknown() -> None:
    rules = "ip saddr @known accept\nadd @known { ip saddr } drop"
    assert answer(read(SETS.replace("RULE", rules), live=True), WEB) == "unknown 18"


def test_fragments_definitions_and_commands_make_one_rule_set() -> None:
    text = """flush ruleset
define web = { 80, 443 }
table inet t {
chain f { type filter hook forward priority 0; policy drop; }
}
table inet t {
chain f {
tcp dport $web accept
}
}
add rule inet t f tcp dport 22 accept
insert rule inet t f ip saddr 10.0.0.66 drop
"""
    found = read(text)
    assert answer(found, WEB) == "permit 8"
    assert answer(found, SSH) == "permit 11"
    assert answer(found, WEB.replace("10.0.0.1:", "10.0.0.66:")) == "deny 12"
    assert answer(read("flush ruleset\n" + chain("accept") + "flush ruleset\n"), WEB) == "permit"


@pytest.mark.parametrize(
    "line",
    [
        'include "/etc/nftables.d/*.nft"',
        "table bridge b {\nchain f { type filter hook forward priority 0; policy drop; }\n}",
        "add rule inet t f handle 4 accept",
        "nonsense",
    ],
)
def test_what_is_not_understood_is_said(line: str) -> None:
    assert [one.matters for one in read(chain("accept") + line).unread] == [True]


def test_a_rule_without_a_known_verdict_is_unread_and_not_dropped_silently() -> None:
    assert [one.line for one in read(chain("frobnicate all", "accept")).unread] == [4]


def test_translation_comes_before_the_filter() -> None:
    rule = "tcp dport 443 dnat ip to 10.9.9.9:8443"
    nat = f"chain pre {{\ntype nat hook prerouting priority dstnat;\n{rule}\n}}"
    found = read(chain("ip daddr 10.9.9.9 accept", more=nat))
    assert answer(found, WEB) == "permit 4"
    later = f"{WEB} established"
    assert answer(found, later) == "unknown 4"
    assert answer(found, SSH) == "deny"
    found = read(chain("ip saddr 10.0.0.1 accept", more=nat))
    assert answer(found, WEB) == "permit 4"


def test_before_connection_tracking_every_packet_is_invalid() -> None:
    raw = "chain raw {\ntype filter hook prerouting priority raw;\nct state invalid drop\n}"
    assert answer(read(chain("accept", more=raw)), WEB) == "deny 8"
    later = raw.replace("priority raw", "priority mangle")
    assert answer(read(chain("accept", more=later)), WEB) == "permit 4"


def test_an_interface_that_is_not_known_yet_decides_nothing_for_sure() -> None:
    pre = 'chain pre {\ntype filter hook prerouting priority mangle;\noifname "eth1" drop\n}'
    assert answer(read(chain("accept", more=pre)), WEB).startswith("unknown")


def test_chains_for_the_host_itself_do_not_count() -> None:
    other = "chain i {\ntype filter hook input priority 0; policy drop;\n}"
    assert answer(read(chain("accept", more=other)), WEB) == "permit 4"


def test_json_says_the_same_as_text() -> None:
    answer_of_nft = """{"nftables": [{"metainfo": {"version": "1.0.6"}},
 {"table": {"family": "inet", "name": "t"}},
 {"chain": {"family": "inet", "table": "t", "name": "f", "type": "filter", "hook": "forward",
  "prio": 0, "policy": "drop"}},
 {"rule": {"family": "inet", "table": "t", "chain": "f", "expr": [
  {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}},
   "right": {"set": [22, {"range": [400, 500]}]}}}, {"accept": null}]}},
 {"rule": {"family": "inet", "table": "t", "chain": "f", "expr": [
  {"from the future": 1}, {"match": {"op": "==", "left": {"meta": {"key": "l4proto"}},
   "right": "udp"}}, {"accept": null}]}}]}"""
    lines = text_of(answer_of_nft)
    assert lines is not None
    found, complete = policy(lines, live=True, at=1)
    assert complete
    assert answer(found, WEB) == "permit 1"
    assert answer(found, DNS) == "unknown 1"
    assert answer(found, "tcp 10.0.0.1:1 > 10.0.0.2:23") == "unknown 1"


@pytest.mark.parametrize("given", ["", "{", "[]", '{"nftables": 1}', '{"nftables": [{"a": 1}]}'])
def test_other_json_is_none_of_nft(given: str) -> None:
    assert text_of(given) in (None, [])


def test_cut_and_garbled_text_never_raises() -> None:
    whole = SETS.replace("RULE", "tcp dport vmap @where\nct state vmap { new : jump web }")
    for end in range(0, len(whole), 3):
        policy(whole[:end].split("\n"))
        policy((whole[:end] + "{" + whole[end:]).split("\n"))
        policy((whole[:end] + " ! . : @ $x -" + whole[end:]).split("\n"))
    assert not policy(whole[:-4].split("\n"))[1]


def test_ten_thousand_rules_are_read() -> None:
    rules = [
        f'iifname "eth0" ip saddr 10.{n >> 8 & 255}.{n & 255}.0/24 tcp dport {{ 22, {n} }} accept'
        for n in range(1, 10_001)
    ]
    found = read(chain(*rules))
    assert sum(len(one.rules) for one in found.chains.values()) == 10_000


@pytest.mark.corpus
def test_every_shared_file_is_read(shared: Path) -> None:
    files = sorted((shared / "netconfigs/nftables").glob("[!S]*"))
    assert len(files) > 30
    for file in files:
        found, complete = policy(file.read_text().split("\n"))
        assert complete, file
        strange = [one for one in found.unread if one.why != "include"]
        assert not strange, (file.name, strange)
