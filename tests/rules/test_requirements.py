"""The texts of the 52 requirements: complete, well-formed, and the Regulation's own words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from inventory.text import Text
from rules.registry import rule_modules, rules
from rules.requirements import REQUIREMENTS, Requirement, order

AUTOMATED = [
    "D10.1-a",
    "D10.1-b",
    "D10.1-c",
    "D10.1-d",
    "D10.1-e",
    "D10.1-f",
    "D10.1-g",
    "D10.1-h",
    "D10.2-a",
    "D10.2-b",
    "D10.2-c",
    "D10.2-d",
    "D10.2a-a",
    "D10.2b-a",
    "D10.2c-a",
    "D10.2c-b",
    "D10.2c-d",
    "D11.1-a",
    "D11.1-b",
    "D11.1-c",
    "D11.1-d",
    "D11.1-e",
    "D11.2-a",
    "D11.2-b",
    "D11.2-c",
    "D11.2-d",
    "D11.2-e",
    "D11.2-f",
    "D11.2-g",
    "D11.2-h",
    "D11.2-i",
    "D11.3-a",
    "D12.1-a",
    "D12.1-b",
    "D12.1-c",
    "D12.1-d",
    "D12.2-a",
    "D12.2-b",
    "D12.3-a",
    "D12.3-c",
    "D12.5-a",
    "D12.5-b",
]

ALL = pytest.mark.parametrize("wanted", REQUIREMENTS.values(), ids=lambda wanted: wanted.id)


def test_there_are_52_in_the_regulations_order() -> None:
    assert len(REQUIREMENTS) == 52
    assert list(REQUIREMENTS) == sorted(REQUIREMENTS, key=order)
    assert Counter(wanted.article for wanted in REQUIREMENTS.values()) == {10: 20, 11: 15, 12: 17}


def test_what_is_judged_automatically() -> None:
    assert [rule.id for rule in rules()] == AUTOMATED


@ALL
def test_texts_are_complete(wanted: Requirement) -> None:
    texts = (wanted.title, wanted.remedy)
    for words in [wanted.quote, *(t.vi for t in texts), *(t.en for t in texts)]:
        assert words == words.strip() != ""
        assert unicodedata.is_normalized("NFC", words)
    assert all(re.search(r"[à-ỹđ]", text.vi) for text in texts)
    assert not any(re.search(r"[à-ỹđ]", text.en) for text in texts)
    assert all(text.vi.endswith(".") and text.en.endswith(".") for text in [wanted.remedy])


@ALL
def test_the_file_is_named_after_the_id(wanted: Requirement) -> None:
    begin = wanted.id.lower().replace(".", "_").replace("-", "_")
    assert re.fullmatch(rf"{begin}_[a-z_]+", wanted.stem)


@ALL
def test_rule_and_text_agree(wanted: Requirement) -> None:
    rule = next((rule for rule in rules() if rule.id == wanted.id), None)
    if rule is None:
        assert (wanted.subject, dict(wanted.reasons)) == ("system", {})
    else:
        assert (rule.subject, rule.severity) == (wanted.subject, wanted.severity)


@pytest.mark.parametrize("module", rule_modules())
def test_every_rule_module_has_its_text_beside_it(module: str) -> None:
    loaded = import_module(module)
    wanted = REQUIREMENTS[loaded.RULE.id]
    assert module.rsplit(".", 1)[1] == wanted.stem
    assert Path(str(loaded.__file__)).with_suffix(".toml").is_file()
    assert loaded.__doc__


def test_clauses_are_cited_as_in_the_regulation() -> None:
    lead, point = REQUIREMENTS["D10.2-a"], REQUIREMENTS["D10.2c-a"]
    assert (lead.clause, lead.label) == (
        "10.2",
        Text(vi="khoản 2 Điều 10", en="Article 10, clause 2"),
    )
    assert (point.clause, point.label) == (
        "10.2c",
        Text(vi="điểm c khoản 2 Điều 10", en="Article 10, clause 2, point c"),
    )


@pytest.mark.parametrize("wrong", ["D10.1", "10.1-a", "D10.1-A", "", "D10.1-a "])
def test_what_is_no_id_has_no_order(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not the id"):
        order(wrong)


@pytest.mark.corpus
def test_ids_are_those_of_the_register(shared: Path) -> None:
    register = (shared / "regulation" / "REQUIREMENTS.md").read_text(encoding="utf-8")
    assert list(REQUIREMENTS) == re.findall(r"^### (D\d\S+)", register, re.MULTILINE)


@pytest.mark.corpus
@ALL
def test_quotes_are_letter_for_letter(wanted: Requirement, shared: Path) -> None:
    law = (shared / "regulation" / "quyet-dinh-2456.txt").read_text(encoding="utf-8")
    law = re.sub(r"\s+", " ", unicodedata.normalize("NFC", law))
    article = law[law.index(f"Điều {wanted.article}. ") : law.index(f"Điều {wanted.article + 1}. ")]
    clause = int(wanted.clause.split(".")[1].rstrip("abc"))
    place = article.index(f" {clause}. ")
    end = article.find(f" {clause + 1}. ", place)
    for part in wanted.quote.split(" … "):
        place = article.index(part, place, end if end > 0 else len(article)) + len(part)
