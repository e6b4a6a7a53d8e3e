"""Saved files in the place of the device: what they show, what they cannot, and what is cited."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.commissioning import render
from rules.model import Outcome
from rules.patches.advisories import Advisories
from scanner.check.model import CheckResult
from scanner.check.record import record_of, to_enter
from scanner.check.saved import judged
from scanner.engine.one_device import DEVICE
from scanner.family_of_files import recognise
from scanner.products import families
from scanner.saved_files import load
from tests.scanner.gate.configurations import CODEC, TELNET_LINE, TELNET_ON

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
STATUS = """\
*s SystemUnit ProductId: "Cisco Webex Codec Pro"
*s SystemUnit Software Version: "ce9.15.3.17"
*s SystemUnit Hardware Module SerialNumber: "FOC1234ABCD"
** end
"""


def checked(folder: Path, *contents: str) -> CheckResult:
    files = []
    for number, content in enumerate(contents):
        files.append(folder / f"export-{number}.txt")
        files[-1].write_text(content, encoding="utf-8")
    saved = load(files)
    read = recognise(saved.documents)
    return judged(saved.documents, read, None, Advisories(families()), NOW)


def outcomes(result: CheckResult) -> dict[str, Outcome]:
    return {f.requirement: f.outcome for f in result.findings}


def test_a_fault_in_a_file_is_found_with_its_line(tmp_path: Path) -> None:
    result = checked(tmp_path, TELNET_ON)
    failed = {f.requirement: f for f in result.failures}
    assert {"D11.1-b", "D11.1-d"} <= set(failed)
    lines = {c.line for c in failed["D11.1-d"].citations}
    assert TELNET_LINE in lines


def test_what_a_file_shows_besides_the_verdicts_is_observed(tmp_path: Path) -> None:
    router = (
        "version 15.2\nhostname bien\nusername kt password 7 094F471A1A0A\n"
        "line vty 0 4\n login local\n transport input ssh\nend\n"
    )
    (found,) = checked(tmp_path, router).report.notices
    assert (found.kind, found.device) == ("stored-readable", DEVICE)
    assert [c.line for c in found.citations] == [3]
    assert checked(tmp_path, CODEC).report.notices == ()


def test_what_only_the_device_shows_stays_undetermined(tmp_path: Path) -> None:
    result = checked(tmp_path, CODEC, STATUS)
    found = outcomes(result)
    assert not result.failures
    for requirement in ("D11.1-a", "D11.1-c", "D11.2-a"):
        assert found[requirement] is Outcome.UND
        assert requirement in result.beyond_files
    assert result.upon_signing == frozenset()  # files are no complete review
    assert not [f for f in result.open if f.requirement in result.beyond_files]
    assert any(f.outcome is Outcome.UND for f in result.decided)  # so the exit status is 3


def test_every_requirement_on_the_device_has_a_verdict(tmp_path: Path) -> None:
    found = outcomes(checked(tmp_path, CODEC))
    assert {name.partition("-")[0] for name in found} == {"D11.1", "D11.2", "D11.3"}
    assert list(found) == sorted(found)


def test_the_record_shows_what_the_files_say_of_the_device(tmp_path: Path) -> None:
    result = checked(tmp_path, TELNET_ON, STATUS)
    page = render(record_of(result))
    for part in ("FOC1234ABCD", "ce9.15.3.17", "Webex Codec Pro", "không kết nối thiết bị"):
        assert part in page
    assert "Planted-Secret-7" not in page + repr(result.report)
    assert to_enter(result) is None  # it may not go into use


def test_the_same_files_give_the_same_run(tmp_path: Path) -> None:
    ids = {checked(tmp_path, CODEC).report.run.id for _ in range(2)}
    assert len(ids) == 1
    assert checked(tmp_path, TELNET_ON).report.run.id not in ids


@pytest.mark.parametrize("content", ["*c xConfiguration\n", TELNET_ON[:700], CODEC * 3])
def test_torn_files_never_pass_more_than_whole_ones(tmp_path: Path, content: str) -> None:
    whole = {name for name, found in outcomes(checked(tmp_path, CODEC)).items() if found == "PASS"}
    try:
        torn = outcomes(checked(tmp_path, content))
    except LookupError:
        return
    assert {name for name, found in torn.items() if found == "PASS"} <= whole
