"""The `affected` list of CVE JSON 5 (https://cveproject.github.io/cve-schema/), read with care.

Publishers fill it very differently: exact lists, ranges, ranges written as text (">= 2.6.0, <
2.6.9"), "n/a". What cannot be read never makes a release clean: the entry then says "in some
release" only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Literal, TypeAlias

from rules.patches.model import Listed, Range, Source, Statement, WholeFamily
from rules.patches.ranges import branch_of
from scanner.feeds.cpe_name import vendor_and_product
from scanner.feeds.records import Products, as_dict, as_list, version, words

_Order: TypeAlias = Callable[[list[str]], Sequence[int] | None]
_STATUS: dict[str, bool | None] = {"affected": True, "unaffected": False, "unknown": None}

_MOST_WORDS = 3
_NO_VERSION = frozenset({"", "n/a", "na", "-", "unspecified", "unknown", "none", "not specified"})
_OPEN_LOW = _NO_VERSION | {"0", "*", "0.0", "0.0.0"}
_TERM = re.compile(r"\s*(<=|>=|<|>|==?)\s*([^\s,|<>=]+(?: [^\s,|<>=]+)?)\s*")
_BEFORE = re.compile(r"(?:all )?(?:versions? )?(?:before|prior to|earlier than)\s+(\S+)", re.I)
_UP_TO = re.compile(r"(?:all )?(?:versions? )?(?:up to|through)\s+(?:and including\s+)?(\S+)", re.I)
_WITH_ITS_END = frozenset({"up to", "through"})
_AND_EARLIER = re.compile(
    r"(\S+)\s+(?:and|or)\s+(?:earlier|below|prior|older)(?: versions?)?", re.I
)
_FROM_TO = re.compile(
    r"(?:from )?(\S+)\s+(before|prior to|up to|through|to)\s+(?:and including\s+)?(\S+)", re.I
)


def affected_statements(
    cve: str,
    entries: Iterable[Any],
    source: Source,
    products: Products,
    url: str = "",
    dated: date | None = None,
) -> Iterator[Statement]:
    """One statement for every family of ours that the entries name, or for each group of models."""
    found: dict[tuple[str, tuple[str, ...]], _Said] = {}
    for entry in map(as_dict, entries):
        for key in _meant(entry, products):
            order = partial(products.ascending, key[0])
            _read(entry, source, found.setdefault(key, _Said()), order)
    for (family, models), said in found.items():
        yield Statement(cve, family, source, said.affects(), models=models, url=url, dated=dated)


@dataclass(slots=True)
class _Said:
    ranges: list[Range] = field(default_factory=list)
    affected: list[str] = field(default_factory=list)
    unaffected: list[str] = field(default_factory=list)
    otherwise: set[str] = field(default_factory=set)
    unread: bool = False
    """Something was named that could not be read, so nothing can be concluded from its absence."""

    def affects(self) -> Listed | WholeFamily:
        otherwise: Literal["affected", "not_affected", "unknown"] = "unknown"
        if self.otherwise == {"affected"}:
            otherwise = "affected"
        elif self.otherwise == {"unaffected"} and not self.unread:
            otherwise = "not_affected"
        named = self.ranges or self.affected or self.unaffected
        if not named and otherwise == "unknown":
            return WholeFamily("some_release")
        return Listed(
            tuple(dict.fromkeys(self.ranges)),
            tuple(dict.fromkeys(self.affected)),
            tuple(dict.fromkeys(self.unaffected)),
            otherwise,
        )


def _meant(entry: dict[str, Any], products: Products) -> list[tuple[str, tuple[str, ...]]]:
    """Families, each with the models that the entry is limited to."""
    vendor, product = words(entry.get("vendor")), words(entry.get("product"))
    found: dict[str, dict[str, None]] = {}
    for meant in (
        *products.by_name(vendor, product),
        *products.by_cpe(vendor, product.replace(" ", "_")),
        *(
            meant
            for name in as_list(entry.get("cpes"))
            if isinstance(name, str)
            for meant in products.by_cpe(*vendor_and_product(name))
        ),
    ):
        found.setdefault(meant.family, {})[meant.model] = None
    # where one of its names means the whole family, a model of the same name is no limit
    return [(family, () if "" in models else tuple(models)) for family, models in found.items()]


def _read(entry: dict[str, Any], source: Source, said: _Said, order: _Order) -> None:
    said.otherwise.add(str(entry.get("defaultStatus", "unknown")))
    for raw in map(as_dict, as_list(entry.get("versions"))):
        known, status = _status(raw)
        low, high, included = _bounds(raw)
        if not known:
            said.unread = True
        elif high is not None:
            _read_range(raw, _Stretch(low, high, included, status), source, said, order)
        elif status is True:
            _read_text(low, said)
        else:
            _read_one(low, status, said)


@dataclass(frozen=True, slots=True)
class _Stretch:
    low: str
    high: str
    included: bool
    affected: bool | None


def _read_range(
    raw: dict[str, Any], whole: _Stretch, source: Source, said: _Said, order: _Order
) -> None:
    open_low, changes = whole.low.lower() in _OPEN_LOW, _changes(raw, order)
    everything = whole.high == "*" and open_low and not raw.get("changes")
    if not whole.high or changes is None or (everything and whole.affected is not True):
        said.unread = True
        return
    if everything and source == "adp":
        said.unread = True  # a third party's "everything" stands for "not looked into"
        return
    # `changes` splits the range where the status changes
    start, status = ("" if open_low else whole.low), whole.affected
    for at, turns in changes:
        if turns != status:
            said.ranges.append(Range(start, True, at, False, status))
            start, status = at, turns
    high, included = ("" if whole.high == "*" else whole.high), whole.included
    if branch := branch_of(high):
        high, included = branch.high, False  # up to the end of that branch
    said.ranges.append(Range(start, True, high, included, status))


def _status(raw: dict[str, Any]) -> tuple[bool, bool | None]:
    """Whether a known status is stated, and whether it is "affected"."""
    said = str(raw.get("status"))
    return said in _STATUS, _STATUS.get(said)


def _changes(raw: dict[str, Any], order: _Order) -> list[tuple[str, bool | None]] | None:
    """Where the status changes, from the oldest release on; None when that cannot be told.

    Publishers need not sort them.
    """
    found = []
    for change in map(as_dict, as_list(raw.get("changes"))):
        at, (known, turns) = version(change.get("at")), _status(change)
        if not at or not known:
            return None
        found.append((at, turns))
    places = order([at for at, _ in found]) if len(found) > 1 else range(len(found))
    return None if places is None else [found[place] for place in places]


def _read_one(release: str, status: bool | None, said: _Said) -> None:
    """A release that is stated as not affected, or as not looked into."""
    if release.lower() in _OPEN_LOW or not _one_release(release):
        said.unread = True
    elif status is False:
        said.unaffected.append(release)
    else:
        said.ranges.append(Range(release, True, release, True, None))


def _bounds(raw: dict[str, Any]) -> tuple[str, str | None, bool]:
    """Lower bound, upper bound (None for a single release), and whether the upper one belongs."""
    low = version(raw.get("version"))
    if "lessThanOrEqual" in raw:
        return low, version(raw.get("lessThanOrEqual")), True
    if "lessThan" in raw:
        return low, version(raw.get("lessThan")), False
    return low, None, False


def _one_release(text: str) -> bool:
    """It may be a release: not a range, not a sentence ("see the bulletin")."""
    if any(sign in text for sign in "<>=*,"):
        return False
    return any(c.isdecimal() for c in text) and len(text.split()) <= _MOST_WORDS


def _read_text(text: str, said: _Said) -> None:
    """A version field that stands alone: one release, or a range written as text."""
    if text.lower() in _NO_VERSION or text in {"0", "*"}:
        said.unread = True
        return
    ranged = range_of(text) or branch_of(text)
    if ranged is not None:
        said.ranges.append(ranged)
    elif _one_release(text):
        said.affected.append(text)
    else:
        said.unread = True


def range_of(text: str) -> Range | None:
    """The range that a text like ">= 2.6.0, < 2.6.9" or "before 4.2" means, None when none."""
    for pattern, included in ((_BEFORE, False), (_UP_TO, True), (_AND_EARLIER, True)):
        if found := pattern.fullmatch(text):
            return Range(high=found[1].rstrip(".,;"), high_included=included)
    found = _FROM_TO.fullmatch(text)
    if found and _one_release(found[1]) and _one_release(found[3]):
        if found[2].lower() == "to":
            return None  # with or without its end
        return Range(found[1], True, found[3].rstrip(".,;"), found[2].lower() in _WITH_ITS_END)
    low, high, low_in, high_in = "", "", True, False
    for term in text.split(","):
        found = _TERM.fullmatch(term)
        if found is None:
            return None
        sign, bound = found[1], found[2]
        if sign in {"<", "<="} and not high:
            high, high_in = bound, sign == "<="
        elif sign in {">", ">="} and not low:
            low, low_in = bound, sign == ">="
        elif sign in {"=", "=="} and not low and not high:
            low, high, low_in, high_in = bound, bound, True, True
        else:
            return None
    return Range(low, low_in, high, high_in)
