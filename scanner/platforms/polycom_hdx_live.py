"""Asking a Polycom HDX: its web interface over HTTPS, the call state first.

`GET /systemstatus.xml` and the API query `callinfo all` tell the call state; then come further
queries, and the settings as the web interface exports them. The interface asks for HTTP Digest,
older releases for Basic; the account is shown in the way in which the device asks for it.

`POST /a_apicommand.cgi` can also dial, hang up and change settings. What may be sent through it is
the list `QUERIES` and `CALL_QUERY`, each of which only asks. The community of SNMP is not asked
for, because its answer could not be told from other text and taken out.
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

STATUS = "/systemstatus.xml"
COMMANDS = "/a_apicommand.cgi"
SETTINGS = "/a_createdatfilecsv.cgi"
CALL_QUERY = "callinfo all"
QUERIES = (
    *("version", "systemsetting get model", "serialnum", "autoanswer get", "mpautoanswer get"),
    *("encryption get", "ntpmode get", "ntpserver get", "enablesnmp get"),
    "farcontrolnearcamera get",
)
"""Everything that is sent through the API besides `CALL_QUERY`; each only asks."""

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
        yield _ask(web, *QUERIES)
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
