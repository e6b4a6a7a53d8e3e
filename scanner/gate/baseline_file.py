"""The baseline as a file: JSON, one finding after the other, in an order that makes small diffs."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from inventory.text import Text
from scanner.evidence import printable
from scanner.gate.baseline import Baseline, Entry
from scanner.gate.identity import Identity
from scanner.gate.likeness import Sketch
from scanner.saved_files import shown

FORMAT = "hnth-gate-baseline"
VERSION = 1
MAX_BYTES = 32 * 1024 * 1024

_WORDS = ("requirement", "subject", "outcome", "severity", "file")
_LISTS = ("parts", "places", "guards")
_KEYS = frozenset({*_WORDS, *_LISTS, "date", "reason", "expires", "text"})


class WrongBaseline(ValueError):
    """The file cannot be used. `reason` says why and what to do."""

    def __init__(self, file: Path, why: Text) -> None:
        self.reason = Text(vi=f"{shown(file)}: {why.vi}", en=f"{shown(file)}: {why.en}")
        super().__init__(self.reason.en)


def load_baseline(file: Path) -> Baseline:
    """What the file holds. Raises `WrongBaseline`."""
    try:
        table = json.loads(_read(file).decode("utf-8"))
    except OSError as error:
        why = _UNREADABLE.format(why=error.strerror or type(error).__name__)
        raise WrongBaseline(file, why) from None
    except (ValueError, RecursionError):
        raise WrongBaseline(file, _NO_JSON) from None
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise WrongBaseline(file, _NO_BASELINE)
    if table.get("version") != VERSION:
        raise WrongBaseline(file, _OTHER_VERSION)
    rows, files = table.get("findings"), table.get("files", {})
    if not isinstance(rows, list) or not isinstance(files, dict):
        raise WrongBaseline(file, _NO_BASELINE)
    entries = tuple(_entry(row, number, file) for number, row in enumerate(rows, start=1))
    return Baseline(entries, {name: _sketch(words, file) for name, words in files.items()})


def as_text(baseline: Baseline) -> str:
    """The same text for the same baseline."""
    table = {
        "format": FORMAT,
        "version": VERSION,
        "findings": [_row(entry) for entry in baseline.entries],
        "files": {name: " ".join(words) for name, words in sorted((baseline.files or {}).items())},
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def _read(file: Path) -> bytes:
    # without O_NONBLOCK a pipe that nobody writes to would hold the program for ever
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise WrongBaseline(file, _NO_FILE)
        with open(descriptor, "rb", closefd=False) as opened:
            content = opened.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(content) > MAX_BYTES:
        raise WrongBaseline(file, _TOO_LARGE)
    return content


def _row(entry: Entry) -> dict[str, Any]:
    identity = entry.identity
    row: dict[str, Any] = {name: getattr(identity, name) for name in _WORDS}
    row |= {"date": entry.accepted.isoformat(), "expires": entry.expires.isoformat()}
    row |= {"reason": entry.reason, "text": entry.text}
    return row | {name: list(getattr(identity, name)) for name in _LISTS}


def _entry(row: object, number: int, file: Path) -> Entry:
    wrong = WrongBaseline(file, _ENTRY.format(number=number))
    if not isinstance(row, Mapping) or set(row) != _KEYS:
        raise wrong
    words = {name: row[name] for name in (*_WORDS, "reason", "text", "date", "expires")}
    lists = {name: row[name] for name in _LISTS}
    if not all(isinstance(value, str) for value in words.values()):
        raise wrong
    if not all(isinstance(v, list) and all(isinstance(w, str) for w in v) for v in lists.values()):
        raise wrong
    if not words["reason"].strip() or words["outcome"] not in {"FAIL", "UND"}:
        raise wrong
    try:
        since, until = (date.fromisoformat(words[name]) for name in ("date", "expires"))
    except ValueError:
        raise wrong from None
    plain: dict[str, Any] = {name: printable(words[name], 1000) for name in _WORDS}
    plain |= {name: tuple(sorted(value)) for name, value in lists.items()}
    identity = Identity(**plain)
    return Entry(identity, since, printable(words["reason"], 1000), until, printable(words["text"]))


def _sketch(words: object, file: Path) -> Sketch:
    if not isinstance(words, str):
        raise WrongBaseline(file, _NO_BASELINE)
    return tuple(sorted(words.split()))


_AGAIN = Text(
    vi="hãy lấy lại tệp từ kho mã nguồn hoặc ghi lại bằng --write-baseline",
    en="take it from the repository again, or write it anew with --write-baseline",
)
_UNREADABLE = Text(
    vi="không đọc được tệp chấp nhận tạm thời ({why}); " + _AGAIN.vi,
    en="the baseline cannot be read ({why}); " + _AGAIN.en,
)
_NO_FILE = Text(
    vi="không phải là tệp thông thường; " + _AGAIN.vi, en="is not a regular file; " + _AGAIN.en
)
_TOO_LARGE = Text(
    vi=f"lớn hơn {MAX_BYTES // 1024 // 1024} MB; " + _AGAIN.vi,
    en=f"is larger than {MAX_BYTES // 1024 // 1024} MB; " + _AGAIN.en,
)
_NO_JSON = Text(vi="không phải là JSON; " + _AGAIN.vi, en="is not JSON; " + _AGAIN.en)
_NO_BASELINE = Text(
    vi="không phải là tệp do hnth gate --write-baseline ghi; " + _AGAIN.vi,
    en="is no file that hnth gate --write-baseline has written; " + _AGAIN.en,
)
_OTHER_VERSION = Text(
    vi="do phiên bản khác của hnth ghi; " + _AGAIN.vi,
    en="was written by another version of hnth; " + _AGAIN.en,
)
_ENTRY = Text(
    vi="mục thứ {number} thiếu trường, thừa trường hoặc sai giá trị; " + _AGAIN.vi,
    en="entry {number} lacks a field, has one too many or a wrong value; " + _AGAIN.en,
)
