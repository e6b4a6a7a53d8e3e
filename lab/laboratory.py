"""The lab as its user sees it: start it, run programs on its hosts, switch faults on and off."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from lab import inventory_file
from lab.faults import FAULTS
from lab.folders import MAX_MESSAGE, Folders
from lab.namespaces import SEARCH_PATH, check, python_path, unshare_command
from lab.topology import PROVINCE, WHOLE, Plan

START_S = 60.0
STOP_S = 10.0


class LabError(Exception):
    """The lab did not start, or did not do what it was asked; the text says why."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ended on a host. A negative status is the signal that ended it."""

    status: int
    stdout: bytes
    stderr: bytes


class Running:
    """A program running on a host of the lab; it ends when this object is closed."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._status: int | None = None

    def wait(self, timeout_s: float | None = None) -> int:
        """The exit status. Raises TimeoutError, and LabError when the lab has ended."""
        if self._status is None:
            answer = _answer(self._connection, timeout_s)
            self._status = int(answer["exit"])
        return self._status

    def signal(self, number: int) -> None:
        """The program and its children get the signal."""
        with contextlib.suppress(OSError):
            self._connection.send(json.dumps({"signal": int(number)}).encode())

    def close(self) -> None:
        """The program has been told to end at once if it had not."""
        self._connection.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Lab:
    """A running province. Leaving the `with` block ends everything in it."""

    def __init__(
        self, folders: Folders, process: subprocess.Popen[bytes], plan: Plan, faults: set[str]
    ) -> None:
        self.folders = folders
        self.process = process
        self.plan = plan
        self._faults = faults

    @property
    def directory(self) -> Path:
        return self.folders.top

    @property
    def inventory(self) -> Path:
        """The inventory file that describes the province as it is now."""
        return self.folders.top / "inventory.yaml"

    @property
    def faults(self) -> frozenset[str]:
        return frozenset(self._faults)

    def popen(
        self,
        host: str,
        arguments: Sequence[str],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> Running:
        """The program runs on that host, with this process's streams where none are given."""
        connection = self._connect()
        own = dict(os.environ if environment is None else environment)
        own["PATH"] = f"{own.get('PATH', '')}:{SEARCH_PATH}".lstrip(":")
        request = {
            "run": host,
            "arguments": list(arguments),
            "environment": own,
            "folder": str(folder or Path.cwd()),
        }
        streams = [
            number if given is None else given
            for number, given in enumerate((stdin, stdout, stderr))
        ]
        socket.send_fds(connection, [json.dumps(request).encode()], streams)
        return Running(connection)

    def run(
        self,
        host: str,
        arguments: Sequence[str],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Finished:
        """The program has run to its end on that host, with empty input. Raises TimeoutError."""
        with _scratch() as out, _scratch() as err, open(os.devnull, "rb") as nothing:
            streams = {
                "stdin": nothing.fileno(),
                "stdout": out.fileno(),
                "stderr": err.fileno(),
            }
            with self.popen(
                host, arguments, folder=folder, environment=environment, **streams
            ) as running:
                status = running.wait(timeout_s)
            return Finished(status, _all_of(out), _all_of(err))

    def apply(self, *faults: str) -> None:
        """Those faults are in force besides the others, and the inventory file fits."""
        self.become(self._faults | set(faults))

    def clear(self, *faults: str) -> None:
        """Those faults are gone; without arguments, all are. The inventory file fits."""
        self.become(self._faults - set(faults) if faults else ())

    def become(self, faults: Iterable[str]) -> None:
        """Exactly those faults are in force. Raises LabError, and KeyError for unknown names."""
        wanted = set(faults)
        _known(wanted)
        with contextlib.closing(self._connect()) as connection:
            connection.send(json.dumps({"become": sorted(wanted)}).encode())
            _answer(connection, START_S)
        self._faults = wanted
        inventory_file.write(self.folders.top, wanted, datetime.now(UTC), self.plan)

    def stop(self) -> None:
        """Nothing of the lab is left but its folder."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        folder = os.open(self.folders.inner, os.O_PATH)
        try:
            connection.connect(f"/proc/self/fd/{folder}/{self.folders.control.name}")
        except OSError as error:
            connection.close()
            raise LabError(f"the lab in {self.directory} does not answer: {error}") from error
        finally:
            os.close(folder)
        return connection


def start(directory: Path, faults: Iterable[str] = (), *, whole: bool = False) -> Lab:
    """A province with those faults, all hosts up, and its inventory file written.

    With `whole`, there is one more site with a device of every further family that can be read.
    Raises `LabUnavailable` where the machine forbids it, LabError when it fails to come up, and
    KeyError for an unknown fault. The lab lives as long as this process, at most.
    """
    wanted = set(faults)
    _known(wanted)
    check()
    plan = WHOLE if whole else PROVINCE
    folders = Folders(directory.resolve())
    folders.make()
    environment = {**os.environ, "PYTHONPATH": python_path()}
    command = [sys.executable, "-m", "lab.supervisor", str(folders.top), plan.name]
    with folders.journal.open("wb") as said:
        process = subprocess.Popen(
            unshare_command([*command, *sorted(wanted)]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
            start_new_session=True,
        )
    lab = Lab(folders, process, plan, wanted)
    try:
        _wait_until_ready(lab)
        inventory_file.write(folders.top, wanted, datetime.now(UTC), plan)
    except BaseException:
        lab.stop()
        raise
    return lab


def _known(faults: set[str]) -> None:
    unknown = faults - set(FAULTS)
    if unknown:
        raise KeyError(f"no such fault: {', '.join(sorted(unknown))}")


def _wait_until_ready(lab: Lab) -> None:
    said = lab.process.stdout
    assert said is not None
    end = time.monotonic() + START_S
    while not select.select([said], [], [], 0.2)[0]:
        if time.monotonic() > end:
            raise LabError(f"the lab is not up after {START_S:g} s; see {lab.folders.journal}")
    if said.readline() != b"ready\n":
        words = lab.folders.journal.read_text(errors="replace").strip().splitlines()
        raise LabError(
            f"the lab did not start: {words[-1] if words else 'it said nothing'} "
            f"(see {lab.folders.journal})"
        )


def _answer(connection: socket.socket, timeout_s: float | None) -> Mapping[str, Any]:
    connection.settimeout(timeout_s)
    content = connection.recv(MAX_MESSAGE)
    if not content:
        raise LabError("the lab has ended")
    answer: Mapping[str, Any] = json.loads(content)
    if "error" in answer:
        raise LabError(str(answer["error"]))
    return answer


def _scratch() -> IO[bytes]:
    return os.fdopen(os.memfd_create("output"), "w+b")


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
