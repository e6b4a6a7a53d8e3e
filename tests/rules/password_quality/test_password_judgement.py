"""A judgement holds verdicts and kinds of meaning, and never the password."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.readings import Readings
from rules.model import Outcome
from rules.password_quality import Context, digest, judge, meaning_of, offer, unique
from rules.password_quality.uniqueness import WeakKey, with_uniqueness

KEY = bytes(range(32))

SHAPES = {
    "good": ("xK#7qZ!9wV", ""),
    "seven characters": ("aB3$xZ7", "b"),
    "no digit": ("xK#q=Z!ywV", "c"),
    "no lower case": ("XK#7QZ!9WV", "d"),
    "no upper case": ("xk#7qz!9wv", "e"),
    "letters with diacritics have their own case": ("kẻ7#vmzp2ỡ", "e"),
    "no special character": ("xK7qZ9wVb3", "f"),
    "a blank is no special character": ("xK7q Z9wVb", "f"),
    "digits of other scripts do not count": ("xK#٣qZ!٩wV", "c"),
    "a currency sign is special": ("xK7q€Z9wVb", ""),
    "composed characters count once": ("ǻK#7qZ!", "b"),
    "empty": ("", "bcdef"),
}


@pytest.mark.parametrize(("password", "missing"), SHAPES.values(), ids=SHAPES.keys())
def test_length_and_classes(password: str, missing: str) -> None:
    verdicts = judge(password).verdicts
    failed = "".join(item[-1] for item in verdicts if verdicts[item] == "FAIL" and item[-1] != "h")
    assert failed == missing


def test_the_reading_says_whether_a_blank_is_special() -> None:
    lenient = Readings(special_set="ascii_punct_plus_space")
    assert judge("xK7q Z9wVb", readings=lenient).overall is Outcome.PASS
    assert judge("xK7q€Z9wVb", readings=lenient).verdicts["D11.2-f"] is Outcome.FAIL


def test_a_device_of_digits_only_fails_with_that_reason() -> None:
    judged = judge("483920", Context(digits_only=True))
    told = {reason.requirement: reason.text.vi for reason in judged.reasons}
    for item in ("D11.2-d", "D11.2-e", "D11.2-f"):
        assert judged.verdicts[item] is Outcome.FAIL
        assert told[item].startswith("thiết bị không hỗ trợ")


READ = {
    "a passphrase is allowed": ("Table$River7Candle!Moon", {"passphrase": "allow"}, "PASS"),
    "a passphrase is denied": ("Table$River7Candle!Moon", {"passphrase": "deny"}, "FAIL"),
    "doubt fails when strict": ("Xq7#Lan4$9qZ!2m", {"name_rule": "strict"}, "FAIL"),
    "words are no names": ("Tinhyeu#2020", {"name_rule": "names_only"}, "PASS"),
    "names are names": ("ChauDoc#2020", {"name_rule": "names_only"}, "FAIL"),
}


@pytest.mark.parametrize(("password", "readings", "expected"), READ.values(), ids=READ.keys())
def test_readings_of_a04(password: str, readings: dict[str, str], expected: str) -> None:
    judged = judge(password, readings=Readings(**readings))
    assert judged.verdicts["D11.2-h"] == expected


def test_kinds_are_told_and_the_password_is_not() -> None:
    judged = judge("ChauDoc#Zqx9")
    assert judged.why[0].en == "the name of a place"
    assert "chứa địa danh" in [reason.text.vi for reason in judged.reasons]
    assert meaning_of(judged) == "found"
    for piece in ("ChauDoc", "chaudoc", "Zqx9"):
        assert piece not in repr(judged)


def test_too_long_to_search_is_left_to_a_person() -> None:
    judged = judge("xK#7qZ!9wV" * 20)
    assert judged.verdicts["D11.2-h"] is Outcome.UND
    assert judged.verdicts["D11.2-b"] is Outcome.PASS


def test_beyond_what_zxcvbn_takes_is_still_judged() -> None:
    assert judge("xK#7qZ!9wVbT" + "".join(chr(33 + i * 37 % 90) for i in range(70)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_text_raises(password: str) -> None:
    assert set(judge(password).verdicts) == {f"D11.2-{item}" for item in "bcdefh"}


def test_random_passwords_are_seldom_flagged() -> None:
    chance = random.Random(2456)
    every = string.ascii_letters + string.digits + string.punctuation
    classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation)
    flagged = judged = 0
    while judged < 900:
        password = "".join(chance.choice(every) for _ in range(8 + judged % 9))
        if all(set(password) & set(one) for one in classes):
            judged += 1
            flagged += judge(password).overall is not Outcome.PASS
    assert flagged <= 0.02 * judged


def test_what_is_offered_passes_and_can_be_read_aloud() -> None:
    offered = {offer(length=n) for n in (4, 8, 16, 16, 24)}
    assert len(offered) == 5
    for password in offered:
        assert judge(password).overall is Outcome.PASS
        assert not set(password) & set("0Oo1lI|'\"`\\ $&;<>")


def test_digests_compare_the_nfc_form() -> None:
    assert digest(KEY, "Mậtkhẩu") == digest(KEY, "Mậtkhẩu")
    assert digest(KEY, "a") != digest(KEY, "b")
    assert digest(KEY, "a") != digest(KEY[::-1], "a")


def test_a_short_key_is_refused_without_naming_the_password() -> None:
    with pytest.raises(WeakKey) as caught:
        digest(b"short", "xK#7qZ!9wV")
    assert "xK#7qZ" not in repr(caught.value) + str(caught.value)


UNIQUE = {
    "equal on two accounts": ([b"a", b"b", b"a"], True, ["FAIL", "PASS", "FAIL"]),
    "all differ": ([b"a", b"b"], True, ["PASS", "PASS"]),
    "only one account": ([b"a"], True, ["NA"]),
    "others untested": ([b"a", b"b"], False, ["UND", "UND"]),
    "equal, others untested": ([b"a", b"a", b"b"], False, ["FAIL", "FAIL", "UND"]),
    "none": ([], True, []),
}


@pytest.mark.parametrize(("digests", "complete", "expected"), UNIQUE.values(), ids=UNIQUE.keys())
def test_uniqueness(digests: list[bytes], complete: bool, expected: list[str]) -> None:
    assert [str(one) for one in unique(digests, complete=complete)] == expected


def test_a_shared_password_fails_as_a_whole() -> None:
    judged = with_uniqueness(judge("xK#7qZ!9wV"), Outcome.FAIL)
    assert judged.overall is Outcome.FAIL
    assert list(judged.verdicts) == [f"D11.2-{item}" for item in "bcdefgh"]
