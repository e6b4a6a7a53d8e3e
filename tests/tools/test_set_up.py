"""The set-up installs what is missing, starts no service, and says what it cannot do.

The scripts run with imitations of apt-get, systemctl, sudo and id, which write down how they were
called.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
ORDINARY = ("dirname", "env", "grep", "mktemp", "rm", "sh", "sleep", "tail")

PACKAGES = """\
# group package proof
demo     openssh-server  no-such-sshd
demo     nmap            no-such-nmap
demo     coreutils       sh
test     fonts-x         /no/such/fonts
browser  chromium        no-such-chromium
"""


@dataclass(frozen=True)
class Stage:
    folder: Path

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def imitate(self, name: str, script: str = "") -> None:
        """A program that writes down its call, then does what the script says."""
        file = self.bin / name
        # The stage links to real programs: writing through the link would destroy them.
        file.unlink(missing_ok=True)
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.folder}/calls"\n{script}\n')
        file.chmod(0o755)

    def run(
        self, script: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(self.folder / "tools" / script), *arguments],
            env={"PATH": str(self.bin), "TMPDIR": str(self.folder), **variables},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def calls(self, *programs: str) -> list[str]:
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.split()[0] in programs]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A machine with apt and systemd, somebody who is root, and three packages missing."""
    shutil.copytree(TOOLS, tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tools" / "packages.txt").write_text(PACKAGES)
    # The scripts add the system's folders to PATH: not here, where the machine is an imagined one.
    for script in (tmp_path / "tools").glob("*-*"):
        script.write_text(
            script.read_text().replace("PATH=$PATH:/usr/local/sbin", "PATH=$PATH:/no")
        )
        script.write_text(script.read_text().replace(":/usr/sbin:/sbin", ""))
    (tmp_path / "bin").mkdir()
    for name in ORDINARY:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    stage = Stage(tmp_path)
    stage.imitate("id", "echo 0")
    stage.imitate("apt-get")
    stage.imitate("apt-cache", "echo '  Candidate: 1.0'")
    stage.imitate("systemctl")
    return stage


def test_nothing_missing_asks_for_nothing(stage: Stage) -> None:
    (stage.folder / "tools" / "packages.txt").write_text("demo coreutils sh\n")
    assert stage.run("install-packages", "demo").returncode == 0
    assert stage.calls("apt-get", "systemctl", "sudo") == []


def test_services_are_masked_before_and_disabled_after(stage: Stage) -> None:
    done = stage.run("install-packages", "demo")
    assert done.returncode == 0, done.stderr
    calls = [call.replace("--quiet ", "") for call in stage.calls("systemctl", "apt-get")]
    assert [call for call in calls if "update" not in call] == [
        "systemctl mask ssh.service",
        "systemctl mask ssh.socket",
        "apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 openssh-server nmap",
        "systemctl unmask ssh.service",
        "systemctl disable ssh.service",
        "systemctl unmask ssh.socket",
        "systemctl disable ssh.socket",
    ]


def test_services_that_were_here_before_are_not_touched(stage: Stage) -> None:
    stage.imitate("no-such-sshd")
    assert stage.run("install-packages", "demo").returncode == 0
    assert stage.calls("systemctl") == []
    assert stage.calls("apt-get")[-1].endswith(" nmap")


def test_init_scripts_are_held_back_without_systemd(stage: Stage) -> None:
    (stage.bin / "systemctl").unlink()
    stage.imitate("apt-get", f'echo "RUNLEVEL=$RUNLEVEL" >>"{stage.folder}/calls"')
    stage.imitate("update-rc.d")
    assert stage.run("install-packages", "demo").returncode == 0
    assert "RUNLEVEL=1" in (stage.folder / "calls").read_text()
    assert stage.calls("update-rc.d") == ["update-rc.d ssh disable"]


def test_a_failing_apt_is_tried_twice_then_reported_and_nothing_stays_masked(stage: Stage) -> None:
    stage.imitate("apt-get", 'test "$1" = update || { echo "E: no route to mirror"; exit 100; }')
    done = stage.run("install-packages", "demo")
    assert done.returncode == 2
    assert len([call for call in stage.calls("apt-get") if " install " in f"{call} "]) == 2
    assert "E: no route to mirror" in done.stderr
    assert "openssh-server nmap" in done.stderr
    assert "systemctl --quiet unmask ssh.service" in stage.calls("systemctl")


def test_broken_package_lists_do_not_stop_the_installation(stage: Stage) -> None:
    stage.imitate("sleep")
    stage.imitate("apt-get", 'test "$1" != update')
    assert stage.run("install-packages", "demo").returncode == 0


def test_an_ordinary_user_gets_one_message_with_the_line_to_type(stage: Stage) -> None:
    stage.imitate("id", "echo 1000")
    stage.imitate("sudo", "exit 1")
    done = stage.run("install-packages", "demo", "test")
    assert done.returncode == 2
    assert "Missing on this machine: openssh-server nmap fonts-x" in done.stderr
    assert f"    sudo sh {stage.folder}/tools/install-packages demo test\n" in done.stderr
    assert stage.calls("apt-get") == []


def test_sudo_is_used_where_it_asks_no_password(stage: Stage) -> None:
    stage.imitate("id", "echo 1000")
    stage.imitate("sudo")
    assert stage.run("install-packages", "demo").returncode == 0
    assert stage.calls("sudo") == [
        "sudo -n true",
        f"sudo -n sh {stage.folder}/tools/install-packages demo",
    ]


def test_a_system_without_a_browser_package_goes_on(stage: Stage) -> None:
    (stage.folder / "tools" / "packages.txt").write_text("browser chromium no-such-chromium\n")
    stage.imitate("apt-cache", "echo '  Candidate: (none)'")
    done = stage.run("install-packages", "browser")
    assert done.returncode == 0
    assert "has no package chromium" in done.stderr


def test_without_apt_the_packages_are_named(stage: Stage) -> None:
    (stage.bin / "apt-get").unlink()
    done = stage.run("install-packages", "demo")
    assert done.returncode == 2
    assert "openssh-server nmap" in done.stderr


def test_a_missing_venv_module_is_a_missing_package(stage: Stage) -> None:
    stage.imitate(
        "python3",
        'case "$2" in *ensurepip*) exit 1 ;; *print*) echo python3.12-venv ;; esac',
    )
    assert stage.run("install-packages", "venv").returncode == 0
    assert stage.calls("apt-get")[-1].endswith(" python3.12-venv")


def test_an_unknown_group_is_refused(stage: Stage) -> None:
    done = stage.run("install-packages", "everything")
    assert done.returncode == 2
    assert "no group 'everything'" in done.stderr


OLD, NEW = "exit 1", "exit 0"


@pytest.mark.parametrize(
    ("pythons", "found"),
    [
        ({"python3": NEW, "python3.12": NEW}, "python3"),
        ({"python3": OLD, "python3.11": NEW, "python3.12": NEW}, "python3.12"),
        ({"python3.11": NEW}, "python3.11"),
    ],
)
def test_the_first_python_that_is_new_enough_is_taken(
    stage: Stage, pythons: dict[str, str], found: str
) -> None:
    for name, script in pythons.items():
        stage.imitate(name, script)
    assert stage.run("find-python").stdout == f"{stage.bin}/{found}\n"


def test_a_python_can_be_named(stage: Stage) -> None:
    stage.imitate("python3", NEW)
    stage.imitate("mine", NEW)
    assert stage.run("find-python", PYTHON="mine").stdout == f"{stage.bin}/mine\n"


def test_an_old_python_alone_is_told_with_what_apt_has(stage: Stage) -> None:
    stage.imitate("python3", 'test "$1" = --version && echo "Python 3.10.12" || exit 1')
    stage.imitate("apt-cache", 'test "$2" = python3.11 && echo "  Candidate: 3.11.0" || true')
    done = stage.run("find-python")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "found: Python 3.10.12" in done.stderr
    assert "sudo apt-get install python3.11 python3.11-venv" in done.stderr


def test_scripts_can_be_started() -> None:
    scripts = [*TOOLS.glob("*-*"), TOOLS.parent / ".ci" / "run"]
    assert [path.name for path in scripts if not os.access(path, os.X_OK)] == []
