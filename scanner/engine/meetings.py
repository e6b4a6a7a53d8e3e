"""Nothing is sent while a meeting is on, nor anything that would still be under way then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from inventory.calendar import blackout, clear_from
from inventory.model import Inventory
from inventory.text import Text
from scanner.collect.errors import CollectError

STEP = timedelta(minutes=30)
"""Shorter than any blackout, so that none is stepped over."""


def respect_meetings(
    inventory: Inventory,
    sites: Iterable[str],
    now: datetime,
    lasting: timedelta = timedelta(),
) -> None:
    """Returns when the sites may be probed from now on for so long. Raises CollectError if not."""
    for site in sites:
        moment = now
        while moment < now + lasting:
            _refuse_within_meeting(inventory, site, moment)
            moment += STEP
        _refuse_within_meeting(inventory, site, now + lasting)


def _refuse_within_meeting(inventory: Inventory, site: str, moment: datetime) -> None:
    if blackout(inventory, site, moment) is None:
        return
    free = clear_from(inventory, site, moment)
    raise CollectError(
        Text(
            vi=f"trong khung giờ cấm dò quét vì có cuộc họp; quét lại từ {free:%H:%M %d/%m/%Y}",
            en=f"a meeting blacks out probing; scan again from {free:%Y-%m-%d %H:%M} on",
        )
    )
