"""Lifesize Room, Team, Express, Passport (command line over SSH), UVC Multipoint (saved dialogues).

The command line tells model, release, serial number, calls and auto-answer. **Not told by any
command known so far:** services, encryption, allowlist, password policy, lock-out, idle timeout,
accounts, time servers, syslog, SNMP. These stay Unknown, and the verdicts that need them
undetermined. The usual `set help-mode off` is a setting and is not sent: answers are read without.

Seen: see `lifesize_cli` and `lifesize_multipoint`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import FACT_TYPES, DefaultAccount, Fact, Known, Unknown
from scanner import products
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document
from scanner.platforms import lifesize_cli as cli
from scanner.platforms import lifesize_multipoint as multipoint
from scanner.platforms.lifesize_remedies import REMEDIES
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Access, Platform, Reading
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, SSH
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign

NAME = "lifesize"
VENDOR = "Lifesize"


def collect(access: Access) -> Generator[Document, None, None]:
    """Whether a call is up, then what the device is. Raises `Busy` when a call is or may be up."""
    with access.shell("generic") as line:
        calls = line.run(cli.CALLS, until=cli.ends(cli.CALLS))
        yield calls
        active = read((calls,)).facts["call.active"]
        if isinstance(active, Unknown):
            why = _CALL_STATE.format(vi=active.reason.vi, en=active.reason.en)
            raise Busy(why) if active.reason == cli.INTERRUPTED else CollectError(why)
        if active.value:
            raise Busy(_IN_CALL)
        for command in cli.COMMANDS[1:]:
            yield line.run(command, until=cli.ends(command))


def read(documents: Sequence[Document]) -> Reading:
    """Facts of dialogues with either kind of device; what nothing tells is Unknown with the why."""
    reading = combined(documents, _tell)
    facts = dict(reading.facts)
    _name(facts)
    return Reading({**_not_told(), **facts}, reading.unread)


def _tell(document: Document) -> Told:
    told, other = cli.tell(document), multipoint.tell(document)
    told.facts = {**other.facts, **told.facts}
    told.calls += other.calls
    return told


def _name(facts: dict[str, Fact[Any]]) -> None:
    """Whoever answers so is of this family; the proof is the answer."""
    for name in ("identity.model", "software.version"):
        fact = facts.get(name)
        if isinstance(fact, Known):
            facts["identity.family"] = Known(NAME, fact.citations)
            facts["identity.vendor"] = Known(VENDOR, fact.citations)
            return


def _not_told() -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {
        name: Unknown(_NO_COMMAND) for name in FACT_TYPES.keys() - SEEN_FROM_OUTSIDE
    }
    for name, command in (
        ("call.active", cli.CALLS),
        ("call.auto_answer", cli.AUTO_ANSWER),
        ("identity.serial", cli.SERIAL),
    ):
        facts[name] = Unknown(_NOT_AMONG_THEM.format(command=command))
    return facts


version_key = products.version_key("lifesize", least=2, builds=True)
"""`LS_RM1_3.5.3 (11)` before `4.7.18`: the numbers, then the build; the series is no order."""


_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
_CALL_STATE = Text(
    vi="{vi}; không hỏi thêm thiết bị",
    en="{en}; nothing else was asked",
)
_NO_COMMAND = Text(
    vi="các lệnh đã biết của thiết bị không cho biết thiết lập này; hãy xem trên giao diện web của "
    "thiết bị và xác nhận bằng văn bản",
    en="no known command of the device tells this setting; look in its web interface and attest it",
)
_NOT_AMONG_THEM = Text(
    vi="không có câu trả lời cho lệnh `{command}` trong các tài liệu đã đọc",
    en="the answer to `{command}` is not among the documents",
)


SIGNS = (
    Sign(
        ("sip",),
        r"^LifeSize (?P<model>(?:Express|Room|Team|Passport|Icon|Bridge)(?:[_ ]\d+)?)/"
        r"(?:LS_[A-Z0-9]+_)?(?P<version>\d+(?:\.\d+)+)",
        "User-Agent",
    ),
    Sign(
        ("certificate",),
        r"(?:^|,)CN=lifesize\.com(?:,|$)|(?:^|,)CN=A_LifeSize_System(?:,|$)",
        "factory certificates",
    ),
    Sign(("html-title",), r"\bLifesize(?:&reg;|®)", "title of the web server's own pages"),
    Sign(
        ("favicon-md5",),
        r"^ed61e4c9e9a176e82734aa42c6a00ce4$",
        "icon of the web interface",
        asked="GET /favicon.ico",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Lifesize",
    vendor=VENDOR,
    kinds=frozenset({"mcu", "vcs"}),
    allowed=tuple(re.escape(command) for command in cli.COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH, HTTPS, H323, SIP, GATEKEEPER, SIP_UDP),
    management_ports={"https": 443, "ssh": 22},
    signs=SIGNS,
    version_form=r"\w*\d+(?:\.\d+)+",
    default_accounts=(DefaultAccount("auto", ("ssh", "telnet"), "published"),),
    remedies=REMEDIES,
)
