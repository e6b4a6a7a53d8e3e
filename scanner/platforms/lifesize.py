"""Lifesize: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="lifesize",
    title="Lifesize",
    vendor="Lifesize",
    kinds=frozenset({"vcs"}),
    why=Text(
        vi="không đọc được cấu hình: phiên bản này chưa đọc câu trả lời của dòng lệnh; hãy xem "
        "trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the answers of its command line are not read in "
        "this version; look at the device and attest it",
    ),
    signs=(
        Sign(
            ("sip",),
            r"^LifeSize (?P<model>(?:Express|Room|Team|Passport|Icon|Bridge)(?:[_ ]\d+)?)/"
            r"(?:LS_[A-Z0-9]+_)?(?P<version>\d+(?:\.\d+)+)",
            "User-Agent",
        ),
        Sign(
            ("certificate",),
            r"(?:^|,)CN=lifesize\.com(?:,|$)|(?:^|,)CN=A_LifeSize_System(?:,|$)",
            "factory certificates",
        ),
        Sign(("html-title",), r"\bLifesize(?:&reg;|®)", "title of the web server's own pages"),
        Sign(("favicon-md5",), r"^ed61e4c9e9a176e82734aa42c6a00ce4$", "icon of the web interface"),
    ),
    version_form=r"\w*\d+(?:\.\d+)+",
    version_key=numbers,
)
