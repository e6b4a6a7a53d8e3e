"""Huawei TE20, TE30, TE40, TE50, TE60 endpoints, over their web interface.

The order of requests is the one the vendor's own page uses: pages, `WEB_GetLoginInfo` (somebody is
logged in: stop, never put them out), `Web_RequestSessionID`, `Web_RequestCertificate`,
`WEB_ChangeSessionID`, then the call state and the reading actions, each with the session's token.
Every answer is an envelope whose `data` is JSON in a string. The second `?` in the address is real.

Seen: answers composed from a published contract that was tried on TE20 to TE60; no recording of a
device. TE20 speaks TLS 1.1 only and does not name its model before the login.

Told: model, software, serial number, telnet, HTTP and calls. **Not told by any action known so
far:** media encryption, auto-answer, allowlist, password policy, lock-out, idle timeout, accounts,
time servers, syslog, SNMP. These stay Unknown, and the verdicts that need them undetermined.
`enable_http` is the reverse of its name: 1 means that HTTP is off. The setting does not always
close port 80, so the port has to be looked at as well.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, NeededPort, Unknown
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document, printable
from scanner.platforms.json_evidence import cite_key, cite_match, decoded, decoded_text
from scanner.platforms.model import Access, Platform, Reading, WebClient
from scanner.platforms.several_documents import DISAGREE
from scanner.platforms.signs import Sign

NAME = "huawei-te"
VENDOR = "Huawei"

_PAGES = ("/", "/index.html", "/hidden_frame.html", "/login.html", "/system/login/login.js")
_READING_ACTIONS = ("WEB_GetVersionInfoAPI", "WEB_GetProductEsnAPI")
_ACTIONS = (
    *("WEB_GetLoginInfo", "Web_RequestSessionID", "Web_RequestCertificate", "WEB_ChangeSessionID"),
    *("WEB_GetMailboxDataAPI", *_READING_ACTIONS, "WEB_GetCfgParamAPI", "WEB_LogoutAPI"),
)
_SETTINGS = ("enabletelnet", "enable_http")
_TOKEN = {"acCSRFToken": "{{acCSRFToken}}"}
_HEADERS = {
    "X-Requested-With": "XMLHttpRequest",
    "userType": "web",
    "Origin": "{{origin}}",
    "Referer": "{{origin}}/index.html",
}


def collect(access: Access) -> Generator[Document, None, None]:
    """Nobody else logged in, then the call state, then the settings. Logs out in any case."""
    with access.web(443) as web:
        for page in _PAGES:
            web.request("GET", page, expect=(200, 204, 301, 302, 304, 404))
        login = _act(web, "WEB_GetLoginInfo")
        yield login
        _stop_if_somebody_is_there(login)
        _act(web, "Web_RequestSessionID")
        _log_in(web, access)
        try:
            yield from _questions(web)
        finally:
            _log_out(web)


def _questions(web: WebClient) -> Iterator[Document]:
    _act(web, "WEB_ChangeSessionID")
    mailbox = _act(web, "WEB_GetMailboxDataAPI", _TOKEN)
    yield mailbox
    calls = _active_calls(_data(mailbox))
    if calls is None:
        raise CollectError(_CALL_STATE_UNREADABLE)
    if calls:
        raise Busy(_IN_CALL)
    for action in _READING_ACTIONS:
        yield _act(web, action, _TOKEN)
    yield _act(web, "WEB_GetCfgParamAPI", {"CfgIDString": list(_SETTINGS), **_TOKEN})


def _path(action: str) -> str:
    # the web page puts a random number here against caches; a fixed one repeats the same evidence
    return f"/action.cgi?ActionID={action}?rmd=0"


def _act(web: WebClient, action: str, body: Mapping[str, Any] | None = None) -> Document:
    return web.request("POST", _path(action), json=body, headers=_HEADERS)


def _stop_if_somebody_is_there(login: Document) -> None:
    already = _data(login).get("AlreadyLogin")
    if already == 1:
        raise Busy(_SOMEBODY_LOGGED_IN)
    if already != 0 or isinstance(already, bool):
        raise CollectError(_LOGIN_INFO_UNREADABLE)


def _log_in(web: WebClient, access: Access) -> None:
    answer = web.request(
        "POST",
        _path("Web_RequestCertificate"),
        json={"user": access.username, "password": access.secret()},
        headers=_HEADERS,
        keep=("acCSRFToken",),
    )
    if not _data(answer).get("acCSRFToken"):
        raise LoginRefused(_NOT_LET_IN.format(user=access.username))


def _log_out(web: WebClient) -> None:
    try:
        _act(web, "WEB_LogoutAPI", _TOKEN)
    except CollectError:
        # the session then ends by itself; what was read before stays good
        return


# --- reading ---------------------------------------------------------------------------------


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content.

    A fact on which two documents disagree is Unknown.
    """
    facts: dict[str, Fact[Any]] = {}
    for document in documents:
        for name, fact in _facts(document, _data(document)).items():
            known = facts.get(name)
            if isinstance(known, Known) and isinstance(fact, Known) and known.value != fact.value:
                facts[name] = Unknown(DISAGREE, known.citations + fact.citations)
            elif not isinstance(known, Unknown):
                facts[name] = fact
    return Reading(facts)


def _data(document: Document) -> dict[str, Any]:
    """What the envelope carries; {} for a refusal and for anything else."""
    envelope = decoded(document)
    if not isinstance(envelope, dict) or envelope.get("success") != 1:
        return {}
    data = envelope.get("data")
    if isinstance(data, str):
        data = decoded_text(data)
    return data if isinstance(data, dict) else {}


def _facts(document: Document, data: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    for name, key in (
        ("identity.model", "model"),
        ("identity.model", "szTermType"),
        ("identity.serial", "product_esn"),
        ("software.version", "softVersion"),
    ):
        value = data.get(key)
        if isinstance(value, str) and printable(value):
            facts[name] = Known(printable(value), (cite_key(document, key),))
    if "softVersion" in data or "szTermType" in data:
        facts["identity.vendor"] = Known(VENDOR, (document.cite(),))
        facts["identity.family"] = Known(NAME, (document.cite(),))
    if isinstance(data.get("CfgItemInt"), list):
        facts |= _services(document, data["CfgItemInt"])
    if "state" in data:
        calls = _active_calls(data)
        citations = (cite_key(document, "isInConf"), cite_key(document, "callstate"))
        facts["call.active"] = (
            Unknown(_CALL_STATE_UNREADABLE) if calls is None else Known(calls, citations)
        )
    return facts


def _services(document: Document, items: Sequence[Any]) -> dict[str, Fact[Any]]:
    values = {
        item["CfgItemID"]: item.get("CfgItemInfo")
        for item in items
        if isinstance(item, dict) and isinstance(item.get("CfgItemID"), str)
    }
    facts: dict[str, Fact[Any]] = {}
    for name, key, means_on in (
        ("service.telnet.enabled", "enabletelnet", 1),
        ("service.http.enabled", "enable_http", 0),
    ):
        if key in values:
            facts[name] = _switch(values[key], means_on, key, _cite_item(document, key))
    return facts


def _cite_item(document: Document, key: str) -> Citation:
    return cite_match(document, re.compile(r'\\{0,7}"' + key + r'\\{0,7}"[^}\n]{0,200}'))


def _switch(value: Any, means_on: int, key: str, citation: Citation) -> Fact[bool]:
    if isinstance(value, bool) or value not in (0, 1):
        return Unknown(_NOT_UNDERSTOOD.format(key=key), (citation,))
    return Known(value == means_on, (citation,))


def _active_calls(data: Mapping[str, Any]) -> int | None:
    """0 when idle, 1 in a call; None when the answer does not say. The number is not told."""
    state = data.get("state")
    if isinstance(state, str):
        state = decoded_text(state)
    if not isinstance(state, dict):
        return None
    in_conference, call = state.get("isInConf"), state.get("callstate")
    if any(isinstance(v, bool) or not isinstance(v, int) for v in (in_conference, call)):
        return None
    return int(in_conference != 0 or call != 0)


_VERSION = re.compile(
    r"(?i)(?:TE[X0-9]{1,3}\s+)?V(\d{1,4})R(\d{1,4})C(\d{1,4})"
    r"(?:SPC([0-9a-f]{3}))?(?:T?B(\d{1,4}))?(?:SP(\d{1,4}))?"
)


def version_key(version: str) -> tuple[Any, ...] | None:
    """`V500R002C00SPCb00`: V, R, C, then the patch, whose digits go on past 9 with letters."""
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        return None
    patch = int(match[4], 16) if match[4] else 0
    return (
        *(int(match[group]) for group in (1, 2, 3)),
        patch,
        *(int(match[group] or 0) for group in (5, 6)),
    )


_SOMEBODY_LOGGED_IN = Text(
    vi="đang có người đăng nhập vào giao diện web của thiết bị; hoãn kiểm tra, không ngắt phiên "
    "của họ",
    en="somebody is logged in to the device's web interface; put off, they are not put out",
)
_LOGIN_INFO_UNREADABLE = Text(
    vi="không đọc được trạng thái đăng nhập (WEB_GetLoginInfo) nên chưa gửi mật khẩu",
    en="the login state (WEB_GetLoginInfo) could not be read, so no password was sent",
)
_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi (WEB_GetMailboxDataAPI) nên không hỏi thêm thiết bị",
    en="the call state (WEB_GetMailboxDataAPI) could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
_NOT_LET_IN = Text(
    vi="thiết bị không chấp nhận tài khoản `{user}` trên giao diện web; chỉ thử một lần",
    en="the device did not accept the account `{user}` on its web interface; tried only once",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của tham số `{key}`",
    en="the value of the parameter `{key}` is not understood",
)


SIGNS = (
    Sign(
        ("sip", "greeting", "snmp-description"),
        r"\bHUAWEI[ -](?P<model>TE[2-6]0|TEX0|Box ?\d{3}|Bar ?\d{3})\b(?:.{0,40}?\b"
        r"(?P<version>V\d{3}R\d{3}C\d\w*))?",
        "the vendor's model names; no banner of one was at hand",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Huawei TE",
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=(
        *(re.escape(f"GET {page}") for page in _PAGES),
        rf"POST /action\.cgi\?ActionID=(?:{'|'.join(_ACTIONS)})\?rmd=0",
    ),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        NeededPort("tcp", 443, 443, Text(vi="quản trị qua HTTPS", en="management over HTTPS")),
        NeededPort("tcp", 1720, 1720, Text(vi="báo hiệu H.323", en="H.323 signalling")),
        NeededPort("tcp", 5060, 5061, Text(vi="báo hiệu SIP", en="SIP signalling")),
        NeededPort("udp", 1718, 1719, Text(vi="gatekeeper H.323", en="H.323 gatekeeper")),
        NeededPort("udp", 5060, 5060, Text(vi="báo hiệu SIP", en="SIP signalling")),
    ),
    management_ports={"https": 443},
    guarded=(f"POST {_path('WEB_GetVersionInfoAPI')}", "GET /"),
    signs=SIGNS,
    version_form=r"v\d{3}r\d{3}c\d\w*",
)
