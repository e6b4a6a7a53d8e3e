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
_RESTART_VI = "Mục này có thể đòi khởi động lại: làm ngoài giờ họp."
_RESTART_EN = "The page may ask for a restart: do it outside meetings."
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
        "chữ thường, chữ hoa, ký tự đặc biệt ít nhất 1 (mặc định 15 và 2, nên giữ); chỉ áp dụng "
        "cho mật khẩu đặt sau đó.",
        "Users > Password security: Enforce strict passwords = On; a length of 8 or more, at least "
        "1 digit, lower case, upper case and special character each (15 and 2 by default: keep "
        "them); holds for passwords set afterwards.",
    ),
    "management.idle_timeout_s": (
        "System > Administration (bản cũ: System > System): Session time out = 10 (phút); "
        "0 là không bao giờ.",
        "System > Administration (older releases: System > System): Session time out = 10 "
        "(minutes); 0 means never.",
    ),
    "management.lockout_attempts": (
        "System > Administration: Automated protection service = On; rồi System > Protection > "
        "Automated detection > Configuration: bật các mục đăng nhập sai qua SSH và qua giao diện "
        "web, Trigger level = 5; địa chỉ thử sai bị chặn. Trên máy phục vụ Mobile and Remote "
        "Access khai báo các máy chủ nội bộ ở Exemptions trước.",
        "System > Administration: Automated protection service = On; then System > Protection > "
        "Automated detection > Configuration: switch on the categories of failed logins over SSH "
        "and the web, Trigger level = 5; the address that fails is blocked. For Mobile and Remote "
        "Access enter the inner servers under Exemptions first.",
    ),
    "management.allowlist": (
        "System > Protection > Firewall rules > Configuration: luật Allow (số ưu tiên nhỏ) cho các "
        "mạng quản trị, máy cùng cụm và máy chủ quản lý tới SSH và HTTPS; luật Drop (số ưu tiên "
        "lớn) cho mọi địa chỉ khác, chỉ với dịch vụ SSH và HTTPS vì chặn mọi dịch vụ sẽ mất cả "
        "cuộc gọi; nơi khách vào họp bằng trình duyệt thì không chặn HTTPS. Activate rồi xác nhận "
        "trong thời hạn; máy đang dùng phải nằm trong danh sách, nếu không sẽ mất kết nối.",
        "System > Protection > Firewall rules > Configuration: Allow rules (small priority number) "
        "for the management networks, cluster peers and management servers to SSH and HTTPS; Drop "
        "rules (large number) for all others, for the services SSH and HTTPS only, since dropping "
        "every service stops the calls; where guests join by browser leave HTTPS open. Activate, "
        "and confirm in time; the host you work from must be listed, or you lock yourself out.",
    ),
    "service.http.enabled": (
        f"System > Administration: Redirect HTTP requests to HTTPS = Off; quản trị bằng https://. "
        f"{_RESTART_VI}",
        f"System > Administration: Redirect HTTP requests to HTTPS = Off; administer by https://. "
        f"{_RESTART_EN}",
    ),
    "service.telnet.enabled": (
        "System > Administration: SSH service = On, đăng nhập thử bằng SSH, rồi Telnet service = "
        f"Off (chỉ có ở VCS phiên bản cũ). {_RESTART_VI}",
        "System > Administration: SSH service = On, log in by SSH, then Telnet service = Off (old "
        f"releases of VCS only). {_RESTART_EN}",
    ),
    "serial_port.access": (
        "System > Administration: Serial port / console = Off; vẫn mở trong một phút sau khi khởi "
        f"động. {_RESTART_VI}",
        "System > Administration: Serial port / console = Off; it stays open for a minute after a "
        f"start. {_RESTART_EN}",
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
        "Configuration > Protocols > SIP: TLS mode = On; từng vùng > SIP: Transport = TLS, xem các "
        "vùng đều Active; sau đó mới TCP mode = Off, UDP mode = Off. Máy chỉ có TCP hoặc UDP sẽ "
        "không gọi được.",
        "Configuration > Protocols > SIP: TLS mode = On; in each zone > SIP: Transport = TLS, and "
        "see that the zones are Active; only then TCP mode = Off, UDP mode = Off. Systems that "
        "have nothing but TCP or UDP can no longer call.",
    ),
    "call.encryption": (
        "Configuration > Zones > Zones > từng vùng > SIP: Media encryption mode = Force encrypted; "
        "cuộc gọi với thiết bị không mã hóa sẽ không nối được.",
        "Configuration > Zones > Zones > each zone > SIP: Media encryption mode = Force encrypted; "
        "calls with systems that do not encrypt fail.",
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
        *told_nowhere("usb.enabled", "debug.enabled", "support_access.enabled", "boot.verified"),
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
