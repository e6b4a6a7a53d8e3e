"""When a password has to be changed: six calendar months after its last change (A-01, A-03)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from inventory.readings import Readings
from rules.calendar_months import ahead, shortest_days

_SATURDAY = 5


def due(changed: date, readings: Readings, holidays: Collection[date] = ()) -> date:
    """The last day on which the password of that day is still young enough.

    `holidays` count only under the reading `weekend_extension`, which is not the default.
    """
    day = ahead(changed, readings.password_max_age) + timedelta(days=readings.grace_days)
    if readings.weekend_extension:
        while day.weekday() >= _SATURDAY or day in holidays:
            day += timedelta(days=1)
    return day


def longest_setting_days(readings: Readings) -> int:
    """A device that demands a change after so many days or fewer keeps every due day."""
    return shortest_days(readings.password_max_age) + readings.grace_days
