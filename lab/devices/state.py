"""The state file of a simulated device, and the device that follows it."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab.devices.listeners import Listener, SilentPort

POLL_S = 0.2
SEEN_MAX = 10_000


class BadState(Exception):
    """The state file cannot be used; the text says which and why."""


def family_module(family: object) -> Any:
    """The module of a family by its id with hyphens. Raises BadState when there is none."""
    if not isinstance(family, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", family):
        raise BadState(f"family: {family!r} is not the name of a device family")
    name = f"lab.devices.{family.replace('-', '_')}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise BadState(f"family: there is no simulated device {family!r}") from error
    if not hasattr(module, "build"):
        raise BadState(f"family: {name} has no build(state, runtime)")
    return module


def merged(defaults: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults with the changes on top; dictionaries are merged one level down as well."""
    result = dict(defaults)
    for key, value in changes.items():
        below = result.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = {**below, **value}
        else:
            result[key] = value
    return result


class Runtime:
    """What a family module needs while it runs: the newest state, addresses, and what was seen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state: Mapping[str, Any] = {}
        """The newest state with the family's defaults filled in. Replaced, never changed."""
        self.seen: deque[tuple[str, str]] = deque(maxlen=SEEN_MAX)
        """(kind, what) of everything clients sent that a test may ask about, oldest first."""

    @property
    def address(self) -> str:
        return str(self.state.get("address", "0.0.0.0"))  # noqa: S104 - in its own namespace

    def port(self, name: str, default: int) -> int:
        """The port for a listener: `ports.<name>` of the state, else the family's default.

        `ports.*` stands for every name that is not given: 0 lets tests run beside anything.
        """
        ports = self.state.get("ports")
        if not isinstance(ports, Mapping):
            return default
        return int(ports.get(name, ports.get("*", default)))

    def file(self, suffix: str) -> Path:
        """A file beside the state file that belongs to this device: `STATE.<suffix>`."""
        return self.path.with_name(f"{self.path.stem}.{suffix}")

    def saw(self, kind: str, what: str) -> None:
        self.seen.append((kind, what))


class Device:
    """One simulated device in this process; follows its state file when `refresh` is called."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runtime = Runtime(path)
        self._open: dict[Any, Listener] = {}
        self._applied: str | None = None
        self._lock = threading.Lock()

    @property
    def ports(self) -> dict[str, int]:
        """The ports really bound, by the name of the listener."""
        return {listener.name: listener.bound_port for listener in self._open.values()}

    def refresh(self) -> bool:
        """True when the file had changed and is in force now.

        Raises BadState for a file that cannot be used and OSError for a port that cannot be
        bound; what was open before and is still wanted stays open, and the next call tries again.
        """
        with self._lock:
            content = self.path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if digest == self._applied:
                return False
            self._apply(_parse(content, self.path))
            self._applied = digest
            write_whole(self._beside("ports"), json.dumps(self.ports, sort_keys=True) + "\n")
            write_whole(self._beside("applied"), digest + "\n")
            return True

    def close(self) -> None:
        with self._lock:
            for listener in self._open.values():
                listener.close()
            self._open = {}

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{suffix}")

    def _apply(self, changes: Mapping[str, Any]) -> None:
        module = family_module(changes.get("family"))
        state = merged(getattr(module, "DEFAULTS", {}), changes)
        self.runtime.state = state
        wanted: dict[Any, Listener] = {}
        try:
            for listener in (*module.build(state, self.runtime), *self._extra_ports(state)):
                wanted.setdefault(listener.key, listener)
        except (KeyError, TypeError, ValueError) as error:
            raise BadState(f"{self.path}: {type(error).__name__}: {error}") from error
        for key in [key for key in self._open if key not in wanted]:
            self._open.pop(key).close()
        for key, listener in wanted.items():
            if key not in self._open:
                listener.open()
                self._open[key] = listener

    def _extra_ports(self, state: Mapping[str, Any]) -> Sequence[Listener]:
        """`extra_tcp` works for every family: ports that accept and say nothing."""
        return [
            SilentPort(f"extra-{port}", self.runtime.address, int(port))
            for port in state.get("extra_tcp", ())
        ]


def _parse(content: bytes, path: Path) -> Mapping[str, Any]:
    try:
        changes = json.loads(content)
    except ValueError as error:
        raise BadState(f"{path}: not JSON: {error}") from error
    if not isinstance(changes, dict):
        raise BadState(f"{path}: the state is a JSON object")
    return changes


def write_whole(path: Path, text: str) -> None:
    """The file holds the text, and no reader ever saw half of it."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


@contextmanager
def running(path: Path) -> Iterator[Device]:
    """The device of a state file, up in this process; it follows the file only on `refresh`."""
    device = Device(path)
    try:
        device.refresh()
        yield device
    finally:
        device.close()
