"""Citations that point at the very line a verdict turns on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rules.facts import Citation, Known


def line_in(known: Known[Any], line: int, text: str) -> Citation | None:
    """The line in the evidence of the fact; None when the fact names no evidence."""
    for citation in known.citations:
        if citation.line == line:
            return citation
    if not known.citations:
        return None
    return replace(known.citations[0], line=line, text=text[:200])
