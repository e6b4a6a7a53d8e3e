"""What is declared about the network: the shape of the inventory file after it has been read.

Every model forbids unknown keys. Ids are lower-case words joined by hyphens and unique per list.
References between the parts are checked by `inventory.load`, which also names file and line.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from inventory.declared import Declared, Words
from inventory.moments import Day, Moment
from inventory.prefixes import Prefixes
from inventory.readings import Kind, Readings
from inventory.remembered import Remembered
from inventory.scan_settings import ScanSettings

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Address = IPv4Address | IPv6Address
Prefix = IPv4Network | IPv6Network
Port = Annotated[int, Field(ge=1, le=65535)]
Reference = Annotated[str, StringConstraints(pattern=r"^(env|file|vault):.+$")]
"""Where a secret is: `env:NAME`, `file:PATH` or `vault:NAME`."""

DeviceKind = Kind
DeviceRole = Literal["endpoint", "registered", "mcu", "edge", "management"]
SiteLevel = Literal["province", "district", "commune"]
ZoneKind = Literal["hnth", "management", "server", "office", "tslcd", "outside"]


class Document(Declared):
    """A document that vouches for something (evidence class D)."""

    number: str
    issued: Day
    signer: str | None = None
    subject: str | None = None
    valid_to: Day | None = None
    """Last day it vouches for the present; 12 months after its issue when left out."""


class Contact(Declared):
    """Who answers for a site (Article 19.3: one leader and one specialist)."""

    name: str
    role: Literal["leader", "specialist"] = "specialist"
    phone: str | None = None
    email: str | None = None


class Organisation(Declared):
    """Who is audited. Nothing here is hard-coded elsewhere (REPORT_FORM section 5)."""

    name: str
    short_name: str | None = None
    superior: str | None = None
    province: str
    place: str | None = None
    operator: str | None = None
    in_use_since: Day | None = None
    """When the conferencing system was put into use (D12.2-a)."""
    system_level: Annotated[int, Field(ge=1, le=5)] | None = None
    """Level of the system by its approved dossier; it settles how often D12.1-a is due."""


class Approval(Declared):
    """Permission for live probes (section 8.6 of the requirements)."""

    number: str
    issued: Day
    signer: str
    valid_from: Day
    valid_to: Day
    scope: str | None = None
    source_addresses: tuple[Address, ...] = ()
    contact: str | None = None


class Site(Declared):
    """A conference site (điểm cầu)."""

    id: Id
    name: str
    level: SiteLevel
    valid_from: Day | None = None
    valid_to: Day | None = None
    tslcd_available: bool = True
    other_link_reason: str | None = None
    """Why the site is connected by something else than TSLCD, when it is (D10.2-a)."""
    contacts: tuple[Contact, ...] = ()


class Zone(Declared):
    """A network segment. `kind: hnth` marks the conferencing segment (D10.1-a)."""

    id: Id
    name: str | None = None
    kind: ZoneKind
    site: Id | None = None
    prefixes: tuple[Prefix, ...] = Field(min_length=1)
    gateway: Id | None = None
    """Device that routes or filters between this zone and the others."""
    interface: str | None = None
    """Name of the gateway's interface towards this zone."""
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    within: Id | None = None
    """Zone that this one is cut out of on purpose; without it overlapping prefixes are errors."""


class Credential(Declared):
    """Where a secret is, never the secret.

    `env:NAME`, `file:PATH` with mode 0600, the path relative to the inventory file, or
    `vault:NAME`, an entry of `hnth vault`.
    """

    username: str = ""
    """Of the account that reads over SSH or HTTPS; not needed for a device asked by SNMP alone."""
    password: Reference | None = None
    private_key: Reference | None = None
    snmp_community: Reference | None = None
    """For SNMP v2c, which sends it in clear text; v3 where the device has it."""
    snmp_user: str | None = None
    """For SNMP v3 with authentication and encryption (AES-128), with both keys."""
    snmp_authentication_key: Reference | None = None
    snmp_privacy_key: Reference | None = None
    snmp_authentication: Literal["SHA", "SHA-256"] = "SHA"


class ApprovedPort(Declared):
    """An addition to the needed ports of the device's family."""

    protocol: Literal["tcp", "udp"] = "tcp"
    port: Port
    purpose: str


class Device(Declared):
    """Something that is audited, or that the audit needs (firewall, router, log server)."""

    id: Id
    name: str | None = None
    kind: DeviceKind
    site: Id
    address: Address
    platform: str | None = None
    """Name of the family module that reads it; recognised when left out."""
    model: str | None = None
    role: DeviceRole | None = None
    """What it does in calls, which decides its needed ports (D11.1-c): `endpoint` dials by address,
    `registered` through a gatekeeper or registrar, `mcu` joins calls, `edge` lets them through to
    other networks, `management` takes no part. An MCU left out is `mcu`; others are not known."""
    commissioned: Day | None = None
    credential: Credential | None = None
    host_key: str | None = None
    """`SHA256:...` of the SSH host key."""
    certificate: str | None = None
    """SHA-256 fingerprint of the TLS certificate, hexadecimal."""
    ssh_port: Port = 22
    https_port: Port | None = None
    """Port of the management web interface; the family's usual one when left out."""
    host_names: tuple[Words, ...] = ()
    """Names besides its address that a certificate of the device may be made out to."""
    snmp_port: Port = 161
    monitored: bool = True
    """On the list of monitored objects (A-27)."""
    log_server: bool = False
    log_name: str | None = None
    """Name under which its records are stored on the log server; its address when left out."""
    approved_ports: tuple[ApprovedPort, ...] = ()
    hardening_review: Document | Literal["none"] | None = None
    """Record of the review (D11.1-a); `none` when it was asked for and does not exist."""
    commissioning_record: Document | Literal["none"] | None = None
    """Record of putting it into use (D11.1-e); `none` when it was asked for and does not exist."""
    commissioned_version: str | None = None
    """Software version that the commissioning record names."""
    password_policy_since: Day | None = None
    """When the password policy was switched on, by the change record (D11.2-b)."""
    accounts_in_use: tuple[Words, ...] | None = None
    """All accounts that somebody or something uses; any other that is enabled is an unused one
    (D11.1-b). It is not judged where the list is left out."""
    shared_accounts: tuple[Words, ...] = ()
    """Accounts that several persons use (A-33); every other one is taken to have one holder."""


class AllowedService(Declared):
    """Traffic that is permitted to or from the conferencing segments."""

    id: Id
    purpose: str | None = None
    sources: tuple[str, ...] = Field(min_length=1)
    """Zone ids, device ids or prefixes."""
    destinations: tuple[str, ...] = Field(min_length=1)
    protocol: Literal["tcp", "udp", "icmp"]
    ports: tuple[str, ...] = ()
    """`5060` or `49152-65535`; empty only for icmp."""


class Allowlist(Declared):
    """The list of D10.1-d, -e, -g and -h. A dated document approves it."""

    approved: Document | None = None
    services: tuple[AllowedService, ...] = ()
    management: tuple[Prefix, ...] = ()
    """Addresses from which devices may be administered."""


class VantagePoint(Declared):
    """A place from which probes are sent: this host, or a host reached over SSH that has nmap."""

    id: Id
    zone: Id
    via: Literal["local", "ssh"] = "local"
    address: Address | None = None
    credential: Credential | None = None
    host_key: str | None = None
    ssh_port: Port = 22


class Meeting(Declared):
    """A meeting or trial run; blacks out probes around it (section 7 of the requirements).

    Times written without an offset are Asia/Ho_Chi_Minh.
    """

    title: str
    start: Moment
    end: Moment
    sites: tuple[Id, ...] = ()
    """Empty = all sites."""
    trial: bool = False


class Calendar(Declared):
    """What is known about meetings."""

    confirmed_by: str | None = None
    """Person who vouches that there is no meeting outside the list."""
    confirmed_until: Day | None = None
    """Last day for which the list is complete."""
    holidays: tuple[Day, ...] = ()
    """Days from Monday to Friday on which nobody works."""
    meetings: tuple[Meeting, ...] = ()


class PastCheck(Declared):
    """A whole-system check done before, or by others, with its document (D12.2-a)."""

    ended: Day
    document: Document


Attestable = Literal[
    "D10.2-b", "D10.2-c", "D10.2-d", "D10.2a-a", "D10.2b-a", "D10.2c-a", "D10.2c-b",
    "D12.1-a", "D12.1-b", "D12.1-c", "D12.1-d", "D12.3-c",
]  # fmt: skip
"""Requirements of which a part lies with the carrier, or that a document alone can prove."""


WHOLE_SYSTEM = "system"
"""As the subject of an attestation: every site."""


class Attestation(Declared):
    """A document that vouches for a requirement (evidence class D); it never outranks a FAIL."""

    requirement: Attestable
    subject: Id
    """The site it speaks of; `system` for all sites, and for what concerns the whole system."""
    issuer: Words
    number: Words
    issued: Day
    signer: Words
    """Position of the person who signed."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of the file that is kept."""
    entered_by: Words
    """Who entered it here."""
    valid_to: Day | None = None
    """Last day it vouches for the present; 12 months after its issue when left out."""
    committed_kbps: Annotated[int, Field(gt=0)] | None = None
    """The rate that the carrier commits to (D10.2-c), from the site in units of 1,000 bit/s."""
    committed_back_kbps: Annotated[int, Field(gt=0)] | None = None
    """The rate towards the site; the same as `committed_kbps` is not taken for granted."""
    standard: str | None = None
    """The technical standard that the acceptance record names (D10.2b-a)."""
    first_connected: Day | None = None
    """When the approved system was first connected to the province's (D10.2c-a)."""


class Waiver(Declared):
    """An approved exception: what fails stays "Không đạt" and is shown with it (CR-6)."""

    requirement: Annotated[str, StringConstraints(pattern=r"^D1[0-2]\.[1-9][a-c]?-[a-i]$")]
    subject: Words
    """What the finding is about: the id of a device, zone or site, `device/account`, or `system`.
    A device's id covers its accounts."""
    number: Words
    issued: Day
    approver: Words
    """Position of the person who approved it."""
    reason: Words
    expires: Day
    """Last day on which it holds."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of the file that is kept."""


class OwnEntry(Declared):
    """One demand of a baseline on one fact; `hnth rules baselines` shows those shipped."""

    id: Id
    """The id of an entry of the extended baseline replaces it; another one adds to it."""
    fact: str
    """Name of the fact, as `hnth facts` prints it."""
    operator: str
    """`is`, `is_not`, `at_least`, `within`, `only`, `not_empty`, `tls_at_least`, ..."""
    value: str | tuple[str, ...] | None = None
    """What the operator compares with; left out where it needs none."""
    title: str
    """What is demanded, as the reports say it."""
    mandatory: bool = True
    """False: advice."""
    kinds: tuple[Literal["mcu", "vcs"], ...] = ()
    """Empty = both."""
    unless_off: str | None = None
    """A fact such as `service.snmp.enabled`: when it is off, the entry is met."""


class OwnBaseline(Declared):
    """The hardened configuration that the organisation adopted (D11.1-b)."""

    name: str
    version: str
    families: tuple[str, ...] = ()
    """Families it is adopted for, as in `platform`; empty = every family."""
    extends: Literal["common", "family"] | None = None
    """What it builds on: the common baseline, or the one shipped for its family. Left out: it
    stands alone."""
    leave_out: tuple[str, ...] = ()
    """Ids of entries of the extended baseline that are not adopted."""
    entries: tuple[OwnEntry, ...] = ()


class Inventory(Declared):
    """Everything declared, as one immutable value."""

    organisation: Organisation
    approval: Approval | None = None
    sites: tuple[Site, ...] = Field(min_length=1)
    zones: tuple[Zone, ...] = ()
    devices: tuple[Device, ...] = Field(min_length=1)
    allowlist: Allowlist = Allowlist()
    vantage_points: tuple[VantagePoint, ...] = ()
    calendar: Calendar = Calendar()
    past_checks: tuple[PastCheck, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    catalogue: str | None = None
    """Path of the firmware catalogue, relative to the inventory file."""
    baselines: tuple[OwnBaseline, ...] = ()
    """The organisation's own baselines, before those that come with the program."""
    scan: ScanSettings = ScanSettings()
    readings: Readings = Readings()

    def device(self, device_id: str) -> Device:
        return next(d for d in self.devices if d.id == device_id)

    def site(self, site_id: str) -> Site:
        return next(s for s in self.sites if s.id == site_id)

    def zone_of(self, address: Address) -> Zone | None:
        """The zone with the longest prefix that holds the address, or None."""
        return next(iter(zones_by_prefix(self).longest(address)), None)


zones_by_prefix: Remembered[Inventory, Prefixes[Zone]] = Remembered(
    lambda inventory: Prefixes((p, zone) for zone in inventory.zones for p in zone.prefixes)
)
