"""No other account has the same password, among all of the scope; all must be tested (A-06).

Compared are keyed digests of passwords that were handed in; without one nothing can be told. Reuse
outside the inventory cannot be seen from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.model import Device, Inventory
from inventory.readings import Readings
from rules.facts import DeviceAccount, Fact, Facts, TestedPassword, Unknown
from rules.model import Rule, Verdict, failed, not_applicable, passed, unknown
from rules.passwords import tested


@dataclass(frozen=True, slots=True)
class _Other:
    """Another account; without a name it stands for those that its device does not list."""

    device: str
    name: str | None
    digest: str | None

    @property
    def shown(self) -> str:
        return f"{self.device}/{self.name or '*'}"


def check(
    account: DeviceAccount,
    device: Device,
    tested_passwords: Fact[tuple[TestedPassword, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
) -> Verdict:
    others = [
        other
        for there in inventory.devices
        if _in_scope(there, device, readings)
        for other in _accounts(there, network[there.id])
        if (other.device, other.name) != (device.id, account.name)
    ]
    if not others:
        return not_applicable("no_such_asset", "there is no other account to share it with")
    password = tested(account, tested_passwords)
    if password is None or password.digest is None:
        return unknown("the password was not tested, so it cannot be compared with others")
    same = tuple(other.shown for other in others if other.digest == password.digest)
    if same:
        return failed("the same password is set for {accounts}", tested_passwords, accounts=same)
    untested = tuple(o.shown for o in others if not _comparable(o.digest, password.digest))
    if untested:
        return unknown(
            "not shared with any tested account; not tested: {accounts}",
            tested_passwords,
            accounts=untested,
        )
    return passed("differs from {n} other passwords", tested_passwords, n=len(others))


def _in_scope(there: Device, device: Device, readings: Readings) -> bool:
    if readings.uniqueness_scope == "device":
        return there.id == device.id
    return readings.uniqueness_scope == "inventory" or there.site == device.site


def _accounts(device: Device, facts: Facts) -> Iterator[_Other]:
    """Every account that can log in with a password, listed by the device or handed in."""
    listed, passwords = facts["accounts"], facts["tested_passwords"]
    known: dict[str, DeviceAccount] = {}
    if not isinstance(listed, Unknown):
        known = {account.name: account for account in listed.value}
    if not isinstance(passwords, Unknown):
        for password in passwords.value:
            known.setdefault(password.account, DeviceAccount(password.account))
    for account in known.values():
        if account.enabled is not False and account.password_set is not False:
            mine = tested(account, passwords)
            yield _Other(device.id, account.name, mine.digest if mine else None)
    if isinstance(listed, Unknown):
        yield _Other(device.id, None, None)


def _comparable(one: str | None, other: str) -> bool:
    return one is not None and one.partition(":")[0] == other.partition(":")[0]


RULE = Rule(check, id="D11.2-g", severity="S2", subject="account", kinds=frozenset({"mcu", "vcs"}))
