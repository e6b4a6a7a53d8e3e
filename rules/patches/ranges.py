"""Where a release stands to ranges and to single named releases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rules.patches.grammars import Release, against_bound, patches
from rules.patches.model import Listed, Range, Way
from rules.patches.subject import UNKNOWN, Answer, Subject

_ANY_OF_BRANCH = re.compile(r"(.{0,60}?)([0-9]{1,9})\.[*xX]")


@dataclass(frozen=True, slots=True)
class Placed:
    """How a release stands to one range, one named release, or one piece of hardware."""

    holds: bool | None
    """None = cannot tell."""
    shown: str = ""
    kind: Literal["other", "model", "named", "range"] = "other"
    """other: it speaks of another product, and nothing follows when it does not hold."""
    fixed_in: str = ""
    """First release that is not affected, where the range says so."""
    beyond: bool = False
    """Behind the end of the range; in a later train than the named release."""
    device_unclear: bool = False

    @property
    def clears(self) -> bool:
        """It does not hold, and that says that the release is not affected.

        Not being one of some named releases says nothing, except in a later train.
        """
        return self.holds is False and (
            self.kind in ("range", "model") or (self.kind == "named" and self.beyond)
        )


def any_of(parts: Iterable[Placed]) -> Placed:
    """Three-valued OR. One range that ends clears the names beside it, which are examples."""
    parts = list(parts)
    for value in (True, None):
        told = [part for part in parts if part.holds is value]
        if told:
            return max(told, key=lambda part: (part.device_unclear, bool(part.fixed_in)))
    for kind in ("range", "named", "model"):
        same = [part for part in parts if part.kind == kind]
        if same:
            return min(same, key=lambda part: (part.clears, not part.fixed_in, not part.beyond))
    return Placed(False)


def all_of(parts: Iterable[Placed]) -> Placed:
    """Three-valued AND."""
    parts = list(parts)
    no = [part for part in parts if part.holds is False]
    if no:
        return max(no, key=lambda part: (part.clears, part.kind == "range"))
    unclear = [part for part in parts if part.holds is None]
    if unclear:
        return max(unclear, key=lambda part: part.device_unclear)
    return max(
        parts, key=lambda part: (bool(part.shown), bool(part.fixed_in)), default=Placed(None)
    )


def answered(placed: Placed) -> Answer:
    """The answer that follows when nothing else is said."""
    if placed.holds:
        way: Way = "update" if placed.fixed_in else "none"
        return Answer("affected", placed.shown, way, placed.fixed_in)
    if placed.holds is None:
        return replace(UNKNOWN, range=placed.shown, device_unclear=placed.device_unclear)
    if not placed.clears:
        return UNKNOWN
    if placed.kind == "model":
        return Answer("not_affected", "model not affected")
    if placed.fixed_in and placed.beyond:
        return Answer("fixed", placed.shown)
    return Answer("not_affected", f"outside {placed.shown}")


def by_list(affects: Listed, subject: Subject) -> Answer:
    """The answer of ranges and names, then of what is said about the others."""
    said = [*affects.ranges, *(exactly(text) for text in affects.affected)]
    said += [replace(exactly(text), affected=False) for text in affects.unaffected]
    said = of_edition(said, subject)
    bad = [place(part, subject) for part in said if part.affected]
    good = [place(part, subject) for part in said if part.affected is False]
    unclear = [place(part, subject) for part in said if part.affected is None]
    found = any_of(bad)
    if cleared := next((part for part in good if part.holds), None):
        return (
            replace(UNKNOWN, range=cleared.shown) if found.holds else Answer("fixed", cleared.shown)
        )
    answer = answered(found)
    may_be = next((part for part in unclear if part.holds is not False), None)
    if may_be is not None and not found.holds:
        return replace(UNKNOWN, range=may_be.shown)
    decided = answer.status != "unknown" and affects.otherwise != "affected"
    if found.holds is not False or decided:
        return answer
    return _of_the_others(affects, subject, answer, good)


def _of_the_others(affects: Listed, subject: Subject, answer: Answer, good: list[Placed]) -> Answer:
    """What holds for a release that is in no range and not named."""
    if later := _later_fix(affects, subject):
        return Answer("fixed", f"fixed in {later}")
    if affects.otherwise == "unknown" or any(part.holds is None for part in good):
        return answer
    if affects.otherwise == "affected":
        return Answer("affected", "not named as fixed")
    return Answer("not_affected", "not named as affected")


def _later_fix(affects: Listed, subject: Subject) -> str:
    """A release stated as fixed, above every one named as affected, that is not newer than ours."""
    bad = [subject.bound(text) for text in affects.affected]
    for text in affects.unaffected:
        fixed = subject.bound(text)
        if fixed is None or against_bound(subject.release, fixed) not in (0, 1):
            continue
        if all(named is not None and against_bound(fixed, named) == 1 for named in bad):
            return text
    return ""


def exactly(text: str) -> Range:
    """The range of one release."""
    return Range(text, True, text, True)


def of_edition(ranges: list[Range], subject: Subject) -> list[Range]:
    """The ranges that speak of the device's edition, when they tell editions apart."""
    if not subject.knows_editions:
        return ranges
    editions = [edition_of(part, subject) for part in ranges]
    if not any(editions) or subject.release.edition not in editions:
        return ranges
    told = zip(ranges, editions, strict=True)
    return [part for part, edition in told if edition == subject.release.edition]


def edition_of(part: Range, subject: Subject) -> str:
    """The edition that the bounds name; "" for the usual one."""
    bounds = [bound for text in (part.low, part.high) if text and (bound := subject.bound(text))]
    return next((bound.edition for bound in bounds if bound.edition), "")


def place(part: Range, subject: Subject) -> Placed:
    """How the release stands to the range; a bound that cannot be read leaves it open."""
    if not part.low and not part.high:
        return Placed(True, shown_range(part), "range")
    if part.low and part.low == part.high and part.low_included and part.high_included:
        return _place_exactly(part.low, subject)
    return _place_between(part, subject)


def _place_between(part: Range, subject: Subject) -> Placed:
    shown = shown_range(part)
    low, high = _limit(part.low, subject), _limit(part.high, subject)
    if "unreadable" in (low, high) or (low is None and high is None):
        return Placed(None, shown)
    if _of_other_line(low, high, subject.release):
        return Placed(False, shown)
    order = against_bound(subject.release, low) if isinstance(low, Release) else 1
    if order is None:
        return Placed(None, shown)
    if order < 0 or (order == 0 and not part.low_included):
        return Placed(False, shown, "range")
    return (
        _below(part, high, subject) if isinstance(high, Release) else Placed(True, shown, "range")
    )


def _of_other_line(low: _Limit, high: _Limit, own: Release) -> bool:
    """Every bound is of another hardware line or train: nothing follows for this one."""
    bounds = [bound for bound in (low, high) if isinstance(bound, Release)]
    return all(bound.line != own.line for bound in bounds)


def _below(part: Range, high: Release, subject: Subject) -> Placed:
    shown = shown_range(part)
    order = against_bound(subject.release, high)
    if order is None or (part.high_included and order > 0 and patches(subject.release, high)):
        return Placed(None, shown)
    fixed_in = "" if part.high_included else part.high
    if order < 0 or (order == 0 and part.high_included):
        return Placed(True, shown, "range", fixed_in)
    return Placed(False, shown, "range", fixed_in, beyond=True)


_Limit: TypeAlias = Release | Literal["unreadable"] | None


def _limit(text: str, subject: Subject) -> _Limit:
    if text in ("", "0", "*"):
        return None
    return subject.bound(text) or "unreadable"


def _place_exactly(text: str, subject: Subject) -> Placed:
    named = subject.bound(text)
    order = against_bound(subject.release, named) if named else None
    if named is None or order is None:
        return Placed(False, text, "named")
    if order == 0:
        return Placed(True, text, "named")
    if patches(subject.release, named):
        return Placed(None, f"a patch of {text}", "named")
    later = bool(named.train) and subject.release.train > named.train
    return Placed(False, text, "named", beyond=later)


def branch_of(text: str) -> Range | None:
    """The releases that `3.1.*` or `3.1.x` means; None for other text."""
    found = _ANY_OF_BRANCH.fullmatch(text)
    if found is None:
        return None
    before, last = found.groups()
    return Range(f"{before}{last}", True, f"{before}{int(last) + 1}", False)


def shown_range(part: Range) -> str:
    low = f"{'>=' if part.low_included else '>'} {part.low}" if part.low else ""
    high = f"{'<=' if part.high_included else '<'} {part.high}" if part.high else ""
    return ", ".join(text for text in (low, high) if text) or "all releases"
