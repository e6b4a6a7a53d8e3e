"""The language: quotation marks, values over several lines, blocks that do not close."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.family_of_files import recognise
from scanner.platforms.fortios.text import configuration
from scanner.platforms.fortios.tree import Configuration
from tests.scanner.platforms.fortios.forti import (
    FORTIOS,
    SHARED,
    document,
    filters,
    policies,
    policy,
    reading,
)


def read(text: str) -> Configuration:
    found = configuration(document(text))
    assert found is not None
    return found


def words(body: str, key: str = "key") -> tuple[str, ...]:
    text = f"config firewall address\n    edit 1\n{body}\n    next\nend\n"
    return next(read(text).top.entries("firewall address")).words(key)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("set key a b", ("a", "b")),
        ('set key "a b" "c"', ("a b", "c")),
        ('set key "a b" c', ("a b", "c")),
        ("set key 'a b' c", ("a b", "c")),
        ('set key "say \\"hi\\"" c', ('say "hi"', "c")),
        ("set key back\\\\slash", ("back\\slash",)),
        ("set key ''", ()),
        ('set key ""', ()),
        ("set key a\n        set key b", ("b",)),
        ("set key a\n        append key b c", ("a", "b", "c")),
        ("set key a b\n        unselect key a", ("b",)),
        ("set key a\n        unset key", ()),
        ("--More-- \r         \r        set key a", ("a",)),
        ('set comment "ends\n    next\nend\n" \n        set key a', ("a",)),
        ('set comment "one\n\n  \\"two\\" next\n"\n        set key a', ("a",)),
    ],
)
def test_words_of_a_setting(line: str, expected: tuple[str, ...]) -> None:
    assert words(f"        {line}") == expected


def test_quotation_marks_that_do_not_match_spoil_their_line_and_no_other() -> None:
    text = SHARED + policies(
        policy(1, service='""HTTPS" "HTTP"'), policy(2, srcintf='"wan"'), policy(3)
    )
    first, second, third = filters(text).chains["firewall policy"].rules
    assert not first.understood
    assert "quotation marks" in first.why
    assert second.understood
    assert third.understood


def test_tables_can_be_edited_by_commands() -> None:
    text = SHARED + policies(policy(1), policy(2), policy(3))
    text = text.removesuffix("end\n") + "    move 3 before 1\n    delete 2\n    clone 1 to 9\nend\n"
    rules = filters(text).chains["firewall policy"].rules
    assert [rule.text for rule in rules] == ["edit 3", "edit 1", "clone 1 to 9"]
    renamed = text.replace("delete 2", "rename 2 to 7")
    assert [line.why for line in filters(renamed).unread if line.matters] == [
        "what it does to other lines is not followed"
    ]


@pytest.mark.parametrize(
    "other",
    [
        "",
        "config firewall policy\n",  # nothing closes it and nothing stands in it
        "config system global\nset x y\n",
        "config interface 'lan'\n\toption proto 'static'\nend\n",
        "interface Gi0/1\n ip address 10.0.0.1 255.0.0.0\nend\n",
        "To configure it:\n  use config firewall policies and end with next\n",
        "#config-version=FMG-VM64-7.2.1-FW-build1215-220613:opmode=0\n" + SHARED,
        "#config-version=S124EN-7.2.1-FW-build0400-220613:opmode=0\n" + SHARED,
    ],
)
def test_other_files_tell_nothing(other: str) -> None:
    assert reading(other).facts == {}
    assert reading(other).unread == ()


@pytest.mark.parametrize(
    "broken",
    [
        "end\n" * 50,
        "config firewall policy\n" * 500 + "edit 1\nset a b\nend\n",
        "config firewall policy\n" + "config x\n" * 5000 + "end\n" * 5000,
        'config system interface\nedit "\\\nset ip "\nend\n',
        "config firewall address\nset\nedit\nunset\nnext\nappend\nmove\nclone x to\nend\n",
        'config firewall policy\nedit 1\nset comment "' + "x\n" * 1000,
        "config system interface\nedit a\nset vlanid 99999999999999999999\nset ip x y z\nend\n",
        "config router static\nedit 1\nset dst 1.2.3.4 999\nset gateway ::\nnext\nend\n",
        "config firewall service custom\nedit a\nset protocol IP\nset protocol-number ²\nnext\n"
        "edit b\nset tcp-portrange 1:2:3 99999 -\nnext\nend\n"
        "config firewall policy\nedit 1\nset service a b\nnext\nend\n",
        "config firewall addrgrp\n"
        + "".join(f"edit g{n}\nset member g{n + 1} g{n + 2}\nnext\n" for n in range(3000))
        + "end\nconfig firewall policy\nedit 1\nset srcaddr g1\nset dstaddr g2\nnext\nend\n",
    ],
)
def test_broken_files_raise_nothing(broken: str) -> None:
    reading(broken)
    FORTIOS.coverage and FORTIOS.coverage(document(broken))


def test_cut_and_scrambled_samples_raise_nothing() -> None:
    sample = Path(__file__).parents[1] / "samples/fortios/province-edge/firewall.conf"
    content, chance = sample.read_bytes(), random.Random(7)
    for _ in range(150):
        broken = bytearray(content[: chance.randrange(len(content))])
        for _ in range(chance.randrange(20)):
            broken[chance.randrange(len(broken) or 1) : 1] = bytes([chance.randrange(256)])
        FORTIOS.read([Document(bytes(broken), "f", "O", document("").captured)])


def test_what_is_no_command_is_not_shown() -> None:
    text = SHARED.replace("end\n", "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn\nend\n", 1)
    assert all("MIIE" not in line.text for _, line in reading(text).unread)
    assert reading(text).unread


CORPUS_READ_MIN = 0.8
"""Of the lines that say something about the traffic or the management, so many are read."""


@pytest.mark.corpus
def test_every_recorded_file_is_read(shared: Path) -> None:
    read_lines = unread_lines = 0
    for file in sorted((shared / "netconfigs" / "fortios").iterdir()):
        if file.name == "SOURCES.md" or "rollback" in file.name:
            continue
        one = Document(file.read_bytes(), file.name, "O", document("").captured)
        facts = FORTIOS.read([one]).facts
        assert isinstance(facts["identity.vendor"], Known), file.name
        assert recognise([one]).platform.name == "fortios", file.name
        assert FORTIOS.coverage is not None
        covered = FORTIOS.coverage(one)
        whole = sum(1 for line in one.lines if line.strip())
        assert covered.read + covered.irrelevant + covered.unread == whole, file.name
        if not file.name.startswith("batfish__"):  # those are about one command each
            read_lines += covered.read
            unread_lines += covered.unread
    print(f"read {read_lines}, unread {unread_lines}")
    assert read_lines / (read_lines + unread_lines) >= CORPUS_READ_MIN


@pytest.mark.corpus
def test_files_of_other_platforms_tell_nothing(shared: Path) -> None:
    for file in sorted((shared / "netconfigs").glob("*/*")):
        if file.parent.name != "fortios" and file.is_file():
            one = Document(file.read_bytes(), file.name, "O", document("").captured)
            assert FORTIOS.read([one]).facts == {}, file


@pytest.mark.corpus
def test_policies_of_a_recorded_file(shared: Path) -> None:
    file = shared / "netconfigs" / "fortios" / "batfish__firewall_policy"
    rules = filters(file.read_text()).chains["firewall policy"].rules
    assert [rule.text for rule in rules if rule.text.startswith("edit")] == [
        *("edit 4294967294", "edit 1", "edit 2", "edit 3")
    ]
    fact = reading((file.parent / "ssato__fortigate_cli_show_sample_0.txt").read_text()).facts
    assert isinstance(fact["filters"], Known)
    assert isinstance(fact["management.lockout_attempts"], Unknown)
