"""`--watch`: looks again after each fix at what failed, and at everything once nothing fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import typer

from inventory.text import Text
from scanner.cli.speech import say
from scanner.evidence import printable

if TYPE_CHECKING:
    from rules.model import Finding
    from scanner.check.model import CheckResult
    from scanner.check.rounds import Progress

STOPPED = 130
UNATTENDED_S = 30
"""Between two looks where nobody can press Enter."""
LONGEST = 600


class Rounds(Protocol):
    """A device, or its files, that can be looked at more than once."""

    @property
    def may_log_in(self) -> bool:
        """No password was refused yet."""

    def whole(self) -> CheckResult:
        """Everything."""

    def again(self, before: CheckResult) -> CheckResult:
        """What failed before."""


def until_mended(
    rounds: Rounds,
    result: CheckResult,
    show: Callable[[CheckResult], None],
    every: int | None,
    wait: Callable[[int | None], None] | None = None,
) -> CheckResult:
    """The last whole look. Ctrl-C ends the command with 130 within seconds.

    A password that the device did not let in is not sent again: the watch ends there.
    """
    from scanner.check.rounds import progress, worth_watching  # noqa: PLC0415

    wait = wait or _wait
    try:
        while worth_watching(result) and rounds.may_log_in:
            left = result.failures
            while left and rounds.may_log_in:
                wait(every)
                now = progress(left, rounds.again(result))
                _tell(now)
                left = (*now.left, *now.untold)
            if rounds.may_log_in:
                result = rounds.whole()
                show(result)
    except (KeyboardInterrupt, EOFError):
        say(_STOPPED.vi, _STOPPED.en)
        raise typer.Exit(STOPPED) from None
    if not rounds.may_log_in:
        say(_NO_SECOND_LOGIN.vi, _NO_SECOND_LOGIN.en)
    return result


def _wait(every: int | None) -> None:
    """Until Enter is pressed, or for so many seconds."""
    if every is None and sys.stdin.isatty():
        say(_PRESS.vi, _PRESS.en)
        input()
        return
    time.sleep(every or UNATTENDED_S)


def _tell(now: Progress) -> None:
    for finding in now.mended:
        _line("✓", finding, _MENDED)
    for finding in now.left:
        _line("✗", finding, finding.reason)
    for finding in now.untold:
        _line("?", finding, _UNTOLD)


def _line(mark: str, finding: Finding, text: Text) -> None:
    account = finding.subject.id.partition("/")[2] if finding.subject.kind == "account" else ""
    about = f"{mark} {finding.requirement} {printable(account, 60)}".rstrip()
    say(f"{about}: {printable(text.vi, LONGEST)}", f"{about}: {printable(text.en, LONGEST)}")


_PRESS = Text(
    vi="Khắc phục xong thì nhấn Enter để kiểm tra lại (Ctrl-C để dừng).",
    en="Press Enter to look again once it is mended (Ctrl-C to stop).",
)
_STOPPED = Text(
    vi="Đã dừng theo dõi; kết quả đã có được giữ lại.",
    en="Stopped watching; what was done is kept.",
)
_MENDED = Text(vi="đã khắc phục", en="mended")
_UNTOLD = Text(
    vi="lần này chưa kiểm tra lại được nên vẫn coi là chưa khắc phục",
    en="could not be looked at this time, so it still counts as failed",
)
_NO_SECOND_LOGIN = Text(
    vi="Thiết bị không chấp nhận mật khẩu nên không thử lại (tránh làm khóa tài khoản). Hãy kiểm "
    "tra tài khoản rồi chạy lại lệnh này.",
    en="The device did not let the password in, and it is not tried again (accounts lock). Check "
    "the account and start the command anew.",
)
