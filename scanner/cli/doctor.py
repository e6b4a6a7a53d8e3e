"""`hnth doctor`: what is missing on this machine and how to get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from scanner.cli.json_text import print_json
from scanner.cli.speech import language
from scanner.doctor import GROUP_NAMES, Check, examine, ready_for
from scanner.machine import ThisMachine

NOT_READY = 2


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell what is missing on this machine and how to get it.

    Exit status 0: everything that scanning needs is there; 2: something is missing.

    Example: hnth doctor
    """
    checks = examine(ThisMachine())
    if as_json:
        print_json(as_data(checks))
    else:
        typer.echo("\n".join(as_lines(checks, language())))
    if not ready_for("scan", checks):
        raise typer.Exit(NOT_READY)


def as_data(checks: Sequence[Check]) -> dict[str, Any]:
    """The result for machines; `remedy` is null where nothing is to be done."""
    return {
        "ready": {group: ready_for(group, checks) for group in ("scan", "demo")},
        "checks": [
            {
                "group": check.group,
                "name": check.name,
                "ok": check.ok,
                "found": check.found,
                "purpose": {"vi": check.purpose.vi, "en": check.purpose.en},
                "remedy": check.remedy and {"vi": check.remedy.vi, "en": check.remedy.en},
            }
            for check in checks
        ],
    }


def as_lines(checks: Sequence[Check], lang: str) -> list[str]:
    """The result for people: one line per need, and below a missing one what to type."""
    width = max(len(_name(check, lang)) for check in checks)
    lines: list[str] = []
    for group, title in GROUP_NAMES.items():
        lines.append(title.in_language(lang))
        for check in checks:
            if check.group == group:
                lines += _lines_of(check, width, lang)
        lines.append("")
    return [*lines, _conclusion(checks, lang)]


def _name(check: Check, lang: str) -> str:
    return check.label.in_language(lang) if check.label else check.name


def _lines_of(check: Check, width: int, lang: str) -> list[str]:
    mark = "✓" if check.ok else "✗"
    found = f" ({check.found})" if check.found else ""
    line = f"  {mark} {_name(check, lang):<{width}}  {check.purpose.in_language(lang)}{found}"
    if check.remedy is None:
        return [line]
    return [line, f"    {'':<{width}}  → {check.remedy.in_language(lang)}"]


def _conclusion(checks: Sequence[Check], lang: str) -> str:
    scan, demo = ready_for("scan", checks), ready_for("demo", checks)
    if lang == "vi":
        return (
            "Máy này chạy được hnth scan và hnth demo."
            if scan and demo
            else "Máy này chạy được hnth scan, chưa chạy được hnth demo."
            if scan
            else "Máy này chưa chạy được hnth scan."
        )
    return (
        "This machine is ready for hnth scan and hnth demo."
        if scan and demo
        else "This machine is ready for hnth scan, not yet for hnth demo."
        if scan
        else "This machine is not ready for hnth scan."
    )
