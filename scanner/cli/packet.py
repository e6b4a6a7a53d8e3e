"""`hnth packet CONFIG...`: would this packet pass, and which line says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.text import Text
from scanner.cli.completion import families
from scanner.cli.speech import give_up, language, say
from scanner.evidence import printable

if TYPE_CHECKING:
    from rules.facts import Fact
    from scanner.packet_questions import Filter
    from scanner.packet_ways import Network

UNREADABLE, UNTOLD = 2, 3


def packet(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="CONFIG...",
            help="Configuration files of one device, or of several that the packet passes.",
        ),
    ],
    entering: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="IF|ZONE",
            help="Where the packet comes in; of several devices A:IF, A being its file.",
        ),
    ] = None,
    leaving: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="IF|ZONE", help="Where the packet goes out; of several devices B:IF."
        ),
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
    link: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A:IF=B:IF",
            help="Where two devices are joined; default: by a shared subnet. Repeatable.",
        ),
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

    Several devices are asked one after the other. Exit status 0 when it can be told, 3 when not.

    Example: hnth packet fw.conf --src 203.0.113.9 --dst 10.67.10.10 --dport 443
    """
    from scanner.packet_questions import BadQuestion, question  # noqa: PLC0415 - heavy parts

    several = not (idle or compare) and _are_several(files, entering, leaving, link)
    if link and not several:
        raise give_up(_NO_LINK)
    if idle or compare:
        raise typer.Exit(_of_whole_filters(files, compare, platform, as_json))
    filters = _network(files, platform, link or []) if several else _read(files, platform)[0]
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
        answer = filters.answer(asked)
    except BadQuestion as error:
        raise give_up(error.reason) from None
    if as_json or not sys.stdout.isatty():
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        _show(answer)
    raise typer.Exit(UNTOLD if answer["action"] == "unknown" else 0)


def _of_whole_filters(
    files: list[Path], compare: list[Path] | None, platform: str | None, as_json: bool
) -> int:
    """Prints the lines without effect, or what another version changes; the exit status."""
    from scanner.cli.filter_questions import (  # noqa: PLC0415
        show_difference,
        show_idle_lines,
    )

    filters, _ = _read(files, platform)
    if compare:
        return show_difference(filters, _read(compare, platform)[0], as_json)
    return show_idle_lines(filters, as_json)


def _are_several(
    files: list[Path], entering: str | None, leaving: str | None, links: list[str] | None
) -> bool:
    """The files are those of several devices, and are asked as such."""
    names = {path.stem for path in files}
    named = (f"{name}:" for name in names)
    ends = (entering or "", leaving or "")
    return len(names) > 1 and (bool(links) or any(e.startswith(n) for n in named for e in ends))


def _network(files: list[Path], platform: str | None, links: list[str]) -> Network:
    """The devices, each of the files with one name, and what joins them."""
    from scanner.packet_questions import BadQuestion  # noqa: PLC0415
    from scanner.packet_ways import Device, Network, link_in  # noqa: PLC0415

    by_name: dict[str, list[Path]] = {}
    for path in files:
        by_name.setdefault(path.stem, []).append(path)
    try:
        stated = [link_in(link, list(by_name)) for link in links]
    except BadQuestion as error:
        raise give_up(error.reason) from None
    read = {name: _read(own, platform) for name, own in by_name.items()}
    return Network([Device.of(name, *both) for name, both in read.items()], stated)


def _read(files: list[Path], platform: str | None) -> tuple[Filter, Mapping[str, Fact[Any]]]:
    """The filters of one device, and all its facts."""
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
        return Filter.of(read.reading.facts, read.platform.title), read.reading.facts
    except NoFilter as error:
        raise give_up(error.reason) from None


def _answer_all(filters: Filter | Network, batch: str) -> None:
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
    for way in answer.get("ways", ()):
        for hop in way["hops"]:
            typer.echo(f"{hop['device']} ({hop['from']} > {hop['to']}): {_action(hop)}")
            _show_lines(hop)
    if "ways" in answer:
        typer.echo(f"= {_action(answer)}")
        if answer["why"]:
            typer.echo(f"  {printable(answer['why'])}")
    else:
        typer.echo(_action(answer))
        _show_lines(answer)


def _action(answer: dict[str, Any]) -> str:
    words = {"permit": ("CHO QUA", "PERMIT"), "deny": ("CHẶN", "DENY")}
    vi, en = words.get(answer["action"], ("CHƯA XÁC ĐỊNH ĐƯỢC", "CANNOT TELL"))
    return vi if language() == "vi" else en


def _show_lines(answer: dict[str, Any]) -> None:
    for step in answer["path"]:
        typer.echo(f"  {step['file']}:{step['line']}: {printable(step['text'])}")
    if answer["line"] is not None:
        typer.echo(f"  {answer['file']}:{answer['line']}: {printable(answer['text'])}")
    if answer["why"]:
        typer.echo(f"  {printable(answer['why'])}")


_NO_LINK = Text(
    vi="--link nối các thiết bị khác nhau: hãy nêu tệp cấu hình của ít nhất hai thiết bị, và không "
    "dùng cùng --idle-lines hay --compare",
    en="--link joins different devices: name the configuration files of at least two, and leave "
    "out --idle-lines and --compare",
)
_NO_BATCH = Text(
    vi="Không đọc được {file}; hãy nêu một tệp văn bản UTF-8, mỗi dòng một câu hỏi JSON, hoặc -.",
    en="{file} cannot be read; name a UTF-8 text file with one JSON question a line, or -.",
)
