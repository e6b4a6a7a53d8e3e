"""NVD's configurations: CPE names joined by AND and OR, with hardware beside the software.

A model that is not on a list of hardware makes its group false; an unknown model leaves it open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rules.patches.families import Families
from rules.patches.model import (
    Configuration,
    Configurations,
    Criterion,
    Node,
    Range,
    Statement,
)
from rules.patches.ranges import (
    Placed,
    all_of,
    answered,
    any_of,
    branch_of,
    edition_of,
    exactly,
    place,
)
from rules.patches.subject import Answer, Subject

Speaks = Callable[[Criterion], bool]


def speaks_of_ours(statement: Statement, table: Families) -> bool:
    """False for configurations that name only a product for other software under the same name.

    Such a record (a plug-in, say) says nothing of the product, not even that it is unknown.
    """
    if not isinstance(statement.affects, Configurations):
        return True
    names = [
        split_cpe(criterion.cpe)
        for criterion in statement.affects.criteria()
        if criterion.vulnerable
    ]
    ours = [
        name
        for name in names
        if name is None or table.cpe_model(statement.family, name.vendor, name.product) is not None
    ]
    return not ours or any(name is None or not name.for_other_software for name in ours)


def by_configurations(affects: Configurations, subject: Subject) -> Answer:
    """Affected when one configuration holds."""
    speaks = _of_edition(affects, subject)
    found = [_configuration(part, subject, speaks) for part in affects.configurations]
    return answered(any_of(found))


def _of_edition(affects: Configurations, subject: Subject) -> Speaks:
    """Whether a criterion speaks of the device's edition, where the statement tells them apart."""
    if not subject.knows_editions:
        return lambda _criterion: True
    editions = {
        criterion: edition_of(part, subject)
        for criterion in affects.criteria()
        if _model_of(criterion, subject) is not None and (part := range_of(criterion)) is not None
    }
    own = subject.release.edition
    if not any(editions.values()) or own not in editions.values():
        return lambda _criterion: True
    return lambda criterion: editions.get(criterion, own) == own


def _configuration(part: Configuration, subject: Subject, speaks: Speaks) -> Placed:
    nodes = [_node(node, subject, speaks) for node in part.nodes]
    return _joined(nodes, part.operator, part.negate)


def _node(node: Node, subject: Subject, speaks: Speaks) -> Placed:
    parts = [_criterion(criterion, subject, speaks) for criterion in node.criteria]
    return _joined(parts, node.operator, node.negate)


def _joined(parts: list[Placed], operator: str, negate: bool) -> Placed:
    placed = all_of(parts) if operator == "AND" else any_of(parts)
    if not negate:
        return placed
    if placed.holds is None:
        return placed
    if placed.holds is False and placed.kind == "other":
        return Placed(None, placed.shown)  # of what says nothing the contrary says nothing either
    return Placed(not placed.holds, f"not {placed.shown}", placed.kind)


def _criterion(criterion: Criterion, subject: Subject, speaks: Speaks) -> Placed:
    name = split_cpe(criterion.cpe)
    if name is None:
        return Placed(None, "a CPE name that is not readable")
    model = _model_of(criterion, subject)
    if model is not None:
        is_it = subject.is_one_of([model]) if model else True
        if is_it is not True:
            return Placed(is_it, kind="model", device_unclear=is_it is None)
        return _software(name, criterion, subject) if speaks(criterion) else Placed(False)
    if name.part == "h":
        is_it = subject.is_hardware(name.product)
        return Placed(is_it, kind="model", device_unclear=is_it is None)
    return Placed(False if criterion.vulnerable else None)


def _model_of(criterion: Criterion, subject: Subject) -> str | None:
    """Model that a product of the device's family is limited to, "" for all; None = not ours."""
    name = split_cpe(criterion.cpe)
    if name is None or name.part == "h" or not criterion.vulnerable:
        return None
    return subject.table.cpe_model(subject.release.family, name.vendor, name.product)


def _software(name: CpeParts, criterion: Criterion, subject: Subject) -> Placed:
    if name.for_other_software:
        return Placed(False)
    part = range_of(criterion)
    return Placed(None, "no release is named") if part is None else place(part, subject)


def range_of(criterion: Criterion) -> Range | None:
    """The releases a criterion names; None for `-`, and for `*` without bounds."""
    low = criterion.start_including or criterion.start_excluding
    high = criterion.end_including or criterion.end_excluding
    if low or high:
        return Range(low, not criterion.start_excluding, high, bool(criterion.end_including))
    name = split_cpe(criterion.cpe)
    if name is None or name.version in ("*", "-"):
        return None
    update = "" if name.update in ("*", "-") else name.update.replace("_", "")
    return branch_of(name.version) or exactly(f"{name.version}{update}")


@dataclass(frozen=True, slots=True)
class CpeParts:
    """A CPE 2.3 name, unescaped, lower case."""

    part: str
    vendor: str
    product: str
    version: str
    update: str
    for_other_software: bool
    """Limited to a target software: another product that only bears the name."""


@lru_cache(maxsize=65_536)
def split_cpe(text: str) -> CpeParts | None:
    """The parts of a CPE 2.3 name; None when it is none."""
    pieces = re.split(r"(?<!\\):", text[:1000])
    if len(pieces) != 13 or pieces[:2] != ["cpe", "2.3"]:
        return None
    plain = [re.sub(r"\\(.)", r"\1", piece).lower() for piece in pieces]
    part, vendor, product, version, update = plain[2:7]
    return CpeParts(part, vendor, product, version, update, plain[10] not in ("*", "-"))
