"""The answer for a person: what to install, and what no update helps against."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.patches.advisories import Advisories
from rules.patches.model import Branch, Branches, Cve, Listed, Range, Statement
from scanner.feeds.answers import Question, answer
from scanner.feeds.told import lines
from scanner.products import families

FAMILY = "cisco-expressway"
SAYS: dict[str, Any] = {
    "CVE-2026-0001": Branches((Branch("X14", "fixed", "X14.0.9"),)),
    "CVE-2026-0002": Branches((Branch("X14", "fixed", "X14.0.11"),)),
    "CVE-2026-0003": Branches((Branch("X14", "migrate"),)),
    "CVE-2026-0004": Branches((Branch("X14", "no_fix"),)),
    "CVE-2026-0005": Branches((Branch("X14", "future"),)),
    "CVE-2026-0006": Listed((Range(high="X14.0.8", high_included=True),)),
    "CVE-2026-0007": Branches((Branch("X14", "unknown"),)),
    "CVE-2026-0008": Branches((Branch("X14", "fixed", "X14.0.1"),)),
    "CVE-2026-0009": Branches((Branch("X14", "not_affected"),)),
}
ADVISORIES = Advisories(
    families(),
    tuple(Statement(cve, FAMILY, "curated", affects) for cve, affects in SAYS.items()),
    {"CVE-2026-0006": Cve("CVE-2026-0006", exploited_since=date(2026, 1, 31))},
)
TOLD = {
    "en": """\
Newest release: not known, ask the vendor
Fixed by an update: 2, install X14.0.11 at least
Not fixed in this branch: 1, go to a later branch
Will not be fixed: 1, replace the device or close the ways to it
A fix was announced: 1, close the ways to the device and ask the vendor
No fixed release is stated: 1, install the newest release and ask the vendor
  CVE-2026-0006 · affected · <= X14.0.8 · exploited, known since 2026-01-31 · \
source: hand-read table
  CVE-2026-0001 · affected · fixed in X14.0.9 · source: hand-read table
  CVE-2026-0002 · affected · fixed in X14.0.11 · source: hand-read table
  CVE-2026-0003 · affected · not fixed in this branch · source: hand-read table
  CVE-2026-0004 · affected · will not be fixed · source: hand-read table
  CVE-2026-0005 · affected · a fix was announced · source: hand-read table
  CVE-2026-0007 · cannot be told · branch X14: unknown
Fixed (1): CVE-2026-0008
Not affected (1): CVE-2026-0009
""",
    "vi": """\
Phiên bản mới nhất: chưa rõ, hãy hỏi hãng
Đã có bản vá: 2 lỗ hổng, hãy cập nhật lên ít nhất X14.0.11
Không được vá trong nhánh này: 1 lỗ hổng, hãy chuyển sang nhánh mới hơn
Sẽ không được vá: 1 lỗ hổng, hãy thay thiết bị hoặc chặn đường tiếp cận nó
Đang chờ bản vá hãng đã hứa: 1 lỗ hổng, hãy chặn đường tiếp cận và hỏi hãng
Nguồn không nêu bản vá: 1 lỗ hổng, hãy cài phiên bản mới nhất và hỏi hãng
  CVE-2026-0006 · bị ảnh hưởng · <= X14.0.8 · đang bị khai thác, từ 31/01/2026 · \
nguồn: bảng đọc từ thông báo của hãng
""",
}


@pytest.mark.parametrize("lang", TOLD)
def test_what_is_to_be_done_stands_first(lang: str) -> None:
    asked = Question("Cisco Expressway-C", "X14.0.8")
    found = answer(asked, ADVISORIES, date(2026, 11, 24), lang).document
    assert found["update_to"] == "X14.0.11"
    told = list(lines({**found, "version": asked.version}, lang))
    wanted = TOLD[lang].splitlines()
    assert told[: len(wanted)] == wanted


def test_nothing_is_recommended_where_nothing_affects() -> None:
    found = answer(Question("Cisco Expressway-C", "X15.0"), ADVISORIES, date(2026, 11, 24), "en")
    assert found.document["update_to"] is None
    untold = answer(Question("Toaster", "1"), ADVISORIES, date(2026, 11, 24), "en").document
    assert next(lines({**untold, "version": "1"}, "en")).startswith("Newest release: not known")
