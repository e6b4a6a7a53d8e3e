"""One `hnth scan` from plan to findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from inventory.catalogue import Catalogue, load_catalogue
from inventory.load import Loaded
from inventory.model import Inventory
from inventory.problems import InventoryError
from inventory.secrets import Secret, resolve
from inventory.text import Text
from rules.judge import judge
from rules.model import Finding
from rules.password_notices import password_notices
from scanner.baselines.own import own_baselines
from scanner.collect.journal import FileJournal
from scanner.collect.stopping import Stop
from scanner.engine.handed_in import HandedIn
from scanner.engine.interrupt import stopped_by_signals
from scanner.engine.look import Looker
from scanner.engine.observation import Observation
from scanner.engine.plan import Scope, plan
from scanner.engine.run import Progress, look_at_all
from scanner.engine.vantage import local_scanner, remote_scanners
from scanner.engine.world import world_of
from scanner.store import RunPlan, Store

RULES_VERSION = version("hnth-audit")

NOTHING_IN_SCOPE = Text(
    vi="Không có thiết bị nào khớp với phạm vi đã chọn; hãy kiểm tra --site, --device, --role.",
    en="No device matches the chosen scope; check --site, --device and --role.",
)
NOTHING_TO_RESUME = Text(
    vi="Không có đợt quét dở dang nào để chạy tiếp; hãy bỏ --resume.",
    en="There is no unfinished run to resume; leave out --resume.",
)
INVENTORY_CHANGED = Text(
    vi="Tệp khai báo đã thay đổi từ khi đợt quét {run} bắt đầu; hãy quét lại từ đầu (bỏ --resume).",
    en="The inventory has changed since run {run} began; scan anew (leave out --resume).",
)


class ScanRefused(Exception):
    """The scan was not started. `reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ScanResult:
    run_id: str
    complete: bool
    """False when the run was stopped; then there are no findings yet."""
    findings: tuple[Finding, ...]


def scan(
    loaded: Loaded,
    store: Store,
    scope: Scope,
    progress: Progress,
    journals: Path,
    nmap_version: str,
    *,
    resume: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    secret_behind: Callable[[str, Path], Secret] = resolve,
    handed_in: HandedIn | None = None,
) -> ScanResult:
    """Look at every device in scope that is not done, then judge the run.

    `secret_behind` gives the secret that a reference of the inventory names, `handed_in` what is
    known of passwords beforehand.

    Raises `ScanRefused` before anything is sent, `StoreError` when what was seen cannot be
    kept, `JournalError` when what is to be sent cannot be written down.
    """
    inventory = loaded.inventory
    try:
        own_baselines(inventory)
    except InventoryError as error:
        raise ScanRefused(error.reason) from None
    if resume:
        run_id, scope, done = _resume(loaded, store)
    else:
        run_id, done = _begin(loaded, store, scope, nmap_version), frozenset()
    stop = Stop()
    with FileJournal(journals / f"{run_id}.jsonl") as journal, stopped_by_signals(stop):
        looker = Looker(
            inventory=inventory,
            base=loaded.base,
            catalogue=_catalogue(loaded),
            journal=journal,
            here=local_scanner(inventory, journal),
            elsewhere=remote_scanners(inventory, loaded.base, journal, stop, secret_behind),
            clock=clock,
            stop=stop,
            secret_behind=secret_behind,
            handed_in=handed_in or HandedIn(inventory),
        )

        def keep(observation: Observation) -> None:
            store.save_device(
                run_id,
                observation.device_id,
                observation.documents,
                observation.facts,
                observation.failure,
                unread=observation.unread,
            )

        complete = look_at_all(
            plan(inventory, scope, done),
            looker,
            keep,
            progress,
            stop,
            inventory.scan.parallel_sites,
        )
    if not complete:
        store.finish_run(run_id, "interrupted")
        return ScanResult(run_id, False, ())
    store.finish_run(run_id)
    return ScanResult(run_id, True, judge_run(store, run_id, inventory, clock()))


def judge_run(
    store: Store, run_id: str, inventory: Inventory, now: datetime
) -> tuple[Finding, ...]:
    """Today's rules on what the store holds of the run; saved as its newest judgement."""
    world = world_of(store, run_id, inventory, now)
    findings = judge(world)
    notices = password_notices(world)
    store.save_findings(run_id, findings, notices=notices, rules_version=RULES_VERSION)
    return findings


def _resume(loaded: Loaded, store: Store) -> tuple[str, Scope, frozenset[str]]:
    """The newest unfinished run, what it was to look at, and what it has done."""
    unfinished = store.latest_run("running", "interrupted")
    if unfinished is None:
        raise ScanRefused(NOTHING_TO_RESUME)
    run_plan = store.run(unfinished.id).plan
    if run_plan.inventory_text != loaded.text:
        raise ScanRefused(INVENTORY_CHANGED.format(run=unfinished.id))
    scope = Scope(devices=frozenset(run_plan.devices))
    return unfinished.id, scope, store.resume_run(unfinished.id)


def _begin(loaded: Loaded, store: Store, scope: Scope, nmap_version: str) -> str:
    inventory = loaded.inventory
    devices = tuple(d.id for d in inventory.devices if scope.holds(d))
    if not devices:
        raise ScanRefused(NOTHING_IN_SCOPE)
    return store.begin_run(
        RunPlan(
            inventory_text=loaded.text,
            devices=devices,
            whole=len(devices) == len(inventory.devices),
            legal_profile=inventory.readings.legal_profile,
            rules_version=RULES_VERSION,
            tool_version=RULES_VERSION,
            nmap_version=nmap_version,
            readings_changed={
                name: TypeAdapter(Any).dump_python(value, mode="json")
                for name, value in inventory.readings.changed().items()
            },
            scope={
                name: sorted(chosen)
                for name, chosen in (
                    ("sites", scope.sites),
                    ("devices", scope.devices),
                    ("kinds", scope.kinds),
                )
                if chosen
            },
        )
    )


def _catalogue(loaded: Loaded) -> Catalogue | None:
    declared = loaded.inventory.catalogue
    return load_catalogue(loaded.base / declared) if declared else None
