"""What a device family module provides. Vendor names stop at the module's door.

A family is one module `scanner/platforms/<name with underscores>.py` that defines
`PLATFORM = Platform(...)`; `scanner.platforms.find` walks the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from inventory.text import Text
from rules.facts import DefaultAccount, Fact, NeededPort
from rules.network_facts import UnreadLine
from scanner.evidence import Document
from scanner.platforms.remedy import Remedies
from scanner.platforms.signs import Sign

SEEN_FROM_OUTSIDE = frozenset(
    {
        "default_accounts",
        "exposure",
        "identity.family",
        "identity.model",
        "identity.vendor",
        "management.interfaces",
        "needed_ports",
        "ports.tcp",
        "ports.udp",
        "software.currency",
        "software.version",
        "ssh.algorithms",
        "tested_passwords",
        "tls.algorithms",
        "tls.certificates",
    }
)
"""Facts that need no login, or that the family itself knows; all others are its configuration."""

Login = Literal["basic", "digest", "as-asked"]
"""HTTP authentication of a request: with Basic at once, with Digest when asked for it, or with
whichever of the two the device asks for."""


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
        xml: str | None = None,
        login: Login | None = None,
        expect: Sequence[int] = (200,),
        keep: Sequence[str] = (),
    ) -> Document:
        """The body of the answer, secrets removed.

        What is compared with the allowlist, and `source` of the answer, is `METHOD path`; behind it
        stand the fields of a form in their order (`POST /x name=value&name=value`), or the method
        that the XML calls (`POST /RPC2 device.query`). At most one of `json`, `form` and `xml`.

        `{{username}}` and `{{password}}` in `form` and `xml` stand for the credential. `keep` names
        values of a JSON answer that the client remembers as secrets of the session; `{{name}}` in a
        later body or in `headers` stands for one, `{{origin}}` for the site.
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

    def snmp(self, objects: Mapping[str, str]) -> Document:
        """One GET for at most 20 objects (name -> dotted identifier): lines `name: value`.

        On the allowlist an object is `SNMP GET 1.3.6.1...`. An object that the device does not
        have is `(not given)`. Raises `CollectError` when the inventory declares no SNMP account.
        """

    def secret(self) -> str:
        """The password, for a request body that must carry it. Never log or store the result."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a family module understood from documents."""

    facts: Mapping[str, Fact[Any]]
    unread: tuple[tuple[Document, UnreadLine], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a configuration was understood, in lines that are not empty."""

    read: int
    """Lines that a fact rests on, or that decide what passes."""
    irrelevant: int
    """Lines that are known to say nothing about any fact."""
    unread: int


@dataclass(frozen=True, slots=True)
class Absent:
    """Services that a product does not have, by a list of its vendor that is meant to be whole.

    Where a document merely does not mention a service, nothing is declared.
    """

    services: tuple[str, ...]
    """Of `rules.facts.SERVICES`."""
    title: str
    """The list: the vendor's schema of all settings, or its table of all ports, with releases."""
    source: str
    """Where it is published."""
    shown_by: tuple[str, ...]
    """Facts of the settings that the same list names. All of them must be known of a device, so
    that it is the product meant."""
    since: str = ""
    """First release that the list speaks of; empty when it names none."""
    before: str = ""
    """First one that it does not speak of any more; empty when it names none."""


@dataclass(frozen=True)
class Platform:
    name: str
    """Stable id with hyphens, e.g. `cisco-roomos`."""
    title: str
    vendor: str
    kinds: frozenset[str]
    """Device kinds of the inventory this family can be."""
    allowed: tuple[str, ...]
    """Regular expressions (full match) of every command, `METHOD path` and `SNMP GET identifier`
    it may ever send."""
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
    signs: tuple[Sign, ...] = ()
    """How a device of the family is recognised from the network."""
    version_form: str = ""
    """Regular expression (full match, any case) of its versions; what a banner calls a version and
    is not of this form is none."""
    default_accounts: tuple[DefaultAccount, ...] = ()
    """Accounts that the vendor documents for a device as it leaves the factory."""
    without: tuple[Absent, ...] = ()
    """Services that it does not have, each with the vendor's list that says so."""
    aliases: tuple[str, ...] = ()
    """Other names that `--platform` takes."""
    coverage: Callable[[Document], Coverage] | None = None
    """For configurations of network devices: how much of one is understood."""
    not_read: Text | None = None
    """Why nothing of its configuration is read; None for a family that is read."""
    remedies: Remedies | None = None
    """How its settings are put right; printed for people, never sent."""
