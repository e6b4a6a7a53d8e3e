"""After how many failed logins an account is locked: pam_faillock and pam_tally2.

pam_faillock locks only where one call records failures (`authfail`) and another one refuses the
locked account (`preauth` or `authsucc`). MaxAuthTries of the SSH server ends a connection and locks
nothing. Root is spared unless `even_deny_root` is set.
"""

from __future__ import annotations

import re

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_pam import Entry, Stack, stacks
from scanner.platforms.linux_sections import Host
from scanner.platforms.linux_sshd import MANUAL, Sshd

_HARMLESS = frozenset(
    {"pam_cap", "pam_deny", "pam_env", "pam_faildelay", "pam_group", "pam_issue", "pam_nologin"}
    | {"pam_permit", "pam_rootok", "pam_securetty", "pam_selinux", "pam_sepermit", "pam_shells"}
    | {"pam_succeed_if", "pam_unix"}
)
"""Modules of a login that never lock an account."""


def lockout_attempts(host: Host, sshd: Sshd | None) -> Fact[int] | None:
    """Failed logins until an account is locked; 0 where nothing locks it; None without files."""
    found = [_of_stack(host, stack) for stack in stacks(host, "auth", ("sshd",))]
    if not found:
        files = host.of("faillock")
        return Unknown(_NOT_CALLED, (files[0].cite(),)) if files else None
    pam = sshd.one("usepam") if sshd else None
    if sshd is not None and pam is None:
        return not_shown("UsePAM no", MANUAL)
    if pam is not None and pam.value.lower() != "yes":
        return Unknown(_WITHOUT_PAM, (pam.citation,))
    unknown = next((fact for fact in found if isinstance(fact, Unknown)), None)
    known = [fact for fact in found if isinstance(fact, Known)]
    if unknown is not None or len({fact.value for fact in known}) == 1:
        return unknown or known[0]
    return Unknown(_DIFFER, tuple(c for fact in known for c in fact.citations))


def _of_stack(host: Host, stack: Stack) -> Fact[int]:
    tally = stack.of("pam_tally2", "pam_tally")
    lock = stack.of("pam_faillock")
    if lock:
        return _faillock(host, stack, lock)
    if tally:
        entry = tally[0]
        value = entry.value("deny")
        if value is None or not entry.must_succeed:
            return Unknown(_NO_FORCE.format(module=entry.module), (entry.citation,))
        return _number(value, entry.citation)
    unknown = [e.citation for e in stack.entries if e.module not in _HARMLESS]
    unix = stack.of("pam_unix")
    if stack.root != "sshd" or stack.gaps or unknown or not unix:
        return Unknown(_NOT_SEEN, tuple([*stack.gaps, *unknown][:1]))
    return Known(0, (unix[0].citation,))


def _faillock(host: Host, stack: Stack, lock: list[Entry]) -> Fact[int]:
    recording = [e for e in lock if "authfail" in e.args]
    refusing = [e for e in lock if "authsucc" in e.args]
    refusing += [
        e for e in lock if "preauth" in e.args and e.must_succeed and not _skipped(stack, e)
    ]
    before = (
        {e.module for e in stack.entries[: stack.entries.index(recording[0])]}
        if recording
        else set()
    )
    if not recording or not refusing or "pam_unix" not in before:
        return Unknown(_NO_FORCE.format(module="pam_faillock"), (lock[0].citation,))
    told = [_deny(host, entry) for entry in (*refusing, *recording)]
    unknown = next((fact for fact in told if isinstance(fact, Unknown)), None)
    known = [fact for fact in told if isinstance(fact, Known)]
    if unknown is not None or len({fact.value for fact in known}) == 1:
        return unknown or known[0]
    return Unknown(_DIFFER, tuple(entry.citation for entry in lock))


def _skipped(stack: Stack, entry: Entry) -> bool:
    return any(before.may_skip for before in stack.entries[: stack.entries.index(entry)])


def _deny(host: Host, entry: Entry) -> Fact[int]:
    """What this call counts to; a call that counts to less than another stops recording early."""
    value = entry.value("deny")
    return _from_file(host, entry) if value is None else _number(value, entry.citation)


def _from_file(host: Host, entry: Entry) -> Fact[int]:
    """From /etc/security/faillock.conf, which the module reads where its arguments say nothing."""
    files = host.of("faillock")
    if entry.value("conf") or (not files and "/etc/security/faillock.conf" not in host.absent):
        return Unknown(_FILE_UNSEEN, (entry.citation,))
    found: Fact[int] | None = None
    for section in files:
        for number, line in section.active:
            name, sign, value = line.partition("#")[0].partition("=")
            if name.strip() == "deny" and sign:
                found = _number(value.strip(), section.cite(number))
    if found is None or not all(section.whole for section in files):
        by = Text(vi="tài liệu faillock.conf(5)", en="the manual faillock.conf(5)")
        return not_shown("deny 3", by)
    return found


def _number(value: str, citation: Citation) -> Fact[int]:
    if not re.fullmatch(r"\d{1,6}", value):
        return Unknown(_NO_NUMBER.format(value=printable(value, 40)), (citation,))
    return Known(int(value), (citation,))


_NOT_CALLED = Text(
    vi="không có gì chứng tỏ PAM gọi pam_faillock; hãy đưa thêm /etc/pam.d/common-auth hoặc "
    "/etc/pam.d/password-auth",
    en="nothing shows that PAM calls pam_faillock; hand in /etc/pam.d/common-auth or "
    "/etc/pam.d/password-auth as well",
)
_WITHOUT_PAM = Text(
    vi="sshd đặt UsePAM no nên không dùng các mô-đun khóa tài khoản của PAM",
    en="sshd is set to UsePAM no, so that it does not ask the modules of PAM that lock accounts",
)
_NO_FORCE = Text(
    vi="PAM gọi {module} không đủ để khóa tài khoản (thiếu lần gọi, thiếu deny, hoặc kết quả không "
    "bắt buộc)",
    en="PAM calls {module} in a way that does not lock an account for sure (a call or deny is "
    "missing, or its refusal does not count)",
)
_NOT_SEEN = Text(
    vi="không thấy mô-đun khóa tài khoản trong các tệp PAM đã đọc, nhưng chưa đọc đủ "
    "chuỗi của sshd",
    en="no module that locks accounts is in the files of PAM that were read, and the stack of sshd "
    "was not read whole",
)
_FILE_UNSEEN = Text(
    vi="deny không nằm trong tham số của pam_faillock, và /etc/security/faillock.conf "
    "chưa được đọc",
    en="deny is not among the arguments of pam_faillock, and /etc/security/faillock.conf was not "
    "read",
)
_DIFFER = Text(
    vi="các dịch vụ hoặc các lần gọi có số lần khác nhau",
    en="services or calls of the module have different counts",
)
_NO_NUMBER = Text(vi="deny không phải là số: {value}", en="deny is no number: {value}")
