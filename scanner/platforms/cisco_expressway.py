"""Cisco TelePresence VCS and Cisco Expressway (Control, Expressway, Core, Edge).

Asked over HTTPS with the name and password in every request: first the counters of calls, as a
REST list and, where that interface is switched off (so from X14.2 by default), as XML; then
`/Status/SystemUnit`. Read from saved files: these answers, the REST list of calls, the overview
page, and `xStatus` answers of the command line.

Seen: answers of a VCS Expressway with X8.11 and X8.11.4. Not seen on a device: the XML of
`/Status/ResourceUsage/Calls` and of `/Status/Calls`, and `xStatus` beyond its end marks; these are
taken from public clients and read tolerantly.

Told: product, serial number, software, calls. **The product has and this module cannot read:**
access by SSH, HTTP and SNMP, session timeout, password rules, accounts, time servers, log servers,
firewall rules. How `xConfiguration` and the web pages spell them is not confirmed by any public
sample, so these facts are Unknown.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DefaultAccount, Fact, Known, Unknown
from scanner import products
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document
from scanner.platforms.cisco_expressway_remedies import REMEDIES
from scanner.platforms.cisco_expressway_status import (
    PRODUCT,
    Leaf,
    Status,
    calls_of,
    looks_like_lines,
    read_lines,
    read_xml,
)
from scanner.platforms.cisco_expressway_web import calls_in, overview_version
from scanner.platforms.documented_default import not_shown
from scanner.platforms.json_evidence import decoded
from scanner.platforms.model import Access, Platform, Reading, WebClient
from scanner.platforms.needs import H323, HTTPS, SIP, SSH, needed
from scanner.platforms.several_documents import DISAGREE, Told, combined
from scanner.platforms.signs import Sign

NAME = "cisco-expressway"
VENDOR = "Cisco"

CALL_COUNTERS = (
    "/api/management/status/resourceusage",
    "/getxml?location=/Status/ResourceUsage/Calls",
)
SYSTEM_UNIT = "/getxml?location=/Status/SystemUnit"

CONFIGURED_ELSEWHERE = (
    *(f"service.{name}.enabled" for name in ("ssh", "telnet", "http", "https", "snmp")),
    *("management.allowlist", "management.idle_timeout_s", "management.lockout_attempts"),
    *("password_policy.min_length", "accounts", "call.encryption", "tls.min_version"),
    *("snmp.versions", "snmp.default_community", "ntp.servers", "syslog.targets"),
)
"""What the product can be set to and no interface known so far tells."""


def collect(access: Access) -> Generator[Document, None, None]:
    """Calls first; a call ends the visit with `Busy`, and so does not knowing with an error."""
    with access.web(443) as web:
        for path in CALL_COUNTERS:
            # 403 and 404: the interface is switched off, the account was not refused
            counters = _get(web, path, expect=(200, 403, 404))
            yield counters
            calls = read([counters]).facts.get("call.active")
            if isinstance(calls, Known):
                break
        else:
            raise CollectError(_CALL_STATE_UNREADABLE)
        if calls.value:
            raise Busy(_IN_CALL)
        yield _get(web, SYSTEM_UNIT)


def _get(web: WebClient, path: str, expect: Sequence[int] = (200,)) -> Document:
    return web.request("GET", path, login="basic", expect=expect)


# --- reading ---------------------------------------------------------------------------------


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content.

    A fact on which two documents disagree is Unknown.
    """
    reading = combined(documents, _told)
    if "identity.family" not in reading.facts:
        return reading
    absent = {**dict.fromkeys(CONFIGURED_ELSEWHERE, Unknown(_NOT_CONFIRMED)), **DEFAULTS}
    return replace(reading, facts={**reading.facts, **absent})


def _told(document: Document) -> Told:
    start = document.text[:2000].lstrip("\ufeff \t\r\n")
    page = overview_version(document)
    if page is not None:
        version, citation = page
        # the X of the number is what shows that it is this product's page
        is_ours = version[:1] in {"X", "x"} and version_key(version) is not None
        return Told(_identity(version, citation)) if is_ours else Told(why_unread=_OTHER)
    if start.startswith(("[", "{")):
        value = decoded(document)
        calls = calls_in(document, value)
        if value is None:
            return Told(whole=False, why_unread="JSON that breaks off or is garbled")
        return Told(calls=[] if calls is None else [calls])
    if looks_like_lines(document):
        return _of_status(read_lines(document))
    if start.startswith("<") and not re.match(r"(?i)<(?:!doctype )?html", start):
        return _of_status(read_xml(document))
    return Told(whole=bool(start), why_unread=_OTHER)


def _of_status(status: Status) -> Told:
    units = status.at("systemunit", "product")
    ours = [
        leaf
        for leaf in (*units, status.product)
        if leaf is not None and PRODUCT.fullmatch(leaf.value)
    ]
    told = Told(calls=calls_of(status), whole=status.whole)
    if not status.whole:
        told.why_unread = "an answer that breaks off or is garbled"
    if not ours and status.banner is None:
        if not told.calls:
            told.why_unread = told.why_unread or _OTHER
        return told
    cite = status.document.cite
    proof = ours[0] if ours else status.banner
    assert proof is not None
    told.facts = {
        "identity.vendor": Known(VENDOR, (cite(proof.line),)),
        "identity.family": Known(NAME, (cite(proof.line),)),
    }
    models = units or [leaf for leaf in (status.product,) if leaf]
    _add(told, status, "identity.model", models, PRODUCT)
    series = _series(status, models[0].value) if models else None
    if series is not None and isinstance(told.facts["identity.model"], Known):
        told.facts["identity.model"] = series
    serials = status.at("systemunit", "hardware", "serialnumber")
    _add(told, status, "identity.serial", serials, re.compile(r"[\w-]{4,40}"))
    versions = status.at("systemunit", "software", "version")
    versions = versions or [leaf for leaf in (status.version, status.banner) if leaf]
    _add(told, status, "software.version", versions, _VERSION)
    return told


def _series(status: Status, product: str) -> Fact[str] | None:
    """The model of a product that calls itself a VCS, as both series do: an option tells which.

    None when the product's own name stands: it is another one, or the newer series was not there.
    """
    if not re.search(r"(?i)vcs|video communication server", product):
        return None
    is_new = _option(status, "expresswayseries")
    if is_new is None:
        return None if _before_the_series(status) else Unknown(_SERIES_NOT_TOLD)
    if is_new.value.lower() != "true":
        return None
    edge = _option(status, "expressway")
    if edge is None:
        return Unknown(_SERIES_NOT_TOLD, (status.document.cite(is_new.line),))
    model = "Cisco Expressway-E" if edge.value.lower() == "true" else "Cisco Expressway-C"
    return Known(model, tuple(status.document.cite(leaf.line) for leaf in (is_new, edge)))


def _before_the_series(status: Status) -> bool:
    """The newer series came with X8."""
    own = status.at("systemunit", "software", "version")
    named = own or [leaf for leaf in (status.version, status.banner) if leaf]
    keys, first = [version_key(leaf.value) for leaf in named], version_key("X8")
    return bool(keys) and all(key is not None and first is not None and key < first for key in keys)


def _option(status: Status, name: str) -> Leaf | None:
    """What the device says of an option; None when it says nothing, or not yes or no."""
    leaves = status.at("systemunit", "software", "configuration", name)
    values = {leaf.value.lower() for leaf in leaves}
    return leaves[0] if values in ({"true"}, {"false"}) else None


def _add(
    told: Told, status: Status, name: str, leaves: Sequence[Leaf], form: re.Pattern[str]
) -> None:
    """The fact when the leaves agree on one value of the right form; nothing without leaves."""
    if not leaves:
        return
    values = {leaf.value for leaf in leaves}
    citations = tuple(status.document.cite(leaf.line) for leaf in leaves)
    if len(values) > 1:
        told.facts[name] = Unknown(DISAGREE, citations)
    elif not form.fullmatch(leaves[0].value):
        told.facts[name] = Unknown(_NOT_UNDERSTOOD, citations)
    else:
        told.facts[name] = Known(leaves[0].value, citations[:1])


def _identity(version: str, citation: Citation) -> dict[str, Fact[Any]]:
    return {
        "identity.vendor": Known(VENDOR, (citation,)),
        "identity.family": Known(NAME, (citation,)),
        "software.version": Known(version, (citation,)),
    }


# --- versions and ports ----------------------------------------------------------------------

_VERSION = re.compile(
    r"(?i)X?(?P<number>\d{1,4}(?:\.\d{1,4}){1,4})"
    r"(?P<rest>(?:[ ._-]?\(?(?:test ?sw|prealpha|alpha|beta|rc)[ _-]?\d{0,4}\)?){0,3})"
)

version_key = products.version_key("cisco-expressway")
"""`X8.11.4`: the numbers; `X12.5.2 (TEST SW)`, `X8.5RC4` stand before the release itself."""


_OTHER = "not an answer of this product that is read here"
_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được số cuộc gọi đang diễn ra nên không hỏi thêm thiết bị; hãy cấp quyền API cho "
    "tài khoản đọc, hoặc nộp tệp trạng thái đã lưu từ thiết bị",
    en="the number of calls in progress could not be read, so nothing else was asked; give the "
    "reading account API access, or hand in saved status files",
)
_IN_CALL = Text(
    vi="thiết bị đang chuyển tiếp cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is carrying a call; put off so as not to disturb the meeting",
)
_NOT_CONFIRMED = Text(
    vi="chưa có tài liệu công khai xác nhận cách thiết bị thể hiện thiết lập này nên không đọc; "
    "hãy xem trên giao diện quản trị và xác nhận bằng văn bản",
    en="no public source confirms how this product shows this setting, so it is not read; look it "
    "up in its web interface and attest it",
)
_SERIES_NOT_TOLD = Text(
    vi="thiết bị tự gọi là VCS như cả hai dòng sản phẩm, và tùy chọn cho biết dòng nào "
    "(ExpresswaySeries) không có trong tài liệu này",
    en="the device calls itself a VCS, as both series do, and the option that tells which "
    "(ExpresswaySeries) is not in this document",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị này trong câu trả lời của thiết bị",
    en="this value in the device's answer is not understood",
)


_COMMANDS_X6 = Text(
    vi="tài liệu lệnh VCS X6 của hãng", en="the vendor's command reference of VCS X6"
)
_GUIDE_2008 = Text(
    vi="hướng dẫn quản trị VCS của hãng (7/2008)",
    en="the vendor's administrator guide of VCS (July 2008)",
)
DEFAULTS: Mapping[str, Unknown] = {
    "service.ssh.enabled": not_shown("On", _COMMANDS_X6),
    "service.https.enabled": not_shown("On", _GUIDE_2008),
    "service.telnet.enabled": not_shown("Off", _GUIDE_2008),
}
"""Settings whose default is documented. No answer shows them."""

SIGNS = (
    Sign(
        ("sip",),
        r"^TANDBERG/4\d{3} \((?P<version>X\d[\w.]*)",
        "product numbers 4xxx with a version X",
    ),
    Sign(
        ("http-server",),
        r"^CE_[CE]$",
        "web server of Expressway-C and Expressway-E",
    ),
    Sign(
        ("greeting",),
        r"\bTANDBERG Video Communication Server (?P<version>X\d[\w.]*)",
        "login text of the command line",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.5596\.130(?:\.|$)",
        "sysObjectID of VCS and Expressway",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Cisco Expressway / VCS",
    vendor=VENDOR,
    kinds=frozenset({"mcu", "server"}),
    allowed=tuple(re.escape(f"GET {path}") for path in (*CALL_COUNTERS, SYSTEM_UNIT)),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        *(SSH, HTTPS, H323),
        needed("udp", 1719, 1719, "đăng ký H.323 (RAS)", "H.323 registration (RAS)"),
        needed(
            *("tcp", 2777, 2777, "H.245 vượt tường lửa", "H.245 for firewall traversal"),
            roles=("edge",),
        ),
        needed(
            *("udp", 2776, 2777, "hình ảnh, âm thanh vượt tường lửa", "media, firewall traversal"),
            roles=("edge",),
        ),
        SIP,
        needed(
            *("udp", 6001, 6001, "H.323 của vùng vượt tường lửa", "H.323 of a traversal zone"),
            roles=("edge",),
        ),
        needed(
            *("tcp", 7001, 7001, "SIP của vùng vượt tường lửa", "SIP of a traversal zone"),
            roles=("edge",),
        ),
    ),
    management_ports={"https": 443, "ssh": 22},
    default_accounts=(
        DefaultAccount("admin", ("web", "api", "ssh"), "published"),
        DefaultAccount("root", ("ssh",), "published"),
    ),
    guarded=(f"GET {SYSTEM_UNIT}", "GET /"),
    signs=SIGNS,
    version_form=r"x\d+(?:\.\d+)+",
    remedies=REMEDIES,
)
