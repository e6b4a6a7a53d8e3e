"""`hnth rules baselines`: what hardened devices are compared with, entry by entry (D11.1-b)."""

from __future__ import annotations

from typing import Any

from rules.baseline import Baseline, Entry
from scanner.baselines import shipped


def baseline_data() -> list[dict[str, Any]]:
    """The baselines that come with the program, for machines."""
    return [_data(baseline) for baseline in shipped()]


def baseline_lines(lang: str) -> list[str]:
    """The same for people: name and version, then only what a family's own adds or replaces."""
    common, *families = shipped()
    lines = [common.label, *_entry_lines(common.entries, lang)]
    for baseline in families:
        own = tuple(entry for entry in baseline.entries if entry not in common.entries)
        lines += ["", f"{baseline.label} (+ {baseline.extends})", *_entry_lines(own, lang)]
    return lines


def _entry_lines(entries: tuple[Entry, ...], lang: str) -> list[str]:
    return [
        f"  {'*' if entry.mandatory else ' '} {entry.id:<26} {entry.title.in_language(lang)}"
        for entry in entries
    ]


def _data(baseline: Baseline) -> dict[str, Any]:
    return {
        "name": baseline.name,
        "version": baseline.version,
        "families": sorted(baseline.families),
        "extends": baseline.extends,
        "entries": [
            {
                "id": entry.id,
                "title": {"vi": entry.title.vi, "en": entry.title.en},
                "fact": entry.fact,
                "operator": entry.operator,
                "value": entry.value,
                "mandatory": entry.mandatory,
                "kinds": sorted(entry.kinds),
                "unless_off": entry.unless_off,
            }
            for entry in baseline.entries
        ],
    }
