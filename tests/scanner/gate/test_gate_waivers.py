"""The gate and approved exceptions: red as before, unless somebody asks to accept them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.model import Outcome
from scanner.cli.gate_text import as_text
from scanner.gate.model import GateRequest, GateResult
from scanner.gate.run import run_gate
from tests.scanner.gate.configurations import CODEC, INVENTORY, TELNET_ON

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def waivers(*requirements: str, subject: str = "codec", expires: str = "2026-12-31") -> str:
    fields = 'number: 12/CV, issued: "2026-01-05", approver: Giám đốc, reason: chờ thay thiết bị'
    entries = (
        f'  - {{requirement: {name}, subject: {subject}, {fields}, expires: "{expires}"}}\n'
        for name in requirements
    )
    return "waivers:\n" + "".join(entries)


def gate(folder: Path, config: str, declared: str, **more: Any) -> GateResult:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "codec.txt").write_text(config, encoding="utf-8")
    (folder / "inventory.yaml").write_text(INVENTORY + declared, encoding="utf-8")
    request = GateRequest(
        paths=(folder,),
        now=NOW,
        shown_from=folder,
        inventory=folder / "inventory.yaml",
        select=("D11.1-d",),
        **more,
    )
    return run_gate(request)


def test_an_exception_changes_neither_verdict_nor_status(tmp_path: Path) -> None:
    result = gate(tmp_path, TELNET_ON, waivers("D11.1-d"))
    assert result.status == 1
    (failing,) = result.failures
    assert failing.waiver is not None
    said = as_text(result, "vi")
    assert "chấp thuận ngoại lệ số 12/CV ngày 05/01/2026" in said
    assert "Không đạt (có chấp thuận ngoại lệ): 1" in said


def test_to_accept_it_is_a_relaxation_that_is_said(tmp_path: Path) -> None:
    result = gate(tmp_path, TELNET_ON, waivers("D11.1-d"), accept_waivers=True)
    assert result.failures == ()
    assert result.count(Outcome.FAIL) == 1
    assert any(text.en.startswith("--accept-waivers") for text in result.relaxations)


@pytest.mark.parametrize("changes", [{"expires": "2026-11-19"}, {"subject": "mcu"}])
def test_what_no_exception_in_force_covers_stays_red(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    result = gate(tmp_path, TELNET_ON, waivers("D11.1-d", **changes), accept_waivers=True)
    assert result.status == 1


@pytest.mark.parametrize(
    ("config", "expires", "said"),
    [
        (TELNET_ON, "2026-11-19", "ended on 2026-11-19"),
        (TELNET_ON, "2026-11-20", None),
        (CODEC, "2026-12-31", None),
    ],
)
def test_one_that_does_nothing_is_said(
    tmp_path: Path, config: str, expires: str, said: str | None
) -> None:
    result = gate(tmp_path, config, waivers("D11.1-d", expires=expires))
    about = [text.en for text in result.notes if "12/CV" in text.en]
    assert len(about) == (said is not None)
    assert all(said in text for text in about if said)


def test_a_document_that_ended_is_said(tmp_path: Path) -> None:
    old = (
        "attestations:\n  - {requirement: D10.2-c, subject: system, issuer: X, number: 7/XN,"
        ' issued: "2025-01-05", signer: Giám đốc, entered_by: Cán bộ đầu mối,'
        f" sha256: {'0a' * 32}}}\n"
    )
    result = gate(tmp_path, CODEC, old)
    assert any("document 7/XN of 2025-01-05 on D10.2-c" in text.en for text in result.notes)
