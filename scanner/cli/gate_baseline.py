"""`hnth gate --write-baseline`: accept what counts now, with a reason and a day of expiry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.text import Text
from scanner.cli.speech import give_up, say
from scanner.gate.baseline_use import baseline_of, local_date

if TYPE_CHECKING:
    from scanner.gate.model import GateResult


@dataclass(frozen=True, slots=True)
class Accepting:
    """A baseline that can be written."""

    file: Path
    reason: str
    expires: date | None

    def accepted(self, result: GateResult, *, force: bool) -> GateResult:
        """The file is written; what the gate says when it is used.

        A result that rests on input that cannot be used stays as it is, and no file is written.
        """
        from scanner.cli.report import write  # noqa: PLC0415
        from scanner.gate.baseline_file import as_text  # noqa: PLC0415
        from scanner.gate.run import run_gate  # noqa: PLC0415

        if result.problems:
            return result
        baseline = baseline_of(result, reason=self.reason, expires=self.expires)
        write(self.file, as_text(baseline), force=force)
        count = len(baseline.entries)
        say(
            f"Đã ghi {count} nội dung tạm chấp nhận vào {self.file}.",
            f"Wrote {count} accepted findings to {self.file}.",
        )
        return run_gate(replace(result.request, baseline=self.file))


def accepting(
    file: Path | None, reason: str | None, expires: str | None, *, since: str | None, force: bool
) -> Accepting:
    """Gives up where the options do not fit together."""
    if file is None:
        raise give_up(_NO_FILE)
    if since is not None:
        raise give_up(_NOT_SINCE)
    if reason is None or not reason.strip():
        raise give_up(_NO_REASON)
    if file.exists() and not force:
        raise give_up(_EXISTS.format(file=file))
    return Accepting(file, reason.strip(), _day(expires))


def _day(expires: str | None) -> date | None:
    if expires is None:
        return None
    try:
        day = date.fromisoformat(expires)
    except ValueError:
        raise give_up(_NO_DAY.format(day=expires)) from None
    if day < local_date(datetime.now(UTC)):
        raise give_up(_PAST.format(day=expires))
    return day


_NO_FILE = Text(
    vi="--reason và --expires chỉ dùng cùng --write-baseline TỆP",
    en="--reason and --expires go with --write-baseline FILE only",
)
_NOT_SINCE = Text(
    vi="--write-baseline chấp nhận toàn bộ hiện trạng nên không dùng cùng --since",
    en="--write-baseline accepts the whole state and does not go with --since",
)
_NO_REASON = Text(
    vi='--write-baseline cần lý do: --reason "…"',
    en='--write-baseline needs a reason: --reason "…"',
)
_EXISTS = Text(
    vi="Tệp {file} đã có và được giữ nguyên; thêm --force để ghi đè.",
    en="The file {file} exists and was left as it was; add --force to replace it.",
)
_NO_DAY = Text(
    vi="--expires: “{day}” không phải là ngày; ví dụ đúng: 2027-01-31",
    en="--expires: “{day}” is no day; for instance: 2027-01-31",
)
_PAST = Text(
    vi="--expires: ngày {day} đã qua; hãy nêu một ngày sắp tới",
    en="--expires: {day} is in the past; name a day to come",
)
