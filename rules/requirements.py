"""The 52 atomic requirements of Articles 10 to 12 as text, read from the files beside the rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from inventory.text import Text
from rules.model import Severity, SubjectKind

_ID = re.compile(r"D(?P<article>\d+)\.(?P<clause>\d+)(?P<point>[a-z]?)-(?P<letter>[a-z])")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One atomic demand of the Regulation. The id is stored with findings and never renamed."""

    id: str
    title: Text
    quote: str
    """The words of the Regulation, letter for letter; an ellipsis marks an omission."""
    remedy: Text
    severity: Severity
    subject: SubjectKind
    reasons: Mapping[str, str]
    """English reason template of the rule to its Vietnamese; empty when not automated."""
    stem: str
    """Name of the text file without its ending; the rule module, if there is one, has the same."""

    @property
    def article(self) -> int:
        """10, 11 or 12."""
        return int(_parts(self.id)["article"])

    @property
    def clause(self) -> str:
        """`10.1`, `10.2a`: what requirements are grouped by in a report."""
        return self.id[1:].split("-")[0]

    @property
    def label(self) -> Text:
        """How the clause is cited: `điểm a khoản 2 Điều 10`."""
        part = _parts(self.id)
        point = part["point"]
        return Text(
            vi=(f"điểm {point} " if point else "")
            + f"khoản {part['clause']} Điều {part['article']}",
            en=f"Article {part['article']}, clause {part['clause']}"
            + (f", point {point}" if point else ""),
        )


def _parts(requirement_id: str) -> re.Match[str]:
    match = _ID.fullmatch(requirement_id)
    if match is None:
        raise ValueError(f"{requirement_id!r} is not the id of a requirement")
    return match


def order(requirement_id: str) -> tuple[int, int, str, str]:
    """Sort key that gives the Regulation's order."""
    part = _parts(requirement_id)
    return int(part["article"]), int(part["clause"]), part["point"], part["letter"]


def _text(table: dict[str, str]) -> Text:
    return Text(vi=table["vi"], en=table["en"])


def _read(file: Traversable) -> Requirement:
    table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Requirement(
        id=table["id"],
        title=_text(table["title"]),
        quote=table["quote"],
        remedy=_text(table["remedy"]),
        severity=table["severity"],
        subject=table["subject"],
        reasons=table.get("reasons", {}),
        stem=file.name.removesuffix(".toml"),
    )


@cache
def _load() -> dict[str, Requirement]:
    found = [
        _read(file)
        for folder in files("rules").iterdir()
        if folder.name.startswith("article_")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {item.id: item for item in sorted(found, key=lambda item: order(item.id))}


class _Requirements(Mapping[str, Requirement]):
    """Reads the files on first use, so that importing costs nothing."""

    def __getitem__(self, requirement_id: str) -> Requirement:
        return _load()[requirement_id]

    def __iter__(self) -> Iterator[str]:
        return iter(_load())

    def __len__(self) -> int:
        return len(_load())


REQUIREMENTS: Mapping[str, Requirement] = _Requirements()
"""Every requirement by id, in the Regulation's order."""


@cache
def common_reasons() -> Mapping[str, str]:
    """English to Vietnamese for the reasons that the judge and the shared modules give."""
    content = files("rules").joinpath("common_reasons.toml").read_text(encoding="utf-8")
    reasons: dict[str, str] = tomllib.loads(content)["reasons"]
    return reasons
