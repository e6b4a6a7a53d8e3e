"""Conditions of a line with what is certain about them: the widest and the narrowest reading."""

from __future__ import annotations

from dataclasses import dataclass

from rules.packets.sets import NOTHING, Numbers
from scanner.platforms.netconfig.services import ANY_SERVICE, Service


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses that could be meant, and those that certainly are; None = all."""

    may: Numbers | None
    must: Numbers | None
    why: str = ""
    """What is not understood; empty when both are the same."""


@dataclass(frozen=True, slots=True)
class Services:
    """Services that could be meant, and those that certainly are."""

    may: tuple[Service, ...]
    must: tuple[Service, ...]
    why: str = ""


def exactly(addresses: Numbers | None) -> Addresses:
    """All is understood."""
    return Addresses(addresses, addresses)


def any_of(why: str) -> Addresses:
    """Nothing is known of the addresses."""
    return Addresses(None, NOTHING, why)


def just(*services: Service) -> Services:
    """All is understood."""
    return Services(services, services)


def some_service(why: str) -> Services:
    """Nothing is known of the services."""
    return Services((ANY_SERVICE,), (), why)
