"""The running configuration meets every mandatory entry of the baseline of its family.

Fails naming every entry that is not met. Entries that are not mandatory are mentioned, not judged.
Those that are demanded where reported fail as others do; a device that has nothing to report them
with passes without, and the reason names them.
The common baseline, taken where none was written for the family, can show a violation; meeting it
proves nothing of the model.
"""

from __future__ import annotations

from datetime import datetime

from inventory.model import Device
from inventory.text import Text
from rules.baseline import Baselines
from rules.doubt import reasons
from rules.facts import Facts
from rules.model import Proof, Rule, Verdict, failed, passed, unknown


def check(device: Device, facts: Facts, baselines: Baselines, now: datetime) -> Verdict:
    chosen = baselines.of(device, facts)
    label = chosen.baseline.label
    entries = chosen.baseline.entries_for(device.kind)
    compared = chosen.baseline.held_against(device.kind, facts, now)
    judged = [(one.entry, one.met, one.fact) for one in compared.judged]
    broken = [(entry, fact) for entry, met, fact in judged if met is False]
    if broken:
        return failed(
            "not met of baseline {baseline}: {entries}",
            *[fact for _, fact in broken],
            baseline=label,
            entries=tuple(entry.told(fact, now) for entry, fact in broken),
        )
    unread = [(entry, fact) for entry, met, fact in judged if met is None]
    if unread:
        return unknown(
            "not readable of baseline {baseline}: {entries} ({why})",
            *[fact for _, fact in unread],
            baseline=label,
            entries=tuple(entry.told(fact, now) for entry, fact in unread),
            why=reasons(fact for _, fact in unread),
        )
    proof: list[Proof] = [fact for _, _, fact in judged]
    if not chosen.adopted:
        return unknown(
            "no baseline was written for this model; meets the common one, {baseline}",
            *proof,
            baseline=label,
        )
    advice = tuple(better for entry in entries if (better := entry.advice(facts, now)) is not None)
    return _met(label, advice, tuple(entry.title for entry in compared.not_reported), proof)


def _met(
    label: str, advice: tuple[Text, ...], not_reported: tuple[Text, ...], proof: list[Proof]
) -> Verdict:
    if advice and not_reported:
        return passed(
            "meets baseline {baseline}; nothing is known of: {absent}; "
            "advisable besides: {entries}",
            *proof,
            baseline=label,
            absent=not_reported,
            entries=advice,
        )
    if not_reported:
        return passed(
            "meets baseline {baseline}; nothing is known of: {absent}",
            *proof,
            baseline=label,
            absent=not_reported,
        )
    if advice:
        return passed(
            "meets baseline {baseline}; advisable besides: {entries}",
            *proof,
            baseline=label,
            entries=advice,
        )
    return passed("meets baseline {baseline}", *proof, baseline=label)


RULE = Rule(check, id="D11.1-b", severity="S2", subject="device", kinds=frozenset({"mcu", "vcs"}))
