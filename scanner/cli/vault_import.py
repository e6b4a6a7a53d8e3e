"""`hnth vault import`: passwords from a table or a KeePass database, judged on the way in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.text import Text
from scanner.cli.speech import give_up, say
from scanner.cli.vault_door import (
    DEFAULT,
    PasswordFile,
    VaultFile,
    asked,
    first_line,
    opened,
    told,
)

if TYPE_CHECKING:
    from inventory.model import Inventory
    from inventory.vault.entries import Contents, Entry
    from scanner.passwords_from_files import Found, Read


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="*.csv, or *.kdbx of KeePass.")],
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=HEADER",
            help="What a column is called: name, account, password, device or changed; repeatable.",
        ),
    ] = None,
    source_password_file: Annotated[
        Path | None, typer.Option("--source-password-file", help="Password of the KeePass file.")
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="Key file of the KeePass file.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace entries that hold another password.")
    ] = False,
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="HNTH_INVENTORY", help="As for set."),
    ] = None,
    vault: VaultFile = DEFAULT,
    password_file: PasswordFile = None,
) -> None:
    """Take passwords over from a CSV table or a KeePass database; all of them or none.

    Example: hnth vault import accounts.csv --column account=Login
    """
    from scanner.cli.vault_entry import inventory_at, is_good, twins_of  # noqa: PLC0415 - heavy

    with told():
        plan = inventory_at(inventory)
        box = opened(vault, password_file)
        read = _read(file, column or [], source_password_file, key_file)
        entries = _entries(read.found, box.contents, plan, force)
        box.change(lambda contents: _all_of(contents, entries))
    weak = [
        entry.name
        for entry in entries
        if entry.password.judged is not None
        and not is_good(
            entry.password.judged, twins_of(box.contents, entry.name, entry.password.secret)
        )
    ]
    _report(file, entries, read, weak)
    raise typer.Exit(1 if weak else 0)


def _read(
    file: Path, column: Sequence[str], source_password_file: Path | None, key_file: Path | None
) -> Read:
    from scanner.passwords_from_files import (  # noqa: PLC0415
        COLUMNS,
        Unreadable,
        read_csv,
        read_keepass,
    )

    columns = dict(item.partition("=")[::2] for item in column)
    if wrong := sorted(
        name for name, called in columns.items() if name not in COLUMNS or not called
    ):
        raise typer.BadParameter(", ".join(wrong), param_hint="--column")
    try:
        if file.suffix.lower() != ".kdbx":
            return read_csv(file, columns)
        if source_password_file is not None:
            return read_keepass(file, first_line(source_password_file), key_file)
        if not sys.stdin.isatty():
            raise give_up(_NOBODY_TO_ASK)
        return read_keepass(file, asked(_SOURCE.format(path=file)), key_file)
    except Unreadable as error:
        raise give_up(error.reason) from None


def _entries(
    found: Sequence[Found], contents: Contents, plan: Inventory | None, force: bool
) -> list[Entry]:
    """What the rows become; ends the command where one would replace another password."""
    from inventory.vault.entries import (  # noqa: PLC0415
        Entry,
        Password,
        checked_name,
        checked_password,
        same,
    )
    from scanner.cli.vault_entry import judged_now, owner_of, today  # noqa: PLC0415

    made: dict[str, Entry] = {}
    for one in found:
        name = _free_name(checked_name(one.name), one.account, made)
        before = contents.entries.get(name)
        is_same = before is not None and same(before.password.secret, one.secret)
        if before is not None and not is_same and not force:
            raise give_up(_THERE.format(name=name))
        owner = owner_of(name, one.account or None, one.device or None, plan)
        secret = checked_password(one.secret)
        since = before.password.since if before is not None and is_same else today()
        password = Password(secret, one.changed, since, judged_now(secret, owner))
        if before is not None and is_same and one.changed is None:
            password = replace(password, changed=before.password.changed)
        made[name] = Entry(name, password, owner.account, owner.device)
    return list(made.values())


def _free_name(name: str, account: str, taken: dict[str, Entry]) -> str:
    """Two entries of a file may have one title: the account tells them apart, else a number."""
    from inventory.vault.entries import checked_name  # noqa: PLC0415

    candidates = [name, *([checked_name(f"{name}/{account}")] if account else [])]
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    number = 2
    while f"{name}#{number}" in taken:
        number += 1
    return checked_name(f"{name}#{number}")


def _all_of(contents: Contents, entries: Sequence[Entry]) -> Contents:
    for entry in entries:
        contents = contents.having(entry)
    return contents


def _report(file: Path, entries: Sequence[Entry], read: Read, weak: Sequence[str]) -> None:
    say(
        f"Đã đưa {len(entries)} mật khẩu vào kho. Hãy xóa an toàn {file} nếu tệp không mã hóa.",
        f"{len(entries)} passwords were taken in. Destroy {file} safely if it is in plain text.",
    )
    if read.left_out:
        rows = ", ".join(read.left_out[:20])
        say(
            f"Bỏ qua (thiếu tên, mật khẩu hoặc sai ngày): {rows}",
            f"Left out (no name, no password, or no date): {rows}",
        )
    if weak:
        names = ", ".join(weak[:20])
        say(f"Chưa đạt: {len(weak)} mục ({names})", f"Not good enough: {len(weak)} ({names})")


_SOURCE = Text(vi="Mật khẩu của tệp {path}", en="Password of {path}")
_NOBODY_TO_ASK = Text(
    vi="Không có ai để hỏi mật khẩu của tệp KeePass; hãy dùng --source-password-file TỆP.",
    en="There is nobody to ask for the KeePass password; use --source-password-file FILE.",
)
_THERE = Text(
    vi="Mục {name} đã có với mật khẩu khác; không có gì được ghi. Thêm --force để ghi đè.",
    en="The entry {name} is there with another password; nothing was written. Add --force to "
    "replace it.",
)
