"""Services that a product does not have, by its vendor's own list: off, and nothing to set.

No setting of such a device can say that the service is off. The vendor's list says it of the
product; the device shows, by its own settings, that it is the product that the list speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules.facts import Citation, Fact, Known, Unknown
from scanner.platforms.model import Absent, Platform, Reading


def with_absent_services(platform: Platform, reading: Reading) -> Reading:
    """The reading; a service that the family does not have is off where the device confirms it.

    What the device itself tells of such a service stays, also where it is not understood.
    """
    facts = dict(reading.facts)
    for absent in platform.without:
        shown = _shown(platform, absent, reading.facts)
        for service in absent.services if shown else ():
            name = f"service.{service}.enabled"
            if _is_left_open(reading.facts.get(name)):
                facts[name] = Known(False, (_document(absent, service), *shown))
    return replace(reading, facts=facts) if facts != reading.facts else reading


def _shown(
    platform: Platform, absent: Absent, facts: Mapping[str, Fact[Any]]
) -> tuple[Citation, ...]:
    """What makes the device one that the list speaks of; () when it is not known to be one."""
    told = [facts.get(name) for name in absent.shown_by]
    lines = tuple(fact.citations[0] for fact in told if isinstance(fact, Known) and fact.citations)
    if not lines or len(lines) < len(told):
        return ()
    if not (absent.since or absent.before):
        return lines
    release = facts.get("software.version")
    if not isinstance(release, Known) or not _speaks_of(platform, absent, release.value):
        return ()
    return (*lines, *release.citations[:1])


def _speaks_of(platform: Platform, absent: Absent, release: str) -> bool:
    key = platform.version_key(release)
    since = platform.version_key(absent.since) if absent.since else key
    before = platform.version_key(absent.before) if absent.before else None
    if key is None or since is None:
        return False
    try:
        return since <= key and (before is None or key < before)
    except TypeError:
        # releases of two lines that have no order
        return False


def _is_left_open(fact: Fact[Any] | None) -> bool:
    """Nothing is told, and no file of such a device could tell it."""
    return fact is None or (isinstance(fact, Unknown) and fact.in_no_file)


def _document(absent: Absent, service: str) -> Citation:
    text = f"{absent.title}, lists no {service} service"
    # the place of a citation is read as the name of a file, which this is not
    return Citation("D", f"vendor documentation: {absent.source}", text=text[:200])
