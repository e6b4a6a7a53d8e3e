"""All patches of the vendor were installed before the device was put into use.

The commissioning record names the release. It fails when the vendor had a newer one, or a fix for
a vulnerability that the release has; it passes, as attested, when the vendor's list shows that it
was the newest. Without a record, a release running today that was old even then proves the same
violation. Devices put into use before the Regulation are not judged.
"""

from __future__ import annotations

from datetime import date

from inventory.model import Device
from inventory.readings import Readings
from rules.facts import Citation, Facts, Unknown
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
from rules.patches.at_that_time import missed_on, newest_on
from rules.patches.model import Installed
from rules.patches.of_device import installed

IN_FORCE = date(2020, 10, 21)
SHOWN = 5
"""Vulnerabilities named in a reason."""


def check(
    device: Device, facts: Facts, advisories: Advisories, readings: Readings, today: date
) -> Verdict:
    day = device.commissioned
    if day is None:
        return unknown("the date of commissioning is not in the inventory")
    if day < IN_FORCE:
        return not_applicable(
            "commissioned_before_regulation",
            "put into use on {commissioned}, before the Regulation took effect",
            commissioned=day,
        )
    if day > today:
        return unknown(
            "the date of commissioning {commissioned} is in the future", commissioned=day
        )
    if not (advisories.statements or advisories.published or advisories.latest):
        return unknown("no vulnerability data has been imported")
    if device.commissioned_version:
        return _by_record(device, day, facts, advisories, readings, today)
    return _by_running(device, day, facts, advisories)


def _by_record(
    device: Device,
    day: date,
    facts: Facts,
    advisories: Advisories,
    readings: Readings,
    today: date,
) -> Verdict:
    version, record = device.commissioned_version or "", device.commissioning_record
    if record is None or record == "none":
        return unknown(
            "version {version} is entered without its commissioning record", version=version
        )
    if record.issued > today:
        return unknown("record {number} bears a date in the future", number=record.number)
    asked = installed(device, facts, advisories, version)
    if isinstance(asked, Unknown):
        return unknown_because(asked)
    proof = Citation("D", record.number, text=version)
    old = _shown_old(asked, day, advisories, proof)
    if old is not None:
        return old
    then = newest_on(asked, day, advisories)
    if then.state != "newest":
        return unknown(
            "the list of releases does not show what was the newest on {commissioned}",
            proof,
            commissioned=day,
        )
    if too_old(advisories, readings, today):
        return unknown(
            "the vulnerability data is more than {days} days old; import it again",
            proof,
            days=readings.advisories_max_age_days,
        )
    return passed(
        "record {number} shows {version}, the newest release on {commissioned}",
        proof,
        attested=True,
        number=record.number,
        version=version,
        commissioned=day,
    )


def _by_running(device: Device, day: date, facts: Facts, advisories: Advisories) -> Verdict:
    asked = installed(device, facts, advisories)
    if isinstance(asked, Unknown):
        return unknown_because(asked)
    running = facts["software.version"]
    old = _shown_old(asked, day, advisories, *running.citations)
    return old or unknown("no commissioning record names the release that was installed then")


def _shown_old(
    asked: Installed, day: date, advisories: Advisories, *proof: Citation
) -> Verdict | None:
    """FAIL when the release was behind on that day; None when that is not shown."""
    then = newest_on(asked, day, advisories)
    if then.state == "older":
        return failed(
            "{version} is older than {newest} of {released}; put into use on {commissioned}",
            *proof,
            version=asked.version,
            newest=then.newest,
            released=then.released,
            commissioned=day,
        )
    missed = missed_on(asked, day, advisories)
    if missed:
        return failed(
            "{version} lacks fixes of before it was put into use on {commissioned}: {cves}",
            *proof,
            version=asked.version,
            commissioned=day,
            cves=", ".join(verdict.cve for verdict in missed[:SHOWN]),
        )
    return None


def too_old(advisories: Advisories, readings: Readings, today: date) -> bool:
    """The newest vulnerability data cannot vouch for today."""
    newest = advisories.as_of
    return newest is None or (today - newest).days > readings.advisories_max_age_days


RULE = Rule(
    check,
    id="D11.1-e",
    severity="S2",
    subject="device",
    kinds=frozenset({"mcu", "vcs"}),
    from_files=False,
)
