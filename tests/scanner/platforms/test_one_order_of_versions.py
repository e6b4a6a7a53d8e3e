"""A family's releases have one order: the one by which advisories are matched."""

from __future__ import annotations

import json
from itertools import pairwise, product
from pathlib import Path

import pytest

from rules.patches.grammars import Release, compare
from scanner.platforms import all_platforms, find
from scanner.products import families

TABLE = families()
KEY_OF_ITS_OWN = {"checkpoint", "linux"}
"""No feed is matched by their releases: faults are mended under the same number, by distributions
of Linux and by the hotfixes of Check Point, which an exported rulebase does not show."""

NETWORK = {
    "cisco-ios": ["15.2(4)M6", "15.2(4)M6a", "15.2(4)M10", "15.7(3)M"],
    "cisco-ios-xe": ["16.12.5b", "17.3.1", "17.9.4", "17.9.4a"],
    "cisco-asa": ["9.8(2)", "9.12(4)", "9.12(4)67", "9.12.4.70", "9.16(1)"],
    "juniper-junos": ["18.4R3", "18.4R3-S2", "18.4R3-S10.3", "19.1R1", "21.2R3-S3"],
    "huawei-vrp": ["V200R010C00SPC300", "V200R010C00SPC600", "V200R019C00", "V500R005C10SPC300"],
    "fortios": ["7.0.15", "7.2.3", "7.2.10"],
    "paloalto": ["10.1.6", "10.1.6-h3", "10.1.10", "11.0.0"],
    "mikrotik-routeros": ["6.49.6", "7.15beta4", "7.15rc2", "7.15", "7.15.3"],
    "pfsense": ["2.6.0-RELEASE", "2.7.2"],
    "opnsense": ["24.1.10", "24.7", "24.7.1"],
}


def contradictions(family: str, texts: list[str]) -> list[tuple[str, str, str]]:
    """Pairs that a device family orders, and in another way than the matching does."""
    known = TABLE.get(family)
    assert known is not None
    wrong = []
    for name in known.platforms:
        key = find(name).version_key
        for one, other in product(texts, repeat=2):
            first, second = TABLE.parse(family, one), TABLE.parse(family, other)
            mine, theirs = key(one), key(other)
            assert isinstance(first, Release), one
            assert isinstance(second, Release), other
            assert mine is not None, (name, one)
            assert theirs is not None, (name, other)
            if (mine > theirs) - (mine < theirs) != compare(first, second):
                wrong.append((name, one, other))
    return wrong


@pytest.mark.corpus
def test_the_published_vectors_have_one_order(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text(encoding="utf-8"))
    wrong = [one for family in vectors["ascending"].items() for one in contradictions(*family)]
    assert wrong == []


@pytest.mark.parametrize(("family", "ascending"), NETWORK.items(), ids=NETWORK)
def test_network_devices_have_one_order(family: str, ascending: list[str]) -> None:
    assert contradictions(family, ascending) == []
    read = [TABLE.parse(family, text) for text in ascending]
    releases = [release for release in read if isinstance(release, Release)]
    assert len(releases) == len(ascending)
    assert {compare(one, other) for one, other in pairwise(releases)} == {-1}


@pytest.mark.parametrize(
    ("platform", "one", "other"),
    [
        ("cisco-ios", "15.2(4)M6", "15.2(7)E"),
        ("cisco-ios", "3.16.5S", "3.6.5E"),
        ("juniper-srx", "15.1X49-D170", "15.1R7"),
        ("yealink", "91.15.0.118", "122.15.0.142"),
    ],
)
def test_trains_and_lines_have_no_order(platform: str, one: str, other: str) -> None:
    key = find(platform).version_key
    with pytest.raises(TypeError):
        sorted([key(one), key(other)])  # type: ignore[type-var]


def test_every_family_reads_its_releases_through_the_table() -> None:
    read = {name for family in TABLE.families for name in family.platforms}
    assert {platform.name for platform in all_platforms()} - read == KEY_OF_ITS_OWN
