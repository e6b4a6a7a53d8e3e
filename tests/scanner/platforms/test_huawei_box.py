"""Huawei Box and Bar: answers of the newer web interface, and visits to a simulated device."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from lab.devices.certificate import for_state
from lab.devices.state import Device, running
from rules.facts import Known, Unknown
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import probe_login
from scanner.collect.web import WebEndpoint, open_web
from scanner.evidence import Document
from scanner.platforms import find
from scanner.recognise import Banner, recognise

PLATFORM = find("huawei-te")
PASSWORD = "planted-Huawei-93"
IDENTITY = {"identity.vendor": "Huawei", "identity.family": "huawei-te"}


def wrapped(carried: Any, *, text: bool = True) -> Document:
    answer = {"success": 1, "data": json.dumps(carried) if text else carried}
    return Document(json.dumps(answer).encode(), "file", "O", datetime(2026, 1, 1, tzinfo=UTC))


def known(*documents: Document) -> dict[str, Any]:
    facts = PLATFORM.read(documents).facts
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


# --- answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize(
    ("state", "calls"),
    [
        ({"callState": 0, "isSleep": 1}, 0),
        ({"callState": 1}, 1),
        ({"callState": 2, "isSleep": 0}, 1),
        ({"callState": 3}, None),
        ({"callState": 4}, None),
        ({"callState": -1}, None),
        ({"callState": "0"}, None),
        ({"callState": False}, None),
        ({"callState": None}, None),
        ({"isSleep": 0}, None),
        # in both spellings, each with its own meaning
        ({"callState": 0, "callstate": 0, "isInConf": 0}, 0),
        ({"callState": 0, "callstate": 1, "isInConf": 0}, 1),
        ({"callState": 0, "callstate": 0}, None),
    ],
)
def test_the_call_state(state: Any, calls: int | None, text: bool) -> None:
    fact = PLATFORM.read([wrapped({"state": state}, text=text)]).facts["call.active"]
    assert (fact.value if isinstance(fact, Known) else None) == calls
    assert fact.citations
    assert fact.citations[0].line == 1


def test_a_call_that_ended_leaves_it_to_the_mailbox() -> None:
    ended = wrapped({"state": {"callState": 3}})
    for order in (1, -1):
        for mailbox, calls in (({"callstate": 0, "isInConf": 0}, 0), ({"callstate": 1}, None)):
            fact = PLATFORM.read([ended, wrapped({"state": mailbox})][::order]).facts["call.active"]
            assert (fact.value if isinstance(fact, Known) else None) == calls
    alone = PLATFORM.read([ended]).facts["call.active"]
    assert isinstance(alone, Unknown)
    assert "has ended" in alone.reason.en


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ("Huawei CloudLink Bar 310", "CloudLink Bar 310"),
        ("HUAWEI Box 600", "Box 600"),
        ("Huawei TE10", "TE10"),
        ("Box 300", "Box 300"),
        ("Huawei", "Huawei"),
    ],
)
def test_the_model_goes_without_the_name_of_its_maker(said: str, model: str) -> None:
    told = known(wrapped({"model": said, "softVersion": "V600R019C00"}))
    assert told["identity.model"] == model


def test_defaults_of_another_line_are_no_defaults_of_these() -> None:
    facts = PLATFORM.read([wrapped({"model": "CloudLink Box 310", "softVersion": "V1"})]).facts
    for name in ("service.telnet.enabled", "call.encryption", "management.allowlist"):
        fact = facts[name]
        assert isinstance(fact, Unknown)
        assert "EDOC" not in fact.reason.en
        assert "Box and Bar" in fact.reason.en
    older = PLATFORM.read([wrapped({"model": "TE40", "softVersion": "V1"})]).facts
    reason = older["call.encryption"]
    assert isinstance(reason, Unknown)
    assert "EDOC1100057277" in reason.reason.en


# --- settings named by members, and the TE20 -----------------------------------------------------


@pytest.mark.parametrize(
    ("carried", "telnet", "http"),
    [
        ({"enabletelnet": 0, "enable_http": 1}, False, False),
        ({"enabletelnet": "1", "enable_http": "0"}, True, True),
        ({"enabletelnet": 2, "enable_http": True}, None, None),
        ({"sipserv_addr": "sip.example.vn"}, None, None),
        (
            {
                "enable_http": 0,
                "CfgItemInt": [{"CfgItemID": "enable_http", "CfgItemInfo": 1}],
            },
            None,
            None,
        ),
    ],
)
def test_settings_as_members(carried: Any, telnet: bool | None, http: bool | None) -> None:
    told = known(wrapped(carried))
    assert told.get("service.telnet.enabled") == telnet
    assert told.get("service.http.enabled") == http


HTTP_OFF = {"CfgItemInt": [{"CfgItemID": "enable_http", "CfgItemInfo": 1}]}


@pytest.mark.parametrize(
    ("beside", "http"),
    [
        (({"model": "TE40", "softVersion": "V1"},), False),
        (({"model": "TE20", "softVersion": "V1"},), None),
        (({"model": "Huawei TE20", "softVersion": "V1"},), None),
        (({"ucTerType": 3, "ucCustomType": 0, "AlreadyLogin": 0},), None),
        (({"ucTerType": 3, "szTermType": "TE40", "AlreadyLogin": 0},), False),
        (({"model": "TE20"}, {"model": "TE40"}), None),
        ((), False),
    ],
)
def test_http_of_a_te20_stays_open(beside: tuple[Any, ...], http: bool | None) -> None:
    documents = [wrapped(HTTP_OFF), *(wrapped(one) for one in beside)]
    for order in (documents, documents[::-1]):
        fact = PLATFORM.read(order).facts["service.http.enabled"]
        assert (fact.value if isinstance(fact, Known) else None) == http
        assert "enable_http" in fact.citations[0].text


# --- from the network --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "model", "version"),
    [
        ("HUAWEI CloudLink Bar 310 V600R023C10", "CloudLink Bar 310", "V600R023C10"),
        ("HUAWEI Box 600/V600R019C00SPC900", "Box 600", "V600R019C00SPC900"),
        ("Huawei TE10", "TE10", None),
        ("HUAWEI DP300 V500R002C00", "DP300", "V500R002C00"),
        ("HUAWEI Box of 12", None, None),
        ("HUAWEI TE70", None, None),
    ],
)
def test_what_a_banner_says(said: str, model: str | None, version: str | None) -> None:
    seen = recognise(Banner("sip", said))
    assert (seen.model if seen else None) == model
    if seen:
        assert (seen.family, seen.version) == ("huawei-te", version)


# --- visits ------------------------------------------------------------------------------------


class Visit:
    """An `Access` to a simulated device."""

    username = "admin"

    def __init__(self, device: Device, password: str) -> None:
        self.device = device
        self.endpoint = WebEndpoint(
            host="127.0.0.1",
            port=device.ports["https"],
            username=self.username,
            password=password,
            certificate=for_state(device.path, device.runtime.state).fingerprint,
        )

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Any]:
        with open_web(self.endpoint, PLATFORM.allowed, NullJournal(), "vcs") as client:
            yield client

    def secret(self) -> str:
        return self.endpoint.password or ""

    def documents(self) -> list[Document]:
        return list(PLATFORM.collect(self))  # type: ignore[arg-type]

    def sent(self) -> list[str]:
        """After the pages."""
        sent = [what for kind, what in self.device.runtime.seen if kind == "http"]
        return [what for what in sent if not re.fullmatch(r"GET /\S*\.(?:html|js)|GET /", what)]

    def logins(self) -> int:
        return sum(kind == "login" for kind, _ in self.device.runtime.seen)


Start = Callable[..., Visit]


@pytest.fixture(scope="module")
def running_device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    path = tmp_path_factory.mktemp("box") / "box.json"
    path.write_text(json.dumps(STATE))
    with running(path) as device:
        yield device


@pytest.fixture
def visiting(running_device: Device) -> Start:
    """One device for all visits: it takes over every state and forgets what it saw."""

    def visit(password: str = PASSWORD, **state: Any) -> Visit:
        running_device.path.write_text(json.dumps({**STATE, **state}))
        running_device.refresh()
        running_device.runtime.seen.clear()
        return Visit(running_device, password)

    return visit


STATE = {
    "family": "huawei-box",
    "address": "127.0.0.1",
    "ports": {"*": 0},
    "login": {"username": "admin", "password": PASSWORD},
}
ASKED = "POST /action.cgi?ActionID="
LOGIN_INFO = f"{ASKED}WEB_GetLoginInfo?rmd=0"
LOGGED_IN = ["POST /v1/login/session", "POST /v1/login/account", "GET /v1/login/status"]
MAILBOX, VERSION = f"{ASKED}WEB_GetMailboxDataAPI", f"{ASKED}WEB_GetVersionInfoAPI"
OUT = "DELETE /v1/login/session"


@pytest.mark.parametrize(
    ("older", "first"),
    [
        ("none", [LOGIN_INFO]),
        ("refused", [LOGIN_INFO]),
        ("401", [LOGIN_INFO]),
        ("asks", [LOGIN_INFO, f"{ASKED}Web_RequestSessionID?rmd=0"]),
    ],
)
def test_a_device_is_read_and_logged_out_of(visiting: Start, older: str, first: list[str]) -> None:
    visit = visiting(older=older)
    documents = visit.documents()
    assert visit.sent() == [*first, *LOGGED_IN, VERSION, OUT]
    assert visit.logins() == 1
    assert known(*documents) == {
        **IDENTITY,
        "identity.model": "CloudLink Bar 310",
        "software.version": "V600R023C10SPC300",
        "call.active": 0,
    }
    allowed = re.compile("|".join(PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in visit.sent())
    assert PASSWORD.encode() not in b"".join(d.content for d in documents)


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        ({"call_state": 1}, []),
        ({"call_state": 2}, []),
        ({"call_state": 3, "mailbox": {"callstate": 1, "isInConf": 0}}, [MAILBOX]),
    ],
)
def test_a_call_puts_the_visit_off(visiting: Start, state: Any, asked: list[str]) -> None:
    visit = visiting(**state)
    with pytest.raises(Busy):
        visit.documents()
    assert visit.sent() == [LOGIN_INFO, *LOGGED_IN, *asked, OUT]


def test_the_mailbox_decides_after_a_call_that_ended(visiting: Start) -> None:
    visit = visiting(call_state=3)
    assert known(*visit.documents())["call.active"] == 0
    assert visit.sent()[-3:] == [MAILBOX, VERSION, OUT]


@pytest.mark.parametrize("mailbox", [None, {"callstate": 0}])
def test_without_a_call_state_nothing_more_is_asked(visiting: Start, mailbox: Any) -> None:
    visit = visiting(call_state="idle", mailbox=mailbox)
    with pytest.raises(CollectError, match="call state"):
        visit.documents()
    assert visit.sent()[-2:] == [MAILBOX, OUT]


def test_somebody_logged_in_is_not_put_out(visiting: Start) -> None:
    visit = visiting(older="asks", already_login=1)
    with pytest.raises(Busy):
        visit.documents()
    assert visit.sent() == [LOGIN_INFO]
    visit = visiting(session={"AlreadyLogin": 1})
    with pytest.raises(Busy):
        visit.documents()
    assert visit.sent() == [LOGIN_INFO, "POST /v1/login/session"]


@pytest.mark.parametrize("already", [2, False, "1", None])
def test_a_login_state_that_is_not_understood_ends_the_visit(visiting: Start, already: Any) -> None:
    for state in (
        {"older": "asks", "already_login": already},
        {"session": {"AlreadyLogin": already}},
    ):
        visit = visiting(**state)
        with pytest.raises(CollectError, match="no password was sent"):
            visit.documents()
        assert visit.logins() == 0


def test_a_wrong_password_is_tried_once_on_one_interface(visiting: Start) -> None:
    visit = visiting("wrong-planted-1", older="refused")
    with pytest.raises(LoginRefused) as caught:
        visit.documents()
    assert visit.sent() == [LOGIN_INFO, *LOGGED_IN[:2]]
    assert visit.logins() == 1
    assert "wrong-planted-1" not in str(caught.value)


def test_a_device_that_speaks_neither_gets_no_password(visiting: Start) -> None:
    visit = visiting(family="polycom-group", api_open=True)
    with pytest.raises(CollectError, match="no password was sent"):
        visit.documents()
    assert visit.sent() == [LOGIN_INFO, "POST /v1/login/session"]
    assert visit.logins() == 0


def test_it_is_seen_that_reading_needs_a_login(visiting: Start) -> None:
    visit = visiting(older="refused")
    port = visit.endpoint.port
    probe = probe_login("127.0.0.1", port, NullJournal(), "vcs", questions=PLATFORM.guarded)
    assert probe.interface.requires_login is True
