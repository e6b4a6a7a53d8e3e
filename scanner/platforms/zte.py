"""ZTE ZXV10 T, M900: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from scanner.platforms.recognised_only import NOTHING_PUBLISHED, recognised_only
from scanner.platforms.signs import Sign
from scanner.products import version_key

PLATFORM = recognised_only(
    name="zte",
    title="ZTE ZXV10 T, M900",
    vendor="ZTE",
    kinds=frozenset({"mcu", "vcs"}),
    missing=NOTHING_PUBLISHED,
    signs=(
        Sign(
            ("sip", "snmp-description", "html-title", "greeting"),
            r"\b(?:ZTE )?ZXV10 (?P<model>(?:T[5-9]|ET)\d{2,3}\w?|M9\d{3}\w?)\b",
            "the vendor's model names; no banner of one was at hand. Other ZXV10 are home routers",
        ),
    ),
    version_form=r"v?\d+(?:\.\d+){1,3}(?:p\d+)?",
    version_key=version_key("zte"),
)
