"""What one entry of a feed comes to, whatever feed it is from."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from inventory.text import Text
from rules.patches.model import Cve, Latest, Published, Statement
from scanner.feeds.errors import BadFeed

_CVE_ID = re.compile(r"CVE-[0-9]{4}-[0-9]{4,12}")
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,490}")

LONGEST_VERSION = 120
LONGEST_WORDS = 300
MOST_ENTRIES = 20_000
"""Versions or criteria of one record; the largest real ones have some hundreds."""
MOST_ADDRESSES = 5


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a feed, as it is stored. A later import of the same id replaces it."""

    id: str
    """Unique within the feed."""
    stamped: datetime | None = None
    """The entry's own time stamp; None where only the feed has one."""
    cves: tuple[Cve, ...] = ()
    statements: tuple[Statement, ...] = ()
    latest: tuple[Latest, ...] = ()
    published: tuple[Published, ...] = ()

    @property
    def says_something(self) -> bool:
        return bool(self.statements or self.latest or self.cves or self.published)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a product name in a feed stands for."""

    family: str
    model: str = ""
    """Empty: the whole family."""


class Products(Protocol):
    """The table of names by which feeds call the products that hnth knows."""

    def by_cpe(self, vendor: str, product: str) -> tuple[Meant, ...]:
        """Of a CPE vendor and product, unescaped; part and case do not matter."""
        ...

    def by_name(self, vendor: str, name: str) -> tuple[Meant, ...]:
        """Of a product as people write it; () unless the vendor is in one of the two texts."""
        ...

    def ascending(self, family: str, releases: Sequence[str]) -> tuple[int, ...] | None:
        """Places of the releases from the oldest to the newest; None when they have no order."""
        ...


def cve_id(value: Any) -> str | None:
    """The id in capitals, or None when it is none."""
    text = value.strip().upper() if isinstance(value, str) and len(value) < 40 else ""
    return text if _CVE_ID.fullmatch(text) else None


def words(value: Any, longest: int = LONGEST_WORDS) -> str:
    """Text for people on one line: no markup, no control characters, not too long."""
    if not isinstance(value, str):
        return ""
    plain = value[: longest * 8]
    for _ in range(2):  # escaped markup becomes markup once
        plain = html.unescape(_MARKUP.sub(" ", plain))
    plain = " ".join(_UNSEEN.sub(" ", _MARKUP.sub(" ", plain)).split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def version(value: Any) -> str:
    """A version as written, on one line; empty when it is none or longer than any version is."""
    if not isinstance(value, str) or len(value) > LONGEST_VERSION:
        return ""
    return " ".join(_UNSEEN.sub(" ", value).split())


def address(value: Any) -> str:
    """The web address, or empty text when it is none."""
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else ""


def addresses(references: Any) -> tuple[str, ...]:
    """The first few web addresses of a list of {url}."""
    found = (address(r.get("url")) for r in as_list(references) if isinstance(r, dict))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_ADDRESSES]


def moment(value: Any) -> datetime | None:
    """The time in UTC; a time without a zone is taken as UTC. None when it is none."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day(value: Any) -> date | None:
    found = moment(value)
    return found.date() if found else None


def as_list(value: Any) -> list[Any]:
    """The list, empty for anything else. Raises BadFeed where no honest record is as long."""
    if not isinstance(value, list):
        return []
    if len(value) > MOST_ENTRIES:
        # cut short, it might no longer name the release that is affected
        raise BadFeed(_TOO_MANY)
    return value


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def number(value: Any) -> float | None:
    """A score between 0 and 10."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
        return None
    return float(value)


_TOO_MANY = Text(
    vi=f"một danh sách có hơn {MOST_ENTRIES} mục; đây không phải dữ liệu lỗ hổng thông thường",
    en=f"a list has more than {MOST_ENTRIES} entries; this is no ordinary vulnerability data",
)
