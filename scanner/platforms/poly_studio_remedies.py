"""What is put into the configuration of a Poly G7500 or Studio X."""

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
    told_nowhere,
    unused_accounts_by_hand,
)

_GUIDE = "Poly Video Mode Administrator Guide (G7500, Studio X50, Studio X30)"
_POLICY = {
    "min_length": ("minLength", "8"),
    "digits": ("numCount", "1"),
    "lowercase": ("lowercaseCount", "1"),
    "uppercase": ("uppercaseCount", "1"),
    "special": ("specialCharCount", "1"),
    "history": ("rejectPrevPassword", "12"),
    "max_age_days": ("maxAge", "180"),
}

LINES: Lines = {
    "service.telnet.enabled": (("sec.telnet.enable", "false"),),
    "service.http.enabled": (("sec.web.httpsOnly", "true"),),
    "service.snmp.enabled": (("snmp.enable", "false"),),
    "snmp.versions": (
        ("snmp.version1.enable", "false"),
        ("snmp.version2.enable", "false"),
        ("snmp.version3.enable", "true"),
    ),
    "snmp.default_community": (("snmp.community", ""),),
    "call.encryption": (("call.encryption.requireAES", "Required_All"),),
    "call.auto_answer": (("call.autoAnswer.answerP2PCall", "No"),),
    "call.far_end_camera": (("video.camera.farControlNearCamera", "false"),),
    "sip.encryption": (("voIpProt.SIP.transport", "TLS"),),
    "serial_port.access": (("sec.serialPort.login.mode", "adminpassword"),),
    "usb.enabled": (("sec.usb.disableAll", "true"),),
    "management.idle_timeout_s": (("sec.web.idleSessionTimeout", "10"),),
    "management.lockout_attempts": (("sec.auth.accountLockout.admin.lockoutAttempts", "5"),),
    "tls.min_version": (("sec.TLS.minimumVersion", "tlsv1_2"),),
    "ntp.servers": (
        ("device.local.ntpServer.mode", "Manual"),
        ("device.local.ntpServer.address.1", "{ntp}"),
    ),
    "syslog.targets": (
        ("device.syslog.enable", "true"),
        ("device.syslog.serverName", "{syslog}"),
        ("device.syslog.transport", "TLS"),
    ),
    **{
        f"password_policy.{name}": (
            (f"sec.auth.remote.password.{key}", value),
            (f"sec.auth.admin.room.password.{key}", value),
        )
        for name, (key, value) in _POLICY.items()
    },
}
"""Parameters as they stand in the exported configuration; no two facts have one in common, so that
the lines of several are still one file."""

_NOTES = {
    "service.telnet.enabled": Text(
        vi="tắt Telnet đóng cả giao diện lệnh qua SSH (cổng 22, 23, 24); quản trị qua giao diện "
        "web "
        "https, mở được trước khi nạp",
        en="telnet off closes the command line over SSH too (ports 22, 23, 24); administer over "
        "the web interface by https, which must open before you load this",
    ),
    "service.http.enabled": HTTPS_ALONE,
    "call.encryption": ENCRYPTED_CALLS,
    "sip.encryption": Text(
        vi="máy chủ SIP phải nhận TLS, nếu không thiết bị mất đăng ký",
        en="the SIP server must take TLS, or the system is no longer registered",
    ),
    "usb.enabled": Text(
        vi="camera, micrô và bảng điều khiển nối qua USB sẽ không dùng được",
        en="cameras, microphones and panels on USB stop working",
    ),
    "syslog.targets": ENCRYPTED_LOG,
}

_WHERE = Text(
    vi="Đưa các dòng này vào cấu hình trên máy chủ cấp phát hoặc Poly Lens, hoặc sửa mục cùng tên "
    "trong giao diện web.",
    en="Put these lines into the configuration of the provisioning server or Poly Lens, or change "
    "the setting of that name in the web interface.",
)

REMEDIES = Remedies(
    (
        *in_file(
            LINES,
            _WHERE,
            "Poly VideoOS configuration schema 3.10",
            "GET /rest/provisioning/config",
            _NOTES,
        ),
        *menu(
            "accounts",
            "Giao diện web > Security > Local Accounts: đặt mật khẩu quản trị tại phòng và từ xa.",
            "Web interface > Security > Local Accounts: set the admin's room and remote access "
            "passwords.",
            f"{_GUIDE}: Local Accounts",
        ),
        *menu(
            "tls.certificates",
            "Giao diện web > Security > Certificates: tạo CSR, nạp chứng thư số còn hạn.",
            "Web interface > Security > Certificates: create a CSR, install a valid certificate.",
            f"{_GUIDE}: Certificates",
        ),
        *told_nowhere("debug.enabled", "support_access.enabled", "boot.verified"),
        *addresses_at_gateway(),
        *closed_at_gateway("ftp", "tftp", "upnp"),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Giao diện web > General Settings > Device Management: cập nhật phần mềm; thiết bị "
            "khởi động lại.",
            "Web interface > General Settings > Device Management: update the software; the system "
            "restarts.",
            f"{_GUIDE}: Updating Software",
        ),
    ),
    comments_pass=False,
    loaded=True,
    enter=ENTER,
    leave=LEAVE,
)
