"""Answers of a Meeting Server's API as its own log quotes them.

Every line of a quoted answer carries the same head, `... API trace <number>: `; requests and the
answers to them share the number. Seen: a trace of 2.0(RC).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.facts import Citation
from scanner.evidence import Document
from scanner.platforms.part_of_document import Part, part

_QUOTED = re.compile(r".{0,300}?\bAPI trace (?P<number>\d{1,9}): ?(?P<text>.*)")
_REALM = re.compile(r'(?i)WWW-Authenticate: Basic realm="acano"')
MAX_ANSWERS = 200
"""The newest of a log. Each part holds an empty line for every line before it."""


def is_trace(document: Document) -> bool:
    return any(_QUOTED.fullmatch(line) for line in document.lines[:50])


def quoted_answers(document: Document) -> Sequence[Part]:
    """Each answer that the log quotes, in their order; requests and heads of answers left out."""
    answers: dict[str, dict[int, str]] = {}
    for number, line in enumerate(document.lines[:-1], 1):
        match = _QUOTED.fullmatch(line)
        if match and (match["text"].lstrip().startswith("<") or match["number"] in answers):
            answers.setdefault(match["number"], {})[number] = match["text"]
    return [part(document, lines) for lines in list(answers.values())[-MAX_ANSWERS:]]


def refused_login(document: Document) -> Citation | None:
    """The line in which the server names itself to somebody who did not log in."""
    for number, line in enumerate(document.lines[:-1], 1):
        match = _QUOTED.fullmatch(line)
        if match and _REALM.search(match["text"]):
            return document.cite(number)
    return None
