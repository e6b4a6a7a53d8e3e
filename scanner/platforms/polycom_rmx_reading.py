"""What saved files of an RMX bridge tell: its system flags and the console's greeting.

A flag that is not in the file is Unknown, also where the guides state a default: flags that were
never added to the list are not shown by the device. The ranges in the guides are those of their
release, so a number is taken as the device shows it; only what no release can mean is refused.

`USER_LOCKOUT` locks after three failures in a row, by the guides of every release. The guides
contradict each other on what the lockout's WINDOW and DURATION mean, so neither is read. Strong
passwords (two of each class in Ultra Secure Mode) are not concluded from the mode: what is set is
not shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.documented_default import not_shown
from scanner.platforms.polycom_rmx_flags import Flag, Flags, read_flags
from scanner.platforms.several_documents import Told

NAME = "polycom-rmx"
VENDOR = "Polycom"

_NUMBERS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "password_policy.min_length": (("MIN_PASSWORD_LENGTH",), 64, 1),
    "password_policy.history": (("PASSWORD_HISTORY_SIZE",), 64, 1),
    "password_policy.max_age_days": (("PASSWORD_EXPIRATION_DAYS",), 3650, 1),
    "management.idle_timeout_s": (
        # the guides of the first releases spell it without E
        ("SESSION_TIMEOUT_IN_MINUTES", "SESSION_TIMOUT_IN_MINUTES"),
        9999,
        60,
    ),
}
"""Fact: flag, largest number that makes sense, factor. 0 means not enforced or never."""

_NORMAL = {"PASSWORD_EXPIRATION_DAYS": "0"}
_ULTRA_SECURE = {
    "MIN_PASSWORD_LENGTH": "15",
    "PASSWORD_HISTORY_SIZE": "10",
    "PASSWORD_EXPIRATION_DAYS": "60",
    "SESSION_TIMEOUT_IN_MINUTES": "10",
    "USER_LOCKOUT": "YES",
}
"""Defaults as the guides state them, without and with Ultra Secure Mode; never a value."""

_STRONG = frozenset({"lowercase", "uppercase", "special"})
"""Classes of which the guides ask for two characters where passwords are to be strong."""

_GUIDE = Text(
    vi="tài liệu quản trị RMX của hãng",
    en="the vendor's administrator's guides for RMX",
)
_YES_NO = {"yes": True, "true": True, "1": True, "on": True}
_YES_NO |= {"no": False, "false": False, "0": False, "off": False}
_LOCKED_AFTER = 3
_CLASSES = ("digits", "lowercase", "uppercase", "special")
_ITS_OWN = (
    *("ULTRA_SECURE_MODE", "MIN_PWD_CHANGE_FREQUENCY_IN_DAYS", "PASSWORD_EXPIRATION_DAYS_MACHINE"),
    *("MAX_CONF_PASSWORD_REPEATED_DIGITS", "NUMERIC_CONF_PASS_MIN_LEN"),
)
"""Flags that no other product is known to have."""

_GREETING = re.compile(r"[^\w\"']{0,40}Welcome to Polycom (RMX \d{3,4}[A-Z]?)\b.{0,40}Console Util")
"""At the beginning of a line: lists of banners quote it in the middle of theirs."""


def tell(document: Document) -> Told:
    """What one saved file says."""
    flags = read_flags(document)
    return Told({**_flag_facts(flags), **_greeting(document)}, unread=tuple(flags.unread))


# --- flags -----------------------------------------------------------------------------------


def _flag_facts(flags: Flags) -> dict[str, Fact[Any]]:
    """{} for a document without a flag that is read here."""
    names = {name for keys, _, _ in _NUMBERS.values() for name in keys} | {"USER_LOCKOUT"}
    if not (flags.found.keys() | flags.contradicted.keys()) & (names | set(_ITS_OWN)):
        return {}
    facts: dict[str, Fact[Any]] = {
        fact: _number(flags, keys, most, factor) for fact, (keys, most, factor) in _NUMBERS.items()
    }
    facts["management.lockout_attempts"] = _lockout(flags)
    facts["support_access.enabled"] = _support_user(flags)
    for kind in _CLASSES:
        facts[f"password_policy.{kind}"] = _class(flags, kind)
    own = next((flags.found[name] for name in _ITS_OWN if name in flags.found), None)
    if own is not None:
        facts["identity.vendor"] = Known(VENDOR, (own.citation,))
        facts["identity.family"] = Known(NAME, (own.citation,))
    return facts


def _number(flags: Flags, keys: tuple[str, ...], most: int, factor: int) -> Fact[int]:
    shown = [flags.found[key] for key in keys if key in flags.found]
    if len({flag.value for flag in shown}) != 1 or flags.contradicted.keys() & set(keys):
        return _missing(flags, keys)
    flag = shown[0]
    if not re.fullmatch(r"[0-9]{1,4}", flag.value) or int(flag.value) > most:
        return _not_understood(keys[0], flag)
    return Known(int(flag.value) * factor, (flag.citation,))


def _lockout(flags: Flags) -> Fact[int]:
    flag = flags.found.get("USER_LOCKOUT")
    if flag is None:
        return _missing(flags, ("USER_LOCKOUT",))
    locks = _YES_NO.get(flag.value.lower())
    if locks is None:
        return _not_understood("USER_LOCKOUT", flag)
    return Known(_LOCKED_AFTER if locks else 0, (flag.citation,))


def _support_user(flags: Flags) -> Fact[bool]:
    """Ultra Secure Mode disables the user SUPPORT; without it nobody says whether there is one."""
    mode = flags.found.get("ULTRA_SECURE_MODE")
    if mode is None:
        return _missing(flags, ("ULTRA_SECURE_MODE",))
    strict = _YES_NO.get(mode.value.lower())
    if strict is None:
        return _not_understood("ULTRA_SECURE_MODE", mode)
    shown = (mode.citation,)
    return Known(False, shown) if strict else Unknown(_SUPPORT_NOT_SHOWN, shown)


def _class(flags: Flags, kind: str) -> Unknown:
    """No flag shows it; where the mode is on, the reason says what the guides ask for then."""
    mode = flags.found.get("ULTRA_SECURE_MODE")
    shown = (mode.citation,) if mode else ()
    if kind in _STRONG and mode is not None and _YES_NO.get(mode.value.lower()):
        return replace(not_shown("2 (ULTRA_SECURE_MODE=YES)", _GUIDE), citations=shown)
    return Unknown(_CLASSES_NOT_SHOWN, shown)


def _missing(flags: Flags, keys: tuple[str, ...]) -> Unknown:
    seen = [flags.contradicted[key] for key in keys if key in flags.contradicted]
    seen += [(flags.found[key].citation,) for key in keys if key in flags.found]
    if seen:
        citations = tuple(citation for one in seen for citation in one)
        return Unknown(_CONTRADICTED.format(key=keys[0]), citations)
    default = _default(flags, keys[0])
    return (
        not_shown(f"{keys[0]} = {default}", _GUIDE)
        if default
        else Unknown(_ABSENT.format(key=keys[0]))
    )


def _default(flags: Flags, key: str) -> str:
    """By the guides, for the mode that is set; empty where they state none."""
    mode = flags.found.get("ULTRA_SECURE_MODE")
    ultra_secure = _YES_NO.get(mode.value.lower()) if mode else None
    normal, strict = _NORMAL.get(key), _ULTRA_SECURE.get(key)
    if ultra_secure is not None:
        return (strict if ultra_secure else normal) or ""
    return "; ".join(
        [*([normal] if normal else []), *([f"ULTRA_SECURE_MODE=YES: {strict}"] if strict else [])]
    )


def _not_understood(key: str, flag: Flag) -> Unknown:
    return Unknown(_NOT_UNDERSTOOD.format(key=key), (flag.citation,))


# --- other lines -----------------------------------------------------------------------------


def _greeting(document: Document) -> dict[str, Fact[Any]]:
    for number, line in enumerate(document.lines[:-1], start=1):
        if greeting := _GREETING.match(line[:400]):
            cited = (document.cite(number),)
            return {
                "identity.vendor": Known(VENDOR, cited),
                "identity.family": Known(NAME, cited),
                "identity.model": Known(greeting[1], cited),
            }
    return {}


_ABSENT = Text(
    vi="không có cờ hệ thống {key} trong tệp và tài liệu hãng không nêu mặc định",
    en="the file has no system flag {key}, and the vendor's guides state no default",
)
_CONTRADICTED = Text(
    vi="cờ hệ thống {key} được ghi nhiều lần với giá trị khác nhau",
    en="the system flag {key} is given more than once with different values",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của cờ hệ thống {key}",
    en="the value of the system flag {key} is not understood",
)
_SUPPORT_NOT_SHOWN = Text(
    vi="không cờ hệ thống nào cho biết người dùng SUPPORT có bị khóa không (ULTRA_SECURE_MODE = "
    "YES thì có)",
    en="no system flag shows whether the user SUPPORT is disabled (with ULTRA_SECURE_MODE = YES it "
    "is)",
)
_CLASSES_NOT_SHOWN = Text(
    vi="không cờ hệ thống nào cho biết số ký tự bắt buộc của từng loại (xem ULTRA_SECURE_MODE)",
    en="no system flag shows how many characters of each class are required (see"
    " ULTRA_SECURE_MODE)",
)
