"""Packets and answers in few words, for tables of cases."""

from __future__ import annotations

from ipaddress import ip_address

from rules.packets import fields
from rules.packets.interpret import decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy


def packet(text: str) -> Packet:
    """`tcp 10.0.0.1:40000 > 10.0.0.2:22 eth0 > eth1 established syn`; what is not said is usual."""
    words = text.split()
    protocol = fields.protocol_number(words[0])
    assert protocol is not None
    (source, near), (destination, far) = _end(words[1]), _end(words[3])
    rest = words[4:]
    state = next((word for word in rest if word in fields.STATES), "new")
    names = [word for word in rest if word not in fields.STATES and word not in _FLAGS]
    given = [_FLAGS[word] for word in rest if word in _FLAGS]
    entering, leaving = (names[0], names[2]) if len(names) == 3 else ("eth0", "eth1")
    flags = sum(given) if given else usual_flags(protocol, state)
    return Packet(
        ip_address(source),
        ip_address(destination),
        protocol,
        near,
        far,
        flags,
        entering,
        leaving,
        state,
    )


_FLAGS = {name.lower(): bit for name, bit in fields.FLAGS.items()}


def _end(text: str) -> tuple[str, int]:
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        return address, int(port[1:] or 0)
    address, colon, port = text.rpartition(":")
    return (address, int(port)) if colon and ":" not in address else (text, 0)


def answer(policy: Policy, text: str) -> str:
    """`permit 4`: the answer and the line that decides; `permit` where a chain's end does."""
    decision = decide(policy, packet(text))
    line = decision.rule.line if decision.rule is not None else ""
    return f"{decision.answer} {line}".strip()
