"""`hnth judge`: today's rules on stored evidence, without touching a device."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inventory.text import Text
from scanner.cli.outcome import exit_status
from scanner.cli.scan import (
    AcceptWaivers,
    AllowIncomplete,
    AsJson,
    DatabaseUrl,
    FailOn,
    Quiet,
    severity,
    show,
)
from scanner.cli.speech import give_up

NO_RUN = Text(
    vi="Cơ sở dữ liệu chưa có đợt quét nào hoàn thành; hãy chạy: hnth scan",
    en="The database holds no finished run yet; start one with: hnth scan",
)


def judge(
    run: Annotated[str | None, typer.Argument(help="Id of the run; default: the newest.")] = None,
    database: DatabaseUrl = "hnth.db",
    fail_on: FailOn = "S3",
    allow_incomplete: AllowIncomplete = False,
    accept_waivers: AcceptWaivers = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge a stored run again with the rules of this version.

    Example: hnth judge --fail-on S2
    """
    from inventory.load import loads  # noqa: PLC0415
    from scanner.engine.session import judge_run  # noqa: PLC0415
    from scanner.store import Store  # noqa: PLC0415

    threshold = severity(fail_on)
    with Store.open(database, create=False) as store:
        if run is None:
            newest = store.latest_run("finished")
            if newest is None:
                raise give_up(NO_RUN)
            run = newest.id
        loaded = loads(store.run(run).plan.inventory_text, Path(f"{run}/inventory.yaml"))
        findings = judge_run(store, run, loaded.inventory, datetime.now(UTC))
    show(run, findings, database, as_json, quiet)
    status = exit_status(findings, threshold, allow_incomplete, accept_waivers=accept_waivers)
    raise typer.Exit(status)
