"""What `tc` says: bandwidth that a host keeps for classes of traffic on its interfaces.

HTB: `rate` is guaranteed while the classes below one parent ask for no more than the parent has,
`ceil` is the most a class gets (tc-htb(8)); u32 filters put packets into classes, the first that
matches; `default` takes the rest. Units of tc are decimal: `2Mbit` is 2,000,000 bit/s. Other
queueing disciplines keep nothing for a class, or are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING, Region
from rules.packets.sets import NOTHING, Numbers, numbers
from scanner.evidence import Document, printable
from scanner.platforms.linux_commands import STATUS

HEADING = "dev "
"""Begins the part of an interface."""

_WITHOUT_GUARANTEE = frozenset(
    {"noqueue", "pfifo", "bfifo", "pfifo_fast", "fq_codel", "codel", "fq", "mq", "sfq", "prio"}
)
_UNITS = {"bit": 1, "Kbit": 10**3, "Mbit": 10**6, "Gbit": 10**9, "Tbit": 10**12}
_RATE = re.compile(r"([0-9]{1,12})((?:[KMGT])?bit)")
_MATCH = re.compile(r"match ([0-9a-f]{8})/([0-9a-f]{8}) at ([0-9]{1,3})")
_NOT_READ = Text(
    vi="không hiểu một dòng trong trả lời của lệnh tc: {line}",
    en="a line of the answer of tc is not understood: {line}",
)
_CUT = Text(vi="trả lời của lệnh tc không trọn vẹn", en="the answer of tc is not complete")


class _Misread(Exception):
    """A line is not understood."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass
class _Class:
    name: str
    parent: str
    rate: int
    ceil: int
    line: int
    text: str


@dataclass
class _Filter:
    """One rule: the class that it leads to, and what it asks for."""

    target: str
    line: int
    text: str
    matches: list[tuple[int, int, int]] = field(default_factory=list)
    """Value, mask and offset."""
    understood: bool = True


@dataclass
class _Device:
    """What stands below one interface."""

    name: str
    default: str | None = None
    limits: list[tuple[int, int, str]] = field(default_factory=list)
    """Rate in bit/s, line and text of a token bucket at the root."""
    classes: dict[str, _Class] = field(default_factory=dict)
    filters: list[_Filter] = field(default_factory=list)


def qos_classes(document: Document) -> Fact[tuple[QosClass, ...]]:
    """Every class that packets can come to, per interface in the order in which filters ask."""
    if document.lines[-2:] != (f"{STATUS}0", ""):
        return Unknown(_CUT, (document.cite(),))
    try:
        devices = _devices(document.lines[:-2])
    except _Misread as error:
        text = printable(document.lines[error.line - 1], 80)
        return Unknown(_NOT_READ.format(line=text), (document.cite(error.line),))
    if not devices:
        return Unknown(_CUT, (document.cite(),))
    found = tuple(one for device in devices for one in _of(device))
    cited = tuple(document.cite(one.line) for one in found)
    return Known(found, cited or (document.cite(1),))


def _devices(lines: Sequence[str]) -> list[_Device]:
    """Raises _Misread."""
    found: list[_Device] = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if line.startswith(HEADING) and len(words) == 2:
            found.append(_Device(printable(words[1], 15)))
        elif words and found:
            try:
                _line(found[-1], words, number, line.strip())
            except (IndexError, ValueError):
                raise _Misread(number) from None
        elif words:
            raise _Misread(number)
    for device in found:
        parents = {one.parent for one in device.classes.values()}
        for rule in device.filters:
            if rule.target not in device.classes or rule.target in parents:
                raise _Misread(rule.line)  # where its packets end up is not told
    return found


def _line(device: _Device, words: list[str], number: int, text: str) -> None:
    """ValueError or IndexError for a line that is not understood."""
    if words[0] == "qdisc":
        _discipline(device, words, number, text)
    elif words[:2] == ["class", "htb"]:
        parent = words[words.index("parent") + 1] if "parent" in words else ""
        rate, ceil = (_bits(words[words.index(key) + 1]) for key in ("rate", "ceil"))
        device.classes[words[2]] = _Class(words[2], parent, rate, ceil, number, text)
    elif words[0] == "class":
        if words[1] not in {*_WITHOUT_GUARANTEE, "tbf"}:
            raise ValueError(text)
    elif words[0] == "filter":
        _filter(device, words, number, text)
    elif words[0] == "match" and device.filters:
        match = _MATCH.fullmatch(text)
        last = device.filters[-1]
        last.text = f"{last.text} {text}"
        if match is None:
            last.understood = False
        else:
            last.matches.append((int(match[1], 16), int(match[2], 16), int(match[3])))
    elif device.filters:
        device.filters[-1].understood = False  # what else the rule asks for or does
    else:
        raise ValueError(text)


def _discipline(device: _Device, words: list[str], number: int, text: str) -> None:
    kind = words[1]
    if kind == "htb" and "root" in words:
        default = int(words[words.index("default") + 1], 0)
        major = words[2].partition(":")[0]
        device.default = f"{major}:{default:x}" if default else None
    elif kind == "tbf" and "root" in words:
        device.limits.append((_bits(words[words.index("rate") + 1]), number, text))
    elif kind not in _WITHOUT_GUARANTEE and kind not in {"ingress", "clsact"}:
        raise ValueError(text)


def _filter(device: _Device, words: list[str], number: int, text: str) -> None:
    """The heads of tables, which `tc` prints for u32, lead nowhere by themselves."""
    target = next((word for key, word in pairwise(words) if key.endswith("flowid")), "")
    if not target:
        if "u32" in words and "match" not in words and ("divisor" in words or "fh" not in words):
            return
        raise ValueError(text)
    device.filters.append(_Filter(target, number, text, [], "u32" in words and "ip" in words))


def _bits(word: str) -> int:
    match = _RATE.fullmatch(word)
    if match is None:
        raise ValueError(word)
    return int(match[1]) * _UNITS[match[2]]


# --- classes ---------------------------------------------------------------------------------


def _of(device: _Device) -> Iterator[QosClass]:
    for bits, line, text in device.limits:
        yield QosClass(
            device.name,
            "out",
            "tbf",
            None,
            (EVERYTHING,),
            line,
            printable(text),
            keeps=False,
            limit_kbps=bits // 1000,
        )
    parents = {one.parent for one in device.classes.values()}
    leaves = [one for one in device.classes.values() if one.name not in parents]
    order = {f.target: place for place, f in reversed(list(enumerate(device.filters)))}
    for one in sorted(leaves, key=lambda c: order.get(c.name, len(device.filters))):
        matches, inexact = _matches(one, device)
        kept, doubt = _kept(one, device)
        yield QosClass(
            device.name,
            "out",
            printable(one.name, 20),
            kept,
            matches,
            one.line,
            printable(one.text),
            printable("; ".join(why for why in (doubt, inexact) if why)),
            limit_kbps=None if inexact else min(c.ceil for c in _upwards(one, device)) // 1000,
        )


def _upwards(one: _Class, device: _Device) -> list[_Class]:
    """The class and those above it."""
    found = [one]
    while (above := device.classes.get(found[-1].parent)) is not None and above not in found:
        found.append(above)
    return found


def _kept(one: _Class, device: _Device) -> tuple[int | None, str]:
    """What it gets for certain: no class above may have promised more than it has."""
    for above in _upwards(one, device)[1:]:
        promised = sum(c.rate for c in device.classes.values() if c.parent == above.name)
        if promised > above.rate:
            return None, f"the classes below {above.name} ask for more than it has"
    return one.rate // 1000, ""


def _matches(one: _Class, device: _Device) -> tuple[tuple[Region, ...], str]:
    """The packets that filters put into the class, and why that is not exact."""
    own = [f for f in device.filters if f.target == one.name]
    regions = [_region(f) for f in own]
    unclear = next((f.text for f, r in zip(own, regions, strict=True) if r is None), "")
    if unclear:
        return (), unclear
    found = tuple(region for region in regions if region is not None)
    if one.name == device.default:
        return (*found, EVERYTHING), "what no other class takes"
    return found or (Region(protocol=NOTHING),), ""


_PROTOCOL_AT, _SOURCE_AT, _DESTINATION_AT = 8, 12, 16
_PROTOCOL_MASK = 0x00FF0000


def _region(rule: _Filter) -> Region | None:
    """The packets of a u32 rule on the header of IPv4; None where it asks for something else."""
    if not rule.understood:
        return None
    sides: dict[int, Numbers] = {}
    for value, mask, offset in rule.matches:
        if offset in sides:
            return None
        if offset == _PROTOCOL_AT and mask == _PROTOCOL_MASK:
            sides[offset] = numbers([(value >> 16, value >> 16)])
        elif offset in {_SOURCE_AT, _DESTINATION_AT} and (part := _prefix(value, mask)) is not None:
            sides[offset] = part
        else:
            return None
    if not sides:
        return None
    return Region(
        source=sides.get(_SOURCE_AT),
        destination=sides.get(_DESTINATION_AT),
        protocol=sides.get(_PROTOCOL_AT),
    )


def _prefix(value: int, mask: int) -> Numbers | None:
    wild = mask ^ 0xFFFFFFFF
    if wild & (wild + 1):
        return None
    return numbers([(value & mask, value & mask | wild)])
