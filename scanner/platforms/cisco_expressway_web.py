"""What the web interface of a VCS or Expressway answers besides XML: REST lists, overview page.

REST lists have one entry per peer of the cluster, `{"peer", "local_peer", "num_recs", "records"}`;
only the device that was asked (`local_peer`) counts. The list of calls holds the address of every
participant; nothing of it but the states is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.cisco_expressway_status import CALLS_UNREADABLE, ENDED, LIVE
from scanner.platforms.json_evidence import cite_key, cite_match

_COUNTER = re.compile(r"call_\w{1,60}_current")
_BESIDE = re.compile(r"call_\w{1,60}_(?:max|total)")
"""What stands beside every counter: without the counter itself a record is not complete."""
_OVERVIEW = re.compile(
    r"(?i)>\s{0,40}software version\s{0,40}(?:</a>\s{0,40})?</t[dh]>\s{0,40}"
    r"<td[^>]{0,200}>\s{0,40}(?P<version>[^<>]{1,60})</td>"
)


def overview_version(document: Document) -> tuple[str, Citation] | None:
    """The software version on the overview page, with its line."""
    match = _OVERVIEW.search(document.text)
    if match is None:
        return None
    again = _OVERVIEW.search(document.text, match.end())
    if again is not None and again["version"].strip() != match["version"].strip():
        return None  # the page contradicts itself
    start = match.start("version")
    lead = len(match["version"]) - len(match["version"].lstrip())
    line = document.text.count("\n", 0, start + lead) + 1
    return printable(match["version"]), document.cite(line)


def calls_in(document: Document, value: Any) -> Fact[int] | None:
    """Calls that a REST list tells of; None when it is a list of something else."""
    peer = _local(value)
    if peer is None:
        return None
    records = peer.get("records")
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        return None
    if any(_COUNTER.fullmatch(str(key)) for record in records for key in record):
        return _counted(document, records)
    of_calls = any("box_call_serial_number" in r or "protocol_summary" in r for r in records)
    return _listed(document, peer, records) if of_calls else None


def _local(value: Any) -> Mapping[str, Any] | None:
    """The entry of the device that was asked."""
    if not isinstance(value, list) or not all(isinstance(peer, dict) for peer in value):
        return None
    local = [peer for peer in value if peer.get("local_peer") is True]
    if not local and len(value) == 1 and "local_peer" not in value[0]:
        local = value
    return local[0] if len(local) == 1 else None


def _counted(document: Document, records: Sequence[Mapping[str, Any]]) -> Fact[int]:
    total = 0
    used: list[str] = []
    for record in records:
        for key in filter(_BESIDE.fullmatch, record):
            if f"{key.rpartition('_')[0]}_current" not in record:
                return Unknown(CALLS_UNREADABLE, (cite_key(document, key),))
        for key in filter(_COUNTER.fullmatch, record):
            count = _number(record[key])
            if count is None:
                return Unknown(CALLS_UNREADABLE, (cite_key(document, key),))
            total += count
            if count or not used:
                used.append(key)
    if total:
        used = [key for key in used if any(_number(record.get(key)) for record in records)]
    return Known(total, tuple(cite_key(document, key) for key in dict.fromkeys(used)))


def _number(value: Any) -> int | None:
    """A number of calls, also when it comes as a string."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        return int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**6 else None


def _listed(
    document: Document, peer: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> Fact[int]:
    states = [_is_live(record) for record in records]
    citation = cite_key(document, "status")
    if None in states:
        return Unknown(CALLS_UNREADABLE, (citation,))
    live = sum(state is True for state in states)
    if live:
        word = next(str(r.get("status")) for r, state in zip(records, states, strict=True) if state)
        shown = re.compile(r'"status"\s{0,8}:\s{0,8}"' + re.escape(word[:40]))
        return Known(live, (cite_match(document, shown),))
    declared = peer.get("num_recs")
    if not isinstance(declared, int) or declared > len(records):
        # calls that are not in the list may be up
        return Unknown(CALLS_UNREADABLE, (cite_key(document, "num_recs"),))
    return Known(0, (citation,))


def _is_live(record: Mapping[str, Any]) -> bool | None:
    """None when the record does not say, or says both."""
    claims = set()
    word = str(record.get("status", "")).lower()
    if word in LIVE | ENDED:
        claims.add(word in LIVE)
    if isinstance(record.get("active"), bool):
        claims.add(record["active"])
    return claims.pop() if len(claims) == 1 else None
