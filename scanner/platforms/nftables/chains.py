"""The chains of a Linux packet filter, in one form for nftables and iptables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rules.packets.policy import Region, Unread
from rules.packets.sets import Interval
from scanner.platforms.netconfig.conditions import ALWAYS, Condition

Effect: TypeAlias = Literal["", "destination", "source", "untracked"]
Verb: TypeAlias = Literal["permit", "deny", "jump", "goto", "return", "continue", "unknown"]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a translation makes of every packet, where that is one certain value."""

    address: int | None = None
    port: int | None = None
    prefix: Interval | None = None
    """Instead of an address: the hosts of one prefix become those of another."""
    version: int | None = None
    """Packets of the other version of IP go on to the next line."""


@dataclass(slots=True)
class Line:
    """One rule, with what it does to a packet besides deciding about it."""

    verb: Verb
    line: int
    text: str
    condition: Condition = ALWAYS
    target: str = ""
    effect: Effect = ""
    file: str = ""
    limits: str = ""
    """`limit rate 10/second`: it matches only so often, or until so much has passed."""
    goal: Goal | None = None
    """Of a translation; None where it is one of several, or not understood."""


@dataclass(slots=True)
class Base:
    """A chain at a hook. `chain` is the key of its lines."""

    hook: str
    priority: int
    chain: str
    concerns: Region
    default: Literal["permit", "deny", "unknown"]
    line: int
    text: str
    default_line: int | None = None
    why: str = ""
    translates: bool = False
    """A chain of type nat: it is asked about the first packet of a connection only."""


@dataclass(slots=True)
class Filter:
    """All chains of a host."""

    bases: list[Base] = field(default_factory=list)
    chains: dict[str, list[Line]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
