"""Where it is set on Pexip Infinity: the Administrator interface of the Management Node.

`FIELDS` are the same settings as the management API names them, in which they are read.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.platforms.remedy import Remedies, Remedy, menu, with_tool
from scanner.platforms.without_setting import (
    SNMP,
    addresses_at_gateway,
    algorithms_of_the_release,
    closed_at_gateway,
    passwords_by_hand,
    told_nowhere,
    unused_accounts_by_hand,
)

_DOCS = "docs.pexip.com/admin"
_API = "GET /api/admin/configuration/v1"
_LISTS = {
    "global_settings": f"{_API}/global/\n{_API}/conference/",
    "enabling_snmp": f"{_API}/management_vm/\n{_API}/worker_vm/",
    "editing_management_node": f"{_API}/management_vm/\n{_API}/system_location/",
    "enabling_syslog": f"{_API}/syslog_server/",
}
"""Where the settings of a page are read again, by the page of the documentation."""
FIELDS: Mapping[str, Mapping[str, bool | int | str]] = {
    "call.encryption": {"crypto_mode": "on"},
    "management.idle_timeout_s": {
        "session_timeout_enabled": True,
        "management_session_timeout": 10,
    },
    "sip.encryption": {"enable_sip": True},
    "sip.verifies_peer": {"sip_tls_cert_verify_mode": "ON"},
    **{fact: {"snmp_mode": "DISABLED"} for fact in SNMP},
    "snmp.versions": {"snmp_mode": "AUTHPRIV"},
}
"""Field and value, by fact."""

_PAGES: dict[str | tuple[str, ...], tuple[str, str, str]] = {
    "call.encryption": (
        "Platform > Global settings > Security: Media encryption = Required; bỏ mức yếu hơn đặt "
        "riêng cho từng phòng họp ảo; thiết bị không mã hóa sẽ không vào được",
        "Platform > Global settings > Security: Media encryption = Required; and remove weaker "
        "modes that single virtual rooms have; systems that do not encrypt cannot join",
        "global_settings",
    ),
    "sip.encryption": (
        "Platform > Global settings > Connectivity: bật SIP (TCP và TLS), tắt SIP UDP; tại System "
        "> SIP proxies đặt Transport = TLS",
        "Platform > Global settings > Connectivity: SIP on (TCP and TLS), SIP UDP off; at System > "
        "SIP proxies set transport TLS",
        "global_settings",
    ),
    "sip.verifies_peer": (
        "Platform > Global settings > Security: SIP TLS certificate verification mode = On",
        "Platform > Global settings > Security: SIP TLS certificate verification mode = On",
        "global_settings",
    ),
    "management.idle_timeout_s": (
        "Platform > Global settings > Management web interface configuration: bật thời hạn phiên, "
        "10 phút",
        "Platform > Global settings > Management web interface configuration: session timeout on, "
        "10 minutes",
        "global_settings",
    ),
    SNMP: (
        "Platform > Management Node và Platform > Conferencing Nodes > từng nút > SNMP mode: "
        "Disabled, hoặc SNMPv3 AuthPriv với khóa do người quản trị đặt",
        "Platform > Management Node and Platform > Conferencing Nodes > each node > SNMP mode: "
        "Disabled, or SNMPv3 AuthPriv with keys of your own",
        "enabling_snmp",
    ),
    "ntp.servers": (
        "System > NTP servers: thêm máy chủ của đơn vị, rồi gán tại Platform > Management Node và "
        "từng System location",
        "System > NTP servers: add the organisation's servers, then assign them at Platform > "
        "Management Node and in every system location",
        "editing_management_node",
    ),
    "syslog.targets": (
        "System > Syslog servers: thêm máy chủ nhật ký (Transport = TLS nếu máy chủ hỗ trợ, bật "
        "Support log và Audit log), rồi gán cho từng System location",
        "System > Syslog servers: add the log server (transport TLS where it takes it, support and "
        "audit log on), then assign it to every system location",
        "enabling_syslog",
    ),
    "tls.certificates": (
        "TLS certificates (bản mới: menu Certificates; bản cũ: menu Platform): nạp chứng thư số "
        "còn hạn và gán cho từng nút",
        "TLS certificates (newer releases: menu Certificates; older: menu Platform): upload a "
        "valid certificate and assign it to the nodes",
        "certificate_management",
    ),
    "accounts": (
        "Đổi mật khẩu tài khoản quản trị web ở menu người dùng; nên cho đăng nhập qua LDAP hoặc "
        "OIDC tại Users & Devices > Administrator authentication, vẫn giữ nguồn Local database cho "
        "tới khi đăng nhập được, nếu không sẽ mất quyền vào; mật khẩu SSH của `admin` đổi "
        "bằng lệnh passwd trên từng nút",
        "Change the password of the web administrator in the user menu; better let logins go over "
        "LDAP or OIDC at Users & Devices > Administrator authentication, with the local database "
        "kept as a source until such a login works, or you lock yourself out; the SSH password of "
        "`admin` is changed with passwd on each node",
        "managing_admin_local",
    ),
}


def _menu(facts: str | tuple[str, ...], page: tuple[str, str, str]) -> tuple[Remedy, ...]:
    vi, en, document = page
    found: tuple[Remedy, ...] = ()
    for fact in (facts,) if isinstance(facts, str) else facts:
        fields = ", ".join(f"{key} = {value}" for key, value in FIELDS.get(fact, {}).items())
        found += menu(
            fact,
            f"{vi}; giao diện lập trình: {fields}." if fields else f"{vi}.",
            f"{en}; in the management API: {fields}." if fields else f"{en}.",
            f"{_DOCS}/{document}.htm",
            _LISTS.get(document, ""),
        )
    return found


REMEDIES = Remedies(
    (
        *(remedy for facts, page in _PAGES.items() for remedy in _menu(facts, page)),
        *passwords_by_hand(),
        *told_nowhere(
            "management.lockout_attempts",
            *("usb.enabled", "serial_port.access", "debug.enabled"),
            *("support_access.enabled", "boot.verified"),
        ),
        *addresses_at_gateway(),
        *closed_at_gateway("telnet", "http", "ftp", "tftp", "upnp"),
        *algorithms_of_the_release(),
        *unused_accounts_by_hand(),
        *with_tool(
            "software.version",
            "Sao lưu, rồi Utilities > Upgrade: nạp bản phần mềm của hãng; các nút khởi động lại.",
            "Back up, then Utilities > Upgrade: load the release of the vendor; the nodes restart.",
        ),
    ),
    comments_pass=False,
)
