"""A subordinate system was approved before it was connected to the province's (A-18, A-20).

Judged by the approval: it is dated on the day of the first connection or before. Later than that,
it fails. Whether the issuer was competent is for a person to say.
"""

from __future__ import annotations

from datetime import date

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.attested import cited, vouched, vouching
from rules.model import Rule, Verdict, failed, not_applicable, passed, unknown
from rules.subordinate import out_of_scope

IN_FORCE = date(2020, 10, 21)
"""Who was connected before needed no approval."""


def check(site: Site, inventory: Inventory, readings: Readings, today: date) -> Verdict:
    excepted = out_of_scope(site, inventory, readings)
    if excepted is not None:
        return excepted
    approvals = vouching("D10.2c-a", site.id, inventory, today)
    if not approvals:
        return vouched("D10.2c-a", site.id, inventory, today)
    # the days of two approvals may differ; the system was there from the earliest on
    connected = min((a.first_connected for a in approvals if a.first_connected), default=None)
    first = min(approvals, key=lambda approval: approval.issued)
    if connected is None:
        return unknown(
            "approved by {number} of {issued}, but not known when it was first connected",
            cited(first),
            number=first.number,
            issued=first.issued,
        )
    if connected < IN_FORCE:
        return not_applicable(
            "commissioned_before_regulation",
            "connected on {connected}, before the Regulation",
            cited(first),
            connected=connected,
        )
    if first.issued <= connected:
        return passed(
            "approved by {number} of {issued}, first connected on {connected}",
            cited(first),
            attested=True,
            number=first.number,
            issued=first.issued,
            connected=connected,
        )
    return failed(
        "first connected on {connected}, approved only by {number} of {issued}",
        cited(first),
        connected=connected,
        number=first.number,
        issued=first.issued,
    )


RULE = Rule(check, id="D10.2c-a", severity="S3", subject="site", from_files=False)
