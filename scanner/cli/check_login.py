"""Who logs in to the device that is checked, and to whom: asked before any password is sent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from inventory.secrets import VAULT, Secret, resolve, with_vault
from inventory.text import Text
from scanner.cli.speech import give_up, say
from scanner.engine.one_device import TYPED, Login, Pins

if TYPE_CHECKING:
    from inventory.vault.entries import Entry

SecretBehind = Callable[[str, Path], Secret]


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says about the login."""

    user: str | None
    password_env: str | None
    pins: Pins
    accept_identity: bool
    entry: Entry | None = None
    """Of the vault, opened before."""

    def with_entry(self, entry: Entry | None) -> Given:
        """The same, with what the vault holds for the device."""
        return replace(self, entry=entry)


def login_of(given: Given) -> tuple[Login | None, SecretBehind]:
    """The account to read with, and where its password is; a password is asked for on a terminal.

    None without an account, and where nobody can be asked.
    """
    if given.entry is not None:
        return _from_vault(given.entry, given.user)
    if given.user is None:
        return None, resolve
    if given.password_env is not None:
        if given.password_env not in os.environ:
            raise give_up(_NO_VARIABLE.format(name=given.password_env))
        return Login(given.user, f"env:{given.password_env}"), resolve
    if not sys.stdin.isatty():
        raise give_up(_NOBODY_TO_ASK)
    question = _PASSWORD.format(user=given.user)
    typed = Secret(typer.prompt(_spoken(question), hide_input=True, err=True))

    def behind(reference: str, base: Path) -> Secret:
        return typed if reference == TYPED else resolve(reference, base)

    return Login(given.user), behind


def _from_vault(entry: Entry, user: str | None) -> tuple[Login, SecretBehind]:
    name = user or entry.account
    if not name:
        raise give_up(_NO_ACCOUNT.format(name=entry.name))

    def one(_name: str) -> Secret:
        return entry.password.secret

    return Login(name, f"{VAULT}:{entry.name}"), with_vault(one)


def pins_for(shown: Pins, given: Given) -> Pins:
    """The pins for the login: those given, else those shown, when a person accepts them.

    A pin that nobody accepts is left out; the login through that door then does not take place.
    """
    pins = Pins(given.pins.host_key or None, given.pins.certificate or None)
    new = Pins(
        shown.host_key if pins.host_key is None else None,
        shown.certificate if pins.certificate is None else None,
    )
    if new == Pins():
        return pins
    for name, value in (("--host-key", new.host_key), ("--certificate", new.certificate)):
        if value is not None:
            say(f"  {name} {value}", f"  {name} {value}")
    if not _accepted(given):
        say(_NOT_ACCEPTED.vi, _NOT_ACCEPTED.en)
        return pins
    return Pins(pins.host_key or new.host_key, pins.certificate or new.certificate)


def _accepted(given: Given) -> bool:
    if given.accept_identity:
        return True
    return sys.stdin.isatty() and typer.confirm(_spoken(_COMPARE), default=False, err=True)


def _spoken(text: Text) -> str:
    from scanner.cli.speech import language  # noqa: PLC0415

    return text.in_language(language())


_NO_ACCOUNT = Text(
    vi="Mục {name} trong kho mật khẩu chưa ghi tên tài khoản; hãy nêu bằng --user.",
    en="The entry {name} of the vault names no account; give it with --user.",
)
_NO_VARIABLE = Text(
    vi="Không có biến môi trường {name} (--password-env); hãy đặt biến rồi chạy lại.",
    en="There is no environment variable {name} (--password-env); set it and run again.",
)
_NOBODY_TO_ASK = Text(
    vi="Có --user nhưng không có ai để hỏi mật khẩu; hãy nêu biến chứa mật khẩu bằng "
    "--password-env TÊN.",
    en="There is --user and nobody to ask for the password; name the variable that holds it with "
    "--password-env NAME.",
)
_PASSWORD = Text(vi="Mật khẩu của {user}", en="Password of {user}")
_COMPARE = Text(
    vi="Thiết bị đưa ra định danh nêu trên. Đã so với màn hình của chính thiết bị và đúng chưa?",
    en="The device shows the identity above. Is it what the device's own screen shows?",
)
_NOT_ACCEPTED = Text(
    vi="Chưa ai xác nhận định danh trên nên không đăng nhập. Nêu định danh bằng các tùy chọn trên, "
    "hoặc thêm --accept-identity nếu máy này nối trực tiếp với thiết bị.",
    en="Nobody has confirmed this identity, so there is no login. Give it with the options above, "
    "or add --accept-identity where this computer is cabled to the device.",
)
