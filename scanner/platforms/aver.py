"""AVer EVC, SVC: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import recognised_only
from scanner.platforms.signs import Sign
from scanner.products import version_key

PLATFORM = recognised_only(
    name="aver",
    title="AVer EVC, SVC",
    vendor="AVer",
    kinds=frozenset({"vcs"}),
    missing=Text(
        vi="hãng không công bố giao diện đọc thiết lập của thiết bị phòng họp; tài liệu điều "
        "khiển đã công bố là của dòng máy quay PTZ",
        en="the vendor does not document an interface that the settings of its room systems can "
        "be read from; the control document that is public is that of its PTZ cameras",
    ),
    signs=(
        Sign(
            ("sip",),
            r"^AVer, ?(?P<model>[A-Z]{2,4}\d{2,4}\w{0,2}) (?P<version>\d+(?:\.\d+){3})",
            "User-Agent",
        ),
    ),
    version_form=r"\d+(?:\.\d+){3}",
    version_key=version_key("aver"),
)
