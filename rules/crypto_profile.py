"""What a dated profile says of the algorithms that a device offers over SSH and TLS.

The profile is data (`rules/profiles`), so that a later one judges stored evidence again. A name
that it does not hold is not judged, which is neither good nor bad.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from inventory.text import Text
from rules.crypto_facts import Certificate, SshOffer, TlsOffer
from rules.facts import Citation

Grade = Literal["forbidden", "questioned", "dated", "sound"]
GRADES: tuple[Grade, ...] = ("forbidden", "questioned", "dated", "sound")
SHOWN_MAX = 12
"""Names that a reason spells out; the evidence holds them all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Algorithms of one kind that one source speaks of."""

    of: str
    grade: Grade
    source: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class KeyLengths:
    kind: str
    forbidden_below: int
    dated_below: int
    source: str

    def grade(self, bits: int) -> Grade:
        if bits < self.forbidden_below:
            return "forbidden"
        return "dated" if bits < self.dated_below else "sound"


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    version: str
    issued: date
    sources: tuple[str, ...]
    groups: tuple[Group, ...]
    keys: tuple[KeyLengths, ...]

    @property
    def label(self) -> str:
        """Name and version, as printed with every verdict that rests on it."""
        return f"{self.name} {self.version}"

    def group(self, of: str, name: str) -> Group | None:
        """The first group of a kind that holds the name; None when nothing is said of it."""
        of_kind = (group for group in self.groups if group.of == of)
        return next((group for group in of_kind if group.pattern.fullmatch(name)), None)

    def grade(self, of: str, name: str) -> Grade | None:
        group = self.group(of, name)
        return group.grade if group else None

    def key(self, kind: str) -> KeyLengths | None:
        return next((lengths for lengths in self.keys if lengths.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Named:
    """One algorithm, version or key that a device shows, with what the profile says of it."""

    of: str
    name: str
    where: str
    """`SSH 22`, `TLS 443`."""
    grade: Grade | None
    source: str = ""
    said: Text | None = None
    """The name in words, where it is none of a standard."""
    line: str = ""
    """Words of the line that shows it; its name where left out."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was judged, in the order of the device; and whether anything stayed open."""

    named: tuple[Named, ...]
    unseen: tuple[str, ...] = ()
    """What was not seen to its end."""

    def graded(self, grade: Grade | None) -> tuple[Named, ...]:
        return tuple(dict.fromkeys(one for one in self.named if one.grade == grade))

    @property
    def weak(self) -> tuple[Named, ...]:
        """What ssh-audit and sslscan report as weak, those that break nothing among them."""
        return (*self.graded("forbidden"), *self.graded("questioned"))

    @property
    def met(self) -> bool | None:
        """False with anything forbidden; None while something is unseen or not judged."""
        if self.graded("forbidden"):
            return False
        return None if self.unseen or self.graded(None) else True

    @property
    def shown(self) -> Text | None:
        """What decides and by which profile, for a reason; None with nothing to name."""
        if broken := self.graded("forbidden"):
            return _by(_listed(broken))
        if not_judged := self.graded(None):
            names = _listed(not_judged)
            return _by(
                Text(vi=f"chưa có trong hồ sơ: {names.vi}", en=f"not in the profile: {names.en}")
            )
        if self.unseen:
            what = ", ".join(dict.fromkeys(self.unseen))
            return _by(Text(vi=f"chưa xem hết: {what}", en=f"not seen to the end: {what}"))
        return None

    def decisive(self, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        """Those that name what is forbidden; where nothing is, the first of each document."""
        deciding = self.graded("forbidden") or self.graded(None)
        names = [one.line or one.name for one in deciding]
        naming = tuple(c for c in citations if any(name in c.text for name in names))
        firsts = {c.sha256 or c.source: c for c in reversed(citations)}
        return naming or tuple(reversed(firsts.values()))

    @property
    def advice(self) -> Text | None:
        """What breaks nothing and had better be replaced."""
        better = (*self.graded("questioned"), *self.graded("dated"))
        if not better:
            return None
        names = _listed(better)
        return _by(Text(vi=f"nên thay {names.vi}", en=f"better replaced: {names.en}"))


def _by(text: Text) -> Text:
    label = current_profile().label
    return Text(vi=f"{text.vi}; theo {label}", en=f"{text.en}; by {label}")


def _listed(named: Iterable[Named]) -> Text:
    places: dict[str, list[Text]] = {}
    count = 0
    for one in named:
        names = places.setdefault(one.where, [])
        said = one.said or Text(vi=one.name, en=one.name)
        if said not in names:
            count += 1
            if count <= SHOWN_MAX:
                names.append(said)
    more = f", … (+{count - SHOWN_MAX})" if count > SHOWN_MAX else ""
    vi, en = (
        "; ".join(
            f"{place}: {', '.join(getattr(name, language) for name in names)}"
            for place, names in places.items()
            if names
        )
        for language in ("vi", "en")
    )
    return Text(vi=vi + more, en=en + more)


@cache
def current_profile() -> Profile:
    """The profile that comes with the program."""
    content = files("rules").joinpath("profiles/hnth-2026.toml").read_text(encoding="utf-8")
    return read_profile(tomllib.loads(content))


def read_profile(table: dict[str, Any]) -> Profile:
    """KeyError for a missing key or an unknown grade, re.error for a bad pattern."""
    return Profile(
        name=table["name"],
        version=table["version"],
        issued=table["date"],
        sources=tuple(table["sources"]),
        groups=tuple(_group(row) for row in table["group"]),
        keys=tuple(KeyLengths(**row) for row in table["key"]),
    )


def _group(row: dict[str, Any]) -> Group:
    if row["grade"] not in GRADES:
        raise KeyError(f"{row['grade']!r} is no grade of a profile")
    pattern = re.compile("|".join(f"(?:{name})" for name in row["names"]))
    return Group(row["of"], row["grade"], row["source"], pattern)


# --- what devices show -----------------------------------------------------------------------


def by_profile(shown: Iterable[SshOffer | TlsOffer | Certificate]) -> Judgement:
    """The current profile on whatever a device shows. Nothing shown is nothing weak."""
    profile = current_profile()
    named: list[Named] = []
    unseen: list[str] = []
    for one in shown:
        if isinstance(one, SshOffer):
            where = f"SSH {one.port or ''}".strip()
            named += _ssh(profile, one, where)
            unseen += [f"{where} {field.replace('_', ' ')}" for field in one.incomplete]
        elif isinstance(one, TlsOffer):
            named += _tls(profile, one)
            unseen += [f"TLS {one.port} {field}" for field in one.incomplete]
        elif one.seen:
            named += _certificate(profile, one)
        else:
            unseen.append(f"TLS {one.port} certificate")
    return Judgement(tuple(named), tuple(unseen))


def _ssh(profile: Profile, offer: SshOffer, where: str) -> Iterator[Named]:
    if offer.protocol:
        yield graded(profile, "ssh protocol", offer.protocol, where)
    lists = (
        ("key exchange", offer.key_exchange),
        ("host key", offer.host_keys),
        ("cipher", offer.ciphers),
        ("mac", offer.macs),
        ("compression", offer.compression),
    )
    for of, names in lists:
        for name in names:
            yield graded(profile, of, name, where)
    if offer.rsa_bits is not None:
        yield _key(profile, "rsa", offer.rsa_bits, where)


def _tls(profile: Profile, offer: TlsOffer) -> Iterator[Named]:
    where = f"TLS {offer.port}"
    for protocol in offer.protocols:
        yield graded(profile, "tls protocol", protocol, where)
    for suite in offer.suites:
        yield graded(profile, "suite", suite, where)


def _certificate(profile: Profile, certificate: Certificate) -> Iterator[Named]:
    where = f"TLS {certificate.port}"
    # those stored before the kind was kept: no elliptic curve is that long, no RSA key that short
    kind = certificate.key_kind or ("rsa" if certificate.key_bits >= 600 else "ec")
    line = f"key {certificate.key_bits} bits, signed with {certificate.signature_hash}"
    yield _key(profile, kind, certificate.key_bits, where, line)
    yield graded(profile, "signature", certificate.signature_hash, where, line=line)


def graded(
    profile: Profile, of: str, name: str, where: str, said: Text | None = None, line: str = ""
) -> Named:
    """What the profile says of a name that a device shows."""
    group = profile.group(of, name)
    grade, source = (group.grade, group.source) if group else (None, "")
    return Named(of, name, where, grade, source, said, line)


def _key(profile: Profile, kind: str, bits: int, where: str, line: str = "") -> Named:
    lengths = profile.key(kind)
    name = f"{kind.upper()} {bits} bit"
    if lengths is None:
        return Named("key", name, where, None, line=line)
    return Named("key", name, where, lengths.grade(bits), lengths.source, line=line)
