"""Version strings of a family: read into comparable parts, or refused with the reason.

A family's grammar is data (`Grammar`). Three kinds cover conferencing: `dotted` (3.1.14-56008),
`bracketed` (4.5(1.89)) and `lettered` (V500R002C00SPCb00); those of network devices, which are told
by train, are in `trains`. What cannot be read is `Unreadable`, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rules.patches.trains import READERS

LONGEST = 100
"""Characters of a version string that are looked at; a longer one is refused."""

_STAGES = ("test", "prealpha", "alpha", "beta", "rc")
_RELEASED = (len(_STAGES), 0)
_COMMON_PREFIX = r"(?:release\s*-?\s*|version\s*|ver\.?\s*|v\s*)?"
_STAGE = re.compile(r"[-_. ]?(prealpha|alpha|beta|rc|test)(?: sw)?[-. ]?(\d{0,6})(?![a-z0-9])")
_BRACKET = re.compile(r"[ _]?\(([^()]{0,60})\)")
_LETTER = re.compile(r"(?:[._ ]?|[ ]?rev[. ]?)([a-z]{1,2})(?![a-z0-9])")
_BUILD = re.compile(r"-(\d{1,12})(?![0-9a-z])")
_HASH = re.compile(r"[-. _]([0-9a-f]{7,40})(?![0-9a-z])")
_LETTERED = re.compile(
    r"v(\d{1,4})r(\d{1,4})(?:c(\d{1,4}))?(?:b(\d{1,4}))?"
    r"(?:sp([ch]?)([0-9a-f]{2,4}))?(?:t?b(\d{1,4})|(t))?"
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a family writes its releases. Lengths count numbers, texts are lower case."""

    kind: Literal[
        "dotted",
        "bracketed",
        "lettered",
        "bracketed-train",
        "lettered-train",
        "interim",
        "serviced",
    ] = "dotted"
    prefixes: tuple[str, ...] = ()
    """What may stand before the first number, besides `v`, `ver.` and `release -`."""
    numbers: int = 4
    """Most numbers that belong to the release; `dotted` ones behind it are a build."""
    builds: int = 0
    """Most numbers of a build behind the release numbers, joined by dots."""
    first_from: int = 0
    first_to: int = 999_999
    """Least and greatest first number: two products may share a spelling and not the numbers."""
    line_numbers: int = 0
    """Leading numbers that name the hardware line."""
    hashed: bool = False
    """A build hash of seven digits or more may follow; it does not sort."""
    letters: bool = False
    editions: tuple[str, ...] = ()
    """Letters that mark an edition of its own, with its own numbers in advisories."""
    dash_build: bool = False
    bracket_build: bool = False
    patch: str = ""
    """Letters before a patch number behind the release, with or without a dash."""
    ignored: tuple[str, ...] = ()
    """Words behind the release that say nothing about its order."""
    cloud_from: int = 0
    """From this first number on a third number of 1 marks a cloud build; 0 = never."""
    least: int = 1
    """Fewest numbers of a release; with fewer it is a branch, which no device can be judged by."""
    train_numbers: int = 0
    """Leading numbers that name a train of releases, where lists of names are complete per train;
    0 where nothing follows from not being named."""

    def names_one(self, release: Release) -> bool:
        """It is a release, not the branch of many."""
        return self.line_numbers + len(release.numbers) >= self.least


@dataclass(frozen=True, slots=True)
class Release:
    """One readable release. Compare by `compare` and `against_bound` only."""

    family: str
    raw: str
    numbers: tuple[int, ...]
    """As written; the hardware line is not among them."""
    line: tuple[int | str, ...] = ()
    """Hardware line or train."""
    stage: tuple[int, int] = _RELEASED
    letter: str = ""
    edition: str = ""
    build: tuple[int, ...] = ()
    base: tuple[int, ...] = ()
    """For a patch, the numbers of the release that it patches; () for a release itself."""
    patch: str = ""
    """`hot` for a patch of a kind with numbers of its own, which have no order with the others."""
    train: tuple[int, ...] = ()
    deployment: str = ""
    """`cloud` or `on-premises` where the number tells."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is no release of the family."""

    text: str
    reason: Literal["empty", "too long", "not a release of this family"]


def parse(family: str, grammar: Grammar, text: str) -> Release | Unreadable:
    """The release that the text names; raises nothing, whatever the text."""
    if len(text) > LONGEST:
        return Unreadable(text[:LONGEST], "too long")
    cleaned = _cleaned(text)
    if not cleaned:
        return Unreadable(text, "empty")
    if cleaned.endswith((".x", ".*")):
        return Unreadable(text, "not a release of this family")  # any of a branch
    if grammar.kind == "lettered":
        found = _lettered(family, grammar, text, cleaned)
    elif grammar.kind in READERS:
        found = _of_train(family, grammar, text, cleaned)
    else:
        found = _numbered(family, grammar, text, cleaned)
    return found or Unreadable(text, "not a release of this family")


def _cleaned(text: str) -> str:
    """One spelling: lower case, no backslashes, single spaces, `_(` as `(`, `(.2)` as `.2`; ""
    unless ASCII.
    """
    if not text.isascii() or not text.isprintable():
        return ""
    joined = re.sub(r"[_ ]+\(", "(", " ".join(text.replace("\\", "").lower().split()))
    return re.sub(r"(?<=\d)\(((?:\.\d+)+)\)", r"\1", joined)


def _lettered(family: str, grammar: Grammar, raw: str, text: str) -> Release | None:
    match = _LETTERED.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    version, train, *rest = match.groups()
    component, beta, kind, patch, build, trial = rest
    if (component is None and (beta or patch or build)) or (trial and not patch):
        return None
    numbers = [int(version), int(train)]
    if component is not None:
        numbers.append(int(component))
    base = (*numbers, int(beta or 0)) if patch else ()
    if patch or beta or build:
        numbers += [int(beta or 0), int(patch or "0", 16), int(build or 0)]
    lead = tuple(numbers[: grammar.train_numbers])
    hot = "hot" if kind == "h" else ""
    return Release(
        family, raw, tuple(numbers), letter=trial or "", base=base, train=lead, patch=hot
    )


def _of_train(family: str, grammar: Grammar, raw: str, text: str) -> Release | None:
    parts = READERS[grammar.kind](text)
    if parts is None or not grammar.first_from <= parts.numbers[0] <= grammar.first_to:
        return None
    return Release(
        family, raw, parts.numbers, line=parts.train, letter=parts.letter, build=parts.build
    )


def _numbered(family: str, grammar: Grammar, raw: str, text: str) -> Release | None:
    rest = _without_prefix(grammar, text)
    if rest is None:
        return None
    numbers, build, rest = _leading_numbers(grammar, rest)
    if not numbers or not grammar.first_from <= numbers[0] <= grammar.first_to:
        return None
    tail = _tail(grammar, rest, build)
    if tail is None:
        return None
    stage, letter, build, patch = tail
    if patch is not None:
        numbers = (*_padded(numbers, grammar.numbers), patch)
    line, numbers = numbers[: grammar.line_numbers], numbers[grammar.line_numbers :]
    return Release(
        family,
        raw,
        numbers,
        line=line,
        stage=stage,
        letter=letter,
        edition=letter if letter in grammar.editions else "",
        build=build,
        train=numbers[: grammar.train_numbers],
        deployment=_deployment(grammar, numbers),
    )


def _without_prefix(grammar: Grammar, text: str) -> str | None:
    """What begins with the first number; None when something else stands before it."""
    for prefix in sorted(grammar.prefixes, key=len, reverse=True):
        if re.match(rf"{re.escape(prefix)}[ _-]?\d", text):
            return text[len(prefix) :].lstrip(" _-")
    match = re.match(rf"{_COMMON_PREFIX}(?=\d)", text)
    return text[match.end() :] if match else None


def _leading_numbers(grammar: Grammar, text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Release numbers, build numbers behind them, and the rest of the text."""
    numbers: list[int] = []
    most = grammar.numbers + grammar.builds
    position = 0
    while len(numbers) < most:
        field = re.compile(r"\.?([0-9]+)(?![0-9])" if numbers else r"([0-9]+)").match(
            text, position
        )
        if field is None or (numbers and text[position] != "."):
            break
        whole = re.match(r"[0-9a-z]*", text[field.start(1) :])
        word = whole[0] if whole else ""
        is_hash = grammar.hashed and len(numbers) >= 3 and _is_hash(word)
        if is_hash or len(field[1]) > 12 or (numbers and not _ends_number(grammar, word)):
            break
        numbers.append(int(field[1]))
        position = field.end()
    split = grammar.numbers
    return tuple(numbers[:split]), tuple(numbers[split:]), text[position:]


def _is_hash(word: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{7,40}", word) is not None


def _ends_number(grammar: Grammar, word: str) -> bool:
    """The word is a number, perhaps with a stage or a patch glued on."""
    glued = "|".join([*_STAGES, *([re.escape(grammar.patch)] if grammar.patch else [])])
    letter = "[a-z]{1,2}" if grammar.letters else ""
    return re.fullmatch(rf"[0-9]+(?:(?:{glued})[0-9]*|{letter})?", word) is not None


_Tail = tuple[tuple[int, int], str, tuple[int, ...], int | None]


def _tail(grammar: Grammar, rest: str, build: tuple[int, ...]) -> _Tail | None:
    """Stage, letter, build and patch behind the numbers; None when a word is not understood."""
    stage, letter, patch = _RELEASED, "", None
    while rest := rest.strip():
        if found := _ignored(grammar, rest):
            pass
        elif found := _STAGE.match(rest):
            stage = (_STAGES.index(found[1]), int(found[2] or 0))
        elif grammar.patch and (found := re.match(rf"-?{grammar.patch}(\d{{1,6}})(?!\w)", rest)):
            patch = int(found[1])
        elif found := _BRACKET.match(rest):
            within = _within_bracket(grammar, found[1])
            if within is None:
                return None
            stage, build = within if within[1] else (within[0], build)
        elif grammar.dash_build and (found := _BUILD.match(rest)):
            build = (int(found[1]),)
        elif grammar.hashed and (found := _HASH.match(rest if rest[0] in "-._" else f" {rest}")):
            rest = rest if rest[0] in "-._" else f" {rest}"
        elif grammar.letters and (found := _LETTER.match(rest)):
            letter = found[1]
        else:
            return None
        rest = rest[found.end() :]
    return stage, letter, build, patch


def _ignored(grammar: Grammar, rest: str) -> re.Match[str] | None:
    if not grammar.ignored:
        return None
    words = "|".join(re.escape(word) for word in grammar.ignored)
    return re.match(rf"[-_. ]?(?:{words})(?![a-z0-9])", rest)


def _within_bracket(grammar: Grammar, text: str) -> tuple[tuple[int, int], tuple[int, ...]] | None:
    """A build, or words that mark a pre-release."""
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,12})*", text):
        usable = grammar.kind == "bracketed" or grammar.bracket_build
        return (_RELEASED, tuple(int(n) for n in text.split("."))) if usable else None
    stage = _STAGE.match(text)
    return ((_STAGES.index(stage[1]), int(stage[2] or 0)), ()) if stage else None


def _deployment(grammar: Grammar, numbers: tuple[int, ...]) -> str:
    if not grammar.cloud_from or numbers[:1] < (grammar.cloud_from,) or len(numbers) < 3:
        return ""
    return {0: "", 1: "cloud"}.get(numbers[2], "on-premises")


# --- order -------------------------------------------------------------------------------------


def _padded(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return numbers + (0,) * (length - len(numbers))


def trimmed(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Without zeros at the end: missing numbers are zero."""
    end = len(numbers)
    while end and numbers[end - 1] == 0:
        end -= 1
    return numbers[:end]


def _have_order(one: Release, other: Release) -> bool:
    if (one.family, one.line) != (other.family, other.line):
        return False
    return one.patch == other.patch or one.base != other.base or not one.base


@lru_cache(maxsize=65_536)
def sort_key(release: Release) -> tuple[object, ...]:
    """Orders the releases of one line, equal exactly when `compare` gives 0."""
    letter = (len(release.letter), release.letter)
    return (trimmed(release.numbers), release.stage, letter, trimmed(release.build))


def without_build(release: Release) -> tuple[object, ...]:
    """As `sort_key`, so that a release is the same whether its build is named or not."""
    return sort_key(release)[:3]


def compare(one: Release, other: Release) -> Literal[-1, 0, 1] | None:
    """-1, 0 or 1; None when the two have no order: another family or hardware line, or patches of
    two kinds for the same release.
    """
    if not _have_order(one, other):
        return None
    first, second = sort_key(one), sort_key(other)
    return 0 if first == second else -1 if first < second else 1


def against_bound(installed: Release, bound: Release) -> Literal[-1, 0, 1] | None:
    """As `compare`, at the precision of the bound.

    A build or a letter counts only when the bound has one; missing numbers are zero.
    """
    if not _have_order(installed, bound):
        return None
    own, limit = sort_key(installed), sort_key(bound)
    counts = (True, True, bool(bound.letter), bool(bound.build))
    for mine, theirs, counted in zip(own, limit, counts, strict=True):
        if counted and mine != theirs:
            return -1 if mine < theirs else 1  # type: ignore[operator]
    return 0


def patches(installed: Release, named: Release) -> bool:
    """The installed release is a patch of the named one, which is no patch itself."""
    return (
        bool(installed.base)
        and not named.base
        and (trimmed(installed.base) == trimmed(named.numbers))
    )
