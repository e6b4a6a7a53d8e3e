"""Polycom RealPresence Group Series (300, 310, 500, 550, 700).

Asked over its web interface: `POST /rest/session` to log in, `GET /rest/conferences` for the call
state, `GET /rest/system` and `/rest/system/status`, and the settings as the web interface exports
them, `GET /exportsystemprofile.cgi`. The settings could also be asked for by name with
`POST /rest/config`, but the same request changes settings when its body says so; a GET cannot.

Seen: an export and REST answers of a Group 500 with 6.2.2.8-670021. The form of an allowlist that
is switched on, the words for required encryption other than those of the command line API, and the
address the export lies at were taken from public descriptions and not seen on a device.

Read from saved files as well: answers of the command line API (`polycom_group_api`).

Not told by this family: password policy, syslog server, lowest TLS version, UPnP; the accounts only
where the export names the administrator. Its allowlist covers the web interface.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from inventory.text import Text
from rules.facts import Known
from scanner import products
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document
from scanner.platforms.json_evidence import decoded
from scanner.platforms.model import Access, Platform, Reading, WebClient
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, SSH, needed
from scanner.platforms.polycom_export import is_export, read_export
from scanner.platforms.polycom_group_api import api_answer
from scanner.platforms.polycom_group_remedies import REMEDIES
from scanner.platforms.polycom_hardening import serial_port, shown, signalling
from scanner.platforms.polycom_rest import active_calls, rest_answer
from scanner.platforms.polycom_settings import setting_facts
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign

NAME = "polycom-group"
VENDOR = "Polycom"
EXPORT = "/exportsystemprofile.cgi"

_SIP = "comm.NICs.SipNic"
_SERIAL_LOGIN = "security.remoteaccess.serialport.loginmode"
_COOKIE = {"Cookie": "session_id={{sessionId}}"}


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. Logs out in any case."""
    yield from visit(access, ("/rest/system", "/rest/system/status", EXPORT))


def visit(access: Access, paths: Sequence[str]) -> Generator[Document, None, None]:
    """The call state, then the answer of each path; for every system with this login."""
    with access.web(443) as web:
        _log_in(web, access)
        try:
            conferences = web.request("GET", "/rest/conferences", headers=_COOKIE)
            yield conferences
            calls = active_calls(decoded(conferences))
            if calls is None:
                raise CollectError(_CALL_STATE_UNREADABLE)
            if calls:
                raise Busy(_IN_CALL)
            for path in paths:
                yield web.request("GET", path, headers=_COOKIE)
        finally:
            _log_out(web)


def _log_in(web: WebClient, access: Access) -> None:
    answer = web.request(
        "POST",
        "/rest/session",
        json={"user": access.username, "password": access.secret(), "action": "Login"},
        keep=("sessionId",),
    )
    value = decoded(answer)
    if not isinstance(value, dict) or value.get("success", value.get("verified")) is not True:
        raise LoginRefused(_NOT_LET_IN.format(user=access.username))


def _log_out(web: WebClient) -> None:
    try:
        web.request(
            "POST",
            "/rest/session",
            json={"action": "Logout"},
            headers=_COOKIE,
            expect=(200, 204, 400, 401, 403),
        )
    except CollectError:
        # the session then ends by itself; what was read before stays good
        return


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content.

    Where an export and an answer differ, the export counts; where two exports or two answers do,
    the fact is Unknown.
    """
    exported = combined([one for one in documents if is_export(one)], _tell)
    answered = combined([one for one in documents if not is_export(one)], _tell)
    facts = dict(answered.facts)
    for name, fact in exported.facts.items():
        # what the export lacks does not hide what an answer says
        if isinstance(fact, Known) or fact.citations or name not in facts:
            facts[name] = fact
    return Reading(facts, exported.unread + answered.unread)


def _tell(document: Document) -> Told:
    if is_export(document):
        export = read_export(document)
        facts = {
            **setting_facts(export),
            **shown(
                {
                    "sip.encryption": signalling(export, f"{_SIP}.siptransportprotocol"),
                    "serial_port.access": serial_port(export, _SERIAL_LOGIN),
                }
            ),
        }
        return Told(facts, unread=tuple(export.unread))
    answer = rest_answer(document)
    return answer if decoded(document) is not None or not answer.whole else api_answer(document)


version_key = products.version_key("polycom-group", least=2)
"""The vendor counts releases by the dotted numbers; builds are not compared."""

_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi (GET /rest/conferences) nên không hỏi thêm thiết bị",
    en="the call state (GET /rest/conferences) could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
_NOT_LET_IN = Text(
    vi="thiết bị không chấp nhận tài khoản `{user}` trên giao diện web; chỉ thử một lần",
    en="the device did not accept the account `{user}` on its web interface; tried only once",
)


SIGNS = (
    Sign(
        ("sip",),
        r"^Polycom ?RealPresence ?Group ?(?P<number>\d{3})/(?P<version>[\d.-]+)",
        "User-Agent",
        model="RealPresence Group {number}",
    ),
    Sign(
        ("greeting",),
        r"\bHere is what I know about myself: ?.{0,80}?\bModel: ?(?:Polycom )?"
        r"(?P<model>RealPresence Group \d{3})(?:.{0,200}?\bSoftware Version: ?(?:Release - )?"
        r"(?P<version>[\d.-]+))?",
        "greeting of the programming interface, as HDX has it",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.13885\.101\.1(?:\.|$)",
        "enterprise number under which the conference counters stand",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Polycom RealPresence Group Series",
    remedies=REMEDIES,
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=(
        r"POST /rest/session",
        r"GET /rest/(?:conferences|system|system/status)",
        re.escape(f"GET {EXPORT}"),
    ),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        *(SSH, HTTPS, H323, GATEKEEPER, SIP, SIP_UDP),
        needed("tcp", 3230, 3241, "H.245, cổng cố định", "H.245, fixed ports"),
        needed("udp", 3230, 3291, "hình ảnh, âm thanh, cổng cố định", "media, fixed ports"),
        needed("udp", 49152, 65535, "hình ảnh, âm thanh", "media"),
    ),
    management_ports={"https": 443, "ssh": 22},
    guarded=("GET /rest/system", "GET /"),
    signs=SIGNS,
    version_form=r"\d+(?:\.\d+)+(?:-\d+)?",
)
