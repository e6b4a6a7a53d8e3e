"""D12.2-b: every asset is compared with current data on weaknesses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inventory.readings import Readings
from rules.patches.advisories import Advisories
from rules.patches.model import Branch
from tests.rules.build import Case, result_of
from tests.rules.known_releases import feed, imported, stated
from tests.rules.values import TODAY, UNKNOWN

DONE = "all 5 devices were compared with data of 2026-11-23: 0 open, 0 undecided"


UNDECIDED = stated("CVE-2022-0002", Branch("2", "unknown"))


def dated(days: int) -> Advisories:
    return imported(feeds=(feed(stamped=TODAY - timedelta(days=days)),))


CASES = [
    Case("every device", "PASS", DONE),
    Case(
        "nothing imported",
        "UND",
        "no vulnerability data has been imported",
        advisories=Advisories(),
    ),
    Case(
        "a feed without statements",
        "UND",
        "no vulnerability data has been imported",
        advisories=imported(statements=()),
    ),
    Case(
        "only a firmware catalogue",
        "UND",
        "no vulnerability data has been imported",
        advisories=imported(feeds=(feed("firmware-facts"),)),
    ),
    Case(
        "30 days old",
        "PASS",
        DONE.replace("2026-11-23", "2026-10-24"),
        advisories=dated(30),
    ),
    Case(
        "31 days old",
        "UND",
        "the vulnerability data is 31 days old; import it again",
        advisories=dated(31),
    ),
    Case(
        "31 days old, 31 allowed",
        "PASS",
        DONE.replace("2026-11-23", "2026-10-23"),
        advisories=dated(31),
        readings=Readings(weakness_data_max_age_days=31),
    ),
    Case(
        "of tomorrow",
        "UND",
        "the vulnerability data bears a date in the future",
        advisories=dated(-1),
    ),
    Case(
        "a release that is not known",
        "UND",
        "no result for vcs: the release or its family is not known to the data of 2026-11-23",
        {("vcs", "software.version"): UNKNOWN},
    ),
    Case(
        "a family that is not known",
        "UND",
        "no result for fw: the release or its family is not known to the data of 2026-11-23",
        {("fw", "identity.model"): "Other"},
    ),
    Case(
        "a family without data",
        "UND",
        "no result for log: the release or its family is not known to the data of 2026-11-23",
        {("log", "identity.model"): "Beta", ("log", "software.version"): "b1.0"},
    ),
    Case(
        "weaknesses found",
        "PASS",
        "all 5 devices were compared with data of 2026-11-23: 1 open, 0 undecided",
        {("mcu", "software.version"): "1.7"},
    ),
    Case(
        "one of two cannot be decided",
        "PASS",
        "all 5 devices were compared with data of 2026-11-23: 0 open, 5 undecided",
        advisories=imported(statements=(stated(), UNDECIDED)),
    ),
    Case(
        "nothing can be decided",
        "UND",
        "no result for mcu; vcs; fw; router; log: the release or its family is not known to the"
        " data of 2026-11-23",
        advisories=imported(statements=(UNDECIDED,)),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_weaknesses_identified(case: Case) -> None:
    assert result_of(case, "D12.2-b", "system") == (case.outcome, case.reason)


def test_the_finding_names_what_was_compared() -> None:
    from tests.rules.build import finding, province

    found = finding(
        province(advisories=imported(feeds=(feed("nvd", date(2026, 11, 23)),))), "D12.2-b", "system"
    )
    assert [(c.source, c.sha256) for c in found.citations] == [("nvd", "ab" * 32)]
