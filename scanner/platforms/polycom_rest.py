"""REST answers of a RealPresence Group system, told apart by their shape."""

from __future__ import annotations

from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.json_evidence import cite_key, decoded

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


def rest_facts(document: Document) -> dict[str, Fact[Any]]:
    """Facts of one REST answer; {} for any other document."""
    value = decoded(document)
    if isinstance(value, dict) and "softwareVersion" in value:
        return _system(document, value)
    if isinstance(value, list):
        if any(isinstance(item, dict) and "languageTag" in item for item in value):
            return _status(document, value)
        calls = active_calls(value)
        if calls is not None:
            return {"call.active": Known(calls, (cite_key(document, "isActive"),))}
    return {}


def _system(document: Document, value: dict[str, Any]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {
        "identity.vendor": Known("Polycom", (cite_key(document, "model"),)),
        "identity.family": Known("polycom-group", (cite_key(document, "model"),)),
    }
    for name, key in (
        ("identity.model", "model"),
        ("identity.serial", "serialNumber"),
        ("software.version", "softwareVersion"),
    ):
        if isinstance(value.get(key), str) and printable(value[key]):
            facts[name] = Known(printable(value[key]), (cite_key(document, key),))
    state = value.get("timeServerState")
    citation = cite_key(document, "timeServerState")
    if state in {"TIMESERVER_UP", "TIMESERVER_DOWN"}:
        facts["ntp.synchronised"] = Known(state == "TIMESERVER_UP", (citation,))
    elif state is not None:
        facts["ntp.synchronised"] = Unknown(_TIME_STATE, (citation,))
    return facts


def _status(document: Document, items: list[Any]) -> dict[str, Fact[Any]]:
    """Only `on` is taken for an answer: `off` covers point-to-point calls alone."""
    for item in items:
        if isinstance(item, dict) and item.get("name") == "system.status.autoanswerp2p":
            line = next(
                (n for n, text in enumerate(document.lines, 1) if "autoanswerp2p" in text), None
            )
            if item.get("state") == ["on"]:
                return {"call.auto_answer": Known(True, (document.cite(line),))}
    return {}


_TIME_STATE = Text(
    vi="thiết bị báo trạng thái đồng bộ thời gian bằng một từ chưa biết",
    en="the device reports the state of its time source with an unknown word",
)
