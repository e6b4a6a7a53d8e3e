"""Findings as JSON: stable names, complete, and true to the schema."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from reports import json_findings
from reports.json_findings import FindingsDocument
from reports.report import Report

RUN = {"id", "started", "finished", "rules", "legal_profile", "readings_changed"}
COUNTS = {"PASS", "FAIL", "NA", "UND", "attested", "waived"}
FINDING = {
    "requirement",
    "subject",
    "verdict",
    "attested",
    "waiver",
    "severity",
    "reason",
    "remedy",
    "evidence",
    "witness",
    "fingerprint",
}
EVIDENCE = {"class", "source", "line", "text", "sha256", "vantage", "captured"}


def test_the_names_are_exactly_those_promised(sample: Report) -> None:
    document = json_findings.render(sample)
    assert list(document) == ["run", "counts", "findings", "unread", "observations"]
    assert set(document["run"]) == RUN
    assert set(document["counts"]) == COUNTS
    assert all(set(finding) == FINDING for finding in document["findings"])
    assert all(set(f["subject"]) == {"kind", "id"} for f in document["findings"])
    assert all(set(f["reason"]) == {"vi", "en"} for f in document["findings"])
    cited = [item for finding in document["findings"] for item in finding["evidence"]]
    assert cited
    assert all(set(item) == EVIDENCE for item in cited)
    assert set(document["unread"][0]) == {"file", "line", "text", "why"}


def test_nothing_is_lost(sample: Report) -> None:
    document = json.loads(json.dumps(json_findings.render(sample), ensure_ascii=False))
    assert len(document["findings"]) == len(sample.findings)
    for written, finding in zip(document["findings"], sample.findings, strict=True):
        assert written["verdict"] == finding.outcome
        assert written["fingerprint"] == finding.fingerprint
        assert len(written["evidence"]) == len(finding.citations)
    counts = document["counts"]
    assert sum(counts[v] for v in ("PASS", "FAIL", "NA", "UND")) == len(sample.findings)
    assert counts["attested"] > 0
    assert document["run"]["started"] == "2026-11-23T01:05:12Z"


def test_an_unfinished_run_says_so(sample: Report) -> None:
    document = json_findings.render(replace(sample, run=replace(sample.run, finished=None)))
    assert document["run"]["finished"] is None


def test_what_is_printed_can_be_read_back_by_the_schema(sample: Report) -> None:
    document = json_findings.render(sample)
    again = FindingsDocument.model_validate_json(json.dumps(document))
    assert again.model_dump(mode="json", by_alias=True) == document


@pytest.mark.parametrize(
    "damage",
    [{"verdict": "MAYBE"}, {"severity": "S5"}, {"extra": 1}, {"evidence": None}],
    ids=["fifth verdict", "fifth severity", "unknown name", "no list"],
)
def test_the_schema_refuses_what_is_not_a_finding(
    sample: Report, damage: dict[str, object]
) -> None:
    document = json_findings.render(sample)
    document["findings"][0] |= damage
    with pytest.raises(ValidationError):
        FindingsDocument.model_validate_json(json.dumps(document))


def test_the_schema_requires_every_name_and_allows_no_other() -> None:
    schema = json_findings.schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    written = {"WrittenRun": RUN, "WrittenCounts": COUNTS, "WrittenFinding": FINDING}
    for name, names in (written | {"WrittenEvidence": EVIDENCE}).items():
        part = schema["$defs"][name]
        assert set(part["properties"]) == set(part["required"]) == names
        assert part["additionalProperties"] is False
