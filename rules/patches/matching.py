"""Which known vulnerabilities one installed release has, and who says so.

The sources are asked in order of trust; the first that can decide decides, and a lower one that
disagrees is kept. What nobody can decide stays unknown, and no statement is no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from inventory.text import Text
from rules.patches.advisories import Advisories
from rules.patches.evaluating import evaluate
from rules.patches.grammars import Release
from rules.patches.model import (
    TRUST,
    Contradiction,
    Installed,
    Source,
    Statement,
    Status,
    Verdict,
)
from rules.patches.remembering import remembered
from rules.patches.subject import OF_OTHERS, UNKNOWN, Answer, Subject

_WORST: dict[Status, int] = {"affected": 0, "unknown": 1, "fixed": 2, "not_affected": 3}

_UNDECIDED = Text(
    vi="không nguồn nào đã nhập kết luận được cho phiên bản {version}",
    en="none of the imported sources can decide for release {version}",
)
_UNREADABLE = Text(
    vi="không đọc được phiên bản “{version}” theo cách đánh số của họ {family}",
    en="the version “{version}” is no release of the family {family}",
)
_NO_VERSION = Text(vi="chưa biết phiên bản phần mềm", en="the software version is not known")
_NO_STATEMENTS = Text(
    vi="dữ liệu lỗ hổng đã nhập không có mục nào về họ {family}",
    en="the imported vulnerability data says nothing about the family {family}",
)


def match(installed: Installed, advisories: Advisories) -> tuple[Verdict, ...]:
    """One verdict for each vulnerability stated for the family, sorted by its id.

    Empty when nothing is stated, which is no all-clear: see `why_nothing`. A release that cannot be
    read is unknown for each of them.
    """
    by_cve = advisories.about(installed.family)
    subject = subject_of(installed, advisories)
    if subject is None:
        why = why_unreadable(installed)
        return tuple(Verdict(cve, "unknown", None, why=why) for cve in sorted(by_cve))
    known = advisories.remembered.get(subject.release.family)
    if known is None:
        known = remembered(by_cve, subject.release.family, advisories.families)
        advisories.remembered[subject.release.family] = known
    undecided = _UNDECIDED.format(version=installed.version)
    return tuple(
        verdict if verdict.status != "unknown" else replace(verdict, why=undecided)
        for verdict in known.each(subject, partial(_verdict, subject, advisories))
    )


def match_one(installed: Installed, cve: str, advisories: Advisories) -> Verdict:
    """The verdict on one vulnerability; unknown when nothing is stated about it."""
    subject = subject_of(installed, advisories)
    if subject is None:
        return Verdict(cve, "unknown", None, why=why_unreadable(installed))
    return _verdict(subject, advisories, cve, advisories.about(installed.family).get(cve, ()))


def why_nothing(installed: Installed, advisories: Advisories) -> Text | None:
    """Why `match` answers nothing at all for the device; None when it answers something."""
    if not advisories.about(installed.family):
        return _NO_STATEMENTS.format(family=installed.family)
    if subject_of(installed, advisories) is None:
        return why_unreadable(installed)
    return None


def why_unreadable(installed: Installed) -> Text:
    if not installed.version.strip():
        return _NO_VERSION
    return _UNREADABLE.format(version=installed.version[:100], family=installed.family)


def subject_of(installed: Installed, advisories: Advisories) -> Subject | None:
    """The device with its release read; None when it cannot be read, or names a branch only."""
    table = advisories.families
    read, family = table.parse(installed.family, installed.version), table.get(installed.family)
    if not isinstance(read, Release) or family is None:
        return None
    return Subject(table, installed, read) if family.grammar.names_one(read) else None


def _verdict(
    subject: Subject, advisories: Advisories, cve: str, statements: Iterable[Statement]
) -> Verdict:
    by_source: dict[Source, list[tuple[Answer, Statement]]] = {}
    for statement in statements:
        by_source.setdefault(statement.source, []).append((evaluate(statement, subject), statement))
    ranked = [(source, _worst(by_source[source])) for source in TRUST if source in by_source]
    decided = _deciding(ranked)
    known = advisories.cves.get(cve)
    verdict = Verdict(
        cve,
        "unknown",
        None,
        exploited_since=known.exploited_since if known else None,
        base_score=known.base_score if known else None,
    )
    if decided is None:
        shown = next((answer.range for _, (answer, _) in ranked if answer.range), "")
        why = _UNDECIDED.format(version=subject.installed.version)
        return replace(verdict, range=shown, why=why)
    source, (answer, statement) = decided
    return replace(
        verdict,
        status=answer.status,
        decided_by=source,
        range=answer.range,
        contradicted_by=_contradicting(answer.status, ranked, source),
        condition=answer.condition,
        way=answer.way,
        fixed_in=answer.fixed_in,
        url=statement.url,
        feed=statement.feed,
    )


_Said = tuple[Source, tuple[Answer, Statement]]


def _worst(answers: list[tuple[Answer, Statement]]) -> tuple[Answer, Statement]:
    """What one source says in all: of several statements the gravest."""
    told = [pair for pair in answers if pair[0] is not OF_OTHERS]
    return min(told or answers, key=lambda pair: _WORST[pair[0].status])


def _deciding(ranked: list[_Said]) -> _Said | None:
    """The first that can decide.

    A source that cannot say because the device is not known well enough leaves room for a graver
    answer below it, not for an all-clear.
    """
    unclear = False
    for said in ranked:
        answer = said[1][0]
        if answer.status == "unknown":
            unclear = unclear or answer.device_unclear
        elif answer.status == "affected" or not unclear:
            return said
    return None


def _contradicting(
    status: Status, ranked: list[_Said], source: Source
) -> tuple[Contradiction, ...]:
    """The sources that say affected where the deciding one clears, or the other way round."""
    return tuple(
        Contradiction(other, answer.status, statement.url)
        for other, (answer, statement) in ranked
        if other != source
        and answer.status != UNKNOWN.status
        and (answer.status == "affected") != (status == "affected")
    )
