"""Looking at a device: when it may be asked, from where, and what a login proves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.model import Device, Inventory
from inventory.text import Text
from rules.facts import Known, OpenPort, PortScan
from scanner.collect.errors import CollectError, LoginRefused
from scanner.collect.journal import FileJournal, JournalError, NullJournal
from scanner.collect.stopping import Stop
from scanner.engine import introduction, vantage
from scanner.engine import look as module
from scanner.engine.look import Looker
from scanner.engine.meetings import respect_meetings
from scanner.engine.recognition import Recogniser
from scanner.evidence import Document
from scanner.platforms.model import Platform, Reading
from tests.rules.compliant import declared

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 in An Giang


def inventory(meeting: datetime | None = None, *sites: str, **scan: Any) -> Inventory:
    plain = declared()
    plain["scan"] = {**plain.get("scan", {}), **scan}
    if meeting is not None:
        plain["calendar"] = {
            "meetings": [
                {
                    "title": "họp",
                    "start": meeting.isoformat(),
                    "end": (meeting + timedelta(hours=1)).isoformat(),
                    "sites": list(sites),
                }
            ]
        }
    return Inventory.model_validate(plain)


class SaysNothing(Recogniser):
    """A device that does not introduce itself; no port of it is asked to."""

    def at_the_doors(self, answering: Collection[int]) -> Iterator[Document]:
        yield from ()

    def all_over(self, answering: Collection[int]) -> Iterator[Document]:
        yield from ()


@pytest.fixture(autouse=True)
def nobody_introduces_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Recogniser", SaysNothing)


class Scans:
    """A place from which every device answers on the ports that are asked."""

    def __init__(self, name: str, zone: str, asked: list[str], lasting: timedelta) -> None:
        self.vantage, self.zone = name, zone
        self._asked, self._lasting = asked, lasting
        self.after: Callable[[], None] = lambda: None

    def longest(self, _protocol: str, _ports: str) -> timedelta:
        return self._lasting

    def scan(self, device: str, _address: Any, protocol: Any, ports: str) -> Any:
        self._asked.append(f"{self.vantage} {device} {protocol} {ports}")
        self.after()
        document = Document(b"x", "nmap", "P", NOON, self.vantage)
        scan = PortScan(self.vantage, self.zone, protocol, (), True, (OpenPort(5061, "open"),))
        return document, scan


def looker(plan: Inventory, asked: list[str], *, now: datetime = NOON, **changes: Any) -> Looker:
    lasting = changes.pop("lasting", timedelta())
    values: dict[str, Any] = {
        "inventory": plan,
        "base": Path(),
        "catalogue": None,
        "journal": NullJournal(),
        "here": Scans("may-quet", "quantri", asked, lasting),
        "elsewhere": (Scans("pc-van-phong", "vanphong", asked, lasting),),
        "clock": lambda: now,
        "stop": Stop(),
    }
    return Looker(**{**values, **changes})


def kinds(asked: list[str]) -> list[str]:
    return [" ".join(entry.split()[:3]) for entry in asked]


EVERYTHING = [
    "may-quet vcs tcp",
    "may-quet vcs tcp",
    "may-quet vcs udp",
    "pc-van-phong vcs tcp",
]


@pytest.fixture
def vcs() -> Device:
    return inventory().device("vcs")


def test_without_a_meeting_everything_is_asked(vcs: Device) -> None:
    asked: list[str] = []
    looker(inventory(), asked)(vcs)
    assert kinds(asked) == EVERYTHING


def test_a_meeting_at_the_site_leaves_the_device_alone(vcs: Device) -> None:
    asked: list[str] = []
    seen = looker(inventory(NOON, vcs.site), asked)(vcs)
    assert asked == []
    assert seen.failure is not None
    assert "blacks out" in seen.failure.en


def test_a_blackout_that_begins_between_two_steps_ends_them(vcs: Device) -> None:
    asked: list[str] = []
    plan = inventory(NOON + timedelta(minutes=61), vcs.site)
    clock = iter([NOON] * 2 + [NOON + timedelta(minutes=2)] * 9)
    seen = looker(plan, asked, clock=lambda: next(clock))(vcs)
    assert kinds(asked) == EVERYTHING[:2]
    assert seen.failure is not None


def test_a_scan_that_would_last_into_a_blackout_is_not_begun(vcs: Device) -> None:
    asked: list[str] = []
    plan = inventory(NOON + timedelta(minutes=75), vcs.site)
    looker(plan, asked, lasting=timedelta(minutes=20))(vcs)
    assert kinds(asked) == EVERYTHING[:1]


def test_a_long_scan_does_not_step_over_a_meeting() -> None:
    plan = inventory(NOON + timedelta(hours=3), "chau-phu")
    with pytest.raises(CollectError):
        respect_meetings(plan, ["chau-phu"], NOON, timedelta(hours=12))
    respect_meetings(plan, ["chau-phu"], NOON, timedelta(hours=1))


def test_a_vantage_host_whose_site_has_a_meeting_is_left_alone(vcs: Device) -> None:
    """Its zone lies at the provincial site, where the meeting is; the device does not."""
    asked: list[str] = []
    plan = inventory(NOON, "trung-tam")
    place = next(z for z in plan.zones if z.id == "vanphong")
    zones = tuple(
        replace_zone if z.id == "vanphong" else z
        for z in plan.zones
        for replace_zone in [place.model_copy(update={"site": "trung-tam"})]
    )
    plan = plan.model_copy(update={"zones": zones})
    looker(plan, asked)(vcs)
    assert kinds(asked) == EVERYTHING[:3]


def test_after_a_stop_nothing_more_is_sent(vcs: Device) -> None:
    asked: list[str] = []
    one = looker(inventory(), asked)
    one.here.after = lambda: one.stop.set() if len(asked) == 2 else None  # type: ignore[attr-defined]
    one(vcs)
    assert kinds(asked) == EVERYTHING[:2]


def test_other_places_are_asked_for_the_ports_of_administration(vcs: Device) -> None:
    asked: list[str] = []
    own = vcs.model_copy(update={"https_port": 9443, "ssh_port": 2222})
    looker(inventory(exposure_ports="22,80"), asked)(own)
    assert asked[-1].endswith(" 22,80,2222,9443")


# --- one attempt on a vantage host --------------------------------------------------------------


def test_a_vantage_host_that_refuses_the_login_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[Sequence[str]] = []

    def refuse(_endpoint: object, argv: Sequence[str], **_rest: object) -> Any:
        attempts.append(argv)
        raise LoginRefused(Text(vi="từ chối", en="refused"))

    monkeypatch.setattr(vantage, "run_remote", refuse)
    monkeypatch.setattr(vantage, "_endpoint", lambda *_: None)
    plain = declared()
    plain["vantage_points"] = [
        {"id": "xa", "zone": "vanphong", "via": "ssh", "address": "10.67.40.50"}
    ]
    plan = Inventory.model_validate(plain)
    (scanner,) = vantage.remote_scanners(plan, Path(), NullJournal(), threading.Event())
    for device in plan.devices[:3]:
        with pytest.raises(LoginRefused):
            scanner.scan(device.id, device.address, "tcp", "22")
    assert len(attempts) == 1


# --- what a login proves ------------------------------------------------------------------------

ANSWER = Document(b"x", "POST /before", "C", NOON)


def told(vcs: Device, folder: Path, monkeypatch: pytest.MonkeyPatch, collect: Any) -> bool:
    """Whether the password counts as tested after a family module collected like this."""
    secret = folder / "secret"
    secret.write_text("Mat-khau.Bi-mat7\n")
    secret.chmod(0o600)
    family = Platform(
        name="thu",
        title="thu",
        vendor="thu",
        kinds=frozenset({"vcs"}),
        allowed=(".*",),
        collect=collect,
        read=lambda _documents: Reading({}),
        version_key=lambda _version: None,
        needed_ports=(),
    )
    monkeypatch.setattr(introduction, "find", lambda _name: family)
    credential = {"username": "quantri", "password": f"file:{secret}"}
    device = Device.model_validate(
        {**vcs.model_dump(), "platform": "thu", "credential": credential}
    )
    seen = looker(inventory(), [])(device)
    return isinstance(seen.facts["tested_passwords"], Known)


def accepting(access: Any) -> Iterator[Document]:
    access.ssh.on_password()
    yield ANSWER


def asking_nobody(_access: Any) -> Iterator[Document]:
    yield ANSWER


def refusing(access: Any) -> Iterator[Document]:
    yield ANSWER
    access.web_address(443).on_password()
    raise LoginRefused(Text(vi="từ chối", en="refused"))


@pytest.mark.parametrize(
    ("collect", "expected"), [(accepting, True), (asking_nobody, False), (refusing, False)]
)
def test_a_password_counts_as_tested_when_the_device_let_it_in(
    vcs: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collect: Any, expected: bool
) -> None:
    assert told(vcs, tmp_path, monkeypatch, collect) is expected


def test_what_cannot_be_written_down_ends_the_run_and_is_no_trait_of_the_device() -> None:
    plan, asked = inventory(), list[str]()
    with FileJournal(Path("/dev/full")) as journal:
        look = looker(plan, asked, journal=journal)
        look.here.after = lambda: journal.sent("vcs", "tcp", "connect")
        with pytest.raises(JournalError, match="disk is full"):
            look(plan.device("vcs"))
