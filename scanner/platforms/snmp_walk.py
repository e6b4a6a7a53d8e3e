"""Saved SNMP answers as objects with their lines, and what they say about who the device is.

Read are `snmpwalk` texts (numeric or with names), `snmprec` recordings (`identifier|type|value`)
and the documents of `scanner.collect.snmp`. Only whole lines count: the last one may be cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.model import Platform, Reading
from scanner.platforms.signs import Kind, Sign

SYSTEM: Mapping[str, str] = {
    "sysDescr": "1.3.6.1.2.1.1.1.0",
    "sysObjectID": "1.3.6.1.2.1.1.2.0",
}
_SAID: tuple[tuple[str, Kind], ...] = (
    (SYSTEM["sysDescr"], "snmp-description"),
    (SYSTEM["sysObjectID"], "snmp-object-id"),
)

_NAMES = {
    "iso": "1",
    "enterprises": "1.3.6.1.4.1",
    "mib-2": "1.3.6.1.2.1",
    "sysDescr": "1.3.6.1.2.1.1.1",
    "sysObjectID": "1.3.6.1.2.1.1.2",
    "netSnmpAgentOIDs": "1.3.6.1.4.1.8072.3.2",
}
"""What `snmpwalk` puts for a number when it knows the definitions."""

_NUMBERS = r"\d{1,10}(?:\.\d{1,10}){0,60}"
_IDENTIFIER = (
    rf"(?:\.?{_NUMBERS}|(?:[A-Z][A-Za-z0-9-]{{0,40}}::)?[a-z][A-Za-z0-9-]{{0,40}}(?:\.{_NUMBERS})?)"
)
_WALKED = re.compile(
    rf"(?P<object>{_IDENTIFIER}) = (?P<type>[A-Za-z][A-Za-z0-9 -]{{1,20}}): ?(?P<value>.*)"
)
_RECORDED = re.compile(rf"(?P<object>{_NUMBERS})\|(?P<type>\d{{1,3}}x?)\|(?P<value>.*)")
_QUESTION = re.compile(r"snmp v(?:2c|3) get [A-Za-z0-9 ]{1,1000} \S{1,80}")
_ANSWERED = re.compile(r"(?P<object>[A-Za-z][A-Za-z0-9]{0,40}): (?P<value>.*)")
_NOT_GIVEN = "(not given)"

_OBJECT_TYPES = frozenset({"OID", "6"})
_LONGEST = 1024
_FIRST_LINES = 20
"""A walk shows itself within so many lines."""
_MANY_LINES = 12
"""A quoted value goes on over so many lines."""
_MANY_VALUES = 8


@dataclass(frozen=True, slots=True)
class Told:
    """The value of one object, on one line, and where it stands."""

    value: str
    document: Document
    line: int

    @property
    def citation(self) -> Citation:
        return self.document.cite(self.line)


def objects(
    document: Document, names: Mapping[str, str] = SYSTEM
) -> Mapping[str, tuple[Told, ...]]:
    """The values of every object, by its identifier in numbers without the first dot.

    `names` says which identifiers stand behind the names in a document of `scanner.collect.snmp`.
    Empty for a document of any other kind. Never raises. Of an object that is told very often the
    first values are kept.
    """
    found = document.once(_found)
    if not _is_of_collector(document):
        return found
    return {names[name]: told for name, told in found.items() if name in names}


def _is_of_collector(document: Document) -> bool:
    return _QUESTION.fullmatch(document.lines[0][:2000]) is not None


def _found(document: Document) -> Mapping[str, tuple[Told, ...]]:
    """By identifier; by name in a document of the collector."""
    found: dict[str, tuple[Told, ...]] = {}
    lines = document.lines[:-1]
    if _is_of_collector(document):
        told = _answered(lines)
    elif any(_line(line) for line in lines[:_FIRST_LINES]):
        told = _walked(lines)
    else:
        return found
    for number, name, value in told:
        before = found.get(name, ())
        if len(before) < _MANY_VALUES:
            found[name] = (*before, Told(value, document, number))
    return found


def _line(line: str) -> re.Match[str] | None:
    line = line[: _LONGEST * 4]
    return _WALKED.fullmatch(line) or _RECORDED.fullmatch(line)


def _answered(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines[1:], start=2):
        match = _ANSWERED.fullmatch(line[: _LONGEST * 2])
        if match and match["value"] != _NOT_GIVEN:
            yield number, match["object"], match["value"].strip()


def _walked(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, start=1):
        match = _line(line)
        identifier = _in_numbers(match["object"]) if match else None
        if match is None or identifier is None:
            continue
        value: str | None = match["value"].strip()
        if match["type"] in _OBJECT_TYPES:
            value = _in_numbers(match["value"].strip())
        elif match["type"].endswith("x"):
            value = _from_hexadecimal(match["value"].strip())
        elif match["value"].startswith('"'):
            value = _quoted(match["value"], lines[number : number + _MANY_LINES])
        if value is not None:
            yield number, identifier, printable(value, _LONGEST)


def _in_numbers(written: str) -> str | None:
    """`SNMPv2-SMI::enterprises.9.1` as `1.3.6.1.4.1.9.1`; None for a name that is not known."""
    if not re.fullmatch(_IDENTIFIER, written):
        return None
    first, dot, rest = written.rpartition("::")[2].lstrip(".").partition(".")
    if first.isdigit():
        return first + dot + rest
    return _NAMES[first] + dot + rest if first in _NAMES else None


def _from_hexadecimal(digits: str) -> str | None:
    try:
        return " ".join(bytes.fromhex(digits[: _LONGEST * 2]).decode("utf-8", "replace").split())
    except ValueError:
        return None


def _quoted(value: str, following: Sequence[str]) -> str | None:
    """The text between the quotes, lines joined by a space; None without a closing quote."""
    text = value[1:]
    for line in ("", *following):
        text = f"{text} {line}".strip() if line else text
        if text.endswith('"') and not text.endswith('\\"'):
            return text[:-1].replace('\\"', '"')
        if line and _line(line):
            return None
    return None


# --- who it is -------------------------------------------------------------------------------


def with_walks(platform: Platform) -> Platform:
    """The family, which now also takes its name, model and version from saved SNMP answers.

    By its own signs; what the family reads itself goes before. Families whose signs are not those
    of SNMP are left as they are.
    """
    kinds = {kind for sign in platform.signs for kind in sign.kinds}
    if not kinds.intersection(kind for _, kind in _SAID):
        return platform
    return replace(platform, read=_reading_walks(platform))


def _reading_walks(platform: Platform) -> Callable[[Sequence[Document]], Reading]:
    def read(documents: Sequence[Document]) -> Reading:
        reading = platform.read(documents)
        named = [(d, facts) for d in documents if (facts := identity(platform, objects(d)))]
        if not named:
            return reading
        facts = {**reading.facts}
        for name, fact in _agreed(told for _, told in named).items():
            known = facts.get(name)
            if known is None or (isinstance(known, Unknown) and not known.citations):
                facts[name] = fact
        unread = tuple(u for u in reading.unread if not any(u[0] is d for d, _ in named))
        return replace(reading, facts=facts, unread=unread)

    return read


def identity(platform: Platform, told: Mapping[str, tuple[Told, ...]]) -> dict[str, Fact[Any]]:
    """What the first sign of the family that holds says; {} when none does."""
    for sign in platform.signs:
        for identifier, kind in _SAID:
            for value in told.get(identifier, ()) if kind in sign.kinds else ():
                if match := sign.pattern.search(" ".join(value.value.split())):
                    return _facts(platform, sign, match, value.citation)
    return {}


def _facts(
    platform: Platform, sign: Sign, match: re.Match[str], cited: Citation
) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {
        "identity.vendor": Known(platform.vendor, (cited,)),
        "identity.family": Known(platform.name, (cited,)),
    }
    model = sign.model_in(match)
    if model is not None:
        facts["identity.model"] = Known(model, (cited,))
    version = match.groupdict().get("version") or ""
    if re.fullmatch(platform.version_form or r"(?!)", version, re.IGNORECASE | re.ASCII):
        facts["software.version"] = Known(version, (cited,))
    return facts


def _agreed(told: Iterable[Mapping[str, Fact[Any]]]) -> dict[str, Fact[Any]]:
    agreed: dict[str, Fact[Any]] = {}
    for facts in told:
        for name, fact in facts.items():
            known = agreed.setdefault(name, fact)
            if getattr(known, "value", None) != getattr(fact, "value", None):
                agreed[name] = Unknown(_DISAGREE, known.citations + fact.citations)
    return agreed


_DISAGREE = Text(
    vi="các câu trả lời SNMP của cùng thiết bị mâu thuẫn nhau",
    en="SNMP answers of the same device contradict each other",
)
