"""The contents of a vault as JSON, before encryption and after it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from inventory.secrets import Secret
from inventory.text import Text
from inventory.vault.entries import Contents, Entry, Judged, Password
from inventory.vault.errors import Damaged, VaultError

FORMAT = 1
BLOCK = 4096
"""The JSON is padded to whole blocks: the size of the file tells no length of a password."""


def encode(contents: Contents) -> bytes:
    """UTF-8 JSON, padded with blanks."""
    data = {
        "format": FORMAT,
        "digest_key": contents.digest_key.hex(),
        "entries": [_entry(entry) for entry in contents.entries.values()],
    }
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % BLOCK)


def decode(content: bytes) -> Contents:
    """Raises `VaultError` for contents of a newer version, `Damaged` for any other."""
    try:
        data = json.loads(content)
        number = data["format"]
        read = _contents(data) if number == FORMAT else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        number, read = None, None
    # Raised out here: the original error carries what was decrypted.
    if read is not None:
        return read
    if isinstance(number, int) and number > FORMAT:
        raise VaultError(_NEWER)
    raise Damaged(_NOT_UNDERSTOOD)


def _contents(data: Any) -> Contents:
    entries = [_read_entry(item) for item in data["entries"]]
    key = bytes.fromhex(data["digest_key"])
    if len(key) != 32 or len({entry.name for entry in entries}) != len(entries):
        raise ValueError("a key of the wrong length, or a name used twice")
    return Contents({entry.name: entry for entry in entries}, key)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "account": entry.account,
        "device": entry.device,
        "password": _password(entry.password),
        "next": _password(entry.next) if entry.next else None,
    }


def _read_entry(item: Any) -> Entry:
    return Entry(
        name=_str(item["name"]),
        account=_str(item["account"]),
        device=_str(item["device"]),
        password=_read_password(item["password"]),
        next=_read_password(item["next"]) if item["next"] is not None else None,
    )


def _password(password: Password) -> dict[str, Any]:
    return {
        "secret": password.secret.reveal(),
        "changed": _day(password.changed),
        "since": _day(password.since),
        "judged": _judged(password.judged) if password.judged else None,
    }


def _read_password(item: Any) -> Password:
    return Password(
        secret=Secret(_str(item["secret"])),
        changed=_read_day(item["changed"]),
        since=_read_day(item["since"]),
        judged=_read_judged(item["judged"]) if item["judged"] is not None else None,
    )


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "on": _day(judged.on),
        "long_enough": judged.long_enough,
        "digit": judged.digit,
        "lowercase": judged.lowercase,
        "uppercase": judged.uppercase,
        "special": sorted(judged.special),
        "meaning": judged.meaning,
        "why": [{"vi": text.vi, "en": text.en} for text in judged.why],
        "vocabulary": judged.vocabulary,
    }


def _read_judged(item: Any) -> Judged:
    meaning = item["meaning"]
    if meaning not in ("none", "found", "unclear"):
        raise ValueError("no such judgement")
    return Judged(
        on=date.fromisoformat(item["on"]),
        long_enough=item["long_enough"] is True,
        digit=item["digit"] is True,
        lowercase=item["lowercase"] is True,
        uppercase=item["uppercase"] is True,
        special=frozenset(_str(name) for name in item["special"]),
        meaning=meaning,
        why=tuple(Text(vi=_str(t["vi"]), en=_str(t["en"])) for t in item["why"]),
        vocabulary=_str(item["vocabulary"]),
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text was expected")
    return value


_NEWER = Text(
    vi="nội dung kho mật khẩu do phiên bản hnth mới hơn ghi; hãy cập nhật hnth",
    en="the contents of the vault were written by a newer version of hnth; update hnth",
)
_NOT_UNDERSTOOD = Text(
    vi="đã giải mã được kho mật khẩu nhưng không hiểu nội dung; hãy lấy lại bản sao lưu",
    en="the vault was decrypted, but its contents make no sense; restore a backup",
)
