"""REST answers of a RealPresence Group system, told apart by their shape.

Later systems of the vendor (`poly_studio_rest`) answer the same questions; some words differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.json_evidence import cite_key, decoded
from scanner.platforms.polycom_settings import is_group
from scanner.platforms.several_documents import Told

_STATUS = "system.status."
_ON = frozenset({"on", "up"})
_OFF = frozenset({"off", "down"})

_RINGING = frozenset({"CONNECTED", "CONNECTING", "RINGING", "DIALING", "ALERTING", "HELD"})


def active_calls(conferences: Any) -> int | None:
    """How many conferences are up or coming up; None when the answer does not say.

    An idle system lists one `PENDING` conference without connections.
    """
    if not isinstance(conferences, list):
        return None
    count = 0
    for conference in conferences:
        if not isinstance(conference, dict) or not isinstance(conference.get("isActive"), bool):
            return None
        connections = conference.get("connections")
        if not isinstance(connections, list):
            return None
        ringing = any(isinstance(c, dict) and c.get("state") in _RINGING for c in connections)
        count += conference["isActive"] or ringing
    return count


def rest_answer(document: Document) -> Told:
    """What one REST answer tells; nothing for any other document."""
    value = decoded(document)
    if isinstance(value, dict) and "softwareVersion" in value and "deviceType" not in value:
        return Told(_system(document, value))
    if isinstance(value, list):
        if is_status(value):
            return status_answer(document, value)
        return Told(calls=[*listed_conferences(document, value)])
    return Told(whole=value is not None or document.text.lstrip()[:1] not in {"[", "{"})


def listed_conferences(document: Document, conferences: Sequence[Any]) -> Iterator[Fact[int]]:
    """The number of conferences, when the list is one of conferences."""
    calls = active_calls(conferences)
    if calls is None:
        if any(isinstance(item, dict) and "isActive" in item for item in conferences):
            yield Unknown(_CALLS_NOT_UNDERSTOOD, (document.cite(),))
        return
    if not conferences:
        yield Known(
            0, (document.cite(next(n for n, line in enumerate(document.lines, 1) if line)),)
        )
        return
    # the first one that is up, else the first one
    first = next((n for n, item in enumerate(conferences) if active_calls([item])), 0)
    yield Known(calls, (cite_key(document, "isActive", first),))


def named(
    document: Document, value: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Fact[Any]]:
    """The facts whose texts stand under these keys."""
    return {
        name: Known(printable(value[key]), (cite_key(document, key),))
        for name, key in names.items()
        if isinstance(value.get(key), str) and printable(value[key])
    }


SYSTEM = {
    "identity.model": "model",
    "identity.serial": "serialNumber",
    "software.version": "softwareVersion",
}
"""Where the description of a system holds these facts."""


def _system(document: Document, value: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    facts = {**named(document, value, SYSTEM), **time_state(document, value)}
    model = facts.get("identity.model")
    if isinstance(model, Known) and is_group(model.value):
        facts["identity.vendor"] = Known("Polycom", model.citations)
        facts["identity.family"] = Known("polycom-group", model.citations)
    return facts


def time_state(document: Document, value: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    """Whether the clock follows its time source."""
    state = value.get("timeServerState")
    citation = cite_key(document, "timeServerState")
    if state in ("TIMESERVER_UP", "TIMESERVER_DOWN"):
        return {"ntp.synchronised": Known(state == "TIMESERVER_UP", (citation,))}
    if state is not None:
        return {"ntp.synchronised": Unknown(_TIME_STATE, (citation,))}
    return {}


# --- the list of states ----------------------------------------------------------------------


def is_status(items: Sequence[Any]) -> bool:
    """The list is the one of `/rest/system/status`."""
    return any(
        isinstance(item, dict) and str(item.get("name")).startswith(_STATUS) for item in items
    )


def status_answer(document: Document, items: Sequence[Any]) -> Told:
    """Whether the system is in a call, and whether it answers one by itself.

    The line cited is the one that names the state.
    """
    told = Told()
    for name, fact in (("inacall", "call.active"), ("autoanswerp2p", "call.auto_answer")):
        found = [i for i in items if isinstance(i, dict) and i.get("name") == _STATUS + name]
        if not found:
            continue
        states = [item.get("state", item.get("stateList")) for item in found]
        citation = _cite_name(document, f'"{_STATUS}{name}"')
        word = states[0][0] if isinstance(states[0], list) and len(states[0]) == 1 else None
        is_on = word in _ON if isinstance(word, str) and word in _ON | _OFF else None
        if is_on is None or any(state != states[0] for state in states):
            told.facts[fact] = Unknown(_STATE, (citation,))
        else:
            told.facts[fact] = Known(is_on, (citation,))
    in_a_call = told.facts.pop("call.active", None)
    if isinstance(in_a_call, Known):
        told.calls = [Known(int(in_a_call.value), in_a_call.citations)]
    elif in_a_call is not None:
        told.calls = [in_a_call]
    return told


def _cite_name(document: Document, name: str) -> Citation:
    for number, line in enumerate(document.lines, start=1):
        at = line.find(name)
        if at >= 0:
            return document.cite(number, line[at : at + 200] if len(line) > 200 else None)
    return document.cite()


_TIME_STATE = Text(
    vi="thiết bị báo trạng thái đồng bộ thời gian bằng một từ chưa biết",
    en="the device reports the state of its time source with an unknown word",
)
_STATE = Text(
    vi="thiết bị báo trạng thái này bằng một từ chưa biết",
    en="the device reports this state with an unknown word",
)
_CALLS_NOT_UNDERSTOOD = Text(
    vi="không hiểu danh sách cuộc họp mà thiết bị báo",
    en="the list of conferences that the device reports is not understood",
)
