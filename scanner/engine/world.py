"""A run in the store, put together as the world that the rules judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from inventory.model import Inventory
from inventory.text import Text
from rules.facts import Facts
from rules.world import LOCAL_ZONE, History, World
from scanner.baselines import baselines_for
from scanner.baselines.own import own_baselines
from scanner.feeds.advisories import beside, from_store
from scanner.store import Store

OUT_OF_SCOPE = Text(
    vi="thiết bị không nằm trong phạm vi của đợt quét này",
    en="the device was not in the scope of this run",
)


def world_of(
    store: Store,
    run_id: str,
    inventory: Inventory,
    now: datetime,
) -> World:
    """Facts of every device of the inventory; those not looked at know nothing and say why.

    Raises FeedError when vulnerability data was imported and cannot be read any more,
    InventoryError when a baseline of the inventory cannot be used.
    """
    seen: Mapping[str, Facts] = store.facts(run_id)
    run = store.run(run_id)
    facts = {d.id: seen.get(d.id, Facts({}, absent=OUT_OF_SCOPE)) for d in inventory.devices}
    return World(
        inventory=inventory,
        facts=facts,
        now=now,
        readings=inventory.readings,
        history=History(
            earlier=tuple(c for c in store.completed_checks(before=now) if c.source != run_id),
            covered=frozenset(d.device for d in store.devices(run_id) if d.state == "done"),
            began=run.started.astimezone(LOCAL_ZONE).date(),
            ended=run.finished.astimezone(LOCAL_ZONE).date() if run.finished else None,
        ),
        advisories=from_store(beside(store.file)),
        baselines=baselines_for(inventory, facts, own_baselines(inventory)),
    )
