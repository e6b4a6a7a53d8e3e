"""Grandstream GVC, IPVT: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="grandstream",
    title="Grandstream GVC, IPVT",
    vendor="Grandstream",
    kinds=frozenset({"vcs"}),
    why=Text(
        vi="không đọc được cấu hình: hãng không công bố giao diện nào để đọc thiết lập; hãy xem "
        "trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the vendor does not document an interface that "
        "settings can be read from; look at the device and attest it",
    ),
    signs=(
        Sign(
            ("sip",),
            r"^Grandstream (?P<model>GVC\d{4}|IPVT\w*)(?: (?P<version>\d+(?:\.\d+){3}))?\b",
            "User-Agent of conferencing devices; telephones say GXP, GXV and the like",
        ),
    ),
    version_form=r"\d+(?:\.\d+){3}",
    version_key=numbers,
)
