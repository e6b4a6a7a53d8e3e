"""When two findings are the same, whatever line and file they moved to.

A finding is known when nothing was added to it: its reason names no fault that was not there, it
rests on no line that was not there, and nothing that held a cited line of a filter in check is
gone. The lines count with what stands below and above them, and a line of a filter with what it
matches, for `edit 1` stays the same text whatever is written under it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property

from rules.facts import Citation, Known
from rules.model import Finding
from rules.packets.policy import Policy, Region, Rule
from rules.packets.sets import Names, Numbers, common
from scanner.gate.devices import ReadDevice

ITSELF = "@"
"""Stands for a device that only its file names."""

_VOLATILE = re.compile(
    r"\blines? \d+|\b\d{4}-\d\d-\d\d( \d\d:\d\d)?|\b\d+ days old", re.ASCII | re.IGNORECASE
)
_PARTS = re.compile(r"(?<=[:;])\s+")
_OPENS_ALL = ("{", "[", "<")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a finding the same one. All tuples are sorted and keep repetitions."""

    requirement: str
    subject: str
    outcome: str
    severity: str
    file: str = ""
    """Of a device that no inventory knows; empty for what the inventory names."""
    parts: tuple[str, ...] = ()
    """The reason in its parts, without line numbers and dates."""
    places: tuple[str, ...] = ()
    """Digests of the lines it cites."""
    guards: tuple[str, ...] = ()
    """`place:digest` of each line of a filter that stops some packets before a cited one."""

    @property
    def what(self) -> tuple[str, str, str]:
        """Requirement, subject and file: whatever was found on them."""
        return self.requirement, self.subject, self.file

    def covers(self, later: Identity) -> bool:
        """The later finding is this one, or what is left of it."""
        if (self.what, self.outcome) != (later.what, later.outcome):
            return False
        if later.severity < self.severity:
            return False
        if Counter(later.parts) - Counter(self.parts):
            return False
        if Counter(later.places) - Counter(self.places):
            return False
        left = set(later.places)
        return {g for g in self.guards if g.split(":")[0] in left} <= set(later.guards)


class Identities:
    """Makes the identities of one state of the files; lives as long as its devices."""

    def __init__(
        self,
        devices: Iterable[ReadDevice],
        inside: Mapping[str, str],
        moved: Mapping[str, str] | None = None,
    ) -> None:
        """`inside`: shown name of a file to its name in the root; `moved`: that to its old one."""
        self._devices = {device.id: device for device in devices}
        self._inside = inside
        self._moved = moved or {}
        self._owners = {
            document.source: (device, document)
            for device in self._devices.values()
            for document in device.documents
        }
        self._rules: dict[str, _Filters] = {}

    def what(self, finding: Finding) -> tuple[str, str, str]:
        """As `Identity.what`: what the finding is about, whatever it says."""
        stranger = self._stranger(finding)
        subject = finding.subject.id
        if stranger is not None:
            subject = re.sub(rf"^{re.escape(stranger.id)}(?=/|$)", ITSELF, subject)
        file = self.file_of(stranger) if stranger is not None else ""
        return finding.requirement, f"{finding.subject.kind} {subject}", file

    def of(self, finding: Finding) -> Identity:
        """The same for the same finding in the same files, in whatever order they are read."""
        requirement, subject, file = self.what(finding)
        placed = [self._place(citation) for citation in finding.citations]
        return Identity(
            requirement,
            subject,
            finding.outcome.value,
            finding.severity,
            file,
            _parts(finding, self._stranger(finding)),
            tuple(sorted(place for place, _ in placed)),
            tuple(sorted({f"{place}:{guard}" for place, guards in placed for guard in guards})),
        )

    def file_of(self, device: ReadDevice) -> str:
        """The first file of the device, under the name that it had before it was moved."""
        name = self._inside.get(device.documents[0].source, device.documents[0].source)
        return self._moved.get(name, name)

    def _stranger(self, finding: Finding) -> ReadDevice | None:
        device = self._devices.get(finding.device) if finding.device is not None else None
        return device if device is not None and not device.declared else None

    def _place(self, citation: Citation) -> tuple[str, frozenset[str]]:
        owner, document = self._owners.get(citation.source, (None, None))
        if document is None or citation.line is None or owner is None:
            return _digest(citation.evidence_class, _spaced(citation.text)), frozenset()
        name = owner.id if owner.declared else ITSELF
        filters = self._filters_of(owner)
        matched = filters.at(citation.line, citation.source)
        place = _digest(
            name, *block(document.lines, citation.line), *(canonical(rule) for rule in matched)
        )
        return place, filters.before(matched)

    def _filters_of(self, device: ReadDevice) -> _Filters:
        if device.id not in self._rules:
            fact = device.understood.reading.facts.get("filters")
            policy = fact.value if isinstance(fact, Known) else Policy()
            self._rules[device.id] = _Filters(policy)
        return self._rules[device.id]


class _Filters:
    """The lines of one policy, found by their number."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def at(self, line: int, source: str) -> tuple[Rule, ...]:
        return tuple(r for r in self._by_line.get(line, ()) if not r.file or r.file == source)

    def before(self, rules: Sequence[Rule]) -> frozenset[str]:
        """Digests of what may stop packets of these lines before they are reached."""
        found: set[str] = set()
        for rule in rules:
            for chain in self._policy.chains.values():
                if rule not in chain.rules:
                    continue
                for earlier in chain.rules[: chain.rules.index(rule)]:
                    if earlier.action != "permit" and _meet(earlier, rule):
                        found.add(_digest(canonical(earlier)))
        return frozenset(found)

    @cached_property
    def _by_line(self) -> dict[int, list[Rule]]:
        found: dict[int, list[Rule]] = {}
        for chain in self._policy.chains.values():
            for rule in chain.rules:
                found.setdefault(rule.line, []).append(rule)
        return found


def block(lines: Sequence[str], line: int) -> Iterator[str]:
    """The headings above the line, the line, and what is written below it, spaces evened out.

    The one that opens a whole document of JSON or XML stands for itself alone.
    """
    if not 1 <= line <= len(lines):
        return
    own = _indent(lines[line - 1])
    level, above = own, []
    for text in reversed(lines[: line - 1]):
        if level == 0:
            break
        if text.strip() and _indent(text) < level:
            level = _indent(text)
            above.append(_spaced(text))
    yield from reversed(above)
    yield _spaced(lines[line - 1])
    if own == 0 and lines[line - 1].startswith(_OPENS_ALL):
        return
    for text in lines[line:]:
        if not text.strip():
            continue
        if _indent(text) <= own:
            break
        yield _spaced(text)


def canonical(value: object) -> str:
    """A value of the packet language as text: equal for equal ones, in every process."""
    if isinstance(value, Rule):
        shown = (value.action, _spaced(value.text), value.may, value.must, value.target, value.why)
        return canonical(shown)
    if is_dataclass(value):
        told = [getattr(value, one.name) for one in fields(value) if one.compare]
        inner = ",".join(map(canonical, told))
        return f"{type(value).__name__}({inner})"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(canonical, value))) + "}"
    if isinstance(value, tuple | list):
        return "(" + ",".join(map(canonical, value)) + ")"
    return repr(value)


def _meet(one: Rule, other: Rule) -> bool:
    return any(_overlap(a, b) for a in one.may for b in other.may)


def _overlap(one: Region, other: Region) -> bool:
    for field in fields(Region):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, Numbers) and isinstance(theirs, Numbers) and not common(mine, theirs):
            return False
        if isinstance(mine, Names) and isinstance(theirs, Names) and _apart(mine, theirs):
            return False
    return True


def _apart(one: Names, other: Names) -> bool:
    """Surely no name is in both; False where that would take more than a look at the lists."""
    if one.all_but or other.all_but or one.beginnings or other.beginnings:
        return False
    return not one.exact & other.exact


def _parts(finding: Finding, stranger: ReadDevice | None) -> tuple[str, ...]:
    said = _VOLATILE.sub("…", finding.reason.en)
    if stranger is not None:
        said = re.sub(rf"(?<![\w-]){re.escape(stranger.id)}(?![\w-])", ITSELF, said)
        for document in stranger.documents:
            said = said.replace(document.source, ITSELF)
    return tuple(sorted(part.rstrip(":;") for part in _PARTS.split(_spaced(said))))


def _indent(text: str) -> int:
    expanded = text.expandtabs(8)
    return len(expanded) - len(expanded.lstrip(" "))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
