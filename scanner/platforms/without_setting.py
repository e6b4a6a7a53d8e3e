"""What is done instead where no public document of the vendor tells of a setting on the device."""

from __future__ import annotations

from scanner.platforms.remedy import Remedy, impossible, menu, with_tool

PORTS = {
    "telnet": "23/tcp",
    "http": "80/tcp",
    "ftp": "21/tcp",
    "tftp": "69/udp",
    "snmp": "161/udp",
    "upnp": "1900/udp",
}
"""Where the services answer that conferencing does not need."""
POLICY = tuple(
    f"password_policy.{name}"
    for name in ("min_length", "digits", "lowercase", "uppercase", "special", "max_age_days")
)
SNMP = ("service.snmp.enabled", "snmp.versions", "snmp.default_community")


def closed_at_gateway(*names: str) -> tuple[Remedy, ...]:
    """For services of `PORTS`: the port is closed where the segment begins."""
    found: tuple[Remedy, ...] = ()
    for name in names:
        found += impossible(
            f"service.{name}.enabled",
            f"Không có tài liệu công khai về thiết lập tắt {name} trên thiết bị này: chặn cổng "
            f"{PORTS[name]} tại tường lửa của phân hệ và hỏi hãng bản phần mềm đã bỏ dịch vụ.",
            f"No public document tells of a setting that turns {name} off on this device: close "
            f"port {PORTS[name]} at the firewall of the segment, and ask the vendor for a release "
            "without it.",
        )
    return found


def unused_accounts_by_hand() -> tuple[Remedy, ...]:
    """For a device whose accounts are looked after on pages that no public document shows."""
    return menu(
        "accounts.unused",
        "Trang quản lý tài khoản của thiết bị: khóa hoặc xóa tài khoản không sử dụng; tài khoản "
        "đang được dùng thì ghi vào accounts_in_use của thiết bị trong tệp khai báo.",
        "The device's page of users: lock or delete what nobody uses; write an account that is in "
        "use into accounts_in_use of the device in the inventory.",
    )


def snmp_at_gateway() -> tuple[Remedy, ...]:
    """For a device whose SNMP agent no public document tells how to set."""
    return closed_at_gateway("snmp") + impossible(
        ("snmp.versions", "snmp.default_community"),
        f"Không có tài liệu công khai về thiết lập SNMP trên thiết bị này: chặn cổng "
        f"{PORTS['snmp']} tại tường lửa của phân hệ, chỉ cho máy giám sát; đổi community mặc định "
        "nếu giao diện quản trị có mục đó.",
        "No public document tells how SNMP is set on this device: close port "
        f"{PORTS['snmp']} at the firewall of the segment to all but the monitoring host, and "
        "change the default community where the web interface has it.",
    )


def addresses_at_gateway() -> tuple[Remedy, ...]:
    """For a device that cannot tell management addresses apart."""
    return impossible(
        "management.allowlist",
        "Không có tài liệu công khai về danh sách địa chỉ quản trị trên thiết bị này: tại tường "
        "lửa của phân hệ chỉ cho các mạng quản trị đã khai báo tới các cổng quản trị của thiết bị.",
        "No public document tells of a list of management addresses on this device: at the "
        "firewall of the segment let the declared management networks alone reach its management "
        "ports.",
    )


def passwords_by_hand(*names: str) -> tuple[Remedy, ...]:
    """For rules of the password policy that the device cannot enforce; all of them by default."""
    facts = tuple(f"password_policy.{name}" for name in names) or POLICY
    return impossible(
        facts,
        "Không có tài liệu công khai về việc thiết bị này ép buộc quy tắc mật khẩu: đặt mật khẩu "
        "mạnh tạo bằng hnth vault, đổi ít nhất sáu tháng một lần và ghi ngày đổi vào danh mục.",
        "No public document tells how this device enforces rules for passwords: set strong ones "
        "made with hnth vault, change them every six months or sooner, and note the day in the "
        "inventory.",
    )


def algorithms_of_the_release(*names: str) -> tuple[Remedy, ...]:
    """For `tls` and `ssh`, whose algorithms cannot be chosen on the device."""
    return with_tool(
        tuple(f"{name}.algorithms" for name in names or ("tls", "ssh")),
        "Thuật toán đi theo bản phần mềm: nâng cấp lên bản mới nhất của hãng; khi chưa nâng cấp "
        "được thì tại tường lửa chỉ cho mạng quản trị tới cổng quản trị.",
        "The algorithms come with the software: install the vendor's newest release; until then "
        "let the management networks alone reach the management ports, at the firewall.",
    )


def told_nowhere(*facts: str) -> tuple[Remedy, ...]:
    """For settings that no public document of the family names."""
    return impossible(
        facts,
        "Không tìm thấy tài liệu công khai nêu thiết lập này: tra tài liệu quản trị kèm theo thiết "
        "bị hoặc hỏi hãng, rồi xác nhận kết quả kèm căn cứ.",
        "No public document that names this setting was found: look in the administrator's guide "
        "that came with the device or ask the vendor, and attest the result.",
    )
