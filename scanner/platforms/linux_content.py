"""What a saved file of a Linux host is, told by what stands in it; its name only breaks ties."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from scanner.evidence import Document
from scanner.platforms.linux_words import (
    FAILLOCK,
    LOGIN_DEFS,
    LOGROTATE,
    NTP,
    PWHISTORY,
    PWQUALITY,
    SNMPD,
    SNMPD_ONLY,
    SSHD,
    SSHD_ONLY,
)

Kind: TypeAlias = Literal[
    "sshd", "sshd -T", "pam", "pwquality", "faillock", "pwhistory", "login.defs", "logind",
    "profile", "snmp", "chage", "passwd -S", "passwd", "group", "sysctl", "journald", "timesyncd",
    "timedatectl", "chronyc", "ntp", "rsyslog", "logrotate", "nft", "nft -j",
    "iptables", "ss", "os-release", "uname",
    "ip addr", "ip route", "ip neigh", "prosody",
]  # fmt: skip

LOOKED_AT = 400
"""So many lines that are not empty decide what a file is."""

_NUMBERS = r"-?\d{1,9}"
_PAM_LINE = re.compile(
    r"(?:-?(?:auth|account|password|session)[ \t]+(?:required|requisite|sufficient|optional|include"
    r"|substack|\[[^\]]*\])[ \t]+\S.*|@include[ \t]+\S+)"
)
_PASSWD_LINE = re.compile(r"[^\s:]{1,64}:[^\s:]*:\d{1,10}:\d{1,10}:[^:]*:[^:]*:[^:]*")
_GROUP_LINE = re.compile(r"[^\s:]{1,64}:[^\s:]*:\d{1,10}:[^\s:]*")
PASSWORD_STATUS = re.compile(
    r"(?P<name>[^\s:]{1,64})[ \t]+(?P<status>PS|P|LK|L|NP)[ \t]+"
    r"(?P<changed>\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|never)"
    rf"[ \t]+(?P<min>{_NUMBERS})[ \t]+(?P<max>{_NUMBERS})[ \t]+(?P<warn>{_NUMBERS})"
    rf"[ \t]+(?P<inactive>{_NUMBERS})(?:[ \t]+\(.*\))?"
)
_SYSCTL_LINE = re.compile(
    r"-?(?:net|kernel|fs|vm|dev|user|abi|sunrpc|debug|crypto)[./][\w.:/*@-]{1,200}[ \t]*=.*"
    r"|sysctl: .*"
)
_SOCKET_HEAD = re.compile(
    r"(?:Netid[ \t]+)?State[ \t]+Recv-Q[ \t]+Send-Q[ \t]+Local Address:Port[ \t]+"
    r"Peer Address:Port.*"
)
_SOCKET_LINE = re.compile(
    r"(?:tcp|udp)[ \t]+(?:LISTEN|UNCONN)[ \t]+\d+[ \t]+\d+[ \t]+\S+:\S+[ \t]+\S+.*"
)
UNAME = re.compile(
    r"(?:Linux[ \t]+\S{1,64}[ \t]+)?"
    r"(?P<release>\d{1,3}\.\d{1,4}(?:\.\d{1,6})?[A-Za-z0-9.+~_-]{0,80})"
    r"(?P<more>[ \t]+#\d.*)?",
    re.ASCII,
)
_DISTRIBUTED = re.compile(
    r"(?:amd64|x86_64|arm64|aarch64|armhf|i686|generic|lowlatency|cloud|pve|azure|aws|gcp|rpi)\b"
    r"|\.el\d|\.fc\d|-rt\d"
)
_TMOUT = re.compile(r"(?:^|[ \t;])TMOUT=")


def kind_of(document: Document) -> Kind | None:
    """What kind of file of a Linux host this is; None when it is none that is read."""
    head = document.text[:4096].lstrip("\ufeff \t\r\n")
    if head.startswith("{") and _NFT_JSON.match(head):
        return "nft -j"
    if not head or head[0] in "<{":
        return None
    lines = _first_lines(document)
    bracketed = _bracketed(head, lines)
    if bracketed or head.startswith("["):
        return bracketed
    name = document.source.lower()
    for kind, test in _TESTS:
        if test(lines, name):
            return kind
    return None


def _first_lines(document: Document) -> list[str]:
    found: list[str] = []
    for line in document.lines[:-1]:
        stripped = line.strip()
        if stripped and not stripped.startswith(("$ ", "# status ")):
            found.append(stripped)
        if len(found) >= LOOKED_AT:
            break
    return found


def _active(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line[0] not in "#;!"]


def _bracketed(head: str, lines: Sequence[str]) -> Kind | None:
    """`[Time]` of systemd, or the lists of `ip -j`."""
    sections: dict[str, Kind] = {
        "[Journal]": "journald",
        "[Time]": "timesyncd",
        "[Login]": "logind",
    }
    found = next((sections[line] for line in lines if line in sections), None)
    if found is not None:
        return found
    if not re.match(r"\[\s*\{", head):
        return None
    if '"ifname"' in head and '"addr_info"' in head:
        return "ip addr"
    if '"lladdr"' in head and '"dst"' in head:
        return "ip neigh"
    return "ip route" if '"dst"' in head and '"dev"' in head else None


def _commented_or_not(lines: Sequence[str]) -> list[str]:
    """First words of settings, also of those that are commented out as `#Word value`."""
    words = [re.match(r"#?([A-Za-z0-9_]+)(?:[ \t=]|$)", line) for line in lines]
    return [match[1].lower() for match in words if match]


def _sshd(lines: Sequence[str], name: str) -> bool:
    active = {line.split()[0].lower().rstrip("=") for line in _active(lines)}
    known = active & SSHD
    if len(known) * 2 < len(active):
        return False
    shown = set(_commented_or_not(lines)) & SSHD_ONLY
    return len(shown) >= (1 if "sshd" in name else 2)


def _sshd_computed(lines: Sequence[str], name: str) -> bool:
    """Nothing but words in small letters, as `sshd -T` prints them and few people write them."""
    words = [line.split()[0] for line in lines]
    return all(word.isalnum() and word == word.lower() for word in words) and _sshd(lines, name)


def _every(pattern: re.Pattern[str]) -> Callable[[Sequence[str], str], bool]:
    def test(lines: Sequence[str], name: str) -> bool:
        active = [line for line in lines if not line.startswith("#")]
        return bool(active) and all(map(pattern.fullmatch, active))

    return test


def _sysctl(lines: Sequence[str], name: str) -> bool:
    active = _active(lines)
    shown = [line for line in lines if _SYSCTL_LINE.fullmatch(line.lstrip("# "))]
    return len(shown) >= (1 if active else 2) and all(map(_SYSCTL_LINE.fullmatch, active))


def _pam(lines: Sequence[str], name: str) -> bool:
    active = [line for line in lines if not line.startswith("#")]
    fitting = sum(bool(_PAM_LINE.fullmatch(line)) for line in active)
    return fitting >= 1 and fitting * 2 > len(active) and "pam_" in " ".join([*active, name])


def _settings(known: frozenset[str], telling: frozenset[str], hint: str) -> Callable[..., bool]:
    def test(lines: Sequence[str], name: str) -> bool:
        active = {re.split(r"[ \t=]", line, maxsplit=1)[0] for line in _active(lines)}
        shown = {
            match[1]
            for line in lines
            if (match := re.match(r"#?[ \t]?([a-z_]+)(?:[ \t]*=|$)", line))
        }
        return active <= known and bool(shown & telling or (hint in name and active))

    return test


def _login_defs(lines: Sequence[str], name: str) -> bool:
    words = {line.split()[0] for line in _active(lines)}
    return len(words & LOGIN_DEFS) >= 2 or bool("login.defs" in name and words & LOGIN_DEFS)


def _words(known: frozenset[str], telling: frozenset[str]) -> Callable[..., bool]:
    def test(lines: Sequence[str], name: str) -> bool:
        words = {line.split()[0].lower() for line in _active(lines)}
        return bool(words & telling) and words <= known

    return test


def _ntp(lines: Sequence[str], name: str) -> bool:
    words = [line.split()[0] for line in _active(lines)]
    servers = {"server", "pool", "peer"} & set(words)
    own = set(words) - {"server", "pool", "peer", "interface", "local", "log", "enable", "disable"}
    named = bool(re.search(r"chrony|ntp", name))
    return bool(servers) and set(words) <= NTP and (named or len(own) >= 1)


def _logrotate(lines: Sequence[str], name: str) -> bool:
    text = [word for line in _active(lines) for word in line.replace("{", " { ").split()]
    known = set(text) & LOGROTATE
    opened = "{" in text and any(line.startswith(("/", '"/')) for line in lines)
    return len(known) >= 2 and (opened or "logrotate" in name)


_SELECTOR = re.compile(
    r"(?:\*|(?:auth|authpriv|cron|daemon|kern|lpr|mail|news|syslog|user|uucp|local[0-7])"
    r"(?:,[a-z0-7]+)*)\.[*a-z!=;.,0-9]+[ \t]+-?[/@:*~|].*"
)
_RSYSLOG = re.compile(
    r"\$(?:ModLoad|IncludeConfig|ActionFileDefaultTemplate|FileOwner|WorkDirectory)\b.*"
    r"|(?:module|input|include|global|template|action|ruleset)[ \t]*\(.*"
)


def _rsyslog(lines: Sequence[str], name: str) -> bool:
    active = [line for line in lines if not line.startswith("#")]
    if any(_SELECTOR.fullmatch(line) for line in active):
        return True
    return sum(bool(_RSYSLOG.match(line)) for line in active) >= (1 if "syslog" in name else 2)


def _nft(lines: Sequence[str], name: str) -> bool:
    opening = re.compile(r"table (?:(?:inet|ip|ip6|arp|bridge|netdev) )?[\w.-]+[ \t]*\{?")
    return any(opening.fullmatch(line) for line in lines) and any(
        line.startswith("chain ") for line in lines
    )


_COMMAND = re.compile(
    r"(?:add|insert) (?:table|chain|rule|set|map|element) "
    r"(?:(?:inet|ip6?|arp|bridge|netdev) )?\S+.*"
)
_NFT_JSON = re.compile(r"\{\s*\"nftables\"\s*:\s*\[")
_TABLE = re.compile(r"\*(?:filter|nat|mangle|raw|security)")
_CHAIN = re.compile(r":[\w.+-]{1,40} (?:ACCEPT|DROP|-|QUEUE)(?: \[\d+:\d+\])?")
_APPENDED = re.compile(r"(?:\[\d+:\d+\] )?-[AN] \S+.*")


def _iptables(lines: Sequence[str], name: str) -> bool:
    """A table with its chains: what iptables-save prints and iptables-restore takes."""
    shown = any(_CHAIN.fullmatch(line) for line in lines)
    added = any(_APPENDED.fullmatch(line) for line in lines)
    return any(_TABLE.fullmatch(line) for line in lines) and (shown or added)


def _nft_commands(lines: Sequence[str], name: str) -> bool:
    active = _active(lines)
    return sum(bool(_COMMAND.fullmatch(line)) for line in active) * 2 > len(active) > 1


def _sockets(lines: Sequence[str], name: str) -> bool:
    return any(_SOCKET_HEAD.fullmatch(line) for line in lines[:3]) or _every(_SOCKET_LINE)(
        lines, name
    )


def _uname(lines: Sequence[str], name: str) -> bool:
    match = UNAME.fullmatch(lines[0]) if len(lines) == 1 else None
    if match is None:
        return False
    return lines[0].startswith("Linux ") or bool(
        "uname" in name or _DISTRIBUTED.search(match["release"])
    )


def _os_release(lines: Sequence[str], name: str) -> bool:
    keys = {line.partition("=")[0] for line in lines if "=" in line}
    return "ID" in keys and bool(keys & {"PRETTY_NAME", "NAME"}) and len(keys) * 10 > len(lines) * 8


def _contains(*starts: str) -> Callable[[Sequence[str], str], bool]:
    def test(lines: Sequence[str], name: str) -> bool:
        return all(any(line.startswith(start) for line in lines) for start in starts)

    return test


def _profile(lines: Sequence[str], name: str) -> bool:
    return any(_TMOUT.search(line) and not line.startswith("#") for line in lines)


def _prosody(lines: Sequence[str], name: str) -> bool:
    return any(re.match(r'(?:VirtualHost|Component)[ \t]*\(?[ \t]*"', line) for line in lines)


def _timedatectl(lines: Sequence[str], name: str) -> bool:
    said = re.compile(
        r"(?:System clock synchronized|NTP synchronized):[ \t]*\w+|NTPSynchronized=\w+"
    )
    return any(said.fullmatch(line) for line in lines)


_TESTS: tuple[tuple[Kind, Callable[[Sequence[str], str], bool]], ...] = (
    ("sshd -T", _sshd_computed),
    ("sshd", _sshd),
    ("pam", _pam),
    ("chage", _contains("Last password change", "Maximum number of days between password change")),
    ("passwd -S", _every(PASSWORD_STATUS)),
    ("passwd", _every(_PASSWD_LINE)),
    ("group", _every(_GROUP_LINE)),
    ("os-release", _os_release),
    ("uname", _uname),
    ("sysctl", _sysctl),
    ("ss", _sockets),
    ("timedatectl", _timedatectl),
    ("chronyc", _contains("Reference ID", "Leap status")),
    ("nft", _nft),
    ("nft", _nft_commands),
    ("iptables", _iptables),
    (
        "pwquality",
        _settings(PWQUALITY, PWQUALITY - FAILLOCK - PWHISTORY, "pwquality"),
    ),
    (
        "faillock",
        _settings(FAILLOCK, frozenset({"deny", "fail_interval", "unlock_time"}), "faillock"),
    ),
    ("pwhistory", _settings(PWHISTORY, frozenset({"remember"}), "pwhistory")),
    ("login.defs", _login_defs),
    ("snmp", _words(SNMPD, SNMPD_ONLY)),
    ("ntp", _ntp),
    ("logrotate", _logrotate),
    ("rsyslog", _rsyslog),
    ("profile", _profile),
    ("prosody", _prosody),
)
