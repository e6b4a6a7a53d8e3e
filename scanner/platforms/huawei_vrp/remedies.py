"""What is typed on Huawei AR, S and USG (VRP 5 and VRP 8)."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, impossible, typed, with_tool

_HARDENING = "Huawei Device Security Hardening Guide"
_CLI = "Huawei Command Reference"
_VTY = "user-interface vty 0 4\n {0}\n quit"
_POLICY = "aaa\n local-aaa-user password policy administrator\n  {0}\n  quit\n quit"

REMEDIES = Remedies(
    (
        *typed(
            "service.telnet.enabled",
            "stelnet server enable\nundo telnet server enable\n"
            + _VTY.format("protocol inbound ssh"),
            "display telnet server status", f"{_HARDENING}, Telnet",
            vi="phải đăng nhập được bằng SSH trước khi nhập dòng thứ hai: rsa local-key-pair "
            "create, vty dùng `authentication-mode aaa`, tài khoản có `service-type ssh` và `ssh "
            "user TÊN "
            "authentication-type password`; maximum-vty lớn hơn 5 thì làm cả vty 5 14; trên VRP 8 "
            "có thêm: undo telnet ipv6 server enable",
            en="SSH must let you in before the second line: rsa local-key-pair create, the vty "
            "with `authentication-mode aaa`, the account with `service-type ssh` and `ssh user "
            "NAME authentication-type password`; where maximum-vty is over 5 do vty 5 14 as well; "
            "VRP 8 also has: undo telnet ipv6 server enable",
        ),
        *typed(
            "service.http.enabled", "undo http server enable", "display http server",
            f"{_CLI}, http server enable",
            vi="còn cần giao diện web thì mở được bằng https:// trước; trên USG: web-manager "
            "security enable, rồi undo web-manager enable",
            en="where the web interface is needed, https:// must work first; on a USG: web-manager "
            "security enable, then undo web-manager enable",
        ),
        *typed("service.ftp.enabled", "undo ftp server enable", "display ftp-server", _HARDENING,
               vi="trên VRP 8: undo ftp server", en="VRP 8: undo ftp server"),
        *typed("service.tftp.enabled", "undo tftp server enable",
               "display current-configuration | include tftp", _CLI),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "undo snmp-agent", "display snmp-agent sys-info version", f"{_HARDENING}, SNMP",
            vi="nếu cần giám sát thì bật lại với `snmp-agent sys-info version v3` và một nhóm v3 "
            "privacy",
            en="where monitoring needs it, switch it on again with `snmp-agent sys-info version "
            "v3` and a v3 group with privacy",
        ),
        *typed(
            "management.allowlist",
            "acl number 2998\n rule {n} permit source {network} {wildcard}\n quit\n"
            + _VTY.format("acl 2998 inbound"),
            "display acl 2998\ndisplay current-configuration configuration user-interface",
            f"{_HARDENING}, VTY",
            vi="ACL 2998 phải chưa dùng; máy đang dùng phải nằm trong danh sách, nếu không sẽ mất "
            "kết nối",
            en="ACL 2998 must not be in use; the host you type from must be on the list, or you "
            "lock yourself out",
        ),
        *typed(
            "management.idle_timeout_s",
            "user-interface con 0\n idle-timeout 10 0\n quit\n" + _VTY.format("idle-timeout 10 0"),
            "display current-configuration configuration user-interface", f"{_CLI}, idle-timeout",
        ),
        *typed(
            "management.lockout_attempts",
            "aaa\n local-aaa-user wrong-password retry-interval 5 retry-time 5 block-time 5\n quit",
            "display aaa configuration", f"{_CLI}, local-aaa-user wrong-password",
        ),
        *typed(
            "password_policy.min_length", "set password min-length 8",
            "display current-configuration | include min-length", _CLI,
            "V200R010, V500R005",
            vi="chỉ áp dụng cho mật khẩu đặt sau đó", en="holds for passwords set afterwards",
        ),
        *typed(
            "password_policy.max_age_days", _POLICY.format("password expire 180"),
            "display local-aaa-user password policy administrator", f"{_CLI}, password expire",
        ),
        *typed(
            "password_policy.history", _POLICY.format("password history record number 5"),
            "display local-aaa-user password policy administrator", f"{_CLI}, password history",
        ),
        *impossible(
            tuple(
                f"password_policy.{name}"
                for name in ("digits", "lowercase", "uppercase", "special")
            ),
            "VRP chỉ kiểm tra mật khẩu có đủ mấy loại ký tự (password complexity-check), không ép "
            "từng loại; hãy đặt mật khẩu mạnh bằng hnth vault.",
            "VRP counts kinds of characters (password complexity-check) and does not ask for each "
            "of them; set a strong password made with hnth vault.",
        ),
        *typed(
            ("accounts", "credentials.storage"),
            "aaa\n local-user {account} password irreversible-cipher {secret}\n quit",
            "display local-user", f"{_CLI}, local-user",
            vi="trên USG: manager-user TÊN, rồi password (thiết bị hỏi mật khẩu)",
            en="on a USG: manager-user NAME, then password (the device asks for it)",
        ),
        *typed(
            "ntp.servers", "ntp-service unicast-server {ntp}", "display ntp-service sessions", _CLI,
            vi="trên dòng CE: ntp unicast-server", en="the CE series: ntp unicast-server",
        ),
        *typed(
            "syslog.targets", "info-center enable\ninfo-center loghost {syslog}",
            "display info-center", f"{_CLI}, info-center loghost",
        ),
        *typed(
            "filters",
            "security-policy\n rule name HNTH-VAO\n"
            "  source-zone {outside}\n  destination-zone {inside}\n"
            "  source-address {peer} 32\n  destination-address {segment_address} mask "
            "{segment_mask}\n"
            "  service protocol tcp destination-port {port}\n  action permit\n  quit\n"
            " default action deny\n quit",
            "display security-policy rule all", "Huawei USG: Security Policy",
            "USG6000, USG6000E, Eudemon",
            vi="dòng default action deny chặn ngay mọi thứ chưa có luật, kể cả quản trị và dịch vụ "
            "đang chạy: viết đủ luật permit trước; sửa hoặc xóa các luật nêu ở phần lý do; trên "
            "AR và S dùng ACL nâng cao 3000-3999 "
            "với `rule permit`, cuối cùng `rule deny ip`, rồi traffic-filter inbound trên giao "
            "diện",
            en="default action deny at once stops whatever has no rule, management and running "
            "services too: write all permit rules first; change or remove the rules that the "
            "reason names; on AR and S write an advanced "
            "ACL (3000-3999) of `rule permit` lines with `rule deny ip` last, then traffic-filter "
            "inbound on the interface",
        ),
        *typed(
            "ssh.algorithms",
            "ssh server cipher aes256_ctr aes128_ctr\nssh server hmac sha2_256\n"
            "ssh server dh-exchange min-len 2048",
            "display ssh server status", f"{_HARDENING}, SSH",
        ),
        *with_tool(
            ("tls.algorithms", "tls.min_version", "tls.certificates"),
            "Tạo `ssl policy` với chứng thư của đơn vị và `ssl minimum version tls1.2`, rồi gán: "
            "http secure-server ssl-policy TÊN (USG: web-manager security server-certificate); "
            "cách "
            "nhập chứng thư khác nhau theo dòng máy.",
            "Make an `ssl policy` with your certificate and `ssl minimum version tls1.2`, then "
            "bind it: http secure-server ssl-policy NAME (USG: web-manager security "
            "server-certificate); how a certificate is loaded differs between the series.",
            f"{_CLI}, ssl policy", "display ssl policy",
        ),
        *with_tool(
            "software.version",
            "Tải bản V/R/C và bản vá SPH của đúng dòng máy từ trang của hãng, kiểm tra chữ ký, "
            "rồi startup system-software TỆP và khởi động lại.",
            "Get the V/R/C release and the SPH patch of this series from the vendor, check the "
            "signature, then startup system-software FILE and restart.",
            "Huawei Upgrade Guide of the series", "display version\ndisplay patch-information",
        ),
    ),
    comments_pass=False, enter=("system-view",), leave=("return", "save"),
)  # fmt: skip
