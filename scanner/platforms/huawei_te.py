"""Huawei TE20, TE30, TE40, TE50, TE60 endpoints, over their web interface.

The order of requests is the one the vendor's own page uses: pages, `WEB_GetLoginInfo` (somebody is
logged in: stop, never put them out), `Web_RequestSessionID`, `Web_RequestCertificate`,
`WEB_ChangeSessionID`, then the call state and the reading actions, each with the session's token.
Every answer is an envelope whose `data` is JSON in a string. The second `?` in the address is real.

Seen: answers composed from a published contract that was tried on TE20 to TE60; no recording of a
device. TE20 speaks TLS 1.1 only and does not name its model before the login.

Told: model, software, serial number, telnet, HTTP, calls, and SIP where a line is registered. **Not
told by any action known so far:** media encryption, auto-answer, allowlist, password policy,
lock-out, idle timeout, accounts, time servers, syslog, SNMP. These stay Unknown, some with the
default that the vendor documents in the reason, and the verdicts that need them undetermined.
`enable_http` is the reverse of its name: 1 means that HTTP is off. The setting does not always
close port 80, so the port has to be looked at as well.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DefaultAccount, Fact, Known, Unknown
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.json_evidence import cite_key, cite_match, decoded, decoded_text
from scanner.platforms.model import Access, Platform, Reading, WebClient
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP
from scanner.platforms.several_documents import Told, combined
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
_ITS_OWN = ("softVersion", "szTermType", "ucTerType")
"""Keys that no other product is known to answer with. TE20 has `ucTerType` for `szTermType`."""
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
    reading = combined(documents, _tell)
    if not isinstance(reading.facts.get("identity.family"), Known):
        return reading
    defaults = {name: not_shown(default, by) for name, (default, by) in _DEFAULTS.items()}
    return Reading({**defaults, **reading.facts}, reading.unread)


_SECURITY = Text(
    vi="tài liệu bảo mật TE của hãng (EDOC1100057277)",
    en="the vendor's security guide for TE (EDOC1100057277)",
)
_TE20_GUIDE = Text(
    vi="tài liệu quản trị TE20 của hãng, trang 86",
    en="the vendor's administrator's guide for TE20, page 86",
)
_DEFAULTS = {
    "service.telnet.enabled": (Text(vi="tắt", en="off"), _SECURITY),
    "service.ssh.enabled": (Text(vi="tắt", en="off"), _SECURITY),
    "call.encryption": (Text(vi="Auto (khi đầu kia hỗ trợ)", en="Auto"), _SECURITY),
    "management.allowlist": (
        Text(vi="danh sách rỗng, nghĩa là mọi địa chỉ", en="an empty list, meaning any address"),
        _TE20_GUIDE,
    ),
}
"""What the vendor documents of settings that no known action shows; never a value."""


def _tell(document: Document) -> Told:
    facts = _facts(document, _data(document))
    calls = facts.pop("call.active", None)
    # of an answer that breaks off nothing is known, so it may have been one about calls
    return Told(facts, [calls] if calls else [], whole=isinstance(decoded(document), dict))


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
    own = next((key for key in _ITS_OWN if key in data), None)
    if own is not None:
        facts["identity.vendor"] = Known(VENDOR, (cite_key(document, own),))
        facts["identity.family"] = Known(NAME, (cite_key(document, own),))
    if data.get("sipStatusTxStr") == "SIP_STATE_OK":
        # a line that is registered proves that SIP is on; one that is not proves nothing
        facts["service.sip.enabled"] = Known(True, (cite_key(document, "sipStatusTxStr"),))
    if isinstance(data.get("CfgItemInt"), list):
        facts |= _services(document, data["CfgItemInt"])
    if "state" in data:
        calls = _active_calls(data)
        citations = (cite_key(document, "isInConf"), cite_key(document, "callstate"))
        facts["call.active"] = (
            Unknown(_CALL_STATE_UNREADABLE, (cite_key(document, "state"),))
            if calls is None
            else Known(calls, citations)
        )
    return facts


def _services(document: Document, items: Sequence[Any]) -> dict[str, Fact[Any]]:
    values: dict[str, list[Any]] = {}
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("CfgItemID"), str):
            values.setdefault(item["CfgItemID"], []).append(item.get("CfgItemInfo"))
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


def _switch(told: Sequence[Any], means_on: int, key: str, citation: Citation) -> Fact[bool]:
    """A number, or one in quotes; given twice, it must be the same."""
    values = [_DIGITS.get(value, value) if isinstance(value, str) else value for value in told]
    value = values[0]
    if type(value) is not int or value not in (0, 1) or any(other != value for other in values):
        return Unknown(_NOT_UNDERSTOOD.format(key=key), (citation,))
    return Known(value == means_on, (citation,))


_DIGITS = {"0": 0, "1": 1}


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
    needed_ports=(HTTPS, H323, GATEKEEPER, SIP, SIP_UDP),
    management_ports={"https": 443},
    guarded=(f"POST {_path('WEB_GetVersionInfoAPI')}", "GET /"),
    signs=SIGNS,
    version_form=r"v\d{3}r\d{3}c\d\w*",
    default_accounts=(
        DefaultAccount("admin", ("web", "telnet", "ssh"), "published"),
        DefaultAccount("api", ("web", "telnet", "ssh"), "published"),
        DefaultAccount("administrator", ("remote control",), "published"),
        DefaultAccount("debug", ("debugging",), "published"),
    ),
)
