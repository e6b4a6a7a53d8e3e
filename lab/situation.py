"""How the province is at one moment, as a value: what faults change and the lab makes true."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from lab.topology import FOREIGN_HOST, Place, Plan

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the inventory says beyond the plan."""

    past_check_days: int = 200
    """Age of the last whole-system check."""
    without_review: frozenset[str] = frozenset()
    """Devices whose hardening review was asked for and does not exist."""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """The forward chain of a packet filter: what is admitted besides replies, in order."""

    permits: tuple[str, ...] = ()
    """Rules in nft's words; everything else is dropped."""
    stateful: bool = True


@dataclass(frozen=True, slots=True)
class Reservation:
    """Bandwidth that a packet filter keeps on one interface for conferencing that leaves there."""

    interface: str
    kbps: int
    near: tuple[IPv4Network, ...]
    far: tuple[IPv4Network, ...]


@dataclass(frozen=True, slots=True)
class Rotation:
    """How records are spread over files at one moment."""

    now: datetime
    period_days: int
    count: int

    @property
    def period(self) -> timedelta:
        return timedelta(days=self.period_days)

    @property
    def kept(self) -> timedelta:
        return self.period * self.count


@dataclass(frozen=True, slots=True)
class Situation:
    """The plan and everything that a fault can change. Equal values mean equal networks."""

    plan: Plan
    devices: Mapping[str, State]
    """State of each simulated device, without its login."""
    forwarding: Mapping[str, Forwarding]
    routes: Mapping[str, Mapping[str, str]]
    """Per router: destination prefix to next hop."""
    reserved: Mapping[str, Reservation] = field(default_factory=dict)
    """What a packet filter keeps for conferencing."""
    moved: Mapping[str, Place] = field(default_factory=dict)
    """Hosts that are plugged in elsewhere than planned."""
    powered_off: frozenset[str] = frozenset({FOREIGN_HOST})
    snmp_agents: frozenset[str] = frozenset()
    """Hosts on which a real snmpd answers to the community `public`."""
    password_length: Mapping[str, int] = field(default_factory=dict)
    """Length of the audit password where it is not the usual one."""
    rotation_days: int = 7
    """How often the log server begins new files: 1 or 7."""
    rotations: int = 27
    """How many old files it keeps of each."""
    silent_days: Mapping[str, int] = field(default_factory=dict)
    """Senders whose records stopped, and how many days ago."""
    declaration: Declaration = field(default_factory=Declaration)

    def with_state(self, device: str, **changes: Any) -> Situation:
        """A situation like this one with keys of one simulated device's state changed.

        A dictionary given for a key that holds a dictionary changes it key by key.
        """
        state = dict(self.devices[device])
        for key, value in changes.items():
            old = state.get(key)
            both = isinstance(old, Mapping) and isinstance(value, Mapping)
            state[key] = {**old, **value} if both else value  # type: ignore[dict-item]
        return replace(self, devices={**self.devices, device: state})

    def with_permits(self, firewall: str, *rules: str) -> Situation:
        """A situation like this one with rules before all others on one packet filter."""
        old = self.forwarding[firewall]
        new = replace(old, permits=(*rules, *old.permits))
        return replace(self, forwarding={**self.forwarding, firewall: new})

    def with_reservation(self, router: str, **changes: Any) -> Situation:
        """A situation like this one with the reservation of one packet filter changed."""
        new = replace(self.reserved[router], **changes)
        return replace(self, reserved={**self.reserved, router: new})

    def place(self, host_id: str, interface: str = "eth0") -> Place:
        """Where that interface is plugged in now."""
        if host_id in self.moved:
            return self.moved[host_id]
        planned = self.plan.host(host_id)
        return dict(planned.interfaces)[interface]

    def address(self, device_id: str) -> IPv4Address:
        """The address under which a device is administered."""
        planned = self.plan.host(device_id)
        if planned.role == "filter":
            name = "quantri" if device_id == "fw-tinh" else "tslcd"
            return dict(planned.interfaces)[name].address
        return self.place(device_id).address


AUDIT_USER = "kiemtra"
"""User name of the audit login, on simulated devices and Linux hosts alike."""

PASSWORD_LENGTH = 14
_KINDS = ("BCDFGHJKL", "mnpqrstvxz", "256789", "#%+=")


def password(seed: bytes, name: str, length: int = PASSWORD_LENGTH) -> str:
    """A password of that length with digits, both cases and special characters.

    The same seed and name always give the same one, so a restarted lab keeps its logins. Nothing
    in it is a vowel, stands for one or comes twice, so that none happens to hold a word (D11.2-h).
    """
    kinds = [
        sorted(
            kind,
            key=lambda sign: hmac.new(seed, f"{name}/{length}/{sign}".encode(), "sha512").digest(),
        )
        for kind in _KINDS
    ]
    return "".join(
        kinds[position % len(kinds)][position // len(kinds) % len(kinds[position % len(kinds)])]
        for position in range(length)
    )


def affected_devices(old: Situation, new: Situation) -> tuple[str, ...]:
    """Simulated devices whose state, login or power differs between the two."""
    return tuple(
        h.id
        for h in new.plan.devices
        if old.devices[h.id] != new.devices[h.id]
        or old.password_length.get(h.id) != new.password_length.get(h.id)
        or (h.id in old.powered_off) != (h.id in new.powered_off)
    )
