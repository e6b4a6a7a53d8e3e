"""In which order settings are typed: what lets a person in first, what can shut one out last."""

from __future__ import annotations

from enum import Enum

from inventory.text import Text


class Stage(Enum):
    """In the order in which they are typed."""

    OPEN = Text(
        vi="Mở đường quản trị có mã hóa: khóa, chứng thư số",
        en="Open the encrypted way in: keys, certificates",
    )
    SET = Text(vi="Các thiết lập khác", en="Other settings")
    CLOSE = Text(
        vi="Đóng dịch vụ và đường vào không an toàn: chỉ khi đã đăng nhập được qua đường có mã hóa",
        en="Close unsafe services and ways in: only once the encrypted way has let you in",
    )
    ADMIT = Text(
        vi="Giới hạn địa chỉ và lưu lượng: máy đang dùng phải được phép; giữ phiên này cho tới khi "
        "đăng nhập được bằng một phiên khác",
        en="Limit addresses and traffic: the host you type from must be admitted; keep this "
        "session until another one has let you in",
    )
    RESTART = Text(
        vi="Nâng cấp phần mềm, sau khi đã lưu: ngoài thời gian họp",
        en="Update the software, after saving: outside meetings",
    )

    @property
    def title(self) -> Text:
        return self.value


_OPENS = frozenset({"tls.certificates", "ssh.algorithms"})
_CLOSES = frozenset({
    *("tls.algorithms", "tls.min_version"),  # some devices answer by switching the web server off
    *("snmp.versions", "snmp.default_community"),
    *("ssh.root_login", "ssh.password_login", "ssh.empty_passwords"),
    *("accounts.unused", "support_access.enabled", "debug.enabled", "serial_port.access"),
})  # fmt: skip
_ADMITS = frozenset({"management.allowlist", "filters", "routing.forwards"})


def stage_of(fact: str) -> Stage:
    """When the setting is typed."""
    if fact in _OPENS:
        return Stage.OPEN
    if fact in _CLOSES or (fact.startswith("service.") and fact.endswith(".enabled")):
        return Stage.CLOSE
    if fact in _ADMITS:
        return Stage.ADMIT
    return Stage.RESTART if fact == "software.version" else Stage.SET
