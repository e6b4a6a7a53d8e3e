"""What the command line of Lifesize room systems says: `get ...`, `status call active`.

The device repeats each command behind its prompt `$ `, gives rows of values between commas, an
empty line, and `ok,00` or `error,` with two hexadecimal digits. Messages about calls and the like
(`CS,...`, `IC,...`) may stand anywhere between. So an answer belongs to the command that stands
above it and not to the question that was asked last, and it counts only when its end is there.

Seen: the dialogue as public clients describe it that were used with Room and Team systems of
releases 4.7 and 4.8; no recording of a device. Some of the Icon series end their answers with other
words and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.several_documents import Told

CALLS = "status call active"
VERSION = "get system version"
MODEL = "get system model"
SERIAL = "get system serial-number"
NAME = "get system name"
UPTIME = "get system uptime"
AUTO_ANSWER = "get call auto-answer"
COMMANDS = (CALLS, VERSION, MODEL, SERIAL, NAME, UPTIME, AUTO_ANSWER)
"""Everything that is ever sent, in this order: whether a call is up comes first."""

_END = r"(?:ok|error),[0-9a-f]{2}[ \t]*$"
_MESSAGE = r"(?:CS|IC|PS|FC|MS|VC|SS),"
_DONE = re.compile(r"(?P<verb>ok|error),(?P<code>[0-9a-f]{2})")
_ASKED = re.compile(r"(?:\$ ?)+(?P<command>[a-z][^$]*)")
_PROMPT = re.compile(r"(?:\$ ?)+")
_ASYNCHRONOUS = re.compile(_MESSAGE)
_WORDS = ("ok,", "error,", CALLS)
"""A document without any of these holds no answer that tells something."""
_NO_CALL = frozenset({"0d", "0e", "11"})
"""Codes of `status call active`: no data, not in a call, no matching entries."""


def ends(command: str) -> str:
    """The regular expression for the end of the answer to the command.

    Either everything since the question is one answer, or the device repeated the command: the end
    of a message that came in between is not taken for it.
    """
    repeated = rf"^(?:\$ ?)*{re.escape(command)}[ \t]*\n(?:[^\n]*\n){{0,200}}?{_END}"
    alone = rf"\A(?:(?!\$|{_MESSAGE})[^\n]*\n){{0,200}}?{_END}"
    return rf"{repeated}|{alone}"


@dataclass
class Answer:
    """What followed one command."""

    command: str
    line: int | None
    """Where the command stands; None for an answer that the document holds without it."""
    rows: list[tuple[int, str]] = field(default_factory=list)
    code: str | None = None
    """`00` for success; None when the end is missing."""
    end: int | None = None
    interrupted: int | None = None
    """Line of a message that stands inside the answer; the end may then be that of the message."""


def answers(document: Document) -> Iterator[Answer]:
    """The answers of a dialogue, or of the one command that the document is named after."""
    lines = document.lines
    current: Answer | None = None
    if document.source in COMMANDS:
        current = Answer(document.source, None)
    for number, raw in enumerate(lines, start=1):
        line = raw.removeprefix("\ufeff").strip() if number == 1 else raw.strip()
        asked = _ASKED.fullmatch(line)
        if asked is not None or line in COMMANDS:
            # a cut dialogue goes on with the next command
            if current is not None and current.line is not None:
                yield current
            command = asked["command"] if asked is not None else line
            current = Answer(" ".join(command.split()), number)
        elif current is None or not line or _PROMPT.fullmatch(line):
            continue
        elif done := _DONE.fullmatch(line):
            current.code, current.end = done["code"], number
            yield current
            current = None
        elif _ASYNCHRONOUS.match(line):
            current.interrupted = number
        else:
            current.rows.append((number, line))
    if current is not None:
        yield current


def tell(document: Document) -> Told:
    """What one document of the command line tells, and the answers in it that are not read."""
    told = Told()
    unread: list[UnreadLine] = []
    if document.source not in COMMANDS and not any(word in document.text for word in _WORDS):
        return told
    for answer in answers(document):
        if answer.command == CALLS:
            told.calls.append(_calls(document, answer))
        elif answer.command in _READERS:
            for name, fact in _READERS[answer.command](document, answer).items():
                _add(told, name, fact)
        elif answer.line is not None and _is_a_question_of_others(answer.command):
            text = printable(document.lines[answer.line - 1])
            unread.append(UnreadLine(answer.line, text, _NO_FACT))
    told.unread = tuple(unread)
    return told


def _is_a_question_of_others(command: str) -> bool:
    """Somebody asked for something that hnth does not ask for; what was set is not looked at."""
    return command.startswith(("get ", "status ")) and command not in COMMANDS


def _add(told: Told, name: str, fact: Fact[Any]) -> None:
    """A second answer to the same command must say the same."""
    before = told.facts.get(name)
    if isinstance(before, Unknown):
        return
    if isinstance(before, Known) and isinstance(fact, Known):
        if before.value != fact.value:
            told.facts[name] = Unknown(_TWO_ANSWERS, before.citations + fact.citations)
    else:
        told.facts[name] = fact


_NO_FACT = "no fact is taken from the answer to this command"


# --- calls -------------------------------------------------------------------------------------


def _calls(document: Document, answer: Answer) -> Fact[int]:
    """The rows that are calls; zero only for a whole answer without any message in it."""
    calls = [number for number, row in answer.rows if re.match(r"\d{1,9},\d{1,9},\D", row)]
    if calls:
        return Known(len(calls), tuple(document.cite(number) for number in calls))
    if answer.code is None or answer.rows:
        lines = [number for number, _ in answer.rows][:3]
        return Unknown(_CALLS_UNREADABLE, tuple(document.cite(number) for number in lines))
    if answer.interrupted is not None:
        return Unknown(INTERRUPTED, (document.cite(answer.interrupted),))
    if answer.code != "00" and answer.code not in _NO_CALL:
        return Unknown(_REFUSED.format(command=CALLS), (document.cite(answer.end),))
    return Known(0, _both(document, answer.line, answer.end))


def _both(document: Document, *lines: int | None) -> tuple[Citation, ...]:
    return tuple(document.cite(number) for number in lines if number is not None)


# --- identity and settings ----------------------------------------------------------------------

RELEASE = r"(?:LS_[A-Za-z0-9]{1,8}_)?\d{1,4}(?:\.\d{1,5}){1,3}(?: \(\d{1,6}\))?"
"""`LS_RM1_4.7.18 (4)`: the series, the release, the build."""
_VERSION_ROW = re.compile(rf"Software Version[ \t]*,[ \t]*({RELEASE})[ \t]*(?:,.*)?", re.A)
_MODEL_ROW = re.compile(
    r"(?:LifeSize[,\s]+([A-Z][A-Za-z0-9 _-]{1,60})(?:,.*)?"
    r"|(?!LifeSize)([A-Z][A-Za-z0-9 _-]{1,60}))",
    re.ASCII,
)
_SWITCH_ROW = re.compile(r"(on|off)")
_SERIAL_ROW = re.compile(r"(?:[A-Za-z0-9-]{4,40},)?([A-Za-z0-9-]{4,40})", re.ASCII)


def _version(document: Document, answer: Answer) -> dict[str, Fact[Any]]:
    rows = [row for row in answer.rows if row[1].startswith("Software Version")]
    return _one(document, answer, rows, _VERSION_ROW, "software.version")


def _model(document: Document, answer: Answer) -> dict[str, Fact[Any]]:
    return _one(document, answer, answer.rows, _MODEL_ROW, "identity.model")


def _serial(document: Document, answer: Answer) -> dict[str, Fact[Any]]:
    """Of two numbers, the board's in front is left out: the second is the system's."""
    return _one(document, answer, answer.rows, _SERIAL_ROW, "identity.serial")


def _one(
    document: Document,
    answer: Answer,
    rows: Sequence[tuple[int, str]],
    form: re.Pattern[str],
    name: str,
) -> dict[str, Fact[Any]]:
    """The fact of the only row, when the answer is whole and the row has the known form."""
    if answer.code is None:
        return {name: Unknown(_CUT.format(command=answer.command))}
    if answer.code != "00":
        why = _REFUSED.format(command=answer.command)
        return {name: Unknown(why, _both(document, answer.end))}
    citations = tuple(document.cite(number) for number, _ in rows[:3])
    value = form.fullmatch(rows[0][1]) if len(rows) == 1 else None
    if value is None:
        return {name: Unknown(_NOT_UNDERSTOOD.format(command=answer.command), citations)}
    words = next(text for text in value.groups() if text)
    return {name: Known(" ".join(words.split()), citations)}


_SWITCH = {"on": True, "off": False}


def _auto_answer(document: Document, answer: Answer) -> dict[str, Fact[Any]]:
    told = _one(document, answer, answer.rows, _SWITCH_ROW, "call.auto_answer")
    fact = told["call.auto_answer"]
    if isinstance(fact, Known):
        told["call.auto_answer"] = Known(_SWITCH[fact.value], fact.citations)
    return told


_READERS = {VERSION: _version, MODEL: _model, SERIAL: _serial, AUTO_ANSWER: _auto_answer}


_CALLS_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi (status call active)",
    en="the call state (status call active) could not be read",
)
INTERRUPTED = Text(
    vi="thiết bị chen một thông báo vào câu trả lời về trạng thái cuộc gọi, nên không kết luận "
    "được là không có cuộc gọi",
    en="the device put a message into its answer about calls, so that there is no call cannot be "
    "concluded",
)
_REFUSED = Text(
    vi="thiết bị báo lỗi khi trả lời lệnh `{command}`",
    en="the device answers `{command}` with an error",
)
_CUT = Text(
    vi="câu trả lời cho lệnh `{command}` không trọn vẹn",
    en="the answer to `{command}` is not whole",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu câu trả lời cho lệnh `{command}`",
    en="the answer to `{command}` is not understood",
)
_TWO_ANSWERS = Text(
    vi="thiết bị trả lời cùng một câu hỏi theo hai cách khác nhau",
    en="the device answers the same question in two different ways",
)
