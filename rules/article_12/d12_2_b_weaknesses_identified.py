"""Every device, server and application was compared with current data on weaknesses.

Passes when each declared asset has a result: its release is known and the imported data says
something about its family. What was found is not judged here; leaving it open is another finding.
Data older than 30 days, a release that is not known, and a family of which the data says nothing
that can be decided leave it open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory
from inventory.readings import Readings
from rules.facts import Citation, Facts, Unknown
from rules.model import Rule, Verdict, passed, unknown
from rules.patches.advisories import Advisories
from rules.patches.matching import match, why_nothing
from rules.patches.of_device import installed


def check(
    inventory: Inventory,
    network: Mapping[str, Facts],
    advisories: Advisories,
    readings: Readings,
    today: date,
) -> Verdict:
    as_of = advisories.as_of
    if not advisories.statements or as_of is None:
        return unknown("no vulnerability data has been imported")
    age_days = (today - as_of).days
    if age_days < 0:
        return unknown("the vulnerability data bears a date in the future")
    if age_days > readings.weakness_data_max_age_days:
        return unknown("the vulnerability data is {days} days old; import it again", days=age_days)
    without: list[str] = []
    affected = undecided = 0
    for device in inventory.devices:
        asked = installed(device, network[device.id], advisories)
        if isinstance(asked, Unknown) or why_nothing(asked, advisories) is not None:
            without.append(device.id)
            continue
        found = [verdict.status for verdict in match(asked, advisories)]
        if set(found) == {"unknown"}:
            without.append(device.id)
            continue
        affected += found.count("affected")
        undecided += found.count("unknown")
    proof = [Citation("R", feed.name, sha256=feed.sha256) for feed in advisories.feeds]
    if without:
        return unknown(
            "no result for {devices}: the release or its family is not known to the data of {day}",
            *proof,
            devices=tuple(without),
            day=as_of,
        )
    return passed(
        "all {count} devices were compared with data of {day}: {affected} open, {open} undecided",
        *proof,
        count=len(inventory.devices),
        day=as_of,
        affected=affected,
        open=undecided,
    )


RULE = Rule(check, id="D12.2-b", severity="S3", subject="system", from_files=False)
