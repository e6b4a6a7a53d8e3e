"""Saved SNMP answers in every form name the device, with the line, through the family's signs."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, recognise
from scanner.platforms import find
from scanner.platforms.snmp_walk import objects


def document(content: str | bytes, source: str = "walk.txt") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def told(family: str, *contents: str | bytes) -> dict[str, Any]:
    facts = find(family).read([document(content) for content in contents]).facts
    return {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known) and name.startswith(("identity.", "software."))
    }


@pytest.mark.corpus
def test_the_recorded_walk_of_a_meeting_server(shared: Path) -> None:
    raw = (shared / "devices/cisco-cms/snmp/acano.snmprec").read_bytes()
    assert told("cisco-cms", raw) == {
        "identity.vendor": ("Cisco", 1),
        "identity.family": ("cisco-cms", 1),
    }
    understood = recognise([document(raw, "acano.snmprec")])
    assert understood.platform.name == "cisco-cms"
    assert understood.reading.unread == ()
    chance = random.Random(4)
    for _ in range(100):
        cut = told("cisco-cms", raw[: chance.randrange(len(raw))])
        assert cut in ({}, told("cisco-cms", raw))


CODEC = "Cisco Codec SoftW: ce9.15.0.1.aa MCU: Cisco Webex Room Kit Date: 2021-01-28"
ROOM_KIT = {"identity.vendor", "identity.family", "identity.model", "software.version"}
FORMS = {
    "recorded": "1.3.6.1.2.1.1.1.0|4|{}",
    "recorded in hexadecimal": "1.3.6.1.2.1.1.1.0|4x|{hex}",
    "numeric": ".1.3.6.1.2.1.1.1.0 = STRING: {}",
    "numeric and quoted": '.1.3.6.1.2.1.1.1.0 = STRING: "{}"',
    "iso": "iso.3.6.1.2.1.1.1.0 = STRING: {}",
    "named": "SNMPv2-MIB::sysDescr.0 = STRING: {}",
    "named by an older module": "RFC1213-MIB::sysDescr.0 = STRING: {}",
    "suffix only": "sysDescr.0 = STRING: {}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_description_is_found_in_every_form(form: str, ends: str) -> None:
    line = form.format(CODEC, hex=CODEC.encode().hex())
    facts = told("cisco-roomos", ends.join(["# saved", "", line, ""]))
    assert set(facts) == ROOM_KIT
    assert facts["identity.model"] == ("Room Kit", 3)
    assert {line for _, line in facts.values()} == {3}


def test_what_the_collector_brought_is_read_alike() -> None:
    asked = f"snmp v3 get sysDescr sysObjectID sysName 10.0.0.1:161\nsysDescr: {CODEC}\n"
    assert told("cisco-roomos", asked)["identity.model"] == ("Room Kit", 2)
    assert told("cisco-roomos", asked.split("\n", 1)[1]) == {}


OBJECT_IDS = (
    ("polycom-rmx", "SNMPv2-MIB::sysObjectID.0 = OID: SNMPv2-SMI::enterprises.13885.110.1"),
    ("polycom-rmx", ".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.13885.110"),
    ("polycom-rmx", "iso.3.6.1.2.1.1.2.0 = OID: iso.3.6.1.4.1.13885.110"),
    ("polycom-rmx", "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.13885.110"),
    ("polycom-group", "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.13885.101.1.1"),
)


@pytest.mark.parametrize(("family", "line"), OBJECT_IDS)
def test_an_object_identifier_names_the_family(family: str, line: str) -> None:
    assert recognise([document(line + "\n")]).platform.name == family


NOTHING = {
    "cut off": "1.3.6.1.2.1.1.1.0|4|Acano",
    "another object": "1.3.6.1.2.1.1.5.0|4|Acano\n",
    "the same name in a table": "1.3.6.1.2.1.1.1.0.1|4|Acano\n",
    "more than the name": "1.3.6.1.2.1.1.1.0|4|Acanorama\n",
    "a net-snmp of any make": "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8072.3.2.10\n",
    "not there": "SNMPv2-MIB::sysDescr.0 = No Such Object available on this agent at this OID\n",
    "a quote without end": '.1.3.6.1.2.1.1.1.0 = STRING: "Acano\n.1.3.6.1.2.1.1.5.0 = STRING: x"\n',
    "broken hexadecimal": "1.3.6.1.2.1.1.1.0|4x|4163616e6\n",
    "hostile": "1.3.6.1.2.1.1.1.0|4|" + "A" * 200_000 + "\n" + "1." * 100_000 + "\n",
    "hostile names": "a" * 100_000 + "::" + "b" * 100_000 + " = STRING: x\n",
    "forged by the device": "1.3.6.1.2.1.1.5.0|4|x 1.3.6.1.2.1.1.1.0 = STRING: Acano\n",
}


@pytest.mark.parametrize("content", NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_sign_names_nobody(content: str) -> None:
    assert told("cisco-cms", content) == {}
    with pytest.raises(NotRecognised):
        recognise([document(content)])


def test_a_quoted_value_may_go_over_lines() -> None:
    walk = '.1.3.6.1.2.1.1.1.0 = STRING: "Cisco Codec\r\nSoftW: ce9.15.0.1.aa\r\n\
MCU: Cisco Webex Room Kit\r\nDate: 2021-01-28"\r\n.1.3.6.1.2.1.1.5.0 = STRING: "a"\r\n'
    found = objects(document(walk))
    assert found["1.3.6.1.2.1.1.1.0"][0].value == CODEC
    assert found["1.3.6.1.2.1.1.5.0"][0].citation.line == 5


def test_two_walks_of_different_devices_agree_on_less() -> None:
    other = CODEC.replace("ce9.15.0.1.aa", "ce9.15.3.22.bb")
    facts = told("cisco-roomos", *(f"1.3.6.1.2.1.1.1.0|4|{text}\n" for text in (CODEC, other)))
    assert set(facts) == ROOM_KIT - {"software.version"}


def test_what_the_device_says_of_its_settings_goes_before_its_description() -> None:
    status = '*s SystemUnit Software Version: "ce11.5.4.6 5bd0a4e"\n** end\n\nOK\n'
    walk = f"1.3.6.1.2.1.1.1.0|4|{CODEC}\n"
    facts = (
        find("cisco-roomos").read([document(status, "xStatus SystemUnit"), document(walk)]).facts
    )
    assert getattr(facts["software.version"], "value", "").startswith("ce11.5.4.6")


def test_a_family_that_is_only_recognised_is_named_by_its_walk() -> None:
    walk = "SNMPv2-MIB::sysDescr.0 = STRING: HUAWEI VP9660 V600R019C00\n"
    facts = told("huawei-vp", walk)
    assert facts["identity.model"] == ("VP9660", 1)
    assert facts["software.version"] == ("V600R019C00", 1)


def test_the_longest_walk_is_read_in_a_moment_by_all_families() -> None:
    lines = [f"1.3.6.1.2.1.2.2.1.2.{number}|4|port {number}" for number in range(60_000)]
    walk = document("\n".join(["1.3.6.1.2.1.1.1.0|4|Acano", *lines, ""]))
    started = time.process_time()
    assert recognise([walk]).platform.name == "cisco-cms"
    assert time.process_time() - started < 15
