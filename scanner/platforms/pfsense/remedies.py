"""Where pfSense and OPNsense are put right: both are set in their web interface."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, impossible, menu, with_tool

_BOTH = "pfSense documentation; OPNsense documentation"
_ADMIN = "pfSense: System > Advanced > Admin Access; OPNsense: System > Settings > Administration"

REMEDIES = Remedies(
    (
        *menu(
            "service.http.enabled",
            f"{_ADMIN}: Protocol = HTTPS; đánh dấu “Disable webConfigurator redirect rule” "
            "(OPNsense: HTTP Redirect) để đóng cổng 80.",
            f'{_ADMIN}: Protocol = HTTPS; tick "Disable webConfigurator redirect rule" '
            "(OPNsense: HTTP Redirect), which closes port 80.", _BOTH,
        ),
        *menu(
            ("service.telnet.enabled", "service.ftp.enabled", "service.tftp.enabled",
             "service.upnp.enabled"),
            "Hệ thống không kèm sẵn dịch vụ này: gỡ gói bổ sung (pfSense: System > Package "
            "Manager; "
            "OPNsense: System > Firmware > Plugins) hoặc luật chuyển tiếp ở Firewall > NAT > Port "
            "Forward.",
            "The system has no such service of its own: remove the package (pfSense: System > "
            "Package Manager; OPNsense: System > Firmware > Plugins) or the rule in Firewall > NAT "
            "> Port Forward.", _BOTH,
        ),
        *menu(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "pfSense: Services > SNMP, bỏ Enable, vì bsnmpd chỉ có phiên bản 1 và 2c (gói NET-SNMP "
            "có v3); OPNsense: Services > Net-SNMP, chỉ khai báo SNMPv3 Users.",
            "pfSense: Services > SNMP, untick Enable, for bsnmpd speaks versions 1 and 2c only "
            "(the "
            "package NET-SNMP has v3); OPNsense: Services > Net-SNMP, declare SNMPv3 Users only.",
            _BOTH,
        ),
        *menu(
            "management.allowlist",
            "Firewall > Aliases: tạo bí danh gồm các mạng quản trị; Firewall > Rules: trên từng "
            "giao diện cho phép bí danh đó tới “This Firewall” cổng 443 và 22, dưới đó chặn mọi "
            f"nguồn khác; sau cùng, khi đã đăng nhập lại được từ mạng quản trị, tắt luật chống tự "
            f"khóa: {_ADMIN}, Anti-lockout.",
            "Firewall > Aliases: an alias of the networks that manage; Firewall > Rules: on every "
            'interface pass that alias to "This Firewall" ports 443 and 22 and block all others '
            "below it; last, once you have logged in again from there, for else you lock yourself "
            f"out, switch the anti-lockout rule off: {_ADMIN}, Anti-lockout.", _BOTH,
        ),
        *menu(
            "management.idle_timeout_s",
            "pfSense: System > User Manager > Settings > Session timeout = 10; OPNsense: System > "
            "Settings > Administration > Session Timeout = 10.",
            "pfSense: System > User Manager > Settings > Session timeout = 10; OPNsense: System > "
            "Settings > Administration > Session Timeout = 10.", _BOTH,
        ),
        *menu(
            "management.lockout_attempts",
            "pfSense: System > Advanced > Admin Access > Login Protection, Threshold và Blocktime; "
            "OPNsense luôn khóa địa chỉ đăng nhập sai nhiều lần.",
            "pfSense: System > Advanced > Admin Access > Login Protection, Threshold and "
            "Blocktime; "
            "OPNsense always blocks addresses after repeated failures.", _BOTH,
        ),
        *menu(
            ("password_policy.min_length", "password_policy.max_age_days"),
            "OPNsense: System > Access > Servers > Local Database: Enable password policy "
            "constraints, Length = 8, Duration = 180. pfSense không có chính sách mật khẩu: đặt "
            "mật khẩu mạnh bằng hnth vault và đổi theo lịch.",
            "OPNsense: System > Access > Servers > Local Database: Enable password policy "
            "constraints, Length = 8, Duration = 180. pfSense has no password policy: set a strong "
            "password made with hnth vault and change it by the calendar.",
            "OPNsense documentation, Local database",
        ),
        *impossible(
            tuple(
                f"password_policy.{name}"
                for name in ("digits", "lowercase", "uppercase", "special")
            ),
            "pfSense không có chính sách thành phần mật khẩu; OPNsense chỉ có mục Complexity "
            "chung. "
            "Hãy đặt mật khẩu mạnh bằng hnth vault.",
            "pfSense has no such policy; OPNsense has the switch Complexity for all kinds "
            "together. "
            "Set a strong password made with hnth vault.",
        ),
        *menu(
            ("accounts", "credentials.storage"),
            "pfSense: System > User Manager > Users; OPNsense: System > Access > Users: đổi mật "
            "khẩu, hoặc Disabled với tài khoản không dùng.",
            "pfSense: System > User Manager > Users; OPNsense: System > Access > Users: change the "
            "password, or tick Disabled for an account that is not used.", _BOTH,
        ),
        *menu(
            "ntp.servers",
            "pfSense: System > General Setup > Timeservers; OPNsense: Services > Network Time > "
            "General.",
            "pfSense: System > General Setup > Timeservers; OPNsense: Services > Network Time > "
            "General.", _BOTH, "ntpq -pn",
        ),
        *menu(
            "syslog.targets",
            "pfSense: Status > System Logs > Settings > Enable Remote Logging; OPNsense: System > "
            "Settings > Logging > Remote: thêm máy chủ nhật ký, chọn mọi nội dung.",
            "pfSense: Status > System Logs > Settings > Enable Remote Logging; OPNsense: System > "
            "Settings > Logging > Remote: add the log server, with everything ticked.", _BOTH,
        ),
        *menu(
            "filters",
            "Firewall > Rules > giao diện phía ngoài: chỉ giữ luật Pass cho dịch vụ và địa chỉ "
            "trong "
            "danh sách, bật Log; sửa hoặc xóa luật nêu ở phần lý do. Gói tin không khớp luật nào "
            "đã bị chặn.",
            "Firewall > Rules > the outer interface: keep Pass rules for listed services and "
            "addresses only, with Log; change or remove those that the reason names. What matches "
            "no rule is blocked already.", _BOTH, "pfctl -sr",
        ),
        *menu(
            "tls.certificates",
            "pfSense: System > Cert. Manager (từ 2.7: Certificates); OPNsense: System > Trust > "
            f"Certificates: tạo CSR, nhập chứng thư đã ký; rồi chọn nó ở {_ADMIN}.",
            "pfSense: System > Cert. Manager (from 2.7: Certificates); OPNsense: System > Trust > "
            f"Certificates: make a CSR, import the signed certificate; then choose it in {_ADMIN}.",
            _BOTH,
        ),
        *menu(
            ("tls.algorithms", "tls.min_version"),
            "OPNsense: System > Settings > Administration > SSL Ciphers. pfSense không cho chọn: "
            "nâng cấp phần mềm, bản mới chỉ dùng TLS 1.2 và 1.3.",
            "OPNsense: System > Settings > Administration > SSL Ciphers. pfSense leaves no choice: "
            "upgrade, for newer releases speak TLS 1.2 and 1.3 only.", _BOTH,
        ),
        *menu(
            "ssh.algorithms",
            "OPNsense: System > Settings > Administration > Secure Shell > Advanced: Key exchange, "
            "Ciphers, MACs. pfSense không cho chọn: nâng cấp, hoặc tắt Secure Shell.",
            "OPNsense: System > Settings > Administration > Secure Shell > Advanced: Key exchange, "
            "Ciphers, MACs. pfSense leaves no choice: upgrade, or switch Secure Shell off.", _BOTH,
        ),
        *menu(
            ("ssh.password_login", "ssh.root_login"),
            f"{_ADMIN}, Secure Shell: chỉ cho khóa công khai (Public Key Only); OPNsense: bỏ "
            "Permit "
            "root user login.",
            f"{_ADMIN}, Secure Shell: Public Key Only; OPNsense: untick Permit root user login.",
            _BOTH,
        ),
        *with_tool(
            "software.version",
            "pfSense: System > Update; OPNsense: System > Firmware > Updates. Sao lưu trước ở "
            "Diagnostics > Backup & Restore (OPNsense: System > Configuration > Backups).",
            "pfSense: System > Update; OPNsense: System > Firmware > Updates. First save in "
            "Diagnostics > Backup & Restore (OPNsense: System > Configuration > Backups).", _BOTH,
        ),
    ),
)  # fmt: skip
