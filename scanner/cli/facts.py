"""`hnth facts`: what is understood from saved files of one device, and what is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.text import Text
from scanner.cli.completion import families
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up, language, say

if TYPE_CHECKING:
    from reports.json_facts import NotRead
    from scanner.family_of_files import Understood
    from scanner.saved_files import SavedFiles

UNREADABLE = 2


def facts(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Saved files of one device.")
    ],
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform", "-p", autocompletion=families, help="Device family; default: by content."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON also on a terminal; elsewhere it is the default.")
    ] = False,
) -> None:
    """Print the facts that saved files of one device show, their lines, and what was not read.

    Example: hnth facts export.cfg status.xml --json
    """
    from reports.json_facts import render  # noqa: PLC0415 - heavy parts load when they are needed
    from scanner.cli.fact_table import print_facts  # noqa: PLC0415
    from scanner.saved_files import load  # noqa: PLC0415

    saved = load(files)
    for one in saved.refused:
        say(f"{one.file}: {one.reason.vi}", f"{one.file}: {one.reason.en}")
    if not saved.documents:
        raise typer.Exit(UNREADABLE)
    read = understood(saved, platform)
    unread = list(_not_read(saved, read))
    document = render(read.platform.name, read.reading.facts, unread, language())
    if as_json or not sys.stdout.isatty():
        print_json(document)
    else:
        print_facts(document, read.platform.title, language())
    if not read.known:
        raise give_up(_nothing(read.platform.name), UNREADABLE)
    raise typer.Exit(UNREADABLE if saved.refused else 0)


def understood(saved: SavedFiles, name: str | None) -> Understood:
    """Ends the command when the family is not known and cannot be told."""
    from scanner.family_of_files import NotRecognised, read_as, recognise  # noqa: PLC0415
    from scanner.platforms import NoSuchPlatform, find  # noqa: PLC0415

    try:
        if name is None:
            return recognise(saved.documents)
        platform = find(name)
    except (NotRecognised, NoSuchPlatform) as error:
        raise give_up(error.reason, UNREADABLE) from None
    return read_as(platform, saved.documents)


def _not_read(saved: SavedFiles, understood: Understood) -> Iterator[NotRead]:
    """Lines nobody understood, then files on which nothing rests, then files not taken."""
    from reports.json_facts import NotRead  # noqa: PLC0415
    from scanner.evidence import printable  # noqa: PLC0415

    lang = language()
    for document, line in understood.reading.unread:
        yield NotRead(document.source, line.line, printable(line.text), printable(line.why))
    for source in _silent(saved, understood):
        why = _RESTS_ON_NOTHING.format(platform=understood.platform.name)
        yield NotRead(source, None, "", why.in_language(lang))
    for one in saved.refused:
        yield NotRead(one.file, None, "", one.reason.in_language(lang))


def _silent(saved: SavedFiles, understood: Understood) -> Sequence[str]:
    cited = {c.sha256 for fact in understood.reading.facts.values() for c in fact.citations}
    cited |= {document.sha256 for document, _ in understood.reading.unread}
    return [document.source for document in saved.documents if document.sha256 not in cited]


def _nothing(name: str) -> Text:
    return Text(
        vi=f"không đọc được dữ kiện nào của dòng thiết bị {name} từ các tệp này; "
        "hãy kiểm tra tệp, hoặc bỏ --platform để hnth tự nhận dạng",
        en=f"no fact of the family {name} could be read from these files; "
        "check the files, or leave out --platform to have the family recognised",
    )


_RESTS_ON_NOTHING = Text(
    vi="không có dữ kiện nào dựa trên tệp này ({platform})",
    en="no fact rests on this file ({platform})",
)
