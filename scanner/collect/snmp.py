"""What a device says of itself over SNMP: sysDescr, sysObjectID and sysName, by GET and no other.

SNMP tells little about failure. A wrong v2c community is answered with silence, as a switched-off
device is, so silence is reported as silence; v3 names an unknown user and a wrong authentication
key, and drops what it cannot decrypt. One try, one retry, then it is over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

from inventory.secrets import Secret
from inventory.text import Text
from scanner.collect.errors import CollectError, LoginRefused, Silent
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
"""All that is ever asked."""

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
    host = str(ip_address(host))
    version = "v2c" if isinstance(credential, Community) else "v3"
    where = f"{host} UDP {port} (SNMP {version})"
    question = f"snmp {version} get {' '.join(OBJECTS)} {host}:{port}"
    secrets = _secrets(credential)
    if isinstance(credential, UsmUser) and min(map(len, secrets)) < KEY_MIN:
        raise CollectError(_SHORT_KEY.format(where=where))
    journal.sent(device_id, "snmp", question)
    answer = _get(host, port, credential, timeout_s)
    if answer.values is None:
        raise _failure(answer, where, version)
    lines = [question, *(f"{name}: {_one_line(value)}" for name, value in answer.values.items())]
    content = redact(("\n".join(lines) + "\n").encode(), secrets)
    return Document(content, question, "P", datetime.now(UTC), vantage)


def _secrets(credential: Community | UsmUser) -> tuple[str, ...]:
    if isinstance(credential, Community):
        return (credential.name.reveal(),)
    return (credential.authentication_key.reveal(), credential.privacy_key.reveal())


def _get(host: str, port: int, credential: Community | UsmUser, timeout_s: float) -> Answer:
    from scanner.collect.snmp_exchange import get_v2c, get_v3  # noqa: PLC0415 - slow to load

    secrets = tuple(secret.encode() for secret in _secrets(credential))
    if isinstance(credential, Community):
        return get_v2c(host, port, secrets[0], OBJECTS, timeout_s)
    keys = (secrets[0], secrets[1])
    user, authentication = credential.user, credential.authentication
    return get_v3(host, port, user, keys, authentication, OBJECTS, timeout_s)


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
