"""Configuration files of the real programs on the lab's Linux hosts."""

from __future__ import annotations

from lab.situation import AUDIT_USER
from lab.topology import LOG_ADDRESS, LOG_SERVER

AUDIT_UID = 2000

LOG_FOLDER = "/var/log/hnth"

# StrictModes would refuse /etc where the lab runs as an ordinary user: its owner, the machine's
# root, is nobody there. The file itself is in memory and the box's root alone can write it.
SSHD = f"""\
Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid
AllowUsers {AUDIT_USER}
AuthorizedKeysFile /etc/ssh/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
PermitEmptyPasswords no
UsePAM no
MaxAuthTries 3
LoginGraceTime 30
ClientAliveInterval 300
ClientAliveCountMax 2
AllowTcpForwarding no
AllowAgentForwarding no
X11Forwarding no
PrintMotd no
"""

PASSWD = f"""\
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
{AUDIT_USER}:x:{AUDIT_UID}:{AUDIT_UID}:read-only audit:/:/bin/sh
"""

# an asterisk, not an exclamation mark: without PAM, sshd takes the latter for a locked account
SHADOW = f"""\
root:*:19700:0:99999:7:::
nobody:*:19700:0:99999:7:::
sshd:*:19700:0:99999:7:::
{AUDIT_USER}:*:19700:0:99999:7:::
"""

GROUP = f"""\
root:x:0:
nogroup:x:65534:
{AUDIT_USER}:x:{AUDIT_UID}:
"""

_FOLDER = f"{LOG_FOLDER}/%HOSTNAME:::secpath-replace%"
_REST = "%syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%"

RSYSLOG_RECEIVING = f"""\
# máy chủ nhật ký: mỗi thiết bị một thư mục, nhật ký giám sát và cảnh báo để riêng
global(workDirectory="/run/rsyslog" net.enableDNS="off")
module(load="imudp")
module(load="imtcp")
template(name="dong" type="string"
  string="%timegenerated:::date-rfc3339% %HOSTNAME% {_REST}\\n")
template(name="giam_sat" type="string" string="{_FOLDER}/monitor.log")
template(name="canh_bao" type="string" string="{_FOLDER}/alert.log")
ruleset(name="luu") {{
  if ($syslogseverity <= 4) then {{
    action(type="omfile" dynaFile="canh_bao" template="dong"
      fileCreateMode="0640" dirCreateMode="0750" fileGroup="{AUDIT_USER}" dirGroup="{AUDIT_USER}")
  }} else {{
    action(type="omfile" dynaFile="giam_sat" template="dong"
      fileCreateMode="0640" dirCreateMode="0750" fileGroup="{AUDIT_USER}" dirGroup="{AUDIT_USER}")
  }}
}}
input(type="imudp" port="514" ruleset="luu")
input(type="imtcp" port="514" ruleset="luu")
"""

RSYSLOG_SENDING = f"""\
# gửi toàn bộ nhật ký về máy chủ nhật ký của tỉnh
global(workDirectory="/run/rsyslog" net.enableDNS="off")
module(load="imuxsock" SysSock.Name="/run/rsyslog/log")
*.* action(type="omfwd" target="{LOG_ADDRESS}" port="514" protocol="udp")
"""

LOGROTATE_MAIN = """\
weekly
rotate 4
create
include /etc/logrotate.d
"""

SNMPD = """\
agentaddress udp:161
rocommunity public
sysName vcs
sysDescr RealPresence Group
"""


def rsyslog(host_id: str) -> str:
    """The log server stores, every other Linux host sends."""
    return RSYSLOG_RECEIVING if host_id == LOG_SERVER else RSYSLOG_SENDING


def logrotate(period: str, count: int) -> str:
    """How long the log server keeps what the devices sent."""
    return (
        f"{LOG_FOLDER}/*/*.log\n"
        "{\n"
        f"\t{period}\n"
        f"\trotate {count}\n"
        "\tcompress\n"
        "\tdelaycompress\n"
        "\tmissingok\n"
        "\tsharedscripts\n"
        "\tpostrotate\n"
        "\t\tkill -HUP $(cat /run/rsyslogd.pid)\n"
        "\tendscript\n"
        "}\n"
    )
