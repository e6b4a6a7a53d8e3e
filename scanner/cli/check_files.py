"""Saved files of one device in the place of the device: read again as often as it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from scanner.cli.speech import say

if TYPE_CHECKING:
    from inventory.model import DeviceKind
    from scanner.check.model import CheckResult

UNREADABLE = 2


@dataclass(frozen=True, slots=True)
class Saved:
    """The files, as they were named."""

    files: tuple[Path, ...]
    platform: str | None
    kind: DeviceKind | None
    database: str
    """Beside which vulnerability data may have been imported; nothing is stored in it."""
    may_log_in: bool = True

    def whole(self) -> CheckResult:
        """What the files tell now; ends the command when one cannot be taken or understood."""
        from scanner.check.saved import judged  # noqa: PLC0415 - heavy parts load when needed
        from scanner.check.software import advisories_for  # noqa: PLC0415
        from scanner.cli.facts import understood  # noqa: PLC0415
        from scanner.saved_files import load  # noqa: PLC0415

        saved = load(self.files)
        for one in saved.refused:
            say(f"{one.file}: {one.reason.vi}", f"{one.file}: {one.reason.en}")
        if saved.refused or not saved.documents:
            raise typer.Exit(UNREADABLE)
        read = understood(saved, self.platform)
        advisories = advisories_for(self._database_file)
        return judged(saved.documents, read, self.kind, advisories, datetime.now(UTC))

    def again(self, _before: CheckResult) -> CheckResult:
        """Files are read whole."""
        return self.whole()

    @property
    def _database_file(self) -> Path | None:
        path = self.database.removeprefix("sqlite:///")
        return None if "://" in path else Path(path)
