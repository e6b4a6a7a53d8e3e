"""Services that conferencing does not need are off.

Fails on a service that the settings or the wire show running; SNMP is tolerated in version 3 alone.
Where SNMP answers by an approved port and its versions are not told, neither can be said.
Passes only on settings: a port that is closed from one place does not prove that a service is off.
A service that the product does not have, by a document of its vendor that the device bears out, is
off as well.
A service set to off whose port is open, and one set to on whose port keeps silent, are findings of
their own: the settings and the network contradict each other (CR-3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inventory.model import Device
from inventory.text import Text
from rules.doubt import reasons
from rules.facts import Fact, Facts, Known, Unknown
from rules.model import Outcome, Proof, Rule, Verdict, failed, passed, unknown
from rules.services import (
    SERVICE_PORTS,
    Contradiction,
    clear_versions,
    off_but_open,
    on_but_silent,
    service,
)


def check(device: Device, facts: Facts, snmp_versions: Fact[tuple[str, ...]]) -> Verdict:
    verdict = _by_service(device, facts, snmp_versions)
    beside = []
    if open_ones := off_but_open(facts):
        beside.append(
            failed(
                "set to off and open on the network: {contradictions}",
                *_proof(open_ones),
                contradictions=_shown(open_ones),
            )
        )
    if verdict.outcome is Outcome.FAIL and (silent := on_but_silent(facts)):
        beside.append(
            failed(
                "set to on and silent on the network, the settings decide: {contradictions}",
                *_proof(silent),
                contradictions=_shown(silent),
            )
        )
    if verdict.outcome is not Outcome.FAIL and beside:
        return replace(beside[0], beside=tuple(beside[1:]))
    return replace(verdict, beside=tuple(beside))


def _proof(found: Sequence[Contradiction]) -> list[Proof]:
    return [fact for one in found for fact in one.proof]


def _shown(found: Sequence[Contradiction]) -> tuple[Text, ...]:
    return tuple(one.shown for one in found)


def _by_service(device: Device, facts: Facts, snmp_versions: Fact[tuple[str, ...]]) -> Verdict:
    running: list[Text] = []
    unread: list[str] = []
    proof: list[Proof] = []
    doubt: list[Fact[Any]] = []
    seen: list[Proof] = []
    absent: list[str] = []
    for name in SERVICE_PORTS:
        state = service(name, facts)
        if state.runs is None:
            unread.append(name)
            doubt.append(state.setting)
        elif state.runs and not (name == "snmp" and _only_version_3(snmp_versions)):
            shown = state.answers and not _is_approved(name, device)
            if name == "snmp" and not shown and isinstance(snmp_versions, Unknown):
                unread.append("snmp")
                doubt.append(snmp_versions)
                continue
            running.append(state.shown)
            proof.extend(state.proof)
        else:
            seen.append(state.setting)
            absent += [name] if state.is_absent else []
    if running:
        return failed("unneeded services run: {services}", *proof, services=tuple(running))
    if unread:
        return unknown(
            "the settings of these services could not be read: {services} ({why})",
            *doubt,
            services=tuple(unread),
            why=reasons(doubt),
        )
    if absent:
        return passed(
            "the settings show every unneeded service off, and by its vendor's documents the "
            "product has none of these: {absent}",
            *seen,
            absent=tuple(absent),
        )
    return passed("the settings show every unneeded service off", *seen)


def _is_approved(name: str, device: Device) -> bool:
    """The inventory names the service's port as needed on this device."""
    return any((a.protocol, a.port) == SERVICE_PORTS[name] for a in device.approved_ports)


def _only_version_3(versions: Fact[tuple[str, ...]]) -> bool:
    return (
        isinstance(versions, Known) and bool(versions.value) and not clear_versions(versions.value)
    )


RULE = Rule(check, id="D11.1-d", severity="S2", subject="device", kinds=frozenset({"mcu", "vcs"}))
