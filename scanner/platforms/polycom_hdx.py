"""Polycom HDX (4000, 6000, 7000, 8000, 9000 series).

Read from saved files: the settings CSV (`system_settings.dat.csv`, `key,value`), answers of the
command line API as text or as the web interface's XML, the greeting with which the API begins, and
`systemstatus.xml`. Seen: those of an HDX 9006 with 3.1.14-56008. Names taken over from the Group
Series, which speaks the same API, and not seen on an HDX: `encryption`, `mpautoanswer`, `ntpmode`,
`ntpserver`, `enablesnmp`, `farcontrolnearcamera`, and in the CSV `encryptionenable`,
`answermultipointcall`, `iph323enable`.

Asked over its web interface: `GET /systemstatus.xml` and `callinfo all` for the call state, then
queries through `POST /a_apicommand.cgi` and the settings with `POST /a_createdatfilecsv.cgi`. The
interface wants HTTP digest authentication, which `Access` does not offer, so only a system that
answers without a login can be read live; the password is never sent. `POST /a_apicommand.cgi` can
also change things: what may be sent through it is the list `QUERIES`, nothing else. The community
is not asked for, because its answer could not be told from other text and taken out.

Not told: telnet, HTTP and HTTPS, allowlist, password policy, limit of failed logins, session
timeout, syslog, lowest TLS version. The counters of failed logins are no limit.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, NeededPort, Unknown
from rules.network_facts import UnreadLine
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document
from scanner.platforms.model import Access, Platform, Reading, WebClient
from scanner.platforms.polycom_hdx_calls import flagged_call, listed_calls, status_facts
from scanner.platforms.polycom_hdx_lines import read_settings
from scanner.platforms.polycom_hdx_settings import setting_facts
from scanner.platforms.polycom_release import release_key
from scanner.platforms.signs import Sign

NAME = "polycom-hdx"
VENDOR = "Polycom"
CALL_QUERY = "callinfo all"
QUERIES = (
    *("version", "systemsetting get model", "serialnum", "autoanswer get", "mpautoanswer get"),
    *("encryption get", "ntpmode get", "ntpserver get", "enablesnmp get"),
    "farcontrolnearcamera get",
)
"""Everything that is sent through the API besides `CALL_QUERY`; each only asks."""


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`."""
    with access.web(443) as web:
        try:
            status = web.request("GET", "/systemstatus.xml")
        except LoginRefused as refused:
            raise CollectError(_DIGEST) from refused
        yield status
        _stop_in_a_call(status_facts(status).get("call.active"))
        calls = _ask(web, CALL_QUERY)
        yield calls
        _stop_in_a_call(listed_calls(calls))
        yield _ask(web, *QUERIES)
        yield web.request("POST", "/a_createdatfilecsv.cgi")


def _ask(web: WebClient, *queries: str) -> Document:
    form = {"apicommand": "".join(f"{query};" for query in queries)}
    return web.request("POST", "/a_apicommand.cgi", form=form)


def _stop_in_a_call(active: Fact[Any] | None) -> None:
    if not isinstance(active, Known):
        raise CollectError(_CALL_STATE_UNREADABLE)
    if active.value:
        raise Busy(_IN_CALL)


# --- reading ---------------------------------------------------------------------------------


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content."""
    told: dict[str, list[Fact[Any]]] = {}
    unread: list[tuple[Document, UnreadLine]] = []
    for document in documents:
        said = read_settings(document)
        unread += [(document, line) for line in said.unread]
        for facts in (setting_facts(said), status_facts(document)):
            for name, fact in facts.items():
                told.setdefault(name, []).append(fact)
        for calls in (flagged_call(said), listed_calls(document)):
            if calls is not None:
                told.setdefault("call.active", []).append(calls)
    return Reading({name: _one(name, facts) for name, facts in told.items()}, tuple(unread))


def _one(name: str, facts: list[Fact[Any]]) -> Fact[Any]:
    """What several documents say together; where they disagree, Unknown."""
    known = [fact for fact in facts if isinstance(fact, Known)]
    if name == "call.active":
        return _calls(facts, known)
    if not known:
        return facts[0]
    if name == "software.version":
        # the API adds the build to the release that the settings file names
        known.sort(key=lambda fact: len(fact.value), reverse=True)
        same = all(fact.value in known[0].value for fact in known)
    else:
        same = all(fact.value == known[0].value for fact in known)
    citations = tuple(dict.fromkeys(cited for fact in known for cited in fact.citations))
    return Known(known[0].value, citations) if same else Unknown(_DISAGREE, citations)


def _calls(facts: list[Fact[Any]], known: list[Known[Any]]) -> Fact[Any]:
    """The largest number that is told: a call that one answer shows is a call."""
    most = max(known, key=lambda fact: int(fact.value), default=None)
    if most is not None and most.value:
        return most
    return next((fact for fact in facts if isinstance(fact, Unknown)), facts[0])


_DIGEST = Text(
    vi="giao diện web của thiết bị đòi đăng nhập kiểu HTTP Digest mà hnth chưa hỗ trợ; hãy nộp tệp"
    " cấu hình xuất từ giao diện web (system_settings.dat.csv) và systemstatus.xml",
    en="the web interface wants an HTTP digest login, which hnth does not offer; hand in the"
    " settings exported from it (system_settings.dat.csv) and systemstatus.xml",
)
_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi nên không hỏi thêm thiết bị",
    en="the call state could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
_DISAGREE = Text(
    vi="các tài liệu của cùng một thiết bị cho giá trị khác nhau",
    en="the documents of the same device give different values",
)


def _port(protocol: str, first: int, last: int, vi: str, en: str) -> NeededPort:
    return NeededPort("tcp" if protocol == "tcp" else "udp", first, last, Text(vi=vi, en=en))


SIGNS = (
    Sign(
        ("sip",),
        r"^Polycom ?HDX ?(?P<number>\d{4})(?P<suffix>\w*)(?:/| \(Release - )(?P<version>[\d.-]+)",
        "User-Agent, older and newer form",
        model="HDX {number} {suffix}",
    ),
    Sign(
        ("greeting",),
        r"\bHere is what I know about myself: ?.{0,80}?\bModel: ?(?:Polycom )?"
        r"(?P<model>HDX ?\d{4}(?: HD)?)(?:.{0,200}?\bSoftware Version: ?(?:Release - )?"
        r"(?P<version>[\d.-]+))?",
        "greeting of the programming interface",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.2684\.1\.1(?:\.|$)",
        "enterprise number under which the call statistics stand",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Polycom HDX",
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=(
        re.escape("GET /systemstatus.xml"),
        re.escape("POST /a_apicommand.cgi"),
        re.escape("POST /a_createdatfilecsv.cgi"),
    ),
    collect=collect,
    read=read,
    version_key=release_key,
    needed_ports=(
        _port("tcp", 443, 443, "quản trị qua HTTPS", "management over HTTPS"),
        _port("tcp", 1720, 1720, "báo hiệu H.323", "H.323 signalling"),
        _port("udp", 1719, 1719, "gatekeeper H.323", "H.323 gatekeeper"),
        _port("tcp", 5060, 5061, "báo hiệu SIP", "SIP signalling"),
        _port("udp", 5060, 5060, "báo hiệu SIP", "SIP signalling"),
        _port("tcp", 3230, 3237, "H.245, cổng cố định", "H.245, fixed ports"),
        _port("udp", 3230, 3341, "hình ảnh, âm thanh, cổng cố định", "media, fixed ports"),
        _port("tcp", 49152, 65535, "H.245", "H.245"),
        _port("udp", 49152, 65535, "hình ảnh, âm thanh", "media"),
        _port("tcp", 4122, 4122, "bảng điều khiển cảm ứng", "touch control"),
    ),
    management_ports={"https": 443},
    guarded=("GET /systemstatus.xml", "GET /"),
    signs=SIGNS,
    version_form=r"\d+(?:\.\d+)+(?:-\d+)?",
)
