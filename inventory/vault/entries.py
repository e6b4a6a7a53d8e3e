"""What a vault holds: passwords by name, whose they are, and what was found of them on entry."""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from inventory.problems import shown
from inventory.secrets import Secret
from inventory.text import Text
from inventory.vault.errors import NoSuchEntry, VaultError

MAX_NAME = 100
MAX_PASSWORD = 1024

Meaning = Literal["none", "found", "unclear"]
"""Names and meaningful words in a password (D11.2-h)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found when the password was entered; no password can be guessed from it."""

    on: date
    long_enough: bool
    digit: bool
    lowercase: bool
    uppercase: bool
    special: frozenset[str]
    """The values of the reading `special_set` under which there is a special character."""
    meaning: Meaning
    why: tuple[Text, ...] = ()
    """Categories of what was found, never the words."""
    vocabulary: str = ""
    """Version of the word lists that were asked."""


@dataclass(frozen=True, slots=True)
class Password:
    """One password and its history."""

    secret: Secret
    changed: date | None = None
    """Local day on which it was set on the device; None when nobody knows."""
    since: date | None = None
    """First day on which this very password was in the vault: a change to the same is none."""
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A password by name, and the account that it belongs to."""

    name: str
    password: Password
    account: str = ""
    device: str = ""
    """Id in the inventory; empty for a password that belongs to no device."""
    next: Password | None = None
    """Made by a rotation, and in use only once somebody confirms that the device has it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in the vault. Names are unique; order is that of entry."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    digest_key: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    """For telling equal passwords apart from different ones without keeping them."""

    def entry(self, name: str) -> Entry:
        """Raises `NoSuchEntry`."""
        found = self.entries.get(unicodedata.normalize("NFC", name))
        if found is None:
            raise NoSuchEntry(_NO_ENTRY.format(name=shown(name)))
        return found

    def having(self, entry: Entry) -> Contents:
        """With this entry, in place of the one of the same name if there is one."""
        return replace(self, entries={**self.entries, entry.name: entry})

    def without(self, name: str) -> Contents:
        """Raises `NoSuchEntry`."""
        gone = self.entry(name).name
        return replace(self, entries={n: e for n, e in self.entries.items() if n != gone})


def checked_name(name: str) -> str:
    """The name in NFC. Raises `VaultError` for one that could not be written as `vault:NAME`."""
    normal = unicodedata.normalize("NFC", name).strip()
    if not normal or len(normal) > MAX_NAME or not normal.isprintable():
        raise VaultError(_BAD_NAME.format(name=shown(name)))
    return normal


def checked_password(secret: Secret) -> Secret:
    """Raises `VaultError` for one that no device would take: empty, or with a line in it."""
    value = secret.reveal()
    if not value:
        raise VaultError(_EMPTY)
    if len(value) > MAX_PASSWORD or any(c in value for c in "\r\n\0"):
        raise VaultError(_BAD_PASSWORD)
    return secret


def same(one: Secret, other: Secret) -> bool:
    """Both are the same password, whichever Unicode form they were typed in."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def digest(key: bytes, secret: Secret) -> str:
    """Equal for equal passwords under the same key; `KEY:DIGEST`, the first naming the key.

    Digests with different first parts cannot be compared.
    """
    named = hashlib.sha256(b"name of the key\0" + key).hexdigest()[:16]
    return f"{named}:{hmac.digest(key, _bytes(secret), 'sha256').hex()}"


def _bytes(secret: Secret) -> bytes:
    return unicodedata.normalize("NFC", secret.reveal()).encode("utf-8", "surrogatepass")


_NO_ENTRY = Text(
    vi="trong kho mật khẩu không có mục {name}; xem danh sách bằng: hnth vault list",
    en="the vault has no entry {name}; list them with: hnth vault list",
)
_BAD_NAME = Text(
    vi="tên mục {name} không dùng được; cần 1 đến 100 ký tự hiển thị được",
    en="{name} cannot be the name of an entry; 1 to 100 printable characters are needed",
)
_EMPTY = Text(vi="mật khẩu rỗng; không có gì được ghi", en="the password is empty; nothing is kept")
_BAD_PASSWORD = Text(
    vi="mật khẩu dài quá 1024 ký tự hoặc có dấu xuống dòng; không có gì được ghi",
    en="the password is longer than 1024 characters or has a line break; nothing is kept",
)
