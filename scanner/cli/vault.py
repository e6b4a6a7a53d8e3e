"""`hnth vault`: passwords in one encrypted file, judged when they are entered."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.text import Text
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up, language, say
from scanner.cli.vault_door import DEFAULT, PasswordFile, VaultFile, chosen_master, opened, told
from scanner.cli.vault_import import import_command
from scanner.cli.vault_judge import judge_command

if TYPE_CHECKING:
    from inventory.readings import Readings
    from inventory.vault.entries import Contents, Entry, Password

WEAK = 1
"""Exit status where the password that was stored does not do."""

vault_app = typer.Typer(
    no_args_is_help=True,
    help="Keep passwords in an encrypted file and judge them on entry.\n\nExample: hnth vault init",
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="In the inventory: vault:NAME.")]
InventoryFile = Annotated[
    Path | None,
    typer.Option(
        "--inventory",
        "-i",
        envvar="HNTH_INVENTORY",
        help="Whose words a password must not hold; default: inventory.yaml where there is one.",
    ),
]
Day = Annotated[
    datetime | None,
    typer.Option("--changed", formats=["%Y-%m-%d"], help="Day it was set on the device."),
]


@vault_app.command()
def init(vault: VaultFile = DEFAULT, password_file: PasswordFile = None) -> None:
    """Make an empty vault; never over an existing file.

    Example: hnth vault init
    """
    from inventory.vault.box import Vault  # noqa: PLC0415 - heavy parts load when they are needed

    with told():
        if vault.exists() or vault.is_symlink():
            raise give_up(_EXISTS.format(path=vault))
        Vault.create(vault, chosen_master(password_file, _NEW_MASTER))
    say(
        f"Đã tạo kho mật khẩu {vault}. Quên mật khẩu chủ thì không mở lại được kho.",
        f"The vault {vault} was made. Nobody can open it without the master password.",
    )


@vault_app.command("set")
def set_entry(
    name: Name,
    account: Annotated[str | None, typer.Option(help="Login name.")] = None,
    device: Annotated[str | None, typer.Option(help="Id in the inventory.")] = None,
    changed: Day = None,
    generate: Annotated[bool, typer.Option("--generate", help="Make a random one.")] = False,
    from_input: Annotated[
        bool, typer.Option("--stdin", help="Take a line of standard input.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an entry.")] = False,
    inventory: InventoryFile = None,
    vault: VaultFile = DEFAULT,
    password_file: PasswordFile = None,
) -> None:
    """Put a password in: asked for twice, unseen, and judged. Exit 1 when it does not do.

    Example: hnth vault set mcu-tinh --account kiemtra --device mcu-tinh
    """
    from inventory.vault.entries import Entry, checked_name  # noqa: PLC0415
    from scanner.cli.vault_entry import (  # noqa: PLC0415
        entered,
        generated,
        inventory_at,
        is_good,
        owner_of,
        twins_of,
    )

    with told():
        name = checked_name(name)
        plan = inventory_at(inventory)
        box = opened(vault, password_file)
        before = box.contents.entries.get(name)
        if before is not None and not force:
            raise give_up(_THERE.format(name=name))
        owner = owner_of(
            name,
            account or (before.account if before else None),
            device or (before.device if before else None),
            plan,
        )
        if generate:
            password = generated(owner)
        elif from_input or sys.stdin.isatty():
            password = entered(owner, box.contents, name, from_input=from_input)
        else:
            raise give_up(_NOBODY_TYPES)
        password = _known_since(before, password, _day(changed))
        entry = Entry(name, password, owner.account, owner.device)
        box.change(lambda contents: contents.having(entry))
    say(f"Đã lưu mục {name}.", f"The entry {name} was stored.")
    if password.changed is None:
        say(*_NO_DAY)
    found = password.judged
    if found is None or not is_good(found, twins_of(box.contents, name, password.secret)):
        raise typer.Exit(WEAK)


@vault_app.command()
def get(
    name: Name,
    show: Annotated[bool, typer.Option("--show", help="Print it on the terminal.")] = False,
    stdout: Annotated[bool, typer.Option("--stdout", help="Write it into a pipe.")] = False,
    coming: Annotated[
        bool, typer.Option("--next", help="The new one that a rotation made.")
    ] = False,
    vault: VaultFile = DEFAULT,
    password_file: PasswordFile = None,
) -> None:
    """Print one password, only when it is said in so many words where to.

    Example: hnth vault get mcu-tinh --show
    """
    if sys.stdout.isatty() and not show:
        raise give_up(_SAY_SHOW)
    if not sys.stdout.isatty() and not stdout:
        raise give_up(_SAY_STDOUT)
    with told():
        entry = opened(vault, password_file).contents.entry(name)
        password = entry.next if coming else entry.password
        if password is None:
            raise give_up(_NOTHING_COMING.format(name=name))
    typer.echo(password.secret.reveal())


@vault_app.command("list")
def list_entries(
    inventory: InventoryFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    vault: VaultFile = DEFAULT,
    password_file: PasswordFile = None,
) -> None:
    """List what is kept: account, device, last change, day by which it is due. No passwords.

    Example: hnth vault list --inventory inventory.yaml
    """
    from inventory.readings import Readings  # noqa: PLC0415
    from scanner.cli.vault_entry import inventory_at  # noqa: PLC0415

    with told():
        plan = inventory_at(inventory)
        contents = opened(vault, password_file).contents
    readings = plan.readings if plan else Readings()
    rows = [as_data(entry, readings) for entry in contents.entries.values()]
    if as_json:
        print_json(rows)
        return
    from scanner.cli.vault_table import print_entries  # noqa: PLC0415

    print_entries(rows, language())


def as_data(entry: Entry, readings: Readings) -> dict[str, Any]:
    """An entry for machines, without anything secret."""
    from rules.password_age import due  # noqa: PLC0415
    from scanner.cli.vault_entry import today, verdicts  # noqa: PLC0415

    password = entry.password
    dates = [day for day in (password.changed, password.since) if day is not None]
    last = due(min(dates), readings) if password.changed else None
    found = password.judged
    return {
        "name": entry.name,
        "account": entry.account,
        "device": entry.device,
        "changed": password.changed.isoformat() if password.changed else None,
        "due": last.isoformat() if last else None,
        "overdue": last < today() if last else None,
        "rotating": entry.next is not None,
        "judged": found.on.isoformat() if found else None,
        "vocabulary": found.vocabulary if found else None,
        "verdicts": {i: str(v) for i, v in verdicts(found, readings.special_set).items()}
        if found
        else {},
    }


@vault_app.command()
def rotate(
    name: Name,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The device has the new one; forget the old.")
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Forget the new one.")] = False,
    changed: Day = None,
    inventory: InventoryFile = None,
    vault: VaultFile = DEFAULT,
    password_file: PasswordFile = None,
) -> None:
    """Make a new password; the old one stays in use until --confirm. No device is changed.

    Example: hnth vault rotate mcu-tinh
    """
    from scanner.cli.vault_entry import generated, inventory_at, owner_of, today  # noqa: PLC0415

    if confirm and cancel:
        raise typer.BadParameter("--confirm / --cancel", param_hint="--confirm")
    with told():
        plan = inventory_at(inventory)
        box = opened(vault, password_file)
        entry = box.contents.entry(name)
        name = entry.name
        if not (confirm or cancel):
            if entry.next is not None:
                raise give_up(_ROTATING.format(name=name))
            new = generated(owner_of(name, entry.account, entry.device, plan))
            box.change(lambda newest: newest.having(replace(newest.entry(name), next=new)))
            say(*(text.format(name=name) for text in _ROTATED))
            return
        day = _day(changed) or today()
        box.change(lambda newest: _settled(newest, name, day if confirm else None))
    say(f"Đã ghi nhận mục {name}.", f"The entry {name} was updated.")


def _settled(contents: Contents, name: str, confirmed: date | None) -> Contents:
    """The rotation came to its end: on that day, or without a change."""
    entry = contents.entry(name)
    if entry.next is None:
        raise give_up(_NOTHING_COMING.format(name=name))
    password = entry.password
    if confirmed is not None:
        password = replace(entry.next, changed=confirmed)
    return contents.having(replace(entry, password=password, next=None))


@vault_app.command()
def passwd(
    vault: VaultFile = DEFAULT,
    password_file: PasswordFile = None,
    new_password_file: Annotated[
        Path | None, typer.Option("--new-password-file", help="The new master password.")
    ] = None,
) -> None:
    """Change the master password.

    Example: hnth vault passwd
    """
    with told():
        box = opened(vault, password_file)
        box.change_master(chosen_master(new_password_file, _NEW_MASTER))
    say("Đã đổi mật khẩu chủ.", "The master password was changed.")


vault_app.command("import")(import_command)
vault_app.command("judge")(judge_command)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _known_since(before: Entry | None, password: Password, changed: date | None) -> Password:
    """With the day it was changed; the same password as before has been in use since then."""
    from inventory.vault.entries import same  # noqa: PLC0415

    since = password.since
    if before is not None and same(before.password.secret, password.secret):
        since = before.password.since
        changed = changed or before.password.changed
    return replace(password, changed=changed or password.changed, since=since)


_NEW_MASTER = Text(vi="Mật khẩu chủ mới", en="New master password")
_EXISTS = Text(
    vi="{path} đã có; hnth không bao giờ ghi đè kho mật khẩu",
    en="{path} is already there; hnth never overwrites a vault",
)
_THERE = Text(
    vi="Mục {name} đã có. Để thay mật khẩu định kỳ dùng `hnth vault rotate`; để ghi đè thêm "
    "--force.",
    en="There is an entry {name}. For a periodic change use `hnth vault rotate`; add --force to "
    "replace it.",
)
_NOBODY_TYPES = Text(
    vi="Không có ai để nhập mật khẩu; hãy dùng --stdin hoặc --generate.",
    en="There is nobody to type the password; use --stdin or --generate.",
)
_NO_DAY = (
    "Chưa biết ngày đổi mật khẩu trên thiết bị; nêu bằng --changed NĂM-THÁNG-NGÀY.",
    "The day of its last change is not known; give it with --changed YYYY-MM-DD.",
)
_SAY_SHOW = Text(
    vi="Mật khẩu sẽ hiện trên màn hình; nếu đúng ý, thêm --show.",
    en="The password would be seen on the screen; add --show if that is meant.",
)
_SAY_STDOUT = Text(
    vi="Mật khẩu sẽ được ghi vào tệp hoặc chương trình khác; nếu đúng ý, thêm --stdout.",
    en="The password would go into a file or another program; add --stdout if that is meant.",
)
_NOTHING_COMING = Text(
    vi="mục {name} không có mật khẩu mới đang chờ; tạo bằng: hnth vault rotate",
    en="the entry {name} has no new password waiting; make one with: hnth vault rotate",
)
_ROTATING = Text(
    vi="mục {name} đã có mật khẩu mới đang chờ; thêm --confirm khi thiết bị đã đổi, hoặc --cancel",
    en="the entry {name} has a new password waiting; add --confirm when the device has it, or "
    "--cancel",
)
_ROTATED = (
    "Đã sinh mật khẩu mới cho {name}. Xem: hnth vault get {name} --next --show. Đặt trên thiết bị "
    "rồi chạy: hnth vault rotate {name} --confirm. Đến lúc đó hnth vẫn dùng mật khẩu cũ.",
    "A new password for {name} was made. See it: hnth vault get {name} --next --show. Set it on "
    "the device, then run: hnth vault rotate {name} --confirm. Until then the old one is in use.",
)
