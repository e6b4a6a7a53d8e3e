"""How dates, numbers and foreign text are written."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest

from inventory.text import Text
from reports import legal, view, wording


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("day", [1, 9, 10, 28])
def test_the_date_line_pads_days_below_ten_and_months_one_and_two(day: int, month: int) -> None:
    written = wording.long_date(date(2026, month, day), "vi")
    expected_month = {1: "01", 2: "02"}.get(month, str(month))
    assert written == f"ngày {day:02d} tháng {expected_month} năm 2026"


def test_times_are_those_of_viet_nam() -> None:
    late = datetime(2026, 1, 31, 17, 5, tzinfo=UTC)
    assert wording.moment(late, "vi") == "01/02/2026 00:05"
    assert wording.moment(late, "en") == "1 Feb 2026 00:05"


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [(1234.5, 1, "1.234,5", "1,234.5"), (999, 0, "999", "999"), (1000000, 0, "1.000.000", None)],
)
def test_vietnamese_numbers_have_a_decimal_comma(
    value: float, decimals: int, vi: str, en: str | None
) -> None:
    assert wording.number(value, "vi", decimals) == vi
    if en:
        assert wording.number(value, "en", decimals) == en


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (59, "59 giây", "59 s"),
        (60, "1 phút 00 giây", "1 min 00 s"),
        (3599, "59 phút 59 giây", "59 min 59 s"),
        (3900, "1 giờ 05 phút", "1 h 05 min"),
        (-5, "0 giây", "0 s"),
    ],
)
def test_durations(seconds: int, vi: str, en: str) -> None:
    assert wording.duration(timedelta(seconds=seconds), "vi") == vi
    assert wording.duration(timedelta(seconds=seconds), "en") == en


@pytest.mark.parametrize(
    "hostile",
    [
        "\u202e",
        "\u2066",
        "\u200f",
        "\u200b",
        "\x1b",
        "\x00",
        "\x9b",
        "\ufeff",
        "\ud800",
        "\U000e0041",
    ],
)
def test_marks_that_reorder_or_hide_text_become_visible(hostile: str) -> None:
    assert wording.plain(f"a{hostile}b") == "a\ufffdb"


def test_vietnamese_letters_are_left_alone() -> None:
    text = "Điểm cầu Vĩnh Trạch – “đang tắt”\n"
    assert wording.plain(text) == text


@pytest.mark.parametrize(
    ("profile", "day", "expected"),
    [
        ("auto", date(2022, 9, 30), "2017"),
        ("auto", date(2022, 10, 1), "2022"),
        ("auto", date(2026, 8, 18), "2022"),
        ("auto", date(2026, 8, 19), "2026"),
        ("2022", date(2026, 11, 1), "2022"),
    ],
)
def test_the_legal_profile_follows_the_day(profile: str, day: date, expected: str) -> None:
    assert legal.profile_on(profile, day) == expected


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ({"value": 3}, "3 tháng", "3 months"),
        ({"unit": "day", "value": 90}, "90 ngày", "90 days"),
        (True, "có", "yes"),
        (48, "48", "48"),
        ("und", "und", "und"),
        (["vcs"], '["vcs"]', '["vcs"]'),
    ],
)
def test_readings_in_words(value: object, vi: str, en: str) -> None:
    assert view.reading_value(value, "vi") == vi
    assert view.reading_value(value, "en") == en


def test_all_words_are_composed() -> None:
    texts = [
        *wording.CLASS_NAMES.values(),
        *wording.KIND_NAMES.values(),
        *wording.STATE_NAMES.values(),
        *legal.ARTICLES.values(),
        legal.DECISION,
    ]
    assert all(isinstance(text, Text) for text in texts)
    assert all(unicodedata.is_normalized("NFC", text.vi) for text in texts)
