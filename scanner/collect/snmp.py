"""What a device tells over SNMP: by GET and no other, a few named objects at a time.

`ask` wants to know who answers (sysDescr, sysObjectID, sysName); `read_objects` asks for what a
family has on its allowlist.

SNMP tells little about failure. A wrong v2c community is answered with silence, as a switched-off
device is, so silence is reported as silence; v3 names an unknown user and a wrong authentication
key, and drops what it cannot decrypt. One try, one retry, then it is over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

from inventory.secrets import Secret
from inventory.text import Text
from rules.facts import EvidenceClass
from scanner.collect.errors import CollectError, LoginRefused, Refused, Silent
from scanner.collect.journal import Journal
from scanner.collect.redact import redact
from scanner.evidence import Document, printable

if TYPE_CHECKING:
    from scanner.collect.snmp_exchange import Answer

OBJECTS: Mapping[str, str] = {
    "sysDescr": "1.3.6.1.2.1.1.1.0",
    "sysObjectID": "1.3.6.1.2.1.1.2.0",
    "sysName": "1.3.6.1.2.1.1.5.0",
}
"""All that is asked of a device whose family is not known."""

OBJECTS_MAX = 20
"""In one question; its answer still fits into one datagram."""

VALUE_MAX = 1024
KEY_MIN = 8
"""A shorter USM passphrase is refused by agents (RFC 3414, 11.2)."""

NOT_GIVEN = "(not given)"
_LINE_ENDS = re.compile(r"[\r\n\t\x0b\x0c\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Community:
    """SNMP v2c: the community is the only credential, and travels in clear text."""

    name: Secret


@dataclass(frozen=True, slots=True)
class UsmUser:
    """SNMP v3, authPriv: HMAC with SHA and AES-128."""

    user: str
    authentication_key: Secret
    privacy_key: Secret
    authentication: Literal["SHA", "SHA-256"] = "SHA"


@dataclass(frozen=True, slots=True)
class SnmpAgent:
    """Where a device answers SNMP, and the account that may read. Its repr shows no secret."""

    host: str
    credential: Community | UsmUser
    port: int = 161
    timeout_s: float = 2.0


def read_objects(
    agent: SnmpAgent,
    objects: Mapping[str, str],
    allowed: Sequence[str],
    journal: Journal,
    device_id: str,
    vantage: str | None = None,
) -> Document:
    """The objects (name -> dotted identifier) as a class C document, laid out as that of `ask`.

    The allowlist and the journal know each object as `SNMP GET 1.3.6.1...`. Raises `Refused` when
    one is not on the list or there are too many, else what `ask` raises.
    """
    asked = [f"SNMP GET {identifier}" for identifier in objects.values()]
    for what in asked:
        if not any(re.fullmatch(pattern, what) for pattern in allowed):
            raise Refused(f"{what!r} is not on the allowlist of the family")
    if not 0 < len(asked) <= OBJECTS_MAX:
        raise Refused(f"{len(asked)} objects in one question; 1 to {OBJECTS_MAX} are asked")
    exchange = _Exchange(agent, objects)
    exchange.check()
    for what in asked:
        journal.sent(device_id, "snmp", what)
    return exchange.document("C", vantage)


def ask(
    host: str,
    credential: Community | UsmUser,
    journal: Journal,
    device_id: str,
    *,
    port: int = 161,
    vantage: str | None = None,
    timeout_s: float = 2.0,
) -> Document:
    """The answer as a class P document: the question, then `object: value`, one line each.

    Raises `Silent` when nothing came back, `LoginRefused` when the agent said that it does not
    accept the credential, `CollectError` when no agent listens or what came back is no answer.
    """
    exchange = _Exchange(SnmpAgent(host, credential, port, timeout_s), OBJECTS)
    exchange.check()
    journal.sent(device_id, "snmp", exchange.question)
    return exchange.document("P", vantage)


class _Exchange:
    """One question to one agent."""

    def __init__(self, agent: SnmpAgent, objects: Mapping[str, str]) -> None:
        self._agent = agent
        self._objects = objects
        self._secrets = _secrets(agent.credential)
        self._host = str(ip_address(agent.host))
        self._version = "v2c" if isinstance(agent.credential, Community) else "v3"
        self._where = f"{self._host} UDP {agent.port} (SNMP {self._version})"
        names = " ".join(objects)
        self.question = f"snmp {self._version} get {names} {self._host}:{agent.port}"

    def check(self) -> None:
        """Raises `CollectError` for an account that no agent would accept."""
        if self._version == "v3" and min(map(len, self._secrets)) < KEY_MIN:
            raise CollectError(_SHORT_KEY.format(where=self._where))

    def document(self, evidence_class: EvidenceClass, vantage: str | None) -> Document:
        """Asks, and lays out the answer; raises as `ask`."""
        answer = _get(self._host, self._agent, self._objects)
        if answer.values is None:
            raise _failure(answer, self._where, self._version)
        told = (f"{name}: {_one_line(value)}" for name, value in answer.values.items())
        content = redact(("\n".join([self.question, *told]) + "\n").encode(), self._secrets)
        return Document(content, self.question, evidence_class, datetime.now(UTC), vantage)


def _secrets(credential: Community | UsmUser) -> tuple[str, ...]:
    if isinstance(credential, Community):
        return (credential.name.reveal(),)
    return (credential.authentication_key.reveal(), credential.privacy_key.reveal())


def _get(host: str, agent: SnmpAgent, objects: Mapping[str, str]) -> Answer:
    from scanner.collect.snmp_exchange import get_v2c, get_v3  # noqa: PLC0415 - slow to load

    credential, port, timeout_s = agent.credential, agent.port, agent.timeout_s
    secrets = tuple(secret.encode() for secret in _secrets(credential))
    if isinstance(credential, Community):
        return get_v2c(host, port, secrets[0], objects, timeout_s)
    keys = (secrets[0], secrets[1])
    user, authentication = credential.user, credential.authentication
    return get_v3(host, port, user, keys, authentication, objects, timeout_s)


def _one_line(value: bytes | None) -> str:
    """A device may put line ends into a value, and must not forge another line with them."""
    if value is None:
        return NOT_GIVEN
    return printable(_LINE_ENDS.sub(" ", value.decode("utf-8", errors="replace")), VALUE_MAX)


def _failure(answer: Answer, where: str, version: str) -> CollectError:
    if answer.not_accepted:
        return LoginRefused(_REFUSED.format(where=where, word=answer.not_accepted))
    if answer.heard:
        return CollectError((_NO_ANSWER if version == "v2c" else _UNREADABLE).format(where=where))
    if answer.port_closed:
        return CollectError(_CLOSED.format(where=where))
    return Silent((_SILENT_V2C if version == "v2c" else _SILENT_V3).format(where=where))


_SILENT_V2C = Text(
    vi="{where} không trả lời: thiết bị đang tắt, bị chặn trên đường, chưa bật SNMP, không chấp "
    "nhận địa chỉ này hoặc sai community; SNMP v2c không cho phân biệt các trường hợp đó",
    en="{where} is silent: the device is off, filtered on the way, has no SNMP, does not accept "
    "this address, or the community is wrong; SNMP v2c does not tell these apart",
)
_SILENT_V3 = Text(
    vi="{where} không trả lời: thiết bị đang tắt, bị chặn trên đường, chưa bật SNMP v3 hoặc không "
    "chấp nhận địa chỉ này",
    en="{where} is silent: the device is off, filtered on the way, has no SNMP v3, or does not "
    "accept this address",
)
_CLOSED = Text(
    vi="{where}: thiết bị đang bật và báo không có dịch vụ nào ở cổng này; hãy bật SNMP hoặc khai "
    "báo đúng cổng",
    en="{where}: the device is on and says that nothing listens there; switch SNMP on or declare "
    "the right port",
)
_REFUSED = Text(
    vi="{where} không chấp nhận tài khoản SNMP ({word}); hãy kiểm tra tên, khóa và quyền đọc",
    en="{where} does not accept the SNMP account ({word}); check its name, keys and read access",
)
_NO_ANSWER = Text(
    vi="{where} có gửi lại dữ liệu nhưng không phải câu trả lời SNMP cho câu hỏi đã gửi",
    en="{where} sent something back that is no SNMP answer to what was asked",
)
_UNREADABLE = Text(
    vi="{where} có trả lời nhưng không có câu trả lời nào đọc được với tài khoản này; hãy kiểm tra "
    "khóa mã hóa (AES) và khóa xác thực",
    en="{where} answers, but nothing that can be read with this account; check its privacy (AES) "
    "and authentication keys",
)
_SHORT_KEY = Text(
    vi="khóa SNMP v3 cho {where} ngắn hơn 8 ký tự nên chưa gửi gì; chuẩn USM đòi hỏi ít nhất 8",
    en="an SNMP v3 key for {where} is shorter than 8 characters, so nothing was sent; USM asks for "
    "8 or more",
)
