"""D11.1-e: patched before being put into use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rules.patches.advisories import Advisories
from rules.patches.model import Branch
from tests.rules.build import Case, result_of
from tests.rules.compliant import with_device
from tests.rules.known_releases import feed, imported, listed, published, stated
from tests.rules.values import TODAY, UNKNOWN

DAY = date(2022, 3, 15)
RECORD = {"number": "BB-01", "issued": "2022-03-15"}
NEWEST = "record BB-01 shows 2.0, the newest release on 2022-03-15"
NOT_SHOWN = "the list of releases does not show what was the newest on 2022-03-15"
NO_RECORD = "no commissioning record names the release that was installed then"


def used(**changes: Any) -> dict[str, Any]:
    return with_device("vcs", **changes)


def without_record(version: str = "2.0") -> dict[str, Any]:
    return {
        "inventory": used(commissioning_record=None, commissioned_version=None),
        "changes": {("vcs", "software.version"): version},
    }


CASES = [
    Case("the newest of the day", "PASS", NEWEST),
    Case(
        "older than the newest",
        "FAIL",
        "1.9 is older than 2.0 of 2022-01-10; put into use on 2022-03-15",
        inventory=used(commissioned_version="1.9"),
    ),
    Case(
        "the newest came on the day",
        "FAIL",
        "2.0 is older than 2.1 of 2022-03-15; put into use on 2022-03-15",
        advisories=imported(published=(published("2.1", DAY),), latest=()),
    ),
    Case(
        "the newest came a day later",
        "PASS",
        NEWEST,
        advisories=imported(
            published=(
                published("2.0", date(2022, 1, 10)),
                published("2.1", DAY + timedelta(days=1)),
            ),
            latest=(),
        ),
    ),
    Case(
        "a newer one was withdrawn by then",
        "PASS",
        NEWEST,
        advisories=imported(
            published=(
                published("2.0", date(2022, 1, 10)),
                published("2.1", date(2022, 2, 1), withdrawn=DAY),
            )
        ),
    ),
    Case(
        "the list was read before the day",
        "UND",
        NOT_SHOWN,
        advisories=imported(
            published=(published("2.0", date(2022, 1, 10), read_on=DAY - timedelta(days=1)),),
            latest=(),
        ),
    ),
    Case(
        "no list",
        "UND",
        NOT_SHOWN,
        advisories=imported(published=(), latest=()),
    ),
    Case(
        "newer than the list",
        "UND",
        NOT_SHOWN,
        inventory=used(commissioned_version="2.1"),
    ),
    Case(
        "the newest of today was out then",
        "PASS",
        NEWEST,
        advisories=imported(published=(), latest=(listed(released=date(2022, 1, 10)),)),
    ),
    Case(
        "a number that only exists",
        "UND",
        NOT_SHOWN,
        advisories=imported(
            published=(), latest=(listed(released=date(2022, 1, 10), basis="seen"),)
        ),
    ),
    Case(
        "a fix was out",
        "FAIL",
        "2.0 lacks fixes of before it was put into use on 2022-03-15: CVE-2021-0001",
        advisories=imported(
            statements=(stated("CVE-2021-0001", Branch("2", "fixed", "2.1")),),
            published=(),
            latest=(),
        ),
    ),
    Case(
        "data 90 days old",
        "PASS",
        NEWEST,
        advisories=imported(feeds=(feed(stamped=TODAY - timedelta(days=90)),)),
    ),
    Case(
        "data 91 days old",
        "UND",
        "the vulnerability data is more than 90 days old; import it again",
        advisories=imported(feeds=(feed(stamped=TODAY - timedelta(days=91)),)),
    ),
    Case(
        "nothing imported",
        "UND",
        "no vulnerability data has been imported",
        advisories=Advisories(),
    ),
    Case(
        "no date",
        "UND",
        "the date of commissioning is not in the inventory",
        inventory=used(commissioned=None),
    ),
    Case(
        "a day before the Regulation",
        "NA",
        "put into use on 2020-10-20, before the Regulation took effect",
        inventory=used(commissioned="2020-10-20"),
    ),
    Case(
        "on the day of the Regulation",
        "FAIL",
        "1.8 is older than 1.9 of 2020-01-01; put into use on 2020-10-21",
        inventory=used(commissioned="2020-10-21", commissioned_version="1.8"),
    ),
    Case(
        "tomorrow",
        "UND",
        "the date of commissioning 2026-11-24 is in the future",
        inventory=used(commissioned="2026-11-24"),
    ),
    Case(
        "a version without record",
        "UND",
        "version 2.0 is entered without its commissioning record",
        inventory=used(commissioning_record=None),
    ),
    Case(
        "a record of the future",
        "UND",
        "record BB-01 bears a date in the future",
        inventory=used(commissioning_record={**RECORD, "issued": "2026-11-24"}),
    ),
    Case(
        "a version that is none",
        "UND",
        NOT_SHOWN,
        inventory=used(commissioned_version="latest"),
    ),
    Case("no record, current today", "UND", NO_RECORD, **without_record()),
    Case(
        "no record, old even then",
        "FAIL",
        "1.9 is older than 2.0 of 2022-01-10; put into use on 2022-03-15",
        **without_record("1.9"),
    ),
    Case(
        "no record, version not known",
        "UND",
        UNKNOWN.reason.en,
        {("vcs", "software.version"): UNKNOWN},
        used(commissioning_record="none", commissioned_version=None),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_patched_before_use(case: Case) -> None:
    assert result_of(case, "D11.1-e", "vcs") == (case.outcome, case.reason)


MISSED = {
    "fixed before": (date(2022, 3, 14), "1.8", "FAIL"),
    "fixed that day": (DAY, "1.8", "FAIL"),
    "fixed a day later": (DAY + timedelta(days=1), "1.8", "UND"),
    "already fixed": (date(2022, 3, 14), "1.7", "UND"),
    "no date of the fix": (None, "1.8", "UND"),
}


@pytest.mark.parametrize(("dated", "fixed", "outcome"), MISSED.values(), ids=MISSED)
def test_a_fix_counts_when_it_was_out(dated: date | None, fixed: str, outcome: str) -> None:
    from rules.patches.model import Branch

    statement = stated("CVE-2022-0001", Branch("1", "fixed", fixed), dated=dated)
    case = Case(
        "",
        outcome,
        "",
        inventory=used(commissioned_version="1.7"),
        advisories=imported(statements=(statement,), published=(), latest=()),
    )
    assert result_of(case, "D11.1-e", "vcs")[0] == outcome
