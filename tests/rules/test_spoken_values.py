"""Values of reasons as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from inventory.text import Text
from rules.model import failed
from rules.wording import spoken, worded


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (date(2026, 3, 9), "09/03/2026", "2026-03-09"),
        (datetime(2026, 3, 9, 17, 30, tzinfo=UTC), "00:30 ngày 10/03/2026", "2026-03-10 00:30"),
        (2.5, "2,5", "2.5"),
        (25.0, "25", "25"),
        (5060, "5060", "5060"),
        (("a", "b"), "a; b", "a; b"),
        ((), "", ""),
        (Text(vi="tắt", en="off"), "tắt", "off"),
        ((Text(vi="tắt", en="off"), 3), "tắt; 3", "off; 3"),
        (ip_address("10.0.0.1"), "10.0.0.1", "10.0.0.1"),
        ("a\x1b[31m\u202eb\nc", "a[31mbc", "a[31mbc"),
    ],
)
def test_spoken(value: Any, vi: str, en: str) -> None:
    assert (spoken(value, "vi"), spoken(value, "en")) == (vi, en)


def test_long_text_of_a_device_is_cut() -> None:
    assert len(spoken("x" * 5000, "en")) == 300


def test_braces_of_a_device_are_text() -> None:
    verdict = failed("line “{text}”", text="{0} {name!r} {text.__class__}")
    reason = worded(verdict, {"line “{text}”": "dòng “{text}”"})
    assert reason.vi == "dòng “{0} {name!r} {text.__class__}”"


def test_a_template_without_translation_stays_english() -> None:
    assert worded(failed("seen"), {}) == Text(vi="seen", en="seen")
