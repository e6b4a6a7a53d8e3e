"""Which family answers, from what it says of itself to anybody. The table is `banners.toml`.

Silence is the rule: a banner that could be another family's gives nothing, and banners that name
two families agree on none. What is recognised comes with the banner that said it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from rules.facts import Citation
from scanner.evidence import Document, printable
from scanner.platforms import all_platforms

Kind = Literal[
    "certificate",
    "favicon-md5",
    "greeting",
    "html-title",
    "http-realm",
    "http-server",
    "sip",
    "snmp-description",
    "snmp-object-id",
]
"""`certificate` is its subject (RFC 4514); `greeting` is what SSH, FTP, telnet or a programming
interface says first; `sip` is a Server or User-Agent header."""

BANNER_MAX = 1024
"""What stands further on in a banner is not looked at."""

_TABLE = Path(__file__).with_name("banners.toml")


@dataclass(frozen=True, slots=True)
class Banner:
    kind: Kind
    text: str
    seen: Citation | None = None
    """Where it stands; None for a banner that no document holds."""


@dataclass(frozen=True, slots=True)
class Recognition:
    family: str
    """Name of a platform, or of a family without a module (see `is_read`)."""
    model: str | None
    version: str | None
    """As the device writes it; None where the banner has none in the family's own form."""
    because: str
    """What kind of sign it is, in the table's words."""
    banner: Banner


@dataclass(frozen=True, slots=True)
class Identity:
    """What all recognitions of one device agree on; a field they disagree on is None."""

    family: str
    model: str | None
    version: str | None
    evidence: tuple[Recognition, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    family: str
    kinds: tuple[Kind, ...]
    says: re.Pattern[str]
    because: str
    model: str | None = None


def recognise(banner: Banner) -> Recognition | None:
    """What the banner says about family, model and version; None when it names no family."""
    text = " ".join(banner.text[:BANNER_MAX].split())
    for entry in entries():
        if banner.kind not in entry.kinds or not (found := entry.says.search(text)):
            continue
        return Recognition(
            entry.family, _model(entry, found), _version(entry, found), entry.because, banner
        )
    return None


def agreed(banners: Iterable[Banner]) -> Identity | None:
    """What the banners of one device agree on; None when they name no family, or several."""
    found = tuple(seen for banner in banners if (seen := recognise(banner)) is not None)
    families = {seen.family for seen in found}
    if len(families) != 1:
        return None
    return Identity(
        family=families.pop(),
        model=_only([seen.model for seen in found]),
        version=_only([seen.version for seen in found]),
        evidence=found,
    )


def is_read(family: str) -> bool:
    """Whether a module reads this family; of the others every configuration fact is unknown."""
    return any(platform.name == family for platform in all_platforms())


_LINES: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    "snmp": (("sysDescr: ", "snmp-description"), ("sysObjectID: ", "snmp-object-id")),
    "sip": (("Server: ", "sip"), ("User-Agent: ", "sip")),
    "tls": (("subject ", "certificate"),),
}
"""First word of a document's source -> what its lines begin with."""


def banners_of(documents: Iterable[Document]) -> Iterator[Banner]:
    """The banners in what `collect.snmp`, `collect.sip` and `collect.tls` brought, with lines."""
    for document in documents:
        beginnings = _LINES.get(document.source.partition(" ")[0], ())
        # the first line of each is the question, not the answer
        for number, line in enumerate(document.lines[1:], start=2):
            for beginning, kind in beginnings:
                if line.startswith(beginning):
                    yield Banner(kind, line.removeprefix(beginning), document.cite(number))


@cache
def entries() -> tuple[Entry, ...]:
    """The table, in its order."""
    return tuple(
        Entry(
            family=line["family"],
            kinds=tuple(_kind(name) for name in line["kinds"]),
            says=re.compile(line["says"], re.IGNORECASE | re.ASCII),
            because=line["because"],
            model=line.get("model"),
        )
        for line in _table()["entry"]
    )


@cache
def version_forms() -> Mapping[str, re.Pattern[str]]:
    """Family -> the form of its versions."""
    forms: Mapping[str, str] = _table()["versions"]
    return {family: re.compile(form, re.IGNORECASE | re.ASCII) for family, form in forms.items()}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _kind(name: str) -> Kind:
    if name not in get_args(Kind):
        raise ValueError(f"{_TABLE.name}: there is no kind of banner called {name!r}")
    return cast("Kind", name)


def _model(entry: Entry, found: re.Match[str]) -> str | None:
    groups = {name: value or "" for name, value in found.groupdict().items()}
    model = (entry.model or "{model}").format_map({"model": "", **groups})
    return printable(" ".join(model.split()), 80) or None


def _version(entry: Entry, found: re.Match[str]) -> str | None:
    version = found.groupdict().get("version") or ""
    form = version_forms().get(entry.family)
    return version if form is not None and form.fullmatch(version) else None


def _only(values: Sequence[str | None]) -> str | None:
    """The one value that is told; spelling differs between protocols in case and spaces."""
    told = [value for value in values if value is not None]
    alike = {re.sub(r"[\W_]", "", value).lower() for value in told}
    return told[0] if len(alike) == 1 else None
