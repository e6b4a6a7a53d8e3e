"""`--record FILE`: the commissioning record, refused before the work where it could not be kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.text import Text
from scanner.cli.speech import give_up, say

if TYPE_CHECKING:
    from scanner.check.model import CheckResult

ENDINGS = (".html", ".pdf")


def writable(target: Path, force: bool) -> None:
    """Ends the command when the record could not be made or written there."""
    if target.suffix.lower() not in ENDINGS:
        raise give_up(_ENDING.format(file=target))
    if target.exists() and not force:
        raise give_up(_EXISTS.format(file=target))
    if not target.absolute().parent.is_dir():
        raise give_up(_NO_FOLDER.format(folder=target.absolute().parent))
    if target.suffix.lower() == ".pdf":
        from reports.one_page_pdf import NoPdf, require_pdf  # noqa: PLC0415 - loads slowly

        try:
            require_pdf()
        except NoPdf as error:
            raise give_up(error.reason) from None


def write_record(result: CheckResult, target: Path, force: bool) -> None:
    """The record is in the file, whole or not at all; what to enter after signing is said."""
    from scanner.check.record import record_of, to_enter  # noqa: PLC0415

    record = record_of(result)
    if target.suffix.lower() == ".pdf":
        from reports.one_page_pdf import as_pdf  # noqa: PLC0415

        content = as_pdf(record)
    else:
        from reports.commissioning import render  # noqa: PLC0415

        content = render(record).encode("utf-8")
    try:
        _put(target, content, force)
    except FileExistsError:
        raise give_up(_EXISTS.format(file=target)) from None
    except OSError as error:
        raise give_up(_NOT_WRITTEN.format(file=target, why=error.strerror)) from None
    say(f"Đã ghi biên bản để ký: {target}", f"Record to be signed: {target}")
    enter = to_enter(result)
    if enter is not None:
        say(enter.vi, enter.en)


def _put(target: Path, content: bytes, force: bool) -> None:
    """Raises FileExistsError where there is such a file and it may not be replaced."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        if force:
            part.replace(target)
        else:
            os.link(part, target)
    finally:
        part.unlink(missing_ok=True)


_ENDING = Text(
    vi="Biên bản được ghi ra tệp .html hoặc .pdf; hãy đổi tên {file}.",
    en="The record is written to a .html or .pdf file; change the name {file}.",
)
_EXISTS = Text(
    vi="Tệp {file} đã có và được giữ nguyên; thêm --force để ghi đè.",
    en="The file {file} exists and was left as it is; add --force to replace it.",
)
_NO_FOLDER = Text(
    vi="Không có thư mục {folder} để ghi biên bản; hãy tạo thư mục hoặc chọn nơi khác.",
    en="There is no folder {folder} for the record; make it or choose another place.",
)
_NOT_WRITTEN = Text(
    vi="Không ghi được biên bản vào {file}: {why}. Hãy chọn nơi khác bằng --record.",
    en="The record could not be written to {file}: {why}. Choose another place with --record.",
)
