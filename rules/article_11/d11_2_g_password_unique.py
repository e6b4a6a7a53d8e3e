"""No other account has the same password, among all of the scope; all must be tested (A-06).

Compared are keyed digests of passwords that were handed in, and of what configurations keep: equal
ones are equal passwords, while two hashes that differ may be salted and prove nothing. Reuse
outside the inventory cannot be seen from here. That several persons use one account is a violation
under the reading `shared_person: fail` only (A-33).
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
    kept: frozenset[str] = frozenset()
    """Digests of what the configuration keeps for it."""
    listed: bool = True
    """False: known only because its password is kept, like that of `enable` or a community."""

    @property
    def shown(self) -> str:
        return f"{self.device}/{self.name or '*'}"

    @property
    def digests(self) -> frozenset[str]:
        return self.kept if self.digest is None else self.kept | {self.digest}


def check(
    account: DeviceAccount,
    device: Device,
    tested_passwords: Fact[tuple[TestedPassword, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
) -> Verdict:
    if readings.shared_person == "fail" and account.name in device.shared_accounts:
        return failed("several persons use this account, as the inventory declares")
    others = [
        other
        for there in inventory.devices
        if _in_scope(there, device, readings)
        for other in _accounts(there, network[there.id])
        if (other.device, other.name) != (device.id, account.name)
    ]
    password = tested(account, tested_passwords)
    mine = _kept(network[device.id]).get(account.name, frozenset())
    if password is not None and password.digest is not None:
        mine |= {password.digest}
    same = tuple(other.shown for other in others if mine & other.digests)
    if same:
        proof = (tested_passwords, network[device.id]["credentials.storage"])
        return failed("the same password is set for {accounts}", *proof, accounts=same)
    others = [other for other in others if other.listed]
    if not others:
        return not_applicable("no_such_asset", "there is no other account to share it with")
    if password is None or password.digest is None:
        return unknown("the password was not tested, so it cannot be compared with others")
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
    kept = _kept(facts)
    for account in known.values():
        if account.enabled is not False and account.password_set is not False:
            mine = tested(account, passwords)
            digests = kept.get(account.name, frozenset())
            yield _Other(device.id, account.name, mine.digest if mine else None, digests)
    for name in sorted(kept.keys() - known.keys()):
        yield _Other(device.id, name, None, kept[name], listed=False)
    if isinstance(listed, Unknown):
        yield _Other(device.id, None, None)


def _kept(facts: Facts) -> dict[str, frozenset[str]]:
    """Digests of what the configuration keeps, by account."""
    stored = facts["credentials.storage"]
    found: dict[str, frozenset[str]] = {}
    if not isinstance(stored, Unknown):
        for one in stored.value:
            if one.digest is not None:
                found[one.account] = found.get(one.account, frozenset()) | {one.digest}
    return found


def _comparable(one: str | None, other: str) -> bool:
    return one is not None and one.partition(":")[0] == other.partition(":")[0]


RULE = Rule(check, id="D11.2-g", severity="S2", subject="account", kinds=frozenset({"mcu", "vcs"}))
