"""Answers of a Check Point management server, made piece by piece, and what they let through."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from rules.facts import Known, Unknown
from rules.packets.interpret import Decision, decide
from rules.packets.packet import Packet
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.model import Reading

Data = dict[str, Any]


def uid(name: str) -> str:
    """An identifier that belongs to the name."""
    digits = name.encode().hex().ljust(32, "0")[:32]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def thing(kind: str, name: str, **values: Any) -> Data:
    keyed = {key.replace("_", "-"): value for key, value in values.items()}
    return {"uid": uid(name), "name": name, "type": kind, **keyed}


THINGS = [
    thing("CpmiAnyObject", "Any"),
    *(thing("RulebaseAction", name) for name in ("Accept", "Drop", "Reject", "Inner Layer", "Ask")),
    thing("Global", "Policy Targets"),
    thing("Global", "Original"),
    thing("host", "mcu", ipv4_address="10.0.0.1"),
    thing("network", "lan", subnet4="10.0.1.0", mask_length4=24, broadcast="allow"),
    thing("host", "six", ipv6_address="2001:db8::1"),
    thing("address-range", "few", ipv4_address_first="10.0.1.5", ipv4_address_last="10.0.1.9"),
    thing("group", "both", members=[uid("mcu"), uid("lan")]),
    thing("group", "nobody knows"),
    thing("group", "itself", members=[uid("itself")]),
    thing("group-with-exclusion", "lan but few", include=uid("lan"), **{"except": uid("few")}),
    thing("access-role", "staff"),
    thing("dns-domain", ".example"),
    thing("security-zone", "inside"),
    thing("service-tcp", "https", port="443"),
    thing("service-tcp", "high", port=">1023"),
    thing("service-tcp", "signed", port="443", match_by_protocol_signature=True),
    thing("service-tcp", "from 20", port="1024-2048", source_port="20"),
    thing("service-udp", "sip", port="5060", accept_replies=True),
    thing("service-udp", "one way", port="514", accept_replies=False),
    thing("service-icmp", "echo", icmp_type=8),
    thing("service-other", "gre", ip_protocol=47),
    thing("service-other", "inspect", ip_protocol=17, match="dport=7"),
    thing("service-rpc", "nfs", program_number=100003),
    thing("service-group", "web and sip", members=[uid("https"), uid("sip")]),
    thing("application-site", "a web site"),
    thing("vpn-community-meshed", "community"),
    thing("time", "nights"),
]


def rule(number: int, action: str = "Accept", **columns: Any) -> Data:
    """A rule about everything, but for the columns that are given: names, or values as they are."""
    found: Data = {"uid": uid(f"r{number}{action}"), "name": f"r{number}", "type": "access-rule"}
    found["rule-number"] = number
    for column in ("source", "destination", "service"):
        found |= {column: [uid("Any")], f"{column}-negate": False}
    for column in ("vpn", "content", "time"):
        found[column] = [uid("Any")]
    found |= {"content-negate": False, "enabled": True, "action": uid(action)}
    found["install-on"] = [uid("Policy Targets")]
    for key, value in columns.items():
        named = isinstance(value, list) and all(isinstance(one, str) for one in value)
        found[key.replace("_", "-")] = [uid(one) for one in value] if named else value
    return found


def page(
    rules: Sequence[Data], name: str = "Network", first: int = 1, total: int | None = None
) -> Data:
    last = first + len(rules) - 1
    whole = {"from": first, "to": last, "total": last if total is None else total}
    return {"uid": uid(name), "name": name, "rulebase": list(rules), **whole}


def package(*layers: str, cleanup: str = "drop", **more: Any) -> Data:
    listed = [thing("access-layer", one, implicit_cleanup_action=cleanup) for one in layers]
    return thing("package", "Standard", access=True, access_layers=listed, nat_policy=False, **more)


GATEWAY = thing(
    "simple-gateway",
    "gw",
    ipv4_address="192.0.2.1",
    version="R81.20",
    interfaces=[
        {
            "name": "eth0",
            "ipv4-address": "192.0.2.1",
            "ipv4-mask-length": 24,
            "security-zone": True,
            "security-zone-settings": {"auto-calculated": False, "specific-zone": "inside"},
        },
        {
            "name": "eth1",
            "ipv4-address": "10.0.0.254",
            "ipv4-mask-length": 24,
            "security-zone": False,
        },
    ],
)
SERVERS = {
    "objects": [
        {
            **thing("CpmiHostCkp", "mgmt", ipv4_address="192.0.2.2"),
            "interfaces": [{"interface-name": "eth0", "ipv4-address": "192.0.2.2"}],
            "management-blades": {"network-policy-management": True},
        },
        {
            **thing("simple-gateway", "gw", ipv4_address="192.0.2.1"),
            "interfaces": [{"interface-name": "eth0", "ipv4-address": "192.0.2.1"}],
        },
    ],
    "from": 1,
    "to": 2,
    "total": 2,
}
OFF = ("rip", "domain-name-over-udp", "domain-name-over-tcp", "icmp-requests")
PROPERTIES = {"firewall": {f"accept-{one}": False for one in OFF}}
BESIDE = [{"objects-dictionary": THINGS}, GATEWAY, SERVERS, PROPERTIES]
"""All that stands beside rules and package, so that only these decide."""


def document(data: Any, name: str = "a.json") -> Document:
    content = json.dumps(data, indent=1).encode()
    return Document(content, name, "O", datetime(2026, 1, 5, tzinfo=UTC))


def read(*answers: Any) -> Reading:
    found = [document(one, f"{number}.json") for number, one in enumerate(answers)]
    return find("checkpoint").read(found)


def decision(answers: Sequence[Any], packet: Packet) -> Decision:
    fact = read(*answers).facts["filters"]
    assert isinstance(fact, Known), fact
    return decide(fact.value, packet)


def outcome(answers: Sequence[Any], packet: Packet) -> str:
    """`permit`, `deny` or `unknown`; the last also where the filters are."""
    fact = read(*answers).facts["filters"]
    if isinstance(fact, Unknown):
        return "unknown"
    return decide(fact.value, packet).answer


def of_rules(rules: Sequence[Data], packet: Packet) -> str:
    """The outcome where these are all rules of the only layer."""
    return outcome([page(rules), package("Network"), *BESIDE], packet)


PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47}


def packet(text: str, state: str = "new", entering: str = "") -> Packet:
    """`source > destination protocol [port [source port]]`."""
    source, _, destination, protocol, *ports = text.split()
    numbers = [int(one) for one in ports] + [0, 0]
    port, source_port = numbers[0], numbers[1]
    if protocol == "icmp":
        port, source_port = 0, port
    return Packet(
        ip_address(source),
        ip_address(destination),
        PROTOCOLS[protocol],
        source_port or 40000 * (protocol in {"tcp", "udp"}),
        port,
        entering=entering,
        state=state,
    )
