"""Families that are recognised and not read: the reasons, the ports, the order of versions."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Unknown
from scanner.collect.errors import CollectError
from scanner.platforms import all_platforms, find
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Platform
from scanner.products import Line, version_key

numbers, numbers_of_a_line = version_key("zte"), version_key("yealink")

SILENT = [family for family in all_platforms() if family.not_read is not None]

MISSING = {
    "aver": "PTZ cameras",
    "avaya-scopia": "AT interface (port 55003)",
    "grandstream": "no public document",
    "huawei-vp": "five wrong logins lock the scanner's IP address",
    "sony-pcs": "telnet and web interface",
    "yealink": "names of the settings of room systems",
    "zte": "no public document",
}
"""Family: what its reason names. A family that becomes a full one is passed over."""

every_silent_family = pytest.mark.parametrize("family", SILENT, ids=lambda family: family.name)
every_listed_family = pytest.mark.parametrize(
    "family", [family for family in SILENT if family.name in MISSING], ids=lambda f: f.name
)


def test_the_table_names_families() -> None:
    assert MISSING.keys() == PORTS.keys() <= {family.name for family in all_platforms()}


@every_listed_family
def test_nothing_is_asked_and_the_reason_says_what_is_missing(family: Platform) -> None:
    with pytest.raises(CollectError) as refused:
        list(family.collect(None))  # type: ignore[arg-type]
    assert refused.value.reason == family.not_read
    assert MISSING[family.name] in refused.value.reason.en
    assert refused.value.reason.vi.startswith("không đọc được cấu hình: ")
    assert refused.value.reason.vi.endswith("; hãy xem trên thiết bị và xác nhận bằng văn bản")
    assert family.allowed == ()


@every_listed_family
def test_every_setting_is_unknown_for_that_reason_and_calls_for_their_own(family: Platform) -> None:
    facts = family.read(()).facts
    assert facts.keys() == FACT_TYPES.keys() - SEEN_FROM_OUTSIDE
    calls = facts.pop("call.active")  # type: ignore[attr-defined]
    assert isinstance(calls, Unknown)
    assert "in a call" in calls.reason.en
    assert MISSING[family.name] in calls.reason.en
    assert {fact.reason for fact in facts.values() if isinstance(fact, Unknown)} == {
        family.not_read
    }


# --- ports and accounts ------------------------------------------------------------------------

PORTS = {
    "aver": [],
    "avaya-scopia": [
        ("tcp", 443, 443),
        ("tcp", 1720, 1720),
        ("tcp", 3230, 3250),
        ("tcp", 5060, 5061),
        ("udp", 1718, 1719),
        ("udp", 3230, 3313),
        ("udp", 5060, 5060),
    ],
    "grandstream": [],
    "huawei-vp": [
        ("tcp", 22, 22),
        ("tcp", 1720, 1720),
        ("tcp", 5060, 5061),
        ("tcp", 8443, 8443),
        ("udp", 1718, 1719),
        ("udp", 5060, 5060),
    ],
    "sony-pcs": [
        ("tcp", 1720, 1720),
        ("tcp", 5060, 5061),
        ("udp", 1718, 1719),
        ("udp", 5060, 5060),
    ],
    "yealink": [
        ("tcp", 443, 443),
        ("tcp", 1720, 1720),
        ("tcp", 5060, 5061),
        ("tcp", 50000, 54999),
        ("udp", 1718, 1719),
        ("udp", 5060, 5060),
        ("udp", 50000, 54999),
    ],
    "zte": [],
}
CLOSED = (20, 21, 23, 80, 55099, 60123)
"""Administration in the clear, and an upgrade path without signature: never needed."""


@every_listed_family
def test_needed_ports_are_those_that_are_documented(family: Platform) -> None:
    listed = [(port.protocol, port.first, port.last) for port in family.needed_ports]
    assert sorted(listed) == PORTS[family.name]


@every_silent_family
def test_administration_in_the_clear_is_never_needed(family: Platform) -> None:
    assert not [p for p in family.needed_ports for n in CLOSED if p.first <= n <= p.last]
    for port in family.management_ports.values():
        assert any(p.first <= port <= p.last for p in family.needed_ports if p.protocol == "tcp")


@pytest.mark.parametrize(
    ("name", "accounts"),
    [("huawei-vp", ["admin", "administrator", "user"]), ("yealink", ["admin"])],
)
def test_accounts_of_the_factory(name: str, accounts: list[str]) -> None:
    listed = find(name).default_accounts
    assert [account.name for account in listed] == accounts
    assert {account.password for account in listed} == {"published"}


# --- versions ----------------------------------------------------------------------------------

ORDER = [
    ["0.9", "1", "1.0.1", "1.2", "V1.10"],
    ["3.22", "V3.22.11", "V3.22.11P1", "v3.22.11p3", "V3.22.11.1", "V3.22.12"],
    ["9.1.9", "9.1.10"],
    ["Ver.1.42", "1.50", "Ver.1.51"],
    ["00.01.12.81", "00.01.13.2"],
]


@pytest.mark.parametrize("versions", ORDER, ids=lambda versions: versions[0])
def test_numbers_are_compared_one_by_one(versions: list[str]) -> None:
    keys = [numbers(version) for version in versions]
    assert keys == sorted(set(keys))  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "1.0.0"), ("Ver.1.51", "1.51"), ("v26.0.0.67", "26.0.0.67"), ("0", "0.0")],
)
def test_other_spellings_of_one_version(one: str, other: str) -> None:
    assert numbers(one) == numbers(other) is not None


STRANGE = [
    "",
    "n/a",
    "1.2-nightly",
    "1..2",
    "1.2.",
    "²",
    "1" * 10,
    "V",
    "1.2 3",
    "P3",
    "1.2P",
    "1,2",
]


@pytest.mark.parametrize("version", STRANGE)
def test_what_is_no_version_has_no_place(version: str) -> None:
    assert numbers(version) is None
    assert numbers_of_a_line(version) is None


def test_two_hardware_lines_are_not_compared() -> None:
    line, other = numbers_of_a_line("91.15.0.118"), numbers_of_a_line("122.15.0.142")
    assert line is not None
    assert other is not None
    with pytest.raises(TypeError):
        sorted([line, other])
    assert line != other
    assert numbers_of_a_line("63.32.0.40") < numbers_of_a_line("63.345.0.40")  # type: ignore
    line = numbers_of_a_line("63.0.0.0")
    assert line is not None
    assert Line((63,)) in line


LINES = {
    "sony-pcs": "sony-pcs",
    "grandstream": "grandstream",
    "zte": "zte",
    "yealink": "yealink-vc800",
    "huawei-vp": "huawei-vrc",
}
"""Family: where its versions stand among the published vectors."""


@pytest.mark.corpus
@pytest.mark.parametrize(("family", "line"), LINES.items())
def test_published_order(shared: Path, family: str, line: str) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    key = find(family).version_key
    keys: list[Any] = [key(version) for version in vectors["ascending"][line]]
    assert len(keys) > 1
    assert None not in keys
    assert all(one < other for one, other in pairwise(keys))
    for where, one, other in vectors["equal"]:
        if where == line:
            assert key(one) == key(other) is not None
    for where, one, sign, other, holds, _ in vectors["range"]:
        if where == line and sign == "<":
            assert (key(one) < key(other)) is holds  # type: ignore[operator]
    for where, version in vectors["refuse"]:
        if where == line:
            assert key(version) is None


@pytest.mark.corpus
def test_published_order_within_other_lines(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    for family, line in (("huawei-vp", "huawei-viewpoint"), ("yealink", "yealink-yms")):
        keys: list[Any] = [find(family).version_key(v) for v in vectors["ascending"][line]]
        assert None not in keys
        assert all(one < other for one, other in pairwise(keys))
    ((one, other),) = [row[1:3] for row in vectors["incomparable"] if row[0] == "yealink"]
    with pytest.raises(TypeError):
        sorted([find("yealink").version_key(one), find("yealink").version_key(other)])  # type: ignore
