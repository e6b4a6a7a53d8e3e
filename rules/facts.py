"""The vocabulary of facts: what can be known about a device, with its proof or the reason why not.

A fact has a stable dotted name (`call.encryption`), one Python type, and is either `Known` with
the evidence lines that show it or `Unknown` with a reason. Platform modules produce facts, rules
consume them, the store keeps them. `FACT_TYPES` is the complete list; any other name is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from inventory.text import Text
from rules.crypto_facts import Certificate, SshOffer, TlsOffer
from rules.network_facts import (
    Interface,
    Neighbour,
    PortRange,
    Prefix,
    QosClass,
    Route,
)
from rules.packets.policy import Policy

EvidenceClass = Literal["P", "C", "O", "H", "R", "D"]
"""P live probe, C read from the device, O offline file, H history, R other system, D document."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in the evidence: enough to find it again and to show it in a report."""

    evidence_class: EvidenceClass
    source: str
    """The command, request or file that gave it: `xConfiguration`, `GET /rest/system`."""
    line: int | None = None
    """1-based line in the evidence; None where the whole item is meant."""
    text: str = ""
    """The line itself, secrets removed, at most 200 characters."""
    sha256: str | None = None
    vantage: str | None = None
    captured: datetime | None = None
    """UTC."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A fact with its value and the lines that prove it, in the order a reader should see them."""

    value: T
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """The absence of a fact and why; never to be read as a favourable value."""

    reason: Text
    citations: tuple[Citation, ...] = ()
    in_no_file: bool = False
    """No saved configuration of such a device tells it, so that it is not the file's fault."""


Fact: TypeAlias = Known[T] | Unknown


# --- values of facts -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeviceAccount:
    """An account as the device lists it. None where the device does not say."""

    name: str
    role: str | None = None
    """The device's own word, lower case: admin, audit, user, ..."""
    administrator: bool | None = None
    enabled: bool | None = None
    changed: date | None = None
    """Local date of the last password change."""
    allowed_hosts: tuple[str, ...] = ()
    """Source addresses this account may log in from; empty = any."""
    password_set: bool | None = None
    """False when the device itself reports an account without password."""


@dataclass(frozen=True, slots=True)
class TestedPassword:
    """Judgements on a password that its holder handed to hnth; the password itself is not here.

    Nothing is counted beyond what is asked for: length up to 8, kinds of characters up to 1.
    """

    account: str
    length: int
    """Code points after NFC (reading A-05)."""
    digits: int
    lowercase: int
    uppercase: int
    special: int
    meaning: Literal["none", "found", "unclear"] | None = None
    """Names and words with a meaning in it (D11.2-h); None when they were not looked for."""
    categories: tuple[Text, ...] = ()
    """Which kinds of names and words, never the words."""
    vocabulary: str = ""
    """Version of the word lists."""
    digest: str | None = None
    """`KEY:DIGEST`, equal for equal passwords; those with another `KEY` cannot be compared."""
    tested: date | None = None
    """Local day on which it was handed in, or let in by the device; what changed later is none."""
    changed: date | None = None
    """Local day of the last change, by the word of its holder."""
    since: date | None = None
    """First local day on which this very password was handed in."""


_FAST_HASHES = ("MD5", "SHA-1", "without salt")


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """How a configuration keeps a password. Of a hash nothing follows for the password itself."""

    account: str
    """Name of the account, or what the secret is for: `enable`, `line vty 0 4`, `snmp`."""
    form: Literal["plain", "reversible", "hash"]
    algorithm: str = ""
    """The vendor's name for it, with its type number where there is one."""
    digest: str | None = None
    """As in `TestedPassword`, of the password where it can be read, else of the hash; equal where
    both are kept the same way with the same salt. Never the hash itself."""

    @property
    def readable(self) -> bool:
        """Whoever has the file has the password."""
        return self.form != "hash"

    @property
    def weak(self) -> bool:
        """A hash that is tried out by the million in a second."""
        return not self.readable and any(word in self.algorithm for word in _FAST_HASHES)


@dataclass(frozen=True, slots=True)
class SyslogTarget:
    address: str
    port: int | None = None
    protocol: str | None = None
    """udp, tcp or tls."""


@dataclass(frozen=True, slots=True)
class OpenPort:
    port: int
    state: Literal["open", "open|filtered"]
    service: str = ""
    """nmap's name or product for what answers; empty when not identified."""
    speaks: str = ""
    """The protocol by its own answer (`ssh`, `telnet`, `ftp`, `http`, `https`, `sip`, `h323`, ...);
    empty when nothing was said that tells. A number of a port alone never fills it."""


@dataclass(frozen=True, slots=True)
class PortScan:
    """A finished probe of one device from one vantage point. What was not scanned is not here."""

    vantage: str
    """Id of the vantage point."""
    zone: str
    """Id of the zone the vantage point stands in."""
    protocol: Literal["tcp", "udp"]
    scanned: tuple[PortRange, ...]
    answered: bool
    """At least one port gave a positive sign of life (open or closed)."""
    open: tuple[OpenPort, ...] = ()
    undecided: int = 0
    """How many of the ports asked are known to be neither open nor closed and are not in `open`."""

    def asked(self, port: int) -> bool:
        """The port was among those that were asked."""
        return any(part.first <= port <= part.last for part in self.scanned)

    @property
    def full_range(self) -> bool:
        """Every port from 1 to 65535 was asked."""
        expected = 1
        for part in sorted(self.scanned, key=lambda r: r.first):
            if part.first > expected:
                return False
            expected = max(expected, part.last + 1)
        return expected > 65535


@dataclass(frozen=True, slots=True)
class ManagementInterface:
    """One way in for administrators that was actually tried."""

    name: str
    """e.g. `https`, `ssh`, `rest`, `telnet`."""
    port: int
    encrypted: bool
    requires_login: bool | None
    """None when the answer to an unauthenticated request could not be interpreted."""


@dataclass(frozen=True, slots=True)
class NeededPort:
    """A port that a family needs for its purpose in this role (vendor's list)."""

    protocol: Literal["tcp", "udp"]
    first: int
    last: int
    purpose: Text
    roles: tuple[str, ...] = ()
    """Roles of the inventory (`Device.role`) in which it is needed; empty = all."""
    models: tuple[str, ...] = ()
    """What the model's name begins with where it is needed, any case; empty = all models."""
    speaks: tuple[str, ...] = ()
    """Protocols that belong there, as in `OpenPort.speaks`; empty = not laid down."""


@dataclass(frozen=True, slots=True)
class DefaultAccount:
    """An account that devices of a family have when they leave the factory (vendor's documents).

    Whether this device still has it, and whether its password was changed, is not said here.
    """

    name: str
    opens: tuple[str, ...]
    """What it lets in to, in the vendor's words: `web`, `ssh`, `telnet`, `remote control`, ..."""
    password: Literal["published", "blank", "set at first use", "not documented"]
    """What kind of password it has at first; never the password itself."""


@dataclass(frozen=True, slots=True)
class Currency:
    """The running software beside the newest release known for the exact model."""

    running: str
    newest: str
    newest_released: date | None
    catalogue_captured: date
    order: Literal[-1, 0, 1] | None
    """running < newest: -1, equal: 0, newer than the catalogue: 1, not comparable: None."""


@dataclass(frozen=True, slots=True)
class LogSource:
    """Stored records of one sender as the log server holds them."""

    sender: str
    """Address or host name as stored."""
    kind: Literal["monitoring", "alert"]
    oldest: datetime
    newest: datetime
    records: int
    largest_gap_h: float
    """Longest time between two consecutive records, or since the newest one; hour resolution."""
    gap_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogRetention:
    """How long the log server is set to keep a kind of record."""

    kind: Literal["monitoring", "alert"]
    days: int
    setting: str
    """The setting in its own words, e.g. `weekly, rotate 27`."""


# --- the names -------------------------------------------------------------------------------

SERVICES = ("ssh", "telnet", "http", "https", "snmp", "ftp", "tftp", "upnp", "sip", "h323")

FACT_TYPES: dict[str, Any] = {
    "identity.vendor": str,
    "identity.family": str,
    "identity.model": str,
    "identity.serial": str,
    "software.version": str,
    **{f"service.{name}.enabled": bool for name in SERVICES},
    "management.allowlist": tuple[Prefix, ...],
    "management.idle_timeout_s": int,
    "management.lockout_attempts": int,
    "management.interfaces": tuple[ManagementInterface, ...],
    "password_policy.min_length": int,
    "password_policy.digits": int,
    "password_policy.lowercase": int,
    "password_policy.uppercase": int,
    "password_policy.special": int,
    "password_policy.history": int,
    "password_policy.max_age_days": int,
    "password_policy.binds_root": bool,
    "ssh.root_login": Literal["any", "key", "forced-command", "no"],
    "ssh.password_login": bool,
    "ssh.empty_passwords": bool,
    "ssh.algorithms": tuple[SshOffer, ...],
    "routing.forwards": bool,
    "accounts": tuple[DeviceAccount, ...],
    "tested_passwords": tuple[TestedPassword, ...],
    "credentials.storage": tuple[StoredSecret, ...],
    "call.encryption": Literal["off", "best-effort", "required"],
    "call.auto_answer": bool,
    "call.far_end_camera": bool,
    "accounts.unused": tuple[str, ...],
    "call.active": int,
    "sip.encryption": Literal["off", "best-effort", "required"],
    "sip.tls_min_version": str,
    "sip.verifies_peer": bool,
    "h323.min_key_bits": int,
    "serial_port.access": Literal["off", "login", "open"],
    "usb.enabled": bool,
    "debug.enabled": bool,
    "support_access.enabled": bool,
    "boot.verified": bool,
    "tls.min_version": str,
    "tls.certificates": tuple[Certificate, ...],
    "tls.algorithms": tuple[TlsOffer, ...],
    "snmp.versions": tuple[str, ...],
    "snmp.default_community": bool,
    "ntp.servers": tuple[str, ...],
    "ntp.synchronised": bool,
    "syslog.targets": tuple[SyslogTarget, ...],
    "bandwidth.max_kbps": int,
    "interfaces": tuple[Interface, ...],
    "neighbours": tuple[Neighbour, ...],
    "vlans": tuple[int, ...],
    "vrfs": tuple[str, ...],
    "routes": tuple[Route, ...],
    "filters": Policy,
    "qos.classes": tuple[QosClass, ...],
    "ports.tcp": PortScan,
    "ports.udp": PortScan,
    "exposure": tuple[PortScan, ...],
    "needed_ports": tuple[NeededPort, ...],
    "default_accounts": tuple[DefaultAccount, ...],
    "software.currency": Currency,
    "logs.sources": tuple[LogSource, ...],
    "logs.retention": tuple[LogRetention, ...],
}
"""Name of every fact and the type of its value.

Units ride in the names. `management.allowlist`: () = any address. `management.idle_timeout_s`,
`management.lockout_attempts`, `password_policy.max_age_days`: 0 = never.
`password_policy.binds_root`: the superuser is held to it too. `ssh.*`: the weakest that any login
may meet; `ssh.root_login` is how the superuser may come in. `ssh.algorithms`, `tls.algorithms`:
() = no such port answers.
`sip.encryption` is about signalling: TLS never, where the other end takes it, always.
`sip.verifies_peer`: a certificate that is not trusted ends the connection. `h323.min_key_bits`:
the shortest key of H.235 that is agreed upon, 0 = no lower limit. `serial_port.access`: `open` asks
for no login. `debug.enabled`: what developers look into the running software with.
`support_access.enabled`: the vendor's support has a way in of its own. `boot.verified`: software
that the vendor did not sign does not start.
`routing.forwards`: packets of others are routed, over IPv4 or IPv6. `ports.*` are seen from
the scanner's own vantage point, `exposure` from all the others.
"""

NOT_REPORTED = Text(
    vi="thiết bị không cho biết thông tin này",
    en="the device does not report this",
)


class Facts(Mapping[str, "Fact[Any]"]):
    """The facts of one device. Asking for a name nobody supplied gives `Unknown`, never an error.

    Asking for a name that is not in `FACT_TYPES` raises KeyError: that is a misspelling.
    """

    def __init__(
        self, facts: Mapping[str, Fact[Any]] | None = None, absent: Text = NOT_REPORTED
    ) -> None:
        self._facts = dict(facts or {})
        self.absent = absent
        for name in self._facts:
            if name not in FACT_TYPES:
                raise KeyError(f"{name!r} is not the name of a fact")

    def __getitem__(self, name: str) -> Fact[Any]:
        if name not in FACT_TYPES:
            raise KeyError(f"{name!r} is not the name of a fact")
        return self._facts.get(name, Unknown(self.absent))

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __contains__(self, name: object) -> bool:
        return name in self._facts
