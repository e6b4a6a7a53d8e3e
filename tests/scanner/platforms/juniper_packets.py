"""A packet and the answer that a configuration gives, in few words, for tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from rules.facts import Known
from rules.packets.fields import protocol_number
from rules.packets.interpret import decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import find

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def document(text: str) -> Document:
    return Document(text.encode(), "file", "O", NOW)


def facts(family: str, text: str) -> dict[str, Any]:
    """Values of what is known."""
    read = find(family).read([document(text)]).facts
    return {name: fact.value for name, fact in read.items() if isinstance(fact, Known)}


def policy(family: str, text: str) -> Policy:
    found = find(family).read([document(text)]).facts["filters"]
    assert isinstance(found, Known), found
    value: Policy = found.value
    return value


def packet(text: str, state: str = "new") -> Packet:
    """`trust>untrust 10.0.0.1>10.0.0.2 tcp/80`; for ICMP `icmp/8`."""
    places, ends, service = text.split()
    entering, leaving = places.split(">")
    source, goal = (ip_address(end) for end in ends.split(">"))
    name, _, port = service.partition("/")
    protocol = protocol_number(name)
    assert protocol is not None
    number = int(port or 0)
    own = (number, 0) if protocol in {1, 58} else (49152, number)
    flags = usual_flags(protocol, state)
    return Packet(source, goal, protocol, own[0], own[1], flags, entering, leaving, state)


def answer(given: Policy, text: str, state: str = "new") -> str:
    """`permit 5`: the answer and the line that decides; the line of the default at the end."""
    decision = decide(given, packet(text, state))
    line = decision.rule.line if decision.rule is not None else None
    if line is None and decision.chain in given.chains:
        line = given.chains[decision.chain].line
    return f"{decision.answer} {line or '-'}"
