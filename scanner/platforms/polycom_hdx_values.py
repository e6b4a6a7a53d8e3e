"""Single settings of an HDX system: switches, numbers, and why one gives nothing."""

from __future__ import annotations

import re

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.polycom_hdx_lines import Said

_YES_NO = dict.fromkeys(("true", "yes", "on", "1", "enabled"), True)
_YES_NO |= dict.fromkeys(("false", "no", "off", "0", "disabled"), False)


def missing(said: Said, key: str) -> Unknown | None:
    """Why a key gives nothing; None where nothing can be said about its absence."""
    if key in said.contradicted:
        return Unknown(_CONTRADICTED.format(key=key), said.contradicted[key])
    setting = said.settings.get(key)
    if setting is None:
        return Unknown(_ABSENT.format(key=key)) if said.is_file else None
    return Unknown(
        _NOT_UNDERSTOOD.format(key=key, value=printable(setting.value, 40)), (setting.citation,)
    )


def flag(said: Said, key: str) -> Fact[bool] | None:
    setting = said.settings.get(key)
    value = _YES_NO.get(setting.value.lower()) if setting else None
    if setting is None or value is None:
        return missing(said, key)
    return Known(value, (setting.citation,))


def number(said: Said, key: str) -> Fact[int] | None:
    """A whole number; `Off` is 0."""
    setting = said.settings.get(key)
    if setting is not None and setting.value.lower() == "off":
        return Known(0, (setting.citation,))
    if setting is None or not re.fullmatch(r"[0-9]{1,5}", setting.value):
        return missing(said, key)
    return Known(int(setting.value), (setting.citation,))


_ABSENT = Text(
    vi="bản xuất cấu hình không có khóa `{key}`",
    en="the settings file has no key `{key}`",
)
_CONTRADICTED = Text(
    vi="khóa `{key}` được ghi nhiều lần với giá trị khác nhau",
    en="`{key}` is given more than once with different values",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị “{value}” của khóa `{key}`",
    en="the value “{value}” of `{key}` is not understood",
)
