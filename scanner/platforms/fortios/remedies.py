"""What is typed on a FortiGate (FortiOS 6.4 to 7.6)."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, impossible, menu, typed, with_tool

_ADMIN = "FortiOS Administration Guide"
_CLI = "FortiOS CLI Reference"
_GLOBAL = "config system global\n set {0}\nend"
_POLICY = {
    "min_length": "set minimum-length 8",
    "digits": "set min-number 1",
    "lowercase": "set min-lower-case-letter 1",
    "uppercase": "set min-upper-case-letter 1",
    "special": "set min-non-alphanumeric 1",
    "max_age_days": "set expire-status enable\n set expire-day 180",
}

REMEDIES = Remedies(
    (
        *typed(
            "service.telnet.enabled", _GLOBAL.format("admin-telnet disable"),
            "show full-configuration system global | grep admin-telnet",
            f"{_CLI}, system global",
            vi="phải đăng nhập được bằng SSH hoặc HTTPS trước; phiên telnet đang dùng bị ngắt",
            en="SSH or HTTPS must let you in first; a telnet session ends",
        ),
        *typed(
            "service.http.enabled",
            "config system interface\n edit {interface}\n  unselect allowaccess http\n next\n"
            "end",
            "show system interface", f"{_ADMIN}, Interface settings: administrative access",
            vi="lặp lại với từng giao diện có http; phải đăng nhập được bằng https trước; trên "
            "giao "
            "diện phía ngoài bỏ cả https, ssh; cổng 80 còn chuyển hướng thì đặt "
            "admin-https-redirect disable ở `config system global`",
            en="repeat for every interface that has http; https must let you in first; on the "
            "outer ones take https and ssh away as well; where port 80 still redirects, set "
            "admin-https-redirect disable in `config system global`",
        ),
        *impossible(
            ("service.ftp.enabled", "service.tftp.enabled"),
            "FortiGate không có dịch vụ này để quản trị; cổng mở là do Virtual IP (Policy & "
            "Objects > Virtual IPs) hoặc thiết bị khác trả lời.",
            "A FortiGate offers no such service for administration; the open port is answered "
            "through a virtual IP (Policy & Objects > Virtual IPs) or by another device.",
        ),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "config system snmp sysinfo\n set status disable\nend",
            "show full-configuration system snmp sysinfo", f"{_ADMIN}, SNMP",
            vi="nếu cần giám sát thì xóa mọi mục của `config system snmp community` và khai báo "
            "`config system snmp user` với security-level auth-priv",
            en="where monitoring needs it, delete every entry of `config system snmp community` "
            "and declare a `config system snmp user` with security-level auth-priv",
        ),
        *typed(
            "management.allowlist",
            "config system admin\n edit {account}\n  set trusthost{n} {network} {mask}\n next\nend",
            "show system admin", f"{_ADMIN}, Trusted hosts",
            vi="lặp lại với từng tài khoản quản trị, kể cả tài khoản ít dùng; máy đang dùng phải "
            "nằm trong danh sách, nếu không sẽ mất kết nối",
            en="repeat for every administrator, also those seldom used; the host you type from "
            "must be on the list, or you lock yourself out",
        ),
        *typed(
            "management.idle_timeout_s", _GLOBAL.format("admintimeout 10"),
            "show full-configuration system global | grep admintimeout",
            f"{_CLI}, system global",
        ),
        *typed(
            "management.lockout_attempts",
            _GLOBAL.format("admin-lockout-threshold 5\n set admin-lockout-duration 300"),
            "show full-configuration system global | grep lockout", f"{_CLI}, system global",
        ),
        *(
            remedy
            for name, words in _POLICY.items()
            for remedy in typed(
                f"password_policy.{name}",
                "config system password-policy\n set status enable\n set apply-to admin-password\n"
                f" {words}\nend",
                "show full-configuration system password-policy", f"{_ADMIN}, Password policy",
                vi="người quản trị có mật khẩu không đạt phải đổi khi đăng nhập lần sau",
                en="an administrator whose password falls short changes it at the next login",
            )
        ),
        *typed(
            ("accounts", "credentials.storage"),
            "config system admin\n edit {account}\n  set password {secret}\n next\nend",
            "show system admin", f"{_ADMIN}, Administrators",
        ),
        *typed(
            "ntp.servers",
            "config system ntp\n set ntpsync enable\n set type custom\n config ntpserver\n"
            "  edit 1\n   set server {ntp}\n  next\n end\nend",
            "diagnose sys ntp status", f"{_CLI}, system ntp",
        ),
        *typed(
            "syslog.targets",
            "config log syslogd setting\n set status enable\n set server {syslog}\nend",
            "show full-configuration log syslogd setting", f"{_CLI}, log syslogd setting",
        ),
        *typed(
            "filters",
            "config firewall address\n edit HNTH-NGUON\n  set subnet {peer} 255.255.255.255\n "
            "next\n"
            " edit HNTH-PHANHE\n  set subnet {segment}\n next\nend\n"
            "config firewall service custom\n edit HNTH-DICHVU\n  set tcp-portrange {port}\n next\n"
            "end\nconfig firewall policy\n edit 0\n  set name HNTH-VAO\n  set srcintf {outside}\n"
            "  set dstintf {inside}\n  set srcaddr HNTH-NGUON\n  set dstaddr HNTH-PHANHE\n"
            "  set service HNTH-DICHVU\n  set schedule always\n  set action accept\n"
            "  set logtraffic all\n next\nend",
            "show firewall policy", f"{_ADMIN}, Policies",
            vi="chính sách ngầm định cuối bảng đã từ chối tất cả: chủ yếu là sửa hoặc xóa các "
            "chính sách nêu ở phần lý do",
            en="the implicit last policy denies everything: above all, change or remove the "
            "policies that the reason names",
        ),
        *typed(
            ("tls.algorithms", "tls.min_version"),
            _GLOBAL.format("strong-crypto enable\n set admin-https-ssl-versions tlsv1-2 tlsv1-3"),
            "show full-configuration system global | grep ssl-versions", f"{_CLI}, system global",
        ),
        *typed(
            "ssh.algorithms", _GLOBAL.format("strong-crypto enable"),
            "show full-configuration system global | grep -E 'strong-crypto|ssh-'",
            f"{_CLI}, system global",
            vi="nếu vẫn còn thuật toán yếu: đặt ssh-enc-algo, ssh-kex-algo, ssh-mac-algo; từ 7.4 "
            "chúng nằm ở `config system ssh-config`",
            en="where weak ones remain: ssh-enc-algo, ssh-kex-algo and ssh-mac-algo, which stand "
            "in `config system ssh-config` from 7.4",
        ),
        *menu(
            "tls.certificates",
            "System > Certificates: tạo yêu cầu (CSR), nhập chứng thư đã ký; rồi System > Settings "
            "> HTTPS server certificate.",
            "System > Certificates: make a request (CSR), import the signed certificate; then "
            "System > Settings > HTTPS server certificate.",
            f"{_ADMIN}, Certificates", "show full-configuration system global | grep server-cert",
        ),
        *with_tool(
            "software.version",
            "System > Fabric Management (7.0 trở về trước: System > Firmware): sao lưu, rồi nâng "
            "cấp theo đúng lộ trình (Upgrade Path Tool) của hãng.",
            "System > Fabric Management (up to 7.0: System > Firmware): save the configuration, "
            "then follow the vendor's upgrade path tool.",
            f"{_ADMIN}, Firmware", "get system status",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
"""Each block begins at the root of the command line; with virtual domains `config global` (or
`config vdom`) comes first. What is typed lasts as soon as its `end` is typed."""
