"""Where it is set on a Huawei TE endpoint: the web interface; no command is documented for it."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, with_tool
from scanner.platforms.without_setting import (
    algorithms_of_the_release,
    closed_at_gateway,
    passwords_by_hand,
    snmp_at_gateway,
    told_nowhere,
    unused_accounts_by_hand,
)

_SECURITY = "EDOC1100057277, Setting security parameters"
_WHERE = {
    "service.telnet.enabled": (
        "SSH/Telnet: Telnet login = Do not allow (enabletelnet = 0); phiên Telnet đang dùng bị "
        "ngắt, còn cần dòng lệnh thì cho phép SSH trước",
        "SSH/Telnet: Telnet login = Do not allow (enabletelnet = 0); a Telnet session ends, so "
        "where the command line is needed allow SSH first",
        _SECURITY,
    ),
    "service.http.enabled": (
        "chỉ dùng HTTPS (trong tệp cấu hình: enable_http = 1); mở giao diện bằng https:// trước, "
        "phiên http đang dùng bị ngắt; cổng 80 vẫn mở thì chặn tại tường lửa",
        "HTTPS only (in the configuration file: enable_http = 1); open the interface by https:// "
        "first, for a session over http ends; where port 80 stays open close it at the firewall",
        "",
    ),
    "management.allowlist": (
        "System Connection Whitelist: khai báo máy đang dùng và các địa chỉ được quản trị, cả MCU, "
        "SMC và máy ghi, rồi mới bật; thiếu máy nào thì máy đó mất kết nối",
        "System Connection Whitelist: enter the host you work from and the addresses that may "
        "administer, also those of MCU, SMC and recorder, and enable it then; whatever is missing "
        "is locked out",
        "TE20 Administrator Guide, page 86",
    ),
    "call.encryption": (
        "Encryption: Encryption mode = Forcible (cần giấy phép mã hóa); thiết bị chỉ vào được cuộc "
        "họp có mã hóa",
        "Encryption: Encryption mode = Forcible (needs the encryption licence); the endpoint then "
        "joins encrypted conferences only",
        _SECURITY,
    ),
    "accounts": (
        "đổi mật khẩu của mọi tài khoản, kể cả `api` và `debug`, và mật khẩu quản trị của điều "
        "khiển từ xa",
        "change the password of every account, also of `api` and `debug`, and the administrator's "
        "of the remote control",
        "EDOC1000184611, Application layer account list",
    ),
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for fact, (vi, en, source) in _WHERE.items()
            for remedy in menu(
                fact, f"Giao diện web, phần an toàn: {vi}.", f"Web interface, Security: {en}.",
                source,
            )
        ),
        *passwords_by_hand(),
        *told_nowhere(
            "call.auto_answer", "call.far_end_camera", "management.idle_timeout_s",
            "management.lockout_attempts", "ntp.servers", "syslog.targets", "tls.certificates",
        ),
        *told_nowhere(
            "sip.encryption", "serial_port.access", "usb.enabled", "debug.enabled",
            "support_access.enabled", "boot.verified",
        ),
        *closed_at_gateway("ftp", "tftp", "upnp"),
        *snmp_at_gateway(),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Giao diện web, phần nâng cấp: nạp bản phần mềm của hãng.",
            "Web interface, Upgrade: load the release of the vendor.",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
