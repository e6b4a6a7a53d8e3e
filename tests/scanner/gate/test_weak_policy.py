"""A weak password policy closes the gate when the organisation reads the Regulation so (A-37)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.gate.model import GateRequest
from scanner.gate.run import run_gate

SAMPLE = Path(__file__).parents[1] / "platforms/samples/poly-studio/x50-4.2/exportConfiguration.cfg"
INVENTORY = """
organisation: {{name: Đơn vị, province: An Giang}}
sites: [{{id: tt, name: Trung tâm, level: province}}]
devices:
  - {{id: vcs, kind: vcs, site: tt, address: 10.67.10.11, platform: poly-studio}}
readings: {{weak_policy: {reading}}}
"""


@pytest.mark.parametrize(
    ("reading", "length", "outcome", "status"),
    [("und", 6, "UND", 3), ("fail", 6, "FAIL", 1), ("fail", 8, "UND", 3)],
)
def test_the_reading_decides(
    tmp_path: Path, reading: str, length: int, outcome: str, status: int
) -> None:
    text, number = re.subn(
        r'(?im)^(.*minlength[^=,\s]*"?\s*[=,]\s*"?)\d+', rf"\g<1>{length}", SAMPLE.read_text()
    )
    assert number
    (tmp_path / "vcs").mkdir()
    (tmp_path / "vcs" / SAMPLE.name).write_text(text)
    inventory = tmp_path / "inventory.yaml"
    inventory.write_text(INVENTORY.format(reading=reading))
    inventory.chmod(0o600)
    result = run_gate(
        GateRequest(
            paths=(tmp_path / "vcs",),
            now=datetime(2026, 11, 20, tzinfo=UTC),
            root=tmp_path,
            shown_from=tmp_path,
            inventory=inventory,
            select=("D11.2-b",),
        )
    )
    assert result.problems == ()
    assert {one.finding.outcome.value for one in result.judged} == {outcome}
    assert result.status == status
