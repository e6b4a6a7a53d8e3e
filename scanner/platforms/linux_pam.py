"""The stacks of PAM: which modules are asked, in which order, with which arguments.

A stack is followed through `@include`, `include` and `substack`. What cannot be followed, and every
line that is not understood, is a gap: nothing is concluded from a module's absence then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rules.facts import Citation
from scanner.platforms.linux_sections import Host, Section

Phase: TypeAlias = Literal["auth", "account", "password", "session"]

MAX_DEPTH = 16
MAX_FILES = 200
"""So many files are followed into; the rest of a stack that goes in circles is a gap."""
_MUST_SUCCEED = frozenset({"required", "requisite"})
_LINE = re.compile(
    r"-?(?P<phase>auth|account|password|session)[ \t]+(?P<control>\[[^\]]*\]|[a-z]+)[ \t]+"
    r"(?P<module>\S+)(?P<args>.*)"
)
_MERGED = re.compile(r"\.so\b.*\.so\b")
"""Two modules in one line: a line end was lost."""
_INCLUDE = re.compile(r"@include[ \t]+(?P<name>\S+)")
_ARGUMENT = re.compile(r"\[([^\]]*)\]|(\S+)")
_COMMON: dict[str, tuple[str, ...]] = {
    "auth": ("common-auth", "password-auth", "system-auth"),
    "account": ("common-account", "password-auth", "system-auth"),
    "password": ("common-password", "password-auth", "system-auth"),
}
NAMES = (
    *("common-password", "common-auth", "common-account", "common-session", "password-auth"),
    *("system-auth", "system-login", "system-remote-login", "system-local-login", "postlogin"),
    *("sshd", "login", "passwd"),
)


@dataclass(frozen=True)
class Entry:
    """One module in a stack."""

    control: str
    module: str
    """Without folder and ending: `pam_unix`."""
    args: tuple[str, ...]
    citation: Citation

    @property
    def must_succeed(self) -> bool:
        """When the module refuses, the whole is refused."""
        if self.control in _MUST_SUCCEED:
            return True
        actions = dict(p.partition("=")[::2] for p in self.control.strip("[]").split())
        default = actions.get("default", "ignore")
        return default in {"die", "bad"} and not {"ignore", "ok", "done"} & {
            actions.get(key, default) for key in ("authtok_err", "auth_err", "perm_denied")
        }

    @property
    def may_skip(self) -> bool:
        """Modules that stand behind it are not always asked."""
        return self.control == "sufficient" or bool(re.search(r"=(?:\d+|done)\b", self.control))

    def value(self, name: str) -> str | None:
        """The value of the last `name=value`."""
        given = [arg[len(name) + 1 :] for arg in self.args if arg.startswith(f"{name}=")]
        return given[-1] if given else None


@dataclass
class Stack:
    """The modules of one phase, from the file `root` on."""

    root: str
    entries: list[Entry] = field(default_factory=list)
    gaps: list[Citation] = field(default_factory=list)
    followed: int = 0

    def of(self, *modules: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.module in modules]


def name_of(section: Section) -> str:
    """The service that the file stands for: by its name on the host, else by what it is called."""
    if "/pam.d/" in section.path:
        return section.name
    called = section.name.lower()
    return next((name for name in NAMES if name in called), called)


def stacks(host: Host, phase: Phase, services: tuple[str, ...]) -> list[Stack]:
    """The stacks of the services that were handed in; without any, those of the common files."""
    files = {name_of(section): section for section in reversed(host.of("pam"))}
    roots = [name for name in services if name in files]
    roots = roots or [name for name in _COMMON[phase] if name in files]
    roots = roots or [name for name in files if name not in NAMES]
    found = []
    for root in roots:
        stack = Stack(root)
        _follow(files, root, phase, stack, 0)
        if stack.entries or stack.gaps:
            found.append(stack)
    return found


def _follow(files: dict[str, Section], name: str, phase: Phase, stack: Stack, depth: int) -> None:
    section = files[name]
    stack.followed += 1
    if not section.whole:
        stack.gaps.append(section.cite())
    for number, line in _joined(section):
        citation = section.cite(number)
        include = _INCLUDE.fullmatch(line)
        match = None if include or _MERGED.search(line) else _LINE.fullmatch(line)
        if include is None and match is None:
            stack.gaps.append(citation)
            continue
        if match and match["phase"] != phase:
            continue
        included = include["name"] if include else None
        if match and match["control"] in {"include", "substack"}:
            included = match["module"]
        if included is not None:
            target = included.rpartition("/")[2]
            if target not in files or depth >= MAX_DEPTH or stack.followed >= MAX_FILES:
                stack.gaps.append(citation)
            else:
                _follow(files, target, phase, stack, depth + 1)
        elif match:
            stack.entries.append(_entry(match, citation))


def _entry(match: re.Match[str], citation: Citation) -> Entry:
    args = match["args"].partition("#")[0]
    return Entry(
        match["control"],
        match["module"].rpartition("/")[2].removesuffix(".so"),
        tuple(one[1] or one[2] for one in _ARGUMENT.finditer(args)),
        citation,
    )


def _joined(section: Section) -> Iterator[tuple[int, str]]:
    """Lines, with those joined that a backslash continues; the number is that of the first."""
    begun: tuple[int, str] | None = None
    for number, line in section.active:
        text = f"{begun[1]} {line}" if begun else line
        first = begun[0] if begun else number
        if text.endswith("\\") and len(text) < 4000:
            begun = (first, text[:-1].rstrip())
        else:
            yield first, text
            begun = None
    if begun:
        yield begun
