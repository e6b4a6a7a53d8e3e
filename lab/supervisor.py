"""`python -m lab.supervisor DIR PLAN FAULT...`: the first process of the lab's own namespaces.

Says `ready` on its standard output when the province is up. Ends, and everything with it, when its
standard input closes: that is how it notices that its caller has died.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import boxes
from lab.faults import situation_with
from lab.folders import MAX_MESSAGE, Folders
from lab.network import NetworkError
from lab.programs import NotReady
from lab.province import Province
from lab.topology import PLANS

SPEAK_EVERY_S = 30.0

_TROUBLE = (OSError, boxes.BoxError, NetworkError, NotReady, KeyError)
"""What a request can run into; the client is told, the province goes on."""


@dataclass
class Client:
    """One connection: one request, and the process that it started, if any."""

    connection: socket.socket
    process: int | None = None


class Supervisor:
    """Serves requests one after the other; a running command does not hold up the next."""

    def __init__(self, province: Province, folders: Folders) -> None:
        self._province = province
        self._selector = selectors.DefaultSelector()
        self._clients: dict[int, Client] = {}
        self._door = _listen(folders)
        self._selector.register(self._door, selectors.EVENT_READ, self._welcome)
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ, self._caller_gone)
        wake_reading, wake_writing = os.pipe()
        os.set_blocking(wake_writing, False)
        self._wake = wake_reading
        self._selector.register(wake_reading, selectors.EVENT_READ, self._woken)
        signal.set_wakeup_fd(wake_writing)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Returns when the caller has gone."""
        self._over = False
        next_words = time.monotonic() + SPEAK_EVERY_S
        while not self._over:
            for key, _ in self._selector.select(max(0.0, next_words - time.monotonic())):
                key.data(key)
            self._bury()
            if time.monotonic() >= next_words:
                self._province.speak()
                next_words = time.monotonic() + SPEAK_EVERY_S

    def _caller_gone(self, _key: selectors.SelectorKey) -> None:
        self._over = not os.read(sys.stdin.fileno(), 1)

    def _woken(self, _key: selectors.SelectorKey) -> None:
        os.read(self._wake, 4096)

    def _welcome(self, _key: selectors.SelectorKey) -> None:
        connection, _ = self._door.accept()
        client = Client(connection)
        self._clients[connection.fileno()] = client
        self._selector.register(connection, selectors.EVENT_READ, self._heard)

    def _heard(self, key: selectors.SelectorKey) -> None:
        client = self._clients[key.fd]
        try:
            content, descriptors, _, _ = socket.recv_fds(client.connection, MAX_MESSAGE, 3)
        except OSError:
            content, descriptors = b"", []
        if not content:
            self._dismiss(client)
            return
        try:
            answer = self._obey(client, json.loads(content), tuple(descriptors))
        except _TROUBLE as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        if answer:
            self._tell(client, answer)

    def _obey(
        self, client: Client, request: Mapping[str, Any], descriptors: tuple[int, ...]
    ) -> Mapping[str, Any] | None:
        match request:
            case {"run": host_id, "arguments": arguments}:
                client.process = boxes.start(
                    self._province.boxes[host_id],
                    arguments,
                    environment=request["environment"],
                    folder=request["folder"],
                    streams=(descriptors[0], descriptors[1], descriptors[2]),
                )
                return None
            case {"signal": number} if client.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(client.process, number)
                return None
            case {"become": faults}:
                self._province.become(situation_with(faults, self._province.plan))
                return {"done": True}
        return {"error": "unknown request"}

    def _dismiss(self, client: Client) -> None:
        """Whoever asked has gone: what was started for them ends too."""
        self._selector.unregister(client.connection)
        del self._clients[client.connection.fileno()]
        client.connection.close()
        if client.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(client.process, signal.SIGKILL)

    def _tell(self, client: Client, answer: Mapping[str, Any]) -> None:
        with contextlib.suppress(OSError):
            client.connection.send(json.dumps(answer).encode())

    def _bury(self) -> None:
        """Ended processes are gone, adopted ones too; clients know how theirs ended."""
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            for client in self._clients.values():
                if client.process == process:
                    client.process = None
                    self._tell(client, {"exit": os.waitstatus_to_exitcode(status)})


def _listen(folders: Folders) -> socket.socket:
    """A socket in the lab's folder; the detour keeps its path short enough for any folder."""
    folders.control.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = os.open(folders.inner, os.O_PATH)
    try:
        door.bind(f"/proc/self/fd/{folder}/{folders.control.name}")
    finally:
        os.close(folder)
    folders.control.chmod(0o600)
    door.listen(16)
    return door


def main(arguments: list[str]) -> int:
    """Exit status 0 after the caller has gone, 1 when the province could not be built."""
    folders = Folders(Path(arguments[0]))
    try:
        province = Province(folders, situation_with(arguments[2:], PLANS[arguments[1]]))
        supervisor = Supervisor(province, folders)
    except _TROUBLE as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1
    print("ready", flush=True)
    supervisor.serve()
    return 0


if __name__ == "__main__":
    # the programs in the boxes need no farewell: the kernel ends them with this process
    os._exit(main(sys.argv[1:]))
