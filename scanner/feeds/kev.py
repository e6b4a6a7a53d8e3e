"""CISA's list of vulnerabilities known to be exploited (JSON).

It is joined by CVE id and never by product: its product names are prose, and a vendor may state
that its product is not affected. Every entry is kept. Its due dates bind US agencies only and are
left out.
"""

from __future__ import annotations

from typing import Any

from rules.patches.model import Cve
from scanner.feeds.records import Record, cve_id, day, words

NAME = "kev"


def record(entry: dict[str, Any]) -> Record | None:
    """The entry; None when it has no id or no day."""
    cve, since = cve_id(entry.get("cveID")), day(entry.get("dateAdded"))
    if cve is None or since is None:
        return None
    title = words(entry.get("vulnerabilityName"))
    return Record(cve, cves=(Cve(id=cve, title=title, exploited_since=since),))
