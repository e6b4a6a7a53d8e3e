"""Which answer counts when a command was answered more than once."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.evidence import Document


def newest(documents: Sequence[Document]) -> dict[str, Document]:
    """The newest answer by its command; of two of the same moment that differ, neither."""
    found: dict[str, Document] = {}
    contradicted = set()
    for document in sorted(documents, key=lambda d: d.captured):
        before = found.get(document.source)
        found[document.source] = document
        if before is not None and before.captured < document.captured:
            contradicted.discard(document.source)
        elif before is not None and before.content != document.content:
            contradicted.add(document.source)
    return {source: found[source] for source in found if source not in contradicted}
