"""Saved files of a Linux host: known by what stands in them, with the facts that they prove."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.facts import Known, SyslogTarget
from scanner.collect.redact import redact
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, recognise
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux_content import kind_of
from tests.scanner.platforms.linux_host_files import (
    NOW,
    answer,
    facts,
    files,
    lines,
    saved,
    told,
)

KINDS = {
    "sshd": "# comment\n#Port 22\nPermitRootLogin no\nUsePAM yes\nSubsystem sftp internal-sftp\n",
    "sshd -T": "port 22\npermitrootlogin no\nmaxauthtries 6\nusepam yes\n",
    "pam": "#%PAM-1.0\nauth required pam_env.so\nauth include system-auth\n",
    "pwquality": "# Configuration\n# difok = 1\nminlen = 12\n",
    "faillock": "# deny = 3\nsilent\nunlock_time = 600\n",
    "pwhistory": "remember = 5\nenforce_for_root\n",
    "login.defs": "MAIL_DIR /var/mail\nPASS_MAX_DAYS 99999\nUMASK 022\n",
    "chage": "Last password change : never\nMaximum number of days between password change : 9\n",
    "passwd -S": "root L 2025-05-20 0 99999 7 -1\n",
    "passwd": "root:x:0:0:root:/root:/bin/bash\n",
    "group": "root:x:0:\nsudo:x:27:a,b\n",
    "sysctl": "net.ipv4.ip_forward = 0\nkernel.osrelease = 6.1.0\n",
    "journald": "# This file\n[Journal]\n#Storage=auto\nMaxRetentionSec=6month\n",
    "timesyncd": "[Time]\nNTP=10.67.30.10 10.67.30.11\n",
    "logind": "[Login]\nStopIdleSessionSec=900\n",
    "timedatectl": "   Local time: Mon\nSystem clock synchronized: yes\nNTP service: active\n",
    "chronyc": "Reference ID    : 0A431E0A (10.67.30.10)\nStratum : 4\nLeap status     : Normal\n",
    "ntp": "server 10.67.30.10 iburst\ndriftfile /var/lib/chrony/chrony.drift\nmakestep 1 3\n",
    "rsyslog": 'module(load="imuxsock")\n*.* @@10.67.30.10:6514\n',
    "logrotate": "weekly\nrotate 4\n/var/log/hnth/*/*.log {\n\trotate 27\n}\n",
    "nft": "flush ruleset\ntable inet t {\n\tchain c {\n\t}\n}\n",
    "ss": "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
    "tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*\n",
    "os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    "uname": "6.1.0-18-amd64\n",
    "profile": "# idle\nreadonly TMOUT=600\n",
    "snmp": "agentaddress udp:161\nrocommunity public 10.67.20.0/24\n",
    "prosody": '-- jitsi\nVirtualHost "hop.example"\n  authentication = "internal_hashed"\n',
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_known_by_what_stands_in_it(kind: str) -> None:
    document = saved("unnamed", KINDS[kind])
    assert kind_of(document) == kind
    assert recognise([document]).platform.name == "linux"


@pytest.mark.parametrize(
    "text",
    [
        "Host *\n  PasswordAuthentication no\n  Port 22\n",
        "hostname R1\ninterface Gi0/0\n ip address 10.0.0.1 255.255.255.0\n!\nend\n",
        "minlen = 12\nanother = 3\n",
        "deny all\n",
        "*c xConfiguration NTP Mode: Auto\n** end\n",
        "model,HDX 7000\nserialnumber,1\n",
        "10.11.2\n",
        "Enabled : true\nServers:\n  10.0.0.1:514\n",
        "a:b:c\n",
        "server 10.0.0.1\n",
        "\n\n# nothing\n",
        "",
    ],
)
def test_other_files_are_not_taken_for_one(text: str) -> None:
    assert kind_of(saved("unnamed", text)) is None


@pytest.mark.corpus
def test_no_recorded_device_is_taken_for_a_linux_host(shared: Path) -> None:
    taken = []
    for file in sorted((shared / "devices").rglob("*")):
        if file.is_file() and file.suffix not in {".md", ".py"}:
            document = Document(file.read_bytes(), file.name, "O", NOW)
            taken += [file.name] if kind_of(document) else []
    assert taken == []


@pytest.mark.parametrize(
    "name",
    [
        *("ssh/sshd_config", "pam.d/common-auth", "pam.d/common-password", "login.defs"),
        *("os-release", "logrotate.conf", "rsyslog.conf", "security/faillock.conf"),
        *("snmp/snmpd.conf", "profile"),
    ],
)
def test_the_files_of_this_machine(name: str) -> None:
    file = Path("/etc") / name
    try:
        text = file.read_text()
    except OSError:
        pytest.skip("this machine has no such file, or keeps it back")
    if name == "profile" and "TMOUT" not in text:
        with pytest.raises(NotRecognised):
            recognise([saved(str(file), text)])
        return
    assert recognise([saved(file.name, text)]).platform.name == "linux"


# --- time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([KINDS["timedatectl"]], True),
        ([KINDS["timedatectl"].replace("yes", "no")], False),
        (["Timezone=Asia/Ho_Chi_Minh\nNTPSynchronized=yes\n"], True),
        ([KINDS["chronyc"]], True),
        ([KINDS["chronyc"].replace("Normal", "Not synchronised")], False),
        ([KINDS["chronyc"].replace("Normal", "Bogus")], "?"),
        ([KINDS["chronyc"], KINDS["timedatectl"].replace("yes", "no")], "?"),
        ([KINDS["chronyc"], KINDS["timedatectl"]], True),
        (["506 Cannot talk to daemon\n"], "?"),
    ],
)
def test_whether_the_clock_is_synchronised(texts: list[str], expected: object) -> None:
    documents = [saved(f"clock-{n}", text) for n, text in enumerate(texts)]
    assert told("ntp.synchronised", *documents) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("ntp", ("10.67.30.10",)), ("timesyncd", ("10.67.30.10", "10.67.30.11"))],
)
def test_time_servers(kind: str, expected: tuple[str, ...]) -> None:
    assert told("ntp.servers", saved("file", KINDS[kind])) == expected


# --- records -----------------------------------------------------------------------------------


def test_where_records_are_sent() -> None:
    document = saved("rsyslog.conf", KINDS["rsyslog"])
    assert told("syslog.targets", document) == (SyslogTarget("10.67.30.10", 6514, "tcp"),)
    assert lines("syslog.targets", document) == [2]
    includes = KINDS["rsyslog"].replace("*.* @@10.67.30.10:6514", "$IncludeConfig /etc/r.d/*.conf")
    assert told("syslog.targets", saved("rsyslog.conf", includes)) == "?"


def test_how_long_records_are_kept() -> None:
    document = saved("logrotate.conf", KINDS["logrotate"])
    assert [r.days for r in told("logs.retention", document)] == [189, 189]
    assert told("logs.retention", saved("journald.conf", KINDS["journald"])) == "?"


# --- services, forwarding ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        "tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*",
        'tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=7,fd=4))',
        "LISTEN 0 128 *:22 *:*",
    ],
)
def test_a_listening_service_is_on_and_no_other_is_known_to_be_off(row: str) -> None:
    head = KINDS["ss"].split("\n", maxsplit=1)[0]
    document = saved("ss.txt", f"{head}\n{row}\n")
    assert told("service.ssh.enabled", document) is True
    assert told("service.telnet.enabled", document) == "?"
    assert lines("service.ssh.enabled", document) == [2]


def test_with_the_closing_line_of_the_command_the_others_are_off() -> None:
    text = KINDS["ss"] + "# status 0\n"
    assert told("service.telnet.enabled", saved("ss.txt", text)) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 0\n", True),
        ("net.ipv4.ip_forward = 0\nnet.ipv6.conf.all.forwarding = 1\n", True),
        ("net.ipv4.ip_forward = 0\nnet.ipv6.conf.all.forwarding = 0\n", False),
        ("net.ipv4.ip_forward=0\nnet.ipv4.ip_forward=1\n", True),
        ("net/ipv4/ip_forward=1\n", True),
        ("net.ipv4.ip_forward = 0\n", "?"),
        ("net.ipv4.ip_forward_use_pmtu = 1\nnet.ipv6.conf.eth0.forwarding = 1\n", "?"),
        (
            "net.ipv4.ip_forward = 0\nsysctl: cannot stat /proc/sys/net/ipv6/conf/all/forwarding: "
            "No such file or directory\n",
            False,
        ),
    ],
)
def test_whether_packets_of_others_are_routed(text: str, expected: object) -> None:
    assert told("routing.forwards", saved("sysctl.conf", text)) == expected


# --- SNMP --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "versions", "default"),
    [
        ("rocommunity public\n", ("1", "2c"), True),
        ("rocommunity <redacted> 10.0.0.0/8\n", ("1", "2c"), False),
        ("com2sec doc default private\ngroup g v2c doc\n", ("2c",), True),
        ("com2sec doc default <redacted>\n", ("1", "2c"), False),
        ("rouser giamsat priv\n", ("3",), False),
        ("createUser giamsat SHA <redacted>\nrouser giamsat priv\n", ("3",), False),
        ("#rocommunity public\nagentaddress udp:161\n", (), "?"),
        ("rouser giamsat priv\nincludeDir /etc/snmp/snmpd.conf.d\n", "?", "?"),
        ("rocommunity public\nincludeDir /etc/snmp/snmpd.conf.d\n", ("1", "2c"), True),
    ],
)
def test_who_may_ask_over_snmp(text: str, versions: object, default: object) -> None:
    document = saved("snmpd.conf", "agentaddress udp:161\n" + text)
    assert told("snmp.versions", document) == versions
    assert told("snmp.default_community", document) == default


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [
        ("127.0.0.1,[::1]", False),
        ("udp:127.0.0.1:161", False),
        ("localhost,unix:/run/snmp", False),
        ("127.0.0.1,10.67.30.10", True),
        ("udp:161", True),
    ],
)
def test_an_agent_that_answers_only_its_own_host_opens_nothing(
    address: str, open_to_all: bool
) -> None:
    document = saved("snmpd.conf", f"agentaddress {address}\nrocommunity public\n")
    assert told("snmp.default_community", document) == (True if open_to_all else "?")


def test_an_agent_that_nobody_hears_opens_nothing() -> None:
    document = saved("snmpd.conf", "agentaddress udp:161\nrocommunity public\n")
    quiet = saved("ss.txt", "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n# status 0\n")
    loud = saved("ss.txt", "udp UNCONN 0 0 0.0.0.0:161 0.0.0.0:*\n# status 0\n")
    assert told("snmp.default_community", document, quiet) == "?"
    assert told("snmp.default_community", document, loud) is True


def test_an_empty_folder_of_the_agent_is_no_gap() -> None:
    main = ("/etc/snmp/snmpd.conf", "rouser a priv\nincludeDir /etc/snmp/snmpd.conf.d")
    document = files(commands.SNMP_FILES, main, "/etc/snmp/snmpd.conf.d/*.conf")
    assert told("snmp.versions", document) == ("3",)


# --- several files in one answer ---------------------------------------------------------------


def test_the_names_of_files_are_no_secrets_and_keep_their_content() -> None:
    document = files(
        commands.PAM_FILES, ("/etc/pam.d/common-password", "password required pam_unix.so minlen=9")
    )
    plain = Document(redact(document.content, ()), document.source, "C", NOW)
    assert plain.content == document.content
    assert told("password_policy.min_length", plain) == 9
    assert lines("password_policy.min_length", plain) == [2]


def test_a_saved_answer_with_headings_is_read_like_the_live_one() -> None:
    live = files(
        commands.SSHD_FILES,
        ("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n" + KINDS["sshd"]),
        "/etc/ssh/sshd_config.d/*.conf",
    )
    document = saved("sshd.txt", live.text)
    assert told("ssh.root_login", document) == "no"
    assert recognise([document]).platform.name == "linux"


def test_of_two_answers_of_one_moment_that_differ_neither_counts() -> None:
    yes = answer(commands.FORWARDING, "net.ipv4.ip_forward = 1\n")
    no = answer(commands.FORWARDING, "net.ipv4.ip_forward = 0\n")
    assert told("routing.forwards", yes) is True
    assert told("routing.forwards", yes, no) == told("routing.forwards", no, yes) == "?"


def test_what_hosts_say_of_themselves() -> None:
    found = facts(
        saved("os-release", KINDS["os-release"]),
        saved("uname", "Linux may 6.1.0-18-amd64 #1 SMP Debian x86_64 GNU/Linux\n"),
    )
    known = {name: fact.value for name, fact in found.items() if isinstance(fact, Known)}
    assert known == {
        "identity.family": "linux",
        "identity.vendor": "debian",
        "identity.model": "Debian GNU/Linux 12 (bookworm)",
        "software.version": "6.1.0-18-amd64",
    }
