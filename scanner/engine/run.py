"""A run: sites side by side, in each one device at a time, every one committed when it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from inventory.model import Device
from scanner.engine.observation import Observation
from scanner.engine.plan import SiteQueue

Look = Callable[[Device], Observation]
Keep = Callable[[Observation], None]


class Progress(Protocol):
    """Somebody who watches a run."""

    def begin(self, total: int) -> None: ...
    def started(self, device: Device) -> None: ...
    def finished(self, device: Device, observation: Observation) -> None: ...


def look_at_all(
    queues: Sequence[SiteQueue],
    look: Look,
    keep: Keep,
    progress: Progress,
    stop: threading.Event,
    parallel_sites: int,
) -> bool:
    """Every device of the queues is looked at and kept, or `stop` was set; True when complete.

    A device in a call is put off to the end of its site's queue and asked once more. The first
    error that `keep` raises ends the run and leaves this function.
    """
    progress.begin(sum(len(queue.devices) for queue in queues))
    failure: list[BaseException] = []

    def work(queue: SiteQueue) -> None:
        try:
            _look_at_site(queue, look, keep, progress, stop)
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            failure.append(error)
            stop.set()

    with ThreadPoolExecutor(max_workers=parallel_sites) as pool:
        for queue in queues:
            pool.submit(work, queue)
    if failure:
        raise failure[0]
    return not stop.is_set()


def _look_at_site(
    queue: SiteQueue, look: Look, keep: Keep, progress: Progress, stop: threading.Event
) -> None:
    put_off: list[Device] = []
    for device in (*queue.devices,):
        observation = _look_at(device, look, progress, stop)
        if observation is None:
            return
        if observation.put_off:
            put_off.append(device)
        else:
            keep(observation)
            progress.finished(device, observation)
    for device in put_off:
        observation = _look_at(device, look, progress, stop)
        if observation is None:
            return
        keep(observation)
        progress.finished(device, observation)


def _look_at(
    device: Device, look: Look, progress: Progress, stop: threading.Event
) -> Observation | None:
    if stop.is_set():
        return None
    progress.started(device)
    observation = look(device)
    # What was seen while the run was being stopped may be cut short: it is not kept.
    return None if stop.is_set() else observation
