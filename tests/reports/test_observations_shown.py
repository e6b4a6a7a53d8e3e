"""Observations stand in every format, are never a verdict and change no count."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from inventory.text import Text
from reports import csv_findings, github, gitlab, html, junit, markdown, sarif
from reports.found import Found, Place, of_report
from reports.remediation import Sheet, Step, observed, render
from reports.report import Report
from rules.facts import Citation
from rules.model import Outcome, Severity, Subject
from rules.notice import Notice
from tests.reports import read_back

SAID = "keeps readable passwords"


def notice(device: str = "phong", severity: Severity = "S3", **changes: object) -> Notice:
    made = Notice(
        kind="stored-readable",
        requirement="D11.2-a",
        subject=Subject("device", device),
        severity=severity,
        text=Text(vi="lưu mật khẩu đọc lại được", en=SAID),
        remedy=Text(vi="Đổi các mật khẩu này.", en="Change these passwords."),
        citations=(Citation("O", "phong.txt", 7, "password 7"),),
        site="tinh",
        device=device,
        fact="credentials.storage",
    )
    return replace(made, **changes)


@pytest.fixture
def scanned(sample: Report) -> Report:
    """The sample with an observation on each of two devices."""
    first, second = sample.inventory.devices[:2]
    mild = notice(second.id, "S4", kind="stored-weak-hash", citations=())
    return replace(sample, notices=(mild, notice(first.id)))


def test_the_remark_names_the_subject_the_line_and_the_remedy(scanned: Report) -> None:
    *_, grave, mild = of_report(scanned).all_remarks
    device = scanned.notices[1].subject.id
    assert (grave.kind, grave.level, grave.place) == (
        "observation", "warning", Place("phong.txt", 7)
    )  # fmt: skip
    assert grave.text.en == (
        f"{device}: observed (no verdict), near D11.2-a [S3]: {SAID} → Change these passwords."
    )
    assert grave.text.vi.endswith(": lưu mật khẩu đọc lại được → Đổi các mật khẩu này.")
    assert (mild.level, mild.place) == ("note", None)


@pytest.mark.parametrize("severity", ["S1", "S2", "S3", "S4"])
def test_no_observation_is_an_error(sample: Report, severity: Severity) -> None:
    found = of_report(replace(sample, notices=(notice(severity=severity),)))
    assert found.all_remarks[-1].level in {"warning", "note"}


def test_a_device_without_a_line_is_shown_at_its_file(sample: Report) -> None:
    found = of_report(replace(sample, notices=(notice(citations=()),)))
    found = replace(found, homes={"phong": "phong.cfg"})
    assert found.all_remarks[-1].place == Place("phong.cfg")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("form", [sarif, junit, github, gitlab, markdown], ids=lambda m: m.__name__)
def test_every_format_says_them(scanned: Report, form: object, lang: str) -> None:
    found = of_report(scanned)
    page = form.render(found, lang)
    if form in {sarif, gitlab}:
        page = json.dumps(json.loads(page), ensure_ascii=False)
    assert page.count(scanned.notices[0].text.in_language(lang)) == 2
    assert SAID not in form.render(replace(found, observations=()), lang)


def test_they_are_no_results(scanned: Report, sample: Report) -> None:
    with_them, without = of_report(scanned), of_report(sample)
    for one, two in ((with_them, without),):
        assert [one.count(o) for o in Outcome] == [two.count(o) for o in Outcome]
        assert read_back.sarif_rows(sarif.render(one, "vi")) == read_back.sarif_rows(
            sarif.render(two, "vi")
        )
        assert read_back.junit_rows(junit.render(one, "vi")) == read_back.junit_rows(
            junit.render(two, "vi")
        )
    read_back.sarif(sarif.render(with_them, "vi"))
    read_back.gitlab(gitlab.render(with_them, "vi"))


def rows(found: Found) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_findings.render(found, "en").lstrip("\ufeff"))))


def test_a_row_of_a_spreadsheet_has_no_verdict(scanned: Report, sample: Report) -> None:
    found = rows(of_report(scanned))
    assert found[: len(sample.findings)] == rows(of_report(sample))
    mild, grave = found[len(sample.findings) :]
    assert (mild["verdict"], mild["observation"]) == ("", "stored-weak-hash")
    assert (grave["verdict"], grave["observation"]) == ("", "stored-readable")
    assert (grave["requirement"], grave["severity"]) == ("D11.2-a", "S3")
    assert (grave["reason"], grave["evidence"]) == (SAID, "O phong.txt:7")
    assert all(row["observation"] == "" for row in found[: len(sample.findings)])


def test_no_cell_of_an_observation_is_a_formula(sample: Report) -> None:
    hostile = notice("=1+1", text=Text(vi="=x", en="@SUM(A1)"), remedy=Text(vi="+", en="\t=1"))
    (row,) = rows(replace(of_report(sample), findings=(), observations=(hostile,)))
    assert all(not value.startswith(tuple("=+-@\t")) for value in row.values())


def steps(*commands: str, **changes: object) -> tuple[Step, ...]:
    return (replace(Step("credentials.storage", commands), **changes),)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_what_is_typed(scanned: Report, language: str) -> None:
    mild, grave = scanned.notices
    typed = {
        grave.fingerprint: steps(
            " username <b> secret <<secret>>",
            "x\nreload",
            open=(Text(vi="<<secret>> = mật khẩu mới", en="<<secret>> = new"),),
        ),
        mild.fingerprint: steps(where=Text(vi="Mục Hệ thống", en="Menu System")),
    }
    page = html.render(scanned, "vi" if language == "vi" else "en", steps=typed)
    assert '<code class="command"> username &lt;b&gt; secret &lt;&lt;secret&gt;&gt;</code>' in page
    assert "reload" not in page
    assert ("&gt; = mật khẩu mới." if language == "vi" else "&gt; = new.") in page
    assert ("Mục Hệ thống" if language == "vi" else "Menu System") in page
    assert 'class="command"' not in html.render(scanned, "vi")


def pages(report: Report, *commands: str) -> dict[str, str]:
    sheets = {
        name: Sheet(
            {one.fingerprint: steps(*commands) for one in notices if commands},
            *("Family", "!", True, ("configure",), ("end",)),
        )
        for name, notices in observed(report).items()
    }
    return render(report, sheets, "en")


def typed(page: str) -> list[str]:
    return [line for line in page.splitlines() if line and not line.startswith("!")]


def test_the_file_of_a_device_has_them_under_a_heading_of_their_own(scanned: Report) -> None:
    device = scanned.notices[1].subject.id
    page = pages(scanned, "service password-encryption")[f"{device}.txt"]
    above, below = page.split("! ==== Observations (no verdicts): 1 ====")
    assert SAID not in above
    assert typed(above) == ["configure"]
    assert typed(below) == ["service password-encryption", "end"]
    assert "! == D11.2-a [S3] stored-readable" in below
    assert "! -> Change these passwords." in below


def test_an_observation_without_a_command_is_told_all_the_same(scanned: Report) -> None:
    page = pages(scanned)[f"{scanned.notices[1].subject.id}.txt"]
    assert typed(page) == []
    assert f"! {SAID}" in page


def test_a_device_that_meets_everything_has_a_file_for_what_was_observed(scanned: Report) -> None:
    calm = replace(scanned, findings=())
    assert sorted(pages(calm)) == sorted(f"{one.device}.txt" for one in calm.notices)
    assert pages(replace(calm, notices=())) == {}
    stranger = replace(calm, notices=(notice("not-declared"), notice(device="x", **{"site": None})))
    assert pages(stranger) == {}


def test_words_of_a_device_stay_in_comments(scanned: Report) -> None:
    hostile = Text(vi="x\nreload\r\n\u2028write erase", en="x\nreload\r\n\u2028write erase")
    notices = tuple(replace(one, text=hostile, remedy=hostile) for one in scanned.notices)
    found = pages(replace(scanned, findings=(), notices=notices), "one", "two\nreload")
    assert len(found) == 2
    for page in found.values():
        assert typed(page) == []
        assert {"! configure", "! one", "! end"} <= set(page.splitlines())
