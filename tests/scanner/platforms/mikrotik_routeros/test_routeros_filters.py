"""RouterOS: which packets an export lets through, and the line that says so.

Expected answers follow the manual of RouterOS (help.mikrotik.com): "Filter", "NAT", "Raw",
"FastTrack", "Common Firewall Matchers and Actions", "Lists", "Bridging and Switching".
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from rules.packets.fields import PROTOCOLS
from rules.packets.interpret import decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms.mikrotik_routeros.export import export
from scanner.platforms.mikrotik_routeros.policy import policy_of

HEAD = """# 2025-03-10 15:04:16 by RouterOS 7.15.2
# model = RB5009UG
/interface bridge
add name=lan-bridge
/ip address
add address=192.168.88.1/24 interface=lan-bridge
/system identity
set name=gw
"""
FIRST = HEAD.count("\n") + 1


def policy(*lines: str, head: str = HEAD) -> Policy:
    """The policy of an export; the first of the lines is line `FIRST`."""
    text = head + "\n".join(lines) + "\n"
    found = export(Document(text.encode(), "export.rsc", "O", datetime.now(UTC)))
    assert found is not None
    return policy_of(found)


def packet(words: str) -> Packet:
    """`wan>lan 1.2.3.4>10.0.0.1 tcp 443 established`: interfaces, addresses, protocol, port."""
    through, ends, name, *more = words.split()
    entering, leaving = through.split(">")
    source, destination = ends.split(">")
    protocol = PROTOCOLS.get(name) if not name.isdigit() else int(name)
    assert protocol is not None
    port = int(more.pop(0)) if more and more[0].isdigit() else 0
    state = more[0] if more else "new"
    is_icmp = name.startswith("icmp")
    return Packet(
        ip_address(source),
        ip_address(destination),
        protocol,
        port if is_icmp else 40000,
        0 if is_icmp else port,
        usual_flags(protocol, state),
        entering,
        leaving,
        state,
    )


def answer(words: str, *lines: str) -> tuple[str, int | None]:
    decision = decide(policy(*lines), packet(words))
    line = decision.rule.line if decision.rule is not None else None
    return decision.answer, None if line is None else line - FIRST


F = "/ip firewall filter"
D = "add chain=forward action=drop"
TCP = "a>b 10.0.0.1>10.1.0.1 tcp 443"
CASES = [
    # the end of a chain accepts
    (TCP, [F], ("permit", None)),
    (TCP, [F, D], ("deny", 1)),
    (TCP, [F, f"{D} disabled=yes"], ("permit", None)),
    (TCP, [F, "add chain=forward action=reject reject-with=tcp-reset"], ("deny", 1)),
    (TCP, [F, "add chain=forward action=tarpit protocol=tcp"], ("deny", 1)),
    # a rule without an action accepts, and the first match decides
    (TCP, [F, "add chain=forward", D], ("permit", 1)),
    # actions that do not end
    (TCP, [F, "add chain=forward action=log", D], ("deny", 2)),
    (
        TCP,
        [F, "add chain=forward action=passthrough", D],
        ("deny", 2),
    ),
    (
        TCP,
        [F, "add chain=forward action=add-src-to-address-list address-list=x", "add chain=forward"],
        ("permit", 2),
    ),
    # jumps come back at the end of a chain and at return
    (
        TCP,
        [
            F,
            "add chain=forward action=jump jump-target=conf",
            D,
            "add chain=conf action=return dst-port=443 protocol=tcp",
            "add chain=conf action=accept",
        ],
        ("deny", 2),
    ),
    (
        "a>b 10.0.0.1>10.1.0.1 udp 5060",
        [
            F,
            "add chain=forward action=jump jump-target=conf",
            D,
            "add chain=conf action=return dst-port=443 protocol=tcp",
            "add chain=conf action=accept",
        ],
        ("permit", 4),
    ),
    (
        TCP,
        [
            F,
            "add chain=forward action=jump jump-target=conf",
            "add chain=conf action=drop disabled=yes",
        ],
        ("permit", None),
    ),
    # the other way a jump to a chain of which nothing is shown is not known
    (TCP, [F, "add chain=forward action=jump jump-target=none"], ("unknown", 1)),
    # addresses, ranges, negation
    (TCP, [F, f"{D} src-address=10.0.0.0/24"], ("deny", 1)),
    (TCP, [F, f"{D} src-address=!10.0.0.0/24"], ("permit", None)),
    (TCP, [F, f"{D} src-address=10.0.0.2-10.0.0.9"], ("permit", None)),
    (TCP, [F, f"{D} dst-address=10.1.0.0-10.1.0.9"], ("deny", 1)),
    # ports: lists, ranges, either side, negation
    (TCP, [F, f"{D} protocol=tcp dst-port=80,440-450"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=tcp dst-port=!443"], ("permit", None)),
    (TCP, [F, f"{D} protocol=tcp port=443"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=tcp port=40000"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=udp port=443"], ("permit", None)),
    (TCP, [F, f"{D} protocol=!tcp"], ("permit", None)),
    (TCP, [F, f"{D} protocol=tcp tcp-flags=syn,!ack"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=tcp tcp-flags=ack"], ("permit", None)),
    # ICMP type and code
    ("a>b 1.1.1.1>2.2.2.2 icmp 8", [F, f"{D} icmp-options=8:0 protocol=icmp"], ("deny", 1)),
    ("a>b 1.1.1.1>2.2.2.2 icmp 0", [F, f"{D} icmp-options=8:0-9 protocol=icmp"], ("permit", None)),
    # states are a set, `!` takes the others
    (TCP, [F, f"{D} connection-state=invalid,new"], ("deny", 1)),
    (TCP, [F, f"{D} connection-state=!established,related"], ("deny", 1)),
    (f"{TCP} established", [F, f"{D} connection-state=!established,related"], ("permit", None)),
    # replies are not let through by themselves
    (f"{TCP} established", [F, D], ("deny", 1)),
    # interfaces
    (TCP, [F, f"{D} in-interface=a"], ("deny", 1)),
    (TCP, [F, f"{D} in-interface=!a"], ("permit", None)),
    (TCP, [F, f"{D} out-interface=!a"], ("deny", 1)),
    # what is not understood can match and need not
    (TCP, [F, f"{D} time=8h-17h,mon"], ("unknown", 1)),
    (TCP, [F, f"{D} layer7-protocol=sip"], ("unknown", 1)),
    (TCP, [F, f"{D} src-address=$office"], ("unknown", 1)),
    (TCP, [F, f"{D} time=8h-17h,mon", D], ("deny", 2)),
    (TCP, [F, "add chain=forward action=somersault"], ("unknown", 1)),
    (TCP, [F, "# a not ready", f"{D} in-interface=a"], ("unknown", 2)),
    # verbose exports name what is not set
    (TCP, [F, f'{D} !connection-mark dst-address="" !src-port'], ("deny", 1)),
    # wrapped lines
    (
        TCP,
        [F, f'{D} comment="no \\', '    entry" dst-port=443 \\', "    protocol=tcp"],
        ("deny", 1),
    ),
    # both ways to write a menu
    (TCP, ["/ip/firewall/filter/add chain=forward action=drop"], ("deny", 0)),
    (TCP, ["/ip firewall filter add chain=forward action=drop"], ("deny", 0)),
]


@pytest.mark.parametrize(("words", "lines", "expected"), CASES)
def test_filter(words: str, lines: list[str], expected: tuple[str, int | None]) -> None:
    assert answer(words, *lines) == expected


LISTS = [
    (["/ip firewall address-list", "add address=10.0.0.0/24 list=l"], ("deny", 3)),
    (["/ip firewall address-list", "add address=10.9.0.0/24 list=l"], ("permit", None)),
    (["/ip firewall address-list", "add address=::/0 disabled=yes list=l"], ("permit", None)),
    (["/ip firewall address-list", "add address=conf.example.vn list=l"], ("unknown", 3)),
    (["/ip firewall address-list", "add address=10.9.0.1 list=l timeout=1h"], ("unknown", 3)),
    (["/ip dns", "set servers=1.1.1.1"], ("unknown", 3)),
]


@pytest.mark.parametrize(("lines", "expected"), LISTS)
def test_address_lists(lines: list[str], expected: tuple[str, int | None]) -> None:
    rules = [F, f"{D} src-address-list=l"]
    assert answer(TCP, *lines, *rules) == expected


def test_a_list_that_rules_fill_may_hold_more() -> None:
    lines = [
        "/ip firewall address-list",
        "add address=10.9.0.0/24 list=l",
        F,
        "add chain=input action=add-src-to-address-list address-list=l",
        f"{D} src-address-list=l",
    ]
    assert answer(TCP, *lines) == ("unknown", 4)
    assert answer("a>b 10.9.0.5>10.1.0.1 udp 1", *lines) == ("deny", 4)


def test_a_negated_list_and_the_line_of_its_member() -> None:
    found = policy(
        "/ip firewall address-list",
        "add address=10.0.0.0/24 list=l",
        F,
        f"{D} src-address-list=!l",
        f"{D} dst-address-list=l",
    )
    assert decide(found, packet(TCP)).answer == "permit"
    assert decide(found, packet("a>b 10.5.0.1>10.1.0.1 tcp 1")).answer == "deny"
    destination = found.chains["ip/filter/forward"].rules[-1].may[0].destination
    assert destination is not None
    (part,) = destination.parts
    assert part.line == FIRST + 1


INTERFACES = [
    (["add list=WAN interface=a"], "WAN", "deny"),
    (["add list=WAN interface=c"], "WAN", "permit"),
    (["add list=WAN interface=c"], "!WAN", "deny"),
    (["add list=INNER interface=a"], "OUTER", "deny"),
    (["add list=INNER interface=c"], "OUTER", "permit"),
    (["add list=WAN interface=a"], "NOTWAN", "permit"),
    (["add list=WAN interface=c"], "NOTWAN", "deny"),
    ([], "all", "deny"),
    ([], "!all", "permit"),
    ([], "dynamic", "unknown"),
    ([], "NOWHERE", "unknown"),
]


@pytest.mark.parametrize(("members", "name", "expected"), INTERFACES)
def test_interface_lists(members: list[str], name: str, expected: str) -> None:
    found = answer(
        TCP,
        "/interface list",
        "add name=WAN",
        "add name=INNER",
        "add include=INNER name=OUTER",
        "add include=all exclude=WAN name=NOTWAN",
        "/interface list member",
        *members,
        F,
        f"{D} in-interface-list={name}",
    )
    assert found[0] == expected


# --- FastTrack, raw, NAT, bridges, IPv6 --------------------------------------------------------

FASTTRACK = "add action=fasttrack-connection chain=forward connection-state=established,related"


@pytest.mark.parametrize(
    ("rest", "words", "expected"),
    [
        ("add action=accept chain=forward connection-state=established,related", TCP, "deny"),
        (
            "add action=accept chain=forward connection-state=established,related",
            f"{TCP} established",
            "permit",
        ),
        # without the accept it depends on whether the packet takes the slow path
        ("add action=passthrough chain=forward", f"{TCP} established", "unknown"),
        # only TCP and UDP are fasttracked
        (
            "add action=passthrough chain=forward",
            "a>b 1.1.1.1>2.2.2.2 icmp 0 established",
            "deny",
        ),
    ],
)
def test_fasttrack(rest: str, words: str, expected: str) -> None:
    assert answer(words, F, FASTTRACK, rest, "add action=drop chain=forward")[0] == expected


def test_raw_comes_first() -> None:
    raw = "/ip firewall raw"
    assert answer(TCP, raw, "add action=drop chain=prerouting dst-port=443 protocol=tcp", F) == (
        "deny",
        1,
    )
    lines = [raw, "add action=accept chain=prerouting", F, "add action=drop chain=forward"]
    assert answer(TCP, *lines) == ("deny", 3)


def test_what_is_not_tracked_has_no_known_state() -> None:
    lines = [
        "/ip firewall raw",
        "add action=notrack chain=prerouting",
        F,
        "add action=drop chain=forward connection-state=new",
    ]
    assert answer(TCP, *lines) == ("unknown", 3)


NAT = [
    "/ip firewall nat",
    "add action=dst-nat chain=dstnat dst-address=203.0.113.5 dst-port=443 protocol=tcp "
    "to-addresses=10.1.0.1",
    F,
    "add action=drop chain=forward connection-nat-state=!dstnat connection-state=new",
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # no translation leads there
        ("a>b 198.51.100.9>10.1.0.2 tcp 443", "deny"),
        # one does; whether this packet took it is not told
        ("a>b 198.51.100.9>10.1.0.1 tcp 443", "unknown"),
        # the filter never sees this destination
        ("a>b 198.51.100.9>203.0.113.5 tcp 443", "unknown"),
        ("a>b 198.51.100.9>203.0.113.5 tcp 80", "deny"),
    ],
)
def test_destination_nat(words: str, expected: str) -> None:
    assert answer(words, *NAT)[0] == expected


def test_upnp_may_translate_to_anywhere() -> None:
    lines = ["/ip upnp", "set enabled=yes", F, NAT[-1]]
    assert answer(TCP, *lines)[0] == "unknown"
    assert answer(TCP, F, NAT[-1])[0] == "deny"


BRIDGE = [
    "/interface bridge port",
    "add bridge=lan-bridge interface=e2",
    "add bridge=lan-bridge interface=e3",
]


def test_packets_inside_a_bridge_meet_no_ip_rule() -> None:
    inside, through = "e2>e3 192.168.88.5>192.168.88.6 tcp 22", "e2>wan 192.168.88.5>8.8.8.8 tcp 22"
    drop = [F, f"{D} in-interface=lan-bridge"]
    assert answer(inside, *BRIDGE, *drop) == ("permit", 1)
    assert answer(through, *BRIDGE, *drop) == ("deny", 4)
    use = ["/interface bridge settings", "set use-ip-firewall=yes"]
    assert answer(inside, *BRIDGE, *use, *drop) == ("deny", 6)
    more = ["/interface bridge filter", D]
    assert answer(inside, *BRIDGE, *more, *drop)[0] == "unknown"


def test_ipv6_has_its_own_tables() -> None:
    v6 = "a>b 2001:db8::1>2001:db8:1::1 tcp 443"
    assert answer(v6, F, D) == ("permit", None)
    assert answer(v6, "/ipv6 firewall filter", D) == ("deny", 1)
    assert answer(TCP, "/ipv6 firewall filter", D)[0] == "permit"
    assert answer(v6, "/ipv6 settings", "set disable-ipv6=yes") == ("deny", 1)
    older = decide(policy(F, head=HEAD.replace("7.15.2", "6.49.6")), packet(v6))
    assert older.answer == "unknown"


def test_packets_to_the_router_meet_its_input_chain() -> None:
    lines = [
        F,
        "add chain=input action=drop protocol=tcp dst-port=22",
        D,
    ]
    assert answer("a>b 10.0.0.1>192.168.88.1 tcp 22", *lines) == ("deny", 1)
    assert answer("a>b 10.0.0.1>192.168.88.1 tcp 23", *lines) == ("permit", None)
    assert answer("a>b 10.0.0.1>192.168.88.2 tcp 23", *lines) == ("deny", 2)


def test_ipsec_policy_without_ipsec() -> None:
    lines = [F, "add chain=forward ipsec-policy=in,ipsec", D]
    assert answer(TCP, *lines) == ("deny", 2)
    peer = ["/ip ipsec peer", "add address=198.51.100.7/32 name=p"]
    assert answer(TCP, *peer, *lines)[0] == "unknown"


def test_forwarding_switched_off() -> None:
    assert answer(TCP, "/ip settings", "set ip-forward=no") == ("deny", 1)


@pytest.mark.parametrize(
    "line",
    [
        "/ip firewall filter remove [ find dynamic=no ]",
        "/ip firewall filter set 3 disabled=yes",
        "/ip firewall filter add action=drop",
        "/ip hotspot add interface=a name=h",
        "/interface bridge filter add chain=forward action=drop",
        "/interface ethernet switch set switch1 l3-hw-offloading=yes",
        "/routing rule add action=drop src-address=10.0.0.0/8",
        "#error exporting /ip firewall filter",
    ],
)
def test_lines_that_could_change_what_passes(line: str) -> None:
    (unread,) = policy(line).unread
    assert unread.matters
    assert unread.line == FIRST


def test_rules_in_a_block_of_a_script_are_in_doubt() -> None:
    lines = [':if ($x = "yes") do={', f"    {F} add chain=forward action=drop", "}"]
    assert answer(TCP, *lines) == ("unknown", 1)
    assert answer(TCP, *lines, f"{F} add chain=forward action=drop") == ("deny", 3)


def test_the_last_line_without_an_end_is_not_read() -> None:
    text = HEAD + f"{F}\nadd chain=forward action=accept dst-address=10.0.0.1"
    found = export(Document(text.encode(), "x", "O", datetime.now(UTC)))
    assert found is not None
    read = policy_of(found)
    assert not read.chains["ip/filter/forward"].rules
    assert [line.line for line in read.unread] == [FIRST + 1]


def test_ten_thousand_rules_are_read_in_a_second() -> None:
    import time

    rules = [
        f'add action=accept chain=forward comment="{n}" dst-address=10.{n % 250}.{n // 250}.0/24'
        f" dst-port=443,{n} protocol=tcp src-address=172.16.{n % 250}.1"
        for n in range(10_000)
    ]
    started = time.process_time()
    assert len(policy(F, *rules).chains["ip/filter/forward"].rules) == 10_000
    assert time.process_time() - started < 2
