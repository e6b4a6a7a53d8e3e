"""What was seen of one device in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.text import Text
from rules.facts import NOT_REPORTED, Fact, Facts, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document


@dataclass(frozen=True)
class Observation:
    device_id: str
    documents: tuple[Document, ...]
    facts: Facts
    failure: Text | None
    """Why the device could not be read completely; None when everything was asked and answered."""
    put_off: bool = False
    """The device is in use; it should be asked again later."""
    unread: tuple[tuple[Document, UnreadLine], ...] = ()


@dataclass
class Notes:
    """Collects an observation step by step; a later fact never hides an earlier known one."""

    device_id: str
    documents: list[Document] = field(default_factory=list)
    facts: dict[str, Fact[Any]] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)
    unread: list[tuple[Document, UnreadLine]] = field(default_factory=list)
    put_off: bool = False
    refused: str | None = None
    """The account whose login the device refused."""

    def add(self, facts: Mapping[str, Fact[Any]]) -> None:
        for name, fact in facts.items():
            if isinstance(self.facts.get(name, Unknown(NOT_REPORTED)), Unknown):
                self.facts[name] = fact

    def observation(self) -> Observation:
        failure = _joined(self.problems)
        return Observation(
            device_id=self.device_id,
            documents=tuple(self.documents),
            facts=Facts(self.facts, absent=failure or NOT_REPORTED),
            failure=failure,
            put_off=self.put_off,
            unread=tuple(self.unread),
        )


def _joined(problems: list[Text]) -> Text | None:
    if not problems:
        return None
    return Text(
        vi="; ".join(dict.fromkeys(p.vi for p in problems)),
        en="; ".join(dict.fromkeys(p.en for p in problems)),
    )
