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
            "service.telnet.enabled",
            "ip ssh version 2\n" + _VTY.format(" transport input ssh"), _SHOW_VTY, _GUIDE,
            vi="chỉ nhập khi `show ip ssh` báo SSH Enabled và đã đăng nhập thử được bằng SSH; chưa "
            "có khóa thì tạo: crypto key generate rsa general-keys label HNTH-SSH modulus 3072; "
            "sau đó không vào lại được bằng telnet",
            en="only once `show ip ssh` says SSH Enabled and SSH has let you in; where there is no "
            "key: crypto key generate rsa general-keys label HNTH-SSH modulus 3072; telnet lets "
            "nobody in again",
        ),
        *typed(
            "service.http.enabled", "no ip http server", "show running-config | include ip http",
            f"{_REFERENCE}, ip http server",
            vi="còn cần giao diện web thì bật `ip http secure-server` trước và mở bằng https://",
            en="where the web interface is needed, `ip http secure-server` first, and open it by "
            "https://",
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
            vi="trong 300 giây khóa, mọi địa chỉ đều bị từ chối, trừ mạng nêu ở: login quiet-mode "
            "access-class HNTH-QUANTRI (ACL của mục địa chỉ quản trị)",
            en="during the 300 seconds every address is refused but those of: login quiet-mode "
            "access-class HNTH-QUANTRI (the list of the management addresses)",
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
            vi="thêm `privilege 15` vào sau tên nếu tài khoản đang có mức đó; tài khoản còn dòng "
            "`password` thì thiết bị từ chối: phải `no username TÊN` trước, khi đang đăng nhập "
            "bằng một tài khoản quản trị khác; mật khẩu không có dấu ?",
            en="put `privilege 15` after the name where the account has it; an account with a "
            "`password` line is refused: `no username NAME` first, from a session of another "
            "administrator; no ? in the password",
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
            vi="sửa hoặc xóa các dòng nêu ở phần lý do; chỉ cho phép dịch vụ trong danh sách; dòng "
            "deny cuối chặn cả quản trị, định tuyến và gói trả lời đi vào giao diện này: thêm "
            "permit cho chúng trước, nếu không sẽ mất kết nối",
            en="change or remove the lines that the reason names; permit the listed services only; "
            "the last deny also stops management, routing and answers that come in here: permit "
            "them first, or you lock yourself out",
        ),
        *typed(
            "service.tftp.enabled", "no tftp-server {file}",
            "show running-config | include tftp-server", f"{_REFERENCE}, tftp-server",
            vi="một dòng cho mỗi tệp đang được phục vụ", en="one line for each file that is served",
        ),
        *typed(
            "ssh.algorithms",
            "crypto key generate rsa general-keys label HNTH-SSH modulus 3072\n"
            "ip ssh rsa keypair-name HNTH-SSH\nip ssh version 2\n"
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
            "tls.certificates", "ip http secure-trustpoint {certificate}",
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
