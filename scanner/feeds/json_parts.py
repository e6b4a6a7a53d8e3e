"""Cuts a JSON document into the entries of its long lists, holding only one entry at a time.

A year of vulnerability records is hundreds of megabytes. The decoder of the standard library reads
a value out of a buffer at full speed and says where it ended; a value that the buffer cuts off is
tried again with more bytes, up to a limit.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from inventory.text import Text
from scanner.feeds.errors import BadFeed, at_entry

CHUNK_BYTES = 1 << 20
LONGEST_VALUE = 64 << 20
"""Characters of one entry, or of one value outside the lists."""
DEEPEST = 60

_OF_NUMBERS = "0123456789.eE+-"
_BLANK = " \t\r\n"
_LONGEST_WORD = 16
"""No word of JSON outside strings is longer, so nothing before it in the buffer is cut off."""


class Source(Protocol):
    """Anything bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the outer object, or one entry of a list in it."""

    key: str
    """Name in the outer object; empty for the entries of an outer list."""
    value: Any
    number: int | None = None
    """Place in the list, from 1; None for a value that is no entry."""


def parts(source: Source, lists: frozenset[str]) -> Iterator[Part]:
    """The document piece by piece, in its order; the lists named in `lists` entry by entry.

    A document that is a list is cut into its entries, one that is an object into its values.
    Raises BadFeed where it is not JSON, not UTF-8, too deep, or one piece is too long.
    """
    text = _Buffer(source)
    opening = text.take()
    if opening == "[":
        yield from _entries(text, "")
    elif opening == "{":
        yield from _members(text, lists)
    else:
        raise BadFeed(_NOT_JSON)
    if text.peek():
        raise BadFeed(_MORE)


def _members(text: _Buffer, lists: frozenset[str]) -> Iterator[Part]:
    if text.peek() == "}":
        text.take()
        return
    while True:
        key = text.value()
        if not isinstance(key, str) or text.take() != ":":
            raise BadFeed(_NOT_JSON)
        if key in lists and text.peek() == "[":
            text.take()
            yield from _entries(text, key)
        else:
            yield Part(key, text.value())
        following = text.take()
        if following == "}":
            return
        if following != ",":
            raise BadFeed(_BROKEN_OFF if not following else _NOT_JSON)


def _entries(text: _Buffer, key: str) -> Iterator[Part]:
    if text.peek() == "]":
        text.take()
        return
    number = 0
    while True:
        number += 1
        try:
            value = text.value()
        except BadFeed as error:
            raise BadFeed(error.problem, at_entry(number)) from None
        yield Part(key, value, number)
        following = text.take()
        if following == "]":
            return
        if following != ",":
            raise BadFeed(_BROKEN_OFF if not following else _NOT_JSON, at_entry(number))


class _Buffer:
    """Decoded text that grows as it is asked for and forgets what was taken."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decode: Callable[[bytes, bool], str] = codecs.getincrementaldecoder("utf-8-sig")(
            "strict"
        ).decode
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            length = len(self._text)
            while self._at < length and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < length:
                return self._text[self._at]
            if self._ended:
                return ""
            self._more(CHUNK_BYTES)

    def take(self) -> str:
        found = self.peek()
        self._at += len(found)
        return found

    def value(self) -> Any:
        """The next JSON value, whole."""
        self.peek()
        wanted = CHUNK_BYTES
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError):
                    raise BadFeed(_TOO_DEEP) from None
                if self._ended or not _may_be_cut_off(self._text, error):
                    raise BadFeed(_why(self._text, error)) from None
            else:
                # a number at the end of the buffer may go on
                if self._ended or self._text[end : end + 4].strip(_OF_NUMBERS):
                    self._at = end
                    return value
            if len(self._text) - self._at > LONGEST_VALUE:
                raise BadFeed(_TOO_LONG)
            self._more(wanted)
            wanted *= 2

    def _more(self, size: int) -> None:
        raw = self._source.read(size)
        self._ended = not raw
        try:
            fresh = self._decode(raw, self._ended)
        except UnicodeDecodeError:
            raise BadFeed(_NOT_UTF8) from None
        self._text = self._text[self._at :] + fresh
        self._at = 0


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _may_be_cut_off(text: str, error: ValueError) -> bool:
    """More text could mend it: the error stands at the end, or a string has no end yet."""
    at = getattr(error, "pos", None)
    if at is None:
        return False
    return "Unterminated" in str(error) or at > len(text) - _LONGEST_WORD


def _why(text: str, error: Exception) -> Text:
    at = getattr(error, "pos", 0)
    return _BROKEN_OFF if at >= len(text.rstrip()) or "Unterminated" in str(error) else _NOT_JSON


def too_deep(value: Any, deepest: int = DEEPEST) -> bool:
    """The value nests deeper than any record does."""
    level = [value]
    for _ in range(deepest):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(v for v in item.values() if isinstance(v, dict | list))
            elif isinstance(item, list):
                inner.extend(v for v in item if isinstance(v, dict | list))
        if not inner:
            return False
        level = inner
    return True


_NOT_JSON = Text(
    vi="không phải JSON hợp lệ; hãy tải lại tệp từ nguồn",
    en="this is not valid JSON; fetch the file again from its source",
)
_BROKEN_OFF = Text(
    vi="tệp bị cắt cụt giữa chừng; hãy tải lại tệp từ nguồn",
    en="the file breaks off in the middle; fetch it again from its source",
)
_MORE = Text(
    vi="sau phần JSON còn nội dung khác; hãy tải lại tệp từ nguồn",
    en="something follows after the JSON document; fetch the file again from its source",
)
_NOT_UTF8 = Text(
    vi="không phải văn bản UTF-8; hãy tải lại tệp từ nguồn",
    en="this is not UTF-8 text; fetch the file again from its source",
)
_TOO_DEEP = Text(
    vi="cấu trúc lồng quá sâu; đây không phải dữ liệu lỗ hổng thông thường",
    en="it nests too deep; this is no ordinary vulnerability data",
)
_TOO_LONG = Text(
    vi=f"một giá trị dài hơn {LONGEST_VALUE >> 20} triệu ký tự; đây không phải dữ liệu lỗ hổng "
    "thông thường",
    en=f"one value is longer than {LONGEST_VALUE >> 20} million characters; this is no ordinary "
    "vulnerability data",
)
