"""The answer to `show ip interface brief`: which interfaces are up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rules.facts import Fact, Known
from scanner.evidence import Document

_HEADER = re.compile(r"^Interface +IP-Address +OK\? +Method +Status +Protocol\s*$")
_ROW = re.compile(
    r"^(\S{2,40}) +\S{1,40} +(?:YES|NO) +\S{1,12} +(up|down|administratively down) +(up|down)\s*$"
)


def is_status(document: Document) -> bool:
    return any(_HEADER.match(line) for line in document.lines[:10])


def with_status(
    facts: Mapping[str, Fact[Any]], documents: Sequence[Document]
) -> dict[str, Fact[Any]]:
    """The facts with what the answers say of the interfaces; one that they contradict is open."""
    told: dict[str, set[bool]] = {}
    cited = []
    for document in documents:
        if not is_status(document):
            continue
        cited.append(document.cite(1))
        for line in document.lines[:-1]:
            if row := _ROW.match(line):
                told.setdefault(row[1], set()).add((row[2], row[3]) == ("up", "up"))
    known = facts.get("interfaces")
    if not told or not isinstance(known, Known):
        return dict(facts)
    interfaces = tuple(
        replace(one, up=next(iter(told[one.name])))
        if one.up is None and len(told.get(one.name, ())) == 1
        else one
        for one in known.value
    )
    return {**facts, "interfaces": Known(interfaces, (*known.citations, *cited))}
