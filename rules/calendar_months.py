"""Periods in calendar months, as the Civil Code counts them (Articles 147 and 148; A-01, A-02).

A period of months ends on the day with the same number, or on the last day of the month when there
is none. Six months are therefore 181 to 184 days.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from inventory.readings import Period


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later (earlier when negative), clamped to month end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def back(day: date, period: Period) -> date:
    """The day that lies the period before."""
    if period.unit == "day":
        return day - timedelta(days=period.value)
    return add_months(day, -period.value)


def ahead(day: date, period: Period) -> date:
    """The last day of the period that begins the day after."""
    if period.unit == "day":
        return day + timedelta(days=period.value)
    return add_months(day, period.value)


@cache
def longest_days(period: Period) -> int:
    """The most days that the period can have: what a setting in days must reach to suffice."""
    if period.unit == "day":
        return period.value
    return max(_lengths(period))


@cache
def shortest_days(period: Period) -> int:
    """The fewest days that the period can have: what a setting in days may reach at most."""
    if period.unit == "day":
        return period.value
    return min(_lengths(period))


def _lengths(period: Period) -> Iterator[int]:
    first = date(2023, 1, 1)  # four years hold every month length, the leap day included
    days = (first + timedelta(days=n) for n in range(4 * 365 + 1))
    return ((add_months(day, period.value) - day).days for day in days)
