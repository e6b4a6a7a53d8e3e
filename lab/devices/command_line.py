"""The SSH server of a simulated device: password login, exec channels, a shell.

What is said comes from a `Speaker`; this module knows only SSH. Keys of the state that it reads:

    login            {"username", "password", "public_key" (OpenSSH line, optional)}
    ssh_methods      login methods offered, default ["password", "publickey"]; a test may ask for
                     ["keyboard-interactive"]
    host_key_file    OpenSSH private key; made beside the state file when left out
    hang_on          commands that are never answered
    flood_on         commands that are answered without end

`runtime.seen` gets ("ssh", peer) per connection, ("ssh-auth", "METHOD USERNAME") per attempt,
("ssh-exec", command) and ("ssh-shell", line); never a password.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Protocol

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.server import InteractiveQuery

from lab.devices.listeners import TcpListener
from lab.devices.state import Runtime

MAX_LINE = 4096
ANSWER_AFTER_S = 0.02
"""The library confirms a request only after it was handed to us; a client that sees the channel
close before the confirmation calls that an error."""
_LOG = "lab.devices.ssh"
logging.getLogger(_LOG).disabled = True
"""Port scanners make SSH servers complain about every broken greeting."""


class Speaker(Protocol):
    """What a family says on its command line."""

    version: str
    """Identification string after `SSH-2.0-`."""
    echo: bool
    """A shell repeats what is typed."""

    def admits(self, peer: str, username: str | None) -> bool:
        """A login from this address is considered: at all (None), or by this user."""

    def greeting(self) -> str:
        """What a shell says first. Lines end with LF here."""

    def prompt(self) -> str:
        """What a shell says before each command; may be empty."""

    def answer(self, command: str) -> str | None:
        """The answer to one command; None ends the session."""


class SshServer(TcpListener):
    """Reopened when the port or the host key change."""

    def __init__(self, runtime: Runtime, speaker: Speaker, name: str = "ssh", port: int = 22):
        self.host_key = host_key(runtime.path, runtime.state)
        super().__init__(
            name, runtime.address, runtime.port(name, port), fingerprint(self.host_key)
        )
        self.runtime = runtime
        self.speaker = speaker

    def serve(self, conn: socket.socket, peer: str) -> None:
        self.runtime.saw("ssh", peer)
        if not self.speaker.admits(peer, None):
            return
        transport = paramiko.Transport(conn)
        transport.set_log_channel(_LOG)
        _harden(transport)
        transport.local_version = f"SSH-2.0-{self.speaker.version}"
        transport.add_server_key(self.host_key)
        try:
            transport.start_server(event=threading.Event(), server=_Conversation(self, peer))
            transport.join()
        finally:
            transport.close()


def _harden(transport: paramiko.Transport) -> None:
    """Offers what devices in order offer: the library's own lists hold old algorithms too."""
    options = transport.get_security_options()
    options.kex = [name for name in options.kex if "25519" in name]
    options.ciphers = [name for name in options.ciphers if "-ctr" in name or "-gcm" in name]
    options.digests = [name for name in options.digests if "sha2" in name]


class _Conversation(paramiko.ServerInterface):
    """One connection."""

    def __init__(self, owner: SshServer, peer: str) -> None:
        self._owner = owner
        self._peer = peer
        self._asking = ""
        self._runtime = owner.runtime

    @property
    def _login(self) -> Mapping[str, Any]:
        login: Mapping[str, Any] = self._runtime.state.get("login") or {}
        return login

    def _is_right(self, username: str, password: str) -> bool:
        admitted = self._owner.speaker.admits(self._peer, username)
        return admitted and is_right(self._runtime.state, username, password)

    def get_allowed_auths(self, username: str) -> str:
        return ",".join(self._runtime.state.get("ssh_methods", ("password", "publickey")))

    def check_auth_none(self, username: str) -> int:
        return AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        self._runtime.saw("ssh-auth", f"password {username}")
        right = "password" in self.get_allowed_auths(username).split(",")
        return _verdict(right and self._is_right(username, password))

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self._runtime.saw("ssh-auth", f"publickey {username}")
        known = str(self._login.get("public_key") or "").split()
        right = len(known) >= 2 and known[:2] == [key.get_name(), key.get_base64()]
        admitted = self._owner.speaker.admits(self._peer, username)
        return _verdict(right and admitted and username == self._login.get("username"))

    def check_auth_interactive(self, username: str, submethods: str) -> Any:
        if "keyboard-interactive" not in self.get_allowed_auths(username).split(","):
            return AUTH_FAILED
        self._asking = username
        query = InteractiveQuery()
        query.add_prompt("Password: ", False)
        return query

    def check_auth_interactive_response(self, responses: list[str]) -> Any:
        self._runtime.saw("ssh-auth", f"keyboard-interactive {self._asking}")
        return _verdict(len(responses) == 1 and self._is_right(self._asking, responses[0]))

    def check_channel_request(self, kind: str, chanid: int) -> int:
        if kind == "session":
            return OPEN_SUCCEEDED
        return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def check_channel_pty_request(self, channel: paramiko.Channel, *_request: Any) -> bool:
        return True

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        self._start(self._exec, channel, command.decode(errors="replace"))
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        self._start(self._shell, channel)
        return True

    def _start(self, talk: Any, channel: paramiko.Channel, *rest: str) -> None:
        def run() -> None:
            time.sleep(ANSWER_AFTER_S)
            with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
                talk(channel, *rest)
            with contextlib.suppress(OSError, EOFError):
                channel.close()

        threading.Thread(target=run, daemon=True).start()

    def _exec(self, channel: paramiko.Channel, command: str) -> None:
        self._runtime.saw("ssh-exec", command)
        self._misbehave(channel, command)
        channel.sendall((self._owner.speaker.answer(command) or "").encode())
        channel.send_exit_status(0)

    def _shell(self, channel: paramiko.Channel) -> None:
        speaker = self._owner.speaker
        channel.sendall(_on_terminal(speaker.greeting() + speaker.prompt()))
        for line in self._lines(channel, speaker.echo):
            self._runtime.saw("ssh-shell", line)
            self._misbehave(channel, line)
            answer = speaker.answer(line)
            if answer is None:
                return
            channel.sendall(_on_terminal(answer + speaker.prompt()))

    def _lines(self, channel: paramiko.Channel, echo: bool) -> Iterator[str]:
        """What is typed, line by line; CR, LF and CR LF end a line, empty lines are skipped."""
        typed = b""
        while len(typed) < MAX_LINE and (piece := channel.recv(1024)):
            if echo:
                channel.sendall(_on_terminal(piece.decode(errors="replace").replace("\r\n", "\n")))
            typed += piece.replace(b"\r", b"\n")
            *whole, typed = typed.split(b"\n")
            yield from (line.decode(errors="replace") for line in whole if line.strip())

    def _misbehave(self, channel: paramiko.Channel, command: str) -> None:
        """Never returns for a command that the state wants unanswered or answered without end."""
        if command in self._runtime.state.get("hang_on", ()):
            while not channel.closed:
                time.sleep(0.1)
            raise EOFError
        if command in self._runtime.state.get("flood_on", ()):
            while True:
                channel.sendall(b"*c xConfiguration Flood: 1\r\n" * 1000)


def is_right(state: Mapping[str, Any], username: str, password: str) -> bool:
    """The one login of the state; nobody gets in with an empty password."""
    login = state.get("login") or {}
    expected = str(login.get("password") or "")
    same = hmac.compare_digest(password.encode(), expected.encode())
    return bool(expected) and username == login.get("username") and same


def is_listed(peer: str, hosts: Sequence[str]) -> bool:
    """No list, the device's own console (loopback), or an address or prefix on the list."""
    address = ip_address(peer)
    return (
        not hosts
        or address.is_loopback
        or any(address in ip_network(host, strict=False) for host in hosts)
    )


def _verdict(right: bool) -> int:
    return int(AUTH_SUCCESSFUL if right else AUTH_FAILED)


def _on_terminal(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


# --- host keys ---------------------------------------------------------------------------------


def host_key(state_path: Path, state: Mapping[str, Any]) -> paramiko.PKey:
    """The host key that the state names, or the one beside the state file, made on first use."""
    named = state.get("host_key_file")
    file = state_path.with_name(f"{state_path.stem}.hostkey") if named is None else Path(str(named))
    if not file.is_absolute():
        file = state_path.parent / file
    if not file.exists():
        _make_key(file)
    return paramiko.Ed25519Key.from_private_key_file(str(file))


def fingerprint(key: paramiko.PKey) -> str:
    """`SHA256:...`, as an inventory pins it."""
    return str(key.fingerprint)


def _make_key(file: Path) -> None:
    content = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    scratch = file.with_name(f"{file.name}.new")
    scratch.touch(mode=0o600)
    scratch.write_bytes(content)
    scratch.replace(file)
