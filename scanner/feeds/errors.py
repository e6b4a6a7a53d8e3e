"""What can be wrong with a feed, in words that a person can act on."""

from __future__ import annotations

from inventory.text import Text


class FeedError(Exception):
    """A feed was not taken; what was stored before is untouched. `reason` names file and place."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class BadFeed(Exception):
    """One file does not hold what it should. `place` says where in it, `problem` what is wrong."""

    def __init__(self, problem: Text, place: Text | None = None) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.place = place

    def of(self, name: str) -> FeedError:
        """The same, with the name of the file in front."""
        if self.place is None:
            return FeedError(Text(vi=f"{name}: {self.problem.vi}", en=f"{name}: {self.problem.en}"))
        return FeedError(
            Text(
                vi=f"{name}, {self.place.vi}: {self.problem.vi}",
                en=f"{name}, {self.place.en}: {self.problem.en}",
            )
        )


def at_line(line: int) -> Text:
    return Text(vi=f"dòng {line}", en=f"line {line}")


def at_entry(number: int) -> Text:
    """The place of an entry of a list, counted from 1."""
    return Text(vi=f"mục thứ {number}", en=f"entry {number}")
