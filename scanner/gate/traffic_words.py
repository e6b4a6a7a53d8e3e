"""Packets and lines of a change in one line each, for a terminal and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import summarize_address_range
from typing import Any

from inventory.text import Text
from rules.packets.fields import PROTOCOLS, V6_FROM, address_at
from rules.packets.policy import Region
from rules.packets.sets import Interval, Names, Numbers
from scanner.evidence import printable
from scanner.gate.traffic import DecidingLine, DeviceTraffic, TrafficChange

SHOWN = 3
"""So many values of a field are written out."""
LISTED = 10
"""So many lines of a device are written out; the JSON form has all."""

_SPOKEN = {number: name for name, number in reversed(PROTOCOLS.items())} | {1: "icmp", 58: "icmp6"}


def lines_of(traffic: DeviceTraffic) -> Iterator[Text]:
    """What differs, a line for each deciding line and one for each doubt."""
    for change in traffic.changes[:LISTED]:
        yield from _spoken(change)
    if (more := len(traffic.changes) - LISTED) > 0:
        yield _MORE.format(count=str(more))
    yield from map(not_compared, traffic.open)


def not_compared(reason: str) -> Text:
    """That the picture is incomplete, and why."""
    return _OPEN.format(reason=printable(reason))


def in_one_line(change: TrafficChange) -> Text:
    """The packets, the line that decides now with a witness, and the line that did before."""
    parts = list(_spoken(change))
    return Text(
        vi="; ".join(part.vi.strip() for part in parts),
        en="; ".join(part.en.strip() for part in parts),
    )


def _spoken(change: TrafficChange) -> Iterator[Text]:
    words = _CERTAIN if change.certain else _PERHAPS
    yield words[change.kind].format(packets=region_words(change.packets))
    yield _NOW.format(line=line_words(change.new), witness=packet_words(change))
    also = f" (+{len(change.others)})" if change.others else ""
    yield _BEFORE.format(line=line_words(change.old) + also)
    if change.why:
        yield _WHY.format(why=printable(change.why))


def plain(traffic: DeviceTraffic) -> dict[str, Any]:
    """The same with stable names, for programs."""
    return {
        "device": traffic.device,
        "changes": [
            {
                "kind": one.kind,
                "certain": one.certain,
                "packets": region_words(one.packets),
                "witness": _fields(one),
                "line": _plain_line(one.new),
                "before": [_plain_line(line) for line in (one.old, *one.others)],
                "why": one.why or None,
            }
            for one in traffic.changes
        ],
        "open": list(traffic.open),
    }


def _plain_line(line: DecidingLine) -> dict[str, Any]:
    return {"file": line.file or None, "line": line.line, "text": line.text}


def _fields(change: TrafficChange) -> dict[str, Any]:
    """Under the names of the options of `hnth packet`."""
    packet = change.witness
    return {
        "from": _written(packet.entering),
        "to": _written(packet.leaving),
        "src": str(packet.source),
        "dst": str(packet.destination),
        "proto": _SPOKEN.get(packet.protocol, str(packet.protocol)),
        "sport": packet.source_port,
        "dport": packet.destination_port,
        "state": packet.state,
    }


def packet_words(change: TrafficChange) -> str:
    """The witness in short: `tcp 10.1.2.3 → 10.67.0.5:443`."""
    packet = change.witness
    port = f":{packet.destination_port}" if packet.has_ports else ""
    name = _SPOKEN.get(packet.protocol, str(packet.protocol))
    return f"{name} {packet.source} → {packet.destination}{port}"


def line_words(line: DecidingLine) -> str:
    """`fw.conf:12: permit tcp any any`."""
    where = line.file if line.line is None else f"{line.file}:{line.line}"
    return f"{printable(where)}: {printable(line.text)}"


def region_words(region: Region) -> str:
    """The packets in short: `tcp 10.0.0.0/8 → 10.67.0.0/16 port 443, from eth0`."""
    said = [
        _listed(region.protocol, _protocols),
        _listed(region.source, _addresses),
        "→",
        _listed(region.destination, _addresses),
    ]
    if region.destination_port is not None:
        said.append(f"port {_listed(region.destination_port, _spans)}")
    if region.source_port is not None and region.destination_port is None:
        said.append(f"sport {_listed(region.source_port, _spans)}")
    words = " ".join(said)
    for before, names in (("from", region.entering), ("to", region.leaving)):
        if names is not None:
            words += f", {before} {_names(names)}"
    if region.state is not None:
        words += f", {'/'.join(sorted(region.state.exact))}"
    return words


def _listed(values: Numbers | None, words: Any) -> str:
    if values is None:
        return "any"
    found = words(values.intervals[: SHOWN + 1])
    more = "…" if len(found) > SHOWN or len(values.intervals) > SHOWN else ""
    return ",".join(found[:SHOWN]) + more


def _spans(intervals: Sequence[Interval]) -> list[str]:
    return [str(a) if a == b else f"{a}-{b}" for a, b in intervals]


def _protocols(intervals: Sequence[Interval]) -> list[str]:
    return [_SPOKEN.get(a, str(a)) if a == b else f"{a}-{b}" for a, b in intervals]


def _addresses(intervals: Sequence[Interval]) -> list[str]:
    return [_range(first, last) for first, last in intervals]


def _range(first: int, last: int) -> str:
    if first < V6_FROM <= last:
        return "any"
    low, high = address_at(first), address_at(last)
    blocks = list(summarize_address_range(low, high))
    if len(blocks) > 1:
        return f"{low}-{high}"
    return str(low) if low == high else str(blocks[0])


def _names(names: Names) -> str:
    listed = sorted(_place(name) for name in names.exact)
    return "/".join(listed[:SHOWN]) + ("…" if len(listed) > SHOWN else "")


def _place(name: str) -> str:
    """A name that stands for those that nobody has written contains a null character."""
    if name.startswith("\0"):
        return "*"
    return printable(name.replace("\0", "*"))


def _written(name: str) -> str | None:
    """None for a name that no filter speaks of."""
    return None if "\0" in name else name


_CERTAIN = {
    "permitted": Text(vi="mới cho qua: {packets}", en="newly permitted: {packets}"),
    "blocked": Text(vi="mới chặn: {packets}", en="newly blocked: {packets}"),
}
_PERHAPS = {
    "permitted": Text(
        vi="có thể mới cho qua (chưa xác định được): {packets}",
        en="perhaps newly permitted (cannot tell): {packets}",
    ),
    "blocked": Text(
        vi="có thể mới chặn (chưa xác định được): {packets}",
        en="perhaps newly blocked (cannot tell): {packets}",
    ),
}
_NOW = Text(
    vi="  nay: {line} (ví dụ gói tin {witness})", en="  now: {line} (for instance {witness})"
)
_BEFORE = Text(vi="  trước: {line}", en="  before: {line}")
_WHY = Text(vi="  vì chưa phân tích được: {why}", en="  because of what is not understood: {why}")
_MORE = Text(vi="… và {count} dòng quyết định khác", en="… and {count} more deciding lines")
_OPEN = Text(vi="chưa so sánh được hết: {reason}", en="not everything could be compared: {reason}")
