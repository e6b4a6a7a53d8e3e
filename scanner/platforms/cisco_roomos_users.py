"""The accounts of a Cisco codec: `xCommand UserManagement User List` and the self-diagnostics."""

from __future__ import annotations

from dataclasses import replace

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.cisco_xapi import (
    Setting,
    Settings,
    are_numbered,
    cut_off,
    missing,
    not_understood,
)


def accounts(settings: Settings) -> Fact[tuple[DeviceAccount, ...]]:
    command = "xCommand UserManagement User List"
    lines = settings.below("r", "UserListResult User")
    refused = [s for s in settings.below("r", "UserListResult") if "error" in s.path]
    if refused:
        return not_understood(refused[0])
    without = _passphrase_missing(settings)
    if not lines:
        return Unknown(_SOMEBODY, (without.cite(),)) if without else missing(command)
    if not settings.is_whole(lines) or any("UserListResult" in u.text for _, u in settings.unread):
        return cut_off(command)
    by_user: dict[str, list[Setting]] = {}
    for setting in lines:
        by_user.setdefault(setting.path.split()[2], []).append(setting)
    found: list[DeviceAccount] = []
    proof: list[Setting] = []
    for own in by_user.values():
        name = next((s for s in own if s.path.endswith(" username")), None)
        if name is None or not name.value:
            return not_understood(own[0])
        roles = [s for s in own if s.path.endswith(" role")]
        if any(_lost_a_role(s.path) for s in own) or not are_numbered(roles, "roles"):
            return cut_off(command)
        found.append(_account(name, own, roles))
        proof.extend((name, *roles))
    if without is not None:
        proof.append(without)
    if without is not None and len(found) == 1:
        found = [replace(found[0], password_set=False)]
    return Known(tuple(found), tuple(setting.cite() for setting in proof))


def _lost_a_role(path: str) -> bool:
    """An entry of the list of roles, and no role: it was lost on the way."""
    return "roles" in path.split() and not path.endswith(" role")


def _account(name: Setting, own: list[Setting], roles: list[Setting]) -> DeviceAccount:
    held = sorted({printable(role.value, 20).lower() for role in roles})
    states = {s.path.split()[-1]: s.value.lower() for s in own}
    enabled = None
    if {states.get("active"), states.get("blocked", "false")} <= {"true", "false"}:
        enabled = states["active"] == "true" and states.get("blocked") != "true"
    return DeviceAccount(
        name=printable(name.value, 64),
        role=",".join(held) or None,
        administrator="admin" in held if held else None,
        enabled=enabled,
    )


def _passphrase_missing(settings: Settings) -> Setting | None:
    """The self-diagnostics say that some user has no passphrase; they do not say which."""
    for setting in settings.below("s", "Diagnostics Message"):
        if setting.path.endswith(" type") and setting.value == "ValidPasswords":
            level = settings["s", setting.path.removesuffix("type") + "level"]
            return setting if level is not None and level.value == "Critical" else None
    return None


_SOMEBODY = Text(
    vi="thiết bị báo có tài khoản chưa đặt mật khẩu nhưng chưa có danh sách tài khoản nên không "
    "biết tài khoản nào",
    en="the device reports that some account has no password; without the list of its accounts it "
    "is not known which",
)
