"""What was expected, by kind of mistake, in both languages."""

from __future__ import annotations

from inventory.text import Text

_IP = Text(vi="cần một địa chỉ IP như 10.0.0.10", en="expected an IP address such as 10.0.0.10")
_PREFIX = Text(
    vi="cần một dải địa chỉ như 10.0.0.0/24, phần máy bằng 0",
    en="expected a prefix such as 10.0.0.0/24, host bits zero",
)
_DAY = Text(
    vi="cần một ngày có thật, dạng năm-tháng-ngày như 2026-11-24",
    en="expected a day that exists, as year-month-day such as 2026-11-24",
)
_MOMENT = Text(
    vi="cần ngày và giờ như 2026-11-24 08:00 (giờ Việt Nam)",
    en="expected day and time such as 2026-11-24 08:00 (Vietnamese time)",
)
_INTEGER = Text(vi="cần một số nguyên", en="expected a whole number")
_NUMBER = Text(vi="cần một số", en="expected a number")
_LIST = Text(
    vi="cần một danh sách: mỗi dòng bắt đầu bằng «- », hoặc [a, b]",
    en="expected a list: lines that begin with «- », or [a, b]",
)

EXPECTED: dict[str, Text] = {
    "ip_v4_address": _IP,
    "ip_v6_address": _IP,
    "ip_any_address": _IP,
    "ip_v4_network": _PREFIX,
    "ip_v6_network": _PREFIX,
    "ip_any_network": _PREFIX,
    "day": _DAY,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "moment": _MOMENT,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_parsing_size": _INTEGER,
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": Text(vi="cần true hoặc false", en="expected true or false"),
    "bool_parsing": Text(vi="cần true hoặc false", en="expected true or false"),
    "string_type": Text(vi="cần một giá trị đơn", en="expected a single value"),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "greater_than": Text(vi="phải lớn hơn {gt}", en="must be more than {gt}"),
    "greater_than_equal": Text(vi="phải từ {ge} trở lên", en="must be {ge} or more"),
    "less_than": Text(vi="phải nhỏ hơn {lt}", en="must be less than {lt}"),
    "less_than_equal": Text(vi="không được quá {le}", en="must be {le} or less"),
    "too_short": Text(
        vi="cần ít nhất {min_length} phần tử", en="needs at least {min_length} item(s)"
    ),
    "string_too_short": Text(vi="không được để trống", en="must not be empty"),
    "string_pattern_mismatch": Text(
        vi="cần chữ thường không dấu, chữ số và gạch nối, nhiều nhất 63 ký tự",
        en="expected lower-case letters, digits and hyphens, at most 63 characters",
    ),
}
"""By pydantic's error type. Placeholders are the names of its context."""

PATTERNS: dict[str, Text] = {
    "sha256": Text(
        vi="cần mã băm SHA-256 của tệp: 64 chữ số thập lục phân viết thường, như lệnh sha256sum in",
        en="expected the SHA-256 of the file: 64 lower-case hexadecimal digits, as sha256sum prints"
        " it",
    ),
    "requirement": Text(
        vi="cần mã của một yêu cầu như D11.2-b; danh sách: hnth rules",
        en="expected the id of a requirement such as D11.2-b; all of them: hnth rules",
    ),
}
"""By the key, where a value has a form of its own."""

MAPPING_EXPECTED = Text(vi="cần một nhóm mục: {names}", en="expected a group of keys: {names}")

OR_MAPPING = Text(vi=" hoặc nhóm mục {names}", en=" or a group of keys {names}")

REFERENCE_EXPECTED = Text(
    vi="bí mật không được ghi trong tệp này; ghi env:TÊN_BIẾN hoặc file:ĐƯỜNG_DẪN (tệp có quyền"
    " 0600)",
    en="secrets do not belong in this file; write env:NAME or file:PATH (a file with mode 0600)",
)

EXTRA_SECRET = Text(
    vi='không có mục này; bí mật không được ghi trong tệp, chỉ ghi nơi lấy: "credential:" với'
    ' "username" và "password: env:TÊN_BIẾN" hoặc "file:ĐƯỜNG_DẪN"',
    en="there is no such key; secrets do not belong in this file, only where they are:"
    ' "credential:" with "username" and "password: env:NAME" or "file:PATH"',
)
