"""MCUs and TelePresence Servers asked live: the simulated one, and answers that do not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanner.collect.errors import Busy, CollectError, LoginRefused, Refused, Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import probe_login
from scanner.evidence import Document
from scanner.platforms.cisco_mcu import PLATFORM
from scanner.platforms.cisco_mcu_live import (
    ADDRESS,
    MANAGED_PARTICIPANTS,
    PARTICIPANTS,
    QUERIES,
    SYSTEM,
    active_calls,
    call,
)
from tests.scanner.platforms.mcu_answers import IDENTITY, document, known, reply
from tests.scanner.platforms.web_visit import PASSWORD, Visit, visiting

CALL_STATE = [f"POST {ADDRESS} {PARTICIPANTS}"] * 2
REST = [*(f"POST {ADDRESS} {name}" for name in QUERIES), f"GET {SYSTEM}"]
ONLY_ALLOWED = re.compile("|".join(PLATFORM.allowed))

Start = Callable[..., Visit]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda **state: stack.enter_context(visiting(PLATFORM, tmp_path, **state))


# --- the simulated device --------------------------------------------------------------------


@pytest.mark.parametrize("system_file", ["open", "login", "absent"])
def test_a_device_is_read(start: Start, system_file: str) -> None:
    visit = start(system_file=system_file, revision=None, ftp=True)
    documents = visit.documents()
    told = known(*documents)
    expected = {
        **IDENTITY,
        "identity.model": "Cisco TelePresence MCU 4510",
        "identity.serial": "SM0LAB4510",
        "software.version": "4.5(1.89)",
        "service.http.enabled": False,
        "service.https.enabled": True,
        "service.ftp.enabled": True,
        "service.snmp.enabled": False,
        "service.h323.enabled": True,
        "service.sip.enabled": True,
        "call.active": 0,
    }
    assert {name: told.get(name) for name in expected} == expected
    assert visit.sent == [*CALL_STATE, *REST]
    shown = visit.sent if system_file == "open" else visit.sent[:-1]
    assert [document.source for document in documents] == shown
    assert len(visit.seen("http")) == len(visit.sent)
    assert all(ONLY_ALLOWED.fullmatch(what) for what in visit.sent)
    assert PASSWORD not in visit.journalled + "".join(document.text for document in documents)


def test_a_list_that_newer_releases_leave_out_is_empty(start: Start) -> None:
    visit = start(revision=12)
    assert known(*visit.documents())["call.active"] == 0
    assert visit.sent == [*CALL_STATE, *REST]


def test_every_answer_is_read(start: Start) -> None:
    reading = PLATFORM.read(start(system_file="open", gatekeeper="10.67.30.9").documents())
    assert [line.why for _, line in reading.unread] == []


def test_a_managed_server_is_asked_in_its_own_words(start: Start) -> None:
    visit = start(managed=True, revision=None, model="Cisco TelePresence Server 8710")
    told = known(*visit.documents())
    managed = f"POST {ADDRESS} {MANAGED_PARTICIPANTS}"
    assert visit.sent == [CALL_STATE[0], managed, *REST]
    assert told["identity.model"] == "Cisco TelePresence Server 8710"


@pytest.mark.parametrize(
    ("state", "questions"),
    [
        ({"call_active": 3}, 1),
        ({"connecting": 1}, 2),
        ({"call_active": 1, "managed": True}, 2),
        ({"call_active": 1, "revision": None}, 1),
    ],
)
def test_a_participant_puts_the_visit_off(
    start: Start, state: dict[str, Any], questions: int
) -> None:
    visit = start(**state)
    with pytest.raises(Busy):
        visit.documents()
    assert len(visit.sent) == len(visit.seen("http")) == questions


def test_a_wrong_password_is_shown_once(start: Start) -> None:
    visit = start().with_password("wrong-planted-1")
    with pytest.raises(LoginRefused) as caught:
        visit.documents()
    assert visit.seen("login") == [visit.username]
    assert "wrong-planted-1" not in f"{caught.value!r}{caught.value.reason}{visit.journalled}"
    assert visit.username in caught.value.reason.vi


def test_a_fault_is_no_proof_of_the_password(start: Start) -> None:
    proven: list[bool] = []
    visit = start().with_password("wrong-planted-1")
    visit.endpoint = replace(visit.endpoint, on_password=lambda: proven.append(True))
    with pytest.raises(LoginRefused):
        visit.documents()
    assert not proven
    visit.with_password(PASSWORD).documents()
    assert proven


def test_without_https_the_password_stays_here(start: Start) -> None:
    visit = start(https=False, http=True)
    with pytest.raises(Unreachable) as caught:
        visit.documents()
    assert "in clear" in caught.value.reason.en
    assert visit.seen("http") == visit.seen("login") == []


@pytest.mark.parametrize(
    "method",
    [
        "device.restart",
        "conference.destroy",
        "participant.disconnect",
        "device.query.x",
        "xdevice.query",
        "flex.device.query",
        "services.modify",
    ],
)
def test_no_other_call_leaves_this_host(start: Start, method: str) -> None:
    visit = start()
    with visit.web() as web, pytest.raises(Refused) as caught:
        web.request("POST", ADDRESS, xml=call(method))
    assert visit.seen("http") == []
    assert PASSWORD not in str(caught.value)


def test_the_address_of_the_calls_takes_nothing_else(start: Start) -> None:
    visit = start()
    with visit.web() as web:
        for body in ({}, {"json": {}}, {"form": {"methodName": "device.query"}}):
            with pytest.raises(Refused):
                web.request("POST", ADDRESS, **body)
    assert visit.seen("http") == []


def test_it_is_seen_that_the_pages_need_a_login(start: Start) -> None:
    port = start().device.ports["https"]
    probe = probe_login("127.0.0.1", port, NullJournal(), "mcu", questions=PLATFORM.guarded)
    assert probe.interface.requires_login is True


# --- answers that do not fit -----------------------------------------------------------------


def fault(code: int | str) -> str:
    value = f"<int>{code}</int>" if isinstance(code, int) else code
    return (
        "<methodResponse><fault><value><struct><member><name>faultCode</name>"
        f"<value>{value}</value></member><member><name>faultString</name>"
        "<value><string>no</string></value></member></struct></value></fault></methodResponse>"
    )


CONNECTED = {"participantName": "a", "currentState": {"callState": "connected"}}
ENDED = {"participantName": "a", "currentState": {"callState": "disconnected"}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (reply(participants=[]), 0),
        (reply(participants=[ENDED]), 0),
        (reply(participants=[CONNECTED, ENDED]), 1),
        (reply(participants=[CONNECTED], enumerateID="x"), 1),
        (reply(participants=[], enumerateID="x"), None),
        (reply(participants=[ENDED], moreAvailable=True), None),
        (reply(participants=[{"participantName": "a"}]), None),
        (reply(participants=7), None),
        (reply(participants=7, currentRevision=1), None),
        (reply(currentRevision=1), 0),
        (reply(currentRevision=1, enumerateID="x"), None),
        (reply(), None),
        (fault(1), None),
        ("<html>", None),
        ("", None),
        (reply(participants=[])[:-30], None),
        ('<!DOCTYPE x [<!ENTITY a "1">]>' + reply(participants=[]), None),
    ],
)
def test_calls_are_counted_or_not_told(content: str, expected: int | None) -> None:
    assert active_calls(document(content, f"POST {ADDRESS} {PARTICIPANTS}")) == expected


def test_a_saved_answer_without_a_list_says_nothing_about_calls() -> None:
    assert active_calls(document(reply(currentRevision=1), "answer.xml")) is None


class Table:
    """An `Access` that gives the same answer to every call and notes the calls."""

    username = "doc-cau-hinh"

    def __init__(self, **answers: str) -> None:
        self.sent: list[str] = []
        self.answers = answers

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Table]:
        assert default_port == 443
        yield self

    def request(self, method: str, path: str, *, xml: str = "", **_: Any) -> Document:
        (name,) = re.findall("<methodName>(.*)</methodName>", xml) or [path]
        self.sent.append(name)
        last = name.split(".")[0].strip("/")
        return document(self.answers.get(last, reply(participants=[])), f"{method} {path}")


@pytest.mark.parametrize(
    ("participant", "flex", "sent"),
    [
        ("<html>", "", [PARTICIPANTS]),
        (fault(2), "", [PARTICIPANTS]),
        (fault("<string>14</string>"), "", [PARTICIPANTS]),
        (reply(participants=[], enumerateID="1"), "", [PARTICIPANTS]),
        (fault(1), fault(1), [PARTICIPANTS, MANAGED_PARTICIPANTS]),
        (fault(1), "<html>", [PARTICIPANTS, MANAGED_PARTICIPANTS]),
    ],
)
def test_an_unreadable_call_state_ends_the_visit(
    participant: str, flex: str, sent: list[str]
) -> None:
    visit = Table(participant=participant, flex=flex)
    with pytest.raises(CollectError) as caught:
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert not isinstance(caught.value, Busy | LoginRefused)
    assert visit.sent == sent


def test_a_call_that_the_device_does_not_know_costs_only_its_answer() -> None:
    visit = Table(sip=fault(1), gatekeeper=fault(15))
    documents = list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent == [PARTICIPANTS, PARTICIPANTS, *QUERIES, SYSTEM]
    assert len(documents) == len(visit.sent) - 1


def test_an_account_that_is_locked_meanwhile_ends_the_visit() -> None:
    visit = Table(services=fault(14))
    with pytest.raises(LoginRefused):
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent[-1] == "services.query"


def test_a_call_holds_places_for_the_account_and_nothing_of_it() -> None:
    assert call("device.query").count("{{username}}") == 1
    assert call("device.query").count("{{password}}") == 1
