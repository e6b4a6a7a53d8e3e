"""What is known of releases, for the gate: the catalogue that ships, and what was imported."""

from __future__ import annotations

from rules.patches.advisories import Advisories
from scanner.feeds.advisories import beside, from_store
from scanner.gate.model import GateRequest


def advisories_of(request: GateRequest) -> Advisories:
    """Raises FeedError when data was imported and cannot be read any more."""
    return from_store(beside(request.database) if request.database is not None else None)
