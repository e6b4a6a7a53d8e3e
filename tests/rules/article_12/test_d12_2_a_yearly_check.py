"""D12.2-a: a whole-system check every twelve months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inventory.readings import Readings
from rules.world import CompletedCheck, History
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import declared

EVERYTHING = frozenset({"mcu", "vcs", "fw", "router", "log"})
THIS_RUN = "the last whole-system check ended on 2026-11-23 (this run)"
BY_CALENDAR = Readings(annual="calendar_year")


def history(*earlier: str, complete: bool = True) -> History:
    checks = tuple(CompletedCheck(date.fromisoformat(d), f"run {d}") for d in earlier)
    return History(checks, EVERYTHING if complete else EVERYTHING - {"vcs"})


def plan(*past: str, in_use_since: str | None = "2019-06-01") -> dict[str, Any]:
    base = declared()
    base["organisation"] = {**base["organisation"], "in_use_since": in_use_since}
    base["past_checks"] = [
        {"ended": day, "document": {"number": f"BC {day}", "issued": day}} for day in past
    ]
    return base


def overdue(day: str) -> str:
    return f"the last whole-system check ended on {day}, more than 12 months ago"


def apart(earlier: str, later: str) -> str:
    return f"between the checks of {earlier} and {later} lie more than 12 months"


CASES = [
    Case("this run and one half a year ago", "PASS", THIS_RUN),
    Case("twelve months apart to the day", "PASS", THIS_RUN, inventory=plan("2025-11-23")),
    Case(
        "a day more than twelve months apart",
        "FAIL",
        apart("2025-11-22", "2026-11-23"),
        inventory=plan("2025-11-22"),
    ),
    Case(
        "an incomplete run does not mend the gap",
        "FAIL",
        overdue("2025-11-22"),
        inventory=plan("2025-11-22"),
        history=history(complete=False),
    ),
    Case(
        "an incomplete run does no harm when the last check is recent",
        "PASS",
        "the last whole-system check ended on 2025-11-23 (BC 2025-11-23)",
        inventory=plan("2025-11-23"),
        history=history(complete=False),
    ),
    Case(
        "a gap that ended a year ago to the day still counts",
        "FAIL",
        apart("2024-01-01", "2025-11-23"),
        inventory=plan("2024-01-01", "2025-11-23"),
    ),
    Case(
        "a gap that ended longer ago does not",
        "PASS",
        THIS_RUN,
        inventory=plan("2024-01-01", "2025-11-22", "2026-05-01"),
    ),
    Case(
        "earlier runs count like documents",
        "PASS",
        THIS_RUN,
        inventory=plan("2025-03-01"),
        history=history("2026-02-28"),
    ),
    Case(
        "a check in the future is none",
        "FAIL",
        overdue("2025-01-01"),
        inventory=plan("2025-01-01", "2026-11-24"),
        history=history(complete=False),
    ),
    Case("the first check ever is this run", "PASS", THIS_RUN, inventory=plan()),
    Case(
        "a run of two years ago, judged again today",
        "FAIL",
        overdue("2024-11-23"),
        inventory=plan(),
        history=History((), EVERYTHING, date(2024, 11, 22), date(2024, 11, 23)),
    ),
    Case(
        "a run that was resumed after half a year",
        "UND",
        "no earlier check is on record and this run took more than 60 days",
        inventory=plan(),
        history=History((), EVERYTHING, date(2026, 5, 1), date(2026, 11, 23)),
    ),
    Case(
        "a run that was resumed on the last day of a campaign",
        "PASS",
        THIS_RUN,
        inventory=plan(),
        history=History((), EVERYTHING, date(2026, 9, 24), date(2026, 11, 23)),
    ),
    Case(
        "an earlier run that took too long",
        "UND",
        "no earlier check is on record and this run missed vcs",
        inventory=plan(),
        history=History(
            (CompletedCheck(date(2026, 6, 1), "run", began=date(2026, 1, 1)),),
            EVERYTHING - {"vcs"},
        ),
    ),
    Case(
        "never checked, in use for twelve months to the day",
        "NA",
        "in use since 2025-11-23, not longer than 12 months",
        inventory=plan(in_use_since="2025-11-23"),
        history=history(complete=False),
    ),
    Case(
        "never checked, in use a day longer, this run incomplete",
        "UND",
        "no earlier check is on record and this run missed vcs",
        inventory=plan(in_use_since="2025-11-22"),
        history=history(complete=False),
    ),
    Case(
        "never checked, not known since when in use",
        "UND",
        "no whole-system check is known, nor since when the system is in use",
        inventory=plan(in_use_since=None),
        history=history(complete=False),
    ),
    Case(
        "by calendar year, one last January is enough",
        "PASS",
        "the last whole-system check ended on 2025-01-05 (BC 2025-01-05)",
        inventory=plan("2025-01-05"),
        history=history(complete=False),
        readings=BY_CALENDAR,
    ),
    Case(
        "by calendar year, none last year nor this year",
        "FAIL",
        "no whole-system check in 2025",
        inventory=plan("2024-12-31"),
        history=history(complete=False),
        readings=BY_CALENDAR,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_yearly_check(case: Case) -> None:
    assert result_of(case, "D12.2-a", "system") == (case.outcome, case.reason)


def test_a_pass_that_rests_on_documents_is_attested() -> None:
    world = province(inventory=plan("2026-06-01"), history=history(complete=False))
    found = finding(world, "D12.2-a", "system")
    assert found.attested
    assert {c.evidence_class for c in found.citations} == {"D"}
    assert not finding(province(), "D12.2-a", "system").attested


def test_a_leap_day_is_due_on_the_last_of_february() -> None:
    """Checked on 29 February 2024: the next is due by the end of 28 February 2025."""
    from rules.calendar_months import add_months

    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
