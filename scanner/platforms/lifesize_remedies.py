"""What is typed on a Lifesize Room, Team or Express, and where it is set on an Icon."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, typed, with_tool
from scanner.platforms.without_setting import (
    addresses_at_gateway,
    algorithms_of_the_release,
    closed_at_gateway,
    passwords_by_hand,
    snmp_at_gateway,
    told_nowhere,
    unused_accounts_by_hand,
)

_HELP = "support.lifesize.com"
_CLI = "Controlling LifeSize Video Systems from the CLI 4.8"

REMEDIES = Remedies(
    (
        *typed("call.auto_answer", "set call auto-answer off", "get call auto-answer", _CLI),
        *menu(
            "call.far_end_camera",
            "Preferences > Video > Far Control of Near Camera: tắt (Icon 300/500/700: System "
            "Behavior > Allow other systems to move my camera).",
            "Preferences > Video > Far Control of Near Camera: off (Icon 300/500/700: System "
            "Behavior > Allow other systems to move my camera).",
            f"{_HELP}: Controlling camera use by far end users",
        ),
        *menu(
            "service.http.enabled",
            "Icon: Preferences > Security > Enable Remote Management Over HTTP: tắt; giao diện web "
            "không còn vào được, sau đó quản trị qua SSH (bật Enable SSH Access trước, đăng nhập "
            "thử) hoặc tại phòng họp. Room, Team, Express: tìm mục tắt HTTP ở Administrator "
            "Preferences > Security; không có thì chặn cổng 80/tcp tại tường lửa của phân hệ.",
            "Icon: Preferences > Security > Enable Remote Management Over HTTP: off; the web "
            "interface is gone then: administer over SSH (Enable SSH Access on first, and log in) "
            "or in the room. Room, Team, Express: look for a setting for HTTP under Administrator "
            "Preferences > Security; without one close 80/tcp at the firewall of the segment.",
            f"{_HELP}: System access and passwords",
        ),
        *menu(
            "accounts",
            "Preferences > Passwords: thay mật khẩu mặc định của `admin`, `support`, mã tại màn "
            "hình, và `auto` của dòng lệnh. Trên Icon mật khẩu dài tối đa 16 ký tự, chỉ gồm chữ, "
            "số, dấu * và #; không đổi được tên tài khoản.",
            "Preferences > Passwords: replace the default passwords of `admin`, `support`, of the "
            "screen, and of `auto` on the command line. An Icon takes 16 characters at most, "
            "letters, digits, * and # only; the names of accounts cannot be changed.",
            f"{_HELP}: System access and passwords",
        ),
        *passwords_by_hand(),
        *told_nowhere(
            "call.encryption", "management.idle_timeout_s", "management.lockout_attempts",
            "ntp.servers", "syslog.targets", "tls.certificates",
        ),
        *told_nowhere(
            "sip.encryption", "serial_port.access", "usb.enabled", "debug.enabled",
            "support_access.enabled", "boot.verified",
        ),
        *addresses_at_gateway(),
        *closed_at_gateway("telnet", "ftp", "tftp", "upnp"),
        *snmp_at_gateway(),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Hãng đã ngừng hoạt động hỗ trợ nhiều dòng máy: nạp bản cuối cùng còn có tại giao diện "
            "web > Maintenance, và lập kế hoạch thay thiết bị.",
            "Many models are no longer supported: load the last release there is at web interface "
            "> Maintenance, and plan for another device.",
            verify="get system version",
        ),
    ),
    comments_pass=False,
)  # fmt: skip
