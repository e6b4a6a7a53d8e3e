"""Rules for passwords and lock-out: only what PAM really calls counts, with its own arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.evidence import Document
from scanner.platforms import linux_commands as commands
from tests.scanner.platforms.linux_host_files import answer, files, lines, saved, told, why

UNIX = "password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt\n"
REST = "password requisite pam_deny.so\npassword required pam_permit.so\n"
CALLED = "password requisite pam_pwquality.so retry=3\n" + UNIX + REST
QUALITY = "minlen = 14\ndcredit = -1\nucredit = -2\nlcredit = 0\nocredit = -1\n"
POLICY = ("min_length", "digits", "uppercase", "lowercase", "special")


def debian(pam: str, quality: str | None = None) -> list[Document]:
    found = [saved("common-password", pam)]
    return found if quality is None else [*found, saved("pwquality.conf", quality)]


def policy(*documents: Document) -> tuple[object, ...]:
    return tuple(told(f"password_policy.{name}", *documents) for name in POLICY)


@pytest.mark.parametrize(
    ("pam", "quality", "expected"),
    [
        (CALLED, QUALITY, (14, 1, 2, 0, 1)),
        (CALLED, QUALITY.replace("lcredit = 0", "lcredit = 3"), (11, 1, 2, 0, 1)),
        (CALLED, QUALITY.replace(" = ", "="), (14, 1, 2, 0, 1)),
        (CALLED, QUALITY + "minclass = 4\n", (14, 1, 2, 1, 1)),
        (CALLED, QUALITY + "minclass = 3\n", (14, 1, 2, 0, 1)),
        (CALLED, QUALITY + "minlen = 8\n", (8, 1, 2, 0, 1)),
        (CALLED, QUALITY + "enforcing = 0\n", ("?",) * 5),
        (CALLED, QUALITY.replace("14", "viele"), ("?", 1, 2, 0, 1)),
        (CALLED.replace("retry=3", "minlen=10 dcredit=-3"), QUALITY, (10, 3, 2, 0, 1)),
        (CALLED.replace("requisite pam_pw", "optional pam_pw"), QUALITY, ("?",) * 5),
        (UNIX.replace("use_authtok ", "") + CALLED, QUALITY, ("?",) * 5),
        ("password [success=1 default=ignore] pam_x.so\n" + CALLED, QUALITY, ("?",) * 5),
        (CALLED, None, ("?",) * 5),
        (CALLED, "minlen = 14\n", ("?",) * 5),
        (
            CALLED,
            "minlen = 14\n# dcredit = 0\n# ucredit = 0\n# lcredit = 0\n# ocredit = 0\n",
            (14, "?", "?", "?", "?"),
        ),
        (
            CALLED,
            "minlen = 9\n# dcredit = 1\n# ucredit = 1\n# lcredit = 1\n# ocredit = 1\n",
            (5, "?", "?", "?", "?"),
        ),
        (CALLED, "minlen = 12\nminclass = 4\n", ("?", 1, 1, 1, 1)),
        (
            "password required pam_cracklib.so minlen=12 dcredit=-1 ucredit=0 lcredit=0 ocredit=0\n"
            + UNIX,
            None,
            (12, 1, 0, 0, 0),
        ),
        ("password required pam_cracklib.so retry=3 minlen=8 difok=3\n" + UNIX, None, ("?",) * 5),
        (UNIX + REST, None, ("?",) * 5),
        (UNIX.replace("use_authtok", "minlen=9") + REST, None, (9, 0, 0, 0, 0)),
        (UNIX.replace("use_authtok ", "") + REST, None, ("?", 0, 0, 0, 0)),
        ("password sufficient pam_sss.so\n" + UNIX.replace("use_authtok ", ""), None, ("?",) * 5),
        ("@include common-other\n" + UNIX.replace("use_authtok ", ""), None, ("?",) * 5),
        ("password strange pam-line\n" + UNIX.replace("use_authtok ", ""), None, ("?",) * 5),
    ],
)
def test_what_a_new_password_must_be_like(
    pam: str, quality: str | None, expected: tuple[object, ...]
) -> None:
    assert policy(*debian(pam, quality)) == expected


def test_a_file_that_nothing_calls_is_no_policy() -> None:
    alone = saved("pwquality.conf", QUALITY)
    assert policy(alone) == ("?",) * 5
    assert "nothing shows that PAM calls pam_pwquality" in why("password_policy.digits", alone)


def test_the_setting_is_cited_and_so_is_the_credit_that_shortens() -> None:
    documents = debian(CALLED, QUALITY.replace("lcredit = 0", "lcredit = 3"))
    assert lines("password_policy.min_length", *documents) == [1, 4]
    assert lines("password_policy.uppercase", *documents) == [3]


def test_fragments_are_read_first_and_the_main_file_wins() -> None:
    pam = files(commands.PAM_FILES, ("/etc/pam.d/common-password", CALLED))
    quality = files(
        commands.PASSWORD_FILES,
        ("/etc/security/pwquality.conf", QUALITY.replace("dcredit = -1\n", "")),
        ("/etc/security/pwquality.conf.d/50-a.conf", "dcredit = -4\nminlen = 6"),
    )
    assert policy(pam, quality) == (14, 4, 2, 0, 1)


def test_root_is_bound_only_where_it_is_said() -> None:
    name = "password_policy.binds_root"
    assert told(name, *debian(CALLED, QUALITY)) == "?"
    assert told(name, *debian(CALLED, QUALITY + "enforce_for_root\n")) is True
    assert told(name, *debian(CALLED.replace("retry=3", "enforce_for_root"), "minlen=8\n")) is True


@pytest.mark.parametrize(
    ("pam", "file", "expected"),
    [
        ("password required pam_pwhistory.so remember=5 use_authtok\n" + UNIX, None, 5),
        ("password required pam_pwhistory.so use_authtok\n" + UNIX, "remember = 12\n", 12),
        ("password required pam_pwhistory.so use_authtok\n" + UNIX, "# remember = 10\n", "?"),
        ("password required pam_pwhistory.so use_authtok\n" + UNIX, None, "?"),
        ("password optional pam_pwhistory.so remember=5\n" + UNIX, None, "?"),
        (UNIX.replace("obscure", "remember=7"), None, 7),
        (UNIX.replace("use_authtok ", ""), None, 0),
        (CALLED, None, 0),
        (UNIX, None, "?"),
    ],
)
def test_how_many_old_passwords_are_refused(pam: str, file: str | None, expected: object) -> None:
    documents = debian(pam) + ([saved("pwhistory.conf", file)] if file else [])
    assert told("password_policy.history", *documents) == expected


# --- lock-out ----------------------------------------------------------------------------------

RED_HAT = """auth        required      pam_env.so
auth        required      pam_faillock.so preauth silent
auth        sufficient    pam_unix.so nullok
auth        required      pam_faillock.so authfail
auth        required      pam_deny.so
account     required      pam_faillock.so
"""
DEBIAN = """auth requisite pam_faillock.so preauth
auth [success=2 default=ignore] pam_unix.so nullok
auth [default=die] pam_faillock.so authfail
auth sufficient pam_faillock.so authsucc
auth requisite pam_deny.so
"""


@pytest.mark.parametrize(
    ("pam", "file", "expected"),
    [
        (RED_HAT, "deny = 5\nunlock_time = 900\n", 5),
        (RED_HAT, "deny = 0\nunlock_time = 900\n", 0),
        (DEBIAN, "deny=4\n", 4),
        (RED_HAT.replace("silent", "deny=6").replace("authfail", "authfail deny=6"), None, 6),
        (RED_HAT.replace("silent", "deny=6"), "deny = 3\n", "?"),
        (RED_HAT.replace("silent", "deny=6"), "deny = 6\n", 6),
        (RED_HAT.replace("silent", "deny=6").replace("authfail", "authfail deny=3"), None, "?"),
        (RED_HAT, "# deny = 3\nunlock_time = 900\n", "?"),
        (RED_HAT, "deny = drei\n", "?"),
        (RED_HAT, None, "?"),
        (RED_HAT.replace("silent", "conf=/etc/x"), "deny = 5\n", "?"),
        (RED_HAT.replace("authfail", "bothfail"), "deny=5\n", "?"),
        (RED_HAT.replace("preauth", "postauth"), "deny=5\n", "?"),
        (RED_HAT.replace("required      pam_faillock", "optional pam_faillock"), "deny=5\n", "?"),
        (RED_HAT.replace("pam_unix", "pam_sss"), "deny=5\n", "?"),
        ("auth sufficient pam_rootok.so\n" + RED_HAT, "deny=5\n", "?"),
        ("auth [success=1 default=ignore] pam_succeed_if.so x\n" + RED_HAT, "deny=5\n", "?"),
        ("auth required pam_tally2.so deny=5 onerr=fail\nauth required pam_unix.so\n", None, 5),
        ("auth required pam_tally2.so onerr=fail\nauth required pam_unix.so\n", None, "?"),
        ("auth required pam_unix.so\n", None, "?"),
    ],
)  # fmt: skip
def test_after_how_many_failures_an_account_is_locked(
    pam: str, file: str | None, expected: object
) -> None:
    documents = [saved("password-auth", pam)]
    documents += [saved("faillock.conf", file)] if file else []
    assert told("management.lockout_attempts", *documents) == expected


def test_never_is_said_only_of_the_whole_stack_of_the_server() -> None:
    sshd = saved("/etc/pam.d/sshd", "@include common-auth\naccount required pam_nologin.so\n")
    common = saved("/etc/pam.d/common-auth", "auth required pam_unix.so\n")
    assert told("management.lockout_attempts", sshd, common) == 0
    assert told("management.lockout_attempts", sshd) == "?"
    assert told("management.lockout_attempts", common) == "?"
    strange = saved("/etc/pam.d/common-auth", "auth required pam_unix.so\nauth required pam_x.so\n")
    assert told("management.lockout_attempts", sshd, strange) == "?"


def test_a_server_that_does_not_use_pam_is_not_locked_by_it() -> None:
    documents = [saved("password-auth", RED_HAT), saved("faillock.conf", "deny = 5\n")]
    server = "PermitRootLogin no\nMaxAuthTries 3\nUsePAM {}\n"
    off = saved("sshd_config", server.format("no"))
    unsaid = saved("sshd_config", server.replace("UsePAM {}", "UseDNS no"))
    assert told("management.lockout_attempts", *documents, unsaid) == "?"
    on = saved("sshd_config", server.format("yes"))
    assert told("management.lockout_attempts", *documents, on) == 5
    assert told("management.lockout_attempts", *documents, off) == "?"


def test_services_with_different_counts_leave_it_open() -> None:
    other = RED_HAT.replace("silent", "deny=9").replace("authfail", "authfail deny=9")
    documents = [saved("password-auth", RED_HAT), saved("system-auth", other)]
    assert (
        told("management.lockout_attempts", *documents, saved("faillock.conf", "deny=5\n")) == "?"
    )


def test_files_that_include_each_other_end() -> None:
    one = saved("/etc/pam.d/sshd", "@include common-auth\n" * 50)
    other = saved("/etc/pam.d/common-auth", "auth include sshd\nauth required pam_unix.so\n" * 50)
    assert told("management.lockout_attempts", one, other) == "?"


@pytest.mark.parametrize("name", ["common-auth", "common-password"])
def test_the_files_of_this_machine_are_understood(name: str) -> None:
    file = Path("/etc/pam.d") / name
    if not file.exists():
        pytest.skip("this machine has no such file")
    text = file.read_text()
    modules = [line.split() for line in text.splitlines() if line.startswith(("auth", "password"))]
    fact = "management.lockout_attempts" if name == "common-auth" else "password_policy.digits"
    known = {"pam_unix.so", "pam_deny.so", "pam_permit.so", "pam_cap.so"}
    plain = {word for words in modules for word in words if word.startswith("pam_")} <= known
    if plain and name == "common-password":
        assert told(fact, saved(str(file), text)) == 0
    else:
        assert why(fact, saved(str(file), text)) or plain


def test_an_answer_that_broke_off_is_no_policy() -> None:
    whole = files(
        commands.PAM_FILES, ("/etc/pam.d/common-password", UNIX.replace("use_authtok ", ""))
    )
    assert told("password_policy.digits", whole) == 0
    cut = answer(commands.PAM_FILES, whole.text.split("# status")[0], None)
    assert told("password_policy.digits", cut) == "?"
