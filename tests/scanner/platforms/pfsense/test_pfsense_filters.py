"""pfSense and OPNsense: which packets a configuration lets through, and the line that says so.

Expected answers follow pf.conf(5) (last match, `quick`), the manuals of both products (Firewall:
rules, floating rules, aliases, NAT, schedules) and their rule generators (filter.inc,
filter.lib.inc, FilterRuleField.php).
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
from scanner.platforms.pfsense.config import config
from scanner.platforms.pfsense.policy import policy_of

INTERFACES = """<interfaces>
<wan><enable/><if>igb0</if><ipaddr>203.0.113.2</ipaddr><subnet>24</subnet>{wan}</wan>
<lan><enable/><if>igb1</if><descr>LAN</descr><ipaddr>10.0.0.1</ipaddr><subnet>24</subnet></lan>
<opt1><enable/><if>igb2</if><descr>CONF</descr><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></opt1>
</interfaces>"""
GATEWAYS = """<gateways>
<gateway_item><interface>wan</interface><gateway>203.0.113.1</gateway><name>GW</name></gateway_item>
</gateways>"""
ANY = "<any></any>"


def rule(*tags: str, source: str = ANY, destination: str = ANY, attributes: str = "") -> str:
    """One rule on one line."""
    ends = f"<source>{source}</source><destination>{destination}</destination>"
    return f"<rule{attributes}>{''.join(tags)}{ends}</rule>"


def on(interface: str, *tags: str, kind: str = "pass", **ends: str) -> str:
    """A rule of an interface for IPv4."""
    return rule(
        f"<type>{kind}</type><interface>{interface}</interface><ipprotocol>inet</ipprotocol>",
        *tags,
        **ends,
    )


def floating(kind: str, *tags: str, **ends: str) -> str:
    return rule(f"<type>{kind}</type><floating>yes</floating>", *tags, **ends)


def policy(
    *rules: str,
    product: str = "pfsense",
    wan: str = "",
    system: str = "<ipv6allow>1</ipv6allow>",
    more: str = "",
) -> Policy:
    """The policy of a file; the first of the rules is on line 10."""
    lines = [
        "<?xml version='1.0'?>",
        f"<{product}><system>{system}</system>{more.replace(chr(10), '')}",
        INTERFACES.format(wan=wan),
        GATEWAYS.replace("\n", ""),
        "<filter>",
        *rules,
        f"</filter></{product}>",
    ]
    document = Document("\n".join(lines).encode(), "config.xml", "O", datetime.now(UTC))
    found = config(document)
    assert found is not None
    return policy_of(found)


def packet(words: str) -> Packet:
    """`lan>opt1 10.0.0.5>10.1.0.5 tcp 443 established`."""
    through, ends, name, *more = words.split()
    entering, leaving = through.split(">")
    source, destination = ends.split(">")
    protocol = PROTOCOLS[name]
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


def answer(words: str, *rules: str, **more: str) -> tuple[str, int | None]:
    """The answer and the number of the rule that gives it, from 1."""
    decision = decide(policy(*rules, **more), packet(words))
    line = decision.rule.line - 9 if decision.rule is not None else None
    return decision.answer, line


TCP = "lan>opt1 10.0.0.5>10.1.0.5 tcp 443"
PASS, BLOCK = on("lan"), on("lan", kind="block")
NET, HOST = "<network>lan</network>", "<address>10.1.0.5</address>"
INBOUND = "<direction>in</direction>"
CASES = [
    # nothing lets a packet in but a rule
    (TCP, [], ("deny", None)),
    (TCP, [PASS], ("permit", 1)),
    (TCP, [on("opt1")], ("deny", None)),
    (TCP, [on("lan", kind="reject")], ("deny", 1)),
    # the first match decides among rules of an interface
    (TCP, [PASS, BLOCK], ("permit", 1)),
    (TCP, [BLOCK, PASS], ("deny", 1)),
    # tags count by their presence
    (TCP, [on("lan", "<disabled></disabled>"), BLOCK], ("deny", 2)),
    (TCP, [on("lan", source=NET + "<not></not>"), BLOCK], ("deny", 2)),
    # replies are let through by the state of their connection
    (f"{TCP} established", [BLOCK], ("permit", None)),
    # a rule without a type passes: a port forward made it
    (
        TCP,
        [rule("<interface>lan</interface><associated-rule-id>nat_1</associated-rule-id>")],
        ("permit", 1),
    ),
    # floating rules come first, but without quick the last match decides
    (TCP, [PASS, floating("block", "<quick>yes</quick>")], ("deny", 2)),
    (TCP, [PASS, floating("block", INBOUND)], ("permit", 1)),
    (TCP, [floating("block", INBOUND), floating("pass", INBOUND)], ("permit", 2)),
    (TCP, [floating("pass", INBOUND), floating("block", INBOUND)], ("deny", 2)),
    # without a direction they are about packets that leave as well, which pass by themselves
    (TCP, [PASS, floating("block")], ("deny", 2)),
    (TCP, [floating("match"), PASS], ("permit", 2)),
    # floating rules may be about packets that leave
    (
        TCP,
        [PASS, floating("block", "<interface>opt1</interface><direction>out</direction>")],
        ("deny", 2),
    ),
    (
        TCP,
        [PASS, floating("block", "<interface>wan</interface><direction>out</direction>")],
        ("permit", 1),
    ),
    (
        TCP,
        [PASS, floating("block", "<interface>lan</interface><direction>out</direction>")],
        ("permit", 1),
    ),
    # addresses
    (TCP, [on("lan", source=NET)], ("permit", 1)),
    ("lan>opt1 10.7.0.5>10.1.0.5 tcp 443", [on("lan", source=NET)], ("deny", None)),
    (TCP, [on("lan", source="<network>lanip</network>")], ("deny", None)),
    (TCP, [on("lan", destination="<network>opt1</network>")], ("permit", 1)),
    (TCP, [on("lan", destination=HOST)], ("permit", 1)),
    (TCP, [on("lan", destination=HOST + "<not></not>")], ("deny", None)),
    (TCP, [on("lan", destination="<network>nowhere</network>")], ("unknown", 1)),
    # protocols and ports
    (TCP, [on("lan", "<protocol>udp</protocol>")], ("deny", None)),
    (TCP, [on("lan", "<protocol>tcp/udp</protocol>")], ("permit", 1)),
    (
        TCP,
        [on("lan", "<protocol>tcp</protocol>", destination=ANY + "<port>443</port>")],
        ("permit", 1),
    ),
    (
        TCP,
        [on("lan", "<protocol>tcp</protocol>", destination=ANY + "<port>80-442</port>")],
        ("deny", None),
    ),
    (
        TCP,
        [on("lan", "<protocol>tcp</protocol>", destination=ANY + "<port>https</port>")],
        ("permit", 1),
    ),
    (
        "lan>opt1 10.0.0.5>10.1.0.5 icmp 8",
        [on("lan", "<protocol>icmp</protocol><icmptype>echoreq</icmptype>")],
        ("permit", 1),
    ),
    (
        "lan>opt1 10.0.0.5>10.1.0.5 icmp 13",
        [on("lan", "<protocol>icmp</protocol><icmptype>echoreq</icmptype>")],
        ("deny", None),
    ),
    (
        TCP,
        [
            on(
                "lan",
                "<protocol>tcp</protocol><tcpflags1>syn</tcpflags1><tcpflags2>syn,ack</tcpflags2>",
            )
        ],
        ("permit", 1),
    ),
    (
        TCP,
        [
            on(
                "lan",
                "<protocol>tcp</protocol><tcpflags1>ack</tcpflags1><tcpflags2>syn,ack</tcpflags2>",
            )
        ],
        ("deny", None),
    ),
    # conditions that the file cannot tell
    (TCP, [on("lan", "<sched>workdays</sched>")], ("unknown", 1)),
    (TCP, [on("lan", "<tagged>voip</tagged>")], ("unknown", 1)),
    (TCP, [on("lan", "<sched>workdays</sched>"), PASS], ("permit", 2)),
    # policy routing: the packet goes where the gateway is
    (TCP, [on("lan", "<gateway>GW</gateway>")], ("unknown", 1)),
    ("lan>wan 10.0.0.5>198.51.100.1 tcp 443", [on("lan", "<gateway>GW</gateway>")], ("permit", 1)),
    # a rule that keeps no state leaves it open whether a reply has its own rule
    (f"{TCP} established", [on("wan", "<statetype>none</statetype>")], ("unknown", 1)),
    # versions of IP
    ("lan>opt1 2001:db8::1>2001:db8:1::1 tcp 443", [PASS], ("deny", None)),
    (
        "lan>opt1 2001:db8::1>2001:db8:1::1 tcp 443",
        [rule("<type>pass</type><interface>lan</interface><ipprotocol>inet46</ipprotocol>")],
        ("permit", 1),
    ),
]


@pytest.mark.parametrize(("words", "rules", "expected"), CASES)
def test_filter(words: str, rules: list[str], expected: tuple[str, int | None]) -> None:
    assert answer(words, *rules) == expected


V6 = rule("<type>pass</type><interface>lan</interface><ipprotocol>inet6</ipprotocol>")


def test_without_ipv6allow_no_ipv6_passes() -> None:
    words = "lan>opt1 2001:db8::1>2001:db8:1::1 tcp 443"
    assert answer(words, V6)[0] == "permit"
    assert answer(words, V6, system="<hostname>x</hostname>")[0] == "deny"
    # releases of OPNsense understand the empty tag differently
    assert answer(words, V6, system="<ipv6allow/>", product="opnsense")[0] == "unknown"


def test_the_filter_switched_off() -> None:
    assert answer(TCP, BLOCK, system="<disablefilter>enabled</disablefilter>")[0] == "permit"


def test_private_networks_and_bogons_on_the_outside() -> None:
    inbound, wan = "wan>opt1 {}>10.1.0.5 tcp 443", on("wan")
    blocked = "<blockpriv></blockpriv><blockbogons></blockbogons>"
    assert answer(inbound.format("192.168.7.7"), wan)[0] == "permit"
    assert answer(inbound.format("192.168.7.7"), wan, wan=blocked)[0] == "deny"
    assert answer(inbound.format("198.18.0.1"), wan, wan=blocked)[0] == "unknown"
    assert answer(inbound.format("8.8.8.8"), wan, wan=blocked)[0] == "permit"


def test_packets_to_the_box_itself_meet_rules_that_are_not_in_the_file() -> None:
    assert answer("lan>lan 10.0.0.5>10.0.0.1 tcp 443")[0] == "unknown"
    assert answer("lan>lan 10.0.0.5>10.0.0.1 tcp 443", PASS)[0] == "permit"
    assert answer("lan>opt1 10.0.0.5>10.0.0.2 tcp 443")[0] == "deny"


# --- aliases -----------------------------------------------------------------------------------

ALIASES = """<aliases>
<alias><name>mcu</name><type>host</type><address>10.1.0.5 10.1.0.8-10.1.0.9</address></alias>
<alias><name>all_mcu</name><type>host</type><address>mcu 10.1.0.20</address></alias>
<alias><name>nets</name><type>network</type><address>10.1.0.0/25</address></alias>
<alias><name>web</name><type>port</type><address>80 443 8000:8100</address></alias>
<alias><name>webs</name><type>port</type><address>web 8443</address></alias>
<alias><name>named</name><type>host</type><address>conf.example.vn 10.1.0.5</address></alias>
<alias><name>list</name><type>urltable</type><address>https://example.vn/list</address></alias>
<alias><name>self</name><type>host</type><address>self</address></alias>
</aliases>"""


@pytest.mark.parametrize(
    ("alias", "host", "expected"),
    [
        ("mcu", "10.1.0.5", "permit"),
        ("mcu", "10.1.0.9", "permit"),
        ("mcu", "10.1.0.10", "deny"),
        ("all_mcu", "10.1.0.8", "permit"),
        ("all_mcu", "10.1.0.21", "deny"),
        ("nets", "10.1.0.127", "permit"),
        ("nets", "10.1.0.128", "deny"),
        ("named", "10.1.0.5", "permit"),
        ("named", "10.1.0.6", "unknown"),
        ("list", "10.1.0.6", "unknown"),
        ("self", "10.1.0.6", "unknown"),
        ("web", "10.1.0.6", "unknown"),
    ],
)
def test_aliases_of_addresses(alias: str, host: str, expected: str) -> None:
    wanted = on("lan", destination=f"<address>{alias}</address>")
    words = f"lan>opt1 10.0.0.5>{host} tcp 443"
    assert answer(words, wanted, more=ALIASES)[0] == expected


@pytest.mark.parametrize(
    ("alias", "port", "expected"),
    [
        ("web", 8050, "permit"),
        ("web", 8443, "deny"),
        ("webs", 8443, "permit"),
        ("mcu", 80, "unknown"),
    ],
)
def test_aliases_of_ports(alias: str, port: int, expected: str) -> None:
    ports = on("lan", "<protocol>tcp</protocol>", destination=f"{ANY}<port>{alias}</port>")
    assert answer(f"lan>opt1 10.0.0.5>10.1.0.5 tcp {port}", ports, more=ALIASES)[0] == expected


def test_an_alias_is_one_set_for_all_rules() -> None:
    wanted = on("lan", destination="<address>mcu</address>")
    found = policy(wanted, wanted, more=ALIASES)
    first, second = (r.may[0].destination for r in found.chains["in"].rules[-2:])
    assert first is second
    assert first is not None
    assert first.parts


# --- NAT ---------------------------------------------------------------------------------------


def forward(associated: str) -> str:
    return (
        "<nat><rule><source><any></any></source>"
        "<destination><network>wanip</network><port>4443</port></destination>"
        "<protocol>tcp</protocol><target>10.1.0.5</target><local-port>443</local-port>"
        f"<interface>wan</interface><associated-rule-id>{associated}</associated-rule-id>"
        "</rule></nat>"
    )


@pytest.mark.parametrize(
    ("associated", "words", "expected"),
    [
        # the filter is asked about the translated destination
        ("", "wan>opt1 8.8.8.8>10.1.0.5 tcp 443", "deny"),
        ("pass", "wan>opt1 8.8.8.8>10.1.0.5 tcp 443", "permit"),
        ("pass", "wan>opt1 8.8.8.8>10.1.0.5 tcp 4443", "deny"),
        # and never about the untranslated one
        ("", "wan>opt1 8.8.8.8>203.0.113.2 tcp 4443", "unknown"),
    ],
)
def test_port_forwards(associated: str, words: str, expected: str) -> None:
    assert answer(words, more=forward(associated))[0] == expected


def test_one_to_one_nat() -> None:
    mapped = (
        "<nat><onetoone><external>203.0.113.9</external><interface>wan</interface>"
        "<source><address>10.1.0.5</address></source></onetoone></nat>"
    )
    assert answer("wan>opt1 8.8.8.8>203.0.113.9 tcp 443", more=mapped)[0] == "unknown"
    assert answer("wan>opt1 8.8.8.8>10.1.0.5 tcp 443", more=mapped)[0] == "deny"


def test_rules_for_leaving_packets_see_the_translated_source() -> None:
    out = "<interface>wan</interface><direction>out</direction><ipprotocol>inet</ipprotocol>"
    nat = "<nat><outbound><mode>automatic</mode></outbound></nat>"
    off = "<nat><outbound><mode>disabled</mode></outbound></nat>"
    words, blocked = "lan>wan 10.0.0.5>8.8.8.8 tcp 443", floating("block", out, source=NET)
    assert answer(words, PASS, blocked, more=nat)[0] == "unknown"
    assert answer(words, PASS, blocked, more=off)[0] == "deny"


# --- OPNsense ----------------------------------------------------------------------------------


def model(*rules: str) -> str:
    written = "".join(f"<rule><enabled>1</enabled>{tags}</rule>" for tags in rules)
    return f"<OPNsense><Firewall><Filter><rules>{written}</rules></Filter></Firewall></OPNsense>"


LAN = "<interface>lan</interface><ipprotocol>inet</ipprotocol>"


@pytest.mark.parametrize(
    ("models", "rules", "expected"),
    [
        (["<action>pass</action>" + LAN], [], "permit"),
        (["<action>pass</action><source_net>lan</source_net>" + LAN], [], "permit"),
        (["<action>pass</action><source_net>10.9.0.0/16,lan</source_net>" + LAN], [], "permit"),
        (
            ["<action>pass</action><source_net>lan</source_net><source_not>1</source_not>" + LAN],
            [],
            "deny",
        ),
        (
            [
                "<action>pass</action><protocol>TCP</protocol><destination_port>443</destination_port>"
                + LAN
            ],
            [],
            "permit",
        ),
        (
            [
                "<action>pass</action><protocol>TCP</protocol><destination_port>80</destination_port>"
                + LAN
            ],
            [],
            "deny",
        ),
        # the newer rules of an interface come before the older ones
        (["<action>block</action>" + LAN], [PASS], "deny"),
        # but after floating rules of either kind
        (["<action>pass</action>" + LAN], [floating("block", "<quick>1</quick>")], "deny"),
        (["<action>block</action><interface>lan,opt1</interface>"], [PASS], "deny"),
        # by sequence, not by their place in the file
        (
            [
                "<action>block</action><sequence>2</sequence>" + LAN,
                "<action>pass</action><sequence>1</sequence>" + LAN,
            ],
            [],
            "permit",
        ),
        # without quick the last match decides
        (["<action>block</action><quick>0</quick><sequence>1</sequence>" + LAN], [PASS], "permit"),
        # an empty tag may or may not disable a rule
        ([], [on("lan", "<disabled/>")], "unknown"),
        ([], [on("lan", "<disabled>1</disabled>")], "deny"),
        ([], [on("lan", "<disabled>0</disabled>")], "permit"),
    ],
)
def test_opnsense(models: list[str], rules: list[str], expected: str) -> None:
    assert answer(TCP, *rules, product="opnsense", more=model(*models))[0] == expected


def test_disabled_models_do_not_count() -> None:
    more = model("<action>pass</action>" + LAN).replace("<enabled>1<", "<enabled>0<")
    assert answer(TCP, product="opnsense", more=more)[0] == "deny"


def test_groups_of_interfaces_come_between() -> None:
    members = "<ifname>inner</ifname><members>lan opt1</members>"
    group = f"<ifgroups><ifgroupentry>{members}</ifgroupentry></ifgroups>"
    assert answer(TCP, BLOCK, on("inner"), more=group) == ("permit", 2)
    assert answer(TCP, on("inner"), floating("block", "<quick>yes</quick>"), more=group) == (
        "deny",
        2,
    )
    assert answer("wan>lan 8.8.8.8>10.0.0.5 tcp 1", on("inner"), more=group)[0] == "deny"


def test_features_beside_the_rules_are_named() -> None:
    portal = "<captiveportal><guests><enable></enable></guests></captiveportal>"
    (unread,) = policy(more=portal).unread
    assert unread.matters
    assert not policy(more="<captiveportal><guests></guests></captiveportal>").unread


def test_devices_and_descriptions_name_interfaces_too() -> None:
    assert policy().zones["opt1"] == ("opt1", "igb2", "CONF")


def test_ten_thousand_rules_are_read_in_seconds() -> None:
    import time

    rules = [
        on(
            "lan",
            "<protocol>tcp</protocol>",
            destination=f"<address>10.{n % 250}.{n // 250}.0/24</address>",
        )
        for n in range(10_000)
    ]
    started = time.process_time()
    assert len(policy(*rules).chains["in"].rules) > 10_000
    assert time.process_time() - started < 4
