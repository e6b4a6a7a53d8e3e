"""Long JSON lists come out entry by entry, the same as if they were read whole."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.feeds import json_parts
from scanner.feeds.errors import BadFeed
from scanner.feeds.json_parts import parts, too_deep


class Dripping:
    """Gives a few bytes at a time, whatever is asked for."""

    def __init__(self, content: bytes, size: int) -> None:
        self._content, self._size = io.BytesIO(content), size

    def read(self, size: int, /) -> bytes:
        return self._content.read(self._size)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    outer=st.dictionaries(st.sampled_from(["a", "entries", "b"]), JSON),
    listed=st.lists(JSON, max_size=4),
    size=st.integers(1, 9),
    indent=st.sampled_from([None, 1]),
)
def test_nothing_is_lost_wherever_the_bytes_are_cut(
    outer: dict[str, Any], listed: list[Any], size: int, indent: int | None
) -> None:
    document = {**outer, "list": listed}
    source = Dripping(json.dumps(document, indent=indent, ensure_ascii=False).encode(
        "utf-8", "surrogatepass").decode("utf-8", "replace").encode(), size)  # fmt: skip
    found: dict[str, Any] = {"list": []}
    for part in parts(source, frozenset({"list"})):
        if part.number is None:
            found[part.key] = part.value
        else:
            found["list"].append(part.value)
    assert found == json.loads(json.dumps(document).encode())


def read(content: bytes) -> list[json_parts.Part]:
    return list(parts(io.BytesIO(content), frozenset({"list"})))


def test_an_outer_list_is_cut_too() -> None:
    assert [(p.key, p.value, p.number) for p in read(b"\xef\xbb\xbf [1, {}]\n")] == [
        ("", 1, 1), ("", {}, 2)
    ]  # fmt: skip


WRONG = {
    "nothing": (b"", None),
    "text": (b"hello", None),
    "cut in an entry": (b'{"list": [{"a": 1}, {"b": ', "entry 2"),
    "cut between entries": (b'{"list": [1', "entry 1"),
    "cut in a string": (b'{"list": ["abc', "entry 1"),
    "cut after a key": (b'{"list"', None),
    "no comma": (b'{"list": [1 2]}', "entry 1"),
    "broken early": (b'{"list": [{a: 1}, ' + b"1," * 100 + b"1]}", "entry 1"),
    "more behind it": (b'{"list": []} {}', None),
    "no UTF-8": (b'{"list": ["\xff"]}', None),
    "infinite": (b'{"list": [Infinity]}', "entry 1"),
    "a number of ten thousand digits": (b'{"list": [' + b"9" * 10_000 + b"]}", "entry 1"),
    "deep": (b'{"list": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "entry 1"),
    "deep and open": (b'{"list": [' + b'{"a":' * 100_000, "entry 1"),
}


@pytest.mark.parametrize(("content", "place"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_its_place(content: bytes, place: str | None) -> None:
    with pytest.raises(BadFeed) as caught:
        read(content)
    assert (caught.value.place.en if caught.value.place else None) == place


def test_an_entry_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parts, "LONGEST_VALUE", 1000)
    monkeypatch.setattr(json_parts, "CHUNK_BYTES", 100)
    with pytest.raises(BadFeed, match="longer"):
        read(b'{"list": ["' + b"x" * 5000 + b'"]}')


def test_a_syntax_error_ends_the_reading_at_once() -> None:
    class Endless:
        reads = 0

        def read(self, size: int, /) -> bytes:
            self.reads += 1
            return b'{"list": [{a' + b" " * 1000 if self.reads == 1 else b"1," * 500

    source = Endless()
    with pytest.raises(BadFeed):
        list(parts(source, frozenset({"list"})))
    assert source.reads == 1


def test_depth_is_measured_without_recursion() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert too_deep(deep)
    assert not too_deep({"a": [{"b": []}]})
