"""What sshd lets in: first value wins, Match blocks loosen, includes may say anything first."""

from __future__ import annotations

import subprocess
from ipaddress import ip_network
from pathlib import Path

import pytest

from scanner.platforms import linux_commands as commands
from tests.scanner.platforms.linux_host_files import answer, facts, files, lines, saved, told, why

STRICT = """Port 22
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitEmptyPasswords no
UsePAM yes
"""
COMPUTED = """port 22
usepam yes
logingracetime 120
maxauthtries 6
permitrootlogin no
ignoreuserknownhosts no
passwordauthentication no
kbdinteractiveauthentication no
permituserrc yes
permitemptypasswords no
usedns no
fingerprinthash SHA256
authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2
"""
MAIN, FRAGMENTS = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/*.conf"
NAMES = ("ssh.root_login", "ssh.password_login", "ssh.empty_passwords")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STRICT, ("no", False, False)),
        (STRICT.replace("PermitRootLogin no", "permitrootlogin=YES"), ("any", False, False)),
        (STRICT.replace("RootLogin no", "RootLogin prohibit-password"), ("key", False, False)),
        (STRICT.replace("RootLogin no", "RootLogin without-password"), ("key", False, False)),
        (
            STRICT.replace("RootLogin no", "RootLogin forced-commands-only"),
            ("forced-command", False, False),
        ),
        (STRICT + "PermitRootLogin yes\n", ("no", False, False)),
        ("PermitRootLogin yes\n" + STRICT, ("any", False, False)),
        (STRICT + "Match User backup\nPermitRootLogin yes\n", ("any", False, False)),
        (STRICT + "Match all\nPermitRootLogin yes\n", ("no", False, False)),
        (
            STRICT + "Match Address 10.0.0.0/8\n  PasswordAuthentication yes\n",
            ("no", True, False),
        ),
        (
            STRICT.replace("InteractiveAuthentication no", "InteractiveAuthentication yes"),
            ("no", True, False),
        ),
        (
            STRICT.replace(
                "KbdInteractiveAuthentication no", "ChallengeResponseAuthentication yes"
            ),
            ("no", True, False),
        ),
        (
            STRICT.replace("PermitEmptyPasswords no", "PermitEmptyPasswords yes"),
            ("no", False, True),
        ),
        (STRICT.replace("PermitRootLogin no", "#PermitRootLogin no"), ("?", False, False)),
        (STRICT.replace("RootLogin no", "RootLogin nein"), ("?", False, False)),
        (STRICT + "Include /etc/ssh/more/*\n", ("?", "?", "?")),
        ("Include /etc/ssh/more/*\n" + STRICT, ("?", "?", "?")),
        (STRICT + "PermitRootLogin\n", ("?", "?", "?")),
    ],
)
def test_the_weakest_that_a_login_may_meet(text: str, expected: tuple[object, ...]) -> None:
    document = saved("sshd_config", text)
    assert tuple(told(name, document) for name in NAMES) == expected


def test_the_line_that_loosens_is_cited() -> None:
    document = saved("sshd_config", STRICT + "Match User backup\nPermitRootLogin yes\n")
    assert lines("ssh.root_login", document) == [8]
    assert lines("ssh.root_login", saved("sshd_config", STRICT)) == [2]


def test_an_absent_word_is_unknown_with_the_documented_default() -> None:
    document = saved("sshd_config", STRICT.replace("PermitRootLogin no\n", ""))
    assert "sshd_config(5): PermitRootLogin prohibit-password" in why("ssh.root_login", document)


def test_what_was_computed_does_not_show_match_blocks() -> None:
    computed = saved("sshd-T.txt", COMPUTED)
    assert told("ssh.root_login", computed) == "?"
    assert "Match" in why("ssh.root_login", computed)
    loose = saved("sshd-T.txt", COMPUTED.replace("permitrootlogin no", "permitrootlogin yes"))
    assert told("ssh.root_login", loose) == "any"
    assert told("ssh.root_login", computed, saved("sshd_config", STRICT)) == "no"


def test_included_files_are_followed_where_they_were_read() -> None:
    include = f"Include {FRAGMENTS}\n"
    fragment = ("/etc/ssh/sshd_config.d/50-a.conf", "PermitRootLogin yes")
    nothing = files(commands.SSHD_FILES, (MAIN, include + STRICT), FRAGMENTS)
    assert [told(name, nothing) for name in NAMES] == ["no", False, False]
    before = files(commands.SSHD_FILES, (MAIN, include + STRICT), fragment)
    assert told("ssh.root_login", before) == "any"
    after = files(commands.SSHD_FILES, (MAIN, STRICT + include), fragment)
    assert told("ssh.root_login", after) == "no"


def test_an_answer_that_broke_off_proves_nothing_strict() -> None:
    cut = files(commands.SSHD_FILES, (MAIN, STRICT), FRAGMENTS)
    cut = answer(commands.SSHD_FILES, cut.text.split("# status")[0], None)
    assert [told(name, cut) for name in NAMES] == ["?", "?", "?"]


def test_a_refusal_is_unknown_with_the_reason() -> None:
    refused = answer(commands.SSHD_EFFECTIVE, "sshd: no hostkeys available -- exiting.\n", 1)
    closed = f"tail: cannot open '{MAIN}' for reading: Permission denied\n"
    both = (refused, answer(commands.SSHD_FILES, closed, 1))
    assert why("ssh.root_login", *both).endswith(f"may not read {MAIN}")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("AllowUsers quantri@10.67.20.0/24", [ip_network("10.67.20.0/24")]),
        (
            "AllowUsers a@10.67.20.5 b@10.67.21.*\nAllowUsers *@fd00::/64",
            [ip_network(n) for n in ("10.67.20.5", "10.67.21.0/24", "fd00::/64")],
        ),
        ("AllowUsers *@10.67.20.5 !khach@10.67.20.6", "?"),
        ("AllowUsers a@10.67.20.5\nInclude /etc/ssh/other", "?"),
        ("AllowUsers quantri", "?"),
        ("AllowUsers a@10.67.20.5 quantri", "?"),
        ("AllowUsers a@10.67.20.5 *@*", "?"),
        ("AllowUsers a@may.example", "?"),
        ("AllowUsers a@10.67.2*", "?"),
        ("AllowUsers a@10.67.20.5\nMatch User b\nAllowUsers b", "?"),
        ("DenyUsers a@10.67.20.5", "?"),
    ],
)
def test_accounts_bound_to_addresses(word: str, expected: object) -> None:
    found = told("management.allowlist", saved("sshd_config", f"{STRICT}{word}\n"))
    assert (list(found) if isinstance(found, tuple) else found) == expected


def test_the_server_of_this_machine() -> None:
    """The installed sshd says what it does; what it says is understood word by word."""
    program = Path("/usr/sbin/sshd")
    if not program.exists():
        pytest.skip("no SSH server is installed here")
    said = subprocess.run([program, "-T"], capture_output=True, text=True, check=False)
    if said.returncode:
        pytest.skip("the SSH server does not tell its settings to this user")
    words = dict(line.split(" ", 1) for line in said.stdout.splitlines() if " " in line)
    found = facts(saved("sshd -T", said.stdout))
    assert told("identity.family", saved("x", said.stdout)) == "linux"
    if words["passwordauthentication"] == "yes":
        assert told("ssh.password_login", saved("sshd -T", said.stdout)) is True
    assert set(NAMES) <= set(found)
