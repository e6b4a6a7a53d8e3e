"""ZTE ZXV10 T, M900: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="zte",
    title="ZTE ZXV10 T, M900",
    vendor="ZTE",
    kinds=frozenset({"mcu", "vcs"}),
    why=Text(
        vi="không đọc được cấu hình: hãng không công bố giao diện nào để đọc thiết lập; hãy xem "
        "trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the vendor does not document an interface that "
        "settings can be read from; look at the device and attest it",
    ),
    signs=(
        Sign(
            ("sip", "snmp-description", "html-title", "greeting"),
            r"\b(?:ZTE )?ZXV10 (?P<model>(?:T[5-9]|ET)\d{2,3}\w?|M9\d{3}\w?)\b",
            "the vendor's model names; no banner of one was at hand. Other ZXV10 are home routers",
        ),
    ),
    version_key=numbers,
)
