"""A VCS runs the newest generally available release of its exact model (readings A-07, A-36).

Fails when the running version is older. Cannot be told when the versions cannot be ordered, when
the catalogue is too old, or when the device runs something newer than the catalogue knows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from inventory.model import Device
from inventory.readings import Readings
from rules.facts import Currency, Fact, Unknown
from rules.model import (
    Rule,
    Verdict,
    failed,
    not_applicable,
    passed,
    unknown,
    unknown_because,
)


def check(
    device: Device, software_currency: Fact[Currency], readings: Readings, today: date
) -> Verdict:
    if device.kind == "mcu":
        return not_applicable("no_such_asset", "clause 11.3 names the VCS only, not the MCU")
    if isinstance(software_currency, Unknown):
        return unknown_because(software_currency)
    now = software_currency.value
    versions: dict[str, Any] = {"running": now.running, "newest": now.newest}
    age_days = (today - now.catalogue_captured).days
    if age_days < 0:
        return unknown("the firmware catalogue bears a date in the future", software_currency)
    if age_days > readings.vendor_catalogue_max_age_days:
        return unknown(
            "the firmware catalogue is {days} days old; bring it up to date",
            software_currency,
            days=age_days,
        )
    if now.order is None:
        return unknown(
            "runs {running}; it cannot be ordered against {newest}", software_currency, **versions
        )
    if now.order > 0:
        return unknown(
            "runs {running}, newer than {newest}, the newest in the catalogue",
            software_currency,
            **versions,
        )
    if now.order == 0:
        return passed("runs {running}, the newest release", software_currency, **versions)
    if _within_grace(now, readings.latest_grace_days, today):
        return passed(
            "runs {running}; {newest} is out since {released}, within the days of grace",
            software_currency,
            released=now.newest_released,
            **versions,
        )
    return failed("runs {running}; the newest release is {newest}", software_currency, **versions)


def _within_grace(now: Currency, grace_days: int, today: date) -> bool:
    released = now.newest_released
    return released is not None and grace_days > 0 and today <= released + timedelta(grace_days)


RULE = Rule(check, id="D11.3-a", severity="S2", subject="device", kinds=frozenset({"mcu", "vcs"}))
