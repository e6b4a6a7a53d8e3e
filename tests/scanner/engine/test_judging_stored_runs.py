"""What a stored run still shows when it is judged later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from inventory.model import Inventory
from rules.facts import Facts
from rules.judge import judge_one
from rules.world import CompletedCheck
from scanner.engine.world import world_of
from scanner.store import RunPlan, Store
from tests.rules.compliant import declared

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
PLAN = Inventory.model_validate({**declared(), "past_checks": []})
EVERYTHING = tuple(d.id for d in PLAN.devices)


def run(
    store: Store,
    started: datetime,
    *,
    lasting: timedelta = timedelta(hours=2),
    devices: tuple[str, ...] = EVERYTHING,
    finished: bool = True,
) -> str:
    run_id = store.begin_run(
        RunPlan(
            inventory_text=yaml.safe_dump(declared()),
            devices=devices,
            whole=devices == EVERYTHING,
            legal_profile="auto",
            rules_version="1",
            tool_version="1",
            nmap_version="7",
            readings_changed={},
            scope={},
        ),
        started,
    )
    for device in devices:
        store.save_device(run_id, device, (), Facts({}))
    store.finish_run(run_id, "finished" if finished else "interrupted", started + lasting)
    return run_id


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(str(tmp_path / "hnth.db")) as store:
        yield store


def verdict(store: Store, run_id: str) -> tuple[str, str]:
    world = world_of(store, run_id, PLAN, NOW)
    (found,) = judge_one("D12.2-a", world)
    return found.outcome.value, found.reason.en


def test_an_old_run_is_a_check_of_its_own_day_and_not_of_today(store: Store) -> None:
    old = run(store, NOW - timedelta(days=730))
    outcome, reason = verdict(store, old)
    assert outcome == "FAIL"
    assert "2024-11-23" in reason


def test_a_later_run_counts_when_an_old_one_is_judged_again(store: Store) -> None:
    old = run(store, NOW - timedelta(days=300))
    newer = run(store, NOW - timedelta(days=30))
    world = world_of(store, old, PLAN, NOW)
    day = date(2026, 10, 24)
    assert world.history.earlier == (CompletedCheck(day, newer, began=day),)
    assert verdict(store, old)[0] == "PASS"


def test_a_run_of_today_counts_once(store: Store) -> None:
    today = run(store, NOW - timedelta(hours=3))
    assert world_of(store, today, PLAN, NOW).history.earlier == ()
    assert verdict(store, today) == (
        "PASS",
        "the last whole-system check ended on 2026-11-23 (this run)",
    )


def test_a_run_of_some_devices_is_no_check(store: Store) -> None:
    some = run(store, NOW - timedelta(hours=3), devices=("fw", "mcu"))
    assert verdict(store, some)[0] == "UND"


def test_a_run_that_was_resumed_after_months_is_no_check(store: Store) -> None:
    slow = run(store, NOW - timedelta(days=200), lasting=timedelta(days=199))
    assert verdict(store, slow)[0] == "UND"
