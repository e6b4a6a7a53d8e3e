"""Questions about packets: what is asked, what is answered, and what is no question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inventory.text import Text
from rules.facts import Citation, Known, Unknown
from rules.packets.fields import ICMP_V6, SYN
from rules.packets.policy import Chain, Policy, Region, Rule, Stage, Unread, not_understood
from rules.packets.sets import names, numbers
from scanner.packet_questions import BadQuestion, Filter, NoFilter, question

WEB = Region(
    protocol=numbers([(6, 6)]), destination_port=numbers([(443, 443)]), entering=names("wan")
)
POLICY = Policy(
    (Stage("forward"),),
    {
        "forward": Chain(
            "forward",
            (
                Rule("jump", 3, "jump web", (WEB,), target="web"),
                Rule("permit", 4, "accept icmp", (Region(protocol=numbers([(1, 1)])),)),
                *not_understood(5, "strange", "match strange"),
            ),
            "deny",
            1,
        ),
        "web": Chain("web", (Rule("permit", 9, "accept", file="web.nft"),)),
    },
    zones={"outside": ("wan", "wan2"), "inside": ("lan",)},
)


def asked(policy: Policy = POLICY, **changes: Any) -> dict[str, Any]:
    fields = {"src": "192.0.2.1", "dst": "192.0.2.2", "dport": 443, "from": "wan", **changes}
    fact = Known(policy, (Citation("O", "fw.nft", 1),))
    return Filter.of({"filters": fact}, "x").answer(question(fields))


def test_the_answer_names_the_line_and_what_led_there() -> None:
    assert asked() == {
        "action": "permit",
        "file": "web.nft",
        "line": 9,
        "text": "accept",
        "path": [{"file": "fw.nft", "line": 3, "text": "jump web"}],
        "why": None,
    }


def test_a_line_that_is_not_understood_leaves_what_earlier_ones_decide() -> None:
    assert asked(proto="icmp", dport=0)["line"] == 4
    unknown = asked(dport=80)
    assert (unknown["action"], unknown["line"], unknown["why"]) == ("unknown", 5, "match strange")
    policy = replace(POLICY, unread=(Unread(7, "include x", "not at hand"),))
    assert asked(policy)["action"] == "unknown"
    assert asked(policy)["why"] == "line 7: not at hand"
    quiet = replace(POLICY, unread=(Unread(7, "comment", "a comment", matters=False),))
    assert asked(quiet)["action"] == "permit"


def test_the_end_of_a_chain_decides_with_its_own_line() -> None:
    chains = {**POLICY.chains, "forward": Chain("forward", (), "deny", 1)}
    answer = asked(replace(POLICY, chains=chains))
    assert (answer["action"], answer["line"], answer["text"]) == ("deny", 1, "end of forward")
    nothing = asked(replace(POLICY, stages=()))
    assert (nothing["action"], nothing["text"]) == ("permit", "no filter concerns this packet")


def test_a_zone_stands_for_its_interfaces_where_the_filter_speaks_of_these() -> None:
    assert asked(**{"from": "inside"})["action"] == "unknown"  # the strange line
    chain = POLICY.chains["forward"]
    clear = {**POLICY.chains, "forward": replace(chain, rules=chain.rules[:1])}
    answer = asked(replace(POLICY, chains=clear), **{"from": "outside"})
    assert answer["action"] == "unknown"
    assert "all interfaces" in answer["why"]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "src"),
        ({"src": "192.0.2.1"}, "dst"),
        ({"src": "192.0.2.1", "dst": "2001:db8::1"}, "no such packet"),
        ({"src": "192.0.2.1", "dst": "192.0.2.300"}, "dst"),
        ({"src": "192.0.2.1", "dst": "192.0.2.2", "proto": "tpc"}, "tpc"),
        ({"src": "192.0.2.1", "dst": "192.0.2.2", "dport": 65536}, "dport"),
        ({"src": "192.0.2.1", "dst": "192.0.2.2", "dport": "80"}, "dport"),
        ({"src": "192.0.2.1", "dst": "192.0.2.2", "sport": True}, "sport"),
        ({"src": "192.0.2.1", "dst": "192.0.2.2", "state": "old"}, "state"),
        ({"src": "192.0.2.1", "dst": "192.0.2.2", "port": 1}, "keys"),
        (["src"], "JSON object"),
        (None, "JSON object"),
    ],
)
def test_what_is_no_question_is_said(fields: Any, word: str) -> None:
    with pytest.raises(BadQuestion, match=word):
        question(fields)


def test_what_is_left_out_is_what_a_first_packet_has() -> None:
    packet = question({"src": "2001:db8::1", "dst": "2001:db8::2", "proto": "icmp"})
    assert (packet.protocol, packet.source_port) == (ICMP_V6, 128)
    packet = question({"src": "192.0.2.1", "dst": "192.0.2.2", "proto": 6})
    assert (packet.flags, packet.source_port, packet.state) == (SYN, 49152, "new")


def test_without_a_filter_there_is_no_answer() -> None:
    with pytest.raises(NoFilter, match="no packet filter"):
        Filter.of({}, "x")
    with pytest.raises(NoFilter, match="why"):
        Filter.of({"filters": Unknown(Text(vi="vì sao", en="why"))}, "x")
