"""REST answers of Poly G7500 and Studio X, told apart by their shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.json_evidence import cite_key, decoded
from scanner.platforms.polycom_rest import active_calls

_MODELS = re.compile(r"(?i)(?:poly\s*)?(?:studio\s*)?[EGRX]\s*\d{2,4}\b.*")
"""`StudioX30`, `Poly Studio X50`, `G7500`, `StudioG62`."""
_STATUS_NAME = "system.status.autoanswerp2p"


def answer_facts(document: Document) -> dict[str, Fact[Any]]:
    """Facts of one REST answer; {} for any other document."""
    value = decoded(document)
    if isinstance(value, dict) and "softwareVersion" in value and "deviceType" not in value:
        return _system(document, value)
    if isinstance(value, list):
        if any(isinstance(item, dict) and "stateList" in item for item in value):
            return _status(document, value)
        calls = active_calls(value)
        if calls is not None:
            return {"call.active": Known(calls, (_cite_call(document, value),))}
        if any(isinstance(item, dict) and "isActive" in item for item in value):
            return {"call.active": Unknown(_CALLS_NOT_UNDERSTOOD, (document.cite(),))}
    return {}


def device_list_facts(document: Document) -> dict[str, Fact[Any]]:
    """What the list of connected devices says about the system itself; it is the first source of
    nothing, but may be all there is.
    """
    value = decoded(document)
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict) and item.get("deviceCategory") == "SYSTEM":
            before = value[:position]

            def cited(key: str, before: Sequence[Any] = before) -> Citation:
                return cite_key(
                    document, key, sum(isinstance(b, dict) and key in b for b in before)
                )

            names = {
                "identity.model": "productName",
                "identity.serial": "serialNumber",
                "software.version": "softwareVersion",
            }
            return _named(item, names, cited)
    return {}


def _system(document: Document, value: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    names = {
        "identity.model": "model",
        "identity.serial": "serialNumber",
        "software.version": "softwareVersion",
    }
    facts = _named(value, names, lambda key: cite_key(document, key))
    state = value.get("timeServerState")
    citation = cite_key(document, "timeServerState")
    if state in ("TIMESERVER_UP", "TIMESERVER_DOWN"):
        facts["ntp.synchronised"] = Known(state == "TIMESERVER_UP", (citation,))
    elif state is not None:
        facts["ntp.synchronised"] = Unknown(_TIME_STATE, (citation,))
    return facts


def _named(value: Mapping[str, Any], names: Mapping[str, str], cited: Any) -> dict[str, Fact[Any]]:
    """The texts under these keys, and the family when the model is one of its models."""
    facts: dict[str, Fact[Any]] = {}
    for name, key in names.items():
        text = value.get(key)
        if isinstance(text, str) and printable(text):
            facts[name] = Known(printable(text), (cited(key),))
    model = facts.get("identity.model")
    if isinstance(model, Known) and _MODELS.fullmatch(model.value):
        facts["identity.vendor"] = Known("Poly", model.citations)
        facts["identity.family"] = Known("poly-studio", model.citations)
    return facts


def _status(document: Document, items: Sequence[Any]) -> dict[str, Fact[Any]]:
    """Whether calls are answered by themselves; the line cited is the one that names it."""
    for item in items:
        if not isinstance(item, dict) or item.get("name") != _STATUS_NAME:
            continue
        states = item.get("stateList")
        citation = _cite_answering(document)
        if states in (["on"], ["off"]):
            return {"call.auto_answer": Known(states == ["on"], (citation,))}
        return {"call.auto_answer": Unknown(_ANSWER_STATE, (citation,))}
    return {}


def _cite_answering(document: Document) -> Citation:
    found = re.compile(re.escape(f'"{_STATUS_NAME}"'))
    for number, line in enumerate(document.lines, start=1):
        match = found.search(line)
        if match is not None:
            return document.cite(number, line[match.start() : match.start() + 200])
    return document.cite()


def _cite_call(document: Document, conferences: Sequence[Any]) -> Citation:
    """The `isActive` of the first conference that is up, else of the first; or the empty list."""
    if not conferences:
        return document.cite(next((n for n, line in enumerate(document.lines, 1) if line), None))
    first = next((n for n, item in enumerate(conferences) if active_calls([item])), 0)
    return cite_key(document, "isActive", first)


_TIME_STATE = Text(
    vi="thiết bị báo trạng thái đồng bộ thời gian bằng một từ chưa biết",
    en="the device reports the state of its time source with an unknown word",
)
_ANSWER_STATE = Text(
    vi="thiết bị báo trạng thái tự động trả lời bằng một từ chưa biết",
    en="the device reports the state of answering by itself with an unknown word",
)
_CALLS_NOT_UNDERSTOOD = Text(
    vi="không hiểu danh sách cuộc họp mà thiết bị báo",
    en="the list of conferences that the device reports is not understood",
)
