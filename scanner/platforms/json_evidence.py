"""JSON answers as evidence: decoded without trust, and cited by the line that holds a key."""

from __future__ import annotations

import json
import re
from typing import Any

from rules.facts import Citation
from scanner.evidence import Document


def decoded(document: Document) -> Any:
    """The value, or None when the content is not JSON. It is shared: change nothing in it."""
    return document.once(_decoded)


def _decoded(document: Document) -> Any:
    return decoded_text(document.text)


def decoded_text(text: str) -> Any:
    """As `decoded`, for a value that carries JSON in a string."""
    try:
        return json.loads(text, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that stands in it twice with different values is not there at all."""
    members = dict(pairs)
    if len(members) < len(pairs):
        contradicted = {key for key, value in pairs if value != members[key]}
        members = {key: value for key, value in members.items() if key not in contradicted}
    return members


def cite_key(document: Document, key: str, nth: int = 0) -> Citation:
    """The line with the nth occurrence of the key and what follows it there; else the document."""
    name = re.escape(key)
    found = re.compile(r'\\{0,7}"' + name + r'\\{0,7}"\s{0,8}:[^,}\n]{0,200}')
    return cite_match(document, found, nth)


def cite_match(document: Document, found: re.Pattern[str], nth: int = 0) -> Citation:
    """The line with the nth match; of a long line only the match. Else the whole document."""
    for number, line in enumerate(document.lines, start=1):
        for match in found.finditer(line):
            if nth == 0:
                return document.cite(number, match[0] if len(line) > 200 else None)
            nth -= 1
    return document.cite()
