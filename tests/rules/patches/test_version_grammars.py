"""Version strings are read by their family's grammar, ordered inside a line, or refused."""

from __future__ import annotations

import json
import re
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.patches.grammars import (
    LONGEST,
    Grammar,
    Release,
    Unreadable,
    against_bound,
    compare,
    parse,
)
from scanner.products import families

TABLE = families()
HOLDS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "=": {0}}


def read(family: str, text: str) -> Release:
    release = TABLE.parse(family, text)
    assert isinstance(release, Release), (family, text)
    return release


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict[str, Any]:
    text = (shared / "vulndata" / "version-vectors.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.mark.corpus
def test_every_ascending_list_is_ascending(vectors: dict[str, Any]) -> None:
    wrong = [
        (one.raw, other.raw)
        for family, texts in vectors["ascending"].items()
        for (i, one), (j, other) in product(enumerate(read(family, t) for t in texts), repeat=2)
        if compare(one, other) != (i > j) - (i < j)
    ]
    assert wrong == []


@pytest.mark.corpus
def test_spellings_of_one_release_are_equal(vectors: dict[str, Any]) -> None:
    for family, one, other in vectors["equal"]:
        assert compare(read(family, one), read(family, other)) == 0, (one, other)


@pytest.mark.corpus
def test_bounds_hold_at_their_precision(vectors: dict[str, Any]) -> None:
    for family, installed, sign, bound, holds, why in vectors["range"]:
        order = against_bound(read(family, installed), read(family, bound))
        assert (order in HOLDS[sign]) is holds, (installed, sign, bound, why)


@pytest.mark.corpus
def test_what_is_no_release_is_refused(vectors: dict[str, Any]) -> None:
    for family, text in vectors["refuse"]:
        assert isinstance(TABLE.parse(family, text), Unreadable), text


@pytest.mark.corpus
def test_other_lines_have_no_order(vectors: dict[str, Any]) -> None:
    for family, one, other, why in vectors["incomparable"]:
        first, second = TABLE.parse(family, one), TABLE.parse(family, other)
        if isinstance(first, Release) and isinstance(second, Release):
            assert compare(first, second) is None, why


ORDERED = {
    "cisco-ce-roomos": ["ce9.15.18.5", "ce9.15.19.0 abcdef1", "RoomOS 11.9.4.1", "11.10.0.0"],
    "cisco-tc": ["TC7.3.9", "TC7.3.21", "TC7.4.0.Beta1", "TC7.4"],
    "cisco-expressway": ["X8.5 RC2", "X8.5RC10", "X8.5", "X12.5.2 (TEST SW)", "X12.5.2"],
    "cisco-meeting-server": ["2.0(beta1)", "2.0(RC)", "2.0", "2.0.1"],
    "cisco-mcu": ["4.5(1.9)", "4.5(1.89)", "4.5(2.1)", "4.10(1.1)"],
    "cisco-conductor": ["XC2.3", "XC2.3.1", "XC3.0"],
    "polycom-hdx": ["3.1.2-100", "3.1.2-2000", "Release - 3.1.11-1"],
    "polycom-group": ["6.1.7", "6.2.2.8-570", "6.2.2.8-670021", "6.2.10"],
    "huawei-vrc": ["V600R019C00SPC900", "V600R019C00SPCa01", "V600R019C10", "V600R020C00"],
    "yealink-yms": ["26.0.0.9", "v26.0.0.10"],
    "zte": ["V3.22.11P9", "V3.22.11P10", "V3.22.12"],
    "bigbluebutton": ["2.7.0-alpha.2", "2.7.0-beta.1", "2.7.0-beta.10", "2.7.0-rc.1", "2.7.0"],
    "sony-pcs": ["Ver.1.9", "1.10", "ver 2.0"],
    "lifesize": ["LS_RM3_3.7.0 (2421)", "LS_RM3_3.7.0(2500)", "LS_RM3_3.7.1 (1)"],
    "pexip": ["31 (1.0.0)", "31 (2.0.0)", "31.1"],
    "jitsi-meet": ["2.0.9258", "9364", "stable/jitsi-meet_9584"],
}


@pytest.mark.parametrize(("family", "texts"), ORDERED.items(), ids=ORDERED)
def test_releases_of_a_line_are_in_order(family: str, texts: list[str]) -> None:
    releases = [read(family, text) for text in texts]
    assert [compare(a, b) for a, b in pairwise(releases)] == [-1] * (len(texts) - 1)


PAIRS = r"""
cisco-ce-roomos   ce9.15.03.25 = ce9.15.3.25
cisco-ce-roomos   ce8.0.0 PreAlpha1 < ce8.0.0 Beta2
cisco-ce-roomos   ce9.0.0 Beta9 < ce9.0.0 Beta10
cisco-tc          TC5.1.0.279658Beta7 < TC5.1.0.280662
cisco-tc          7.3_base = TC7.3.0
cisco-te          TE4.1.3.261122 < TE6.0.0
cisco-meeting-server  03.08.02 = CMS 3.8.2
cisco-expressway  X8.4.9 < X8.5.RC4
cisco-expressway  X14.0.4PreAlpha2 < X14.0.4Beta1
cisco-conductor   xc2.4 prealpha0 < XC2.4
cisco-mcu         4.5(1.89) < 4.5(1.107)
cisco-cts         1.9.6.1(3) < CTS 1.10.2(42)
cisco-ix          8.2.1 < IX 8.3.1.1
cisco-tms         TMS_15.13.1 = 15.13.1
cisco-tms         14.3\(.2\) = 14.3.2
polycom-hdx       2.7.1_J = 2.7.1.J
polycom-hdx       2.5.0.7 < 2.5.0.7_g
polycom-rmx       8.7.5.913 < 8.7.5.1012
polycom-ucs       5.4.5 rev Z < 5.4.5 rev AG
huawei-vrc        V500R002C00SPC099 < V500R002C00 SPC100
huawei-vrc        V500R002C00SPCd00 < V500R002C00SPCE00
huawei-vrc        V100R001C20SPH702 < V100R001C20SPH703
huawei-vrc        V100R001C20 < V100R001C20SPH309
huawei-vrc        V100R001C20SPH309 ? V100R001C20SPC309
huawei-vrc        V100R001C20SPC900 < V100R001C30SPH001
huawei-vrc        V100R001C20SPC500 < V100R001C20SPC600T
huawei-viewpoint  V100R011C03B012SP16 < V100R011C03B015SP03
yealink-vp59      91.15.0.118 ? 122.15.0.142
zte               V3.22.11 P3 = v3.22.11p3
jitsi-meet        2.0.10531 < 2.0.10532-1
avaya-scopia      8.3.7.0.4 < 8.3.7.0.10
cisco-ios         15.2(4)E6 ? 15.2(4)M6
cisco-ios-xe      17.9.4 < 17.9.4a
cisco-asa         9.12(4)7 < 9.12.4.67
""".strip().splitlines()


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_as_publishers_write_them(pair: str) -> None:
    family, texts = pair.split(maxsplit=1)
    one, sign, other = re.split(r" ([<=?]) ", texts)
    order = compare(read(family, one), read(family, other))
    assert {-1: "<", 0: "=", None: "?"}.get(order) == sign


REFUSED = {
    "a month": ("cisco-ce-roomos", "RoomOS September 2024"),
    "another family's number": ("cisco-tc", "ce9.15.3"),
    "TC under CE": ("cisco-ce-roomos", "TC7.3.6"),
    "no number": ("pexip", "Infinity"),
    "nothing": ("pexip", "  "),
    "a word behind": ("cisco-expressway", "X14.3.1 or later"),
    "any of a branch": ("polycom-hdx", "3.1.x"),
    "a range": ("bigbluebutton", "< 2.6.9"),
    "special build": ("huawei-vrc", "V200R003C20LGWL01"),
    "a hot patch on a patch": ("huawei-vrc", "V600R006C10SPC300SPH012"),
    "a trial of no patch": ("huawei-vrc", "V600R006C10T"),
    "no train": ("huawei-vrc", "V200"),
    "bracket left open": ("cisco-mcu", "4.5(1.89"),
    "other digits": ("pexip", "\u0663\u0661.2"),
    "two lines": ("pexip", "31\n2"),
    "too long": ("pexip", "1" * (LONGEST + 1)),
    "unknown family": ("no-such-family", "1.0"),
}


@pytest.mark.parametrize(("family", "text"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_understood_is_refused(family: str, text: str) -> None:
    assert isinstance(TABLE.parse(family, text), Unreadable)


def test_hardware_lines_and_families_have_no_order() -> None:
    assert (
        compare(read("yealink-vc800", "63.32.0.40"), read("yealink-vc800", "60.345.0.40")) is None
    )
    assert compare(read("pexip", "31"), read("bigbluebutton", "31")) is None
    assert against_bound(read("yealink-vp59", "91.15.0.118"), read("yealink-vp59", "122.1")) is None


BUILDS = {
    "hash of 11 digits": ("cisco-ce-roomos", "ce9.13.0.12345678901", "9.13.0", 0),
    "short hash": ("cisco-tc", "TC7.0.2.aecf2d9", "7.0.2", 0),
    "fourth number is no hash": ("cisco-ce-roomos", "ce9.15.3.26", "9.15.3", 1),
    "build not named": ("polycom-hdx", "3.1.13-99999", "3.1.13", 0),
    "build named, below": ("polycom-hdx", "3.1.13-100", "3.1.13-200", -1),
    "letter not named": ("polycom-ucs", "5.4.5 rev AG", "5.4.5", 0),
    "letter named": ("polycom-ucs", "5.4.5 rev AG", "5.4.5 rev B", 1),
    "bracket not named": ("cisco-mcu", "4.5(1.85)", "4.5", 0),
}


@pytest.mark.parametrize(("family", "installed", "bound", "order"), BUILDS.values(), ids=BUILDS)
def test_builds_count_where_the_bound_has_one(
    family: str, installed: str, bound: str, order: int
) -> None:
    assert against_bound(read(family, installed), read(family, bound)) == order


def test_the_third_number_tells_cloud_builds() -> None:
    told = {t: read("cisco-ce-roomos", t).deployment for t in ("11.28.1.5", "11.27.2.0", "9.6.1")}
    assert told == {"11.28.1.5": "cloud", "11.27.2.0": "on-premises", "9.6.1": ""}


FAMILY = st.sampled_from([family.id for family in TABLE.families])
TEXT = st.text(alphabet="0123456789.-_() abcdefprsvxVRCSPB\\j", max_size=24) | st.text(max_size=12)


@given(FAMILY, TEXT)
@settings(max_examples=300, deadline=None)
def test_reading_raises_nothing(family: str, text: str) -> None:
    assert isinstance(TABLE.parse(family, text), Release | Unreadable)


@given(FAMILY, st.lists(TEXT, min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_order_is_total_inside_a_line(family: str, texts: list[str]) -> None:
    read_ = [r for t in texts if isinstance(r := TABLE.parse(family, t), Release)]
    for one, other in product(read_, repeat=2):
        forth, back = compare(one, other), compare(other, one)
        two_kinds = one.base and one.base == other.base and one.patch != other.patch
        assert (forth is None) == bool(one.line != other.line or two_kinds)
        assert forth is None or back == -forth
    for one, other, third in product(read_, repeat=3):
        if compare(one, other) == compare(other, third) == -1:
            assert compare(one, third) == -1


def test_a_grammar_without_extras_refuses_extras() -> None:
    plain = Grammar(numbers=2)
    assert isinstance(parse("x", plain, "1.2"), Release)
    for text in ("1.2.3", "1.2-3", "1.2j", "1.2(3)", "1.2p3", "q1.2"):
        assert isinstance(parse("x", plain, text), Unreadable), text
