"""Lines of an ASA's configuration that got damaged: half a last line, two commands in one line.

Whoever loses a line end loses the command behind it: what it was about is left open.
"""

from __future__ import annotations

import re

from scanner.platforms.cisco_asa.configuration import COMMENTS, Configuration, ends_within_a_line
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.second_commands import (
    BEHIND,
    HALF_A_LINE,
    TWO_COMMANDS,
    second_commands,
)

ADMISSION = ("management.allowlist", "management.idle_timeout_s")
PORTS = ("interfaces", "vlans")
ABOUT = {
    "console": ("management.idle_timeout_s",),
    "http": ADMISSION,
    "interface": PORTS,
    "ipv6": ("routes",),
    "logging": ("syslog.targets",),
    "name": ("management.allowlist", "routes", "syslog.targets"),
    "ntp": ("ntp.servers",),
    "route": ("routes",),
    "snmp-server": ("snmp.versions", "snmp.default_community"),
    "ssh": ADMISSION,
    "telnet": ADMISSION,
    "username": ("accounts",),
}
"""First word of a command -> the facts that are told by it."""
_QUAD = r"\d{1,3}(?:\.\d{1,3}){3}"
_SECOND = re.compile(
    rf"{BEHIND}(?:"
    r" ?(?P<interface>interface (?:\w*Ethernet|Management|Port-channel|Redundant|BVI|Vlan)\d[\d/.]*"
    rf"|nameif \S+|security-level \d+|ip address {_QUAD} {_QUAD}(?: standby {_QUAD})?)"
    rf"|(?P<route>route \S+ {_QUAD} {_QUAD} \S+(?: \d+)?)"
    r"|(?P<username>username \S+ (?:password|nopassword|privilege|attributes)\b[^\n]*)"
    r"|(?P<ntp>ntp server \S+(?: \w+)*)"
    r"|(?P<logging>logging (?:enable|host \S+ \S+(?: \S+)?|trap \S+))"
    rf"|(?P<ssh>(?:ssh|telnet|http) (?:{_QUAD} {_QUAD} \S+|server enable|server idle-timeout \d+"
    r"|timeout \d+))"
    r"|(?P<console>console timeout \d+)"
    r"|(?P<snmp>snmp-server (?:host|community|enable) [^\n]+)"
    rf"|(?P<name>name {_QUAD} \S+)"
    r"|(?P<filter>access-list \S+ (?:extended|standard) (?:permit|deny) [^\n]+"
    r"|access-group \S+ (?:in interface \S+|out interface \S+|global)))[^\S\n]*$",
    re.M,
)
"""A command that stands behind something else, to the end of its line."""
_MAY_NAME_ANOTHER = ("no ", "default ", "clear ", "banner ", "vpdn ", "crypto ")
_OF_THE_BOX = frozenset(
    {"console", "hostname", "http", "logging", "mtu", "ntp", "pager", "password-policy", "route"}
    | {"snmp-server", "ssh", "telnet", "username"}
)
"""Commands that say nothing about packets that go through."""


def note_broken_lines(configuration: Configuration) -> None:
    """What two commands in one line, and half a last line, are about is left open."""
    document = configuration.document
    if ends_within_a_line(document.lines):
        last = document.lines[-1]
        number, text = len(document.lines), last.strip()
        matters = text.split()[0] not in _OF_THE_BOX
        configuration.doubt(Line(number, text, 0), HALF_A_LINE, matters=matters)
        configuration.left_open.note(number, _about(last))
    found = second_commands(
        document.text,
        document.lines,
        _SECOND,
        other=_MAY_NAME_ANOTHER,
        free=("description ",),
        comments=("!",),
    )
    for number, text, kind in found:
        configuration.doubt(Line(number, text.strip(), 0), TWO_COMMANDS)
        concerned = ABOUT.get(kind.replace("snmp", "snmp-server"), ())
        configuration.left_open.note(number, (*concerned, *_about(text)))


def _about(raw: str) -> tuple[str, ...]:
    """Facts that a line may tell; of half a first word, those of every command it may become."""
    if raw[:1].isspace():
        return PORTS
    words = raw.split()
    if not words or raw.startswith(COMMENTS):
        return ()
    return tuple(
        name
        for word, names in ABOUT.items()
        if word == words[0] or (len(words) == 1 and word.startswith(words[0]))
        for name in names
    )
