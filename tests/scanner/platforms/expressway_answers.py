"""Answers of a VCS or Expressway as the tests make them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms.cisco_expressway import read

IDENTITY = {"identity.vendor": "Cisco", "identity.family": "cisco-expressway"}


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def known(*documents: Document) -> dict[str, Any]:
    facts = read(documents).facts
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


def same_or_unknown(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for name, fact in part.items():
        assert isinstance(fact, Unknown) or fact.value == whole[name].value, name


def status(inside: str, product: str = "TANDBERG VCS", version: str = "X12.7.1") -> str:
    root = f'<Status product="{product}" version="{version}">'
    return f'<?xml version="1.0"?>\n{root}\n{inside}\n</Status>\n'


UNIT = """<SystemUnit item="1">
<Hardware item="1"><SerialNumber item="1">0A0B0C0D</SerialNumber></Hardware>
<Software item="1">
<Version item="1">
  X14.3.4
</Version></Software>
<Product item="1">Cisco Expressway</Product>
</SystemUnit>"""

EVERYTHING = {
    **IDENTITY,
    "identity.model": "Cisco Expressway",
    "identity.serial": "0A0B0C0D",
    "software.version": "X14.3.4",
}


def counters(*current: Any, **kinds: Any) -> str:
    given = {f"Kind{number}": count for number, count in enumerate(current)} | kinds
    inside = "".join(
        f"<{kind}><Current>{count}</Current><Max>9</Max><Total>99</Total></{kind}>"
        for kind, count in given.items()
    )
    registrations = "<Registrations><Current>7</Current></Registrations>"
    return status(f"<ResourceUsage><Calls>{inside}</Calls>{registrations}</ResourceUsage>")


def listed(*states: str) -> str:
    calls = "".join(
        f'<Call item="{number}"><SerialNumber>s</SerialNumber><State>{state}</State>'
        f"<Legs><Leg><State>Connected</State></Leg></Legs></Call>"
        for number, state in enumerate(states, 1)
    )
    return status(f"<Calls>{calls}</Calls>")


def peers(*entries: dict[str, Any]) -> str:
    return json.dumps([{"peer": "127.0.0.1", "local_peer": True, **entry} for entry in entries])


def records(*entries: dict[str, Any], **peer: Any) -> str:
    given = [{"protocol_summary": "SIP <-> H323", **entry} for entry in entries]
    return peers({"num_recs": len(given), "records": given, **peer})


USAGE = {
    "call_traversal_video_current": 0,
    "call_traversal_video_max": 4,
    "registration_current": 5,
}
