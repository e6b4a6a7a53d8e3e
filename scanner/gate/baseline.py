"""Findings that are accepted for the time being: with a date, a reason and a day of expiry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from inventory.text import Text
from rules.model import Finding, Outcome
from scanner.gate.comparison import known
from scanner.gate.identity import Identities, Identity
from scanner.gate.likeness import Sketch, moved
from scanner.gate.model import Judged

VALID_DAYS = 90
"""So long an entry holds where no day is given."""
LISTED = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted finding."""

    identity: Identity
    accepted: date
    """Local day on which it was."""
    reason: str
    expires: date
    """The last day on which it holds, in Asia/Ho_Chi_Minh."""
    text: str = ""
    """The first line it cites, for those who read the file."""

    @property
    def shown(self) -> str:
        subject = self.identity.subject.removeprefix("device ").replace("@", self.identity.file, 1)
        return f"{self.identity.requirement} {subject}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries, sorted, and what the files looked like in which they were found."""

    entries: tuple[Entry, ...] = ()
    files: Mapping[str, Sketch] | None = None
    """By the file's name in the root; for files of devices that no inventory knows."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a baseline in one run of the gate."""

    judged: tuple[Judged, ...]
    """As before, with the standing `known` where an entry accepts the finding."""
    accepted: tuple[tuple[Finding, Entry], ...] = ()
    expired: tuple[Entry, ...] = ()
    """They match a finding and hide it no longer."""
    stale: tuple[Entry, ...] = ()
    """What they accept is not found any more; they can be taken out."""

    def count(self, outcome: Outcome) -> int:
        """How many of the accepted findings came out so."""
        return sum(finding.outcome is outcome for finding, _ in self.accepted)


def renamed(
    baseline: Baseline, files: Mapping[str, Sketch], is_there: Callable[[str], bool]
) -> dict[str, str]:
    """Names of files that were read, to the names under which the baseline has them.

    A file of the baseline that is still there has not been moved.
    """
    listed = dict(baseline.files or {})
    gone = {name: what for name, what in listed.items() if not is_there(name)}
    new = {name: what for name, what in files.items() if name not in listed}
    return moved(gone, new) if gone and new else {}


def apply(
    baseline: Baseline, judged: Sequence[Judged], identities: Identities, today: date
) -> Applied:
    """The findings with those told apart that an entry accepts; each entry accepts one."""
    can_be = [p for p, one in enumerate(judged) if can_be_accepted(one)]
    valid = [entry for entry in baseline.entries if today <= entry.expires]
    over = [entry for entry in baseline.entries if entry.expires < today]
    now = [identities.of(judged[position].finding) for position in can_be]
    by = {
        can_be[position]: valid[match]
        for position, match in known([entry.identity for entry in valid], now).items()
    }
    rest = [what for position, what in zip(can_be, now, strict=True) if position not in by]
    again = known([entry.identity for entry in over], rest)
    spoken = {identities.what(one.finding) for one in judged if one.standing != "beyond"}
    used = set(map(id, by.values()))
    return Applied(
        tuple(replace(one, standing="known") if p in by else one for p, one in enumerate(judged)),
        tuple((judged[position].finding, entry) for position, entry in sorted(by.items())),
        tuple(over[match] for match in sorted(again.values())),
        tuple(e for e in valid if id(e) not in used and e.identity.what in spoken),
    )


def can_be_accepted(one: Judged) -> bool:
    """It counts against the gate, or would without a revision to compare with; a defect of the
    program is never accepted.
    """
    bad = one.finding.outcome in {Outcome.FAIL, Outcome.UND}
    return one.standing in {"counts", "known"} and bad and not one.finding.broke_down


def written(
    judged: Sequence[Judged],
    identities: Identities,
    *,
    reason: str,
    today: date,
    expires: date | None,
    kept: Iterable[tuple[Finding, Entry]] = (),
    files: Mapping[str, Sketch],
) -> Baseline:
    """Accepts everything that counts against the gate; what was accepted keeps date and reason."""
    until = expires or today + timedelta(days=VALID_DAYS)
    earlier = {id(finding): entry for finding, entry in kept}
    entries: list[Entry] = []
    for one in judged:
        if id(one.finding) in earlier:
            entry = earlier[id(one.finding)]
            entries.append(replace(entry, identity=identities.of(one.finding)))
        elif can_be_accepted(one):
            text = next((c.text for c in one.finding.citations), "")
            entries.append(Entry(identities.of(one.finding), today, reason, until, text))
    entries.sort(key=lambda entry: (entry.identity.file, _order(entry.identity)))
    named = {entry.identity.file for entry in entries}
    return Baseline(tuple(entries), {n: w for n, w in sorted(files.items()) if n in named})


def _order(identity: Identity) -> tuple[object, ...]:
    return (identity.subject, identity.requirement, identity.parts, identity.places)


def relaxations(file: str, applied: Applied) -> tuple[Text, ...]:
    """What the baseline hides, counted by verdict."""
    if not applied.accepted:
        return ()
    failed, open_ = applied.count(Outcome.FAIL), applied.count(Outcome.UND)
    first = min(entry.expires for _, entry in applied.accepted)
    return (
        Text(
            vi=f"--baseline {file}: tạm chấp nhận {failed} nội dung không đạt, {open_} nội dung "
            f"chưa xác định được; thời hạn sớm nhất {first:%d/%m/%Y}",
            en=f"--baseline {file}: accepts {failed} not met and {open_} undetermined for the "
            f"time being; the first of them until {first}",
        ),
    )


def notes(file: str, applied: Applied) -> tuple[Text, ...]:
    """Entries that hide nothing: past their day, or without a finding."""
    found = []
    if applied.expired:
        found.append(_EXPIRED.format(file=file, entries=_listed(applied.expired)))
    if applied.stale:
        found.append(_STALE.format(file=file, entries=_listed(applied.stale)))
    return tuple(found)


def _listed(entries: Sequence[Entry]) -> str:
    shown = list(dict.fromkeys(entry.shown for entry in entries))
    more = f" (+{len(shown) - LISTED})" if len(shown) > LISTED else ""
    return "; ".join(shown[:LISTED]) + more


_EXPIRED = Text(
    vi="{file}: đã hết thời hạn chấp nhận, nên được tính là không đạt: {entries}",
    en="{file}: past the day until which it was accepted, and counted again: {entries}",
)
_STALE = Text(
    vi="{file}: không còn gặp, có thể xoá khỏi tệp: {entries}",
    en="{file}: not found any more, can be taken out of the file: {entries}",
)
