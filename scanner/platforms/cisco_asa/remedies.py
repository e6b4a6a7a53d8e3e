"""What is typed on a Cisco ASA."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, typed, with_tool

_REFERENCE = "Cisco ASA Series Command Reference"
_POLICY = {
    "min_length": "minimum-length 8",
    "digits": "minimum-numeric 1",
    "lowercase": "minimum-lowercase 1",
    "uppercase": "minimum-uppercase 1",
    "special": "minimum-special 1",
    "max_age_days": "lifetime 180",
}

REMEDIES = Remedies(
    (
        *typed(
            "service.telnet.enabled", "clear configure telnet", "show running-config telnet",
            _REFERENCE,
            vi="phải đăng nhập được bằng SSH trước: khóa RSA, các dòng ssh cho mạng quản trị và "
            "`aaa authentication ssh console LOCAL`",
            en="SSH must let you in first: an RSA key, ssh lines for the management networks and "
            "`aaa authentication ssh console LOCAL`",
        ),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "clear configure snmp-server\nno snmp-server enable", "show running-config snmp-server",
            _REFERENCE,
            vi="xóa mọi thiết lập SNMP; nếu cần giám sát thì khai báo lại phiên bản 3",
            en="removes every SNMP setting; where monitoring needs it, declare version 3 again",
        ),
        *typed(
            "management.allowlist",
            "ssh {network} {mask} {inside}\nhttp {network} {mask} {inside}",
            "show running-config ssh\nshow running-config http", _REFERENCE,
            vi="sau đó xóa các dòng rộng hơn bằng `no ssh ...`, `no http ...`; máy đang dùng phải "
            "nằm trong danh sách, nếu không sẽ mất kết nối",
            en="then remove the wider lines with `no ssh ...`, `no http ...`; the host you type "
            "from must be on the list, or you lock yourself out",
        ),
        *typed(
            "management.idle_timeout_s",
            "ssh timeout 10\nconsole timeout 10\nhttp server idle-timeout 10",
            "show running-config ssh\nshow running-config console", _REFERENCE,
        ),
        *typed(
            "management.lockout_attempts", "aaa local authentication attempts max-fail 5",
            "show running-config aaa", _REFERENCE,
        ),
        *(
            remedy
            for name, words in _POLICY.items()
            for remedy in typed(
                f"password_policy.{name}", f"password-policy {words}",
                "show running-config password-policy", _REFERENCE,
                vi="chỉ áp dụng cho mật khẩu đặt sau đó", en="holds for passwords set afterwards",
            )
        ),
        *typed("accounts", "username {account} password {secret}",
               "show running-config username", _REFERENCE,
               vi="thêm `privilege 15` nếu tài khoản đang có mức đó; mật khẩu không có dấu ?",
               en="add `privilege 15` where the account has it; no ? in the password"),
        *typed("ntp.servers", "ntp server {ntp}", "show ntp associations", _REFERENCE),
        *typed(
            "syslog.targets",
            "logging enable\nlogging trap informational\nlogging host {inside} {syslog}",
            "show logging", _REFERENCE,
        ),
        *typed(
            "filters",
            "access-list HNTH-VAO extended permit tcp host {peer} any eq {port}\n"
            "access-list HNTH-VAO extended deny ip any any log\n"
            "access-group HNTH-VAO in interface {interface}",
            "show running-config access-list", _REFERENCE,
            vi="sửa hoặc xóa các dòng nêu ở phần lý do; chỉ cho phép dịch vụ trong danh sách; "
            "giao diện đã có access-group thì thêm dòng vào danh sách cũ, vì access-group mới "
            "thay nó; "
            "dòng deny cuối chặn mọi thứ chưa được phép",
            en="change or remove the lines that the reason names; permit the listed services only; "
            "where the interface has an access-group add to its list, for a new one takes its "
            "place; the last deny stops whatever is not permitted",
        ),
        *typed(
            "service.http.enabled", "no http redirect {outside} 80", "show running-config http",
            f"{_REFERENCE}, http redirect",
            vi="một dòng cho mỗi giao diện có http redirect",
            en="one line for each interface with an http redirect",
        ),
        *typed(
            "ssh.algorithms",
            "crypto key generate rsa modulus 3072 noconfirm\nssh version 2\n"
            "ssh cipher encryption high\nssh cipher integrity high\n"
            "ssh key-exchange group dh-group14-sha256",
            "show ssh ciphers", f"{_REFERENCE}, ssh cipher encryption",
            "9.1, dh-group14-sha256: 9.12",
            vi="thay khóa làm thay đổi dấu vân tay của thiết bị",
            en="a new key changes the fingerprint of the device",
        ),
        *typed(
            ("tls.algorithms", "tls.min_version"),
            "ssl server-version tlsv1.2\nssl cipher tlsv1.2 high\nssl dh-group group14",
            "show ssl", f"{_REFERENCE}, ssl server-version", "9.3(2)",
        ),
        *typed(
            "tls.certificates", "ssl trust-point {certificate} {inside}", "show ssl",
            f"{_REFERENCE}, ssl trust-point",
            vi="tên là của trustpoint đã nạp chứng thư: crypto ca trustpoint, crypto ca import",
            en="the name is that of the trustpoint with the certificate: crypto ca trustpoint, "
            "crypto ca import",
        ),
        *with_tool(
            "software.version",
            "Tải bản phần mềm từ trang của hãng, kiểm tra mã băm (verify /sha-512), rồi nâng cấp.",
            "Get the release from the vendor, check its hash (verify /sha-512), then upgrade.",
            verify="show version",
        ),
    ),
    comment="!", enter=("configure terminal",), leave=("end", "write memory"),
)  # fmt: skip
