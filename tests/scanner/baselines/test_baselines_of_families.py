"""Baselines shipped and declared: which one a device is compared with, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.load import loads
from inventory.model import Inventory
from inventory.problems import InventoryError
from rules.baseline import Baselines, default_baseline
from rules.facts import Facts, Known
from scanner.baselines import baselines_for, of_family, shipped
from scanner.baselines.own import own_baselines, problems_in
from scanner.cli.baseline_list import baseline_data, baseline_lines
from scanner.platforms import find
from tests.rules.build import Case as RuleCase
from tests.rules.build import province, result_of
from tests.rules.compliant import declared, with_device

COMMON = default_baseline().label


def with_baseline(**rest: Any) -> Inventory:
    own = {"name": "don-vi", "version": "1", **rest}
    return Inventory.model_validate(declared(baselines=[own]))


def entry(**rest: Any) -> dict[str, Any]:
    usual = {"id": "tu-thoat", "fact": "management.idle_timeout_s", "operator": "within"}
    return {**usual, "value": "900", "title": "tự thoát trong 15 phút", **rest}


@pytest.mark.parametrize("baseline", shipped()[1:], ids=lambda baseline: baseline.name)
def test_a_shipped_baseline_belongs_to_a_family_and_demands_all_of_the_common_one(baseline) -> None:
    (family,) = baseline.families
    assert find(family).kinds & {"mcu", "vcs"}
    mandatory = {e.id for e in default_baseline().entries if e.mandatory}
    assert mandatory <= {e.id for e in baseline.entries if e.mandatory}
    assert len({e.id for e in baseline.entries}) == len(baseline.entries)
    assert baseline.extends == COMMON


@pytest.mark.parametrize("name", ["", "../default", "no-such-family", "own.py", "x" * 70])
def test_no_other_word_is_a_family(name: str) -> None:
    assert of_family(name) is None


def test_what_is_taken_goes_by_the_family() -> None:
    plan = Inventory.model_validate(with_device("vcs", platform=None))
    device = plan.device("vcs")
    told = Facts({"identity.family": Known("cisco-roomos")})
    baselines = baselines_for(plan, {"vcs": told})
    assert baselines.of(device, told).baseline.families == {"cisco-roomos"}
    assert not baselines.of(device, Facts()).adopted
    assert not baselines.of(device, Facts({"identity.family": Known("sony-pcs")})).adopted


def test_the_common_one_fails_and_never_passes() -> None:
    world = province(baselines=Baselines())
    assert world.baselines.of(world.inventory.device("vcs"), Facts()).adopted is False
    meets = f"no baseline was written for this model; meets the common one, {COMMON}"
    row = RuleCase("meets", "UND", meets, baselines=Baselines())
    assert result_of(row, "D11.1-b", "vcs") == ("UND", meets)
    broken = f"not met of baseline {COMMON}: telnet is off"
    changes = {("vcs", "service.telnet.enabled"): True}
    row = RuleCase("telnet", "FAIL", broken, changes, baselines=Baselines())
    assert result_of(row, "D11.1-b", "vcs") == ("FAIL", broken)


def test_an_own_baseline_extends_replaces_and_leaves_out() -> None:
    (own,) = own_baselines(
        with_baseline(
            extends="common", leave_out=["remote-log"], entries=[entry(id="idle-timeout")]
        )
    )
    ids = [e.id for e in own.entries]
    assert ids == [e.id for e in default_baseline().entries if e.id != "remote-log"]
    assert next(e for e in own.entries if e.id == "idle-timeout").value == 900
    assert (own.label, own.extends) == ("don-vi 1", COMMON)


def test_an_own_baseline_may_stand_alone_and_comes_first() -> None:
    plan = with_baseline(families=["cisco-roomos"], entries=[entry()])
    own = own_baselines(plan)
    assert [e.id for e in own[0].entries] == ["tu-thoat"]
    told = Facts({"identity.family": Known("cisco-roomos")})
    assert baselines_for(plan, {"vcs": told}, own).of(plan.device("vcs"), told).baseline is own[0]
    other = Facts({"identity.family": Known("polycom-hdx")})
    assert baselines_for(plan, {"vcs": other}, own).of(plan.device("vcs"), other).baseline.name == (
        "hnth-polycom-hdx"
    )


def test_the_own_baseline_is_printed_with_the_verdict() -> None:
    own = Baselines(own_baselines(with_baseline(entries=[entry(value="300")])))
    reason = "not met of baseline don-vi 1: tự thoát trong 15 phút"
    row = RuleCase("own", "FAIL", reason, baselines=own)
    assert result_of(row, "D11.1-b", "vcs") == ("FAIL", reason)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no such fact": ({"entries": [entry(fact="management.idle_timeout")]}, "there is no fact"),
    "no such operator": ({"entries": [entry(operator="atleast")]}, "there is no operator"),
    "another kind of fact": ({"entries": [entry(fact="ntp.servers")]}, "does not go with"),
    "no number": ({"entries": [entry(value="soon")]}, "this value does not go with"),
    "no value": ({"entries": [entry(value=None)]}, "needs the key value"),
    "a word that is none": (
        {"entries": [entry(fact="call.encryption", operator="is", value="on")]},
        "off, best-effort, required",
    ),
    "a value too many": (
        {"entries": [entry(fact="ntp.servers", operator="not_empty")]},
        "takes no value",
    ),
    "no switch": ({"entries": [entry(unless_off="snmp.versions")]}, "is on or off"),
    "twice": ({"entries": [entry(), entry()]}, "used twice"),
    "nothing demanded": ({}, "demands nothing"),
    "an id that is not there": ({"extends": "common", "leave_out": ["syslog"]}, "has no entry"),
    "no family": ({"extends": "family"}, "needs the key families"),
    "nothing shipped": ({"extends": "family", "families": ["sony-pcs"]}, "no baseline is shipped"),
}


@pytest.mark.parametrize(("given", "why"), WRONG.values(), ids=WRONG)
def test_a_baseline_that_cannot_be_used_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(InventoryError) as error:
        own_baselines(with_baseline(**given))
    assert why in error.value.reason.en


def test_the_message_names_file_and_line() -> None:
    text = """\
organisation: {name: Đơn vị, province: An Giang}
sites: [{id: tinh, name: Tỉnh, level: province}]
devices: [{id: vcs, kind: vcs, site: tinh, address: 10.0.0.1}]
baselines:
  - name: don-vi
    version: 1
    entries:
      - id: dong-ho
        fact: ntp.server
        operator: not_empty
        title: có máy chủ thời gian
"""
    loaded = loads(text, "tinh.yaml")
    (problem,) = problems_in(loaded.inventory, loaded.text, "tinh.yaml")
    assert (problem.file, problem.line) == ("tinh.yaml", 9)
    assert "ntp.servers" in problem.text.en


def test_the_list_shows_every_baseline_and_entry() -> None:
    assert [row["name"] for row in baseline_data()] == [b.name for b in shipped()]
    shown = "\n".join(baseline_lines("vi"))
    assert all(b.label in shown for b in shipped())
    assert "telnet-off" in shown
