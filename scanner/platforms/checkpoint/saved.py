"""Answers of the management API as they were saved: rulebases by pages, packages, objects.

`show access-rulebase`, `show nat-rulebase`, `show package`, `show simple-gateway(s)`, `show
gateways-and-servers`, `show global-properties`, `show hosts` and its like, each answer in a file or
several of them in a list. An answer has at most 500 entries; `from`, `to` and `total` tell whether
there are more (Management API reference, "show access-rulebase").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scanner.evidence import Document
from scanner.platforms.checkpoint.addresses import GATEWAYS, WITH_ADDRESSES
from scanner.platforms.checkpoint.objects import (
    Place,
    Thing,
    add,
    everything_in,
    is_thing,
    lines_of,
    number,
    text,
    uid_of,
)
from scanner.platforms.json_evidence import decoded

_SECTIONS = {"access-section": "access", "nat-section": "nat"}
_RULES = {"access-rule": "access", "nat-rule": "nat"}
_OWN_TYPES = WITH_ADDRESSES | {
    *("package", "access-layer", "service-tcp", "service-udp", "service-icmp", "service-icmp6"),
    *("service-other", "service-group", "security-zone", "CpmiAnyObject", "RulebaseAction"),
    *("service-rpc", "service-dce-rpc", "dynamic-object", "access-role"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule of a rulebase, or what stands where one should."""

    data: Mapping[str, Any]
    place: Place

    @property
    def number(self) -> int | None:
        return number(self.data.get("rule-number"))


@dataclass(frozen=True, slots=True)
class Page:
    """One answer with rules of a layer, or of the NAT of a package."""

    uid: str
    name: str
    kind: str
    """`access` or `nat`."""
    entries: tuple[Entry, ...]
    first: int | None
    last: int | None
    total: int | None
    place: Place

    @property
    def is_whole(self) -> bool:
        """Its rules are numbered without a gap from the first to the last that it names."""
        numbers = [one.number for one in self.entries]
        if self.first is None or self.last is None:
            return not numbers and self.total == 0
        return numbers == list(range(self.first, self.last + 1))


@dataclass
class Saved:
    """All that the documents hold."""

    pages: list[Page] = field(default_factory=list)
    things: dict[str, Thing] = field(default_factory=dict)
    lone: list[str] = field(default_factory=list)
    """Gateways that a document is about alone."""
    listed: list[str] = field(default_factory=list)
    """Gateways with their interfaces in lists."""
    servers: list[Place] = field(default_factory=list)
    """Whole lists of all gateways and servers."""
    installed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Gateways, and what is said of the policy that is installed on each."""
    properties: list[tuple[Mapping[str, Any], Place]] = field(default_factory=list)
    """The part `firewall` of the global properties."""
    first: Place | None = None


def saved(documents: Iterable[Document]) -> Saved:
    """What the documents hold together, in whatever order they come."""
    found = Saved()
    for document in sorted(documents, key=lambda d: (d.source, d.sha256)):
        if is_ours(document):
            _take(found, document)
    return found


def is_ours(document: Document) -> bool:
    """It is an answer of the management API of Check Point."""
    return document.once(_is_ours)


def _is_ours(document: Document) -> bool:
    data = decoded(document)
    if not isinstance(data, dict | list):
        return False
    return any(_is_rulebase(one) or _is_own(one) or _firewall(one) for one in everything_in(data))


def _is_own(one: Mapping[str, Any]) -> bool:
    kind = one.get("type")
    return isinstance(kind, str) and kind in _OWN_TYPES and is_thing(one)


def _is_rulebase(one: Mapping[str, Any]) -> bool:
    rules = one.get("rulebase")
    if not isinstance(rules, list) or "total" not in one:
        return False
    return uid_of(dict(one)) is not None and _kind_of(one) is not None


def _kind_of(page: Mapping[str, Any]) -> str | None:
    """What the rules are for; a rulebase without rules is one of access where it has a name."""
    for one in page["rulebase"]:
        kind = one.get("type") if isinstance(one, dict) else None
        if isinstance(kind, str) and kind in _SECTIONS | _RULES:
            return (_SECTIONS | _RULES)[kind]
    return "access" if text(page.get("name")) else "nat"


def _firewall(one: Mapping[str, Any]) -> Mapping[str, Any] | None:
    part = one.get("firewall")
    return part if isinstance(part, dict) and "accept-icmp-requests" in part else None


def _take(found: Saved, document: Document) -> None:
    data = decoded(document)
    lines = lines_of(document)
    found.first = found.first or Place(document, min(lines.values(), default=1))
    tops = data if isinstance(data, list) else [data]
    found.lone += [one["uid"] for one in tops if _is_gateway(one) and "interfaces" in one]
    for one in everything_in(data):
        if is_thing(one):
            add(found.things, one, Place(document, lines.get(one["uid"], 1)))
            if _is_gateway(one) and isinstance(one.get("policy"), dict):
                found.installed.append((one["uid"], one["policy"]))
        elif _is_rulebase(one):
            found.pages.append(_page(one, document, lines))
        properties = _firewall(one)
        if properties is not None:
            found.properties.append((properties, Place(document, 1)))
    for one in tops:
        listed = one.get("objects") if isinstance(one, dict) else None
        if isinstance(listed, list):
            found.listed += [o["uid"] for o in listed if _is_gateway(o) and "interfaces" in o]
    if _lists_servers(tops):
        found.servers.append(Place(document, 1))


def _is_gateway(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") in _WITH_POLICY and is_thing(one)


_WITH_POLICY = GATEWAYS - {"CpmiHostCkp", "checkpoint-host"}


def _lists_servers(tops: Sequence[Any]) -> bool:
    """The pages are all of `show gateways-and-servers`, which also lists the management server."""
    at = 1
    management = False
    for one in tops:
        listed = one.get("objects") if isinstance(one, dict) else None
        if not isinstance(listed, list) or one.get("from") != at:
            return False
        if not all(isinstance(o, dict) and o.get("type") in GATEWAYS for o in listed):
            return False
        management = management or any("management-blades" in o for o in listed)
        at += len(listed)
        if one.get("to") != at - 1:
            return False
    return management and tops[-1].get("total") == at - 1


def _page(one: Mapping[str, Any], document: Document, lines: Mapping[str, int]) -> Page:
    place = Place(document, lines.get(one["uid"], 1))
    return Page(
        uid=one["uid"],
        name=text(one.get("name")),
        kind=_kind_of(one) or "access",
        entries=tuple(_entries(one["rulebase"], document, lines, place)),
        first=number(one.get("from")),
        last=number(one.get("to")),
        total=number(one.get("total")),
        place=place,
    )


def _entries(
    listed: Sequence[Any], document: Document, lines: Mapping[str, int], before: Place
) -> Iterator[Entry]:
    """The rules in their order, those of sections too."""
    for one in listed:
        data = one if isinstance(one, dict) else {}
        place = Place(document, lines.get(uid_of(data) or "", before.line))
        inner = data.get("rulebase")
        if data.get("type") in _SECTIONS and isinstance(inner, list):
            for part in inner:
                rule = part if isinstance(part, dict) else {}
                yield Entry(rule, Place(document, lines.get(uid_of(rule) or "", place.line)))
        else:
            yield Entry(data, place)
