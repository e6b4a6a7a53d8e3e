"""A real SNMP agent (Net-SNMP's snmpd) as a port of a simulated device."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import time
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from lab.devices.state import BadState, Runtime
from lab.namespaces import tool

START_S = 10.0
_NO_SMUX = ("-I", "-smux")
"""Without this, snmpd listens on TCP 199 as well."""
_PLAIN = frozenset(range(0x20, 0x7F)) - {0x22, 0x5C}


class SnmpAgent:
    """UDP 161. Reopened when the account or anything it tells changes.

    `account`: `community`, or `user` with `authentication`, `authentication_key` and `privacy_key`.
    `says`: lines of snmpd's own configuration, such as `sysDescr ...` or `override ...`.
    """

    def __init__(self, runtime: Runtime, account: Mapping[str, Any], says: tuple[str, ...]) -> None:
        self.name = "snmp"
        self._address = runtime.address
        self._port = runtime.port("snmp", 161)
        self._folder = runtime.file("snmpd")
        self._lines = (*_access(account), *says)
        self.key: Hashable = (type(self).__name__, self._address, self._port, self._lines)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bound_port(self) -> int:
        return self._port

    def open(self) -> None:
        self._port = self._port or _free_port(self._address)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for old in self._folder.glob("*.conf"):
            # snmpd keeps the users of its last run here
            old.unlink()
        configuration = self._folder / "lab.conf"
        where = f"udp6:[{self._address}]" if ":" in self._address else f"udp:{self._address}"
        lines = (f"agentaddress {where}:{self._port}", *self._lines)
        configuration.touch(mode=0o600)
        configuration.write_text("\n".join(lines) + "\n", encoding="ascii")
        log = self._folder / "log"
        self._process = subprocess.Popen(
            [tool("snmpd"), "-f", "-Lf", str(log), "-C", "-c", str(configuration), "-r", *_NO_SMUX],
            env={**os.environ, "SNMP_PERSISTENT_DIR": str(self._folder), "MIBS": ""},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(self._process, log)

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Until the port is taken. Raises OSError when snmpd gives up or takes too long."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if not _is_free(self._address, self._port):
                return
            time.sleep(0.05)
        self.close()
        told = log.read_text(errors="replace")[-200:] if log.exists() else ""
        raise OSError(errno.EADDRNOTAVAIL, f"snmpd did not open UDP {self._port}: {told.strip()}")


def _access(account: Mapping[str, Any]) -> tuple[str, ...]:
    if account.get("user"):
        user = plain(account["user"])
        keys = [plain(account[key]) for key in ("authentication_key", "privacy_key")]
        kind = plain(account.get("authentication", "SHA"))
        return (f'createUser {user} {kind} "{keys[0]}" AES "{keys[1]}"', f"rouser {user} priv")
    return (f'rocommunity "{plain(account["community"])}"',)


def plain(value: object) -> str:
    """The text, which cannot end a line or a quotation of snmpd's configuration."""
    text = str(value)
    if not text or not set(text.encode()) <= _PLAIN:
        raise BadState(f"snmp: {text!r} cannot be written into snmpd's configuration")
    return text


def _socket(address: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)


def _free_port(address: str) -> int:
    with _socket(address) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def _is_free(address: str, port: int) -> bool:
    with _socket(address) as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
