"""Answers of a Meeting Server's command line as `name : value` fields with their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable

KNOWN_COMMANDS = frozenset(
    {"user list", "user rule", "webadmin", "callbridge", "webbridge3", "h323_gateway", "ipv4 a"}
    | {"ntp server list", "ntp status", "syslog", "snmp", "tls webadmin"}
)
NOTHING = frozenset({"none", "off", "not set", "unset", "disabled", "never", "any", "-", ""})
"""Words for a list or a rule that is not there."""

FIELD = re.compile(r"\s{0,8}(?P<name>[A-Za-z][A-Za-z0-9 _-]{0,60}?)\s*(?::|=)\s*(?P<value>.*?)\s*")
_BARE_FIELD = re.compile(r"\s{0,8}(?P<name>[a-z0-9]+(?:[_-][a-z0-9]+)+)\s+(?P<value>\S.*?)\s*")
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
        for document in sorted(documents, key=lambda d: d.captured):
            command = _command(document)
            self.by_command[command] = document
            if command not in KNOWN_COMMANDS and not command.startswith("user info "):
                self._report(document, "not the answer to a command that is read here")

    def _report(self, document: Document, why: str) -> None:
        self.unread.append((document, UnreadLine(1, printable(document.lines[0]), why)))

    def fields(self, command: str) -> Mapping[str, Field]:
        """`name : value` lines by name in lower case, `-` for spaces; the first of each name."""
        document = self.by_command.get(command)
        found: dict[str, Field] = {}
        if document is None or refused(document):
            return found
        for number, line in enumerate(whole_lines(document), 1):
            match = FIELD.fullmatch(line) or _BARE_FIELD.fullmatch(line)
            if match:
                name = "-".join(match["name"].lower().split())
                found.setdefault(name, Field(match["value"], document, number))
        return found


def _command(document: Document) -> str:
    """The command that was answered: the document's name, or the prompt in a saved transcript."""
    first = re.fullmatch(r"[\w.-]{1,64}> ?(?P<command>[a-z][\w. -]{0,80})", document.lines[0])
    return first["command"].strip() if first else document.source


def refused(document: Document) -> bool:
    return bool(_REFUSED.match(document.text[:200]))


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
