"""Which family a device is of: what is declared, what it says of itself, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from inventory.text import Text
from rules.facts import Known
from scanner.engine.observation import Notes
from scanner.engine.recognition import Recogniser, contradiction, identity_facts, identity_of
from scanner.evidence import Document
from scanner.platforms import NoSuchPlatform, find
from scanner.platforms.model import Platform


@dataclass
class Introduction:
    """One device introduces itself; what it says goes into the notes."""

    recogniser: Recogniser
    declared: str | None
    """Family of the inventory; None leaves it to the device."""
    answering: Collection[int]
    """TCP ports that accept connections."""
    notes: Notes
    _shown: list[Document] = field(default_factory=list)

    def family(self) -> Platform | None:
        """The family to read the device with. Asked before a login, and no more than that takes.

        None, with the reason in the notes, when nothing is declared or recognised, and when the
        device says it is of another family: then it must not be given the password.
        """
        self._hear(self.recogniser.at_the_doors)
        if self.declared is None:
            self._hear(self.recogniser.all_over)
            return self._recognised()
        try:
            platform = find(self.declared)
        except NoSuchPlatform as error:
            self.notes.problems.append(error.reason)
            return None
        return None if self._contradicted() else platform

    def confirmed(self, platform: Platform | None, *, ask: bool) -> Platform | None:
        """The family that holds after the device was read; adds what is known of its identity.

        With `ask`, everything else the device says of itself is heard first. A contradiction that
        comes to light only now is reported, and the family falls unless the device itself, logged
        in to, had confirmed it.
        """
        if platform is not None and self.declared is not None and ask:
            self._hear(self.recogniser.all_over)
            confirmed = isinstance(self.notes.facts.get("identity.family"), Known)
            if self._contradicted() and not confirmed:
                return None
        identity = identity_of(self._shown)
        if identity is not None:
            self.notes.add(identity_facts(identity))
        return platform

    def _hear(self, questions: Callable[[Collection[int]], Iterator[Document]]) -> None:
        for document in questions(self.answering):
            self._shown.append(document)
            self.notes.documents.append(document)

    def _recognised(self) -> Platform | None:
        identity = identity_of(self._shown)
        if identity is not None:
            return find(identity.family)
        self.notes.problems.append(NOT_RECOGNISED)
        return None

    def _contradicted(self) -> bool:
        against = contradiction(self.declared or "", self._shown)
        if against is not None:
            self.notes.problems.append(against)
        return against is not None


NOT_RECOGNISED = Text(
    vi="chưa khai báo dòng thiết bị (platform) và không nhận ra được từ những gì thiết bị tự giới "
    "thiệu, nên không đọc được cấu hình",
    en="no device family (platform) is declared, and what the device says of itself names none, so "
    "its configuration is not read",
)
