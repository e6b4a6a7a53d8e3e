"""nftables rule sets of the packet filters, made from what the situation admits."""

from __future__ import annotations

from ipaddress import IPv4Network

from lab.situation import Forwarding
from lab.topology import (
    ADMIN_ADDRESS,
    FIREWALL,
    LOG_ADDRESS,
    MCU_ADDRESS,
    SCANNER_ADDRESS,
    Plan,
)

SIGNALLING_TCP = "{ 1720, 5060, 5061 }"
SIGNALLING_UDP = "{ 1719, 5060, 49152-65535 }"


def _set_of(prefixes: tuple[IPv4Network, ...]) -> str:
    return "{ " + ", ".join(str(prefix) for prefix in prefixes) + " }"


def _audit(inside: str, outside: str) -> tuple[str, ...]:
    """The scanner reaches everything that it audits."""
    way = f'iifname "{inside}" oifname {outside} ip saddr {SCANNER_ADDRESS}'
    return (
        f"{way} tcp dport 1-65535 accept",
        f"{way} udp dport 1-65535 accept",
        f"{way} icmp type echo-request accept",
    )


def _conferencing(inside: str, outside: str, near: str, far: str) -> tuple[str, ...]:
    """Signalling and media between conferencing segments, in one direction."""
    way = f"iifname {inside} oifname {outside} ip saddr {near} ip daddr {far}"
    return (
        f"{way} tcp dport {SIGNALLING_TCP} accept",
        f"{way} udp dport {SIGNALLING_UDP} accept",
    )


def _records(inside: str, outside: str, senders: str) -> tuple[str, ...]:
    """Records travel to the log server."""
    way = f"iifname {inside} oifname {outside} ip saddr {senders} ip daddr {LOG_ADDRESS}"
    return (f"{way} udp dport 514 accept", f"{way} tcp dport 514 accept")


def _provincial_permits(plan: Plan) -> tuple[str, ...]:
    endpoints = _set_of(plan.hnth[1:])
    both = '{ "hnth", "tslcd" }'
    routers = "{ " + ", ".join(str(address) for address in plan.uplinks.values()) + " }"
    return (
        *_audit("quantri", '{ "hnth", "maychu", "vanphong", "tslcd", "internet" }'),
        # no source address here: the MCU's own list of addresses is the control (D10.1-g)
        f'iifname "quantri" oifname "hnth" ip daddr {MCU_ADDRESS} tcp dport {{ 22, 445 }} accept',
        f'iifname "quantri" oifname "tslcd" ip saddr {ADMIN_ADDRESS} ip daddr {endpoints}'
        " tcp dport { 22, 443 } accept",
        f'iifname "quantri" oifname {{ "maychu", "tslcd" }} ip saddr {ADMIN_ADDRESS}'
        " tcp dport 22 accept",
        *_conferencing(both, both, _set_of(plan.hnth), _set_of(plan.hnth)),
        *_records('"hnth"', '"maychu"', str(plan.hnth[0])),
        *_records('"tslcd"', '"maychu"', endpoints),
        *_records('"tslcd"', '"maychu"', routers),
    )


def _site_permits(plan: Plan, router: str) -> tuple[str, ...]:
    behind = [z for z in plan.zones if z.gateway == router]
    own = next(z.prefix for z in behind if z.kind == "hnth")
    others = _set_of(tuple(prefix for prefix in plan.hnth if prefix != own))
    inside = "{ " + ", ".join(f'"{z.interface}"' for z in behind) + " }"
    return (
        *_audit("tslcd", inside),
        f'iifname "tslcd" oifname "hnth" ip saddr {ADMIN_ADDRESS} tcp dport {{ 22, 443 }} accept',
        *_conferencing('"tslcd"', '"hnth"', others, str(own)),
        *_conferencing('"hnth"', '"tslcd"', str(own), others),
        *_records('"hnth"', '"tslcd"', str(own)),
    )


def compliant_permits(plan: Plan, filter_id: str) -> tuple[str, ...]:
    """What that packet filter admits where nothing is wrong."""
    if filter_id == FIREWALL:
        return _provincial_permits(plan)
    return _site_permits(plan, filter_id)


_STATELESS_RETURN = (
    'oifname "quantri" ip daddr { 10.67.20.5, 10.67.20.10 } tcp dport 1024-65535 accept',
    'oifname "quantri" ip daddr { 10.67.20.5, 10.67.20.10 } udp dport 1024-65535 accept',
    'oifname "quantri" ip daddr { 10.67.20.5, 10.67.20.10 } ip protocol icmp accept',
)
"""How an access list without connection tracking lets replies back in to the administrators."""


def _stateless_return(plan: Plan) -> tuple[str, ...]:
    hnth = _set_of(plan.hnth)
    return (
        *_STATELESS_RETURN,
        'iifname { "hnth", "tslcd" } oifname { "hnth", "tslcd" }'
        f" ip saddr {hnth} ip daddr {hnth} tcp dport 1024-65535 accept",
    )


def ruleset(plan: Plan, filter_id: str, forwarding: Forwarding) -> str:
    """A complete rule set for `nft -f`: replaces whatever was there, in one transaction."""
    if forwarding.stateful:
        replies: tuple[str, ...] = (
            "ct state established,related accept",
            "ct state invalid drop",
        )
    else:
        replies = _stateless_return(plan)
    return _render(_input(filter_id), (*replies, *forwarding.permits))


def _input(filter_id: str) -> tuple[str, ...]:
    inside = "quantri" if filter_id == FIREWALL else "tslcd"
    return (
        "ct state established,related accept",
        'iifname "lo" accept',
        "icmp type echo-request accept",
        # refused rather than dropped for the scanner, so that a closed port is seen to be closed
        f'iifname "{inside}" ip saddr {SCANNER_ADDRESS} accept',
        f'iifname "{inside}" ip saddr {ADMIN_ADDRESS} tcp dport 22 accept',
    )


def _render(incoming: tuple[str, ...], forwarded: tuple[str, ...]) -> str:
    lines = [
        "flush ruleset",
        "table inet loc_goi {",
        "\tchain vao {",
        "\t\ttype filter hook input priority filter; policy drop;",
        *(f"\t\t{rule}" for rule in incoming),
        "\t}",
        "\tchain chuyen_tiep {",
        "\t\ttype filter hook forward priority filter; policy drop;",
        *(f"\t\t{rule}" for rule in forwarded),
        "\t}",
        "}",
    ]
    return "\n".join(lines) + "\n"


def server_ruleset(plan: Plan) -> str:
    """The log server's own filter: records from the devices, SSH from the administrators."""
    segments = ", ".join(str(prefix) for prefix in plan.hnth)
    senders = f"{{ {segments}, 10.67.20.1, 10.67.30.1, 172.16.0.0/24 }}"
    return _render(
        (
            "ct state established,related accept",
            'iifname "lo" accept',
            "icmp type echo-request accept",
            f"ip saddr {SCANNER_ADDRESS} accept",
            f"ip saddr {ADMIN_ADDRESS} tcp dport 22 accept",
            f"ip saddr {senders} udp dport 514 accept",
            f"ip saddr {senders} tcp dport 514 accept",
        ),
        (),
    )
