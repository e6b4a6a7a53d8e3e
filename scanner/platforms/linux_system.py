"""Time, forwarding and SNMP of a Linux host."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_sections import Host, Section
from scanner.platforms.linux_words import SNMPD, SNMPD_ACCESS
from scanner.platforms.several_documents import DISAGREE


def system_facts(host: Host) -> dict[str, Fact[Any]]:
    """`ntp.synchronised`, `routing.forwards`, `snmp.*`, `tls.min_version`, where files tell."""
    facts: dict[str, Fact[Any]] = {}
    synchronised = _synchronised(host)
    if synchronised is not None:
        facts["ntp.synchronised"] = synchronised
    if host.of("sysctl"):
        facts["routing.forwards"] = _forwards(host)
    if host.of("snmp"):
        facts |= _snmp(host)
    return facts


# --- time ------------------------------------------------------------------------------------

_BY_SYSTEMD = re.compile(
    r"(?:(?:System clock synchronized|NTP synchronized):[ \t]*|NTPSynchronized=)(yes|no)"
)
_BY_CHRONY = re.compile(r"Leap status[ \t]*:[ \t]*(.+)")
_CHRONY_SAYS = {
    "normal": True,
    "insert second": True,
    "delete second": True,
    "not synchronised": False,
}


def _synchronised(host: Host) -> Fact[bool] | None:
    told: list[Known[bool]] = []
    for section in host.of("timedatectl") + host.of("chronyc"):
        for number, line in section.active:
            systemd = _BY_SYSTEMD.fullmatch(line)
            chrony = _BY_CHRONY.fullmatch(line)
            if systemd:
                told.append(Known(systemd[1] == "yes", (section.cite(number),)))
            elif chrony and (says := _CHRONY_SAYS.get(chrony[1].strip().lower())) is not None:
                told.append(Known(says, (section.cite(number),)))
    return _agreed(told)


def _agreed(told: Sequence[Known[Any]]) -> Fact[Any] | None:
    """What all say; None where nobody says anything."""
    citations = tuple(dict.fromkeys(c for fact in told for c in fact.citations))
    values = {fact.value for fact in told}
    if len(values) > 1:
        return Unknown(DISAGREE, citations)
    return Known(told[0].value, citations) if told else None


# --- forwarding ------------------------------------------------------------------------------

_IPV4 = frozenset({"net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"})
_IPV6 = frozenset({"net.ipv6.conf.all.forwarding"})
_SETTING = re.compile(r"-?([\w./]+)[ \t]*=[ \t]*(\d{1,9})")
_NO_IPV6 = re.compile(r"sysctl: cannot stat \S*ipv6\S*: No such file or directory")


def _forwards(host: Host) -> Fact[bool]:
    """Packets of others are routed, over IPv4 or IPv6."""
    either = [
        _forwards_over(host, _IPV4),
        _forwards_over(host, _IPV6),
    ]
    forwarding = next((f for f in either if isinstance(f, Known) and f.value), None)
    unknown = next((f for f in either if isinstance(f, Unknown)), None)
    if forwarding is not None or unknown is not None:
        return forwarding or unknown or Unknown(DISAGREE)
    return Known(False, tuple(c for f in either if isinstance(f, Known) for c in f.citations))


def _forwards_over(host: Host, names: frozenset[str]) -> Fact[bool]:
    told: list[Known[bool]] = []
    for section in host.of("sysctl"):
        last: dict[str, Known[bool]] = {}
        for number, line in section.active:
            match = _SETTING.fullmatch(line)
            if match and (name := match[1].replace("/", ".")) in names:
                last[name] = Known(match[2] != "0", (section.cite(number),))
            elif names is _IPV6 and _NO_IPV6.fullmatch(line):
                last["absent"] = Known(False, (section.cite(number),))
        told += last.values()
    fact = _agreed(told)
    manual = Text(vi="tài liệu ip-sysctl của nhân Linux", en="the kernel's ip-sysctl document")
    return fact if fact is not None else not_shown(f"{min(names)} 0", manual)


# --- SNMP ------------------------------------------------------------------------------------

_COMMUNITY = re.compile(r"r[ow]community6?[ \t]+(\S+).*", re.IGNORECASE)
_COM2SEC = re.compile(r"com2sec6?(?:[ \t]+-Cn[ \t]+\S+)?[ \t]+\S+[ \t]+\S+[ \t]+(\S+).*", re.I)
_GROUP = re.compile(r"group[ \t]+\S+[ \t]+(v1|v2c|usm|any)[ \t]+\S+.*", re.IGNORECASE)
_USER = re.compile(r"(?:r[ow]user|createuser)[ \t]+\S+.*", re.IGNORECASE)
_INCLUDE = re.compile(r"(includedir|includefile)[ \t]+(\S+)", re.IGNORECASE)
_LOOPBACK = re.compile(
    r"(?:udp6?:|tcp6?:)?(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?|unix:/\S+"
)
_BY_MODEL = {"v1": {"1"}, "v2c": {"2c"}, "usm": {"3"}, "any": {"1", "2c", "3"}}
_DEFAULTS = frozenset({"public", "private"})


class _Snmpd:
    """What the agent's files give access to."""

    def __init__(self) -> None:
        self.versions: dict[str, Citation] = {}
        self.communities: list[tuple[str, Citation]] = []
        self.mapped: dict[str, Citation] = {}
        self.has_com2sec: Citation | None = None
        self.only_itself: Citation | None = None
        """Where it says to answer on no address but those of the host itself."""
        self.unread: list[Citation] = []
        """Included files that were not handed in."""
        self.doubts: list[Citation] = []
        """Lines that are not understood, and files that break off."""

    def take(self, line: str, citation: Citation, host: Host) -> None:
        words = re.split(r"\W+", line.lower())
        if sum(word in SNMPD_ACCESS for word in words) > 1:
            self.doubts.append(citation)  # a line end was lost
        elif match := _COMMUNITY.fullmatch(line):
            self.communities.append((match[1].strip('"'), citation))
            self.allow({"1", "2c"}, citation)
        elif match := _COM2SEC.fullmatch(line):
            self.communities.append((match[1].strip('"'), citation))
            self.has_com2sec = citation
        elif match := _GROUP.fullmatch(line):
            for version in _BY_MODEL[match[1].lower()]:
                self.mapped.setdefault(version, citation)
        elif _USER.fullmatch(line):
            self.allow({"3"}, citation)
        elif match := _INCLUDE.fullmatch(line):
            inside = match[2].rstrip("/")
            pattern = f"{inside}/*.conf" if match[1].lower() == "includedir" else inside
            found = [s for s in host.of("snmp") if s.path.startswith(inside)]
            if not found and pattern not in host.absent:
                self.unread.append(citation)
        elif words[0] not in SNMPD - SNMPD_ACCESS or SNMPD_ACCESS & set(words):
            self.doubts.append(citation)
        elif words[0] == "agentaddress":
            places = re.split(r"[\s,]+", line)[1:]
            own = bool(places) and all(_LOOPBACK.fullmatch(place) for place in places)
            self.only_itself = citation if own else None

    def allow(self, versions: set[str], citation: Citation) -> None:
        for version in sorted(versions):
            self.versions.setdefault(version, citation)

    def close(self) -> None:
        """A community of com2sec is used by the security models that groups name."""
        if self.has_com2sec is not None:
            for version in self.mapped or ("1", "2c"):
                self.allow({version}, self.mapped.get(version, self.has_com2sec))


def _snmp(host: Host) -> dict[str, Fact[Any]]:
    found = _Snmpd()
    for section in host.of("snmp"):
        for number, line in section.active:
            found.take(line, section.cite(number), host)
        if not section.whole:
            found.doubts.append(section.cite())
    found.close()
    if found.only_itself is not None and not found.doubts:
        reason = Unknown(NOT_HEARD, (found.only_itself,))
        return {"snmp.versions": reason, "snmp.default_community": reason}
    return {
        "snmp.versions": _versions(found, host.of("snmp")),
        "snmp.default_community": _default_community(found),
    }


def _versions(found: _Snmpd, files: Sequence[Section]) -> Fact[tuple[str, ...]]:
    order = tuple(v for v in ("1", "2c", "3") if v in found.versions)
    citations = tuple(dict.fromkeys(found.versions[v] for v in order))
    if found.doubts:
        return Unknown(_DOUBTS, tuple(found.doubts[:3]))
    if found.unread and not {"1", "2c"} & set(order):
        return Unknown(_INCLUDES, tuple(found.unread))
    if not order:
        return Known((), (files[0].cite(files[0].first_line),))
    return Known(order, citations)


def _default_community(found: _Snmpd) -> Fact[bool]:
    weak = next((c for name, c in found.communities if name in _DEFAULTS), None)
    if weak is not None:
        return Known(True, (weak,))
    if found.doubts:
        return Unknown(_DOUBTS, tuple(found.doubts[:3]))
    if found.unread:
        return Unknown(_INCLUDES, tuple(found.unread))
    cited = [citation for _, citation in found.communities] or list(found.versions.values())
    if not cited:
        return not_shown("rocommunity: none", Text(vi="snmpd.conf(5)", en="snmpd.conf(5)"))
    return Known(False, tuple(dict.fromkeys(cited)))


NOT_HEARD = Text(
    vi="tác tử SNMP chỉ trả lời chính máy này nên các thiết lập truy cập "
    "không có hiệu lực qua mạng",
    en="the SNMP agent answers the host itself only, so what it gives access to is not open to the "
    "network",
)
_DOUBTS = Text(
    vi="snmpd.conf có dòng không hiểu được hoặc không đọc được trọn vẹn",
    en="snmpd.conf has lines that are not understood, or was not read whole",
)
_INCLUDES = Text(
    vi="snmpd.conf gồm các tệp khác chưa được đọc",
    en="snmpd.conf includes files that were not read",
)
