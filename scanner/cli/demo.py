"""`hnth demo`: a province of real hosts in network namespaces, really scanned, really reported."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from inventory.text import Text
from rules.model import Finding, Outcome
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up, language, say

SURPRISED = 1


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", "-o", help="Where inventory, database and report go.")
    ] = Path("demo"),
    compliant: Annotated[bool, typer.Option("--compliant", help="Nothing is wrong.")] = False,
    fault: Annotated[
        list[str] | None, typer.Option(help="Only this fault; repeatable.", metavar="NAME")
    ] = None,
    list_faults: Annotated[
        bool, typer.Option("--list-faults", help="What can be wrong, and what must then be found.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Findings as JSON on standard output.")
    ] = False,
) -> None:
    """Build the lab, scan it, write the report, and compare the findings with what was put in.

    Exit status 0 when exactly the failures of the chosen faults were found, 1 otherwise.

    Example: hnth demo --folder demo
    """
    import lab  # noqa: PLC0415 - only this command knows the lab

    if list_faults:
        _print_faults(lab.FAULTS.values())
        return
    chosen = _chosen(lab, compliant, fault or [])
    say("Đang dựng mạng thử nghiệm…", "Building the lab…")
    begun = time.monotonic()
    try:
        province = lab.start(folder, chosen, whole=True)
    except (lab.LabUnavailable, lab.LabError) as error:
        raise give_up(_reason(error)) from None
    with province:
        ready_s = time.monotonic() - begun
        say(
            f"Mạng thử nghiệm sẵn sàng sau {ready_s:.0f} giây; đang quét…",
            f"The lab is up after {ready_s:.1f} s; scanning…",
        )
        status = _scan(province, folder)
    if status not in (0, 1, 3):
        raise typer.Exit(status)
    findings = _report(folder, as_json)
    _compare(findings, lab.expectations(chosen), chosen)


def _chosen(lab: Any, compliant: bool, faults: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in faults if name not in lab.FAULTS]
    if unknown:
        raise give_up(
            Text(
                vi=f"không có lỗi mẫu tên {', '.join(unknown)}; xem: hnth demo --list-faults",
                en=f"there is no fault named {', '.join(unknown)}; see: hnth demo --list-faults",
            )
        )
    if compliant:
        return ()
    return tuple(faults) or tuple(lab.DEFAULT_MIXTURE)


def _reason(error: Exception) -> Text:
    """The lab knows nothing of `Text`; what it says in both languages is in `vi` and `en`."""
    return Text(vi=getattr(error, "vi", str(error)), en=getattr(error, "en", str(error)))


def _scan(province: Any, folder: Path) -> int:
    """`hnth scan` as a person at the scanner's own host would type it."""
    here = folder.resolve()
    command = [
        *(sys.executable, "-m", "scanner", "--lang", language(), "scan"),
        *("--inventory", str(province.inventory), "--database", str(here / "hnth.db")),
    ]
    # The summary is for people; standard output belongs to --json.
    with province.popen("may-quet", command, stdout=sys.stderr.fileno()) as running:
        return int(running.wait())


def _report(folder: Path, as_json: bool) -> tuple[Finding, ...]:
    from reports import html, json_findings  # noqa: PLC0415
    from scanner.cli.report import load_report, write  # noqa: PLC0415
    from scanner.remedies import steps_of_notices  # noqa: PLC0415

    report = load_report(str(folder / "hnth.db"), None)
    target = folder / "report.html"
    write(target, html.render(report, "vi", steps=steps_of_notices(report)), force=True)
    if as_json:
        print_json(json_findings.render(report))
    say(f"\nBáo cáo: {target}", f"\nReport: {target}")
    return tuple(report.findings)


def _compare(findings: Iterable[Finding], expected: Iterable[Any], faults: Sequence[str]) -> None:
    found = {
        (f.requirement, f.subject.kind, f.subject.id) for f in findings if f.outcome is Outcome.FAIL
    }
    wanted = {(e.requirement, e.kind, e.subject) for e in expected if e.outcome == "FAIL"}
    for requirement, _kind, subject in sorted(wanted - found):
        say(f"  thiếu: {requirement} {subject}", f"  missing: {requirement} {subject}")
    for requirement, _kind, subject in sorted(found - wanted):
        say(f"  thừa: {requirement} {subject}", f"  unexpected: {requirement} {subject}")
    if found != wanted:
        raise typer.Exit(SURPRISED)
    say(
        f"Đã gài {len(faults)} lỗi mẫu; phát hiện đúng {len(found)} yêu cầu không đạt theo từng "
        "đối tượng, không thiếu, không thừa.",
        f"Faults put in: {len(faults)}. Exactly what they break was found, {len(found)} "
        "requirements on their subjects: none missing, none extra.",
    )


def _print_faults(faults: Iterable[Any]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    headers = ("Tên", "Lỗi", "Phải phát hiện") if language() == "vi" else ("Name", "Fault", "Finds")
    for header in headers:
        table.add_column(header, overflow="fold")
    for fault in faults:
        expects = ", ".join(
            f"{e.requirement} {e.subject}" + ("" if e.outcome == "FAIL" else f" ({e.outcome})")
            for e in fault.expects
        )
        table.add_row(fault.name, fault.vi if language() == "vi" else fault.en, expects)
    Console().print(table, highlight=False)
