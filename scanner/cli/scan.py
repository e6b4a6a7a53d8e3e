"""`hnth scan`: look at the network, judge, store, summarise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from inventory.text import Text
from rules.model import Severity
from scanner.cli.completion import severities
from scanner.cli.json_text import print_json
from scanner.cli.outcome import exit_status
from scanner.cli.speech import give_up, say
from scanner.cli.vault_door import ScanPasswordFile, ScanVault

InventoryFile = Annotated[
    Path,
    typer.Option("--inventory", "-i", envvar="HNTH_INVENTORY", help="The inventory file."),
]
DatabaseUrl = Annotated[
    str,
    typer.Option("--database", "-d", envvar="HNTH_DATABASE", help="SQLite file or database URL."),
]
FailOn = Annotated[
    str,
    typer.Option(
        envvar="HNTH_FAIL_ON",
        autocompletion=severities,
        help="Exit 1 from this severity on: S1, S2, S3 or S4.",
    ),
]
AllowIncomplete = Annotated[
    bool,
    typer.Option("--allow-incomplete", help="Exit 0 although something could not be determined."),
]
AcceptWaivers = Annotated[
    bool,
    typer.Option(
        "--accept-waivers", help="Exit 0 although some fail, where an exception is approved."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Findings as JSON on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]

NO_NMAP = Text(
    vi="Không tìm thấy nmap trên máy này. Hãy cài bằng: sudo apt-get install nmap",
    en="nmap is not installed on this machine. Install it with: sudo apt-get install nmap",
)


def scan(
    inventory: InventoryFile = Path("inventory.yaml"),
    database: DatabaseUrl = "hnth.db",
    site: Annotated[list[str] | None, typer.Option(help="Only this site; repeatable.")] = None,
    device: Annotated[list[str] | None, typer.Option(help="Only this device; repeatable.")] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="Only this kind of device (mcu, vcs, ...).")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the unfinished run.")
    ] = False,
    no_meeting: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who confirms that no meeting is planned."),
    ] = None,
    vault: ScanVault = None,
    vault_password_file: ScanPasswordFile = None,
    fail_on: FailOn = "S3",
    allow_incomplete: AllowIncomplete = False,
    accept_waivers: AcceptWaivers = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look at the devices of the inventory, judge every requirement, keep findings and evidence.

    Example: hnth scan --inventory inventory.yaml --site vinh-trach
    """
    from inventory.load import load  # noqa: PLC0415 - heavy parts load when they are needed
    from scanner.cli.progress import Watched  # noqa: PLC0415
    from scanner.cli.vault_for_scan import source_for  # noqa: PLC0415
    from scanner.engine.plan import Scope  # noqa: PLC0415
    from scanner.engine.session import scan as run_scan  # noqa: PLC0415
    from scanner.store import Store  # noqa: PLC0415

    threshold = severity(fail_on)
    loaded = load(inventory)
    _check_permission(loaded.inventory, no_meeting)
    nmap_version = require_nmap()
    source = source_for(loaded, vault, vault_password_file)
    scope = Scope(frozenset(site or ()), frozenset(device or ()), frozenset(role or ()))
    with Store.open(database) as store, Watched(quiet) as progress:
        result = run_scan(
            *(loaded, store, scope, progress, journal_folder(database), nmap_version),
            resume=resume,
            secret_behind=source.secret_behind,
            handed_in=source.handed_in,
        )
    if not result.complete:
        say(
            f"Đã dừng đợt quét {result.run_id}; chạy tiếp bằng: hnth scan --resume",
            f"Run {result.run_id} was stopped; go on with: hnth scan --resume",
        )
        raise typer.Exit(130)
    show(result.run_id, result.findings, database, as_json, quiet)
    status = exit_status(
        result.findings, threshold, allow_incomplete, accept_waivers=accept_waivers
    )
    raise typer.Exit(status)


def show(run_id: str, findings: Any, database: str, as_json: bool, quiet: bool) -> None:
    """Findings as JSON on standard output, or the summary for a person."""
    if as_json:
        from scanner.cli.report import findings_json  # noqa: PLC0415

        print_json(findings_json(database, run_id))
        return
    if not quiet:
        from rich.console import Console  # noqa: PLC0415 - loads slowly

        from scanner.cli.summary import print_summary  # noqa: PLC0415
        from scanner.store import Store  # noqa: PLC0415

        with Store.open(database, create=False) as store:
            observed = len(store.notices(run_id))
        print_summary(run_id, findings, Console(soft_wrap=False), observed)


def journal_folder(database: str) -> Path:
    """Where the record of everything sent is kept: beside the database file."""
    path = database.removeprefix("sqlite:///")
    return Path("hnth.journal") if "://" in path else Path(path).with_suffix(".journal")


def severity(value: str) -> Severity:
    severities: tuple[Severity, ...] = ("S1", "S2", "S3", "S4")
    for severity in severities:
        if value.upper() == severity:
            return severity
    raise typer.BadParameter("S1, S2, S3 or S4", param_hint="--fail-on")


def _check_permission(inventory: Any, no_meeting: str | None) -> None:
    from inventory.calendar import permission  # noqa: PLC0415

    refusal = permission(inventory, datetime.now(UTC), confirmed_by=no_meeting)
    if refusal is not None:
        raise give_up(refusal)


def require_nmap() -> str:
    """The version of nmap; ends the program with a message where there is none."""
    import nmap  # noqa: PLC0415

    try:
        return ".".join(map(str, nmap.PortScanner().nmap_version()))
    except nmap.PortScannerError:
        raise give_up(NO_NMAP) from None
