"""The commissioning record: what it says, what it leaves blank, and that it is one page."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inventory.model import Device, Inventory, Organisation, Site
from inventory.text import Text
from reports.commissioning import (
    MAY,
    MAY_NOT,
    SIZES,
    UNTOLD,
    Commissioned,
    CommissioningRecord,
    conclusion,
    evidence_digest,
    render,
    rows_of,
    size_in_a_browser,
)
from reports.one_page_pdf import NoPdf, as_pdf
from reports.report import EvidenceEntry, Report, RunFacts
from rules.model import Finding, Outcome, Subject, SubjectKind
from rules.patches.model import Feed
from rules.requirements import REQUIREMENTS

NOW = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)
FAIL, PASS, UND = Outcome.FAIL, Outcome.PASS, Outcome.UND
ABOUT = [name for name, card in REQUIREMENTS.items() if card.article == 11]
LONG = "chưa thực hiện các mục sau của cấu hình chuẩn: " + "tắt dịch vụ không cần thiết, " * 12


def finding(
    requirement: str, outcome: Outcome, reason: str = "đã thấy", account: str | None = None
) -> Finding:
    kind: SubjectKind = "account" if account else "device"
    subject = Subject(kind, f"thiet-bi/{account}" if account else "thiet-bi")
    text = Text(vi=reason, en="seen")
    return Finding(requirement, subject, outcome, "S2", text, None, (), "f", device="thiet-bi")


def record(*findings: Finding, **changes: object) -> CommissioningRecord:
    inventory = Inventory(
        organisation=Organisation(name="-", province="-"),
        sites=(Site(id="noi", name="-", level="province"),),
        devices=(
            Device.model_validate(
                {"id": "thiet-bi", "kind": "vcs", "site": "noi", "address": "192.0.2.10"}
            ),
        ),
    )
    run = RunFacts("20261124-080500-1a2b", NOW, NOW, "finished", NOW, "0.1.0", "auto", "0.1.0")
    entry = EvidenceEntry("thiet-bi", "C", "status", None, NOW, "ab" * 32, 10)
    whole = CommissioningRecord(
        report=Report(run, inventory, findings, evidence=(entry,)),
        device=Commissioned("192.0.2.10", "vcs", "Dòng X", "Hãng", "Kiểu 5", "SN-77", "11.2.1"),
        baseline="chuan 2026.1",
        feeds=(Feed("shipped", "cd" * 32, NOW), Feed("nvd", "ef" * 32, NOW, NOW)),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]).split())


def test_the_record_names_the_device_and_what_it_was_judged_by() -> None:
    said = words(render(record(finding("D11.1-b", PASS))))
    for part in (
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Độc lập - Tự do - Hạnh phúc",
        *("192.0.2.10", "Hãng Kiểu 5", "SN-77", "11.2.1", "Dòng X"),
        "Thời gian kiểm tra: 24/11/2026 08:05 (giờ Việt Nam)",
        "Cấu hình chuẩn: chuan 2026.1",
        "nvd 24/11/2026 (efefefefefef); kèm theo chương trình 24/11/2026 (cdcdcdcdcdcd)",
        "Hồ sơ pháp lý: 2026",
        evidence_digest(record().report.evidence),
        "Đạt: 1; Không đạt: 0; Chưa xác định được: 0; Không áp dụng: 0.",
    ):
        assert part in said
    assert said.count("./.") == 1


def test_number_place_day_and_signers_are_left_to_people() -> None:
    said = words(render(record(finding("D11.1-b", PASS))))
    assert "Số: …… /BB- ……" in said
    assert "ngày …… tháng …… năm ………" in said
    assert said.count("(Ký, ghi rõ chức vụ, họ và tên)") == 3
    assert "Dự thảo" in said
    assert "Lưu hành nội bộ" in said
    unknown = record(finding("D11.1-b", PASS), device=Commissioned("192.0.2.10", "vcs"))
    assert words(render(unknown)).count("…………………") >= 4  # what the device does not say


@pytest.mark.parametrize(
    ("findings", "waiting", "expected"),
    [
        ([finding("D11.1-b", PASS)], [], MAY),
        ([finding("D11.1-b", PASS), finding("D11.1-a", UND)], ["D11.1-a"], MAY),
        ([finding("D11.1-b", PASS), finding("D11.1-a", UND)], [], UNTOLD),
        ([finding("D11.1-b", PASS), finding("D11.1-c", UND)], ["D11.1-a"], UNTOLD),
        ([finding("D11.1-b", FAIL), finding("D11.1-c", UND)], [], MAY_NOT),
        ([finding("D11.3-a", Outcome.NA)], [], UNTOLD),
        ([finding("D11.1-a", UND)], ["D11.1-a"], UNTOLD),
        ([], [], UNTOLD),
    ],
)
def test_the_conclusion_follows_from_the_verdicts(
    findings: list[Finding], waiting: list[str], expected: str
) -> None:
    made = record(*findings, upon_signing=frozenset(waiting))
    assert conclusion(made) == expected
    said = words(render(made))
    assert ("Đủ điều kiện đưa vào sử dụng" in said) == (expected == MAY)
    assert ("Chưa đủ điều kiện" in said) == (expected == MAY_NOT)


def test_one_row_stands_for_one_requirement_with_its_worst_verdict() -> None:
    rows = rows_of(
        record(
            finding("D11.2-b", PASS, account="quantri"),
            finding("D11.2-b", FAIL, "có 6 ký tự", "kiemtra"),
            finding("D11.2-b", UND, account="khac"),
            finding("D11.1-a", UND, "chờ ký"),
            upon_signing=frozenset({"D11.1-a"}),
        )
    )
    assert [(r.requirement, r.outcome, r.waits) for r in rows] == [
        ("D11.1-a", UND, True),
        ("D11.2-b", FAIL, False),
    ]
    assert rows[1].reason == "kiemtra: có 6 ký tự"


def test_what_a_device_says_is_text_and_nothing_else() -> None:
    evil = "<script>alert(1)</script>\u202e\x1b[31m"
    made = record(
        finding("D11.1-b", FAIL, evil, evil),
        device=Commissioned(evil, "vcs", evil, evil, evil, evil, evil, evil),
        problem=Text(vi=evil, en=evil),
        baseline=evil,
    )
    page = render(made)
    assert "<script" not in page
    assert not {"\u202e", "\x1b"} & set(page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'")
    assert "http" not in page.partition("<body")[2]


def test_the_same_record_gives_the_same_bytes() -> None:
    made = record(finding("D11.1-b", PASS))
    assert render(made) == render(made)
    assert [s for s in range(SIZES) if f"body.size-{s}" not in render(made) and s] == []


def test_the_more_is_written_the_smaller_the_type_of_the_page() -> None:
    long = [finding(name, FAIL, LONG) for name in ABOUT]
    sizes = [size_in_a_browser(record(*long[:number])) for number in (0, 8, 15)]
    assert sizes == [4, 5, SIZES - 1]
    assert f'<body class="size-{SIZES - 1}">' in render(record(*long))


def test_the_digest_changes_with_any_piece_of_evidence_and_not_with_their_order() -> None:
    pieces = [EvidenceEntry("a", "C", "x", None, NOW, f"{n:064x}", 1) for n in range(3)]
    assert evidence_digest(pieces) == evidence_digest([*reversed(pieces), pieces[0]])
    assert evidence_digest(pieces) != evidence_digest(pieces[:2])


def test_the_pdf_is_one_page_with_its_fonts_and_its_vietnamese() -> None:
    pypdf = pytest.importorskip("pypdf")
    accounts = ("quantri", "kiemtra", "vanhanh", "kythuat", "w" * 200)
    findings = [finding(name, FAIL, LONG) for name in ABOUT]
    findings += [finding("D11.2-b", FAIL, LONG, account) for account in accounts]
    assert len(findings) >= 20
    made = record(
        finding("D10.1-f", FAIL, LONG),
        *findings,
        device=Commissioned(*(["Ủy ban nhân dân " * 30] * 8)),
        problem=Text(vi=LONG, en=LONG),
        feeds=tuple(Feed(f"nguon-{n}", f"{n:064x}", NOW) for n in range(12)),
    )
    try:
        content = as_pdf(made)
    except NoPdf as error:
        pytest.skip(str(error))
    pdf = pypdf.PdfReader(io.BytesIO(content))
    assert len(pdf.pages) == 1
    page = pdf.pages[0]
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    said = " ".join(page.extract_text().split())
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BIÊN BẢN",
        "Chưa đủ điều kiện đưa vào sử dụng",
        "D11.3-a",
        "ĐƠN VỊ VẬN HÀNH HỆ THỐNG",
    ):
        assert part in said
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
