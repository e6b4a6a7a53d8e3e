"""The running configuration meets every mandatory entry of the baseline.

Fails naming every entry that is not met. Entries that are not mandatory are mentioned, not judged.
"""

from __future__ import annotations

from datetime import datetime

from inventory.model import Device
from inventory.text import Text
from rules.baseline import Entry, default_baseline
from rules.doubt import reasons
from rules.facts import Facts
from rules.model import Proof, Rule, Verdict, failed, passed, unknown


def check(device: Device, facts: Facts, now: datetime) -> Verdict:
    baseline = default_baseline()
    label = f"{baseline.name} {baseline.version}"
    entries = baseline.entries_for(device.kind)
    judged = [(entry, *entry.judged(facts, now)) for entry in entries if entry.mandatory]
    broken = [(entry, fact) for entry, met, fact in judged if met is False]
    if broken:
        return failed(
            "not met of baseline {baseline}: {entries}",
            *[fact for _, fact in broken],
            baseline=label,
            entries=_titles([entry for entry, _ in broken]),
        )
    unread = [(entry, fact) for entry, met, fact in judged if met is None]
    if unread:
        return unknown(
            "not readable of baseline {baseline}: {entries} ({why})",
            *[fact for _, fact in unread],
            baseline=label,
            entries=_titles([entry for entry, _ in unread]),
            why=reasons(fact for _, fact in unread),
        )
    proof: list[Proof] = [fact for _, _, fact in judged]
    advice = [e for e in entries if not e.mandatory and e.judged(facts, now)[0] is False]
    if advice:
        return passed(
            "meets baseline {baseline}; advisable besides: {entries}",
            *proof,
            baseline=label,
            entries=_titles(advice),
        )
    return passed("meets baseline {baseline}", *proof, baseline=label)


def _titles(entries: list[Entry]) -> tuple[Text, ...]:
    return tuple(entry.title for entry in entries)


RULE = Rule(check, id="D11.1-b", severity="S2", subject="device", kinds=frozenset({"mcu", "vcs"}))
