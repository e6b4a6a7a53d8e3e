"""Everything sent is written down, in order, by many threads, for the owner's eyes."""

import errno
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.collect.journal import FileJournal, JournalError, NullJournal


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_line_is_readable_before_the_journal_is_closed(tmp_path):
    path = tmp_path / "journal.jsonl"
    with FileJournal(path, lambda: datetime(2026, 3, 1, 7, 0, 0, 5000, UTC)) as journal:
        journal.sent("mcu-tinh", "ssh", "user list")
        assert lines(path) == [
            {
                "time": "2026-03-01T07:00:00.005+00:00",
                "device": "mcu-tinh",
                "transport": "ssh",
                "sent": "user list",
            }
        ]


def test_a_second_run_appends_and_the_file_is_private(tmp_path):
    path = tmp_path / "journal.jsonl"
    for what in ("một", "two\nlines\x1b[31m"):
        with FileJournal(path) as journal:
            journal.sent("d", "ssh", what)
    assert [line["sent"] for line in lines(path)] == ["một", "two\nlines\x1b[31m"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "\x1b" not in path.read_text("utf-8")


def test_lines_of_many_threads_stay_whole(tmp_path):
    path = tmp_path / "journal.jsonl"
    with FileJournal(path) as journal:
        threads = [
            threading.Thread(target=lambda: [journal.sent("d", "ssh", "x" * 500)] * 1)
            for _ in range(40)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(lines(path)) == 40


def test_the_null_journal_keeps_nothing():
    NullJournal().sent("d", "ssh", "x")


def test_a_full_disk_is_one_clear_message_and_closing_says_no_more():
    with FileJournal(Path("/dev/full")) as journal, pytest.raises(JournalError) as told:
        journal.sent("d", "ssh", "x")
    assert "disk is full" in told.value.text.en
    assert "đĩa đã đầy" in told.value.text.vi


def test_a_line_that_was_cut_short_leaves_nothing_behind(tmp_path, monkeypatch):
    path, really_write = tmp_path / "journal.jsonl", os.write

    def write_nine_bytes_and_no_more(descriptor, line):
        if not line.startswith(b"{"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return really_write(descriptor, line[:9])

    with FileJournal(path) as journal:
        journal.sent("d", "ssh", "whole")
        with monkeypatch.context() as full:
            full.setattr(os, "write", write_nine_bytes_and_no_more)
            with pytest.raises(JournalError):
                journal.sent("d", "ssh", "cut")
        journal.sent("d", "ssh", "next")
    assert [line["sent"] for line in lines(path)] == ["whole", "next"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError) as told:
        FileJournal(tmp_path / "file" / "journal.jsonl")
    assert str(tmp_path / "file") in told.value.text.en
