"""Every management interface that answers demands a login, and no account lacks a password.

An interface that answers and was not tried, and a port that was not asked, leave it undecided.

The console and the menu on the screen cannot be tried from the network: a person checks them.
"""

from __future__ import annotations

from inventory.model import Device
from inventory.text import Text
from rules.exposure import management_ports
from rules.facts import DeviceAccount, Fact, Facts, Known, ManagementInterface, PortScan
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.wording import phrase


def check(
    device: Device,
    facts: Facts,
    ports_tcp: Fact[PortScan],
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
    untried = _untried(management_ports(device, facts), interfaces, ports_tcp)
    if untried:
        return unknown("these management ports were not tried: {ports}", ports_tcp, ports=untried)
    return passed(
        "a login is demanded on {interfaces}; console and local menu are for a person to check",
        management_interfaces,
        interfaces=tuple(_shown(i) for i in interfaces),
    )


def _untried(
    ports: frozenset[int], tried: tuple[ManagementInterface, ...], scan: Fact[PortScan]
) -> tuple[int, ...]:
    """Ports for administration that are open without having been tried, or were not asked."""
    left = sorted(ports - {interface.port for interface in tried})
    if not isinstance(scan, Known):
        return tuple(left)
    shut = {p for p in left if scan.value.asked(p)} - {p.port for p in scan.value.open}
    return tuple(port for port in left if port not in shut)


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
