"""Whether an HDX system is in a call: `callinfo all`, `systemstatus.xml`, the setting `incall`."""

from __future__ import annotations

import re
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.polycom_hdx_lines import Said, answer_lines, is_xml
from scanner.platforms.xml_elements import elements

_ON = frozenset({"up", "on"})
_OFF = frozenset({"off", "down"})

_IDLE = re.compile(r"system is not in a call")
_BEGIN = re.compile(r"callinfo[ \t]+begin\b")
_END = re.compile(r"callinfo[ \t]+end\b")
_CALL = re.compile(r"callinfo:(\d{1,9}):")
_STATUS = re.compile(r"(inacall|autoanswerp2p)[ \t]{1,40}(online|offline)")
"""Two of the lines with which `status` answers."""


def listed_calls(document: Document) -> Fact[int] | None:
    """How many calls `callinfo all` lists; None when the document is no such answer.

    A list without its end may have held more calls, so it gives no number.
    """
    idle: list[Citation] = []
    calls: dict[str, Citation] = {}
    begun: Citation | None = None
    for number, line in answer_lines(document):
        if _BEGIN.search(line):
            begun = document.cite(number, line)
        for match in _CALL.finditer(line):
            calls.setdefault(match[1], document.cite(number, line))
        if _END.search(line):
            begun = None
        if _IDLE.search(line):
            idle.append(document.cite(number, line))
    if begun is not None:
        return Unknown(_LIST_CUT_OFF, (*calls.values(), begun))
    if calls:
        return Known(len(calls), tuple(calls.values()))
    return Known(0, (idle[0],)) if idle else None


def answered_status(document: Document) -> dict[str, Fact[Any]]:
    """What the lines of `status` say; nothing of a line that is there with two different words."""
    said: dict[str, dict[str, Citation]] = {}
    for number, line in answer_lines(document):
        if match := _STATUS.fullmatch(line):
            said.setdefault(match[1], {}).setdefault(match[2], document.cite(number, line))
    facts: dict[str, Fact[Any]] = {}
    for name, words in said.items():
        fact = "call.active" if name == "inacall" else "call.auto_answer"
        citations = tuple(words.values())
        if len(words) > 1:
            facts[fact] = Unknown(_TWICE.format(name=name), citations)
        elif name == "inacall":
            facts[fact] = Known(int("online" in words), citations)
        else:
            facts[fact] = Known("online" in words, citations)
    return facts


def flagged_call(said: Said) -> Fact[int] | None:
    """What the setting `incall` of a settings file says."""
    setting = said.settings.get("incall")
    word = setting.value.lower() if setting else ""
    if setting is None or word not in {"true", "false"}:
        return None
    return Known(int(word == "true"), (setting.citation,))


# --- systemstatus.xml ------------------------------------------------------------------------


def status_facts(document: Document) -> dict[str, Fact[Any]]:
    """Facts of a `systemstatus.xml`, whole or in part; {} for any other document."""
    if not is_xml(document):
        return {}
    seen: dict[str, list[tuple[str, str]]] = {}
    pending: list[tuple[str, str]] = []
    facts: dict[str, Fact[Any]] = {}
    for element in elements(document).found:
        if element.path[0].name != "SYSTEMSTATUS":
            return {}
        if len(element.path) == 2:
            name = element.path[1].name
            told = _of(name, pending, _cite(document, name, element.line))
            if seen.setdefault(name, pending) == pending:
                facts.update(told)
            else:
                facts.update({fact: Unknown(_TWICE.format(name=name)) for fact in told})
            pending = []
        elif element.is_leaf and len(element.path) > 2:
            pending.append((element.path[2].name, element.text))
    return facts


def _of(name: str, parts: list[tuple[str, str]], cited: Citation) -> dict[str, Fact[Any]]:
    words = [text.lower() for tag, text in parts if tag == "STATE"]
    if len(words) != 1 or words[0] not in _ON | _OFF:
        return {}
    state = words[0] in _ON
    if name == "INACALL":
        return {"call.active": Known(int(state), (cited,))}
    if name == "TIMESERVER":
        return {"ntp.synchronised": Known(state, (cited,))}
    if name == "AUTOANSWER":
        return {"call.auto_answer": _auto_answer(state, parts, cited)}
    return {}


def _auto_answer(state: bool, parts: list[tuple[str, str]], cited: Citation) -> Fact[Any]:
    """The message beside the state (`DND_OFF_AA_ON`) must not say otherwise."""
    message = " ".join(text for tag, text in parts if tag == "HELPLINE")
    said = re.search(r"\bDND_(?:ON|OFF)_AA_(ON|OFF)\b", message)
    if said and (said[1] == "ON") != state:
        return Unknown(_STATE_AND_MESSAGE, (cited,))
    return Known(state, (cited,))


def _cite(document: Document, name: str, line: int) -> Citation:
    text = document.lines[line - 1] if line <= len(document.lines) else ""
    if len(text) <= 200:
        return document.cite(line)
    found = re.search(rf"<{re.escape(name)}\b.{{0,600}}?</{re.escape(name)}>", text)
    return document.cite(line, found[0] if found else f"<{name}>")


_LIST_CUT_OFF = Text(
    vi="danh sách cuộc gọi của thiết bị (callinfo) bị cắt, nên không biết có bao nhiêu cuộc gọi",
    en="the device's list of calls (callinfo) is cut off, so the number of calls is not known",
)
_TWICE = Text(
    vi="trạng thái hệ thống ghi mục {name} nhiều lần với nội dung khác nhau",
    en="the system status gives {name} more than once with different contents",
)
_STATE_AND_MESSAGE = Text(
    vi="trạng thái và thông báo về tự động trả lời trong systemstatus.xml không khớp nhau",
    en="the state and the message about auto-answer in systemstatus.xml contradict each other",
)
