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
from rules.packets.cases import cases
from rules.packets.index import Indexed
from rules.packets.interpret import decide
from rules.packets.near import Near
from rules.packets.packet import Packet
from rules.packets.policy import Policy, Region, Rule, Stage, Unread
from rules.packets.residual import Budget, TooComplex, covers, touches
from rules.packets.search import Analysis, Pick, doubt, left_through, ways
from rules.packets.space import Masks

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
    """The guilty line of each stage, behind the lines that translate the packet."""
    certain: bool
    why: str = ""
    """Where it is not certain: the condition that is not understood."""
    masked: bool = False
    """The line lets nothing more through as things stand, but will as soon as the lines found
    before it are mended."""
    way: str = ""
    """Where there are several ways: the one that the packet takes."""


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
    findings: list[Finding] = []
    too_complex: list[str] = []
    matcher = Indexed()
    try:
        for case in cases(policy, [traffic]):
            analysis = Analysis(case, [traffic], budget, allowed)
            search = _Leaks(_Claim(policy, analysis, matcher), traffic)
            findings += search.findings(allowed)
            too_complex += search.too_complex
    except TooComplex:
        return _TOO_MANY_JUMPS
    return _summed_up(policy, sorted(findings, key=_masked), too_complex)


def _masked(finding: Finding) -> bool:
    return finding.masked


def blocked(
    policy: Policy, wanted: Sequence[Region], *, budget: int = 200_000
) -> tuple[Proof, ...]:
    """For each region whether all of its packets get through; the findings name what stops them."""
    findings: list[list[Finding]] = [[] for _ in wanted]
    too_complex: list[list[str]] = [[] for _ in wanted]
    matcher = Indexed()
    try:
        for case in cases(policy, wanted):
            claim = _Claim(policy, Analysis(case, wanted, budget), matcher)
            asked = [claim.analysis.asked(region) for region in wanted]
            stages = claim.analysis.near([masks for group in asked for masks in group])
            for number, group in enumerate(asked):
                _wanted(claim, stages, group, findings[number], too_complex[number])
    except TooComplex:
        return (_TOO_MANY_JUMPS,) * len(wanted)
    return tuple(
        _summed_up(policy, found, unfinished)
        for found, unfinished in zip(findings, too_complex, strict=True)
    )


def _summed_up(policy: Policy, findings: Sequence[Finding], too_complex: Sequence[str]) -> Proof:
    open_line = unread(policy)
    if any(finding.certain and not finding.masked for finding in findings):
        return Proof("broken", tuple(findings))
    if findings:
        return Proof("cannot tell", tuple(findings), findings[0].why)
    if too_complex:
        return Proof("cannot tell", (), f"too complex: {too_complex[0]}")
    if open_line is not None:
        return Proof("cannot tell", (), open_line.spoken)
    return Proof("proved")


def unread(policy: Policy) -> Unread | None:
    """The first line that was not understood and could change what passes."""
    return next((line for line in policy.unread if line.matters), None)


class _Claim:
    """One case of the policy, and how what is found there is told of the whole policy."""

    def __init__(self, policy: Policy, analysis: Analysis, matcher: Indexed) -> None:
        self._policy = policy
        self._matcher = matcher
        self.analysis = analysis

    def finding(
        self, picks: Sequence[Pick], left: Masks, reading: Reading, wrong: str, *, bare: bool
    ) -> Finding:
        """What the packets of `left` show; replayed, because either way may lead to the same, and
        because nothing is reported that the plain reading of the lines does not confirm.
        """
        witness = _sent(self._policy, self.analysis.space.packet(left))
        certain = reading == "certain"
        if not bare:
            certain = decide(self._policy, witness, self._matcher).answer == wrong
        why = "" if certain else doubt(picks, left)
        return Finding(witness, self._passages(picks), certain, why, bare)

    def _passages(self, picks: Sequence[Pick]) -> tuple[Passage, ...]:
        case = self.analysis.case
        translated = tuple(
            Passage(stage, case.original(rewrite.rule), "address translation")
            for rewrite in case.rewrites
            for stage in self._policy.stages
            if any(one is rewrite for one in stage.rewrites)
        )
        return translated + tuple(
            Passage(
                pick.stage,
                case.original(pick.entry.rule),
                pick.entry.chain.partition("\0")[0],
                tuple(case.original(rule) or rule for rule in pick.entry.path),
            )
            for pick in picks
        )


def _sent(policy: Policy, witness: Packet) -> Packet:
    """The packet at the two ends of the way, where these are known."""
    hops = policy.hops
    return witness.between(hops[0].entering, hops[-1].leaving) if hops else witness


class _Leaks:
    """Looks for permits outside the allowed, through all stages."""

    def __init__(self, claim: _Claim, traffic: Region) -> None:
        self._claim = claim
        self._analysis = claim.analysis
        self._traffic = traffic
        self.too_complex: list[str] = []

    def findings(self, allowed: Sequence[Region]) -> list[Finding]:
        """One for each combination of lines, one a stage; those that are masked come last."""
        space = self._analysis.space
        free = [*(space.masks(region) for region in allowed), *self._analysis.elsewhere]
        asked = self._analysis.asked(self._traffic)
        asked = [region for region in asked if not any(covers(f, region) for f in free)]
        found: dict[tuple[int, ...], Finding] = {}
        quiet: list[tuple[tuple[int, ...], tuple[Pick, ...], Masks]] = []
        for picks, region in ways(self._analysis.near(asked), asked, free):
            key = tuple(pick.number for pick in picks)
            if key in found:
                continue
            finding = self._judged(picks, region, free, bare=False)
            if finding is not None:
                found[key] = finding
            else:
                quiet.append((key, picks, region))
        if found:
            for key, picks, region in quiet:
                if key not in found:
                    finding = self._judged(picks, region, free, bare=True)
                    if finding is not None:
                        found[key] = finding
        return list(found.values())

    def _judged(
        self, picks: tuple[Pick, ...], region: Masks, free: Sequence[Masks], *, bare: bool
    ) -> Finding | None:
        """The leak through these lines, certain if it can be; None when there is none."""
        obstacles = [one for one in free if touches(one, region)]
        try:
            for reading in _READINGS:
                question, budget = Question(reading, "permit", bare), Budget(self._analysis.budget)
                left = next(left_through(picks, region, obstacles, question, budget), None)
                if left is not None:
                    return self._claim.finding(picks, left, reading, "permit", bare=bare)
        except TooComplex:
            self.too_complex.append(_spoken(picks))
        return None


_READINGS: tuple[Reading, ...] = ("certain", "possible")


def _spoken(picks: Sequence[Pick]) -> str:
    pick = next((pick for pick in reversed(picks) if pick.entry.rule), picks[-1] if picks else None)
    device = f"{pick.stage.device}: " if pick is not None and pick.stage.device else ""
    rule = pick.entry.rule if pick is not None else None
    return device + (f"line {rule.line}: {rule.text}" if rule else "the end of a chain")


def _wanted(
    claim: _Claim,
    stages: Sequence[tuple[Stage, Near]],
    asked: Sequence[Masks],
    found: list[Finding],
    too_complex: list[str],
) -> None:
    """Whether all packets that are asked get through every stage; adds to the two lists."""
    for stage, near in stages:
        for number, entry in near.touching(asked):
            if entry.action not in {"deny", "unknown"}:
                continue
            pick = Pick(stage, number, entry, near)
            try:
                finding = _stopped(claim, pick, asked)
            except TooComplex:
                too_complex.append(_spoken([pick]))
                continue
            if finding is not None:
                found.append(finding)


def _stopped(claim: _Claim, pick: Pick, asked: Sequence[Masks]) -> Finding | None:
    """The line stops some packet of what is asked."""
    elsewhere = claim.analysis.elsewhere
    for reading in _READINGS:
        for region in asked:
            question, budget = Question(reading, "deny"), Budget(claim.analysis.budget)
            left = next(left_through([pick], region, elsewhere, question, budget), None)
            if left is not None:
                return claim.finding([pick], left, reading, "deny", bare=False)
    return None
