"""Cisco, TANDBERG and Codian MCU 4200, 4500, 5300, MSE 8000, and Cisco TelePresence Server.

Read from saved files: `/system.xml`, and the answers of the XML-RPC interface (`POST /RPC2`) to
`device.query`, `services.query`, `conference.enumerate` and `participant.enumerate`.

Asked live over HTTPS (`cisco_mcu_live`): the same calls, participants first, and `/system.xml`.

Seen: `/system.xml` of an emulated TelePresence Server 8710. The answers of `services.query` were
composed from the vendor's reference for API 2.8, those of the other calls from public clients.

Told: maker, model, serial number, software, services, calls. Services are those of all network
ports and both IP versions: one that is on anywhere is on. Not in the interface as far as it is
documented publicly: password rules, session timeout, log servers, accounts, time servers, telnet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inventory.text import Text
from rules.facts import DefaultAccount, Fact, Known, Unknown
from scanner import products
from scanner.evidence import Document
from scanner.platforms.cisco_mcu_answers import NEVER_LISTED, calls_in, service_facts
from scanner.platforms.cisco_mcu_live import ALLOWED, collect
from scanner.platforms.cisco_mcu_remedies import REMEDIES
from scanner.platforms.model import Absent, Platform, Reading
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign
from scanner.platforms.xml_elements import Elements, elements
from scanner.platforms.xml_rpc import Value, answer

NAME = "cisco-mcu"
VENDOR = "Cisco"

NOT_IN_THE_INTERFACE = (
    *("service.ssh.enabled", "service.telnet.enabled", "management.allowlist"),
    *("management.idle_timeout_s", "management.lockout_attempts", "password_policy.min_length"),
    *("password_policy.history", "password_policy.max_age_days", "accounts", "call.encryption"),
    *("snmp.versions", "snmp.default_community", "syslog.targets", "ntp.servers"),
    "tls.min_version",
)
"""What the documented interface does not tell."""

_TELLS_NO_FACT = frozenset({"gatekeeperUsage", "configuredRegistrar", "cpuLoad"})
"""Members by which `gatekeeper.query`, `sip.query` and `device.health.query` are known: which
gatekeeper, which registrar and how busy the device is are no facts."""

_MAKER = re.compile(r"(?i)(?:cisco|tandberg|codian)[\w ,.-]{0,40}")
_MODEL = re.compile(r"(?i)[\w ./()+-]{0,60}(?:mcu|telepresence|mse ?8)[\w ./()+-]{0,60}")
_SERIAL = re.compile(r"[\w-]{4,40}")


# --- reading ---------------------------------------------------------------------------------


def read(documents: Sequence[Document]) -> Reading:
    """Facts of saved files, told apart by their content.

    A fact on which two documents disagree is Unknown.
    """
    reading = combined(documents, _told)
    if "identity.family" not in reading.facts:
        return reading
    absent = {name: Unknown(_NOT_TOLD) for name in NOT_IN_THE_INTERFACE}
    absent["service.telnet.enabled"] = Unknown(_NOT_TOLD, in_no_file=True)
    return replace(reading, facts={**absent, **reading.facts})


def _told(document: Document) -> Told:
    if not document.text[:2000].lstrip("\ufeff \t\r\n").startswith("<"):
        return Told(whole=bool(document.text.strip()), why_unread=_OTHER)
    read = elements(document)
    if any(element.path[0].name == "system" for element in read.found):
        return _system(document, read)
    given = answer(document)
    if given.value is None:
        why = f"the call was refused: {given.fault}" if given.fault else given.error
        is_html = re.match(r"(?is)\W*(?:doctype )?html", document.text[:200])
        return Told(whole=bool(given.fault or is_html), why_unread=why)
    told = Told(_queried(document, given.value))
    told.facts |= service_facts(document, given.value)
    told.calls = calls_in(document, given.value)
    if not told.facts and not told.calls and _TELLS_NO_FACT.isdisjoint(given.value.members):
        told.why_unread = _OTHER
    return told


def _system(document: Document, read: Elements) -> Told:
    """`/system.xml`: one element for each value. What was closed before a break is read."""
    found: dict[str, list[tuple[str, int]]] = {}
    for element in read.found:
        if len(element.path) == 2 and element.is_leaf:
            name = element.path[-1].name
            found.setdefault(name, []).append((element.text, element.line))
    # a name that is given twice with different values says nothing
    values = {name: several[0] for name, several in found.items() if len(set(several)) == 1}
    told = Told(whole=not read.error, why_unread=read.error)
    told.facts = _identity(document, values)
    if not told.facts:
        told.why_unread = told.why_unread or _OTHER
    return told


def _queried(document: Document, value: Value) -> dict[str, Fact[Any]]:
    """The answer to `device.query`."""
    values = {
        name: (member.text, member.line)
        for name, member in value.members.items()
        if member.kind in {"string", "int"}
    }
    return _identity(document, values) if "softwareVersion" in values else {}


def _identity(document: Document, values: dict[str, tuple[str, int]]) -> dict[str, Fact[Any]]:
    """{} unless the model, and the maker where one is named, are of this family: the same makers'
    gateways and recorders have the same file.
    """
    maker, model = values.get("manufacturer"), values.get("model")
    if model is None or not _MODEL.fullmatch(model[0]):
        return {}
    if maker is not None and not _MAKER.fullmatch(maker[0]):
        return {}
    proof = maker or model
    facts: dict[str, Fact[Any]] = {
        "identity.vendor": Known(VENDOR, (document.cite(proof[1]),)),
        "identity.family": Known(NAME, (document.cite(proof[1]),)),
    }
    for name, key, wanted in (
        ("identity.model", "model", _MODEL),
        ("identity.serial", "serial", _SERIAL),
        ("software.version", "softwareVersion", _VERSION),
    ):
        if values.get(key, ("", 0))[0]:
            text, line = values[key]
            understood = wanted.fullmatch(text) is not None
            citations = (document.cite(line),)
            facts[name] = Known(text, citations) if understood else _not_understood(key, citations)
    return facts


def _not_understood(key: str, citations: tuple[Any, ...]) -> Unknown:
    return Unknown(_NOT_UNDERSTOOD.format(key=key), citations)


# --- versions and ports ----------------------------------------------------------------------

_VERSION = re.compile(
    r"(?P<number>\d{1,4}(?:\.\d{1,4}){1,4})"
    r"(?:[ _]?\\?\((?P<build>\d{1,6}(?:\.\d{1,6}){0,3})\\?\))?"
)


version_key = products.version_key("cisco-mcu", least=2)
"""`4.3(2.18)`: the numbers, then those in brackets. `4.3_\\(2.18\\)` is the same."""

_OTHER = "not an answer of this product that is read here"
_NOT_TOLD = Text(
    vi="giao diện được công bố của thiết bị không cho biết thiết lập này; hãy xem trên trang quản "
    "trị và xác nhận bằng văn bản",
    en="the documented interface of the device does not tell this setting; look it up in its web "
    "pages and attest it",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của `{key}`",
    en="the value of `{key}` is not understood",
)

SIGNS = (
    Sign(
        ("greeting",),
        r"\bWelcome to the (?:Cisco )?TelePresence (?:HD )?(?P<model>(?:MCU|Server) "
        r"(?:MSE )?\d{4}), version (?P<version>\S+)",
        "FTP greeting of MCUs and TelePresence Servers; gateways greet alike and are others",
    ),
    Sign(
        ("snmp-description",),
        r"\bCisco TelePresence (?P<model>(?:HD )?MCU (?:MSE )?\d{4}|Server (?:MSE )?\d{4})",
        "sysDescr",
    ),
    Sign(
        ("html-title",),
        r"^Cisco TelePresence MCU\b.* - Home page$",
        "title of the web interface",
    ),
    Sign(
        ("favicon-md5",),
        r"^a2e9caf81f500f73fc18dc9a049f9f68$",
        "icon of the web interface",
        asked="GET /favicon.ico",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Cisco MCU / TelePresence Server",
    vendor=VENDOR,
    kinds=frozenset({"mcu"}),
    allowed=ALLOWED,
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        *(HTTPS, H323, GATEKEEPER),
        *(SIP, SIP_UDP),
    ),
    management_ports={"https": 443},
    default_accounts=(DefaultAccount("admin", ("web",), "blank"),),
    signs=SIGNS,
    without=(
        Absent(
            services=NEVER_LISTED,
            title="Cisco TelePresence MCU API 2.9 reference p. 112, names of services.query",
            source="manualsbrain.com/en/manuals/1621586",
            shown_by=("service.http.enabled", "service.ftp.enabled", "service.snmp.enabled"),
        ),
    ),
    version_form=r"\d+\.\d+\(\d+\.\d+\)",
    remedies=REMEDIES,
)
