"""What is typed on a Cisco CE or RoomOS codec (xAPI over SSH)."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, Remedy, menu, typed, with_tool
from scanner.platforms.without_setting import (
    algorithms_of_the_release,
    closed_at_gateway,
    told_nowhere,
)

_SCHEMA = "roomos.cisco.com, xConfiguration"
_SERVICES = "NetworkServices"
_POLICY = "UserManagement PasswordPolicy"
_SNMP_OFF = (
    "hệ thống giám sát bằng SNMP sẽ không thấy thiết bị nữa",
    "monitoring over SNMP no longer sees the codec",
)
_SETTINGS = {
    "service.telnet.enabled": (f"{_SERVICES} Telnet Mode: Off",),
    "service.http.enabled": (f"{_SERVICES} HTTP Mode: HTTPS",),
    "service.snmp.enabled": (f"{_SERVICES} SNMP Mode: Off",),
    "snmp.versions": (f"{_SERVICES} SNMP Mode: Off",),
    "snmp.default_community": (f"{_SERVICES} SNMP Mode: Off",),
    "service.upnp.enabled": (f"{_SERVICES} UPnP Mode: Off",),
    "service.h323.enabled": (f"{_SERVICES} H323 Mode: Off",),
    "call.encryption": ("Conference Encryption Mode: On",),
    "call.auto_answer": ("Conference AutoAnswer Mode: Off",),
    "call.far_end_camera": ("Conference FarEndControl Mode: Off",),
    "sip.encryption": ("SIP DefaultTransport: Tls",),
    "sip.tls_min_version": ("SIP MinimumTLSVersion: TLSv1.2",),
    "sip.verifies_peer": ("SIP TlsVerify: On",),
    "h323.min_key_bits": ("H323 Encryption KeySize: Min2048bit",),
    "serial_port.access": ("SerialPort LoginRequired: On",),
    "debug.enabled": ("WebEngine RemoteDebugging: Off",),
    "support_access.enabled": ("RemoteAccess Mode: Off",),
    "management.allowlist": ('Network 1 RemoteAccess Allow: "{prefixes}"',),
    "management.idle_timeout_s": ("Security Session InactivityTimeout: 10",),
    "management.lockout_attempts": (
        "Security Session MaxFailedLogins: 5",
        "Security Session FailedLoginsLockoutTime: 30",
    ),
    "tls.min_version": (f"{_SERVICES} HTTPS Server MinimumTLSVersion: TLSv1.2",),
    "ntp.servers": (
        f"{_SERVICES} NTP Mode: Manual",
        f'{_SERVICES} NTP Server 1 Address: "{{ntp}}"',
    ),
    "ntp.synchronised": (
        f"{_SERVICES} NTP Mode: Manual",
        f'{_SERVICES} NTP Server 1 Address: "{{ntp}}"',
    ),
    "syslog.targets": (
        'Logging External Server Address: "{syslog}"',
        "Logging External Mode: On",
    ),
    "password_policy.min_length": (f"{_POLICY} Complexity MinimumLength: 8",),
    "password_policy.digits": (f"{_POLICY} Complexity MinimumDigits: 1",),
    "password_policy.lowercase": (f"{_POLICY} Complexity MinimumLowercase: 1",),
    "password_policy.uppercase": (f"{_POLICY} Complexity MinimumUppercase: 1",),
    "password_policy.special": (f"{_POLICY} Complexity MinimumSpecial: 1",),
    "password_policy.max_age_days": (f"{_POLICY} MaxLifetime: 180",),
    "password_policy.history": (f"{_POLICY} ReuseLimit: 12",),
}

_COSTS = {
    "management.idle_timeout_s": (
        "có hiệu lực sau khi khởi động lại",
        "takes effect after a restart",
    ),
    "management.allowlist": (
        "máy đang dùng và máy chủ quản lý phải nằm trong danh sách, nếu không sẽ mất kết nối",
        "the host you type from and the management server must be on the list, or you lock "
        "yourself out",
    ),
    "service.telnet.enabled": (
        "phải đăng nhập được bằng SSH trước",
        "SSH must let you in first",
    ),
    "service.http.enabled": (
        "phiên http đang dùng bị ngắt, mở lại bằng https://",
        "a session over http ends: open https:// instead",
    ),
    "service.h323.enabled": (
        "cuộc gọi H.323 không nối được nữa; chỉ tắt khi đã dùng SIP",
        "H.323 calls fail from then on: only where SIP is in use",
    ),
    "call.encryption": (
        "cuộc gọi với thiết bị không mã hóa sẽ không nối được",
        "calls with systems that do not encrypt fail",
    ),
    "sip.encryption": (
        "máy chủ SIP phải nhận TLS, nếu không thiết bị mất đăng ký",
        "the SIP server must take TLS, or the codec is no longer registered",
    ),
    "sip.verifies_peer": (
        "phải nạp chứng thư của CA đã cấp cho máy chủ SIP trước, nếu không thiết bị mất đăng ký",
        "load the certificate of the SIP server's CA first, or the codec is no longer registered",
    ),
    "snmp.versions": _SNMP_OFF,
    "snmp.default_community": _SNMP_OFF,
    "service.snmp.enabled": _SNMP_OFF,
}
"""What else happens, by fact: Vietnamese, English."""


def _setting(fact: str, lines: tuple[str, ...]) -> Remedy:
    keys = tuple(f"xConfiguration {line.partition(':')[0]}" for line in lines)
    commands = "\n".join(f"xConfiguration {line}" for line in lines)
    releases = "CE 9.10" if fact.startswith("password_policy.") else ""
    vi, en = _COSTS.get(fact, ("", ""))
    return typed(fact, commands, "\n".join(keys), _SCHEMA, releases, vi=vi, en=en)[0]


REMEDIES = Remedies(
    (
        *(_setting(fact, lines) for fact, lines in _SETTINGS.items()),
        *menu(
            ("accounts", "accounts.unused"),
            "Giao diện web > Users: đặt mật khẩu cho tài khoản, chặn tài khoản không dùng.",
            "Web interface > Users: set the passphrase, deactivate users that are not needed.",
            verify="xCommand UserManagement User List",
        ),
        *menu(
            "tls.certificates",
            "Giao diện web > Security > Certificates: nạp chứng thư số còn hạn.",
            "Web interface > Security > Certificates: upload a valid certificate.",
            verify="xCommand Security Certificates Services Show",
        ),
        *told_nowhere("usb.enabled", "boot.verified"),
        *closed_at_gateway("ftp", "tftp"),
        *algorithms_of_the_release(),
        *with_tool(
            "software.version",
            "Giao diện web > Software: nạp bản phần mềm của hãng; thiết bị khởi động lại.",
            "Web interface > Software: upload the release of the vendor; the codec restarts.",
            verify="xStatus SystemUnit Software Version",
        ),
    ),
    comments_pass=False,
)
