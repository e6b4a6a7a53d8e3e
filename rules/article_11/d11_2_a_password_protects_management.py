"""Every management interface that was tried demands a login, and no account lacks a password.

The console and the menu on the screen cannot be tried from the network: a person checks them.
"""

from __future__ import annotations

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, ManagementInterface
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.wording import phrase


def check(
    management_interfaces: Known[tuple[ManagementInterface, ...]],
    accounts: Fact[tuple[DeviceAccount, ...]],
) -> Verdict:
    interfaces = management_interfaces.value
    open_to_all = tuple(_shown(i) for i in interfaces if i.requires_login is False)
    if open_to_all:
        return failed(
            "no login is demanded on {interfaces}", management_interfaces, interfaces=open_to_all
        )
    bare = _without_password(accounts)
    if bare:
        return failed("these accounts have no password: {accounts}", accounts, accounts=bare)
    if not interfaces:
        return unknown("no management interface could be tried", management_interfaces)
    unclear = tuple(_shown(i) for i in interfaces if i.requires_login is None)
    if unclear:
        return unknown(
            "it is not clear whether a login is demanded on {interfaces}",
            management_interfaces,
            interfaces=unclear,
        )
    return passed(
        "a login is demanded on {interfaces}; console and local menu are for a person to check",
        management_interfaces,
        interfaces=tuple(_shown(i) for i in interfaces),
    )


def _without_password(accounts: Fact[tuple[DeviceAccount, ...]]) -> tuple[str, ...]:
    if not isinstance(accounts, Known):
        return ()
    return tuple(
        account.name
        for account in accounts.value
        if account.password_set is False and account.enabled is not False
    )


def _shown(interface: ManagementInterface) -> Text:
    return phrase(
        "{name} (cổng {port})", "{name} (port {port})", name=interface.name, port=interface.port
    )


RULE = Rule(check, id="D11.2-a", severity="S1", subject="device", kinds=frozenset({"mcu", "vcs"}))
