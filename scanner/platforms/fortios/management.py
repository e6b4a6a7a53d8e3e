"""How a FortiGate is managed: administrators, services, password policy, time, logs, SNMP.

`show` leaves out what stands as delivered, `show full-configuration` writes everything. A setting
that is not there is Unknown, with the documented default in the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Prefix
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.fortios.network import BROKEN, is_damaged
from scanner.platforms.fortios.text import Configuration, Entry, Section, Setting

BY = Text(
    vi="tài liệu tham chiếu lệnh FortiOS của Fortinet",
    en="Fortinet's FortiOS CLI Reference",
)
CONTRADICTED = Text(
    vi="thiết lập `{key}` có hai giá trị khác nhau trong cùng một tệp",
    en="the setting `{key}` has two different values in the same file",
)
NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của `{key}`",
    en="the value of `{key}` is not understood",
)
_SERVICES = ("ssh", "telnet", "http", "https")
_POLICY = {
    "min_length": ("minimum-length", "8"),
    "digits": ("min-number", "0 / 1"),
    "lowercase": ("min-lower-case-letter", "0 / 1"),
    "uppercase": ("min-upper-case-letter", "0 / 1"),
    "special": ("min-non-alphanumeric", "0 / 1"),
}
_SYSLOG = tuple(f"log syslogd{n} setting" for n in ("", "2", "3", "4"))


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
        facts["ntp.servers"] = _time_servers(document, sections["system ntp"])
    facts |= _syslog(document, sections)
    facts |= _snmp(document, sections, facts)
    return facts


def _doubt(document: Document, key: str, setting: Setting) -> Unknown | None:
    """Why a setting is not taken at its word; None when it is."""
    if setting.contradicted:
        return Unknown(CONTRADICTED.format(key=key), (_cite(document, setting.line),))
    if setting.damaged:
        return Unknown(NOT_UNDERSTOOD.format(key=key), (_cite(document, setting.line),))
    return None


def _cite(document: Document, line: int, text: str | None = None) -> Citation:
    return document.cite(line, text)


def _number(document: Document, own: Entry, key: str, default: str, times: int = 1) -> Fact[int]:
    setting = own.settings.get(key)
    if setting is None:
        return not_shown(default, BY)
    doubt = _doubt(document, key, setting)
    if doubt is not None:
        return doubt
    if not re.fullmatch(r"[0-9]{1,6}", setting.word):
        return Unknown(NOT_UNDERSTOOD.format(key=key), (_cite(document, setting.line),))
    return Known(int(setting.word) * times, (_cite(document, setting.line),))


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
        said.append(_cite(document, setting.line))
        if entry.word("status") != "down":
            for name in shown.keys() & set(setting.values):
                shown[name].append(said[-1])
        ipv6 = entry.sections.get("ipv6")
        six = ipv6.own.settings.get("ip6-allowaccess") if ipv6 is not None else None
        for name in shown.keys() & set(six.values if six is not None else ()):
            shown[name].append(_cite(document, six.line if six is not None else entry.line))
    facts: dict[str, Fact[Any]] = {}
    for name in _SERVICES:
        off = own.own.settings.get(f"admin-{name}") if own is not None else None
        if off is not None and off.word == "disable" and not off.contradicted:
            facts[f"service.{name}.enabled"] = Known(False, (_cite(document, off.line),))
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
        unknown = Unknown(BROKEN, (_cite(document, section.line),))
        return {"accounts": unknown, "management.allowlist": unknown}
    entries = tuple(section.entries.values())
    cited = tuple(_cite(document, entry.line) for entry in entries)
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
            return Unknown(NOT_UNDERSTOOD.format(key="trusthost"), (_cite(document, entry.line),))
        lines = [s.line for key, s in entry.settings.items() if "trusthost" in key and s.values]
        cited += [_cite(document, line) for line in lines]
        named = [host for host in hosts if host.prefixlen > 0]
        if not hosts:
            return not_shown(_ANYWHERE, BY)
        if not named:
            return Known((), tuple(cited))
        if not any(host.version == 6 for host in named) and _has_ipv6(found):
            return Unknown(_OVER_IPV6, (_cite(document, entry.line),))
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
    doubt = _doubt(document, "status", status)
    if doubt is not None or status.word not in {"enable", "disable"}:
        unknown = doubt or Unknown(
            NOT_UNDERSTOOD.format(key="status"), (_cite(document, status.line),)
        )
        return dict.fromkeys(names, unknown)
    if status.word == "disable":
        return dict.fromkeys(names, Known(0, (_cite(document, status.line),)))
    applied = own.settings.get("apply-to")
    if applied is not None and "admin-password" not in applied.values:
        return dict.fromkeys(names, Known(0, (_cite(document, applied.line),)))
    facts: dict[str, Fact[Any]] = {
        f"password_policy.{name}": _with(document, status, _number(document, own, key, default))
        for name, (key, default) in _POLICY.items()
    }
    facts["password_policy.max_age_days"] = _max_age(document, own)
    return facts


def _with(document: Document, status: Setting, fact: Fact[int]) -> Fact[int]:
    """The fact, proved also by the line that switches the policy on."""
    if isinstance(fact, Known):
        return Known(fact.value, (_cite(document, status.line), *fact.citations))
    return fact


def _max_age(document: Document, own: Entry) -> Fact[int]:
    expires = own.settings.get("expire-status")
    if expires is None:
        return not_shown("disable", BY)
    doubt = _doubt(document, "expire-status", expires)
    if doubt is not None:
        return doubt
    if expires.word == "disable":
        return Known(0, (_cite(document, expires.line),))
    return _number(document, own, "expire-day", "90")


# --- time, logs, SNMP ------------------------------------------------------------------------


def _time_servers(document: Document, section: Section) -> Fact[tuple[str, ...]]:
    own = section.own
    on, kind = own.settings.get("ntpsync"), own.settings.get("type")
    for key, setting, default in (("ntpsync", on, "disable"), ("type", kind, "fortiguard")):
        doubt = _doubt(document, key, setting) if setting is not None else not_shown(default, BY)
        if doubt is not None:
            return doubt
        if key == "ntpsync" and setting is not None and setting.word == "disable":
            return Known((), (_cite(document, setting.line),))
    if kind is None or on is None or kind.word != "custom":
        return Unknown(_FORTIGUARD, (_cite(document, kind.line if kind else section.line),))
    return _listed(document, section, on)


def _listed(document: Document, section: Section, on: Setting) -> Fact[tuple[str, ...]]:
    """The servers of `config ntpserver`."""
    own = section.own
    listed = own.sections.get("ntpserver")
    servers = [entry.settings.get("server") for entry in own.entries("ntpserver")]
    named = [one for one in servers if one is not None and one.word and not one.contradicted]
    if listed is None or not listed.whole or not section.whole or len(named) < len(servers):
        return Unknown(BROKEN, (_cite(document, section.line),))
    cited = (_cite(document, on.line), *(_cite(document, one.line) for one in named))
    return Known(tuple(printable(one.word) for one in named), cited)


def _syslog(document: Document, sections: Mapping[str, Section]) -> dict[str, Fact[Any]]:
    """The servers that are switched on. None is a statement only when all four say so."""
    targets: list[SyslogTarget] = []
    cited: list[Citation] = []
    off = 0
    for path in _SYSLOG:
        section = sections.get(path)
        status = section.own.settings.get("status") if section is not None else None
        if section is None or status is None:
            continue
        doubt = _doubt(document, "status", status)
        server = section.own.settings.get("server")
        if doubt is None and server is not None:
            doubt = _doubt(document, "server", server)
        if doubt is not None:
            return {"syslog.targets": doubt}
        cited.append(_cite(document, status.line))
        if status.word == "disable":
            off += 1
        elif status.word != "enable" or server is None or not server.word or not section.whole:
            return {"syslog.targets": Unknown(BROKEN, (_cite(document, section.line),))}
        else:
            targets.append(_target(section.own, server.word))
            cited.append(_cite(document, server.line))
    if targets or off == len(_SYSLOG):
        return {"syslog.targets": Known(tuple(targets), tuple(cited))}
    return {}


def _target(own: Entry, server: str) -> SyslogTarget:
    port, mode = own.word("port"), own.word("mode")
    protocol = {"udp": "udp", "reliable": "tcp", "legacy-reliable": "tcp"}.get(mode)
    if protocol == "tcp" and own.word("enc-algorithm") in {"high", "high-medium", "low"}:
        protocol = "tls"
    number = int(port) if re.fullmatch(r"[0-9]{1,5}", port) and int(port) <= 65535 else None
    return SyslogTarget(printable(server), number, protocol)


def _snmp(
    document: Document, sections: Mapping[str, Section], known: Mapping[str, Fact[Any]]
) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    agent = sections.get("system snmp sysinfo")
    status = agent.own.settings.get("status") if agent is not None else None
    allowed = known.get("service.snmp.enabled")
    if status is not None:
        doubt = _doubt(document, "status", status)
        if doubt is not None:
            facts["service.snmp.enabled"] = doubt
        elif status.word == "disable":
            facts["service.snmp.enabled"] = Known(False, (_cite(document, status.line),))
        elif isinstance(allowed, Known):
            cited = (_cite(document, status.line), *allowed.citations)
            facts["service.snmp.enabled"] = Known(allowed.value, cited)
    elif isinstance(allowed, Known) and allowed.value:
        facts["service.snmp.enabled"] = not_shown("disable", BY)
    communities = sections.get("system snmp community")
    if communities is not None:
        facts |= _communities(document, communities, sections.get("system snmp user"))
    return facts


def _communities(
    document: Document, section: Section, users: Section | None
) -> dict[str, Fact[Any]]:
    """Which versions answer, and whether one of the names is a default."""
    if not section.whole or is_damaged(section):
        broken = Unknown(BROKEN, (_cite(document, section.line),))
        return {"snmp.versions": broken, "snmp.default_community": broken}
    on = [e for e in section.entries.values() if e.word("status") != "disable"]
    cited = [_cite(document, section.line), *(_name_line(document, entry) for entry in on)]
    names = {entry.word("name") for entry in on}
    facts: dict[str, Fact[Any]] = {}
    if all(names):
        usual = bool(names & {"public", "private"})
        facts["snmp.default_community"] = Known(usual, tuple(cited))
    versions: set[str] = set()
    for entry in on:
        for key, version in (("query-v1-status", "1"), ("query-v2c-status", "2c")):
            said = entry.word(key)
            if said not in {"enable", "disable"}:
                facts["snmp.versions"] = not_shown("enable", BY)
                return facts
            cited.append(_cite(document, entry.settings[key].line))
            versions |= {version} if said == "enable" else set()
    if users is not None and users.whole:
        named = [e for e in users.entries.values() if e.word("status") != "disable"]
        versions |= {"3"} if named else set()
        cited += [_cite(document, entry.line) for entry in named]
        facts["snmp.versions"] = Known(tuple(sorted(versions)), tuple(cited))
    elif versions:
        facts["snmp.versions"] = Known(tuple(sorted(versions)), tuple(cited))
    return facts


def _name_line(document: Document, entry: Entry) -> Citation:
    """The line with the name of a community; a name that is no default is a secret."""
    setting = entry.settings.get("name")
    if setting is None:
        return _cite(document, entry.line)
    shown = None if setting.word in {"public", "private"} else "set name <redacted>"
    return _cite(document, setting.line, shown)


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
_FORTIGUARD = Text(
    vi="thiết bị lấy giờ từ máy chủ FortiGuard; cấu hình không nêu tên các máy chủ này",
    en="the device takes its time from FortiGuard, whose servers the configuration does not name",
)
