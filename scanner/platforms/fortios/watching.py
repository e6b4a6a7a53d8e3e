"""Where a FortiGate takes its time from, sends its records to, and who may watch it over SNMP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, SyslogTarget, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.fortios.doubts import BY, doubt_of
from scanner.platforms.fortios.network import BROKEN, is_damaged
from scanner.platforms.fortios.tree import Entry, Section, Setting

_SYSLOG = tuple(f"log syslogd{n} setting" for n in ("", "2", "3", "4"))


def time_servers(document: Document, section: Section) -> Fact[tuple[str, ...]]:
    own = section.own
    on, kind = own.settings.get("ntpsync"), own.settings.get("type")
    for key, setting, default in (("ntpsync", on, "disable"), ("type", kind, "fortiguard")):
        doubt = doubt_of(document, key, setting) if setting is not None else not_shown(default, BY)
        if doubt is not None:
            return doubt
        if key == "ntpsync" and setting is not None and setting.word == "disable":
            return Known((), (document.cite(setting.line),))
    if kind is None or on is None or kind.word != "custom":
        return Unknown(_FORTIGUARD, (document.cite(kind.line if kind else section.line),))
    return _listed(document, section, on)


def _listed(document: Document, section: Section, on: Setting) -> Fact[tuple[str, ...]]:
    """The servers of `config ntpserver`."""
    own = section.own
    listed = own.sections.get("ntpserver")
    servers = [entry.settings.get("server") for entry in own.entries("ntpserver")]
    named = [one for one in servers if one is not None and one.word and not one.contradicted]
    if listed is None or not listed.whole or not section.whole or len(named) < len(servers):
        return Unknown(BROKEN, (document.cite(section.line),))
    cited = (document.cite(on.line), *(document.cite(one.line) for one in named))
    return Known(tuple(printable(one.word) for one in named), cited)


def syslog(document: Document, sections: Mapping[str, Section]) -> dict[str, Fact[Any]]:
    """The servers that are switched on. None is a statement only when all four say so."""
    targets: list[SyslogTarget] = []
    cited: list[Citation] = []
    off = 0
    for path in _SYSLOG:
        section = sections.get(path)
        status = section.own.settings.get("status") if section is not None else None
        if section is None or status is None:
            continue
        doubt = doubt_of(document, "status", status)
        server = section.own.settings.get("server")
        if doubt is None and server is not None:
            doubt = doubt_of(document, "server", server)
        if doubt is not None:
            return {"syslog.targets": doubt}
        cited.append(document.cite(status.line))
        if status.word == "disable":
            off += 1
        elif status.word != "enable" or server is None or not server.word or not section.whole:
            return {"syslog.targets": Unknown(BROKEN, (document.cite(section.line),))}
        else:
            targets.append(_target(section.own, server.word))
            cited.append(document.cite(server.line))
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


def snmp(
    document: Document, sections: Mapping[str, Section], known: Mapping[str, Fact[Any]]
) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    agent = sections.get("system snmp sysinfo")
    status = agent.own.settings.get("status") if agent is not None else None
    allowed = known.get("service.snmp.enabled")
    if status is not None:
        doubt = doubt_of(document, "status", status)
        if doubt is not None:
            facts["service.snmp.enabled"] = doubt
        elif status.word == "disable":
            facts["service.snmp.enabled"] = Known(False, (document.cite(status.line),))
        elif isinstance(allowed, Known):
            cited = (document.cite(status.line), *allowed.citations)
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
        broken = Unknown(BROKEN, (document.cite(section.line),))
        return {"snmp.versions": broken, "snmp.default_community": broken}
    on = [e for e in section.entries.values() if e.word("status") != "disable"]
    cited = [document.cite(section.line), *(_name_line(document, entry) for entry in on)]
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
            cited.append(document.cite(entry.settings[key].line))
            versions |= {version} if said == "enable" else set()
    if users is not None and users.whole:
        named = [e for e in users.entries.values() if e.word("status") != "disable"]
        versions |= {"3"} if named else set()
        cited += [document.cite(entry.line) for entry in named]
        facts["snmp.versions"] = Known(tuple(sorted(versions)), tuple(cited))
    elif versions:
        facts["snmp.versions"] = Known(tuple(sorted(versions)), tuple(cited))
    return facts


def _name_line(document: Document, entry: Entry) -> Citation:
    """The line with the name of a community; a name that is no default is a secret."""
    setting = entry.settings.get("name")
    if setting is None:
        return document.cite(entry.line)
    shown = None if setting.word in {"public", "private"} else "set name <redacted>"
    return document.cite(setting.line, shown)


_FORTIGUARD = Text(
    vi="thiết bị lấy giờ từ máy chủ FortiGuard; cấu hình không nêu tên các máy chủ này",
    en="the device takes its time from FortiGuard, whose servers the configuration does not name",
)
