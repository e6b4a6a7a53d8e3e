"""Dates and times as people write them: ISO form, local time unless an offset is given."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Every rule about dates is evaluated here (CR-9)."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)


def _written_as_day(value: object) -> object:
    # Without this, bare digits such as 20261124 would be read as seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("day", "a day is written YYYY-MM-DD")


def _written_as_moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise PydanticCustomError("moment", "a time is written YYYY-MM-DD HH:MM")


def local(moment: datetime) -> datetime:
    """The same moment with its offset; without one it was meant as local time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)


Day = Annotated[date, BeforeValidator(_written_as_day)]
Moment = Annotated[datetime, BeforeValidator(_written_as_moment), AfterValidator(local)]
"""Always aware: times written without offset are Asia/Ho_Chi_Minh."""
