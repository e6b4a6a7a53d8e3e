"""Where it is set on a Polycom RMX bridge: system flags and menus of its management client."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.platforms.remedy import Remedies, menu, with_tool
from scanner.platforms.without_setting import (
    SNMP,
    addresses_at_gateway,
    algorithms_of_the_release,
    closed_at_gateway,
    told_nowhere,
    unused_accounts_by_hand,
)

_GUIDE = "RealPresence Collaboration Server (RMX) Administrator's Guide"
FLAGS: Mapping[str, tuple[str, str]] = {
    "password_policy.min_length": ("MIN_PASSWORD_LENGTH", "8"),
    "password_policy.history": ("PASSWORD_HISTORY_SIZE", "12"),
    "password_policy.max_age_days": ("PASSWORD_EXPIRATION_DAYS", "90"),
    "management.idle_timeout_s": ("SESSION_TIMEOUT_IN_MINUTES", "10"),
    "management.lockout_attempts": ("USER_LOCKOUT", "YES"),
}
"""System flag and value, by fact."""

_PAGES: dict[str | tuple[str, ...], tuple[str, str]] = {
    tuple(f"password_policy.{name}" for name in ("digits", "lowercase", "uppercase", "special")): (
        "Setup > System Configuration: chỉ ép được khi ULTRA_SECURE_MODE = YES (đổi cả loại tài "
        "khoản, phải có chứng thư số trước); nếu không, đặt mật khẩu mạnh bằng hnth vault.",
        "Setup > System Configuration: enforced with ULTRA_SECURE_MODE = YES only (which also "
        "changes the kinds of users and needs a certificate first); otherwise set strong passwords "
        "made with hnth vault.",
    ),
    "accounts": (
        "RMX Management > Users: thay người dùng POLYCOM mặc định bằng tài khoản riêng, đặt mật "
        "khẩu mạnh, tắt tài khoản không dùng.",
        "RMX Management > Users: replace the default user POLYCOM with users of your own, set "
        "strong passwords, disable users that are not needed.",
    ),
    "support_access.enabled": (
        "RMX Management > Users: khóa người dùng SUPPORT; ULTRA_SECURE_MODE = YES (Setup > System "
        "Configuration) cũng khóa người dùng này.",
        "RMX Management > Users: disable the user SUPPORT; ULTRA_SECURE_MODE = YES (Setup > System "
        "Configuration) does so too.",
    ),
    "call.encryption": (
        "RMX Management > Conference Profiles > từng hồ sơ: Encryption = Encrypt All.",
        "RMX Management > Conference Profiles > each profile: Encryption = Encrypt All.",
    ),
    "service.http.enabled": (
        "RMX Management > IP Network Services > Management Network > Security: Secured "
        "Communication (chỉ còn https); cần chứng thư số trước.",
        "RMX Management > IP Network Services > Management Network > Security: Secured "
        "Communication (https only); needs a certificate first.",
    ),
    SNMP: (
        "Setup > SNMP: tắt SNMP Enabled, hoặc chỉ dùng SNMPv3 và danh sách máy được hỏi (bỏ chọn "
        "Accept SNMP packets from any host).",
        "Setup > SNMP: clear SNMP Enabled, or use SNMPv3 alone with a list of hosts (clear Accept "
        "SNMP packets from any host).",
    ),
    "ntp.servers": (
        "Setup > RMX Time: Use NTP Server, địa chỉ máy chủ thời gian.",
        "Setup > RMX Time: Use NTP Server, the address of the time server.",
    ),
    "tls.certificates": (
        "Setup > RMX Secured Communication: tạo CSR, nạp chứng thư số còn hạn.",
        "Setup > RMX Secured Communication: create a CSR, install a valid certificate.",
    ),
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for fact, (flag, value) in FLAGS.items()
            for remedy in menu(
                fact,
                f"Setup > System Configuration: {flag} = {value}; chưa có thì thêm bằng New Flag.",
                f"Setup > System Configuration: {flag} = {value}; New Flag where it is not listed.",
                f"{_GUIDE}: System Configuration flags",
            )
        ),
        *(
            remedy
            for facts, (vi, en) in _PAGES.items()
            for remedy in menu(facts, vi, en, f"{_GUIDE}: {en.partition(':')[0]}")
        ),
        *addresses_at_gateway(),
        *told_nowhere(
            "syslog.targets", "sip.encryption", "serial_port.access", "usb.enabled",
            "debug.enabled", "boot.verified",
        ),
        *closed_at_gateway("telnet", "ftp", "tftp", "upnp"),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Administration > Software Management > Software Download: nạp bản phần mềm của hãng; "
            "cầu khởi động lại.",
            "Administration > Software Management > Software Download: load the release of the "
            "vendor; the bridge restarts.",
            f"{_GUIDE}: Software Management",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
