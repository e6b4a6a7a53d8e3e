"""Citations that point at the very line a verdict turns on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rules.facts import Citation, Known
from rules.network_facts import Route


def line_in(known: Known[Any], line: int, text: str) -> Citation | None:
    """The line in the evidence of the fact; None when the fact names no evidence."""
    for citation in known.citations:
        if citation.line == line:
            return citation
    if not known.citations:
        return None
    return replace(known.citations[0], line=line, text=text[:200])


def route_lines(routes: Known[tuple[Route, ...]], route: Route) -> tuple[Citation, ...]:
    """The lines that show the route; all of the fact where none names its destination."""
    words = {str(route.destination), str(route.destination.network_address)}
    if route.destination.prefixlen == 0:
        words |= {"default"}
    shown = tuple(c for c in routes.citations if words & set(c.text.split()))
    return shown or routes.citations
