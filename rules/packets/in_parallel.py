"""Several ways between the same two places: what any of them lets through, what all of them stop.

Which way a packet takes is decided by routing, that changes with every line that fails. So a leak
on any way is a leak; wanted traffic is stopped for sure only where no way is left, and traffic
that just some ways stop depends on the route, which is told beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rules.packets.arrival import Question, Reading
from rules.packets.cases import Case, cases
from rules.packets.packet import exactly
from rules.packets.policy import Policy, Region
from rules.packets.prove import Finding, Proof, blocked, leaks, unread
from rules.packets.residual import Budget, TooComplex
from rules.packets.search import Analysis, Pick, left_through


@dataclass(frozen=True, slots=True)
class Passable:
    """Whether wanted traffic finds a way."""

    proof: Proof
    """Proved: every packet passes on some way. The findings show packets that pass on none."""
    ways: tuple[Proof, ...]
    """The same question to each way alone."""

    @property
    def uneven(self) -> bool:
        """Every packet has a way, yet some way stops some: it passes or not as the route is."""
        return self.proof.verdict == "proved" and any(one.verdict == "broken" for one in self.ways)


def way_name(policy: Policy) -> str:
    """The devices in the order in which they are passed."""
    return " > ".join(hop.device for hop in policy.hops)


def leaks_on_any(
    ways: Sequence[Policy], traffic: Region, allowed: Sequence[Region], *, budget: int = 200_000
) -> Proof:
    """Whether on every way all packets of `traffic` that get through are among the allowed.

    The findings of all ways, each with its way, masked ones last. No way at all leaves it open.
    """
    proofs = [leaks(way, traffic, allowed, budget=budget) for way in ways]
    findings = [one for way, proof in zip(ways, proofs, strict=True) for one in _on(way, proof)]
    found = tuple(sorted(findings, key=lambda one: one.masked))
    open_ones = [proof for proof in proofs if proof.verdict == "cannot tell"]
    if any(proof.verdict == "broken" for proof in proofs):
        return Proof("broken", found)
    if open_ones or not ways:
        return Proof("cannot tell", found, open_ones[0].why if open_ones else NO_WAY)
    return Proof("proved")


NO_WAY = "no way between the two places is known"


def _on(way: Policy, proof: Proof) -> list[Finding]:
    return [replace(finding, way=way_name(way)) for finding in proof.findings]


def blocked_on_all(
    ways: Sequence[Policy], wanted: Sequence[Region], *, budget: int = 200_000
) -> tuple[Passable, ...]:
    """For each region whether every packet of it passes on some way.

    The places where a way begins and ends are its own: `wanted` names none, and every way has both
    (`Hop`), or ValueError is raised.
    """
    for way in ways:
        if not way.hops or way.hops[0].entering is None or way.hops[-1].leaving is None:
            raise ValueError("every way has both of its ends")
    if any(region.entering is not None or region.leaving is not None for region in wanted):
        raise ValueError("what is wanted on several ways names no place")
    alone = [blocked(way, wanted, budget=budget) for way in ways]
    return tuple(
        Passable(_together(ways, [one[number] for one in alone], region, budget), proofs)
        for number, region in enumerate(wanted)
        for proofs in [tuple(one[number] for one in alone)]
    )


def _together(ways: Sequence[Policy], alone: Sequence[Proof], region: Region, budget: int) -> Proof:
    if not ways:
        return Proof("cannot tell", (), NO_WAY)
    if any(proof.verdict == "proved" for proof in alone):
        return Proof("proved")
    try:
        surely = _stopped(ways, region, "certain", budget)
        if surely:
            return Proof("broken", _shown(ways, surely[0], budget))
        perhaps = _stopped(ways, region, "possible", budget)
    except TooComplex:
        return Proof("cannot tell", (), "too complex: what each way stops")
    if not perhaps:
        return Proof("proved")
    why = next(proof.why for proof in alone if proof.why)
    return Proof("cannot tell", (), why)


def _stopped(ways: Sequence[Policy], region: Region, reading: Reading, budget: int) -> list[Region]:
    """The packets that each of the ways stops, way after way in what is left by those before."""
    left, spent = [region], Budget(budget)
    for way in ways:
        # a line that was not understood could stop anything
        if reading == "certain" or unread(way) is None:
            left = [piece for case in cases(way) for piece in _stops(case, left, reading, spent)]
    return left


def _stops(
    case: Case, regions: Sequence[Region], reading: Reading, budget: Budget
) -> Iterator[Region]:
    analysis, question = Analysis(case, regions, 0), Question(reading, "deny")
    asked = [masks for region in regions for masks in analysis.asked(region)]
    for stage, near in analysis.near(asked):
        for number, entry in near.touching(asked):
            if entry.action not in {"deny", "unknown"}:
                continue
            pick = Pick(stage, number, entry, near)
            for one in asked:
                for piece in left_through([pick], one, analysis.elsewhere, question, budget):
                    yield analysis.space.region(piece)


def _shown(ways: Sequence[Policy], stopped: Region, budget: int) -> tuple[Finding, ...]:
    """One packet, and for each way a line that stops it there."""
    (last,) = blocked(ways[-1], [stopped], budget=budget)
    region = exactly(last.findings[0].witness)
    found = [_on(way, blocked(way, [region], budget=budget)[0]) for way in ways]
    return tuple(next(one for one in findings if one.certain) for findings in found)
