"""Whether what is declared of an account is enough to use it, and what it gives away on the way."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.draft import Draft, Remark
from inventory.expectations import Path
from inventory.model import Credential
from inventory.text import Text


def credential_remarks(draft: Draft) -> Iterator[Remark]:
    """Half an account is an error; a community, which anybody on the way can read, a warning."""
    for device in draft.devices:
        if (credential := device.value.credential) is not None:
            yield from _account(credential, (*device.path, "credential"))
            yield from _snmp(credential, (*device.path, "credential"))
    for point in draft.vantage_points:
        if (credential := point.value.credential) is not None:
            path = (*point.path, "credential")
            yield from _account(credential, path)
            if _speaks_snmp(credential):
                yield Remark(path, _NOT_HERE)


def _speaks_snmp(credential: Credential) -> bool:
    return bool(credential.snmp_community) or any(_of_v3(credential))


def _of_v3(credential: Credential) -> tuple[bool, bool, bool]:
    """Which of the three parts of an SNMP v3 account are declared."""
    return (
        bool(credential.snmp_user),
        bool(credential.snmp_authentication_key),
        bool(credential.snmp_privacy_key),
    )


def _account(credential: Credential, path: Path) -> Iterator[Remark]:
    if credential.username:
        return
    if credential.password or credential.private_key or not _speaks_snmp(credential):
        yield Remark(path, _NO_USERNAME)


def _snmp(credential: Credential, path: Path) -> Iterator[Remark]:
    parts = _of_v3(credential)
    if any(parts) and not all(parts):
        yield Remark(path, _HALF_A_USER)
    if credential.snmp_community and any(parts):
        yield Remark((*path, "snmp_community"), _BOTH)
    elif credential.snmp_community:
        yield Remark((*path, "snmp_community"), _CLEAR_TEXT, grave=False)


_NO_USERNAME = Text(
    vi='thiếu mục "username": tên của tài khoản đọc cấu hình',
    en='the key "username" is missing: the name of the account that reads',
)
_HALF_A_USER = Text(
    vi='tài khoản SNMP v3 cần đủ ba mục "snmp_user", "snmp_authentication_key" và'
    ' "snmp_privacy_key"; hnth không dùng SNMP v3 khi không mã hóa',
    en='an SNMP v3 account needs all of "snmp_user", "snmp_authentication_key" and'
    ' "snmp_privacy_key"; hnth does not use SNMP v3 without encryption',
)
_BOTH = Text(
    vi='ghi "snmp_community" (v2c) hoặc "snmp_user" (v3), không ghi cả hai; nên dùng v3',
    en='write "snmp_community" (v2c) or "snmp_user" (v3), not both; better v3',
)
_CLEAR_TEXT = Text(
    vi="SNMP v2c gửi community dưới dạng bản rõ, ai ở trên đường truyền cũng đọc được; nên dùng"
    ' SNMP v3 ("snmp_user") nếu thiết bị có',
    en="SNMP v2c sends the community in clear text, readable for anybody on the way; use SNMP v3"
    ' ("snmp_user") where the device has it',
)
_NOT_HERE = Text(
    vi="điểm quét không được hỏi bằng SNMP; bỏ các mục snmp_ ở đây",
    en="a vantage point is not asked by SNMP; remove the snmp_ keys here",
)
