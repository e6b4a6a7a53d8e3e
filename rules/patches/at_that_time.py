"""What a vendor had published by a past day: the newest release, and fixes that were missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rules.patches.advisories import Advisories
from rules.patches.grammars import Release, compare, sort_key
from rules.patches.matching import match, subject_of
from rules.patches.model import Installed, Latest, Verdict
from rules.patches.newest import by_peripherals
from rules.patches.subject import Subject


@dataclass(frozen=True, slots=True)
class Then:
    """How a release stood to the newest one of a past day."""

    state: Literal["older", "newest", "unknown"]
    newest: str = ""
    released: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Out:
    """A release that was out."""

    version: str
    released: date
    source: str
    complete: bool
    """The list it is from was read later and would name a newer one of that day."""
    of_model: bool
    """It is known to run on this model."""
    newest_of_model: bool = False
    """The list names it as the newest that runs on this model."""


def newest_on(installed: Installed, day: date, advisories: Advisories) -> Then:
    """`older` is certain; `newest` only by a list of releases that was read on that day or later.

    A release newer than every known one of the day is unknown. Where models of the family have
    newest releases of their own, an entry that names no model counts within its own train only: a
    later train may not run on this model. It does not where the list says what the newest of this
    model is. Of two lists that name the same release, the one that says more decides. Where the
    newest depends on what is attached and nobody says what is, it is unknown unless all agree.
    """
    subject = subject_of(installed, advisories)
    if subject is None:
        return Then("unknown")
    listed = [
        latest
        for latest in advisories.releases(installed.family)
        if _fits(latest.models, latest.deployment, subject)
    ]
    parted = any(latest.models for latest in advisories.releases(installed.family))
    answers = [
        _stood(subject, parted, [*_announced_by(day, subject, advisories), *_listed_by(day, group)])
        for group in by_peripherals(listed, subject) or [[]]
    ]
    agreed = {answer.state for answer in answers}
    return answers[0] if len(agreed) == 1 else replace(answers[0], state="unknown")


def _stood(subject: Subject, parted: bool, out_then: Iterable[_Out]) -> Then:
    every = [
        (release, known)
        for known in out_then
        if (release := subject.bound(known.version)) and release.line == subject.release.line
    ]
    out = [
        (release, known)
        for release, known in every
        if known.of_model or not parted or _train(release) == _train(subject.release)
    ]
    if not out:
        return Then("unknown")
    perhaps_newer = any(_train(release) > _train(subject.release) for release, _ in every)
    highest = max(sort_key(release) for release, _ in out)
    top, known = max(
        (pair for pair in out if sort_key(pair[0]) == highest),
        key=lambda pair: (pair[1].complete, pair[1].newest_of_model),
    )
    order = compare(_shortened(subject.release, top), top)
    state: Literal["older", "newest", "unknown"] = "unknown"
    if order == -1:
        state = "older"
    elif order == 0 and known.complete and (known.newest_of_model or not perhaps_newer):
        state = "newest"
    return Then(state, known.version, known.released, known.source)


def _train(release: Release) -> tuple[int, ...]:
    return release.numbers[:1]


def _shortened(installed: Release, top: Release) -> Release:
    return replace(installed, build=installed.build if top.build else ())


def _announced_by(day: date, subject: Subject, advisories: Advisories) -> Iterator[_Out]:
    for entry in advisories.history(subject.installed.family):
        out = entry.released <= day and (entry.withdrawn is None or entry.withdrawn > day)
        if out and _fits(entry.models, entry.deployment, subject):
            read = entry.read_on
            complete = read is not None and read >= day
            yield _Out(entry.version, entry.released, entry.source, complete, bool(entry.models))


def _listed_by(day: date, entries: Iterable[Latest]) -> Iterator[_Out]:
    for latest in entries:
        released = latest.released
        if not latest.version or latest.branch or released is None or released > day:
            continue
        listed = latest.basis == "release-list" and latest.read_on is not None
        complete = listed and latest.read_on is not None and latest.read_on >= day
        of_model = bool(latest.models)
        yield _Out(latest.version, released, latest.source, complete, of_model, listed and of_model)


def _fits(models: tuple[str, ...], deployment: str, subject: Subject) -> bool:
    own = subject.release.deployment or subject.installed.deployment
    if deployment and own and deployment != own:
        return False
    return not models or subject.is_one_of(models) is True


def missed_on(installed: Installed, day: date, advisories: Advisories) -> tuple[Verdict, ...]:
    """Vulnerabilities of the release whose fix the vendor had announced by that day.

    Only those that hold without a condition and have a release that fixes them.
    """
    return tuple(
        verdict
        for verdict in match(installed, advisories)
        if verdict.status == "affected"
        and verdict.fixed_in
        and not verdict.condition
        and (announced := _announced(verdict.cve, installed.family, advisories)) is not None
        and announced <= day
    )


def _announced(cve: str, family: str, advisories: Advisories) -> date | None:
    """Day of the vendor's own advisory; the day a vulnerability got its number says nothing."""
    dated = [
        statement.dated
        for statement in advisories.about(family).get(cve, ())
        if statement.dated is not None and statement.source in ("curated", "vendor-csaf")
    ]
    return min(dated, default=None)
