"""Findings as workflow commands of GitHub Actions, which show them beside the lines changed.

GitHub keeps the first ten annotations of each level in a step and drops the rest without a word.
So the gravest come first, and where there are more, the tenth says how many follow in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports import found as saying
from reports.found import Found, Level, Place, Remark
from reports.one_line import one_line
from rules.model import Outcome

MOST = 10
"""Annotations of one level in one step."""

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: Level
    title: str
    text: str
    place: Place | None


def render(found: Found, lang: str) -> str:
    """Annotations first, then as plain lines of the log whatever found no room among them."""
    remarks = found.all_remarks
    annotations = [
        *_remarks((one for one in remarks if one.kind != "unread-line"), lang),
        *_faults(found, lang),
        *_remarks((one for one in remarks if one.kind == "unread-line"), lang),
    ]
    lines: list[str] = []
    rest: list[_Annotation] = []
    for level in _COMMANDS:
        of_level = [one for one in annotations if one.level == level]
        room = MOST if len(of_level) <= MOST else MOST - 1
        lines += [_command(one) for one in of_level[:room]]
        rest += of_level[room:]
        if of_level[room:]:
            lines.append(_command(_more(level, len(of_level) - room, lang)))
    lines += [_in_log(one) for one in rest]
    lines.append(_counts(found))
    return "\n".join(lines) + "\n"


def _remarks(remarks: Iterable[Remark], lang: str) -> Iterator[_Annotation]:
    for remark in remarks:
        text = one_line(remark.text.in_language(lang))
        yield _Annotation(remark.level, f"hnth {remark.kind}", text, remark.place)


def _faults(found: Found, lang: str) -> Sequence[_Annotation]:
    return [
        _Annotation(
            saying.level(finding),
            saying.headline(finding, lang),
            saying.statement(finding, lang)
            + (f" → {saying.remedy(finding, lang)}" if finding.outcome is Outcome.FAIL else ""),
            found.place(finding),
        )
        for finding in found.faults
    ]


def _command(one: _Annotation) -> str:
    properties = []
    if one.place is not None:
        properties.append(f"file={_property(one.place.file)}")
        if one.place.line is not None:
            properties.append(f"line={one.place.line}")
    properties.append(f"title={_property(one.title)}")
    return f"::{_COMMANDS[one.level]} {','.join(properties)}::{_data(one.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _in_log(one: _Annotation) -> str:
    """A line that starts with a word of ours, and so is no command."""
    place = "" if one.place is None else f"{one.place} "
    return f"{_COMMANDS[one.level]}: {place}{one.title}: {one.text}"


def _more(level: Level, number: int, lang: str) -> _Annotation:
    vi = f"còn {number} mục cùng mức; xem nhật ký của bước này"
    en = f"{number} more of this level; see the log of this step"
    return _Annotation(level, "hnth", vi if lang == "vi" else en, None)


def _counts(found: Found) -> str:
    return "hnth: " + ", ".join(f"{outcome} {found.count(outcome)}" for outcome in Outcome)
