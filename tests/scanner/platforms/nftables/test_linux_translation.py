"""Translation of addresses on Linux: which packets get through, by which lines. The kernel gives
the same answers (tests/kernel); nft(8) "NAT statements", iptables-extensions(8) DNAT, NETMAP, SNAT.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rules.facts import Known
from rules.packets.interpret import decide
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import iptables, linux
from scanner.platforms.nftables.as_json import text_of
from scanner.platforms.nftables.hooks import ADMITTED, FORWARDED_IN_PART
from scanner.platforms.nftables.policy import policy
from tests.scanner.platforms.nftables.packets import answer, packet

FROM = "tcp 198.51.100.1:40000 >"
WEB = f"{FROM} 192.0.2.1:443 wan0 > eth1"
INSIDE = "ip daddr 10.0.0.5 tcp dport 8443 accept"
GO_TO = "ip daddr 192.0.2.1 tcp dport 443 dnat ip to 10.0.0.5:8443"


def nft(*rules: str, filters: tuple[str, ...] = (INSIDE,), more: str = "") -> Policy:
    """Translations from line 4 on, behind them the filter."""
    lines = ["table inet t {", "chain n {", "type nat hook prerouting priority dstnat;", *rules]
    lines += ["}", "chain f {", "type filter hook forward priority filter; policy drop;"]
    lines += [*filters, "}", *more.split("\n"), "}"]
    return policy(lines)[0]


@pytest.mark.parametrize(
    ("rules", "question", "expected"),
    [
        ([GO_TO], WEB, "permit"),
        ([GO_TO], f"{FROM} 192.0.2.1:444 wan0 > eth1", "deny"),
        ([GO_TO], f"{FROM} 10.0.0.5:8443 wan0 > eth1", "permit"),
        # the filter is asked about the port behind the translation
        (["ip daddr 192.0.2.1 dnat ip to 10.0.0.5"], WEB, "deny"),
        (["ip daddr 192.0.2.1 tcp dport 443 dnat ip to 10.0.0.5:443"], WEB, "deny"),
        # the first line that matches decides
        (["ip daddr 192.0.2.1 accept", GO_TO], WEB, "deny"),
        (["ip daddr 192.0.2.2 accept", GO_TO], WEB, "permit"),
        (["ip saddr 198.51.100.1 return", GO_TO], WEB, "deny"),
        (["counter", GO_TO], WEB, "permit"),
        (["tcp dport 443 dnat ip to 10.0.0.9", GO_TO], WEB, "deny"),
        (["udp dport 443 dnat ip to 10.0.0.9", GO_TO], WEB, "permit"),
        # a line of the other version of IP lets the packet go on
        (["dnat ip6 to 2001:db8::5", GO_TO], WEB, "permit"),
        # one of several addresses; a condition that is not known; a limit
        (["tcp dport 443 dnat ip to 10.0.0.5-10.0.0.6"], WEB, "unknown"),
        (["tcp dport 443 redirect to :8443"], WEB, "unknown"),
        (["fib daddr type local tcp dport 443 dnat ip to 10.0.0.5:8443"], WEB, "unknown"),
        (["limit rate 1/second accept", GO_TO], WEB, "unknown"),
        (["fib daddr type local accept", GO_TO], WEB, "unknown"),
        (["tcp dport 80 limit rate 1/second accept", GO_TO], WEB, "permit"),
        # a port where no protocol says that there is one
        (["ip daddr 192.0.2.1 dnat ip to 10.0.0.5:8443"], WEB, "unknown"),
        (["ip daddr 192.0.2.0/24 dnat ip prefix to 10.0.0.0/24"], f"{WEB}", "deny"),
        (
            ["ip daddr 192.0.2.0/24 dnat ip prefix to 10.0.0.0/24"],
            f"{FROM} 192.0.2.5:8443 wan0 > eth1",
            "permit",
        ),
        (["ip daddr 192.0.0.0/16 dnat ip prefix to 10.0.0.0/24"], WEB, "unknown"),
        # later packets follow their connection, of which nothing is known
        ([GO_TO], f"{WEB} established", "unknown"),
        # no connection, no translation
        ([GO_TO], f"{FROM} 192.0.2.1:443 wan0 > eth1 invalid", "deny"),
        # nobody knows the way out before routing
        (['oifname "eth1" tcp dport 443 dnat ip to 10.0.0.5:8443'], WEB, "unknown"),
        (['iifname "wan0" tcp dport 443 dnat ip to 10.0.0.5:8443'], WEB, "permit"),
    ],
)
def test_the_filter_is_asked_about_the_translated_packet(
    rules: list[str], question: str, expected: str
) -> None:
    assert answer(nft(*rules), question).split()[0] == expected


def test_the_line_of_the_translation_is_on_the_path() -> None:
    decision = decide(nft(GO_TO), packet(WEB))
    assert [rule.line for rule in decision.path] == [4]
    assert decision.rule is not None
    assert decision.rule.text == INSIDE


INNER = "chain inner {\nip saddr 198.51.100.1 return\n{}\n}}".replace("{\n", "{{\n", 1)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["tcp dport 443 jump inner"], "deny"),  # came back untranslated
        (["tcp dport 443 jump inner", GO_TO], "permit"),
        (["tcp dport 443 goto inner", GO_TO], "deny"),
        (["ip saddr 198.51.100.2 jump inner", GO_TO], "permit"),
    ],
)
def test_chains_that_a_translation_jumps_to(rules: list[str], expected: str) -> None:
    assert answer(nft(*rules, more=INNER.format(GO_TO)), WEB).split()[0] == expected


def test_what_leaves_is_translated_behind_the_filter() -> None:
    out = (
        "chain o {\ntype nat hook postrouting priority srcnat;\nip saddr 10.0.0.5 snat to 192.0.2.9"
    )
    out += "\n}\nchain p {\ntype filter hook postrouting priority 200;\nip saddr 10.0.0.5 drop\n}"
    found = nft(filters=("ip saddr 10.0.0.5 accept",), more=out)
    decision = decide(found, packet("tcp 10.0.0.5:40000 > 198.51.100.1:443 eth1 > wan0"))
    assert decision.answer == "permit"
    assert [rule.text for rule in decision.path] == ["ip saddr 10.0.0.5 snat to 192.0.2.9"]


def test_a_host_that_only_translates_shows_the_line() -> None:
    lines = ["table ip t {", "chain n {", "type nat hook prerouting priority 0;", GO_TO, "}", "}"]
    decision = decide(policy(lines)[0], packet(WEB))
    assert (decision.answer, [rule.line for rule in decision.path]) == ("permit", [4])


def test_untracked_packets_are_not_translated() -> None:
    raw = "chain raw {\ntype filter hook prerouting priority raw;\ntcp dport 443 notrack\n}"
    assert answer(nft(GO_TO, more=raw), WEB).startswith("unknown")
    other = raw.replace("443", "80")
    assert answer(nft(GO_TO, more=other), WEB).startswith("permit")


def test_two_chains_that_translate_the_same_packets_are_in_doubt() -> None:
    two = "chain m {\ntype nat hook prerouting priority dstnat;\nudp dport 1 dnat ip to 10.0.0.1\n}"
    assert answer(nft(GO_TO, more=two), WEB).startswith("unknown")


def test_what_is_for_the_host_itself_stays_in_doubt() -> None:
    lines = ["table inet t {", "chain n {", "type nat hook prerouting priority dstnat;", GO_TO]
    lines += ["}", "chain i {", "type filter hook input priority 0; policy drop;"]
    lines += ["tcp dport 8443 accept", "}", "}"]
    assert answer(policy(lines, path=ADMITTED)[0], WEB).startswith("unknown")


def test_the_listing_as_json_says_the_same() -> None:
    match = {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}}}
    match["match"]["right"] = "192.0.2.1"
    head = {"family": "ip", "table": "t"}
    base = {"type": "nat", "hook": "prerouting", "prio": -100, "policy": "accept"}
    for body, changed in (
        ({"addr": "10.0.0.5"}, ["destination"]),
        ({"addr": {"range": ["10.0.0.5", "10.0.0.6"]}}, []),
        ({"addr": "10.0.0.5", "port": {"range": [1, 2]}}, []),
    ):
        listed = [
            {"table": {"family": "ip", "name": "t"}},
            {"chain": {**head, "name": "n", **base}},
            {"rule": {**head, "chain": "n", "expr": [match, {"dnat": body}]}},
        ]
        lines = text_of(json.dumps({"nftables": listed}))
        assert lines is not None
        rewrites = [one for stage in policy(lines)[0].stages for one in stage.rewrites]
        assert [list(one.changes) for one in rewrites if one.changes] == [changed][: len(changed)]


# --- iptables ------------------------------------------------------------------------------------

FORWARD = (
    "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -d 10.0.0.5 -p tcp --dport 8443 -j ACCEPT\nCOMMIT\n"
)


def tables(*rules: str, chains: str = "") -> str:
    return f"*nat\n:PREROUTING ACCEPT [0:0]\n{chains or '#'}\n" + "\n".join(rules) + "\nCOMMIT\n"


PRE = "-A PREROUTING"
TO = "-j DNAT --to-destination"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([f"{PRE} -d 192.0.2.1 -p tcp --dport 443 {TO} 10.0.0.5:8443"], "permit"),
        ([f"{PRE} -d 192.0.2.1 -p tcp --dport 443 {TO} 10.0.0.5:8443 --persistent"], "permit"),
        ([f"{PRE} -p tcp --dport 443 {TO} 10.0.0.5-10.0.0.6:8443"], "unknown"),
        ([f"{PRE} -p tcp --dport 443 {TO} 10.0.0.5:8443-8444"], "unknown"),
        ([f"{PRE} -p tcp --dport 443 {TO} 10.0.0.5:1 {TO[8:]} 10.0.0.6:1"], "unknown"),
        ([f"{PRE} -p tcp --dport 443 -j REDIRECT --to-ports 8443"], "unknown"),
        ([f"{PRE} -s 198.51.100.1 -j ACCEPT", f"{PRE} -p tcp {TO} 10.0.0.5:8443"], "deny"),
        ([f"{PRE} -p tcp --dport 443 {TO} :8443"], "deny"),
        ([f"{PRE} -m mac --mac-source 00:11:22:33:44:55 -j ACCEPT"], "deny"),
        (
            [
                f"{PRE} -m mac --mac-source 00:11:22:33:44:55 -j RETURN",
                f"{PRE} -p tcp {TO} 10.0.0.5:8443",
            ],
            "unknown",
        ),
        ([f"{PRE} -d 192.0.2.0/24 -p tcp -j NETMAP --to 10.0.0.0/24"], "deny"),
    ],
)
def test_tables_that_translate(rules: list[str], expected: str) -> None:
    found = iptables.policy((FORWARD + tables(*rules)).split("\n"))[0]
    assert answer(found, WEB).split()[0] == expected


def test_a_network_is_mapped_host_by_host() -> None:
    rule = f"{PRE} -d 192.0.2.0/24 -j NETMAP --to 10.0.0.0/24"
    found = iptables.policy((FORWARD + tables(rule)).split("\n"))[0]
    assert answer(found, f"{FROM} 192.0.2.5:8443 wan0 > eth1") == "permit 3"
    assert answer(found, f"{FROM} 192.0.2.6:8443 wan0 > eth1") == "deny"


def test_two_rule_sets_of_which_one_translates_leave_doubts() -> None:
    """In which order all their chains are asked is told by neither of the two documents."""
    rule = f"{PRE} -d 192.0.2.1 -p tcp --dport 443 {TO} 10.0.0.5:8443"
    saved = "# Generated by iptables-save v1.8.9\n" + FORWARD + tables(rule)
    four = "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n"
    assert whole(saved, f"# Generated by ip6tables-save v1.8.9\n{four}") == "permit"
    drop = "type filter hook forward priority 0; policy accept;\nip daddr 10.0.0.5 accept\n"
    assert whole(saved, f"table ip t {{\nchain f {{\n{drop}}}\n}}\n") == "unknown"
    lines = saved.split("\n")
    assert answer(iptables.policy(lines, path=FORWARDED_IN_PART)[0], WEB).startswith("unknown")


def whole(*texts: str) -> str:
    """What the host does by all the saved rule sets."""
    documents = [
        Document(text.encode(), f"rules{n}", "O", datetime(2025, 1, 1, tzinfo=UTC))
        for n, text in enumerate(texts)
    ]
    fact = linux.read(documents).facts.get("filters")
    assert isinstance(fact, Known)
    return answer(fact.value, WEB).split()[0]
