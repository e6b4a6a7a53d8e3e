"""Tells what kind of feed a file is, by its content, and hands each entry to who understands it.

The order of keys does not matter and keys nobody knows are passed over: publishers add some.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from inventory.text import Text
from scanner.feeds import csaf, cve5, firmware_facts, fixed_releases, kev, nvd, yaml_lines
from scanner.feeds.errors import BadFeed, FeedError, at_entry
from scanner.feeds.json_parts import CHUNK_BYTES, Source, parts, too_deep
from scanner.feeds.opening import Member, members
from scanner.feeds.records import MOST_ENTRIES, Products, Record, as_dict, moment

LISTS = frozenset({"vulnerabilities", "entries"})
MOST_KEYS = 200
WHOLE_LISTS = (kev.NAME, firmware_facts.NAME)
"""Feeds that come as one complete list: what a new edition leaves out is gone."""


@dataclass(slots=True)
class Contents:
    """What was found of one feed in a file."""

    stamped: datetime | None = None
    """The feed's own time stamp: of the file, or of its newest entry."""
    entries: int = 0
    kept: int = 0

    def seen(self, stamped: datetime | None) -> None:
        if stamped is not None and (self.stamped is None or stamped > self.stamped):
            self.stamped = stamped


class Reading:
    """Goes once through a file, an archive or a folder, entry by entry."""

    def __init__(self, path: Path, products: Products) -> None:
        self._path = path
        self._products = products
        self.contents: dict[str, Contents] = {}
        """By name of the feed; complete when all entries were taken."""
        self.skipped: list[str] = []
        """Documents of an archive or folder that are no feed."""

    def records(self) -> Iterator[tuple[str, Record]]:
        """Name of the feed and record, also of those that say nothing of our products.

        Raises FeedError with file and place when anything in it is not as it should be.
        """
        alone = True
        for number, member in enumerate(members(self._path)):
            alone = number == 0 and "!" not in member.name and self._path.is_file()
            try:
                yield from self._document(member, alone)
            except BadFeed as error:
                raise error.of(member.name) from None
        if not any(found.entries for found in self.contents.values()):
            raise FeedError(_NOTHING.format(file=self._path))

    def _document(self, member: Member, alone: bool) -> Iterator[tuple[str, Record]]:
        content = _Peeked(member.content)
        if content.looks_like_json:
            outer: dict[str, Any] = {}
            count = 0
            for taken in self._json(content, outer):
                count += 1
                yield taken
            if not count and not self._known(outer):
                self._not_a_feed(member, alone, outer)
            return
        document = yaml_lines.read(content.text())
        if not firmware_facts.is_one(document):
            self._not_a_feed(member, alone, {})
            return
        listed = firmware_facts.catalogue(document)
        name = f"{firmware_facts.NAME}:{listed.name}" if listed.name else firmware_facts.NAME
        for record in listed.records:
            yield self._take(name, record)
        self.contents[name].seen(listed.stamped)

    def _json(self, content: Source, outer: dict[str, Any]) -> Iterator[tuple[str, Record]]:
        stated: list[Any] = []
        for part in parts(content, LISTS):
            if part.number is None:
                outer[part.key] = part.value
                if len(outer) > MOST_KEYS:
                    raise BadFeed(_UNKNOWN)
            elif part.key == "vulnerabilities" and _is_csaf(part.value):
                stated.append(part.value)
                if len(stated) > MOST_ENTRIES:
                    raise BadFeed(_UNKNOWN)
            else:
                yield self._take(*self._entry(part.key, part.value, part.number))
        if "document" in outer:
            document = {**outer, "vulnerabilities": stated}
            if too_deep(document):
                raise BadFeed(_DEEP)
            yield self._take(csaf.NAME, csaf.record(document, self._products))
        elif stated:
            raise BadFeed(_UNKNOWN)
        elif "containers" in outer or "cveMetadata" in outer:
            yield self._take(*self._entry("", outer, 1))
        self._stamp(outer)

    def _entry(self, key: str, entry: Any, number: int) -> tuple[str, Record]:
        name, record = "", None
        body = as_dict(entry)
        try:
            if key == "entries":
                name, record = fixed_releases.NAME, fixed_releases.record(entry, number)
            elif "cveID" in body:
                name, record = kev.NAME, kev.record(body)
            elif key == "vulnerabilities":
                name, record = nvd.NAME, nvd.record(body, self._products)
            else:
                name, record = cve5.NAME, cve5.record(body, self._products)
        except BadFeed as error:
            raise BadFeed(error.problem, error.place or at_entry(number)) from None
        if record is None:
            raise BadFeed(_NO_ID, at_entry(number))
        return name, record

    def _take(self, name: str, record: Record) -> tuple[str, Record]:
        found = self.contents.get(name)
        if found is None:
            found = self.contents[name] = Contents()
        found.entries += 1
        found.kept += record.says_something
        if record.stamped is not None:
            found.seen(record.stamped)
        return name, record

    def _stamp(self, outer: dict[str, Any]) -> None:
        for name, key in ((nvd.NAME, "timestamp"), (kev.NAME, "dateReleased"),
                          (fixed_releases.NAME, "as_of")):  # fmt: skip
            if name in self.contents and key in outer:
                self.contents[name].seen(moment(outer[key]))

    def _known(self, outer: dict[str, Any]) -> bool:
        """A feed without a single entry, which is as good as none."""
        return outer.get("format") == "NVD_CVE" or "catalogVersion" in outer

    def _not_a_feed(self, member: Member, alone: bool, outer: dict[str, Any]) -> None:
        if not alone:
            self.skipped.append(member.name)
        elif "CVE_Items" in outer:
            raise BadFeed(_OLD_NVD)
        else:
            raise BadFeed(_UNKNOWN)


def _is_csaf(entry: Any) -> bool:
    """An entry of an advisory: its id is text, where NVD has a whole record under that key."""
    body = as_dict(entry)
    return "cveID" not in body and not isinstance(body.get("cve"), dict)


_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff")


class _Peeked:
    """A source of which the first bytes were looked at."""

    def __init__(self, content: Source) -> None:
        self._content = content
        self._first = content.read(CHUNK_BYTES)
        if self._first[:2] in _TWO_BYTES:
            raise BadFeed(_UTF16)

    @property
    def looks_like_json(self) -> bool:
        return self._first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}

    def read(self, size: int, /) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        return self._content.read(size)

    def text(self) -> str:
        """The whole content, not longer than a list that people write."""
        raw = b""
        while chunk := self.read(CHUNK_BYTES):
            raw += chunk
            if len(raw) > yaml_lines.LONGEST_TEXT:
                raise BadFeed(_UNKNOWN)
        if b"\0" in raw:
            raise BadFeed(_UNKNOWN)  # a program or a picture
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadFeed(_UNKNOWN) from None


_UNKNOWN = Text(
    vi="không phải dữ liệu mà hnth biết; hãy dùng tệp NVD JSON 2.0, CVE JSON 5, CISA KEV, "
    "CSAF 2.0, fixed-releases/1 hoặc firmware-facts/1",
    en="this is no feed that hnth knows; use NVD JSON 2.0, CVE JSON 5, CISA KEV, CSAF 2.0, "
    "fixed-releases/1 or firmware-facts/1",
)
_UTF16 = Text(
    vi="tệp lưu theo bảng mã UTF-16; hãy tải lại nguyên tệp, hoặc lưu lại theo UTF-8",
    en="the file was saved as UTF-16; fetch it again as it is, or save it as UTF-8",
)
_OLD_NVD = Text(
    vi="đây là định dạng NVD 1.1 đã ngừng; hãy tải tệp theo định dạng 2.0 (nvdcve-2.0-…)",
    en="this is the retired NVD format 1.1; fetch the file in format 2.0 (nvdcve-2.0-…)",
)
_NOTHING = Text(
    vi="{file}: không có mục nào; hãy tải lại từ nguồn hoặc chỉ đúng tệp",
    en="{file}: it holds no entry at all; fetch it again or name the right file",
)
_NO_ID = Text(
    vi="mục này thiếu mã CVE hoặc ngày; hãy tải lại tệp từ nguồn",
    en="the entry has no CVE id or no date; fetch the file again from its source",
)
_DEEP = Text(
    vi="cấu trúc lồng quá sâu; đây không phải dữ liệu lỗ hổng thông thường",
    en="it nests too deep; this is no ordinary vulnerability data",
)
