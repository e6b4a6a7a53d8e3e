"""Whatever the bytes are: an inventory or a problem with a line, quickly, no secret repeated."""

from __future__ import annotations

import contextlib
import os
import random
import time
from pathlib import Path

import pytest
import yaml

from inventory import source
from inventory.load import load, loads
from inventory.problems import InventoryError
from inventory.starter import starter_text

BILLION_LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)
)
DEEP_BY_ALIAS = "a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n" + "".join(
    f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]\n" for n in range(1, 5)
)

TEXTS = {
    "billion laughs": (BILLION_LAUGHS, None, "holds more than 500000 values"),
    "undefined alias": ("a: 1\nb: *hunter2\n", 2, "refers to an anchor (&) that is not above it"),
    "circle": ("a: &x [1, *x]\n", 1, "refers to an anchor (&) that is not above it"),
    "aliases nested too deep": (DEEP_BY_ALIAS, None, "nested too many levels deep"),
    "python object": ("a: !!python/object/apply:os.system ['true']\n", 1, "tags (!)"),
    "tag on the top": ("--- !hunter2\na: 1\n", 1, "tags (!)"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "only one YAML document"),
    "duplicate key": ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" was already written on line 1'),
    "duplicate key that may be a secret": ("x: {Hunter2: 1, Hunter2: 2}\n", 1, "the key was alr"),
    "tab": ("a:\n\tb: 1\n", 2, "indented with a tab"),
    "quote not closed": ("a: 'hunter2\n", 2, "a quote is opened and never closed"),
    "reserved character": ("a: @hunter2\n", 1, "begins with a character that YAML reserves"),
    "colon in a value": ("a: b: hunter2\n", 1, "a colon is out of place"),
    "no colon": ("a: 1\nhunter2\nb: 2\n", None, "a colon and a space are missing"),
    "wrong indentation": ("a:\n  - b\n - c\n", 3, "the structure is not understood"),
    "key is a list": ("[a, b]: 1\n", 1, "the name of a key must be a word"),
    "deep brackets": ("[" * 100_000, 1, "nested too many levels deep"),
    "deep maps": ("{a: " * 100_000, 1, "nested too many levels deep"),
    "empty": ("", None, "the file is empty"),
    "only comments": ("# nothing\n\n", None, "the file is empty"),
    "a word": ("hunter2\n", 1, "the outermost part must be keys"),
    "a list": ("- hunter2\n", 1, "the outermost part must be keys"),
    "NUL": ("a: 1\nb: x\0y\n", 2, "invisible control character"),
    "escaped NUL": ('a: "x\\0y"\n', 1, "invisible control character"),
    "terminal escape": ('a: 1\nb: "\\e[2J"\n', 2, "invisible control character"),
    "unknown escape": ('a: "C:\\hunter2"\n', 1, "special meaning in double quotes"),
}


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: the fast one is not built everywhere."""
    loader = getattr(yaml, request.param, None)
    if loader is None:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(source, "_LOADER", loader)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "line", "message"), TEXTS.values(), ids=TEXTS.keys())
def test_text_that_is_no_inventory(text: str, line: int | None, message: str) -> None:
    started = time.monotonic()
    with pytest.raises(InventoryError) as caught:
        loads(text, "i.yaml")
    first = caught.value.problems[0]
    assert message in first.text.en
    if line is not None:
        assert first.line == line
    assert time.monotonic() - started < 5
    assert "hunter2" not in caught.value.reason.en.lower() + caught.value.reason.vi.lower()
    assert caught.value.__context__ is None


BYTES = {
    "latin-1": (b"a: 1\nb: \xe9\n", 2, "the file is not UTF-8"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, "the file is not UTF-8"),
    "cut in a letter": ("a: Đ".encode()[:-1], 1, "the file is not UTF-8"),
    "bell": (b"a: 1\n\n\x07\n", 3, "invisible control character"),
}


@pytest.mark.parametrize(("content", "line", "message"), BYTES.values(), ids=BYTES.keys())
def test_bytes_that_are_no_text(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(content)
    with pytest.raises(InventoryError) as caught:
        load(path)
    assert (caught.value.problems[0].line, message in caught.value.reason.en) == (line, True)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + starter_text().replace("\n", "\r\n").encode())
    assert load(path).inventory == loads(starter_text()).inventory


def test_fifty_megabytes_are_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    with pytest.raises(InventoryError, match="larger than 10 MB"):
        load(path)


def test_what_is_not_a_plain_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, message in (
        (tmp_path / "absent.yaml", "there is no such file; write a starter"),
        (tmp_path, "it is a folder|not a plain file"),
        (pipe, "not a plain file"),
        (Path("/dev/zero"), "not a plain file"),
    ):
        with pytest.raises(InventoryError, match=message):
            load(path)


def test_a_file_cut_short_or_garbled_is_an_inventory_or_a_problem() -> None:
    chance = random.Random(2456)
    text = starter_text()
    for _ in range(60):
        cut = text[: chance.randrange(len(text))]
        at = chance.randrange(len(text))
        garbled = text[:at] + chance.choice("\t\"'[]{}:-&*!%@`#|>\x00\x1b\ud800") + text[at + 1 :]
        for damaged in (cut, garbled):
            with contextlib.suppress(InventoryError):
                loads(damaged)


def test_an_alias_stands_for_what_was_anchored() -> None:
    text = starter_text().replace("sources: [hnth-trung-tam", "sources: &s [hnth-trung-tam", 1)
    text = text.replace("destinations: [hnth-trung-tam, hnth-diem-cau-1]", "destinations: *s")
    assert "*s" in text
    assert loads(text).inventory == loads(starter_text()).inventory


def test_a_merge_key_is_an_unknown_key() -> None:
    text = starter_text().replace("  - id: tslcd\n", "  - id: tslcd\n    <<: {vlan: 1}\n")
    with pytest.raises(InventoryError, match='there is no key "<<" in "zones/tslcd"'):
        loads(text)
