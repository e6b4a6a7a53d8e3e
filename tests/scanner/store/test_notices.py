"""Observations are kept beside a judgement, shown in the report, and counted nowhere."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.model import Inventory
from inventory.text import Text
from reports import html, json_findings
from rules.facts import Citation
from rules.model import Subject
from rules.notice import Notice
from scanner.store import RunPlan, Store
from scanner.store.as_report import report_of

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
NOTICE = Notice(
    kind="stored-readable",
    requirement="D11.2-a",
    subject=Subject("device", "fw"),
    severity="S3",
    text=Text(vi="lưu mật khẩu đọc lại được: <b>kt</b>", en="keeps readable passwords: <b>kt</b>"),
    remedy=Text(vi="Đổi các mật khẩu này.", en="Change these passwords."),
    citations=(Citation("C", "show running-config", 7, "username kt password 7"),),
    site="trung-tam",
    device="fw",
    fact="credentials.storage",
)
INVENTORY = Inventory.model_validate(
    {
        "organisation": {"name": "Trung tâm", "province": "An Giang"},
        "sites": [{"id": "trung-tam", "name": "Trung tâm dữ liệu", "level": "province"}],
        "devices": [{"id": "fw", "kind": "firewall", "site": "trung-tam", "address": "10.67.10.1"}],
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(str(tmp_path / "hnth.db"))


def judged(store: Store, *notices: Notice) -> str:
    plan = RunPlan("x", ("fw",), True, "auto", "1", "0.1.0", "7.93", {})
    run = store.begin_run(plan, NOW)
    store.finish_run(run, finished=NOW)
    store.save_findings(run, (), notices=notices)
    return run


def test_they_come_back_as_they_were(store: Store) -> None:
    other = dataclasses.replace(NOTICE, kind="weak-policy", citations=(), fact=None)
    run = judged(store, NOTICE, other)
    assert store.notices(run) == (NOTICE, other)
    store.save_findings(run, ())
    assert store.notices(run) == ()


def test_nobody_can_change_them(store: Store, tmp_path: Path) -> None:
    judged(store, NOTICE)
    with (
        sqlite3.connect(tmp_path / "hnth.db") as raw,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        raw.execute("DELETE FROM notices")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_report_shows_them(store: Store, language: str) -> None:
    report = report_of(store, judged(store, NOTICE), INVENTORY)
    page = html.render(report, "vi" if language == "vi" else "en")
    for text in (NOTICE.text, NOTICE.remedy):
        said = text.in_language(language).replace("<", "&lt;").replace(">", "&gt;")
        assert said in page
    assert "username kt password 7" in page
    assert "<b>kt</b>" not in page


def test_a_report_without_any_has_no_such_part(store: Store) -> None:
    page = html.render(report_of(store, judged(store), INVENTORY))
    assert 'id="notices"' not in page


def test_programs_read_them_and_no_count_holds_them(store: Store) -> None:
    document = json_findings.render(report_of(store, judged(store, NOTICE), INVENTORY))
    (written,) = document["observations"]
    assert written["kind"] == "stored-readable"
    assert written["subject"] == {"kind": "device", "id": "fw"}
    assert written["severity"] == "S3"
    assert written["text"]["en"] == NOTICE.text.en
    assert written["evidence"][0]["line"] == 7
    assert written["fingerprint"] == NOTICE.fingerprint
    assert sum(document["counts"].values()) == 0
    again = json_findings.FindingsDocument.model_validate(document)
    assert len(again.observations) == 1


def test_a_database_from_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "hnth.db"
    with Store.open(str(path)) as store:
        run = judged(store)
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE notices")
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    with Store.open(str(path)) as store:
        assert store.notices(run) == ()
        store.save_findings(run, (), notices=(NOTICE,))
        assert store.notices(run) == (NOTICE,)
