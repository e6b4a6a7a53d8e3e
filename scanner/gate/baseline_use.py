"""A baseline met with the files of one run of the gate, and a new one made of its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rules.world import LOCAL_ZONE
from scanner.gate.baseline import (
    Applied,
    Baseline,
    apply,
    notes,
    relaxations,
    renamed,
    written,
)
from scanner.gate.baseline_file import WrongBaseline, load_baseline
from scanner.gate.devices import ReadDevice
from scanner.gate.identity import Identities
from scanner.gate.likeness import Sketch, sketch

if TYPE_CHECKING:
    from scanner.gate.model import GateResult
    from scanner.gate.run import Side

__all__ = ["WrongBaseline", "baseline_of", "local_date", "notes", "relaxations", "use"]


def use(file: Path, side: Side, root: Path | None, now: datetime) -> Applied:
    """What the baseline accepts of the findings. Raises `WrongBaseline`."""
    baseline = load_baseline(file)
    sketches = _sketches(side.devices, side.inside)
    there = set(side.inside.values())

    def is_there(name: str) -> bool:
        return name in there or (root is not None and (root / name).is_file())

    names = renamed(baseline, sketches, is_there)
    identities = Identities(side.devices, side.inside, names)
    return apply(baseline, side.judged, identities, local_date(now))


def baseline_of(result: GateResult, *, reason: str, expires: date | None) -> Baseline:
    """Accepts all that counts in the result; what was accepted keeps its date and reason."""
    return written(
        result.judged,
        Identities(result.devices, result.inside),
        reason=reason,
        today=local_date(result.request.now),
        expires=expires,
        kept=result.applied.accepted if result.applied is not None else (),
        files=_sketches(result.devices, result.inside),
    )


def local_date(now: datetime) -> date:
    """The day in Vietnam."""
    return now.astimezone(LOCAL_ZONE).date()


def _sketches(devices: Sequence[ReadDevice], inside: Mapping[str, str]) -> dict[str, Sketch]:
    """By the first file of each device that no inventory knows."""
    names = Identities(devices, inside)
    return {
        names.file_of(device): sketch("\n".join(d.text for d in device.documents))
        for device in devices
        if not device.declared
    }
