"""Checking again while somebody mends the device: what is left, and when it is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.model import Finding, Outcome
from scanner.check.model import CheckResult

OF_PORTS = frozenset({"D11.1-c"})
"""Judged by what answers on the network; no configuration has to be read for it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a further look shows of the failures before it, each in the order of before."""

    mended: tuple[Finding, ...]
    """Violated no more, as far as this look tells."""
    left: tuple[Finding, ...]
    """As they fail now."""
    untold: tuple[Finding, ...]
    """Neither: what failed was not seen this time."""

    @property
    def is_over(self) -> bool:
        """Nothing is known to fail any more, so that it is worth asking everything again."""
        return not self.left and not self.untold


def only_of_ports(findings: Iterable[Finding]) -> bool:
    """A look at the ports is enough to see whether these are mended."""
    return all(finding.requirement in OF_PORTS for finding in findings)


def progress(before: Iterable[Finding], now: CheckResult) -> Progress:
    """Each failure of before is in one of the three.

    A requirement may be undetermined once its violation is gone, for not every port was asked. It
    counts as mended where the look met no problem: the whole look that follows has the last word.
    """
    seen = {(f.requirement, f.subject): f for f in now.findings}
    mended, left, untold = [], [], []
    for finding in before:
        new = seen.get((finding.requirement, finding.subject))
        if new is not None and new.outcome is Outcome.FAIL:
            left.append(new)
        elif _is_mended(new, now):
            mended.append(finding)
        else:
            untold.append(finding)
    return Progress(tuple(mended), tuple(left), tuple(untold))


def _is_mended(new: Finding | None, now: CheckResult) -> bool:
    if new is not None and new.outcome is not Outcome.UND:
        return True
    return now.from_files or now.problem is None


def worth_watching(result: CheckResult) -> bool:
    """There is something to mend."""
    return bool(result.failures)
