"""What is typed on Cisco IOS and IOS-XE."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, impossible, typed, with_tool

_VTY = "line vty 0 4\n{0}\nline vty 5 15\n{0}"
_SHOW_VTY = "show running-config | section line vty"
_GUIDE = "Cisco IOS Security Configuration Guide"
_REFERENCE = "Cisco IOS Master Command List"

REMEDIES = Remedies(
    (
        *typed(
            "service.telnet.enabled", _VTY.format(" transport input ssh"), _SHOW_VTY, _GUIDE,
            vi="phải có khóa SSH trước: show ip ssh",
            en="SSH needs its key first: show ip ssh",
        ),
        *typed(
            "service.http.enabled", "no ip http server", "show running-config | include ip http",
            f"{_REFERENCE}, ip http server",
        ),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "no snmp-server", "show snmp", _GUIDE,
            vi="xóa mọi thiết lập SNMP; nếu cần giám sát, sau đó khai báo nhóm `v3 priv` và người "
            "dùng với khóa do người quản trị đặt",
            en="removes every SNMP setting; where monitoring needs it, then declare a `v3 priv` "
            "group and a user with keys of your own",
        ),
        *typed(
            "management.allowlist",
            "ip access-list standard HNTH-QUANTRI\n permit {network} {wildcard}\n"
            + _VTY.format(" access-class HNTH-QUANTRI in"),
            "show ip access-lists HNTH-QUANTRI\n" + _SHOW_VTY, _GUIDE,
            vi="máy đang dùng phải nằm trong danh sách, nếu không sẽ mất kết nối",
            en="the host you type from must be on the list, or you lock yourself out",
        ),
        *typed(
            "management.idle_timeout_s",
            "line con 0\n exec-timeout 10 0\n" + _VTY.format(" exec-timeout 10 0"), _SHOW_VTY,
            f"{_REFERENCE}, exec-timeout",
        ),
        *typed(
            "management.lockout_attempts", "login block-for 300 attempts 5 within 60",
            "show login", _GUIDE,
        ),
        *typed(
            "password_policy.min_length", "security passwords min-length 8",
            "show running-config | include min-length",
            f"{_REFERENCE}, security passwords min-length",
            vi="chỉ áp dụng cho mật khẩu đặt sau đó", en="holds for passwords set afterwards",
        ),
        *impossible(
            tuple(
                f"password_policy.{name}"
                for name in ("digits", "lowercase", "uppercase", "special", "max_age_days")
            ),
            "IOS chỉ ép thành phần mật khẩu qua chính sách AAA hoặc máy chủ xác thực; hãy đặt mật "
            "khẩu mạnh bằng hnth vault.",
            "IOS enforces this by an AAA policy or an authentication server only; set a strong "
            "password made with hnth vault.",
        ),
        *typed(
            ("accounts", "credentials.storage"),
            "username {account} algorithm-type scrypt secret {secret}",
            "show running-config | section username", _GUIDE, "15.3(3)M, IOS-XE 3.9",
        ),
        *typed("ntp.servers", "ntp server {ntp}", "show ntp associations", _REFERENCE),
        *typed(
            "syslog.targets",
            "logging on\nlogging trap informational\nlogging host {syslog}", "show logging",
            f"{_REFERENCE}, logging host",
        ),
        *typed(
            "filters",
            "ip access-list extended HNTH-VAO\n permit tcp host {peer} any eq {port}\n"
            " deny ip any any log\ninterface {interface}\n ip access-group HNTH-VAO in",
            "show ip access-lists", _GUIDE,
            vi="sửa hoặc xóa các dòng nêu ở phần lý do; chỉ cho phép dịch vụ trong danh sách",
            en="change or remove the lines that the reason names; permit the listed services only",
        ),
        *typed(
            "service.tftp.enabled", "no tftp-server {file}",
            "show running-config | include tftp-server", f"{_REFERENCE}, tftp-server",
            vi="một dòng cho mỗi tệp đang được phục vụ", en="one line for each file that is served",
        ),
        *typed(
            "ssh.algorithms",
            "crypto key generate rsa modulus 3072\nip ssh version 2\n"
            "ip ssh server algorithm encryption aes256-ctr aes128-ctr\n"
            "ip ssh server algorithm mac hmac-sha2-256\nip ssh dh min size 2048",
            "show ip ssh", f"{_GUIDE}, SSH Algorithms for Common Criteria", "15.5(2)S, IOS-XE 3.15",
            vi="thay khóa làm thay đổi dấu vân tay của thiết bị; bản cũ hơn: nâng cấp phần mềm",
            en="a new key changes the fingerprint of the device; older releases: upgrade",
        ),
        *typed(
            ("tls.algorithms", "tls.min_version", "service.https.enabled"),
            "no ip http secure-server", "show ip http server secure status",
            f"{_REFERENCE}, ip http secure-server",
            vi="nếu cần giao diện web: giữ lại và đặt `ip http tls-version TLSv1.2`, "
            "`ip http secure-ciphersuite` với các bộ mã ecdhe",
            en="where the web interface is needed: keep it, with `ip http tls-version TLSv1.2` and "
            "`ip http secure-ciphersuite` of ecdhe suites",
        ),
        *typed(
            "tls.certificates", "ip http secure-trustpoint {file}",
            "show ip http server secure status", f"{_REFERENCE}, ip http secure-trustpoint",
            vi="tên là của trustpoint đã nạp chứng thư: crypto pki trustpoint, crypto pki import",
            en="the name is that of the trustpoint with the certificate: crypto pki trustpoint, "
            "crypto pki import",
        ),
        *with_tool(
            "software.version",
            "Tải bản phần mềm từ trang của hãng, kiểm tra mã băm (verify /sha512), rồi nâng cấp.",
            "Get the release from the vendor, check its hash (verify /sha512), then upgrade.",
            verify="show version",
        ),
    ),
    comment="!", enter=("configure terminal",), leave=("end", "write memory"),
)  # fmt: skip
