"""What a device family module provides. Vendor names stop at the module's door.

A family is one module `scanner/platforms/<name with underscores>.py` that defines
`PLATFORM = Platform(...)`; `scanner.platforms.find` walks the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from rules.facts import Fact, NeededPort, UnreadLine
from scanner.evidence import Document


class CommandLine(Protocol):
    """A logged-in command line. Refuses commands outside the family's allowlist."""

    def run(self, command: str, *, until: str | None = None) -> Document:
        """The answer to one read-only command, secrets removed.

        `until`: regular expression that ends the answer where the family has no prompt.
        Raises `scanner.collect.Refused` for a command outside the allowlist and
        `scanner.collect.CollectError` when the device fails to answer.
        """


class WebClient(Protocol):
    """HTTPS to one device with a pinned certificate. Refuses requests outside the allowlist."""

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        basic_auth: bool = False,
        expect: Sequence[int] = (200,),
        keep: Sequence[str] = (),
    ) -> Document:
        """The body of the answer, secrets removed; `source` is `METHOD path`.

        `keep` names values of a JSON answer that the client remembers as secrets of the session;
        `{{name}}` in a later `json` or `headers` stands for one, `{{origin}}` for the site.
        """


class Access(Protocol):
    """How a family module reaches one device. Everything sent is journalled."""

    @property
    def username(self) -> str:
        """Name of the account that reads."""

    def exec_channel(self) -> AbstractContextManager[CommandLine]:
        """SSH, one exec channel per command (Linux, MMP)."""

    def shell(self, dialect: str) -> AbstractContextManager[CommandLine]:
        """SSH, an interactive shell; `dialect` is netmiko's device type or `generic`."""

    def web(self, default_port: int = 443) -> AbstractContextManager[WebClient]:
        """HTTPS on the port that the inventory declares, else `default_port`."""

    def secret(self) -> str:
        """The password, for a request body that must carry it. Never log or store the result."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a family module understood from documents."""

    facts: Mapping[str, Fact[Any]]
    unread: tuple[tuple[Document, UnreadLine], ...] = ()


@dataclass(frozen=True)
class Platform:
    name: str
    """Stable id with hyphens, e.g. `cisco-roomos`."""
    title: str
    vendor: str
    kinds: frozenset[str]
    """Device kinds of the inventory this family can be."""
    allowed: tuple[str, ...]
    """Regular expressions (full match) of every command and `METHOD path` it may ever send."""
    collect: Callable[[Access], Generator[Document, None, None]]
    """Asks the device, call state first; yields each answer as soon as it is there."""
    read: Callable[[Sequence[Document]], Reading]
    """Documents to facts; pure; never raises on hostile input: what it cannot tell is Unknown."""
    version_key: Callable[[str], tuple[Any, ...] | None]
    """Sort key of a version string in the vendor's own order; None when it cannot be ordered."""
    needed_ports: tuple[NeededPort, ...] = ()
    management_ports: Mapping[str, int] = field(default_factory=dict)
    """Encrypted management by name, e.g. {"https": 443, "ssh": 22}."""
    guarded: tuple[str, ...] = ("GET /",)
    """Requests (`METHOD path`) that the web interface must refuse before a login (D11.2-a)."""
