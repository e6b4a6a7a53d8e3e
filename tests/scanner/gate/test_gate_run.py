"""The gate: green only for what was read and found in order, and one reason for everything else."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.model import Outcome
from scanner.gate.model import FileMapping, GateRequest, GateResult
from scanner.gate.run import run_gate
from tests.scanner.gate.configurations import (
    CODEC,
    FIREWALL,
    INVENTORY,
    OPENED,
    TELNET_LINE,
    TELNET_ON,
    WITHOUT_TELNET,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository of configurations, still empty."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    return tmp_path / "repo"


def gate(folder: Path, *paths: str, **more: Any) -> GateResult:
    return run_gate(
        GateRequest(
            paths=tuple(folder / path for path in paths) or (folder,),
            now=NOW,
            shown_from=folder,
            **more,
        )
    )


def write(folder: Path, **files: str) -> None:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")


def state(result: GateResult, file: str) -> tuple[str, bool]:
    one = next(one for one in result.files if one.file == file)
    return one.state, one.matters


def why(result: GateResult) -> str:
    assert result.reason is not None
    return result.reason.en


def outcomes(result: GateResult) -> dict[str, str]:
    return {f"{f.requirement} {f.subject.id}": f.outcome.value for f in result.findings}


# --- green and red ---------------------------------------------------------------------------


def test_a_codec_in_order_is_green_and_what_needs_a_scan_is_no_pass(folder: Path) -> None:
    write(folder, phong_1__txt=CODEC)
    result = gate(folder)
    assert (result.status, result.reason) == (0, None)
    assert result.count(Outcome.PASS) == 0
    clean = {one.finding.requirement: one for one in result.judged if one.standing == "clean"}
    assert {"D11.1-b", "D11.1-d"} <= clean.keys()
    assert clean["D11.1-b"].finding.outcome is Outcome.UND
    assert clean["D11.1-b"].only_live == ("ssh.algorithms", "tls.algorithms", "tls.certificates")
    assert "D12.2-a" in result.not_judged
    assert "D11.1-b" not in result.not_judged


def test_a_fault_is_red_with_its_file_line_and_context(folder: Path) -> None:
    write(folder, phong_1__txt=TELNET_ON)
    result = gate(folder)
    assert result.status == 1
    found = next(f for f in result.failures if f.requirement == "D11.1-d")
    assert [(c.source, c.line) for c in found.citations] == [("phong_1.txt", TELNET_LINE)]
    excerpt = result.excerpts["phong_1.txt", TELNET_LINE]
    assert excerpt.first == TELNET_LINE - 2
    assert "Telnet Mode: On" in excerpt.lines[2]
    assert len(excerpt.lines) == 5


def test_a_setting_that_the_file_should_hold_and_does_not_is_not_green(folder: Path) -> None:
    write(folder, phong_1__txt=WITHOUT_TELNET)
    result = gate(folder)
    assert result.status == 3
    assert outcomes(result)["D11.1-d phong-1"] == "UND"
    assert gate(folder, allow_incomplete=True).status == 3, "nothing was shown to be in order"
    write(folder, phong_2__txt=CODEC)
    assert gate(folder).status == 3
    assert gate(folder, allow_incomplete=True).status == 0


def test_secrets_are_in_no_part_of_the_result(folder: Path) -> None:
    write(folder, phong_1__txt=CODEC.replace("MaxFailedLogins: 5", "MaxFailedLogins: 0"))
    result = gate(folder)
    assert result.status == 1
    assert "Planted-Secret" not in repr(result)


def test_the_age_of_a_file_changes_nothing(folder: Path) -> None:
    write(folder, phong_1__txt=TELNET_ON)
    os.utime(folder / "phong_1.txt", (0, 0))
    assert gate(folder).status == 1


# --- with and without inventory --------------------------------------------------------------


def test_a_network_in_order_is_green_with_its_inventory(folder: Path) -> None:
    write(folder, fw__conf=FIREWALL, codec__txt=CODEC, inventory__yaml=INVENTORY)
    result = gate(folder)
    assert (result.status, result.reason) == (0, None)
    assert outcomes(result)["D10.1-e fw"] == "PASS"
    assert state(result, "inventory.yaml") == ("inventory", False)
    assert result.inventory_file == str(folder / "inventory.yaml")


def test_a_line_that_opens_the_segment_is_red(folder: Path) -> None:
    write(folder, fw__conf=OPENED, codec__txt=CODEC, inventory__yaml=INVENTORY)
    result = gate(folder)
    assert result.status == 1
    broken = {f.requirement: f for f in result.failures}
    assert {"D10.1-b", "D10.1-e", "D10.1-h"} <= broken.keys()
    assert broken["D10.1-e"].citations[0].source == "fw.conf"


def test_a_firewall_without_an_inventory_is_not_green(folder: Path) -> None:
    write(folder, fw__conf=FIREWALL)
    result = gate(folder)
    assert result.status == 3
    assert "needs the inventory" in why(result)
    assert {"D10.1-d", "D10.1-e"} <= {f.requirement for f in result.findings}
    assert gate(folder, allow_incomplete=True).status == 3, "nothing was shown to be in order"


def test_an_inventory_with_a_fault_is_unusable_input(folder: Path) -> None:
    write(folder, codec__txt=CODEC, inventory__yaml=INVENTORY.replace("gateway: fw", "gateway: fx"))
    result = gate(folder)
    assert result.status == 2
    assert "inventory.yaml:" in why(result)


def test_two_inventories_are_not_chosen_from(folder: Path) -> None:
    write(folder, codec__txt=CODEC, a__yaml=INVENTORY, b__yaml=INVENTORY)
    assert "--inventory" in why(gate(folder))
    assert gate(folder, inventory=folder / "a.yaml").status == 0


def test_a_file_of_no_declared_device_is_judged_by_itself_and_noted(folder: Path) -> None:
    write(folder, stray__txt=TELNET_ON, inventory__yaml=INVENTORY)
    result = gate(folder)
    assert result.status == 1
    assert any("stray" in note.en for note in result.notes)


def test_a_broken_gateway_file_is_not_overlooked(folder: Path) -> None:
    cut = FIREWALL.split("config firewall policy")[0]
    write(folder, fw__conf=cut, codec__txt=CODEC, inventory__yaml=INVENTORY)
    assert gate(folder).status != 0


# --- which device a file belongs to ----------------------------------------------------------


def test_parts_in_one_folder_are_one_device(folder: Path) -> None:
    (folder / "phong-2").mkdir()
    lines = CODEC.splitlines(keepends=True)
    (folder / "phong-2" / "configuration.txt").write_text("".join(lines[:9]))
    (folder / "phong-2" / "settings.txt").write_text("".join(lines[9:]))
    result = gate(folder)
    assert {one.device for one in result.files} == {"phong-2"}


def test_files_of_the_same_name_are_different_devices(folder: Path) -> None:
    for place in ("a", "b"):
        (folder / place).mkdir()
        (folder / place / "codec.txt").write_text(CODEC)
    devices = [one.device for one in gate(folder).files]
    assert len(set(devices)) == 2


def test_the_mapping_names_device_and_family(folder: Path) -> None:
    write(folder, x1__txt=FIREWALL, codec__txt=CODEC, inventory__yaml=INVENTORY)
    mapping = FileMapping("x*.txt", platform="fortios", device="fw")
    result = gate(folder, mappings=(mapping,))
    assert result.status == 0
    assert next(one.device for one in result.files if one.file == "x1.txt") == "fw"


def test_a_mapping_to_the_wrong_family_is_not_green(folder: Path) -> None:
    write(folder, codec__txt=CODEC, other__txt=CODEC)
    for family, word in (("polycom-hdx", "polycom-hdx"), ("no-such", "no-such")):
        result = gate(folder, mappings=(FileMapping("other.txt", platform=family),))
        assert result.status == 3
        assert state(result, "other.txt") == ("not recognised", True)
        reason = next(one.reason for one in result.files if one.file == "other.txt")
        assert reason is not None
        assert word in reason.en


# --- relaxations -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ({"fail_on": "S1"}, 3, "--fail-on S1"),
        ({"soft_fail": True}, 0, "--soft-fail"),
        ({"select": ("11.1",)}, 1, "--select 11.1"),
        ({"ignore": ("D11.1-d", "11.1", "12")}, 3, "--ignore"),
        ({"allow_incomplete": True}, 1, "--allow-incomplete"),
    ],
)
def test_every_relaxation_is_part_of_the_result(
    folder: Path, options: dict[str, Any], status: int, said: str
) -> None:
    write(folder, phong_1__txt=TELNET_ON)
    result = gate(folder, **options)
    assert result.status == status
    assert any(said in text.en for text in result.relaxations)


def test_without_relaxation_nothing_is_said(folder: Path) -> None:
    write(folder, phong_1__txt=CODEC)
    assert gate(folder).relaxations == ()


def test_a_selection_that_names_nothing_is_wrong_use(folder: Path) -> None:
    write(folder, phong_1__txt=CODEC)
    result = gate(folder, select=("11.9",))
    assert result.status == 2
    assert "11.9" in why(result)


def test_soft_fail_does_not_hide_unusable_input(folder: Path) -> None:
    assert gate(folder, "missing.cfg", soft_fail=True).status == 2


# --- it fails closed -------------------------------------------------------------------------


def test_a_rule_that_crashes_is_never_green(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rules import judge
    from rules.registry import rules

    def crash(**_: object) -> None:
        raise ZeroDivisionError

    broken = tuple(
        replace(rule, check=_like(rule.check, crash)) if rule.id == "D11.2-a" else rule
        for rule in rules()
    )
    monkeypatch.setattr(judge, "rules", lambda: broken)
    monkeypatch.setattr(judge, "fill", _fill_everything(judge.fill))
    write(folder, phong_1__txt=CODEC)
    for options in ({}, {"allow_incomplete": True}):
        result = gate(folder, **options)
        assert result.status == 3
        assert "broke down" in why(result)


def _like(check: Any, other: Any) -> Any:
    def same(**arguments: object) -> None:
        other(**arguments)

    same.__wrapped__ = check  # type: ignore[attr-defined]
    return same


def _fill_everything(fill: Any) -> Any:
    def filled(check: Any, facts: Any, context: Any) -> Any:
        return replace(fill(check, facts, context), missing=None)

    return filled


def test_nothing_that_applies_is_never_green(folder: Path) -> None:
    write(folder, phong_1__txt=CODEC)
    result = gate(folder, select=("10.1",), allow_incomplete=True)
    assert result.status == 3
    assert "none of the requirements" in why(result)


def test_an_inventory_alone_is_not_green(folder: Path) -> None:
    write(folder, inventory__yaml=INVENTORY)
    result = gate(folder)
    assert result.status == 3
    assert "inventory only" in why(result)


def test_a_configuration_hidden_among_the_parts_of_another_device_is_judged(folder: Path) -> None:
    (folder / "phong-3").mkdir()
    (folder / "phong-3" / "configuration.txt").write_text(CODEC)
    (folder / "phong-3" / "config-2.conf").write_text(FIREWALL)
    result = gate(folder)
    assert result.status == 3
    assert {one.platform for one in result.files} == {"cisco-roomos", "fortios"}


def test_whole_configurations_in_one_folder_are_several_devices(folder: Path) -> None:
    (folder / "export").mkdir()
    (folder / "export" / "config-1.txt").write_text(CODEC)
    (folder / "export" / "config-2.txt").write_text(WITHOUT_TELNET)
    result = gate(folder)
    assert len({one.device for one in result.files}) == 2
    assert result.status == 3


def test_a_device_whose_files_tell_no_setting_is_not_green(folder: Path) -> None:
    write(folder, phong_1__txt=CODEC)
    (folder / "trio").mkdir()
    (folder / "trio" / "device_info.json").write_text(
        '{"Status": "2000", "data": {"ModelNumber": "Trio 8800", "FirmwareRelease": "7.2.2",'
        ' "MACAddress": "0004F2000001"}}'
    )
    result = gate(folder)
    assert result.status == 3
    assert "device_info.json" in why(result)


def test_a_condition_of_the_filter_that_is_not_understood_keeps_the_gate_shut(folder: Path) -> None:
    odd = FIREWALL.replace('set srcaddr "office-pc"', 'set srcaddr "defined-nowhere"')
    write(folder, fw__conf=odd, codec__txt=CODEC, inventory__yaml=INVENTORY)
    result = gate(folder)
    assert result.status == 3
    assert outcomes(result)["D10.1-h hnth"] == "UND"
    assert "defined-nowhere" in why(result)


def test_a_zone_whose_gateway_has_no_file_is_not_judged(folder: Path) -> None:
    write(folder, codec__txt=CODEC, inventory__yaml=INVENTORY)
    result = gate(folder)
    assert result.status == 0
    assert {"D10.1-b", "D10.1-d", "D10.1-e", "D10.1-h"} <= set(result.not_judged)
