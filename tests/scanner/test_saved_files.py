"""Saved files: what is taken is bounded and without secrets, what is not says why."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner import saved_files
from scanner.evidence import MAX_BYTES
from scanner.saved_files import load


def one(tmp_path: Path, content: bytes, name: str = "a.cfg"):
    path = tmp_path / name
    path.write_bytes(content)
    return load([path])


def test_a_file_becomes_evidence_of_class_o_named_as_given(tmp_path, monkeypatch) -> None:
    (tmp_path / "a.cfg").write_text("x: 1\n")
    os.utime(tmp_path / "a.cfg", (1_700_000_000, 1_700_000_000))
    monkeypatch.chdir(tmp_path)
    (document,) = load([Path("a.cfg")]).documents
    assert document.source == "a.cfg"
    assert document.evidence_class == "O"
    assert document.captured == datetime.fromtimestamp(1_700_000_000, UTC)
    assert document.content == b"x: 1\n"


def test_secrets_are_gone_before_anybody_reads(tmp_path) -> None:
    saved = one(tmp_path, b"name: a\nadmin password: Quite-Secret-1\nport: 22\n")
    assert b"Quite-Secret-1" not in saved.documents[0].content
    assert saved.documents[0].lines[2] == "port: 22"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_with_its_mark_is_text_with_the_same_lines_and_no_secrets(tmp_path, encoding) -> None:
    text = "\ufeffname: Phòng họp\r\npassword: Quite-Secret-1\r\nx: 1"
    (document,) = one(tmp_path, text.encode(encoding)).documents
    assert document.lines[0].endswith("Phòng họp")
    assert document.lines[2] == "x: 1"
    assert "Quite-Secret-1" not in document.text


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\t\n", "is empty"),
    "binary": (b"\x7fELF\x02\x00\x00", "is not text"),
    "a late NUL": (b"x: 1\n" * 9000 + b"\0", "is not text"),
    "half UTF-16": (b"\xff\xfea\0\0\xd8", "is not text"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_text_is_refused(tmp_path, content: bytes, why: str) -> None:
    saved = one(tmp_path, content)
    assert saved.documents == ()
    assert why in saved.refused[0].reason.en
    assert saved.refused[0].file == str(tmp_path / "a.cfg")


def test_a_recording_of_telnet_is_text(tmp_path) -> None:
    assert one(tmp_path, b"a\r\0\nb\n").documents[0].lines == ("a", "b", "")


def test_the_largest_file_is_taken_and_one_byte_more_is_not(tmp_path) -> None:
    line = b"x: 1\n"
    full = line * (MAX_BYTES // len(line))
    full += b"\n" * (MAX_BYTES - len(full))
    assert len(one(tmp_path, full).documents[0].content) == MAX_BYTES
    saved = one(tmp_path, full + b"\n")
    assert "larger than 8 MB" in saved.refused[0].reason.en


def test_a_huge_file_is_not_read_whole(tmp_path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert "larger than 8 MB" in load([path]).refused[0].reason.en


def test_all_files_together_are_bounded(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(saved_files, "MAX_TOTAL", 10)
    for name in "abc":
        (tmp_path / name).write_bytes(b"12345")
    saved = load([tmp_path / name for name in "abc"])
    assert len(saved.documents) == 2
    assert "one device" in saved.refused[0].reason.en


def test_missing_folder_and_pipe_are_told_apart_and_hold_nobody_up(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "good").write_text("x: 1")
    names = ("none", "pipe", "loop", "good")
    saved = load([tmp_path, *(tmp_path / name for name in names)])
    why = [one.reason.en for one in saved.refused]
    assert [document.source for document in saved.documents] == [str(tmp_path / "good")]
    assert "is a folder" in why[0]
    assert "no such file" in why[1]
    assert "not a regular file" in why[2]
    assert "cannot be read" in why[3]


def test_a_forbidden_file_says_so(tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(saved_files.os, "open", refuse)
    reason = load([tmp_path / "x"]).refused[0].reason
    assert "Permission denied" in reason.en
    assert "quyền đọc" in reason.vi


def test_a_name_that_steers_the_terminal_is_shown_without_that(tmp_path) -> None:
    path = tmp_path / "a\x1b[31m\u202eb"
    path.write_text("x: 1")
    assert load([path]).documents[0].source == f"{tmp_path}/a[31mb"


def test_a_name_that_is_not_utf8_can_be_written(tmp_path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))
    path.write_text("x: 1")
    load([path]).documents[0].source.encode("utf-8")
