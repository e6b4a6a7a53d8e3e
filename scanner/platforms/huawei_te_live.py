"""Visits to Huawei TE, Box and Bar over their web interface: which of two it is, the device says.

No password is sent before the device has answered like one of the two, and then only one time.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from inventory.text import Text
from rules.facts import Known
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document
from scanner.platforms.huawei_te_reading import (
    CALL_STATE_UNREADABLE,
    SETTINGS,
    active_calls,
    data,
    is_accepted,
    read,
)
from scanner.platforms.json_evidence import decoded
from scanner.platforms.model import Access, WebClient

_PAGES = ("/", "/index.html", "/hidden_frame.html", "/login.html", "/system/login/login.js")
_READING_ACTIONS = ("WEB_GetVersionInfoAPI", "WEB_GetProductEsnAPI")
_ACTIONS = (
    *("WEB_GetLoginInfo", "Web_RequestSessionID", "Web_RequestCertificate", "WEB_ChangeSessionID"),
    *("WEB_GetMailboxDataAPI", *_READING_ACTIONS, "WEB_GetCfgParamAPI", "WEB_GetLineStateInfoAPI"),
    "WEB_LogoutAPI",
)
_OR_NOT_THERE = (200, 404, 405, 501)
_OR_REFUSED = (*_OR_NOT_THERE, 401, 403)
"""Before the password is sent: that there is no such request, or not for everybody, says which of
the two interfaces it is not, and nothing about the account."""
_TOKEN = {"acCSRFToken": "{{acCSRFToken}}"}
_HEADERS = {
    "X-Requested-With": "XMLHttpRequest",
    "userType": "web",
    "Origin": "{{origin}}",
    "Referer": "{{origin}}/index.html",
}
_NEWER_HEADERS = {**_HEADERS, "ClientType": "browser", "X-Access-Token": "{{acCSRFToken}}"}
"""The token stands in a header; a request before the login goes without it."""

ALLOWED = (
    *(re.escape(f"GET {page}") for page in _PAGES),
    rf"POST /action\.cgi\?ActionID=(?:{'|'.join(_ACTIONS)})\?rmd=0",
    r"POST /v1/login/(?:session|account)",
    r"GET /v1/login/status",
    r"POST /action\.cgi\?ActionID=(?:WEB_GetMailboxDataAPI|WEB_GetVersionInfoAPI)",
    r"DELETE /v1/login/session",
)


def path(action: str) -> str:
    """Where the page of a TE asks for an action."""
    # the web page puts a random number here against caches; a fixed one repeats the same evidence
    return f"/action.cgi?ActionID={action}?rmd=0"


def collect(access: Access) -> Generator[Document, None, None]:
    """Nobody else logged in, then the call state, then the settings. Logs out in any case."""
    with access.web(443) as web:
        for page in _PAGES:
            web.request("GET", page, expect=(200, 204, 301, 302, 304, 404))
        login = _act(web, "WEB_GetLoginInfo", expect=_OR_REFUSED)
        yield from _if_envelope(login)
        told = "AlreadyLogin" in data(login)
        if told:
            _stop_if_somebody_is_there(data(login))
        if told and is_accepted(_act(web, "Web_RequestSessionID", expect=_OR_REFUSED)):
            yield from _visit(web, access)
        else:
            yield from _newer_visit(web, access)


def _if_envelope(answer: Document) -> Iterator[Document]:
    """A page that says that there is no such request is no answer of the device."""
    if isinstance(decoded(answer), dict):
        yield answer


def _stop_if_somebody_is_there(told: Mapping[str, Any]) -> None:
    already = told.get("AlreadyLogin")
    if already == 1:
        raise Busy(_SOMEBODY_LOGGED_IN)
    if already != 0 or isinstance(already, bool):
        raise CollectError(_LOGIN_INFO_UNREADABLE)


# --- TE --------------------------------------------------------------------------------------


def _visit(web: WebClient, access: Access) -> Iterator[Document]:
    answer = web.request(
        "POST",
        path("Web_RequestCertificate"),
        json={"user": access.username, "password": access.secret()},
        headers=_HEADERS,
        keep=("acCSRFToken",),
    )
    _require_token(answer, access)
    try:
        yield from _questions(web)
    finally:
        _log_out(web)


def _questions(web: WebClient) -> Iterator[Document]:
    _act(web, "WEB_ChangeSessionID")
    mailbox = _act(web, "WEB_GetMailboxDataAPI", _TOKEN)
    yield mailbox
    calls = active_calls(data(mailbox))
    if calls is None:
        raise CollectError(CALL_STATE_UNREADABLE)
    if calls:
        raise Busy(_IN_CALL)
    for action in _READING_ACTIONS:
        yield _act(web, action, _TOKEN)
    yield _act(web, "WEB_GetCfgParamAPI", {"CfgIDString": list(SETTINGS), **_TOKEN})
    yield from _if_envelope(_act(web, "WEB_GetLineStateInfoAPI", _TOKEN, expect=_OR_NOT_THERE))


def _act(
    web: WebClient,
    action: str,
    body: Mapping[str, Any] | None = None,
    expect: tuple[int, ...] = (200,),
) -> Document:
    return web.request("POST", path(action), json=body, headers=_HEADERS, expect=expect)


def _require_token(answer: Document, access: Access) -> None:
    if not data(answer).get("acCSRFToken"):
        raise LoginRefused(_NOT_LET_IN.format(user=access.username))


def _log_out(web: WebClient) -> None:
    try:
        _act(web, "WEB_LogoutAPI", _TOKEN)
    except CollectError:
        # the session then ends by itself; what was read before stays good
        return


# --- Box and Bar -----------------------------------------------------------------------------


def _newer_visit(web: WebClient, access: Access) -> Iterator[Document]:
    session = web.request("POST", "/v1/login/session", headers=_NEWER_HEADERS, expect=_OR_REFUSED)
    if not is_accepted(session):
        raise CollectError(_NEITHER)
    if "AlreadyLogin" in data(session):
        _stop_if_somebody_is_there(data(session))
    answer = web.request(
        "POST",
        "/v1/login/account",
        json={"account": access.username, "password": access.secret()},
        headers=_NEWER_HEADERS,
        keep=("acCSRFToken",),
    )
    _require_token(answer, access)
    try:
        yield from _newer_questions(web)
    finally:
        _newer_log_out(web)


def _newer_questions(web: WebClient) -> Iterator[Document]:
    status = web.request("GET", "/v1/login/status", headers=_NEWER_HEADERS, expect=_OR_NOT_THERE)
    yield from _if_envelope(status)
    calls = read([status]).facts.get("call.active")
    if not isinstance(calls, Known):
        mailbox = _newer_act(web, "WEB_GetMailboxDataAPI")
        yield mailbox
        calls = read([status, mailbox]).facts.get("call.active")
    if not isinstance(calls, Known):
        raise CollectError(CALL_STATE_UNREADABLE)
    if calls.value:
        raise Busy(_IN_CALL)
    yield _newer_act(web, "WEB_GetVersionInfoAPI")


def _newer_act(web: WebClient, action: str) -> Document:
    """An action as the newer interface is asked for it: with the token in header and body."""
    asked = f"/action.cgi?ActionID={action}"
    return web.request("POST", asked, json=_TOKEN, headers=_NEWER_HEADERS)


def _newer_log_out(web: WebClient) -> None:
    try:
        web.request("DELETE", "/v1/login/session", headers=_NEWER_HEADERS, expect=(200, 202, 204))
    except CollectError:
        # as after a visit to a TE
        return


_SOMEBODY_LOGGED_IN = Text(
    vi="đang có người đăng nhập vào giao diện web của thiết bị; hoãn kiểm tra, không ngắt phiên "
    "của họ",
    en="somebody is logged in to the device's web interface; put off, they are not put out",
)
_LOGIN_INFO_UNREADABLE = Text(
    vi="không đọc được trạng thái đăng nhập (WEB_GetLoginInfo) nên chưa gửi mật khẩu",
    en="the login state (WEB_GetLoginInfo) could not be read, so no password was sent",
)
_NEITHER = Text(
    vi="thiết bị không trả lời như giao diện web của TE (WEB_GetLoginInfo, Web_RequestSessionID) "
    "và cũng không như của Box, Bar (/v1/login/session) nên chưa gửi mật khẩu",
    en="the device answers neither like the web interface of TE (WEB_GetLoginInfo, "
    "Web_RequestSessionID) nor like that of Box and Bar (/v1/login/session), so no password was "
    "sent",
)
_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
_NOT_LET_IN = Text(
    vi="thiết bị không chấp nhận tài khoản `{user}` trên giao diện web; chỉ thử một lần",
    en="the device did not accept the account `{user}` on its web interface; tried only once",
)
