"""Port forwards and one-to-one NAT of pfSense and OPNsense: what the filter is asked about.

Expected answers after pf.conf(5), "TRANSLATION" (the first match decides, filters see translated
packets, packets of a known connection are not asked again) and the pfSense documentation, "Port
Forwards", "1:1 NAT" and "Ordering of NAT and Firewall Processing" (port forwards come before 1:1).
"""

from __future__ import annotations

import pytest

from rules.packets.interpret import decide
from tests.scanner.platforms.pfsense.pfsense_questions import answer, on, packet, policy


def forward(
    *tags: str, to: str = "10.1.0.5", port: str = "443", sent: str = "4443", protocol: str = "tcp"
) -> str:
    """A port forward for the address of the interface."""
    local = f"<local-port>{port}</local-port>" if port else ""
    ports = f"<port>{sent}</port>" if sent else ""
    return (
        "<rule><source><any></any></source>"
        f"<destination><network>wanip</network>{ports}</destination>"
        f"<protocol>{protocol}</protocol><target>{to}</target>{local}<interface>wan</interface>"
        f"{''.join(tags)}</rule>"
    )


def mapping(*tags: str, external: str = "203.0.113.9", inner: str = "10.1.0.5") -> str:
    return (
        f"<onetoone><external>{external}</external><interface>wan</interface>"
        f"<source><address>{inner}</address></source>{''.join(tags)}</onetoone>"
    )


HTTPS = "<address>10.1.0.5</address><port>443</port>"
ALLOW = on("wan", "<protocol>tcp</protocol>", destination=HTTPS)
SENT = "wan>opt1 8.8.8.8>203.0.113.2 tcp 4443"
MAPPED = "wan>opt1 8.8.8.8>203.0.113.9 tcp 443"
EXCEPT = "<nordr></nordr>"
ALIAS = (
    "<aliases><alias><name>one</name><type>host</type><address>10.1.0.5</address></alias>"
    "<alias><name>two</name><type>host</type><address>10.1.0.5 10.1.0.6</address></alias></aliases>"
)


@pytest.mark.parametrize(
    ("lines", "question", "expected"),
    [
        ([forward()], SENT, "permit"),
        ([forward()], SENT.replace("4443", "4444"), "unknown"),  # to the box itself
        ([forward()], SENT.replace("wan>", "lan>"), "unknown"),
        ([forward(port="444")], SENT, "deny"),
        ([forward(to="10.1.0.6")], SENT, "deny"),
        ([forward(protocol="udp")], SENT, "unknown"),
        ([forward(protocol="tcp/udp")], SENT, "permit"),
        # an exception keeps packets from the lines behind it
        ([forward(EXCEPT), forward()], SENT, "unknown"),
        ([forward(EXCEPT, sent="1"), forward()], SENT, "permit"),
        ([forward(to="10.1.0.6"), forward()], SENT, "deny"),
        ([forward("<disabled></disabled>")], SENT, "unknown"),
        # names for one host and for several
        ([forward(to="one")], SENT, "permit"),
        ([forward(to="two")], SENT, "unknown"),
        ([forward(to="nobody")], SENT, "unknown"),
        ([forward(to="127.0.0.1")], SENT, "unknown"),
        # ports from the local one on
        ([forward(sent="443-450")], SENT.replace("4443", "443"), "permit"),
        ([forward(sent="443-450")], SENT.replace("4443", "444"), "deny"),
        ([forward(sent="442-450")], SENT.replace("4443", "443"), "unknown"),
        ([mapping()], MAPPED, "permit"),
        ([mapping()], MAPPED.replace("443", "444"), "deny"),
        ([mapping(inner="10.1.0.6")], MAPPED, "deny"),
        ([mapping(external="203.0.113.8", inner="10.1.0.4/30")], MAPPED, "permit"),
        (
            [mapping(external="203.0.113.8", inner="10.1.0.4/30")],
            MAPPED.replace("113.9", "113.10"),
            "deny",
        ),
        ([mapping("<nobinat></nobinat>"), mapping()], MAPPED, "deny"),
        ([mapping("<ofanewrelease></ofanewrelease>")], MAPPED, "unknown"),
        ([mapping("<destination><address>8.8.8.8</address></destination>")], MAPPED, "unknown"),
        ([mapping("<destination><any></any></destination>")], MAPPED, "permit"),
        # a port forward comes before a mapping, whatever their places
        (
            [mapping(external="203.0.113.2", inner="10.1.0.6"), forward()],
            SENT,
            "permit",
        ),
        (
            [mapping(external="203.0.113.2", inner="10.1.0.5")],
            SENT.replace("4443", "443"),
            "permit",
        ),
    ],
)
def test_the_filter_sees_the_translated_destination(
    lines: list[str], question: str, expected: str
) -> None:
    more = f"<nat>{''.join(lines)}</nat>{ALIAS}"
    assert answer(question, ALLOW, more=more)[0] == expected


def test_a_forward_that_passes_asks_no_filter() -> None:
    passing = "<associated-rule-id>pass</associated-rule-id>"
    assert answer(SENT, more=f"<nat>{forward(passing)}</nat>")[0] == "permit"
    assert answer(SENT, more=f"<nat>{forward()}</nat>")[0] == "deny"


def test_the_forward_stands_on_the_path() -> None:
    decision = decide(policy(ALLOW, more=f"<nat>{forward()}</nat>"), packet(SENT))
    assert [rule.text for rule in decision.path] == ["<rule> port forward to 10.1.0.5 port 443"]
    assert decision.rule is not None
    assert decision.rule.line == 10


def test_a_known_connection_passes() -> None:
    found = answer(f"{SENT} established", more=f"<nat>{forward()}</nat>")
    assert found[0] == "permit"


def test_a_switch_of_opnsense_without_a_value_leaves_doubt() -> None:
    lines = f"<nat>{forward('<nordr/>')}{forward()}</nat>"
    assert answer(SENT, ALLOW, product="opnsense", more=lines)[0] == "unknown"
    lines = f"<nat>{forward('<nordr>0</nordr>')}</nat>"
    assert answer(SENT, ALLOW, product="opnsense", more=lines)[0] == "permit"
