"""Approved exceptions in the inventory: complete, about something declared, and kept as written."""

from __future__ import annotations

import pytest

from inventory.load import loads
from inventory.problems import InventoryError
from inventory.write import to_yaml

WAIVER = {
    "requirement": "D11.3-a",
    "subject": "mcu",
    "number": "12/CV",
    "issued": "2026-01-05",
    "approver": "Giám đốc",
    "reason": "chờ thay thiết bị",
    "expires": "2026-12-31",
}


def text(**changes: str | None) -> str:
    fields = {k: v for k, v in {**WAIVER, **changes}.items() if v is not None}
    return (
        "organisation: {name: Đơn vị, province: Tỉnh}\n"
        "sites: [{id: tt, name: Trung tâm, level: province}]\n"
        "zones: [{id: hnth, kind: hnth, prefixes: [10.0.1.0/24]}]\n"
        "devices: [{id: mcu, kind: mcu, site: tt, address: 10.0.1.10}]\n"
        "waivers:\n  - {" + ", ".join(f'{k}: "{v}"' for k, v in fields.items()) + "}\n"
    )


@pytest.mark.parametrize("subject", ["mcu", "mcu/admin", "tt", "hnth", "system"])
def test_an_exception_is_read_and_written_back_unchanged(subject: str) -> None:
    loaded = loads(text(subject=subject, sha256="0a" * 32)).inventory
    assert loaded.waivers[0].subject == subject
    assert loads(to_yaml(loaded)).inventory == loaded


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "mcv"}, 'did you mean "mcu"'),
        ({"subject": "tt/admin"}, "neither the id of a device"),
        ({"subject": "mcu/"}, "neither the id of a device"),
        ({"subject": "*"}, "neither the id of a device"),
        ({"requirement": "11.3"}, "the id of a requirement such as D11.2-b"),
        ({"requirement": "D11.3-a "}, "the id of a requirement such as D11.2-b"),
        ({"expires": None}, '"expires" is missing'),
        ({"expires": "2026-01-04"}, "ends before the day it was issued"),
        ({"reason": ""}, "must not be empty"),
        ({"approver": "  "}, "must not be empty"),
        ({"approver": None}, '"approver" is missing'),
        ({"sha256": "0A" * 32}, "64 lower-case hexadecimal digits"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(InventoryError) as caught:
        loads(text(**changes))
    (problem,) = caught.value.problems
    assert problem.line is not None
    assert said in problem.in_language("en")
