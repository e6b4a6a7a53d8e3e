"""Where it is set on a Cisco MCU 4200, 4500, 5300 or MSE 8000: its web pages."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, with_tool
from scanner.platforms.without_setting import (
    POLICY,
    addresses_at_gateway,
    algorithms_of_the_release,
    closed_at_gateway,
    told_nowhere,
    unused_accounts_by_hand,
)

_HELP = "Cisco TelePresence MCU 4.5 help"
_ADVANCED = (
    "Settings > Security: Advanced account security mode; mọi mật khẩu phải đổi ở lần đăng nhập "
    "sau, từ 15 ký tự với ít nhất 2 ký tự mỗi loại, hạn 60 ngày, khóa sau 3 lần sai. Sao lưu cấu "
    "hình và đổi tên `admin` trước; tài khoản mà máy chủ quản lý dùng qua API cũng phải đổi mật "
    "khẩu.",
    "Settings > Security: Advanced account security mode; every password must be changed at the "
    "next login, has 15 characters with 2 or more of each class, ends after 60 days, and 3 "
    "failures lock the account. Back up the configuration and rename `admin` first; the account "
    "that a management server uses over the API changes its password too.",
)
_PAGES: dict[str | tuple[str, ...], tuple[str, str]] = {
    (*POLICY, "management.lockout_attempts"): _ADVANCED,
    "accounts": (
        "Users > từng tài khoản: đặt mật khẩu mạnh, đổi tên tài khoản `admin` mặc định, xóa tài "
        "khoản không dùng.",
        "Users > each account: set a strong password, rename the default `admin`, delete accounts "
        "not in use.",
    ),
    "management.idle_timeout_s": (
        "Settings > Security: Idle web session timeout = 10 (phút).",
        "Settings > Security: Idle web session timeout = 10 (minutes).",
    ),
    "call.encryption": (
        "Settings > Encryption: Encryption status = Enabled (cần mã kích hoạt); trong mẫu cuộc họp "
        "đặt Encryption = Required.",
        "Settings > Encryption: Encryption status = Enabled (needs its feature key); in the "
        "conference template Encryption = Required.",
    ),
    "sip.encryption": (
        "Settings > SIP: Outgoing transport = TLS; Network > Services: chọn SIP (TLS), rồi bỏ chọn "
        "SIP (TCP) và SIP (UDP). Máy chủ SIP phải nhận TLS, nếu không cuộc gọi không nối được.",
        "Settings > SIP: Outgoing transport = TLS; Network > Services: tick SIP (TLS), then clear "
        "SIP (TCP) and SIP (UDP). The SIP server must take TLS, or calls fail.",
    ),
    "service.http.enabled": (
        "Network > Services: chọn Secure web (HTTPS; cần mã kích hoạt mã hóa), đăng nhập lại bằng "
        "https://, rồi mới bỏ chọn Web (HTTP) trên mọi cổng mạng; phiên http đang dùng bị ngắt.",
        "Network > Services: tick Secure web (HTTPS; needs the encryption key), log in again by "
        "https://, and only then clear Web (HTTP) on every port; a session over http ends.",
    ),
    "service.ftp.enabled": (
        "Network > Services: bỏ chọn FTP trên mọi cổng mạng.",
        "Network > Services: clear FTP on every port.",
    ),
    "service.snmp.enabled": (
        "Network > Services: bỏ chọn SNMP trên mọi cổng mạng.",
        "Network > Services: clear SNMP on every port.",
    ),
    ("snmp.versions", "snmp.default_community"): (
        "Network > Services: bỏ chọn SNMP; nếu buộc phải giám sát thì đổi community tại Network > "
        "SNMP và chỉ cho máy giám sát tới cổng 161/udp tại tường lửa.",
        "Network > Services: clear SNMP; where monitoring is needed change the communities under "
        "Network > SNMP and let the monitoring host alone reach 161/udp, at the firewall.",
    ),
    "ntp.servers": (
        "Settings > Time: Enable NTP và địa chỉ máy chủ thời gian.",
        "Settings > Time: Enable NTP and the address of the time server.",
    ),
    "syslog.targets": (
        "Logs > Syslog (bản cũ: Events > Syslog): địa chỉ máy chủ nhật ký.",
        "Logs > Syslog (older: Events > Syslog): the address of the log server.",
    ),
    "tls.certificates": (
        "Network > SSL certificates: nạp chứng thư số và khóa, rồi khởi động lại, ngoài giờ họp.",
        "Network > SSL certificates: upload certificate and key, then restart, outside meetings.",
    ),
    "serial_port.access": (
        "Settings > Security, phần Serial console settings: chọn Require administrator login, Idle "
        "serial console session timeout = 10 (phút) và Disable serial console input during "
        "startup.",
        "Settings > Security, Serial console settings: tick Require administrator login, Idle "
        "serial console session timeout = 10 (minutes), and Disable serial console input during "
        "startup.",
    ),
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for facts, (vi, en) in _PAGES.items()
            for remedy in menu(
                facts,
                vi,
                en,
                f"{_HELP}: {en.partition(':')[0]}",
                "POST /RPC2 services.query" if "Network > Services" in en else "",
            )
        ),
        *told_nowhere(
            "usb.enabled", "debug.enabled", "support_access.enabled",
            "boot.verified",
        ),
        *addresses_at_gateway(),
        *closed_at_gateway("telnet", "tftp", "upnp"),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Settings > Upgrade: nạp bản phần mềm của hãng; thiết bị khởi động lại.",
            "Settings > Upgrade: load the release of the vendor; the unit restarts.",
            f"{_HELP}: Settings > Upgrade", "/system.xml",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
