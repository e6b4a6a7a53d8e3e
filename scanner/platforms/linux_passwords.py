"""What a new password must be like: pam_pwquality, pam_cracklib, pam_unix and pam_pwhistory.

Only what PAM really calls, in a way that its refusal counts, is a policy: a pwquality.conf alone
proves nothing. A credit below zero is a count that is required; one above zero makes a password
with such characters count as longer, so that a shorter one passes: the length told is that of the
shortest password that is admitted. Arguments of the module win over its file.

The policy binds users who change their own password; root is bound only with `enforce_for_root`.
PASS_MIN_LEN of login.defs is ignored wherever PAM is used, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_pam import Entry, Stack, stacks
from scanner.platforms.linux_sections import Host

CREDITS = {
    "password_policy.digits": "dcredit",
    "password_policy.lowercase": "lcredit",
    "password_policy.uppercase": "ucredit",
    "password_policy.special": "ocredit",
}
_LENGTH = "password_policy.min_length"
_HISTORY = "password_policy.history"
_ROOT = "password_policy.binds_root"
_CLASSES = 4
_CHECKERS = ("pam_pwquality", "pam_cracklib")
_PLAIN = frozenset(
    {"pam_cap", "pam_deny", "pam_echo", "pam_gnome_keyring", "pam_permit", "pam_pwhistory"}
    | {"pam_unix", "pam_warn"}
)
"""Modules that ask for no kinds of characters."""


@dataclass(frozen=True, slots=True)
class Told:
    """A setting in its own words."""

    value: str
    citation: Citation

    @property
    def number(self) -> int | None:
        return int(self.value) if re.fullmatch(r"[+-]?\d{1,6}", self.value) else None


def password_facts(host: Host) -> dict[str, Fact[Any]]:
    """`password_policy.*` but for the age; the weakest where several services differ."""
    found = [_of_stack(host, stack) for stack in stacks(host, "password", ("passwd", "sshd"))]
    if not found:
        return _without_pam(host)
    names = found[0].keys() | {name for facts in found for name in facts}
    return {name: _weakest([facts[name] for facts in found if name in facts]) for name in names}


def _weakest(facts: list[Fact[Any]]) -> Fact[Any]:
    unknown = next((fact for fact in facts if isinstance(fact, Unknown)), None)
    known = [fact for fact in facts if isinstance(fact, Known)]
    return unknown or min(known, key=lambda fact: int(fact.value))


def _without_pam(host: Host) -> dict[str, Fact[Any]]:
    files = host.of("pwquality")
    history = host.of("pwhistory")
    facts: dict[str, Fact[Any]] = {}
    if files:
        reason = Unknown(_NOT_CALLED.format(module="pam_pwquality"), (files[0].cite(),))
        facts = dict.fromkeys((_LENGTH, *CREDITS), reason)
    if history:
        reason = Unknown(_NOT_CALLED.format(module="pam_pwhistory"), (history[0].cite(),))
        facts[_HISTORY] = reason
    return facts


def _of_stack(host: Host, stack: Stack) -> dict[str, Fact[Any]]:
    checker = next(iter(stack.of(*_CHECKERS)), None)
    history = _history(host, stack)
    if checker is None:
        return {**_unchecked(stack), _HISTORY: history}
    if reason := _without_force(stack, checker):
        return {**dict.fromkeys((_LENGTH, *CREDITS), reason), _HISTORY: history}
    quality = _Quality.of(host, checker)
    return {
        _LENGTH: _longer(quality.min_length(), _unix_length(stack)),
        **{name: quality.required(credit) for name, credit in CREDITS.items()},
        _ROOT: quality.binds_root(),
        _HISTORY: history,
    }


def _without_force(stack: Stack, checker: Entry) -> Unknown | None:
    """Why a refusal of the module does not count."""
    before = stack.entries[: stack.entries.index(checker)]
    passing = [entry for entry in before if entry.may_skip]
    if passing or not checker.must_succeed:
        cited = (passing or [checker])[0].citation
        return Unknown(_NO_FORCE.format(module=checker.module), (cited,))
    return None


# --- the checking module ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Quality:
    """Everything that one call of the module is told."""

    module: str
    told: Mapping[str, Told]
    commented: Mapping[str, Told]
    """Settings that its file shows as comments, which is how a release names its defaults."""
    seen: bool
    """All of its files were handed in, or are known not to be there."""
    citation: Citation

    @classmethod
    def of(cls, host: Host, entry: Entry) -> _Quality:
        told: dict[str, Told] = {}
        commented: dict[str, Told] = {}
        seen = True
        if entry.module == "pam_pwquality":
            seen = _read_files(host, told, commented)
        for arg in entry.args:
            name, _, value = arg.partition("=")
            told[name] = Told(value, entry.citation)
        return cls(entry.module, told, commented, seen, entry.citation)

    def _missing(self, name: str, default: str) -> Unknown:
        if not self.seen:
            return Unknown(_FILE_UNSEEN.format(name=name), (self.citation,))
        by = Text(vi=f"tài liệu {self.module}(8)", en=f"the manual {self.module}(8)")
        return not_shown(f"{name} {default}", by)

    def _enforced(self) -> Unknown | None:
        """Unknown where the module is told to warn only."""
        enforcing = self.told.get("enforcing")
        if enforcing is not None and enforcing.number != 1:
            return Unknown(_ONLY_WARNS, (enforcing.citation,))
        return None

    def required(self, credit: str) -> Fact[int]:
        """How many characters of the class there must be."""
        if reason := self._enforced():
            return reason
        classes = self.told.get("minclass")
        every = classes is not None and (classes.number or 0) >= _CLASSES
        told = self.told.get(credit)
        if told is None:
            if every and classes and self.seen:
                return Known(1, (classes.citation,))
            return self._missing(credit, "0" if self.module == "pam_pwquality" else "1")
        if told.number is None:
            return _not_a_number(credit, told)
        count = max(0, -told.number)
        if every and classes and count < 1:
            return Known(1, (classes.citation,))
        return Known(count, (told.citation,))

    def min_length(self) -> Fact[int]:
        """Characters of the shortest password that is admitted."""
        if reason := self._enforced():
            return reason
        told = self.told.get("minlen")
        if told is None:
            return self._missing("minlen", "8" if self.module == "pam_pwquality" else "9")
        if told.number is None:
            return _not_a_number("minlen", told)
        citations = [told.citation]
        shorter = 0
        for credit in CREDITS.values():
            given = self.told.get(credit) or self.commented.get(credit)
            if given is None and not self.seen:
                return self._missing(credit, "0")
            if given is None or given.number is None:
                return Unknown(
                    _CREDITS.format(credit=credit, minlen=str(told.number)), (told.citation,)
                )
            if given.number > 0:
                shorter += given.number
                citations.append(given.citation)
        return Known(max(1, told.number - shorter), tuple(dict.fromkeys(citations)))

    def binds_root(self) -> Fact[bool]:
        """Root is held to the same."""
        told = self.told.get("enforce_for_root")
        if told is None:
            return self._missing("enforce_for_root", "off")
        return Known(told.value != "0", (told.citation,))


_SETTING = re.compile(r"([a-z_]+)(?:[ \t]*=[ \t]*|[ \t]+|$)(.*)")
_COMMENT = re.compile(r"[#;][ \t]?([a-z_]+)[ \t]*=[ \t]*([+-]?\d{1,6})")


def _read_files(host: Host, told: dict[str, Told], commented: dict[str, Told]) -> bool:
    """Fragments first, in the order of their names; the main file wins over them."""
    files = host.of("pwquality")
    main = [s for s in files if ".conf.d/" not in s.path]
    for section in (*(s for s in files if s not in main), *main[:1]):
        for number, line in section.active:
            if match := _SETTING.fullmatch(line.partition("#")[0].strip()):
                told[match[1]] = Told(match[2].strip(), section.cite(number))
        for number, line in section.lines:
            if match := _COMMENT.fullmatch(line.strip()):
                commented.setdefault(match[1], Told(match[2], section.cite(number)))
    absent = "/etc/security/pwquality.conf" in host.absent
    return all(s.whole for s in files) and (bool(main) or absent)


def _not_a_number(name: str, told: Told) -> Unknown:
    shown = printable(told.value, 40)
    return Unknown(_NO_NUMBER.format(name=name, value=shown), (told.citation,))


# --- without it ------------------------------------------------------------------------------


def _unix_length(stack: Stack) -> Fact[int] | None:
    """What pam_unix itself asks for; None where it is not told."""
    for entry in stack.of("pam_unix"):
        value = entry.value("minlen")
        if value is not None:
            told = Told(value, entry.citation)
            number = told.number
            return (
                _not_a_number("minlen", told)
                if number is None
                else Known(number, (entry.citation,))
            )
    return None


def _longer(first: Fact[int], second: Fact[int] | None) -> Fact[int]:
    if isinstance(first, Known) and isinstance(second, Known):
        return max(first, second, key=lambda fact: fact.value)
    return first


def _unchecked(stack: Stack) -> dict[str, Fact[Any]]:
    """A stack without a module that looks at the characters."""
    length = _unix_length(stack)
    unix = stack.of("pam_unix")
    others = [e for e in stack.entries if e.module not in _PLAIN]
    relying = [e for e in unix if "use_authtok" in e.args]
    facts: dict[str, Fact[Any]] = {}
    doubt = [*stack.gaps, *(e.citation for e in others), *(e.citation for e in relying)]
    if doubt or not unix:
        reason = Unknown(_GAP, tuple(dict.fromkeys(doubt[:1])))
        return dict.fromkeys((_LENGTH, *CREDITS), reason)
    for name in CREDITS:
        facts[name] = Known(0, (unix[0].citation,))
    by = Text(vi="tài liệu pam_unix(8)", en="the manual pam_unix(8)")
    facts[_LENGTH] = length or not_shown("minlen 6", by)
    return facts


def _history(host: Host, stack: Stack) -> Fact[int]:
    """How many old passwords are refused."""
    found: list[Known[int]] = []
    for entry in stack.of("pam_pwhistory", "pam_unix"):
        told = _remembered(host, entry)
        if told is None:
            continue
        if isinstance(told, Unknown):
            return told
        if entry.module == "pam_pwhistory" and not entry.must_succeed:
            return Unknown(_NO_FORCE.format(module=entry.module), (entry.citation,))
        found.append(told)
    if found:
        return max(found, key=lambda fact: fact.value)
    others = [e.citation for e in stack.entries if e.module not in {*_PLAIN, *_CHECKERS}]
    unix = stack.of("pam_unix")
    if stack.gaps or others or not unix:
        return Unknown(_GAP, tuple([*stack.gaps, *others][:1]))
    if "use_authtok" in unix[0].args and not stack.of(*_CHECKERS):
        return Unknown(_GAP, (unix[0].citation,))
    return Known(0, (unix[0].citation,))


def _remembered(host: Host, entry: Entry) -> Fact[int] | None:
    value = entry.value("remember")
    told = Told(value, entry.citation) if value is not None else None
    if told is None and entry.module == "pam_unix":
        return None
    if told is None:
        files = host.of("pwhistory")
        for section in files:
            for number, line in section.active:
                match = _SETTING.fullmatch(line)
                if match and match[1] == "remember":
                    told = Told(match[2].strip(), section.cite(number))
        if told is None and not files and "/etc/security/pwhistory.conf" not in host.absent:
            return Unknown(_FILE_UNSEEN.format(name="remember"), (entry.citation,))
    if told is None:
        by = Text(vi="tài liệu pam_pwhistory(8)", en="the manual pam_pwhistory(8)")
        return not_shown("remember 10", by)
    count = told.number
    return _not_a_number("remember", told) if count is None else Known(count, (told.citation,))


_NOT_CALLED = Text(
    vi="không có gì chứng tỏ PAM gọi {module}; hãy đưa thêm /etc/pam.d/common-password hoặc "
    "/etc/pam.d/system-auth",
    en="nothing shows that PAM calls {module}; hand in /etc/pam.d/common-password or "
    "/etc/pam.d/system-auth as well",
)
_NO_FORCE = Text(
    vi="PAM gọi {module} theo cách mà mật khẩu bị từ chối vẫn có thể được đặt",
    en="PAM calls {module} in such a way that a password it refuses may still be set",
)
_FILE_UNSEEN = Text(
    vi="{name} không nằm trong tham số của mô-đun PAM, và tệp trong /etc/security chưa được đọc",
    en="{name} is not among the arguments of the PAM module, and its file in /etc/security was not "
    "read",
)
_ONLY_WARNS = Text(
    vi="mô-đun chỉ cảnh báo (enforcing), không bắt buộc", en="the module only warns (enforcing)"
)
_CREDITS = Text(
    vi="minlen là {minlen}, nhưng {credit} không được đặt: mặc định là 0 từ libpwquality 1.4, "
    "trước đó và ở pam_cracklib là 1, nên mật khẩu ngắn hơn có thể được chấp nhận",
    en="minlen is {minlen}, and {credit} is not set: its default is 0 since libpwquality 1.4, and "
    "1 before and in pam_cracklib, so a shorter password may be admitted",
)
_NO_NUMBER = Text(
    vi="{name} có giá trị không phải là số: {value}",
    en="{name} has a value that is no number: {value}",
)
_GAP = Text(
    vi="cấu hình PAM gồm phần chưa được đọc hoặc mô-đun không hiểu được",
    en="the configuration of PAM holds parts that were not read or modules that are not understood",
)
