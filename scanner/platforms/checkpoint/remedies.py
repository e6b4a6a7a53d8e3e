"""Where Check Point is put right: rules in SmartConsole, the device itself in its Gaia portal."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, with_tool

_GAIA = "Gaia Administration Guide"
_RULES = "Security Management Administration Guide"

REMEDIES = Remedies(
    (
        *menu(
            "filters",
            "SmartConsole > Security Policies > Access Control: chỉ giữ luật Accept cho dịch vụ và "
            "địa chỉ trong danh sách, bật Track = Log, luật cuối là Drop; giữ luật cho máy chủ "
            "quản lý và mạng quản trị tới tường lửa; sửa hoặc tắt luật nêu ở "
            "phần lý do; sau đó Install Policy và xuất lại tệp.",
            "SmartConsole > Security Policies > Access Control: keep Accept rules for listed "
            "services and addresses only, Track = Log, the last rule Drop; keep the rules for the "
            "management server and networks to the gateway; change or disable those "
            "that the reason names; then Install Policy and export again.", _RULES,
        ),
        *menu(
            "management.allowlist",
            "Gaia Portal > System Management > Host Access: thêm các mạng quản trị (có máy đang "
            "dùng), đăng nhập thử, rồi mới xóa mục Any; trong Access Control đặt luật cho mạng "
            "quản trị và máy chủ quản lý tới tường lửa lên trên, ngay dưới là luật Stealth (mọi "
            "nguồn khác tới tường lửa: Drop), nếu không sẽ mất kết nối; rồi Install Policy.",
            "Gaia Portal > System Management > Host Access: add the networks that manage (the host "
            "you work from among them), log in, and only then remove Any; in Access Control put "
            "the rule for these networks and the management server to the gateway first and right "
            "below it a stealth rule (to the gateway from anywhere else: Drop), or you lock "
            "yourself out; then Install Policy.", _GAIA,
        ),
        *menu(
            ("accounts", "accounts.unused"),
            "Gaia Portal > User Management > Users: đổi mật khẩu; khóa hoặc xóa tài khoản không "
            "dùng. Tài khoản SmartConsole: Manage & Settings > Permissions & Administrators.",
            "Gaia Portal > User Management > Users: change the password; lock or delete what "
            "nobody uses. SmartConsole accounts: Manage & Settings > Permissions & Administrators.",
            _GAIA,
        ),
        *menu(
            "syslog.targets",
            "Gaia Portal > System Management > System Logging: thêm máy chủ nhật ký; nhật ký của "
            "luật: đối tượng gateway trong SmartConsole > Logs.",
            "Gaia Portal > System Management > System Logging: add the log server; for the logs of "
            "rules: the gateway object in SmartConsole > Logs.", _GAIA,
        ),
        *menu(
            "tls.certificates",
            "SmartConsole > đối tượng gateway > Platform Portal: nhập chứng thư của Gaia Portal "
            "đã được ký, rồi Install Policy.",
            "SmartConsole > gateway object > Platform Portal: import the signed certificate of the "
            "Gaia Portal, then Install Policy.", _GAIA,
        ),
        *with_tool(
            ("tls.algorithms", "ssh.algorithms", "software.version"),
            "Gaia Portal > Upgrades (CPUSE): cài bản vá tích lũy (Jumbo Hotfix Accumulator) hoặc "
            "bản phát hành mới hơn, ngoài giờ họp, sau khi tạo bản sao lưu (snapshot).",
            "Gaia Portal > Upgrades (CPUSE): install the Jumbo Hotfix Accumulator or a newer "
            "release, outside meetings, after a snapshot.", _GAIA,
        ),
    ),
)  # fmt: skip
