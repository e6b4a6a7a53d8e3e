"""D11.1-a: reviewed before it was put into use."""

from __future__ import annotations

from typing import Any

import pytest

from rules.baseline import Baselines, default_baseline
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN

NO_RECORD = "no record of a review is entered in the inventory"
DEMANDED = sum(entry.mandatory for entry in default_baseline().entries_for("vcs"))
BY_RUN = (
    "in use since before the Regulation; this run reviewed it in full on 2026-11-23 against "
    f"{default_baseline().label}: {DEMANDED} of {DEMANDED} entries met"
)
NO_BASELINE = "no record of a review, and no baseline for this model that this run could review by"


def vcs(commissioned: str | None, issued: str | None = None, **rest: Any) -> dict[str, Any]:
    record = {"number": "RS-09", "issued": issued} if issued else None
    return with_device("vcs", **{"commissioned": commissioned, "hardening_review": record, **rest})


def before(issued: str, commissioned: str) -> str:
    return f"reviewed on {issued} by record RS-09, before commissioning on {commissioned}"


def late(issued: str, commissioned: str) -> str:
    return f"record RS-09 of {issued} is later than commissioning on {commissioned}"


CASES = [
    Case(
        "before",
        "PASS",
        before("2022-03-01", "2022-03-15"),
        inventory=vcs("2022-03-15", "2022-03-01"),
    ),
    Case(
        "on the day",
        "PASS",
        before("2022-03-15", "2022-03-15"),
        inventory=vcs("2022-03-15", "2022-03-15"),
    ),
    Case(
        "a day late",
        "FAIL",
        late("2022-03-16", "2022-03-15"),
        inventory=vcs("2022-03-15", "2022-03-16"),
    ),
    Case(
        "asked for and not there",
        "FAIL",
        "a record of the review was asked for and does not exist",
        inventory=vcs("2022-03-15", hardening_review="none"),
    ),
    Case("not entered", "UND", NO_RECORD, inventory=vcs("2022-03-15")),
    Case(
        "not entered, put into use on the first day", "UND", NO_RECORD, inventory=vcs("2020-10-21")
    ),
    Case(
        "not entered, older than the Regulation, this run read everything",
        "PASS",
        BY_RUN,
        inventory=vcs("2020-10-20"),
    ),
    Case(
        "not entered, older, one fact of the baseline unknown",
        "UND",
        "no record of a review, and this run read a part of the configuration only",
        {("vcs", "ntp.servers"): UNKNOWN},
        inventory=vcs("2020-10-20"),
    ),
    Case(
        "older, reviewed twelve months ago to the day",
        "PASS",
        "in use since before the Regulation; reviewed on 2025-11-23 by record RS-09",
        inventory=vcs("2019-05-01", "2025-11-23"),
    ),
    Case(
        "older, reviewed a day longer ago, this run read everything",
        "PASS",
        BY_RUN,
        inventory=vcs("2019-05-01", "2025-11-22"),
    ),
    Case(
        "older, reviewed a day longer ago, this run read a part",
        "FAIL",
        late("2025-11-22", "2019-05-01"),
        {("vcs", "ntp.servers"): UNKNOWN},
        inventory=vcs("2019-05-01", "2025-11-22"),
    ),
    Case(
        "older, reviewed a day longer ago, no baseline for the model",
        "FAIL",
        late("2025-11-22", "2019-05-01"),
        inventory=vcs("2019-05-01", "2025-11-22"),
        baselines=Baselines(),
    ),
    Case(
        "this run read everything and found something: reviewed all the same",
        "PASS",
        BY_RUN.replace(f"{DEMANDED} of", f"{DEMANDED - 1} of"),
        {("vcs", "call.auto_answer"): True},
        inventory=vcs("2020-10-20"),
    ),
    Case(
        "not entered, older, no baseline for the model",
        "UND",
        NO_BASELINE,
        inventory=vcs("2020-10-20"),
        baselines=Baselines(),
    ),
    Case(
        "not entered, in use on the first day, this run read everything",
        "UND",
        NO_RECORD,
        inventory=vcs("2020-10-21"),
    ),
    Case(
        "date of commissioning unknown",
        "UND",
        "the date of commissioning is not in the inventory",
        inventory=vcs(None, "2022-03-01"),
    ),
    Case(
        "a record from the future",
        "UND",
        "record RS-09 bears a date in the future",
        inventory=vcs("2027-01-01", "2026-11-24"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hardening_review(case: Case) -> None:
    assert result_of(case, "D11.1-a", "vcs") == (case.outcome, case.reason)


def test_a_pass_by_record_is_attested_and_cites_the_record() -> None:
    found = finding(province(), "D11.1-a", "vcs")
    assert found.attested
    assert [(c.evidence_class, c.source) for c in found.citations] == [("D", "RS-01")]


def test_a_pass_by_this_run_is_not_attested() -> None:
    found = finding(province(inventory=vcs("2020-10-20")), "D11.1-a", "vcs")
    assert not found.attested
