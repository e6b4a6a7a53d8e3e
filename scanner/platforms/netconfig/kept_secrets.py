"""How a configuration keeps its passwords: the fact, and a table of lines that is enough for most.

The passwords are gone before anybody reads; the words around them, which stay, tell the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rules.facts import Fact, Known, StoredSecret
from scanner.evidence import Document, printable

Form = Literal["plain", "reversible", "hash"]
CITED_MAX = 40

_AFTER = re.compile(r"\"?(?:<redacted>|&lt;redacted&gt;).*")
_NAME_MAX = 64
_SIGNS = ("redacted", "public", "private")
"""What stands where a secret was; a vendor's community is none and stays."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of line that keeps a password; group `account` names whose, if there is one."""

    line: re.Pattern[str]
    form: Form
    algorithm: str
    account: str = ""
    """Where the line names nobody: what the password is for; empty: by the heading above it."""


def as_fact(
    document: Document, kept: Iterable[tuple[StoredSecret, int, str]]
) -> dict[str, Fact[Any]]:
    """Each account with each form that a password of it has, once, in the order of the lines.

    `kept`: the secret, the number of its line, and what the line says up to the secret.
    """
    found: dict[StoredSecret, tuple[int, str]] = {}
    for one, line, shown in sorted(kept, key=lambda item: item[1]):
        found.setdefault(replace(one, digest=_digest(document, one, line)), (line, shown))
    if not found:
        return {}
    cited = tuple(document.cite(*place) for place in [*found.values()][:CITED_MAX])
    return {"credentials.storage": Known(tuple(found), cited)}


def _digest(document: Document, one: StoredSecret, line: int) -> str | None:
    """Of the password where that is known; of a cipher or hash so marked, to match its like."""
    seal = document.seals.get(line)
    if seal is None or one.form == "plain" or "type 7" in one.algorithm:
        return seal
    return f"{one.algorithm}/{seal}"


def kept_in(
    document: Document, table: Sequence[Kept], heading: re.Pattern[str] | None = None
) -> Iterator[tuple[StoredSecret, int, str]]:
    """What the table finds in the lines of the document.

    Group `account` of the last heading above a line names whose password it is.
    """
    above = ""
    for number, line in enumerate(document.lines, 1):
        head = heading.match(line) if heading is not None else None
        if head is not None:
            above = head["account"]
        if not any(word in line for word in _SIGNS):
            continue
        for kind in table:
            match = kind.line.match(line)
            if match is not None:
                named = kind.account or match.groupdict().get("account") or above
                account = printable(named.strip('"'), _NAME_MAX) or "?"
                shown = _AFTER.sub("", line).strip()
                yield StoredSecret(account, kind.form, kind.algorithm), number, shown
                break
