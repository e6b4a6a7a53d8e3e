"""A baseline hides what it accepts and nothing else: not in another file, not a day too long."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.model import Outcome
from scanner.gate.baseline_file import MAX_BYTES, WrongBaseline, as_text, load_baseline
from scanner.gate.baseline_use import baseline_of
from scanner.gate.model import GateRequest, GateResult
from scanner.gate.run import run_gate
from tests.scanner.gate.configurations import CODEC, FIREWALL, INVENTORY, OPENED, TELNET_ON

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    return tmp_path / "repo"


@pytest.fixture
def accepted(tmp_path: Path) -> Path:
    """The baseline, beside the repository."""
    return tmp_path / "baseline.json"


def gate(folder: Path, **more: Any) -> GateResult:
    request = GateRequest(paths=(folder,), now=NOW, shown_from=folder)
    return run_gate(replace(request, **more))


def accept(folder: Path, file: Path, **more: Any) -> GateResult:
    result = gate(folder, **more)
    file.write_text(as_text(baseline_of(result, reason="đang chờ thay thế", expires=None)))
    return result


def network(folder: Path, firewall: str = OPENED) -> None:
    (folder / "inventory.yaml").write_text(INVENTORY)
    (folder / "fw.conf").write_text(firewall)
    (folder / "codec.txt").write_text(CODEC)


def counted(result: GateResult) -> list[str]:
    bad = {Outcome.FAIL, Outcome.UND}
    return sorted(f"{f.requirement} {f.subject.id}" for f in result.findings if f.outcome in bad)


def test_with_nothing_but_accepted_findings_it_is_green_and_says_so(
    folder: Path, accepted: Path
) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    assert accept(folder, accepted).status == 1
    result = gate(folder, baseline=accepted)
    assert (result.status, result.reason) == (0, None)
    assert "accepts 3 not met and 0 undetermined" in result.relaxations[0].en
    assert "tạm chấp nhận 3 nội dung không đạt" in result.relaxations[0].vi
    assert counted(result) == []


def test_even_when_all_that_is_judged_is_accepted(folder: Path, accepted: Path) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    accept(folder, accepted, select=("D11.1-d",))
    assert gate(folder, baseline=accepted, select=("D11.1-d",)).status == 0


def test_what_could_not_be_determined_is_counted_beside(folder: Path, accepted: Path) -> None:
    (folder / "fw.conf").write_text(FIREWALL)
    open_ones = len(counted(accept(folder, accepted)))
    result = gate(folder, baseline=accepted)
    assert result.status == 0
    assert f"accepts 0 not met and {open_ones} undetermined" in result.relaxations[0].en


def _above(text: str) -> str:
    return text.replace("*c xConfiguration NetworkServices Telnet Mode: On\n", "").replace(
        "*c xConfiguration Conference Auto",
        "*c xConfiguration NetworkServices Telnet Mode:   On\n*c xConfiguration Conference Auto",
    )


SAME = {
    "lines above it": lambda folder: (folder / "phong.txt").write_text("\n\n\n" + TELNET_ON),
    "the line elsewhere": lambda folder: (folder / "phong.txt").write_text(_above(TELNET_ON)),
    "another name": lambda folder: (folder / "phong.txt").rename(folder / "hop-2.txt"),
    "another folder": lambda folder: (
        (folder / "moved").mkdir(),
        (folder / "phong.txt").rename(folder / "moved" / "p.txt"),
    ),
    "another name and a line more": lambda folder: (
        (folder / "phong.txt").unlink(),
        (folder / "p.txt").write_text(TELNET_ON + "*c xConfiguration Audio Volume: 5\n"),
    ),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME.keys())
def test_a_moved_finding_is_not_new(folder: Path, accepted: Path, change: Any) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    change(folder)
    result = gate(folder, baseline=accepted)
    assert result.status == 0
    assert not any("not found any more" in note.en for note in result.notes)


HTTP_ON = TELNET_ON.replace("HTTP Mode: HTTPS", "HTTP Mode: HTTP+HTTPS")
NEW = {
    "the same in a second file": lambda folder: (folder / "b.txt").write_text(TELNET_ON),
    "the same in a second file, fixed in the first": lambda folder: (
        (folder / "b.txt").write_text(TELNET_ON),
        (folder / "phong.txt").write_text(CODEC),
    ),
    "the same name in another folder": lambda folder: (
        (folder / "b").mkdir(),
        (folder / "b" / "phong.txt").write_text(TELNET_ON),
    ),
    "one more fault of the same requirement": lambda folder: (folder / "phong.txt").write_text(
        HTTP_ON
    ),
}


@pytest.mark.parametrize("change", NEW.values(), ids=NEW.keys())
def test_a_new_finding_is_not_hidden(folder: Path, accepted: Path, change: Any) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    change(folder)
    assert gate(folder, baseline=accepted).status == 1


def test_one_of_two_faults_mended_leaves_the_other_accepted(folder: Path, accepted: Path) -> None:
    (folder / "phong.txt").write_text(HTTP_ON)
    accept(folder, accepted)
    (folder / "phong.txt").write_text(TELNET_ON)
    assert gate(folder, baseline=accepted).status == 0


def test_a_second_of_two_equal_findings_needs_an_entry_of_its_own(
    folder: Path, accepted: Path
) -> None:
    (folder / "a.txt").write_text(TELNET_ON)
    (folder / "b.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    assert gate(folder, baseline=accepted).status == 0
    table = json.loads(accepted.read_text())
    table["findings"] = [row for row in table["findings"] if row["file"] == "a.txt"]
    accepted.write_text(json.dumps(table))
    assert {name.split()[1] for name in counted(gate(folder, baseline=accepted))} == {"b"}


WIDER = {
    "the line itself": lambda text: text.replace('set dstaddr "codec"', 'set dstaddr "all"'),
    "from one more zone": lambda text: text.replace(
        '"wan1"\n        set dstintf', '"any"\n set dstintf'
    ),
}


@pytest.mark.parametrize("change", WIDER.values(), ids=WIDER.keys())
def test_a_line_of_a_filter_that_lets_more_through_is_new(
    folder: Path, accepted: Path, change: Any
) -> None:
    network(folder)
    accept(folder, accepted)
    assert gate(folder, baseline=accepted).status == 0
    network(folder, change(OPENED))
    assert gate(folder, baseline=accepted).status == 1


GUARDED = OPENED.replace(
    "    edit 1\n        set srcintf",
    '    edit 7\n        set srcintf "wan1"\n        set dstintf "hnth"\n'
    '        set srcaddr "all"\n'
    '        set dstaddr "codec"\n        set action deny\n        set schedule "always"\n'
    '        set service "sips"\n    next\n    edit 1\n        set srcintf',
)
WIDE = OPENED.replace(
    "set subnet 10.67.10.20 255.255.255.255", "set subnet 10.67.10.0 255.255.255.0"
)


@pytest.mark.parametrize(
    ("before", "after"), [(GUARDED, OPENED), (OPENED, WIDE)], ids=["guard gone", "object wider"]
)
def test_an_unchanged_line_that_lets_more_through_is_new(
    folder: Path, accepted: Path, before: str, after: str
) -> None:
    network(folder, before)
    accept(folder, accepted)
    assert gate(folder, baseline=accepted).status == 0
    network(folder, after)
    assert gate(folder, baseline=accepted).status == 1


def test_a_declared_device_is_the_same_in_a_file_of_another_name(
    folder: Path, accepted: Path
) -> None:
    network(folder)
    accept(folder, accepted)
    (folder / "fw").mkdir()
    (folder / "fw.conf").rename(folder / "fw" / "running.conf")
    assert gate(folder, baseline=accepted).status == 0


def test_an_entry_holds_through_its_last_day_and_no_longer(folder: Path, accepted: Path) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    assert {e.expires for e in load_baseline(accepted).entries} == {date(2027, 2, 18)}
    last = datetime(2027, 2, 18, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
    assert gate(folder, baseline=accepted, now=last).status == 0
    result = gate(folder, baseline=accepted, now=last + timedelta(minutes=1))
    assert result.status == 1
    assert any(
        "D11.1-d phong.txt" in note.en and "past the day" in note.en for note in result.notes
    )


def test_entries_without_a_finding_are_reported(folder: Path, accepted: Path) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    (folder / "phong.txt").write_text(CODEC)
    result = gate(folder, baseline=accepted)
    assert result.status == 0
    assert any("can be taken out" in note.en for note in result.notes)
    assert result.relaxations == ()


def test_entries_of_files_outside_this_run_are_not_called_stale(
    folder: Path, accepted: Path
) -> None:
    (folder / "a.txt").write_text(TELNET_ON)
    (folder / "b.txt").write_text(CODEC)
    accept(folder, accepted)
    result = gate(folder, baseline=accepted, paths=(folder / "b.txt",))
    assert (result.status, result.notes) == (0, ())


def test_writing_again_keeps_date_and_reason_and_the_order(folder: Path, accepted: Path) -> None:
    (folder / "a.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    first = accepted.read_text()
    (folder / "b.txt").write_text(TELNET_ON)
    later = gate(folder, baseline=accepted, now=NOW + timedelta(days=30))
    again = baseline_of(later, reason="thiết bị mới", expires=date(2027, 1, 31))
    assert {e.reason for e in again.entries if e.identity.file == "a.txt"} == {"đang chờ thay thế"}
    assert {e.expires for e in again.entries if e.identity.file == "b.txt"} == {date(2027, 1, 31)}
    accepted.write_text(as_text(again))
    assert as_text(load_baseline(accepted)) == as_text(again)
    assert first.splitlines()[:20] == as_text(again).splitlines()[:20]


def test_no_secret_gets_into_it(folder: Path, accepted: Path) -> None:
    (folder / "a.txt").write_text(TELNET_ON)
    accept(folder, accepted)
    assert "Planted-Secret" not in accepted.read_text()


def _with(**more: object) -> str:
    row = {
        "requirement": "D11.1-d", "subject": "device @", "outcome": "FAIL", "severity": "S2",
        "file": "a.txt", "parts": [], "places": [], "guards": [], "text": "", "reason": "x",
        "date": "2026-01-01", "expires": "2027-01-01",
    }  # fmt: skip
    table = {"format": "hnth-gate-baseline", "version": 1, "findings": [{**row, **more}]}
    return json.dumps(table)


HOSTILE = {
    "no JSON": "findings: []",
    "not UTF-8": b"\xff\xfe{}",
    "deep": "[" * 100_000,
    "a list": "[]",
    "of another program": '{"findings": []}',
    "a later version": '{"format": "hnth-gate-baseline", "version": 2, "findings": []}',
    "no findings": '{"format": "hnth-gate-baseline", "version": 1}',
    "no reason": _with(reason=" "),
    "no day": _with(expires="soon"),
    "a pass accepted": _with(outcome="PASS"),
    "a number for a list": _with(parts=7),
    "a field more": _with(extra="x"),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_baseline_that_cannot_be_used_is_one_message_and_2(
    folder: Path, accepted: Path, content: str | bytes
) -> None:
    (folder / "a.txt").write_text(TELNET_ON)
    accepted.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = gate(folder, baseline=accepted)
    assert result.status == 2
    assert len(result.problems) == 1
    assert "--write-baseline" in result.problems[0].en


def test_a_usable_row_is_taken(accepted: Path) -> None:
    accepted.write_text(_with())
    assert len(load_baseline(accepted).entries) == 1


def test_a_baseline_that_is_no_file_or_huge_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for name in ("pipe", "huge", "nowhere", "."):
        with pytest.raises(WrongBaseline):
            load_baseline(tmp_path / name)
