"""Every link between the pages leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.refresh_docs import ROOT, pages

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`[^`\n]*`")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, made as GitHub and Forgejo make them."""
    headings = re.findall(r"^#+ +(.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(page: Path, text: str) -> list[str]:
    prose = SPAN.sub(lambda span: span.group().replace("](", ""), FENCE.sub("", text))
    dead = []
    for target in LINK.findall(prose):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or (
            anchor and anchor not in anchors(there.read_text(encoding="utf-8"))
        ):
            dead.append(target)
    return dead


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


PAGE = ROOT / "docs" / "any.md"
CASES = {
    "a file that exists": ("[x](../README.md)", []),
    "a file that does not": ("[x](no.md) and [`y`](none.py) `z`", ["no.md", "none.py"]),
    "an anchor that does not exist": ("[x](../README.md#nowhere)", ["../README.md#nowhere"]),
    "the web is not asked": ("[x](https://example.org/)", []),
    "code is no link": ("`[x](no.md)`\n```\n[x](no.md)\n```\n", []),
}


@pytest.mark.parametrize(("text", "dead"), CASES.values(), ids=CASES.keys())
def test_a_dead_link_is_noticed(text: str, dead: list[str]) -> None:
    assert dead_links(PAGE, text) == dead
