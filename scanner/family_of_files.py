"""Whose files are these: the families read them, and the one that understands most has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inventory.text import Text
from rules.facts import Known
from scanner.evidence import Document
from scanner.platforms import all_platforms, find
from scanner.platforms.absent_services import with_absent_services
from scanner.platforms.likely import likely
from scanner.platforms.model import Platform, Reading

WEIGHT_OF_IDENTITY = 4
"""A device that says what it is tells its family better than one more setting does."""

ENOUGH = 5
"""Who understands so much of the files is not one who happens to know a word of them."""


class NotRecognised(LookupError):
    """No family, or several alike, understood the files. `candidates` are the names to choose."""

    def __init__(self, reason: Text, candidates: tuple[str, ...]) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Understood:
    """A family and what it made of the documents."""

    platform: Platform
    reading: Reading

    @property
    def known(self) -> tuple[str, ...]:
        """Names of the facts that were read."""
        facts = self.reading.facts
        return tuple(name for name, fact in facts.items() if isinstance(fact, Known))

    @property
    def weight(self) -> int:
        """How much was understood; nothing when it is a version and no more.

        `version 15.2` stands in the files of everybody.
        """
        if self.known == ("software.version",):
            return 0
        return sum(WEIGHT_OF_IDENTITY if _tells_who(name) else 1 for name in self.known)


def _tells_who(name: str) -> bool:
    return name.startswith("identity.") or name == "software.version"


def recognise(documents: Sequence[Document]) -> Understood:
    """The reading of the family that understands most of the documents of one device.

    Raises `NotRecognised` when none knows anything, or when the first two know equally much.
    """
    tried = _read_by([find(name) for name in likely(documents)], documents)
    most = max((one.weight for one in tried), default=0)
    if most < ENOUGH:
        tried = _read_by(all_platforms(), documents)
        most = max((one.weight for one in tried), default=0)
    if most == 0:
        raise _nobody(tuple(one.platform.name for one in tried))
    best = [one for one in tried if one.weight == most]
    if len(best) > 1:
        raise _several(tuple(one.platform.name for one in best))
    return _complete(best[0].platform, best[0].reading)


def read_as(platform: Platform, documents: Sequence[Document]) -> Understood:
    """The reading of a family that was named: a part of a configuration is enough for it."""
    return _complete(
        platform, platform.read([replace(one, family=platform.name) for one in documents])
    )


def _complete(platform: Platform, reading: Reading) -> Understood:
    return Understood(platform, with_absent_services(platform, reading))


def _read_by(families: Iterable[Platform], documents: Sequence[Document]) -> list[Understood]:
    return [Understood(platform, platform.read(documents)) for platform in families]


def _nobody(names: tuple[str, ...]) -> NotRecognised:
    listed = ", ".join(names)
    return NotRecognised(
        Text(
            vi="không dòng thiết bị nào nhận ra nội dung các tệp này; "
            f"hãy nêu dòng thiết bị bằng --platform, một trong: {listed}",
            en="no device family recognises what these files hold; "
            f"name it with --platform, one of: {listed}",
        ),
        names,
    )


def _several(names: tuple[str, ...]) -> NotRecognised:
    return NotRecognised(
        Text(
            vi=f"các tệp này có thể là của nhiều dòng thiết bị: {', '.join(names)}; "
            "hãy chọn một bằng --platform, hoặc đưa thêm tệp của cùng thiết bị",
            en=f"these files could be of several device families: {', '.join(names)}; "
            "choose one with --platform, or hand in more files of the same device",
        ),
        names,
    )
