"""Whatever a feed holds, it is read, or refused with a reason; nothing else comes out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.feeds import codec
from scanner.feeds.errors import FeedError
from scanner.feeds.names import FeedNames
from scanner.feeds.reading import Reading
from scanner.products import families
from tests.scanner.feeds.feed_documents import (
    FIRMWARE,
    as_bytes,
    csaf,
    cve5,
    kev,
    nvd,
    nvd_entry,
)

NAMES = FeedNames(families())
ODD: tuple[Any, ...] = (
    None, True, -1, 10**30, 1e308, "", "\x00", "\ud800", "x" * 5000, [], {}, [[]], [None], [{}],
    {"": None}, "2026-13-45", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+14:00",
    "cpe:2.3:" + ":" * 40, "vers:/", "<=", ["x"] * 50,
)  # fmt: skip

SCORED = {
    "metrics": {"cvssMetricV31": [{"source": "a", "cvssData": {"version": "3.1", "baseScore": 9}}]},
    "references": [{"url": "https://a.test/"}],
    "descriptions": [{"lang": "en", "value": "A flaw"}],
    "affected": [{"affectedData": [{"vendor": "Pexip", "product": "Infinity", "versions": []}]}],
    "cisaExploitAdd": "2024-01-01",
}
BRANCH = {
    "category": "product_name",
    "name": "HDX",
    "branches": [
        {"category": "product_version_range", "name": "<3", "product": {"product_id": "R"}}
    ],
}
FIXED = {
    "schema": "fixed-releases/1",
    "entries": [
        {"cve": "CVE-2026-1000", "family": "pexip", "advisory": "a", "models": ["b"],
         "branches": [{"branch": "9", "status": "fixed", "fixed": "9.1"}], "earlier": "unknown"}
    ],
}  # fmt: skip
CHANGED = {"version": "1", "lessThan": "2", "status": "affected", "changes": [{}]}
PRODUCT = {"vendor": "Pexip", "product": "Infinity", "cpes": ["cpe:"], "versions": [CHANGED]}
KINDS: dict[str, Any] = {
    "nvd": nvd(nvd_entry("CVE-2026-1000", **SCORED)),
    "kev": kev("CVE-2026-1000"),
    "cve5": [cve5("CVE-2026-1000", [PRODUCT], [{}])],
    "csaf": csaf([BRANCH], {"known_affected": ["R"], "fixed": ["?"]}),
    "fixed": FIXED,
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the value could be replaced, itself included."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    key, *rest = path
    if isinstance(value, dict):
        return {**value, key: with_odd(value[key], tuple(rest), odd)}
    return [with_odd(v, tuple(rest), odd) if n == key else v for n, v in enumerate(value)]


def read(path: Path) -> None:
    """Reads all of it; the reason of a refusal is one line in both languages."""
    try:
        for _, record in Reading(path, NAMES).records():
            text = codec.dump(record)
            text.encode()
            assert codec.load(text) == record
    except FeedError as error:
        for said in (error.reason.vi, error.reason.en):
            assert str(path) in said
            assert "\n" not in said
            assert len(said) < 600


@pytest.mark.parametrize("kind", KINDS)
def test_any_value_may_stand_anywhere(kind: str, tmp_path: Path) -> None:
    chance, path = random.Random(kind), tmp_path / "feed"
    for place in places(KINDS[kind]):
        for odd in chance.sample(ODD, 7):
            path.write_bytes(as_bytes(with_odd(KINDS[kind], place, odd)))
            read(path)


@pytest.mark.parametrize("kind", [*KINDS, "firmware"])
def test_bytes_may_be_garbled(kind: str, tmp_path: Path) -> None:
    chance, path = random.Random(kind), tmp_path / "feed"
    whole = FIRMWARE.encode() if kind == "firmware" else as_bytes(KINDS[kind])
    for _ in range(40):
        garbled = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(garbled))
            garbled[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        path.write_bytes(bytes(garbled[: chance.randrange(1, len(garbled) + 1)]))
        read(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_file_saved_in_another_encoding_is_told(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "kev.json"
    path.write_bytes(("\ufeff" * (encoding != "utf-16") + as_bytes(kev("CVE-2026-1000")).decode())
                     .encode(encoding))  # fmt: skip
    with pytest.raises(FeedError, match="UTF-16"):
        list(Reading(path, NAMES).records())
