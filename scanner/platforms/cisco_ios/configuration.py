"""A running-config as lines and blocks, with a record of which lines were understood.

Whose file it is is told by several lines that only IOS and IOS-XE write, or by one of them where
the family was named; lines that only other systems with a similar language write (ASA, NX-OS,
IOS-XR, EOS, VRP) make it theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scanner.evidence import Document, printable
from scanner.platforms.netconfig.indented import Line, blocks

FAMILY = "cisco-ios"
SIGNS_NEEDED = 2
LINE_MAX = 10_000

_OURS = re.compile(
    r"^(?:"
    r"(?P<list>ip access-list (?:extended|standard) \S)"
    r"|(?P<numbered>access-list \d{1,4} (?:permit|deny|remark) )"
    r"|(?P<filter> {1,4}ip access-group \S+ (?:in|out)\b)"
    r"|(?P<list6>ipv6 access-list [^\s/]+[ \t]*$)"
    r"|(?P<filter6> {1,4}ipv6 traffic-filter \S+ (?:in|out)\b)"
    r"|(?P<group>object-group (?:network|service|v6-network|v6-service) \S)"
    r"|(?P<line>line (?:vty|con|console|aux) \d)"
    r"|(?P<boot>boot-(?:start|end)-marker)"
    r"|(?P<service>(?:no )?service (?:timestamps (?:log|debug)|password-encryption|pad\b|config\b"
    r"|tcp-keepalives))"
    r"|(?P<aaa>aaa new-model)"
    r"|(?P<http>(?:no )?ip http (?:secure-)?server)"
    r"|(?P<cef>(?:no )?ip (?:cef|classless|forward-protocol nd|source-route|subnet-zero)\b)"
    r"|(?P<ssh>ip ssh (?:version|time-out|authentication-retries) )"
    r"|(?P<secret>enable (?:secret|password) )"
    r"|(?P<user>username \S+ (?:privilege \d+ )?(?:secret|password) )"
    r"|(?P<vrf>vrf definition |ip vrf [^\s]+$)"
    r"|(?P<route>ip route (?:vrf \S+ )?\d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+ )"
    r"|(?P<router>router (?:ospf|bgp|eigrp|rip)\b)"
    r"|(?P<zone>zone security )|(?P<pair>zone-pair security )"
    r"|(?P<member> {1,4}zone-member security )|(?P<class>class-map type inspect )"
    r"|(?P<inspect>policy-map type inspect )"
    r"|(?P<qos>class-map (?:match-any |match-all )?\S+$|policy-map \S+$)"
    r"|(?P<port>interface (?:GigabitEthernet|FastEthernet|TenGigabitEthernet|Ethernet|Vlan"
    r"|Loopback|Serial|Tunnel|Port-channel|Dialer)\d[\d/.:]*(?:\r?\n [^\r\n]*){0,12}?\r?\n"
    r" {1,4}(?:no ip address|ip address (?:\d+\.\d+\.\d+\.\d+ 255\.|dhcp)|switchport |description "
    r"|ip access-group |(?:no )?shutdown\b|duplex |speed ))"
    r"|(?P<vtp>vtp (?:mode|domain) |spanning-tree (?:mode|extend|portfast)\b)"
    r"|(?P<snmp>snmp-server (?:community|host|group|enable|location|contact) )"
    r"|(?P<log>logging (?:host|buffered|trap|source-interface|console) )"
    r"|(?P<ntp>ntp (?:server|peer|source) )"
    r"|(?P<nat>ip nat (?:inside|outside) (?:source|destination) )"
    r"|(?P<banner>banner (?:motd|login|exec) )"
    r"|(?P<shown>Building configuration\.\.\.|Current configuration : \d+ bytes)"
    r"|(?P<image>! ?Image: Software:|!! Cisco IOS )"
    r")",
    re.MULTILINE,
)
_THEIRS = re.compile(
    r"^[ \t]*(?:(?:ASA|PIX|FWSM|NGFW) Version |: Saved|nameif \S|security-level \d"
    r"|access-group \S+ (?:in|out) interface |same-security-traffic |feature [a-z]|vrf context "
    r"|vdc \S+ id|!Command: |!!? ?IOS XR|RP/\d+/|route-policy \S|sysname "
    r"|! ?(?:device|boot system): ?\S+.{0,60}EOS|management api |daemon \w"
    r"|config (?:firewall|system) |set (?:system|security|deviceconfig) "
    r"|ip address \d+\.\d+\.\d+\.\d+/\d+\s*$)",
    re.MULTILINE,
)
BANNERS = ("banner",)
_OF_THE_WHOLE = ("hostname", "version", "service", "boot-start-marker")
_PREAMBLE = ("Building configuration", "Current configuration")


def is_ours(document: Document) -> bool:
    """Several lines are such as only this family writes, and none is another's."""
    return document.once(_is_ours)


def _is_ours(document: Document) -> bool:
    text = document.text.replace("\r\n", "\n")
    kinds: set[str] = set()
    needed = 1 if document.family == FAMILY else SIGNS_NEEDED
    for match in _OURS.finditer(text):
        kinds.add(str(match.lastgroup))
        if len(kinds) >= needed:
            return _THEIRS.search(text) is None
    return False


@dataclass
class Configuration:
    """The lines of one running-config. `used` and `unsure` grow while it is read."""

    document: Document
    top: list[Line]
    used: set[int] = field(default_factory=set)
    """Lines that were understood and say something."""
    unsure: dict[int, tuple[str, bool]] = field(default_factory=dict)
    """Lines that were looked at and not understood: why, and whether packets depend on them."""

    @property
    def is_cut(self) -> bool:
        """What `show running-config` printed is not there to its end, which is `end`."""
        begins = any(line.text.startswith(_PREAMBLE) for line in self.top[:5])
        return begins and not any(line.text == "end" for line in self.top[-5:])

    @cached_property
    def is_part(self) -> bool:
        """No line stands here with which a configuration begins: others may stand elsewhere."""
        return not any(True for word in _OF_THE_WHOLE for _ in self.starting(word))

    def use(self, line: Line) -> None:
        self.used.add(line.number)

    def use_all(self, line: Line) -> None:
        self.used.update(one.number for one in line.all())

    def doubt(self, line: Line, why: str, *, matters: bool) -> None:
        was = self.unsure.get(line.number)
        self.unsure[line.number] = (why, matters or (was is not None and was[1]))

    def starting(self, *words: str) -> Iterator[Line]:
        """The lines at the left margin that begin with these words."""
        for line in self._by_word.get(words[0], ()):
            if len(words) == 1 or line.words[: len(words)] == list(words):
                yield line

    @cached_property
    def _by_word(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.top:
            found.setdefault(line.text.split(None, 1)[0], []).append(line)
        return found

    def last(self, *words: str) -> tuple[bool, Line] | None:
        """Whether a switch is on: its last line, with or without `no` before it.

        None when it is not there, or when the lines contradict each other.
        """
        found = [(True, line) for line in self.starting(*words) if line.words == list(words)]
        off = ["no", *words]
        found += [(False, line) for line in self.starting(*off) if line.words == off]
        return found[0] if len({on for on, _ in found}) == 1 else None


def configuration(document: Document) -> Configuration:
    """The blocks of the document; banners left out.

    A last line without its line end may be half a line: it is noted, and not read.
    """
    lines = list(document.lines)
    half = lines[-1].strip()
    if half in {"", "end"} or half.startswith("!"):
        return Configuration(document, _blocks(lines))
    found = Configuration(document, _blocks(lines[:-1]))
    last = found.top[-1] if found.top else None
    of_the_box = half.startswith(_OF_THE_BOX) or (
        lines[-1][:1].isspace() and last is not None and last.text.startswith(_OF_THE_BOX)
    )
    why = "the file ends within this line"
    found.doubt(Line(len(lines), half, 0), why, matters=not of_the_box)
    return found


def _blocks(lines: Sequence[str]) -> list[Line]:
    """The blocks without characters that steer a terminal, which may end a banner."""
    top = blocks(lines, verbatim=BANNERS)
    for block in top:
        for line in block.all():
            if not line.text.isprintable():
                line.text = printable(line.text, LINE_MAX) or "?"
    return top


_OF_THE_BOX = ("line ", "ntp ", "snmp-server ", "banner ", "router ", "logging ", "username ")
"""Commands that say nothing about packets that go through."""

_SECRET = re.compile(r"\b(?:password|secret|key|key-string|community)\b(?=\s)")


def harmless(text: str) -> str:
    """The text up to a word behind which a secret may stand."""
    found = _SECRET.search(text)
    return printable(text if found is None else text[: found.end()])


def shown(line: Line) -> str:
    """The line for a report."""
    return harmless(line.text)
