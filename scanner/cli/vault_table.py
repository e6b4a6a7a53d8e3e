"""The entries of a vault as a table for people; no secret is in it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as Cell

from inventory.text import Text
from rules.model import OUTCOME_NAMES, Outcome, worst

_HEADS = (
    Text(vi="Mục", en="Entry"),
    Text(vi="Tài khoản", en="Account"),
    Text(vi="Thiết bị", en="Device"),
    Text(vi="Đổi ngày", en="Changed"),
    Text(vi="Hạn đổi", en="Due"),
    Text(vi="Kết luận", en="Verdict"),
)
_OVERDUE = Text(vi="quá hạn", en="overdue")
_ROTATING = Text(vi="đang chờ xác nhận mật khẩu mới", en="a new password waits to be confirmed")
_NOT_JUDGED = Text(vi="chưa kiểm tra", en="not judged")


def print_entries(rows: list[dict[str, Any]], lang: str) -> None:
    """One line per entry on standard output."""
    table = Table(*(head.in_language(lang) for head in _HEADS), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Cell(text) for text in _cells(row, lang)))
    Console(soft_wrap=False).print(table)


def _cells(row: dict[str, Any], lang: str) -> tuple[str, ...]:
    late = f" ({_OVERDUE.in_language(lang)})" if row["overdue"] else ""
    return (
        row["name"],
        row["account"] or "–",
        row["device"] or "–",
        row["changed"] or "–",
        (row["due"] or "–") + late,
        _verdict(row, lang),
    )


def _verdict(row: dict[str, Any], lang: str) -> str:
    waiting = f"; {_ROTATING.in_language(lang)}" if row["rotating"] else ""
    if not row["verdicts"]:
        return _NOT_JUDGED.in_language(lang) + waiting
    outcome = worst([Outcome(v) for v in row["verdicts"].values()])
    missed = [item for item, v in row["verdicts"].items() if v != Outcome.PASS]
    said = OUTCOME_NAMES[outcome].in_language(lang)
    return said + (f" ({', '.join(missed)})" if missed else "") + waiting
