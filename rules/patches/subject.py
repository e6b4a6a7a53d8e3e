"""The release that is asked about, and the form of an answer of one statement about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.patches.families import Families
from rules.patches.grammars import Release
from rules.patches.model import Installed, Status, Way


@dataclass(frozen=True, slots=True)
class Answer:
    """What one statement says about one release."""

    status: Status
    range: str = ""
    way: Way = "none"
    fixed_in: str = ""
    condition: str = ""
    device_unclear: bool = False
    """Unknown because the device is not known well enough; another source's all-clear, which
    does not look at that, must not stand in for it."""


UNKNOWN = Answer("unknown")
OF_OTHERS = Answer("unknown", "speaks of other models")
"""No answer at all: beside another of the same source it does not count."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The installed release, read, with the table that read it."""

    table: Families
    installed: Installed
    release: Release

    @property
    def knows_editions(self) -> bool:
        """The family has editions with numbers of their own."""
        family = self.table.get(self.release.family)
        return family is not None and bool(family.grammar.editions)

    def bound(self, text: str) -> Release | None:
        """The text as a release of the same family; None when it is none."""
        read = self.table.parse(self.release.family, text)
        return read if isinstance(read, Release) else None

    def is_one_of(self, models: Iterable[str]) -> bool | None:
        """Whether the device is one of the models or series; None = cannot tell."""
        told = [
            self.table.is_model(self.release.family, self.installed.model, model)
            for model in models
        ]
        return True if True in told else None if None in told else False

    def is_hardware(self, product: str) -> bool | None:
        """Whether the device is this hardware of the CPE dictionary; None = cannot tell."""
        return self.table.is_hardware(self.release.family, self.installed.model, product)
