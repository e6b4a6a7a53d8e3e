"""Where it is set on a Cisco Expressway or VCS: its web pages.

How `xConfiguration` spells these settings no public sample confirms, so no command is given.
"""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, with_tool
from scanner.platforms.without_setting import (
    SNMP,
    algorithms_of_the_release,
    closed_at_gateway,
    passwords_by_hand,
    told_nowhere,
    unused_accounts_by_hand,
)

_GUIDE = "Cisco Expressway Administrator Guide"
_STRICT = tuple(
    f"password_policy.{name}"
    for name in ("min_length", "digits", "lowercase", "uppercase", "special")
)
_PAGES: dict[str | tuple[str, ...], tuple[str, str]] = {
    "accounts": (
        "Users > Administrator accounts: đặt mật khẩu mạnh, tắt tài khoản không dùng; mật khẩu "
        "`root` đổi bằng lệnh passwd khi đăng nhập `root` qua SSH.",
        "Users > Administrator accounts: set strong passwords, disable accounts not in use; the "
        "password of `root` is changed with passwd in its own SSH session.",
    ),
    _STRICT: (
        "Users > Password security: Enforce strict passwords = On; độ dài từ 8, mỗi loại chữ số, "
        "chữ thường, chữ hoa, ký tự đặc biệt ít nhất 1.",
        "Users > Password security: Enforce strict passwords = On; a length of 8 or more, at least "
        "1 digit, lower case, upper case and special character each.",
    ),
    "management.idle_timeout_s": (
        "System > Administration: Session time out = 10 (phút); 0 là không bao giờ.",
        "System > Administration: Session time out = 10 (minutes); 0 means never.",
    ),
    "management.lockout_attempts": (
        "System > Protection > Automated detection > Configuration: bật các mục đăng nhập sai qua "
        "SSH và qua giao diện web; địa chỉ thử sai bị chặn.",
        "System > Protection > Automated detection > Configuration: switch on the categories of "
        "failed logins over SSH and the web; the address that fails is blocked.",
    ),
    "management.allowlist": (
        "System > Protection > Firewall rules > Configuration: cho các mạng quản trị tới SSH và "
        "HTTPS, sau đó chặn mọi địa chỉ khác; Activate rồi xác nhận trong thời hạn.",
        "System > Protection > Firewall rules > Configuration: allow the management networks to "
        "SSH and HTTPS, then drop all others; activate, and confirm in time.",
    ),
    "service.http.enabled": (
        "System > Administration: Redirect HTTP requests to HTTPS = Off; quản trị bằng https://.",
        "System > Administration: Redirect HTTP requests to HTTPS = Off; administer by https://.",
    ),
    "service.telnet.enabled": (
        "System > Administration: Telnet service = Off (chỉ có ở VCS phiên bản cũ).",
        "System > Administration: Telnet service = Off (old releases of VCS only).",
    ),
    SNMP: (
        "System > SNMP: SNMP mode = Disabled, hoặc chỉ v3 với khóa xác thực và khóa mã hóa.",
        "System > SNMP: SNMP mode = Disabled, or v3 alone with authentication and privacy keys.",
    ),
    "ntp.servers": (
        "System > Time: khai báo máy chủ NTP của đơn vị; trạng thái phải là Synchronized.",
        "System > Time: enter the organisation's NTP servers; the state must be Synchronized.",
    ),
    "syslog.targets": (
        "Maintenance > Logging: Remote syslog servers, khai báo máy chủ nhật ký; chọn TLS nếu máy "
        "chủ hỗ trợ.",
        "Maintenance > Logging: Remote syslog servers, enter the log server; TLS if it takes it.",
    ),
    "sip.encryption": (
        "Configuration > Protocols > SIP: TLS mode = On, TCP mode = Off, UDP mode = Off; từng vùng "
        "> SIP: Transport = TLS.",
        "Configuration > Protocols > SIP: TLS mode = On, TCP mode = Off, UDP mode = Off; in each "
        "zone > SIP: Transport = TLS.",
    ),
    "call.encryption": (
        "Configuration > Zones > Zones > từng vùng > SIP: Media encryption mode = Force encrypted.",
        "Configuration > Zones > Zones > each zone > SIP: Media encryption mode = Force encrypted.",
    ),
    ("tls.min_version", "tls.algorithms"): (
        "Maintenance > Security > Ciphers: Minimum TLS version = TLS v1.2 cho từng dịch vụ, bỏ các "
        "bộ mã yếu; phiên bản không có trang này thì nâng cấp.",
        "Maintenance > Security > Ciphers: Minimum TLS version = TLS v1.2 for each service, and no "
        "weak ciphers; a release without this page is to be upgraded.",
    ),
    "tls.certificates": (
        "Maintenance > Security > Server certificate: tạo CSR, nạp chứng thư số còn hạn.",
        "Maintenance > Security > Server certificate: create a CSR, upload a valid certificate.",
    ),
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for facts, (vi, en) in _PAGES.items()
            for remedy in menu(facts, vi, en, f"{_GUIDE}: {en.partition(':')[0]}")
        ),
        *told_nowhere(
            "serial_port.access", "usb.enabled", "debug.enabled", "support_access.enabled",
            "boot.verified",
        ),
        *passwords_by_hand("max_age_days"),
        *algorithms_of_the_release("ssh"),
        *closed_at_gateway("ftp", "tftp", "upnp"),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Maintenance > Upgrade: sao lưu, nạp bản phần mềm của hãng; thiết bị khởi động lại.",
            "Maintenance > Upgrade: back up, load the release of the vendor; the system restarts.",
            f"{_GUIDE}: Maintenance > Upgrade", "xStatus SystemUnit",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
