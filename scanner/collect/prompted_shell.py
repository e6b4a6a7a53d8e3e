"""A command line that ends every answer with its prompt, as those of network devices do.

The line is only typed at: commands of the family's allowlist, and the key that turns a pager's
page. No privileged or configuration mode is entered and no setting changed, not even of the
session; netmiko's drivers do (they write the console settings of a FortiGate, the terminal width of
an ASA), so these dialects are spoken here. What the account may not see is answered with the
device's error text, which stays in the answer.
"""

from __future__ import annotations

import re
import time
from typing import Protocol

import paramiko

from inventory.text import Text
from scanner.collect.errors import CollectError
from scanner.collect.redact import redact
from scanner.collect.shell_dialects import (
    LAST_PAGE,
    LEAVE_PAGER,
    NEXT_PAGE,
    PAGER,
    PromptDialect,
)
from scanner.collect.ssh_session import Session, broken, silent, too_long
from scanner.collect.terminal_text import shown
from scanner.evidence import MAX_BYTES, Document, printable

SETTLE_S = 0.3
"""Silence behind the prompt that makes it the end: the same words inside an answer go on."""
CHANGED_S = 3.0
"""The same behind a line that looks like a prompt and is not the one of before."""
PATIENCE = 10
"""An answer may take so many times the time limit, as long as the device goes on talking."""
_TICK_S = 0.01
_ECHO_LINES = 12
_LAST = 2048
"""Characters of an unfinished line in which a prompt or a pager's mark is looked for."""


class Keyboard(Protocol):
    """Characters to and from a shell."""

    def read(self) -> str:
        """What has arrived since, perhaps nothing. Raises EOFError when the shell is gone."""

    def press(self, keys: str) -> None:
        """The keys are sent as they are."""

    def close(self) -> None:
        """The terminal is given up; nothing is sent for that."""


class PromptedLine:
    """A `CommandLine` whose answers end with a prompt. After a failed answer it refuses to go on,
    because the rest of that answer would be taken for the next one.
    """

    def __init__(self, keyboard: Keyboard, dialect: PromptDialect, session: Session) -> None:
        self._keyboard = keyboard
        self._dialect = dialect
        self._session = session
        self._prompt: str | None = None
        self._lost: CollectError | None = None
        self._hung_up = False

    def greet(self) -> None:
        """The device waits for commands and its prompt is known."""
        answer = _Answer()
        try:
            self._read(answer, "login", None)
        except (EOFError, OSError, paramiko.SSHException) as error:
            raise broken(self._session.endpoint, "login") from error
        except CollectError as error:
            raise self._no_prompt(answer.last) if answer.last.strip() else error from error

    def run(self, command: str, *, until: str | None = None) -> Document:
        """`until` ends the answer too, where a line that is not finished matches it."""
        if self._lost is not None:
            raise self._lost
        self._session.announce(command)
        prompt, answer = self._prompt or "", _Answer()
        try:
            self._drop_leftovers(command)
            self._keyboard.press(command + self._dialect.enter)
            self._read(answer, command, re.compile(until) if until else None)
        except (EOFError, OSError, paramiko.SSHException) as error:
            self._lost = broken(self._session.endpoint, command)
            raise self._lost from error
        except CollectError as error:
            self._lost = error
            raise
        lines = _without_echo(answer.lines, command, prompt)
        content = "".join(f"{line}\n" for line in self._without_above(lines))
        return self._session.document(command, content.encode(errors="replace"))

    def hang_up(self) -> None:
        """Whoever waits for an answer gets an error; may be called from another thread."""
        self._hung_up = True

    def close(self) -> None:
        """Nothing is sent any more; closing the connection is up to who opened it."""
        self._keyboard.close()

    def _drop_leftovers(self, command: str) -> None:
        dropped = 0
        while text := self._keyboard.read():
            dropped += len(text)
            if dropped > MAX_BYTES:
                raise too_long(self._session.endpoint, command)

    def _read(self, answer: _Answer, command: str, until: re.Pattern[str] | None) -> None:
        """Everything up to the prompt, which is learned anew. Raises CollectError when none comes.

        Silence for the time limit ends the wait, as does an answer that takes far too long.
        """
        limit_s = self._session.endpoint.command_timeout_s
        begun = heard = time.monotonic()
        while True:
            text = self._keyboard.read()
            now = time.monotonic()
            if text:
                heard = now
                answer.add(text)
                if answer.size > MAX_BYTES:
                    raise too_long(self._session.endpoint, command)
                if until is not None and until.search(answer.last):
                    return
            if self._hung_up:
                raise EOFError
            if now - heard > limit_s or now - begun > PATIENCE * limit_s:
                raise silent(self._session.endpoint, command)
            if self._ends(answer.last.strip(), now - heard):
                self._prompt = answer.last.strip()
                return
            self._turn_page(answer, now - heard)
            if not text:
                time.sleep(_TICK_S)

    def _ends(self, last: str, quiet_s: float) -> bool:
        if not last or quiet_s < SETTLE_S:
            return False
        if last == self._prompt:
            return True
        known = self._prompt is not None
        return quiet_s >= (CHANGED_S if known else SETTLE_S) and bool(
            self._dialect.prompt.fullmatch(last)
        )

    def _turn_page(self, answer: _Answer, quiet_s: float) -> None:
        """The pager is answered where it waits; its mark is no part of the answer."""
        last = answer.last.strip()
        if PAGER.fullmatch(last):
            answer.forget_last()
            self._keyboard.press(NEXT_PAGE)
        elif self._dialect.leaves_pager and quiet_s >= SETTLE_S and LAST_PAGE.fullmatch(last):
            answer.forget_last()
            self._keyboard.press(LEAVE_PAGER)

    def _without_above(self, lines: list[str]) -> list[str]:
        """The answer without the line above the prompt, and without empty lines at its end."""
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        if lines and self._dialect.above and self._dialect.above.fullmatch(lines[-1].strip()):
            return self._without_above(lines[:-1])
        return lines

    def _no_prompt(self, last: str) -> CollectError:
        said = redact(last.encode(errors="replace"), self._session.endpoint.secrets)
        what = printable(said.decode(errors="replace"), 80)
        where = self._session.endpoint
        return CollectError(
            Text(
                vi=f"{where} đã cho đăng nhập nhưng không hiện dấu nhắc lệnh mà dừng ở “{what}”;"
                " hãy đăng nhập bằng tay một lần để trả lời, hoặc kiểm tra loại thiết bị đã khai",
                en=f"{where} let the account in and showed no prompt but stopped at “{what}”; log"
                " in by hand once and answer, or check the platform that is declared",
            )
        )


class _Answer:
    """What has been said: the lines that are finished, and the one that is not."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.size = 0
        self._raw = ""
        self._last: str | None = ""

    def add(self, text: str) -> None:
        self.size += len(text)
        *finished, self._raw = (self._raw + text).split("\n")
        self.lines += [shown(line) for line in finished]
        self._last = None

    @property
    def last(self) -> str:
        """The end of the line that is not finished."""
        if self._last is None:
            self._last = shown(self._raw[-_LAST:])
        return self._last

    def forget_last(self) -> None:
        self._raw, self._last = "", ""


def _without_echo(lines: list[str], command: str, prompt: str) -> list[str]:
    """The lines behind the command that the terminal repeated.

    Line editors repeat the prompt with it, and PAN-OS a line for every word that was completed.
    """
    for number, line in enumerate(lines[:_ECHO_LINES]):
        said = line.strip().removeprefix(prompt).strip()
        if said == command:
            return lines[number + 1 :]
        if not command.startswith(said):
            break
    return lines
