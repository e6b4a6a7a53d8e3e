"""Facts and findings come back from the store as they went in."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from ipaddress import ip_interface, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.text import Text
from rules.facts import FACT_TYPES, Citation, Facts, Known, LogSource, Unknown
from rules.model import Finding, Outcome, Subject
from rules.network_facts import Interface, QosClass
from rules.packets.fields import ALL_V6
from rules.packets.policy import Chain, Policy, Region, Rule, Stage, Unread
from rules.packets.sets import Names, Part, numbers
from scanner.store import codec

UNICODE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1))

st.register_type_strategy(str, UNICODE)
st.register_type_strategy(float, st.floats(allow_nan=False))
st.register_type_strategy(datetime, MOMENTS)

CITATIONS = st.lists(st.from_type(Citation), max_size=2).map(tuple)
REASONS = st.builds(Text, vi=UNICODE, en=UNICODE)

REGION = Region(
    source=ALL_V6,
    protocol=numbers([(6, 6)], [Part(((6, 6),), 3, "tcp", "fw.cfg")]),
    entering=Names(frozenset({"wan"}), frozenset({"eth"}), True),
)
POLICY = Policy(
    (Stage("in", REGION, 4, "bound", True),),
    {
        "in": Chain(
            "in", (Rule("jump", 2, "text", (REGION,), (), "in", "why", "f", (9,)),), "deny", 1
        )
    },
    (Unread(5, "line", "why"),),
    {"dmz": ("eth1",)},
)


def facts_of(name: str):
    known = st.builds(Known, st.from_type(FACT_TYPES[name]), CITATIONS)
    return known | st.builds(Unknown, REASONS, CITATIONS)


@pytest.mark.parametrize("name", FACT_TYPES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_fact_survives_the_store(name: str, data: st.DataObject) -> None:
    fact = data.draw(facts_of(name))
    again = codec.decode_fact(name, codec.encode_fact(name, fact))
    assert again == fact
    assert same_types(again, fact)


@settings(max_examples=100, deadline=None)
@given(finding=st.from_type(Finding))
def test_every_finding_survives_the_store(finding: Finding) -> None:
    again = codec.decode_finding(codec.encode_finding(finding))
    assert again == finding
    assert isinstance(again.outcome, Outcome)


def same_types(one: object, other: object) -> bool:
    """True == 1 and 1 == 1.0 hold in Python; here they must not be exchanged."""
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(same_types(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, tuple):
        return all(same_types(a, b) for a, b in zip(one, other, strict=True))
    return True


MOMENT = datetime(2026, 11, 23, 2, 30, 15, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("management.allowlist", ()),
        ("management.allowlist", (ip_network("10.67.20.5/32"), ip_network("fe80::/10"))),
        ("interfaces", (Interface("eth0", (ip_interface("fe80::1%eth0/64"),), 20, None, True),)),
        ("logs.sources", (LogSource("m", "alert", MOMENT, MOMENT, 1, math.inf),)),
        ("filters", POLICY),
        ("qos.classes", (QosClass("wan", "out", "hnth", 2000, (REGION,), 7),)),
    ],
    ids=["empty tuple", "both families", "scope id", "infinite gap", "policy", "class"],
)
def test_corner_values(name: str, value: object) -> None:
    fact = Known(value)
    assert codec.decode_fact(name, codec.encode_fact(name, fact)) == fact


def test_a_lone_surrogate_from_a_device_becomes_a_replacement_character() -> None:
    text = codec.encode_fact("identity.model", Known("Room\ud800Kit"))
    assert codec.decode_fact("identity.model", text) == Known("Room\ufffdKit")


@pytest.mark.parametrize(
    ("name", "value"),
    [("call.active", "three"), ("call.auto_answer", 1), ("call.encryption", "maybe")],
)
def test_a_value_of_the_wrong_type_is_refused_without_showing_it(name: str, value: object) -> None:
    with pytest.raises(codec.WrongType) as raised:
        codec.encode_fact(name, Known(value))
    assert name in str(raised.value)
    assert "three" not in str(raised.value)


@pytest.mark.parametrize(
    "stored",
    ["", "null", "{", '{"value": "3", "citations": []}', '{"value": 3.5}', '{"values": 3}'],
)
def test_what_cannot_be_read_back_is_unknown(stored: str) -> None:
    assert isinstance(codec.decode_fact("call.active", stored), Unknown)


def test_a_name_outside_the_vocabulary_is_an_error() -> None:
    with pytest.raises(KeyError):
        codec.decode_fact("call.activ", '{"value": 1}')
    assert "call.active" in FACT_TYPES
    assert Facts()["call.active"] == Unknown(Facts().absent)


def test_a_finding_keeps_its_subject_and_language() -> None:
    finding = Finding(
        requirement="D11.1-b",
        subject=Subject("device", "mcu-tinh"),
        outcome=Outcome.FAIL,
        severity="S1",
        reason=Text(vi="chứng thư số đã hết hạn", en="the certificate has expired"),
        remedy=None,
        citations=(Citation("P", "TLS 445", captured=MOMENT),),
        fingerprint="ab" * 16,
    )
    assert codec.decode_finding(codec.encode_finding(finding)) == finding


def test_a_set_of_names_is_always_the_same_text() -> None:
    words = [f"port{n}" for n in range(40)]
    texts = {
        codec.encode_fact("filters", Known(Policy((Stage("a", Region(entering=Names(one))),))))
        for one in (frozenset(words), frozenset(reversed(words)), frozenset(sorted(words)))
    }
    (text,) = texts
    assert text.index("port0") < text.index("port1") < text.index("port9")
