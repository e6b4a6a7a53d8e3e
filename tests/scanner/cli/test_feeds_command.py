"""`hnth feeds`: what it prints, in which order, and with which exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scanner.cli.feeds import feeds_app
from scanner.cli.speech import choose_language
from tests.scanner.feeds.feed_documents import FIRMWARE, as_bytes, kev, nvd, nvd_entry


@pytest.fixture(autouse=True)
def _language_of_the_locale_afterwards() -> Iterator[None]:
    choose_language("en")
    yield
    choose_language(None)


@pytest.fixture(autouse=True)
def _an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(feeds_app, list(arguments), input=stdin)


def test_import_then_status_then_match() -> None:
    Path("nvd.json").write_bytes(as_bytes(nvd(nvd_entry("CVE-2026-1001"))))
    Path("kev.json").write_bytes(as_bytes(kev("CVE-2026-1001")))
    done = run("import", "nvd.json", "kev.json", "--json")
    assert done.exit_code == 0
    assert [one["feed"] for one in json.loads(done.stdout)] == ["nvd", "kev"]
    assert Path("hnth-feeds.db").exists()
    feeds = json.loads(run("status", "--json").stdout)["feeds"]
    assert [(one["feed"], one["records"]) for one in feeds[:2]] == [("kev", 1), ("nvd", 1)]
    assert all(one["age_days"] is not None for one in feeds)
    found = run("match", "--family", "polycom-hdx", "--model", "HDX 8000", "--version", "3.1.13")
    assert found.exit_code == 1
    answers = {one["cve"]: one for one in json.loads(found.stdout)["vulnerabilities"]}
    assert answers["CVE-2026-1001"]["status"] == "affected"
    assert answers["CVE-2026-1001"]["exploited_since"] == "2024-05-06"


def test_a_bad_file_is_one_line_and_the_others_are_taken() -> None:
    Path("bad.yaml").write_text(FIRMWARE.replace('"3.1.15"', "3.10"))
    Path("good.yaml").write_text(FIRMWARE)
    done = run("import", "bad.yaml", "good.yaml")
    assert done.exit_code == 2
    (told, taken) = done.stderr.splitlines()
    assert told.startswith("bad.yaml, line 7: latest_version_known")
    assert taken.startswith("good.yaml: firmware-facts:province")


def test_status_without_import_names_what_ships() -> None:
    (feed,) = json.loads(run("status", "--json").stdout)["feeds"]
    assert feed["feed"] == "shipped"
    assert not Path("hnth-feeds.db").exists()


def test_given_files_answer_without_being_stored() -> None:
    Path("mine.yaml").write_text(FIRMWARE)
    found = run("match", "--model", "Polycom HDX 8000", "--version", "3.1.15", "--data",
                "mine.yaml")  # fmt: skip
    assert json.loads(found.stdout)["is_newest"] is True
    assert not Path("hnth-feeds.db").exists()


LINES = (
    '{"device": "Polycom HDX 8000", "version": "3.1.13"}\n'
    "\n"
    "no question\n"
    '{"device": "Toaster", "version": "1"}\n'
    '{"device": "HDX 8000", "family": "polycom-hdx", "version": "3.1.14"}'
)


def test_lines_are_answered_in_order() -> None:
    done = run("match", "--batch", "-", stdin=LINES)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["family"] for one in answers] == ["polycom-hdx", None, None, "polycom-hdx"]
    assert [bool(one["why"]) for one in answers[1:3]] == [True, True]
    assert done.exit_code == 2


STATUSES = {
    "affected": ('{"device": "Polycom HDX 8000", "version": "3.1.13"}', 1),
    "unknown": ('{"device": "Toaster", "version": "1"}', 3),
    "clean": ('{"device": "Poly EagleEye Director II", "version": "2.2.2.1"}', 0),
    "no UTF-8": (b"\xff\xfe\n", 2),
    "nothing asked": ("\n", 2),
}


@pytest.mark.parametrize(("stdin", "status"), STATUSES.values(), ids=STATUSES.keys())
def test_the_exit_status_of_a_batch(stdin: str | bytes, status: int) -> None:
    assert run("match", "--batch", "-", stdin=stdin).exit_code == status


def test_without_a_question_it_says_what_to_give() -> None:
    done = run("match", "--family", "polycom-hdx")
    assert done.exit_code == 2
    assert "--version" in done.stderr


def test_vietnamese() -> None:
    choose_language("vi")
    Path("bad.json").write_text("{}")
    assert "không phải dữ liệu mà hnth biết" in run("import", "bad.json").stderr
