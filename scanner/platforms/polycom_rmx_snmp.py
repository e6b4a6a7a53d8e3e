"""What an RMX bridge tells over SNMP: whether a meeting is on, and nothing of its settings.

Identifiers are those of POLYCOM-MCU-MIB; no answer of a real bridge was found.
"""

from __future__ import annotations

import re
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.polycom_rmx_reading import NAME, VENDOR
from scanner.platforms.snmp_walk import SYSTEM, objects

_MCU = "1.3.6.1.4.1.13885.110.1"

CALL_STATE = {
    "activeConferences": f"{_MCU}.5.1.0",
    "activeVideoCalls": f"{_MCU}.4.4.2.1.0",
    "activeVoiceCalls": f"{_MCU}.4.4.1.1.0",
}
"""Asked before anything else."""

IDENTITY = {**SYSTEM, "sysName": "1.3.6.1.2.1.1.5.0"}


def counters(document: Document) -> list[Fact[int]]:
    """The counters of conferences and calls; [] for a document that is no SNMP answer with any.

    Without the counter of conferences, no call among the others proves nothing.
    """
    told = objects(document, {**CALL_STATE, **IDENTITY})
    counts: list[Fact[int]] = []
    for identifier in CALL_STATE.values():
        for value in told.get(identifier, ()):
            number = re.fullmatch(r"[0-9]{1,6}", value.value)
            cited = (value.citation,)
            counts.append(Known(int(number[0]), cited) if number else Unknown(UNREADABLE, cited))
    if counts and CALL_STATE["activeConferences"] not in told:
        counts.append(Unknown(UNREADABLE))
    return counts


def shown_by(counts: list[Fact[int]]) -> dict[str, Fact[Any]]:
    """A counter of the vendor's definitions names the family, and shows that SNMP is answered."""
    shown = next((fact for fact in counts if isinstance(fact, Known)), None)
    if shown is None:
        return {}
    return {
        "identity.vendor": Known(VENDOR, shown.citations),
        "identity.family": Known(NAME, shown.citations),
        "service.snmp.enabled": Known(True, shown.citations),
    }


UNREADABLE = Text(
    vi="thiết bị không cho biết số hội nghị đang diễn ra qua SNMP nên không hỏi thêm",
    en="the device does not tell over SNMP how many conferences are on, so nothing else was asked",
)
