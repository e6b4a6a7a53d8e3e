"""SARIF, JUnit, GitLab, GitHub, Markdown, CSV: one truth in six shapes; nothing breaks out."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from inventory.text import Text
from reports import csv_findings, github, gitlab, junit, markdown, sarif
from reports.found import Found, Place, Remark, identities, of_report
from reports.markdown import LONGEST, MARK, escaped
from reports.one_line import one_line
from reports.report import Report
from rules.facts import Citation
from rules.model import Finding, Outcome, Severity, Subject
from tests.reports import read_back

NOW = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)

HOSTILE = (
    "x\n::set-output name=a::b\r\n##[error]c\x1b[31m\x07 <script>alert(1)</script> | `@everyone` "
    "[go](http://evil.example) {0} %0A &amp; ]]> \u202egnp \ud800 \x00\u2028/close #1 !2 ::error::"
)


def text(words: str) -> Text:
    return Text(vi=words, en=words)


def finding(
    requirement: str = "D11.1-d",
    subject: str = "phong",
    outcome: Outcome = Outcome.FAIL,
    severity: Severity = "S2",
    cited: tuple[tuple[str, int | None], ...] = (("phong.txt", 15),),
    words: str = "telnet is on",
) -> Finding:
    return Finding(
        requirement=requirement,
        subject=Subject("device", subject),
        outcome=outcome,
        severity=severity,
        reason=text(words),
        remedy=None,
        citations=tuple(Citation("O", file, line, f"line of {file}") for file, line in cited),
        fingerprint=hashlib.sha256(repr((requirement, subject, outcome)).encode()).hexdigest()[:32],
        device=subject,
    )


def found(*findings: Finding, **changes: object) -> Found:
    made = Found(
        id="gate",
        version="0.1.0",
        started=NOW,
        finished=NOW,
        findings=findings,
        status=1,
        reason=text("2 not met"),
        remarks=(
            Remark("unread-file", "error", text("not recognised"), Place("note.cfg")),
            Remark("relaxation", "warning", text("--ignore D11.1-c")),
            Remark("unread-line", "warning", text("“set x” was not understood"), Place("a", 3)),
            Remark("only-live", "note", text("a scan has to show the rest")),
        ),
        homes={"phong": "phong.txt"},
    )
    return replace(made, **changes)


MIXED = found(
    finding(),
    finding("D11.1-c", severity="S1", cited=(("thư mục/tường lửa.cfg", 7), ("b.cfg", 9))),
    finding("D10.1-b", "fw", Outcome.UND, cited=(("fw.conf", 3),)),
    finding("D11.3-a", "phong", Outcome.UND, "S4", cited=()),
    finding("D11.1-b", "phong", Outcome.PASS),
    finding("D11.2-b", "phong", Outcome.NA),
)
EXPECTED = {
    ("D11.1-d", "phong", "FAIL", "S2", "phong.txt", 15),
    ("D11.1-c", "phong", "FAIL", "S1", "thư mục/tường lửa.cfg", 7),
    ("D10.1-b", "fw", "UND", "S2", "fw.conf", 3),
    ("D11.3-a", "phong", "UND", "S4", "phong.txt", None),
}
RENDERED = (sarif.render, junit.render, gitlab.render, github.render, markdown.render)
IDS = ("sarif", "junit", "gitlab", "github", "markdown")


def test_every_format_holds_the_same_faults() -> None:
    assert read_back.sarif_rows(sarif.render(MIXED, "en")) == EXPECTED
    assert read_back.junit_rows(junit.render(MIXED, "en")) == EXPECTED
    assert read_back.github_rows(github.render(MIXED, "en")) == EXPECTED
    assert read_back.markdown_rows(markdown.render(MIXED, "en")) == EXPECTED
    with_line = {row if row[5] else (*row[:5], 1) for row in EXPECTED}
    assert read_back.gitlab_rows(gitlab.render(MIXED, "en")) == with_line


@pytest.mark.parametrize("render", RENDERED, ids=IDS)
def test_the_reason_relaxations_and_what_was_not_read_are_in_every_format(render) -> None:
    said = html.unescape(render(MIXED, "en")).replace("\u200b", "")
    for words in ("2 not met", "--ignore D11.1-c", "not recognised", "“set x” was not understood"):
        assert words in said
    assert "note.cfg" in said


@pytest.mark.parametrize("render", RENDERED, ids=IDS)
def test_the_language_is_that_asked_for(render) -> None:
    both = Text(vi="dịch vụ đang bật", en="service is on")
    one = found(replace(finding(), reason=both), reason=Text(vi="không đạt", en="not met"))
    assert "dịch vụ đang bật" in render(one, "vi")
    assert "service is on" in render(one, "en")
    if render is not sarif.render:
        assert "dịch vụ đang bật" not in render(one, "en")


@pytest.mark.parametrize("render", RENDERED, ids=IDS)
def test_nothing_steers_a_reader(render) -> None:
    evil = found(
        finding(subject=HOSTILE, words=HOSTILE, cited=((HOSTILE, 4),)),
        reason=text(HOSTILE),
        remarks=(Remark("unread-file", "error", text(HOSTILE), Place(one_line(HOSTILE))),),
    )
    said = render(evil, "en")
    said.encode("utf-8")
    assert "##[" not in said
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", said)
    read = {sarif.render: read_back.sarif, junit.render: read_back.junit}
    read[gitlab.render] = read_back.gitlab
    read.get(render, str)(said)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=1, max_size=30))
def test_any_words_leave_every_format_whole(subject: str, words: str, file: str) -> None:
    one = found(
        finding(subject=subject, words=words, cited=((file, 7),)), reason=text(f"n {words}")
    )
    assert len(read_back.sarif(sarif.render(one, "en"))["results"]) == 1
    assert len(list(read_back.junit(junit.render(one, "en")).iter("failure"))) == 1
    assert len(read_back.gitlab(gitlab.render(one, "en"))) == 5
    done = read_back.commands(github.render(one, "en"))
    assert [name for name, _, _ in done] == ["error"] * 3 + ["warning"] * 2 + ["notice"]
    assert len(re.findall(r"^\| S\d", markdown.render(one, "en"), re.MULTILINE)) == 1
    said = csv_findings.render(one, "en").removeprefix("\ufeff")
    assert len(list(csv.DictReader(io.StringIO(said, newline="")))) == 1


def test_no_command_of_others_reaches_the_runner() -> None:
    many = [finding(subject=f"{HOSTILE}{n}", words=HOSTILE) for n in range(30)]
    done = read_back.commands(github.render(found(*many), "en"))
    assert {name for name, _, _ in done} <= {"error", "warning", "notice"}
    assert all(set(values) <= {"file", "line", "title"} for _, values, _ in done)


def test_files_are_escaped_in_the_properties_of_a_command() -> None:
    said = github.render(found(finding(cited=(("a,line=1:b%.cfg", 2),))), "en")
    assert "file=a%2Cline=1%3Ab%25.cfg,line=2," in said


def test_no_level_has_more_annotations_than_are_shown_and_none_is_lost() -> None:
    many = [finding(subject=f"d{n}", cited=((f"d{n}.txt", n + 1),)) for n in range(25)]
    said = github.render(found(*many), "en")
    errors = [one for one in read_back.commands(said) if one[0] == "error"]
    assert len(errors) == 10
    assert "more of this level" in errors[-1][2]
    assert len(read_back.github_rows(said)) == 25
    exactly = [finding(subject=f"d{n}") for n in range(8)]
    assert "more of this level" not in github.render(found(*exactly), "en")


def test_an_undetermined_finding_is_never_green_nor_silent() -> None:
    one = found(finding(outcome=Outcome.UND, severity="S4"), status=3)
    (result,) = read_back.sarif(sarif.render(one, "en"))["results"]
    assert (result["kind"], result["level"]) == ("open", "none")
    cases = read_back.junit(junit.render(one, "en")).findall("testsuite/testcase")
    assert all(case.find("error") is not None or case.find("skipped") is not None for case in cases)
    assert "::warning file=phong.txt" in github.render(one, "en")


def test_sarif_says_how_the_run_ended() -> None:
    run = read_back.sarif(sarif.render(replace(MIXED, status=3, whole=False), "en"))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    assert invocation["exitCodeDescription"] == "2 not met"
    told = [n["descriptor"]["id"] for n in invocation["toolExecutionNotifications"]]
    assert told == ["not-green", "unread-file", "relaxation", "unread-line", "only-live"]
    assert run["properties"]["counts"] == {"FAIL": 2, "UND": 2, "PASS": 1, "NA": 1}


def test_sarif_describes_each_rule_in_both_languages_with_its_clause() -> None:
    run = read_back.sarif(sarif.render(MIXED, "vi"))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["D10.1-b", "D11.1-c", "D11.1-d", "D11.3-a"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert rule["properties"]["remedy"]["vi"] in rule["help"]["text"].replace("{{", "{")
        assert rule["properties"]["quote"] in rule["fullDescription"]["text"]
        assert set(rule["properties"]["title"]) == {"vi", "en"}


def test_sarif_messages_hold_no_link_and_no_placeholder() -> None:
    one = found(finding(words="[go](http://evil.example) {0}"))
    (result,) = read_back.sarif(sarif.render(one, "en"))["results"]
    assert "](" not in result["message"]["text"]
    assert "{{0}}" in result["message"]["text"]


def test_a_moved_line_or_renamed_file_keeps_the_identity_and_other_words_do_not() -> None:
    def identity(*citations: Citation) -> str:
        ((_, name),) = identities(found(replace(finding(), citations=citations)))
        return name

    first = identity(Citation("O", "a.cfg", 3, "telnet  on"))
    assert identity(Citation("O", "b.cfg", 90, " telnet on")) == first
    assert identity(Citation("O", "a.cfg", 3, "telnet on vrf x")) != first


def test_equal_findings_have_identities_of_their_own() -> None:
    names = [name for _, name in identities(found(finding(), finding(), finding()))]
    assert len(set(names)) == 3
    assert len(read_back.gitlab(gitlab.render(found(finding(), finding()), "en"))) == 6


@pytest.mark.parametrize(
    ("severity", "outcome", "told"),
    [
        ("S1", Outcome.FAIL, "blocker"),
        ("S2", Outcome.FAIL, "critical"),
        ("S3", Outcome.FAIL, "major"),
        ("S4", Outcome.FAIL, "minor"),
        ("S1", Outcome.UND, "minor"),
    ],
)
def test_severities_of_gitlab(severity: Severity, outcome: Outcome, told: str) -> None:
    entries = read_back.gitlab(
        gitlab.render(found(finding(severity=severity, outcome=outcome), remarks=()), "en")
    )
    assert entries[-1]["severity"] == told


def test_junit_counts_what_it_holds() -> None:
    root = read_back.junit(junit.render(MIXED, "en"))
    assert len(list(root.iter("failure"))) == 2
    green = [case for case in root.iter("testcase") if not len(case)]
    assert [case.get("classname") for case in green] == ["D11.1-b"]


def test_only_a_green_gate_has_a_green_verdict() -> None:
    green = found(finding(outcome=Outcome.PASS), status=0, reason=None, remarks=())
    assert 'name="verdict"' in junit.render(green, "en")
    assert "✅" in markdown.render(green, "en")
    let_through = replace(green, reason=text("1 not met"))
    assert 'name="verdict"' not in junit.render(let_through, "en")
    assert "⚠️" in markdown.render(let_through, "en")
    assert "❌" in markdown.render(replace(green, status=3, reason=text("x")), "en")


def test_a_comment_fits_and_says_what_was_left_out() -> None:
    many = [finding(subject=f"thiết-bị-{n}", words="lý do | dài " * 30) for n in range(900)]
    said = markdown.render(found(*many), "vi")
    assert len(said) <= LONGEST
    assert said.startswith(MARK)
    shown = len(re.findall(r"^\| S\d", said, re.MULTILINE))
    assert f"còn {900 - shown} mục không đủ chỗ" in said
    assert said.count("<details") == said.count("</details>")


@pytest.mark.parametrize(
    "words", ["a|b", "<img src=x>", "@team", "[x](y)", "`c`", "#12", "https://e.example", "*b*"]
)
def test_markdown_shows_words_as_they_are(words: str) -> None:
    said = escaped(words)
    assert not re.search(r"[|<>\[\]`*]|@\w|//e|(?<!&)#\d", said.replace(":\u200b/", ""))
    assert html.unescape(said).replace("\u200b", "") == words


TAGS = {
    *("code", "details", "h3", "li", "strong", "summary", "table", "tbody", "td", "th", "thead"),
    *("tr", "ul"),
}
"""Those of our own page."""


def test_a_reader_of_markdown_finds_no_markup_of_others() -> None:
    evil = (
        "www.evil.example https://evil.example a@b.example <b>x</b> [l](javascript:1) "
        "![i](http://x/y.png) **b** `c` | d ~~s~~ __u__ </details> <a href=x> \\| ```"
    )
    said = markdown.render(
        found(
            finding(subject=evil, words=evil, cited=((evil, 4),)),
            reason=text(evil),
            remarks=(Remark("unread-file", "error", text(evil), Place(evil)),),
        ),
        "en",
    )
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    page = reader.render(said)
    assert set(re.findall(r"</?([a-zA-Z]\w*)", page)) == TAGS
    assert "www.evil" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    ("text_", "shown"),
    [
        ("a\r\nb", "a b"),
        ("\x1b[2Jx", "[2Jx"),
        ("\u202ex\u200b", "x"),
        ("\udcff", "\ufffd"),
        ("##[x]", "# #[x]"),
        ("##vso[", "# #vso["),
        ("## a", "## a"),
        ("x" * 9, "xxxxxxx…"),
    ],
)
def test_one_line(text_: str, shown: str) -> None:
    assert one_line(text_, 8) == shown


def test_a_scan_as_sarif_junit_and_csv(sample: Report) -> None:
    of_scan = of_report(sample)
    faults = {
        (f.requirement, f.subject.id, f.outcome.value, f.severity)
        for f in sample.findings
        if f.outcome in {Outcome.FAIL, Outcome.UND}
    }
    run = read_back.sarif(sarif.render(of_scan, "vi"))
    assert run["invocations"][0]["executionSuccessful"] is False, "a device was off"
    assert {row[:4] for row in read_back.sarif_rows(sarif.render(of_scan, "vi"))} == faults
    assert {row[:4] for row in read_back.junit_rows(junit.render(of_scan, "vi"))} == faults
    said = csv_findings.render(of_scan, "vi")
    rows = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
    assert len(rows) == len(sample.findings)
    told = {(r["requirement"], r["subject"], r["verdict"], r["severity"]) for r in rows}
    assert told >= faults


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(start: str) -> None:
    said = csv_findings.render(found(finding(subject=start, words=start)), "en")
    (row,) = csv.DictReader(io.StringIO(said.removeprefix("\ufeff")))
    assert row["subject"].startswith("'")
    assert row["reason"].startswith("'")


@pytest.mark.parametrize("render", [*RENDERED, csv_findings.render], ids=[*IDS, "csv"])
def test_the_same_input_gives_the_same_text(render) -> None:
    assert render(MIXED, "vi") == render(MIXED, "vi")


def test_the_schemas_refuse_what_is_wrong() -> None:
    good = json.loads(sarif.render(MIXED, "en"))
    good["runs"][0]["results"][0]["level"] = "loud"
    with pytest.raises(Exception, match="loud"):
        read_back.sarif(json.dumps(good))
    with pytest.raises(Exception, match="tests"):
        read_back.junit(junit.render(MIXED, "en").replace(" tests=", " cases="))
    with pytest.raises(Exception, match="severity"):
        read_back.gitlab(gitlab.render(MIXED, "en").replace('"severity"', '"weight"'))
