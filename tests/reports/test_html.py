"""The report as a page: complete, honest about the unknown, and deaf to what devices say."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from inventory.text import Text
from reports import html, open_questions, view
from reports.counts import count
from reports.report import Issued, Report
from rules.facts import Citation
from rules.model import Outcome, Subject
from rules.requirements import REQUIREMENTS

HOSTILE = (
    "<script>alert(1)</script></style></title><img src=x onerror=alert(1)>"
    '" onmouseover="x\' {{ 7*7 }} {% raw %} \u202egnp.exe\x1b[31m\x00'
)


class Page(HTMLParser):
    """What a browser would make of the page."""

    VOID = frozenset({"meta", "link", "input", "br", "col", "img"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> does not close what is open"

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def vi(sample: Report) -> str:
    return html.render(sample, "vi")


@pytest.fixture(scope="module")
def en(sample: Report) -> str:
    return html.render(sample, "en")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_well_formed_and_linked(sample: Report, language: html.Language) -> None:
    page = Page(html.render(sample, language))
    assert page.open == []
    assert ("html", {"lang": language}) in page.tags
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    targets = [link[1:] for link in page.attributes("href") if link.startswith("#")]
    assert targets
    assert set(targets) <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(vi: str) -> None:
    page = Page(vi)
    assert not {"script", "img", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
    assert all(link.startswith(("#", "data:")) for link in page.attributes("href"))
    assert page.attributes("src") == page.attributes("style") == []
    assert not [n for _, attrs in page.tags for n in attrs if n.startswith("on")]
    style = vi.split("<style>")[1].split("</style>", maxsplit=1)[0]
    assert "url(" not in style
    assert "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in vi.replace("&#39;", "'")


@pytest.mark.parametrize(
    "place", ["subject", "reason", "citation", "unread", "device", "organisation", "remedy"]
)
def test_text_from_devices_and_declarations_is_never_markup(sample: Report, place: str) -> None:
    clean = [tag for tag, _ in Page(html.render(sample)).tags]
    dirty = Page(html.render(_with_hostile(sample, place)))
    assert [tag for tag, _ in dirty.tags] == clean
    assert dirty.open == []
    assert "<script>alert(1)</script>" in dirty.text
    assert "{{ 7*7 }}" in dirty.text
    assert not {"\u202e", "\x1b", "\x00"} & set("".join(dirty.words))


def _with_hostile(report: Report, place: str) -> Report:
    hostile = Text(vi=HOSTILE, en=HOSTILE)
    index = next(n for n, f in enumerate(report.findings) if f.outcome is Outcome.FAIL)
    finding = report.findings[index]
    changes = {
        "subject": {"subject": Subject("device", HOSTILE)},
        "reason": {"reason": hostile},
        "remedy": {"remedy": hostile},
        "citation": {
            "citations": tuple(replace(c, text=HOSTILE, source=HOSTILE) for c in finding.citations)
        },
    }
    if place in changes:
        changed = replace(finding, **changes[place])
        found = (*report.findings[:index], changed, *report.findings[index + 1 :])
        return replace(report, findings=found)
    if place == "unread":
        return replace(report, unread=(replace(report.unread[0], text=HOSTILE, why=HOSTILE),))
    if place == "device":
        first = replace(report.devices[0], reason=hostile)
        return replace(report, devices=(first, *report.devices[1:]))
    organisation = report.inventory.organisation.model_copy(update={"name": HOSTILE})
    inventory = report.inventory.model_copy(update={"organisation": organisation})
    return replace(report, inventory=inventory)


def test_every_finding_is_shown_with_reason_evidence_and_remedy(sample: Report, vi: str) -> None:
    page = Page(vi)
    rows = [attrs for tag, attrs in page.tags if tag == "tr" and attrs.get("class", "")]
    shown = [row for row in rows if (row["class"] or "").startswith("finding ")]
    assert len(shown) == len(sample.findings)
    for finding in sample.findings:
        assert finding.reason.vi in page.text
        if finding.remedy:
            assert finding.remedy.vi in page.text
        for citation in finding.citations:
            assert citation.text in "".join(page.words)
            if citation.sha256:
                assert citation.sha256[:12] in page.text


def test_all_requirements_are_listed_with_their_quote(vi: str) -> None:
    text = Page(vi).text
    for requirement in REQUIREMENTS.values():
        assert requirement.id in text
        assert requirement.title.vi in text
        assert requirement.quote in text


def test_a_requirement_without_any_finding_is_undetermined_and_said_so(sample: Report) -> None:
    fewer = tuple(f for f in sample.findings if f.requirement != "D10.1-c")
    page = Page(html.render(replace(sample, findings=fewer)))
    assert "Chưa có kết quả nào cho yêu cầu này." in page.text


def test_every_table_with_verdicts_shows_all_four_counts(vi: str) -> None:
    tables = re.findall(r"<table.*?</table>", vi, re.DOTALL)
    with_counts = [t for t in tables if 'class="number PASS"' in t]
    assert len(with_counts) == 5  # conclusion, devices, articles, sites, requirements
    for table in with_counts:
        for outcome in Outcome:
            assert f'class="number {outcome.value}"' in table
    details = vi.split('id="details"')[1].split("</section>", maxsplit=1)[0]
    tables = re.findall(r"<table.*?</table>", details, re.DOTALL)
    assert all("✓" in t and "✕" in t and "?" in t and "–" in t for t in tables)


def test_the_counts_on_the_page_are_those_of_the_findings(sample: Report, vi: str) -> None:
    counts = count(sample.findings)
    text = Page(vi).text
    row = re.search(r"Theo kết quả kiểm tra (\d+) (\d+) (\d+) (\d+) (\d+)", text)
    assert row is not None
    assert [int(n) for n in row.groups()] == [
        counts.passed,
        counts.failed,
        counts.undetermined,
        counts.not_applicable,
        counts.total,
    ]


def test_a_subject_with_two_findings_is_named_once_in_the_conclusion(sample: Report) -> None:
    worst = min((f for f in sample.findings if f.outcome is Outcome.FAIL), key=lambda f: f.severity)
    beside = replace(worst, fingerprint="beside", reason=Text(vi="mâu thuẫn", en="contradiction"))
    page = html.render(replace(sample, findings=(*sample.findings, beside)), "vi")
    first = page.split('<ul class="first">')[1].split("</ul>", maxsplit=1)[0]
    line = next(one for one in first.split("<li>") if f"-{worst.requirement}" in one)
    names = re.findall(r'<bdi class="id">([^<]+)</bdi>', line)
    assert len(names) == len(set(names)) > 0


def test_what_to_fix_first_is_sorted_by_severity(vi: str) -> None:
    table = vi.split('class="priorities"')[1].split("</table>", maxsplit=1)[0]
    severities = re.findall(r'class="severity (S\d)"', table)
    assert severities
    assert severities == sorted(severities)


def test_what_could_not_be_determined_is_grouped_by_reason(sample: Report, vi: str) -> None:
    section = Page(vi.split('id="undetermined">')[1].split("</section>", maxsplit=1)[0]).text
    off = {device.id: device.reason for device in sample.devices if device.state == "failed"}
    assert off
    reasons = {
        (off.get(f.device or "") or f.reason).vi
        if REQUIREMENTS[f.requirement].reasons
        else f.reason.vi
        for f in sample.findings
        if f.outcome is Outcome.UND
    }
    assert len(reasons) > 3
    for reason in reasons:
        assert section.count(reason) == 1


def test_open_questions_are_counted_once_each_by_what_is_to_be_done(sample: Report) -> None:
    kinds = open_questions.open_kinds(sample, view.rows(sample))
    assert [kind.title.vi for kind in kinds] == [
        "Thiết bị không quét được",
        "Thiếu thông tin để kết luận",
        "Chưa kiểm tra tự động",
    ]
    assert sum(kind.number for kind in kinds) == count(sample.findings).undetermined
    for kind in kinds:
        numbers = [question.number for question in kind.questions]
        assert numbers == sorted(numbers, reverse=True)


def test_number_date_and_signer_stay_blank_in_a_draft(vi: str) -> None:
    text = Page(vi).text
    assert "Dự thảo" in text
    assert re.search(r"An Giang, ngày …+ tháng …+ năm …+", text)
    assert re.search(r"Số: …+ /BC- …+", text)
    assert text.count("./.") == 1


def test_with_number_and_date_of_issue_it_is_no_draft(sample: Report) -> None:
    text = Page(html.render(sample, issued=Issued("05/BC-SKHCN", date(2026, 2, 5)))).text
    assert "Số: 05/BC-SKHCN" in text
    assert "An Giang, ngày 05 tháng 02 năm 2026" in text
    assert "Dự thảo" not in text
    assert "Lưu hành nội bộ" in text


def test_the_lines_of_one_source_stand_together_under_it(sample: Report) -> None:
    seen = Citation("C", "show run", 3, "telnet on", "ab" * 32)
    cited = (seen, replace(seen, line=9, text="http on"), replace(seen, source="show ver"))
    finding = replace(sample.findings[0], citations=cited)
    (row,) = view.rows(replace(sample, findings=(finding,)))
    assert [[line.line for line in group.lines] for group in row.evidence] == [[3, 9], [3]]
    text = Page(html.render(replace(sample, findings=(finding,)))).text
    assert re.search(r"dòng 3 *telnet on *dòng 9 *http on *C *show run", text)


def test_within_a_requirement_the_failures_come_first(sample: Report) -> None:
    for article in view.articles(view.rows(sample)):
        for clause in article.clauses:
            for item in clause.requirements:
                places = [list(Outcome).index(row.finding.outcome) for row in item.rows]
                assert places == sorted(places)


def test_a_pass_on_paper_is_marked(vi: str) -> None:
    assert "(có xác nhận)" in Page(vi).text


def test_changed_readings_stand_beside_their_default(vi: str, en: str) -> None:
    assert re.search(r"A-01 [^.]*? 3 tháng 6 tháng", Page(vi).text)
    assert re.search(r"A-01 [^.]*? 3 months 6 months", Page(en).text)


def test_the_languages_do_not_mix(sample: Report, en: str) -> None:
    page = Page(en)
    assert "Courtesy translation" in page.text
    for words in ("Đạt", "Không đạt", "Chưa xác định được", "Khắc phục"):
        assert words not in page.text
    for finding in sample.findings:
        assert finding.reason.en in page.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_composed_unicode_and_repeats_itself(
    sample: Report, language: html.Language
) -> None:
    page = html.render(sample, language)
    assert unicodedata.is_normalized("NFC", page)
    assert html.render(sample, language) == page


NOT_COMPLIANT = "chưa thể kết luận hệ thống đạt yêu cầu"


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([Outcome.PASS] * 52, "Mọi yêu cầu áp dụng cho hệ thống đều đạt."),
        ([Outcome.PASS] * 51 + [Outcome.UND], NOT_COMPLIANT),
        ([Outcome.PASS] * 51, NOT_COMPLIANT),
        ([Outcome.PASS] * 51 + [Outcome.FAIL], "1 kết quả không đạt, thuộc 1 trong 52 yêu cầu"),
        ([Outcome.NA] * 52, "Không có yêu cầu nào áp dụng"),
        ([], NOT_COMPLIANT),
    ],
    ids=["all pass", "one unknown", "one not judged", "one fails", "none applies", "nothing"],
)
def test_the_conclusion_is_never_better_than_the_findings(
    sample: Report, outcomes: list[Outcome], words: str
) -> None:
    template = sample.findings[0]
    found = tuple(
        replace(template, requirement=requirement, outcome=outcome)
        for requirement, outcome in zip(REQUIREMENTS, outcomes, strict=False)
    )
    text = Page(html.render(replace(sample, findings=found))).text
    assert words in text
    assert (Outcome.FAIL in outcomes) != ("Không có nội dung nào không đạt." in text)


def test_an_empty_run_still_makes_a_page(sample: Report) -> None:
    bare = replace(
        sample,
        findings=(),
        devices=(),
        evidence=(),
        unread=(),
        run=replace(
            sample.run, finished=None, status="interrupted", whole=False, readings_changed={}
        ),
        inventory=sample.inventory.model_copy(
            update={"approval": None, "vantage_points": (), "zones": ()}
        ),
    )
    for language in ("vi", "en"):
        assert Page(html.render(bare, language)).open == []
    text = Page(html.render(bare)).text
    assert "chưa kết thúc" in text
    assert "Đợt quét này chưa hoàn thành." in text
    assert "chỉ gồm một phần thiết bị" in text


def test_evidence_outside_the_index_is_not_linked(sample: Report) -> None:
    page = html.render(replace(sample, evidence=()))
    assert "#e-" not in page
    finding = replace(sample.findings[0], citations=(Citation("D", "17/BB"),))
    assert "17/BB" in html.render(replace(sample, findings=(finding,)))


def test_an_unknown_subject_keeps_its_id(sample: Report) -> None:
    finding = replace(sample.findings[0], subject=Subject("site", "long-xuyen"), site="long-xuyen")
    assert "long-xuyen" in Page(html.render(replace(sample, findings=(finding,)))).text
