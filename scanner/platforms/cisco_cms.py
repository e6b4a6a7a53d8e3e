"""Cisco Meeting Server: MMP over SSH, REST API over HTTPS.

Seen on real servers: `user list`, the API's `system/status`, `calls`, `callLegProfiles` and
`system/profiles`, also as the server's log quotes them, the `Enabled : true` tables of services,
`Addresses:` of `ipv4 a`, and which fields `user info` has. **Not seen on a real server**: how
`user info`, `user rule`, `syslog`, `ntp server list`, `snmp` and `tls webadmin` are printed. These
are read tolerantly, as `name : value` or `name value` lines; what does not fit is unknown, so a
server that prints them differently gives unknowns and no wrong facts.

The server has no telnet and tells nothing about it; media encryption is that of the system's call
leg profile and of every other profile, whichever is weakest. Encryption of signalling is that of
the rules for outgoing calls, as the vendor's API reference for 2.0 describes them; not seen either.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import DefaultAccount, Fact, Known, Unknown
from scanner import products
from scanner.collect.errors import Busy, CollectError, NotPinned, Unreachable
from scanner.evidence import Document
from scanner.platforms import cisco_cms_api as api
from scanner.platforms import cisco_cms_mmp as mmp
from scanner.platforms.cisco_cms_remedies import REMEDIES
from scanner.platforms.cisco_cms_users import user_names
from scanner.platforms.model import Access, CommandLine, Platform, Reading, WebClient
from scanner.platforms.needs import SIP, SIP_UDP, needed
from scanner.platforms.signs import Sign

WEB_PORT = 445

USER_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
PROFILE_ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
MAX_USERS = 50
MAX_PROFILES = 20
MAX_RULES = 20

COMMANDS = (
    "user list",
    "user rule",
    "webadmin",
    "callbridge",
    "webbridge3",
    "h323_gateway",
    "ipv4 a",
    "ntp server list",
    "ntp status",
    "syslog",
    "snmp",
    "tls webadmin",
)
RESOURCES = (
    "/api/v1/system/status",
    "/api/v1/calls",
    "/api/v1/system/profiles",
    "/api/v1/callLegProfiles",
    "/api/v1/outboundDialPlanRules",
)

IN_A_CALL = Text(
    vi="máy chủ đang có cuộc họp nên việc kiểm tra được hoãn lại",
    en="the server has a meeting in progress, so its check is put off",
)


def collect(access: Access) -> Generator[Document, None, None]:
    """API first, because it tells whether a call is up; then MMP.

    When the API cannot be reached the MMP is still read, and the failure is raised at the end. A
    refused login ends everything: a second attempt would count towards the lock-out.
    """
    missed: CollectError | None = None
    try:
        with access.web(WEB_PORT) as web:
            yield from _from_api(web)
    except (Unreachable, NotPinned) as error:
        missed = error
    with access.exec_channel() as line:
        yield from _from_mmp(line)
    if missed is not None:
        raise missed


def _from_api(web: WebClient) -> Iterator[Document]:
    def get(path: str) -> Document:
        return web.request("GET", path, login="basic")

    documents = []
    for path in RESOURCES[:2]:
        documents.append(get(path))
        yield documents[-1]
    active = api.read(documents).facts["call.active"]
    if isinstance(active, Known) and active.value > 0:
        raise Busy(IN_A_CALL)
    for path in RESOURCES[2:]:
        documents.append(get(path))
        yield documents[-1]
    for profile in api.profile_ids(documents)[:MAX_PROFILES]:
        yield get(f"/api/v1/callLegProfiles/{profile}")
    for rule in api.rule_ids(documents)[:MAX_RULES]:
        yield get(f"/api/v1/outboundDialPlanRules/{rule}")


def _from_mmp(line: CommandLine) -> Iterator[Document]:
    users = line.run("user list")
    yield users
    for name in user_names(users)[:MAX_USERS]:
        if re.fullmatch(USER_NAME, name):
            yield line.run(f"user info {name}")
    for command in COMMANDS[1:]:
        yield line.run(command)


def read(documents: Sequence[Document]) -> Reading:
    from_api = api.read([d for d in documents if api.is_answer(d)])
    from_mmp = mmp.read([d for d in documents if not api.is_answer(d)])
    facts: dict[str, Fact[Any]] = {**from_mmp.facts}
    for name, fact in from_api.facts.items():
        if name not in facts or isinstance(facts[name], Unknown):
            facts[name] = fact
    return Reading(facts, (*from_api.unread, *from_mmp.unread))


version_key = products.version_key("cisco-meeting-server")
"""`2.0(RC)` stands before `2.0`, and `3.9` before `3.13`."""

SIGNS = (
    Sign(
        ("snmp-description",),
        r"^Acano$",
        "sysDescr; the sysObjectID is that of any net-snmp",
    ),
    Sign(
        ("http-realm",),
        r"^acano$",
        "realm of the programming interface",
        asked="GET /api/v1/system/status",
    ),
)


PLATFORM = Platform(
    name="cisco-cms",
    title="Cisco Meeting Server",
    vendor="Cisco",
    kinds=frozenset({"mcu"}),
    allowed=(
        *(re.escape(command) for command in COMMANDS),
        rf"user info {USER_NAME}",
        *(re.escape(f"GET {path}") for path in RESOURCES),
        rf"GET /api/v1/(?:callLegProfiles|outboundDialPlanRules)/{PROFILE_ID}",
    ),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        needed("tcp", 22, 22, "quản trị qua SSH (MMP)", "management over SSH (MMP)"),
        needed(
            *("tcp", WEB_PORT, WEB_PORT),
            "quản trị và API qua HTTPS",
            "management and API over HTTPS",
        ),
        needed("tcp", 443, 443, "cầu web cho người dự họp bằng trình duyệt", "web bridge"),
        needed(
            *("tcp", 5222, 5223),
            "XMPP cho ứng dụng họp của các phiên bản cũ",
            "XMPP for the meeting apps of old releases",
        ),
        SIP,
        SIP_UDP,
    ),
    management_ports={"https": WEB_PORT, "ssh": 22},
    default_accounts=(DefaultAccount("admin", ("ssh",), "published"),),
    signs=SIGNS,
    remedies=REMEDIES,
)
