"""Findings as JUnit XML, for the test reports of pipelines.

One test case for every finding: FAIL is a failure, UND an error, NA skipped; only PASS is green.
What is said besides the findings stands in a suite of its own, which is never green where the gate
is not. There is no one schema of JUnit; this keeps to what Ant's and that of Jenkins both allow,
so the place of a finding is the first line of its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reports import found as saying
from reports.found import Found, Remark
from reports.one_line import one_line
from rules.model import Finding, Outcome
from rules.requirements import REQUIREMENTS

_TAGS = {Outcome.FAIL: "failure", Outcome.UND: "error", Outcome.NA: "skipped"}


def render(found: Found, lang: str) -> str:
    """The suite of the run itself, then one for each requirement that was judged."""
    root = Element("testsuites")
    root.append(_run_suite(found, lang))
    for name in REQUIREMENTS:
        findings = [finding for finding in found.findings if finding.requirement == name]
        if findings:
            root.append(_suite(found, name, findings, lang))
    for number, suite in enumerate(root):
        suite.set("id", str(number))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _suite(found: Found, name: str, findings: Iterable[Finding], lang: str) -> Element:
    requirement = REQUIREMENTS[name]
    suite = Element("testsuite", name=f"{name} {requirement.title.in_language(lang)}")
    _properties(
        suite,
        {"clause": requirement.label.in_language(lang), "quote": requirement.quote},
    )
    passed = []
    for finding in findings:
        _add_case(suite, found, finding, lang)
        if finding.outcome is Outcome.PASS:
            passed.append(saying.statement(finding, lang))
    return _closed(suite, found, passed)


def _add_case(suite: Element, found: Found, finding: Finding, lang: str) -> None:
    case = _case(suite, finding.requirement, saying.subject(finding))
    if finding.outcome is Outcome.PASS:
        return
    told = SubElement(
        case,
        _TAGS[finding.outcome],
        message=f"{saying.headline(finding, lang)}: {saying.statement(finding, lang)}",
        type=f"{finding.outcome} {finding.severity}",
    )
    told.text = "\n".join(_details(found, finding, lang))


def _details(found: Found, finding: Finding, lang: str) -> Iterator[str]:
    yield str(found.place(finding))
    if finding.outcome is Outcome.FAIL:
        yield f"→ {saying.remedy(finding, lang)}"
    for citation in finding.citations:
        place = saying.at(citation.source, citation.line)
        yield f"{place}: {one_line(citation.text)}" if citation.text else str(place)


def _run_suite(found: Found, lang: str) -> Element:
    suite = Element("testsuite", name=f"hnth {one_line(found.id)}")
    _properties(
        suite,
        {
            "version": found.version,
            **({} if found.status is None else {"status": str(found.status)}),
            **{outcome.value: str(found.count(outcome)) for outcome in Outcome},
        },
    )
    remarks = [one for one in found.all_remarks if one.level != "note"]
    for number, remark in enumerate(remarks, start=1):
        _add_remark(suite, remark, number, lang)
    if found.status == 0 and found.reason is None:
        _case(suite, "hnth", "verdict")
    notes = (one for one in found.all_remarks if one.level == "note")
    return _closed(suite, found, (one_line(one.text.in_language(lang)) for one in notes))


def _add_remark(suite: Element, remark: Remark, number: int, lang: str) -> None:
    """An error keeps the suite red; a warning is shown as skipped, which is not green either."""
    case = _case(suite, "hnth", f"{remark.kind} {number}")
    tag = "error" if remark.level == "error" else "skipped"
    told = SubElement(case, tag)
    text = one_line(remark.text.in_language(lang))
    where = "" if remark.place is None else str(remark.place)
    told.set("message", f"{where}: {text}" if where else text)
    told.set("type", remark.kind)
    told.text = where


def _case(suite: Element, group: str, name: str) -> Element:
    return SubElement(suite, "testcase", name=name, classname=group, time="0")


def _properties(suite: Element, values: dict[str, str]) -> None:
    properties = SubElement(suite, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)


def _closed(suite: Element, found: Found, told: Iterable[str]) -> Element:
    """With its counts and all that Ant asks of a suite. The computer is not named."""
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("time", "0")
    suite.set("timestamp", found.started.strftime("%Y-%m-%dT%H:%M:%S"))
    suite.set("hostname", "localhost")
    suite.set("package", "hnth")
    SubElement(suite, "system-out").text = "\n".join(told)
    SubElement(suite, "system-err")
    return suite
