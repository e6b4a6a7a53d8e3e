"""The list of stored runs on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from inventory.text import Text
from rules.model import OUTCOME_NAMES, Outcome
from rules.world import LOCAL_ZONE
from scanner.store.records import RunStatus, RunSummary

STATUS: dict[RunStatus, Text] = {
    "running": Text(vi="dở dang", en="unfinished"),
    "finished": Text(vi="hoàn thành", en="finished"),
    "interrupted": Text(vi="đã dừng", en="stopped"),
}
SHOWN = (Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA)


def print_runs(runs: Sequence[RunSummary], lang: str) -> None:
    """One line per run: when, how far, and the four counts by their codes, which fit 80 columns."""
    vi = lang == "vi"
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Đợt quét" if vi else "Run", no_wrap=True)
    table.add_column("Bắt đầu" if vi else "Started", no_wrap=True)
    table.add_column("Trạng thái" if vi else "Status", no_wrap=True)
    table.add_column("Thiết bị" if vi else "Devices", justify="right")
    for outcome in SHOWN:
        table.add_column(outcome.value, justify="right", no_wrap=True)
    for run in runs:
        local = run.started.astimezone(LOCAL_ZONE)
        total = sum(run.devices.values())
        table.add_row(
            run.id,
            local.strftime("%d/%m/%Y %H:%M" if vi else "%Y-%m-%d %H:%M"),
            STATUS[run.status].in_language(lang),
            f"{run.devices.get('done', 0)}/{total}",
            *(str(run.counts.get(outcome, 0)) if run.judged else "–" for outcome in SHOWN),
        )
    console = Console()
    console.print(table, markup=False, highlight=False)
    legend = ", ".join(f"{o.value} = {OUTCOME_NAMES[o].in_language(lang)}" for o in SHOWN)
    console.print(legend, markup=False, highlight=False, soft_wrap=True)
