"""What is typed on a Linux host: OpenSSH, PAM, nftables, rsyslog, chrony, sysctl.

Paths and services are those of Debian and Ubuntu; where Red Hat's differ, the note says so.
"""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, typed, with_tool

_SSHD = "/etc/ssh/sshd_config.d/00-hnth.conf"
_RELOAD = "sudo /usr/sbin/sshd -t && sudo systemctl reload ssh"
_INCLUDE_VI = (
    "của nhiều dòng giống nhau, dòng đầu có hiệu lực; OpenSSH trước 8.2 không có Include: đưa dòng "
    "này lên đầu /etc/ssh/sshd_config; Red Hat: systemctl reload sshd; sửa cả các khối Match nới "
    "lỏng quy định này"
)
_INCLUDE_EN = (
    "of several such lines the first counts; OpenSSH before 8.2 has no Include: put the line at "
    "the top of /etc/ssh/sshd_config; Red Hat: systemctl reload sshd; mend Match blocks that "
    "loosen it as well"
)
_QUALITY = "/etc/security/pwquality.conf"
_CREDITS = {
    "digits": "dcredit",
    "lowercase": "lcredit",
    "uppercase": "ucredit",
    "special": "ocredit",
}
_CALLED_VI = (
    "chỉ có hiệu lực khi PAM gọi pam_pwquality: Debian: apt install libpam-pwquality; Red Hat đã "
    "có sẵn; chỉ áp dụng cho mật khẩu đặt sau đó"
)
_CALLED_EN = (
    "counts only where PAM calls pam_pwquality: Debian: apt install libpam-pwquality; Red Hat does "
    "already; holds for passwords set afterwards"
)


def _set(file: str, name: str, line: str) -> str:
    """Takes out every line with the setting, commented ones too, and writes the one that counts."""
    return f"sudo sed -i '/^[[:space:]#]*{name}\\b/d' {file}\necho '{line}' | sudo tee -a {file}"


def _sshd(*lines: str) -> str:
    """One keyword a line, in a file that is read before all others."""
    typed_lines = (f"echo '{line}' | sudo tee -a {_SSHD}" for line in lines)
    return "\n".join((*typed_lines, _RELOAD))


REMEDIES = Remedies(
    (
        *(
            remedy
            for fact, units in (
                ("telnet", "telnet.socket inetd.service xinetd.service"),
                ("ftp", "vsftpd.service proftpd.service"),
                ("tftp", "tftpd-hpa.service tftp.socket"),
                ("snmp", "snmpd.service"),
                ("upnp", "miniupnpd.service"),
            )
            for remedy in typed(
                f"service.{fact}.enabled", f"sudo systemctl disable --now {units}", "ss -tulnp",
                "systemctl(1)",
                vi="bỏ qua các dịch vụ không có trên máy; rồi kiểm tra: ss -tulnp"
                + ("; phải đăng nhập được bằng SSH trước" if fact == "telnet" else ""),
                en="leave out the units that this host does not have; then look: ss -tulnp"
                + ("; SSH must let you in first" if fact == "telnet" else ""),
            )
        ),
        *with_tool(
            "service.http.enabled",
            "Máy chủ web (nginx: bỏ `listen 80`; Apache: bỏ `Listen 80`) hoặc phần mềm hội nghị "
            "chỉ "
            "nghe HTTPS; cổng 80 nếu cần cấp chứng thư thì chỉ mở khi gia hạn.",
            "Let the web server (nginx: remove `listen 80`; Apache: `Listen 80`) or the "
            "conferencing "
            "software listen on HTTPS only; where renewing a certificate needs port 80, open it "
            "for "
            "that alone.",
            "nginx and Apache documentation", "ss -tlnp",
        ),
        *typed(
            ("snmp.versions", "snmp.default_community"),
            "sudo sed -i -E '/^[[:space:]]*(rocommunity|rwcommunity|com2sec)/d' "
            "/etc/snmp/snmpd.conf"
            "\nsudo systemctl try-restart snmpd",
            "sudo grep -nE 'community|com2sec|user' /etc/snmp/snmpd.conf", "snmpd.conf(5)",
            vi="sau đó tạo người dùng SNMPv3: net-snmp-create-v3-user -ro -a SHA -x AES, và dòng "
            "`rouser TÊN priv`",
            en="then make an SNMPv3 user: net-snmp-create-v3-user -ro -a SHA -x AES, with the line "
            "`rouser NAME priv`",
        ),
        *typed(
            "management.allowlist",
            "sudo nft add table inet hnth_quantri\n"
            "sudo nft 'add chain inet hnth_quantri vao { type filter hook input priority -10; }'\n"
            "sudo nft add rule inet hnth_quantri vao iifname lo accept\n"
            "sudo nft add rule inet hnth_quantri vao ip saddr {inet_prefix} tcp dport 22 accept\n"
            "sudo nft add rule inet hnth_quantri vao tcp dport 22 drop\n"
            "sudo nft list table inet hnth_quantri | sudo tee -a /etc/nftables.conf\n"
            "sudo systemctl enable nftables",
            "sudo nft list table inet hnth_quantri", "nft(8)",
            vi="máy đang dùng phải nằm trong danh sách, nếu không sẽ mất kết nối; nếu SSH nghe "
            "cổng "
            "khác thì thay 22; Red Hat lưu tại /etc/sysconfig/nftables.conf; máy dùng ufw hoặc "
            "firewalld thì viết luật bằng công cụ đó",
            en="the host you type from must be on the list, or you lock yourself out; where SSH "
            "has "
            "another port, put it for 22; Red Hat keeps the rules in "
            "/etc/sysconfig/nftables.conf; where ufw or firewalld is in use write the rules there",
        ),
        *typed(
            "management.idle_timeout_s",
            "echo 'readonly TMOUT=600; export TMOUT' | sudo tee /etc/profile.d/hnth-tmout.sh",
            "bash -lc 'readonly -p' | grep TMOUT", "bash(1), TMOUT",
            vi="có hiệu lực từ lần đăng nhập sau; OpenSSH 9.2 trở lên có thêm ChannelTimeout",
            en="counts from the next login on; OpenSSH 9.2 and later has ChannelTimeout too",
        ),
        *typed(
            "management.lockout_attempts",
            _set("/etc/security/faillock.conf", "deny", "deny = 5") + "\n"
            + _set("/etc/security/faillock.conf", "unlock_time", "unlock_time = 900"),
            "grep -rn pam_faillock /etc/pam.d/", "faillock.conf(5), pam_faillock(8)",
            vi="chỉ có hiệu lực khi PAM gọi pam_faillock: Red Hat: authselect enable-feature "
            "with-faillock; Debian: thêm preauth và authfail vào /etc/pam.d/common-auth theo "
            "pam_faillock(8), giữ sẵn một phiên root trong khi sửa",
            en="counts only where PAM calls pam_faillock: Red Hat: authselect enable-feature "
            "with-faillock; Debian: add preauth and authfail to /etc/pam.d/common-auth as in "
            "pam_faillock(8), and keep a root session open meanwhile",
        ),
        *typed(
            "password_policy.min_length", _set(_QUALITY, "minlen", "minlen = 8"),
            f"grep -v '^#' {_QUALITY}", "pwquality.conf(5)", vi=_CALLED_VI, en=_CALLED_EN,
        ),
        *(
            remedy
            for name, credit in _CREDITS.items()
            for remedy in typed(
                f"password_policy.{name}", _set(_QUALITY, credit, f"{credit} = -1"),
                f"grep -v '^#' {_QUALITY}", "pwquality.conf(5)", vi=_CALLED_VI, en=_CALLED_EN,
            )
        ),
        *typed(
            "password_policy.binds_root", f"echo 'enforce_for_root' | sudo tee -a {_QUALITY}",
            f"grep -v '^#' {_QUALITY}", "pwquality.conf(5)", vi=_CALLED_VI, en=_CALLED_EN,
        ),
        *typed(
            "password_policy.history",
            _set("/etc/security/pwhistory.conf", "remember", "remember = 5"),
            "grep -rn pam_pwhistory /etc/pam.d/", "pwhistory.conf(5)", "PAM 1.5",
            vi="chỉ có hiệu lực khi PAM gọi pam_pwhistory",
            en="counts only where PAM calls pam_pwhistory",
        ),
        *typed(
            "password_policy.max_age_days",
            _set("/etc/login.defs", "PASS_MAX_DAYS", "PASS_MAX_DAYS 180"),
            "grep PASS_MAX_DAYS /etc/login.defs", "login.defs(5), chage(1)",
            vi="chỉ áp dụng cho tài khoản tạo sau đó; tài khoản đang có: sudo chage -M 180 TÊN",
            en="holds for accounts made afterwards; those there are: sudo chage -M 180 NAME",
        ),
        *typed(
            ("accounts", "credentials.storage"), "sudo passwd {account}",
            "sudo passwd -S {account}", "passwd(1)",
            vi="tài khoản không dùng: sudo usermod -L -e 1 TÊN",
            en="an account that is not used: sudo usermod -L -e 1 NAME",
        ),
        *typed("ssh.root_login", _sshd("PermitRootLogin no"), "sudo /usr/sbin/sshd -T",
               "sshd_config(5)",
               vi="phải có tài khoản khác đăng nhập được và dùng được sudo trước; " + _INCLUDE_VI,
               en="another account must be able to log in and use sudo first; " + _INCLUDE_EN),
        *typed("ssh.password_login",
               _sshd("PasswordAuthentication no", "KbdInteractiveAuthentication no"),
               "sudo /usr/sbin/sshd -T", "sshd_config(5)",
               vi="phải đăng nhập được bằng khóa trước; " + _INCLUDE_VI,
               en="a key must let you in first; " + _INCLUDE_EN),
        *typed("ssh.empty_passwords", _sshd("PermitEmptyPasswords no"), "sudo /usr/sbin/sshd -T",
               "sshd_config(5)", vi=_INCLUDE_VI, en=_INCLUDE_EN),
        *typed(
            "ssh.algorithms",
            _sshd(
                "KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org,"
                "ecdh-sha2-nistp256,ecdh-sha2-nistp384",
                "Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes128-ctr",
                "MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com",
                "HostKeyAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256",
            ),
            "sudo /usr/sbin/sshd -T", "sshd_config(5)", vi=_INCLUDE_VI, en=_INCLUDE_EN,
        ),
        *typed(
            "ntp.servers",
            "sudo apt install -y chrony\necho 'server {ntp} iburst' | sudo tee -a "
            "/etc/chrony/chrony.conf\nsudo systemctl restart chrony",
            "chronyc sources", "chrony.conf(5)",
            vi="Red Hat: dnf install chrony, tệp /etc/chrony.conf, dịch vụ chronyd",
            en="Red Hat: dnf install chrony, file /etc/chrony.conf, service chronyd",
        ),
        *typed(
            "syslog.targets",
            "echo '*.* @@{syslog}:514' | sudo tee /etc/rsyslog.d/00-hnth.conf\n"
            "sudo rsyslogd -N1 && sudo systemctl restart rsyslog",
            "logger hnth-thu", "rsyslog.conf(5)",
            vi="@@ là TCP; máy chủ nhật ký chỉ nhận UDP thì viết một dấu @",
            en="@@ is TCP; for a log server that takes UDP only write one @",
        ),
        *typed(
            "logs.retention",
            "sudo sed -i -E 's/^([[:space:]]*rotate)[[:space:]]+[0-9]+/\\1 400/' {file}",
            "sudo logrotate -d {file}", "logrotate.conf(5)",
            vi="tệp là tệp của hnth trong /etc/logrotate.d; đi cùng `daily`: 400 lần xoay là 400 "
            "ngày; `maxage` nhỏ hơn thì bỏ đi",
            en="the file is that of the records in /etc/logrotate.d; goes with `daily`, where 400 "
            "rotations are 400 days; remove a smaller `maxage`",
        ),
        *typed(
            "routing.forwards",
            "echo 'net.ipv4.ip_forward = 0' | sudo tee /etc/sysctl.d/99-hnth.conf\n"
            "echo 'net.ipv6.conf.all.forwarding = 0' | sudo tee -a /etc/sysctl.d/99-hnth.conf\n"
            "sudo sysctl --system",
            "sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding", "sysctl.d(5)",
            vi="không làm trên máy là bộ định tuyến hay tường lửa",
            en="not on a host that is a router or a firewall",
        ),
        *typed(
            "filters",
            "sudo nft add table inet hnth\n"
            "sudo nft 'add chain inet hnth qua { type filter hook forward priority 0; }'\n"
            "sudo nft add rule inet hnth qua ct state established,related accept\n"
            "sudo nft add rule inet hnth qua ip saddr {peer} ip daddr {segment} tcp dport {port} "
            "accept\n"
            "sudo nft add rule inet hnth qua counter log drop\n"
            "sudo nft list table inet hnth | sudo tee -a /etc/nftables.conf\n"
            "sudo systemctl enable nftables",
            "sudo nft list ruleset", "nft(8)",
            vi="mỗi dịch vụ trong danh sách một dòng accept, trước dòng drop; sửa hoặc xóa các "
            "dòng "
            "nêu ở phần lý do; dùng iptables thì: iptables -A FORWARD với các dòng ACCEPT, cuối "
            "cùng iptables -P FORWARD DROP, cả ip6tables",
            en="one accept line for each listed service, before the drop; change or remove the "
            "lines that the reason names; with iptables: iptables -A FORWARD for the ACCEPT lines, "
            "then iptables -P FORWARD DROP, and ip6tables as well",
        ),
        *with_tool(
            ("tls.algorithms", "tls.min_version", "tls.certificates"),
            "Cấu hình của máy chủ web: nginx: ssl_protocols TLSv1.2 TLSv1.3, ssl_certificate; "
            "Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3, SSLCertificateFile; rồi nạp lại dịch vụ.",
            "The configuration of the web server: nginx: ssl_protocols TLSv1.2 TLSv1.3 and "
            "ssl_certificate; Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3 and SSLCertificateFile; "
            "then reload it.",
            "nginx ngx_http_ssl_module; Apache mod_ssl",
            "openssl s_client -connect localhost:443 -tls1_1",
        ),
        *typed(
            "software.version", "sudo apt update\nsudo apt full-upgrade\nsudo systemctl reboot",
            "uname -r", "apt(8)",
            vi="khởi động lại làm gián đoạn: chỉ ngoài thời gian họp; Red Hat: dnf upgrade",
            en="the restart interrupts the service: outside meetings only; Red Hat: dnf upgrade",
        ),
    ),
)  # fmt: skip
