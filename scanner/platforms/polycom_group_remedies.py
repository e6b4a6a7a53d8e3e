"""What is typed on a Polycom RealPresence Group, and where it is set in its web interface.

`KEYS` names the settings as they stand in the exported profile.
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

_GUIDE = "Administrator's Guide for the Polycom RealPresence Group Series"
_API = "Polycom RealPresence Group Series Integrator Reference Guide 6.0"
_ACCESS = "Admin Settings > Security > Global Security > Access"
_WEB = "security.remoteaccess.web"
_V3_ONLY = tuple(
    (f"management.snmp.version{number}", value)
    for number, value in (("one", "False"), ("two", "False"), ("three", "True"))
)

KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "service.telnet.enabled": (("security.remoteaccess.telnet.enabled", "False"),),
    "service.http.enabled": ((f"{_WEB}.httpsonly", "True"),),
    "service.snmp.enabled": (("management.snmp.enabled", "False"),),
    "snmp.versions": _V3_ONLY,
    "management.idle_timeout_s": ((f"{_WEB}.idlesessiontimeout", "10"),),
    "sip.encryption": (("comm.NICs.SipNic.siptransportprotocol", "TLS"),),
    "serial_port.access": (("security.remoteaccess.serialport.loginmode", "adminpassword"),),
    "management.lockout_attempts": (
        ("security.authentication.lockout.accountlockout.admin.lockoutattempts", "5"),
    ),
}
"""What an export says afterwards: key and value, by fact."""

_PAGES: dict[str | tuple[str, ...], tuple[str, str]] = {
    "service.telnet.enabled": (
        f"{_ACCESS}: bỏ chọn Enable Telnet Access, sau khi đã nhập hết các lệnh của tệp này, vì "
        "chúng đi qua cổng đó; còn cần giao diện lệnh thì chọn Enable Legacy API Over SSH trước",
        f"{_ACCESS}: clear Enable Telnet Access, after the commands of this file, which go over "
        "that port; where commands are still needed tick Enable Legacy API Over SSH first",
    ),
    "service.http.enabled": (
        f"{_ACCESS}: mục chỉ cho phép HTTPS; mở giao diện bằng https:// trước khi lưu, phiên http "
        "đang dùng sẽ bị ngắt",
        f"{_ACCESS}: the setting that allows HTTPS only; open the interface by https:// before "
        "saving, for a session over http ends",
    ),
    SNMP: (
        "Admin Settings > Servers > SNMP: tắt, hoặc chỉ bật SNMPv3 và xóa community mặc định",
        "Admin Settings > Servers > SNMP: off, or SNMPv3 alone and no default community",
    ),
    "management.allowlist": (
        f"{_ACCESS}: Enable Whitelist, Edit Whitelist rồi thêm các mạng quản trị đã khai báo; danh "
        "sách có tối đa 30 địa chỉ, chỉ áp dụng cho giao diện web và SNMP; ghi địa chỉ máy đang "
        "dùng trước, nếu không sẽ mất kết nối",
        f"{_ACCESS}: Enable Whitelist, then Edit Whitelist and add the declared management "
        "networks; it takes 30 addresses and covers the web interface and SNMP; enter the host "
        "you work from first, or you lock yourself out",
    ),
    "management.idle_timeout_s": (
        f"{_ACCESS}: Idle Session Timeout = 10 (phút)",
        f"{_ACCESS}: Idle Session Timeout = 10 (minutes)",
    ),
    "sip.encryption": (
        "Admin Settings > Network > IP Network > SIP: Transport Protocol = TLS (máy chủ SIP phải "
        "nhận TLS, nếu không thiết bị mất đăng ký)",
        "Admin Settings > Network > IP Network > SIP: Transport Protocol = TLS (the SIP server "
        "must take TLS, or the system is no longer registered)",
    ),
    "serial_port.access": (
        "Admin Settings > General Settings > Serial Ports: Login Mode = Admin password only",
        "Admin Settings > General Settings > Serial Ports: Login Mode = Admin password only",
    ),
    "management.lockout_attempts": (
        "Admin Settings > Security > Local Accounts > Account Lockout: Lock Admin Account after "
        "Failed Logins = 5",
        "Admin Settings > Security > Local Accounts > Account Lockout: Lock Admin Account after "
        "Failed Logins = 5",
    ),
    tuple(
        f"password_policy.{name}"
        for name in ("min_length", "digits", "lowercase", "uppercase", "special", "max_age_days")
    ): (
        "Admin Settings > Security > Local Accounts > Password Requirements, cho mật khẩu quản trị "
        "tại phòng và từ xa: từ 8 ký tự, mỗi loại ít nhất 1, hạn 180 ngày",
        "Admin Settings > Security > Local Accounts > Password Requirements, for the admin's room "
        "and remote access passwords: 8 characters or more, 1 of each class, 180 days at most",
    ),
    "accounts": (
        "Admin Settings > Security > Local Accounts > Login Credentials: đặt mật khẩu quản trị "
        "tại phòng và từ xa",
        "Admin Settings > Security > Local Accounts > Login Credentials: set the admin's room and "
        "remote access passwords",
    ),
    "tls.certificates": (
        "Admin Settings > Security > Certificates: tạo CSR, nạp chứng thư số còn hạn",
        "Admin Settings > Security > Certificates: create a CSR, install a valid certificate",
    ),
}  # fmt: skip


def _menu(facts: str | tuple[str, ...], vi: str, en: str) -> tuple[Remedy, ...]:
    found: tuple[Remedy, ...] = ()
    for fact in (facts,) if isinstance(facts, str) else facts:
        keys = ", ".join(f"{key} = {value}" for key, value in KEYS.get(fact, ()))
        found += menu(
            fact,
            f"Giao diện web > {vi}" + (f"; tệp cấu hình xuất ra ghi: {keys}." if keys else "."),
            f"Web interface > {en}" + (f"; in the exported profile: {keys}." if keys else "."),
            f"{_GUIDE}: {en.partition(':')[0]}",
            "displayparams",
        )
    return found


REMEDIES = Remedies(
    (
        *(remedy for facts, (vi, en) in _PAGES.items() for remedy in _menu(facts, vi, en)),
        *typed(
            "call.encryption", "encryption requiredallcalls", "encryption get", _API,
            vi="cuộc gọi với thiết bị không mã hóa sẽ không nối được",
            en="calls with systems that do not encrypt fail",
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
        *told_nowhere(
            "syslog.targets", "tls.min_version", "usb.enabled", "debug.enabled",
            "support_access.enabled", "boot.verified",
        ),
        *closed_at_gateway("ftp", "tftp", "upnp"),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Giao diện web > Software Updates: nạp bản phần mềm của hãng.",
            "Web interface > Software Updates: load the release of the vendor.",
            _GUIDE, "version",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
