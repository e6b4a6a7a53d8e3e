"""Lines of a VRP configuration that got damaged: half a last line, two commands in one line.

Whoever loses a line end loses the command behind it: what it was about is left open.
"""

from __future__ import annotations

import re

from scanner.platforms.huawei_vrp.configuration import MARKS, Configuration, ends_within_a_line
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.second_commands import (
    HALF_A_LINE,
    TWO_COMMANDS,
    second_commands,
)

PORTS = ("interfaces", "vlans")
_ACCOUNTS = ("accounts",)
_LIMITS = ("management.idle_timeout_s", "management.allowlist")
ABOUT = {
    "aaa": (*_ACCOUNTS, "management.lockout_attempts"),
    "acl": ("management.allowlist", "qos.classes"),
    "classifier": ("qos.classes",),
    "idle-timeout": _LIMITS,
    "if-match": ("qos.classes",),
    "info-center": ("syslog.targets",),
    "interface": (*PORTS, "qos.classes"),
    "ip": ("routes", "vrfs", *PORTS),
    "ipv6": ("routes", *PORTS),
    "level": _ACCOUNTS,
    "local-user": _ACCOUNTS,
    "manager-user": _ACCOUNTS,
    "ntp": ("ntp.servers",),
    "ntp-service": ("ntp.servers",),
    "port": PORTS,
    "queue": ("qos.classes",),
    "rule": ("management.allowlist", "qos.classes"),
    "service-type": _ACCOUNTS,
    "snmp-agent": ("snmp.versions", "snmp.default_community"),
    "traffic": ("qos.classes",),
    "traffic-policy": ("qos.classes",),
    "user-interface": _LIMITS,
    "vlan": ("vlans",),
}
"""First word of a line -> the facts that are told by it."""
_QUAD = r"\d{1,3}(?:\.\d{1,3}){3}"
_SECOND = re.compile(
    r"(?<=[^\w \n-]) ?(?:"
    r"(?P<interface>interface (?:\w*Ethernet|Vlanif|Eth-Trunk|LoopBack|MEth|NULL|\d+GE)\d[\d/.]*)"
    rf"|(?P<ip>ip address {_QUAD} (?:{_QUAD}|\d+)(?: sub)?|ip binding vpn-instance \S+"
    rf"|ip vpn-instance \S+|ip route-static (?:vpn-instance \S+ )?{_QUAD} [^\n]+"
    r"|ip (?:address|service)-set \S+ type \w+(?: \d+)?)"
    r"|(?P<port>port default vlan \d+|dot1q termination vid \d+|shutdown)"
    r"|(?P<vlan>vlan batch [\d to]+)"
    r"|(?P<rule>rule \d+ (?:permit|deny)\b[^\n]*|rule name \S+)"
    r"|(?P<acl>acl (?:number |name |ipv6 )[^\n]{1,60}|acl \d+ inbound)"
    r"|(?P<traffic>traffic (?:classifier|behavior|policy) \S+(?: operator \w+)?|queue \w+ [^\n]+"
    r"|if-match [^\n]+|classifier \S+ behavior \S+[^\n]*"
    r"|traffic-(?:filter|policy) [^\n]*(?:in|out)bound[^\n]*)"
    r"|(?P<aaa>aaa|local-user \S+ \S+ [^\n]+|manager-user \S+"
    r"|local-aaa-user [^\n]+)"
    r"|(?P<zones>firewall zone \S+[^\n]*|add interface \S+|set priority \d+|security-policy"
    r"|default action \w+|(?:source|destination)-(?:zone|address) [^\n]+|action (?:permit|deny)"
    r"|address \d+ [^\n]+|service \d+ protocol [^\n]+|service-manage [^\n]+)"
    r"|(?P<logs>info-center loghost [^\n]+)"
    r"|(?P<clocks>ntp-service unicast-server [^\n]+)"
    r"|(?P<snmp>snmp-agent(?: [^\n]+)?)"
    r"|(?P<terminals>user-interface (?:vty|con) [\d ]+|idle-timeout \d+(?: \d+)?)"
    r"|(?P<switch>(?:undo )?(?:telnet|stelnet|http|ftp|http secure-)\s?server enable)"
    r")[^\S\n]*$",
    re.M,
)
"""Behind a mark only: many commands name an interface or a list behind a blank."""
_KINDS = {
    "logs": "info-center",
    "clocks": "ntp-service",
    "snmp": "snmp-agent",
    "terminals": "user-interface",
}
_SWITCHES = tuple(f"service.{name}.enabled" for name in ("ssh", "telnet", "http", "https", "ftp"))
_MARK_BEHIND = re.compile(r"(?:[^\w\s]|(?<=\S)\s)#\s*$")
"""The mark between two blocks in the line of a command; a cipher text may end so."""
_SWALLOWED = re.compile(
    r"#\W{0,2}(aaa|acl|firewall|interface|ip|nat|security-policy|snmp-agent|traffic|undo|user-interface"
    r"|vlan|info-center|ntp-service|stelnet|telnet|http)\b"
)
"""A command behind the mark between two blocks."""
_CIPHER = re.compile(r"cipher|%\^%#|%@%@|%\$%\$|password|community")
_OF_THE_BOX = frozenset({"info-center", "ntp-service", "snmp-agent", "sysname", "user-interface"})


def note_broken_lines(found: Configuration) -> None:
    """What two commands in one line, and half a last line, are about is left open."""
    lines = found.lines
    if ends_within_a_line(lines):
        text = lines[-1].strip()
        matters = text.split()[0] not in _OF_THE_BOX
        found.doubt(Line(len(lines), text, 0), HALF_A_LINE, matters=matters)
        found.left_open.note(len(lines), _about(lines[-1], is_half=True))
    several = second_commands(
        "\n".join(lines),
        lines,
        _SECOND,
        other=("rule name ", "header ", "default "),
        free=("description ", "undo ", "sysname "),
        comments=MARKS,
    )
    for number, text, kind in several:
        _two(found, number, text, kind)
    for number, text in enumerate(lines, start=1):
        swallowed = _SWALLOWED.match(text)
        if swallowed is not None:
            _two(found, number, text, swallowed[1])
        ends_with_mark = text[-1:] == "#" and text.strip("#! ") and _MARK_BEHIND.search(text)
        if ends_with_mark and not _CIPHER.search(text):
            _two(found, number, text, "")


def _two(found: Configuration, number: int, text: str, kind: str) -> None:
    found.doubt(Line(number, text.strip(), 0), TWO_COMMANDS)
    is_switch = kind in {"switch", "undo", "stelnet", "telnet", "http"}
    concerned = _SWITCHES if is_switch else ABOUT.get(_KINDS.get(kind, kind), ())
    found.left_open.note(number, (*concerned, *_about(text)))


def _about(raw: str, *, is_half: bool = False) -> tuple[str, ...]:
    """Facts that a line may tell; of half a first word, those of every command it may become."""
    words = raw.split()
    if not words or words[0].startswith(MARKS):
        return ()
    return tuple(
        name
        for word, names in ABOUT.items()
        if word == words[0] or (is_half and len(words) == 1 and word.startswith(words[0]))
        for name in names
    )
