"""Avaya Scopia, Equinox: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, needed
from scanner.platforms.recognised_only import recognised_only
from scanner.platforms.signs import Sign
from scanner.products import version_key

PLATFORM = recognised_only(
    name="avaya-scopia",
    title="Avaya Scopia, Equinox",
    vendor="Avaya",
    kinds=frozenset({"mcu", "vcs"}),
    missing=Text(
        vi="lệnh của giao diện AT (cổng 55003) và giao diện XML (cổng 3336 đến 3338) không được "
        "công bố",
        en="the commands of its AT interface (port 55003) and of its XML interface (ports 3336 "
        "to 3338) are not documented publicly",
    ),
    signs=(
        Sign(
            ("sip", "snmp-description", "html-title", "greeting"),
            r"\b(?:Avaya |RADVISION )?Scopia (?P<model>"
            r"(?:XT|XTE) ?\d{3,4}|Elite ?\d{0,4}|Pathfinder)",
            "the vendor's model names; no banner of one was at hand",
        ),
    ),
    version_form=r"\d+(?:\.\d+){1,4}",
    version_key=version_key("avaya-scopia"),
    needed_ports=(
        HTTPS,
        H323,
        SIP,
        needed("tcp", 3230, 3250, "báo hiệu H.323, SIP, BFCP", "H.323, SIP and BFCP signalling"),
        GATEKEEPER,
        SIP_UDP,
        needed("udp", 3230, 3313, "âm thanh, hình ảnh", "audio and video"),
    ),
    management_ports={"https": 443},
)
