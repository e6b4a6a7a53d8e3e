"""What is typed on MikroTik RouterOS 6.43 and later."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, impossible, typed, with_tool

_MANUAL = "RouterOS manual"

REMEDIES = Remedies(
    (
        *(
            remedy
            for fact, name, first in (
                ("telnet", "telnet", "/ip service set ssh disabled=no\n"),
                ("ftp", "ftp", ""),
                ("http", "www", ""),
            )
            for remedy in typed(
                f"service.{fact}.enabled", f"{first}/ip service set {name} disabled=yes",
                "/ip service print", _MANUAL,
                vi="" if fact == "ftp" else "phải đăng nhập được bằng SSH, WinBox hoặc www-ssl "
                "trước; phiên đang dùng bị ngắt",
                en="" if fact == "ftp" else "SSH, WinBox or www-ssl must let you in first; a "
                "session over this service ends",
            )
        ),
        *typed(
            ("service.snmp.enabled", "snmp.versions", "snmp.default_community"),
            "/snmp set enabled=no", "/snmp print", _MANUAL,
            vi="nếu cần giám sát thì dùng SNMPv3: /snmp community, security=private",
            en="where monitoring needs it, use SNMPv3: /snmp community, security=private",
        ),
        *typed(
            "management.allowlist",
            "/ip service set telnet,ftp,www,api,api-ssl disabled=yes\n"
            '/ip service set ssh,winbox,www-ssl address="{prefixes}"',
            "/ip service print", _MANUAL,
            vi="máy đang dùng phải nằm trong danh sách, nếu không sẽ mất kết nối: vào Safe Mode "
            "(Ctrl+X) trước, thiết bị tự hoàn lại khi phiên bị ngắt; hệ thống giám sát dùng API "
            "thì giữ api-ssl, cũng với address",
            en="the host you type from must be on the list, or you lock yourself out: enter Safe "
            "Mode (Ctrl+X) first, which takes it back when the session breaks; where monitoring "
            "uses the API keep api-ssl, with an address too",
        ),
        *impossible(
            ("management.idle_timeout_s", "management.lockout_attempts"),
            "bản xuất không cho biết thiết lập này; hãy giới hạn địa chỉ quản trị.",
            "the export does not tell this setting; restrict the management addresses instead.",
        ),
        *typed(
            "password_policy.min_length", "/user settings set minimum-password-length=8",
            "/user settings print", _MANUAL, "7.1",
            vi="chỉ áp dụng cho mật khẩu đặt sau đó", en="holds for passwords set afterwards",
        ),
        *impossible(
            tuple(
                f"password_policy.{name}"
                for name in ("digits", "lowercase", "uppercase", "special", "max_age_days")
            ),
            "bản xuất không cho biết thiết lập này; hãy đặt mật khẩu mạnh bằng hnth vault.",
            "the export does not tell this setting; set a strong password made with hnth vault.",
        ),
        *typed("accounts", '/user set [find name="{account}"] password="{secret}"', "/user print",
               f"{_MANUAL}, User"),
        *typed(
            "ntp.servers",
            "/system ntp client set enabled=yes\n/system ntp client servers add address={ntp}",
            "/system ntp client print", _MANUAL, "7.1",
            vi="bản 6: /system ntp client set enabled=yes primary-ntp=<địa chỉ>",
            en="release 6: /system ntp client set enabled=yes primary-ntp=<address>",
        ),
        *typed(
            "syslog.targets",
            "/system logging action add name=hnth target=remote remote={syslog} remote-port=514\n"
            "/system logging add topics=info action=hnth\n"
            "/system logging add topics=warning action=hnth\n"
            "/system logging add topics=error action=hnth\n"
            "/system logging add topics=critical action=hnth",
            "/system logging print", _MANUAL,
        ),
        *typed(
            "filters",
            "/ip firewall filter add chain=forward action=accept "
            "connection-state=established,related\n"
            "/ip firewall filter add chain=forward action=accept protocol=tcp dst-port={port} "
            "src-address={peer} dst-address={segment}\n"
            "/ip firewall filter add chain=forward action=drop dst-address={segment} log=yes",
            "/ip firewall filter print", _MANUAL,
            vi="luật mới đứng sau luật cũ: dùng `move` đưa lên trước, xóa các dòng ở phần lý do; "
            "viết đủ luật accept trước luật drop, vào Safe Mode (Ctrl+X) khi nhập từ xa",
            en="new rules stand last: `move` them up and remove the lines that the reason names; "
            "all accept rules before the drop, and Safe Mode (Ctrl+X) when you type from afar",
        ),
        *typed(
            "service.upnp.enabled", "/ip upnp set enabled=no", "/ip upnp print", f"{_MANUAL}, UPnP"
        ),
        *typed(
            "service.tftp.enabled", "/ip tftp disable [find]", "/ip tftp print", f"{_MANUAL}, TFTP"
        ),
        *typed(
            "ssh.algorithms",
            "/ip ssh set strong-crypto=yes host-key-size=4096\n/ip ssh regenerate-host-key",
            "/ip ssh print", f"{_MANUAL}, SSH",
            vi="thay khóa làm thay đổi dấu vân tay của thiết bị; thiết bị hỏi lại, trả lời y",
            en="a new key changes the fingerprint of the device; it asks back: answer y",
        ),
        *typed(
            ("tls.algorithms", "tls.min_version"),
            "/ip service set www-ssl tls-version=only-1.2\n"
            "/ip service set api-ssl tls-version=only-1.2",
            "/ip service print detail", f"{_MANUAL}, Services", "6.43",
        ),
        *typed(
            "tls.certificates",
            "/ip service set www-ssl certificate={certificate}\n"
            "/ip service set api-ssl certificate={certificate}",
            "/certificate print", f"{_MANUAL}, Certificates",
            vi="nhập chứng thư trước: /certificate import",
            en="import the certificate first: /certificate import",
        ),
        *with_tool(
            "software.version",
            "/system package update, hoặc tải gói từ trang của hãng rồi khởi động lại.",
            "/system package update, or upload the package of the vendor and restart.",
            _MANUAL, "/system resource print",
        ),
    ),
)  # fmt: skip
