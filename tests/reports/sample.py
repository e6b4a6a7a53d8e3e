"""A province as an auditor would meet it: ten devices, four sites, every kind of verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sample_findings import OFF, findings
from sample_province import DEVICES, STARTED, inventory

from reports.report import EvidenceEntry, NotUnderstood, Report, RunFacts, ScannedDevice
from rules.model import Finding


def sample_report() -> Report:
    found = findings()
    return Report(
        run=RunFacts(
            id="20261123-080512-7f3a",
            started=STARTED,
            finished=STARTED + timedelta(minutes=24, seconds=31),
            status="finished",
            judged=STARTED + timedelta(minutes=24, seconds=33),
            rules_version="0.1.0",
            legal_profile="2026",
            tool_version="0.1.0",
            nmap_version="7.93",
            readings_changed={"retention_gap_h": 48, "password_max_age": {"value": 3}},
        ),
        inventory=inventory(),
        findings=found,
        devices=tuple(device_rows()),
        evidence=tuple(evidence_rows(found)),
        unread=(
            NotUnderstood(
                "r-chau-phu",
                "nft list ruleset",
                41,
                "meta cgroup 1048577 accept",
                "condition not understood: meta cgroup",
            ),
        ),
    )


def device_rows() -> Iterator[ScannedDevice]:
    for n, device in enumerate(DEVICES):
        begun = STARTED + timedelta(minutes=2 * n)
        off = device == "vcs-vinh-trach"
        yield ScannedDevice(
            device,
            "failed" if off else "done",
            OFF if off else None,
            begun,
            begun + timedelta(seconds=95),
        )


def evidence_rows(found: tuple[Finding, ...]) -> Iterator[EvidenceEntry]:
    seen = set()
    for one in found:
        for citation in one.citations:
            if citation.sha256 and citation.captured and citation.sha256 not in seen:
                seen.add(citation.sha256)
                minute = (citation.captured - STARTED) // timedelta(minutes=2)
                yield EvidenceEntry(
                    list(DEVICES)[minute],
                    citation.evidence_class,
                    citation.source,
                    citation.vantage,
                    citation.captured,
                    citation.sha256,
                    1234,
                )
