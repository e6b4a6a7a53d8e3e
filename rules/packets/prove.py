"""Claims about a policy: nothing but the allowed gets through, and all that is wanted does.

Each claim is proved, broken with a packet and the lines that let it through, or cannot be told
because of a line that is not fully understood. Permits are taken as widely as they could mean and
earlier lines as narrowly for what is *possible*; the other way round for what is *certain* (the
ternary reading of Diekmann et al., "Verified iptables firewall analysis", 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rules.packets.arrival import Question, Reading
from rules.packets.interpret import decide
from rules.packets.near import Near
from rules.packets.packet import Packet
from rules.packets.policy import Policy, Region, Rule, Stage
from rules.packets.residual import Budget, TooComplex, covers, touches
from rules.packets.search import Analysis, Pick, doubt, left_through, ways
from rules.packets.space import Masks, possible

Verdict = Literal["proved", "broken", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Passage:
    """How one stage let a packet through, or did not."""

    stage: Stage
    rule: Rule | None
    """None where the end of the chain decides, or the stage does not concern the packet."""
    chain: str
    path: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A packet that shows that a claim does not hold, or that might."""

    witness: Packet
    passages: tuple[Passage, ...]
    """The guilty line of each stage."""
    certain: bool
    why: str = ""
    """Where it is not certain: the condition that is not understood."""
    masked: bool = False
    """The line lets nothing more through as things stand, but will as soon as the lines found
    before it are mended."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer and everything that speaks against the claim, one finding for each guilty line."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    why: str = ""
    """Why it cannot be told, where no single packet shows it."""


_TOO_MANY_JUMPS = Proof("cannot tell", (), "too complex: the chains jump without end in sight")


def leaks(
    policy: Policy, traffic: Region, allowed: Sequence[Region], *, budget: int = 200_000
) -> Proof:
    """Whether all packets of `traffic` that get through are among the allowed.

    One finding for each guilty line, masked ones last. Unread lines that matter, and questions
    that take more than `budget` pieces, leave the proof open.
    """
    pieces = list(possible(traffic))
    try:
        analysis = Analysis(policy, pieces, budget, allowed)
    except TooComplex:
        return _TOO_MANY_JUMPS
    free = [analysis.space.masks(region) for region in allowed]
    asked = [analysis.masks(piece) for piece in pieces]
    search = _Leaks(analysis, asked, free)
    findings = search.findings()
    return _summed_up(policy, findings, search.too_complex)


def blocked(
    policy: Policy, wanted: Sequence[Region], *, budget: int = 200_000
) -> tuple[Proof, ...]:
    """For each region whether all of its packets get through; the findings name what stops them."""
    pieces = [list(possible(region)) for region in wanted]
    try:
        analysis = Analysis(policy, [piece for group in pieces for piece in group], budget)
    except TooComplex:
        return (_TOO_MANY_JUMPS,) * len(wanted)
    asked = [[analysis.masks(piece) for piece in group] for group in pieces]
    stages = analysis.near([masks for group in asked for masks in group])
    return tuple(_wanted(analysis, stages, group) for group in asked)


def _summed_up(policy: Policy, findings: Sequence[Finding], too_complex: Sequence[str]) -> Proof:
    open_line = next((line for line in policy.unread if line.matters), None)
    if any(finding.certain and not finding.masked for finding in findings):
        return Proof("broken", tuple(findings))
    if findings:
        return Proof("cannot tell", tuple(findings), findings[0].why)
    if too_complex:
        return Proof("cannot tell", (), f"too complex: {too_complex[0]}")
    if open_line is not None:
        return Proof("cannot tell", (), f"line {open_line.line}: {open_line.why}")
    return Proof("proved")


def _finding(
    analysis: Analysis,
    picks: Sequence[Pick],
    left: Masks,
    reading: Reading,
    wrong: str,
    *,
    bare: bool,
) -> Finding:
    """What the packets of `left` show; replayed, because either way may lead to the same."""
    witness = analysis.space.packet(left)
    certain = reading == "certain"
    if not certain and not bare:
        certain = decide(analysis.policy, witness).answer == wrong
    passages = tuple(Passage(p.stage, p.entry.rule, p.entry.chain, p.entry.path) for p in picks)
    return Finding(witness, passages, certain, "" if certain else doubt(picks, left), bare)


class _Leaks:
    """Looks for permits outside the allowed, through all stages."""

    def __init__(self, analysis: Analysis, asked: Sequence[Masks], free: Sequence[Masks]) -> None:
        self._analysis = analysis
        self._free = free
        self._asked = [region for region in asked if not any(covers(f, region) for f in free)]
        self._stages = analysis.near(self._asked)
        self.too_complex: list[str] = []

    def findings(self) -> list[Finding]:
        """One for each combination of lines, one a stage; those that are masked come last."""
        found: dict[tuple[int, ...], Finding] = {}
        quiet: list[tuple[tuple[int, ...], tuple[Pick, ...], Masks]] = []
        for picks, region in ways(self._stages, self._asked, self._free):
            key = tuple(pick.number for pick in picks)
            if key in found:
                continue
            finding = self._judged(picks, region, bare=False)
            if finding is not None:
                found[key] = finding
            else:
                quiet.append((key, picks, region))
        if found:
            for key, picks, region in quiet:
                if key not in found:
                    finding = self._judged(picks, region, bare=True)
                    if finding is not None:
                        found[key] = finding
        return sorted(found.values(), key=lambda finding: finding.masked)

    def _judged(self, picks: tuple[Pick, ...], region: Masks, *, bare: bool) -> Finding | None:
        """The leak through these lines, certain if it can be; None when there is none."""
        try:
            for reading in _READINGS:
                left = self._left(picks, region, Question(reading, "permit", bare))
                if left is not None:
                    return _finding(self._analysis, picks, left, reading, "permit", bare=bare)
        except TooComplex:
            self.too_complex.append(_spoken(picks))
        return None

    def _left(self, picks: tuple[Pick, ...], region: Masks, question: Question) -> Masks | None:
        obstacles = [free for free in self._free if touches(free, region)]
        budget = Budget(self._analysis.budget)
        return next(left_through(picks, region, obstacles, question, budget), None)


_READINGS: tuple[Reading, ...] = ("certain", "possible")


def _spoken(picks: Sequence[Pick]) -> str:
    rule = next((pick.entry.rule for pick in reversed(picks) if pick.entry.rule), None)
    return f"line {rule.line}: {rule.text}" if rule else "the end of a chain"


def _wanted(
    analysis: Analysis, stages: Sequence[tuple[Stage, Near]], asked: Sequence[Masks]
) -> Proof:
    """Whether all packets that are asked get through every stage."""
    found: list[Finding] = []
    too_complex: list[str] = []
    for stage, near in stages:
        for number, entry in near.touching(asked):
            if entry.action not in {"deny", "unknown"}:
                continue
            pick = Pick(stage, number, entry, near)
            try:
                finding = _stopped(analysis, pick, asked)
            except TooComplex:
                too_complex.append(_spoken([pick]))
                continue
            if finding is not None:
                found.append(finding)
    return _summed_up(analysis.policy, found, too_complex)


def _stopped(analysis: Analysis, pick: Pick, asked: Sequence[Masks]) -> Finding | None:
    """The line stops some packet of what is asked."""
    for reading in _READINGS:
        for region in asked:
            question, budget = Question(reading, "deny"), Budget(analysis.budget)
            left = next(left_through([pick], region, [], question, budget), None)
            if left is not None:
                return _finding(analysis, [pick], left, reading, "deny", bare=False)
    return None
