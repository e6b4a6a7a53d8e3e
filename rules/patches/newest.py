"""Whether a device runs the newest release known for its model, and what that knowledge is worth.

Only a vendor's own list of releases proves that a release is the newest. A number from elsewhere
proves that a lower one is old, and nothing about the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from inventory.text import Text
from rules.patches.advisories import Advisories
from rules.patches.families import Families
from rules.patches.grammars import Release, compare, sort_key
from rules.patches.matching import subject_of, why_unreadable
from rules.patches.model import Installed, Latest, Newest
from rules.patches.subject import Subject

_NO_ENTRY = Text(
    vi="danh mục chưa có phiên bản mới nhất của {model}",
    en="the catalogue has no newest release for {model}",
)
_NO_ORDER = Text(
    vi="không so sánh được phiên bản {version} với {newest}",
    en="{version} cannot be ordered against {newest}",
)
_ABOVE = Text(
    vi="phiên bản {version} mới hơn {newest} trong danh mục; cần cập nhật danh mục",
    en="{version} is newer than {newest} of the catalogue, which is out of date",
)
_NOT_PROVED = Text(
    vi="danh mục chỉ cho biết có phiên bản {newest}, chưa chắc là mới nhất",
    en="the catalogue only knows that {newest} exists, not that it is the newest",
)
_DEPENDS = Text(
    vi="phiên bản mới nhất tùy thuộc thiết bị ngoại vi đang gắn, chưa rõ có hay không",
    en="the newest release depends on attached peripherals, which are not known",
)
_CLOUD = Text(
    vi="{version} là bản dành cho thiết bị quản lý qua đám mây; danh mục không có loại này",
    en="{version} is a cloud build; the catalogue lists none of that kind",
)

_ANY_ON = re.compile(r"any device on .*?(\d+(?:\.\d+)*)", re.IGNORECASE)
_NAMED_BRANCH = re.compile(r"(.+?) (\d+(?:\.\d+)+)")


def branch_of(entry: Latest, table: Families) -> str:
    """The branch that an entry speaks of, also when it is hidden in the name of its model.

    Catalogues write `any device on NAME 10`, or the name of the software and `3.0`.
    """
    if entry.branch or len(entry.models) != 1:
        return entry.branch
    if match := _ANY_ON.fullmatch(entry.models[0]):
        return match[1]
    family, match = table.get(entry.family), _NAMED_BRANCH.fullmatch(entry.models[0])
    if family is None or match is None:
        return ""
    named = table.words(match[1]) in map(table.words, family.names)
    return match[2] if named else ""


def newest(
    installed: Installed, advisories: Advisories, today: date, *, in_branch: bool = False
) -> Newest:
    """How the installed release stands to the newest one; the age of the entry is not judged.

    `in_branch`: the newest of the branch that the device is on counts, if an entry speaks of it and
    the vendor still supports it.
    """
    subject = subject_of(installed, advisories)
    if subject is None:
        return Newest("unknown", why=why_unreadable(installed))
    entries = [_with_branch(entry, subject) for entry in advisories.releases(installed.family)]
    own = [entry for entry in entries if not entry.branch and _is_for(entry, subject)]
    branch = _of_branch(entries, subject)
    if in_branch and branch is not None and not _support_ended([branch], today):
        own = [branch]
    usable = [e for e in (own or _branches_alone(entries, subject)) if _deployed(e, subject)]
    support = _support_ended([*own, *([branch] if branch else [])], today)
    if own and not usable and any(entry.version for entry in own):
        why = _CLOUD.format(version=installed.version)
        return Newest("unknown", branch_newest=branch, support_ended=support, why=why)
    told = [_stands(group, subject) for group in by_peripherals(usable, subject)]
    if not told:
        why = _NO_ENTRY.format(model=installed.model or installed.family)
        return Newest("unknown", branch_newest=branch, support_ended=support, why=why)
    first = told[0]
    if any(other.state != first.state for other in told):
        first = Newest("unknown", why=_DEPENDS)
    return Newest(
        first.state, first.version, first.latest, branch, support_ended=support, why=first.why
    )


def _with_branch(entry: Latest, subject: Subject) -> Latest:
    branch = branch_of(entry, subject.table)
    return entry if branch == entry.branch else replace(entry, branch=branch, models=())


def _is_for(entry: Latest, subject: Subject) -> bool:
    return not entry.models or subject.is_one_of(entry.models) is True


def _deployed(entry: Latest, subject: Subject) -> bool:
    own = subject.release.deployment or subject.installed.deployment
    return not entry.deployment or not own or own == entry.deployment


def _of_branch(entries: Iterable[Latest], subject: Subject) -> Latest | None:
    """The entry of the longest branch that begins the release."""
    found = []
    for entry in entries:
        lead = subject.bound(entry.branch) if entry.branch else None
        if lead is not None and subject.release.numbers[: len(lead.numbers)] == lead.numbers:
            found.append((len(lead.numbers), entry))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _branches_alone(entries: Iterable[Latest], subject: Subject) -> list[Latest]:
    """Entries of branches, when the family is listed by branch and never by model."""
    entries = tuple(entries)
    return list(entries) if all(entry.branch for entry in entries) else []


def by_peripherals(entries: list[Latest], subject: Subject) -> list[list[Latest]]:
    """The entries that may hold: one group when the peripherals are known or do not matter."""
    attached = subject.installed.peripherals
    bound = [e for e in entries if e.with_peripherals or e.without_peripherals]
    if not bound:
        return [entries] if entries else []
    if attached is None:
        free = [e for e in entries if not e.with_peripherals]
        tied = [e for e in entries if not e.without_peripherals]
        return [group for group in (free, tied) if group]
    has = {" ".join(name.casefold().split()) for name in attached}
    fitting = [e for e in entries if _fits(e, has)]
    return [fitting] if fitting else []


def _fits(entry: Latest, attached: set[str]) -> bool:
    needed = {name.casefold() for name in entry.with_peripherals}
    barred = {name.casefold() for name in entry.without_peripherals}
    return not (barred & attached) and (not needed or bool(needed & attached))


def _stands(entries: list[Latest], subject: Subject) -> Newest:
    """The release beside the highest of the entries."""
    read = [(release, e) for e in entries if e.version and (release := subject.bound(e.version))]
    same_line = [(release, e) for release, e in read if release.line == subject.release.line]
    if not same_line:
        if read:
            shown = read[0][1].version
            why = _NO_ORDER.format(version=subject.installed.version, newest=shown)
            return Newest("unknown", shown, read[0][1], why=why)
        why = _NO_ENTRY.format(model=subject.installed.model or subject.installed.family)
        return Newest("unknown", why=why)
    top, entry = max(same_line, key=lambda pair: sort_key(pair[0]))
    return _against(subject, top, entry, alone=len(same_line) == len(read))


def _against(subject: Subject, top: Release, entry: Latest, *, alone: bool) -> Newest:
    shown = {"version": subject.installed.version, "newest": entry.version}
    order = compare(_at_precision(subject.release, top), top)
    if order is None:
        return Newest("unknown", entry.version, entry, why=_NO_ORDER.format(**shown))
    if order < 0:
        return Newest("older", entry.version, entry)
    if entry.basis != "release-list" or not alone:
        return Newest("unknown", entry.version, entry, why=_NOT_PROVED.format(**shown))
    if order > 0:
        return Newest("unknown", entry.version, entry, why=_ABOVE.format(**shown))
    return Newest("newest", entry.version, entry)


def _at_precision(installed: Release, top: Release) -> Release:
    """The installed release without the build and letter that the entry does not name."""
    build = installed.build if top.build else ()
    letter = installed.letter if top.letter else ""
    return replace(installed, build=build, letter=letter)


def _support_ended(entries: Iterable[Latest], today: date) -> bool | None:
    """True when one entry says so, False when all say supported, None when it is not known."""
    told = []
    for entry in entries:
        ends = entry.end_of_support
        if (ends is not None and ends < today) or entry.support == "ended":
            return True
        told.append(entry.support == "supported" or (ends is not None and ends >= today))
    return False if told and all(told) else None
