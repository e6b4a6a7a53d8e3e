"""What a filtering device does with packets, in one form for every vendor.

A device has stages; a packet gets through when every stage that concerns it lets it. A stage runs a
chain: the first rule that matches decides, jumps lead into other chains and come back. What a
reader does not understand is kept as the difference between `may` and `must`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.packets.sets import Names, Numbers

Action = Literal["permit", "deny", "jump", "goto", "return", "continue"]
"""`continue` is a rule that only counts or logs: the next one is looked at."""


@dataclass(frozen=True, slots=True)
class Region:
    """Packets that fit every field; None = any value of the field."""

    source: Numbers | None = None
    destination: Numbers | None = None
    protocol: Numbers | None = None
    source_port: Numbers | None = None
    """For ICMP the type."""
    destination_port: Numbers | None = None
    """For ICMP the code."""
    flags: Numbers | None = None
    """TCP flags, 0 to 63."""
    entering: Names | None = None
    """Interface or zone through which the packet comes in."""
    leaving: Names | None = None
    state: Names | None = None
    """State of its connection, of `fields.STATES`."""


EVERYTHING = Region()


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a chain."""

    action: Action
    line: int
    text: str
    may: tuple[Region, ...] = (EVERYTHING,)
    """Packets that could match: a packet in none of these certainly does not."""
    must: tuple[Region, ...] | None = None
    """Packets that certainly match; None = the same as `may`: the line is fully understood."""
    target: str | None = None
    """Chain of a jump or goto."""
    why: str = ""
    """The condition that is not understood, in the configuration's own words."""
    file: str = ""
    lines: tuple[int, ...] = ()
    """Further lines that belong to it: the binding, the object that gives the action."""

    @property
    def certain(self) -> tuple[Region, ...]:
        return self.may if self.must is None else self.must

    @property
    def understood(self) -> bool:
        return self.must is None


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in their order, and what happens to a packet that none of them decides."""

    name: str
    rules: tuple[Rule, ...] = ()
    default: Literal["permit", "deny", "return", "unknown"] = "return"
    line: int | None = None
    """Where the default is written; None where it is the vendor's."""
    why: str = ""
    """Why the default is unknown."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a translation makes of one field."""

    value: int
    """What every value becomes; where `shifts`, what is added to each."""
    shifts: bool = False

    def of(self, value: int) -> int:
        return value + self.value if self.shifts else self.value


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One line of address translation. What it does not change stays as it is.

    Only a line that is fully understood and gives every packet one certain outcome is one; a pool
    or a condition in doubt stays with the reader, which leaves its packets undecided.
    """

    rule: Rule
    """With the action `continue`; its `may` are the packets that are translated."""
    source: Change | None = None
    destination: Change | None = None
    source_port: Change | None = None
    destination_port: Change | None = None

    @property
    def changes(self) -> dict[str, Change]:
        """By the name of the field."""
        found = {name: getattr(self, name) for name in TRANSLATED}
        return {name: change for name, change in found.items() if change is not None}


TRANSLATED = ("source", "destination", "source_port", "destination_port")


@dataclass(frozen=True, slots=True)
class Stage:
    """A chain that packets have to pass."""

    chain: str
    concerns: Region = EVERYTHING
    """Packets of which it is asked; others pass it."""
    line: int | None = None
    """The binding: `access-group`, `hook`, a pair of zones."""
    text: str = ""
    stateful: bool = False
    """Replies to what was permitted pass without being asked again."""
    rewrites: tuple[Rewrite, ...] = ()
    """Before this stage is asked the first of these that matches translates the packet, for this
    stage and all later ones."""
    device: str = ""
    """Where several devices are one policy: the one that it belongs to."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that was not understood; `matters` when it could change what passes."""

    line: int
    text: str
    why: str
    matters: bool = True
    file: str = ""
    device: str = ""
    """Where several devices are one policy: the one that it belongs to."""

    @property
    def spoken(self) -> str:
        """Where it stands and what was not understood, for a message."""
        where = f"{self.device}: line" if self.device else "line"
        return f"{where} {self.line}: {self.why}"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Policy:
    """All that one device does with packets that go through it."""

    stages: tuple[Stage, ...] = ()
    chains: dict[str, Chain] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    zones: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Zone -> its interfaces, where the filters speak of zones."""

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The devices passed one after another, where this is the policy of a way of several."""
        return ()

    @property
    def originals(self) -> Mapping[int, Rule]:
        """By id of a rule of such a way: the same rule as its device has it."""
        return {}

    @property
    def denies(self) -> bool:
        """Some stage can stop a packet."""
        return any(
            chain.default == "deny" or any(rule.action == "deny" for rule in chain.rules)
            for chain in self.chains.values()
        )

    @property
    def tracks(self) -> bool:
        """Replies pass because their connection was let through, not because of a line of theirs.

        True as soon as one stage does so by itself, or one rule lets established connections by.
        """
        return any(stage.stateful for stage in self.stages) or any(
            rule.action == "permit" and _of_connections(rule)
            for chain in self.chains.values()
            for rule in chain.rules
        )


@dataclass(frozen=True, slots=True)
class Hop:
    """One device on a way through several, and the places where the packet comes in and goes out.

    Places are in the device's own words; None, at the two ends of the way only, is the place that
    the packet itself names.
    """

    device: str
    policy: Policy
    entering: str | None = None
    leaving: str | None = None

    @property
    def places(self) -> dict[str, str]:
        """The places that are known, by the name of the field."""
        both = {"entering": self.entering, "leaving": self.leaving}
        return {name: place for name, place in both.items() if place is not None}


@dataclass(frozen=True, slots=True)
class Series(Policy):
    """What several devices in a row do; made by `in_series` and never kept in a store."""

    hops: tuple[Hop, ...] = ()
    originals: Mapping[int, Rule] = field(default_factory=dict, compare=False, repr=False)


def _of_connections(rule: Rule) -> bool:
    """The rule speaks of connections that stand, by tracking: TCP flags alone do not tell."""
    return any(
        region.state is not None
        and "established" in region.state
        and "new" not in region.state
        and "invalid" not in region.state
        for region in rule.certain
    )


def not_understood(line: int, text: str, why: str, file: str = "") -> tuple[Rule, Rule]:
    """What stands in a chain for a line that is not understood: it may permit or deny anything.

    Put there, it leaves what earlier lines decide as it is, which a line in `Policy.unread` does
    not.
    """
    return (
        Rule("permit", line, text, must=(), why=why, file=file),
        Rule("deny", line, text, must=(), why=why, file=file),
    )
