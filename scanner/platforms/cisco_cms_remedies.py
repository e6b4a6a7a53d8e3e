"""What is typed on a Cisco Meeting Server: the MMP over SSH, and the Web Admin for calls.

The commands are those of the vendor's MMP command line reference; how their settings are printed
afterwards was not seen for all of them (`cisco_cms`).
"""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, Remedy, impossible, menu, typed, with_tool
from scanner.platforms.without_setting import (
    SNMP,
    algorithms_of_the_release,
    closed_at_gateway,
    told_nowhere,
)

_MMP = "Cisco Meeting Server MMP Command Line Reference"
_RULES = {
    "password_policy.min_length": "min_length 8",
    "password_policy.digits": "min_digits 1",
    "password_policy.lowercase": "min_lowercase 1",
    "password_policy.uppercase": "min_uppercase 1",
    "password_policy.special": "min_special 1",
    "password_policy.history": "max_history 12",
    "password_policy.max_age_days": "password_age 180",
    "management.lockout_attempts": "max_failed_logins 5",
}
_LATER = ("chỉ áp dụng cho mật khẩu đặt sau đó", "holds for passwords set afterwards")
_LOCKS = (
    "khóa 15 phút, cả với người dùng Cisco Meeting App đăng nhập qua LDAP; với họ chỉ có hiệu lực "
    "sau khi khởi động lại Call Bridge (callbridge restart, ngắt các cuộc họp)",
    "locks for 15 minutes, users of the Cisco Meeting App with LDAP too; for these it counts after "
    "a restart of the Call Bridge (callbridge restart, which ends the meetings)",
)
_CIPHERS = ":".join(
    f"ECDHE-{key}-AES{bits}-GCM-SHA{digest}"
    for bits, digest in ((256, 384), (128, 256))
    for key in ("ECDSA", "RSA")
)


def _rule(fact: str, rule: str) -> tuple[Remedy, ...]:
    vi, en = _LOCKS if fact == "management.lockout_attempts" else _LATER
    return typed(fact, f"user rule {rule}", "user rule", f"{_MMP}: user rule", vi=vi, en=en)


REMEDIES = Remedies(
    (
        *(remedy for fact, rule in _RULES.items() for remedy in _rule(fact, rule)),
        *impossible(
            "management.idle_timeout_s",
            "Không có lệnh MMP đặt thời hạn phiên: `user rule max_idle` là số ngày một tài khoản "
            "không được dùng trước khi bị khóa. Đăng xuất khi xong việc và xác nhận kèm căn cứ.",
            "No MMP command sets the limit of a session: `user rule max_idle` is the number of "
            "days that an account may go unused before it is locked. Log out when done, and "
            "attest it.",
        ),
        *typed(
            "service.http.enabled", "webadmin http-redirect disable\nwebadmin restart", "webadmin",
            f"{_MMP}: webadmin",
            vi="phiên quản trị qua web bị ngắt trong lúc khởi động lại dịch vụ",
            en="sessions of the web interface end while the service restarts",
        ),
        *typed(
            SNMP, "snmp disable", "snmp", f"{_MMP}: snmp",
            vi="nếu cần giám sát thì xóa mọi community, thêm người dùng SNMPv3 (snmp user add) với "
            "khóa do người quản trị đặt, rồi mới bật lại",
            en="where monitoring needs it: delete every community, add an SNMPv3 user (snmp user "
            "add) with keys of your own, and only then enable it",
        ),
        *typed(
            "tls.min_version", "tls webadmin min-tls-version 1.2\nwebadmin restart",
            "tls webadmin", f"{_MMP}: tls",
            vi="thực hiện tương tự với `tls sip`", en="do the same for `tls sip`",
        ),
        *typed(
            "tls.algorithms", f"tls webadmin ciphers {_CIPHERS}\nwebadmin restart",
            "tls webadmin", f"{_MMP}: tls",
        ),
        *algorithms_of_the_release("ssh"),
        *typed(
            "tls.certificates",
            "webadmin disable\nwebadmin certs {file}.key {file}.crt\nwebadmin enable",
            "pki list\nwebadmin", f"{_MMP}: pki, webadmin",
            vi="nạp khóa và chứng thư số qua SFTP trước",
            en="upload the key and the certificate by SFTP first",
        ),
        *typed(
            "ntp.servers", "ntp server add {ntp}", "ntp server list\nntp status", f"{_MMP}: ntp"
        ),
        *typed(
            "ntp.synchronised", "ntp server add {ntp}", "ntp status", f"{_MMP}: ntp",
            vi="đã có máy chủ thì kiểm tra đường tới cổng 123/udp của nó; đồng bộ mất vài phút",
            en="where there is one already, look at the way to its port 123/udp; it takes minutes",
        ),
        *typed(
            "syslog.targets", "syslog server add {syslog} 514\nsyslog enable", "syslog",
            f"{_MMP}: syslog",
            vi="máy chủ nhận được TLS thì dùng: syslog server add tls:<địa chỉ> <cổng>",
            en="where the server takes TLS: syslog server add tls:<address> <port>",
        ),
        *typed(
            "accounts", "passwd {account}", "user list", f"{_MMP}: passwd, user",
            vi="lệnh hỏi mật khẩu mới; tài khoản không dùng thì xóa: user del",
            en="the command asks for the new password; delete accounts not in use: user del",
        ),
        *typed(
            "accounts.unused", "user del {account}", "user list", f"{_MMP}: user",
            vi="phải còn một tài khoản admin khác đăng nhập được",
            en="another admin account must be able to log in",
        ),
        *typed(
            "management.allowlist", "user host {account} add {peer}", "user list",
            f"{_MMP}: user host",
            vi="lặp lại cho mọi tài khoản admin, appadmin, api và mọi máy quản trị; máy đang dùng "
            "phải nằm trong danh sách, nếu không sẽ mất kết nối; xem lại bằng user info",
            en="repeat for every admin, appadmin and api account and every host that administers; "
            "the host you type from must be on the list, or you lock yourself out; user info "
            "shows it",
        ),
        *menu(
            "call.encryption",
            "Web Admin > Configuration > Call settings: SIP media encryption = required; các "
            "callLegProfile riêng cũng đặt sipMediaEncryption = required (Configuration > API).",
            "Web Admin > Configuration > Call settings: SIP media encryption = required; set "
            "sipMediaEncryption = required in every callLegProfile too (Configuration > API).",
            "Cisco Meeting Server API Reference, callLegProfiles",
            "GET /api/v1/callLegProfiles",
        ),
        *menu(
            "sip.encryption",
            "Web Admin > Configuration > Outbound calls: Encryption = Encrypted cho từng quy tắc "
            "(sipControlEncryption = encrypted).",
            "Web Admin > Configuration > Outbound calls: Encryption = Encrypted in every rule "
            "(sipControlEncryption = encrypted).",
            "Cisco Meeting Server API Reference, outboundDialPlanRules",
            "GET /api/v1/outboundDialPlanRules",
        ),
        *told_nowhere(
            "serial_port.access", "usb.enabled", "debug.enabled", "support_access.enabled",
            "boot.verified",
        ),
        *closed_at_gateway("telnet", "ftp", "tftp", "upnp"),
        *with_tool(
            "software.version",
            "Tải upgrade.img của hãng, kiểm tra mã băm, nạp qua SFTP rồi chạy lệnh upgrade; máy "
            "chủ khởi động lại.",
            "Get upgrade.img from the vendor, check its hash, load it by SFTP and run upgrade; the "
            "server restarts.",
            f"{_MMP}: upgrade", "version",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
