"""Overlapping zones are errors unless somebody said so; what merely looks wrong is a warning."""

from __future__ import annotations

import time

import pytest

from inventory.load import loads
from inventory.problems import InventoryError

HEAD = """\
organisation: {name: Đơn vị, province: Tỉnh}
sites:
  - {id: tt, name: Trung tâm, level: province}
  - {id: xa, name: Xã, level: commune}
zones:
  - {id: hnth, kind: hnth, site: tt, prefixes: [10.0.1.0/24]}
  - {id: vp, kind: office, prefixes: [10.0.4.0/24]}
"""
DEVICES = """\
devices:
  - {id: mcu, kind: mcu, site: tt, address: 10.0.1.10}
"""
GOOD = HEAD + DEVICES  # 9 lines: what a case appends begins on line 10


def problems(text: str) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        loads(text, "i.yaml")
    return [problem.in_language("en") for problem in caught.value.problems]


def device(site: str = "tt", address: str = "10.0.1.12") -> str:
    return GOOD + f"  - {{id: d, kind: vcs, site: {site}, address: {address}}}\n"


ZONES = {
    "same prefix": (
        "  - {id: z, kind: office, prefixes: [10.0.1.0/24]}",
        "the prefix 10.0.1.0/24 already belongs to the zone",
    ),
    "inside by accident": (
        "  - {id: z, kind: office, prefixes: [10.0.4.128/25]}",
        'the prefix 10.0.4.128/25 lies inside 10.0.4.0/24 of the zone "vp"; if on purpose, write '
        'within: "vp"',
    ),
    "around by accident": (
        "  - {id: z, kind: server, prefixes: [10.0.0.0/16]}",
        'lies inside 10.0.0.0/16 of the zone "z"',
    ),
    "within a zone that does not hold it": (
        "  - {id: z, kind: office, within: vp, prefixes: [10.0.5.0/24]}",
        'the prefix 10.0.5.0/24 does not lie inside the zone "vp" named by within',
    ),
    "within something unknown": (
        "  - {id: z, kind: office, within: vvp, prefixes: [10.0.5.0/24]}",
        'there is no zone with the id "vvp"; did you mean "vp"?',
    ),
    "twice in one zone": (
        "  - {id: z, kind: office, prefixes: [10.0.5.0/24, 10.0.5.0/24]}",
        'the prefix 10.0.5.0/24 already belongs to the zone "z"',
    ),
    "unknown gateway": (
        "  - {id: z, kind: office, gateway: fw, prefixes: [10.0.5.0/24]}",
        'there is no device with the id "fw"',
    ),
}


@pytest.mark.parametrize(("line", "message"), ZONES.values(), ids=ZONES.keys())
def test_zones_that_get_in_each_others_way(line: str, message: str) -> None:
    assert any(message in problem for problem in problems(HEAD + line + "\n" + DEVICES))


NEAR_MISSES = {
    "beside": "  - {id: z, kind: office, prefixes: [10.0.5.0/24]}",
    "nested on purpose": "  - {id: z, kind: office, within: vp, prefixes: [10.0.4.128/25]}",
    "nested twice": "  - {id: y, kind: office, within: vp, prefixes: [10.0.4.128/25]}\n"
    "  - {id: z, kind: office, within: y, prefixes: [10.0.4.192/26]}",
    "everything else": "  - {id: z, kind: outside, prefixes: [0.0.0.0/0]}",
    "IPv6 beside IPv4": "  - {id: z, kind: office, prefixes: ['2001:db8::/64']}",
}


@pytest.mark.parametrize("line", NEAR_MISSES.values(), ids=NEAR_MISSES.keys())
def test_zones_that_do_not(line: str) -> None:
    assert loads(HEAD + line + "\n" + DEVICES).warnings == ()


def warnings(text: str) -> list[str]:
    return [warning.in_language("en") for warning in loads(text, "i.yaml").warnings]


def test_a_device_outside_every_zone_is_a_warning() -> None:
    assert warnings(device(address="10.9.9.9")) == [
        "i.yaml:10: devices/d/address: the address 10.9.9.9 lies in no declared zone; "
        "requirements about segments cannot be determined"
    ]


def test_a_vcs_in_the_zone_of_another_site_is_a_warning() -> None:
    assert warnings(device(site="xa")) == [
        'i.yaml:10: devices/d/address: the address 10.0.1.12 lies in the zone "hnth" of the site '
        '"tt", not of the device\'s own site'
    ]
    assert warnings(device(site="xa", address="10.0.4.12")) == []


def test_a_vantage_point_elsewhere_is_a_warning() -> None:
    text = GOOD + "vantage_points: [{id: a, zone: vp, address: 10.0.1.5}]"
    assert warnings(text) == [
        'i.yaml:10: vantage_points/a/address: the address 10.0.1.5 does not lie in the zone "vp"; '
        "probes are recorded as sent from there"
    ]


def test_counting_retention_in_days_is_a_warning() -> None:
    text = GOOD + "readings: {retention_min: {unit: day, value: 180}}"
    assert "needs a written decision" in warnings(text)[0]
    assert warnings(GOOD + "readings: {retention_min: {value: 7}}") == []


def test_thousands_of_wrong_references_are_reported_in_a_moment() -> None:
    many = "".join(
        f"  - {{id: d{n}, kind: vcs, site: t{n}, address: 10.0.{8 + n // 200}.{n % 200}}}\n"
        for n in range(2000)
    )
    started = time.monotonic()
    assert len(problems(GOOD + many)) == 2000
    assert time.monotonic() - started < 10
