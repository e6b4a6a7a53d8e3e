"""Whether a device runs the newest release: model, branch, deployment, peripherals, basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.patches.advisories import Advisories
from rules.patches.at_that_time import newest_on
from rules.patches.model import Installed, Latest, Published
from rules.patches.newest import newest
from scanner.products import families

TODAY = date(2026, 11, 24)
ROOM = "cisco-ce-roomos"


def entry(version: str, family: str = ROOM, basis: Any = "release-list", **rest: Any) -> Latest:
    return Latest(family, version=version, basis=basis, **rest)


NEW = entry("26.7.2.2", models=("Codec Pro", "Board Pro 55"), deployment="on-premises")
OLD = entry("11.32.7.0", models=("Room Kit",), deployment="on-premises")
TEN = entry("10.19.5.6", models=("any device on RoomOS 10",), support="ended")
NINE = entry("9.15.17.4", basis="fixed-release", models=("SX80",))
CATALOGUE = (NEW, OLD, TEN, NINE)

CASES = {
    "newest of its generation": ("Room Kit", "RoomOS 11.32.7.0 ee07478fff1", "newest", False),
    "newer generation of others": ("Room Kit", "11.27.2.0", "older", None),
    "the newer generation": ("Board Pro 55", "11.32.7.0", "older", None),
    "above the list": ("Room Kit", "11.33.2.0", "unknown", None),
    "on an ended branch": ("Room Kit", "10.19.5.6", "older", True),
    "no list, at the number": ("SX80", "ce9.15.17.4", "unknown", None),
    "no list, below": ("SX80", "ce9.15.17.3", "older", None),
    "a cloud build": ("Room Kit", "11.28.1.5", "unknown", None),
    "a model without entry": ("Desk Mini", "11.32.7.0", "unknown", None),
    "no model": ("", "11.32.7.0", "unknown", None),
    "not readable": ("Room Kit", "March", "unknown", None),
}


@pytest.mark.parametrize(("model", "version", "state", "ended"), CASES.values(), ids=CASES)
def test_newest_per_generation(model: str, version: str, state: str, ended: bool | None) -> None:
    found = newest(Installed(ROOM, version, model), Advisories(families(), latest=CATALOGUE), TODAY)
    assert found.state == state
    assert (found.why is None) == (state != "unknown")
    if ended:
        assert found.support_ended is True


TOUCH = (
    entry("26.7.2.2", models=("Codec Pro",), without_peripherals=("Touch 10",)),
    entry("11.32.7.0", models=("Codec Pro",), with_peripherals=("Touch 10",)),
)
ATTACHED = {
    "with it, its newest": ("11.32.7.0", ("touch 10",), "newest"),
    "with it, older": ("11.27.2.0", ("Touch 10",), "older"),
    "without, older": ("11.32.7.0", (), "older"),
    "without, newest": ("26.7.2.2", (), "newest"),
    "not known, between": ("11.32.7.0", None, "unknown"),
    "not known, older either way": ("11.27.2.0", None, "older"),
}


@pytest.mark.parametrize(("version", "attached", "state"), ATTACHED.values(), ids=ATTACHED)
def test_peripherals(version: str, attached: tuple[str, ...] | None, state: str) -> None:
    asked = Installed(ROOM, version, "Codec Pro", peripherals=attached)
    assert newest(asked, Advisories(families(), latest=TOUCH), TODAY).state == state


@pytest.mark.parametrize(("version", "attached", "state"), ATTACHED.values(), ids=ATTACHED)
def test_peripherals_on_a_past_day(
    version: str, attached: tuple[str, ...] | None, state: str
) -> None:
    out = {"released": date(2026, 1, 5), "read_on": TODAY}
    listed = Advisories(families(), latest=tuple(replace(one, **out) for one in TOUCH))
    asked = Installed(ROOM, version, "Codec Pro", peripherals=attached)
    assert newest_on(asked, date(2026, 11, 1), listed).state == state


BBB = tuple(
    entry(version, "bigbluebutton", models=(f"BigBlueButton {branch}",), support=support)
    for branch, version, support in (("3.0", "3.0.35", "supported"), ("2.7", "2.7.16", "ended"))
)


def test_a_family_listed_by_branch() -> None:
    advisories = Advisories(families(), latest=BBB)
    told = {
        version: newest(Installed("bigbluebutton", version), advisories, TODAY)
        for version in ("3.0.35", "3.0.34", "2.7.16", "2.5.1")
    }
    assert [t.state for t in told.values()] == ["newest", "older", "older", "older"]
    assert told["2.7.16"].support_ended is True
    kept = newest(Installed("bigbluebutton", "3.0.35"), advisories, TODAY, in_branch=True)
    ended = newest(Installed("bigbluebutton", "2.7.16"), advisories, TODAY, in_branch=True)
    assert (kept.state, ended.state) == ("newest", "older")


def test_hardware_lines_are_not_compared() -> None:
    latest = (entry("122.15.0.142", "yealink-vp59", models=("VP59",)),)
    asked = Installed("yealink-vp59", "91.15.0.118", "VP59")
    assert newest(asked, Advisories(families(), latest=latest), TODAY).state == "unknown"


def test_a_build_that_the_list_does_not_name_is_the_release() -> None:
    latest = (entry("3.1.14", "polycom-hdx"),)
    asked = Installed("polycom-hdx", "Release - 3.1.14-56008", "HDX 8000")
    assert newest(asked, Advisories(families(), latest=latest), TODAY).state == "newest"


def test_the_list_of_a_past_day() -> None:
    out = (
        Published(ROOM, "10.3.2.0", date(2021, 4, 29), read_on=TODAY, withdrawn=date(2022, 5, 5)),
        Published(ROOM, "10.8.2.5", date(2021, 11, 1), read_on=TODAY),
    )
    advisories = Advisories(families(), published=out)
    told = [
        newest_on(Installed(ROOM, version), day, advisories).state
        for version, day in (
            ("10.3.2.0", date(2021, 10, 31)),
            ("10.3.2.0", date(2021, 11, 1)),
            ("10.8.2.5", date(2021, 11, 1)),
            ("10.3.2.0", date(2021, 4, 28)),
            ("10.9.2.0", date(2021, 11, 1)),
        )
    ]
    assert told == ["newest", "older", "newest", "unknown", "unknown"]


LATER = (
    Published(ROOM, "9.15.17.4", date(2023, 6, 1), read_on=TODAY),
    Published(ROOM, "11.27.2.0", date(2025, 5, 1), read_on=TODAY),
)
SINCE_THEN = {
    "older in its own train": ("ce9.15.3.17", "older", "9.15.17.4"),
    "the last of its train, a later one may not run on it": ("ce9.15.17.4", "unknown", ""),
    "newest of the newest train": ("RoomOS 11.27.2.0", "newest", "11.27.2.0"),
}


@pytest.mark.parametrize(("version", "state", "newer"), SINCE_THEN.values(), ids=SINCE_THEN)
def test_a_later_train_that_names_no_model_proves_nothing(
    version: str, state: str, newer: str
) -> None:
    """RoomOS 11 does not run on every device of the family."""
    advisories = Advisories(families(), published=LATER, latest=(OLD,))
    then = newest_on(Installed(ROOM, version, "SX10"), date(2026, 1, 1), advisories)
    assert then.state == state
    assert not newer or then.newest == newer


READ_BEFORE = (
    Published(ROOM, "11.32.7.0", date(2025, 8, 18), read_on=date(2025, 8, 20)),
    Published(ROOM, "26.7.2.2", date(2025, 8, 3), read_on=date(2025, 8, 20)),
)
OF_MODEL = (
    entry("11.32.7.0", models=("Room Kit",), released=date(2025, 8, 18), read_on=TODAY),
    entry("26.7.2.2", models=("Room Bar",), released=date(2025, 8, 3), read_on=TODAY),
)
BY_MODEL = {
    "the list of the model was read later than that of all releases": ("Room Kit", "newest"),
    "a later train that runs on it": ("Room Bar", "older"),
    "a model of which the list knows no newest": ("SX10", "unknown"),
}


@pytest.mark.parametrize(("model", "state"), BY_MODEL.values(), ids=BY_MODEL)
def test_the_newest_of_a_model_by_its_own_list(model: str, state: str) -> None:
    """The list of all releases names the same one, was read earlier and names no model."""
    advisories = Advisories(families(), published=READ_BEFORE, latest=OF_MODEL)
    asked = Installed(ROOM, "RoomOS 11.32.7.0", model)
    assert newest_on(asked, TODAY, advisories).state == state


def test_a_release_that_merely_was_seen_on_a_model_is_not_its_newest() -> None:
    seen = (replace(OF_MODEL[0], basis="seen"), OF_MODEL[1])
    advisories = Advisories(families(), published=READ_BEFORE, latest=seen)
    asked = Installed(ROOM, "RoomOS 11.32.7.0", "Room Kit")
    assert newest_on(asked, TODAY, advisories).state == "unknown"
