"""On every line of a site 2 Mbps or more are kept for conferencing, or the line is its own.

Judged by the classes bound outbound where the route to the other end leaves. Whether the carrier
keeps the bandwidth behind that only the carrier's document tells; a speed test never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.attested import confirmed
from rules.conferencing_lines import Line, lines_to_judge
from rules.facts import Facts
from rules.model import Outcome, Rule, Verdict, passed, worst
from rules.partition import carries_conferencing_alone, has_other_segments
from rules.reserved_bandwidth import kept_on, needed_kbps


def check(
    site: Site,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    lines = lines_to_judge(site, inventory, network)
    if isinstance(lines, Verdict):
        return lines
    need = needed_kbps(site, inventory, readings)
    verdicts = [_kept(line, site, need, inventory, network) for line in lines]
    decisive = worst([verdict.outcome for verdict in verdicts])
    shown = next(verdict for verdict in verdicts if verdict.outcome is decisive)
    if decisive is not Outcome.PASS:
        return shown
    return confirmed(shown, "D10.2-d", site.id, inventory, today)


def _kept(
    line: Line, site: Site, need: int, inventory: Inventory, network: Mapping[str, Facts]
) -> Verdict:
    kept = kept_on(line, site, need, inventory, network)
    if kept.outcome is Outcome.PASS or has_other_segments(line, inventory, network):
        return kept
    alone = carries_conferencing_alone(line, inventory, network)
    if alone.outcome is not Outcome.PASS:
        return kept
    return passed(
        "{interface} of {gateway} is a channel of conferencing's own",
        *alone.citations,
        interface=line.interface,
        gateway=line.gateway,
    )


RULE = Rule(check, id="D10.2-d", severity="S3", subject="site")
