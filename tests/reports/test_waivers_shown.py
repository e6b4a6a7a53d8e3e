"""A failure with an approved exception stays a failure on every page, with its document."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from inventory.model import Waiver
from reports import csv_findings, html, json_findings, junit, markdown, sarif
from reports.counts import count
from reports.found import Found, headline, of_report
from reports.report import Report
from reports.waivers import waiver_rows
from rules.model import Finding, Outcome
from rules.waived import marked

DAY = date(2026, 11, 23)
SAID = "chấp thuận ngoại lệ số 12/CV ngày 05/01/2026, đến hết ngày 31/12/2026, Giám đốc chấp thuận"


def waiver(finding: Finding, **fields: object) -> Waiver:
    plain = {
        "requirement": finding.requirement,
        "subject": finding.subject.id,
        "number": "12/CV",
        "issued": "2026-01-05",
        "approver": "Giám đốc",
        "reason": "chờ <thay> thiết bị",
        "expires": "2026-12-31",
    }
    return Waiver.model_validate({**plain, **fields})


@pytest.fixture
def excused(sample: Report) -> Report:
    """The sample with an exception for its first failure, and one that ended."""
    first, second = [f for f in sample.findings if f.outcome is Outcome.FAIL][:2]
    waivers = (waiver(first), waiver(second, number="13/CV", expires="2026-11-01"))
    inventory = sample.inventory.model_copy(update={"waivers": waivers})
    run = replace(sample.run, judged=datetime(2026, 11, 23, 3, tzinfo=UTC))
    findings = marked(sample.findings, inventory, DAY)
    return replace(sample, run=run, inventory=inventory, findings=findings)


def of(report: Report) -> tuple[Found, Finding]:
    found = of_report(report)
    return found, next(f for f in found.findings if f.waiver is not None)


def test_it_is_counted_among_the_failures(sample: Report, excused: Report) -> None:
    before, after = count(sample.findings), count(excused.findings)
    assert (after.failed, after.waived, before.waived) == (before.failed, 1, 0)


def test_json_names_the_document_and_keeps_the_verdict(excused: Report) -> None:
    document = json_findings.render(excused)
    (written,) = [f for f in document["findings"] if f["waiver"]]
    assert written["verdict"] == "FAIL"
    assert written["waiver"] == {
        "approver": "Giám đốc",
        "document": "12/CV",
        "reason": "chờ <thay> thiết bị",
        "expires": "2026-12-31",
        "issued": "2026-01-05",
        "sha256": None,
    }
    assert document["counts"]["waived"] == 1


def test_the_headline_says_fail_and_exception(excused: Report) -> None:
    _, finding = of(excused)
    assert headline(finding, "vi").endswith("Không đạt (có chấp thuận ngoại lệ)")


def test_pipelines_show_the_document(excused: Report) -> None:
    found, _ = of(excused)
    assert junit.render(found, "vi").count(SAID) == 1
    assert sarif.render(found, "vi").count(f'"vi": "{SAID}') == 1
    assert "12/CV" in markdown.render(found, "vi")
    assert json.loads(sarif.render(found, "vi"))["runs"][0]["properties"]["counts"]["FAIL"] > 0
    rows = list(csv.DictReader(io.StringIO(csv_findings.render(found, "vi").lstrip("\ufeff"))))
    assert [row["waiver"] for row in rows if row["waiver"]] == [
        f"{SAID}: chờ <thay> thiết bị",
    ]


def test_the_page_has_a_table_of_all_exceptions(sample: Report, excused: Report) -> None:
    page = html.render(excused, "vi")
    assert "Chấp thuận ngoại lệ</h3>" in page
    assert page.count("(có chấp thuận ngoại lệ)") >= 2
    assert "chờ &lt;thay&gt; thiết bị" in page
    assert "<thay>" not in page
    assert "Chấp thuận ngoại lệ</h3>" not in html.render(sample, "vi")
    states = [(row.waiver.number, row.state.vi, row.number) for row in waiver_rows(excused)]
    assert states == [("12/CV", "đang áp dụng", 1), ("13/CV", "đã hết hạn", 0)]
