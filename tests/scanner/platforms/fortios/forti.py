"""Small FortiGate configurations for tests, and packets to ask them about."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from rules.facts import Known
from rules.packets.fields import protocol_number
from rules.packets.interpret import Decision, decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.model import Reading

FORTIOS = find("fortios")

SHARED = """\
config system global
    set allow-traffic-redirect disable
    set ipv6-allow-traffic-redirect disable
end
config system interface
    edit "wan"
        set ip 203.0.113.1 255.255.255.0
    next
    edit "lan"
        set ip 10.1.0.1 255.255.0.0
    next
    edit "dmz"
        set ip 10.2.0.1 255.255.0.0
    next
    edit "v10"
        set vlanid 10
    next
    edit "v20"
        set vlanid 20
    next
end
config firewall address
    edit "all"
    next
    edit "mcu"
        set subnet 10.2.0.10 255.255.255.255
    next
    edit "net1"
        set subnet 10.1.0.0 255.255.0.0
    next
end
"""


def document(text: str, source: str = "fw.conf") -> Document:
    return Document(text.encode(), source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def reading(text: str) -> Reading:
    return FORTIOS.read([document(text)])


def filters(text: str) -> Policy:
    fact = reading(text).facts["filters"]
    assert isinstance(fact, Known), fact
    policy = fact.value
    assert isinstance(policy, Policy)
    return policy


def policy(number: int, **settings: str) -> str:
    """A policy from lan to dmz that accepts everything, with other settings where they are given;
    an empty one is left out.
    """
    usual = {
        "srcintf": '"lan"',
        "dstintf": '"dmz"',
        "action": "accept",
        "srcaddr": '"all"',
        "dstaddr": '"all"',
        "schedule": '"always"',
        "service": '"ALL"',
    }
    lines = {**usual, **{key.replace("_", "-"): value for key, value in settings.items()}}
    body = "".join(f"        set {key} {value}\n" for key, value in lines.items() if value)
    return f"    edit {number}\n{body}    next\n"


def policies(*several: str) -> str:
    return "config firewall policy\n" + "".join(several) + "end\n"


def asked(text: str, question: str) -> Decision:
    """`lan>dmz 10.1.0.5>10.2.0.10 tcp/443 [from 1024] [established]`."""
    return decide(filters(text), packet(question))


def packet(question: str) -> Packet:
    places, addresses, service, *more = question.split()
    entering, leaving = places.split(">")
    source, destination = addresses.split(">")
    name, _, port = service.partition("/")
    words = iter(more)
    state, source_port = "new", 40000
    for word in words:
        if word == "from":
            source_port = int(next(words))
        else:
            state = word
    protocol = protocol_number(name)
    assert protocol is not None
    if name in {"icmp", "icmp6"}:
        source_port, port = int(port or 8), "0"
    return Packet(
        ip_address(source),
        ip_address(destination),
        protocol,
        source_port if protocol in {1, 6, 17, 58, 132} else 0,
        int(port or 0),
        usual_flags(protocol, state),
        entering,
        leaving,
        state,
    )


def line_of(text: str, part: str) -> int:
    """The first line that holds the part."""
    return next(n for n, line in enumerate(text.split("\n"), start=1) if part in line)
