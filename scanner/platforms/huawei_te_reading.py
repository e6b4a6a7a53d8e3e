"""What answers of Huawei TE, Box and Bar say, each understood on its own and then together.

Every answer is an envelope: `success`, and `data` that is JSON, mostly JSON in a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.json_evidence import cite_key, cite_match, decoded, decoded_text
from scanner.platforms.model import Reading
from scanner.platforms.several_documents import Told, combined

NAME = "huawei-te"
VENDOR = "Huawei"

SETTINGS = ("enabletelnet", "enable_http")
_ITS_OWN = ("softVersion", "szTermType", "ucTerType")
"""Keys that no other product is known to answer with. TE20 has `ucTerType` for `szTermType`."""
_BRAND = re.compile(r"(?i)huawei\s+")
_NEWER = re.compile(r"(?i)\b(?:CloudLink|IdeaHub|Box|Bar|Board)\b")
_TE20 = re.compile(r"(?i)(?:.*\b)?TE20\b.*")


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content.

    A fact on which two documents disagree is Unknown.
    """
    reading = combined(documents, _tell)
    facts = dict(reading.facts)
    if _may_be_te20(facts.get("identity.model"), documents):
        facts |= _of_te20(facts)
    if not isinstance(facts.get("identity.family"), Known):
        return Reading(facts, reading.unread)
    return Reading({**_defaults(facts.get("identity.model")), **facts}, reading.unread)


def data(document: Document) -> dict[str, Any]:
    """What the envelope carries; {} for a refusal and for anything else."""
    envelope = decoded(document)
    if not isinstance(envelope, dict) or envelope.get("success") != 1:
        return {}
    carried = envelope.get("data")
    if isinstance(carried, str):
        carried = decoded_text(carried)
    return carried if isinstance(carried, dict) else {}


def is_accepted(document: Document) -> bool:
    """The envelope says that the request was carried out, whether it carries anything or not."""
    envelope = decoded(document)
    return isinstance(envelope, dict) and envelope.get("success") == 1


def _tell(document: Document) -> Told:
    carried = data(document)
    facts = _facts(document, carried)
    calls = [*_calls(document, carried)]
    if not calls and _ended(carried):
        facts["call.active"] = Unknown(CALL_ENDED, (cite_key(document, "callState"),))
    # of an answer that breaks off nothing is known, so it may have been one about calls
    return Told(facts, calls, whole=isinstance(decoded(document), dict))


def _facts(document: Document, carried: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    for name, key in (
        ("identity.model", "model"),
        ("identity.model", "szTermType"),
        ("identity.serial", "product_esn"),
        ("software.version", "softVersion"),
    ):
        value = carried.get(key)
        shown = printable(value) if isinstance(value, str) else ""
        if name == "identity.model":
            shown = _BRAND.sub("", shown, count=1) if _BRAND.match(shown) else shown
        if shown:
            facts[name] = Known(shown, (cite_key(document, key),))
    own = next((key for key in _ITS_OWN if key in carried), None)
    if own is not None:
        facts["identity.vendor"] = Known(VENDOR, (cite_key(document, own),))
        facts["identity.family"] = Known(NAME, (cite_key(document, own),))
    if carried.get("sipStatusTxStr") == "SIP_STATE_OK":
        # a line that is registered proves that SIP is on; one that is not proves nothing
        facts["service.sip.enabled"] = Known(True, (cite_key(document, "sipStatusTxStr"),))
    return facts | _services(document, carried)


# --- settings --------------------------------------------------------------------------------


def _services(document: Document, carried: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    """Given as a list of items or, by clients in use, as members named like the setting."""
    listed: dict[str, list[Any]] = {}
    items = carried.get("CfgItemInt")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("CfgItemID"), str):
            listed.setdefault(item["CfgItemID"], []).append(item.get("CfgItemInfo"))
    facts: dict[str, Fact[Any]] = {}
    for name, key, means_on in (
        ("service.telnet.enabled", "enabletelnet", 1),
        ("service.http.enabled", "enable_http", 0),
    ):
        values = [*listed.get(key, ()), *([carried[key]] if key in carried else ())]
        if values:
            cited = _cite_item(document, key) if key in listed else cite_key(document, key)
            facts[name] = _switch(values, means_on, key, cited)
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


def _may_be_te20(model: Fact[Any] | None, documents: Sequence[Document]) -> bool:
    if isinstance(model, Known):
        return _TE20.fullmatch(model.value) is not None
    if isinstance(model, Unknown):
        return True
    return any("ucTerType" in (told := data(d)) and "szTermType" not in told for d in documents)


def _of_te20(facts: Mapping[str, Fact[Any]]) -> dict[str, Fact[Any]]:
    """`enable_http` says nothing there: what is published on its meaning contradicts itself."""
    http = facts.get("service.http.enabled")
    if not isinstance(http, Known):
        return {}
    return {"service.http.enabled": Unknown(_HTTP_OF_TE20, http.citations)}


def _defaults(model: Fact[Any] | None) -> dict[str, Unknown]:
    """The defaults documented for TE; of Box and Bar none is."""
    if isinstance(model, Known) and _NEWER.search(model.value):
        return dict.fromkeys(_DEFAULTS, Unknown(_NOT_DOCUMENTED_THERE))
    return {name: not_shown(default, by) for name, (default, by) in _DEFAULTS.items()}


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


# --- calls -----------------------------------------------------------------------------------


def _calls(document: Document, carried: Mapping[str, Any]) -> Iterator[Fact[int]]:
    """0 when idle, 1 in a call: the number of calls is not told."""
    if "state" not in carried:
        return
    state = _state(carried)
    if "callState" in state:
        yield from _newer_calls(document, state)
    if "callstate" in state or "callState" not in state:
        calls = active_calls(carried)
        if calls is None:
            yield Unknown(CALL_STATE_UNREADABLE, (cite_key(document, "state"),))
        else:
            yield Known(calls, (cite_key(document, "isInConf"), cite_key(document, "callstate")))


def _newer_calls(document: Document, state: Mapping[str, Any]) -> Iterator[Fact[int]]:
    """0 idle, 1 calling, 2 connected; 3, a call that ended, says nothing of what is now."""
    value, cited = state["callState"], (cite_key(document, "callState"),)
    if type(value) is not int or not 0 <= value <= _CALL_ENDED:
        yield Unknown(CALL_STATE_UNREADABLE, cited)
    elif value != _CALL_ENDED:
        yield Known(int(value != 0), cited)


_CALL_ENDED = 3


def _ended(carried: Mapping[str, Any]) -> bool:
    value = _state(carried).get("callState")
    return type(value) is int and value == _CALL_ENDED


def _state(carried: Mapping[str, Any]) -> Mapping[str, Any]:
    state = carried.get("state")
    if isinstance(state, str):
        state = decoded_text(state)
    return state if isinstance(state, dict) else {}


def active_calls(carried: Mapping[str, Any]) -> int | None:
    """Of the mailbox of a TE: 0 when idle, 1 in a call; None when it does not say."""
    state = _state(carried)
    in_conference, call = state.get("isInConf"), state.get("callstate")
    if any(isinstance(v, bool) or not isinstance(v, int) for v in (in_conference, call)):
        return None
    return int(in_conference != 0 or call != 0)


CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi (WEB_GetMailboxDataAPI, /v1/login/status) nên không hỏi "
    "thêm thiết bị",
    en="the call state (WEB_GetMailboxDataAPI, /v1/login/status) could not be read, so nothing "
    "else was asked",
)
CALL_ENDED = Text(
    vi="thiết bị chỉ cho biết một cuộc gọi đã kết thúc, không cho biết hiện có cuộc gọi hay không",
    en="the device only says that a call has ended, not whether there is one now",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của tham số `{key}`",
    en="the value of the parameter `{key}` is not understood",
)
_HTTP_OF_TE20 = Text(
    vi="trên TE20, các nguồn đã công bố nói trái nhau về ý nghĩa của `enable_http`; hãy xem thiết "
    "bị có trả lời ở cổng 80 hay không",
    en="of TE20, what is published on the meaning of `enable_http` contradicts itself; see whether "
    "the device answers on port 80",
)
_NOT_DOCUMENTED_THERE = Text(
    vi="giao diện web của Box và Bar không có yêu cầu nào đã biết cho thấy thiết lập này và không "
    "tìm thấy tài liệu công khai về mặc định; hãy xem trên thiết bị và xác nhận bằng văn bản",
    en="no request known of the web interface of Box and Bar shows this setting and no public "
    "document of its default was found; look at the device and attest it",
)
