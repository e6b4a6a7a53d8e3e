"""Sets of packets in the words of a service list: `tcp 5060-5061`, `icmp`, everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inventory.text import Text
from rules.packets.boxes import PORT, PROTOCOL, Box
from rules.packets.fields import ALL_PORTS, ICMP, ICMP_V6, TCP, UDP, WITH_PORTS
from rules.packets.sets import Interval, Numbers, numbers

EVERYTHING = Text(vi="mọi dịch vụ", en="any service")
OTHER_PROTOCOLS = Text(vi="giao thức khác", en="other protocols")
NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMP_V6: "icmpv6", 47: "gre", 50: "esp", 51: "ah",
         89: "ospf", 112: "vrrp", 132: "sctp"}  # fmt: skip
_ORDER = (TCP, UDP, ICMP, ICMP_V6)
_WITHOUT_ICMP = [n for n in range(256) if n not in {ICMP, ICMP_V6}]
MOST_SHOWN = 4
MOST_OTHERS = 3
"""More further protocols than this are not named one by one."""


def services(boxes: Sequence[Box]) -> tuple[Text, ...]:
    """What the packets are for, TCP first, each protocol's ports in their order."""
    ports = _ports_by_protocol(boxes)
    if _is_everything(ports):
        return (EVERYTHING,)
    found: list[Text] = []
    for protocol in (n for n in _ORDER if n in ports):
        found.extend(_of(protocol, ports[protocol]))
    others = [n for n in ports if n not in _ORDER]
    if len(others) > MOST_OTHERS:
        return (*found, OTHER_PROTOCOLS)
    return (*found, *(_same(NAMES.get(n, f"ip {n}")) for n in others))


def listing(several: Sequence[Text]) -> Text:
    """The first of them in one line: `tcp 22, 445, udp 161 …+3`."""
    more = len(several) - MOST_SHOWN
    rest = f" …+{more}" if more > 0 else ""
    shown = several[:MOST_SHOWN]
    return Text(vi=_joined(t.vi for t in shown) + rest, en=_joined(t.en for t in shown) + rest)


def _joined(words: Iterable[str]) -> str:
    """Ports of one protocol stand behind its name once."""
    found: list[str] = []
    protocol = ""
    for word in words:
        name, _, ports = word.partition(" ")
        found.append(ports if name == protocol and ports[:1].isdigit() else word)
        protocol = name
    return ", ".join(found)


def _ports_by_protocol(boxes: Sequence[Box]) -> dict[int, Numbers]:
    found: dict[int, set[Interval]] = {}
    for protocols, ports in {(box[PROTOCOL], box[PORT]) for box in boxes}:
        for protocol in range(protocols[0], protocols[1] + 1):
            found.setdefault(protocol, set()).add(ports)
    return {protocol: numbers(found[protocol]) for protocol in sorted(found)}


def _is_everything(ports: dict[int, Numbers]) -> bool:
    """Every protocol that one version of IP can carry, with every port."""
    return (
        (ICMP in ports or ICMP_V6 in ports)
        and all(protocol in ports for protocol in _WITHOUT_ICMP)
        and all(_all_ports(ports[protocol]) for protocol in WITH_PORTS)
    )


def _all_ports(ports: Numbers) -> bool:
    first, last = ALL_PORTS.intervals[0]
    return any(a <= max(first, 1) and last <= b for a, b in ports.intervals)


def _of(protocol: int, ports: Numbers) -> list[Text]:
    name = NAMES[protocol]
    if protocol in {ICMP, ICMP_V6}:
        return [_same(name)]
    if _all_ports(ports):
        return [Text(vi=f"{name} mọi cổng", en=f"{name} all ports")]
    return [
        _same(f"{name} {first}" if first == last else f"{name} {first}-{last}")
        for first, last in ports.intervals
    ]


def _same(word: str) -> Text:
    return Text(vi=word, en=word)
