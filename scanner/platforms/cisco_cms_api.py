"""What the REST API of a Meeting Server tells: version, calls, media encryption.

Answers are read as they came, and as a log of the server (`API trace`) quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.cisco_cms_trace import is_trace, quoted_answers, refused_login
from scanner.platforms.model import Reading
from scanner.platforms.part_of_document import original
from scanner.platforms.xml_elements import Element, elements

ROOTS = frozenset(
    {"status", "calls", "call", "callLeg", "profiles", "callLegProfiles", "callLegProfile"}
    | {"outboundDialPlanRules", "outboundDialPlanRule"}
)

ENCRYPTION = {"optional": "best-effort", "required": "required", "prohibited": "off"}
SIGNALLING = {"auto": "best-effort", "encrypted": "required", "unencrypted": "off"}
"""`sipControlEncryption` of a rule for calls that go out."""
LIVE_STATES = frozenset({"initial", "ringing", "connected", "onHold"})
"""States of a call leg in which it belongs to a call."""
STRENGTH = ("off", "best-effort", "required")

_NO_STATUS = Text(
    vi="máy chủ không đưa ra trạng thái hệ thống qua API",
    en="the server gave no system status through its API",
)
_NO_CALL_COUNT = Text(
    vi="máy chủ không cho biết số cuộc gọi đang diễn ra",
    en="the server does not tell how many calls are up",
)
_NO_PROFILE = Text(
    vi="hồ sơ cuộc gọi của hệ thống không quy định mã hóa phương tiện",
    en="the system's call leg profile does not set media encryption",
)
_PROFILES_MISSING = Text(
    vi="chưa đọc được mọi hồ sơ cuộc gọi nên không biết hồ sơ yếu nhất",
    en="not every call leg profile could be read, so the weakest is not known",
)


_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_NO_RULES = Text(
    vi="chưa đọc danh sách quy tắc gọi ra (outboundDialPlanRules) của máy chủ",
    en="the server's list of rules for outgoing calls (outboundDialPlanRules) was not read",
)
_RULES_MISSING = Text(
    vi="chưa đọc được mọi quy tắc gọi ra nên không biết quy tắc yếu nhất",
    en="not every rule for outgoing calls could be read, so the weakest is not known",
)


def is_answer(document: Document) -> bool:
    """An answer of the API; everything else comes from the command line."""
    is_xml = document.text[:2000].lstrip("\ufeff \r\n\t").startswith("<")
    return document.source.startswith("GET ") or is_xml or is_trace(document)


def profile_ids(documents: Sequence[Document]) -> tuple[str, ...]:
    """Ids of the call leg profiles that the documents name: the system's own first."""
    parts = _Answers(documents)
    ids = [element.text for element, _ in parts.leaves("profiles", "callLegProfile")]
    ids += [e.attributes.get("id", "") for e, _ in parts.below("callLegProfiles", "callLegProfile")]
    return tuple(dict.fromkeys(i for i in ids if _ID.fullmatch(i)))


def rule_ids(documents: Sequence[Document]) -> tuple[str, ...]:
    """Ids of the rules for calls that go out, in the order of the list."""
    rules = _Answers(documents).below("outboundDialPlanRules", "outboundDialPlanRule")
    ids = [element.attributes.get("id", "") for element, _ in rules]
    return tuple(dict.fromkeys(i for i in ids if _ID.fullmatch(i)))


def read(documents: Sequence[Document]) -> Reading:
    parts = _Answers(documents)
    version = _version(parts)
    names_itself = isinstance(version, Known) or bool(parts.realm)
    proof = version.citations if isinstance(version, Known) else parts.realm
    facts: dict[str, Fact[Any]] = {
        "identity.vendor": Known("Cisco", proof) if names_itself else Unknown(_NO_STATUS),
        "identity.family": Known("cisco-cms", proof) if names_itself else Unknown(_NO_STATUS),
        "identity.model": (
            Known("Cisco Meeting Server", version.citations)
            if isinstance(version, Known)
            else Unknown(_NO_STATUS)
        ),
        "software.version": version,
        "call.active": _active(parts),
        "call.encryption": _encryption(parts),
        "sip.encryption": _signalling(parts),
    }
    return Reading(facts, tuple(parts.unread))


class _Answers:
    """The elements of all answers, and what was not read."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.found: dict[tuple[str, ...], list[tuple[Element, Document]]] = {}
        """By the names from the root to the element."""
        self.whole: set[str] = set()
        """Names of the root elements whose documents were read to their end."""
        self.unread: list[tuple[Document, UnreadLine]] = []
        self.broken = False
        """Some answer could not be read to its end."""
        self.realm: tuple[Citation, ...] = ()
        """Where the server names itself to somebody who did not log in."""
        answers: list[Document] = []
        for document in sorted(documents, key=lambda d: d.captured):
            if not is_trace(document):
                answers.append(document)
                continue
            quoted = quoted_answers(document)
            realm = refused_login(document)
            self.realm += (realm,) if realm else ()
            if not quoted and realm is None:
                self._report(document, 1, "a log that quotes no answer of this API")
            answers += quoted
        self._read(answers)

    def _report(self, document: Document, line: int, why: str) -> None:
        whole = original(document)
        text = whole.lines[line - 1] if line <= len(whole.lines) else ""
        self.unread.append((whole, UnreadLine(line, printable(text), why)))

    def _read(self, documents: Sequence[Document]) -> None:
        for document in documents:
            read_now = elements(document)
            roots = {element.path[0].name for element in read_now.found}
            self.broken = self.broken or bool(read_now.error)
            for element in read_now.found:
                path = tuple(step.name for step in element.path)
                self.found.setdefault(path, []).append((element, document))
            why = read_now.error or ("" if roots & ROOTS else "not an answer of this API")
            if why:
                self._report(document, read_now.line, why)
            else:
                self.whole |= roots

    def below(self, *path: str) -> list[tuple[Element, Document]]:
        return self.found.get(path, [])

    def leaves(self, *path: str) -> list[tuple[Element, Document]]:
        return [(element, document) for element, document in self.below(*path) if element.is_leaf]

    def newest(self, *path: str) -> tuple[Element, Document] | None:
        """None also when two documents of the same moment differ, or one answer in itself."""
        leaves = self.leaves(*path)
        several = _of_the_last_moment(leaves)
        answers = {id(document) for _, document in several}
        told = {element.text for element, document in leaves if id(document) in answers}
        return several[-1] if len(told) == 1 else None


def _of_the_last_moment(
    places: Sequence[tuple[Element, Document]],
) -> list[tuple[Element, Document]]:
    """The last place of each document among the newest ones."""
    last = max((document.captured for _, document in places), default=None)
    of_document = {id(original(d)): (e, d) for e, d in places if d.captured == last}
    return list(of_document.values())


def _cite(place: tuple[Element, Document]) -> Citation:
    element, document = place
    return document.cite(element.line)


def _version(parts: _Answers) -> Fact[str]:
    place = parts.newest("status", "softwareVersion")
    if place is None:
        return Unknown(_NO_STATUS)
    if not re.fullmatch(r"[0-9][\w.() -]{0,60}", place[0].text):
        return Unknown(_NO_STATUS, (_cite(place),))
    return Known(place[0].text, (_cite(place),))


def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _active(parts: _Answers) -> Fact[int]:
    """The largest number of calls or legs of a call that any answer tells of.

    0 only when both the status and the list of calls say so, or the status alone where no list
    was asked for: the list knows calls whose legs are still being set up.
    """
    legs = _of_the_last_moment(parts.leaves("status", "callLegsActive"))
    seen = [(_count(place[0].text), _cite(place)) for place in legs]
    lists = _of_the_last_moment(parts.below("calls"))
    seen += [(_count(calls.attributes.get("total", "")), d.cite(calls.line)) for calls, d in lists]
    more = [(_count(place[0].text), _cite(place)) for place in parts.leaves("call", "numCallLegs")]
    more += [
        (1, _cite(place))
        for place in parts.leaves("callLeg", "status", "state")
        if place[0].text in LIVE_STATES
    ]
    told = [(number, citation) for number, citation in (*seen, *more) if number]
    if told:
        most = max(number for number, _ in told)
        return Known(most, tuple(citation for number, citation in told if number == most))
    citations = tuple(citation for _, citation in seen)
    none = bool(seen) and all(number == 0 for number, _ in seen)
    if none and legs and (lists or not parts.broken):
        return Known(0, citations)
    return Unknown(_NO_CALL_COUNT, citations)


def _encryption(parts: _Answers) -> Fact[str]:
    """The weakest setting of all profiles, provided that the system's own profile has one."""
    system = parts.newest("profiles", "callLegProfile")
    settings = _profile_settings(parts)
    for profile in settings.values():
        if profile is not None and profile[0] == "off":
            return Known("off", (profile[1],))
    own = settings.get(system[0].text) if system is not None else None
    if own is None:
        return _of_legs(parts)
    listed = parts.below("callLegProfiles")[-1:]
    total = _count(listed[0][0].attributes.get("total", "")) if listed else None
    if total is None or "callLegProfiles" not in parts.whole or len(settings) < total:
        return Unknown(_PROFILES_MISSING, (own[1],))
    # a profile that does not set it leaves the system's setting in force
    known = [profile for profile in settings.values() if profile is not None]
    weakest = min((STRENGTH.index(value) for value, _ in known))
    citations = tuple(dict.fromkeys(citation for _, citation in [own, *known]))
    return Known(STRENGTH[weakest], citations)


def _of_legs(parts: _Answers) -> Fact[str]:
    """What single calls are allowed: that one may do without encryption says so of the server;
    that one must not says nothing of the others.
    """
    legs = [
        (ENCRYPTION[place[0].text], _cite(place))
        for place in parts.leaves("callLeg", "configuration", "sipMediaEncryption")
        if place[0].text in ENCRYPTION
    ]
    lax = [(STRENGTH.index(value), citation) for value, citation in legs if value != "required"]
    if not lax:
        return Unknown(_NO_PROFILE, tuple(citation for _, citation in legs))
    weakest, citation = min(lax, key=lambda leg: leg[0])
    return Known(STRENGTH[weakest], (citation,))


def _signalling(parts: _Answers) -> Fact[str]:
    """The weakest of all rules for calls that go out, and never `required`.

    Of calls that come in the caller decides: the server listens with TLS and without.
    """
    rules = _rule_settings(parts)
    for said, citation in rules.values():
        if said == "off":
            return Known("off", (citation,))
    listed = _of_the_last_moment(parts.below("outboundDialPlanRules"))[-1:]
    if not listed:
        return Unknown(_NO_RULES, tuple(citation for _, citation in rules.values()))
    element, document = listed[0]
    shown = document.cite(element.line)
    total = _count(element.attributes.get("total", ""))
    if total is None or "outboundDialPlanRules" not in parts.whole or len(rules) < total:
        return Unknown(_RULES_MISSING, (shown,))
    return Known("best-effort", (shown, *(citation for _, citation in rules.values())))


def _rule_settings(parts: _Answers) -> Mapping[str, tuple[str, Citation]]:
    """By id of a rule that was read: what it asks of the signalling, the weaker of two answers."""
    found: dict[str, tuple[str, Citation]] = {}
    for rule, document in parts.below("outboundDialPlanRule"):
        name = rule.attributes.get("id", "")
        for place in parts.leaves("outboundDialPlanRule", "sipControlEncryption"):
            said = SIGNALLING.get(place[0].text)
            if place[1] is not document or said is None:
                continue
            known = found.get(name)
            if known is None or STRENGTH.index(said) < STRENGTH.index(known[0]):
                found[name] = (said, _cite(place))
    return found


def _profile_settings(parts: _Answers) -> Mapping[str, tuple[str, Citation] | None]:
    """By id of a profile that was read: its setting; None where it leaves that open."""
    found: dict[str, tuple[str, Citation] | None] = {}
    for profile, document in parts.below("callLegProfile"):
        name = profile.attributes.get("id", "")
        found.setdefault(name, None)
        for place in parts.leaves("callLegProfile", "sipMediaEncryption"):
            if place[1] is document and place[0].text in ENCRYPTION:
                found[name] = (ENCRYPTION[place[0].text], _cite(place))
    return found
