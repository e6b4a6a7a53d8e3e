"""The lines of a VRP configuration, and whether a file is one.

A file is one when several kinds of line stand in it that VRP writes, or one kind where the family
was named.

Blocks are separated by `#` and indented by one space. Some files have lost the indentation; a line
that has no meaning of its own then belongs to the block before it. Files whose text is not UTF-8
are read as GBK, in which Chinese devices write names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.packets.policy import Unread
from scanner.evidence import Document, printable
from scanner.platforms.netconfig.indented import Line, blocks
from scanner.platforms.netconfig.left_open import LeftOpen
from scanner.platforms.netconfig.marks import without_marks

_VERSION = re.compile(
    r"^!? ?Software Version (V\d{3}R\d{3}\w{0,20})"
    r"|^VRP \(R\) software, Version [\d.]+ \(.{0,40}?(V\d{3}R\d{3}\w{0,20})\)",
    re.M,
)
_SIGNS = tuple(
    re.compile(sign, re.M)
    for sign in (
        r"^!Software Version V\d{3}R\d{3}",
        r"^ ?sysname \S",
        r"^ ?undo (?:shutdown|telnet server enable|http server enable|portswitch|info-center)",
        r"^ ?vlan batch \d",
        r"^ ?port link-type (?:access|trunk|hybrid)",
        r"^ ?port default vlan \d",
        r"^ ?ip route-static \S",
        r"^acl (?:number |name |ipv6 )?\S",
        r"^user-interface (?:vty|con|maximum-vty)",
        r"^firewall zone (?:name )?\S",
        r"^interface (?:Vlanif|MEth|NULL|GigabitEthernet|XGigabitEthernet|10GE|Eth-Trunk)",
        r"^ ?(?:dot1q termination vid|traffic-filter (?:in|out)bound|ip binding vpn-instance) ",
        r"^ ?local-user \S+ (?:password|privilege|service-type|class)",
        r"^traffic (?:classifier|behavior|policy) \S",
        r"^security-policy\s*$",
        r"^\s*rule (?:\d+ )?(?:permit|deny) \w",
    )
)
_OWN = re.compile(
    r"^ ?(?:sysname \S|vlan batch \d|ip route-static \S|firewall zone |user-interface |acl number"
    r"|port link-type |security-policy\s*$|undo telnet|traffic-filter |info-center |snmp-agent"
    r"|stelnet server|dot1q termination|traffic classifier |acl name |ip binding vpn-instance )",
    re.M,
)
_COMWARE = re.compile(r"^ ?version \d\.\d+(?:\.\d+)?, ", re.M)
"""H3C's system, which grew out of the same one, says so at the beginning."""
SIGNS_WANTED = 2
FAMILY = "huawei-vrp"
_THEIRS = re.compile(
    r"^[ \t]*(?:hostname \S|line (?:vty|con) |ip access-list |nameif |config (?:firewall|system) "
    r"|set (?:system|security|deviceconfig|rulebase) |[{<])",
    re.M,
)
"""What of a named fragment makes it another vendor's."""

_BELONG = re.compile(
    r"(?:undo )?(?:shutdown|ip address |port (?:link-type|default|trunk|hybrid)|dot1q |vlan-type "
    r"|ipv6 address |ip binding |description )"
)
MARKS = ("#", "!")
_ENDS = frozenset({"return", "end"})
_BANNERS = ("header login information", "header shell information")
_RULE = re.compile(r"rule (?:\d+ |name )")


@dataclass
class Configuration:
    """One configuration; every reader notes in `read` the lines that it understood."""

    document: Document
    lines: tuple[str, ...]
    top: list[Line]
    read: set[int] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)
    left_open: LeftOpen = field(default_factory=LeftOpen)

    @cached_property
    def by_word(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.top:
            found.setdefault(line.text.split(None, 1)[0], []).append(line)
        return found

    def of(self, *words: str) -> Iterator[Line]:
        """Blocks that begin with these words."""
        for line in self.by_word.get(words[0], ()):
            if line.words[: len(words)] == list(words):
                yield line

    @cached_property
    def version(self) -> tuple[str, int] | None:
        """The release and its line."""
        for number, line in enumerate(self.lines[:400], start=1):
            match = _VERSION.match(line)
            if match is not None:
                self.read.add(number)
                return match[1] or match[2], number
        return None

    @property
    def is_cut(self) -> bool:
        """What `display current-configuration` printed is not there to its end."""
        whole = any(line.text in _ENDS for line in self.top[-3:])
        return not whole and "!Software Version V" in self.document.text[:400]

    def doubt(self, line: Line, why: str, *, matters: bool = True) -> None:
        """The line was not understood."""
        self.unread.append(Unread(line.number, shown(line), why, matters))


def shown(line: Line) -> str:
    """The line as it may be kept."""
    return printable(line.text)


def configuration(document: Document) -> Configuration | None:
    """The configuration, or None when the file is not one of VRP. Made once: see `Document`."""
    return document.once(_configuration)


def _configuration(document: Document) -> Configuration | None:
    text, raw = _decoded(document)
    lines = tuple(without_marks(raw))
    named = document.family == FAMILY
    if (not named and not _OWN.search(text)) or _COMWARE.search(text):
        return None
    if sum(1 for sign in _SIGNS if sign.search(text)) < (1 if named else SIGNS_WANTED):
        return None
    if named and _THEIRS.search(text):
        return None
    top = _top(lines[:-1] if ends_within_a_line(lines) else lines)
    return Configuration(document, lines, top) if top else None


def ends_within_a_line(lines: Sequence[str]) -> bool:
    """The last line has no line end and is no mark of the end: some of it may be lost."""
    last = lines[-1].strip()
    return bool(last) and not last.startswith(MARKS) and last not in _ENDS


def _top(lines: tuple[str, ...]) -> list[Line]:
    """The blocks; a `#` at the margin ends one, whatever the next line's indentation."""
    found: list[Line] = []
    start = 0
    for end, raw in enumerate((*lines, "#")):
        if not raw.startswith("#"):
            continue
        part = blocks(lines[start:end], comments=MARKS, verbatim=_BANNERS)
        for line in part:
            for one in line.all():
                one.number += start
        found += _nested(part)
        start = end + 1
    return found


def _decoded(document: Document) -> tuple[str, tuple[str, ...]]:
    """The text; where it is not UTF-8, as GBK, so that two names stay two names."""
    try:
        document.content.decode("utf-8")
    except UnicodeDecodeError:
        text = document.content.decode("gb18030", errors="replace")
        return text, tuple(line.rstrip("\r") for line in text.split("\n"))
    return document.text, document.lines


def _nested(top: list[Line]) -> list[Line]:
    """Lines without a meaning of their own below the block that they follow."""
    found: list[Line] = []
    for line in top:
        last = found[-1] if found else None
        if last is not None and line.indent == last.indent and _belongs(last.text, line.text):
            last.below.append(line)
        else:
            found.append(line)
    return found


def _belongs(header: str, text: str) -> bool:
    if header.startswith("interface "):
        return _BELONG.match(text) is not None
    return header.startswith("acl ") and _RULE.match(text) is not None
