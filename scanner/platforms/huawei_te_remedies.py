"""Where it is set on a Huawei TE endpoint: the web interface; no command is documented for it."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, with_tool

_SECURITY = "EDOC1100057277, Setting security parameters"
_WHERE = {
    "service.telnet.enabled": ("tắt Telnet (enabletelnet = 0)", "Telnet off (enabletelnet = 0)"),
    "service.http.enabled": ("chỉ dùng HTTPS (enable_http = 1)", "HTTPS only (enable_http = 1)"),
    "management.allowlist": (
        "System Connection Whitelist: khai báo các địa chỉ được quản trị",
        "System Connection Whitelist: enter the addresses that may administer",
    ),
    "call.encryption": ("Encryption = Forcible (cần giấy phép mã hóa)",
                        "Encryption = Forcible (needs the encryption licence)"),
    "accounts": ("đổi mật khẩu của mọi tài khoản, kể cả `api` và `debug`",
                 "change the password of every account, also of `api` and `debug`"),
}  # fmt: skip

REMEDIES = Remedies(
    (
        *(
            remedy
            for fact, (vi, en) in _WHERE.items()
            for remedy in menu(
                fact, f"Giao diện web, phần an toàn: {vi}.", f"Web interface, Security: {en}.",
                _SECURITY,
            )
        ),
        *with_tool(
            "software.version",
            "Giao diện web, phần nâng cấp: nạp bản phần mềm của hãng.",
            "Web interface, Upgrade: load the release of the vendor.",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
