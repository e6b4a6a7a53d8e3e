"""`connection-nat-state`: whether the filter lets a translated connection pass.

Expected answers after RouterOS documentation, "Common Firewall Matchers and Actions" (the matcher
names connections whose destination or source was translated), "Packet Flow in RouterOS" (dstnat
before the filter, srcnat behind it) and "NAT" (the first packet of a connection decides).
"""

from __future__ import annotations

import pytest

from rules.packets.interpret import decide
from rules.packets.policy import Region
from rules.packets.prove import leaks
from rules.packets.sets import names
from scanner.platforms.netconfig.addresses import prefix
from tests.scanner.platforms.mikrotik_routeros.routeros_questions import (
    FIRST,
    answer,
    packet,
    policy,
)

NAT, FILTER = "/ip firewall nat", "/ip firewall filter"
TO = (
    "add action=dst-nat chain=dstnat dst-address=203.0.113.5 dst-port=443 protocol=tcp "
    "to-addresses=10.1.0.1 to-ports=8443"
)
ONLY_SENT_ON = "add action=drop chain=forward connection-nat-state=!dstnat connection-state=new"
SENT_ON = "add action=accept chain=forward connection-nat-state=dstnat"
DROP = "add action=drop chain=forward"
PUBLIC = "wan>lan 198.51.100.9>203.0.113.5 tcp 443"
DIRECT = "wan>lan 198.51.100.9>10.1.0.1 tcp 8443"


@pytest.mark.parametrize(
    ("translations", "filters", "question", "expected"),
    [
        ([TO], [ONLY_SENT_ON], PUBLIC, "permit"),
        ([TO], [ONLY_SENT_ON], DIRECT, "deny"),
        ([TO], [ONLY_SENT_ON], PUBLIC.replace("443", "80"), "deny"),
        ([TO], [SENT_ON, DROP], PUBLIC, "permit"),
        ([TO], [SENT_ON, DROP], DIRECT, "deny"),
        # the other conditions of the line speak of the translated packet
        ([TO], [SENT_ON + " dst-address=10.1.0.1", DROP], PUBLIC, "permit"),
        ([TO], [SENT_ON + " dst-address=203.0.113.5", DROP], PUBLIC, "deny"),
        ([TO], [SENT_ON + " dst-port=8443 protocol=tcp", DROP], PUBLIC, "permit"),
        # what is kept from the translation, or not known to be translated
        (["add chain=dstnat src-address=198.51.100.9", TO], [ONLY_SENT_ON], PUBLIC, "deny"),
        (["add chain=dstnat limit=1,5:packet", TO], [ONLY_SENT_ON], PUBLIC, "unknown"),
        ([TO.replace("10.1.0.1 ", "10.1.0.1-10.1.0.9 ")], [ONLY_SENT_ON], PUBLIC, "unknown"),
        ([TO.replace("10.1.0.1 ", "203.0.113.5 ")], [ONLY_SENT_ON], PUBLIC, "unknown"),
        # through a chain of one's own
        (
            [TO],
            ["add action=jump chain=forward jump-target=in", SENT_ON.replace("=forward", "=in"),
             DROP],
            PUBLIC,
            "permit",
        ),
        # later packets follow their connection, related ones may be translated without a line
        ([TO], [SENT_ON, DROP], f"{DIRECT} established", "unknown"),
        ([TO], [ONLY_SENT_ON], f"{DIRECT} established", "permit"),
        (["add action=masquerade chain=srcnat"], [SENT_ON, DROP], DIRECT, "deny"),
        (["add action=masquerade chain=srcnat"], [SENT_ON, DROP], f"{DIRECT} related", "unknown"),
        # sources are translated behind the filter
        (["add action=masquerade chain=srcnat"], [SENT_ON.replace("dst", "src"), DROP], DIRECT,
         "deny"),
        ([TO], [SENT_ON.replace("=dstnat", "=srcnat,dstnat"), DROP], PUBLIC, "permit"),
    ],
)  # fmt: skip
def test_the_filter_knows_which_first_packets_are_translated(
    translations: list[str], filters: list[str], question: str, expected: str
) -> None:
    assert answer(question, NAT, *translations, FILTER, *filters)[0] == expected


def test_what_is_sent_on_to_the_router_itself_meets_the_input_chain() -> None:
    to_it = TO.replace("10.1.0.1", "192.168.88.1")
    accept = SENT_ON.replace("=forward", "=input")
    lines = [NAT, to_it, FILTER, accept, DROP.replace("=forward", "=input")]
    assert answer(PUBLIC, *lines) == ("permit", 3)
    assert answer("wan>lan 198.51.100.9>192.168.88.1 tcp 8443", *lines) == ("deny", 4)


def test_the_lines_of_nat_stand_on_the_path() -> None:
    out = "add action=src-nat chain=srcnat out-interface=lan to-addresses=10.1.0.254"
    decision = decide(policy(NAT, TO, out, FILTER, SENT_ON, DROP), packet(PUBLIC))
    assert decision.rule is not None
    assert decision.rule.line - FIRST == 4
    assert {rule.line - FIRST for rule in decision.path} == {1, 2}


def test_the_proof_tells_them_apart_as_well() -> None:
    traffic = Region(source=prefix("198.51.100.0/24"), state=names("new"))
    lines = [NAT, TO, FILTER, SENT_ON, DROP, "add action=drop chain=input"]
    found = leaks(policy(*lines), traffic, [])
    assert [str(one.witness.destination) for one in found.findings] == ["203.0.113.5"]
    assert found.findings[0].certain
