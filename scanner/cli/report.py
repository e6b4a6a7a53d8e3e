"""`hnth report` and `hnth runs`: what is stored, for people and for other programs."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from inventory.text import Text
from scanner.cli.json_text import json_text, print_json
from scanner.cli.scan import DatabaseUrl
from scanner.cli.speech import give_up, language, say

if TYPE_CHECKING:
    from reports.report import Report
    from scanner.store.records import RunSummary

NO_RUN = Text(
    vi="Cơ sở dữ liệu {database} chưa có đợt quét nào; hãy chạy: hnth scan",
    en="The database {database} holds no run yet; start one with: hnth scan",
)
EXISTS = Text(
    vi="Tệp {file} đã có và được giữ nguyên; thêm --force để ghi đè hoặc chọn tên khác bằng -o.",
    en="The file {file} exists and was left as it is; add --force to replace it or choose another "
    "name with -o.",
)
HALF_ISSUED = Text(
    vi="Báo cáo chỉ được coi là đã ban hành khi có cả số, ký hiệu (--number) và ngày (--date); "
    "hãy ghi cả hai, hoặc bỏ cả hai để xuất bản dự thảo.",
    en="A report is issued only with both its number (--number) and its date (--date); give both, "
    "or neither for a draft.",
)
NOT_WRITTEN = Text(
    vi="Không ghi được báo cáo vào {file}: {why}. Hãy chọn nơi khác bằng -o.",
    en="The report could not be written to {file}: {why}. Choose another place with -o.",
)


def report(
    run: Annotated[str | None, typer.Argument(help="Id of the run; default: the newest.")] = None,
    form: Annotated[
        Literal["html", "json", "csv", "sarif", "junit", "remediation"],
        typer.Option("--format", "-f", help="html, json, csv, sarif, junit or remediation."),
    ] = "html",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; all but html print by default."),
    ] = None,
    lang: Annotated[
        Literal["vi", "en"], typer.Option(help="Language of the report, not of the messages.")
    ] = "vi",
    number: Annotated[
        str | None,
        typer.Option(help="Number and sign given by the clerk, e.g. 05/BC-SKHCN; else a draft."),
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Date of issue."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    database: DatabaseUrl = "hnth.db",
) -> None:
    """Write the report of a judged run.

    Example: hnth report --format html -o report.html
    """
    if (number is None) != (day is None):
        raise give_up(HALF_ISSUED)
    loaded = load_report(database, run)
    if form == "remediation":
        _write_remedies(loaded, output or Path(f"hnth-{loaded.run.id}-remediation"), lang, force)
        return
    if form == "json":
        from reports import json_findings  # noqa: PLC0415 - heavy parts load when needed

        content = json_text(json_findings.render(loaded)) + "\n"
    elif form != "html":
        content = _for_programs(loaded, form, lang)
    else:
        from reports import html  # noqa: PLC0415
        from reports.report import Issued  # noqa: PLC0415
        from scanner.remedies import steps_of_notices  # noqa: PLC0415

        issued = Issued(number, day.date()) if number is not None and day else None
        content = html.render(loaded, lang, issued, steps_of_notices(loaded))
    if output is None and form != "html":
        typer.echo(content, nl=False)
        return
    target = output or Path(f"hnth-{loaded.run.id}.{form}")
    write(target, content, force=force)
    say(f"Đã ghi báo cáo: {target}", f"Report written: {target}")


def _write_remedies(loaded: Report, folder: Path, lang: str, force: bool) -> None:
    """One file for each device with anything to mend, with what to type; nothing is executed."""
    from reports import remediation  # noqa: PLC0415
    from scanner.remedies import sheets_of  # noqa: PLC0415

    files = remediation.render(loaded, sheets_of(loaded), lang)
    for name in files:
        if (folder / name).exists() and not force:
            raise give_up(EXISTS.format(file=folder / name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise give_up(NOT_WRITTEN.format(file=folder, why=error.strerror)) from None
    for name, content in files.items():
        write(folder / name, content, force=force)
    say(
        f"Đã ghi {len(files)} tệp vào thư mục {folder}; hnth không thực hiện lệnh nào.",
        f"{len(files)} files written to the folder {folder}; hnth executes none of it.",
    )


def _for_programs(loaded: Report, form: Literal["csv", "sarif", "junit"], lang: str) -> str:
    """The findings in the shape that other programs take."""
    from reports import csv_findings, junit, sarif  # noqa: PLC0415
    from reports.found import of_report  # noqa: PLC0415

    render = {"csv": csv_findings.render, "sarif": sarif.render, "junit": junit.render}[form]
    return render(of_report(loaded), lang)


def runs(
    database: DatabaseUrl = "hnth.db",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """List the stored runs, newest first.

    Example: hnth runs --json
    """
    from scanner.store import Store  # noqa: PLC0415

    with Store.open(database, create=False) as store:
        found = store.runs()
    if as_json:
        print_json([_plain(run) for run in found])
    elif not found:
        say(*_both(NO_RUN.format(database=database)))
    else:
        from scanner.cli.run_table import print_runs  # noqa: PLC0415

        print_runs(found, language())


def findings_json(database: str, run: str) -> dict[str, Any]:
    """The findings of a judged run with the stable names of the machine-readable output."""
    from reports import json_findings  # noqa: PLC0415

    return json_findings.render(load_report(database, run))


def load_report(database: str, run: str | None) -> Report:
    """The judged run, by default the newest, with all that a report shows."""
    from inventory.load import loads  # noqa: PLC0415
    from scanner.store import Store  # noqa: PLC0415
    from scanner.store.as_report import report_of  # noqa: PLC0415

    with Store.open(database, create=False) as store:
        if run is None:
            newest = store.latest_run("finished") or store.latest_run()
            if newest is None:
                raise give_up(NO_RUN.format(database=database))
            run = newest.id
        text = store.run(run).plan.inventory_text
        return report_of(store, run, loads(text, Path(f"{run}/inventory.yaml")).inventory)


def write(target: Path, content: str, *, force: bool) -> None:
    """The file holds the whole content or is as it was; it is replaced only with `force`."""
    try:
        _put(target, content.encode("utf-8", "replace"), force)
    except FileExistsError:
        raise give_up(EXISTS.format(file=target)) from None
    except OSError as error:
        raise give_up(NOT_WRITTEN.format(file=target, why=error.strerror)) from None


def _put(target: Path, content: bytes, force: bool) -> None:
    if target.exists() and not target.is_file():
        # a device or pipe such as /dev/stdout takes bytes and is never replaced
        target.write_bytes(content)
        return
    target = target.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        written.chmod(_mode(target))
        if force:
            written.replace(target)
        else:
            target.hardlink_to(written)
    finally:
        written.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """As it was, or as the shell would make a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _both(text: Text) -> tuple[str, str]:
    return text.vi, text.en


def _plain(run: RunSummary) -> dict[str, Any]:
    from rules.model import Outcome  # noqa: PLC0415

    return {
        "id": run.id,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "status": run.status,
        "whole": run.whole,
        "devices": {state: run.devices.get(state, 0) for state in ("done", "failed", "pending")},
        "counts": {outcome.value: run.counts.get(outcome, 0) for outcome in Outcome},
        "judged": run.judged.isoformat() if run.judged else None,
    }
