"""What is put into the configuration of a Poly Trio (parameters of UC Software).

The answers of the phone's interface tell few of these settings, so most are read on the phone.
"""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.poly_config_file import (
    ENCRYPTED_CALLS,
    ENCRYPTED_LOG,
    ENTER,
    HTTPS_ALONE,
    LEAVE,
    Lines,
    in_file,
)
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

_GUIDE = "Poly Trio Solution Administrator Guide 7.0"
_SYSLOG = "device.syslog"

LINES: Lines = {
    "service.telnet.enabled": (("diags.telnetd.enabled", "0"),),
    "service.http.enabled": (
        ("httpd.cfg.secureTunnelEnabled", "1"),
        ("httpd.cfg.secureTunnelRequired", "1"),
    ),
    "call.encryption": (
        ("sec.srtp.enable", "1"),
        ("sec.srtp.offer", "1"),
        ("sec.srtp.require", "1"),
    ),
    "sip.encryption": (("voIpProt.server.1.transport", "TLS"),),
    "call.auto_answer": (("call.autoAnswer.SIP", "0"), ("call.autoAnswer.H323", "0")),
    "management.lockout_attempts": (
        ("httpd.cfg.lockWebUI.enable", "1"),
        ("httpd.cfg.lockWebUI.noOfInvalidAttempts", "5"),
    ),
    "password_policy.min_length": (("sec.pwd.length.admin", "8"), ("sec.pwd.length.user", "8")),
    "ntp.servers": (
        ("tcpIpApp.sntp.address.overrideDHCP", "1"),
        ("tcpIpApp.sntp.address", "{ntp}"),
    ),
    "syslog.targets": (
        ("device.set", "1"),
        (f"{_SYSLOG}.serverName.set", "1"),
        (f"{_SYSLOG}.serverName", "{syslog}"),
        (f"{_SYSLOG}.transport.set", "1"),
        (f"{_SYSLOG}.transport", "TLS"),
    ),
}
"""Parameters of the administrator guide."""
_NOTES = {
    "service.telnet.enabled": Text(
        vi="phiên telnet đang dùng bị ngắt; quản trị qua giao diện web https",
        en="a telnet session ends; administer over the web interface by https",
    ),
    "service.http.enabled": HTTPS_ALONE,
    "call.encryption": ENCRYPTED_CALLS,
    "sip.encryption": Text(
        vi="máy chủ SIP phải nhận TLS, nếu không điện thoại mất đăng ký; đặt như vậy cho mọi máy "
        "chủ đã khai báo (server.2 …)",
        en="the SIP server must take TLS, or the phone is no longer registered; the same for every "
        "server that is entered (server.2 …)",
    ),
    "syslog.targets": ENCRYPTED_LOG,
}

_WHERE = Text(
    vi="Đưa các dòng này vào tệp cấu hình của máy chủ cấp phát, hoặc nạp tệp tại giao diện web > "
    "Utilities > Import & Export Configuration; điện thoại có thể khởi động lại.",
    en="Put these lines into the configuration of the provisioning server, or load the file at web "
    "interface > Utilities > Import & Export Configuration; the phone may restart.",
)

REMEDIES = Remedies(
    (
        *in_file(LINES, _WHERE, _GUIDE, "GET /api/v1/mgmt/device/runningConfig", _NOTES),
        *menu(
            "accounts",
            "Giao diện web > Settings > Change Password: thay mật khẩu mặc định của `admin` và "
            "`user`.",
            "Web interface > Settings > Change Password: replace the default passwords of `admin` "
            "and `user`.",
            f"{_GUIDE}: Administrator and User Passwords",
        ),
        *menu(
            "tls.certificates",
            "Giao diện web > Settings > Network > TLS: nạp chứng thư số còn hạn cho hồ sơ dùng cho "
            "web.",
            "Web interface > Settings > Network > TLS: install a valid certificate in the profile "
            "that the web interface uses.",
            f"{_GUIDE}: Certificates",
        ),
        *addresses_at_gateway(),
        *told_nowhere("management.idle_timeout_s", "call.far_end_camera"),
        *told_nowhere(
            *("serial_port.access", "usb.enabled", "debug.enabled"),
            *("support_access.enabled", "boot.verified"),
        ),
        *snmp_at_gateway(),
        *passwords_by_hand("digits", "lowercase", "uppercase", "special", "max_age_days"),
        *closed_at_gateway("ftp", "tftp", "upnp"),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Giao diện web > Utilities > Software Upgrade, hoặc máy chủ cấp phát; điện thoại khởi "
            "động lại.",
            "Web interface > Utilities > Software Upgrade, or the provisioning server; the phone "
            "restarts.",
            f"{_GUIDE}: Updating the Software",
        ),
    ),
    comments_pass=False,
    loaded=True,
    enter=ENTER,
    leave=LEAVE,
)
