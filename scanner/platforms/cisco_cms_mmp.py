"""What the command line (MMP) of a Meeting Server tells of rules, services and surroundings.

`cisco_cms` says what was seen on real servers and what was not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Interface, ip_address
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Interface
from scanner.evidence import Document
from scanner.platforms.cisco_cms_lines import (
    NOTHING,
    Answers,
    missing,
    not_understood,
    refused,
    truth,
    whole_lines,
)
from scanner.platforms.cisco_cms_users import accounts, allowlist
from scanner.platforms.documented_default import not_shown
from scanner.platforms.model import Reading

DEFAULT_COMMUNITIES = frozenset({"public", "private"})

RULES = {
    "password_policy.min_length": "min_length",
    "password_policy.digits": "min_digits",
    "password_policy.lowercase": "min_lowercase",
    "password_policy.uppercase": "min_uppercase",
    "password_policy.special": "min_special",
    "password_policy.history": "max_history",
    "password_policy.max_age_days": "password_age",
    "management.lockout_attempts": "max_failed_logins",
}


_VENDOR = Text(vi="tài liệu của hãng về tài khoản MMP", en="the vendor's notes on MMP accounts")


def read(documents: Sequence[Document]) -> Reading:
    answers = Answers(documents)
    known = accounts(answers)
    facts: dict[str, Fact[Any]] = {
        "accounts": known,
        "management.allowlist": allowlist(answers, known),
        **{name: _rule(answers, rule) for name, rule in RULES.items()},
        "password_policy.max_age_days": _password_age(answers),
        "management.idle_timeout_s": _rule(answers, "max_idle", scale=60),
        **_services(answers),
        **_snmp(answers),
        "tls.min_version": _tls(answers),
        "ntp.servers": _ntp_servers(answers),
        "ntp.synchronised": _ntp_synchronised(answers),
        "syslog.targets": _syslog(answers),
        "interfaces": _interfaces(answers),
    }
    return Reading(facts, tuple(answers.unread))


def _password_age(answers: Answers) -> Fact[int]:
    """A server that lists its users and tells no rule is one whose default is documented."""
    age = _rule(answers, "password_age")
    shown = "password_age" in answers.fields("user rule")
    listed = answers.by_command.get("user list")
    if shown or listed is None or refused(listed):
        return age
    return not_shown(Text(vi="6 tháng", en="6 months"), _VENDOR)


def _rule(answers: Answers, rule: str, scale: int = 1) -> Fact[int]:
    """A figure of `user rule`; a rule that the server reports as not set asks for nothing: 0."""
    field = answers.fields("user rule").get(rule)
    if field is None:
        return missing("user rule")
    if field.value.lower() in NOTHING - {"", "-", "any"}:
        return Known(0, (field.cite(),))
    match = re.fullmatch(r"([0-9]{1,6})(?: ?(?:days|minutes|characters))?", field.value.lower())
    if match is None:
        return not_understood(field)
    return Known(int(match[1]) * scale, (field.cite(),))


# --- services and surroundings -------------------------------------------------------------------


def _services(answers: Answers) -> dict[str, Fact[Any]]:
    webadmin = answers.fields("webadmin")
    facts: dict[str, Fact[Any]] = {
        "service.https.enabled": truth(webadmin.get("enabled"), "webadmin"),
        "service.http.enabled": truth(webadmin.get("http-redirect"), "webadmin"),
        "service.sip.enabled": _sip(answers),
        "service.h323.enabled": truth(
            answers.fields("h323_gateway").get("enabled"), "h323_gateway"
        ),
    }
    # an answer that came over the command line proves that it is open
    users = answers.by_command.get("user list")
    if users is not None and users.evidence_class == "C" and not refused(users):
        facts["service.ssh.enabled"] = Known(True, (users.cite(1),))
    return facts


def _sip(answers: Answers) -> Fact[bool]:
    """The call bridge takes SIP calls when it is enabled or listens on an interface."""
    fields = answers.fields("callbridge")
    enabled = fields.get("enabled")
    if enabled is not None:
        return truth(enabled, "callbridge")
    listening = fields.get("listening-interfaces")
    if listening is None:
        return missing("callbridge")
    return Known(listening.value.lower() not in NOTHING, (listening.cite(),))


def _snmp(answers: Answers) -> dict[str, Fact[Any]]:
    fields = answers.fields("snmp")
    enabled = truth(fields.get("enabled"), "snmp")
    facts: dict[str, Fact[Any]] = {"service.snmp.enabled": enabled}
    if isinstance(enabled, Unknown):
        return facts
    if not enabled.value:
        facts["snmp.versions"] = Known((), enabled.citations)
        facts["snmp.default_community"] = Known(False, enabled.citations)
        return facts
    version = fields.get("version")
    if version is not None:
        numbers = tuple(re.findall(r"(?<![0-9a-z])(?:v)?(1|2c|3)(?![0-9a-z])", version.value))
        known = Known(numbers, (version.cite(),))
        facts["snmp.versions"] = known if numbers else not_understood(version)
    community = fields.get("community")
    if community is not None:
        is_default = community.value.lower() in DEFAULT_COMMUNITIES
        facts["snmp.default_community"] = Known(is_default, (community.cite(),))
    return facts


def _tls(answers: Answers) -> Fact[str]:
    field = answers.fields("tls webadmin").get("min-tls-version")
    if field is None:
        return missing("tls webadmin")
    match = re.fullmatch(r"(?:TLSv)?(1\.[0-3])", field.value)
    return Known(f"TLSv{match[1]}", (field.cite(),)) if match else not_understood(field)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _ntp_servers(answers: Answers) -> Fact[tuple[str, ...]]:
    """One host per line; anything else on a line makes the list unknown."""
    document = answers.by_command.get("ntp server list")
    if document is None or refused(document) or document.lines[-1]:
        return missing("ntp server list")
    servers: list[str] = []
    citations: list[Citation] = []
    for number, line in enumerate(document.lines, 1):
        text = line.strip()
        if not text or re.fullmatch(r"(?i)(ntp )?servers?:?", text) or "> " in text:
            continue
        if text.lower() in NOTHING:
            citations.append(document.cite(number))
        elif re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{1,253}", text) or _is_address(text):
            servers.append(text)
            citations.append(document.cite(number))
        else:
            return missing("ntp server list")
    if not citations:
        return missing("ntp server list")
    return Known(tuple(dict.fromkeys(servers)), tuple(citations))


def _ntp_synchronised(answers: Answers) -> Fact[bool]:
    """The table of ntpq: a `*` marks the peer that sets the clock."""
    document = answers.by_command.get("ntp status")
    if document is None or refused(document):
        return missing("ntp status")
    lines = whole_lines(document)
    header = next(
        (n for n, line in enumerate(lines, 1) if {"remote", "refid"} <= set(line.split())), None
    )
    if header is None:
        return missing("ntp status")
    for number, line in enumerate(lines[header:], header + 1):
        if line.startswith("*"):
            return Known(True, (document.cite(number),))
    peers = [line for line in lines[header:] if line.strip(" =")]
    if document.lines[-1] or not peers:
        return missing("ntp status")
    return Known(False, (document.cite(header),))


_SYSLOG_SERVER = re.compile(
    r"(?:\s+|\s*[Ss]ervers?\s*:\s*)(?:(?P<protocol>tls|tcp|udp):)?"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?)(?:(?::|\s+)(?P<port>\d{1,5}))?\s*"
)
"""As the command that adds one takes it: `tls:syslog.example.org 514`."""


def _syslog(answers: Answers) -> Fact[tuple[SyslogTarget, ...]]:
    fields = answers.fields("syslog")
    enabled = truth(fields.get("enabled"), "syslog")
    if isinstance(enabled, Unknown):
        return enabled
    if not enabled.value:
        return Known((), enabled.citations)
    document = answers.by_command["syslog"]
    if document.lines[-1]:
        return missing("syslog")
    targets: list[SyslogTarget] = []
    citations = list(enabled.citations)
    for number, line in enumerate(document.lines, 1):
        match = _SYSLOG_SERVER.fullmatch(line)
        if match:
            port = int(match["port"]) if match["port"] else None
            targets.append(SyslogTarget(match["host"], port, match["protocol"]))
            citations.append(document.cite(number))
        elif targets and line.startswith((" ", "\t")):
            return missing("syslog")  # a server that is not understood
    return Known(tuple(dict.fromkeys(targets)), tuple(citations)) if targets else missing("syslog")


def _interfaces(answers: Answers) -> Fact[tuple[Interface, ...]]:
    """The addresses that are in use, below `Addresses:`."""
    document = answers.by_command.get("ipv4 a")
    if document is None or refused(document):
        return missing("ipv4 a")
    lines = whole_lines(document)
    start = next((n for n, line in enumerate(lines, 1) if line.strip() == "Addresses:"), None)
    addresses: list[IPv4Interface] = []
    citations: list[Citation] = []
    for number, line in enumerate(lines[start:] if start else (), (start or 0) + 1):
        try:
            if "/" not in line:
                break
            addresses.append(IPv4Interface(line.strip()))
        except ValueError:
            break
        citations.append(document.cite(number))
    if not addresses:
        return missing("ipv4 a")
    return Known((Interface("a", tuple(addresses)),), tuple(citations))
