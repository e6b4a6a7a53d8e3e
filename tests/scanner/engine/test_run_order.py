"""Sites side by side, devices in turn, and every way a run can end."""

from __future__ import annotations

import threading
import time
from ipaddress import ip_address

import pytest

from inventory.model import Device
from inventory.text import Text
from rules.facts import Facts
from scanner.engine.observation import Observation
from scanner.engine.plan import SiteQueue
from scanner.engine.run import look_at_all


class Watcher:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def begin(self, total: int) -> None:
        self.seen.append(f"begin {total}")

    def started(self, device: Device) -> None:
        self.seen.append(f"start {device.id}")

    def finished(self, device: Device, observation: Observation) -> None:
        self.seen.append(f"end {device.id}")


def device(name: str, site: str) -> Device:
    return Device(id=name, kind="vcs", site=site, address=ip_address("192.0.2.1"))


def observed(name: str, put_off: bool = False) -> Observation:
    failure = Text(vi="đang có cuộc gọi", en="in a call") if put_off else None
    return Observation(name, (), Facts({}), failure, put_off)


QUEUES = (
    SiteQueue("a", (device("a1", "a"), device("a2", "a"))),
    SiteQueue("b", (device("b1", "b"), device("b2", "b"))),
)


def test_one_device_at_a_time_in_each_site() -> None:
    busy: dict[str, int] = {"a": 0, "b": 0}
    together: list[int] = []

    def look(d: Device) -> Observation:
        busy[d.site] += 1
        assert busy[d.site] == 1
        together.append(sum(busy.values()))
        time.sleep(0.05)
        busy[d.site] -= 1
        return observed(d.id)

    kept: list[str] = []
    complete = look_at_all(
        QUEUES, look, lambda o: kept.append(o.device_id), Watcher(), threading.Event(), 4
    )
    assert complete
    assert sorted(kept) == ["a1", "a2", "b1", "b2"]
    assert max(together) == 2, "sites run side by side"


def test_a_device_in_a_call_is_asked_again_after_the_others() -> None:
    asked: list[str] = []

    def look(d: Device) -> Observation:
        asked.append(d.id)
        return observed(d.id, put_off=asked.count(d.id) == 1 and d.id == "a1")

    kept: list[Observation] = []
    look_at_all(QUEUES[:1], look, kept.append, Watcher(), threading.Event(), 1)
    assert asked == ["a1", "a2", "a1"]
    assert [o.failure for o in kept] == [None, None]


def test_a_device_that_stays_in_a_call_is_kept_with_its_reason() -> None:
    kept: list[Observation] = []
    look_at_all(
        QUEUES[:1],
        lambda d: observed(d.id, put_off=d.id == "a1"),
        kept.append,
        Watcher(),
        threading.Event(),
        1,
    )
    assert [(o.device_id, bool(o.failure)) for o in kept] == [("a2", False), ("a1", True)]


def test_what_was_seen_while_stopping_is_not_kept() -> None:
    stop = threading.Event()

    def look(d: Device) -> Observation:
        stop.set()
        return observed(d.id)

    kept: list[Observation] = []
    assert not look_at_all(QUEUES, look, kept.append, Watcher(), stop, 1)
    assert kept == []


def test_an_error_of_the_store_ends_the_run_and_is_handed_on() -> None:
    def keep(_observation: Observation) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        look_at_all(QUEUES, lambda d: observed(d.id), keep, Watcher(), threading.Event(), 2)
