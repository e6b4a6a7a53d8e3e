"""Documents of the carrier in the inventory: complete, about a site, and kept as written."""

from __future__ import annotations

import pytest

from inventory.load import loads
from inventory.problems import InventoryError
from inventory.write import to_yaml

DOCUMENT = {
    "requirement": "D10.2-c",
    "subject": "tt",
    "issuer": "Đơn vị viễn thông",
    "number": "12/XN",
    "issued": "2026-01-05",
    "signer": "Giám đốc",
    "sha256": "0a" * 32,
    "entered_by": "Cán bộ đầu mối",
    "committed_kbps": "4000",
}


def text(**changes: str | None) -> str:
    fields = {k: v for k, v in {**DOCUMENT, **changes}.items() if v is not None}
    return (
        "organisation: {name: Đơn vị, province: Tỉnh}\n"
        "sites: [{id: tt, name: Trung tâm, level: province}]\n"
        "zones: [{id: hnth, kind: hnth, prefixes: [10.0.1.0/24]}]\n"
        "devices: [{id: mcu, kind: mcu, site: tt, address: 10.0.1.10}]\n"
        "attestations:\n  - {" + ", ".join(f'{k}: "{v}"' for k, v in fields.items()) + "}\n"
    )


def test_a_document_is_read_and_written_back_unchanged() -> None:
    loaded = loads(text()).inventory
    assert loaded.attestations[0].committed_kbps == 4000
    assert loads(to_yaml(loaded)).inventory == loaded


def test_a_document_may_speak_of_every_site() -> None:
    assert loads(text(subject="system")).inventory.attestations[0].subject == "system"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "tm"}, 'no site with the id "tm"'),
        ({"requirement": "D10.1-b"}, "D10.2-b"),
        ({"sha256": "0A" * 32}, "sha256"),
        ({"sha256": None}, '"sha256" is missing'),
        ({"signer": None}, '"signer" is missing'),
        ({"issuer": " "}, "must not be empty"),
        ({"entered_by": None}, '"entered_by" is missing'),
        ({"committed_kbps": "0"}, "committed_kbps"),
        ({"issued": "2026-02-30"}, "issued"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(InventoryError) as caught:
        loads(text(**changes))
    (problem,) = caught.value.problems
    assert said in problem.in_language("en")
