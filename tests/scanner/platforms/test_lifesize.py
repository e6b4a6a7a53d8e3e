"""Dialogues with Lifesize devices become facts; whatever is cut, mixed up or refused does not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.facts import FACT_TYPES, Fact, Known, Unknown
from scanner.collect.redact import redact
from scanner.evidence import Document
from scanner.platforms import lifesize_cli as cli
from scanner.platforms.lifesize import PLATFORM, read, version_key
from scanner.platforms.model import SEEN_FROM_OUTSIDE

SESSION = """\
Linux lifesize login
$ status call active

ok,00
$ get system version
Software Version,LS_RM1_4.7.18 (4)
Boot Version,2.0

ok,00
$ get system model
LifeSize,Room 220

ok,00
CS,3,1,Terminated,Video,,10.67.101.9

ok,00
$ get system serial-number
CPU00LAB0220,SYS00LAB0220

ok,00
$ get call auto-answer
off

ok,00
$ set system name Phong-hop

ok,00
$ get audio mute
off

ok,00
$ """


def document(text: str, source: str = "session.log") -> Document:
    return Document(text.encode(), source, "O", datetime(2026, 1, 5, tzinfo=UTC))


def fact(name: str, text: str, source: str = "session.log") -> Fact[object]:
    return read([document(text, source)]).facts[name]


EXPECTED = [
    ("identity.vendor", "Lifesize", [11]),
    ("identity.family", "lifesize", [11]),
    ("identity.model", "Room 220", [11]),
    ("identity.serial", "SYS00LAB0220", [18]),
    ("software.version", "LS_RM1_4.7.18 (4)", [6]),
    ("call.active", 0, [2, 4]),
    ("call.auto_answer", False, [22]),
]


@pytest.mark.parametrize(("name", "value", "lines"), EXPECTED, ids=[row[0] for row in EXPECTED])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_saved_session_tells(name: str, value: object, lines: list[int], line_end: str) -> None:
    found = fact(name, SESSION.replace("\n", line_end))
    assert isinstance(found, Known)
    assert (found.value, [c.line for c in found.citations]) == (value, lines)


def test_everything_else_is_unknown_and_says_that_no_command_tells_it() -> None:
    facts = read([document(SESSION)]).facts
    told = {name for name, *_ in EXPECTED}
    silent = FACT_TYPES.keys() - SEEN_FROM_OUTSIDE - told
    assert {name for name, found in facts.items() if isinstance(found, Known)} == told
    for name in silent:
        found = facts[name]
        assert isinstance(found, Unknown)
        assert "no known command" in found.reason.en
        assert "các lệnh đã biết" in found.reason.vi


def test_what_others_asked_is_listed_as_not_read_and_what_they_set_is_not_shown() -> None:
    listed = read([document(SESSION)]).unread
    assert [(line.line, line.text) for _, line in listed] == [(28, "$ get audio mute")]


def test_a_question_that_was_not_asked_is_named() -> None:
    facts = read([document("$ get system model\nLifeSize,Room 220\n\nok,00\n")]).facts
    for name, command in (
        ("call.active", cli.CALLS),
        ("call.auto_answer", cli.AUTO_ANSWER),
        ("identity.serial", cli.SERIAL),
    ):
        found = facts[name]
        assert isinstance(found, Unknown)
        assert command in found.reason.en


# --- calls -------------------------------------------------------------------------------------

CALL = "1,1,Connected,No,Video,10.67.101.9,Phong hop,384,h323,384,00:12:41"
CALLS = {
    "none": ("\nok,00\n", 0),
    "none, with an error code that says so": ("\nerror,0e\n", 0),
    "no data": ("\nerror,0d\n", 0),
    "one": (f"{CALL}\n\nok,00\n", 1),
    "two": (f"{CALL}\n2,1,Ringing,Yes,Video,x,y,0,sip,0\n\nok,00\n", 2),
    "one, and the end is cut off": (f"{CALL}\n", 1),
    "one, and a message in between": (f"{CALL}\nCS,2,1,Dialing,Video,,x\n\nok,00\n", 1),
    "cut off": ("\n", None),
    "cut inside the end": ("\nok,0", None),
    "another error": ("\nerror,0c\n", None),
    "a row that is not understood": ("idle\n\nok,00\n", None),
    "a call begins just now": ("CS,2,1,Dialing,Video,,x\n\nok,00\n", None),
    "a call comes in just now": ("IC,2,1,Ring Incoming,Video,x\n\nok,00\n", None),
    "a message of another kind": ("MS,true\n\nok,00\n", None),
}


@pytest.mark.parametrize(("answer", "expected"), CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("repeated", ["$ status call active\n", "status call active\n", ""])
def test_call_state(answer: str, expected: int | None, repeated: str) -> None:
    found = fact("call.active", repeated + answer, "status call active")
    assert (found.value if isinstance(found, Known) else None) == expected


def test_a_call_seen_once_counts_though_another_answer_shows_none() -> None:
    idle = document("$ status call active\n\nok,00\n")
    found = read([idle, document(f"$ status call active\n{CALL}\n\nok,00\n")]).facts["call.active"]
    assert isinstance(found, Known)
    assert found.value == 1


# --- identity ----------------------------------------------------------------------------------

ODD: dict[str, tuple[str, str, str, object]] = {
    "the model without the maker": ("identity.model", cli.MODEL, "Team 220\n\nok,00\n", "Team 220"),
    "the model in one word": ("identity.model", cli.MODEL, "LifeSize Phone\n\nok,00\n", "Phone"),
    "the model and more": (
        "identity.model",
        cli.MODEL,
        "LifeSize,Team 220,PAL\n\nok,00\n",
        "Team 220",
    ),
    "the maker alone": ("identity.model", cli.MODEL, "LifeSize\n\nok,00\n", None),
    "a model with a bracket": ("identity.model", cli.MODEL, "LifeSize,Room}220\n\nok,00\n", None),
    "two models": ("identity.model", cli.MODEL, "LifeSize,Room\nLifeSize,Team\n\nok,00\n", None),
    "a model cut off": ("identity.model", cli.MODEL, "LifeSize,Room 22", None),
    "one serial number": ("identity.serial", cli.SERIAL, "SYS00LAB1\n\nok,00\n", "SYS00LAB1"),
    "three serial numbers": ("identity.serial", cli.SERIAL, "AAAA1,BBBB2,CCCC3\n\nok,00\n", None),
    "auto-answer": ("call.auto_answer", cli.AUTO_ANSWER, "on\n\nok,00\n", True),
    "auto-answer in another word": (
        "call.auto_answer",
        cli.AUTO_ANSWER,
        "enabled\n\nok,00\n",
        None,
    ),
    "auto-answer that the device does not know": (
        "call.auto_answer",
        cli.AUTO_ANSWER,
        "\nerror,09\n",
        None,
    ),
    "an error": ("identity.serial", cli.SERIAL, "\nerror,12\n", None),
    "a plain release": (
        "software.version",
        cli.VERSION,
        "Software Version,4.7.18\n\nok,00\n",
        "4.7.18",
    ),
    "a release and more": (
        "software.version",
        cli.VERSION,
        "Software Version,LS_TM1_4.7.18 (4),x\n\nok,00\n",
        "LS_TM1_4.7.18 (4)",
    ),
    "a release of another form": (
        "software.version",
        cli.VERSION,
        "Software Version,LS_RM1_beta\n\nok,00\n",
        None,
    ),
    "no release": ("software.version", cli.VERSION, "Boot Version,2.0\n\nok,00\n", None),
    "an escape": (
        "identity.model",
        cli.MODEL,
        "LifeSize,Room \x1b[31m220\n\nok,00\n",
        None,
    ),
}


@pytest.mark.parametrize(("name", "command", "answer", "expected"), ODD.values(), ids=ODD.keys())
def test_unusual_answers(name: str, command: str, answer: str, expected: object) -> None:
    found = fact(name, f"$ {command}\n{answer}", command)
    assert (found.value if isinstance(found, Known) else None) == expected


def test_the_same_command_answered_in_two_ways_tells_nothing() -> None:
    found = fact("identity.model", SESSION + "get system model\nLifeSize,Team 220\n\nok,00\n")
    assert isinstance(found, Unknown)
    assert [c.line for c in found.citations] == [11, 33]


def test_an_answer_belongs_to_the_command_above_it_and_not_to_the_one_that_was_sent() -> None:
    late = document("$ get system model\nLifeSize,Room 220\n\nok,00\n", cli.SERIAL)
    facts = read([late]).facts
    assert isinstance(facts["identity.serial"], Unknown)
    assert isinstance(facts["identity.model"], Known)


@pytest.mark.parametrize(
    "text",
    [
        "$ ls\nfile\n$ get well\nsoon\nok,00\n",
        "ok,00\n" * 50,
        "LifeSize,Room 220\n",
        "{}",
        "$ " * 99,
    ],
)
def test_other_dialogues_tell_nothing(text: str) -> None:
    facts = read([document(text)]).facts
    assert [name for name, found in facts.items() if isinstance(found, Known)] == []


# --- the end of an answer ----------------------------------------------------------------------

ENDS = {
    "as sent back": ("get system name\nPhong hop\n\nok,00\n", True),
    "with the prompt": ("$ get system name\nPhong hop\n\nerror,0c", True),
    "not repeated": ("Phong hop\n\nok,00\n", True),
    "not whole": ("get system name\nPhong hop\n\nok,0", False),
    "a message and nothing else": ("CS,1,1,Terminated,Video,,x\n\nok,00\n$ ", False),
    "a message, then the answer": (
        "CS,1,1,Terminated\n\nok,00\n$ get system name\nA\n\nok,00",
        True,
    ),
    "a name that looks like an end": ("get system name\nlook,00ish\n\n", False),
}


@pytest.mark.parametrize(("text", "ended"), ENDS.values(), ids=ENDS.keys())
def test_where_an_answer_ends(text: str, ended: bool) -> None:
    found = re.compile(cli.ends(cli.NAME), re.MULTILINE).search(text)
    assert (found is not None) is ended
    assert found is None or found.end() == len(text.rstrip("\n"))


# --- UVC Multipoint ----------------------------------------------------------------------------

DIALOGUE = """\
URL: https://192.0.2.7/uvcmcu/rest/request/11111111

    {"call":"GuiPlayer_getConferenceState","params":{"confUid":"x"}}
    {
      "_rv": -2,
      "state": null
    }
"""


def test_a_dialogue_with_multipoint_tells_what_it_is_and_not_whether_a_meeting_goes_on() -> None:
    facts = read([document(DIALOGUE)]).facts
    model, calls = facts["identity.model"], facts["call.active"]
    assert isinstance(model, Known)
    assert (model.value, model.citations[0].line) == ("UVC Multipoint", 1)
    assert "11111111" not in model.citations[0].text
    assert isinstance(calls, Unknown)
    assert [c.line for c in calls.citations] == [6]


@pytest.mark.corpus
def test_a_recorded_dialogue_with_multipoint(shared: Path) -> None:
    path = shared / "devices/lifesize/uvc-multipoint/rest_transcript.txt"
    facts = read([document(redact(path.read_bytes(), ()).decode(), path.name)]).facts
    told = {name: found.value for name, found in facts.items() if isinstance(found, Known)}
    assert told == {
        "identity.vendor": "Lifesize",
        "identity.family": "lifesize",
        "identity.model": "UVC Multipoint",
    }
    assert [c.line for c in facts["identity.model"].citations] == [6]
    assert [c.line for c in facts["call.active"].citations] == [142]
    assert "12345" not in str(facts)


# --- versions ----------------------------------------------------------------------------------


def test_releases_are_ordered_by_number_whatever_the_series() -> None:
    order = ["LS_RM1_3.5.3 (11)", "4.7.9", "4.7.18", "LS_EX2_4.8 (1)", "LS_RM3_4.10.0 (2)"]
    keys = [version_key(version) for version in order]
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert version_key("LS_RM3_3.7.0 (2268)") < version_key("LS_RM3_3.7.0 (2421)")  # type: ignore
    assert version_key("LS_RM3_3.7 (2421)") == version_key("3.7.0 (2421)")
    assert [version_key(strange) for strange in ("", "LS_RM3", "n/a", "4", "4.7 nightly")] == [
        None
    ] * 5


def test_a_release_with_and_without_its_build_cannot_be_compared() -> None:
    with pytest.raises(TypeError):
        sorted([version_key("3.7.0"), version_key("LS_RM3_3.7.0 (2421)")])  # type: ignore[type-var]


@pytest.mark.corpus
def test_published_order_of_versions(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [version_key(version) for version in vectors["ascending"]["lifesize"]]
    assert len(keys) == 2
    assert None not in keys
    assert keys[0] < keys[1]  # type: ignore[operator]


def test_only_questions_are_ever_sent() -> None:
    commands = " ".join(PLATFORM.allowed).replace("\\", "")
    assert not re.search(r"\b(?:set|control|reboot)\b", commands)
    assert len(PLATFORM.allowed) == len(cli.COMMANDS)
