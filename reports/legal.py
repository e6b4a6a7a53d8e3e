"""The acts a report cites, by legal profile: the Regulation, then what its Article 12.1 means.

Only what was verified is printed; whether the Decision is still in force the operator confirms.
"""

from __future__ import annotations

from datetime import date

from inventory.text import Text

DECISION = Text(
    vi="Quyết định số 2456/QĐ-UBND ngày 21 tháng 10 năm 2020 của Chủ tịch Ủy ban nhân dân tỉnh "
    "An Giang ban hành Quy chế quản lý, vận hành hệ thống hội nghị truyền hình trực tuyến trên "
    "địa bàn tỉnh An Giang (Điều 10, Điều 11 và Điều 12)",
    en="Decision 2456/QĐ-UBND of 21 October 2020 of the Chairman of the People's Committee of An "
    "Giang Province issuing the Regulation on the management and operation of the video-"
    "conferencing system in the province (Articles 10, 11 and 12)",
)

ARTICLES: dict[int, Text] = {
    10: Text(vi="Kết nối của hệ thống hội nghị truyền hình", en="Connection of the system"),
    11: Text(vi="An toàn các thiết bị MCU, VCS", en="Safety of the MCU and VCS devices"),
    12: Text(
        vi="Kiểm tra, giám sát an toàn thông tin",
        en="Inspection and monitoring of information safety",
    ),
}

_ASSESSMENT: dict[str, Text] = {
    "2017": Text(
        vi="Thông tư số 03/2017/TT-BTTTT (Điều 10 đến Điều 13)",
        en="Circular 03/2017/TT-BTTTT (Articles 10 to 13)",
    ),
    "2022": Text(
        vi="Thông tư số 12/2022/TT-BTTTT (Điều 11, Điều 12), thay thế Thông tư số "
        "03/2017/TT-BTTTT được dẫn chiếu tại khoản 1 Điều 12 của Quy chế",
        en="Circular 12/2022/TT-BTTTT (Articles 11 and 12), which replaces Circular "
        "03/2017/TT-BTTTT named in Article 12.1",
    ),
    "2026": Text(
        vi="Luật An ninh mạng số 116/2025/QH15; Nghị định số 331/2026/NĐ-CP (Điều 27), quy định "
        "hiện hành thay cho Thông tư số 03/2017/TT-BTTTT được dẫn chiếu tại khoản 1 Điều 12 của "
        "Quy chế",
        en="Law on Cybersecurity 116/2025/QH15; Decree 331/2026/NĐ-CP (Article 27), the rules now "
        "in force in the place of Circular 03/2017/TT-BTTTT named in Article 12.1",
    ),
}

_SINCE = (("2026", date(2026, 8, 19)), ("2022", date(2022, 10, 1)))


def profile_on(profile: str, day: date) -> str:
    """The profile that applies: `auto` is the one in force on the day (reading A-21)."""
    if profile in _ASSESSMENT:
        return profile
    return next((name for name, since in _SINCE if day >= since), "2017")


def basis(profile: str, day: date) -> tuple[Text, ...]:
    """The acts in the order of citation."""
    return DECISION, _ASSESSMENT[profile_on(profile, day)]
