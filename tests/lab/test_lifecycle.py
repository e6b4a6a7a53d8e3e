"""The lab starts quickly, lives beside others, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import lab

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lifecycle")]

ROOT = Path(__file__).resolve().parents[2]


def start_or_skip(folder: Path, *faults: str) -> lab.Lab:
    try:
        return lab.start(folder, faults)
    except lab.LabUnavailable as error:
        pytest.skip(str(error))


def processes_of(folder: Path) -> list[str]:
    """Command lines of every process that mentions the folder, this one excepted."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


def network_namespaces() -> set[str]:
    """Inode names of every network that a process is in."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.add(os.readlink(entry / "ns" / "net"))
            except OSError:
                continue
    return found


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while left := processes_of(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    assert str(folder) not in Path("/proc/self/mounts").read_text()
    names = Path("/run/netns")
    assert not names.exists() or "fw-tinh" not in {entry.name for entry in names.iterdir()}


def test_it_is_up_within_ten_seconds_and_gone_after_stop(tmp_path: Path) -> None:
    before = time.monotonic()
    running = start_or_skip(tmp_path)
    took_s = time.monotonic() - before
    assert processes_of(tmp_path)
    running.stop()
    wait_until_gone(tmp_path)
    assert took_s < 10


def test_two_live_side_by_side_and_do_not_meet(tmp_path: Path) -> None:
    with start_or_skip(tmp_path / "a", "telnet-open") as first, lab.start(tmp_path / "b") as second:
        ask = ["nmap", "-n", "-Pn", "-p", "23", "10.67.101.10"]
        assert b"23/tcp open" in first.run("may-quet", ask).stdout
        assert b"23/tcp closed" in second.run("may-quet", ask).stdout
        first.stop()
        assert b"23/tcp closed" in second.run("may-quet", ask).stdout
    wait_until_gone(tmp_path)


def test_it_starts_again_in_the_same_folder_with_the_same_identities(tmp_path: Path) -> None:
    with start_or_skip(tmp_path) as running:
        first = running.inventory.read_text()
    with start_or_skip(tmp_path) as running:
        assert running.inventory.read_text() == first
    wait_until_gone(tmp_path)


def test_a_long_folder_name_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("sâu" * 20) / ("x" * 100)
    folder.mkdir(parents=True)
    with start_or_skip(folder) as running:
        assert running.run("may-quet", ["true"]).status == 0
    wait_until_gone(folder)


def child_of(process: int) -> int:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(listed[0])


@pytest.mark.parametrize("victim", ["unshare", "supervisor"])
def test_nothing_is_left_when_it_is_killed(tmp_path: Path, victim: str) -> None:
    running = start_or_skip(tmp_path)
    networks = network_namespaces()
    outer = running.process.pid
    os.kill(outer if victim == "unshare" else child_of(outer), signal.SIGKILL)
    running.process.wait(10)
    wait_until_gone(tmp_path)
    assert len(network_namespaces()) < len(networks)
    with pytest.raises(lab.LabError):
        running.run("may-quet", ["true"])


CALLER = """
import pathlib, sys, time, lab
running = lab.start(pathlib.Path(sys.argv[1]))
print("up", flush=True)
time.sleep(600)
"""


def test_nothing_is_left_when_its_caller_is_killed(tmp_path: Path) -> None:
    start_or_skip(tmp_path / "probe").stop()
    folder = tmp_path / "lab"
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert caller.stdout is not None
    assert caller.stdout.readline() == b"up\n"
    caller.kill()
    caller.wait()
    caller.stdout.close()
    wait_until_gone(folder)


def test_a_fault_that_does_not_exist_starts_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no-such-fault"):
        lab.start(tmp_path, ["no-such-fault"])
    assert list(tmp_path.iterdir()) == []


def test_a_lab_that_cannot_be_built_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_or_skip(tmp_path / "probe").stop()
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "keys").mkdir()
    (tmp_path / "lab" / "keys" / "mcu-tinh").write_text("no key")
    with pytest.raises(lab.LabError, match=r"supervisor\.log"):
        lab.start(tmp_path)
    wait_until_gone(tmp_path)


def ordinary_user() -> str:
    """Somebody who may use subordinate ids; the machine decides whether there is one."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    for line in Path("/etc/subuid").read_text().splitlines():
        name = line.split(":")[0]
        if name not in {"", "root", "0"} and not name.isdigit():
            return name
    pytest.skip("no ordinary user has subordinate ids in /etc/subuid")


AS_USER = """
import pathlib, sys, lab
with lab.start(pathlib.Path(sys.argv[1])) as running:
    ask = ["nmap", "-n", "-Pn", "-p", "445", "10.67.10.10"]
    print(b"445/tcp open" in running.run("may-quet", ask).stdout, flush=True)
"""


def test_an_ordinary_user_has_a_lab_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    user = ordinary_user()
    python = Path("/usr/bin/python3")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    ask = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    if subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip() != version:
        pytest.skip(f"{python} cannot use the packages of this Python {version}")
    packages = [entry for entry in sys.path if entry.endswith("site-packages")]
    path = shlex.quote(os.pathsep.join([str(ROOT), *packages]))
    script = (
        f"cd / && export PYTHONPATH={path} PYTHONDONTWRITEBYTECODE=1 && "
        f'folder=$(mktemp -d) && {python} -c {shlex.quote(AS_USER)} "$folder"; '
        'status=$?; rm -rf "$folder"; exit $status'
    )
    done = subprocess.run(
        ["su", "-s", "/bin/sh", user, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr
