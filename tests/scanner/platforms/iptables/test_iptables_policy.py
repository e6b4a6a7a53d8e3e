"""Saved iptables tables: what passes, and which line decides. Expected answers after iptables(8)
and iptables-extensions(8) of 1.8.9.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known, Unknown
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import linux
from scanner.platforms.iptables import policy
from tests.scanner.platforms.nftables.packets import answer

WEB = "tcp 10.0.0.1:40000 > 10.0.0.2:443"
SSH = "tcp 10.0.0.1:40000 > 10.0.0.2:22"
DNS = "udp 10.0.0.1:40000 > 10.0.0.2:53"
PING = "icmp 10.0.0.1:8 > 10.0.0.2"
WEB_6 = "tcp [2001:db8::1]:40000 > [2001:db8::2]:443"


def read(text: str) -> Policy:
    return policy(text.split("\n"))[0]


def table(*rules: str, default: str = "DROP", chains: str = "", name: str = "filter") -> str:
    """The first rule is on line 4."""
    body = "\n".join(rules)
    return f"*{name}\n:FORWARD {default} [0:0]\n{chains or '#'}\n{body}\nCOMMIT\n"


ONE_RULE = [
    ("-p tcp --dport 443 -j ACCEPT", {WEB: "permit 4", SSH: "deny", DNS: "deny"}),
    ("-p tcp -m tcp ! --dport 22 -j ACCEPT", {WEB: "permit 4", SSH: "deny", DNS: "deny"}),
    ("-p tcp --dport ! 22 -j ACCEPT", {WEB: "permit 4", SSH: "deny"}),
    ("-d ! 10.0.0.2 -j ACCEPT", {WEB: "deny", "tcp 10.0.0.1:1 > 10.0.0.3:22": "permit 4"}),
    ("! -p tcp -j ACCEPT", {WEB: "deny", DNS: "permit 4"}),
    ("-p tcp -m multiport --dports 80,440:450 -j ACCEPT", {WEB: "permit 4", SSH: "deny"}),
    ("-p tcp -m multiport --ports 40000 -j ACCEPT", {WEB: "permit 4"}),
    ("-p tcp -m multiport ! --ports 443,22 -j ACCEPT", {WEB: "deny", SSH: "deny"}),
    ("-p udp --dport domain -j ACCEPT", {DNS: "permit 4"}),
    ("-m iprange --src-range 10.0.0.0-10.0.0.9 -j ACCEPT", {WEB: "permit 4"}),
    ("-s 10.0.0.0/255.255.255.0 -j ACCEPT", {WEB: "permit 4"}),
    ("-s 10.9.0.1/255.0.0.255 -j ACCEPT", {WEB: "permit 4"}),
    ("-i eth+ ! -o wan0 -j ACCEPT", {WEB: "permit 4", f"{WEB} eth0 > wan0": "deny"}),
    ("-m state --state NEW -j ACCEPT", {WEB: "permit 4", f"{WEB} established": "deny"}),
    ("-m conntrack ! --ctstate NEW -j ACCEPT", {f"{WEB} untracked": "permit 4", WEB: "deny"}),
    ("-m conntrack --ctstate DNAT -j ACCEPT", {WEB: "unknown 4"}),
    ("-p tcp --syn -j ACCEPT", {WEB: "permit 4", f"{WEB} syn ack": "deny"}),
    ("-p tcp --tcp-flags ALL NONE -j ACCEPT", {WEB: "deny"}),
    ("-p icmp --icmp-type echo-request -j ACCEPT", {PING: "permit 4"}),
    ("-p icmp ! --icmp-type 8/1 -j ACCEPT", {PING: "permit 4"}),
    ("-p icmp --icmp-type any -j ACCEPT", {PING: "permit 4", WEB: "deny"}),
    ('-m comment --comment "-j \\"DROP\\" -p udp" -j ACCEPT', {WEB: "permit 4"}),
    ("-j ACCEPT -m comment --comment late", {WEB: "permit 4"}),
    ("-j REJECT --reject-with icmp-port-unreachable", {WEB: "deny 4"}),
    ('-j LOG --log-prefix "IN: " --log-level 4', {WEB: "deny"}),
    ("-m limit --limit 1/sec -j ACCEPT", {WEB: "unknown 4"}),
    ("-m mac --mac-source 00:11:22:33:44:55 -j ACCEPT", {WEB: "unknown 4"}),
    ("-m set --match-set rooms src -j ACCEPT", {WEB: "unknown 4"}),
    ("-m recent --rcheck --seconds 60 --name s -p udp -j ACCEPT", {WEB: "deny", DNS: "unknown 4"}),
    ("-m addrtype --dst-type LOCAL -j ACCEPT", {WEB: "unknown 4"}),
    ("-m string --string \"-p udp\" --algo bm -j ACCEPT", {WEB: "unknown 4"}),
    ("--from-the-future 3 -j ACCEPT", {WEB: "unknown 4"}),
    ("-s some.host.example -j ACCEPT", {WEB: "unknown 4"}),
    ("-j NFQUEUE --queue-num 1", {WEB: "unknown 4"}),
    ("-j STRANGE", {WEB: "unknown 4"}),
    ("-f -j ACCEPT", {WEB: "unknown 4"}),
    ("! -f -j ACCEPT", {WEB: "permit 4"}),
    ("-p tcp", {WEB: "deny"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), ONE_RULE, ids=[rule for rule, _ in ONE_RULE])
def test_one_rule(rule: str, expected: dict[str, str]) -> None:
    found = read(table(f"-A FORWARD {rule}"))
    assert {one: answer(found, one) for one in expected} == expected


def test_jump_comes_back_goto_does_not_and_return_in_a_built_in_chain_is_its_policy() -> None:
    side = ":SIDE - [0:0]"
    back = "-A SIDE -p udp -j RETURN"
    assert (
        answer(read(table("-A FORWARD -j SIDE", "-A FORWARD -j ACCEPT", back, chains=side)), WEB)
        == "permit 5"
    )
    assert (
        answer(read(table("-A FORWARD -g SIDE", "-A FORWARD -j ACCEPT", back, chains=side)), WEB)
        == "deny"
    )
    assert answer(read(table("-A FORWARD -j RETURN", "-A FORWARD -j ACCEPT")), WEB) == "deny"
    assert answer(read(table("-A FORWARD -j SIDE", "-A FORWARD -j ACCEPT")), WEB).startswith(
        "unknown"
    )


def test_other_tables_drop_as_well() -> None:
    raw = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j DROP\nCOMMIT\n"
    assert answer(read(table("-A FORWARD -j ACCEPT") + raw), DNS) == "deny 8"
    mangle = raw.replace("raw", "mangle").replace("PREROUTING", "POSTROUTING")
    assert answer(read(table("-A FORWARD -j ACCEPT") + mangle), DNS) == "deny 8"
    own = raw.replace("PREROUTING", "OUTPUT")
    assert answer(read(table("-A FORWARD -j ACCEPT") + own), DNS) == "permit 4"


def test_translation_comes_before_conditions_on_the_destination() -> None:
    """DNAT happens in nat PREROUTING, before FORWARD looks at the packet."""
    nat = (
        "*nat\n:PREROUTING ACCEPT [0:0]\n:IN - [0:0]\n-A PREROUTING -i wan0 -j IN\n"
        "-A IN -d 192.0.2.1/32 -p tcp --dport 443 -j DNAT --to-destination 10.0.0.2\nCOMMIT\n"
    )
    found = read(table("-A FORWARD -d 10.0.0.2 -p tcp --dport 443 -j ACCEPT") + nat)
    outside = "tcp 198.51.100.1:40000 > 192.0.2.1:443 wan0 > eth1"
    assert answer(found, outside) == "permit 4"
    assert answer(found, f"{outside} established") == "unknown 4"
    assert answer(found, outside.replace("wan0", "eth0")) == "deny"
    assert answer(found, WEB) == "permit 4"


def test_untracked_packets_leave_conditions_on_the_state_open() -> None:
    raw = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j CT --notrack\nCOMMIT\n"
    found = read(table("-A FORWARD -m state --state NEW -j ACCEPT") + raw)
    assert answer(found, DNS) == "unknown 4"
    assert answer(found, WEB) == "permit 4"


def test_lines_that_are_none_are_unread() -> None:
    found = read(table("-A FORWARD -j ACCEPT", "-R FORWARD 1 -j DROP", "nonsense") + "stray\n")
    assert [(one.line, one.matters) for one in found.unread] == [(5, True), (6, True), (8, True)]


def test_counters_and_command_forms_are_read() -> None:
    text = "*filter\n-P FORWARD DROP\n-N A\n[3:180] -A A -j ACCEPT\n-I FORWARD -j A\nCOMMIT\n"
    assert answer(read(text), WEB) == "permit 4"


def test_the_version_of_ip_is_told_by_the_file() -> None:
    six = "# Generated by ip6tables-save v1.8.9 on Mon\n" + table("-A FORWARD -j ACCEPT")
    assert answer(read(six), WEB_6) == "permit 5"
    assert [stage.chain for stage in read(six).stages] == ["ip6 filter FORWARD"]
    assert read(table("-A FORWARD -s fe80::/10 -j DROP")).stages[0].chain.startswith("ip6 ")
    assert read(table("-A FORWARD -s 10.0.0.1 -j DROP")).stages[0].chain.startswith("ip ")


def test_cut_and_garbled_text_never_raises() -> None:
    quick = [rule for rule, _ in ONE_RULE if "255.0.0.255" not in rule]
    whole = table(*(f"-A FORWARD {rule}" for rule in quick))
    for end in range(0, len(whole), 7):
        policy(whole[:end].split("\n"))
        policy((whole[:end] + ' ! -p "' + whole[end:]).split("\n"))
    assert not policy(whole[:-9].split("\n"))[1]


def test_ten_thousand_rules_are_read() -> None:
    rules = [
        f"-A FORWARD -s 10.{n >> 8}.{n & 255}.0/24 -i eth0 -p tcp -m tcp --dport {n} -j ACCEPT"
        for n in range(1, 10_001)
    ]
    found = read(table(*rules))
    assert len(found.chains["ip filter FORWARD"].rules) == 10_000


@pytest.mark.corpus
def test_every_shared_file_is_read(shared: Path) -> None:
    files = sorted((shared / "netconfigs/iptables").glob("[!S]*"))
    assert len(files) > 10
    for file in files:
        found, complete = policy(file.read_text(errors="replace").split("\n"))
        assert complete, file
        assert not found.unread, (file.name, found.unread[:3])


# --- as facts of a Linux host ----------------------------------------------------------------


def host(*texts: str) -> Any:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    documents = [Document(t.encode(), f"file{n}", "O", now) for n, t in enumerate(texts)]
    return linux.read(documents).facts.get("filters")


V4 = "# Generated by iptables-save v1.8.9\n" + table("-A FORWARD -p tcp -j ACCEPT")
V6 = "# Generated by ip6tables-save v1.8.9\n" + table("-A FORWARD -p tcp -j ACCEPT")


def test_a_version_of_ip_that_is_not_shown_is_unknown() -> None:
    fact = host(V4)
    assert isinstance(fact, Known)
    assert answer(fact.value, WEB) == "permit 5"
    assert answer(fact.value, WEB_6) == "unknown"
    assert answer(host(V4, V6).value, WEB_6) == "permit 5"


def test_nftables_and_iptables_both_have_to_let_it_pass() -> None:
    nft = (
        "table inet t {\nchain f {\ntype filter hook forward priority 0; policy drop;\n"
        "tcp dport 443 accept\n}\n}\n"
    )
    both = host(V4, V6, nft)
    assert answer(both.value, WEB).startswith("permit")
    assert answer(both.value, SSH) == "deny"
    assert answer(both.value, DNS) == "deny"


def test_two_tables_that_say_different_things_leave_it_open() -> None:
    other = V4.replace("-p tcp", "-p udp")
    assert isinstance(host(V4, other), Unknown)
    assert isinstance(host(V4, V4 + "\n"), Known)


def test_a_table_that_breaks_off_tells_nothing() -> None:
    assert isinstance(host(V4.replace("COMMIT\n", "")), Unknown)


@pytest.mark.parametrize(
    "text",
    [
        "*filter\n",
        "# iptables is not used here\n",
        "access-list 1 permit any\n*filter text\n",
        "table: filter\nchain: FORWARD\n",
    ],
)
def test_other_files_are_no_tables(text: str) -> None:
    assert host(text) is None
