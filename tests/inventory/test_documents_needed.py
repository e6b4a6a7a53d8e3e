"""`hnth inventory check` names what waits for a document, and exceptions that have ended."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from inventory.load import loads
from inventory.model import Attestable, Document
from inventory.readiness import Lack, lacks
from inventory.validity import speaks_on

AT = datetime(2026, 11, 23, 18, tzinfo=UTC)
"""The 24th already in An Giang."""

PLAN = """\
organisation: {name: Đơn vị, province: Tỉnh}
sites:
  - {id: tt, name: Trung tâm, level: province}
  - {id: huyen, name: Điểm cầu, level: district}
devices:
  - {id: mcu, kind: mcu, site: tt, address: 10.0.1.10}
  - {id: vcs, kind: vcs, site: huyen, address: 10.0.2.10}
"""


def lack(text: str, about: str) -> Lack | None:
    found = lacks(loads(text).inventory, Path(), AT)
    return next((one for one in found if about in one.text.en), None)


def attested(requirement: str, issued: str, **more: str) -> str:
    fields = {
        "requirement": requirement,
        "subject": "system",
        "issuer": "Đơn vị",
        "number": "1",
        "issued": issued,
        "signer": "Giám đốc",
        "sha256": "0a" * 32,
        "entered_by": "Cán bộ đầu mối",
        **more,
    }
    return "attestations: [{" + ", ".join(f'{k}: "{v}"' for k, v in fields.items()) + "}]\n"


def waiting(text: str) -> tuple[str, ...]:
    found = lack(text, "no document in force")
    return found.about if found else ()


def test_everything_that_a_document_proves_waits_for_one() -> None:
    assert waiting(PLAN) == get_args(Attestable)


@pytest.mark.parametrize(
    ("requirement", "subject", "waits"),
    [
        ("D10.2-b", "system", False),
        ("D10.2-b", "tt", True),
        ("D10.2a-a", "tt", False),
        ("D10.2a-a", "huyen", True),
        ("D10.2c-b", "huyen", False),
        ("D10.2c-b", "tt", True),
    ],
)
def test_every_site_that_is_asked_about_needs_one(
    requirement: str, subject: str, waits: bool
) -> None:
    text = PLAN + attested(requirement, "2026-01-05", subject=subject)
    assert (requirement in waiting(text)) is waits


def test_a_site_without_mcu_and_vcs_needs_none() -> None:
    bare = PLAN.replace("kind: vcs", "kind: router")
    assert "D10.2-b" not in waiting(bare + attested("D10.2-b", "2026-01-05", subject="tt"))
    assert "D10.2c-b" not in waiting(bare)


@pytest.mark.parametrize(
    ("issued", "more", "waits"),
    [
        ("2025-11-24", {}, False),
        ("2025-11-23", {}, True),
        ("2020-01-01", {"valid_to": "2026-11-24"}, False),
        ("2020-01-01", {"valid_to": "2026-11-23"}, True),
        ("2026-11-24", {}, False),
        ("2026-11-25", {}, True),
    ],
)
def test_until_it_has_one_in_force(issued: str, more: dict[str, str], waits: bool) -> None:
    text = PLAN + attested("D12.1-b", issued, **more)
    assert ("D12.1-b" in waiting(text)) is waits
    assert "D12.1-c" in waiting(text)


def test_the_level_of_the_system_is_asked_for() -> None:
    assert lack(PLAN, "system_level") is not None
    assert lack(PLAN.replace("province: Tỉnh", "province: Tỉnh, system_level: 3"), "level") is None


@pytest.mark.parametrize(("expires", "ended"), [("2026-11-24", False), ("2026-11-23", True)])
def test_an_exception_that_has_ended_is_named(expires: str, ended: bool) -> None:
    text = (
        PLAN + "waivers: [{requirement: D11.1-c, subject: mcu, number: 7/QĐ, issued: 2026-01-01,"
        f" approver: Giám đốc, reason: chờ, expires: {expires}}}]\n"
    )
    found = lack(text, "have ended")
    assert (found.about if found else ()) == (("D11.1-c mcu (7/QĐ)",) if ended else ())


def test_a_document_of_29_february_vouches_to_the_28th_of_the_next() -> None:
    document = Document(number="1", issued=date(2024, 2, 29))
    assert speaks_on(document, date(2025, 2, 28))
    assert not speaks_on(document, date(2025, 3, 1))


def test_no_day_is_too_late_to_ask() -> None:
    assert not speaks_on(Document(number="1", issued=date.max), date(2026, 1, 1))
