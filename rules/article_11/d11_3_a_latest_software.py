"""A VCS runs the newest generally available release of its exact model (readings A-07, A-36).

Fails when the running version is older. Cannot be told when the versions cannot be ordered, when
the catalogue is too old, or when the device runs something newer than the catalogue knows. The
catalogue declared in the inventory counts first, then the imported ones; of these only a vendor's
own list of releases can prove that a release is the newest. Where the reading takes the vendor's
recommended or long-term track, the newest release of the branch the device is on counts.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from inventory.model import Device
from inventory.readings import Readings
from rules.facts import Currency, Fact, Facts, Known, Unknown
from rules.model import (
    Rule,
    Verdict,
    failed,
    not_applicable,
    passed,
    unknown,
    unknown_because,
)
from rules.patches.advisories import Advisories
from rules.patches.model import Installed, Latest, Newest
from rules.patches.newest import newest
from rules.patches.of_device import installed


def check(
    device: Device,
    facts: Facts,
    software_currency: Fact[Currency],
    advisories: Advisories,
    readings: Readings,
    today: date,
) -> Verdict:
    if device.kind == "mcu":
        return not_applicable("no_such_asset", "clause 11.3 names the VCS only, not the MCU")
    if not isinstance(software_currency, Unknown):
        return _by_declared(software_currency, readings, today)
    if not advisories.latest:
        return unknown_because(software_currency)
    asked = installed(device, facts, advisories)
    if isinstance(asked, Unknown):
        return unknown_because(asked)
    in_branch = readings.latest_track != "newest"
    answer = newest(asked, advisories, today, in_branch=in_branch)
    if answer.state == "unknown" or answer.latest is None:
        return unknown_because(Unknown(answer.why or software_currency.reason))
    return _by_imported(asked, answer, answer.latest, facts, readings, today)


def _by_imported(
    asked: Installed,
    answer: Newest,
    latest: Latest,
    facts: Facts,
    readings: Readings,
    today: date,
) -> Verdict:
    """An entry of an imported catalogue; its age counts from the day its source was read."""
    seen = facts["software.version"]
    age_days = None if latest.read_on is None else (today - latest.read_on).days
    if age_days is None or age_days < 0:
        return unknown("the firmware catalogue bears no usable date", seen)
    if age_days > readings.vendor_catalogue_max_age_days:
        return unknown(
            "the firmware catalogue is {days} days old; bring it up to date", seen, days=age_days
        )
    versions: dict[str, Any] = {"running": asked.version, "newest": answer.version}
    if answer.state == "newest":
        if answer.support_ended:
            return passed(
                "runs {running}, the last release; the vendor's support has ended", seen, **versions
            )
        return passed("runs {running}, the newest release", seen, **versions)
    if _within_grace(latest.released, readings.latest_grace_days, today):
        return passed(
            "runs {running}; {newest} is out since {released}, within the days of grace",
            seen,
            released=latest.released,
            **versions,
        )
    if latest.basis != "release-list":
        return failed(
            "runs {running}; at least {newest} is out ({source})",
            seen,
            source=latest.source,
            **versions,
        )
    return failed("runs {running}; the newest release is {newest}", seen, **versions)


def _by_declared(software_currency: Known[Currency], readings: Readings, today: date) -> Verdict:
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
    if _within_grace(now.newest_released, readings.latest_grace_days, today):
        return passed(
            "runs {running}; {newest} is out since {released}, within the days of grace",
            software_currency,
            released=now.newest_released,
            **versions,
        )
    return failed("runs {running}; the newest release is {newest}", software_currency, **versions)


def _within_grace(released: date | None, grace_days: int, today: date) -> bool:
    return released is not None and grace_days > 0 and today <= released + timedelta(grace_days)


RULE = Rule(check, id="D11.3-a", severity="S2", subject="device", kinds=frozenset({"mcu", "vcs"}))
