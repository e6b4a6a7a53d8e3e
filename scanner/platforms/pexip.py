"""Pexip Infinity, over the management node's REST interface and from its saved answers.

Asked with HTTP Basic authentication: the lists of conferences and participants for the call state,
then nodes, global settings, conferences and syslog servers, page by page. Seen: lists of a platform
whose node runs `24 (55691.0.0)`. The names of global and node settings come from the vendor's
public client and its reference of the management API.

The vendor also documents OAuth2 for the management API: client credentials with an assertion that
is signed with the client's own key (ES256) at `/oauth/token/`. The inventory has no place for such
a key, so a platform that has `api_oauth2_disable_basic` switched on refuses this module, which says
so.

Not told: password policy, lock-out, allowlist, accounts, certificates, serial number. The PIN
length is about conferences, not about accounts, so it is no password policy.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DefaultAccount, Fact, Known, SyslogTarget, Unknown
from scanner import products
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document, printable
from scanner.platforms.call_state import calls_in_progress
from scanner.platforms.documented_default import not_shown
from scanner.platforms.json_evidence import cite_key
from scanner.platforms.model import Absent, Access, Platform, Reading, WebClient
from scanner.platforms.needs import GATEKEEPER, H323, SIP, SIP_UDP, needed
from scanner.platforms.pexip_lists import (
    CONFERENCES,
    CONFERENCES_UP,
    CONFERENCING_NODES,
    GLOBAL,
    MANAGEMENT_NODES,
    NODES_UP,
    PARTICIPANTS,
    ROOT,
    SYSLOG,
    Listing,
    Page,
    listings,
    page_of,
)
from scanner.platforms.pexip_locations import calls_on_nodes, time_servers
from scanner.platforms.pexip_nodes import node_facts
from scanner.platforms.pexip_remedies import REMEDIES
from scanner.platforms.several_documents import DISAGREE
from scanner.platforms.signs import Sign

NAME = "pexip"
VENDOR = "Pexip"
_CALLS = (CONFERENCES_UP, PARTICIPANTS)
_PATHS = (NODES_UP, GLOBAL, CONFERENCES, SYSLOG, MANAGEMENT_NODES, CONFERENCING_NODES)
_NOT_ABOUT_CALLS = tuple(f"GET {ROOT}{path}" for path in _PATHS)
_CRYPTO = {"on": "required", "besteffort": "best-effort", "off": "off"}

PAGE = 100
MOST_PAGES = 10
"""After the first page. A longer list stays unread to its end, and what rests on it is Unknown."""


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. There is no session to end."""
    with access.web(443) as web:
        for path in _CALLS:
            answer = _first(web, path)
            yield answer
            calls = read([answer]).facts.get("call.active")
            if not isinstance(calls, Known):
                raise CollectError(_CALL_STATE_UNREADABLE)
            if calls.value:
                raise Busy(_IN_CALL)
        for path in _PATHS:
            yield from _pages(web, path)


def _first(web: WebClient, path: str) -> Document:
    try:
        return web.request("GET", ROOT + path, login="basic")
    except LoginRefused as refused:
        reason = refused.reason
    raise LoginRefused(_MAYBE_OAUTH2.format(vi=reason.vi, en=reason.en))


def _pages(web: WebClient, path: str) -> Iterator[Document]:
    """The list to its end, or as far as is asked. Releases differ in which lists they have."""
    answer = web.request("GET", ROOT + path, login="basic", expect=(200, 404))
    yield answer
    seen = 0
    for _ in range(MOST_PAGES):
        page = page_of(answer)
        if page is None or not page.objects:
            return
        seen += len(page.objects)
        if seen >= (page.total or 0):
            return
        more = f"{ROOT}{path}?limit={PAGE}&offset={seen}"
        answer = web.request("GET", more, login="basic")
        yield answer


def read(documents: Sequence[Document]) -> Reading:
    """Facts of fetched and saved answers; where two documents disagree, Unknown."""
    pages = [page_of(document) for document in documents]
    lists = listings([page for page in pages if page is not None])
    facts = _identity(lists)
    for page in lists[GLOBAL].pages if GLOBAL in lists else ():
        for name, fact in _global(page).items():
            known = facts.setdefault(name, fact)
            if getattr(fact, "value", None) != getattr(known, "value", None):
                facts[name] = Unknown(DISAGREE, known.citations + fact.citations)
    facts |= node_facts(lists)
    if NODES_UP in lists and lists[NODES_UP].items:
        facts["software.version"] = _version(lists[NODES_UP])
    clocks = time_servers(lists)
    if clocks is not None:
        facts["ntp.servers"] = clocks
    if facts:
        facts.setdefault("management.idle_timeout_s", not_shown(_HALF_AN_HOUR, _REFERENCE))
    if SYSLOG in lists:
        facts["syslog.targets"] = _syslog(lists[SYSLOG])
    encryption = _encryption(facts.get("call.encryption"), lists.get(CONFERENCES))
    if encryption is not None:
        facts["call.encryption"] = encryption
    whole = all(
        page is not None or document.source.startswith(_NOT_ABOUT_CALLS)
        for page, document in zip(pages, documents, strict=True)
    )
    # the load of nodes only says something where nobody asked for conferences
    active = calls_in_progress(_calls(lists) or calls_on_nodes(lists), whole)
    if active is not None:
        facts["call.active"] = active
    return Reading(facts)


def _identity(lists: Mapping[str, Listing]) -> dict[str, Fact[Any]]:
    first = next((item for listing in lists.values() for item in listing.items), None)
    if first is None:
        return {}
    cited = (first.cite("resource_uri"),)
    return {"identity.vendor": Known(VENDOR, cited), "identity.family": Known(NAME, cited)}


def _calls(lists: Mapping[str, Listing]) -> list[Fact[int]]:
    told: list[Fact[int]] = []
    for page in (page for kind in _CALLS if kind in lists for page in lists[kind].pages):
        cited = (cite_key(page.document, "total_count"),)
        unclear = Unknown(_CALL_STATE_UNREADABLE, cited)
        told.append(unclear if page.total is None else Known(page.total, cited))
    return told


def _encryption(told: Fact[str] | None, conferences: Listing | None) -> Fact[str] | None:
    """A conference's own mode goes before the global one, which then binds not everybody."""
    for item in conferences.items if conferences else ():
        if item.values.get("crypto_mode") in ("off", "besteffort"):
            return Unknown(_CONFERENCE_DECIDES, (item.cite("crypto_mode"),))
    seen = conferences is not None and conferences.is_whole
    if isinstance(told, Known) and told.value == "required" and not seen:
        return Unknown(_CONFERENCES_NOT_SEEN, told.citations)
    return told


def _version(nodes: Listing) -> Fact[str]:
    cited = nodes.cite("version")
    versions = [item.values.get("version") for item in nodes.items]
    first = versions[0]
    if not isinstance(first, str) or version_key(first) is None:
        return Unknown(_NOT_UNDERSTOOD.format(key="version"), cited)
    if any(version != first for version in versions) or not nodes.is_whole:
        return Unknown(_NODES_DIFFER, cited)
    return Known(printable(first), cited)


def _global(page: Page) -> dict[str, Fact[Any]]:
    """What is set for the whole platform."""
    if len(page.objects) != 1:
        return {}
    document, settings = page.document, page.objects[0]
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
    if ways[0] is True or ways == [False, True]:
        # one switch for TCP and TLS: no setting refuses what comes over TCP
        carried, key = ("best-effort", "enable_sip") if ways[0] else ("off", "enable_sip_udp")
        facts["sip.encryption"] = Known(carried, cite(key))
    verifies = settings.get("sip_tls_cert_verify_mode")
    if isinstance(verifies, str) and verifies.upper() in ("ON", "OFF"):
        checked = verifies.upper() == "ON"
        facts["sip.verifies_peer"] = Known(checked, cite("sip_tls_cert_verify_mode"))
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


def _syslog(servers: Listing) -> Fact[tuple[SyslogTarget, ...]]:
    targets: list[SyslogTarget] = []
    cited = servers.cite("address")
    for item in servers.items:
        address, port, transport = (
            item.values.get(key) for key in ("address", "port", "transport")
        )
        protocol = transport.lower() if isinstance(transport, str) else ""
        if not isinstance(address, str) or not printable(address):
            return Unknown(_NOT_UNDERSTOOD.format(key="address"), cited)
        if protocol not in {"udp", "tcp", "tls"}:
            return Unknown(_NOT_UNDERSTOOD.format(key="transport"), cited)
        number = port if type(port) is int and 0 < port < 65536 else None
        targets.append(SyslogTarget(printable(address), number, protocol))
    if not servers.is_whole:
        return Unknown(_NOT_WHOLE, cited)
    return Known(tuple(targets), cited)


version_key = products.version_key("pexip")
"""The build in brackets is not compared, lists leave it out."""

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
_MAYBE_OAUTH2 = Text(
    vi="{vi}; hoặc hệ thống chỉ cho phép OAuth2 (api_oauth2_disable_basic), hnth chưa hỗ trợ",
    en="{en}; or the platform allows OAuth2 only (api_oauth2_disable_basic), which hnth does not"
    " speak",
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
    vi="danh sách không đầy đủ, còn trang khác hoặc các trang không khớp nhau",
    en="the list is not whole: there are more pages, or pages contradict each other",
)

_HALF_AN_HOUR = Text(vi="30 phút", en="30 minutes")
_REFERENCE = Text(
    vi="tài liệu giao diện quản trị của hãng",
    en="the vendor's reference of the management API",
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
    allowed=(
        *(re.escape(f"GET {ROOT}{path}") for path in (*_CALLS, *_PATHS)),
        *(re.escape(f"GET {ROOT}{path}") + rf"\?limit={PAGE}&offset=\d{{1,6}}" for path in _PATHS),
    ),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        needed("tcp", 443, 443, "quản trị và web", "management and web"),
        needed("tcp", 33000, 39999, "báo hiệu", "signalling"),
        needed("udp", 33000, 39999, "báo hiệu", "signalling"),
        needed("tcp", 40000, 49999, "hình ảnh, âm thanh", "media"),
        needed("udp", 40000, 49999, "hình ảnh, âm thanh", "media"),
        *(H323, GATEKEEPER, SIP, SIP_UDP),
    ),
    management_ports={"https": 443},
    guarded=(f"GET {ROOT}{GLOBAL}", "GET /"),
    signs=SIGNS,
    # the vendor's public client: the name is always this one; its password is no default
    default_accounts=(DefaultAccount("admin", ("ssh",), "not documented"),),
    without=(
        Absent(
            services=("telnet", "ftp", "tftp", "upnp"),
            title="Pexip Infinity port usage, Management Node, from v14 on",
            source="docs.pexip.com/v14/admin/port_usage.htm",
            shown_by=("service.ssh.enabled", "service.snmp.enabled"),
            since="14",
        ),
    ),
    version_form=r"\d+(?:\.\d+)* \(\d+(?:\.\d+)*\)",
    remedies=REMEDIES,
)
