"""Every family, found by itself: broken and hostile documents give the same facts or fewer."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Unknown
from scanner.collect.redact import redact
from scanner.evidence import MAX_BYTES, Document
from scanner.platforms import all_platforms
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Platform, Reading
from scanner.saved_files import load
from tests.conftest import SHARED
from tests.scanner.platforms import conformance as kit
from tests.scanner.platforms import damage as harm
from tests.scanner.platforms.may_differ import EXCEPTIONS, decided, wrong

PLATFORMS = all_platforms()
CUTS = 200
"""Places at which each sample is cut."""
PLACES = 24
"""Of every other damage, for each sample."""
LONGEST_S = 20.0
"""Processor time for the largest answer that is kept: ten times what the slowest family takes."""

DAMAGE: dict[str, harm.Damage] = {
    "cut": harm.cut,
    "garbled": harm.garbled,
    "scrambled": harm.scrambled,
    "swapped": harm.swapped,
    "dropped": harm.dropped,
    "doubled": harm.doubled,
    "contradicted": harm.contradicted,
    "hostile": harm.hostile,
}
SPELLINGS: dict[str, harm.Damage] = {"windows": harm.windows, "marked": harm.marked}


def visits(platform: Platform) -> tuple[kit.Visit, ...]:
    """Our own devices, and recorded ones where the shared folder is there."""
    own, recorded = _visits(platform.name)
    if not own and platform.not_read is None:
        pytest.fail(
            f"{platform.name} has no sample: make the folder {kit.OWN / platform.name}/<device> "
            "with what a device of the family answers, written by yourself"
        )
    return (*own, *recorded)


@cache
def _visits(family: str) -> tuple[list[kit.Visit], list[kit.Visit]]:
    """Loaded once: what a family made of a document is kept with the document."""
    return kit.own_visits(family), kit.recorded_visits(family, SHARED / "devices")


def samples(platform: Platform) -> Iterator[kit.Sample]:
    """Documents to damage: ours beside those of the same visit, recorded ones each alone."""
    for visit in visits(platform):
        yield from visit.together() if visit.is_ours else visit.one_by_one()


def whole(platform: Platform, sample: kit.Sample) -> Mapping[str, Any]:
    return kit.known(platform.read(sample.documents()))


every_family = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: p.name)


# --- the promises ----------------------------------------------------------------------------


@every_family
def test_nothing_tells_nothing(platform: Platform) -> None:
    assert kit.known(platform.read(())) == {}
    nothing = [Document(b"", "file", "O", kit.CAPTURED)]
    assert kit.known(kit.read(platform, nothing)) == {}


@every_family
def test_a_family_is_read_and_what_it_tells_is_cited_and_stored(platform: Platform) -> None:
    told = set()
    for visit in visits(platform):
        told |= kit.known(kit.read(platform, visit.documents)).keys()
    if platform.not_read is None:
        assert told - SEEN_FROM_OUTSIDE
        return
    assert told <= SEEN_FROM_OUTSIDE
    facts = kit.read(platform, [Document(b"anything\n", "file", "O", kit.CAPTURED)]).facts
    silent = [name for name in FACT_TYPES.keys() - SEEN_FROM_OUTSIDE if name not in facts]
    assert silent == []
    assert all(isinstance(facts[name], Unknown) for name in FACT_TYPES.keys() - SEEN_FROM_OUTSIDE)


@pytest.mark.parametrize("damage", DAMAGE)
@every_family
def test_a_broken_or_hostile_document_gives_the_same_facts_or_fewer(
    platform: Platform, damage: str
) -> None:
    found = []
    for sample in samples(platform):
        chance = random.Random(f"{platform.name} {sample.name}")
        told = whole(platform, sample)
        places = CUTS if damage == "cut" else PLACES
        for place, content in DAMAGE[damage](sample.document.content, chance, places):
            part = kit.known(kit.read(platform, sample.documents(content)))
            kind = "ended" if damage == "cut" and content.endswith(b"\n") else damage
            for name, (was, now) in wrong(platform.name, kind, told, part).items():
                found.append(f"{name}: {now!r} instead of {was!r}; {sample.name}, {place}")
    assert not found, f"{damage}: {len(found)} wrong facts, e.g.\n" + "\n".join(found[:20])


@pytest.mark.parametrize("spelling", SPELLINGS)
@every_family
def test_other_line_ends_and_marks_change_nothing(platform: Platform, spelling: str) -> None:
    for sample in samples(platform):
        for place, content in SPELLINGS[spelling](sample.document.content, random.Random(1), 1):
            reading = kit.read(platform, sample.documents(content))
            assert kit.known(reading) == whole(platform, sample), (sample.name, place)


@every_family
def test_files_in_utf_16_tell_the_same(platform: Platform, tmp_path: Path) -> None:
    for visit in visits(platform):
        documents = []
        for number, document in enumerate(visit.documents):
            file = tmp_path / f"{number}"
            file.write_bytes(document.text.encode("utf-16"))
            (taken,) = load([file]).documents
            documents.append(replace(document, content=taken.content))
        plain = [replace(d, content=redact(d.content, ())) for d in visit.documents]
        assert kit.known(kit.read(platform, documents)) == kit.known(platform.read(plain))


@every_family
def test_a_document_handed_in_twice_says_nothing_new(platform: Platform) -> None:
    for sample in samples(platform):
        twice = kit.known(kit.read(platform, sample.documents() * 2))
        assert wrong(platform.name, "again", whole(platform, sample), twice) == {}, sample.name


@every_family
def test_the_order_of_documents_does_not_matter(platform: Platform) -> None:
    for name, documents, _ in visits(platform):
        first = _told(kit.read(platform, documents))
        for seed in range(4):
            other = list(documents)
            random.Random(seed).shuffle(other)
            assert _told(kit.read(platform, other)) == first, name


def _told(reading: Reading) -> dict[str, Any]:
    """Values; members of a list in any order, because documents bring them in theirs."""
    return {
        name: sorted(map(repr, value)) if isinstance(value, tuple) else value
        for name, value in kit.known(reading).items()
    }


@every_family
def test_two_documents_that_contradict_each_other_leave_a_fact_open(platform: Platform) -> None:
    found = []
    for sample in samples(platform):
        chance = random.Random(f"{platform.name} {sample.name}")
        told = whole(platform, sample)
        for place, content in harm.changed(sample.document.content, chance, PLACES):
            other = replace(sample.document, content=content)
            alone = kit.known(platform.read([other, *sample.beside]))
            for pair in ([sample.document, other], [other, sample.document]):
                both = kit.known(kit.read(platform, [*pair, *sample.beside]))
                for name, (one, two, said) in decided(platform.name, told, alone, both).items():
                    found.append(f"{name}: {said!r} of {one!r}, {two!r}; {sample.name}, {place}")
    assert not found, f"{len(found)} contradictions decided, e.g.\n" + "\n".join(found[:20])


@every_family
def test_fifty_megabytes_are_read_in_time_and_tell_nothing_new(platform: Platform) -> None:
    found = list(samples(platform))
    if not found:
        return
    sample = max(found, key=lambda s: _most(platform, s))
    content = harm.bounded(harm.repeated(sample.document.content))
    assert len(content) == MAX_BYTES
    documents = sample.documents(content)
    started = time.process_time()
    reading = platform.read(documents)
    assert time.process_time() - started < LONGEST_S
    assert wrong(platform.name, "repeated", whole(platform, sample), kit.known(reading)) == {}


def _most(platform: Platform, sample: kit.Sample) -> tuple[int, int]:
    return len(kit.known(platform.read([sample.document]))), len(sample.document.content)


def test_a_file_of_fifty_megabytes_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "configuration.xml"
    file.write_bytes(harm.repeated(b"<Configuration>\n"))
    saved = load([file])
    assert saved.documents == ()
    assert "MB" in saved.refused[0].reason.en


# --- the kit itself --------------------------------------------------------------------------


def _reader(read: Callable[[Sequence[Document]], Reading]) -> Platform:
    return Platform(
        "acme", "ACME", "ACME", frozenset(), (), lambda a: iter(()), read, lambda v: None
    )  # type: ignore[arg-type,return-value]


def test_a_fact_without_a_line_of_the_document_is_noticed() -> None:
    from rules.facts import Citation, Known

    given = [Document(b"a: 1\n", "file", "O", kit.CAPTURED)]
    sha256 = given[0].sha256
    good = Citation("O", "file", 1, "a: 1", sha256)
    kit.read(_reader(lambda d: Reading({"call.active": Known(1, (good,))})), given)
    for fact in (
        Known(1),
        Known("1", (good,)),
        Known(1, (Citation("O", "file", 9, "a: 1", sha256),)),
        Known(1, (Citation("O", "other", 1, "a: 1", sha256),)),
        Known(1, (Citation("O", "file", 1, "a:\x1b 1", sha256),)),
    ):
        with pytest.raises((AssertionError, TypeError)):
            kit.read(_reader(lambda d, fact=fact: Reading({"call.active": fact})), given)


def test_an_invented_value_is_noticed_and_a_lost_one_is_not() -> None:
    assert kit.invented({"call.active": 0}, {}) == {}
    assert kit.invented({"call.active": 0}, {"call.active": 1}) == {"call.active": 1}
    assert kit.invented({}, {"call.active": 0}) == {"call.active": 0}


def test_every_exception_names_a_family_and_facts() -> None:
    names = {platform.name for platform in PLATFORMS}
    assert {e.platform for e in EXCEPTIONS} <= names
    assert all(e.why and e.damage for e in EXCEPTIONS)
