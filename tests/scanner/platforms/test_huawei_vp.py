"""A saved file in which a VP says what it is tells model and release, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, recognise
from scanner.platforms import find

PLATFORM = find("huawei-vp")
WALK = "SNMPv2-MIB::sysDescr.0 = STRING: "
SAID: dict[str, tuple[str, str, str | None, int]] = {
    "a prompt": ("login: administrator\n<HUAWEI VP9650> passwd\n", "VP9650", None, 2),
    "a prompt at the end": ("<HUAWEI VP9650>", "VP9650", None, 1),
    "a walk": (f"{WALK}HUAWEI VP9660 V600R006C10 LAB\n", "VP9660", "V600R006C10", 1),
    "numbers": (
        '.1.3.6.1.2.1.1.1.0 = STRING: "HUAWEI VP9630 V500R002C00SPCb00"\n',
        "VP9630",
        "V500R002C00SPCb00",
        1,
    ),
    "a recording": (
        "1.3.6.1.2.1.1.1.0|4|HUAWEI VP9660 V600R019C00 x\n",
        "VP9660",
        "V600R019C00",
        1,
    ),
    "the description alone": ("HUAWEI VP9660 V600R006C10\n", "VP9660", "V600R006C10", 1),
    "as the scanner keeps it": (
        "snmp v2c get sysDescr 10.67.10.11:161\n"
        "sysDescr: HUAWEI ViewPoint 8660 V100R011C03B012SP15\n",
        "8660",
        "V100R011C03B012SP15",
        2,
    ),
    "a prompt and a description": (
        f"<HUAWEI VP9660>\n{WALK}HUAWEI VP9660 V600R006C10\n<HUAWEI VP9660>\n",
        "VP9660",
        "V600R006C10",
        1,
    ),
}


def document(text: str) -> Document:
    return Document(text.encode(), "saved.txt", "O", datetime(2026, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(("text", "model", "version", "line"), SAID.values(), ids=SAID.keys())
def test_model_and_release(text: str, model: str, version: str | None, line: int) -> None:
    expected: dict[str, Any]
    understood = recognise([document(text)])
    assert understood.platform.name == PLATFORM.name
    told = {k: v for k, v in understood.reading.facts.items() if isinstance(v, Known)}
    expected = {"identity.family": "huawei-vp", "identity.vendor": "Huawei"}
    expected |= {"identity.model": model} | ({"software.version": version} if version else {})
    if "sysDescr" in text or "1.3.6.1.2.1.1.1.0" in text:
        expected |= {"service.snmp.enabled": True}
    assert {name: fact.value for name, fact in told.items()} == expected
    assert told["identity.model"].citations[0].line == line
    assert isinstance(understood.reading.facts["call.active"], Unknown)


SILENT = {
    "a sentence": "The room has a HUAWEI VP9660 V600R006C10 since 2019.\n",
    "a list of banners": '{"banner": "HUAWEI VP9660 V600R006C10 ", "vendor": "Huawei"}\n',
    "another series": "<HUAWEI VP8660>\n",
    "an endpoint": f"{WALK}HUAWEI TE40 V600R006C10 LAB\n",
    "a switch": f"{WALK}Huawei Versatile Routing Platform Software VRP\n",
    "the prompt of a switch": "<HUAWEI>display version\n",
    "a prompt within a line": "log: <HUAWEI VP9650>\n",
    "a release cut off": "HUAWEI VP9660 V600R006C1",
    "a walk cut off": f"{WALK}HUAWEI VP9660 V600R006C1",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_what_is_no_word_of_a_vp(text: str) -> None:
    facts = PLATFORM.read([document(text)]).facts
    assert [name for name, fact in facts.items() if isinstance(fact, Known)] == []
    try:
        assert recognise([document(text)]).platform.name != PLATFORM.name
    except NotRecognised:
        return


def test_two_models_in_one_file_are_none() -> None:
    facts = PLATFORM.read([document("<HUAWEI VP9650>\n<HUAWEI VP9660>\n")]).facts
    assert isinstance(facts["identity.model"], Unknown)
    assert [c.line for c in facts["identity.model"].citations] == [1, 2]
    assert isinstance(facts["identity.family"], Known)
