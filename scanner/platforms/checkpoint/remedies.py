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
            "địa chỉ trong danh sách, bật Track = Log, luật cuối là Drop; sửa hoặc tắt luật nêu ở "
            "phần lý do; sau đó Install Policy và xuất lại tệp.",
            "SmartConsole > Security Policies > Access Control: keep Accept rules for listed "
            "services and addresses only, Track = Log, the last rule Drop; change or disable those "
            "that the reason names; then Install Policy and export again.", _RULES,
        ),
        *menu(
            "management.allowlist",
            "Gaia Portal > System Management > Host Access: chỉ ghi các mạng quản trị; đồng thời "
            "đặt luật Stealth (mọi nguồn khác tới tường lửa: Drop) trong Access Control.",
            "Gaia Portal > System Management > Host Access: the networks that manage only; and a "
            "stealth rule in Access Control (to the gateway from anywhere else: Drop).", _GAIA,
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
