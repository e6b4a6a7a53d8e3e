"""Everything imported about vulnerabilities and releases, indexed for quick questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from rules.patches.configurations import speaks_of_ours
from rules.patches.families import Families
from rules.patches.model import Cve, Feed, Latest, Published, Statement

if TYPE_CHECKING:
    from rules.patches.remembering import Remembered


@dataclass(frozen=True)
class Advisories:
    """Empty, it answers nothing: no statement means not known, never clean."""

    families: Families = field(default_factory=Families)
    statements: tuple[Statement, ...] = ()
    cves: Mapping[str, Cve] = field(default_factory=dict)
    """By id; ids that no statement names are allowed (KEV is joined by id)."""
    latest: tuple[Latest, ...] = ()
    published: tuple[Published, ...] = ()
    feeds: tuple[Feed, ...] = ()
    remembered: dict[str, Remembered] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Answers that were found, by family: the same question is not worked out twice."""

    @cached_property
    def _statements_by_family(self) -> dict[str, dict[str, tuple[Statement, ...]]]:
        found: dict[str, dict[str, tuple[Statement, ...]]] = {}
        for statement in self.statements:
            if not speaks_of_ours(statement, self.families):
                continue
            by_cve = found.setdefault(self.families.canonical(statement.family), {})
            by_cve[statement.cve] = (*by_cve.get(statement.cve, ()), statement)
        return found

    @cached_property
    def _latest_by_family(self) -> dict[str, tuple[Latest, ...]]:
        found: dict[str, tuple[Latest, ...]] = {}
        for entry in self.latest:
            family = self.families.canonical(entry.family)
            found[family] = (*found.get(family, ()), entry)
        return found

    @cached_property
    def _published_by_family(self) -> dict[str, tuple[Published, ...]]:
        found: dict[str, tuple[Published, ...]] = {}
        for entry in self.published:
            family = self.families.canonical(entry.family)
            found[family] = (*found.get(family, ()), entry)
        return found

    def about(self, family: str) -> Mapping[str, tuple[Statement, ...]]:
        """The statements on a family by vulnerability, in the order of import; {} for none."""
        return self._statements_by_family.get(self.families.canonical(family), {})

    def releases(self, family: str) -> tuple[Latest, ...]:
        return self._latest_by_family.get(self.families.canonical(family), ())

    def history(self, family: str) -> tuple[Published, ...]:
        return self._published_by_family.get(self.families.canonical(family), ())

    def feed(self, sha256: str) -> Feed | None:
        return next((feed for feed in self.feeds if feed.sha256 == sha256), None)

    @property
    def as_of(self) -> date | None:
        """Day of the newest vulnerability data by its own time stamp; None without any."""
        about_releases = ("firmware-facts", "releases")
        return max(
            (f.stamped.date() for f in self.feeds if not f.name.startswith(about_releases)),
            default=None,
        )
