"""What the XML-RPC answers of a Cisco MCU or TelePresence Server say about services and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.xml_rpc import Value

SERVICES: Mapping[str, tuple[str, ...]] = {
    "http": ("http",),
    "https": ("https",),
    "ftp": ("ftp",),
    "snmp": ("snmp",),
    "h323": ("h225",),
    "sip": ("sip_tcp", "sip_udp", "sips_tcp"),
}
"""Service of a fact -> the device's names for it. On when one of them is, off when all are."""

NEVER_LISTED = ("telnet", "tftp", "upnp")
"""Services that have no name in the vendor's reference: the products do not have them."""

_OTHER_NAMES = frozenset({"rtsp", "mms", "cdep", "gatekeeper", "tunnel"})
_NAMES = _OTHER_NAMES.union(*SERVICES.values())
"""Every name of a service in the vendor's reference."""

LIVE = frozenset({"connected", "connecting", "alerting", "ringing", "dialing", "active"})
ENDED = frozenset({"disconnected", "dormant", "inactive", "idle"})
"""States of a participant, in lower case."""


# --- services.query --------------------------------------------------------------------------


def service_facts(document: Document, value: Value) -> dict[str, Fact[Any]]:
    """{} for an answer to another call. A service that is not listed is not here."""
    ports = value.members.get("ports")
    lists = [_switches(port) for port in ports.items] if ports else []
    facts: dict[str, Fact[Any]] = {}
    for service, names in SERVICES.items():
        if any(name in switches for switches in lists for name in names):
            facts[f"service.{service}.enabled"] = _enabled(document, names, lists)
    if any(set(switches) - _NAMES for switches in lists):
        # a service that the reference does not know, so that the reference is not of this release
        facts |= {f"service.{name}.enabled": Unknown(_INCOMPLETE) for name in NEVER_LISTED}
    sip = facts.get("service.sip.enabled")
    if sip is not None and not (isinstance(sip, Known) and not sip.value):
        facts["sip.encryption"] = _signalling(document, lists)
    return facts


def _signalling(document: Document, lists: Sequence[Mapping[str, list[Value]]]) -> Fact[str]:
    """TLS where the other end takes it when the unit listens for it, never when it does not.

    How the unit itself calls is a setting that no call tells, so that it is never `required`.
    """
    listens = _enabled(document, ("sips_tcp",), lists)
    if isinstance(listens, Unknown):
        return listens
    return Known("best-effort" if listens.value else "off", listens.citations)


def _switches(port: Value) -> dict[str, list[Value]]:
    """The services of one network port by name, in lower case; "" for those without a name."""
    switches: dict[str, list[Value]] = {}
    services = port.members.get("services")
    if services is None or services.kind != "array":
        return {"": []}
    for service in services.items:
        name = service.members.get("name")
        text = name.text.lower() if name is not None and name.kind == "string" else ""
        switches.setdefault(text, []).append(service)
    return switches


def _enabled(
    document: Document, names: Sequence[str], lists: Sequence[Mapping[str, list[Value]]]
) -> Fact[bool]:
    services = [service for switches in lists for n in names for service in switches.get(n, ())]
    states = [_state(service) for service in services]
    proof = [s for s, on in zip(services, states, strict=True) if on is (True in states)]
    citations = tuple(
        document.cite(service.members[key].line) for service in proof for key in ("enabled", "name")
    )
    if True in states:
        return Known(True, citations)
    if None in states or any(_may_be_on(name, lists) for name in names):
        return Unknown(_INCOMPLETE, citations)
    return Known(False, citations)


def _may_be_on(name: str, lists: Sequence[Mapping[str, list[Value]]]) -> bool:
    """It is listed nowhere, or left out where something stands that has no known name."""
    nowhere = all(name not in switches for switches in lists)
    return nowhere or any(name not in switches and set(switches) - _NAMES for switches in lists)


def _state(service: Value) -> bool | None:
    enabled = service.members.get("enabled")
    return enabled.truth if enabled is not None else None


# --- conference.enumerate, participant.enumerate ---------------------------------------------


def calls_in(document: Document, value: Value) -> list[Fact[int]]:
    """Participants that are connected or being connected; [] for an answer to another call.

    Newer releases leave an empty list out and only number the state they speak of; that it was
    participants that were asked for is then told by where the answer comes from.
    """
    found = []
    more = "enumerateID" in value.members or _says(value, "moreAvailable")
    participants = value.members.get("participants")
    if participants is not None and participants.kind == "array":
        found.append(_participants(document, participants, more))
    conferences = value.members.get("conferences")
    if conferences is not None and conferences.kind == "array":
        found += _conferences(document, conferences, more)
    revision = value.members.get("currentRevision")
    asked = document.source.endswith("participant.enumerate")
    if asked and revision is not None and not more and participants is None:
        found.append(Known(0, (document.cite(revision.line),)))
    return found


def _says(value: Value, name: str) -> bool:
    member = value.members.get(name)
    return member is not None and member.truth is not False


def _participants(document: Document, array: Value, more: bool) -> Fact[int]:
    """`more`: the device has not listed all of them."""
    words = [_word(participant) for participant in array.items]
    in_words = any(word is not None for word in words)
    shown = [
        _is_live(participant, word, in_words)
        for participant, word in zip(array.items, words, strict=True)
    ]
    states = [live for live, _ in shown]
    live = states.count(True)
    citations = tuple(document.cite(line) for on, line in shown if on is (live > 0))[:20]
    if None in states or (more and not live):
        return Unknown(_CALLS_UNREADABLE, citations)
    return Known(live, citations or (document.cite(array.line),))


def _word(participant: Value) -> Value | None:
    """The state of its call as a word."""
    state = participant.members.get("currentState")
    if state is not None and state.kind != "struct":
        return state
    members = (state or participant).members
    return members.get("callState") or members.get("connectionState")


def _is_live(participant: Value, word: Value | None, in_words: bool) -> tuple[bool | None, int]:
    """Whether it is in a call (None when that is not told) and the line that shows it.

    `in_words`: the device tells states as words, so that one without a word is not told.
    """
    if word is not None:
        known = {name: name in LIVE for name in LIVE | ENDED}
        return known.get(word.text.lower()), word.line
    members = (participant.members.get("currentState") or participant).members
    connected = members.get("connectTime")
    ended = {"disconnectTime", "disconnectReason"} & set(members)
    if connected is not None and connected.text and not ended and not in_words:
        return True, connected.line
    return None, participant.line


def _conferences(document: Document, array: Value, more: bool) -> list[Fact[int]]:
    """[] unless each tells its participants: a conference may stand empty for years."""
    numbers = [conference.members.get("numParticipants") for conference in array.items]
    counted = [(n.number, n.line) for n in numbers if n is not None and n.number is not None]
    if len(counted) < len(numbers):
        return []
    total = sum(count for count, _ in counted)
    lines = [line for count, line in counted if count or not total][:20]
    citations = tuple(document.cite(line) for line in lines) or (document.cite(array.line),)
    unread = more and not total
    return [Unknown(_CALLS_UNREADABLE, citations) if unread else Known(total, citations)]


_INCOMPLETE = Text(
    vi="danh sách dịch vụ của thiết bị không đủ để kết luận dịch vụ này đang tắt",
    en="the device's list of services is not enough to conclude that this service is off",
)
_CALLS_UNREADABLE = Text(
    vi="không đọc được đầy đủ danh sách điểm cầu đang kết nối trong tài liệu này",
    en="the list of connected participants could not be read in full from this document",
)
