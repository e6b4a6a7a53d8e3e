"""Opening the vault: where it is, and the master password, typed or from a file; never an argument.

`--password-file` takes a file of mode 0600, a pipe such as `/dev/fd/3`, or `-` for a line of
standard input.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.secrets import MAX_BYTES, Secret, SecretError, resolve
from inventory.system_errors import reason_of
from inventory.text import Text
from inventory.vault.errors import Damaged, VaultError
from scanner.cli.speech import give_up, language

if TYPE_CHECKING:
    from inventory.vault.box import Vault  # cryptography loads when a vault is opened

DEFAULT = Path("vault.hnth")
BROKEN = 4
"""Exit status where the file is damaged."""

VaultFile = Annotated[
    Path, typer.Option("--vault", envvar="HNTH_VAULT", help="The vault, a file of mode 0600.")
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        envvar="HNTH_VAULT_PASSWORD_FILE",
        help="Master password: file of mode 0600, pipe (/dev/fd/3), or - for a line of input.",
    ),
]


ScanVault = Annotated[
    Path | None,
    typer.Option(
        "--vault",
        envvar="HNTH_VAULT",
        help="The vault; default: vault.hnth beside the inventory when that refers to it.",
    ),
]
ScanPasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--vault-password-file",
        envvar="HNTH_VAULT_PASSWORD_FILE",
        help="Its master password: file of mode 0600, pipe (/dev/fd/3), or - for a line of input.",
    ),
]


@contextmanager
def told() -> Iterator[None]:
    """Errors of the vault end the command with their message: 4 for damage, 2 for the others."""
    try:
        yield
    except VaultError as error:
        raise give_up(error.reason, BROKEN if isinstance(error, Damaged) else 2) from None
    except SecretError as error:
        raise give_up(error.reason) from None


def opened(path: Path, password_file: Path | None) -> Vault:
    """The vault, opened; ends the command when that fails."""
    from inventory.vault import disk  # noqa: PLC0415 - heavy parts load when they are needed
    from inventory.vault.box import Vault  # noqa: PLC0415

    with told():
        disk.read(path)  # before anybody types a password for a file that is not there
        return Vault.open(path, master(password_file, _MASTER.format(path=path)))


def master(password_file: Path | None, question: Text) -> Secret:
    """A password from the file, or typed at the terminal without being seen."""
    if password_file is not None:
        return first_line(password_file)
    if not sys.stdin.isatty():
        raise give_up(_NOBODY_TO_ASK)
    return asked(question)


def chosen_master(password_file: Path | None, question: Text) -> Secret:
    """A new master password, typed twice the same or from the file."""
    if password_file is not None:
        return first_line(password_file)
    if not sys.stdin.isatty():
        raise give_up(_NOBODY_TO_ASK)
    return asked_twice(question)


def asked(question: Text) -> Secret:
    """What is typed, unseen: the terminal is silent before the question stands there."""
    import getpass  # noqa: PLC0415

    try:
        return Secret(getpass.getpass(f"{question.in_language(language())}: ", sys.stderr))
    except EOFError:
        raise typer.Abort from None


def asked_twice(question: Text) -> Secret:
    """What is typed twice the same, unseen; asked again until it is."""
    from inventory.vault.entries import same  # noqa: PLC0415

    while True:
        first = asked(question)
        if same(first, asked(_AGAIN)):
            return first
        typer.echo(_DIFFERENT.in_language(language()), err=True)


def first_line(path: Path) -> Secret:
    """The first line of the file or pipe. Raises `SecretError`."""
    if str(path) == "-":
        return input_line()
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return resolve(f"file:{path.absolute()}", Path())
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC), "rb") as stream:
            line = stream.readline(MAX_BYTES)
    except OSError as error:
        why = reason_of(error)
        where = str(path)
        raise SecretError(
            Text(
                vi=_NO_FILE.vi.format(path=where, why=why.vi),
                en=_NO_FILE.en.format(path=where, why=why.en),
            )
        ) from None
    return _line(line)


def input_line() -> Secret:
    """The next line of standard input. Raises `SecretError`."""
    return _line(sys.stdin.buffer.readline(MAX_BYTES))


def _line(line: bytes) -> Secret:
    try:
        text = line.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        text = ""
    if text:
        return Secret(text)
    # Raised out here: the original error carries the bytes.
    raise SecretError(_NO_LINE)


_MASTER = Text(vi="Mật khẩu chủ của {path}", en="Master password of {path}")
_AGAIN = Text(vi="Nhập lại lần nữa", en="Once more")
_DIFFERENT = Text(
    vi="Hai lần nhập khác nhau; hãy nhập lại.", en="The two are not the same; try again."
)
_NOBODY_TO_ASK = Text(
    vi="Không có ai để hỏi mật khẩu; hãy dùng --password-file TỆP hoặc biến "
    "HNTH_VAULT_PASSWORD_FILE.",
    en="There is nobody to ask for the password; use --password-file FILE or "
    "HNTH_VAULT_PASSWORD_FILE.",
)
_NO_FILE = Text(
    vi="không đọc được mật khẩu từ {path} ({why})",
    en="the password cannot be read from {path} ({why})",
)
_NO_LINE = Text(
    vi="không có mật khẩu ở dòng đầu (rỗng hoặc không ở bảng mã UTF-8)",
    en="the first line holds no password (it is empty or not UTF-8)",
)
