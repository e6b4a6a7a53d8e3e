"""nftables listings: what is admitted, in order, and every line that was not understood."""

from __future__ import annotations

import random
from ipaddress import ip_address

import pytest

from rules.network_facts import FilterRule, Filters, PortRange
from scanner.platforms.nftables import forwarding
from scanner.platforms.nftables.text import parse


def filters(text: str, *interfaces: str) -> Filters:
    return forwarding(parse(text), text.split("\n"), frozenset(interfaces))


def chain(*rules: str, policy: str = "drop", more: str = "") -> str:
    """A table with one forward chain; the first rule is on line 4."""
    lines = [
        "table inet t {",
        "\tchain f {",
        f"\t\ttype filter hook forward priority filter; policy {policy};",
        *(f"\t\t{rule}" for rule in rules),
        "\t}",
        more,
        "}",
    ]
    return "\n".join(lines) + "\n"


def brief(rule: FilterRule) -> str:
    """One rule in few words."""
    parts = [rule.action]
    parts += [f"in={','.join(rule.in_interfaces)}"] if rule.in_interfaces else []
    parts += [f"out={','.join(rule.out_interfaces)}"] if rule.out_interfaces else []
    parts += [f"from={','.join(map(str, rule.sources))}"] if rule.sources else []
    parts += [f"to={','.join(map(str, rule.destinations))}"] if rule.destinations else []
    parts += [rule.protocol] if rule.protocol else []
    ports = [f"{p.first}-{p.last}" if p.first != p.last else str(p.first) for p in rule.ports]
    parts += [":" + ",".join(ports)] if ports else []
    parts += ["/" + ",".join(rule.states)] if rule.states else []
    return " ".join(parts)


READ = [
    ("accept", ["permit"]),
    ("drop", ["deny"]),
    ("reject with icmp admin-prohibited", ["deny"]),
    ("counter packets 3 bytes 180 accept", ["permit"]),
    ('log prefix "fw: " level info drop comment "x { y"', ["deny"]),
    ("ct state established,related accept", ["permit /established,related"]),
    ("ct state { established, related } accept", ["permit /established,related"]),
    ("ct state != established accept", ["permit /invalid,new,related,untracked"]),
    (
        "ct state vmap { established : accept, related : accept, invalid : drop }",
        ["permit /established", "permit /related", "deny /invalid"],
    ),
    ('iifname "a" oifname { "b", "c" } accept', ["permit in=a out=b,c"]),
    ("iif eth0 accept", ["permit in=eth0"]),
    ('iifname "eth*" accept', ["permit in=eth0,eth1"]),
    ('iifname != "eth0" accept', ["permit in=eth1,wan"]),
    ("ip saddr 10.0.0.0/8 accept", ["permit from=10.0.0.0/8"]),
    ("ip daddr 10.0.0.1-10.0.0.2 drop", ["deny to=10.0.0.1/32,10.0.0.2/32"]),
    ("ip saddr != 128.0.0.0/1 accept", ["permit from=0.0.0.0/1"]),
    ("ip6 saddr 2001:db8::/32 accept", ["permit from=2001:db8::/32"]),
    ("tcp dport 22 accept", ["permit tcp :22"]),
    ("tcp dport { 22, 443, 8000-8100 } accept", ["permit tcp :22,443,8000-8100"]),
    ("tcp dport ssh accept", ["permit tcp :22"]),
    ("tcp dport != 22 drop", ["deny tcp :0-21,23-65535"]),
    ("udp dport 514 accept", ["permit udp :514"]),
    ("meta l4proto { tcp, udp } th dport 53 accept", ["permit tcp :53", "permit udp :53"]),
    ("ip protocol icmp accept", ["permit from=0.0.0.0/0 icmp"]),
    ("icmp type echo-request accept", ["permit icmp"]),
    ("icmp type echo-request drop", []),
    ("meta nfproto ipv6 drop", ["deny from=::/0"]),
    ("tcp dport 22 udp dport 53 accept", []),
    ("ip saddr 10.0.0.1 ip saddr 10.0.0.2 accept", []),
    ("tcp dport 22 limit rate 3/minute burst 5 packets accept", ["permit tcp :22"]),
    ("limit rate over 10/second drop", []),
    ("counter", []),
    ("ip saddr @admins tcp dport 22 accept", ["permit from=10.0.0.0/24,10.0.1.5/32 tcp :22"]),
    ("jump sub", ["permit tcp :22", "deny udp"]),
    ('iifname "a" jump sub', ["permit in=a tcp :22", "deny in=a udp"]),
    ("tcp dport 443 jump sub", []),
    ("tcp dport vmap { 22 : jump sub, 80 : drop }", ["permit tcp :22", "deny tcp :80"]),
    ("goto sub", ["permit tcp :22", "deny udp"]),
    ("return", ["deny"]),
    ("continue", []),
]

SETS = """\tset admins {
\t\ttype ipv4_addr
\t\tflags interval
\t\telements = { 10.0.0.0/24,
\t\t\t     10.0.1.5 }
\t}
\tset seen {
\t\ttype ipv4_addr
\t\tflags dynamic,timeout
\t\telements = { 10.9.9.9 }
\t}
\tchain sub {
\t\ttcp dport 22 accept
\t\tmeta l4proto udp drop
\t}
\tchain half {
\t\ttcp dport 22 return
\t\taccept
\t}
\tchain loop {
\t\tjump loop
\t}"""


@pytest.mark.parametrize(("rule", "expected"), READ)
def test_a_rule_is_read(rule: str, expected: list[str]) -> None:
    found = filters(chain(rule, more=SETS), "eth0", "eth1", "wan")
    assert [brief(r) for r in found.rules] == expected
    assert found.unread == ()
    assert found.default == "deny"


UNREAD = [
    "tcp sport 53 accept",
    "tcp flags syn accept",
    "meta mark 1 accept",
    "ip saddr . tcp dport @pairs accept",
    "fib daddr type local accept",
    "ip saddr @nowhere accept",
    "ip saddr @seen accept",
    "ct status dnat accept",
    "queue num 1",
    "tcp dport 70000 accept",
    "tcp dport nosuchservice accept",
    "ip saddr 10.0.0.999 accept",
    "ip saddr 10.0.0.0/40 drop",
    "ip6 saddr 10.0.0.1 accept",
    "jump nowhere",
    "jump half",
    "jump loop",
    "tcp dport 22 goto half",
    "limit rate 1/second jump sub",
    "tcp dport vmap { 22 : queue }",
    "accept accept",
    "ether saddr 00:11:22:33:44:55 accept",
    "ip daddr & 255.0.0.0 == 10.0.0.0 accept",
]


@pytest.mark.parametrize("rule", UNREAD)
def test_what_is_not_understood_is_listed_with_its_line(rule: str) -> None:
    found = filters(chain("ct state established accept", rule, "drop", more=SETS), "eth0")
    assert found.unread, [brief(r) for r in found.rules]
    assert all(line.text and line.why for line in found.unread)
    assert 5 in {line.line for line in found.unread} or "jump" in rule


def test_lines_are_those_of_the_listing() -> None:
    text = chain("ct state established accept", "", "tcp dport 22 accept")
    assert [r.line for r in filters(text).rules] == [4, 6]
    assert [r.text for r in filters(text).rules][1] == "tcp dport 22 accept"


def test_wildcards_need_the_interfaces() -> None:
    for rule in ('iifname "eth*" accept', 'iifname != "eth0" accept'):
        found = filters(chain(rule))
        assert (found.rules, len(found.unread)) == ((), 1)


def test_an_interface_that_is_excluded_everywhere_admits_nothing() -> None:
    found = filters(chain('iifname != { "a", "b" } accept'), "a", "b")
    assert (found.rules, found.unread) == ((), ())


@pytest.mark.parametrize(
    ("rules", "stateful"),
    [
        (["ct state established,related accept"], True),
        (["ct state vmap { established : accept, invalid : drop }"], True),
        (["ct state related accept"], False),
        (["ct state new,established accept"], False),
        (["ct state established drop"], False),
        (["accept"], False),
        ([], False),
    ],
)
def test_stateful_means_that_replies_are_admitted_by_tracking(
    rules: list[str], stateful: bool
) -> None:
    assert filters(chain(*rules)).stateful is stateful


@pytest.mark.parametrize("policy", ["accept", "drop"])
def test_the_policy_is_the_default(policy: str) -> None:
    assert filters(chain(policy=policy)).default == ("permit" if policy == "accept" else "deny")


def test_without_a_forward_chain_everything_is_forwarded() -> None:
    text = (
        "table inet t {\n\tchain i {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n"
    )
    assert filters(text) == Filters(default="permit", stateful=False)


def two_chains(first: str, first_policy: str, second_policy: str = "drop") -> str:
    return (
        "table inet a {\n\tchain f {\n\t\ttype filter hook forward priority filter + 10; "
        f"policy {second_policy};\n\t\ttcp dport 22 accept\n\t}}\n}}\n"
        "table inet b {\n\tchain f {\n\t\ttype filter hook forward priority -10; "
        f"policy {first_policy};\n\t\t{first}\n\t}}\n}}\n"
    )


def test_an_earlier_chain_that_only_denies_comes_first() -> None:
    found = filters(two_chains("ip saddr 10.0.0.1 drop", "accept"))
    assert [brief(r) for r in found.rules] == ["deny from=10.0.0.1/32", "permit tcp :22"]
    assert (found.default, found.unread) == ("deny", ())


@pytest.mark.parametrize(
    ("first", "policy"), [("tcp dport 80 accept", "accept"), ("ip saddr 10.0.0.1 drop", "drop")]
)
def test_two_chains_that_both_decide_are_not_understood(first: str, policy: str) -> None:
    assert [line.why for line in filters(two_chains(first, policy)).unread] == [
        "several forward chains decide"
    ]


def test_a_table_of_one_family_speaks_of_that_family() -> None:
    text = chain("tcp dport 22 accept").replace("table inet", "table ip")
    assert [brief(r) for r in filters(text).rules] == ["permit from=0.0.0.0/0 tcp :22"]
    found = forwarding(parse(text), text.split("\n"), routes_ipv6=True)
    assert [line.why for line in found.unread] == ["IPv6 is forwarded and not filtered here"]


@pytest.mark.parametrize("cut", ["}\n", "\t}\n}\n", "accept\n\t}\n}\n"])
def test_a_listing_that_breaks_off_is_not_complete(cut: str) -> None:
    text = chain("tcp dport 22 accept").replace("\n\n", "\n")
    assert text.endswith(cut)
    assert parse(text).complete
    assert not parse(text.removesuffix(cut)).complete


def test_every_prefix_and_any_garbling_is_read_without_an_error() -> None:
    text = chain(*(rule for rule, _ in READ), *UNREAD, more=SETS)
    chance = random.Random(2456)
    for _ in range(200):
        cut = chance.randrange(len(text))
        filters(text[:cut])
        garbled = bytearray(text.encode())
        for _ in range(20):
            garbled[chance.randrange(len(garbled))] = chance.randrange(256)
        filters(garbled.decode("utf-8", errors="replace"))


@pytest.mark.parametrize(
    "bomb", ["{" * 5000, "table t { chain c {" + "jump c\n" * 9000, "\0" * 999, "}" * 5000]
)
def test_hostile_listings_are_only_unread(bomb: str) -> None:
    filters(bomb)


def test_jumps_that_multiply_are_bounded() -> None:
    chains = "".join(
        f"\tchain c{n} {{\n\t\tjump c{n + 1}\n\t\tjump c{n + 1}\n\t}}\n" for n in range(15)
    )
    found = filters(chain("jump c0", more=chains + "\tchain c15 {\n\t\taccept\n\t}"))
    assert any(line.why == "too many rules" for line in found.unread)


def test_a_port_range_covers_its_ends() -> None:
    (rule,) = filters(chain("udp dport 49152-65535 accept")).rules
    assert rule.ports == (PortRange(49152, 65535),)
    assert not any(ip_address("10.0.0.1") in p for p in rule.sources)


NOT_PRINTED = """table ip filter {{ # handle 1
    chain FORWARD {{ # handle 2
        type filter hook forward priority filter; policy drop; # mặc định cấm
        {rule}
    }}
}}
"""


@pytest.mark.parametrize(
    "rule",
    [
        "ip protocol tcp # xt_tcp counter packets 0 bytes 0 accept",
        "meta l4proto tcp # xt_multiport",
        'iifname "a" # xt_TPROXY',
        "accept # xt_comment",
    ],
)
def test_a_part_that_nft_could_not_print_is_unread(rule: str) -> None:
    listing = NOT_PRINTED.format(rule=rule)
    found = forwarding(parse(listing), listing.split("\n"))
    assert [line.line for line in found.unread] == [4]


@pytest.mark.parametrize("rule", ["accept # handle 7", "accept # cho phép", "# only a remark"])
def test_a_remark_is_not_a_part_of_a_rule(rule: str) -> None:
    listing = NOT_PRINTED.format(rule=rule)
    assert forwarding(parse(listing), listing.split("\n")).unread == ()
