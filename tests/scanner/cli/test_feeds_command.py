"""`hnth feeds`: what it prints, in which order, and with which exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scanner.cli.feeds import feeds_app
from scanner.cli.speech import choose_language
from scanner.feeds.errors import FeedError
from scanner.feeds.signatures import WHY, Signatures
from scanner.feeds.status import print_status, status_document
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


def test_a_signature_that_nobody_checked_is_said_and_kept() -> None:
    Path("kev.json").write_bytes(as_bytes(kev("CVE-2026-1001")))
    Path("kev.json.asc").write_text("a signature")
    done = run("import", "kev.json", "--json")
    assert done.exit_code == 0
    told = "kev.json: signature not checked (1 of 1 files): no keys were given (--keyring FILE)"
    assert told in done.stderr
    signed = {"files": 1, "good": 0, "unchecked": 1, "by": []}
    (taken,) = json.loads(done.stdout)
    assert taken["signatures"] == {**signed, "why": "no keys were given (--keyring FILE)"}
    feeds = json.loads(run("status", "--json").stdout)["feeds"]
    assert feeds[0]["imports"][0]["signatures"] == taken["signatures"]
    assert feeds[1]["imports"] == []


@pytest.mark.parametrize(("lang", "told"), [
    ("en", "kev: signature good (2 of 3 files), by AB12"),
    ("vi", "kev: chữ ký đúng (2/3 tệp), khóa AB12"),
])  # fmt: skip
def test_the_table_is_followed_by_what_signatures_are_worth(
    capsys: pytest.CaptureFixture[str], lang: str, told: str
) -> None:
    signed = {"kev": [Signatures(2, 1, 1, ("AB12",), "no-key"), Signatures(1, 1, 0, ("AB12",))]}
    print_status(status_document((), datetime(2026, 11, 24, tzinfo=UTC)), signed, lang)
    good, unchecked = capsys.readouterr().out.splitlines()[-2:]
    assert good == told
    assert unchecked.endswith(WHY["no-key"].in_language(lang))


def test_keys_that_cannot_be_used_end_the_import_before_it_begins() -> None:
    Path("kev.json").write_bytes(as_bytes(kev("CVE-2026-1001")))
    with pytest.raises(FeedError, match="--keyring"):
        CliRunner().invoke(
            feeds_app, ["import", "kev.json", "--keyring", "none"], catch_exceptions=False
        )
    assert not Path("hnth-feeds.db").exists()


def test_vietnamese() -> None:
    choose_language("vi")
    Path("bad.json").write_text("{}")
    assert "không phải dữ liệu mà hnth biết" in run("import", "bad.json").stderr
