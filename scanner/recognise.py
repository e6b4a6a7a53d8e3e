"""Which family answers, from what it says of itself to anybody: the signs of every family module.

Silence is the rule: a banner that could be another family's gives nothing, and banners that name
two families agree on none. What is recognised comes with the banner that said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.facts import Citation
from scanner.evidence import Document
from scanner.platforms import all_platforms
from scanner.platforms.model import Platform
from scanner.platforms.signs import Kind

BANNER_MAX = 1024
"""What stands further on in a banner is not looked at."""


@dataclass(frozen=True, slots=True)
class Banner:
    kind: Kind
    text: str
    seen: Citation | None = None
    """Where it stands; None for a banner that no document holds."""


@dataclass(frozen=True, slots=True)
class Recognition:
    family: str
    """Name of a platform."""
    model: str | None
    version: str | None
    """As the device writes it; None where the banner has none in the family's own form."""
    because: str
    """What kind of sign it is, in the family's words."""
    banner: Banner


@dataclass(frozen=True, slots=True)
class Identity:
    """What all recognitions of one device agree on; a field they disagree on is None."""

    family: str
    model: str | None
    version: str | None
    evidence: tuple[Recognition, ...]


def recognise(banner: Banner) -> Recognition | None:
    """What the banner says about family, model and version; None when it names none or several."""
    text = " ".join(banner.text[:BANNER_MAX].split())
    found = [seen for platform in all_platforms() if (seen := _said(platform, banner, text))]
    return found[0] if len(found) == 1 else None


def _said(platform: Platform, banner: Banner, text: str) -> Recognition | None:
    """What the first sign of one family that holds says."""
    for sign in platform.signs:
        if banner.kind in sign.kinds and (found := sign.pattern.search(text)):
            version = found.groupdict().get("version") or ""
            return Recognition(
                family=platform.name,
                model=sign.model_in(found),
                version=version if _is_version(platform, version) else None,
                because=sign.because,
                banner=banner,
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


_WEB: tuple[tuple[str, Kind], ...] = (
    ("Server: ", "http-server"),
    ("Realm: ", "http-realm"),
    ("Title: ", "html-title"),
    ("Icon: ", "favicon-md5"),
)
_LINES: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    "snmp": (("sysDescr: ", "snmp-description"), ("sysObjectID: ", "snmp-object-id")),
    "sip": (("Server: ", "sip"), ("User-Agent: ", "sip")),
    "tls": (("subject ", "certificate"),),
    "https": _WEB,
    "http": _WEB,
}
"""First word of a document's source -> what its lines begin with."""


def banners_of(documents: Iterable[Document]) -> Iterator[Banner]:
    """The banners in what was seen without a login, with their lines.

    Read are the documents of `greeting`, `front_page`, `tls`, `sip` and `snmp` in
    `scanner.collect`; all others say nothing here.
    """
    for document in documents:
        kind = document.source.partition(" ")[0]
        # the first line of each is the question, not the answer
        if kind == "greeting":
            yield Banner("greeting", " ".join(document.lines[1:]), document.cite(2))
        for number, line in enumerate(document.lines[1:], start=2):
            for beginning, told in _LINES.get(kind, ()):
                if line.startswith(beginning):
                    yield Banner(told, line.removeprefix(beginning), document.cite(number))


def web_questions() -> tuple[str, ...]:
    """What a web interface is asked so that every sign can show: `METHOD path`, `GET /` first."""
    asked = {
        sign.asked
        for platform in all_platforms()
        for sign in platform.signs
        if {kind for _, kind in _WEB}.intersection(sign.kinds)
    }
    return ("GET /", *sorted(asked - {"GET /"}))


def _is_version(platform: Platform, version: str) -> bool:
    form = re.compile(platform.version_form, re.IGNORECASE | re.ASCII)
    return bool(platform.version_form) and form.fullmatch(version) is not None


def _only(values: Sequence[str | None]) -> str | None:
    """The one value that is told; spelling differs between protocols in case and spaces."""
    told = [value for value in values if value is not None]
    alike = {re.sub(r"[\W_]", "", value).lower() for value in told}
    return told[0] if len(alike) == 1 else None
