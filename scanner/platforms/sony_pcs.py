"""Sony PCS: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.needs import GATEKEEPER, H323, SIP, SIP_UDP
from scanner.platforms.recognised_only import recognised_only
from scanner.platforms.signs import Sign
from scanner.products import version_key

PLATFORM = recognised_only(
    name="sony-pcs",
    title="Sony PCS",
    vendor="Sony",
    kinds=frozenset({"vcs"}),
    missing=Text(
        vi="hãng không công bố lệnh và thiết lập của giao diện telnet và web",
        en="the vendor does not document the commands and settings of its telnet and web interface",
    ),
    signs=(
        Sign(("greeting",), r"^\W*(?P<model>PCS-\w{1,8}) Telnet2? Server\b", "telnet greeting"),
        Sign(
            ("http-realm",), r"^(?P<model>PCS-\w{1,8}) Web Control$", "realm of the web interface"
        ),
    ),
    version_form=r"(?:ver\.)?\d+\.\d+",
    version_key=version_key("sony-pcs"),
    needed_ports=(H323, SIP, GATEKEEPER, SIP_UDP),
)
