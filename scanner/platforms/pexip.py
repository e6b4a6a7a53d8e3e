"""Pexip Infinity, over the management node's REST interface and from its saved answers.

Asked with HTTP Basic authentication: the lists of conferences and participants for the call state,
then nodes, global settings and syslog servers. Seen: lists of a platform whose node runs
`24 (55691.0.0)`. The names of global settings come from the vendor's public client.

Not told: password policy, lock-out, allowlist, accounts, certificates, serial number. The PIN
length is about conferences, not about accounts, so it is no password policy.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, NeededPort, SyslogTarget, Unknown
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document, printable
from scanner.platforms.call_state import calls_in_progress
from scanner.platforms.json_evidence import cite_key, decoded
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.several_documents import DISAGREE
from scanner.platforms.signs import Sign

NAME = "pexip"
VENDOR = "Pexip"
_ROOT = "/api/admin/"
_CALLS = ("status/v1/conference/", "status/v1/participant/")
_PATHS = (
    "status/v1/worker_vm/",
    "configuration/v1/global/",
    "configuration/v1/conference/",
    "configuration/v1/syslog_server/",
)
_URI = re.compile(r"/api/admin/((?:configuration|status)/v1/[a-z0-9_]{1,40}/)")
_SOURCE = re.compile(r"(configuration|status)[_/]v1[_/]([a-z0-9_]{1,40}?)(?:/|\.json|$)")
_CRYPTO = {"on": "required", "besteffort": "best-effort", "off": "off"}


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. There is no session to end."""
    with access.web(443) as web:
        for path in _CALLS:
            answer = web.request("GET", _ROOT + path, login="basic")
            yield answer
            calls = read([answer]).facts.get("call.active")
            if not isinstance(calls, Known):
                raise CollectError(_CALL_STATE_UNREADABLE)
            if calls.value:
                raise Busy(_IN_CALL)
        for path in _PATHS:
            yield web.request("GET", _ROOT + path, login="basic")


_CONFERENCES = "configuration/v1/conference/"


@dataclass(frozen=True, slots=True)
class _Listing:
    kind: str
    objects: tuple[Mapping[str, Any], ...]
    total: int | None
    """How many there are, also those on other pages; None when not told."""

    @property
    def is_whole(self) -> bool:
        return self.total == len(self.objects)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of fetched and saved answers; where two documents disagree, Unknown."""
    facts: dict[str, Fact[Any]] = {}
    calls: list[Fact[int]] = []
    whole = True
    conferences_seen = False
    for document in documents:
        listing = _listing(document)
        if listing is None:
            whole = False
            continue
        conferences_seen |= listing.kind == _CONFERENCES and listing.is_whole
        told = _facts(document, listing)
        if "call.active" in told:
            calls.append(told.pop("call.active"))
        for name, fact in told.items():
            known = facts.get(name)
            if known is None:
                facts[name] = fact
            elif isinstance(known, Known) and getattr(fact, "value", None) != known.value:
                facts[name] = Unknown(DISAGREE, known.citations + fact.citations)
    encryption = facts.get("call.encryption")
    if isinstance(encryption, Known) and encryption.value == "required" and not conferences_seen:
        facts["call.encryption"] = Unknown(_CONFERENCES_NOT_SEEN, encryption.citations)
    active = calls_in_progress(calls, whole)
    if active is not None:
        facts["call.active"] = active
    return Reading(facts)


def _listing(document: Document) -> _Listing | None:
    value = decoded(document)
    if not isinstance(value, dict):
        return None
    meta, objects = value.get("meta"), value.get("objects")
    if not isinstance(meta, dict) or not isinstance(objects, list):
        return None
    kinds = set()
    for item in objects:
        uri = item.get("resource_uri") if isinstance(item, dict) else None
        match = _URI.match(uri) if isinstance(uri, str) else None
        kinds.add(match[1] if match else "")
    if not objects:
        named = _SOURCE.search(document.source)
        kinds = {f"{named[1]}/v1/{named[2]}/"} if named else set()
    total = meta.get("total_count")
    if isinstance(total, bool) or not isinstance(total, int) or total < len(objects):
        total = None
    if len(kinds) != 1 or kinds == {""}:
        return None
    return _Listing(kinds.pop(), tuple(objects), total)


def _facts(document: Document, listing: _Listing) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    if listing.objects:
        citation = cite_key(document, "resource_uri")
        facts["identity.vendor"] = Known(VENDOR, (citation,))
        facts["identity.family"] = Known(NAME, (citation,))
    if listing.kind in _CALLS:
        citation = cite_key(document, "total_count")
        facts["call.active"] = (
            Unknown(_CALL_STATE_UNREADABLE, (citation,))
            if listing.total is None
            else Known(listing.total, (citation,))
        )
    elif listing.kind == "status/v1/worker_vm/" and listing.objects:
        facts["software.version"] = _version(document, listing)
    elif listing.kind == "configuration/v1/global/" and len(listing.objects) == 1:
        facts |= _global(document, listing.objects[0])
    elif listing.kind == _CONFERENCES:
        modes = [item.get("crypto_mode") for item in listing.objects]
        weak = next((n for n, mode in enumerate(modes) if mode in ("off", "besteffort")), None)
        if weak is not None:
            # a conference's own mode goes before the global one, which then binds not everybody
            cited = (cite_key(document, "crypto_mode", weak),)
            facts["call.encryption"] = Unknown(_CONFERENCE_DECIDES, cited)
    elif listing.kind == "configuration/v1/syslog_server/":
        facts["syslog.targets"] = _syslog(document, listing)
    return facts


def _version(document: Document, listing: _Listing) -> Fact[str]:
    versions = [item.get("version") for item in listing.objects]
    cited = tuple(cite_key(document, "version", n) for n in range(min(len(versions), 8)))
    first = versions[0]
    if not isinstance(first, str) or version_key(first) is None:
        return Unknown(_NOT_UNDERSTOOD.format(key="version"), cited)
    if any(version != first for version in versions) or not listing.is_whole:
        return Unknown(_NODES_DIFFER, cited)
    return Known(printable(first), cited)


def _global(document: Document, settings: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}

    def cite(*keys: str) -> tuple[Citation, ...]:
        return tuple(cite_key(document, key) for key in keys if key in settings)

    def unclear(key: str) -> Unknown:
        return Unknown(_NOT_UNDERSTOOD.format(key=key), cite(key))

    if "enable_h323" in settings:
        on = settings["enable_h323"]
        known = Known(on, cite("enable_h323")) if isinstance(on, bool) else None
        facts["service.h323.enabled"] = known or unclear("enable_h323")
    ways = [settings.get(key) for key in ("enable_sip", "enable_sip_udp")]
    if any(way is True for way in ways) or ways == [False, False]:
        keys = [k for k in ("enable_sip", "enable_sip_udp") if True not in ways or settings.get(k)]
        facts["service.sip.enabled"] = Known(True in ways, cite(*keys))
    # a node can switch SSH on by itself, so only "on" is concluded from the global setting
    if "enable_ssh" in settings:
        facts["service.ssh.enabled"] = (
            Known(True, cite("enable_ssh"))
            if settings["enable_ssh"] is True
            else Unknown(_NODES_DECIDE, cite("enable_ssh"))
        )
    if "crypto_mode" in settings:
        mode = settings["crypto_mode"]
        word = _CRYPTO.get(mode.lower()) if isinstance(mode, str) else None
        facts["call.encryption"] = (
            Known(word, cite("crypto_mode")) if word else unclear("crypto_mode")
        )
    minutes, enabled = (
        settings.get(key) for key in ("management_session_timeout", "session_timeout_enabled")
    )
    cited = cite("session_timeout_enabled", "management_session_timeout")
    if enabled is False:
        facts["management.idle_timeout_s"] = Known(0, cited[:1])
    elif enabled is True and type(minutes) is int and 0 < minutes < 100_000:
        facts["management.idle_timeout_s"] = Known(minutes * 60, cited)
    elif cited:
        facts["management.idle_timeout_s"] = unclear("management_session_timeout")
    return facts


def _syslog(document: Document, listing: _Listing) -> Fact[tuple[SyslogTarget, ...]]:
    targets: list[SyslogTarget] = []
    cited = tuple(cite_key(document, "address", n) for n in range(min(len(listing.objects), 8)))
    for item in listing.objects:
        address, port, transport = (item.get(key) for key in ("address", "port", "transport"))
        protocol = transport.lower() if isinstance(transport, str) else ""
        if not isinstance(address, str) or not printable(address):
            return Unknown(_NOT_UNDERSTOOD.format(key="address"), cited)
        if protocol not in {"udp", "tcp", "tls"}:
            return Unknown(_NOT_UNDERSTOOD.format(key="transport"), cited)
        number = port if type(port) is int and 0 < port < 65536 else None
        targets.append(SyslogTarget(printable(address), number, protocol))
    if not listing.is_whole:
        return Unknown(_NOT_WHOLE, cited)
    return Known(tuple(targets), cited or (cite_key(document, "total_count"),))


_VERSION = re.compile(
    r"(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?:\s*\((\d{1,9})(?:\.\d{1,9})*\))?"
)


def version_key(version: str) -> tuple[Any, ...] | None:
    """`24 (55691.0.0)`: the release; the build in brackets is not compared, lists leave it out."""
    match = _VERSION.fullmatch(version.strip())
    return tuple(int(match[n] or 0) for n in (1, 2, 3)) if match else None


_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được danh sách hội nghị và người dự nên không hỏi thêm thiết bị",
    en="the lists of conferences and participants could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="hệ thống đang có hội nghị; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="a conference is running; put off so as not to disturb the meeting",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của `{key}`", en="the value of `{key}` is not understood"
)
_NODES_DIFFER = Text(
    vi="các nút chạy phiên bản khác nhau hoặc danh sách nút không đầy đủ",
    en="the nodes run different versions, or the list of nodes is not whole",
)
_NODES_DECIDE = Text(
    vi="cài đặt chung không bật SSH nhưng từng nút có thể tự bật",
    en="the global setting does not switch SSH on, but each node can do so by itself",
)
_CONFERENCES_NOT_SEEN = Text(
    vi="chưa có danh sách đầy đủ các hội nghị, mà mỗi hội nghị có thể tự đặt mức mã hóa yếu hơn",
    en="the whole list of conferences was not seen, and each may set a weaker one of its own",
)
_CONFERENCE_DECIDES = Text(
    vi="có hội nghị tự đặt mức mã hóa yếu hơn cài đặt chung",
    en="a conference sets a weaker encryption of its own",
)
_NOT_WHOLE = Text(
    vi="danh sách không đầy đủ, còn trang khác", en="the list is not whole: there are more pages"
)

SIGNS = (
    Sign(
        ("sip",),
        r"^Pexip Infinity Conferencing Platform(?:/(?P<version>\d[\d.]* \([\d.]+\)))?",
        "Server and User-Agent of the conferencing nodes",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Pexip Infinity",
    vendor=VENDOR,
    kinds=frozenset({"mcu"}),
    allowed=tuple(re.escape(f"GET {_ROOT}{path}") for path in (*_CALLS, *_PATHS)),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        NeededPort("tcp", 443, 443, Text(vi="quản trị và web", en="management and web")),
        NeededPort("tcp", 33000, 39999, Text(vi="báo hiệu", en="signalling")),
        NeededPort("udp", 33000, 39999, Text(vi="báo hiệu", en="signalling")),
        NeededPort("tcp", 40000, 49999, Text(vi="hình ảnh, âm thanh", en="media")),
        NeededPort("udp", 40000, 49999, Text(vi="hình ảnh, âm thanh", en="media")),
    ),
    management_ports={"https": 443},
    guarded=(f"GET {_ROOT}configuration/v1/global/", "GET /"),
    signs=SIGNS,
    version_form=r"\d+(?:\.\d+)* \(\d+(?:\.\d+)*\)",
)
