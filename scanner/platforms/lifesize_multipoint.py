"""What a recorded dialogue with Lifesize UVC Multipoint says: JSON calls under `/uvcmcu/rest/`.

A recording holds the address, each question (`{"call":"NAME","params":{...}}`) and its answer, in
which `_rv` is the result code. Seen in one recording of 2014: planning of conferences only. What
such a dialogue tells of the device is what it is. The state of one conference that the client asks
for by its number says nothing about the others, and neither the version nor a setting of the whole
device was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.text import Text
from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms.several_documents import Told

MODEL = "UVC Multipoint"

_ADDRESS = re.compile(r"https?://[^\s/]{1,255}(?P<interface>/uvcmcu/rest/)")
_QUESTION = re.compile(r'"call"\s{0,4}:\s{0,4}"(?P<call>\w{1,80})"')
_STATE = re.compile(r'"state"\s{0,4}:\s{0,4}(?P<state>null\b|"[^"]{0,80}"|-?\d{1,9}\b)')
_ASKS_FOR_STATE = "GuiPlayer_getConferenceState"


def tell(document: Document) -> Told:
    """The model, where the interface's address stands; calls stay unknown."""
    told = Told()
    lines = document.lines if "/uvcmcu/rest/" in document.text else ()
    for number, line in enumerate(lines, start=1):
        address = _ADDRESS.search(line)
        if address is not None:
            # the rest of the address holds the number of a session
            told.facts["identity.model"] = Known(
                MODEL, (document.cite(number, address["interface"]),)
            )
            told.calls += [
                Unknown(_ONE_CONFERENCE, (document.cite(at, shown),))
                for at, shown in _states(lines)
            ]
            break
    return told


def _states(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Line and words of every answer about the state of a conference."""
    asked = ""
    for number, line in enumerate(lines, start=1):
        question = _QUESTION.search(line)
        if question is not None:
            asked = question["call"]
        elif asked == _ASKS_FOR_STATE and (state := _STATE.search(line)):
            yield number, state[0]


_ONE_CONFERENCE = Text(
    vi="chỉ thấy trạng thái của một cuộc họp được hỏi đích danh; không cho biết còn cuộc họp nào "
    "khác đang diễn ra hay không",
    en="only the state of one conference that was asked for by its number is shown; whether "
    "others are going on is not told",
)
