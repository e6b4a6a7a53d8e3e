"""Polycom RMX 1500, 1800, 2000, 4000, RealPresence Collaboration Server.

Read from saved files only: the system flags (Setup > System Configuration) as lines, table or XML,
the greeting of the console of the RMX 500 and 1000C, and a saved SNMP walk for the number of active
conferences. No recording of a bridge was found; names, ranges and meanings are those of the
vendor's guides. A flag that is not in the file is Unknown, also where the guide states a default:
flags that were never added to the list are not shown by the device.

Live reading is missing: the XML interface for management is not documented well enough to ask it
without risk, and `Access` has no SNMP (1.3.6.1.4.1.13885.110.1.5.1.0, active conferences, would
have to be asked first).

`USER_LOCKOUT` locks after three failures in a row, by the guides of every release. The guides
contradict each other on what the lockout's WINDOW and DURATION mean, so neither is read. Strong
passwords (two of each class in Ultra Secure Mode) are not concluded from the mode: what is set is
not shown.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, NeededPort, Unknown
from rules.network_facts import UnreadLine
from scanner.collect.errors import CollectError
from scanner.evidence import Document
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.polycom_release import release_key
from scanner.platforms.polycom_rmx_flags import Flag, Flags, read_flags
from scanner.platforms.signs import Sign

NAME = "polycom-rmx"
VENDOR = "Polycom"

_NUMBERS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "password_policy.min_length": (("MIN_PASSWORD_LENGTH",), 20, 1),
    "password_policy.history": (("PASSWORD_HISTORY_SIZE",), 16, 1),
    "password_policy.max_age_days": (("PASSWORD_EXPIRATION_DAYS",), 90, 1),
    "management.idle_timeout_s": (
        # the guides of the first releases spell it without E
        ("SESSION_TIMEOUT_IN_MINUTES", "SESSION_TIMOUT_IN_MINUTES"),
        999,
        60,
    ),
}
"""Fact: flag, largest value the guides allow, factor. 0 means not enforced or never."""

_DEFAULTS = {
    "PASSWORD_EXPIRATION_DAYS": "0; ULTRA_SECURE_MODE=YES: 60",
    "PASSWORD_HISTORY_SIZE": "ULTRA_SECURE_MODE=YES: 10",
    "MIN_PASSWORD_LENGTH": "ULTRA_SECURE_MODE=YES: 15",
    "SESSION_TIMEOUT_IN_MINUTES": "ULTRA_SECURE_MODE=YES: 10",
    "USER_LOCKOUT": "NO; ULTRA_SECURE_MODE=YES: YES",
}
"""As the guides state them; for the reason only, never a value."""

_LOCKED_AFTER = 3
_CLASSES = ("digits", "lowercase", "uppercase", "special")
_ITS_OWN = (
    *("ULTRA_SECURE_MODE", "MIN_PWD_CHANGE_FREQUENCY_IN_DAYS", "PASSWORD_EXPIRATION_DAYS_MACHINE"),
    *("MAX_CONF_PASSWORD_REPEATED_DIGITS", "NUMERIC_CONF_PASS_MIN_LEN"),
)
"""Flags that no other product is known to have."""

_GREETING = re.compile(r"Polycom (RMX \d{3,4}[A-Z]?)\b.{0,40}Console Utility")
_CONFERENCES = re.compile(
    r"\.?(?:1\.3\.6\.1\.4\.1|iso\.3\.6\.1\.4\.1|SNMPv2-SMI::enterprises)\.13885\.110\.1\.5\.1\.0"
    r"(?:\s{0,3}=\s{0,3}(?:Gauge32|Counter32|INTEGER|Unsigned32):\s{0,3}|\|\d{1,3}\|)(\d{1,6})"
)


def collect(access: Access) -> Generator[Document, None, None]:
    """Nothing is asked: raises `CollectError`, which says what to hand in."""
    nothing: tuple[Document, ...] = ()
    yield from nothing
    raise CollectError(_HAND_IN)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of saved files, told apart by their content."""
    told: dict[str, list[Fact[Any]]] = {}
    unread: list[tuple[Document, UnreadLine]] = []
    for document in documents:
        flags = read_flags(document)
        unread += [(document, line) for line in flags.unread]
        for facts in (_flag_facts(flags), _line_facts(document)):
            for name, fact in facts.items():
                told.setdefault(name, []).append(fact)
    return Reading({name: _one(name, facts) for name, facts in told.items()}, tuple(unread))


def _one(name: str, facts: list[Fact[Any]]) -> Fact[Any]:
    known = [fact for fact in facts if isinstance(fact, Known)]
    if not known:
        return facts[0]
    if name == "call.active":
        return max(known, key=lambda fact: int(fact.value))
    citations = tuple(dict.fromkeys(cited for fact in known for cited in fact.citations))
    if all(fact.value == known[0].value for fact in known):
        return Known(known[0].value, citations)
    return Unknown(_DISAGREE, citations)


# --- flags -----------------------------------------------------------------------------------


def _flag_facts(flags: Flags) -> dict[str, Fact[Any]]:
    """{} for a document without a flag that is read here."""
    names = {name for keys, _, _ in _NUMBERS.values() for name in keys} | {"USER_LOCKOUT"}
    if not (flags.found.keys() | flags.contradicted) & (names | set(_ITS_OWN)):
        return {}
    facts: dict[str, Fact[Any]] = {
        fact: _number(flags, keys, most, factor) for fact, (keys, most, factor) in _NUMBERS.items()
    }
    facts["management.lockout_attempts"] = _lockout(flags)
    mode = flags.found.get("ULTRA_SECURE_MODE")
    shown = (mode.citation,) if mode else ()
    for kind in _CLASSES:
        facts[f"password_policy.{kind}"] = Unknown(_CLASSES_NOT_SHOWN, shown)
    own = next((flags.found[name] for name in _ITS_OWN if name in flags.found), None)
    if own is not None:
        facts["identity.vendor"] = Known(VENDOR, (own.citation,))
        facts["identity.family"] = Known(NAME, (own.citation,))
    return facts


def _number(flags: Flags, keys: tuple[str, ...], most: int, factor: int) -> Fact[int]:
    shown = [flags.found[key] for key in keys if key in flags.found]
    if len({flag.value for flag in shown}) != 1 or flags.contradicted & set(keys):
        return _missing(flags, keys[0])
    flag = shown[0]
    if not re.fullmatch(r"[0-9]{1,4}", flag.value) or int(flag.value) > most:
        return _not_understood(keys[0], flag)
    return Known(int(flag.value) * factor, (flag.citation,))


def _lockout(flags: Flags) -> Fact[int]:
    flag = flags.found.get("USER_LOCKOUT")
    if flag is None:
        return _missing(flags, "USER_LOCKOUT")
    attempts = {"YES": _LOCKED_AFTER, "NO": 0}.get(flag.value.upper())
    if attempts is None:
        return _not_understood("USER_LOCKOUT", flag)
    return Known(attempts, (flag.citation,))


def _missing(flags: Flags, key: str) -> Unknown:
    if key in flags.contradicted or key in flags.found:
        return Unknown(_CONTRADICTED.format(key=key))
    return Unknown(_ABSENT.format(key=key, default=_DEFAULTS.get(key, "-")))


def _not_understood(key: str, flag: Flag) -> Unknown:
    return Unknown(_NOT_UNDERSTOOD.format(key=key), (flag.citation,))


# --- other lines -----------------------------------------------------------------------------


def _line_facts(document: Document) -> dict[str, Fact[Any]]:
    """The console's greeting and the answer of an SNMP walk about active conferences."""
    facts: dict[str, Fact[Any]] = {}
    for number, line in enumerate(document.lines[:-1], start=1):
        if greeting := _GREETING.search(line[:400]):
            cited = (document.cite(number),)
            facts["identity.vendor"] = Known(VENDOR, cited)
            facts["identity.family"] = Known(NAME, cited)
            facts["identity.model"] = Known(greeting[1], cited)
        elif active := _CONFERENCES.fullmatch(line[:400].strip()):
            facts["call.active"] = Known(int(active[1]), (document.cite(number),))
    return facts


_HAND_IN = Text(
    vi="chưa đọc trực tiếp được dòng thiết bị này; hãy nộp tệp ghi các cờ hệ thống (Setup > System"
    " Configuration), mỗi dòng một cờ dạng TÊN = GIÁ TRỊ, khi không có cuộc họp",
    en="this family cannot be read live yet; hand in a file with its system flags (Setup > System"
    " Configuration), one NAME = VALUE line for each, saved while no conference is running",
)
_ABSENT = Text(
    vi="không có cờ hệ thống {key} trong tệp; mặc định theo tài liệu hãng ({default}) không phải là"
    " điều thiết bị cho thấy",
    en="the file has no system flag {key}; the default in the vendor's guide ({default}) is not"
    " shown by the device",
)
_CONTRADICTED = Text(
    vi="cờ hệ thống {key} được ghi nhiều lần với giá trị khác nhau",
    en="the system flag {key} is given more than once with different values",
)
_NOT_UNDERSTOOD = Text(
    vi="giá trị của cờ hệ thống {key} không nằm trong khoảng tài liệu hãng cho phép",
    en="the value of the system flag {key} is not one that the vendor's guide allows",
)
_CLASSES_NOT_SHOWN = Text(
    vi="không cờ hệ thống nào cho biết số ký tự bắt buộc của từng loại (xem ULTRA_SECURE_MODE)",
    en="no system flag shows how many characters of each class are required (see"
    " ULTRA_SECURE_MODE)",
)
_DISAGREE = Text(
    vi="các tài liệu của cùng một thiết bị cho giá trị khác nhau",
    en="the documents of the same device give different values",
)


def _port(protocol: str, first: int, last: int, vi: str, en: str) -> NeededPort:
    return NeededPort("tcp" if protocol == "tcp" else "udp", first, last, Text(vi=vi, en=en))


SIGNS = (
    Sign(
        ("greeting",),
        r"\bWelcome to Polycom (?P<model>RMX \d+\w?) .{0,20}Console Utility",
        "telnet console of the small bridges",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.13885\.110(?:\.|$)",
        "enterprise number of POLYCOM-MCU-MIB",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Polycom RMX, RealPresence Collaboration Server",
    vendor=VENDOR,
    kinds=frozenset({"mcu"}),
    allowed=(),
    collect=collect,
    read=read,
    version_key=release_key,
    needed_ports=(
        _port("tcp", 443, 443, "quản trị qua HTTPS", "management over HTTPS"),
        _port("tcp", 1720, 1720, "báo hiệu H.323", "H.323 signalling"),
        _port("udp", 1719, 1719, "gatekeeper H.323", "H.323 gatekeeper"),
        _port("tcp", 5060, 5061, "báo hiệu SIP", "SIP signalling"),
        _port("udp", 5060, 5060, "báo hiệu SIP", "SIP signalling"),
        _port("tcp", 49152, 65535, "báo hiệu, H.245", "signalling, H.245"),
        _port("udp", 49152, 65535, "hình ảnh, âm thanh", "media"),
    ),
    management_ports={"https": 443},
    signs=SIGNS,
    version_form=r"\d+(?:\.\d+)+",
)
