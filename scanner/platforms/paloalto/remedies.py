"""What is typed on a Palo Alto Networks firewall (PAN-OS)."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, impossible, typed, with_tool

_ADMIN = "PAN-OS Administrator's Guide"
_CLI = "PAN-OS CLI Quick Start"
_SYSTEM = "show deviceconfig system"
_POLICY = {
    "min_length": "minimum-length 8",
    "digits": "minimum-numeric-letters 1",
    "lowercase": "minimum-lowercase-letters 1",
    "uppercase": "minimum-uppercase-letters 1",
    "special": "minimum-special-characters 1",
    "history": "password-history-count 5",
    "max_age_days": "password-change expiration-period 180",
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for name, safe in (("telnet", "ssh"), ("http", "https"))
            for remedy in typed(
                f"service.{name}.enabled",
                f"set deviceconfig system service disable-{safe} no\n"
                f"set deviceconfig system service disable-{name} yes", _SYSTEM,
                f"{_ADMIN}, Management Interfaces",
                vi=f"phải đăng nhập được bằng {safe} trước: đang tắt thì bật và commit riêng; tắt "
                "cả ở các Interface "
                "Management Profile: set network profiles "
                f"interface-management-profile TÊN {name} no",
                en=f"{safe} must let you in first: where it is off, switch it on by a commit of "
                "its own; and in every management profile of an interface: set network profiles "
                f"interface-management-profile NAME {name} no",
            )
        ),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "set deviceconfig system service disable-snmp yes\n"
            "delete deviceconfig system snmp-setting access-setting version v2c", _SYSTEM,
            f"{_ADMIN}, SNMP Support",
            vi="nếu cần giám sát thì khai báo SNMP v3 với aes và sha, rồi disable-snmp no",
            en="where monitoring needs it, declare SNMP v3 with aes and sha, then disable-snmp no",
        ),
        *typed(
            "management.allowlist", "set deviceconfig system permitted-ip {prefix}", _SYSTEM,
            f"{_ADMIN}, Best Practices for Securing Administrative Access",
            vi="máy đang dùng (và Panorama, máy cùng cụm) phải nằm trong danh sách, nếu không sẽ "
            "mất kết nối sau khi commit; đặt permitted-ip cả ở các Interface "
            "Management Profile đang dùng",
            en="the host you type from (and Panorama, the HA peer) must be on the list, or you "
            "lock yourself out with the commit; set permitted-ip in the management "
            "profiles of interfaces too",
        ),
        *typed(
            "management.idle_timeout_s", "set deviceconfig setting management idle-timeout 10",
            "show deviceconfig setting management", f"{_ADMIN}, Device > Setup > Management",
        ),
        *typed(
            "management.lockout_attempts",
            "set deviceconfig setting management admin-lockout failed-attempts 5\n"
            "set deviceconfig setting management admin-lockout lockout-time 5",
            "show deviceconfig setting management", f"{_ADMIN}, Device > Setup > Management",
        ),
        *(
            remedy
            for name, words in _POLICY.items()
            for remedy in typed(
                f"password_policy.{name}",
                "set mgt-config password-complexity enabled yes\n"
                f"set mgt-config password-complexity {words}",
                "show mgt-config password-complexity", f"{_ADMIN}, Minimum Password Complexity",
                vi="chỉ áp dụng cho mật khẩu đặt sau đó", en="holds for passwords set afterwards",
            )
        ),
        *typed(
            ("accounts", "credentials.storage"), "set mgt-config users {account} password",
            "show mgt-config users", f"{_ADMIN}, Administrative Accounts",
            vi="thiết bị hỏi mật khẩu hai lần và chỉ lưu giá trị băm",
            en="the device asks for the password twice and keeps a hash of it",
        ),
        *typed(
            "ntp.servers",
            "set deviceconfig system ntp-servers primary-ntp-server ntp-server-address {ntp}",
            "run show ntp", f"{_CLI}, deviceconfig system",
        ),
        *typed(
            "syslog.targets",
            "set shared log-settings syslog HNTH server HNTH server {syslog} transport UDP port "
            "514 "
            "format BSD facility LOG_USER\n"
            'set shared log-settings system match-list HNTH filter "All Logs" send-syslog HNTH\n'
            'set shared log-settings config match-list HNTH filter "All Logs" send-syslog HNTH',
            "show shared log-settings", f"{_ADMIN}, Configure Syslog Monitoring",
        ),
        *typed(
            "filters",
            "set address HNTH-NGUON ip-netmask {peer}\n"
            "set address HNTH-PHANHE ip-netmask {segment}\n"
            "set service HNTH-DICHVU protocol tcp port {port}\n"
            "edit rulebase security rules HNTH-VAO\n"
            "set from {outside} to {inside}\n"
            "set source HNTH-NGUON destination HNTH-PHANHE\n"
            "set application any service HNTH-DICHVU\n"
            "set action allow log-end yes\n"
            "top",
            "show rulebase security", f"{_ADMIN}, Security Policy",
            vi="sửa hoặc xóa các luật nêu ở phần lý do; luật ngầm định giữa hai vùng đã từ chối",
            en="change or remove the rules that the reason names; the default rule between zones "
            "denies already",
        ),
        *typed(
            "ssh.algorithms",
            "set deviceconfig system ssh profiles mgmt-profiles server-profiles HNTH ciphers "
            "[ aes256-ctr aes256-gcm ]\n"
            "set deviceconfig system ssh profiles mgmt-profiles server-profiles HNTH mac "
            "[ hmac-sha2-256 hmac-sha2-512 ]\n"
            "set deviceconfig system ssh profiles mgmt-profiles server-profiles HNTH kex "
            "[ ecdh-sha2-nistp256 ecdh-sha2-nistp384 ]\n"
            "set deviceconfig system ssh mgmt server-profile HNTH", _SYSTEM,
            f"{_CLI}, Refresh SSH Keys and Configure Key Options", "10.0",
            vi="có hiệu lực sau khi commit và: set ssh service-restart mgmt (ở chế độ vận hành; "
            "phiên SSH bị ngắt)",
            en="takes effect after the commit and: set ssh service-restart mgmt (in operational "
            "mode; SSH sessions end)",
        ),
        *typed(
            ("tls.algorithms", "tls.min_version", "tls.certificates"),
            "set shared ssl-tls-service-profile HNTH certificate {certificate}\n"
            "set shared ssl-tls-service-profile HNTH protocol-settings min-version tls1-2 "
            "max-version max\n"
            "set deviceconfig system ssl-tls-service-profile HNTH",
            "show shared ssl-tls-service-profile", f"{_ADMIN}, Configure an SSL/TLS Service "
            "Profile",
            vi="nhập chứng thư trước: Device > Certificate Management > Certificates",
            en="import the certificate first: Device > Certificate Management > Certificates",
        ),
        *impossible(
            ("service.ftp.enabled", "service.tftp.enabled"),
            "giao diện quản trị của PAN-OS không có dịch vụ này; cổng mở là do luật NAT hoặc thiết "
            "bị khác trả lời.",
            "PAN-OS offers no such service itself; the open port is answered through a NAT rule or "
            "by another device.",
        ),
        *with_tool(
            "software.version",
            "Device > Software: Check Now, tải bản được khuyến nghị, sao lưu, cài và khởi động "
            "lại.",
            "Device > Software: Check Now, download the preferred release, save, install, restart.",
            "PAN-OS Upgrade Guide", "run show system info",
        ),
    ),
    comments_pass=False, enter=("configure",), leave=("validate full", "commit", "exit"),
)  # fmt: skip
