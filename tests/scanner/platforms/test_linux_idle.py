"""What ends an idle session, and what only looks as if it did."""

from __future__ import annotations

import pytest

from scanner.evidence import Document
from scanner.platforms import linux_commands as commands
from tests.scanner.platforms.linux_host_files import answer, files, lines, saved, told, why

IDLE = "management.idle_timeout_s"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TMOUT=600\nreadonly TMOUT\nexport TMOUT\n", 600),
        ("readonly TMOUT=900 ; export TMOUT\n", 900),
        ("declare -xr TMOUT=300\n", 300),
        ("typeset -r TMOUT='120'\n", 120),
        ("export TMOUT=60\nTMOUT=90\nreadonly TMOUT\n", 90),
        ("readonly TMOUT=900\nTMOUT=0\n", 900),
        ("if [ -d /x ]; then\n  A=1\nfi\nreadonly TMOUT=900\n", 900),
        ("readonly TMOUT=0\n", "?"),
        ("TMOUT=600\nexport TMOUT\n", "?"),
        ("if [ -n \"$PS1\" ]; then\n  readonly TMOUT=600\nfi\n", "?"),
        ("[ -t 0 ] && readonly TMOUT=600\n", "?"),
        ("readonly TMOUT=$IDLE\n", "?"),
        ("#readonly TMOUT=600\nTMOUT=600\n", "?"),
        ("unset TMOUT\nreadonly TMOUT=600\n", "?"),
    ],
)  # fmt: skip
def test_the_shell_ends_itself_where_nobody_may_unset_it(text: str, expected: object) -> None:
    assert told(IDLE, saved("profile", text)) == expected


def test_the_line_that_sets_it_is_cited() -> None:
    assert lines(IDLE, saved("tmout.sh", "# idle\n\nTMOUT=600\nreadonly TMOUT\n")) == [3]


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("/bin/bash", 600),
        ("/usr/bin/ksh", 600),
        ("/usr/sbin/nologin", 600),
        ("/bin/sh", "?"),
        ("/usr/bin/zsh", "?"),
        ("/usr/bin/fish", "?"),
    ],
)
def test_only_shells_that_know_it_end(shell: str, expected: object) -> None:
    people = saved("passwd", f"root:x:0:0:root:/root:/bin/bash\na:x:1000:1000::/srv/a:{shell}\n")
    assert told(IDLE, saved("profile", "readonly TMOUT=600\n"), people) == expected


SERVER = "Port 22\nPermitRootLogin no\nUsePAM yes\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ChannelTimeout session:*=5m\n", 300),
        ("ChannelTimeout agent-connection=1m session:shell=1h30m\n", 5400),
        ("ChannelTimeout *=90\n", 90),
        ("ChannelTimeout session:command=5m\n", "?"),
        ("ChannelTimeout session:shell=soon\n", "?"),
        ("ChannelTimeout session:shell=0\n", "?"),
        ("ChannelTimeout session:shell=5m\nMatch User a\nChannelTimeout none\n", "?"),
        ("Include /etc/ssh/other\nChannelTimeout session:shell=5m\n", "?"),
        ("ClientAliveInterval 300\nClientAliveCountMax 0\n", "?"),
        ("UnusedConnectionTimeout 5m\n", "?"),
    ],
)
def test_the_server_closes_idle_channels(words: str, expected: object) -> None:
    assert told(IDLE, saved("sshd_config", SERVER + words)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("900", 900),
        ("15min", 900),
        ("1h 30min", 5400),
        ("2h", 7200),
        ("infinity", "?"),
        ("bald", "?"),
        ("", "?"),
    ],
)
def test_the_login_manager_stops_idle_sessions(value: str, expected: object) -> None:
    text = f"[Login]\n#KillUserProcesses=no\nStopIdleSessionSec={value}\n"
    assert told(IDLE, saved("logind.conf", text)) == expected


def test_the_shortest_of_all_counts() -> None:
    documents = [
        saved("profile", "readonly TMOUT=600\n"),
        saved("logind.conf", "[Login]\nStopIdleSessionSec=300\n"),
        saved("sshd_config", SERVER + "ChannelTimeout session:*=20m\n"),
    ]
    assert told(IDLE, *documents) == 300


COMPUTED = "port 22\npermitrootlogin no\nmaxauthtries 6\nauthorizedkeysfile .ssh/keys\nusepam yes\n"
NO_FILES = ("/etc/ssh/sshd_config.d/*.conf",)


def everything(profile: str, login: str = "") -> list[Document]:
    return [
        answer(commands.SSHD_EFFECTIVE, COMPUTED),
        files(commands.SSHD_FILES, ("/etc/ssh/sshd_config", SERVER), *NO_FILES),
        files(
            commands.SESSION_FILES,
            ("/etc/profile", profile),
            ("/etc/systemd/logind.conf", f"[Login]\n{login}"),
        ),
    ]


def test_never_is_said_only_where_all_three_were_seen() -> None:
    documents = everything("umask 022")
    assert told(IDLE, *documents) == 0
    for n in (0, 2):
        assert told(IDLE, *documents[:n], *documents[n + 1 :]) == "?"
    assert told(IDLE, *everything("umask 022", "StopIdleSessionSec=900")) == 900
    cut = answer(commands.SESSION_FILES, documents[2].text.split("# status")[0], None)
    assert told(IDLE, *documents[:2], cut) == "?"


def test_what_may_be_unset_is_named() -> None:
    assert "TMOUT is 600 and not readonly" in why(IDLE, *everything("TMOUT=600"))
