"""What every family module promises, as functions: samples of devices, and judges of readings.

A family that reads broken or hostile documents may lose facts and may not make any: each fact is
the same as in the whole document, or Unknown. `test_conformance` runs this over every family, with
the `damage` of the module of that name.
"""

from __future__ import annotations

import json
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

CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)
OWN = Path(__file__).parent / "samples"
"""`<family>/<device>/<file>`: what simulated devices answer, written by us; a folder is a visit."""
SOURCES = "sources.json"
"""In a device's folder: which command or request a file answers; the others are saved files."""


class Sample(NamedTuple):
    """Documents of one device: the one that gets damaged, and those read together with it."""

    name: str
    document: Document
    beside: tuple[Document, ...] = ()

    def documents(self, content: bytes | None = None) -> list[Document]:
        """All of them, with other content in the first one where it is given."""
        first = self.document if content is None else replace(self.document, content=content)
        return [first, *self.beside]


class Visit(NamedTuple):
    """All documents of one device."""

    name: str
    documents: tuple[Document, ...]
    is_ours: bool

    def together(self) -> Iterator[Sample]:
        """Each document as the one to damage, beside the others."""
        for n, document in enumerate(self.documents):
            beside = (*self.documents[:n], *self.documents[n + 1 :])
            yield Sample(f"{self.name}: {document.source}"[:120], document, beside)

    def one_by_one(self) -> Iterator[Sample]:
        """Each document as the only one."""
        for document in self.documents:
            yield Sample(f"{self.name}: {document.source}"[:120], document)


def own_visits(family: str, samples: Path = OWN) -> list[Visit]:
    """The devices of a family in our folder of samples."""
    return [_visit(folder, samples, True) for folder in _folders(samples / family)]


def recorded_visits(family: str, devices: Path) -> list[Visit]:
    """Every folder with files below a family's folder of recordings."""
    return [_visit(folder, devices, False) for folder in _folders(devices / family)]


def _folders(home: Path) -> list[Path]:
    return sorted({path.parent for path in home.rglob("*") if path.is_file()})


def _visit(folder: Path, home: Path, is_ours: bool) -> Visit:
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SOURCES)
    listed = folder / SOURCES
    sources = json.loads(listed.read_bytes()) if listed.is_file() else {}
    astray = sources.keys() - {path.name for path in files}
    assert not astray, f"{listed} names files that are not there: {sorted(astray)}"
    documents = tuple(
        Document(
            path.read_bytes(),
            sources.get(path.name, path.name),
            "C" if path.name in sources else "O",
            CAPTURED,
        )
        for path in files
    )
    return Visit(folder.relative_to(home).as_posix(), documents, is_ours)


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
        citation.text.encode()  # the store takes no half characters
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


_STORED: set[tuple[str, str]] = set()
"""Values and reasons that were seen to come back from the store as they went in."""


def _is_stored(name: str, fact: Fact[Any]) -> None:
    told = (name, repr(fact.value if isinstance(fact, Known) else fact.reason))
    if told in _STORED:
        return
    text = encode_fact(name, fact)
    assert encode_fact(name, decode_fact(name, text)) == text, name
    if isinstance(fact, Known):
        assert isinstance(decode_fact(name, text), Known), (name, text)
    _STORED.add(told)


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
