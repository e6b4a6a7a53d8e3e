"""Objects of the management server by their identifier, put together from every document.

The dictionary beside a rulebase shows an object in short, `show-hosts` and its like in full; what
two of them say otherwise is left out, so that it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.evidence import Document, printable

UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UID_LINE = re.compile(r'"uid"\s{0,8}:\s{0,8}"([0-9a-f-]{36})"')
_NOT_OBJECTS = frozenset(
    {"access-rule", "access-section", "nat-rule", "nat-section", "place-holder", "session"}
)
_NOT_OF_THE_OBJECT = frozenset(
    {"meta-info", "domain", "icon", "color", "comments", "tags", "customFields", "groups"}
    | {"read-only", "display-name", "primaryManagement", "policy", "sic-status", "sic-state"}
)
SUMMARY = "interfaces of the list"
"""Where `show gateways-and-servers` has the interfaces, which it writes in a way of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    document: Document
    line: int

    @property
    def file(self) -> str:
        return printable(self.document.source)


@dataclass
class Thing:
    """One object."""

    uid: str
    place: Place
    """Where it is shown first."""
    further: list[Place] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    disputed: set[str] = field(default_factory=set)
    """Keys on which two documents disagree; they are not in `values`."""

    def get(self, key: str) -> Any:
        return self.values.get(key)

    @property
    def interfaces(self) -> list[Any]:
        """As they are shown in full, else in short; empty where they are not shown."""
        listed = self.values.get("interfaces") or self.values.get(SUMMARY)
        disputed = self.disputed & {"interfaces", SUMMARY}
        return listed if isinstance(listed, list) and not disputed else []

    @property
    def kind(self) -> str:
        return text(self.values.get("type"))

    @property
    def name(self) -> str:
        return text(self.values.get("name")) or self.uid

    @property
    def spoken(self) -> str:
        """Kind and name, for a reason."""
        return f"{self.kind or 'object'} {self.name}"


Things = Mapping[str, Thing]


def text(value: Any) -> str:
    """The value where it is text, without what could steer a terminal; else nothing."""
    return printable(value) if isinstance(value, str) else ""


def number(value: Any) -> int | None:
    """The value where it is a whole number of a size that occurs."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32
    return value if fits else None


def uid_of(value: Any) -> str | None:
    """The identifier: as it stands, or of the object that stands in its place."""
    found = value.get("uid") if isinstance(value, dict) else value
    return found if isinstance(found, str) and UID.fullmatch(found) else None


def lines_of(document: Document) -> Mapping[str, int]:
    """By identifier the first line that says whose object follows."""
    return document.once(_lines_of)


def _lines_of(document: Document) -> dict[str, int]:
    found: dict[str, int] = {}
    for number_, line in enumerate(document.lines, start=1):
        if '"uid"' in line:
            for match in _UID_LINE.finditer(line):
                found.setdefault(match[1], number_)
    return found


def everything_in(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of JSON inside the value, however deep."""
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def is_thing(data: Mapping[str, Any]) -> bool:
    """It has an identifier and a type, and is no rule."""
    kind = data.get("type")
    return isinstance(kind, str) and kind not in _NOT_OBJECTS and uid_of(dict(data)) is not None


def add(things: dict[str, Thing], data: Mapping[str, Any], place: Place) -> None:
    """Puts what the data says to what is known of the object; it is a thing."""
    thing = things.setdefault(data["uid"], Thing(data["uid"], place))
    if place.document is not thing.place.document:
        thing.further.append(place)
    for name, shown in data.items():
        value = _by_uid(shown)
        key = SUMMARY if name == "interfaces" and _is_summary(value) else name
        if key in _NOT_OF_THE_OBJECT or key in thing.disputed:
            continue
        if thing.values.setdefault(key, value) != value:
            del thing.values[key]
            thing.disputed.add(key)


def _is_summary(value: Any) -> bool:
    return isinstance(value, list) and any(
        isinstance(one, dict) and "interface-name" in one for one in value
    )


def _by_uid(value: Any) -> Any:
    """Members in short: one document names them, another shows them."""
    if isinstance(value, list) and all(uid_of(one) is not None for one in value):
        return [uid_of(one) for one in value]
    return value
