"""The SNMP account that the inventory declares for a device, with its secrets found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inventory.model import Device
from inventory.secrets import Secret, resolve
from scanner.collect.snmp import Community, SnmpAgent, UsmUser


def snmp_agent(
    device: Device, base: Path, secret_behind: Callable[[str, Path], Secret] = resolve
) -> SnmpAgent | None:
    """Where and as whom the device may be asked; None when no SNMP account is declared.

    `base` is what `file:` references start from. Raises `SecretError` for one that leads nowhere.
    """
    account = device.credential
    if account is None:
        return None
    credential: Community | UsmUser
    if account.snmp_user and account.snmp_authentication_key and account.snmp_privacy_key:
        credential = UsmUser(
            user=account.snmp_user,
            authentication_key=secret_behind(account.snmp_authentication_key, base),
            privacy_key=secret_behind(account.snmp_privacy_key, base),
            authentication=account.snmp_authentication,
        )
    elif account.snmp_community:
        credential = Community(secret_behind(account.snmp_community, base))
    else:
        return None
    return SnmpAgent(str(device.address), credential, device.snmp_port)
