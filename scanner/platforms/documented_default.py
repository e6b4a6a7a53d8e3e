"""A setting that a device does not show and whose default its vendor documents: still Unknown."""

from __future__ import annotations

from inventory.text import Text
from rules.facts import Unknown


def not_shown(default: str | Text, by: Text) -> Unknown:
    """Unknown, with the documented default in the reason.

    `by`: whose word it is, with the release: `the vendor's schema of release 10.19`.
    """
    said = default if isinstance(default, Text) else Text(vi=default, en=default)
    return Unknown(
        Text(
            vi=f"thiết bị không cho thấy thiết lập này; mặc định theo {by.vi} là {said.vi}, "
            "nhưng không có gì chứng tỏ thiết bị còn giữ mặc định",
            en=f"default by {by.en}: {said.en}, not shown by the device, "
            "and nothing proves that it still has the default",
        )
    )
