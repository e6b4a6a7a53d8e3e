"""Answers to XML-RPC calls as values that know the line they stand on.

An answer is taken whole or not at all: one that breaks off gives no value. Entities and document
types are refused; depth and number of elements are bounded (see `xml_elements`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.evidence import Document, printable
from scanner.platforms.xml_elements import elements


@dataclass(frozen=True, slots=True)
class Value:
    kind: str
    """`int`, `boolean`, `string`, `struct`, `array`, ...; `i4` is `int`, no type is `string`."""
    text: str
    line: int
    members: Mapping[str, Value] = field(default_factory=dict)
    """Of a struct, by name; a name that is given twice is not here."""
    items: tuple[Value, ...] = ()
    """Of an array."""

    @property
    def truth(self) -> bool | None:
        """None when this is no boolean."""
        words = {"1": True, "true": True, "0": False, "false": False}
        return words.get(self.text.lower()) if self.kind == "boolean" else None

    @property
    def number(self) -> int | None:
        digits = self.text.isascii() and self.text.isdecimal() and len(self.text) < 10
        return int(self.text) if self.kind == "int" and digits else None


@dataclass(frozen=True, slots=True)
class Answer:
    value: Value | None
    """What the call gave back; None for a fault and for an answer that could not be read."""
    fault: str = ""
    """Why the call was refused, in the device's words."""
    fault_code: int | None = None
    """The number of that reason, where the device gives one."""
    error: str = ""
    """Why the answer could not be read."""


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    text: str
    line: int
    below: tuple[_Node, ...]

    def one(self, name: str) -> _Node | None:
        """The child of this name when there is exactly one."""
        found = [node for node in self.below if node.name == name]
        return found[0] if len(found) == 1 else None


def answer(document: Document) -> Answer:
    """Never raises."""
    read = elements(document)
    if read.error:
        return Answer(None, error=read.error)
    waiting: list[tuple[int, _Node]] = []
    for element in read.found:
        depth = len(element.path)
        below = []
        while waiting and waiting[-1][0] == depth + 1:
            below.append(waiting.pop()[1])
        name = element.path[-1].name
        node = _Node(name, element.text, element.line, tuple(reversed(below)))
        waiting.append((depth, node))
    root = waiting[-1][1] if waiting else None
    if root is None or root.name != "methodResponse":
        return Answer(None, error="not an answer to an XML-RPC call")
    return _answer(root)


def _answer(root: _Node) -> Answer:
    fault = root.one("fault")
    if fault is not None:
        given = _value(fault.one("value"))
        members = given.members if given else {}
        words, code = members.get("faultString"), members.get("faultCode")
        reason = printable(words.text) if words else ""
        return Answer(None, reason or "no reason given", code.number if code else None)
    params = root.one("params")
    param = params.one("param") if params else None
    value = _value(param.one("value")) if param else None
    return Answer(value, error="" if value else "an answer without a value")


def _value(node: _Node | None) -> Value | None:
    if node is None or len(node.below) > 1:
        return None
    if not node.below:
        return Value("string", node.text, node.line)
    typed = node.below[0]
    if typed.name == "struct":
        return Value("struct", "", typed.line, members=_members(typed))
    if typed.name == "array":
        data = typed.one("data")
        items = [_value(item) for item in data.below if item.name == "value"] if data else []
        known = tuple(item for item in items if item is not None)
        # an array with an item that makes no sense would look shorter than it is
        return Value("array", "", typed.line, items=known) if len(known) == len(items) else None
    kind = "int" if typed.name == "i4" else typed.name
    return Value(kind, typed.text, typed.line)


def _members(struct: _Node) -> dict[str, Value]:
    members: dict[str, Value] = {}
    doubled = set()
    for member in struct.below:
        name, value = member.one("name"), _value(member.one("value"))
        if member.name != "member" or name is None or value is None:
            continue
        if name.text in members:
            doubled.add(name.text)
        members[name.text] = value
    return {name: value for name, value in members.items() if name not in doubled}
