"""A visit over the web to a simulated device, with real sockets and a real journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lab.devices.certificate import for_state
from lab.devices.state import Device, running
from scanner.collect.journal import FileJournal
from scanner.collect.web import WebEndpoint, open_web
from scanner.evidence import Document
from scanner.platforms.model import Platform

USERNAME = "doc-cau-hinh"
PASSWORD = "Planted <secret> 9&\"'"


class Visit:
    """An `Access` of one device; `sent` is what the journal holds."""

    username = USERNAME

    def __init__(self, platform: Platform, device: Device, journal: Path) -> None:
        self.device = device
        self._platform = platform
        self._journal = journal
        self.endpoint = WebEndpoint(
            host="127.0.0.1",
            port=device.ports.get("https", 1),
            username=USERNAME,
            password=PASSWORD,
            certificate=for_state(device.path, device.runtime.state).fingerprint,
            connect_timeout_s=2.0,
            command_timeout_s=5.0,
        )

    def with_password(self, password: str) -> Visit:
        self.endpoint = replace(self.endpoint, password=password)
        return self

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Any]:
        assert default_port == 443
        with (
            FileJournal(self._journal) as journal,
            open_web(self.endpoint, self._platform.allowed, journal, "thiet-bi") as client,
        ):
            yield client

    def secret(self) -> str:
        raise AssertionError("the family must not hold the password")

    def documents(self) -> list[Document]:
        return list(self._platform.collect(self))  # type: ignore[arg-type]

    @property
    def journalled(self) -> str:
        return self._journal.read_text() if self._journal.exists() else ""

    @property
    def sent(self) -> list[str]:
        return [json.loads(line)["sent"] for line in self.journalled.splitlines()]

    def seen(self, kind: str) -> list[str]:
        """What reached the device."""
        return [what for seen, what in self.device.runtime.seen if seen == kind]


@contextmanager
def visiting(platform: Platform, folder: Path, **state: Any) -> Iterator[Visit]:
    """A visit to a device that runs in this process until the end of the block."""
    path = folder / "device.json"
    login = {"username": USERNAME, "password": PASSWORD}
    base = {"family": platform.name, "address": "127.0.0.1", "ports": {"*": 0}, "login": login}
    path.write_text(json.dumps({**base, **state}))
    with running(path) as device:
        yield Visit(platform, device, folder / "journal")
