"""`hnth feeds`: import vulnerability data, say how old it is, answer for a device."""

from __future__ import annotations

import json
import os
import pwd
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.text import Text
from scanner.cli.scan import DatabaseUrl
from scanner.cli.speech import give_up, language, say

if TYPE_CHECKING:
    from rules.patches.advisories import Advisories
    from scanner.feeds.answers import Answer, Question
    from scanner.feeds.storage import FeedState, Import

UNREADABLE = 2

feeds_app = typer.Typer(
    no_args_is_help=True,
    help="Data on vulnerabilities and newest firmware, from files.\n\nExample: hnth feeds status",
)

DataFiles = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Answer from this file, not from what was imported."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="JSON also on a terminal; elsewhere it is the default.")
]


@feeds_app.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="NVD, CVE, KEV, CSAF or catalogues.")
    ],
    database: DatabaseUrl = "hnth.db",
    force: Annotated[
        bool, typer.Option("--force", help="Take data that is older than what is stored.")
    ] = False,
    keyring: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Public keys by which signatures (.asc) are checked."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was taken, as JSON.")] = False,
) -> None:
    """Import feeds from files, archives and folders; each file is taken whole or not at all.

    Example: hnth feeds import nvd/ kev.json
    """
    from scanner.feeds.errors import FeedError  # noqa: PLC0415 - heavy parts load when needed
    from scanner.feeds.names import FeedNames  # noqa: PLC0415
    from scanner.feeds.signatures import verifying  # noqa: PLC0415
    from scanner.feeds.status import import_document  # noqa: PLC0415
    from scanner.feeds.storage import FeedStore  # noqa: PLC0415
    from scanner.products import families  # noqa: PLC0415

    names, refused = FeedNames(families()), False
    taken: list[Import] = []
    with (
        verifying(keyring) as verifier,
        FeedStore.open(_stored_at(database), create=True) as store,
    ):
        for file in files:
            now = datetime.now(UTC)
            try:
                found = store.take(file, names, _account(), now, force=force, verifier=verifier)
            except FeedError as error:
                say(error.reason.vi, error.reason.en)
                refused = True
                continue
            taken.extend(found)
            for text in _told(file, found):
                say(text.vi, text.en)
    if as_json:
        typer.echo(json.dumps([import_document(one) for one in taken], indent=1))
    raise typer.Exit(UNREADABLE if refused else 0)


def _told(file: Path, found: Sequence[Import]) -> Iterator[Text]:
    """What was taken of a file, what was passed over, and what its signature is worth."""
    from scanner.feeds.kev import NAME as KEV  # noqa: PLC0415
    from scanner.feeds.status import signature_lines  # noqa: PLC0415

    for one in found:
        told = _TAKEN_ALL if one.feed == KEV else _TAKEN
        yield told.format(file=file, feed=one.feed, entries=one.entries, kept=one.kept)
    if found and found[0].skipped:
        yield _SKIPPED.format(file=file, n=found[0].skipped)
    if found and found[0].signatures is not None:
        for text in signature_lines([found[0].signatures]):
            yield Text(vi=f"{file}: {text.vi}", en=f"{file}: {text.en}")


@feeds_app.command()
def status(database: DatabaseUrl = "hnth.db", as_json: AsJson = False) -> None:
    """Say which data there is: source, age, how much, who imported it.

    Example: hnth feeds status
    """
    from scanner.feeds.status import print_status, status_document  # noqa: PLC0415
    from scanner.feeds.storage import FeedStore  # noqa: PLC0415

    path = _stored_at(database)
    states: tuple[FeedState, ...] = ()
    if path.exists():
        with FeedStore.open(path) as store:
            states = store.states()
    document = status_document(states, datetime.now(UTC))
    if as_json or not sys.stdout.isatty():
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        signed = {
            state.newest.feed: [one.signatures for one in state.imports if one.signatures]
            for state in states
        }
        print_status(document, signed, language())


@feeds_app.command("match")
def match_device(
    family: Annotated[str, typer.Option(help="Family of the device.")] = "",
    model: Annotated[str, typer.Option(help="Model or name of the device.")] = "",
    version: Annotated[str, typer.Option(help="Installed software, as the device tells it.")] = "",
    batch: Annotated[
        str | None,
        typer.Option(metavar="-", help="Questions as JSON lines, from a file or standard input."),
    ] = None,
    data: DataFiles = None,
    database: DatabaseUrl = "hnth.db",
    as_json: AsJson = False,
) -> None:
    """Tell the newest release and the vulnerabilities of one device, and what cannot be told.

    Exit status 1 when a vulnerability affects it, 3 when only unknowns are left.

    Example: hnth feeds match --family cisco-roomos --version 11.5.2.4
    """
    from scanner.feeds.answers import Question, answer  # noqa: PLC0415

    if batch is None and not (version and (family or model)):
        raise give_up(_ASK)
    advisories = _advisories(database, data)
    today = datetime.now(UTC).date()
    if batch is not None:
        raise typer.Exit(_answer_all(batch, advisories))
    found = answer(Question(model, version, family), advisories, today, language())
    document = {"model": model or None, "version": version, **found.document}
    if as_json or not sys.stdout.isatty():
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        from scanner.feeds.status import print_answer  # noqa: PLC0415

        print_answer(document, language())
    raise typer.Exit(found.status)


def _advisories(database: str, data: list[Path] | None) -> Advisories:
    from scanner.feeds.advisories import from_files, from_store  # noqa: PLC0415

    return from_files(data) if data else from_store(_stored_at(database))


def _answer_all(batch: str, advisories: Advisories) -> int:
    """One JSON line for each line, in order; the gravest of their statuses."""
    from scanner.feeds.answers import BadQuestion, answer, question, refused  # noqa: PLC0415

    today, lang, statuses = datetime.now(UTC).date(), language(), set()

    @lru_cache(maxsize=4096)  # a province has many devices of the same kind on the same release
    def answered(asked: Question) -> Answer:
        return answer(asked, advisories, today, lang)

    for line in _lines(batch):
        try:
            found = answered(question(line))
        except BadQuestion as error:
            found = refused(error.reason, lang)
        statuses.add(found.status)
        sys.stdout.write(json.dumps(found.document, ensure_ascii=False) + "\n")
    return next((status for status in (2, 1, 3) if status in statuses), 0 if statuses else 2)


def _lines(batch: str) -> Iterator[str]:
    """Lines that hold anything; bytes that are no UTF-8 make a bad question, not an end."""
    if batch == "-":
        for raw in sys.stdin.buffer:
            if raw.strip():
                yield raw.decode("utf-8", "replace")
        return
    try:
        with Path(batch).open("rb") as file:
            for raw in file:
                if raw.strip():
                    yield raw.decode("utf-8", "replace")
    except OSError:
        raise give_up(_NO_BATCH.format(file=batch)) from None


def _account() -> str:
    """Who imports, by the operating system; the number where the account has no name."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _stored_at(database: str) -> Path:
    from scanner.feeds.advisories import beside  # noqa: PLC0415

    name = database.removeprefix("sqlite:///")
    return beside(None if "://" in name else Path(name))


_TAKEN = Text(
    vi="{file}: {feed}, {entries} mục, giữ {kept} mục về các sản phẩm mà hnth biết",
    en="{file}: {feed}, {entries} entries, kept {kept} about products hnth knows",
)
_TAKEN_ALL = Text(
    vi="{file}: {feed}, giữ cả {kept} mục về lỗ hổng đang bị khai thác",
    en="{file}: {feed}, all {kept} entries on vulnerabilities known to be exploited are kept",
)
_SKIPPED = Text(
    vi="{file}: bỏ qua {n} tài liệu bên trong vì không phải dữ liệu lỗ hổng hay phiên bản",
    en="{file}: {n} documents in it were passed over, being no feed",
)
_ASK = Text(
    vi="Hãy nêu --version cùng với --family hoặc --model, hoặc dùng --batch -.",
    en="Give --version with --family or --model, or use --batch -.",
)
_NO_BATCH = Text(
    vi="Không đọc được {file}; hãy nêu một tệp văn bản, mỗi dòng một câu hỏi JSON, hoặc -.",
    en="{file} cannot be read; name a text file with one JSON question a line, or -.",
)
