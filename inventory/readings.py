"""The open phrases of the Regulation and how this organisation reads them.

One field per phrase, named as in the register of readings (A-01 ... A-37), with the default of a
careful auditor. Readings without an alternative (A-03, A-10, A-12, A-14, A-29, A-35) have no
field. A report prints every field that differs from its default (`changed`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from inventory.declared import Declared
from inventory.meaning import Meaning
from inventory.moments import Day
from inventory.text import Text

Kind = Literal["mcu", "vcs", "firewall", "router", "switch", "server"]


class Period(Declared):
    """Calendar months (Civil Code 2015, Articles 147.2 and 148) or days."""

    unit: Literal["month", "day"] = "month"
    value: int = Field(gt=0)


class Bandwidth(Declared):
    """For whom and in which directions the 2 Mbps are counted."""

    per: Literal["site", "call", "system"] = "site"
    both_directions: bool = True


class ManagingBody(Declared):
    """The body in charge during a period; open ends where a date is left out."""

    name: str
    valid_from: Day | None = None
    valid_to: Day | None = None


class Readings(Declared):
    """How the open phrases are read; every default is the careful auditor's."""

    password_max_age: Annotated[
        Period,
        Meaning("A-01", "thời hạn tối đa phải đổi mật khẩu", "longest time before a change"),
    ] = Period(value=6)
    grace_days: Annotated[
        int,
        Field(ge=0),
        Meaning("A-01", "số ngày gia hạn đổi mật khẩu", "days of grace for a password change"),
    ] = 0
    weekend_extension: Annotated[
        bool,
        Meaning(
            "A-01",
            "hạn rơi vào cuối tuần được chuyển sang ngày làm việc kế tiếp",
            "a due day on a weekend moves to the next working day",
        ),
    ] = False
    retention_min: Annotated[
        Period,
        Meaning("A-02", "thời gian lưu nhật ký tối thiểu", "shortest time that records are kept"),
    ] = Period(value=6)
    name_rule: Annotated[
        Literal["strict", "default", "names_only"],
        Meaning(
            "A-04",
            "mức xét tên riêng và từ có nghĩa trong mật khẩu",
            "how names and meaningful words in passwords are judged",
        ),
    ] = "default"
    passphrase: Annotated[
        Literal["review", "allow", "deny"],
        Meaning(
            "A-04",
            "mật khẩu gồm nhiều từ không liên quan",
            "passwords made of several unrelated words",
        ),
    ] = "review"  # noqa: S105 - what to do with a passphrase, not one
    special_set: Annotated[
        Literal["unicode", "ascii_punct", "ascii_punct_plus_space"],
        Meaning("A-05", "ký tự được tính là ký tự đặc biệt", "what counts as a special character"),
    ] = "unicode"
    uniqueness_scope: Annotated[
        Literal["device", "site", "inventory"],
        Meaning(
            "A-06",
            "phạm vi mật khẩu không được dùng chung",
            "among which accounts a password must be unique",
        ),
    ] = "inventory"
    latest_track: Annotated[
        Literal["newest", "vendor_recommended", "lts"],
        Meaning(
            "A-07",
            "phiên bản nào được coi là mới nhất",
            "which release counts as the newest",
        ),
    ] = "newest"
    latest_grace_days: Annotated[
        int,
        Field(ge=0),
        Meaning(
            "A-07",
            "số ngày được phép chậm cập nhật phiên bản mới nhất",
            "days allowed to install the newest release",
        ),
    ] = 0
    hardening_scope: Annotated[
        Literal["commissioning_and_current", "commissioning_only"],
        Meaning(
            "A-08",
            "rà soát trước khi đưa vào sử dụng có xét cả hiện trạng",
            "whether the present state is judged besides the state before use",
        ),
    ] = "commissioning_and_current"
    logical_separation: Annotated[
        Literal["vlan_and_filter", "vlan_only"],
        Meaning(
            "A-09",
            "tách biệt về mặt logic có cần lọc lưu lượng",
            "whether logical separation needs filtering",
        ),
    ] = "vlan_and_filter"
    firewall_kind: Annotated[
        Literal["stateful", "acl_accepted"],
        Meaning("A-11", "thiết bị nào được coi là tường lửa", "what counts as a firewall"),
    ] = "stateful"
    allowlist_kind: Annotated[
        Literal["ip", "ip_and_alias"],
        Meaning(
            "A-13",
            "danh sách cho phép ghi địa chỉ IP hay cả bí danh",
            "whether the allow list holds addresses or aliases too",
        ),
    ] = "ip"
    vpn_kind: Annotated[
        Literal["carrier_or_tunnel", "carrier_only", "vlan_accepted"],
        Meaning(
            "A-15",
            "loại kết nối được coi là phân vùng mạng riêng ảo",
            "what counts as a virtual private network",
        ),
    ] = "carrier_or_tunnel"
    bandwidth: Annotated[
        Bandwidth,
        Meaning("A-16", "cách tính 2 Mbps dành riêng", "how the reserved 2 Mbps are counted"),
    ] = Bandwidth()
    hub_factor: Annotated[
        Literal["off", "sites"],
        Meaning(
            "A-16",
            "đường truyền của MCU tính theo số điểm cầu đồng thời",
            "whether the MCU's line is counted by simultaneous sites",
        ),
    ] = "off"
    mbps: Annotated[
        Literal["decimal", "binary"],
        Meaning(
            "A-17",
            "1 Mbps là 1.000.000 hay 1.048.576 bit/s",
            "whether 1 Mbps is 1,000,000 or 1,048,576 bit/s",
        ),
    ] = "decimal"
    district_clause: Annotated[
        Literal["former_district", "by_analogy", "off"],
        Meaning(
            "A-18",
            "áp dụng điểm b, c khoản 2 Điều 10 sau khi bỏ cấp huyện",
            "how points b and c of Article 10.2 apply after the district level was abolished",
        ),
    ] = "former_district"
    device_profile: Annotated[
        str | None,
        Meaning(
            "A-19",
            "tệp thông số kỹ thuật thiết bị (Phụ lục II)",
            "file of the technical parameters of devices (Appendix II)",
        ),
    ] = None
    managing_body: Annotated[
        tuple[ManagingBody, ...],
        Meaning("A-20", "cơ quan quản lý theo thời kỳ", "the managing body, by period"),
    ] = ()
    legal_profile: Annotated[
        Literal["auto", "2017", "2022", "2026"],
        Meaning(
            "A-21",
            "quy định thay thế Thông tư 03/2017 được áp dụng",
            "which successor of Circular 03/2017 applies",
        ),
    ] = "auto"
    annual: Annotated[
        Literal["rolling_12_months", "calendar_year"],
        Meaning("A-22", "cách tính định kỳ hằng năm", "how yearly is counted"),
    ] = "rolling_12_months"
    campaign_days: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "A-23",
            "số ngày tối đa của một đợt kiểm tra toàn hệ thống",
            "longest duration of a whole-system campaign in days",
        ),
    ] = 60
    coverage_min: Annotated[
        int,
        Field(gt=0, le=100),
        Meaning(
            "A-23",
            "tỷ lệ tài sản tối thiểu của một đợt kiểm tra (%)",
            "least share of the assets that a campaign covers (%)",
        ),
    ] = 100
    assessor_rule: Annotated[
        Literal["record", "require_independent"],
        Meaning(
            "A-24",
            "yêu cầu về tính độc lập của đơn vị kiểm tra",
            "whether the assessor must be independent",
        ),
    ] = "record"
    change_effect: Annotated[
        Literal["none_outside_window", "none_at_all"],
        Meaning(
            "A-25",
            "ảnh hưởng được chấp nhận khi nâng cấp, xử lý điểm yếu",
            "which effect of upgrades and fixes is accepted",
        ),
    ] = "none_outside_window"
    realtime_max_delay_s: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "A-26",
            "độ trễ tối đa của giám sát theo thời gian thực (giây)",
            "longest delay of real-time monitoring in seconds",
        ),
    ] = 300
    monitored_kinds: Annotated[
        tuple[Kind, ...],
        Meaning(
            "A-27",
            "loại thiết bị tối thiểu phải là đối tượng giám sát",
            "kinds of device that must be monitored at least",
        ),
    ] = ("mcu", "firewall", "server", "router", "switch")
    metric_rollup_max_s: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "A-28",
            "độ gộp tối đa của số liệu trạng thái, lưu lượng, băng thông (giây)",
            "coarsest aggregation of state, traffic and bandwidth in seconds",
        ),
    ] = 3600
    terminal_kinds: Annotated[
        tuple[Kind, ...],
        Meaning("A-30", "loại thiết bị là thiết bị đầu cuối", "which kinds are terminal devices"),
    ] = ("vcs",)
    include_soft_clients: Annotated[
        bool,
        Meaning(
            "A-31",
            "xét cả phần mềm hội nghị trên máy tính cá nhân",
            "whether software clients on personal computers are judged",
        ),
    ] = False
    related_servers: Annotated[
        tuple[str, ...],
        Meaning(
            "A-32",
            "mã các máy chủ liên quan đến dịch vụ; để trống là mọi máy chủ đã khai",
            "ids of the servers related to the service; empty = every declared server",
        ),
    ] = ()
    shared_person: Annotated[
        Literal["observe", "fail"],
        Meaning(
            "A-33",
            "nhiều người dùng chung một tài khoản",
            "one account used by several persons",
        ),
    ] = "observe"
    credential_kinds: Annotated[
        tuple[
            Literal[
                "web", "ssh", "local_menu", "api_key", "snmp_write", "meeting_pin", "registration"
            ],
            ...,
        ],
        Meaning(
            "A-34",
            "loại thông tin đăng nhập phải theo quy định về mật khẩu",
            "which credentials the password rules apply to",
        ),
    ] = ("web", "ssh", "local_menu", "api_key", "snmp_write")
    latest_applies_to: Annotated[
        tuple[Kind, ...],
        Meaning(
            "A-36",
            "loại thiết bị phải dùng phiên bản mới nhất",
            "which kinds of device must run the newest release",
        ),
    ] = ("vcs",)
    weak_policy: Annotated[
        Literal["und", "fail"],
        Meaning(
            "A-37",
            "kết luận khi chính sách mật khẩu yếu mà chưa kiểm tra mật khẩu",
            "verdict on a weak password policy without a tested password",
        ),
    ] = "und"
    retention_gap_h: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "D12.5",
            "khoảng trống tối đa trong nhật ký đã lưu (giờ)",
            "longest gap in stored records in hours",
        ),
    ] = 24
    event_max_age_h: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "D12.3-a",
            "tuổi tối đa của sự kiện gần nhất (giờ)",
            "greatest age of the newest event in hours",
        ),
    ] = 24
    vendor_catalogue_max_age_days: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "D11.3-a",
            "tuổi tối đa của danh mục phiên bản phần mềm (ngày)",
            "greatest age of the firmware catalogue in days",
        ),
    ] = 30
    weakness_data_max_age_days: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "D12.2-b",
            "tuổi tối đa của dữ liệu điểm yếu khi kiểm tra (ngày)",
            "greatest age of the weakness data at the check in days",
        ),
    ] = 30
    advisories_max_age_days: Annotated[
        int,
        Field(gt=0),
        Meaning(
            "D11.1-e",
            "tuổi tối đa của dữ liệu lỗ hổng để kết luận đã vá đủ (ngày)",
            "greatest age of the vulnerability data for calling a device patched, in days",
        ),
    ] = 90

    def changed(self) -> dict[str, Any]:
        """Names and values of the readings that differ from their defaults."""
        default = type(self)()
        return {
            name: getattr(self, name)
            for name in type(self).model_fields
            if getattr(self, name) != getattr(default, name)
        }


def _meaning(name: str) -> Meaning:
    """KeyError when no reading has this name."""
    return next(m for m in Readings.model_fields[name].metadata if isinstance(m, Meaning))


def describe(name: str) -> Text:
    """What the reading decides, in one line; KeyError when no reading has this name."""
    return _meaning(name).text


def identifier(name: str) -> str:
    """Its id in the register of readings (`A-02`), or the requirement it belongs to."""
    return _meaning(name).identifier
