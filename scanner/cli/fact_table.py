"""Facts on a terminal: what is known with its line, then what is not and why, then what is left."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from scanner.evidence import printable

_WIDEST = 400
"""Characters shown of one value; the JSON output has all of it."""

_MOST = 50
"""Unread lines shown; the JSON output has all of them."""


def print_facts(document: dict[str, Any], title: str, lang: str) -> None:
    """The document of `reports.json_facts` for people, without anything that steers a terminal."""
    vi = lang == "vi"
    console = Console()

    def line(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    facts = document["facts"]
    known = {name: fact for name, fact in facts.items() if "value" in fact}
    line(f"{document['platform']} ({title})")
    if known:
        console.print(_known(known, vi), markup=False, highlight=False)
    unknown = {name: fact["unknown"] for name, fact in facts.items() if name not in known}
    if unknown:
        line("\n" + ("Chưa xác định được:" if vi else "Unknown:"))
        for name, reason in unknown.items():
            line(f"  {name}: {printable(reason)}")
    if document["unread"]:
        line("\n" + ("Chưa đọc được:" if vi else "Not read:"))
        for left in document["unread"][:_MOST]:
            said = f"{_place(left)}: {left['why']}"
            said += f": {left['text']}" if left["text"] else ""
            line("  " + printable(said, _WIDEST))
        more = len(document["unread"]) - _MOST
        if more > 0:
            line(f"  … và {more} mục nữa: --json" if vi else f"  … and {more} more: --json")


def _known(known: dict[str, Any], vi: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Dữ kiện" if vi else "Fact", no_wrap=True)
    table.add_column("Giá trị" if vi else "Value", overflow="fold")
    table.add_column("Tệp:dòng" if vi else "File:line", overflow="fold")
    for name, fact in known.items():
        value = fact["value"]
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        table.add_row(name, _plain(printable(said, _WIDEST)), _plain(_place(fact)))
    return table


def _plain(text: str) -> Any:
    from rich.text import Text  # noqa: PLC0415 - a cell of this type is never read as markup

    return Text(text)


def _place(cited: dict[str, Any]) -> str:
    if cited["file"] is None:
        return "–"
    return cited["file"] if cited["line"] is None else f"{cited['file']}:{cited['line']}"
