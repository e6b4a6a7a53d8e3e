"""Interactive shells over SSH, for devices that answer on a terminal and not per exec channel.

A dialect says how a shell greets and how its answers end. `cisco_tp` is driven through netmiko's
driver of that name, on a connection that was pinned and authenticated here; `generic` is a bare
terminal whose answers end where the caller says (`until`) or when the device falls silent. Command
lines with a prompt, those of network devices, are in `prompted_shell` and `shell_dialects`.
"""

from __future__ import annotations

import codecs
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import paramiko

from inventory.text import Text
from scanner.collect.errors import CollectError
from scanner.collect.prompted_shell import PromptedLine
from scanner.collect.shell_dialects import PROMPT_DIALECTS
from scanner.collect.ssh_session import Session, broken, silent, too_long
from scanner.evidence import MAX_BYTES, Document

_TICK_S = 0.01
_TRAILER_S = 0.15
_CHUNK = 65536
_TAIL = 4096
"""Characters before the newest ones in which the end of an answer is looked for."""


class Terminal(Protocol):
    """Characters to and from a shell; lines end with LF in what is read."""

    def read(self) -> str:
        """What has arrived since, perhaps nothing. Raises EOFError when the shell is gone."""

    def write_line(self, line: str) -> None:
        """The line is sent."""

    def close(self) -> None:
        """The terminal is given up; nothing is sent for that."""


@dataclass(frozen=True, slots=True)
class Dialect:
    open: Callable[[paramiko.Channel], Terminal]
    ready: re.Pattern[str] | None
    """What the greeting ends with; None: it ends with silence."""
    end: re.Pattern[str] | None
    """What every answer ends with, unless the caller gives another end."""
    perhaps_end: re.Pattern[str] | None
    """Ends an answer when `quiet_s` of silence follow."""
    quiet_s: float
    trailer: re.Pattern[str] | None = None
    """What may still follow the end of an answer; waited for briefly."""


class ShellLine:
    """A `CommandLine` on an interactive shell. After a failed answer it refuses to go on, because
    the rest of that answer would be taken for the next one.
    """

    def __init__(self, terminal: Terminal, dialect: Dialect, session: Session) -> None:
        self._terminal = terminal
        self._dialect = dialect
        self._session = session
        self._lost: CollectError | None = None
        self._hung_up = False

    def run(self, command: str, *, until: str | None = None) -> Document:
        if self._lost is not None:
            raise self._lost
        self._session.announce(command)
        end = re.compile(until, re.MULTILINE) if until else self._dialect.end
        try:
            self._drop_leftovers(command)
            self._terminal.write_line(command)
            answer = self._read(command, end, None if until else self._dialect.perhaps_end)
            answer += self._trailer(command)
        except (EOFError, OSError, paramiko.SSHException) as error:
            self._lost = broken(self._session.endpoint, command)
            raise self._lost from error
        except CollectError as error:
            self._lost = error
            raise
        return self._session.document(command, answer.encode())

    def greet(self) -> None:
        """The shell has said its welcome and waits for commands."""
        try:
            self._read("login", self._dialect.ready, None)
        except (EOFError, OSError, paramiko.SSHException) as error:
            raise broken(self._session.endpoint, "login") from error

    def hang_up(self) -> None:
        """Whoever waits for an answer gets an error; may be called from another thread."""
        self._hung_up = True

    def close(self) -> None:
        """Nothing is sent any more; closing the connection is up to who opened it."""
        self._terminal.close()

    def _drop_leftovers(self, command: str) -> None:
        dropped = 0
        while text := self._terminal.read():
            dropped += len(text)
            if dropped > MAX_BYTES:
                raise too_long(self._session.endpoint, command)

    def _trailer(self, command: str) -> str:
        """The rest of an answer, so that it is not taken for the beginning of the next one."""
        if self._dialect.trailer is None:
            return ""
        text = ""
        patience = time.monotonic() + _TRAILER_S
        while time.monotonic() < patience and not self._dialect.trailer.search(text):
            text += self._terminal.read()
            if len(text) > MAX_BYTES:
                raise too_long(self._session.endpoint, command)
            time.sleep(_TICK_S)
        return text

    def _read(
        self, command: str, end: re.Pattern[str] | None, perhaps_end: re.Pattern[str] | None
    ) -> str:
        """Everything up to the end of the answer. Raises CollectError when that does not come."""
        parts: list[str] = []
        size = 0
        tail = ""
        deadline = self._session.deadline()
        last_heard = time.monotonic()
        while True:
            text = self._terminal.read()
            now = time.monotonic()
            if text:
                parts.append(text)
                size += len(text)
                tail = tail[-_TAIL:] + text
                last_heard = now
                if size > MAX_BYTES:
                    raise too_long(self._session.endpoint, command)
                if end and end.search(tail):
                    return "".join(parts)
            elif now - last_heard > self._dialect.quiet_s and (
                (end is None and parts) or (perhaps_end and perhaps_end.search(tail))
            ):
                return "".join(parts)
            if self._hung_up:
                raise EOFError
            if now > deadline:
                raise silent(self._session.endpoint, command)
            if not text:
                time.sleep(_TICK_S)


def start_shell(
    transport: paramiko.Transport, dialect_name: str, session: Session
) -> ShellLine | PromptedLine:
    """A shell that has greeted. Raises CollectError for an unknown dialect or a silent device."""
    dialect, prompted = DIALECTS.get(dialect_name), PROMPT_DIALECTS.get(dialect_name)
    line: ShellLine | PromptedLine
    if dialect is not None:
        line = ShellLine(dialect.open(_channel(transport, session)), dialect, session)
    elif prompted is not None:
        line = PromptedLine(BareTerminal(_channel(transport, session)), prompted, session)
    else:
        known = ", ".join((*DIALECTS, *PROMPT_DIALECTS))
        raise CollectError(
            Text(
                vi=f"không biết kiểu dòng lệnh {dialect_name!r}; có: {known}",
                en=f"unknown shell dialect {dialect_name!r}; there are: {known}",
            )
        )
    line.greet()
    return line


def _channel(transport: paramiko.Transport, session: Session) -> paramiko.Channel:
    """A terminal so wide and long that few devices break lines or page."""
    try:
        channel = transport.open_session(timeout=session.endpoint.command_timeout_s)
        channel.settimeout(session.endpoint.command_timeout_s)
        channel.get_pty(term="vt100", width=511, height=1000)
        channel.invoke_shell()
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise broken(session.endpoint, "shell") from error
    return channel


class BareTerminal:
    """UTF-8 text; CR LF, CR CR LF and LF CR become LF."""

    def __init__(self, channel: paramiko.Channel, enter: str = "\n") -> None:
        self._channel = channel
        self._enter = enter
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._held = ""

    def read(self) -> str:
        if not self._channel.recv_ready():
            if self._channel.eof_received or self._channel.closed:
                raise EOFError
            return ""
        text = self._held + self._decoder.decode(self._channel.recv(_CHUNK))
        # a CR at the end may be the first half of a line end
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if self._held else text
        return re.sub(r"\r{1,3}\n|\n\r", "\n", text)

    def write_line(self, line: str) -> None:
        self.press(line + self._enter)

    def press(self, keys: str) -> None:
        """The keys are sent as they are."""
        self._channel.sendall(keys.encode())

    def close(self) -> None:
        self._channel.close()


class NetmikoTerminal:
    """netmiko's driver for Cisco TelePresence codecs on a channel that is already open."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._driver = _codec_driver(channel)

    def read(self) -> str:
        return str(self._driver.read_channel())

    def write_line(self, line: str) -> None:
        self._driver.write_channel(self._driver.normalize_cmd(line))

    def close(self) -> None:
        self._driver.disconnect()


def _codec_driver(channel: paramiko.Channel) -> Any:
    """A driver object that neither connects, nor authenticates, nor logs what it reads."""
    from netmiko.channel import Channel  # noqa: PLC0415 - heavy; only codecs need it
    from netmiko.cisco.cisco_tp_tcce import CiscoTpTcCeSSH  # noqa: PLC0415

    # its debug log holds everything that is read, community strings included
    logging.getLogger("netmiko").disabled = True
    terminal = BareTerminal(channel)

    class OpenChannel(Channel):
        """One bounded read at a time: the driver's own would follow an endless answer forever."""

        def __init__(self) -> None:
            pass

        def read_buffer(self) -> str:
            return terminal.read()

        def read_channel(self) -> str:
            return terminal.read()

        def write_channel(self, out_data: str) -> None:
            channel.sendall(out_data.encode())

    class OpenCodec(CiscoTpTcCeSSH):
        """Starts on a channel whose host key was pinned and whose login is done."""

        def _open(self) -> None:
            self.remote_conn = channel
            self.remote_conn_pre = None
            self.channel = OpenChannel()

        def cleanup(self, command: str = "") -> None:
            """The parent would send a command to leave configuration mode."""

    return OpenCodec(host="pinned", device_type="cisco_tp", username="", global_cmd_verify=False)


DIALECTS = {
    "cisco_tp": Dialect(
        open=NetmikoTerminal,
        ready=re.compile(r"^OK[ \t]*\n", re.MULTILINE),
        end=re.compile(r"^(?:\*\* end|ERROR|Command not recognized\.)[ \t]*\n", re.MULTILINE),
        perhaps_end=re.compile(r"^OK[ \t]*\n+\Z", re.MULTILINE),
        quiet_s=3.0,
        trailer=re.compile(r"^OK[ \t]*\n", re.MULTILINE),
    ),
    "generic": Dialect(open=BareTerminal, ready=None, end=None, perhaps_end=None, quiet_s=0.5),
}
"""How the shells of the families speak.

A codec ends the answer to a query with `** end`, usually followed by `OK`; a command may say `OK`
first. `OK` alone is taken for the end only after a long silence.
"""
