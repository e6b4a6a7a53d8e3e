"""What is typed on a Juniper SRX (Junos OS)."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, typed, with_tool

_ADMIN = "Junos OS User Access and Authentication Administration Guide"
_POLICY = {
    "min_length": "minimum-length 8",
    "digits": "minimum-numerics 1",
    "lowercase": "minimum-lower-cases 1",
    "uppercase": "minimum-upper-cases 1",
    "special": "minimum-punctuations 1",
    "max_age_days": "maximum-lifetime 180",
}
_OTHER_WAY_VI = (
    "phải đăng nhập được bằng SSH trước: đang tắt thì bật và commit riêng; vùng của máy quản trị "
    "phải có host-inbound-traffic system-services ssh"
)
_OTHER_WAY_EN = (
    "SSH must let you in first: where it is off, switch it on by a commit of its own; the zone of "
    "the managing host needs host-inbound-traffic system-services ssh"
)
_SERVICES = {
    "telnet": "set system services ssh\ndelete system services telnet",
    "ftp": "delete system services ftp",
    "tftp": "delete system services tftp-server",
    "http": "delete system services web-management http",
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for name, command in _SERVICES.items()
            for remedy in typed(
                f"service.{name}.enabled", command, "show configuration system services",
                f"{_ADMIN}, Remote Access Overview",
                vi=_OTHER_WAY_VI if name in {"telnet", "http"} else "",
                en=_OTHER_WAY_EN if name in {"telnet", "http"} else "",
            )
        ),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "delete snmp", "show configuration snmp",
            "Junos OS Network Management and Monitoring Guide, SNMP",
            vi="xóa mọi thiết lập SNMP; nếu cần giám sát thì khai báo lại `snmp v3` với "
            "authentication-sha và privacy-aes128",
            en="removes every SNMP setting; where monitoring needs it, declare `snmp v3` again "
            "with authentication-sha and privacy-aes128",
        ),
        *typed(
            "management.allowlist",
            "set policy-options prefix-list HNTH-QUANTRI {prefix}\n"
            "set firewall family inet filter HNTH-RE term quantri from source-prefix-list "
            "HNTH-QUANTRI\n"
            "set firewall family inet filter HNTH-RE term quantri from protocol tcp\n"
            "set firewall family inet filter HNTH-RE term quantri from destination-port "
            "[ ssh https 830 ]\n"
            "set firewall family inet filter HNTH-RE term quantri then accept\n"
            "set firewall family inet filter HNTH-RE term chan from protocol tcp\n"
            "set firewall family inet filter HNTH-RE term chan from destination-port "
            "[ ssh telnet http https 830 ]\n"
            "set firewall family inet filter HNTH-RE term chan then discard\n"
            "set firewall family inet filter HNTH-RE term con-lai then accept\n"
            "set interfaces lo0 unit 0 family inet filter input HNTH-RE",
            "show configuration firewall family inet filter HNTH-RE\n"
            "show configuration interfaces lo0",
            "Junos OS Routing Policies, Firewall Filters, and Traffic Policers User Guide",
            vi="máy đang dùng phải nằm trong danh sách; commit lần đầu bằng `commit confirmed 5`, "
            "thiết bị tự hoàn lại nếu mất kết nối; lo0 đã có bộ lọc thì thêm các term vào bộ lọc "
            "đó",
            en="the host you type from must be on the list; commit with `commit confirmed 5` the "
            "first time, which takes it back by itself when you are locked out; where lo0 has a "
            "filter add the terms to it",
        ),
        *typed(
            "management.idle_timeout_s", "set system login idle-timeout 10",
            "show configuration system login", f"{_ADMIN}, idle-timeout",
            vi="lớp có idle-timeout riêng thì đặt thêm: set system login class TÊN idle-timeout 10",
            en="a class with a limit of its own: set system login class NAME idle-timeout 10",
        ),
        *typed(
            "management.lockout_attempts",
            "set system login retry-options tries-before-disconnect 5\n"
            "set system login retry-options lockout-period 15",
            "show system login lockout", f"{_ADMIN}, retry-options",
        ),
        *(
            remedy
            for name, words in _POLICY.items()
            for remedy in typed(
                f"password_policy.{name}", f"set system login password {words}",
                "show configuration system login password", f"{_ADMIN}, password (Login)",
                vi="chỉ áp dụng cho mật khẩu đặt sau đó", en="holds for passwords set afterwards",
            )
        ),
        *typed(
            ("accounts", "credentials.storage"),
            "set system login user {account} authentication plain-text-password",
            "show configuration system login", f"{_ADMIN}, user (Login)",
            vi="thiết bị hỏi mật khẩu hai lần và chỉ lưu giá trị băm",
            en="the device asks for the password twice and keeps a hash of it",
        ),
        *typed("ssh.root_login", "set system services ssh root-login deny",
               "show configuration system services ssh", f"{_ADMIN}, root-login",
               vi="phải có tài khoản khác thuộc lớp super-user đăng nhập được trước",
               en="another account of the class super-user must be able to log in first"),
        *typed(
            "ntp.servers", "set system ntp server {ntp}", "show ntp associations",
            "Junos OS Time Management Administration Guide",
        ),
        *typed(
            "syslog.targets",
            "set system syslog host {syslog} any notice\n"
            "set system syslog host {syslog} authorization info",
            "show configuration system syslog", "Junos OS System Log Messages: host",
        ),
        *typed(
            "filters",
            "set security address-book global address HNTH-NGUON {peer}\n"
            "set security address-book global address HNTH-PHANHE {segment}\n"
            "set applications application HNTH-DICHVU protocol tcp destination-port {port}\n"
            "edit security policies from-zone {outside} to-zone {inside} policy HNTH-VAO\n"
            "set match source-address HNTH-NGUON\n"
            "set match destination-address HNTH-PHANHE\n"
            "set match application HNTH-DICHVU\n"
            "set then permit\n"
            "set then log session-close\n"
            "top\n"
            "set security policies default-policy deny-all",
            "show security policies", "Junos OS Security Policies User Guide",
            vi="sửa hoặc xóa các chính sách nêu ở phần lý do; chính sách mới đứng cuối, dùng "
            "`insert` để đổi thứ tự",
            en="change or remove the policies that the reason names; the new one stands last, "
            "`insert` moves it",
        ),
        *typed(
            "ssh.algorithms",
            "set system services ssh protocol-version v2\n"
            "delete system services ssh ciphers\n"
            "set system services ssh ciphers [ aes256-ctr aes128-ctr aes256-gcm@openssh.com ]\n"
            "delete system services ssh macs\n"
            "set system services ssh macs [ hmac-sha2-256 hmac-sha2-512 ]\n"
            "delete system services ssh key-exchange\n"
            "set system services ssh key-exchange [ ecdh-sha2-nistp256 ecdh-sha2-nistp384 ]",
            "show configuration system services ssh", f"{_ADMIN}, ssh (System Services)",
            vi="lệnh set thêm vào danh sách đang có nên phải delete trước; delete báo không có gì "
            "để xóa thì bỏ qua",
            en="set adds to the list there is, hence the delete; pass over a delete that finds "
            "nothing",
        ),
        *typed(
            ("tls.algorithms", "tls.min_version"), "delete system services web-management https",
            "show configuration system services web-management", "Junos OS J-Web User Guide",
            vi="J-Web không cho chọn phiên bản TLS ở mọi bản phần mềm: tắt J-Web và quản trị qua "
            "SSH, hoặc nâng cấp phần mềm",
            en="not every release lets the TLS versions of J-Web be chosen: switch J-Web off and "
            "use SSH, or upgrade",
        ),
        *typed(
            "tls.certificates",
            "set security pki ca-profile HNTH ca-identity HNTH\n"
            "set system services web-management https pki-local-certificate {certificate}",
            "show security pki local-certificate",
            "Junos OS Public Key Infrastructure User Guide",
            vi="nhập chứng thư trước, ở chế độ vận hành: request security pki local-certificate "
            "load",
            en="load the certificate first, in operational mode: request security pki "
            "local-certificate load",
        ),
        *with_tool(
            "software.version",
            "Tải bản Junos được khuyến nghị từ trang của hãng, kiểm tra mã băm, rồi ở chế độ vận "
            "hành: request system software add TỆP validate.",
            "Get the recommended Junos release from the vendor, check its hash, then in "
            "operational mode: request system software add FILE validate.",
            "Junos OS Software Installation and Upgrade Guide", "show version",
        ),
    ),
    comments_pass=False, enter=("configure",), leave=("commit check", "commit", "exit"),
)  # fmt: skip
