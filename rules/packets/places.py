"""What a filter calls the place where a packet comes in or goes out: interface or zone."""

from __future__ import annotations

from inventory.remembered import Remembered
from rules.packets.policy import Policy
from rules.packets.sets import Names


def spoken(policy: Policy) -> frozenset[str]:
    """Every name of an interface or zone that the filters themselves write."""
    return _remembered(policy)


def _spoken(policy: Policy) -> frozenset[str]:
    found: set[str] = set()
    for stage in policy.stages:
        found |= _exact(stage.concerns.entering) | _exact(stage.concerns.leaving)
    for chain in policy.chains.values():
        for rule in chain.rules:
            for region in (*rule.may, *(rule.must or ())):
                found |= _exact(region.entering) | _exact(region.leaving)
    return frozenset(found)


def names_for(policy: Policy, name: str, known: frozenset[str]) -> tuple[str, ...]:
    """The names under which the filters know a place; `known` is what `spoken` gives.

    A zone may be given where the filters speak of interfaces, and the other way round. Several
    names mean that the place is any of them.
    """
    if name in known or not policy.zones:
        return (name,)
    zones = [zone for zone, members in policy.zones.items() if name in members and zone in known]
    if zones:
        return tuple(zones)
    members = policy.zones.get(name, ())
    return tuple(members) or (name,)


def is_placed(policy: Policy, name: str, known: frozenset[str], own: frozenset[str] | None) -> bool:
    """Whether what the filters say can be about this interface.

    A name that the filters write, a member of a zone, or one of the device's `own` interfaces. Any
    other may be the same interface under another name, for which the filters would seem silent.
    """
    if not known or name in known:
        return True
    if any(name == zone or name in members for zone, members in policy.zones.items()):
        return True
    return own is not None and name in own


_remembered: Remembered[Policy, frozenset[str]] = Remembered(_spoken)


def _exact(names: Names | None) -> frozenset[str]:
    return names.exact if names is not None else frozenset()
