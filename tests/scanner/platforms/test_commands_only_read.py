"""No family sends what could change a device: every allowlist, one entry after the other."""

from __future__ import annotations

import re

import pytest

from scanner.platforms import all_platforms, find
from scanner.platforms import linux_commands as linux
from scanner.platforms.model import Platform

# By family, how everything that it may send begins. What only sets up the own session of the
# scanner (length of pages, login, logout) stands here with its whole words.
SENDS: dict[str, str] = {
    "cisco-asa": r"terminal pager 0|show (?:version|running-config|arp|route)",
    "cisco-ios": r"terminal \(\?:length 0\|width \\d\{1,3\}\)|show .*",
    "fortios": r"get (?:system (?:status|arp)|router info routing-table all)"
    r"|show full-configuration",
    "juniper-srx": r"show (?:version|configuration \| display set|arp no-resolve|route)"
    r" \| no-more",
    "paloalto": r"show .*",
    "huawei-vrp": r"screen-length 0 temporary|display .*",
    "mikrotik-routeros": r"(?:/user )?/?export|/ip (?:arp|route) print terse",
    "pfsense": r"cat /(?:conf/config\.xml|etc/version)",
    "cisco-roomos": r"xStatus .*|xConfiguration|xCommand UserManagement User List",
    "cisco-cms": r"user (?:list|rule|info .*)|(?:webadmin|callbridge|webbridge3|h323_gateway)"
    r"|ipv4 a|ntp (?:server list|status)|syslog|snmp|tls webadmin|GET .*",
    "cisco-expressway": r"GET .*",
    "cisco-mcu": r"POST /RPC2 [a-z.]+\.(?:query|enumerate)|GET .*",
    "huawei-te": r"GET .*|(?:POST|DELETE) /v1/login/.*|POST /action\\\.cgi\\\?ActionID=.*",
    "huawei-vp": r"SNMP GET .*",
    "lifesize": r"(?:status|get) .*",
    "pexip": r"GET .*",
    "poly-studio": r"GET .*|POST /rest/session",
    "poly-trio": r"GET .*",
    "polycom-group": r"GET .*|POST /rest/session",
    "polycom-hdx": r"GET .*|POST /a_apicommand\.cgi .*|POST /a_createdatfilecsv\.cgi",
    "polycom-rmx": r"SNMP GET .*",
}
SHOWS = r"(?:show|display|get|print|export|cat|xStatus|xConfiguration|(?:SNMP )?GET) [^;|>]*"
CHANGES = re.compile(
    r"\b(?:configure|conf t|set|unset|delete|erase|write|copy|commit|reload|reboot|reset"
    r"|add|remove|enable|disable|clear|debug|request|execute|system-view|undo|save|shutdown"
    r"|import|tftp|ftp|PUT|PATCH)\b"
)
NETWORK_DEVICES = (
    *("cisco-ios", "cisco-asa", "fortios", "juniper-srx", "paloalto", "huawei-vrp"),
    *("mikrotik-routeros", "pfsense", "linux"),
)
FAMILIES = [family for family in all_platforms() if family.name != "linux"]


def plain(pattern: str) -> str:
    """The allowlist's entry without the marks that `re.escape` puts in."""
    return re.sub(r"\\([^\w\s])|\\( )", lambda m: m[1] or m[2], pattern)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_sends_what_stands_in_its_row_only(family: Platform) -> None:
    """A family without a row may send what shows something by its first word."""
    permitted = re.compile(SENDS.get(family.name, SHOWS))
    odd = [
        one
        for one in family.allowed
        if not permitted.fullmatch(one) and not permitted.fullmatch(plain(one))
    ]
    assert odd == []


@pytest.mark.parametrize("name", NETWORK_DEVICES)
def test_the_configuration_of_network_devices_can_be_collected(name: str) -> None:
    assert find(name).allowed


@pytest.mark.parametrize("name", NETWORK_DEVICES[:-1])
def test_no_word_that_changes_stands_in_a_command_of_a_network_device(name: str) -> None:
    for one in find(name).allowed:
        text = plain(one).replace("| display set", "")
        assert not CHANGES.search(text), one


PROGRAMS = frozenset(
    {
        *("uname", "cat", "ip", "tc", "ss", "grep", "ls", "wc", "tail", "nft", "sshd", "passwd"),
        *("getent", "sysctl", "timedatectl", "chronyc", "iptables-save", "ip6tables-save"),
        *("iptables-legacy-save", "ip6tables-legacy-save", "find", "gzip", "sed", "sort", "uniq"),
        *("awk", "cut", "echo", "sudo", "set", "exit"),
    }
)
"""Programs of a Linux host that are started; those that could change something read here by their
arguments: the next table."""
ARGUMENTS = {
    "nft": r"nft list ruleset",
    "sshd": r"sshd -T",
    "passwd": r"passwd -S -a",
    "sysctl": r"sysctl(?: net\.ipv[46]\.[a-z_.]+)+",
    "timedatectl": r"timedatectl show",
    "chronyc": r"chronyc -n tracking",
    "ip": r"ip -[jo](?: -d)? (?:addr|neigh|rule|link|route show table all)",
    "tc": r'tc "\$what" show dev "\$i"',
    "gzip": r"gzip -cdfq",
    "find": r'find "\$folder" -maxdepth 1 -type f -name "\$kind\.log\*" -exec gzip -cdfq \{\} \+',
}
_WORDS_OF_THE_SHELL = re.compile(r"^(?:\{|do\b|LC_ALL=C|log=\S+|sudo -n|\|\||\()\s*")


def started(command: str) -> list[str]:
    """The simple commands in a line for the shell; what stands in quotes is no other."""
    bare = re.sub(r"'[^']*'|(?<=grep -sHE )\"[^\"]*\"", "''", command)
    parts = re.split(r"\|\|?|;|&&|\$\(|\)|\bin (?=\$)", bare)
    found = []
    for part in parts:
        words = part.strip()
        while match := _WORDS_OF_THE_SHELL.match(words):
            words = words[match.end() :]
        if words and not words.startswith(("for ", "done", "}", "2>&1")):
            found.append(words.removeprefix("/usr/sbin/"))
    return found


@pytest.mark.parametrize("command", linux.ALL, ids=lambda command: command[:40])
def test_a_linux_host_is_only_read(command: str) -> None:
    assert re.findall(r"\d?>[^ ;]*", re.sub(r"'[^']*'", "", command)) in ([], ["2>&1"])
    for simple in started(command):
        program = simple.split()[0]
        assert program in PROGRAMS, simple
        if program in ARGUMENTS:
            assert re.match(ARGUMENTS[program] + r"(?:\s|$)", simple), simple


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("cisco-ios", "configure terminal"),
        ("cisco-ios", "show running-config | redirect flash:x"),
        ("cisco-asa", "terminal pager 0\nreload"),
        ("fortios", "execute reboot"),
        ("juniper-srx", "show configuration | save x"),
        ("paloalto", "request restart system"),
        ("huawei-vrp", "display current-configuration; reboot"),
        ("mikrotik-routeros", "/export file=x"),
        ("pfsense", "cat /conf/config.xml; rm -rf /"),
        ("linux", "nft flush ruleset"),
        ("linux", "/usr/sbin/iptables-save -c > /etc/x"),
    ],
)
def test_near_misses_are_refused(name: str, command: str) -> None:
    assert not any(re.fullmatch(pattern, command) for pattern in find(name).allowed)
