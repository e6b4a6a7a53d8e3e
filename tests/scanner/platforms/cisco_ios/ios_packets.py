"""Questions to a configuration: a packet in words, the answer and the line that gives it."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from rules.facts import Known
from rules.packets.fields import protocol_number
from rules.packets.interpret import Decision, decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms.cisco_ios import read
from scanner.platforms.model import Reading

INTERFACES = """\
service timestamps log datetime msec
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip access-group A in
interface GigabitEthernet0/1
 ip address 10.0.0.1 255.255.255.0
"""


def saved(text: str) -> Document:
    return Document(text.encode(), "router.cfg", "O", datetime(2026, 1, 1, tzinfo=UTC))


def reading(text: str) -> Reading:
    return read([saved(text)])


def known(text: str) -> dict[str, Any]:
    facts = reading(text).facts
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


def policy(text: str) -> Policy:
    fact = reading(text).facts["filters"]
    assert isinstance(fact, Known)
    value = fact.value
    assert isinstance(value, Policy)
    return value


def packet(words: str, entering: str = "GigabitEthernet0/0", leaving: str = "") -> Packet:
    """`tcp 192.0.2.9:1024 > 10.0.0.9:443 [state]`, `icmp 192.0.2.9:8 > 10.0.0.9:0`."""
    protocol, source, _, destination, *state = words.split()
    number = protocol_number(protocol) or 0
    ends = [
        end.rsplit(":", 1) if end.count(":") == 1 else [end, "0"] for end in (source, destination)
    ]
    named = state[0] if state else "new"
    return Packet(
        ip_address(ends[0][0].strip("[]")),
        ip_address(ends[1][0].strip("[]")),
        number,
        int(ends[0][1]),
        int(ends[1][1]),
        usual_flags(number, named),
        entering,
        leaving,
        named,
    )


def asked(
    text: str, words: str, entering: str = "GigabitEthernet0/0", leaving: str = ""
) -> Decision:
    return decide(policy(text), packet(words, entering, leaving))


def said(
    text: str, words: str, entering: str = "GigabitEthernet0/0", leaving: str = ""
) -> tuple[str, str]:
    """The answer and the text of the line; the end of the chain where none decides."""
    decision = asked(text, words, entering, leaving)
    if decision.rule is None:
        return decision.answer, f"end of {decision.chain}" if decision.chain else ""
    line = text.splitlines()[decision.rule.line - 1].strip()
    assert decision.rule.text == line or "implicit" in decision.rule.text
    return decision.answer, decision.rule.text
