"""Answers that were found for one release and hold for all in the same stretch of its family.

A province has few kinds of devices; even where every release differs, most lie between the same two
bounds of a vulnerability. Each such stretch is worked out once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from rules.patches.families import Families
from rules.patches.model import Statement, Verdict
from rules.patches.scale import Scale, cuts_of, scale_of
from rules.patches.subject import Subject

MOST_KINDS = 1024
"""Kinds of devices of a family that are remembered; then it starts anew."""

Statements = tuple[Statement, ...]
Ask = Callable[[str, Statements], Verdict]


@dataclass(frozen=True, slots=True)
class _Question:
    cve: str
    statements: Statements
    cuts: tuple[int, ...]
    """Numbers of its cuts on the scale of the family."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was answered about one family."""

    scale: Scale
    questions: tuple[_Question, ...]
    answers: dict[tuple[object, ...], list[dict[int, Verdict]]] = field(default_factory=dict)
    """By kind of device, for each question: stretch between its cuts -> answer."""

    def each(self, subject: Subject, ask: Ask) -> Iterator[Verdict]:
        """One verdict for each vulnerability by its id, `ask`ed only where none is known yet.

        A remembered verdict is the one of the first device of its kind and stretch.
        """
        stretch = self.scale.stretch(subject.release)
        for question, known in zip(self.questions, self._of_kind(subject), strict=True):
            within = bisect_right(question.cuts, stretch)
            verdict = known.get(within)
            if verdict is None:
                verdict = known[within] = ask(question.cve, question.statements)
            yield verdict

    def _of_kind(self, subject: Subject) -> list[dict[int, Verdict]]:
        asked = subject.installed
        kind = (
            asked.model,
            asked.deployment,
            frozenset(asked.settings.items()),
            *self.scale.kind(subject.release),
        )
        found = self.answers.get(kind)
        if found is None:
            if len(self.answers) >= MOST_KINDS:
                self.answers.clear()
            found = self.answers[kind] = [{} for _ in self.questions]
        return found


def remembered(by_cve: Mapping[str, Statements], family: str, table: Families) -> Remembered:
    """Nothing answered yet, everything ready to be asked."""
    named = {cve: cuts_of(by_cve[cve], family, table) for cve in sorted(by_cve)}
    scale = scale_of(
        chain.from_iterable(cuts for cuts, _ in named.values()),
        chain.from_iterable(bases for _, bases in named.values()),
    )
    questions = (
        _Question(cve, by_cve[cve], scale.number(cuts)) for cve, (cuts, _) in named.items()
    )
    return Remembered(scale, tuple(questions))
