"""`hnth attest` and `hnth waive`: the entry is written whole, or one message says why not."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inventory.load import load
from scanner.cli import _register, app, document_entry
from scanner.cli.speech import choose_language
from scanner.cli.waive import _today

_register()

PLAN = """\
# kept as it is
organisation: {name: Đơn vị, province: Tỉnh}
sites: [{id: tt, name: Trung tâm, level: province}]
devices: [{id: mcu, kind: mcu, site: tt, address: 10.0.1.10}]
"""
PAPER = b"%PDF-1.4 xac nhan"


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "paper.pdf").write_bytes(PAPER)
    return tmp_path


def run(*arguments: str, lang: str = "en"):
    return CliRunner().invoke(app, ["--lang", lang, *arguments])


def options(given: dict[str, str | None]) -> list[str]:
    return [word for k, v in given.items() if v is not None for word in (f"--{k}", v)]


def attest(requirement: str = "D10.2-c", subject: str = "tt", **changes: str | None):
    given: dict[str, str | None] = {
        "number": "12/XN",
        "issued": "2026-01-05",
        "issuer": "Đơn vị viễn thông",
        "signer": "Giám đốc",
        "file": "paper.pdf",
        "entered-by": "Cán bộ đầu mối",
        "valid-to": "2999-12-31",
    }
    changed = {k.replace("_", "-"): v for k, v in changes.items()}
    return run("attest", requirement, subject, *options({**given, **changed}), "--json")


def waive(requirement: str = "D11.1-c", subject: str = "mcu", **changes: str | None):
    given: dict[str, str | None] = {
        "number": "1/QĐ",
        "issued": "2026-02-01",
        "approver": "Giám đốc",
        "reason": "chờ thay thiết bị",
        "expires": "2999-12-31",
    }
    return run("waive", requirement, subject, *options({**given, **changes}), "--json")


def test_a_document_is_recorded_with_the_digest_of_its_file(folder: Path) -> None:
    done = attest("d10.2-C", committed_kbps="4000", committed_back_kbps="2000")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["file"], said["section"]) == ("inventory.yaml", "attestations")
    (document,) = load(folder / "inventory.yaml").inventory.attestations
    assert document.model_dump(mode="json", exclude_none=True) == said["entry"]
    assert document.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert (document.requirement, document.committed_back_kbps) == ("D10.2-c", 2000)
    assert (folder / "inventory.yaml").read_text(encoding="utf-8").startswith(PLAN)
    assert "counts for nothing" not in done.stderr


def test_an_exception_is_recorded_and_said_to_stay_a_failure(folder: Path) -> None:
    done = waive(file="paper.pdf")
    assert done.exit_code == 0, done.output
    (waiver,) = load(folder / "inventory.yaml").inventory.waivers
    assert waiver.model_dump(mode="json") == json.loads(done.stdout)["entry"]
    assert waiver.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert "does not become a pass" in done.stderr


def test_an_exception_needs_no_file(folder: Path) -> None:
    assert waive(subject="mcu/admin", requirement="D11.2-b").exit_code == 0
    (waiver,) = load(folder / "inventory.yaml").inventory.waivers
    assert (waiver.subject, waiver.sha256) == ("mcu/admin", None)


def test_a_person_sees_the_entry_as_it_stands_in_the_file(folder: Path) -> None:
    arguments = ("waive", "D11.1-c", "mcu", "--number", "1", "--issued", "2026-02-01")
    more = ("--approver", "Giám đốc", "--reason", "chờ thay", "--expires", "2999-12-31")
    done = run(*arguments, *more, lang="vi")
    assert done.stdout in (folder / "inventory.yaml").read_text(encoding="utf-8")
    assert "Không đạt (có chấp thuận ngoại lệ)" in done.stderr


def test_a_document_of_another_time_is_recorded_with_a_warning(folder: Path) -> None:
    done = attest(issued="2019-01-05", valid_to=None)
    assert done.exit_code == 0
    assert "counts for nothing now" in done.stderr


def test_mark_mode_and_link_of_the_file_are_kept(folder: Path) -> None:
    real = folder / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    (folder / "inventory.yaml").unlink()
    (folder / "inventory.yaml").symlink_to(real)
    assert waive().exit_code == 0
    written = real.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf# kept as it is\r\n")
    assert written.count(b"\n") == written.count(b"\r\n")
    assert (folder / "inventory.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


YESTERDAY = (_today() - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        (attest, {"requirement": "D99.1-a"}, "is the id of no requirement"),
        (waive, {"requirement": "D12.9-a"}, "is the id of no requirement"),
        (attest, {"requirement": "D11.3-a"}, "D11.3-a is never met by a document"),
        (attest, {"requirement": "D10.2c-c"}, "D10.2c-c is never met by a document"),
        (attest, {"subject": "tx"}, 'there is no site with the id "tx"'),
        (attest, {"subject": "mcu"}, 'there is no site with the id "mcu"'),
        (attest, {"requirement": "D12.1-b"}, "is about the whole system; write: system"),
        (waive, {"subject": "mcv"}, 'did you mean "mcu"'),
        (waive, {"subject": "*"}, "neither the id of a device"),
        (attest, {"issued": "5/1/2026"}, 'did you mean "2026-01-05"'),
        (attest, {"issued": "2026-02-30"}, "issued: "),
        (attest, {"valid_to": "2026-01-01"}, "valid_to: ends on 2026-01-01, before"),
        (waive, {"expires": YESTERDAY}, "is in the past"),
        (waive, {"expires": "tomorrow"}, "expires: "),
        (waive, {"reason": ""}, "reason: must not be empty"),
        (attest, {"file": "none.pdf"}, "There is no file none.pdf"),
        (attest, {"file": "."}, "not a plain file"),
        (attest, {"file": "empty.pdf"}, "empty"),
        (attest, {"inventory": "none.yaml"}, "there is no such file"),
        (attest, {"committed_kbps": "4000", "requirement": "D10.2-b"}, "is for D10.2-c only"),
    ],
)
def test_bad_input_gives_one_message_and_changes_nothing(
    folder: Path, command, arguments: dict[str, str], said: str
) -> None:
    (folder / "empty.pdf").touch()
    done = command(**arguments)
    assert done.exit_code == 2
    assert (said in done.stderr, done.stdout) == (True, ""), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert (folder / "inventory.yaml").read_text(encoding="utf-8") == PLAN


def test_the_same_document_is_not_recorded_twice(folder: Path) -> None:
    assert waive().exit_code == 0
    before = (folder / "inventory.yaml").read_bytes()
    again = waive(expires="2999-01-01")
    assert (again.exit_code, "already has document 1/QĐ" in again.stderr) == (2, True)
    assert (folder / "inventory.yaml").read_bytes() == before
    assert waive(number="2/QĐ").exit_code == 0


def test_an_inventory_that_cannot_be_used_is_left_alone(folder: Path) -> None:
    broken = PLAN + "devises: []\n"
    (folder / "inventory.yaml").write_text(broken, encoding="utf-8")
    done = waive()
    assert (done.exit_code, 'did you mean "devices"' in done.stderr) == (2, True)
    assert (folder / "inventory.yaml").read_text(encoding="utf-8") == broken


def test_what_another_program_has_written_meanwhile_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = PLAN + "# of another program\n"

    def slow(*_: object) -> None:
        (folder / "inventory.yaml").write_text(theirs, encoding="utf-8")

    monkeypatch.setattr(document_entry, "_refuse_twice", slow)
    done = waive()
    assert (done.exit_code, "has just changed" in done.stderr) == (2, True)
    assert (folder / "inventory.yaml").read_text(encoding="utf-8") == theirs


def test_an_exception_may_end_today(folder: Path) -> None:
    assert waive(expires=_today().isoformat()).exit_code == 0
