"""Whether a port is needed: the family's list for model and role, and the approved additions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from inventory.model import Device
from inventory.text import Text
from rules.facts import Fact, Facts, Known, NeededPort, Unknown
from rules.wording import phrase

Place: TypeAlias = tuple[Literal["tcp", "udp"], int]
"""Protocol and port."""

ROLES = {
    "endpoint": Text(vi="gọi trực tiếp bằng địa chỉ", en="dials by address"),
    "registered": Text(vi="đăng ký với gatekeeper", en="behind a gatekeeper"),
    "mcu": Text(vi="MCU", en="MCU"),
    "edge": Text(vi="vượt tường lửa", en="edge"),
    "management": Text(vi="chỉ quản trị", en="management only"),
}
"""`Device.role` in words."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lists say of one port of a device."""

    needed: bool | None
    """None while the role or the model that decides is not known, or there is no list."""
    why: Text | None = None
    """What would decide, where nothing does."""
    speaks: frozenset[str] = frozenset()
    """Protocols that belong there; empty where none is laid down."""


def role_of(device: Device) -> str | None:
    """As declared; an MCU is one without saying so. None when it is not known."""
    return device.role or ("mcu" if device.kind == "mcu" else None)


def listed(place: Place, device: Device, facts: Facts) -> Listed:
    """The port on the family's list, in this role and for this model, or among the additions."""
    if approved(place, device):
        return Listed(True)
    needed: Fact[tuple[NeededPort, ...]] = facts["needed_ports"]
    if isinstance(needed, Unknown):
        return Listed(None, needed.reason)
    entries = [n for n in needed.value if n.protocol == place[0] and n.first <= place[1] <= n.last]
    answers = [(entry, _applies(entry, device, facts)) for entry in entries]
    if fitting := [entry for entry, applies in answers if applies]:
        laid_down = [entry.speaks for entry in fitting]
        return Listed(True, speaks=frozenset().union(*laid_down) if all(laid_down) else NOTHING)
    if open_ones := [entry for entry, applies in answers if applies is None]:
        return Listed(None, _what_decides(place, open_ones, device))
    return Listed(False)


NOTHING: frozenset[str] = frozenset()


def approved(place: Place, device: Device) -> bool:
    """The inventory names the port as an addition."""
    return any((extra.protocol, extra.port) == place for extra in device.approved_ports)


def _applies(entry: NeededPort, device: Device, facts: Facts) -> bool | None:
    answers = [_role_fits(entry, device), _model_fits(entry, facts["identity.model"])]
    if False in answers:
        return False
    return None if None in answers else True


def _role_fits(entry: NeededPort, device: Device) -> bool | None:
    if not entry.roles:
        return True
    role = role_of(device)
    return None if role is None else role in entry.roles


def _model_fits(entry: NeededPort, model: Fact[str]) -> bool | None:
    if not entry.models:
        return True
    if not isinstance(model, Known):
        return None
    name = _plain(model.value)
    return any(name.startswith(_plain(start)) for start in entry.models)


def _plain(model: str) -> str:
    return " ".join(model.split()).casefold()


def _what_decides(place: Place, entries: list[NeededPort], device: Device) -> Text:
    protocol, port = place
    where = f"{port}/{protocol}"
    if role_of(device) is None and any(entry.roles for entry in entries):
        return phrase(
            "cổng {where} chỉ cần thiết với vai trò {roles}; hãy khai báo vai trò của thiết bị "
            "(role)",
            "port {where} is needed only in the role {roles}; declare the role of the device",
            where=where,
            roles=tuple(ROLES[role] for role in _roles(entries)),
        )
    return phrase(
        "cổng {where} chỉ cần thiết với một số kiểu máy; chưa biết kiểu máy của thiết bị",
        "port {where} is needed by some models only, and the model is not known",
        where=where,
    )


def _roles(entries: list[NeededPort]) -> Iterator[str]:
    return (role for role in ROLES if any(role in entry.roles for entry in entries))
