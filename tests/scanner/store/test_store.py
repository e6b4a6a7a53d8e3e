"""What was saved comes back; what was not allowed changed nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from inventory.text import Text
from rules.facts import NOT_REPORTED, Facts, Known, Unknown
from rules.model import Finding, Outcome, Subject
from rules.network_facts import UnreadLine
from scanner.evidence import Document
from scanner.store.answers import NOT_ASKED
from scanner.store.errors import NoSuchRun, StoreError
from scanner.store.records import DeviceStatus, RunPlan
from scanner.store.store import Store

NOW = datetime(2026, 11, 23, 2, 30, 15, tzinfo=UTC)
OFF = Text(vi="thiết bị đang tắt hoặc không kết nối được", en="switched off or unreachable")
PLAN = RunPlan(
    inventory_text="organisation:\n  name: Sở\n",
    devices=("mcu-tinh", "vcs-chau-phu", "fw-tinh"),
    whole=True,
    legal_profile="2026",
    rules_version="1",
    tool_version="0.1.0",
    nmap_version="7.93",
    readings_changed={"retention_gap_h": 48},
    scope={"sites": []},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hnth.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{path}") as opened:
        yield opened


def document(content: str = "Encryption: On\n", source: str = "xConfiguration") -> Document:
    return Document(content.encode(), source, "C", NOW, "may-quet")


def finding(outcome: Outcome = Outcome.FAIL, requirement: str = "D11.1-b") -> Finding:
    return Finding(
        requirement=requirement,
        subject=Subject("device", "mcu-tinh"),
        outcome=outcome,
        severity="S2",
        reason=Text(vi="lý do", en="reason"),
        remedy=None,
        citations=(document().cite(1),),
        fingerprint=requirement,
    )


def test_a_run_is_listed_with_its_devices_and_plan(store: Store) -> None:
    run = store.begin_run(PLAN, NOW)
    assert run.startswith("20261123-093015-")  # Asia/Ho_Chi_Minh
    assert store.run(run).plan == PLAN
    assert store.run(run).started == NOW
    assert [d.state for d in store.devices(run)] == ["pending"] * 3
    (summary,) = store.runs()
    assert (summary.id, summary.status, summary.devices) == (run, "running", {"pending": 3})
    assert summary.counts == {}
    assert store.findings(run) == ()


def test_a_device_comes_back_as_it_was_saved(store: Store) -> None:
    run = store.begin_run(PLAN, NOW)
    doc = document()
    facts = Facts(
        {
            "call.auto_answer": Known(False, (doc.cite(1),)),
            "call.active": Unknown(Text(vi="không đọc được", en="not readable")),
        },
        absent=Text(vi="họ thiết bị này không cho biết", en="this family does not tell"),
    )
    line = UnreadLine(3, "weird line", "unknown word")
    store.save_device(
        run,
        "mcu-tinh",
        [doc, document("other")],
        facts,
        unread=[(doc, line)],
        started=NOW,
        finished=NOW + timedelta(minutes=1),
    )
    again = store.facts(run)
    assert list(again) == list(PLAN.devices)
    assert again["mcu-tinh"] == facts
    assert again["mcu-tinh"]["tls.min_version"] == Unknown(facts.absent)
    assert again["fw-tinh"]["filters"] == Unknown(NOT_ASKED)
    assert [(i.device, i.source, i.captured, i.size) for i in store.evidence_items(run)] == [
        ("mcu-tinh", "xConfiguration", NOW, 15),
        ("mcu-tinh", "xConfiguration", NOW, 5),
    ]
    assert store.evidence(doc.sha256) == doc.content
    assert [(u.device, u.line, u.why) for u in store.unread(run)] == [
        ("mcu-tinh", 3, "unknown word")
    ]
    assert store.devices(run)[0] == DeviceStatus(
        "mcu-tinh", "done", None, NOW, NOW + timedelta(minutes=1)
    )


def test_the_same_bytes_are_kept_once(store: Store, path: Path) -> None:
    run = store.begin_run(PLAN)
    for device in PLAN.devices:
        store.save_device(run, device, [document(), document()], Facts())
    assert len(store.evidence_items(run)) == 6
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM evidence").fetchone() == (1,)


def test_a_failed_device_is_unknown_for_the_reason_of_the_failure(store: Store) -> None:
    run = store.begin_run(PLAN)
    store.save_device(run, "vcs-chau-phu", [], Facts(), OFF)
    assert store.devices(run)[1].state == "failed"
    assert store.devices(run)[1].reason == OFF
    assert store.facts(run)["vcs-chau-phu"]["call.active"] == Unknown(OFF)


def test_resuming_skips_what_is_done_and_asks_failed_devices_again(store: Store) -> None:
    run = store.begin_run(PLAN)
    store.save_device(run, "mcu-tinh", [document()], Facts())
    store.save_device(
        run, "vcs-chau-phu", [document("half")], Facts({"call.active": Known(1)}), OFF
    )
    store.finish_run(run, "interrupted")
    assert store.latest_run("interrupted", "running") is not None
    assert store.resume_run(run) == {"mcu-tinh"}
    assert store.run(run).status == "running"
    store.save_device(run, "vcs-chau-phu", [document("whole")], Facts({"call.active": Known(0)}))
    assert store.facts(run)["vcs-chau-phu"] == Facts({"call.active": Known(0)})
    assert store.facts(run)["vcs-chau-phu"].absent == NOT_REPORTED
    assert [i.size for i in store.evidence_items(run)] == [15, 5]
    store.finish_run(run)
    with pytest.raises(StoreError, match="has finished"):
        store.resume_run(run)


def test_a_fact_of_the_wrong_type_is_recorded_as_unknown(store: Store) -> None:
    run = store.begin_run(PLAN)
    facts = Facts({"call.active": Known("many"), "call.auto_answer": Known(True)})
    store.save_device(run, "mcu-tinh", [], facts)
    kept = store.facts(run)["mcu-tinh"]
    assert isinstance(kept["call.active"], Unknown)
    assert kept["call.auto_answer"] == Known(True)


def test_a_fact_that_another_version_knew_is_passed_over(store: Store, path: Path) -> None:
    run = store.begin_run(PLAN)
    store.save_device(run, "mcu-tinh", [document()], Facts({"call.active": Known(1)}))
    with sqlite3.connect(path) as raw:
        columns = [column[1] for column in raw.execute("PRAGMA table_info(facts)")]
        values = ["'forwarding'" if column == "name" else column for column in columns]
        raw.execute(
            f"INSERT INTO facts ({', '.join(columns)}) SELECT {', '.join(values)} FROM facts"
        )
    assert store.facts(run)["mcu-tinh"] == Facts({"call.active": Known(1)})


def test_results_are_never_replaced(store: Store) -> None:
    run = store.begin_run(PLAN)
    store.save_device(run, "mcu-tinh", [document()], Facts({"call.active": Known(1)}))
    with pytest.raises(StoreError, match="already recorded"):
        store.save_device(run, "mcu-tinh", [], Facts({"call.active": Known(0)}))
    assert store.facts(run)["mcu-tinh"]["call.active"] == Known(1)


def test_a_device_outside_the_plan_is_refused(store: Store) -> None:
    run = store.begin_run(PLAN)
    with pytest.raises(StoreError, match="does not belong"):
        store.save_device(run, "mcu-tin", [], Facts())


def test_judging_again_adds_a_generation(store: Store) -> None:
    run = store.begin_run(PLAN)
    first = [finding(), finding(Outcome.UND, "D11.1-c")]
    assert store.save_findings(run, first, judged=NOW) == 1
    assert store.save_findings(run, [finding(Outcome.PASS)], rules_version="2") == 2
    assert store.findings(run) == (finding(Outcome.PASS),)
    assert store.findings(run, 1) == tuple(first)
    assert store.runs()[0].counts == {Outcome.PASS: 1}
    judgement = store.judgement(run)
    assert judgement is not None
    assert (judgement.generation, judgement.rules_version) == (2, "2")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE findings SET outcome = 'PASS'",
        "DELETE FROM findings",
        "UPDATE facts SET body = ''",
        "DELETE FROM evidence",
        "UPDATE evidence_items SET source = ''",
        "DELETE FROM judgements",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(
    store: Store, path: Path, statement: str
) -> None:
    run = store.begin_run(PLAN)
    store.save_device(run, "mcu-tinh", [document()], Facts({"call.active": Known(1)}))
    store.save_findings(run, [finding()])
    with sqlite3.connect(path) as raw, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        raw.execute(statement)
    assert store.findings(run) == (finding(),)


def test_changed_evidence_is_noticed(store: Store, path: Path) -> None:
    run = store.begin_run(PLAN)
    doc = document()
    store.save_device(run, "mcu-tinh", [doc], Facts())
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER evidence_no_update")
        raw.execute("UPDATE evidence SET packed = x'00'")
    with pytest.raises(StoreError, match="changed after it was recorded"):
        store.evidence(doc.sha256)
    with pytest.raises(StoreError, match="no evidence"):
        store.evidence("0" * 64)


def test_only_complete_runs_count_as_checks(store: Store) -> None:
    def run(plan: RunPlan, started: datetime, *, off: bool = False, end: bool = True) -> str:
        run_id = store.begin_run(plan, started)
        for device in plan.devices:
            store.save_device(run_id, device, [], Facts(), OFF if off else None)
        if end:
            store.finish_run(run_id, finished=started + timedelta(hours=20))
        return run_id

    year = timedelta(days=365)
    complete = run(PLAN, NOW - year)
    older = run(PLAN, NOW - 2 * year)
    run(PLAN, NOW - year / 2, off=True)
    run(replace(PLAN, whole=False), NOW - year / 3)
    run(PLAN, NOW - year / 4, end=False)
    current = run(PLAN, NOW)
    found = store.completed_checks(store.run(current).started)
    assert [check.source for check in found] == [older, complete]
    # 02:30 UTC and 20 hours: the next day in Viet Nam
    assert found[1].ended == date(2025, 11, 24)
    assert not found[1].attested


def test_a_run_that_does_not_exist_is_named(store: Store) -> None:
    with pytest.raises(NoSuchRun, match="20200101-000000-0000"):
        store.facts("20200101-000000-0000")


def test_runs_are_listed_newest_first(store: Store) -> None:
    days = [store.begin_run(PLAN, NOW + timedelta(days=n)) for n in (0, 2, 1)]
    assert [r.id for r in store.runs()] == [days[1], days[2], days[0]]
    store.finish_run(days[0])
    latest = store.latest_run("finished")
    assert latest is not None
    assert latest.id == days[0]


def test_times_need_a_zone(store: Store) -> None:
    run = store.begin_run(PLAN)
    bare = replace(document(), captured=datetime(2026, 1, 1))
    with pytest.raises(Exception, match="time zone"):
        store.save_device(run, "mcu-tinh", [bare], Facts())
    assert store.devices(run)[0].state == "pending"
    assert store.evidence_items(run) == ()


def test_many_threads_save_at_once(store: Store) -> None:
    plan = replace(PLAN, devices=tuple(f"vcs-{n}" for n in range(24)))
    run = store.begin_run(plan)
    errors: list[BaseException] = []

    def save(numbers: range) -> None:
        try:
            for n in numbers:
                facts = Facts({"call.active": Known(n)})
                store.save_device(run, f"vcs-{n}", [document(str(n) * 1000)], facts)
                store.devices(run)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    threads = [threading.Thread(target=save, args=(range(k, 24, 6),)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert {d.state for d in store.devices(run)} == {"done"}
    assert [f["call.active"] for f in store.facts(run).values()] == [Known(n) for n in range(24)]
