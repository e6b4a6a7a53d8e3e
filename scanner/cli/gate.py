"""`hnth gate`: may these configurations go to the devices? For pipelines and before a commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.text import Text
from scanner.cli.completion import gate_formats, requirements, severities
from scanner.cli.gate_formats import FORMATS, Wanted, WrongFormat, wanted
from scanner.cli.speech import give_up, language, say

if TYPE_CHECKING:
    from rules.model import Severity
    from scanner.cli.gate_baseline import Accepting
    from scanner.gate.model import FileMapping, GateResult

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Files and folders; default: the current folder."),
]
_Words = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID",
        autocompletion=requirements,
        help="Only these: D11.2-b, 10.1 or 11; repeatable.",
    ),
]


def gate(
    paths: Paths = None,
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="HNTH_INVENTORY", help="The inventory file."),
    ] = None,
    forms: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT[=FILE]",
            autocompletion=gate_formats,
            help=f"{', '.join(FORMATS)}; to a file with =FILE; repeatable.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    fail_on: Annotated[
        str,
        typer.Option(
            envvar="HNTH_FAIL_ON",
            autocompletion=severities,
            help="Exit 1 from this severity on: S1, S2, S3 or S4.",
        ),
    ] = "S3",
    allow_incomplete: Annotated[
        bool,
        typer.Option("--allow-incomplete", help="Exit 0 although some could not be determined."),
    ] = False,
    soft_fail: Annotated[
        bool, typer.Option("--soft-fail", help="Exit 0 whatever was found, and say so.")
    ] = False,
    accept_waivers: Annotated[
        bool,
        typer.Option(
            "--accept-waivers", help="Exit 0 although some fail, where an exception is approved."
        ),
    ] = False,
    database: Annotated[
        str,
        typer.Option(
            "--database",
            "-d",
            envvar="HNTH_DATABASE",
            help="Releases are compared with the data that was imported beside it.",
        ),
    ] = "hnth.db",
    select: _Words = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", autocompletion=requirements, help="All but these; repeatable."),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(help="Read nothing outside; default: the git repository, if in one."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    since: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Only what is new since this git revision counts."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="What this file accepts for the time being does not count."),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(help="Accept all that counts now, in this file; needs --reason."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why it is accepted; for --write-baseline.")
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Accepted until this day; default: 90 days."),
    ] = None,
) -> None:
    """Judge saved configurations; exit 0 only when they were read and found in order.

    What has to be seen on the network is not held against files and not counted as a pass.

    Example: hnth gate configs/ -i inventory.yaml --format text --format json=findings.json
    """
    from scanner.gate.model import GateRequest  # noqa: PLC0415 - heavy parts load when needed
    from scanner.gate.run import run_gate  # noqa: PLC0415

    try:
        outputs = wanted([*(forms or []), *(["json"] if as_json else [])])
    except WrongFormat as error:
        raise give_up(error.reason) from None
    _check_outputs(outputs, force)
    accepting = _accepting(write_baseline, reason, expires, since=since, force=force)
    request = GateRequest(
        paths=tuple(paths or [Path()]),
        now=datetime.now(UTC),
        inventory=inventory,
        root=root,
        mappings=_mappings(root),
        fail_on=_severity(fail_on),
        allow_incomplete=allow_incomplete,
        soft_fail=soft_fail,
        accept_waivers=accept_waivers,
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        database=_file_of(database),
        baseline=baseline,
        since=since,
        own=_own_files(outputs, baseline, write_baseline),
    )
    result = run_gate(request)
    if accepting is not None:
        result = accepting.accepted(result, force=force)
    result = replace(result, inventory_file=_from_here(result.inventory_file))
    _write(result, outputs, force)
    raise typer.Exit(result.status)


def _file_of(database: str) -> Path:
    """The SQLite file; for a database on a server that in the current folder, as for a scan."""
    name = database.removeprefix("sqlite:///")
    return Path("hnth.db" if "://" in name else name)


def _accepting(
    file: Path | None, reason: str | None, expires: str | None, *, since: str | None, force: bool
) -> Accepting | None:
    """Before anything is read: whether the baseline can be written. None when none is asked for."""
    from scanner.cli.gate_baseline import accepting  # noqa: PLC0415 - seldom needed

    if (file, reason, expires) == (None, None, None):
        return None
    return accepting(file, reason, expires, since=since, force=force)


def _severity(value: str) -> Severity:
    severities: tuple[Severity, ...] = ("S1", "S2", "S3", "S4")
    for severity in severities:
        if value.upper() == severity:
            return severity
    raise typer.BadParameter("S1, S2, S3 or S4", param_hint="--fail-on")


def _mappings(root: Path | None) -> tuple[FileMapping, ...]:
    from scanner.gate.files import repository_of  # noqa: PLC0415
    from scanner.gate.mapping import WrongMapping, mappings_for  # noqa: PLC0415

    here = Path.cwd()
    try:
        return mappings_for(here, root or repository_of(here))
    except WrongMapping as error:
        raise give_up(error.reason) from None


def _own_files(outputs: tuple[Wanted, ...], *baselines: Path | None) -> tuple[Path, ...]:
    """What this run writes and what settles it: no configurations, wherever they lie."""
    from scanner.settings_file import nearest  # noqa: PLC0415

    files = [*(one.file for one in outputs), *baselines, nearest(Path.cwd())]
    return tuple(file for file in files if file is not None)


def _from_here(file: str | None) -> str | None:
    """The name under which a server finds the file in the repository; no folder of this machine."""
    path = Path(file or "")
    return str(path.relative_to(Path.cwd())) if file and path.is_relative_to(Path.cwd()) else file


def _check_outputs(outputs: tuple[Wanted, ...], force: bool) -> None:
    """Before minutes are spent on what could not be written in the end."""
    for one in outputs:
        if one.file is not None and one.file.exists() and not force:
            raise give_up(_EXISTS.format(file=one.file))


def _write(result: GateResult, outputs: tuple[Wanted, ...], force: bool) -> None:
    from scanner.cli.report import write  # noqa: PLC0415

    lang = language()
    for one in outputs:
        content = FORMATS[one.name](result, lang)
        if one.file is not None:
            write(one.file, content, force=force)
        else:
            typer.echo(content, nl=False)
    if all(one.name != "text" or one.file is not None for one in outputs):
        _say_outcome(result)


def _say_outcome(result: GateResult) -> None:
    """One line for the log of a pipeline, where the findings themselves went elsewhere."""
    from scanner.cli.gate_text import harmless  # noqa: PLC0415

    for text in (*result.relaxations, result.reason or Text(vi="ĐẠT", en="PASSED")):
        say(harmless(text.vi), harmless(text.en))


_EXISTS = Text(
    vi="Tệp {file} đã có và được giữ nguyên; thêm --force để ghi đè.",
    en="The file {file} exists and was left as it is; add --force to replace it.",
)
