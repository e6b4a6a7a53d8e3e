"""The programs that run on the lab's hosts: started, watched, stopped and known to be ready."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from lab import configurations
from lab.boxes import Box, start
from lab.folders import Folders
from lab.namespaces import SEARCH_PATH, python_path, tool
from lab.situation import AUDIT_USER, PASSWORD_LENGTH, Situation, password

READY_S = 15.0
POLL_S = 0.02

_LISTEN = "0A"
_UNCONNECTED = "07"


class NotReady(Exception):
    """A program did not come up in time; the text says which, where, and where its words are."""


class Programs:
    """What runs in the boxes, by a name such as `sshd@fw-tinh`."""

    def __init__(self, boxes: Mapping[str, Box], folders: Folders) -> None:
        self._boxes = boxes
        self._folders = folders
        self._running: dict[str, int] = {}

    def start(self, name: str, host_id: str, arguments: list[str], **more: str) -> None:
        """The program runs in the box; what it says goes to `lab/NAME.log`."""
        environment = {
            "PATH": SEARCH_PATH,
            "LANG": "C.UTF-8",
            "TZ": "<+07>-7",
            "PYTHONPATH": python_path(),
            **more,
        }
        said = os.open(self._log(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        self._running[name] = start(
            self._boxes[host_id],
            arguments,
            environment=environment,
            streams=(nothing, said, said),
        )
        os.close(said)
        os.close(nothing)

    def stop(self, name: str) -> None:
        """The program has ended; nothing happens if it does not run."""
        process = self._running.pop(name, None)
        if process is not None and self._alive(process):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def signal(self, name: str, number: int) -> None:
        os.kill(self._running[name], number)

    def runs(self, name: str) -> bool:
        return name in self._running

    def start_sshd(self, host_id: str) -> None:
        self.start(
            f"sshd@{host_id}", host_id, [tool("sshd"), "-D", "-e", "-f", "/etc/ssh/sshd_config"]
        )

    def start_rsyslogd(self, host_id: str) -> None:
        self.start(
            f"rsyslogd@{host_id}",
            host_id,
            [tool("rsyslogd"), "-n", "-f", "/etc/rsyslog.conf", "-i", "/run/rsyslogd.pid"],
        )

    def start_snmpd(self, host_id: str) -> None:
        config = self._folders.inner / "snmpd.conf"
        config.write_text(configurations.SNMPD)
        self.start(
            f"snmpd@{host_id}",
            host_id,
            [
                tool("snmpd"),
                *("-f", "-Lo", "-C", "-c", str(config), "-p", "/run/snmpd.pid"),
                # without this it listens on TCP 199 as well
                *("-I", "-smux"),
            ],
            SNMP_PERSISTENT_DIR="/run/snmp",
        )

    def start_device(self, device_id: str) -> None:
        state = str(self._folders.state(device_id))
        self.start(f"device@{device_id}", device_id, [sys.executable, "-m", "lab.devices", state])

    def wait_for_port(self, name: str, protocol: str, port: int) -> None:
        """The program's network has that port open. Raises NotReady."""
        state = _LISTEN if protocol == "tcp" else _UNCONNECTED

        def is_open() -> bool:
            return _has_socket(self._running[name], protocol, port, state)

        self._wait(name, is_open)

    def wait_for_device(self, device_id: str) -> None:
        """The simulated device has taken up its newest state. Raises NotReady."""
        state = self._folders.state(device_id)
        expected = hashlib.sha256(state.read_bytes()).hexdigest()
        applied = state.with_name(state.name + ".applied")

        def is_applied() -> bool:
            return applied.exists() and applied.read_text().strip() == expected

        self._wait(f"device@{device_id}", is_applied)

    def _wait(self, name: str, ready: object) -> None:
        end = time.monotonic() + READY_S
        while not ready():  # type: ignore[operator]
            if not self._alive(self._running[name]):
                raise NotReady(f"{name} ended: {self._last_words(name)}")
            if time.monotonic() > end:
                raise NotReady(f"{name} is not ready after {READY_S:g} s: {self._last_words(name)}")
            time.sleep(POLL_S)

    @staticmethod
    def _alive(process: int) -> bool:
        try:
            return os.waitpid(process, os.WNOHANG) == (0, 0)
        except ChildProcessError:
            return False

    def _log(self, name: str) -> Path:
        return self._folders.inner / f"{name}.log"

    def _last_words(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return f"{lines[-1] if lines else 'said nothing'} (see {self._log(name)})"


def _has_socket(process: int, protocol: str, port: int, state: str) -> bool:
    """/proc shows the sockets of the network that the process lives in."""
    for version in ("", "6"):
        try:
            lines = Path(f"/proc/{process}/net/{protocol}{version}").read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            if words[1].endswith(f":{port:04X}") and words[3] == state:
                return True
    return False


def audit_password(folders: Folders, situation: Situation, device_id: str) -> str:
    """The password of the audit login on that device in that situation."""
    length = situation.password_length.get(device_id, PASSWORD_LENGTH)
    return password(folders.seed(), device_id, length)


def snmp_keys(folders: Folders, device_id: str) -> Mapping[str, str]:
    """The keys of the SNMP account on that device, by what they are for."""
    names = ("authentication_key", "privacy_key")
    return {name: password(folders.seed(), f"{device_id}.{name}") for name in names}


def write_state(folders: Folders, situation: Situation, device_id: str) -> None:
    """The state file of a simulated device says what the situation says, with its login."""
    secret = audit_password(folders, situation, device_id)
    state: dict[str, object] = {
        **situation.devices[device_id],
        "address": "0.0.0.0",  # noqa: S104 - the device has a network of its own
        "login": {"username": AUDIT_USER, "password": secret},
        "host_key_file": str(folders.host_key(device_id)),
    }
    snmp = situation.devices[device_id].get("snmp", {})
    if snmp.get("user"):
        state["snmp"] = {**snmp, **snmp_keys(folders, device_id)}
    path = folders.state(device_id)
    scratch = path.with_suffix(".new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file, ensure_ascii=False, indent=1, sort_keys=True)
    scratch.replace(path)
