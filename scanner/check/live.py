"""A run of the engine on one device, judged as if it went into use today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from inventory.load import Loaded
from inventory.secrets import Secret
from rules.facts import Known, PortScan
from rules.judge import judge
from rules.password_notices import password_notices
from rules.world import World
from scanner.check.model import CheckResult
from scanner.check.scope import about, baseline_of, explained, lacking, upon_signing
from scanner.check.software import advisories_for, software_of
from scanner.engine.handed_in import HandedIn
from scanner.engine.one_device import DEVICE, device_of
from scanner.engine.plan import Scope
from scanner.engine.run import Progress
from scanner.engine.session import RULES_VERSION, scan
from scanner.engine.world import world_of
from scanner.platforms.model import Platform
from scanner.store import Store
from scanner.store.as_report import report_of


@dataclass(frozen=True)
class Bench:
    """Everything that looking at the device takes besides what is declared of it."""

    store: Store
    progress: Progress
    journals: Path
    nmap_version: str
    secret_behind: Callable[[str, Path], Secret]
    handed_in: HandedIn | None = None
    """Passwords of the device that are known without asking it."""


def look(loaded: Loaded, platform: Platform | None, bench: Bench) -> CheckResult | None:
    """What the device shows now; None when somebody stopped the run."""
    store = bench.store
    done = scan(
        *(loaded, store, Scope(), bench.progress, bench.journals, bench.nmap_version),
        secret_behind=bench.secret_behind,
        handed_in=bench.handed_in,
    )
    if not done.complete:
        return None
    now = datetime.now(UTC)
    world = _world(store, done.run_id, loaded, now)
    findings = judge(world)
    notices = password_notices(world)
    store.save_findings(done.run_id, findings, notices=notices, rules_version=RULES_VERSION)
    mine = about(DEVICE, findings)
    waiting = upon_signing(world, DEVICE, mine)
    left = lacking(world, DEVICE, mine)
    report = report_of(store, done.run_id, loaded.inventory)
    device = device_of(loaded.inventory)
    return CheckResult(
        report=replace(
            report,
            findings=explained(mine, waiting, left),
            notices=tuple(notice for notice in notices if notice.device == DEVICE),
        ),
        platform=platform,
        software=software_of(device, world.facts[DEVICE], world.advisories, world.today),
        baseline=baseline_of(world, DEVICE),
        upon_signing=waiting,
        problem=next((d.reason for d in report.devices if d.id == DEVICE), None),
    )


def _world(store: Store, run_id: str, loaded: Loaded, now: datetime) -> World:
    world = world_of(store, run_id, loaded.inventory, now)
    return replace(world, advisories=advisories_for(store.file))


def ports_seen(result: CheckResult, name: str) -> frozenset[int]:
    """The ports that answered, or may have, under `ports.tcp` or `ports.udp`."""
    facts = result.report.network.get(DEVICE)
    fact = facts[name] if facts is not None else None
    if not isinstance(fact, Known) or not isinstance(fact.value, PortScan):
        return frozenset()
    return frozenset(port.port for port in fact.value.open)
