"""The rows that were judged by hand, answered from the feeds they were judged by."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rules.patches.matching import match_one
from rules.patches.model import Installed
from scanner.feeds.advisories import from_files

FEEDS = ("fixed-releases.json", "cve5-records.json", "cve5-version-lists.json",
         "nvd-selected.json", "nvd-2015.json", "nvd-overrides.json", "csaf")  # fmt: skip
SAID = {"affected": "yes", "fixed": "no", "not_affected": "no", "unknown": "unknown"}


@pytest.mark.corpus
def test_every_row_is_answered_as_judged(shared: Path) -> None:
    folder = shared / "vulndata"
    advisories = from_files([folder / name for name in FEEDS])
    wrong = []
    with (folder / "cases.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            named = advisories.families.resolve(row["device"], row["version"])
            assert named is not None
            asked = Installed(named.family, row["version"], named.model)
            verdict = match_one(asked, row["cve"], advisories)
            if SAID[verdict.status] != row["affected"]:
                wrong.append((row["device"], row["version"], row["cve"], verdict))
    assert wrong == []
