"""`hnth packet CONFIG...`: would this packet pass, and which line says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.text import Text
from scanner.cli.completion import families
from scanner.cli.speech import give_up, language, say
from scanner.evidence import printable

if TYPE_CHECKING:
    from scanner.packet_questions import Filter

UNREADABLE, UNTOLD = 2, 3


def packet(
    files: Annotated[
        list[Path], typer.Argument(metavar="CONFIG...", help="Configuration files of one device.")
    ],
    entering: Annotated[
        str | None, typer.Option("--from", metavar="IF|ZONE", help="Where the packet comes in.")
    ] = None,
    leaving: Annotated[
        str | None, typer.Option("--to", metavar="IF|ZONE", help="Where the packet goes out.")
    ] = None,
    source: Annotated[str | None, typer.Option("--src", help="Source address.")] = None,
    destination: Annotated[str | None, typer.Option("--dst", help="Destination address.")] = None,
    protocol: Annotated[
        str, typer.Option("--proto", help="tcp, udp, icmp, another name, or a number.")
    ] = "tcp",
    source_port: Annotated[
        int | None, typer.Option("--sport", help="Source port; for ICMP the type.")
    ] = None,
    destination_port: Annotated[
        int | None, typer.Option("--dport", help="Destination port; for ICMP the code.")
    ] = None,
    state: Annotated[
        str, typer.Option(help="new, established, related, invalid or untracked.")
    ] = "new",
    batch: Annotated[
        str | None,
        typer.Option(metavar="-", help="Questions as JSON lines, from a file or standard input."),
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform", "-p", autocompletion=families, help="Device family; default: by content."
        ),
    ] = None,
    idle: Annotated[
        bool, typer.Option("--idle-lines", help="Instead: the lines that have no effect.")
    ] = False,
    compare: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="NEW", help="Instead: what this version newly permits and blocks; repeatable."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Tell whether a packet passes a device's filters, which line decides, and through what.

    Exit status 0 when it can be told, 3 when it cannot.

    Example: hnth packet fw.conf --src 203.0.113.9 --dst 10.67.10.10 --dport 443
    """
    from scanner.packet_questions import BadQuestion, question  # noqa: PLC0415 - heavy parts

    filters = _filters(files, platform)
    if idle or compare:
        from scanner.cli.filter_questions import (  # noqa: PLC0415
            show_difference,
            show_idle_lines,
        )

        if compare:
            new = _filters(compare, platform)
            raise typer.Exit(show_difference(filters, new, as_json))
        raise typer.Exit(show_idle_lines(filters, as_json))
    if batch is not None:
        _answer_all(filters, batch)
        return
    fields = {
        "from": entering,
        "to": leaving,
        "src": source,
        "dst": destination,
        "proto": protocol,
        "sport": source_port,
        "dport": destination_port,
        "state": state,
    }
    try:
        asked = question({name: value for name, value in fields.items() if value is not None})
    except BadQuestion as error:
        raise give_up(error.reason) from None
    answer = filters.answer(asked)
    if as_json or not sys.stdout.isatty():
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        _show(answer)
    raise typer.Exit(UNTOLD if answer["action"] == "unknown" else 0)


def _filters(files: list[Path], platform: str | None) -> Filter:
    from scanner.cli.facts import understood  # noqa: PLC0415
    from scanner.packet_questions import Filter, NoFilter  # noqa: PLC0415
    from scanner.saved_files import load  # noqa: PLC0415

    saved = load(files)
    for one in saved.refused:
        say(f"{one.file}: {one.reason.vi}", f"{one.file}: {one.reason.en}")
    if saved.refused or not saved.documents:
        # a file that is missing could hold the line that decides
        raise typer.Exit(UNREADABLE)
    read = understood(saved, platform)
    try:
        return Filter.of(read.reading.facts, read.platform.title)
    except NoFilter as error:
        raise give_up(error.reason) from None


def _answer_all(filters: Filter, batch: str) -> None:
    """One JSON line for each line, in order; a question that is none is answered as such."""
    from scanner.packet_questions import BadQuestion, question  # noqa: PLC0415

    write = sys.stdout.write
    for line in _lines(batch):
        try:
            answer: dict[str, Any] = filters.answer(question(_decoded(line)))
        except BadQuestion as error:
            answer = {"error": error.reason.in_language(language())}
        write(json.dumps(answer, ensure_ascii=False) + "\n")


def _lines(batch: str) -> Iterator[str]:
    if batch == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    try:
        with Path(batch).open(encoding="utf-8") as file:
            yield from (line for line in file if line.strip())
    except (OSError, UnicodeDecodeError):
        raise give_up(_NO_BATCH.format(file=batch)) from None


def _decoded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _show(answer: dict[str, Any]) -> None:
    words = {"permit": ("CHO QUA", "PERMIT"), "deny": ("CHẶN", "DENY")}
    vi, en = words.get(answer["action"], ("CHƯA XÁC ĐỊNH ĐƯỢC", "CANNOT TELL"))
    typer.echo(vi if language() == "vi" else en)
    for step in answer["path"]:
        typer.echo(f"  {step['file']}:{step['line']}: {printable(step['text'])}")
    if answer["line"] is not None:
        typer.echo(f"  {answer['file']}:{answer['line']}: {printable(answer['text'])}")
    if answer["why"]:
        typer.echo(f"  {printable(answer['why'])}")


_NO_BATCH = Text(
    vi="Không đọc được {file}; hãy nêu một tệp văn bản UTF-8, mỗi dòng một câu hỏi JSON, hoặc -.",
    en="{file} cannot be read; name a UTF-8 text file with one JSON question a line, or -.",
)
