"""Small exports of RouterOS and questions about packets to their filters."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

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
