"""Sony PCS: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="sony-pcs",
    title="Sony PCS",
    vendor="Sony",
    kinds=frozenset({"vcs"}),
    why=Text(
        vi="không đọc được cấu hình: hãng không công bố lệnh và thiết lập của giao diện telnet "
        "và web; hãy xem trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the vendor does not document the commands and "
        "settings of its telnet and web interface; look at the device and attest it",
    ),
    signs=(
        Sign(("greeting",), r"^\W*(?P<model>PCS-\w{1,8}) Telnet2? Server\b", "telnet greeting"),
        Sign(
            ("http-realm",), r"^(?P<model>PCS-\w{1,8}) Web Control$", "realm of the web interface"
        ),
    ),
    version_form=r"\d+\.\d+",
    version_key=numbers,
)
