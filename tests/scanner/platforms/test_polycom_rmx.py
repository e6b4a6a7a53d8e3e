"""Polycom RMX: system flags in every plain way to write them, broken ones, no live visit."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.polycom_rmx import PLATFORM, read
from scanner.saved_files import load


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def facts_of(*contents: str | bytes) -> dict[str, Any]:
    return dict(read([document(content) for content in contents]).facts)


@pytest.mark.corpus
def test_a_table_of_defaults_from_the_guide_sets_nothing(shared: Path) -> None:
    raw = (shared / "devices/polycom-rmx/composed/system_flags_password.csv").read_bytes()
    chance = random.Random(3)
    cuts = [chance.randrange(len(raw)) for _ in range(200)]
    for content in (raw, raw + raw, *(raw[:cut] for cut in cuts)):
        assert not [fact for fact in facts_of(content).values() if isinstance(fact, Known)]
    ((_, line),) = read([document(raw)]).unread
    assert line.line == 1


@pytest.mark.corpus
def test_versions_are_ordered_as_the_vendor_counts(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [PLATFORM.version_key(v) for v in vectors["ascending"]["polycom-rmx"]]
    assert None not in keys
    assert len(keys) > 5
    assert keys == sorted(set(keys))  # type: ignore[type-var]


VALUES = {
    "ULTRA_SECURE_MODE": "NO",
    "MIN_PASSWORD_LENGTH": "8",
    "PASSWORD_HISTORY_SIZE": "5",
    "PASSWORD_EXPIRATION_DAYS": "60",
    "SESSION_TIMEOUT_IN_MINUTES": "15",
    "USER_LOCKOUT": "YES",
}
EXPECTED = {
    "identity.vendor": ("Polycom", "ULTRA_SECURE_MODE"),
    "identity.family": ("polycom-rmx", "ULTRA_SECURE_MODE"),
    "password_policy.min_length": (8, "MIN_PASSWORD_LENGTH"),
    "password_policy.history": (5, "PASSWORD_HISTORY_SIZE"),
    "password_policy.max_age_days": (60, "PASSWORD_EXPIRATION_DAYS"),
    "management.idle_timeout_s": (900, "SESSION_TIMEOUT_IN_MINUTES"),
    "management.lockout_attempts": (3, "USER_LOCKOUT"),
}

FORMS = {
    "equals": ("[MCMS_PARAMETERS_USER]", "{name}={value}", ""),
    "spaced": ("", "  {name} = {value}  ", ""),
    "colon": ("", "{name}: {value}", ""),
    "tab": ("", "{name}\t{value}", ""),
    "space": ("MCMS_PARAMETERS_USER", "{name}   {value}", ""),
    "quoted csv": ('"Flag","Value"', '"{name}","{value}"', ""),
    "semicolon": ("Flag;Value;Default", "{name};{value};1", ""),
    "wide": ("Flag,Section,Value", "{name},MCMS_PARAMETERS_USER,{value}", ""),
    "xml tags": ("<FLAGS>", "<{name}>{value}</{name}>", "</FLAGS>"),
    "xml pairs": ("<C>", "<CFG_PAIR><KEY>{name}</KEY><DATA>{value}</DATA></CFG_PAIR>", "</C>"),
    "xml attributes": ("<C>", '<flag name="{name}" value="{value}"/>', "</C>"),
}


def written(form: str, values: dict[str, str]) -> str:
    first, line, last = FORMS[form]
    lines = [line.format(name=name, value=value) for name, value in values.items()]
    return "\n".join([first, *lines, last]) + "\n"


@pytest.mark.parametrize("form", FORMS)
def test_flags_are_read_however_they_are_written(form: str) -> None:
    text = written(form, VALUES)
    lines = {name: number for number, name in enumerate(VALUES, start=2)}
    for content in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        told = {
            name: (fact.value, fact.citations[0].line)
            for name, fact in facts_of(content).items()
            if isinstance(fact, Known)
        }
        assert told == {name: (value, lines[flag]) for name, (value, flag) in EXPECTED.items()}


@pytest.mark.parametrize(
    ("mode", "expected"), [("YES", False), ("NO", None), ("maybe", None), (None, None)]
)
def test_the_support_user_is_known_to_be_disabled_in_ultra_secure_mode_only(
    mode: str | None, expected: bool | None
) -> None:
    flags = {k: v for k, v in VALUES.items() if k != "ULTRA_SECURE_MODE"}
    if mode is not None:
        flags["ULTRA_SECURE_MODE"] = mode
    fact = facts_of(written("equals", flags))["support_access.enabled"]
    assert (fact.value if isinstance(fact, Known) else None) is expected


@pytest.mark.parametrize("form", FORMS)
def test_taking_secrets_out_of_a_file_leaves_its_flags(form: str, tmp_path: Path) -> None:
    file = tmp_path / "flags"
    file.write_text(written(form, VALUES))
    facts = read(load([file]).documents).facts
    told = {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}
    assert told == {name: value for name, (value, _) in EXPECTED.items()}


@pytest.mark.parametrize("form", FORMS)
def test_a_cut_file_gives_the_same_or_unknown(form: str) -> None:
    text = written(form, VALUES)
    whole = facts_of(text)
    chance = random.Random(8)
    for _ in range(200):
        for name, fact in facts_of(text[: chance.randrange(len(text))]).items():
            assert isinstance(fact, Unknown) or fact.value == whole[name].value, name


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"USER_LOCKOUT": "no"}, "management.lockout_attempts", 0),
        ({"USER_LOCKOUT": "maybe"}, "management.lockout_attempts", None),
        ({"SESSION_TIMEOUT_IN_MINUTES": "0"}, "management.idle_timeout_s", 0),
        ({"SESSION_TIMEOUT_IN_MINUTES": "1000"}, "management.idle_timeout_s", 60_000),
        ({"SESSION_TIMEOUT_IN_MINUTES": "10 min"}, "management.idle_timeout_s", None),
        ({"USER_LOCKOUT": "True"}, "management.lockout_attempts", 3),
        ({"USER_LOCKOUT": "'1'"}, "management.lockout_attempts", 3),
        ({"USER_LOCKOUT": "0"}, "management.lockout_attempts", 0),
        ({"PASSWORD_EXPIRATION_DAYS": "180"}, "password_policy.max_age_days", 180),
        ({"MIN_PASSWORD_LENGTH": "0-20"}, "password_policy.min_length", None),
        ({"MIN_PASSWORD_LENGTH": "80"}, "password_policy.min_length", None),
        ({"MIN_PASSWORD_LENGTH": "-1"}, "password_policy.min_length", None),
        ({"PASSWORD_EXPIRATION_DAYS": ""}, "password_policy.max_age_days", None),
        ({"PASSWORD_EXPIRATION_DAYS": "0"}, "password_policy.max_age_days", 0),
        ({"ULTRA_SECURE_MODE": "YES"}, "password_policy.special", None),
    ],
)
def test_a_flag_is_understood(changes: dict[str, str], name: str, value: int | None) -> None:
    fact = facts_of(written("equals", {**VALUES, **changes}))[name]
    assert isinstance(fact, Unknown) if value is None else fact.value == value


def test_an_absent_flag_is_unknown_and_its_default_only_a_remark() -> None:
    fact = facts_of("ULTRA_SECURE_MODE=YES\n")["password_policy.max_age_days"]
    assert isinstance(fact, Unknown)
    assert "not shown by the device" in fact.reason.en


@pytest.mark.parametrize(
    ("flags", "name", "default"),
    [
        ("ULTRA_SECURE_MODE=YES\n", "password_policy.max_age_days", "= 60,"),
        ("ULTRA_SECURE_MODE=NO\n", "password_policy.max_age_days", "= 0,"),
        ("USER_LOCKOUT=NO\n", "password_policy.max_age_days", "= 0; ULTRA_SECURE_MODE=YES: 60,"),
        ("ULTRA_SECURE_MODE=YES\n", "password_policy.min_length", "= 15,"),
        ("ULTRA_SECURE_MODE=YES\n", "management.lockout_attempts", "= YES,"),
        ("ULTRA_SECURE_MODE=YES\n", "password_policy.special", "2 (ULTRA_SECURE_MODE=YES),"),
        ("ULTRA_SECURE_MODE=NO\n", "password_policy.min_length", "state no default"),
        ("ULTRA_SECURE_MODE=NO\n", "password_policy.special", "no system flag shows"),
        ("ULTRA_SECURE_MODE=YES\n", "password_policy.digits", "no system flag shows"),
    ],
)
def test_the_documented_default_is_that_of_the_mode(flags: str, name: str, default: str) -> None:
    fact = facts_of(flags)[name]
    assert isinstance(fact, Unknown)
    assert default in fact.reason.en


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Section,System Flag,Range,Setting\nUSER,PASSWORD_HISTORY_SIZE,0-24,12\n", 12),
        ("Range\tParameter\tCurrent Value\n0-24\tPASSWORD_HISTORY_SIZE\t12\n", 12),
        ("Flag,Range,Default\nPASSWORD_HISTORY_SIZE,0-24,12\n", None),
    ],
)
def test_the_columns_of_a_table_are_found_by_their_names(table: str, expected: int | None) -> None:
    fact = facts_of(table).get("password_policy.history")
    assert (fact.value if isinstance(fact, Known) else None) == expected
    if expected is not None:
        assert fact.citations[0].line == 2


@pytest.mark.corpus
def test_a_list_of_banners_is_not_a_bridge(shared: Path) -> None:
    banners = (shared / "devices/fingerprints/recog_banners.json").read_bytes()
    assert b"Welcome to Polycom RMX 1000C" in banners
    assert facts_of(banners) == {}


def test_the_largest_number_of_conferences_counts() -> None:
    line = "1.3.6.1.4.1.13885.110.1.5.1.0|66|{}\n"
    walks = [line.format(0), line.format(3)]
    assert facts_of(*walks)["call.active"].value == 3
    assert facts_of(*reversed(walks))["call.active"].value == 3


def test_a_flag_given_twice_with_two_values_is_unknown() -> None:
    text = written("equals", VALUES) + "MIN_PASSWORD_LENGTH=9\n"
    assert isinstance(facts_of(text)["password_policy.min_length"], Unknown)
    other = written("equals", {"MIN_PASSWORD_LENGTH": "9"})
    merged = facts_of(written("equals", VALUES), other)
    assert isinstance(merged["password_policy.min_length"], Unknown)
    assert merged["password_policy.history"].value == 5
    # what one file contradicts is not settled by another one, in whatever order they come
    for order in ((text, other), (other, text)):
        assert isinstance(facts_of(*order)["password_policy.min_length"], Unknown)


def test_a_row_of_a_table_without_its_heading_sets_nothing() -> None:
    rows = "PASSWORD_EXPIRATION_DAYS,60,7-90\nUSER_LOCKOUT,YES,NO\n"
    assert facts_of(rows) == {}


def test_the_spelling_of_the_first_releases_is_known() -> None:
    fact = facts_of("USER_LOCKOUT=NO\nSESSION_TIMOUT_IN_MINUTES=15\n")["management.idle_timeout_s"]
    assert (fact.value, fact.citations[0].line) == (900, 2)


def test_the_greeting_of_the_console_names_the_model() -> None:
    facts = facts_of("Welcome to Polycom RMX 1000C (COP) Console Utility\r\n\rCopyright\r\n")
    assert facts["identity.model"].value == "RMX 1000C"
    assert facts["identity.family"].value == "polycom-rmx"


@pytest.mark.parametrize(
    ("line", "active"),
    [
        (".1.3.6.1.4.1.13885.110.1.5.1.0 = Gauge32: 2", 2),
        ("SNMPv2-SMI::enterprises.13885.110.1.5.1.0 = INTEGER: 0", 0),
        ("1.3.6.1.4.1.13885.110.1.5.1.0|66|4", 4),
        ("1.3.6.1.4.1.13885.110.1.5.1.0 = No Such Object", None),
        ("1.3.6.1.4.1.13885.110.1.5.1.01|66|4", None),
    ],
)
def test_a_saved_walk_tells_the_active_conferences(line: str, active: int | None) -> None:
    fact = facts_of(f"{line}\n").get("call.active")
    assert (fact.value if fact else None) == active


BOMB = '<!DOCTYPE a [<!ENTITY b "YES">]><a><USER_LOCKOUT>&b;</USER_LOCKOUT></a>'
HOSTILE = [
    "",
    b"\xff\xfe\x00",
    BOMB,
    "<a>" * 5000,
    "<USER_LOCKOUT/>",
    "USER_LOCKOUT=" + "Y" * 100_000 + "\n",
    "USER_LOCKOUT" + " " * 100_000 + "\n",
    "A_" * 50_000 + "=1\n",
    'USER_LOCKOUT,"YES\n"\n',
    "MIN_PASSWORD_LENGTH=\x1b[2J٨\u202e\n",
    "[" * 100_000,
]


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_content_never_raises_and_sets_nothing(content: str | bytes) -> None:
    reading = read([document(content), document(content)])
    for name, fact in reading.facts.items():
        assert name in FACT_TYPES
        assert isinstance(fact, Unknown)
        assert all("\x1b" not in c.text and "\u202e" not in c.text for c in fact.citations)


def test_garbled_bytes_never_raise() -> None:
    chance = random.Random(5)
    for form in FORMS:
        raw = written(form, VALUES).encode()
        for _ in range(50):
            content = bytearray(raw)
            for _ in range(8):
                content[chance.randrange(len(content))] = chance.randrange(256)
            facts_of(bytes(content))
