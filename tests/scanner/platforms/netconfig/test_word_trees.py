"""Trees of words: set commands, blocks, and the commands that change what was set."""

from __future__ import annotations

import random

import pytest

from scanner.platforms.netconfig.statements import parsed
from scanner.platforms.netconfig.word_tree import Node, pruned


def plain(node: Node) -> object:
    """The tree as dictionaries; a word without anything below is None."""
    return {word: plain(child) for word, child in node.below.items()} or None


def tree(text: str) -> object:
    root = parsed(text.split("\n")).root
    pruned(root)
    return plain(root)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set a b c", {"a": {"b": {"c": None}}}),
        ('set a "b c"', {"a": {"b c": None}}),
        ("set a [ b c ]", {"a": {"b": None, "c": None}}),
        ("set a [b c]", {"a": {"b": None, "c": None}}),
        ("a { b c; d; }", {"a": {"b": {"c": None}, "d": None}}),
        ("a {\n  b [ c d ];\n}", {"a": {"b": {"c": None, "d": None}}}),
        ("a {\n  b [ c\n d ];\n}", {"a": {"b": {"c": None, "d": None}}}),
        ('a {\n  b "c; } d";\n}', {"a": {"b": {"c; } d": None}}}),
        ("a {\n  /* b;\n c; */\n  d; # e;\n}", {"a": {"d": None}}),
        ("a {\n  inactive: b {\n    c;\n  }\n  d;\n}", {"a": {"d": None}}),
        ("a { b; }\na { c; }", {"a": {"b": None, "c": None}}),
        ("a { b; }\nreplace: a { c; }", {"a": {"c": None}}),
        ("a { b; }\nset a c", {"a": {"b": None, "c": None}}),
        ("set a b\nset a c\ndelete a b", {"a": {"c": None}}),
        ("set a b\nset a c\ndeactivate a b", {"a": {"c": None}}),
        ("set a b\ndeactivate a b\nactivate a b", {"a": {"b": None}}),
        ("set a b\nset a c\nmove a c top", {"a": {"c": None, "b": None}}),
        ("set a b\nset a c\ninsert a b after a c", {"a": {"c": None, "b": None}}),
        ("set a b c\nset a d\nrename a b to e", {"a": {"e": {"c": None}, "d": None}}),
        ("set a b c\ncopy a b to d", {"a": {"b": {"c": None}, "d": {"c": None}}}),
        ("user@host> show configuration | display set\nset a b", {"a": {"b": None}}),
    ],
)
def test_what_the_text_says(text: str, expected: object) -> None:
    assert str(tree(text)) == str(expected)  # with the order of the words


@pytest.mark.parametrize(
    "text", ["a { b;", "a { b; } }", "a {\n  b [ c;\n", 'a {\n  b "c\n', "a {\n inactive:x;\n}"]
)
def test_blocks_that_do_not_close_are_noticed(text: str) -> None:
    result = parsed(text.split("\n"))
    assert not result.whole or result.odd


@pytest.mark.parametrize(
    "text", ["sett a b", "set", "insert a b", "rename a to b", "move a b before c", "set a [ b"]
)
def test_lines_that_are_not_understood_are_kept(text: str) -> None:
    assert [line.line for line in parsed(["set x y", text]).odd] == [2]


def test_no_bytes_raise() -> None:
    chance = random.Random(7)
    words = ["set ", "{", "}", "[", "]", ";", '"', "/*", "*/", "#", "a", " ", "\n", "inactive: "]
    words += ["delete ", "insert ", " before ", "\x00", "\ud800", "rename ", " to ", "replace: "]
    for _ in range(3000):
        text = "".join(chance.choice(words) for _ in range(chance.randrange(60)))
        parsed(text.split("\n"))
