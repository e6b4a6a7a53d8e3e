"""The release of one device beside the catalogue and the known vulnerabilities."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from inventory.model import Device
from inventory.text import Text
from rules.facts import Facts, Known, Unknown
from rules.patches.advisories import Advisories
from rules.patches.matching import match, why_nothing
from rules.patches.model import Verdict
from rules.patches.newest import newest
from rules.patches.of_device import installed
from scanner.check.model import Software
from scanner.feeds.advisories import beside, from_store

USUAL = Path("hnth.db")
"""The database of `hnth scan`; feeds are imported beside it, and checks keep one of their own."""


def advisories_for(database: Path | None) -> Advisories:
    """What was imported for this database, else for the usual one beside it, else what is shipped.

    Raises FeedError when data was imported and cannot be read any more.
    """
    own = beside(database)
    usual = beside(database.with_name(USUAL.name) if database is not None else USUAL)
    return from_store(own if own.exists() else usual)


def software_of(device: Device, facts: Facts, advisories: Advisories, today: date) -> Software:
    """What is known of the release; nothing of it is a verdict."""
    version = facts["software.version"]
    if isinstance(version, Unknown):
        return Software(why=version.reason, feeds=advisories.feeds, data_of=advisories.as_of)
    asked = installed(device, facts, advisories)
    if isinstance(asked, Unknown):
        return Software(
            str(version.value), why=asked.reason, feeds=advisories.feeds, data_of=advisories.as_of
        )
    verdicts = match(asked, advisories)
    latest = newest(asked, advisories, today)
    return Software(
        running=str(version.value),
        newest=latest.version or None,
        is_newest={"newest": True, "older": False, "unknown": None}[latest.state],
        affected=tuple(one.cve for one in sorted(verdicts, key=_urgent) if _affects(one)),
        undecided=sum(one.status == "unknown" for one in verdicts),
        why=_joined(why_nothing(asked, advisories), latest.why),
        feeds=advisories.feeds,
        data_of=advisories.as_of,
    )


def told(facts: Facts, name: str) -> str | None:
    """What the device says of itself under this name of a fact; None when it says nothing."""
    fact = facts[name]
    return str(fact.value) if isinstance(fact, Known) and fact.value else None


def _affects(one: Verdict) -> bool:
    return one.status == "affected"


def _urgent(one: Verdict) -> tuple[bool, float, str]:
    return one.exploited_since is None, -(one.base_score or 0.0), one.cve


def _joined(*reasons: Text | None) -> Text | None:
    said = [reason for reason in reasons if reason is not None]
    if not said:
        return None
    return Text(vi="; ".join(one.vi for one in said), en="; ".join(one.en for one in said))
