"""Which vulnerabilities a release has: limits, branches, lists, trust between sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.patches.advisories import Advisories
from rules.patches.matching import match, match_one, why_nothing
from rules.patches.model import (
    Branch,
    Branches,
    Cve,
    Installed,
    Listed,
    Range,
    Score,
    Statement,
    WholeFamily,
)
from scanner.products import families

TABLE = families()
CVE = "CVE-2020-0001"
ROOM, HDX, PHONE = "cisco-ce-roomos", "polycom-hdx", "yealink-vp59"


def says(affects: Any, family: str = ROOM, source: Any = "curated", **rest: Any) -> Statement:
    return Statement(CVE, family, source, affects, **rest)


def answer(
    version: str, *statements: Statement, model: str = "", family: str = ROOM, **rest: Any
) -> str:
    asked = Installed(family, version, model, **rest)
    return match_one(asked, CVE, Advisories(TABLE, statements)).status


TWO = Branches(
    (
        Branch("9", "fixed", "9.8.3"),
        Branch("9.9", "fixed", "9.9.2"),
        Branch("10", "migrate"),
        Branch("26", "not_affected"),
    ),
    "no_fix",
    "not_affected",
)
BRANCHES = {
    "below the first": ("ce8.3.7", "affected"),
    "below the fix": ("ce9.8.2", "affected"),
    "the fix": ("ce9.8.3", "fixed"),
    "above the fix, in the longer branch": ("ce9.9.1", "affected"),
    "the fix of the longer branch": ("ce9.9.2.0123abc", "fixed"),
    "number, not text": ("ce9.10.0", "fixed"),
    "before the release": ("ce9.8.3 Beta1", "affected"),
    "no fix in the branch": ("RoomOS 10.19.5.6", "affected"),
    "between two branches": ("11.1.2.4", "unknown"),
    "named as not affected": ("26.0.0.1", "not_affected"),
    "behind the last": ("27.1.2.3", "not_affected"),
    "not readable": ("RoomOS March 2023", "unknown"),
    "not known": ("", "unknown"),
}


@pytest.mark.parametrize(("version", "status"), BRANCHES.values(), ids=BRANCHES)
def test_the_longest_branch_counts(version: str, status: str) -> None:
    assert answer(version, says(TWO)) == status


def test_what_can_be_done_is_told() -> None:
    told = {
        version: (v.way, v.fixed_in)
        for version in ("ce9.8.2", "10.1.2.3", "ce8.1.0", "ce9.8.3")
        for v in match(Installed(ROOM, version), Advisories(TABLE, (says(TWO),)))
    }
    assert told == {
        "ce9.8.2": ("update", "9.8.3"),
        "10.1.2.3": ("migrate", ""),
        "ce8.1.0": ("no_fix", ""),
        "ce9.8.3": ("none", ""),
    }


UNREADABLE = Branches((Branch("March", "fixed", "9.8.3"),), "not_affected", "not_affected")
OPEN_FIX = Branches((Branch("9", "fixed", "November"),), "not_affected", "not_affected")
HARDWARE = Branches((Branch("122.15", "fixed", "122.15.0.142"), Branch("91.15", "migrate")))


def test_a_branch_that_cannot_be_read_decides_nothing() -> None:
    assert answer("ce9.1.1", says(UNREADABLE)) == "unknown"
    assert answer("ce9.1.1", says(OPEN_FIX)) == "unknown"
    assert answer("91.15.0.118", says(HARDWARE, PHONE), family=PHONE) == "affected"
    assert answer("122.15.0.142", says(HARDWARE, PHONE), family=PHONE) == "fixed"
    assert answer("70.1.0.1", says(HARDWARE, PHONE), family=PHONE) == "unknown"


ALL = Branches((), "migrate", "migrate")
SX = {"models": ("TelePresence SX Series",)}
LIMITS = {
    "the model": ("SX80", SX, "affected"),
    "another model": ("Room Kit", SX, "not_affected"),
    "no model known": ("", SX, "unknown"),
    "left out": ("SX80", {"not_models": ("TelePresence SX Series",)}, "not_affected"),
    "not left out": ("Room Kit", {"not_models": ("TelePresence SX Series",)}, "affected"),
    "left out, no model known": ("", {"not_models": ("SX80",)}, "unknown"),
    "a series nobody knows": ("Room Kit", {"models": ("Some Thing",)}, "unknown"),
    "on premises only": ("", {"deployment": "on-premises"}, "affected"),
    "cloud only": ("", {"deployment": "cloud"}, "unknown"),
}


@pytest.mark.parametrize(("model", "limit", "status"), LIMITS.values(), ids=LIMITS)
def test_limits(model: str, limit: dict[str, Any], status: str) -> None:
    assert answer("10.11.2.2", says(ALL, **limit), model=model) == status


def test_a_condition_that_is_known_to_be_off_clears() -> None:
    needs = says(ALL, condition="H.323 mode enabled")
    advisories = Advisories(TABLE, (needs,))
    told = [
        match_one(Installed(ROOM, "10.11.2.2", settings=known), CVE, advisories)
        for known in ({}, {needs.condition: True}, {needs.condition: False})
    ]
    assert [(v.status, v.condition) for v in told] == [
        ("affected", needs.condition),
        ("affected", ""),
        ("not_affected", ""),
    ]


BEFORE = Listed((Range(high="3.1.13", high_included=True),))
BELOW = Listed((Range("2.7.0", True, "3.1.14"),))
EDITIONS = Listed((Range(high="2.7.1_j", high_included=True), Range(high="3.0.4")))
NAMED = Listed(affected=("3.0.1", "3.0.2"))
LISTS = {
    "up to, with a build": (BEFORE, "Release - 3.1.13-54321", "affected"),
    "above": (BEFORE, "3.1.14", "not_affected"),
    "below the start": (BELOW, "2.6.9", "not_affected"),
    "at the start": (BELOW, "2.7.0", "affected"),
    "at the fix": (BELOW, "3.1.14-1", "fixed"),
    "its own edition": (EDITIONS, "2.7.1.1_J", "not_affected"),
    "its own edition, below": (EDITIONS, "2.7.0_J", "affected"),
    "the usual edition": (EDITIONS, "2.7.2", "affected"),
    "named": (NAMED, "3.0.2-77", "affected"),
    "not named": (NAMED, "3.0.3", "unknown"),
    "not named, the others are said to be safe": (
        replace(NAMED, otherwise="not_affected"),
        "3.0.3",
        "not_affected",
    ),
    "not named, the others are said to be affected": (
        replace(NAMED, otherwise="affected"),
        "3.0.3",
        "affected",
    ),
    "a later fix is named": (replace(NAMED, unaffected=("3.0.4",)), "3.0.5", "fixed"),
    "before the fix that is named": (replace(NAMED, unaffected=("3.0.4",)), "3.0.3", "unknown"),
    "both": (replace(NAMED, unaffected=("3.0.2",)), "3.0.2", "unknown"),
    "a bound nobody can read": (Listed((Range(high="see bulletin"),)), "3.0.2", "unknown"),
    "every release": (Listed((Range(),)), "3.0.2", "affected"),
    "nothing": (Listed(), "3.0.2", "unknown"),
    "some release": (WholeFamily("some_release"), "3.0.2", "unknown"),
    "no release": (WholeFamily("not_affected"), "3.0.2", "not_affected"),
}


@pytest.mark.parametrize(("affects", "version", "status"), LISTS.values(), ids=LISTS)
def test_lists_and_ranges(affects: Any, version: str, status: str) -> None:
    assert answer(version, says(affects, HDX), family=HDX) == status


PATCHED = {
    "named": ("V500R002C00", "affected"),
    "a patch of it": ("V500R002C00SPC800", "unknown"),
    "the same train, not named": ("V500R002C10", "unknown"),
    "a later train": ("V600R006C10", "not_affected"),
    "an earlier train": ("V500R001C00", "unknown"),
}


@pytest.mark.parametrize(("version", "status"), PATCHED.values(), ids=PATCHED)
def test_patches_of_a_named_release(version: str, status: str) -> None:
    named = says(Listed(affected=("V500R002C00", "V500R002C00SPC100")), "huawei-vrc")
    assert answer(version, named, family="huawei-vrc") == status


YES, NO = Branches((), "migrate", "migrate"), Branches((), "not_affected", "not_affected")
OPEN = WholeFamily("some_release")
TRUST = {
    "the hand-read table wins": ([("nvd", YES), ("curated", NO)], "not_affected", "curated", 1),
    "the other way round": ([("nvd", NO), ("curated", YES)], "affected", "curated", 1),
    "what decides nothing is passed": ([("curated", OPEN), ("nvd", YES)], "affected", "nvd", 0),
    "CSAF before CVE": (
        [("vendor-cve", YES), ("vendor-csaf", NO)],
        "not_affected",
        "vendor-csaf",
        1,
    ),
    "the vendor before others": ([("adp", NO), ("vendor-cve", YES)], "affected", "vendor-cve", 1),
    "one source, the gravest": ([("nvd", NO), ("nvd", YES)], "affected", "nvd", 0),
    "one source, open": ([("nvd", NO), ("nvd", OPEN)], "unknown", None, 0),
    "they agree": ([("nvd", YES), ("curated", YES)], "affected", "curated", 0),
}


@pytest.mark.parametrize(("said", "status", "by", "against"), TRUST.values(), ids=TRUST)
def test_the_first_that_can_decide_decides(
    said: list[tuple[str, Any]], status: str, by: str | None, against: int
) -> None:
    statements = tuple(says(affects, source=source) for source, affects in said)
    verdict = match_one(Installed(ROOM, "10.1.2.3"), CVE, Advisories(TABLE, statements))
    assert (verdict.status, verdict.decided_by) == (status, by)
    assert len(verdict.contradicted_by) == against
    assert (verdict.why is None) == (status != "unknown")


def test_a_model_that_is_not_known_is_not_cleared_by_those_who_do_not_ask() -> None:
    limited, clear = says(YES, models=("SX80",)), says(NO, source="nvd")
    assert answer("10.1.2.3", limited, clear) == "unknown"
    assert answer("10.1.2.3", limited, clear, model="SX80") == "affected"
    assert answer("10.1.2.3", limited, says(YES, source="nvd")) == "affected"


def test_what_is_known_of_the_vulnerability_comes_along() -> None:
    scores = (Score("nvd", "3.1", 6.5), Score("vendor", "3.1", 7.2))
    cve = Cve(CVE, scores=scores, exploited_since=date(2022, 5, 6))
    advisories = Advisories(TABLE, (says(YES),), {CVE: cve, "CVE-1999-0001": Cve("CVE-1999-0001")})
    (verdict,) = match(Installed(ROOM, "10.1.2.3"), advisories)
    assert (verdict.base_score, verdict.exploited_since) == (7.2, date(2022, 5, 6))


def test_no_statement_is_no_verdict() -> None:
    asked = Installed(ROOM, "10.1.2.3")
    assert match(asked, Advisories(TABLE)) == ()
    assert why_nothing(asked, Advisories(TABLE)) is not None
    assert why_nothing(asked, Advisories(TABLE, (says(YES),))) is None
    assert why_nothing(Installed(ROOM, "?"), Advisories(TABLE, (says(YES),))) is not None
    assert match_one(asked, "CVE-2000-0001", Advisories(TABLE, (says(YES),))).status == "unknown"


VERSIONS = st.builds(
    "{}.{}.{}.{}".format,
    st.integers(8, 28),
    st.integers(0, 40),
    st.integers(0, 9),
    st.integers(0, 9),
)


@given(VERSIONS, st.sampled_from(["curated", "nvd"]))
@settings(max_examples=80, deadline=None)
def test_a_fixed_release_is_never_affected_by_its_own_statement(version: str, source: str) -> None:
    branch = Branches((Branch(version.split(".", maxsplit=1)[0], "fixed", version),))
    for affects in (branch, Listed((Range(high=version),))):
        assert answer(version, says(affects, source=source)) == "fixed"


AFFECTS = st.sampled_from([TWO, ALL, NO, OPEN, UNREADABLE, Listed(), WholeFamily("not_affected")])
STATEMENTS = st.lists(
    st.builds(
        says,
        AFFECTS,
        source=st.sampled_from(["curated", "vendor-cve", "nvd"]),
        models=st.sampled_from([(), ("SX80",), ("Some Thing",)]),
    ),
    max_size=3,
)


@given(VERSIONS, STATEMENTS, STATEMENTS)
@settings(max_examples=80, deadline=None)
def test_a_clean_verdict_rests_on_a_statement(
    version: str, before: list[Statement], other: list[Statement]
) -> None:
    elsewhere = tuple(replace(s, family=HDX) for s in other)
    elsewhere += tuple(replace(s, cve="CVE-2020-0002") for s in other)
    verdict = answer(version, *before)
    assert answer(version, *before, *elsewhere) == verdict
    clears = [s for s in before if answer(version, s) in ("fixed", "not_affected")]
    assert verdict not in ("fixed", "not_affected") or clears
