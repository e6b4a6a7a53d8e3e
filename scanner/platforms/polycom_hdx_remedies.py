"""What is typed on a Polycom HDX, and where it is set in its web interface.

The commands are those of the API on port 24 or the serial port, as the integrator's manual has
them. `KEYS` names the settings as they stand in the file that `polycom_hdx_lines` reads.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.platforms.remedy import Remedies, Remedy, menu, typed, with_tool
from scanner.platforms.without_setting import (
    SNMP,
    algorithms_of_the_release,
    closed_at_gateway,
    told_nowhere,
    unused_accounts_by_hand,
)

_GUIDE = "Administrator's Guide for Polycom HDX Systems, chapter 8 Security"
_API = "Integrator's Reference Manual for Polycom HDX Systems, chapter 4"
_SECURITY = "Admin Settings > General Settings > Security"
_MODE_VI = (
    "phải đặt mật khẩu mới ngay, và cổng API 23, 24 đóng: nhập hết các lệnh của tệp này trước, sau "
    "đó chỉ còn cổng nối tiếp"
)
_MODE_EN = (
    "a new password must be set at once, and the API ports 23 and 24 close: type the commands of "
    "this file before, for afterwards only the serial port takes them"
)
_POLICY = {
    "min_length": ("minlength", "8"),
    "digits": ("numbercount", "1"),
    "lowercase": ("lowercasecount", "1"),
    "uppercase": ("uppercasecount", "1"),
    "special": ("specialcharcount", "1"),
    "history": ("reusecount", "12"),
    "max_age_days": ("maxage", "180"),
}

KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **{
        f"password_policy.{name}": ((f"pw{key}remote", value), (f"pw{key}room", value))
        for name, (key, value) in _POLICY.items()
    },
    "service.telnet.enabled": (("telnetenabled", "False"),),
    "service.ftp.enabled": (("ftpenabled", "False"),),
    "management.lockout_attempts": (("lockoutattemptsadmin", "5"),),
    **dict.fromkeys(SNMP, (("snmpenabled", "False"),)),
}
"""What the settings file says afterwards: key and value, by fact."""

_PAGES: dict[str | tuple[str, ...], tuple[str, str]] = {
    tuple(f"password_policy.{name}" for name in _POLICY): (
        f"{_SECURITY} > Password Settings, cho cả mật khẩu quản trị tại phòng và từ xa",
        f"{_SECURITY} > Password Settings, for the admin's room and remote access passwords both",
    ),
    "service.telnet.enabled": (
        f"{_SECURITY} > Security Settings: bỏ chọn Telnet ở mục truy cập từ xa, sau khi đã nhập "
        "hết các lệnh của tệp này, vì chúng đi qua cổng đó; thiết bị có thể khởi động lại",
        f"{_SECURITY} > Security Settings: clear Telnet under remote access, after the commands "
        "of this file, which go over that port; the system may restart",
    ),
    "service.ftp.enabled": (
        f"{_SECURITY} > Security Settings: bật Security Mode; {_MODE_VI}",
        f"{_SECURITY} > Security Settings: Security Mode on; {_MODE_EN}",
    ),
    "service.http.enabled": (
        f"{_SECURITY} > Security Settings: bật Security Mode; giao diện web chỉ còn https, "
        f"{_MODE_VI}",
        f"{_SECURITY} > Security Settings: Security Mode on; the web interface then is https "
        f"only, {_MODE_EN}",
    ),
    "sip.encryption": (
        "Admin Settings > Network > IP Network > SIP Settings: Transport Protocol = TLS (máy chủ "
        "SIP phải nhận TLS, nếu không thiết bị mất đăng ký)",
        "Admin Settings > Network > IP Network > SIP Settings: Transport Protocol = TLS (the SIP "
        "server must take TLS, or the system is no longer registered)",
    ),
    "management.lockout_attempts": (
        f"{_SECURITY}, mục khóa tài khoản (Account Lockout): khóa tài khoản quản trị sau 5 lần sai",
        f"{_SECURITY}, the setting Account Lockout: lock the admin account after 5 failed logins",
    ),
    "management.idle_timeout_s": (
        f"{_SECURITY} > Security Settings: chọn Enable Sessions List; rồi {_SECURITY} > Remote "
        "Access Settings: Idle Session Timeout in Minutes = 10",
        f"{_SECURITY} > Security Settings: tick Enable Sessions List; then {_SECURITY} > Remote "
        "Access Settings: Idle Session Timeout in Minutes = 10",
    ),
    "management.allowlist": (
        f"{_SECURITY} > Whitelist: thêm các mạng quản trị đã khai báo rồi mới bật; máy đang dùng "
        "phải có trong danh sách, nếu không sẽ mất kết nối",
        f"{_SECURITY} > Whitelist: add the declared management networks and enable it then; the "
        "host you work from must be listed, or you lock yourself out",
    ),
    SNMP: (
        "Admin Settings > Global Services > SNMP: tắt, hoặc đổi community nếu buộc phải dùng",
        "Admin Settings > Global Services > SNMP: off, or another community where it is needed",
    ),
    "syslog.targets": (
        f"{_SECURITY} > Log Management: bật gửi tới máy chủ nhật ký (remotesyslogenabled)",
        f"{_SECURITY} > Log Management: send the log to the log server (remotesyslogenabled)",
    ),
    "tls.certificates": (
        f"{_SECURITY} > Certificates: tạo CSR, nạp chứng thư số còn hạn",
        f"{_SECURITY} > Certificates: create a CSR, install a valid certificate",
    ),
    "accounts": (
        f"{_SECURITY} > Security Settings: đặt Admin Room Password và Admin Remote Access "
        "Password; mật khẩu mặc định là số sê-ri",
        f"{_SECURITY} > Security Settings: set Admin Room Password and Admin Remote Access "
        "Password; the default is the serial number",
    ),
}


def _menu(facts: str | tuple[str, ...], vi: str, en: str) -> tuple[Remedy, ...]:
    found: tuple[Remedy, ...] = ()
    for fact in (facts,) if isinstance(facts, str) else facts:
        keys = ", ".join(f"{key} = {value}" for key, value in KEYS.get(fact, ()))
        found += menu(
            fact,
            f"Giao diện web > {vi}" + (f"; tệp cài đặt ghi: {keys}." if keys else "."),
            f"Web interface > {en}" + (f"; in the settings file: {keys}." if keys else "."),
            _GUIDE,
        )
    return found


REMEDIES = Remedies(
    (
        *(remedy for facts, (vi, en) in _PAGES.items() for remedy in _menu(facts, vi, en)),
        *typed(
            "call.encryption", "encryption requiredallcalls", "encryption get", _API,
            vi="cuộc gọi với thiết bị không mã hóa sẽ không nối được; cần mã kích hoạt mã hóa",
            en="calls with systems that do not encrypt fail; needs the encryption option",
        ),
        *typed(
            "call.auto_answer", "autoanswer no\nmpautoanswer no",
            "autoanswer get\nmpautoanswer get", _API,
        ),
        *typed(
            "call.far_end_camera", "farcontrolnearcamera no", "farcontrolnearcamera get", _API
        ),
        *typed(
            "ntp.servers", "ntpmode manual\nntpserver set {ntp}", "ntpmode get\nntpserver get", _API
        ),
        *closed_at_gateway("tftp", "upnp"),
        *told_nowhere(
            "serial_port.access", "usb.enabled", "debug.enabled", "support_access.enabled",
            "boot.verified",
        ),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Chương trình Software Update của hãng trên máy tính, hoặc giao diện web > Utilities > "
            "Tools > Software Update; thiết bị khởi động lại.",
            "The vendor's Software Update program on a computer, or web interface > Utilities > "
            "Tools > Software Update; the system restarts.",
            "Administrator's Guide for Polycom HDX Systems", "version",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
