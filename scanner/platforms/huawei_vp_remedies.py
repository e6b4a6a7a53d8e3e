"""Where it is set on a Huawei VP9600 or ViewPoint bridge.

One document of the vendor is public, on accounts; nothing else of its menus or commands is.
"""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, with_tool
from scanner.platforms.without_setting import (
    addresses_at_gateway,
    algorithms_of_the_release,
    closed_at_gateway,
    passwords_by_hand,
    snmp_at_gateway,
    told_nowhere,
    unused_accounts_by_hand,
)

_ACCOUNTS = "EDOC1100059054, 9 series MCU account management"

REMEDIES = Remedies(
    (
        *menu(
            "accounts",
            "Giao diện web https://<địa chỉ>:8443, góc trên bên phải > tên người dùng > đổi mật "
            "khẩu; tài khoản `administrator` và `user` của SSH, Telnet và cổng nối tiếp đổi bằng "
            "lệnh passwd khi đăng nhập `administrator`.",
            "Web interface https://<address>:8443, user name at the top right > change password; "
            "the accounts `administrator` and `user` of SSH, Telnet and serial port are changed "
            "with passwd in a session of `administrator`.",
            _ACCOUNTS,
        ),
        *menu(
            "password_policy.max_age_days",
            "Giao diện web, phần quản lý người dùng: thời hạn mật khẩu web 90 ngày (90–365).",
            "Web interface, user management: validity of web passwords 90 days (90 to 365).",
            _ACCOUNTS,
        ),
        *passwords_by_hand("min_length", "digits", "lowercase", "uppercase", "special"),
        *told_nowhere(
            "call.encryption", "management.idle_timeout_s", "management.lockout_attempts",
            "ntp.servers", "syslog.targets", "tls.certificates",
        ),
        *told_nowhere(
            "sip.encryption", "serial_port.access", "usb.enabled", "debug.enabled",
            "support_access.enabled", "boot.verified",
        ),
        *addresses_at_gateway(),
        *closed_at_gateway("telnet", "http", "ftp", "tftp", "upnp"),
        *snmp_at_gateway(),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Lấy bản phần mềm từ trang hỗ trợ của hãng và nâng cấp theo tài liệu đi kèm bản đó; "
            "cầu khởi động lại.",
            "Get the release from the vendor's support site and upgrade as its document says; the "
            "bridge restarts.",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
