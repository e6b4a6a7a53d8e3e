"""Documents of a Linux host for tests: saved files, and answers that hold several files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rules.facts import Facts, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.linux import read

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def saved(name: str, text: str) -> Document:
    """A file that somebody handed in."""
    return Document(text.encode(), name, "O", NOW)


def answer(command: str, text: str, status: int | None = 0) -> Document:
    """What a command said, with its closing line."""
    closing = "" if status is None else f"# status {status}\n"
    return Document((text + closing).encode(), command, "C", NOW)


def files(command: str, *parts: str | tuple[str, str]) -> Document:
    """What `tail -vn +1` says of several files; a part that is a path alone is not there."""
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(f"tail: cannot open '{part}' for reading: No such file or directory\n")
        else:
            pieces.append(f"==> {part[0]} <==\n{part[1]}\n")
    return answer(command, "".join(pieces), 1 if any(isinstance(p, str) for p in parts) else 0)


def facts(*documents: Document) -> Facts:
    return Facts(read(documents).facts)


def told(name: str, *documents: Document) -> Any:
    """The value of a fact; `?` where it is Unknown."""
    fact = facts(*documents)[name]
    return fact.value if isinstance(fact, Known) else "?"


def lines(name: str, *documents: Document) -> list[int | None]:
    """The lines that prove a fact."""
    fact = facts(*documents)[name]
    assert isinstance(fact, Known), fact
    return [citation.line for citation in fact.citations]


def why(name: str, *documents: Document) -> str:
    """The reason that a fact is not known."""
    fact = facts(*documents)[name]
    assert isinstance(fact, Unknown), fact
    return fact.reason.en
