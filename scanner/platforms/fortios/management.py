"""How a FortiGate is managed: administrators, services, password policy, time, logs, SNMP.

`show` leaves out what stands as delivered, `show full-configuration` writes everything. A setting
that is not there is Unknown, with the documented default in the reason.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, Unknown
from rules.network_facts import Prefix
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.fortios.doubts import BY, NOT_UNDERSTOOD, doubt_of
from scanner.platforms.fortios.network import BROKEN, is_damaged
from scanner.platforms.fortios.tree import Configuration, Entry, Section, Setting
from scanner.platforms.fortios.watching import snmp, syslog, time_servers

_SERVICES = ("ssh", "telnet", "http", "https")
_POLICY = {
    "min_length": ("minimum-length", "8"),
    "digits": ("min-number", "0 / 1"),
    "lowercase": ("min-lower-case-letter", "0 / 1"),
    "uppercase": ("min-upper-case-letter", "0 / 1"),
    "special": ("min-non-alphanumeric", "0 / 1"),
}


def management_facts(document: Document, found: Configuration) -> dict[str, Fact[Any]]:
    """The management facts, as far as their sections are in the file."""
    facts: dict[str, Fact[Any]] = {}
    common = found.common
    sections = common.sections
    if "system global" in sections:
        own = sections["system global"].own
        facts["management.idle_timeout_s"] = _number(document, own, "admintimeout", "5 min", 60)
        facts["management.lockout_attempts"] = _number(
            document, own, "admin-lockout-threshold", "3"
        )
    if "system interface" in sections:
        facts |= _services(document, found)
    if "system admin" in sections:
        facts |= _administrators(document, found, sections["system admin"])
    if "system password-policy" in sections:
        facts |= _password_policy(document, sections["system password-policy"])
    if "system ntp" in sections:
        facts["ntp.servers"] = time_servers(document, sections["system ntp"])
    facts |= syslog(document, sections)
    facts |= snmp(document, sections, facts)
    return facts


def _number(document: Document, own: Entry, key: str, default: str, times: int = 1) -> Fact[int]:
    setting = own.settings.get(key)
    if setting is None:
        return not_shown(default, BY)
    doubt = doubt_of(document, key, setting)
    if doubt is not None:
        return doubt
    if not re.fullmatch(r"[0-9]{1,6}", setting.word):
        return Unknown(NOT_UNDERSTOOD.format(key=key), (document.cite(setting.line),))
    return Known(int(setting.word) * times, (document.cite(setting.line),))


# --- services --------------------------------------------------------------------------------


def _services(document: Document, found: Configuration) -> dict[str, Fact[Any]]:
    """A service is offered where an interface that is not down allows it."""
    section = found.common.sections["system interface"]
    own = found.common.sections.get("system global")
    shown: dict[str, list[Citation]] = {name: [] for name in (*_SERVICES, "snmp")}
    all_say, said = section.whole and bool(section.entries), []
    for entry in section.entries.values():
        setting = entry.settings.get("allowaccess")
        if setting is None or setting.contradicted or setting.damaged:
            all_say = False
            continue
        said.append(document.cite(setting.line))
        if entry.word("status") != "down":
            for name in shown.keys() & set(setting.values):
                shown[name].append(said[-1])
        ipv6 = entry.sections.get("ipv6")
        six = ipv6.own.settings.get("ip6-allowaccess") if ipv6 is not None else None
        for name in shown.keys() & set(six.values if six is not None else ()):
            shown[name].append(document.cite(six.line if six is not None else entry.line))
    facts: dict[str, Fact[Any]] = {}
    for name in _SERVICES:
        off = own.own.settings.get(f"admin-{name}") if own is not None else None
        if off is not None and off.word == "disable" and not off.contradicted:
            facts[f"service.{name}.enabled"] = Known(False, (document.cite(off.line),))
        elif shown[name]:
            facts[f"service.{name}.enabled"] = Known(True, tuple(shown[name]))
        elif all_say:
            facts[f"service.{name}.enabled"] = Known(False, tuple(said))
        else:
            facts[f"service.{name}.enabled"] = not_shown(_NO_ACCESS, BY)
    if all_say and not shown["snmp"]:
        facts["service.snmp.enabled"] = Known(False, tuple(said))
    elif shown["snmp"]:
        facts["service.snmp.enabled"] = Known(True, tuple(shown["snmp"]))
    return facts


# --- administrators --------------------------------------------------------------------------


def _administrators(
    document: Document, found: Configuration, section: Section
) -> dict[str, Fact[Any]]:
    if not section.whole or not section.entries or is_damaged(section):
        unknown = Unknown(BROKEN, (document.cite(section.line),))
        return {"accounts": unknown, "management.allowlist": unknown}
    entries = tuple(section.entries.values())
    cited = tuple(document.cite(entry.line) for entry in entries)
    accounts = tuple(_account(entry) for entry in entries)
    return {
        "accounts": Known(accounts, cited),
        "management.allowlist": _allowlist(document, found, entries),
    }


def _account(entry: Entry) -> DeviceAccount:
    role = entry.word("accprofile")
    return DeviceAccount(
        name=printable(entry.name),
        role=printable(role).lower() or None,
        administrator={"super_admin": True, "super_admin_readonly": False}.get(role),
        allowed_hosts=tuple(
            str(prefix) for prefix in _trusted(entry) or () if prefix.prefixlen > 0
        ),
        password_set=True if entry.words("password")[:1] == ("ENC",) else None,
    )


def _trusted(entry: Entry) -> tuple[Prefix, ...] | None:
    """The trusted hosts of an account; None when one of them is not understood."""
    found: list[Prefix] = []
    for key, setting in entry.settings.items():
        if not re.fullmatch(r"(?:ip6-)?trusthost[0-9]{1,2}", key) or not setting.values:
            continue
        try:
            prefix: Prefix = ip_network("/".join(setting.values))
        except ValueError:
            return None
        if setting.contradicted or setting.damaged:
            return None
        found.append(prefix)
    return tuple(found)


def _allowlist(
    document: Document, found: Configuration, entries: tuple[Entry, ...]
) -> Fact[tuple[Prefix, ...]]:
    """Trusted hosts of all accounts together; () when one of them may come from anywhere.

    The first entry of 0.0.0.0/0 opens an account to everybody only where no other host is named:
    places that are not used hold the same value.
    """
    allowed: dict[Prefix, None] = {}
    cited: list[Citation] = []
    for entry in entries:
        hosts = _trusted(entry)
        if hosts is None:
            return Unknown(NOT_UNDERSTOOD.format(key="trusthost"), (document.cite(entry.line),))
        lines = [s.line for key, s in entry.settings.items() if "trusthost" in key and s.values]
        cited += [document.cite(line) for line in lines]
        named = [host for host in hosts if host.prefixlen > 0]
        if not hosts:
            return not_shown(_ANYWHERE, BY)
        if not named:
            return Known((), tuple(cited))
        if not any(host.version == 6 for host in named) and _has_ipv6(found):
            return Unknown(_OVER_IPV6, (document.cite(entry.line),))
        allowed.update(dict.fromkeys(named))
    return Known(tuple(allowed), tuple(cited))


def _has_ipv6(found: Configuration) -> bool:
    """An interface lets administrators in over IPv6."""
    for entry in found.common.entries("system interface"):
        section = entry.sections.get("ipv6")
        if section is not None and set(section.own.words("ip6-allowaccess")) & set(_SERVICES):
            return True
    return False


# --- password policy -------------------------------------------------------------------------


def _password_policy(document: Document, section: Section) -> dict[str, Fact[Any]]:
    own = section.own
    status = own.settings.get("status")
    names = [f"password_policy.{name}" for name in (*_POLICY, "max_age_days")]
    if status is None:
        return dict.fromkeys(names, not_shown("disable", BY))
    doubt = doubt_of(document, "status", status)
    if doubt is not None or status.word not in {"enable", "disable"}:
        unknown = doubt or Unknown(
            NOT_UNDERSTOOD.format(key="status"), (document.cite(status.line),)
        )
        return dict.fromkeys(names, unknown)
    if status.word == "disable":
        return dict.fromkeys(names, Known(0, (document.cite(status.line),)))
    applied = own.settings.get("apply-to")
    if applied is not None and "admin-password" not in applied.values:
        return dict.fromkeys(names, Known(0, (document.cite(applied.line),)))
    facts: dict[str, Fact[Any]] = {
        f"password_policy.{name}": _with(document, status, _number(document, own, key, default))
        for name, (key, default) in _POLICY.items()
    }
    facts["password_policy.max_age_days"] = _max_age(document, own)
    return facts


def _with(document: Document, status: Setting, fact: Fact[int]) -> Fact[int]:
    """The fact, proved also by the line that switches the policy on."""
    if isinstance(fact, Known):
        return Known(fact.value, (document.cite(status.line), *fact.citations))
    return fact


def _max_age(document: Document, own: Entry) -> Fact[int]:
    expires = own.settings.get("expire-status")
    if expires is None:
        return not_shown("disable", BY)
    doubt = doubt_of(document, "expire-status", expires)
    if doubt is not None:
        return doubt
    if expires.word == "disable":
        return Known(0, (document.cite(expires.line),))
    return _number(document, own, "expire-day", "90")


_NO_ACCESS = Text(
    vi="không cho phép truy cập quản trị trên giao diện",
    en="no administrative access on an interface",
)
_ANYWHERE = Text(
    vi="0.0.0.0/0 (quản trị được từ mọi địa chỉ)",
    en="0.0.0.0/0 (administrators may come from anywhere)",
)
_OVER_IPV6 = Text(
    vi="tài khoản giới hạn địa chỉ IPv4, nhưng thiết bị còn cho quản trị qua IPv6",
    en="the account names IPv4 addresses only, and administrators may also come over IPv6",
)
