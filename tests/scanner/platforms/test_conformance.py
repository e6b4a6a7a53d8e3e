"""Every family, found by itself: broken and hostile documents give the same facts or fewer."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

import pytest

from scanner.evidence import MAX_BYTES, Document
from scanner.platforms import all_platforms
from scanner.platforms.model import Platform, Reading
from tests.conftest import SHARED
from tests.scanner.platforms import conformance as kit
from tests.scanner.platforms.conformance_samples import invented

PLATFORMS = all_platforms()
PLACES = 200
"""Of each kind of damage, for each family."""
LONGEST_S = 20.0
"""Processor time for the largest answer that is kept: ten times what the slowest family takes."""


# --- what may differ, and why ----------------------------------------------------------------


def anything(whole: Any, part: Any) -> bool:
    return True


def fewer(whole: Any, part: Any) -> bool:
    """Some of the same members, perhaps in another order."""
    return all(any(less(member, one) for member in whole) for one in part)


def less(whole: Any, part: Any) -> bool:
    """The same value, with some of its fields not told."""
    if isinstance(whole, tuple) and isinstance(part, tuple) and len(whole) == len(part):
        return all(map(less, whole, part))
    if is_dataclass(whole) and type(whole) is type(part):
        pairs = [(getattr(whole, f.name), getattr(part, f.name)) for f in fields(whole)]
        return all(told == shown or shown in (None, ()) for told, shown in pairs)
    return bool(whole == part)


def doubtful(whole: Any, part: Any) -> bool:
    """A packet filter with lines that were not understood, which decides nothing."""
    return bool(part.unread) or _decides(whole) == _decides(part)


def _decides(filters: Any) -> Any:
    rules = [(r.action, r.sources, r.destinations, r.ports, r.states) for r in filters.rules]
    return filters.default, filters.stateful, rules


class MayDiffer(NamedTuple):
    platform: str
    facts: tuple[str, ...]
    damage: frozenset[str]
    may_be: Callable[[Any, Any], bool]
    why: str


LINES_LOST = frozenset({"cut", "dropped", "swapped", "garbled", "doubled", "repeated"})

EXCEPTIONS = (
    MayDiffer(
        "cisco-cms",
        ("accounts", "ntp.servers", "syslog.targets"),
        LINES_LOST,
        fewer,
        "the lists of the MMP have no end mark, and `user info` is a second answer",
    ),
    MayDiffer(
        "cisco-roomos",
        ("ntp.servers",),
        LINES_LOST,
        fewer,
        "nothing counts the servers, and the order is that of the lines",
    ),
    MayDiffer(
        "cisco-roomos",
        ("accounts",),
        LINES_LOST - {"dropped"},
        less,
        "whether an account is active stands on a line of its own",
    ),
    MayDiffer(
        "cisco-roomos",
        ("accounts",),
        frozenset({"dropped"}),
        anything,
        "the last role of a user is missed by nothing",
    ),
    MayDiffer(
        "cisco-roomos",
        ("identity.model",),
        LINES_LOST,
        lambda whole, part: whole.endswith(part),
        "the name of the platform stands for that of the product",
    ),
    MayDiffer(
        "linux",
        ("filters",),
        frozenset({"garbled", "hostile", "swapped", "with a byte order mark"}),
        doubtful,
        "lines that are not understood are part of the value and leave it undecided",
    ),
    MayDiffer(
        "linux",
        ("filters",),
        frozenset({"dropped", "swapped", "doubled", "repeated"}),
        anything,
        "a rule set with other lines or in another order is another rule set",
    ),
    MayDiffer(
        "linux",
        ("logs.sources", "logs.retention", "syslog.targets", "ntp.servers"),
        LINES_LOST,
        fewer,
        "files and folders are listed one by one and nothing counts them",
    ),
    MayDiffer(
        "linux",
        tuple(f"service.{name}.enabled" for name in ("ssh", "https")),
        frozenset({"dropped"}),
        anything,
        "a service is told by its own line only",
    ),
    MayDiffer("linux", ("interfaces",), LINES_LOST, less, "the state of an interface is optional"),
    MayDiffer("poly-trio", ("interfaces",), LINES_LOST, less, "the VLAN is optional"),
    MayDiffer(
        "polycom-hdx",
        ("software.version",),
        LINES_LOST,
        lambda whole, part: part in whole,
        "the settings name the release without its build",
    ),
    *(
        MayDiffer(
            name,
            ("snmp.default_community",),
            frozenset({"hostile"}),
            anything,
            "`public<script>` is a community, and another one than `public`",
        )
        for name in ("poly-studio", "polycom-group", "polycom-hdx")
    ),
)


def wrong(
    platform: Platform, damage: str, whole: Mapping[str, Any], part: Mapping[str, Any]
) -> Any:
    """Facts that the damaged document invents."""
    if damage == "scrambled":
        return {}  # another digit is another value, which nobody can notice
    found = kit.invented(whole, part)
    if damage == "hostile":
        found = {name: value for name, value in found.items() if name not in kit.SAID_IN_WORDS}
    return {
        name: (whole.get(name), value)
        for name, value in found.items()
        if not any(
            e.may_be(whole[name], value)
            for e in EXCEPTIONS
            if e.platform == platform.name
            and name in e.facts
            and damage in e.damage
            and name in whole
        )
    }


# --- samples ---------------------------------------------------------------------------------


def samples(platform: Platform) -> tuple[kit.Sample, ...]:
    """Recorded ones where the shared folder is there, and invented ones."""
    folder = SHARED / "devices" / platform.name
    recorded = kit.saved(folder) if folder.is_dir() else []
    return (*recorded, *invented(platform.name))


def whole(platform: Platform, sample: kit.Sample) -> Mapping[str, Any]:
    return kit.known(platform.read(sample.documents()))


def some(platform: Platform) -> tuple[kit.Sample, ...]:
    found = samples(platform)
    if not found:
        pytest.skip("the samples of this family are not beside this checkout")
    return found


every_family = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: p.name)


def _twice(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    yield content * 2


def _windows(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    yield content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _marked(content: bytes, chance: random.Random, places: int) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + content


DAMAGE: dict[str, Callable[[bytes, random.Random, int], Iterator[bytes]]] = {
    "cut": kit.cut,
    "garbled": kit.garbled,
    "scrambled": kit.scrambled,
    "swapped": kit.swapped,
    "dropped": kit.dropped,
    "doubled": _twice,
    "hostile": kit.hostile,
    "with carriage returns": _windows,
    "with a byte order mark": _marked,
}


# --- the promises ----------------------------------------------------------------------------


@every_family
def test_nothing_tells_nothing(platform: Platform) -> None:
    assert kit.known(platform.read(())) == {}
    nothing = [Document(b"", "file", "O", kit.CAPTURED)]
    assert kit.known(kit.read(platform, nothing)) == {}


@every_family
def test_a_family_is_read_and_what_it_tells_is_cited_and_stored(platform: Platform) -> None:
    told = set()
    for sample in some(platform):
        told |= kit.known(kit.read(platform, sample.documents())).keys()
    assert bool(told) == (platform.not_read is None)


@pytest.mark.parametrize("damage", DAMAGE)
@every_family
def test_a_broken_or_hostile_document_gives_the_same_facts_or_fewer(
    platform: Platform, damage: str
) -> None:
    for sample, places in kit.shares(some(platform), PLACES):
        chance = random.Random(f"{platform.name} {sample.name}")
        told = whole(platform, sample)
        for content in DAMAGE[damage](sample.document.content, chance, places):
            reading = kit.read(platform, sample.documents(content))
            found = wrong(platform, damage, told, kit.known(reading))
            assert found == {}, (sample.name, content[-200:])


@every_family
def test_a_document_handed_in_twice_says_nothing_new(platform: Platform) -> None:
    for sample in some(platform):
        twice = kit.known(kit.read(platform, sample.documents() * 2))
        assert wrong(platform, "again", whole(platform, sample), twice) == {}, sample.name


@every_family
def test_the_order_of_documents_does_not_matter(platform: Platform) -> None:
    visits = [(name, documents) for name, documents in kit.visits(some(platform)) if documents]
    visits += [(s.name, s.documents()) for s in samples(platform) if s.beside][:1]
    for name, documents in visits:
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
def test_fifty_megabytes_are_read_in_time_and_tell_nothing_new(platform: Platform) -> None:
    sample = max(some(platform), key=lambda s: _most(platform, s))
    content = kit.repeated(sample.document.content)
    assert len(content) == MAX_BYTES
    documents = sample.documents(content)
    started = time.process_time()
    reading = platform.read(documents)
    assert time.process_time() - started < LONGEST_S
    assert wrong(platform, "repeated", whole(platform, sample), kit.known(reading)) == {}


def _most(platform: Platform, sample: kit.Sample) -> tuple[int, int]:
    return len(kit.known(platform.read([sample.document]))), len(sample.document.content)


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
