"""Grandstream GVC, IPVT: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from scanner.platforms.recognised_only import NOTHING_PUBLISHED, recognised_only
from scanner.platforms.signs import Sign
from scanner.products import version_key

PLATFORM = recognised_only(
    name="grandstream",
    title="Grandstream GVC, IPVT",
    vendor="Grandstream",
    kinds=frozenset({"vcs"}),
    missing=NOTHING_PUBLISHED,
    signs=(
        Sign(
            ("sip",),
            r"^Grandstream (?P<model>GVC\d{4}|IPVT\w*)(?: (?P<version>\d+(?:\.\d+){3}))?\b",
            "User-Agent of conferencing devices; telephones say GXP, GXV and the like",
        ),
    ),
    version_form=r"\d+(?:\.\d+){3}",
    version_key=version_key("grandstream"),
)
