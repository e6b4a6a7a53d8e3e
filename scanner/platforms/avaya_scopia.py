"""Avaya Scopia, Equinox: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="avaya-scopia",
    title="Avaya Scopia, Equinox",
    vendor="Avaya",
    kinds=frozenset({"mcu", "vcs"}),
    why=Text(
        vi="không đọc được cấu hình: lệnh của giao diện AT và XML không được công bố; hãy xem "
        "trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the commands of its AT and XML interfaces are not "
        "documented publicly; look at the device and attest it",
    ),
    signs=(
        Sign(
            ("sip", "snmp-description", "html-title", "greeting"),
            r"\b(?:Avaya |RADVISION )?Scopia (?P<model>"
            r"(?:XT|XTE) ?\d{3,4}|Elite ?\d{0,4}|Pathfinder)",
            "the vendor's model names; no banner of one was at hand",
        ),
    ),
    version_key=numbers,
)
