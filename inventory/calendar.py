"""When the network must be left alone, and whether it may be probed at all.

Section 7 of the requirements: from 60 minutes before a meeting or trial run to 30 minutes after
it, nothing is asked of its sites, nor of the MCU's site while any meeting runs anywhere. A meeting
without a list of sites blocks all of them. Both ends belong to the blackout.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from inventory.model import Approval, Inventory, Meeting
from inventory.moments import LOCAL_ZONE, local
from inventory.text import Text

BEFORE = timedelta(minutes=60)
AFTER = timedelta(minutes=30)
SCHEDULE_WORKING_DAYS = 3

_SATURDAY = 5


def blackout(inventory: Inventory, site_id: str, at: datetime) -> Meeting | None:
    """The meeting for whose sake the site is not probed at this moment; the last to end of several.

    A moment without offset is local time.
    """
    at = local(at)
    running = [m for m in inventory.calendar.meetings if m.start - BEFORE <= at <= m.end + AFTER]
    if not _has_mcu(inventory, site_id):
        running = [m for m in running if not m.sites or site_id in m.sites]
    return max(running, key=lambda m: m.end, default=None)


def clear_from(inventory: Inventory, site_id: str, at: datetime) -> datetime:
    """The first whole second from `at` on at which the site may be probed, local time."""
    at = local(at).astimezone(LOCAL_ZONE)
    while (meeting := blackout(inventory, site_id, at)) is not None:
        at = (meeting.end + AFTER).astimezone(LOCAL_ZONE).replace(microsecond=0)
        at += timedelta(seconds=1)
    return at


def permission(
    inventory: Inventory, at: datetime, *, confirmed_by: str | None = None
) -> Text | None:
    """Why live probes are refused at this moment; None when they are permitted.

    They need an approval record that is valid today, and somebody who vouches for the list of
    meetings of the coming three working days: in the inventory, or `confirmed_by` by name.
    """
    today = local(at).astimezone(LOCAL_ZONE).date()
    if (refusal := _not_approved(inventory.approval, today)) is not None:
        return refusal
    if confirmed_by is not None and confirmed_by.strip():
        return None
    return _schedule_unknown(inventory, today)


def working_day_after(day: date, count: int, holidays: tuple[date, ...] = ()) -> date:
    """The day that is `count` working days later; the day itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in holidays:
            count -= 1
    return day


def _has_mcu(inventory: Inventory, site_id: str) -> bool:
    return any(d.kind == "mcu" and d.site == site_id for d in inventory.devices)


def _not_approved(approval: Approval | None, today: date) -> Text | None:
    if approval is None:
        return Text(
            vi="chưa có văn bản cho phép dò quét; ghi mục approval (số, ngày, người ký, thời hạn)"
            " vào tệp khai báo",
            en="there is no approval for live probes; write its record (approval: number, issued,"
            " signer, valid_from, valid_to) into the inventory",
        )
    if today < approval.valid_from:
        return Text(
            vi=f"văn bản cho phép dò quét {approval.number} có hiệu lực từ"
            f" {approval.valid_from:%d/%m/%Y}, hôm nay là {today:%d/%m/%Y}",
            en=f"the approval {approval.number} is valid from {approval.valid_from},"
            f" today is {today}",
        )
    if today > approval.valid_to:
        return Text(
            vi=f"văn bản cho phép dò quét {approval.number} đã hết hiệu lực ngày"
            f" {approval.valid_to:%d/%m/%Y}; cần văn bản mới",
            en=f"the approval {approval.number} expired on {approval.valid_to};"
            " a new one is needed",
        )
    return None


def _schedule_unknown(inventory: Inventory, today: date) -> Text | None:
    calendar = inventory.calendar
    needed = working_day_after(today, SCHEDULE_WORKING_DAYS, calendar.holidays)
    if calendar.confirmed_by is None or calendar.confirmed_until is None:
        return Text(
            vi="chưa có người xác nhận lịch họp; ghi calendar: confirmed_by và confirmed_until"
            f" (đến hết {needed:%d/%m/%Y} hoặc sau đó)",
            en="nobody vouches for the list of meetings; write calendar: confirmed_by and"
            f" confirmed_until ({needed} or later)",
        )
    if calendar.confirmed_until < needed:
        return Text(
            vi=f"lịch họp chỉ được xác nhận đến {calendar.confirmed_until:%d/%m/%Y}; cần đủ"
            f" {SCHEDULE_WORKING_DAYS} ngày làm việc tới, đến hết {needed:%d/%m/%Y}",
            en=f"the list of meetings is confirmed until {calendar.confirmed_until}; the coming"
            f" {SCHEDULE_WORKING_DAYS} working days are needed, until {needed}",
        )
    return None
