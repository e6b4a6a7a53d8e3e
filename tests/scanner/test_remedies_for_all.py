"""Every setting that a rule can find wrong on a family has a remedy there, or a reason why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rules.baseline import default_baseline
from rules.facts import FACT_TYPES
from scanner.baselines import of_family
from scanner.platforms import all_platforms
from scanner.remedies import _IN_REASONS, FACTS_OF

ROOT = Path(__file__).parents[2]
REPORTED = json.loads((ROOT / "tools/families.json").read_text(encoding="utf-8"))
READ = [platform for platform in all_platforms() if platform.not_read is None]
SEEN_ON_ALL = {"tls.certificates", "tls.algorithms", "ssh.algorithms", "software.version"}
"""Looked at from outside, whatever the family's own answers hold."""
SERVERS = {"logs.retention", "filters"}
"""Judged on log servers and on what passes packets on; other families do not tell them."""


def can_fail(platform: Any) -> set[str]:
    """Facts that the family has been seen to report, or that are seen from outside, and judged."""
    baseline = of_family(platform.name) or default_baseline()
    judged = {entry.fact for kind in platform.kinds for entry in baseline.entries_for(kind)}
    judged |= {fact for facts in FACTS_OF.values() for fact in facts} - SERVERS
    judged |= set(_IN_REASONS)
    told = set(REPORTED.get(platform.name, {}).get("reported", ()))
    if platform.kinds & {"router", "firewall", "switch"}:
        judged.add("filters")
    asked_of_all = SEEN_ON_ALL | {"syslog.targets", "accounts", "management.allowlist"}
    return judged & (told | asked_of_all)


@pytest.mark.parametrize("platform", READ, ids=lambda platform: platform.name)
def test_every_setting_that_can_fail_has_a_remedy(platform: Any) -> None:
    assert platform.remedies is not None
    missing = can_fail(platform) - platform.remedies.by_fact.keys()
    assert not missing, sorted(missing)


def test_the_walk_sees_what_it_is_for() -> None:
    """A family with nothing to fail would pass for nothing."""
    assert len(READ) > 15
    for platform in READ:
        assert len(can_fail(platform)) > 5, platform.name


@pytest.mark.parametrize("platform", READ, ids=lambda platform: platform.name)
def test_remedies_are_of_facts_that_exist_and_name_where_they_are_from(platform: Any) -> None:
    assert platform.remedies is not None
    assert platform.remedies.by_fact.keys() <= FACT_TYPES.keys()
    told = [one for one in platform.remedies.entries if one.how == "commands"]
    assert [one.fact for one in told if not one.source] == []
