"""What every family module promises, as functions: damage for documents, and judges of readings.

A family that reads broken or hostile documents may lose facts and may not make any: each fact is
the same as in the whole document, or Unknown. `test_conformance` runs this over every family.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rules.facts import FACT_TYPES, Citation, Fact, Known
from scanner.evidence import MAX_BYTES, Document, printable
from scanner.platforms.model import Platform, Reading
from scanner.store.codec import decode_fact, encode_fact

REPEATED_TO = 50 * 1024 * 1024
CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)


class Sample(NamedTuple):
    """Documents of one device: the one that gets damaged, and those read together with it."""

    name: str
    document: Document
    beside: tuple[Document, ...] = ()

    def documents(self, content: bytes | None = None) -> list[Document]:
        """All of them, with other content in the first one where it is given."""
        first = self.document if content is None else replace(self.document, content=content)
        return [first, *self.beside]


def saved(folder: Path) -> list[Sample]:
    """Every file below a family's folder of samples."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        Sample(str(path.relative_to(folder)), Document(path.read_bytes(), path.name, "O", CAPTURED))
        for path in files
    ]


def visits(samples: Sequence[Sample]) -> list[tuple[str, list[Document]]]:
    """The documents of each folder together, as somebody would hand them in."""
    folders: dict[str, list[Document]] = {}
    for sample in samples:
        folders.setdefault(sample.name.rpartition("/")[0], []).extend(sample.documents())
    return list(folders.items())


# --- damage ----------------------------------------------------------------------------------

_STRUCTURE = re.compile(rb"""["'<>{}\[\]:,=;\\\n]|(?<=<)/|/(?=>)""")
_NOISE = b"\"'<>{}[]:,=;/\\\n\r\t \x00\x7f\xff#%&?@|~"
_KEY = re.compile(
    rb"""([A-Za-z_][A-Za-z_.\[\]]{2,60})\d{0,3}["']?[ \t]*[:=]|</?([A-Za-z_]{3,60})"""
)


def shares(samples: Sequence[Sample], places: int) -> Iterator[tuple[Sample, int]]:
    """The places of damage spread over the samples: more in the large ones, some in each."""
    weights = [len(sample.document.content) ** 0.5 for sample in samples]
    for sample, weight in zip(samples, weights, strict=True):
        yield sample, max(3, round(places * weight / max(1.0, sum(weights))))


def cut(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    """The content as it is when the connection breaks: also inside a value, and at a line's end."""
    ends = [0, len(content) - 1, content.rfind(b"\n", 0, -1) + 1]
    ends += [chance.randrange(len(content)) for _ in range(max(0, places - len(ends)))]
    yield from (content[:end] for end in sorted(set(ends)))


def garbled(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    """Marks of the structure and letters of keys replaced; never the inside of a value.

    A digit that was changed inside a value would be another value, which nobody can notice.
    """
    marks = [match.start() for match in _STRUCTURE.finditer(content)]
    names = [match.span(match.lastindex or 0) for match in _KEY.finditer(content)]
    for turn in range(places):
        broken = bytearray(content)
        if turn % 2 and names:
            at = chance.randrange(*chance.choice(names))
            broken[at] ^= 1 << chance.randrange(8)
        elif marks:
            broken[chance.choice(marks)] = chance.choice(_NOISE)
        yield bytes(broken)


def scrambled(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    """Any bytes anywhere; what is told then may be wrong, and nothing else may happen."""
    for _ in range(places if content else 0):
        broken = bytearray(content)
        for _ in range(chance.randrange(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        yield bytes(broken)


def swapped(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    """Two neighbouring lines change places."""
    lines = content.split(b"\n")
    for _ in range(places if len(lines) > 2 else 0):
        at = chance.randrange(len(lines) - 2)
        yield b"\n".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]])


def dropped(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    """One line is missing."""
    lines = content.split(b"\n")
    for _ in range(places if len(lines) > 2 else 0):
        at = chance.randrange(len(lines))
        yield b"\n".join([*lines[:at], *lines[at + 1 :]])


def repeated(content: bytes) -> bytes:
    """50 MB of the same, bounded as every collector bounds what it keeps."""
    return (content * (REPEATED_TO // max(1, len(content)) + 1))[:MAX_BYTES]


# --- hostile content -------------------------------------------------------------------------

ESCAPES = "\x1b[2J\x1b]0;hnth\x07\u202e\x9b31m"
HTML = "<script>alert(1)</script><b>"
ENTITY = "&e9;"
BOMB = "<!DOCTYPE bomb [<!ENTITY e0 'hnth'>{}]>".format(
    "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
)
_FIELD = re.compile(
    r"""(?<=>)[^<>\n]+(?=<)|(?<=")[^"\n]*(?="[\s,}\]>/?]|"$)|(?<=[:=,])[^\n"'<>{}\[\]]+$""", re.M
)


def hostile(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    """Escapes, HTML and entities in, before and after the value of every field, and of one."""
    text = content.decode("utf-8", errors="replace")
    spans = [match.span() for match in _FIELD.finditer(text)]
    for planted in _spellings(text):
        for form in ("{bad}", "{value}{bad}", "{bad}{value}"):
            yield _planted(text, spans, form, planted).encode()
    for _ in range(places if spans else 0):
        planted = chance.choice(_spellings(text))
        form = chance.choice(("{bad}", "{value}{bad}", "{bad}{value}"))
        yield _planted(text, [chance.choice(spans)], form, planted).encode()
    yield from (f"{line}\n".encode() * 50 for line in (ESCAPES, HTML, BOMB))
    yield (BOMB + _planted(text, spans, "{bad}", ENTITY)).encode()
    declaration = re.match(r"\s*<\?xml[^>]*\?>", text)
    if declaration:
        end = declaration.end()
        yield (text[:end] + BOMB + _planted(text, spans, "{bad}", ENTITY)[end:]).encode()


def _spellings(text: str) -> tuple[str, ...]:
    """As they come, and escaped so that the document stays whole."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return ESCAPES, HTML, "&lt;script&gt;&#x202e;&#x9b;31m", ENTITY
    return ESCAPES, HTML, r"\u001b[2J\u202e\ud800\u0000", ENTITY


def _planted(text: str, spans: Sequence[tuple[int, int]], form: str, bad: str) -> str:
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], form.format(value=text[start:end], bad=bad)]
        done = end
    return "".join([*pieces, text[done:]])


# --- judges ----------------------------------------------------------------------------------


def known(reading: Reading) -> dict[str, Any]:
    return {name: fact.value for name, fact in reading.facts.items() if isinstance(fact, Known)}


def read(platform: Platform, documents: Sequence[Document]) -> Reading:
    """The reading, after everything that must hold for any reading was found to hold."""
    reading = platform.read(documents)
    for name, fact in reading.facts.items():
        assert name in FACT_TYPES, name
        _is_cited(name, fact, documents)
        _is_stored(name, fact)
        if isinstance(fact, Known):
            assert not list(unprintable(fact.value)), (name, fact.value)
        else:
            assert fact.reason.vi.strip(), name
            assert fact.reason.en.strip(), name
            assert printable(fact.reason.en, 10**6) == fact.reason.en, (name, fact.reason.en)
    for document, line in reading.unread:
        assert any(document is one for one in documents)
        assert 1 <= line.line <= len(document.lines), line
        assert printable(line.text) == line.text
        assert line.why
    return reading


def _is_cited(name: str, fact: Fact[Any], documents: Sequence[Document]) -> None:
    for citation in fact.citations:
        cited = [d for d in documents if (d.source, d.sha256) == (citation.source, citation.sha256)]
        assert cited, (name, citation)
        assert printable(citation.text) == citation.text, (name, citation)
        assert any(_shows(document, citation) for document in cited), (name, citation)
    assert fact.citations or not isinstance(fact, Known), name


def _shows(document: Document, citation: Citation) -> bool:
    if citation.line is None:
        return True
    if not 1 <= citation.line <= len(document.lines):
        return False
    shown = citation.text.removesuffix("…")
    if shown in printable(document.lines[citation.line - 1], MAX_BYTES):
        return True
    if document.content.count(b"\n") <= 1:
        return True  # a whole answer on one line: what is cited of it is put together
    # of a line with a secret, the other words are shown
    told = printable(document.text.replace("\n", " "), MAX_BYTES)
    return all(word in told for word in re.findall(r"\w+", shown.replace("<redacted>", "")))


def _is_stored(name: str, fact: Fact[Any]) -> None:
    text = encode_fact(name, fact)
    assert encode_fact(name, decode_fact(name, text)) == text, name
    if isinstance(fact, Known):
        assert isinstance(decode_fact(name, text), Known), (name, text)


def texts(value: Any) -> Iterator[str]:
    """Every string inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def unprintable(value: Any) -> Iterator[str]:
    """Strings inside a value that could steer a terminal or have no end."""
    return (text for text in texts(value) if printable(text, 2000) != text.strip())


def invented(whole: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a damaged document that the whole one does not tell."""
    absent = object()
    return {name: value for name, value in part.items() if whole.get(name, absent) != value}


SAID_IN_WORDS = frozenset(
    {"accounts", "identity.family", "identity.model", "identity.serial", "identity.vendor"}
    | {"interfaces", "neighbours", "ntp.servers", "routes", "software.version", "syslog.targets"}
)
"""Facts that carry the device's own words: other words are another value, shown harmlessly."""
