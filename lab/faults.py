"""Faults: what can be wrong in the province, and which verdict each must bring about.

One entry per fault. `expects` lists every FAIL that the fault causes, and each UND that was not
there without it; two faults together give the union.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from lab import changes
from lab.compliant import compliant
from lab.situation import AUDIT_USER, Situation
from lab.topology import FIREWALL, LOG_SERVER, MCU, PROVINCE, Plan

SubjectKind = Literal["device", "account", "zone", "site", "system"]


@dataclass(frozen=True, slots=True, order=True)
class Expectation:
    """A verdict that the scan must give while the fault is on."""

    requirement: str
    kind: SubjectKind
    subject: str
    outcome: Literal["FAIL", "UND"] = "FAIL"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, by name. `change` makes it so; nothing else distinguishes the situations."""

    name: str
    vi: str
    en: str
    expects: tuple[Expectation, ...]
    change: Callable[[Situation], Situation]


def _on(kind: SubjectKind, subject: str, *requirements: str) -> tuple[Expectation, ...]:
    return tuple(Expectation(requirement, kind, subject) for requirement in requirements)


def _undetermined(kind: SubjectKind, subject: str, *requirements: str) -> tuple[Expectation, ...]:
    return tuple(Expectation(requirement, kind, subject, "UND") for requirement in requirements)


def _untested_accounts(situation: Situation, device: str) -> tuple[str, ...]:
    """Accounts whose password the scanner does not hold, so that only the policy speaks for it."""
    names = (account["name"] for account in situation.devices[device]["accounts"])
    return tuple(f"{device}/{name}" for name in names if name != AUDIT_USER)


_MCU_ACCOUNTS = _untested_accounts(compliant(), MCU)
_HNTH = "hnth-tinh"

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(
            "telnet-open",
            "Telnet đang bật trên thiết bị đầu cuối Châu Phú",
            "Telnet is switched on at the Châu Phú endpoint",
            _on("device", "vcs-chau-phu", "D11.1-b", "D11.1-c", "D11.1-d"),
            changes.state("vcs-chau-phu", telnet=True),
        ),
        Fault(
            "http-clear",
            "Thiết bị đầu cuối Thoại Sơn cho quản trị web không mã hóa (HTTP)",
            "The Thoại Sơn endpoint is administered over HTTP without TLS",
            _on("device", "vcs-thoai-son", "D11.1-b", "D11.1-c", "D11.1-d"),
            changes.state("vcs-thoai-son", http=True, https_only=False),
        ),
        Fault(
            "certificate-expired",
            "Chứng thư số của MCU đã hết hạn",
            "The certificate of the MCU has expired",
            _on("device", MCU, "D11.1-b"),
            changes.state(MCU, certificate={"not_after": "2025-06-30T00:00:00+00:00"}),
        ),
        Fault(
            "management-from-office",
            "Tường lửa cho mạng văn phòng truy cập cổng quản trị của MCU",
            "The firewall lets the office LAN reach the management ports of the MCU",
            (*_on("zone", _HNTH, "D10.1-b", "D10.1-h"), *_on("device", MCU, "D10.1-g")),
            changes.admits(
                FIREWALL,
                'iifname "vanphong" oifname "hnth" ip daddr 10.67.10.10'
                " tcp dport { 22, 445 } accept",
            ),
        ),
        Fault(
            "firewall-permit-any",
            "Tường lửa cho mọi lưu lượng vào phân hệ HNTH của tỉnh",
            "The firewall permits anything into the provincial conferencing segment",
            (
                *_on("zone", _HNTH, "D10.1-b", "D10.1-h"),
                *_on("device", FIREWALL, "D10.1-e"),
                *_on("device", MCU, "D10.1-g"),
            ),
            changes.admits(FIREWALL, 'oifname "hnth" accept'),
        ),
        Fault(
            "foreign-host",
            "Thiết bị lạ đấu nối vào phân hệ HNTH của Châu Phú",
            "A host that does not belong is plugged into the Châu Phú conferencing segment",
            _on("zone", "hnth-chau-phu", "D10.1-b"),
            changes.plug_in_foreign_host,
        ),
        Fault(
            "vcs-in-office",
            "Thiết bị đầu cuối Vĩnh Trạch nằm trong mạng văn phòng",
            "The Vĩnh Trạch endpoint stands in the office subnet",
            (
                *_on("device", "vcs-vinh-trach", "D10.1-a"),
                # bandwidth is kept for the conferencing segments only, at both ends of the line
                *_on("site", "vinh-trach", "D10.2-d"),
                *_on("site", "trung-tam", "D10.2-d"),
            ),
            changes.move_to_office,
        ),
        Fault(
            "mcu-allowlist-empty",
            "MCU không giới hạn địa chỉ quản trị",
            "The MCU admits administrators from any address",
            (*_on("device", MCU, "D10.1-g", "D11.1-b"),),
            changes.any_address,
        ),
        Fault(
            "password-policy-short",
            "Chính sách mật khẩu của MCU chỉ yêu cầu 6 ký tự",
            "The password policy of the MCU asks for only 6 characters",
            tuple(Expectation("D11.2-b", "account", name, "UND") for name in _MCU_ACCOUNTS),
            changes.state(MCU, rules={"min_length": 6}),
        ),
        Fault(
            "auto-answer",
            "Thiết bị đầu cuối Châu Phú tự động trả lời cuộc gọi",
            "The Châu Phú endpoint answers calls automatically",
            _on("device", "vcs-chau-phu", "D11.1-b"),
            changes.state("vcs-chau-phu", auto_answer=True),
        ),
        Fault(
            "old-firmware",
            "Phần mềm của thiết bị đầu cuối Thoại Sơn đã cũ",
            "The Thoại Sơn endpoint runs old software",
            _on("device", "vcs-thoai-son", "D11.3-a"),
            changes.state("vcs-thoai-son", software="6.1.5"),
        ),
        Fault(
            "log-retention-90d",
            "Máy chủ nhật ký chỉ lưu 90 ngày",
            "The log server keeps only 90 days",
            _on("device", LOG_SERVER, "D12.5-a", "D12.5-b"),
            changes.keep_90_days,
        ),
        Fault(
            "logs-stopped",
            "Nhật ký của thiết bị đầu cuối Vĩnh Trạch đã gián đoạn 14 ngày",
            "The records of the Vĩnh Trạch endpoint stopped two weeks ago",
            (
                *_on("device", "vcs-vinh-trach", "D12.3-a"),
                *_on("device", LOG_SERVER, "D12.5-a"),
            ),
            changes.silent("vcs-vinh-trach", 14),
        ),
        Fault(
            "route-around-tslcd",
            "Châu Phú kết nối tới MCU qua Internet thay vì mạng TSLCD",
            "Châu Phú reaches the MCU around the state data network",
            # the way around has no VPN and no bandwidth of its own
            _on("site", "chau-phu", "D10.2-a", "D10.2-b", "D10.2-d", "D10.2c-d"),
            changes.route_around,
        ),
        Fault(
            "bandwidth-too-low",
            "Bộ định tuyến Châu Phú chỉ dành 1 Mbps cho truyền hình hội nghị",
            "The Châu Phú router keeps only 1 Mbps for conferencing",
            _on("site", "chau-phu", "D10.2-d"),
            changes.keeps("r-chau-phu", kbps=1000),
        ),
        Fault(
            "bandwidth-wrong-interface",
            "Bộ định tuyến Thoại Sơn dành băng thông sai giao diện",
            "The Thoại Sơn router keeps bandwidth on the wrong interface",
            _on("site", "thoai-son", "D10.2-d"),
            changes.keeps("r-thoai-son", interface="hnth"),
        ),
        Fault(
            "snmp-public",
            "Thiết bị thứ hai của Châu Phú dùng SNMP với chuỗi mặc định “public”",
            "SNMP with the community public on the second Châu Phú endpoint",
            _on("device", "vcs-chau-phu-2", "D11.1-b", "D11.1-c", "D11.1-d"),
            changes.answer_snmp,
        ),
        Fault(
            "vcs-switched-off",
            "Thiết bị đầu cuối Vĩnh Trạch đang tắt",
            "The Vĩnh Trạch endpoint is switched off",
            _undetermined("device", "vcs-vinh-trach", "D11.1-c", "D11.3-a"),
            changes.switch_off,
        ),
        Fault(
            "vcs-in-call",
            "Thiết bị đầu cuối Châu Phú đang có cuộc gọi nên chưa được quét",
            "The Châu Phú endpoint is in a call, so it is left alone",
            _undetermined("device", "vcs-chau-phu", "D11.1-b", "D11.1-c", "D11.3-a"),
            changes.state("vcs-chau-phu", call_active=1),
        ),
        Fault(
            "media-encryption-off",
            "Thiết bị đầu cuối Châu Phú không mã hóa cuộc gọi",
            "The Châu Phú endpoint does not encrypt calls",
            _on("device", "vcs-chau-phu", "D11.1-b"),
            changes.state("vcs-chau-phu", encryption="off"),
        ),
        Fault(
            "debug-port",
            "Cổng gỡ lỗi 5555 mở trên thiết bị thứ hai của Châu Phú",
            "Debug port 5555 is open on the second Châu Phú endpoint",
            _on("device", "vcs-chau-phu-2", "D11.1-c"),
            changes.state("vcs-chau-phu-2", extra_tcp=[5555]),
        ),
        Fault(
            "no-idle-timeout",
            "MCU không tự thoát phiên quản trị khi không thao tác",
            "The MCU never ends idle administrator sessions",
            _on("device", MCU, "D10.1-f", "D11.1-b"),
            changes.state(MCU, rules={"max_idle": 0}),
        ),
        Fault(
            "single-role",
            "Mọi tài khoản trên MCU đều là quản trị viên",
            "Every account on the MCU is an administrator",
            _on("device", MCU, "D10.1-f"),
            changes.all_administrators,
        ),
        Fault(
            "api-open",
            "Giao diện REST của thiết bị đầu cuối Thoại Sơn không cần đăng nhập",
            "The REST interface of the Thoại Sơn endpoint answers without login",
            _on("device", "vcs-thoai-son", "D11.2-a"),
            changes.state("vcs-thoai-son", api_open=True),
        ),
        Fault(
            "no-special-characters",
            "Chính sách mật khẩu của MCU không yêu cầu ký tự đặc biệt",
            "The password policy of the MCU asks for no special characters",
            tuple(Expectation("D11.2-f", "account", name, "UND") for name in _MCU_ACCOUNTS),
            changes.state(MCU, rules={"min_special": 0}),
        ),
        Fault(
            "short-password",
            "Mật khẩu của tài khoản kiểm tra trên thiết bị đầu cuối Châu Phú chỉ có 7 ký tự",
            "The audit password of the Châu Phú endpoint has 7 characters",
            _on("account", "vcs-chau-phu/kiemtra", "D11.2-b"),
            changes.shorten_password,
        ),
        Fault(
            "no-hardening-review",
            "Không có biên bản rà soát cấu hình của thiết bị đầu cuối Thoại Sơn",
            "There is no hardening review of the Thoại Sơn endpoint",
            _on("device", "vcs-thoai-son", "D11.1-a"),
            changes.lose_review,
        ),
        Fault(
            "yearly-check-overdue",
            "Lần kiểm tra toàn hệ thống trước cách đây 500 ngày",
            "The last check was 500 days ago",
            _on("system", "system", "D12.2-a"),
            changes.check_long_ago,
        ),
        Fault(
            "firewall-stateless",
            "Tường lửa của tỉnh không lọc gói theo trạng thái kết nối",
            "The provincial firewall filters without connection tracking",
            # an access list without states lets replies in from anywhere, outside included, and
            # lets the segment itself open connections from the ports that replies come from
            (
                *_on("site", "trung-tam", "D10.1-c"),
                *_on("device", FIREWALL, "D10.1-e"),
                *_on("zone", "hnth-tinh", "D10.1-d"),
            ),
            changes.forget_states,
        ),
        Fault(
            "syslog-off",
            "Thiết bị đầu cuối Châu Phú không gửi nhật ký",
            "The Châu Phú endpoint sends no records",
            (
                *_on("device", "vcs-chau-phu", "D12.3-a", "D11.1-b"),
                *_on("device", LOG_SERVER, "D12.5-a"),
            ),
            changes.both(
                changes.state("vcs-chau-phu", syslog=False), changes.silent("vcs-chau-phu", 3)
            ),
        ),
        Fault(
            "management-from-outside",
            "Tường lửa cho truy cập từ Internet vào cổng quản trị web của MCU",
            "The firewall lets the Internet reach the web management of the MCU",
            (
                *_on("device", FIREWALL, "D10.1-e"),
                *_on("zone", _HNTH, "D10.1-b", "D10.1-h"),
                *_on("device", MCU, "D10.1-g"),
            ),
            changes.admits(
                FIREWALL,
                'iifname "internet" oifname "hnth" ip daddr 10.67.10.10 tcp dport 445 accept',
            ),
        ),
    )
}

DEFAULT_MIXTURE = (
    "telnet-open",
    "management-from-office",
    "foreign-host",
    "certificate-expired",
    "old-firmware",
    "no-hardening-review",
    "snmp-public",
    "route-around-tslcd",
    "log-retention-90d",
    "vcs-switched-off",
)
"""What `hnth demo` shows: none of these hides another."""


def situation_with(names: Iterable[str], plan: Plan = PROVINCE) -> Situation:
    """The province with those faults and no others. Raises KeyError for an unknown name."""
    chosen = set(names)
    unknown = chosen - set(FAULTS)
    if unknown:
        raise KeyError(f"no such fault: {', '.join(sorted(unknown))}")
    return reduce(
        lambda situation, fault: fault.change(situation),
        (fault for fault in FAULTS.values() if fault.name in chosen),
        compliant(plan),
    )


def expectations(names: Iterable[str]) -> frozenset[Expectation]:
    """What those faults together must bring about: the union, in which a FAIL outranks an UND."""
    wanted = {e for name in names for e in FAULTS[name].expects}
    failing = {(e.requirement, e.kind, e.subject) for e in wanted if e.outcome == "FAIL"}
    return frozenset(
        e
        for e in wanted
        if e.outcome == "FAIL" or (e.requirement, e.kind, e.subject) not in failing
    )
