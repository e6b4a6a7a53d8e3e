"""Six months of records: the setting of the log server and the records themselves (D12.5).

Both are needed. A setting in days suffices when it reaches the longest six months there are, 184
days (A-02). Records have to reach back that far for every sender that has been in use as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from inventory.model import Device, Inventory
from inventory.readings import Readings
from rules.calendar_months import back, longest_days
from rules.facts import Fact, Facts, Known, LogRetention, LogSource, Unknown
from rules.logs import Kind, lines_about, owner, read_at
from rules.model import Proof, Verdict, failed, passed, unknown, unknown_because
from rules.presence import signs_of_life
from rules.world import LOCAL_ZONE


def setting_fault(
    settings: Fact[tuple[LogRetention, ...]], kind: Kind, readings: Readings
) -> Verdict | None:
    """Why the setting does not suffice, or None when it does."""
    if isinstance(settings, Unknown):
        return unknown_because(settings)
    mine = [setting for setting in settings.value if setting.kind == kind]
    if not mine:
        return unknown("no retention setting was found for these records", settings)
    shortest = min(mine, key=lambda setting: setting.days)
    least = longest_days(readings.retention_min)
    if shortest.days < least:
        return failed(
            "set to keep {days} days ({setting}); at least {least} are needed",
            settings,
            days=shortest.days,
            setting=shortest.setting,
            least=least,
        )
    return None


def known_senders(
    sources: Known[tuple[LogSource, ...]], kind: Kind, inventory: Inventory
) -> list[tuple[LogSource, Device]]:
    """Stored records of the kind with the inventoried device that sent them."""
    pairs = ((source, owner(source, inventory)) for source in sources.value if source.kind == kind)
    return [(source, device) for source, device in pairs if device is not None]


def reaches_back(source: LogSource, cutoff: date) -> bool:
    """The oldest record is of the cutoff day or older."""
    return local_date(source.oldest) <= cutoff


def local_date(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()


def is_young(device: Device, cutoff: date) -> bool | None:
    """Put into use after the cutoff, so that older records cannot exist; None when not known."""
    return None if device.commissioned is None else device.commissioned > cutoff


def gap_fault(
    source: LogSource,
    device: Device,
    store: Known[tuple[LogSource, ...]],
    network: Mapping[str, Facts],
    *,
    readings: Readings,
    now: datetime,
) -> Verdict | None:
    """Why the longest gap between records of a sender cannot stand, or None when it can.

    Switched-off time does not count: what is off now, and what may have been, stays undecided.
    """
    gap = timedelta(hours=source.largest_gap_h)
    if gap <= timedelta(hours=readings.retention_gap_h):
        return None
    values = {"device": device.id, "hours": source.largest_gap_h, "since": _since(source, gap)}
    lines: list[Proof] = [*lines_about(source, store)]
    if source.newest > _since(source, gap) and _ended_before(source, gap, readings, now):
        return unknown(
            "the longest gap in the records of {device} ended before the last six months",
            *lines,
            device=device.id,
        )
    alive = signs_of_life(network[device.id])
    if not alive:
        return unknown(
            "no records of {device} for {hours} hours from {since}; it is off or unreachable now",
            *lines,
            **values,
        )
    lasting = read_at(store, now) - source.newest > timedelta(hours=readings.retention_gap_h)
    if device.kind == "vcs" and not lasting:
        return unknown(
            "no records of {device} for {hours} hours from {since}; it may have been switched off",
            *lines,
            **values,
        )
    return failed(
        "no records of {device} for {hours} hours from {since}, though it is in service",
        *lines,
        *alive,
        **values,
    )


def _ended_before(source: LogSource, gap: timedelta, readings: Readings, now: datetime) -> bool:
    """The gap lies before the period; what gaps lie inside is then not known."""
    return local_date(_since(source, gap) + gap) < cutoff_date(local_date(now), readings)


def _since(source: LogSource, gap: timedelta) -> datetime:
    return source.gap_from if source.gap_from is not None else source.newest - gap


def all_kept(
    sources: Known[tuple[LogSource, ...]],
    settings: Fact[tuple[LogRetention, ...]],
    *,
    young: tuple[str, ...],
    cutoff: date,
) -> Verdict:
    """PASS with what was seen; senders younger than the period are named."""
    if young:
        return passed(
            "records since {cutoff} or earlier; not yet six months in operation: {young}",
            sources,
            settings,
            cutoff=cutoff,
            young=young,
        )
    return passed("records reach back to {cutoff} or earlier", sources, settings, cutoff=cutoff)


def cutoff_date(today: date, readings: Readings) -> date:
    """The day from which records have to be there."""
    return back(today, readings.retention_min)
