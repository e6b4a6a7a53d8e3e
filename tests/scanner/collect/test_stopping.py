"""A stop ends the wait for an answer that would not come for a long time."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from lab.devices.command_line import fingerprint, host_key
from lab.devices.state import running
from scanner.collect.errors import CollectError
from scanner.collect.journal import NullJournal
from scanner.collect.ssh import open_exec, open_shell
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop

COMMANDS = {"cisco-cms": "user list", "cisco-roomos": "xConfiguration"}
LOGIN = {"username": "kiemtoan", "password": "Mật khẩu thử 1!"}


def test_every_open_connection_is_hung_up_and_closed_ones_are_not() -> None:
    stop, ended = Stop(), []
    with stop.ending(lambda: ended.append("first")):
        with stop.ending(lambda: ended.append("second")):
            pass
        stop.set()
        stop.hang_up()
    stop.hang_up()
    assert ended == ["first"]


def test_a_wait_in_another_thread_ends() -> None:
    stop, answer = Stop(), threading.Event()

    def wait() -> None:
        with stop.ending(answer.set):
            answer.wait(30)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.05)
    begun = time.monotonic()
    stop.hang_up()
    waiting.join(5)
    assert not waiting.is_alive()
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("family", COMMANDS)
def test_a_device_that_never_answers_does_not_hold_up_a_stop(family: str, tmp_path: Path) -> None:
    path, command = tmp_path / "device.json", COMMANDS[family]
    account = {"name": "kiemtoan", "role": "admin", "roles": ["Admin"]}
    state = {
        "family": family,
        "address": "127.0.0.1",
        "ports": {"*": 0},
        "accounts": [account],
        "login": LOGIN,
        "hang_on": [command],
    }
    path.write_text(json.dumps(state))
    stop = Stop()
    with running(path) as device:
        pinned = fingerprint(host_key(path, device.runtime.state))
        where = SshEndpoint("127.0.0.1", device.ports["ssh"], **LOGIN, host_key=pinned)
        asked = ((command,), NullJournal(), "d")
        opened = (
            open_exec(where, *asked)
            if family == "cisco-cms"
            else open_shell(where, "cisco_tp", *asked)
        )
        with opened as line, stop.ending(line.hang_up):
            threading.Timer(0.3, stop.hang_up).start()
            begun = time.monotonic()
            with pytest.raises(CollectError):
                line.run(command)
    assert time.monotonic() - begun < 10, "far less than the 30 s that a command may take"
