"""Aliases, NAT and the rules of OPNsense, packet by packet."""

from __future__ import annotations

import pytest

from tests.scanner.platforms.pfsense.pfsense_questions import (
    ANY,
    answer,
    floating,
    on,
    policy,
)

TCP = "lan>opt1 10.0.0.5>10.1.0.5 tcp 443"
PASS, BLOCK = on("lan"), on("lan", kind="block")
NET, HOST = "<network>lan</network>", "<address>10.1.0.5</address>"
INBOUND = "<direction>in</direction>"

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
        ("", "wan>opt1 8.8.8.8>203.0.113.2 tcp 4443", "deny"),
        ("pass", "wan>opt1 8.8.8.8>203.0.113.2 tcp 4443", "permit"),
    ],
)
def test_port_forwards(associated: str, words: str, expected: str) -> None:
    assert answer(words, more=forward(associated))[0] == expected


def test_one_to_one_nat() -> None:
    mapped = (
        "<nat><onetoone><external>203.0.113.9</external><interface>wan</interface>"
        "<source><address>10.1.0.5</address></source></onetoone></nat>"
    )
    assert answer("wan>opt1 8.8.8.8>203.0.113.9 tcp 443", more=mapped)[0] == "deny"
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


def test_ten_thousand_rules_are_read() -> None:
    rules = [
        on(
            "lan",
            "<protocol>tcp</protocol>",
            destination=f"<address>10.{n % 250}.{n // 250}.0/24</address>",
        )
        for n in range(10_000)
    ]
    assert len(policy(*rules).chains["in"].rules) > 10_000
