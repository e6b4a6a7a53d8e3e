"""The command line of a network device on 127.0.0.1: a prompt, an echo, a pager; over real SSH.

How it looks is a `Manner`; what it says, a table of answers by command. `heard` keeps every command
and every key that the pager got.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

from lab.devices.command_line import fingerprint, host_key
from scanner.collect.ssh_login import SshEndpoint

USERNAME, PASSWORD = "kiemtoan", "Mat-khau.Bi-mat7"


@dataclass(frozen=True)
class Manner:
    """How the command line of one vendor looks."""

    dialect: str
    prompt: str
    mark: str = "--More--"
    erase: str = "\r        \r"
    """What the pager writes over its mark."""
    unknown: str = "% Invalid input detected at '^' marker."
    greeting: str = ""
    page: int = 5
    waits_at_end: str = ""
    """The mark of a pager that stays on the last page until `q`."""
    echo: Callable[[str, str], str] = lambda prompt, command: command
    newline: str = "\r\n"


def redrawn(prompt: str, command: str) -> str:
    """The echo of a line editor that writes the whole line again with every word."""
    words = command.split(" ")
    steps = (" ".join(words[: n + 1]) for n in range(len(words)))
    return "".join(f"\r\x1b[K{prompt.splitlines()[-1]}{step}" for step in steps)


MANNERS = {
    manner.dialect: manner
    for manner in (
        Manner("cisco_ios", "tinh-rt01#", " --More-- ", "\b" * 10 + " " * 10 + "\b" * 10),
        Manner(
            "cisco_asa",
            "tinh-fw/pri/act> ",
            "<--- More --->",
            "\r              \r",
            "ERROR: % Invalid input detected at '^' marker.",
        ),
        Manner(
            "fortinet",
            "FGT-TINH (root) $ ",
            "--More-- ",
            "\r         \r",
            "Unknown action 0\n\nCommand fail. Return code -1",
        ),
        Manner(
            "juniper_junos",
            "\n{primary:node0}\nauditor@srx-tinh> ",
            "---(more 12%)---",
            "\r" + " " * 40 + "\r",
            "            ^\nsyntax error, expecting <command>.",
        ),
        Manner(
            "paloalto_panos",
            "auditor@PA-TINH(active)> ",
            "\x1b[7mlines 1-5 \x1b[m",
            "\r\x1b[K",
            "Unknown command: show",
            "Last login: Mon Mar  2 08:00:00 2026\n\nNumber of failed attempts: 0\n\n",
            waits_at_end="\x1b[7mlines 1-9/9 (END)\x1b[m",
            echo=redrawn,
        ),
        Manner(
            "huawei_vrp",
            "HRP_M<TINH-FW>",
            "  ---- More ----",
            "\x1b[42D" + " " * 42 + "\x1b[42D",
            "                  ^\nError: Unrecognized command found at '^' position.",
            "Info: The max number of VTY users is 5.\n      The current login time is 08:15.\n",
        ),
        Manner(
            "mikrotik_routeros",
            "\x1b[9999B[kiemtoan@gate] > ",
            "-- [Q quit|D dump|down]",
            "\r\x1b[K",
            "bad command name show (line 1 column 1)",
            echo=redrawn,
        ),
        Manner("linux", "kiemtoan@gate:~$ ", "--More--(40%)", "\r\x1b[K", "sh: not found"),
    )
}
"""One device of every dialect."""


@dataclass
class NetworkTerminal:
    """One device. `pieces` cuts what it sends; `pause_s` is the time between the pieces."""

    manner: Manner
    answers: Mapping[str, str]
    folder: Path
    pieces: int = 0
    pause_s: float = 0.0
    prompts: list[str] = field(default_factory=list)
    """Prompts after the first; the last one stays."""
    endless: str = ""
    """A command whose answer has no last page."""
    hangs: str = ""
    """A command that is never answered."""
    leaves: str = ""
    """A command at which the device closes the connection."""
    late: str = ""
    """What it says a while after every prompt, unasked."""
    heard: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def key(self) -> paramiko.PKey:
        return host_key(self.folder / "device.json", {})

    def endpoint(self, command_timeout_s: float = 5.0) -> SshEndpoint:
        return SshEndpoint(
            "127.0.0.1",
            self.port,
            USERNAME,
            PASSWORD,
            host_key=fingerprint(self.key),
            connect_timeout_s=3.0,
            command_timeout_s=command_timeout_s,
        )

    def say(self, channel: paramiko.Channel, text: str) -> None:
        data = text.replace("\n", self.manner.newline).encode()
        size = self.pieces or len(data) or 1
        for at in range(0, len(data), size):
            channel.sendall(data[at : at + size])
            time.sleep(self.pause_s)

    def converse(self, channel: paramiko.Channel) -> None:
        prompt = self.manner.prompt
        self.say(channel, self.manner.greeting + prompt)
        for command in self._commands(channel):
            self.heard.append(command)
            if command == self.hangs:
                return
            if command == self.leaves:
                channel.get_transport().close()
                return
            self.say(channel, self.manner.echo(prompt, command) + "\n")
            self._page(channel, command)
            prompt = self.prompts.pop(0) if self.prompts else prompt
            self.say(channel, prompt)
            if self.late:
                time.sleep(0.3)
                self.say(channel, self.late + prompt)

    def _commands(self, channel: paramiko.Channel) -> Iterator[str]:
        typed = ""
        while key := channel.recv(1).decode():
            if key not in "\r\n":
                typed += key
            elif typed.strip():
                yield typed.strip()
                typed = ""

    def _page(self, channel: paramiko.Channel, command: str) -> None:
        if command == self.endless:
            while self._turned(channel, self.manner.mark):
                self.say(channel, "once more\n")
            return
        lines = self.answers.get(command, self.manner.unknown).splitlines(keepends=True)
        size = self.manner.page
        for at in range(0, len(lines), size):
            if at and not self._turned(channel, self.manner.mark):
                return
            self.say(channel, "".join(lines[at : at + size]))
        if lines and not lines[-1].endswith("\n"):
            self.say(channel, "\n")
        if self.manner.waits_at_end and len(lines) > size:
            self._turned(channel, self.manner.waits_at_end)

    def _turned(self, channel: paramiko.Channel, mark: str) -> bool:
        """The mark was answered with a space; every other key quits, as pagers do."""
        self.say(channel, mark)
        key = channel.recv(1).decode()
        self.keys.append(key)
        self.say(channel, self.manner.erase)
        return key == " "


class _Login(paramiko.ServerInterface):
    def __init__(self, device: NetworkTerminal) -> None:
        self._device = device

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == (USERNAME, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_pty_request(self, channel: paramiko.Channel, *_request: object) -> bool:
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        return self._start(channel, self._device.converse)

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        self._device.heard.append(command.decode())

        def answer(channel: paramiko.Channel) -> None:
            if command.decode() == self._device.hangs:
                return
            text = self._device.answers.get(command.decode(), self._device.manner.unknown)
            self._device.say(channel, text)
            channel.send_exit_status(0)
            channel.close()

        return self._start(channel, answer)

    def _start(self, channel: paramiko.Channel, talk: Callable[[paramiko.Channel], None]) -> bool:
        def run() -> None:
            time.sleep(0.02)  # the library confirms the request only after this call
            with suppress(OSError, EOFError, paramiko.SSHException):
                talk(channel)

        threading.Thread(target=run, daemon=True).start()
        return True


@contextmanager
def listening(device: NetworkTerminal) -> Iterator[NetworkTerminal]:
    """The device takes connections, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        device.port = server.getsockname()[1]
        transports: list[paramiko.Transport] = []

        def accept() -> None:
            with suppress(OSError, EOFError, paramiko.SSHException):
                while True:
                    transport = paramiko.Transport(server.accept()[0])
                    transport.add_server_key(device.key)
                    transports.append(transport)
                    transport.start_server(event=threading.Event(), server=_Login(device))

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield device
        finally:
            for transport in transports:
                transport.close()
