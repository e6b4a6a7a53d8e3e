"""Every command that is ever sent to a Linux host, and what to recognise its answer by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.platforms.linux_content import Kind

LOG_FOLDER = "/var/log/hnth"
"""Where a log server keeps what the devices sent: one folder per sender."""

KERNEL = "uname -r"
RELEASE = "cat /etc/os-release"
ADDRESSES = "ip -j -d addr"
ROUTES = "ip -j route show table all"
POLICY_RULES = "ip -j rule"
NEIGHBOURS = "ip -j neigh"
TIME_SERVERS = (
    'grep -sHE "^[[:space:]]*(server|pool|peer|NTP=)" /etc/chrony/chrony.conf /etc/chrony.conf '
    "/etc/ntp.conf /etc/ntpsec/ntp.conf /etc/systemd/timesyncd.conf"
)
RSYSLOG = 'grep -sH "" /etc/rsyslog.conf /etc/rsyslog.d/*.conf'
STORED = f"ls -1 {LOG_FOLDER}"
LOGROTATE = 'grep -sH "" /etc/logrotate.conf /etc/logrotate.d/*'

STATUS = "# status "
"""Begins the last line of an answer that must be known to be complete."""

SOCKETS = f'ss -tulnH; echo "{STATUS}$?"'
FILTERS = f'/usr/sbin/nft list ruleset 2>&1; echo "{STATUS}$?"'
FILTERS_BY_SUDO = f'sudo -n /usr/sbin/nft list ruleset 2>&1; echo "{STATUS}$?"'

_NAMES = "/proc/net/ip_tables_names /proc/net/ip6_tables_names"
OLD_TABLES = f'LC_ALL=C wc -l {_NAMES} 2>&1; echo "{STATUS}$?"'
OLD_TABLES_BY_SUDO = f'LC_ALL=C sudo -n wc -l {_NAMES} 2>&1; echo "{STATUS}$?"'
"""How many tables iptables-legacy has. Without the files the kernel knows none, and that is told
to an account without privileges, too."""


def _to_its_end(command: str) -> str:
    return f'{command} 2>&1; echo "{STATUS}$?"'


@dataclass(frozen=True, slots=True)
class Iptables:
    """The commands that list the tables of one version of IP."""

    family: str
    """As nft calls it."""
    names: str
    """Where the kernel names the tables of iptables-legacy."""
    program: str
    """Shows the tables of iptables-nft or of iptables-legacy: the one that the host is set to."""
    old_program: str

    @property
    def ordinary(self) -> str:
        return _to_its_end(self.program)

    @property
    def old(self) -> str:
        return _to_its_end(self.old_program)


IPTABLES = (
    Iptables(
        *("ip", "/proc/net/ip_tables_names"),
        *("/usr/sbin/iptables-save", "/usr/sbin/iptables-legacy-save"),
    ),
    Iptables(
        *("ip6", "/proc/net/ip6_tables_names"),
        *("/usr/sbin/ip6tables-save", "/usr/sbin/ip6tables-legacy-save"),
    ),
)

TRAFFIC_CLASSES = (
    "set -f; { for i in $(ip -o link | cut -d: -f2 | cut -d@ -f1); do "
    'echo "dev $i"; for what in qdisc class filter; do /usr/sbin/tc "$what" show dev "$i" || exit; '
    f'done; done; }} 2>&1; echo "{STATUS}$?"'
)
"""Queueing disciplines, classes and filters, under a heading for every interface."""

_HOUR = r"s/^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2})[0-9:.,]*(Z|[+-][0-9]{2}:?[0-9]{2}) .*/\1\2/p"
_PER_DAY = (
    '{ d = substr($2,1,10) substr($2,14); h = substr($2,12,2) ":" $1; '
    'if (d != day) { if (day != "") print line, ENVIRON["log"]; day = d; line = d } '
    'line = line " " h } END { if (day != "") print line, ENVIRON["log"] }'
)
RECORDS = (
    f"{{ for folder in {LOG_FOLDER}/*/; do for kind in monitor alert; do "
    'find "$folder" -maxdepth 1 -type f -name "$kind.log*" -exec gzip -cdfq {} + '
    f"| LC_ALL=C sed -nE '{_HOUR}' | sort | uniq -c "
    f"| log=\"$folder$kind.log\" awk '{_PER_DAY}'; "
    f'done; done; }} 2>&1; echo "{STATUS}$?"'
)
"""A line per sender, kind of record and day: the hours with records and how many they hold."""


def _files(*paths: str) -> str:
    """Each file under a heading with its path; which are absent and which are refused is said."""
    return f'LC_ALL=C tail -vn +1 {" ".join(paths)} 2>&1; echo "{STATUS}$?"'


SSHD_FILES = _files("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/*.conf")
PAM_FILES = _files("/etc/pam.d/*")
PASSWORD_FILES = _files(
    "/etc/login.defs",
    "/etc/security/faillock.conf",
    "/etc/security/pwhistory.conf",
    "/etc/security/pwquality.conf",
    "/etc/security/pwquality.conf.d/*.conf",
)
SESSION_FILES = _files(
    "/etc/profile",
    "/etc/profile.d/*.sh",
    "/etc/bash.bashrc",
    "/etc/systemd/logind.conf",
    "/etc/systemd/logind.conf.d/*.conf",
)
SNMP_FILES = _files("/etc/snmp/snmpd.conf", "/etc/snmp/snmpd.conf.d/*.conf")
FILES = frozenset({SSHD_FILES, PAM_FILES, PASSWORD_FILES, SESSION_FILES, SNMP_FILES})
"""Commands that answer with several files."""

SSHD_EFFECTIVE = _to_its_end("/usr/sbin/sshd -T")
SSHD_EFFECTIVE_BY_SUDO = _to_its_end("sudo -n /usr/sbin/sshd -T")
PASSWORD_STATES = _to_its_end("LC_ALL=C passwd -S -a")
PASSWORD_STATES_BY_SUDO = _to_its_end("LC_ALL=C sudo -n passwd -S -a")
USERS = _to_its_end("getent passwd")
GROUPS = _to_its_end("getent group")
FORWARDING = _to_its_end("/usr/sbin/sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding")
TIME_STATE = _to_its_end("timedatectl show")
CHRONY_STATE = _to_its_end("LC_ALL=C chronyc -n tracking")

KINDS: Mapping[str, Kind] = {
    SSHD_EFFECTIVE: "sshd -T",
    SSHD_EFFECTIVE_BY_SUDO: "sshd -T",
    PASSWORD_STATES: "passwd -S",
    PASSWORD_STATES_BY_SUDO: "passwd -S",
    USERS: "passwd",
    GROUPS: "group",
    FORWARDING: "sysctl",
    TIME_STATE: "timedatectl",
    CHRONY_STATE: "chronyc",
}
"""Commands that answer with one thing, and with what."""

BY_SUDO: Mapping[str, str] = {
    OLD_TABLES: OLD_TABLES_BY_SUDO,
    FILTERS: FILTERS_BY_SUDO,
    SSHD_EFFECTIVE: SSHD_EFFECTIVE_BY_SUDO,
    PASSWORD_STATES: PASSWORD_STATES_BY_SUDO,
    **{one.ordinary: _to_its_end(f"sudo -n {one.program}") for one in IPTABLES},
    **{one.old: _to_its_end(f"sudo -n {one.old_program}") for one in IPTABLES},
}
"""What is asked again with one line of sudoers after a refusal."""

ALWAYS = (
    KERNEL,
    RELEASE,
    ADDRESSES,
    ROUTES,
    POLICY_RULES,
    NEIGHBOURS,
    TRAFFIC_CLASSES,
    SOCKETS,
    TIME_SERVERS,
    RSYSLOG,
    OLD_TABLES,
    *(one.ordinary for one in IPTABLES),
    FILTERS,
    SSHD_EFFECTIVE,
    SSHD_FILES,
    PAM_FILES,
    PASSWORD_FILES,
    SESSION_FILES,
    SNMP_FILES,
    USERS,
    GROUPS,
    PASSWORD_STATES,
    FORWARDING,
    TIME_STATE,
    CHRONY_STATE,
)
ALL = (*ALWAYS, *(one.old for one in IPTABLES), *BY_SUDO.values(), STORED, LOGROTATE, RECORDS)
READ_ELSEWHERE = frozenset(ALL) - FILES - KINDS.keys()
"""Commands whose answers are read by the name of the command."""
