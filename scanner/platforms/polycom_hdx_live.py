"""Asking a Polycom HDX: its web interface over HTTPS, the call state first.

`GET /systemstatus.xml` and the API query `callinfo all` tell the call state; then come further
queries, and the settings as the web interface exports them. The account is shown in the way in
which the device asks for it, HTTP Digest or Basic.

`POST /a_apicommand.cgi` can also dial, hang up and change settings. What may be sent through it is
`CALL_QUERY` and the queries of `QUESTIONS`, each of which only asks. The community of SNMP is not
asked for, because its answer could not be told from other text and taken out.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document
from scanner.platforms.model import Access, WebClient
from scanner.platforms.polycom_hdx_calls import listed_calls, status_facts
from scanner.platforms.polycom_hdx_lines import PASSWORD_RULES

STATUS = "/systemstatus.xml"
COMMANDS = "/a_apicommand.cgi"
SETTINGS = "/a_createdatfilecsv.cgi"
CALL_QUERY = "callinfo all"


def _named(*settings: str) -> tuple[str, ...]:
    return tuple(f"systemsetting get {name}" for name in settings)


QUESTIONS = (
    ("version", *_named("model"), "serialnum"),
    ("autoanswer get", "mpautoanswer get", "encryption get", "farcontrolnearcamera get"),
    ("ntpmode get", "ntpserver get", "enablesnmp get"),
    # many systems leave these out of their settings file; one that has no such name says so
    _named("telnetenabled", "webenabled", "ftpenabled", "remotesyslogenabled"),
    _named("lockoutattemptsadmin"),
    *(_named(f"pw{rule}remote", f"pw{rule}room") for rule in PASSWORD_RULES),
)
"""What is asked through the API besides `CALL_QUERY`, one request for each group: what has to be
read together is asked together."""

QUERIES = tuple(query for together in QUESTIONS for query in together)
"""All of it; each query only asks."""

_ANY_QUERY = "|".join(re.escape(f"{query};") for query in (CALL_QUERY, *QUERIES))
ALLOWED = (
    re.escape(f"GET {STATUS}"),
    rf"{re.escape(f'POST {COMMANDS} apicommand=')}(?:{_ANY_QUERY})+",
    re.escape(f"POST {SETTINGS}"),
)


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. There is no session to end."""
    with access.web(443) as web:
        status = web.request("GET", STATUS, login="as-asked")
        yield status
        _stop_in_a_call(status_facts(status).get("call.active"))
        calls = _ask(web, CALL_QUERY)
        yield calls
        _stop_in_a_call(listed_calls(calls))
        for together in QUESTIONS:
            yield _ask(web, *together)
        yield web.request("POST", SETTINGS, login="as-asked")


def _ask(web: WebClient, *queries: str) -> Document:
    form = {"apicommand": "".join(f"{query};" for query in queries)}
    return web.request("POST", COMMANDS, form=form, login="as-asked")


def _stop_in_a_call(active: Fact[Any] | None) -> None:
    if not isinstance(active, Known):
        raise CollectError(_CALL_STATE_UNREADABLE)
    if active.value:
        raise Busy(_IN_CALL)


_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi nên không hỏi thêm thiết bị",
    en="the call state could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
