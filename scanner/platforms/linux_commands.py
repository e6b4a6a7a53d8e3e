"""Every command that is ever sent to a Linux host, and what to recognise its answer by."""

from __future__ import annotations

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

ALWAYS = (
    KERNEL,
    RELEASE,
    ADDRESSES,
    ROUTES,
    POLICY_RULES,
    NEIGHBOURS,
    SOCKETS,
    TIME_SERVERS,
    RSYSLOG,
    FILTERS,
)
ALL = (*ALWAYS, FILTERS_BY_SUDO, STORED, LOGROTATE, RECORDS)
