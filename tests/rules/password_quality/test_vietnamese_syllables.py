"""Syllables, Telex and VNI are told from letters that only look alike."""

from __future__ import annotations

import pytest

from rules.password_quality.keystrokes import late_telex, telex, typed, vni
from rules.password_quality.syllables import SYLLABLES, cut
from rules.password_quality.vocabulary import vocabulary


def test_the_grammar_makes_about_as_many_syllables_as_were_counted() -> None:
    assert 2350 <= len(SYLLABLES) <= 2450


SOME = "a nghieng quoc gin gi khuya huynh yeu quyen nguyen xoong ke co ghe duong"
NONE = "ka ce gha nge fa wa jo zo quu str yeb byeu kquy th"


@pytest.mark.parametrize("syllable", SOME.split())
def test_syllables(syllable: str) -> None:
    assert syllable in SYLLABLES


@pytest.mark.parametrize("letters", NONE.split())
def test_no_syllables(letters: str) -> None:
    assert letters not in SYLLABLES


@pytest.mark.parametrize(
    ("letters", "lengths"),
    [
        ("angiang", (2, 5)),
        ("chuyendoiso", (6, 3, 2)),
        ("longxuyen", (4, 5)),
        ("matkhaux", None),
        ("", ()),
    ],
)
def test_cutting(letters: str, lengths: tuple[int, ...] | None) -> None:
    assert cut(letters) == lengths


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ddieemrcaauf", "diemcau"),
        ("hooijnghij", "hoinghi"),
        ("chaauddoocs", "chaudoc"),
        ("dduwowngf", "duong"),
        ("matjkhaaur", "matkhau"),
        ("matxkhaaur", None),  # a stop takes no such tone
        ("tkqz", None),
    ],
)
def test_telex(keys: str, text: str | None) -> None:
    read = typed(keys, telex)
    assert (None if read is None else "".join(one.syllable for one in read)) == text


def test_a_circumflex_typed_late_is_tried_last() -> None:
    assert typed("cafmau", telex) is not None
    assert typed("xuyene", late_telex) is not None
    assert late_telex("xuyene") == ("xuyen", 1)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("d9ie63mca62u", "diemcau"),
        ("ho65inghi5", "hoinghi"),
        ("tru7o72ng", "truong"),
        ("ma65tkha63u", "matkhau"),
        ("ti6nh", None),  # no letter there takes a circumflex
        ("c9au", None),  # đ alone takes the 9
        ("mat4", None),
        ("ma12", None),
    ],
)
def test_vni(keys: str, text: str | None) -> None:
    read = typed(keys, vni)
    assert (None if read is None else "".join(one.syllable for one in read)) == text


def test_decoded_syllables_are_not_shown() -> None:
    assert "diem" not in repr(typed("ddieemr", telex))


def test_the_vocabulary_knows_places_units_and_its_version() -> None:
    known = vocabulary()
    assert {"longxuyen", "ocEo".lower(), "thoaison", "rachgia", "cantho"} <= known.terms.keys()
    assert {"ubnd", "hdnd", "mcu", "ttcds"} <= known.abbreviations.keys()
    assert {"nguyen", "phuong", "lan"} <= known.names
    assert known.version.startswith("2026-11.")
    assert all(term.isalnum() and term.islower() for term in known.names)
