"""The doctor names what is missing and the line that gets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner.doctor import TOOLS, Check, examine, namespace_trial, ready_for

EVERYTHING = frozenset({"apt-get", *(tool.command for tool in TOOLS)})
PACKAGES = Path(__file__).resolve().parents[2] / "tools" / "packages.txt"


@dataclass(frozen=True)
class Imagined:
    """A machine as a value. Everything is in order unless a test says otherwise."""

    programs: frozenset[str] = EVERYTHING
    python_version: tuple[int, int, int] = (3, 11, 2)
    complaint: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    subordinate_ids: bool = True
    root: bool = False
    encoding_name: str = "utf-8"
    writable: bool = True
    privileged_nmap: bool = True

    def python(self) -> tuple[int, int, int]:
        return self.python_version

    def path_of(self, command: str) -> str | None:
        return f"/usr/bin/{command}" if command in self.programs else None

    def version(self, argv: Sequence[str]) -> str:
        return "7.93"

    def attempt(self, argv: Sequence[str]) -> str | None:
        assert tuple(argv) == namespace_trial(root=self.root)
        return self.complaint

    def setting(self, name: str) -> str | None:
        return dict(self.settings).get(name)

    def has_subordinate_ids(self) -> bool:
        return self.subordinate_ids

    def is_root(self) -> bool:
        return self.root

    def user(self) -> str:
        return "canbo"

    def variable(self, name: str) -> str | None:
        return "1" if self.privileged_nmap else None

    def encoding(self) -> str:
        return self.encoding_name

    def folder(self) -> str:
        return "/srv/hnth"

    def can_write(self, folder: str) -> bool:
        return self.writable


def check_of(machine: Imagined, name: str) -> Check:
    return next(check for check in examine(machine) if check.name == name)


def test_a_complete_machine_is_ready_and_needs_no_remedy() -> None:
    checks = examine(Imagined())
    assert all(check.ok and check.remedy is None for check in checks)
    assert ready_for("scan", checks)
    assert ready_for("demo", checks)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.command)
def test_a_missing_program_is_named_with_its_package(tool) -> None:
    machine = Imagined(programs=EVERYTHING - {tool.command})
    checks = examine(machine)
    missing = [check for check in checks if not check.ok]
    assert [check.name for check in missing] == [tool.command]
    assert missing[0].remedy is not None
    assert f"sudo apt-get install {tool.package}" in missing[0].remedy.vi
    assert ready_for("scan", checks) is (tool.group != "scan")
    assert ready_for("demo", checks) is (tool.group == "optional")


MENDS = {
    "old Python": ({"python_version": (3, 10, 13)}, "python", "apt-get install python3.11"),
    "Latin-1 terminal": ({"encoding_name": "iso8859-1"}, "utf-8", "PYTHONUTF8=1"),
    "read-only folder": ({"writable": False}, "folder", "change to a folder"),
    "nmap without raw sockets": ({"privileged_nmap": False}, "udp", "setcap cap_net_raw"),
    "root needs no sudo": (
        {"root": True, "programs": EVERYTHING - {"nmap"}},
        "nmap",
        "apt-get install nmap",
    ),
    "no apt": ({"programs": EVERYTHING - {"nmap", "apt-get"}}, "nmap", "Debian package nmap"),
    "a service": ({"programs": EVERYTHING - {"sshd"}}, "sshd", "also starts the service"),
    "no user namespaces": (
        {"complaint": "no", "settings": (("kernel.unprivileged_userns_clone", "0"),)},
        "namespaces",
        "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    "AppArmor restricts them": (
        {"complaint": "no", "settings": (("kernel.apparmor_restrict_unprivileged_userns", "1"),)},
        "namespaces",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "permitted by the settings, no ids": (
        {
            "complaint": "no",
            "settings": (("kernel.unprivileged_userns_clone", "1"),),
            "subordinate_ids": False,
        },
        "namespaces",
        "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 canbo",
    ),
    "refused for no visible reason": ({"complaint": "no"}, "namespaces", "seccomp"),
    "root in a container": ({"complaint": "no", "root": True}, "namespaces", "--privileged"),
}


@pytest.mark.parametrize(("state", "name", "remedy"), MENDS.values(), ids=MENDS.keys())
def test_each_trouble_has_its_remedy(state: dict[str, object], name: str, remedy: str) -> None:
    check = check_of(Imagined(**state), name)
    assert not check.ok
    assert check.remedy is not None
    assert remedy in check.remedy.en


def test_root_gets_no_sudo() -> None:
    check = check_of(Imagined(root=True, programs=EVERYTHING - {"nmap"}), "nmap")
    assert check.remedy is not None
    assert "sudo" not in check.remedy.en


def test_root_builds_the_lab_without_uid_maps() -> None:
    checks = examine(Imagined(root=True, programs=EVERYTHING - {"newuidmap"}))
    assert "newuidmap" not in {check.name for check in checks}
    assert ready_for("demo", checks)


def test_what_the_set_up_installs_is_what_the_doctor_asks_for() -> None:
    lines = [
        line.split() for line in PACKAGES.read_text().splitlines() if line[:1] not in ("#", "")
    ]
    installed = {(package, proof) for _, package, proof in lines if not proof.startswith("/")}
    asked = {(tool.package, tool.command) for tool in TOOLS}
    assert installed == asked
