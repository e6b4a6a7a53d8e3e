"""Nobody is disturbed: blackout to the minute, permission to the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from inventory.calendar import blackout, clear_from, permission, working_day_after
from inventory.load import loads
from inventory.model import Inventory

BASE = """\
organisation: {name: Đơn vị, province: Tỉnh}
sites:
  - {id: tt, name: Trung tâm, level: province}
  - {id: xa, name: Xã một, level: commune}
  - {id: xb, name: Xã hai, level: commune}
devices:
  - {id: mcu, kind: mcu, site: tt, address: 10.0.0.1}
  - {id: vcs, kind: vcs, site: xa, address: 10.0.0.2}
"""
ONE = "{title: Họp, start: 2026-11-24 08:00, end: 2026-11-24 11:00, sites: [xa]}"
EVERYWHERE = "{title: Toàn tỉnh, start: 2026-11-24 08:00, end: 2026-11-24 11:00}"


def declared(*meetings: str) -> Inventory:
    lines = "".join(f"    - {meeting}\n" for meeting in meetings)
    return loads(BASE + "calendar:\n  meetings:\n" + lines).inventory


def at(time: str) -> datetime:
    """Local time on 24 November 2026, as UTC, which is what the engine asks with."""
    return datetime.fromisoformat(f"2026-11-24T{time}+07:00").astimezone(UTC)


EDGES = {
    "a second before the hour": ("06:59:59", False),
    "sixty minutes before": ("07:00:00", True),
    "during": ("09:30:00", True),
    "thirty minutes after": ("11:30:00", True),
    "a second later": ("11:30:01", False),
}


@pytest.mark.parametrize(("time", "blocked"), EDGES.values(), ids=EDGES.keys())
def test_the_blackout_is_exact(time: str, blocked: bool) -> None:
    for inventory in (declared(ONE), declared(EVERYWHERE)):
        assert (blackout(inventory, "xa", at(time)) is not None) is blocked
        assert (blackout(inventory, "tt", at(time)) is not None) is blocked  # the MCU's site


def test_a_site_that_is_not_named_is_free() -> None:
    assert blackout(declared(ONE), "xb", at("09:00:00")) is None
    assert blackout(declared(EVERYWHERE), "xb", at("09:00:00")) is not None


def test_a_moment_without_offset_is_local() -> None:
    assert blackout(declared(ONE), "xa", datetime(2026, 11, 24, 9)) is not None
    assert blackout(declared(ONE), "xa", datetime(2026, 11, 24, 2)) is None
    assert blackout(declared(ONE), "xa", datetime(2026, 11, 24, 2, tzinfo=UTC)) is not None


def test_an_offset_in_the_file_is_respected() -> None:
    utc = "{title: T, start: 2026-11-24T01:00Z, end: 2026-11-24T04:00Z, sites: [xa]}"
    assert blackout(declared(utc), "xa", at("07:00:00")) is not None
    assert blackout(declared(utc), "xa", at("06:59:59")) is None


def test_the_site_is_clear_after_the_last_of_meetings_that_meet() -> None:
    second = "{title: Chạy thử, start: 2026-11-24 12:15, end: 2026-11-24 13:00, trial: true}"
    inventory = declared(ONE, second)
    clear = clear_from(inventory, "xa", at("07:30:00"))
    assert clear.isoformat() == "2026-11-24T13:30:01+07:00"
    assert blackout(inventory, "xa", clear) is None
    assert clear_from(inventory, "xb", at("07:30:00")) == at("07:30:00")


WORKING_DAYS = {
    "Monday": (date(2026, 11, 23), date(2026, 11, 26)),
    "Wednesday": (date(2026, 11, 25), date(2026, 11, 30)),
    "Friday": (date(2026, 11, 27), date(2026, 12, 2)),
    "Saturday": (date(2026, 11, 28), date(2026, 12, 2)),
    "Sunday": (date(2026, 11, 29), date(2026, 12, 2)),
}


@pytest.mark.parametrize(("day", "third"), WORKING_DAYS.values(), ids=WORKING_DAYS.keys())
def test_three_working_days_ahead(day: date, third: date) -> None:
    assert working_day_after(day, 3) == third


def test_a_holiday_is_no_working_day() -> None:
    assert working_day_after(date(2026, 11, 23), 3, (date(2026, 11, 25),)) == date(2026, 11, 27)


APPROVAL = {
    "number": "12/QĐ",
    "issued": "2026-11-01",
    "signer": "Giám đốc",
    "valid_from": "2026-11-10",
    "valid_to": "2026-11-24",
}
CONFIRMED = {"confirmed_by": "Cán bộ đầu mối", "confirmed_until": "2026-11-27"}


def permitted(now: datetime, by: str | None = None, **parts: Any) -> str | None:
    inventory = loads(BASE).inventory.model_dump()
    refusal = permission(Inventory.model_validate({**inventory, **parts}), now, confirmed_by=by)
    return refusal.en if refusal else None


def test_nothing_is_probed_without_approval() -> None:
    assert "there is no approval" in (permitted(at("09:00:00"), calendar=CONFIRMED) or "")
    assert "there is no approval" in (permitted(at("09:00:00"), by="Giám đốc") or "")


def test_the_approval_holds_from_its_first_to_its_last_local_day() -> None:
    parts = {"approval": APPROVAL, "calendar": {**CONFIRMED, "confirmed_until": "2027-01-31"}}
    day = timedelta(days=1)
    assert permitted(at("23:59:59"), **parts) is None
    assert "expired on 2026-11-24" in (
        permitted(at("23:59:59") + timedelta(seconds=1), **parts) or ""
    )
    first = at("00:00:00") - 14 * day
    assert permitted(first, **parts) is None
    assert "valid from 2026-11-10" in (permitted(first - timedelta(seconds=1), **parts) or "")


def test_somebody_must_vouch_for_the_coming_three_working_days() -> None:
    tuesday = at("09:00:00")
    assert permitted(tuesday, approval=APPROVAL, calendar=CONFIRMED) is None
    for calendar, message in (
        ({}, "nobody vouches"),
        ({"confirmed_until": "2026-12-31"}, "nobody vouches"),
        ({"confirmed_by": "Cán bộ đầu mối"}, "nobody vouches"),
        ({**CONFIRMED, "confirmed_until": "2026-11-26"}, "confirmed until 2026-11-26"),
        ({**CONFIRMED, "holidays": ["2026-11-26"]}, "until 2026-11-30"),
    ):
        refusal = permitted(tuesday, approval=APPROVAL, calendar=calendar)
        assert message in (refusal or "")


def test_a_named_person_may_confirm_for_this_scan() -> None:
    assert permitted(at("09:00:00"), by="Cán bộ đầu mối", approval=APPROVAL) is None
    assert permitted(at("09:00:00"), by=" ", approval=APPROVAL) is not None
