"""The answer for one device, for a person: what is known, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from inventory.text import Text

_NEWEST = Text(vi="Phiên bản mới nhất đã biết: {newest}", en="Newest release known: {newest}")
_RELEASED = Text(
    vi="Phiên bản mới nhất đã biết: {newest} (ngày {day})",
    en="Newest release known: {newest} (of {day})",
)
_NO_NEWEST = Text(
    vi="Phiên bản mới nhất: chưa rõ, hãy hỏi hãng",
    en="Newest release: not known, ask the vendor",
)
_OUTDATED = Text(vi="{version} cũ hơn: hãy cập nhật", en="{version} is older: update the software")
_CURRENT = Text(vi="{version} là phiên bản mới nhất", en="{version} is the newest release")
_ENDED = Text(
    vi="Hãng đã ngừng hỗ trợ sản phẩm này: lỗ hổng mới sẽ không được vá, hãy lập kế hoạch thay thế",
    en="The vendor no longer supports this product: plan to replace it, new faults stay open",
)
_UPDATE = Text(
    vi="Đã có bản vá: {n} lỗ hổng, hãy cập nhật lên ít nhất {release}",
    en="Fixed by an update: {n}, install {release} at least",
)
_MIGRATE = Text(
    vi="Không được vá trong nhánh này: {n} lỗ hổng, hãy chuyển sang nhánh mới hơn",
    en="Not fixed in this branch: {n}, go to a later branch",
)
_NO_FIX = Text(
    vi="Sẽ không được vá: {n} lỗ hổng, hãy thay thiết bị hoặc chặn đường tiếp cận nó",
    en="Will not be fixed: {n}, replace the device or close the ways to it",
)
_FUTURE = Text(
    vi="Đang chờ bản vá hãng đã hứa: {n} lỗ hổng, hãy chặn đường tiếp cận và hỏi hãng",
    en="A fix was announced: {n}, close the ways to the device and ask the vendor",
)
_UNSAID = Text(
    vi="Nguồn không nêu bản vá: {n} lỗ hổng, hãy cài phiên bản mới nhất và hỏi hãng",
    en="No fixed release is stated: {n}, install the newest release and ask the vendor",
)
_WAYS = {"migrate": _MIGRATE, "no_fix": _NO_FIX, "future": _FUTURE, None: _UNSAID}

_FIXED_IN = Text(vi="vá từ {release}", en="fixed in {release}")
_IN_SHORT = {
    "migrate": Text(vi="không được vá trong nhánh này", en="not fixed in this branch"),
    "no_fix": Text(vi="sẽ không được vá", en="will not be fixed"),
    "future": Text(vi="chờ bản vá", en="a fix was announced"),
}
_AFFECTED = Text(vi="bị ảnh hưởng", en="affected")
_UNKNOWN = Text(vi="chưa xác định được", en="cannot be told")
_ONLY_WITH = Text(vi="chỉ khi: {condition}", en="only with: {condition}")
_EXPLOITED = Text(vi="đang bị khai thác, từ {day}", en="exploited, known since {day}")
_SCORE = Text(vi="CVSS {score}", en="CVSS {score}")
_BUT = Text(vi="{source} nói khác", en="{source} says otherwise")
_SOURCES = {
    "curated": Text(vi="bảng đọc từ thông báo của hãng", en="hand-read table"),
    "vendor-csaf": Text(vi="CSAF của hãng", en="the vendor's CSAF"),
    "vendor-cve": Text(vi="bản ghi CVE của hãng", en="the vendor's CVE record"),
    "adp": Text(vi="bên thứ ba bổ sung vào CVE", en="a third party's addition to the CVE"),
    "nvd": Text(vi="NVD", en="NVD"),
}
_SAID_BY = Text(vi="nguồn: {source}", en="source: {source}")
_CLEAR = {
    "fixed": Text(vi="Đã vá ({n}): {cves}", en="Fixed ({n}): {cves}"),
    "not_affected": Text(vi="Không bị ảnh hưởng ({n}): {cves}", en="Not affected ({n}): {cves}"),
}
_UNTOLD = Text(vi="Chưa xác định được: {why}", en="Cannot be told: {why}")


def lines(document: dict[str, Any], lang: str) -> Iterator[str]:
    """The newest release, what to do, then the vulnerabilities, those that affect first."""
    found = document["vulnerabilities"]
    for text in (*_of_release(document), *_to_do(document)):
        yield text.in_language(lang)
    for status in ("affected", "unknown"):
        for one in sorted(found, key=_gravity):
            if one["status"] == status:
                said = (text.in_language(lang) for text in _details(one))
                yield "  " + " · ".join((one["cve"], *said))
    for status, text in _CLEAR.items():
        cves = [one["cve"] for one in found if one["status"] == status]
        if cves:
            yield text.format(n=len(cves), cves=", ".join(cves)).in_language(lang)
    if document["why"]:
        yield _UNTOLD.format(why=document["why"]).in_language(lang)


def _of_release(document: dict[str, Any]) -> Iterator[Text]:
    newest, day, is_newest = (document[k] for k in ("newest", "newest_released", "is_newest"))
    if newest is None:
        yield _NO_NEWEST
    else:
        yield _dated(_RELEASED, day, newest=newest) if day else _NEWEST.format(newest=newest)
    if is_newest is not None:
        yield (_CURRENT if is_newest else _OUTDATED).format(version=document["version"])
    if document["support_ended"]:
        yield _ENDED


def _to_do(document: dict[str, Any]) -> Iterator[Text]:
    ways = [one["way"] for one in document["vulnerabilities"] if one["status"] == "affected"]
    if document["update_to"] is not None:
        yield _UPDATE.format(release=document["update_to"], n=ways.count("update"))
    for way, text in _WAYS.items():
        if n := ways.count(way):
            yield text.format(n=n)


def _details(one: dict[str, Any]) -> Iterator[Text]:
    if one["status"] == "unknown":
        yield _UNKNOWN
        if one["range"]:
            yield Text(vi=one["range"], en=one["range"])
    else:
        yield _AFFECTED
        if one["fixed_in"]:
            yield _FIXED_IN.format(release=one["fixed_in"])
        elif one["way"] in _IN_SHORT:
            yield _IN_SHORT[one["way"]]
        elif one["range"]:
            yield Text(vi=one["range"], en=one["range"])
    if one["condition"]:
        yield _ONLY_WITH.format(condition=one["condition"])
    if one["exploited_since"]:
        yield _dated(_EXPLOITED, one["exploited_since"])
    if one["base_score"] is not None:
        yield _SCORE.format(score=one["base_score"])
    if one["decided_by"]:
        yield _with_source(_SAID_BY, one["decided_by"])
    for other in one["contradicted_by"]:
        yield _with_source(_BUT, other["source"])


def _with_source(text: Text, source: str) -> Text:
    name = _SOURCES[source]
    return Text(vi=text.vi.format(source=name.vi), en=text.en.format(source=name.en))


def _gravity(one: dict[str, Any]) -> tuple[bool, float, str]:
    """Sorts what is exploited first, then the higher score."""
    return (one["exploited_since"] is None, -(one["base_score"] or 0), one["cve"])


def _dated(text: Text, day: str, **values: str) -> Text:
    """With the day as each language writes it."""
    local = date.fromisoformat(day).strftime("%d/%m/%Y")
    return Text(vi=text.vi.format(day=local, **values), en=text.en.format(day=day, **values))
