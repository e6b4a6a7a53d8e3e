"""`hnth --show-config [COMMAND ...]`: every option, its value, and where the value came from."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import typer

from scanner.cli.settings import Shown, shown
from scanner.cli.speech import language


def show(context: typer.Context, as_json: bool) -> None:
    """Prints a table, or JSON: command -> option -> value and source."""
    words = [context.invoked_subcommand] if context.invoked_subcommand else []
    found = shown(context, [*words, *_behind(words)], context.obj)
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False, indent=1, default=str))
        return
    for command in dict.fromkeys(one.command for one in found):
        typer.echo(f"hnth {command}".rstrip())
        for one in found:
            if one.command == command:
                typer.echo(f"  {one.key} = {_spoken(one.value)}    ({_place(one.source)})")


def _behind(words: Sequence[str]) -> list[str]:
    """What stands behind the command on the command line."""
    given = sys.argv[1:]
    return given[given.index(words[0]) + 1 :] if words and words[0] in given else []


def _plain(found: Sequence[Shown]) -> dict[str, dict[str, dict[str, Any]]]:
    table: dict[str, dict[str, dict[str, Any]]] = {}
    for one in found:
        table.setdefault(one.command, {})[one.key] = {"value": one.value, "source": one.source}
    return table


def _place(source: str) -> str:
    """JSON keeps the English words, for programs."""
    return _VIETNAMESE.get(source, source) if language() == "vi" else source


def _spoken(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_VIETNAMESE = {"command line": "dòng lệnh", "default": "mặc định"}
