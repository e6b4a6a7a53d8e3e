"""Questions to the machine hnth runs on: programs, versions, settings, permissions."""

from __future__ import annotations

import codecs
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

SYSTEM_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Programs of the administrator are not on everybody's PATH, and anybody may run them."""

ANSWER_TIMEOUT_S = 15

_VERSION = re.compile(r"\d+(?:\.\d+)+\w*")


class Machine(Protocol):
    """What the doctor may ask; a test answers in its place."""

    def python(self) -> tuple[int, int, int]: ...

    def path_of(self, command: str) -> str | None:
        """Where the program is, also outside PATH; None when it is not installed."""

    def version(self, argv: Sequence[str]) -> str:
        """The first thing like a version in what the command prints; empty when there is none."""

    def attempt(self, argv: Sequence[str]) -> str | None:
        """None when the command succeeds, else the last line of its complaint."""

    def setting(self, name: str) -> str | None:
        """A kernel setting by its sysctl name; None where the kernel has no such setting."""

    def has_subordinate_ids(self) -> bool: ...

    def is_root(self) -> bool: ...

    def user(self) -> str: ...

    def variable(self, name: str) -> str | None: ...

    def encoding(self) -> str:
        """Of standard output: `utf-8`, ..."""

    def folder(self) -> str: ...

    def can_write(self, folder: str) -> bool: ...


class ThisMachine:
    """The machine itself. Nothing asked here changes anything on it."""

    def python(self) -> tuple[int, int, int]:
        return sys.version_info[:3]

    def path_of(self, command: str) -> str | None:
        return shutil.which(command, path=f"{os.environ.get('PATH', '')}:{SYSTEM_FOLDERS}")

    def version(self, argv: Sequence[str]) -> str:
        done = self._run(argv)
        if isinstance(done, str):
            return ""
        found = _VERSION.search(f"{done.stdout}\n{done.stderr}")
        return found.group() if found else ""

    def attempt(self, argv: Sequence[str]) -> str | None:
        done = self._run(argv)
        if isinstance(done, str):
            return done
        if done.returncode == 0:
            return None
        complaint = done.stderr.strip().splitlines()
        return complaint[-1] if complaint else f"{argv[0]}: {done.returncode}"

    def setting(self, name: str) -> str | None:
        try:
            return (Path("/proc/sys") / name.replace(".", "/")).read_text().strip()
        except OSError:
            return None

    def has_subordinate_ids(self) -> bool:
        return all(self._is_listed(Path("/etc") / name) for name in ("subuid", "subgid"))

    def is_root(self) -> bool:
        return os.geteuid() == 0

    def user(self) -> str:
        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:  # a container may run a number that has no name
            return str(os.geteuid())

    def variable(self, name: str) -> str | None:
        return os.environ.get(name)

    def encoding(self) -> str:
        return codecs.lookup(sys.stdout.encoding or "ascii").name

    def folder(self) -> str:
        return os.getcwd()

    def can_write(self, folder: str) -> bool:
        return os.access(folder, os.W_OK | os.X_OK)

    def _is_listed(self, file: Path) -> bool:
        try:
            lines = file.read_text().splitlines()
        except OSError:
            return False
        return any(line.split(":")[0] in {self.user(), str(os.geteuid())} for line in lines)

    def _run(self, argv: Sequence[str]) -> subprocess.CompletedProcess[str] | str:
        command = [self.path_of(argv[0]) or argv[0], *argv[1:]]
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=ANSWER_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
