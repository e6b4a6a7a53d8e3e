"""The line of a site has 2 Mbps or more, both ways (readings A-16, A-17).

The rate that the carrier commits to stands in its document; the speed of a port proves nothing. A
limit on the site's gateway below that rate breaks it, whatever the document says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Attestation, Inventory, Site
from inventory.readings import Readings
from rules.attested import cited, lapsed, vouching
from rules.conferencing_lines import lines_to_judge
from rules.facts import Facts
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.reserved_bandwidth import limited_on, needed_kbps


def check(
    site: Site,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    lines = lines_to_judge(site, inventory, network)
    need = needed_kbps(site, inventory, readings)
    if isinstance(lines, Verdict):
        if lines.outcome == "NA" or not vouching("D10.2-c", site.id, inventory, today):
            return lines
        return _by_contract(site, need, inventory, readings, today)
    for line in lines:
        limit = limited_on(line, site, need, inventory, network)
        if limit is not None:
            return limit
    return _by_contract(site, need, inventory, readings, today)


def _by_contract(
    site: Site, need: int, inventory: Inventory, readings: Readings, today: date
) -> Verdict:
    documents = vouching("D10.2-c", site.id, inventory, today)
    if not documents:
        old = lapsed("D10.2-c", site.id, inventory, today)
        if old is not None:
            return unknown(
                "document {number} of {issued} on the committed rate does not vouch for today",
                cited(old),
                number=old.number,
                issued=old.issued,
            )
        return unknown("no document tells the rate that the carrier commits to")
    return _stated(documents[0], need, readings)


def _stated(document: Attestation, need: int, readings: Readings) -> Verdict:
    both = readings.bandwidth.both_directions
    rates = [document.committed_kbps, *([document.committed_back_kbps] if both else [])]
    known = [rate for rate in rates if rate is not None]
    if known and min(known) < need:
        return failed(
            "{issuer} commits to {kbps} kbit/s by {number}; {need} are needed",
            cited(document),
            issuer=document.issuer,
            kbps=min(known),
            number=document.number,
            need=need,
        )
    if len(known) < len(rates):
        return unknown(
            "document {number} of {issued} does not state the rate of each direction",
            cited(document),
            number=document.number,
            issued=document.issued,
        )
    shown = {
        "issuer": document.issuer,
        "kbps": min(known),
        "number": document.number,
        "issued": document.issued,
    }
    if not both:
        return passed(
            "{issuer} commits to {kbps} kbit/s from the site by {number} of {issued}",
            cited(document),
            attested=True,
            **shown,
        )
    return passed(
        "{issuer} commits to {kbps} kbit/s or more each way by {number} of {issued}",
        cited(document),
        attested=True,
        **shown,
    )


RULE = Rule(check, id="D10.2-c", severity="S3", subject="site")
