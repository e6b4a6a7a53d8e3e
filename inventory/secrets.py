"""Secrets by reference: found when they are needed, never shown.

`env:NAME` is an environment variable. `file:PATH` is a file that only its owner may read: a
password is its first line, a private key (a file that begins with `-----BEGIN`) all of it.
`vault:NAME` is an entry of the vault, once somebody has opened that (`with_vault`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from inventory.problems import shown
from inventory.system_errors import reason_of
from inventory.text import Text
from inventory.vault.errors import VaultError

VAULT = "vault"
MAX_BYTES = 64 * 1024


class SecretError(Exception):
    """A secret could not be had. `reason` names the reference, never the value."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Secret:
    """A value that is only given to who asks for it by `reveal`."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value. Keep it out of messages, logs, evidence and exceptions."""
        return self.__value

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is never written anywhere")


def resolve(reference: str, base_directory: Path) -> Secret:
    """The secret that the reference names; a relative path starts at `base_directory`.

    Raises `SecretError` when it is not there, is empty, or may be read by others.
    """
    kind, _, name = reference.partition(":")
    if "\0" in name:
        name = ""
    if kind == "env" and name:
        return _from_environment(name)
    if kind == "file" and name:
        return _from_file(base_directory / Path(name).expanduser())
    if kind == VAULT and name:
        raise SecretError(_VAULT_CLOSED)
    raise SecretError(
        Text(
            vi="cách ghi nơi lấy bí mật không đúng; cần env:TÊN_BIẾN, file:ĐƯỜNG_DẪN hoặc "
            "vault:TÊN_MỤC",
            en="the reference to a secret is not of the form env:NAME, file:PATH or vault:NAME",
        )
    )


def in_vault(reference: str | None) -> str | None:
    """The name of the entry that the reference is to; None for every other reference."""
    kind, _, name = (reference or "").partition(":")
    return name if kind == VAULT and name else None


def with_vault(entry: Callable[[str], Secret]) -> Callable[[str, Path], Secret]:
    """`resolve`, with `vault:NAME` answered by `entry`; its `VaultError` becomes `SecretError`."""

    def resolved(reference: str, base_directory: Path) -> Secret:
        name = in_vault(reference)
        if name is None:
            return resolve(reference, base_directory)
        try:
            return entry(name)
        except VaultError as error:
            raise SecretError(error.reason) from None

    return resolved


def _from_environment(name: str) -> Secret:
    value = os.environ.get(name)
    if not value:
        raise SecretError(
            Text(
                vi=f"biến môi trường {shown(name)} chưa được đặt hoặc rỗng; hãy đặt trước khi chạy",
                en=f"the environment variable {shown(name)} is not set or empty; export it first",
            )
        )
    return Secret(value)


def _from_file(path: Path) -> Secret:
    where = shown(str(path), 200)
    try:
        content = _owners_bytes(path, where)
    except OSError as error:
        reason = reason_of(error)
        raise SecretError(
            Text(
                vi=f"không đọc được tệp bí mật {where} ({reason.vi})",
                en=f"the secret file {where} cannot be read ({reason.en})",
            )
        ) from None
    value = _text(content, where)
    if not value.startswith("-----BEGIN"):
        value = value.split("\n", 1)[0].removesuffix("\r")
    if not value:
        raise SecretError(
            Text(
                vi=f"tệp bí mật {where} có dòng đầu rỗng; ghi bí mật vào dòng đầu",
                en=f"the first line of the secret file {where} is empty; write the secret there",
            )
        )
    return Secret(value)


def _owners_bytes(path: Path, where: str) -> bytes:
    # The mode is asked of the opened file, so that it cannot be exchanged in between.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise SecretError(
                Text(vi=f"{where} không phải là tệp thường", en=f"{where} is not a plain file")
            )
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SecretError(
                Text(
                    vi=f"người khác đọc được tệp bí mật {where}; hãy chạy: chmod 600 {path}",
                    en=f"others may read the secret file {where}; run: chmod 600 {path}",
                )
            )
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SecretError(
            Text(
                vi=f"tệp {where} lớn hơn 64 KB; đây không phải là tệp bí mật",
                en=f"the file {where} is larger than 64 KB; it is not a secret",
            )
        )
    return content


_VAULT_CLOSED = Text(
    vi="bí mật nằm trong kho mật khẩu chưa được mở (vault:TÊN_MỤC); hãy nêu kho bằng --vault",
    en="the secret is in the vault, which is not open (vault:NAME); name the vault with --vault",
)


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reason = Text(
            vi=f"tệp bí mật {where} không ở bảng mã UTF-8; hãy lưu lại dưới dạng UTF-8",
            en=f"the secret file {where} is not UTF-8; save it as UTF-8",
        )
    # Raised out here: the original error carries the bytes.
    raise SecretError(reason)
