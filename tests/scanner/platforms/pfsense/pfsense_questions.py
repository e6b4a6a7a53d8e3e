"""Small pfSense and OPNsense files and questions about packets to their filters."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from rules.packets.fields import PROTOCOLS
from rules.packets.interpret import decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms.pfsense.config import config
from scanner.platforms.pfsense.policy import policy_of

INTERFACES = """<interfaces>
<wan><enable/><if>igb0</if><ipaddr>203.0.113.2</ipaddr><subnet>24</subnet>{wan}</wan>
<lan><enable/><if>igb1</if><descr>LAN</descr><ipaddr>10.0.0.1</ipaddr><subnet>24</subnet></lan>
<opt1><enable/><if>igb2</if><descr>CONF</descr><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></opt1>
</interfaces>"""
GATEWAYS = """<gateways>
<gateway_item><interface>wan</interface><gateway>203.0.113.1</gateway><name>GW</name></gateway_item>
</gateways>"""
ANY = "<any></any>"


def rule(*tags: str, source: str = ANY, destination: str = ANY, attributes: str = "") -> str:
    """One rule on one line."""
    ends = f"<source>{source}</source><destination>{destination}</destination>"
    return f"<rule{attributes}>{''.join(tags)}{ends}</rule>"


def on(interface: str, *tags: str, kind: str = "pass", **ends: str) -> str:
    """A rule of an interface for IPv4."""
    return rule(
        f"<type>{kind}</type><interface>{interface}</interface><ipprotocol>inet</ipprotocol>",
        *tags,
        **ends,
    )


def floating(kind: str, *tags: str, **ends: str) -> str:
    return rule(f"<type>{kind}</type><floating>yes</floating>", *tags, **ends)


def policy(
    *rules: str,
    product: str = "pfsense",
    wan: str = "",
    system: str = "<ipv6allow>1</ipv6allow>",
    more: str = "",
) -> Policy:
    """The policy of a file; the first of the rules is on line 10."""
    lines = [
        "<?xml version='1.0'?>",
        f"<{product}><system>{system}</system>{more.replace(chr(10), '')}",
        INTERFACES.format(wan=wan),
        GATEWAYS.replace("\n", ""),
        "<filter>",
        *rules,
        f"</filter></{product}>",
    ]
    document = Document("\n".join(lines).encode(), "config.xml", "O", datetime.now(UTC))
    found = config(document)
    assert found is not None
    return policy_of(found)


def packet(words: str) -> Packet:
    """`lan>opt1 10.0.0.5>10.1.0.5 tcp 443 established`."""
    through, ends, name, *more = words.split()
    entering, leaving = through.split(">")
    source, destination = ends.split(">")
    protocol = PROTOCOLS[name]
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


def answer(words: str, *rules: str, **more: str) -> tuple[str, int | None]:
    """The answer and the number of the rule that gives it, from 1."""
    decision = decide(policy(*rules, **more), packet(words))
    line = decision.rule.line - 9 if decision.rule is not None else None
    return decision.answer, line
