"""Declared and answering family: who is given the password, and what a contradiction takes away."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from rules.facts import Known
from scanner.collect.journal import NullJournal
from scanner.engine.introduction import Introduction
from scanner.engine.observation import Notes
from scanner.engine.recognition import Recogniser
from scanner.evidence import Document
from scanner.platforms.model import Platform

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def document(source: str, *lines: str) -> Document:
    content = "\n".join((source, *lines)) + "\n"
    return Document(content.encode(), source, "P", NOON, "may-quet")


CODEC = document("sip OPTIONS tcp x", "SIP/2.0 200 OK", "Server: TANDBERG/529 (ce11.5.4.6.aa)")
SERVER = document("https x:445", "GET /: HTTP 401", "Realm: acano")
PHONE = document("sip OPTIONS tcp x", "SIP/2.0 200 OK", "User-Agent: Yealink VC800 63.345.0.40")
NOTHING = document("greeting x:22", "SSH-2.0-OpenSSH_9.2p1")


class Says(Recogniser):
    """A device that introduces itself with given documents."""

    doors: tuple[Document, ...] = ()
    others: tuple[Document, ...] = ()

    def at_the_doors(self, answering: Collection[int]) -> Iterator[Document]:
        yield from self.doors

    def all_over(self, answering: Collection[int]) -> Iterator[Document]:
        yield from self.others


def introduced(
    declared: str | None, doors: tuple[Document, ...] = (), others: tuple[Document, ...] = ()
) -> tuple[Introduction, Notes]:
    kind = type("SaysThis", (Says,), {"doors": doors, "others": others})
    recogniser = kind(NullJournal(), "vcs", "127.0.0.1", "may-quet", 1.0, threading.Event())
    notes = Notes("vcs")
    return Introduction(recogniser, declared, {22, 443}, notes), notes


def name(platform: Platform | None) -> str | None:
    return platform.name if platform else None


def test_a_declared_family_holds_when_nothing_speaks_against_it() -> None:
    introduction, notes = introduced("cisco-roomos", (NOTHING,))
    assert name(introduction.family()) == "cisco-roomos"
    assert notes.problems == []
    assert notes.documents == [NOTHING]


def test_a_device_that_answers_as_another_is_not_logged_in_to() -> None:
    introduction, notes = introduced("cisco-roomos", (SERVER,))
    platform = introduction.family()
    assert platform is None
    (reason,) = notes.problems
    assert "declared as cisco-roomos" in reason.en
    assert "cisco-cms" in reason.en
    assert "acano" in reason.vi
    assert introduction.confirmed(platform, ask=True) is None
    assert len(notes.problems) == 1
    family = notes.observation().facts["identity.family"]
    assert isinstance(family, Known)
    assert family.value == "cisco-cms"
    assert [c.line for c in family.citations] == [3]


def test_without_a_declared_family_everything_is_heard_before_it_is_chosen() -> None:
    introduction, notes = introduced(None, (NOTHING,), (CODEC,))
    platform = introduction.family()
    assert name(platform) == "cisco-roomos"
    assert introduction.confirmed(platform, ask=True) is platform
    assert notes.documents == [NOTHING, CODEC]
    version = notes.observation().facts["software.version"]
    assert isinstance(version, Known)
    assert version.value == "ce11.5.4.6.aa"


def test_a_device_that_names_no_family_or_two_is_not_read() -> None:
    for others in ((), (CODEC, SERVER)):
        introduction, notes = introduced(None, (NOTHING,), others)
        assert introduction.family() is None
        (reason,) = notes.problems
        assert "names none" in reason.en
        assert introduction.confirmed(None, ask=True) is None
        assert "identity.family" not in notes.facts


def test_a_contradiction_after_the_login_falls_back_on_what_the_device_itself_said() -> None:
    for told in (False, True):
        introduction, notes = introduced("cisco-cms", (), (PHONE,))
        platform = introduction.family()
        if told:
            notes.add({"identity.family": Known("cisco-cms")})
        after = introduction.confirmed(platform, ask=True)
        assert name(after) == ("cisco-cms" if told else None)
        assert "yealink" in notes.problems[0].en


def test_other_kinds_of_device_are_asked_at_their_doors_only() -> None:
    introduction, notes = introduced("linux", (NOTHING,), (PHONE,))
    platform = introduction.family()
    assert introduction.confirmed(platform, ask=False) is platform
    assert notes.documents == [NOTHING]


def test_an_unknown_family_is_reported_and_not_replaced_by_a_guess() -> None:
    introduction, notes = introduced("cisco-rumos", (), (CODEC,))
    assert introduction.family() is None
    assert "cisco-roomos" in notes.problems[0].en  # the nearest name is suggested
