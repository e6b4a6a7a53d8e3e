"""Answers of a Meeting Server's command line as `name : value` fields with their lines.

A document is the answer to the command that it is named after, or a saved session in which each
answer stands below its prompt (`CMS> user list`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.part_of_document import original, part

KNOWN_COMMANDS = frozenset(
    {"user list", "user rule", "webadmin", "callbridge", "webbridge3", "h323_gateway", "ipv4 a"}
    | {"ntp server list", "ntp status", "syslog", "snmp", "tls webadmin"}
)
MAX_ANSWERS = 200
"""The newest of a session: some per account."""
NOTHING = frozenset({"none", "off", "not set", "unset", "disabled", "never", "any", "-", ""})
"""Words for a list or a rule that is not there."""

FIELD = re.compile(r"\s{0,8}(?P<name>[A-Za-z][A-Za-z0-9 _-]{0,60}?)\s*(?::|=)\s*(?P<value>.*?)\s*")
_BARE_FIELD = re.compile(r"\s{0,8}(?P<name>[a-z0-9]+(?:[_-][a-z0-9]+)+)\s+(?P<value>\S.*?)\s*")
_PROMPT = re.compile(r"[\w.-]{1,64}> ?(?P<command>[a-z][\w. -]{0,80})?\s{0,8}")
_REFUSED = re.compile(r"(?i)\s*(unknown command|usage:|permission denied|error\b|invalid)")


@dataclass(frozen=True, slots=True)
class Field:
    value: str
    document: Document
    line: int

    def cite(self) -> Citation:
        return self.document.cite(self.line)


class Answers:
    """The newest answer to every command, cut to whole lines."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.by_command: dict[str, Document] = {}
        self.unread: list[tuple[Document, UnreadLine]] = []
        self._contradicted: set[str] = set()
        for document in sorted(documents, key=lambda d: d.captured):
            for command, line, answered in _answers(document):
                self._keep(command, answered)
                if command not in KNOWN_COMMANDS and not command.startswith("user info "):
                    self._report(document, line, "not the answer to a command that is read here")

        for command in self._contradicted:
            del self.by_command[command]

    def _keep(self, command: str, answered: Document) -> None:
        """The newest counts; where two documents of the same moment differ, neither does."""
        before = self.by_command.get(command)
        self.by_command[command] = answered
        if before is None or original(before) is original(answered):
            return
        if before.captured < answered.captured:
            self._contradicted.discard(command)
        elif before.text.strip() != answered.text.strip():
            self._contradicted.add(command)

    def _report(self, document: Document, line: int, why: str) -> None:
        self.unread.append((document, UnreadLine(line, printable(document.lines[line - 1]), why)))

    def fields(self, command: str) -> Mapping[str, Field]:
        """`name : value` lines by name in lower case, `-` for spaces.

        A name that is given twice is the first; with different values it is not there.
        """
        document = self.by_command.get(command)
        found: dict[str, Field] = {}
        contradicted = set()
        if document is None or refused(document):
            return found
        for number, line in enumerate(whole_lines(document), 1):
            match = FIELD.fullmatch(line) or _BARE_FIELD.fullmatch(line)
            if match:
                name = "-".join(match["name"].lower().split())
                first = found.setdefault(name, Field(match["value"], document, number))
                if first.value != match["value"]:
                    contradicted.add(name)
        return {name: field for name, field in found.items() if name not in contradicted}


def _answers(document: Document) -> list[tuple[str, int, Document]]:
    """Every command that was answered, the line it stands on, and the answer; never empty.

    What stands before the first prompt of a session is no answer.
    """
    prompts = [
        (number, (match["command"] or "").strip())
        for number, line in enumerate(document.lines, 1)
        if (match := _PROMPT.fullmatch(line))
    ]
    if not any(command for _, command in prompts):
        return [(document.source, 1, document)]
    ends = [*(number for number, _ in prompts[1:]), len(document.lines) + 1]
    found: list[tuple[str, int, Document]] = []
    answered = [(*prompt, end) for prompt, end in zip(prompts, ends, strict=True) if prompt[1]]
    for number, command, end in answered[-MAX_ANSWERS:]:
        lines = {n: document.lines[n - 1] for n in range(number + 1, end)}
        # the last line of the document has no line end, or is empty
        is_last = end > len(document.lines)
        found.append((command, number, part(document, lines, ends_whole=not is_last)))
    return found


def refused(document: Document) -> bool:
    return bool(_REFUSED.match(document.text.lstrip("\n")[:200]))


def whole_lines(document: Document) -> tuple[str, ...]:
    """The lines without what follows the last line end: that was cut off."""
    return document.lines[:-1]


def missing(command: str) -> Unknown:
    return Unknown(
        Text(
            vi=f"máy chủ không trả lời lệnh “{command}” theo dạng đọc được",
            en=f"the server did not answer “{command}” in a form that can be read",
        )
    )


def not_understood(field: Field) -> Unknown:
    shown = printable(field.value, 40)
    return Unknown(
        Text(
            vi=f"không hiểu giá trị “{shown}”",
            en=f"the value “{shown}” is not understood",
        ),
        (field.cite(),),
    )


def truth(field: Field | None, command: str) -> Fact[bool]:
    if field is None:
        return missing(command)
    values = {"true": True, "enabled": True, "yes": True}
    values |= {"false": False, "disabled": False, "no": False}
    if field.value.lower() not in values:
        return not_understood(field)
    return Known(values[field.value.lower()], (field.cite(),))
