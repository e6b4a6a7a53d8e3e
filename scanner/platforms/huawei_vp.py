"""Huawei VP9600, ViewPoint: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="huawei-vp",
    title="Huawei VP9600, ViewPoint",
    vendor="Huawei",
    kinds=frozenset({"mcu"}),
    why=Text(
        vi="không đọc được cấu hình: hãng không công bố tệp cấu hình và câu trả lời của dòng "
        "lệnh; hãy xem trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the vendor documents neither a configuration file "
        "nor the answers of its command line; look at the device and attest it",
    ),
    signs=(
        Sign(
            ("snmp-description", "sip", "greeting"),
            r"\bHUAWEI[ -](?:ViewPoint ?)?(?P<model>VP ?9[0-9]{3}\w?|8660)\b(?:.{0,40}?\b"
            r"(?P<version>V\d{3}R\d{3}C\d\w*))?",
            "sysDescr and prompt",
        ),
    ),
    version_form=r"v\d{3}r\d{3}c\d\w*",
    version_key=numbers,
)
