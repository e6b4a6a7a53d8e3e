"""One packet, rule by rule, exactly as the configuration says: slow, simple, independent.

Every witness of the analysis is replayed here before it is reported, so this module shares no code
with it. A rule of which it cannot be told whether it matches is followed both ways; when the ways
end differently, the answer is unknown and names the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from rules.packets.packet import Packet
from rules.packets.policy import Chain, Hop, Policy, Rewrite, Rule, Stage

Answer = Literal["permit", "deny", "unknown"]

DEPTH_MAX = 64
"""Linux allows 16 nested jumps; a chain that calls itself ends here."""
WAYS_MAX = 512


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to the packet and because of what."""

    answer: Answer
    rule: Rule | None
    """The line that decides; None where a chain ends or no stage concerns the packet."""
    chain: str = ""
    """The chain in which it was decided."""
    path: tuple[Rule, ...] = ()
    """Translations and jumps that led there."""
    why: str = ""
    """For unknown: what could not be told."""
    device: str = ""
    """Where several devices are passed: the one that decides."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """What one device on the way through several does with the packet."""

    hop: Hop
    packet: Packet
    """As it comes to the device."""
    decision: Decision


@dataclass(frozen=True, slots=True)
class _Way:
    """One possible course of events."""

    end: Literal["permit", "deny", "return", "unknown"]
    rule: Rule | None
    chain: str
    path: tuple[Rule, ...]
    doubts: tuple[Rule, ...]
    why: str = ""


class _TooManyWays(Exception):
    pass


class Matcher(Protocol):
    """Finds the rules of a chain that speak of a packet."""

    def first(self, chain: Chain, packet: Packet, at: int) -> tuple[int, bool] | None:
        """Number of the first rule from `at` on that may match, and whether it certainly does."""


class OneByOne:
    """Looks at every rule, in order."""

    def first(self, chain: Chain, packet: Packet, at: int) -> tuple[int, bool] | None:
        for number in range(at, len(chain.rules)):
            rule = chain.rules[number]
            if rule.action != "continue" and any(packet.is_in(region) for region in rule.may):
                return number, any(packet.is_in(region) for region in rule.certain)
        return None


def decide(policy: Policy, packet: Packet, matcher: Matcher | None = None) -> Decision:
    """What the device does with the packet: the first stage that denies it, else the last rule
    that permits it.

    A stage of which it cannot be told makes the answer unknown, unless a later one denies for sure.
    The policy of several devices is asked device by device, each by its own lines.
    """
    if policy.hops:
        return summed_up(crossings(policy.hops, packet, matcher))
    return _passed(policy, packet, matcher)[0]


def crossings(
    hops: Sequence[Hop], packet: Packet, matcher: Matcher | None = None
) -> tuple[Crossing, ...]:
    """What each device does with the packet as the one before sends it on; ends where one denies.

    A connection that is new, or stands, is so on each of them.
    """
    found: list[Crossing] = []
    for hop in hops:
        here = packet.between(hop.entering, hop.leaving)
        decision, packet = _passed(hop.policy, here, matcher)
        found.append(Crossing(hop, here, replace(decision, device=hop.device)))
        if decision.answer == "deny":
            break
    return tuple(found)


def summed_up(passed: Sequence[Crossing]) -> Decision:
    """What becomes of the packet: the device that denies it, else one of which it cannot be told,
    else the last one with a line that permits it, behind the lines of those before.
    """
    before: tuple[Rule, ...] = ()
    told: Decision | None = None
    doubtful: Decision | None = None
    for crossing in passed:
        decision = crossing.decision
        path = (*before, *decision.path)
        whole = replace(decision, path=path)
        if decision.answer == "deny":
            return whole
        if decision.answer == "unknown":
            doubtful = doubtful or whole
        if told is None or decision.rule is not None:
            told = whole
        before = path if decision.rule is None else (*path, decision.rule)
    return doubtful or told or Decision("permit", None)


def _passed(policy: Policy, packet: Packet, matcher: Matcher | None) -> tuple[Decision, Packet]:
    """What the device does with the packet, and the packet as it leaves."""
    walk = _Walk(policy, packet, matcher or OneByOne())
    last: Decision | None = None
    doubtful: Decision | None = None
    translated: tuple[Rule, ...] = ()
    known = 0
    for stage in policy.stages:
        rewrite = _rewrite(stage, walk.packet)
        if rewrite is not None:
            walk = replace(walk, packet=walk.packet.translated(rewrite.changes))
            translated = (*translated, rewrite.rule)
        if not walk.packet.is_in(stage.concerns) or _is_reply(stage, walk.packet):
            continue
        decision = walk.at(stage)
        decision = replace(decision, path=(*translated, *decision.path))
        if decision.answer == "deny":
            return decision, walk.packet
        if decision.answer == "unknown":
            doubtful = doubtful or decision
        if last is None or decision.rule is not None:
            last, known = decision, len(translated)
    if doubtful is None and last is not None and len(translated) > known:
        # where it leaves, too, it is translated
        last = replace(last, path=(*last.path, *translated[known:]))
    return doubtful or last or Decision("permit", None, path=translated), walk.packet


def _rewrite(stage: Stage, packet: Packet) -> Rewrite | None:
    return next(
        (one for one in stage.rewrites if any(packet.is_in(region) for region in one.rule.may)),
        None,
    )


def _is_reply(stage: Stage, packet: Packet) -> bool:
    return stage.stateful and packet.state in {"established", "related"}


def _ended(policy: Policy, stage: Stage, way: _Way) -> _Way:
    """A return out of the chain of the stage means what the chain does at its end."""
    base = policy.chains.get(stage.chain)
    if way.end != "return" or base is None:
        return way
    end = "unknown" if base.default == "return" else base.default
    return replace(way, end=end, rule=None, chain=base.name, path=(), why=way.why or base.why)


def _answer(end: str) -> Answer:
    return "permit" if end == "permit" else "deny"


@dataclass(frozen=True, slots=True)
class _Walk:
    """The course of one packet through the chains of a policy."""

    policy: Policy
    packet: Packet
    matcher: Matcher

    def at(self, stage: Stage) -> Decision:
        """What one stage does with the packet."""
        try:
            ways = tuple(
                _ended(self.policy, stage, way) for way in self._through(stage.chain, (), ())
            )
        except _TooManyWays:
            why = "too many conditions are not understood"
            return Decision("unknown", None, stage.chain, why=why)
        ends = {way.end for way in ways}
        first = ways[0]
        if len(ends) == 1 and first.end in {"permit", "deny"}:
            rules = {(way.rule, way.chain) for way in ways}
            certain = first if len(rules) == 1 else min(ways, key=lambda way: len(way.doubts))
            return Decision(_answer(first.end), certain.rule, certain.chain, certain.path)
        doubts = [rule for way in ways for rule in way.doubts]
        named = doubts[0] if doubts else first.rule
        why = next((way.why for way in ways if way.why), "")
        reason = why or (named.why if named is not None else f"the end of chain {first.chain}")
        return Decision("unknown", named, first.chain, first.path, reason)

    def _through(
        self, name: str, path: tuple[Rule, ...], doubts: tuple[Rule, ...]
    ) -> Iterator[_Way]:
        """Every way through a chain; one that ends with `return` goes on in the chain before."""
        chain = self.policy.chains.get(name)
        if chain is None or len(path) > DEPTH_MAX:
            why = f"chain {name} is not defined" if chain is None else f"chain {name} calls itself"
            yield _Way("unknown", path[-1] if path else None, name, path, doubts, why)
            return
        yield from self._from(chain, 0, path, doubts)

    def _from(
        self, chain: Chain, at: int, path: tuple[Rule, ...], doubts: tuple[Rule, ...]
    ) -> Iterator[_Way]:
        while (hit := self.matcher.first(chain, self.packet, at)) is not None:
            number, certain = hit
            rule, at = chain.rules[number], number + 1
            if not certain:
                if len(doubts) >= WAYS_MAX.bit_length():
                    raise _TooManyWays
                yield from self._from(chain, at, path, (*doubts, rule))
                doubts = (*doubts, rule)
            ways = list(self._taken(chain, rule, path, doubts))
            # a chain may jump a thousand times: only ways that part are followed one by one
            if rule.action == "jump" and all(
                w.end == "return" and w.doubts == doubts for w in ways
            ):
                continue
            for way in ways:
                if way.end == "return" and rule.action == "jump":
                    yield from self._from(chain, at, path, way.doubts)
                else:
                    yield way
            return
        yield _Way(chain.default, None, chain.name, path, doubts, chain.why)

    def _taken(
        self, chain: Chain, rule: Rule, path: tuple[Rule, ...], doubts: tuple[Rule, ...]
    ) -> Iterator[_Way]:
        """What follows when the rule matches."""
        if rule.action in {"jump", "goto"}:
            yield from self._through(rule.target or "", (*path, rule), doubts)
        elif rule.action == "return":
            yield _Way("return", rule, chain.name, path, doubts)
        else:
            end: Literal["permit", "deny"] = "permit" if rule.action == "permit" else "deny"
            yield _Way(end, rule, chain.name, path, doubts)
