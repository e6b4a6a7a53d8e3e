"""Whether a device was switched on and answered, and what shows it (CR-5)."""

from __future__ import annotations

from typing import Any

from rules.facts import Citation, Facts, Known, PortScan

_NOT_FROM_THE_DEVICE = frozenset({"needed_ports", "software.currency", "tested_passwords"})
_LIVE = frozenset("PC")


def signs_of_life(facts: Facts) -> tuple[Citation, ...]:
    """Live evidence that the device answered, one citation of each fact; empty = nothing seen."""
    found: list[Citation] = []
    for name in facts:
        fact = facts[name]
        if isinstance(fact, Known) and name not in _NOT_FROM_THE_DEVICE and _answered(fact.value):
            found.extend([c for c in fact.citations if c.evidence_class in _LIVE][:1])
    return tuple(dict.fromkeys(found))[:3]


def _answered(value: Any) -> bool:
    """Probes count only when something answered; any other fact came from the device itself."""
    if isinstance(value, PortScan):
        return value.answered
    if isinstance(value, tuple) and any(isinstance(item, PortScan) for item in value):
        return any(isinstance(item, PortScan) and item.answered for item in value)
    return True
