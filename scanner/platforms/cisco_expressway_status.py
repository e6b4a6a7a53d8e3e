"""The status tree of a VCS or Expressway, from its XML or from answers of its command line.

XML: `<Status product="TANDBERG VCS" ...>` with `SystemUnit`, `ResourceUsage` or `Calls`. Command
line: `*s SystemUnit:`, then indented `Name: value` lines, `*s/end`, `OK`; values are quoted or not.
A codec of the same vendor has a tree of the same make, so what does not name this product is left
alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.xml_elements import Element, elements

MAX_LEAVES = 50_000

PRODUCT = re.compile(
    r"(?i)(?:tandberg|cisco) (?:telepresence )?(?:vcs|video communication server|expressway)"
    r"[\w -]{0,40}"
)
LIVE = frozenset(
    {"connected", "connecting", "attempting", "setup", "ringing", "alerting", "disconnecting"}
)
ENDED = frozenset({"disconnected", "ended", "failed"})
"""States of a call, in lower case."""


@dataclass(frozen=True, slots=True)
class Leaf:
    path: tuple[str, ...]
    """Lower case, without the root: `("systemunit", "software", "version")`; calls are numbered."""
    value: str
    line: int


@dataclass
class Status:
    """One document."""

    document: Document
    leaves: list[Leaf] = field(default_factory=list)
    sections: set[tuple[str, ...]] = field(default_factory=set)
    """Paths of what is there even without a leaf below it."""
    whole: bool = False
    """It was read to its end, and every line of it."""
    damaged: bool = False
    product: Leaf | None = None
    """The product as the root of the document names it."""
    version: Leaf | None = None
    banner: Leaf | None = None
    """The version as the greeting of the command line gives it."""

    def at(self, *path: str) -> list[Leaf]:
        return [leaf for leaf in self.leaves if leaf.path == path]


# --- XML -------------------------------------------------------------------------------------


def read_xml(document: Document) -> Status:
    """Never raises."""
    read = elements(document)
    status = Status(document, whole=not read.error)
    for element in read.found:
        names = [step.name.lower() for step in element.path]
        start = 1 if names[0] == "xmldoc" else 0
        if len(names) <= start or names[start] not in {"status", "history"}:
            continue
        if len(names) == start + 1:
            status.product = _attribute(element, "product")
            status.version = _attribute(element, "version")
        elif names[start] == "status":
            path = _xml_path(element, start + 1)
            status.sections.add(path)
            if element.is_leaf and element.text:
                status.leaves.append(Leaf(path, element.text, element.line))
    return status


def _attribute(element: Element, name: str) -> Leaf | None:
    value = element.attributes.get(name, "").strip()
    return Leaf((name,), value, element.line) if value else None


def _xml_path(element: Element, start: int) -> tuple[str, ...]:
    return tuple(
        f"call {step.item}" if step.name.lower() == "call" else step.name.lower()
        for step in element.path[start:]
    )


# --- command line ----------------------------------------------------------------------------

_LINE = re.compile(r"(?P<indent>\s{0,80})(?P<name>[A-Za-z][\w -]{0,80}?)\s{0,8}:(?P<value>.*)")
_BANNER = re.compile(
    r"\s{0,8}TANDBERG Video Communication Server (?P<version>[Xx]\d\S{0,30}.{0,40})"
)


def looks_like_lines(document: Document) -> bool:
    head = document.text[:20_000]
    return bool(re.search(r"(?m)^\*s[ /]", head) or re.search(r"(?m)^" + _BANNER.pattern, head))


def read_lines(document: Document) -> Status:
    """Never raises. A line without line end is not read: its value may have been cut."""
    status = Status(document)
    stack: list[tuple[int, tuple[str, ...]]] = []
    inside = False
    for number, line in enumerate(document.lines[:-1], start=1):
        banner = _BANNER.fullmatch(line)
        if banner and not inside:
            status.banner = Leaf(("banner",), banner["version"].strip(), number)
        elif line.startswith("*s/end"):
            inside, stack = False, []
        elif line.startswith("*s "):
            inside, stack = True, []
            _read_line(status, line[3:], number, stack)
        elif inside:
            _read_line(status, line, number, stack)
    last = next((line.strip() for line in reversed(document.lines) if line.strip()), "")
    status.whole = not inside and last == "OK" and not status.damaged
    return status


def _read_line(
    status: Status, line: str, number: int, stack: list[tuple[int, tuple[str, ...]]]
) -> None:
    match = _LINE.fullmatch(line)
    if match is None or len(status.leaves) >= MAX_LEAVES:
        # what such a line was the head of is now taken for something else
        status.damaged = status.damaged or bool(line.strip())
        return
    indent = len(match["indent"].expandtabs(2))
    while stack and stack[-1][0] >= indent and len(stack) > 1:
        stack.pop()
    path = (*(stack[-1][1] if stack else ()), *_words(match["name"]))
    status.sections.add(path)
    value = match["value"].strip()
    if value in {"", "/"} or not stack:
        # the first line of an answer is the root of all that follow it
        stack.append((indent if stack else -1, path))
    if len(value) > 1 and value[0] == value[-1] == '"':
        status.leaves.append(Leaf(path, value[1:-1].strip(), number))
    elif value not in {"", "/"} and '"' not in value:
        status.leaves.append(Leaf(path, value, number))


def _words(name: str) -> Iterator[str]:
    """`Call 1` is one step of a path, `SystemUnit Software` are two."""
    parts = name.lower().split()
    for place, part in enumerate(parts):
        if part.isdecimal():
            continue
        following = parts[place + 1] if place + 1 < len(parts) else ""
        yield f"{part} {following}" if following.isdecimal() else part


# --- calls -----------------------------------------------------------------------------------


def calls_of(status: Status) -> list[Fact[int]]:
    """What the counters and the list of calls say; [] when the document is about neither."""
    found = []
    if any(path[:2] == ("resourceusage", "calls") for path in status.sections):
        found.append(_counted(status))
    if any(path[0] == "calls" for path in status.sections):
        found.append(_listed(status))
    return found


def _counted(status: Status) -> Fact[int]:
    leaves = [
        leaf
        for leaf in status.leaves
        if leaf.path[:2] == ("resourceusage", "calls") and leaf.path[-1] == "current"
    ]
    # a total beside its parts would be counted twice
    least = min((len(leaf.path) for leaf in leaves), default=0)
    leaves = [leaf for leaf in leaves if len(leaf.path) == least]
    citations = tuple(status.document.cite(leaf.line) for leaf in leaves)
    kinds = {
        leaf.path[:-1]
        for leaf in status.leaves
        if leaf.path[:2] == ("resourceusage", "calls") and len(leaf.path) == least
    }
    # a counter that shows its maximum and not what it is now may have been garbled
    complete = status.whole and len(leaves) == len({leaf.path for leaf in leaves}) == len(kinds)
    if not leaves or not complete:
        return Unknown(CALLS_UNREADABLE, citations)
    if not all(re.fullmatch(r"[0-9]{1,6}", leaf.value) for leaf in leaves):
        return Unknown(CALLS_UNREADABLE, citations)
    return Known(sum(int(leaf.value) for leaf in leaves), citations)


def _listed(status: Status) -> Fact[int]:
    calls = {path[:2] for path in status.sections if path[0] == "calls" and len(path) > 1}
    states = {
        leaf.path[:2]: leaf
        for leaf in status.leaves
        if leaf.path[0] == "calls" and len(leaf.path) == 3 and leaf.path[2] == "state"
    }
    live = [leaf for leaf in states.values() if leaf.value.lower() in LIVE]
    ended = [leaf for leaf in states.values() if leaf.value.lower() in ENDED]
    citations = tuple(status.document.cite(leaf.line) for leaf in live or ended)
    if not status.whole or len(live) + len(ended) < len(calls):
        return Unknown(CALLS_UNREADABLE, citations)
    return Known(len(live), citations or (status.document.cite(),))


CALLS_UNREADABLE = Text(
    vi="không đọc được đầy đủ số cuộc gọi đang diễn ra trong tài liệu này",
    en="the number of calls in progress could not be read in full from this document",
)
