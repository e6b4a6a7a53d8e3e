"""Where it is set on a Polycom RMX bridge: system flags and menus of its management client."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.platforms.remedy import Remedies, menu, with_tool
from scanner.platforms.without_setting import (
    SNMP,
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
        "khoản, xóa SUPPORT, phải có chứng thư số trước, và cầu khởi động lại); nếu không, đặt mật "
        "khẩu mạnh bằng hnth vault.",
        "Setup > System Configuration: enforced with ULTRA_SECURE_MODE = YES only (which also "
        "changes the kinds of users, removes SUPPORT, needs a certificate first, and restarts the "
        "bridge); otherwise set strong passwords made with hnth vault.",
    ),
    "accounts": (
        "RMX Management > Users: tạo tài khoản quản trị riêng với mật khẩu mạnh, đăng nhập thử, "
        "rồi mới xóa người dùng POLYCOM mặc định và tắt tài khoản không dùng.",
        "RMX Management > Users: make an administrator of your own with a strong password, log in "
        "with it, and only then delete the default user POLYCOM and disable users not needed.",
    ),
    "support_access.enabled": (
        "RMX Management > Users: khóa người dùng SUPPORT; ULTRA_SECURE_MODE = YES (Setup > System "
        "Configuration) cũng khóa người dùng này.",
        "RMX Management > Users: disable the user SUPPORT; ULTRA_SECURE_MODE = YES (Setup > System "
        "Configuration) does so too.",
    ),
    "call.encryption": (
        "RMX Management > Conference Profiles > từng hồ sơ: Encryption = Encrypt All; thiết bị "
        "không mã hóa sẽ không vào được.",
        "RMX Management > Conference Profiles > each profile: Encryption = Encrypt All; systems "
        "that do not encrypt cannot join.",
    ),
    "service.http.enabled": (
        "RMX Management > IP Network Services > Management Network > Security: Secured "
        "Communication (chỉ còn https, cổng 80 đóng); nạp chứng thư số trước, nếu không sẽ không "
        "vào lại được; phiên đang dùng bị ngắt và cầu có thể đòi khởi động lại.",
        "RMX Management > IP Network Services > Management Network > Security: Secured "
        "Communication (https only, port 80 closes); load a certificate first, or nobody gets in "
        "again; the session ends, and the bridge may ask for a restart.",
    ),
    SNMP: (
        "Setup > SNMP: tắt SNMP Enabled, hoặc chỉ dùng SNMPv3 và danh sách máy được hỏi (bỏ chọn "
        "Accept SNMP packets from any host).",
        "Setup > SNMP: clear SNMP Enabled, or use SNMPv3 alone with a list of hosts (clear Accept "
        "SNMP packets from any host).",
    ),
    "management.allowlist": (
        "Bản có White List (phần Ultra Secure Mode của tài liệu): thêm máy đang dùng, các mạng "
        "quản trị và các máy chủ mà cầu trao đổi (gatekeeper, SIP, DNS), rồi mới bật, nếu không sẽ "
        "mất kết nối; tối đa 100 địa chỉ. Bản không có: tại tường lửa của phân hệ chỉ cho các "
        "mạng quản trị tới cổng 80 và "
        "443.",
        "Where the release has a White List (chapter Ultra Secure Mode): add the host you work "
        "from, the management networks and the servers that the bridge talks to (gatekeeper, SIP, "
        "DNS), and enable it only then, or you lock yourself out; it takes 100 addresses. "
        "Otherwise let the management "
        "networks alone reach ports 80 and 443, at the firewall of the segment.",
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
                f"Setup > System Configuration: {flag} = {value}; chưa có thì thêm bằng New Flag. "
                "Chỉ có hiệu lực sau khi khởi động lại cầu (Reset MCU): mọi cuộc họp bị ngắt, làm "
                "một lần cho mọi cờ, ngoài giờ họp.",
                f"Setup > System Configuration: {flag} = {value}; New Flag where it is not listed. "
                "It counts after a reset of the bridge, which ends every conference: once for all "
                "flags, outside meetings.",
                f"{_GUIDE}: System Configuration flags",
            )
        ),
        *(
            remedy
            for facts, (vi, en) in _PAGES.items()
            for remedy in menu(facts, vi, en, f"{_GUIDE}: {en.partition(':')[0]}")
        ),
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
