"""HDX systems asked live: the simulated one over real sockets, and answers that do not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known
from rules.network_facts import Interface
from scanner.collect.errors import Busy, CollectError, LoginRefused, Refused, Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import probe_login
from scanner.evidence import Document
from scanner.platforms.polycom_hdx import PLATFORM
from scanner.platforms.polycom_hdx_live import (
    CALL_QUERY,
    COMMANDS,
    QUERIES,
    QUESTIONS,
    SETTINGS,
    STATUS,
)
from tests.scanner.platforms.web_visit import PASSWORD, Visit, visiting

ASKED = [
    f"GET {STATUS}",
    f"POST {COMMANDS} apicommand={CALL_QUERY};",
    *(f"POST {COMMANDS} apicommand={''.join(f'{query};' for query in g)}" for g in QUESTIONS),
    f"POST {SETTINGS}",
]
ONLY_ALLOWED = re.compile("|".join(PLATFORM.allowed))

Start = Callable[..., Visit]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda **state: stack.enter_context(visiting(PLATFORM, tmp_path, **state))


def known(documents: list[Document]) -> dict[str, Any]:
    facts = PLATFORM.read(documents).facts
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


# --- the simulated system --------------------------------------------------------------------


def test_a_system_is_read_with_one_challenge(start: Start) -> None:
    visit = start(own_address="10.67.104.14/24")
    documents = visit.documents()
    told = known(documents)
    accounts = {account.name: account.changed for account in told.pop("accounts")}
    assert accounts["room"] == accounts["remote"] == date(2026, 9, 1)
    expected = {
        "identity.vendor": "Polycom",
        "identity.family": "polycom-hdx",
        "identity.model": "HDX 8000 HD",
        "identity.serial": "82150000LAB8",
        "software.version": "Release - 3.1.14-56008",
        "call.active": 0,
        "call.auto_answer": False,
        "call.encryption": "required",
        "call.far_end_camera": False,
        "service.snmp.enabled": False,
        "service.sip.enabled": True,
        "service.h323.enabled": True,
        "service.telnet.enabled": False,
        "service.https.enabled": True,
        "service.ftp.enabled": False,
        "management.lockout_attempts": 3,
        "password_policy.min_length": 12,
        "password_policy.digits": 1,
        "password_policy.lowercase": 1,
        "password_policy.uppercase": 1,
        "password_policy.special": 1,
        "password_policy.history": 8,
        "password_policy.max_age_days": 90,
        "snmp.versions": (),
        "ntp.servers": ("10.67.30.10",),
        "ntp.synchronised": True,
        "bandwidth.max_kbps": 2048,
        "interfaces": (Interface("lan", (ip_interface("10.67.104.14/24"),)),),
    }
    assert {name: told.get(name) for name in expected} == expected
    assert [document.source for document in documents] == ASKED
    # the first question is asked a second time, with the answer to the challenge
    assert visit.sent == [ASKED[0], *ASKED]
    assert len(visit.seen("http")) == len(visit.sent)
    assert all(ONLY_ALLOWED.fullmatch(what) for what in visit.sent)
    assert visit.seen("command") == [CALL_QUERY, *QUERIES]


@pytest.mark.parametrize("scheme", ["digest", "digest-sha-256", "basic", "open"])
def test_the_account_is_shown_as_the_system_asks(start: Start, scheme: str) -> None:
    visit = start(login_scheme=scheme, nonce_uses=3)
    documents = visit.documents()
    assert known(documents)["identity.model"] == "HDX 8000 HD"
    assert set(visit.seen("login")) == (set() if scheme == "open" else {visit.username})
    seen = visit.journalled + "".join(document.text for document in documents)
    assert PASSWORD not in seen


def test_what_the_state_says_is_what_is_read(start: Start) -> None:
    visit = start(
        auto_answer=True,
        encryption="best-effort",
        ntp=None,
        max_kbps=512,
        snmp={"enabled": True, "community": "public"},
        sip=False,
        telnet=True,
    )
    told = known(visit.documents())
    assert told["call.auto_answer"] is True
    assert told["call.encryption"] == "best-effort"
    assert told["ntp.servers"] == ()
    assert told["ntp.synchronised"] is False
    assert told["bandwidth.max_kbps"] == 512
    assert told["service.snmp.enabled"] is True
    assert told["snmp.default_community"] is True
    assert told["service.sip.enabled"] is False
    assert told["service.telnet.enabled"] is True


@pytest.mark.parametrize("scheme", ["digest", "basic"])
def test_a_wrong_password_is_shown_once(start: Start, scheme: str) -> None:
    visit = start(login_scheme=scheme).with_password("wrong-planted-1")
    with pytest.raises(LoginRefused) as caught:
        visit.documents()
    assert visit.seen("login") == [visit.username]
    assert "wrong-planted-1" not in f"{caught.value!r}{caught.value.reason}{visit.journalled}"


def test_a_call_puts_the_visit_off(start: Start) -> None:
    visit = start(call_active=2)
    with pytest.raises(Busy):
        visit.documents()
    assert set(visit.sent) == {ASKED[0]}
    assert visit.seen("command") == []


def test_the_number_of_calls_is_told_by_what_was_answered(start: Start) -> None:
    visit = start(call_active=2)
    answers = []
    with pytest.raises(Busy):
        answers.extend(PLATFORM.collect(visit))  # type: ignore[arg-type]
    with visit.web() as web:
        calls = web.request("POST", COMMANDS, form={"apicommand": "callinfo all;"}, login="digest")
    assert known([calls])["call.active"] == 2


@pytest.mark.parametrize("http", [True, False])
def test_without_https_the_password_stays_here(start: Start, http: bool) -> None:
    visit = start(https=False, http=http)
    with pytest.raises(Unreachable) as caught:
        visit.documents()
    assert "in clear" in caught.value.reason.en
    assert "dạng rõ" in caught.value.reason.vi
    assert visit.seen("http") == visit.seen("login") == []


def test_plain_http_on_the_declared_port_gets_no_password(start: Start) -> None:
    visit = start(https=False, http=True)
    visit.endpoint = replace(visit.endpoint, port=visit.device.ports["http"])
    with pytest.raises(CollectError, match="in clear") as caught:
        visit.documents()
    assert not isinstance(caught.value, Unreachable)
    assert visit.seen("login") == []


@pytest.mark.parametrize(
    "form",
    [
        {"apicommand": "reboot;"},
        {"apicommand": "callinfo all;reboot;"},
        {"apicommand": "callinfo all"},
        {"apicommand": "autoanswer yes;"},
        {"apicommand": ""},
        {"command": "callinfo all;"},
        {"apicommand": "callinfo all;", "x": ""},
        {},
    ],
)
def test_nothing_but_the_questions_passes_the_command_form(
    start: Start, form: dict[str, str]
) -> None:
    visit = start()
    with visit.web() as web, pytest.raises(Refused):
        web.request("POST", COMMANDS, form=form, login="digest")
    assert visit.seen("http") == []


@pytest.mark.parametrize(
    "what", ["GET /", "GET /a_getcdr.cgi", "POST /systemstatus.xml", "GET /a_createdatfilecsv.cgi"]
)
def test_no_other_address_is_asked(start: Start, what: str) -> None:
    visit = start()
    with visit.web() as web, pytest.raises(Refused):
        web.request(*what.split(), login="digest")
    assert visit.seen("http") == []


def test_it_is_seen_that_reading_needs_a_login(start: Start) -> None:
    port = start().device.ports["https"]
    probe = probe_login("127.0.0.1", port, NullJournal(), "vcs", questions=PLATFORM.guarded)
    assert probe.interface.requires_login is True


def test_it_is_seen_that_reading_needs_no_login(start: Start) -> None:
    port = start(login_scheme="open").device.ports["https"]
    probe = probe_login("127.0.0.1", port, NullJournal(), "vcs", questions=PLATFORM.guarded)
    assert probe.interface.requires_login is False


# --- answers that do not fit -----------------------------------------------------------------


def status(state: str) -> str:
    return f"<SYSTEMSTATUS><INACALL><STATE>{state}</STATE></INACALL></SYSTEMSTATUS>"


NO_CALL = (
    "<apicommands><apicommand><command status='success'>callinfo all</command>"
    "<result>system is not in a call</result></apicommand></apicommands>"
)


class Table:
    """An `Access` that answers from a table and records what was sent."""

    username = "admin"

    def __init__(self, system_status: str, calls: str = NO_CALL) -> None:
        self.sent: list[str] = []
        self.answers = {STATUS: [system_status], COMMANDS: [calls, ""]}

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Table]:
        yield self

    def request(self, method: str, path: str, *, form: Any = None, login: Any) -> Document:
        assert login == "as-asked"
        self.sent.append(f"{method} {path}" + (f" {form['apicommand']}" if form else ""))
        content = self.answers.get(path, ["model,HDX 7000\nsipenable,True\n"]).pop(0)
        return Document(content.encode(), "file", "O", datetime(2026, 1, 1, tzinfo=UTC))


def test_every_query_only_asks() -> None:
    assert all(" get" in query for query in set(QUERIES) - {"version", "serialnum"})
    assert not [query for query in (CALL_QUERY, *QUERIES) if ";" in query]


@pytest.mark.parametrize(
    ("visit", "questions"),
    [
        (Table(status("up")), 1),
        (Table(status("off"), NO_CALL.replace("system is not in a call", "callinfo:1:a ")), 2),
    ],
)
def test_either_answer_about_calls_puts_the_visit_off(visit: Table, questions: int) -> None:
    with pytest.raises(Busy):
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert len(visit.sent) == questions


@pytest.mark.parametrize(
    "visit", [Table("<html>"), Table(status("off"), ""), Table(status("off"), "callinfo begin")]
)
def test_an_unreadable_call_state_ends_the_visit(visit: Table) -> None:
    with pytest.raises(CollectError) as caught:
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert not isinstance(caught.value, Busy)
    assert len(visit.sent) <= 2
