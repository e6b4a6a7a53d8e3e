"""The whole province: every family that can be read is read, and known by what it says of itself.

One scan of a compliant province; what it left in its database is looked at from all sides. Test
processes that run side by side share it.
"""

from __future__ import annotations

import fcntl
import pickle
import re
from dataclasses import dataclass

import pytest

import lab
from lab.compliant import SOFTWARE
from lab.topology import WHOLE
from rules.facts import Facts, Known, Unknown
from scanner.engine.recognition import identity_of
from scanner.evidence import Document
from scanner.platforms import all_platforms, find
from scanner.store.store import Store
from tests.end_to_end.conftest import Outcome, Scanner
from tests.end_to_end.test_secrets_stay_secret import left_behind, planted

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]

DEVICES = {host.id: host.family or "" for host in WHOLE.devices}

RECOGNISED = frozenset(
    {
        "cisco-cms",
        "cisco-expressway",
        "cisco-mcu",
        "cisco-roomos",
        "huawei-te",
        "huawei-vp",
        "lifesize",
        "polycom-group",
        "polycom-hdx",
        "polycom-rmx",
    }
)
"""Families whose words in banners are publicly recorded; the others answer and name nobody."""


@dataclass(frozen=True)
class Seen:
    outcome: Outcome
    facts: dict[str, Facts]
    banners: dict[str, list[Document]]
    """By device: what was seen without a login to it."""
    logins: dict[str, list[Document]]
    """By device: what its family module asked for."""
    secrets: list[bytes]
    """Passwords and SNMP keys that the scanner was given."""
    kept: dict[str, bytes]
    """What the scan left on the disk."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Seen:
    """The first test process to ask makes the scan, the others wait for it."""
    shared = tmp_path_factory.getbasetemp().parent / f"seen-{testrun_uid}"
    with shared.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if known := file.read():
            return pickle.loads(known)
        made = scanned(tmp_path_factory)
        file.write(pickle.dumps(made))
        return made


def scanned(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("scanner")
    try:
        started = lab.start(tmp_path_factory.mktemp("whole"), whole=True)
    except lab.LabUnavailable as error:
        pytest.skip(str(error))
    with started:
        scanner = Scanner(started, folder)
        outcome = scanner.scan(inventory=scanner.with_fewer_ports())
    with Store.open(str(scanner.database), create=False) as store:
        run = store.latest_run("finished")
        assert run is not None, outcome.said
        stored: dict[str, list[Document]] = {}
        for item in store.evidence_items(run.id):
            document = Document(
                store.evidence(item.sha256),
                item.source,
                item.evidence_class,
                item.captured,
                item.vantage,
            )
            stored.setdefault(item.device, []).append(document)
        return Seen(
            outcome,
            store.facts(run.id),
            {name: [d for d in all_ if d.evidence_class == "P"] for name, all_ in stored.items()},
            {name: [d for d in all_ if d.evidence_class == "C"] for name, all_ in stored.items()},
            planted(started),
            left_behind(folder),
        )


def test_every_family_that_is_read_live_stands_in_the_province() -> None:
    live = {
        p.name
        for p in all_platforms()
        if p.not_read is None and p.allowed and p.kinds & {"mcu", "vcs"}
    }
    assert live - set(DEVICES.values()) == set()


def test_nothing_fails_in_it_and_what_a_family_cannot_tell_is_left_open(seen: Seen) -> None:
    assert seen.outcome.verdicts("FAIL") == set()
    assert seen.outcome.status == 3, seen.outcome.said
    assert "put off" not in seen.outcome.said
    assert "defect" not in seen.outcome.said


TOLD_OF_EVERY_SERVICE = {"cisco-mcu", "cisco-roomos"}
"""Families that tell all services that are not needed, or whose vendor lists those they lack. For
the others no such list was found, or a service that they have cannot be set."""


def test_a_well_kept_device_has_its_services_off_where_its_family_can_tell(seen: Seen) -> None:
    off = {name for rule, _, name in seen.outcome.verdicts("PASS") if rule == "D11.1-d"}
    assert {DEVICES[name] for name in off} == TOLD_OF_EVERY_SERVICE


@pytest.mark.parametrize("device", DEVICES)
def test_the_device_was_read(seen: Seen, device: str) -> None:
    facts, family = seen.facts[device], DEVICES[device]
    told = facts["identity.family"]
    assert isinstance(told, Known), told
    assert told.value == family
    assert {c.evidence_class for c in told.citations} == {"C"}
    vendor = facts["identity.vendor"]
    assert isinstance(vendor, Known)
    calls = facts["call.active"]
    assert seen.logins[device]
    if family == "huawei-vp":
        # no object and no request that tells it is published
        assert isinstance(calls, Unknown), calls
    else:
        assert isinstance(calls, Known), calls
        assert calls.value == 0
    if family == "polycom-rmx":
        # over SNMP it tells neither model nor release: these stay open, with what to do about it
        assert isinstance(facts["software.version"], Unknown)
        return
    version = facts["software.version"]
    assert isinstance(version, Known), version
    platform, (_, _, expected) = find(family), SOFTWARE[device]
    assert platform.version_key(version.value) == platform.version_key(expected)


@pytest.mark.parametrize("device", DEVICES)
def test_nothing_was_asked_that_is_not_on_the_allowlist_of_the_family(
    seen: Seen, device: str
) -> None:
    allowed = find(DEVICES[device]).allowed
    asked = [d.source for d in seen.logins[device] if not d.source.startswith("snmp ")]
    assert [what for what in asked if not any(re.fullmatch(p, what) for p in allowed)] == []


@pytest.mark.parametrize("device", DEVICES)
def test_the_device_is_known_by_what_it_says_to_anybody(seen: Seen, device: str) -> None:
    identity, family = identity_of(seen.banners[device]), DEVICES[device]
    if family not in RECOGNISED:
        assert identity is None
        return
    assert identity is not None, [d.text for d in seen.banners[device]]
    assert identity.family == family
    if identity.version is not None:
        platform, (_, _, expected) = find(family), SOFTWARE[device]
        shown = platform.version_key(identity.version)
        assert shown is not None
        assert shown == platform.version_key(expected) or identity.version in expected


def test_no_secret_of_any_family_is_kept(seen: Seen) -> None:
    assert len(seen.secrets) > len(DEVICES)
    kept = {**seen.kept, "output": (seen.outcome.output + seen.outcome.said).encode()}
    assert [name for name, held in kept.items() for word in seen.secrets if word in held] == []
