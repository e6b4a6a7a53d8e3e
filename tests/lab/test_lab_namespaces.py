"""Where the machine forbids the lab, one message names the setting and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import namespaces
from lab.namespaces import LabUnavailable, check, obstacle


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing stands in the way of an ordinary user."""
    settings = {
        "kernel/unprivileged_userns_clone": "1",
        "kernel/apparmor_restrict_unprivileged_userns": "0",
        "user/max_user_namespaces": "15000",
    }
    for name, value in settings.items():
        path = tmp_path / "sys" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value + "\n")
    for name in ("subuid", "subgid"):
        (tmp_path / name).write_text("root:100000:65536\n")
    monkeypatch.setattr(namespaces.os, "geteuid", lambda: 0)
    return tmp_path


def test_nothing_to_say_where_nothing_is_wrong(machine: Path) -> None:
    assert obstacle(machine / "sys", machine) is None


@pytest.mark.parametrize(
    ("file", "value", "setting"),
    [
        ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "kernel.apparmor_restrict_unprivileged_userns",
        ),
        ("user/max_user_namespaces", "0", "user.max_user_namespaces"),
    ],
)
def test_a_setting_is_named_with_its_cure(
    machine: Path, file: str, value: str, setting: str
) -> None:
    (machine / "sys" / file).write_text(value + "\n")
    found = obstacle(machine / "sys", machine)
    assert found is not None
    assert setting in found.vi
    assert f"sudo sysctl -w {setting}=" in found.en


@pytest.mark.parametrize("name", ["subuid", "subgid"])
def test_missing_subordinate_ids_are_named(machine: Path, name: str) -> None:
    (machine / name).write_text("someone-else:100000:65536\n")
    found = obstacle(machine / "sys", machine)
    assert found is not None
    assert f"/etc/{name}" in found.en
    assert "usermod --add-subuids" in found.en


def test_missing_programs_are_named_as_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "tool", lambda name: name)
    with pytest.raises(LabUnavailable, match=r"apt-get install .*nftables.*openssh-server"):
        check()


def test_a_refusal_without_a_known_setting_quotes_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        namespaces, "unshare_command", lambda _: ["sh", "-c", "echo not permitted >&2; exit 1"]
    )
    monkeypatch.setattr(namespaces, "missing_packages", tuple)
    monkeypatch.setattr(namespaces, "obstacle", lambda: None)
    with pytest.raises(LabUnavailable, match="not permitted"):
        check()
