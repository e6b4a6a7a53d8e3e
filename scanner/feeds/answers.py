"""What is known of one device's software, as `hnth feeds match` prints it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from inventory.text import Text
from rules.patches.advisories import Advisories
from rules.patches.grammars import Release, sort_key
from rules.patches.matching import match, why_nothing
from rules.patches.model import Installed, Newest, Verdict
from rules.patches.newest import newest

LONGEST_LINE = 100_000
LONGEST_FIELD = 300

AFFECTED, CLEAN, UNTOLD, BAD = 1, 0, 3, 2


@dataclass(frozen=True, slots=True)
class Question:
    """A device as it is asked about. Empty text = not said."""

    device: str
    """Name or model."""
    version: str
    family: str = ""


class BadQuestion(Exception):
    """The line is no question. `reason` says what was expected."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    document: dict[str, Any]
    status: int
    """Exit status that this answer alone would give."""


def question(line: str) -> Question:
    """The question in one JSON line: device and version, family if it is known."""
    try:
        raw = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        raise BadQuestion(_NO_JSON) from None
    if not isinstance(raw, dict):
        raise BadQuestion(_NO_JSON)
    fields = {name: raw.get(name) for name in ("device", "model", "family", "version")}
    for name, value in fields.items():
        if value is not None and (not isinstance(value, str) or len(value) > LONGEST_FIELD):
            raise BadQuestion(_NO_TEXT.format(name=name))
    if fields["version"] is None:
        raise BadQuestion(_MISSING.format(name="version"))
    device = fields["device"] or fields["model"] or ""
    if not device and not fields["family"]:
        raise BadQuestion(_MISSING.format(name="device"))
    return Question(device, fields["version"], fields["family"] or "")


def answer(asked: Question, advisories: Advisories, today: date, lang: str) -> Answer:
    """Everything that is known of the device, and in `why` what cannot be told."""
    family = _family(asked, advisories)
    if isinstance(family, Text):
        return Answer(_untold(family.in_language(lang)), UNTOLD)
    installed = Installed(family, asked.version, asked.device)
    verdicts, latest = match(installed, advisories), newest(installed, advisories, today)
    nothing = why_nothing(installed, advisories)
    reasons = [why.in_language(lang) for why in (nothing, latest.why) if why is not None]
    undecided = sum(one.status == "unknown" for one in verdicts)
    if undecided and nothing is None:
        reasons.append(_UNDECIDED.format(n=undecided).in_language(lang))
    document = {
        "family": family,
        **_newest(latest),
        "update_to": _update_to(verdicts, installed, advisories),
        "vulnerabilities": [_vulnerability(one, lang) for one in verdicts],
        "why": "; ".join(dict.fromkeys(reasons)) or None,
    }
    return Answer(document, _status(verdicts))


def refused(reason: Text, lang: str) -> Answer:
    """The answer to a line that is no question."""
    return Answer(_untold(reason.in_language(lang)), BAD)


def _status(verdicts: tuple[Verdict, ...]) -> int:
    statuses = {one.status for one in verdicts}
    if "affected" in statuses:
        return AFFECTED
    return UNTOLD if not statuses or "unknown" in statuses else CLEAN


def _family(asked: Question, advisories: Advisories) -> str | Text:
    """The family that is meant; a name that may be several is told apart by the version."""
    table = advisories.families
    if not asked.family:
        meant = table.resolve(asked.device, asked.version)
        return meant.family if meant else _NOT_KNOWN.format(device=asked.device)
    known = table.get(asked.family)
    if known is not None:
        return known.id
    may = table.of_platform(asked.family.casefold())
    fits = [one for one in may if isinstance(table.parse(one, asked.version), Release)]
    if len(fits) == 1:
        return fits[0]
    if len(may) == 1:
        return may[0]
    return _NO_FAMILY.format(family=asked.family)


def _untold(why: str) -> dict[str, Any]:
    unknown = _newest(Newest("unknown"))
    return {"family": None, **unknown, "update_to": None, "vulnerabilities": [], "why": why}


def _update_to(
    verdicts: tuple[Verdict, ...], installed: Installed, advisories: Advisories
) -> str | None:
    """The highest of the releases that fix what affects the device: it fixes each of those."""
    needed = {one.fixed_in for one in verdicts if one.status == "affected" and one.fixed_in}
    read = [(advisories.families.parse(installed.family, text), text) for text in needed]
    known = [(sort_key(one), text) for one, text in read if isinstance(one, Release)]
    return max(known)[1] if known and len(known) == len(read) else None


def _newest(latest: Newest) -> dict[str, Any]:
    entry = latest.latest
    return {
        "newest": latest.version or None,
        "is_newest": {"newest": True, "older": False, "unknown": None}[latest.state],
        "newest_released": str(entry.released) if entry and entry.released else None,
        "newest_source": entry.source if entry else None,
        "support_ended": latest.support_ended,
    }


def _vulnerability(one: Verdict, lang: str) -> dict[str, Any]:
    return {
        "cve": one.cve,
        "status": one.status,
        "decided_by": one.decided_by,
        "range": one.range or None,
        "condition": one.condition or None,
        "way": None if one.way == "none" else one.way,
        "fixed_in": one.fixed_in or None,
        "base_score": one.base_score,
        "exploited_since": str(one.exploited_since) if one.exploited_since else None,
        "contradicted_by": [
            {"source": other.source, "status": other.status} for other in one.contradicted_by
        ],
        "why": one.why.in_language(lang) if one.why else None,
        "source": one.url or None,
        "feed": one.feed or None,
    }


_NO_JSON = Text(
    vi='dòng này không phải đối tượng JSON; cần dạng {"device": "…", "version": "…"}',
    en='the line is no JSON object; it should be like {"device": "…", "version": "…"}',
)
_NO_TEXT = Text(
    vi="{name} phải là chữ trong ngoặc kép, không quá dài",
    en="{name} has to be text in quotes, not too long",
)
_MISSING = Text(vi="thiếu {name}; hãy bổ sung", en="{name} is missing; add it")
_NOT_KNOWN = Text(
    vi="không biết thiết bị {device} thuộc dòng nào; hãy nêu family",
    en="which family {device} belongs to is not known; name the family",
)
_NO_FAMILY = Text(
    vi="không biết dòng thiết bị {family}, hoặc phiên bản không thuộc dòng nào của tên này",
    en="the family {family} is not known, or the version fits none that the name may mean",
)
_UNDECIDED = Text(
    vi="{n} lỗ hổng chưa kết luận được cho phiên bản này",
    en="{n} vulnerabilities cannot be decided for this release",
)
