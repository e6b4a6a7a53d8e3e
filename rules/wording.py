"""Turns the values of a reason into words: dates, lists, decimals as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from inventory.text import Text
from rules.model import Verdict
from rules.world import LOCAL_ZONE

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST = 300


def spoken(value: object, language: str) -> str:
    """The value as a reader of the language expects it; control characters removed."""
    vietnamese = language == "vi"
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, datetime):
        local = value.astimezone(LOCAL_ZONE)
        return local.strftime("%H:%M ngày %d/%m/%Y" if vietnamese else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y" if vietnamese else "%Y-%m-%d")
    if isinstance(value, float):
        shown = f"{value:.1f}".removesuffix(".0")
        return shown.replace(".", ",") if vietnamese else shown
    if isinstance(value, tuple):
        return "; ".join(spoken(item, language) for item in value)
    shown = _CONTROL.sub("", str(value))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def worded(verdict: Verdict, vietnamese: Mapping[str, str]) -> Text:
    """The reason of a verdict in both languages.

    `vietnamese` translates templates; a template without translation stays English.
    """
    if verdict.reason is not None:
        return verdict.reason
    return phrase(
        vietnamese.get(verdict.template, verdict.template), verdict.template, **verdict.values
    )


def phrase(vi: str, en: str, **values: Any) -> Text:
    """Both templates with the values spoken in their language."""
    return Text(
        vi=vi.format(**{name: spoken(value, "vi") for name, value in values.items()}),
        en=en.format(**{name: spoken(value, "en") for name, value in values.items()}),
    )
