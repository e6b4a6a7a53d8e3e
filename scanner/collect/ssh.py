"""Commands over SSH: only those on a family's allowlist, each journalled before it is sent.

`open_exec` runs one exec channel per command, `open_shell` (see `ssh_shell`) an interactive shell;
both give a `CommandLine`. `run_remote` runs a program of ours (nmap) on a vantage host.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import paramiko

from inventory.text import Text
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.prompted_shell import PromptedLine
from scanner.collect.ssh_login import SshEndpoint, fetch_host_key, fingerprint, logged_in
from scanner.collect.ssh_session import Session, broken, silent, too_long
from scanner.collect.ssh_shell import ShellLine, start_shell
from scanner.evidence import MAX_BYTES, Document, printable

__all__ = [
    "ExecLine",
    "RemoteResult",
    "ShellLine",
    "SshEndpoint",
    "fetch_host_key",
    "fingerprint",
    "logged_in",
    "open_exec",
    "open_shell",
    "run_remote",
]

PAUSE_S = 0.05
"""Between exec channels: a Meeting Server refuses channels that are opened faster."""

_TICK_S = 0.1
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class RemoteResult:
    stdout: bytes
    stderr: bytes
    status: int
    """Exit status; -1 when the server gave none."""


class ExecLine:
    """A `CommandLine` that opens an exec channel per command.

    The answer is standard output; when the command failed, what it wrote to standard error follows.
    """

    def __init__(self, transport: paramiko.Transport, session: Session, pause_s: float) -> None:
        self._transport = transport
        self._session = session
        self._pause_s = pause_s
        self._opened_before = False

    def run(self, command: str, *, until: str | None = None) -> Document:
        self._session.announce(command)
        if self._opened_before:
            time.sleep(self._pause_s)
        self._opened_before = True
        with _channel(self._transport, command, self._session.endpoint) as channel:
            channel.shutdown_write()
            result = _answer(channel, command, self._session, until=until)
        content = result.stdout
        if result.status != 0 and result.stderr:
            content += (b"\n" if content and not content.endswith(b"\n") else b"") + result.stderr
        return self._session.document(command, content)

    def hang_up(self) -> None:
        """The login is over; whoever waits for an answer gets an error."""
        self._transport.close()


@contextmanager
def open_exec(
    endpoint: SshEndpoint,
    allowed: Sequence[str],
    journal: Journal,
    device_id: str,
    vantage: str | None = None,
    *,
    pause_s: float = PAUSE_S,
) -> Iterator[ExecLine]:
    """A logged-in command line, one exec channel per command; errors as `logged_in`."""
    session = Session(endpoint, allowed, journal, device_id, vantage)
    with logged_in(endpoint, journal, device_id) as transport:
        yield ExecLine(transport, session, pause_s)


@contextmanager
def open_shell(
    endpoint: SshEndpoint,
    dialect: str,
    allowed: Sequence[str],
    journal: Journal,
    device_id: str,
    vantage: str | None = None,
) -> Iterator[ShellLine | PromptedLine]:
    """A logged-in interactive shell that has greeted; `dialect` is a key of `DIALECTS` or of
    `PROMPT_DIALECTS`.
    """
    session = Session(endpoint, allowed, journal, device_id, vantage)
    with logged_in(endpoint, journal, device_id) as transport:
        line = start_shell(transport, dialect, session)
        try:
            yield line
        finally:
            line.close()


def run_remote(
    endpoint: SshEndpoint,
    argv: Sequence[str],
    *,
    journal: Journal,
    device_id: str,
    timeout_s: float,
    stop: threading.Event | None = None,
) -> RemoteResult:
    """What a program printed on a vantage host. It is ended there when time or `stop` ends it here.

    `device_id` names the vantage host in the journal. Raises the errors of `logged_in`, and
    `CollectError` when the program did not finish in time or printed more than MAX_BYTES.
    """
    command = shlex.join(argv)
    session = Session(endpoint, (), journal, device_id, None)
    with logged_in(endpoint, journal, device_id) as transport:
        journal.sent(device_id, "ssh", command)
        with _channel(transport, _ends_with_us(command), endpoint) as channel:
            deadline = time.monotonic() + timeout_s
            return _answer(channel, command, session, deadline=deadline, stop=stop)


def _ends_with_us(command: str) -> str:
    """A POSIX shell line that runs the command and kills it once our side of the channel is gone.

    sshd leaves a program without a terminal running when its client disappears; this one watches
    its standard input, which ends with the connection.
    """
    return (
        f"exec 3<&0; {command} </dev/null 3<&- & job=$!; "
        "{ cat <&3 >/dev/null; kill $job; } >/dev/null 2>&1 & watch=$!; exec 3<&-; "
        "wait $job; status=$?; kill $watch 2>/dev/null; exit $status"
    )


@contextmanager
def _channel(
    transport: paramiko.Transport, command: str, endpoint: SshEndpoint
) -> Iterator[paramiko.Channel]:
    channel = _open_channel(transport, endpoint)
    try:
        channel.settimeout(_TICK_S)
        try:
            channel.exec_command(command)
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise broken(endpoint, command) from error
        yield channel
    finally:
        channel.close()


def _open_channel(transport: paramiko.Transport, endpoint: SshEndpoint) -> paramiko.Channel:
    """A session channel; a refusal is answered by one more try after a longer pause."""
    with contextlib.suppress(paramiko.ChannelException):
        return _session_channel(transport, endpoint)
    time.sleep(4 * PAUSE_S)
    try:
        return _session_channel(transport, endpoint)
    except paramiko.ChannelException as error:
        raise broken(endpoint, "session") from error


def _session_channel(transport: paramiko.Transport, endpoint: SshEndpoint) -> paramiko.Channel:
    try:
        return transport.open_session(timeout=endpoint.command_timeout_s)
    except paramiko.ChannelException:
        raise
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise broken(endpoint, "session") from error


def _answer(
    channel: paramiko.Channel,
    command: str,
    session: Session,
    *,
    until: str | None = None,
    deadline: float | None = None,
    stop: threading.Event | None = None,
) -> RemoteResult:
    """Everything up to the end of the channel, or up to a match of `until`."""
    deadline = session.deadline() if deadline is None else deadline
    ending = re.compile(until.encode(), re.MULTILINE) if until else None
    out, err = bytearray(), bytearray()
    while True:
        ended = _take(channel, out, err)
        if len(out) + len(err) > MAX_BYTES:
            raise too_long(session.endpoint, command)
        if ended or (ending and ending.search(out, max(0, len(out) - 2 * _CHUNK))):
            break
        if stop is not None and stop.is_set():
            raise _stopped(session.endpoint, command)
        if time.monotonic() > deadline:
            raise silent(session.endpoint, command)
    if ended:
        channel.status_event.wait(1.0)
    if ended and channel.exit_status < 0 and not channel.get_transport().is_active():
        raise broken(session.endpoint, command)
    return RemoteResult(bytes(out), bytes(err), channel.exit_status)


def _take(channel: paramiko.Channel, out: bytearray, err: bytearray) -> bool:
    """What has arrived is appended; True at the end of the channel."""
    ended = False
    try:
        chunk = channel.recv(_CHUNK)
        out += chunk
        ended = not chunk
    except TimeoutError:
        pass
    while channel.recv_stderr_ready() and len(err) <= MAX_BYTES:
        err += channel.recv_stderr(_CHUNK)
    return ended


def _stopped(endpoint: SshEndpoint, command: str) -> CollectError:
    what = printable(command.split(" ", 1)[0], 40)
    return CollectError(
        Text(
            vi=f"đã dừng `{what}` trên {endpoint} theo yêu cầu",
            en=f"`{what}` on {endpoint} was stopped on request",
        )
    )
