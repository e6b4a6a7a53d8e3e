"""A pfSense or OPNsense configuration file, and how the two write yes and no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scanner.evidence import Document, printable
from scanner.platforms.netconfig.xml_tree import Node, Tree, begins, tree

Product = Literal["pfsense", "opnsense"]


@dataclass(frozen=True)
class Config:
    """The root element of a file that was read to its end."""

    product: Product
    root: Node

    def set_in(self, node: Node | None, name: str) -> bool | None:
        """Whether a switch is on: in pfSense when its tag is there, whatever stands in it.

        None where it cannot be told: OPNsense counted an empty tag up to release 20 and later
        asks for a value.
        """
        tag = node.child(name) if node is not None else None
        if tag is None:
            return False
        if self.product == "pfsense":
            return True
        if tag.text == "":
            return None
        return tag.text.lower() not in {"0", "no"}


def config(document: Document) -> Config | None:
    """None when the file is not one of these products', or not whole."""
    return document.once(_config)


def error(document: Document) -> Tree | None:
    """Why a file that begins like one of theirs was not read; None for all others."""
    found = tree(document) if _begins_so(document) else None
    return found if found is not None and found.error else None


def _begins_so(document: Document) -> bool:
    start = begins(document)
    return start.startswith(b"<") and (b"<pfsense" in start or b"<opnsense" in start)


_MARKS = frozenset({"system", "interfaces", "filter", "nat", "aliases", "gateways"})
"""Sections of which a file of theirs has at least one."""


def _config(document: Document) -> Config | None:
    root = tree(document).root if _begins_so(document) else None
    if root is None or not any(child.name in _MARKS for child in root.children):
        return None
    if root.name == "pfsense":
        return Config("pfsense", root)
    return Config("opnsense", root) if root.name == "opnsense" else None


def said(node: Node, limit: int = 80) -> str:
    """The text of an element as it may be shown."""
    return printable(node.text, limit)
