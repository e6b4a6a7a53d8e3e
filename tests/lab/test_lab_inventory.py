"""The inventory of the lab is one that its owner could have written, for every fault."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.load import load
from lab import inventory_file
from lab.faults import FAULTS
from lab.folders import Folders
from lab.topology import PROVINCE, WHOLE, Plan

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and certificates are made once and kept, as in a lab that is started again."""
    return tmp_path_factory.mktemp("inventory")


@pytest.mark.parametrize("fault", ["", *FAULTS])
@pytest.mark.parametrize("plan", [PROVINCE, WHOLE], ids=lambda plan: plan.name)
def test_it_loads_without_a_warning(folder: Path, fault: str, plan: Plan) -> None:
    loaded = load(inventory_file.write(folder, [fault] if fault else [], NOW, plan))
    assert loaded.warnings == ()
    declared = {device.id for device in loaded.inventory.devices}
    assert declared == {host.id for host in plan.hosts if host.role != "workstation"}
    for device in loaded.inventory.devices:
        assert device.credential is not None
        assert device.host_key or device.certificate


def test_secrets_are_in_files_of_their_own_that_only_the_owner_reads(tmp_path: Path) -> None:
    text = inventory_file.write(tmp_path, (), NOW).read_text()
    files = list(Folders(tmp_path).secrets.iterdir())
    assert len(files) == 6
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text().strip() not in text
    assert "PRIVATE KEY" not in text


def test_the_short_password_has_seven_characters_and_the_others_every_kind(folder: Path) -> None:
    inventory_file.write(folder, ["short-password"], NOW, WHOLE)
    lengths = {}
    for file in Folders(folder).secrets.glob("*.password"):
        secret = file.read_text().strip()
        lengths[file.stem] = len(secret)
        assert any(c.isdigit() for c in secret)
        assert any(c.islower() for c in secret)
        assert any(c.isupper() for c in secret)
        assert any(not c.isalnum() for c in secret)
    assert lengths.pop("vcs-chau-phu") == 7
    assert set(lengths.values()) == {14}


def test_an_expired_certificate_is_pinned_as_it_is(folder: Path) -> None:
    def pin(*faults: str) -> str | None:
        loaded = load(inventory_file.write(folder, faults, NOW))
        return loaded.inventory.device("mcu-tinh").certificate

    assert pin() != pin("certificate-expired")
    assert pin() == pin()


def test_dates_follow_the_day_of_writing(folder: Path) -> None:
    loaded = load(inventory_file.write(folder, ["yearly-check-overdue"], NOW)).inventory
    # 20:00 UTC is already the next day in Viet Nam
    assert (datetime(2026, 11, 24).date() - loaded.past_checks[0].ended).days == 500
    assert loaded.calendar.confirmed_until is not None
    assert loaded.calendar.confirmed_until > datetime(2026, 11, 24).date()
