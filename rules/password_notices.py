"""Observations on passwords: how they are kept, weak policies (A-37), shared accounts (A-33).

D11.2 binds MCU and VCS and speaks of the password, not of the form in which a configuration keeps
it: a readable password breaks none of its items by itself, on whichever device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from inventory.model import Device
from inventory.text import Text
from rules.facts import Citation, Facts, Known, StoredSecret
from rules.model import Severity, Subject
from rules.notice import Notice
from rules.passwords import LENGTH, tested
from rules.wording import phrase
from rules.world import World

NAMED = 8
"""So many accounts are named; the rest is counted."""

LEAST = {"min_length": LENGTH, "digits": 1, "lowercase": 1, "uppercase": 1, "special": 1}
"""What a policy has to ask for (D11.2-b to -f)."""


def password_notices(world: World) -> tuple[Notice, ...]:
    """Every observation, device by device in the inventory's order."""
    return tuple(n for device in world.inventory.devices for n in notices_on(device, world))


def notices_on(device: Device, world: World) -> tuple[Notice, ...]:
    """Every observation on one device."""
    return (
        *stored(device, world.network[device.id]),
        *_weak_policy(device, world),
        *_shared(device, world),
    )


def stored(device: Device, facts: Facts) -> Iterator[Notice]:
    """At most one for passwords that can be read again, and one for weak hashes."""
    fact = facts["credentials.storage"]
    if not isinstance(fact, Known):
        return
    readable = [number for number, one in enumerate(fact.value) if one.readable]
    weak = [number for number, one in enumerate(fact.value) if one.weak]
    for kind, numbers in ((_READABLE, readable), (_WEAK, weak)):
        if numbers:
            cited = [fact.citations[n] for n in numbers if n < len(fact.citations)]
            accounts = _listed(fact.value[n] for n in numbers)
            yield kind.on(device, cited, "credentials.storage", accounts=accounts)


def _listed(secrets: Iterable[StoredSecret]) -> tuple[str | Text, ...]:
    shown = list(dict.fromkeys(f"{one.account} ({one.algorithm or one.form})" for one in secrets))
    left = len(shown) - NAMED
    if left <= 0:
        return tuple(shown)
    return (*shown[:NAMED], Text(vi=f"và {left} mục khác", en=f"and {left} more"))


def _weak_policy(device: Device, world: World) -> Iterator[Notice]:
    """A policy that asks for too little where a password was not tested; `fail` makes it a FAIL."""
    facts = world.network[device.id]
    if device.kind not in {"mcu", "vcs"} or world.readings.weak_policy == "fail":
        return
    if not _has_untested(facts):
        return
    policies = {name: facts[f"password_policy.{name}"] for name in LEAST}
    weak = {
        name: fact
        for name, fact in policies.items()
        if isinstance(fact, Known) and fact.value < LEAST[name]
    }
    if weak:
        items = tuple(
            phrase(
                f"{_ITEMS[name].vi} {{demanded}} (cần {{least}})",
                f"{_ITEMS[name].en} {{demanded}} (needed: {{least}})",
                demanded=fact.value,
                least=LEAST[name],
            )
            for name, fact in weak.items()
        )
        cited = [citation for fact in weak.values() for citation in fact.citations]
        settings = " ".join(f"password_policy.{name}" for name in weak)
        yield _POLICY.on(device, cited, settings, items=items)


def _has_untested(facts: Facts) -> bool:
    """An account that can log in was not handed in, or the accounts are not known."""
    accounts, passwords = facts["accounts"], facts["tested_passwords"]
    if not isinstance(accounts, Known):
        return True
    mine = [a for a in accounts.value if a.enabled is not False and a.password_set is not False]
    return any(tested(account, passwords) is None for account in mine)


def _shared(device: Device, world: World) -> Iterator[Notice]:
    """Accounts that the inventory calls shared; on MCU and VCS the reading `fail` judges them."""
    judged = world.readings.shared_person == "fail" and device.kind in {"mcu", "vcs"}
    if device.shared_accounts and not judged:
        yield _SHARED.on(device, accounts=device.shared_accounts)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What all observations of a kind have in common."""

    name: str
    requirement: str
    severity: Severity
    text: Text
    remedy: Text

    def on(
        self,
        device: Device,
        citations: Iterable[Citation] = (),
        fact: str | None = None,
        **values: Any,
    ) -> Notice:
        return Notice(
            kind=self.name,
            requirement=self.requirement,
            subject=Subject("device", device.id),
            severity=self.severity,
            text=phrase(self.text.vi, self.text.en, **values),
            remedy=self.remedy,
            citations=tuple(dict.fromkeys(citations)),
            site=device.site,
            device=device.id,
            fact=fact,
        )


_STRONG = Text(
    vi="Đổi các mật khẩu này và lưu ở dạng băm mạnh; với SNMP, dùng SNMPv3 thay cho chuỗi cộng "
    "đồng; coi mọi bản sao của tệp cấu hình là tài liệu mật.",
    en="Change these passwords and keep strong hashes; for SNMP use version 3 in place of "
    "communities; treat every copy of the configuration as secret.",
)
_READABLE = _Kind(
    *("stored-readable", "D11.2-a", "S3"),
    Text(
        vi="cấu hình lưu mật khẩu ở dạng đọc lại được: {accounts}",
        en="the configuration keeps passwords so that they can be read again: {accounts}",
    ),
    _STRONG,
)
_WEAK = _Kind(
    *("stored-weak-hash", "D11.2-a", "S4"),
    Text(
        vi="cấu hình lưu mật khẩu ở dạng băm yếu: {accounts}",
        en="the configuration keeps passwords as weak hashes: {accounts}",
    ),
    _STRONG,
)
_POLICY = _Kind(
    *("weak-policy", "D11.2-b", "S3"),
    Text(
        vi="chính sách mật khẩu trên thiết bị yêu cầu thấp hơn Quy chế, và có mật khẩu chưa được "
        "kiểm tra: {items}",
        en="the password policy of the device asks for less than the Regulation, and not every "
        "password was tested: {items}",
    ),
    Text(
        vi="Nâng chính sách mật khẩu của thiết bị, rồi đổi mật khẩu hoặc kiểm tra mật khẩu bằng "
        "hnth vault.",
        en="Raise the password policy of the device, then change the passwords or have them tested "
        "with hnth vault.",
    ),
)
_SHARED = _Kind(
    *("shared-account", "D11.2-g", "S3"),
    Text(
        vi="nhiều người dùng chung tài khoản: {accounts}",
        en="several persons use the same account: {accounts}",
    ),
    Text(
        vi="Cấp cho mỗi người một tài khoản riêng; nếu thiết bị chỉ có một tài khoản, lập danh "
        "sách người được giao và đổi mật khẩu khi có người thôi nhiệm vụ.",
        en="Give every person an account of their own; where the device has one only, keep a list "
        "of who holds it and change the password when one of them leaves.",
    ),
)
_ITEMS = {
    "min_length": Text(vi="số ký tự tối thiểu", en="least length"),
    "digits": Text(vi="chữ số", en="digits"),
    "lowercase": Text(vi="chữ thường", en="lower-case letters"),
    "uppercase": Text(vi="chữ in hoa", en="upper-case letters"),
    "special": Text(vi="ký tự đặc biệt", en="special characters"),
}
