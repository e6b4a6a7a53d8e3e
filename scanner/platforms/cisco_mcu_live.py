"""Asking a Cisco MCU or TelePresence Server: XML-RPC over HTTPS, the call state first.

Every call carries the account in its body, so nothing is asked over plain HTTP. The address is one
for all calls, also for those that end conferences and restart the device: what may be sent to it
are the calls named here. Which names and members they have was taken from the vendor's reference
for API 2.6 to 2.11 and not seen on a device; so were the numbers of faults.

A TelePresence Server that another system manages knows participants only as
`flex.participant.enumerate`, and says of the plain call that it does not support it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping

from inventory.text import Text
from rules.facts import Known
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document
from scanner.platforms.call_state import calls_in_progress
from scanner.platforms.cisco_mcu_answers import calls_in
from scanner.platforms.model import Access, WebClient
from scanner.platforms.xml_rpc import answer

ADDRESS = "/RPC2"
SYSTEM = "/system.xml"
PARTICIPANTS = "participant.enumerate"
MANAGED_PARTICIPANTS = f"flex.{PARTICIPANTS}"
QUERIES = (
    *("device.query", "services.query", "gatekeeper.query", "sip.query"),
    "device.health.query",
)
ALLOWED = (
    *(
        re.escape(f"POST {ADDRESS} {name}")
        for name in (PARTICIPANTS, MANAGED_PARTICIPANTS, *QUERIES)
    ),
    re.escape(f"GET {SYSTEM}"),
)

NOT_SUPPORTED = 1
NOT_AUTHORISED = 14
"""Numbers of faults: the device does not know the call; it does not accept the account."""

_STATES = ("connected", "connecting")
"""Participants that are asked for, one after the other: with both, no list becomes so long that
the device gives it in parts."""


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. There is no session to end."""
    with access.web(443) as web:
        yield from _call_state(web, access)
        for name in QUERIES:
            yield _ask(web, access, name)
        # some releases show it to everybody, some to nobody, some do not have it
        system = web.request("GET", SYSTEM, expect=(200, 401, 403, 404))
        if "<system" in system.text[:2000]:
            yield system


def _call_state(web: WebClient, access: Access) -> Generator[Document, None, None]:
    for state in _STATES:
        document = _ask(web, access, PARTICIPANTS, _SCOPE + _member("enumerateFilter", state))
        if answer(document).fault_code == NOT_SUPPORTED:
            document = _ask(web, access, MANAGED_PARTICIPANTS)
            yield document
            _stop_in_a_call(document)
            return
        yield document
        _stop_in_a_call(document)


def _stop_in_a_call(document: Document) -> None:
    calls = active_calls(document)
    if calls is None:
        raise CollectError(_CALL_STATE_UNREADABLE)
    if calls:
        raise Busy(_IN_CALL)


def active_calls(document: Document) -> int | None:
    """How many participants an answer lists as being in a call; None when it does not tell."""
    value = answer(document).value
    told = calls_in(document, value) if value is not None else []
    active = calls_in_progress(told, whole=True)
    return active.value if isinstance(active, Known) else None


# --- calls -----------------------------------------------------------------------------------


def _ask(web: WebClient, access: Access, method: str, members: str = "") -> Document:
    """The answer to one call, a fault too. Raises `LoginRefused` when the account is not let in."""
    document = web.request("POST", ADDRESS, xml=call(method, members))
    if answer(document).fault_code == NOT_AUTHORISED:
        raise LoginRefused(_NOT_LET_IN.format(user=access.username))
    return document


def call(method: str, members: str = "") -> str:
    """The body of one call with places for the account; `members` is XML beside these."""
    account = "".join(_member(name, place) for name, place in _ACCOUNT.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<methodCall><methodName>{method}</methodName><params><param><value><struct>"
        f"{account}{members}"
        "</struct></value></param></params></methodCall>\n"
    )


def _member(name: str, value: str) -> str:
    return f"<member><name>{name}</name><value><string>{value}</string></value></member>"


_ACCOUNT: Mapping[str, str] = {
    "authenticationUser": "{{username}}",
    "authenticationPassword": "{{password}}",
}
_SCOPE = (
    "<member><name>operationScope</name><value><array><data>"
    "<value><string>currentState</string></value></data></array></value></member>"
)

_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi (participant.enumerate) nên không hỏi thêm thiết bị",
    en="the call state (participant.enumerate) could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="thiết bị đang có điểm cầu kết nối; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device has participants connected; put off so as not to disturb the meeting",
)
_NOT_LET_IN = Text(
    vi="thiết bị không chấp nhận tài khoản `{user}` trên giao diện XML-RPC; chỉ thử một lần để "
    "không bị khóa tài khoản. Hãy kiểm tra tài khoản đọc cấu hình trong tệp khai báo",
    en="the device did not accept the account `{user}` on its XML-RPC interface; tried only once, "
    "so as not to lock it. Check the account in the inventory",
)
