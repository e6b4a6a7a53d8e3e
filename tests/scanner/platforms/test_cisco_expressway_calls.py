"""Calls on a VCS or Expressway: what tells of them, and visits that they put off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rules.facts import Unknown
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document
from scanner.platforms.cisco_expressway import CALL_COUNTERS, PLATFORM, SYSTEM_UNIT, read
from tests.scanner.platforms.expressway_answers import (
    EVERYTHING,
    UNIT,
    USAGE,
    counters,
    document,
    known,
    listed,
    peers,
    records,
    status,
)

CALLS = [
    (counters(0, 0), 0),
    (counters(2, 0, 1), 3),
    (counters("", 1), None),
    (counters(0, "many"), None),
    (counters(0, -1), None),
    (counters(1, 2).replace("</Status>", ""), None),
    (counters(1) .replace("Current>1</Current", "Curreot>1</Curreot"), None),
    (counters(1, 0).replace("Current>1</Current", "Curreot>1</Curreot"), None),
    (listed("Connected", "Disconnected"), 1),
    (listed("Connecting", "Connected"), 2),
    (listed("Disconnected"), 0),
    (listed("Levitating"), None),
    (status("<Calls/>"), 0),
    (status("<Calls/>").replace("Status", "History"), None),
    (peers({"num_recs": 1, "records": [USAGE]}), 0),
    (peers({"num_recs": 1, "records": [USAGE | {"call_cloud_audio_current": 2}]}), 2),
    (peers({"num_recs": 1, "records": [USAGE | {"call_cloud_audio_current": "2"}]}), 2),
    (peers({"num_recs": 1, "records": [USAGE | {"call_cloud_audio_current": None}]}), None),
    (peers({"num_recs": 1, "records": [USAGE | {"call_cloud_audio_current": True}]}), None),
    (peers({"num_recs": 1, "records": [USAGE]},
           {"local_peer": False, "records": [USAGE | {"call_cloud_audio_current": 2}]}), 0),
    (peers({"records": [USAGE]}, {"records": [USAGE]}), None),
    (peers({"records": [USAGE | {"call_cloud_max": 2, "call_cloud_curreot": 2}]}), None),
    (records({"status": "Connected", "active": True}), 1),
    (records({"status": "Connected"}, {"status": "Disconnected"}), 1),
    (records({"active": True}, num_recs=90), 1),
    (records({"status": "Disconnected", "active": False}), 0),
    (records({"status": "Disconnected", "active": False}, num_recs=90), None),
    (records({"status": "Connected", "active": False}), None),
    (records({"status": "Levitating"}), None),
    (records({"status": "Connected"})[:-2], None),
]  # fmt: skip


@pytest.mark.parametrize(("content", "calls"), CALLS)
def test_the_call_state(content: str, calls: int | None) -> None:
    assert known(document(content)).get("call.active") == calls


def test_no_call_is_not_concluded_beside_a_document_that_breaks_off() -> None:
    idle, broken = document(counters(0)), document(records({"status": "Connected"})[:40])
    assert isinstance(read([idle, broken]).facts["call.active"], Unknown)
    assert known(idle, document(status(UNIT)))["call.active"] == 0
    assert known(document(counters(2)), broken)["call.active"] == 2


def test_a_line_that_makes_no_sense_leaves_the_calls_unknown() -> None:
    calls = (
        "*s Calls:\n  Call 1:\n    State: Connected\n  Call 2;\n    State: Connected\n*s/end\nOK\n"
    )
    assert "call.active" not in known(document(calls))
    assert known(document(calls.replace(";", ":")))["call.active"] == 2
    usage = (
        "*s ResourceUsage:\n  Calls:\n    Traversal:\n      Current: 1\n      Max: 2\n*s/end\nOK\n"
    )
    assert known(document(usage))["call.active"] == 1
    assert "call.active" not in known(document(usage.replace("Current", "Curreot")))


# --- visits ----------------------------------------------------------------------------------


class Visit:
    """An `Access` that answers from a table and keeps what was sent."""

    username = "doc-cau-hinh"

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.sent: list[str] = []

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Any]:
        assert default_port == 443
        yield self

    def request(self, method: str, path: str, **options: Any) -> Document:
        what = f"{method} {path}"
        assert any(re.fullmatch(pattern, what) for pattern in PLATFORM.allowed)
        assert options["login"] == "basic"
        self.sent.append(path)
        name = {CALL_COUNTERS[0]: "rest", CALL_COUNTERS[1]: "xml", SYSTEM_UNIT: "unit"}[path]
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        code, content = answer if isinstance(answer, tuple) else (200, answer)
        assert code in options.get("expect", (200,))
        return document(content, what)


IDLE = peers({"num_recs": 1, "records": [USAGE]})
IN_CALL = peers({"num_recs": 1, "records": [USAGE | {"call_cloud_audio_current": 2}]})


def visit(access: Visit) -> list[Document]:
    return list(PLATFORM.collect(access))  # type: ignore[arg-type]


def test_an_idle_device_is_read() -> None:
    access = Visit(rest=IDLE, unit=status(UNIT))
    assert known(*visit(access)) == {**EVERYTHING, "call.active": 0}
    assert access.sent == [CALL_COUNTERS[0], SYSTEM_UNIT]


@pytest.mark.parametrize(
    "refusal", [(404, "<html>Not found</html>"), (403, '{"message": "disabled"}'), (200, "{}")]
)
def test_where_rest_is_switched_off_the_calls_are_asked_as_xml(refusal: Any) -> None:
    access = Visit(rest=refusal, xml=counters(0, 0), unit=status(UNIT))
    assert known(*visit(access))["call.active"] == 0
    assert access.sent == [*CALL_COUNTERS, SYSTEM_UNIT]


@pytest.mark.parametrize("answers", [{"rest": IN_CALL}, {"rest": (404, ""), "xml": counters(0, 1)}])
def test_a_call_puts_the_visit_off(answers: dict[str, Any]) -> None:
    access = Visit(**answers)
    with pytest.raises(Busy):
        visit(access)
    assert SYSTEM_UNIT not in access.sent


def test_nothing_more_is_asked_when_the_calls_are_not_told() -> None:
    access = Visit(rest=(403, "{}"), xml=(403, "<html></html>"))
    with pytest.raises(CollectError) as caught:
        visit(access)
    assert not isinstance(caught.value, Busy)
    assert access.sent == list(CALL_COUNTERS)


def test_a_refused_account_is_tried_once() -> None:
    refused = LoginRefused(PLATFORM.needed_ports[0].purpose)
    access = Visit(rest=refused)
    with pytest.raises(LoginRefused):
        visit(access)
    assert access.sent == [CALL_COUNTERS[0]]
