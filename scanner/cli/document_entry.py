"""A document as an entry of the inventory: its file's digest, the checks, and the writing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from inventory.system_errors import reason_of
from inventory.text import Text
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up, say

InventoryFile = Annotated[
    Path,
    typer.Option("--inventory", "-i", envvar="HNTH_INVENTORY", help="The inventory file."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CHUNK = 1 << 20

Value = str | int | date


def known_requirement(word: str) -> str:
    """The id as it is written, in upper or lower case; ends with one message for another word."""
    from rules.requirements import REQUIREMENTS  # noqa: PLC0415 - loads with the command

    found = next((name for name in REQUIREMENTS if name.lower() == word.strip().lower()), None)
    if found is None:
        raise give_up(_NO_REQUIREMENT.format(word=word))
    return found


def digest_of(file: Path) -> str:
    """SHA-256 of the document; ends with one message where there is nothing to be read."""
    try:
        if not file.is_file():
            raise give_up((_NO_FILE if not file.exists() else _NOT_A_FILE).format(file=file))
        digest = hashlib.sha256()
        size = 0
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        why = reason_of(error)
        raise give_up(
            Text(
                vi=f"Không đọc được {file} ({why.vi}); hãy kiểm tra quyền đọc.",
                en=f"{file} cannot be read ({why.en}); check the permission to read it.",
            )
        ) from None
    if size == 0:
        raise give_up(_EMPTY.format(file=file))
    return digest.hexdigest()


def day(written: str | None) -> date | str | None:
    """As a day where it is one; the inventory says what is wrong with the rest."""
    if written is None or not _DAY.fullmatch(written):
        return written
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written


def record(
    inventory: Path, section: str, entry: Mapping[str, Value | None], *, as_json: bool
) -> None:
    """The entry is at the end of its list in the file, and is printed; nothing else is changed.

    Ends with one message, and the file as it was, where that cannot be.
    """
    from inventory.append import CannotAppend, appended, entry_lines  # noqa: PLC0415 - heavy
    from inventory.problems import InventoryError  # noqa: PLC0415
    from inventory.source import decoded, read_bytes  # noqa: PLC0415
    from scanner.cli.report import write  # noqa: PLC0415

    given = {key: value for key, value in entry.items() if value is not None}
    try:
        before = read_bytes(inventory, _HINT)
        text = decoded(before, str(inventory))
        _refuse_twice(text, inventory, section, given)
        after = appended(text, section, given)
    except InventoryError as error:
        raise give_up(error.reason) from None
    except CannotAppend as error:
        raise give_up(
            Text(vi=f"{inventory}: {error.reason.vi}", en=f"{inventory}: {error.reason.en}")
        ) from None
    if read_bytes(inventory, _HINT) != before:
        raise give_up(_CHANGED.format(file=inventory))
    mark = "\ufeff" if before.startswith(b"\xef\xbb\xbf") else ""
    write(inventory, mark + after, force=True)
    if as_json:
        said = {key: v.isoformat() if isinstance(v, date) else v for key, v in given.items()}
        result = {"file": str(inventory), "section": section, "entry": said}
        print_json(result)
    else:
        typer.echo("\n".join([f"{section}:", *(f"  {line}" for line in entry_lines(given))]))
    say(f"Đã ghi vào {inventory}.", f"Written to {inventory}.")


def _refuse_twice(text: str, inventory: Path, section: str, given: Mapping[str, Value]) -> None:
    from inventory.load import loads  # noqa: PLC0415 - heavy

    same = ("requirement", "subject", "number")
    for one in getattr(loads(text, inventory).inventory, section):
        if all(getattr(one, key) == given[key] for key in same):
            raise give_up(_TWICE.format(file=inventory, **{key: given[key] for key in same}))


_HINT = Text(
    vi="; nêu tệp khai báo bằng --inventory",
    en="; name the inventory with --inventory",
)
_NO_REQUIREMENT = Text(
    vi="“{word}” không phải là mã yêu cầu; ví dụ đúng: D11.2-b (xem: hnth rules)",
    en="“{word}” is the id of no requirement; for instance: D11.2-b (see: hnth rules)",
)
_NO_FILE = Text(
    vi="Không có tệp {file}; hãy nêu tệp của văn bản bằng --file.",
    en="There is no file {file}; name the file of the document with --file.",
)
_NOT_A_FILE = Text(
    vi="{file} không phải là tệp thường; hãy nêu tệp của văn bản bằng --file.",
    en="{file} is not a plain file; name the file of the document with --file.",
)
_EMPTY = Text(
    vi="Tệp {file} rỗng nên không phải là văn bản; hãy kiểm tra lại.",
    en="The file {file} is empty and therefore no document; check it.",
)
_TWICE = Text(
    vi="{file} đã ghi văn bản {number} cho {requirement} của {subject}.",
    en="{file} already has document {number} on {requirement} of {subject}.",
)
_CHANGED = Text(
    vi="{file} vừa được chương trình khác sửa; không ghi gì, hãy chạy lại lệnh.",
    en="Something else has just changed {file}; nothing was written, run the command again.",
)
