"""The page docs/configurations.md: how much of real network configurations is read."""

from __future__ import annotations

import json
from typing import Any

from tools.record_configurations import RECORD


def page() -> str:
    """The whole page, from the record. Needs nothing outside this repository."""
    record: dict[str, dict[str, Any]] = json.loads(RECORD.read_text(encoding="utf-8"))
    lines = [
        "<!-- Written by tools/refresh_docs.py from tools/configurations.json. -->",
        "",
        "# Network configurations",
        "",
        "What is understood of configurations that real devices or other projects' tests hold. A "
        "line is *read* when a fact rests on it or when it decides what passes; *irrelevant* when "
        "it is known to say nothing about any fact; *unread* otherwise. An unread line that could "
        "change what passes makes every answer it could touch unknown. `hnth facts FILE` lists the "
        "unread lines of a file, `hnth packet FILE` asks its filters.",
        "",
        "| folder | family | files | recognised by content | filters read | lines read "
        "| irrelevant | unread | unread, % |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(folder, told) for folder, told in sorted(record.items())),
        "",
        "Many of the files are fragments that test one command of another program: a file that "
        "says too little is not recognised and is read when its family is named with `--platform`.",
    ]
    return "\n".join(lines) + "\n"


def _row(folder: str, told: dict[str, Any]) -> str:
    read, irrelevant, unread = (told.get(name, 0) for name in ("read", "irrelevant", "unread"))
    total = read + irrelevant + unread
    share = f"{100 * unread / total:.1f}" if total else "–"
    cells = (
        *(f"`{folder}`", f"`{told['family']}`", told.get("files", 0), told.get("recognised", 0)),
        *(told.get("filters", 0), f"{read:,}", f"{irrelevant:,}", f"{unread:,}", share),
    )
    return "| " + " | ".join(map(str, cells)) + " |"
