"""Whether one statement holds for one installed release: yes, no, or not to be told."""

from __future__ import annotations

from dataclasses import replace

from rules.patches.configurations import by_configurations
from rules.patches.grammars import against_bound
from rules.patches.model import (
    Affects,
    Branch,
    Branches,
    BranchStatus,
    Configurations,
    Listed,
    Statement,
    WholeFamily,
)
from rules.patches.ranges import by_list
from rules.patches.subject import OF_OTHERS, UNKNOWN, Answer, Subject


def evaluate(statement: Statement, subject: Subject) -> Answer:
    """The answer of the statement within its limits: deployment, models, condition."""
    if _other_deployment(statement, subject):
        return replace(UNKNOWN, range=f"speaks of {statement.deployment} releases")
    listed = subject.is_one_of(statement.models) if statement.models else True
    left_out = subject.is_one_of(statement.not_models) if statement.not_models else False
    if left_out is True or (listed is False and _accuses(statement.affects)):
        return Answer("not_affected", "model not affected")
    if listed is False:
        return OF_OTHERS
    answer = _of_release(statement, subject)
    if answer.status != "affected":
        return answer
    if listed is None or left_out is None:
        return replace(UNKNOWN, range=answer.range, device_unclear=True)
    return _under_condition(statement, subject, answer)


def _accuses(affects: Affects) -> bool:
    """It says that something is affected; only then a model that it leaves out is not."""
    if isinstance(affects, Branches):
        told = {affects.earlier, affects.later, *(branch.status for branch in affects.branches)}
        return not told <= {"not_affected", "unknown"}
    if isinstance(affects, Listed):
        ranges = any(part.affected for part in affects.ranges)
        return ranges or bool(affects.affected) or affects.otherwise == "affected"
    return not isinstance(affects, WholeFamily) or affects.status == "some_release"


def _other_deployment(statement: Statement, subject: Subject) -> bool:
    own = subject.release.deployment or subject.installed.deployment
    return bool(statement.deployment and own and own != statement.deployment)


def _under_condition(statement: Statement, subject: Subject, answer: Answer) -> Answer:
    if not statement.condition:
        return answer
    holds = subject.installed.settings.get(statement.condition)
    if holds is False:
        return Answer("not_affected", f"{statement.condition}: off")
    return answer if holds else replace(answer, condition=statement.condition)


def _of_release(statement: Statement, subject: Subject) -> Answer:
    affects = statement.affects
    if isinstance(affects, Branches):
        return _by_branch(affects, subject)
    if isinstance(affects, Listed):
        return by_list(affects, subject)
    if isinstance(affects, Configurations):
        return by_configurations(affects, subject)
    return _of_family(affects)


def _of_family(affects: WholeFamily) -> Answer:
    if affects.status == "not_affected":
        return Answer("not_affected", "all releases")
    return UNKNOWN


def _by_branch(affects: Branches, subject: Subject) -> Answer:
    """The longest branch that begins the release, else what holds outside the branches."""
    named = [(release, b) for b in affects.branches if (release := subject.bound(b.branch))]
    if len(named) < len(affects.branches):
        return replace(UNKNOWN, range="a branch of the statement is not readable")
    read = [(release.numbers, b) for release, b in named if release.line == subject.release.line]
    if named and not read:
        return replace(UNKNOWN, range="speaks of other hardware")
    if not read:
        same = affects.earlier if affects.earlier == affects.later else "unknown"
        return _stated(same, "all releases")
    return _among(read, affects, subject)


def _among(
    read: list[tuple[tuple[int, ...], Branch]], affects: Branches, subject: Subject
) -> Answer:
    own = subject.release.numbers
    within = [(lead, branch) for lead, branch in read if _begins(lead, own)]
    if within:
        return _within(max(within, key=lambda pair: len(pair[0]))[1], subject)
    first, last = min(read, key=lambda pair: pair[0]), max(read, key=lambda pair: pair[0])
    if own < first[0]:
        return _stated(affects.earlier, f"earlier than {first[1].branch}")
    if own > last[0]:
        return _stated(affects.later, f"later than {last[1].branch}")
    return replace(UNKNOWN, range="between two branches that are named")


def _begins(lead: tuple[int, ...], numbers: tuple[int, ...]) -> bool:
    return (numbers + (0,) * len(lead))[: len(lead)] == lead


def _within(branch: Branch, subject: Subject) -> Answer:
    if branch.status != "fixed":
        return _stated(branch.status, f"branch {branch.branch}: {branch.status}")
    fixed = subject.bound(branch.release)
    shown = f"branch {branch.branch}: fixed in {branch.release}"
    order = against_bound(subject.release, fixed) if fixed else None
    if order is None:
        return replace(UNKNOWN, range=shown)
    if order < 0:
        return Answer("affected", shown, "update", branch.release)
    return Answer("fixed", shown)


def _stated(status: BranchStatus, shown: str) -> Answer:
    if status == "not_affected":
        return Answer("not_affected", shown)
    if status in ("migrate", "no_fix", "future"):
        return Answer("affected", shown, status)
    return replace(UNKNOWN, range=shown)
