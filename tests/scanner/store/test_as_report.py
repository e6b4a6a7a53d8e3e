"""A stored run becomes a report, complete."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.model import Inventory
from inventory.text import Text
from reports import html, json_findings
from rules.facts import Facts, Known
from rules.model import Finding, Outcome, Subject
from rules.network_facts import UnreadLine
from scanner.evidence import Document
from scanner.store import NoSuchRun, RunPlan, Store, StoreError
from scanner.store.as_report import report_of

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
OFF = Text(vi="thiết bị đang tắt hoặc không kết nối được", en="switched off or unreachable")
INVENTORY = Inventory.model_validate(
    {
        "organisation": {"name": "Trung tâm", "province": "An Giang"},
        "sites": [{"id": "trung-tam", "name": "Trung tâm dữ liệu", "level": "province"}],
        "devices": [
            {"id": "mcu-tinh", "kind": "mcu", "site": "trung-tam", "address": "10.67.10.10"},
            {"id": "vcs-tinh", "kind": "vcs", "site": "trung-tam", "address": "10.67.10.11"},
        ],
    }
)


def run_in(store: Store) -> str:
    plan = RunPlan("x", ("mcu-tinh", "vcs-tinh"), True, "auto", "1", "0.1.0", "7.93", {"a": 1})
    run = store.begin_run(plan, NOW)
    document = Document(b"Telnet: on\n", "show services", "C", NOW, "may-quet")
    store.save_device(
        run,
        "mcu-tinh",
        [document],
        Facts({"service.telnet.enabled": Known(True, (document.cite(1),))}),
        unread=[(document, UnreadLine(1, "odd", "unknown word"))],
    )
    store.save_device(run, "vcs-tinh", [], Facts(), OFF)
    store.finish_run(run, finished=NOW)
    return run


def finding(run: str) -> Finding:
    return Finding(
        "D11.1-d",
        Subject("device", "mcu-tinh"),
        Outcome.FAIL,
        "S1",
        Text(vi="telnet đang bật", en="telnet is on"),
        Text(vi="Tắt telnet.", en="Turn telnet off."),
        (Document(b"Telnet: on\n", "show services", "C", NOW, "may-quet").cite(1),),
        "f" * 32,
        site="trung-tam",
        device="mcu-tinh",
    )


def test_everything_that_was_stored_is_in_the_report(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "hnth.db")) as store:
        run = run_in(store)
        store.save_findings(run, [finding(run)], rules_version="2", judged=NOW)
        report = report_of(store, run, INVENTORY)
    assert (report.run.id, report.run.rules_version, report.run.judged) == (run, "2", NOW)
    assert report.run.readings_changed == {"a": 1}
    assert [(d.id, d.state) for d in report.devices] == [
        ("mcu-tinh", "done"),
        ("vcs-tinh", "failed"),
    ]
    assert report.findings == (finding(run),)
    assert [e.source for e in report.evidence] == ["show services"]
    assert report.unread[0].why == "unknown word"
    telnet = report.network["mcu-tinh"]["service.telnet.enabled"]
    assert isinstance(telnet, Known)
    assert telnet.value is True
    page = html.render(report)
    assert f'href="#e-{report.evidence[0].sha256}"' in page
    assert OFF.vi in page
    assert json_findings.render(report)["counts"]["FAIL"] == 1


def test_a_run_that_was_not_judged_says_what_to_do(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "hnth.db")) as store:
        run = run_in(store)
        with pytest.raises(StoreError, match=f"hnth judge {run}"):
            report_of(store, run, INVENTORY)
        with pytest.raises(NoSuchRun):
            report_of(store, "20200101-000000-0000", INVENTORY)
