"""What a change adds, fixes and worsens: findings of a revision beside those of the files now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from inventory.text import Text
from rules.model import Finding, Outcome
from scanner.gate.comparison import known
from scanner.gate.identity import Identities, Identity
from scanner.gate.model import Judged

What = tuple[str, str, str]

_BAD = frozenset({Outcome.FAIL, Outcome.UND})


@dataclass(frozen=True, slots=True)
class Worsened:
    """A finding on the same subject as before, and a worse one."""

    before: Finding
    now: Finding


@dataclass(frozen=True)
class Changes:
    """All findings that count and differ, each in one place, in the Regulation's order."""

    revision: str
    """Name and commit, as shown."""
    added: tuple[Finding, ...] = ()
    """What was not found before: these decide about the exit status, with what is worsened."""
    worsened: tuple[Worsened, ...] = ()
    """Higher in severity, resting on more, not met in place of open, or open in place of judged."""
    fixed: tuple[Finding, ...] = ()
    """As they were before; what they are about was judged again and is in order, or is gone."""
    known: tuple[Finding, ...] = ()
    """Found before and still there."""
    moved: Mapping[str, str] | None = None
    """New name of a file to its old one."""
    changed: int = 0
    unchanged: int = 0
    """Files that are as they were; without an inventory they are not read."""


@dataclass(frozen=True)
class Compared:
    """The findings of now with what was known before told apart."""

    judged: tuple[Judged, ...]
    added: tuple[Finding, ...]
    worsened: tuple[Worsened, ...]
    fixed: tuple[Finding, ...]
    known: tuple[Finding, ...]


def compare(
    before: Sequence[Judged],
    now: Sequence[Judged],
    identities_before: Identities,
    identities_now: Identities,
    without_files: Iterable[str],
    *,
    files_are_gone: bool = False,
) -> Compared:
    """`without_files`: devices that the inventory of now names and of which no file was read.

    What was judged of these and is beyond the gate now counts as open: the files that told it were
    taken away. So does what was in order of a zone; what was not is put right, unless
    `files_are_gone`: there is a device that had files and has none.
    """
    old = [one for one in before if _counts(one)]
    new, lost = _with_what_is_lost(
        before, now, identities_before, identities_now, set(without_files), files_are_gone
    )
    bad = [position for position, one in enumerate(new) if _counts(one)]
    was = [identities_before.of(one.finding) for one in old]
    pairs = known(was, [_of(new[position], identities_now) for position in bad])
    covered = {bad[position] for position in pairs}
    left: dict[What, list[Judged]] = defaultdict(list)
    for one in before:
        if one.standing != "beyond":
            left[identities_before.what(one.finding)].append(one)
    for match in pairs.values():
        left[was[match].what].remove(old[match])
    added, worsened, taken = [], [], set()
    for position in bad:
        if position in covered:
            continue
        finding = new[position].finding
        earlier = _worsened(finding, left[identities_now.what(finding)])
        if earlier is None:
            added.append(finding)
        else:
            taken.add(id(earlier))
            worsened.append(Worsened(earlier, finding))
    gone = {id(old[match].finding) for match in pairs.values()} | taken | lost
    return Compared(
        tuple(replace(one, standing="known") if p in covered else one for p, one in enumerate(new)),
        tuple(added),
        tuple(worsened),
        tuple(one.finding for one in old if id(one.finding) not in gone),
        tuple(new[position].finding for position in sorted(covered)),
    )


def _counts(one: Judged) -> bool:
    return one.standing == "counts" and one.finding.outcome in _BAD


def _of(one: Judged, identities: Identities) -> Identity:
    """A crash of the program has no like: it is never known."""
    identity = identities.of(one.finding)
    return replace(identity, requirement="") if one.finding.broke_down else identity


def _worsened(finding: Finding, earlier: list[Judged]) -> Finding | None:
    """The earlier finding that this one is a worse form of, taken out of the list.

    What was in order and is not met now is no worse form of anything: it is added.
    """
    for one in sorted(earlier, key=lambda one: one.finding.outcome is not Outcome.FAIL):
        in_order = one.standing == "clean" or one.finding.outcome is Outcome.PASS
        if _counts(one) or (in_order and finding.outcome is Outcome.UND):
            earlier.remove(one)
            return one.finding
    return None


def _with_what_is_lost(
    before: Sequence[Judged],
    now: Sequence[Judged],
    identities_before: Identities,
    identities_now: Identities,
    without_files: set[str],
    files_are_gone: bool,
) -> tuple[list[Judged], set[int]]:
    """The findings of now, those open that were judged before; and which of before these were."""
    judged = defaultdict(list)
    for one in before:
        if one.standing in {"counts", "clean"} and one.finding.outcome is not Outcome.NA:
            judged[identities_before.what(one.finding)].append(one.finding)
    found, lost = [], set()
    for one in now:
        finding = one.finding
        earlier = judged.get(identities_now.what(finding), [])
        taken_away = finding.device in without_files or (
            finding.device is None
            and (files_are_gone or any(e.outcome is not Outcome.FAIL for e in earlier))
        )
        if one.standing == "beyond" and taken_away and earlier:
            lost |= {id(e) for e in earlier}
            open_one = replace(
                finding,
                outcome=Outcome.UND,
                reason=_LOST,
                citations=(),
                remedy=None,
                not_applicable=None,
                attested=False,
            )
            found.append(Judged(open_one, "counts"))
        else:
            found.append(one)
    return found, lost


_LOST = Text(
    vi="các tệp cho biết nội dung này trước đây không còn; hãy giữ lại tệp cấu hình, hoặc bỏ thiết "
    "bị khỏi tệp khai báo",
    en="the files that told it before are gone; keep the configuration, or take the device out of "
    "the inventory",
)
