"""Passwords that a configuration keeps so that they can be read again: remarks.

No requirement forbids it for routers and switches; whoever gets the file has the passwords.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.text import Text
from rules.facts import Known, StoredSecret
from scanner.evidence import printable
from scanner.gate.devices import ReadDevice

NAMED = 5


def readable_secrets(devices: Iterable[ReadDevice]) -> Iterator[Text]:
    """Remarks on the files of the devices, at most `NAMED` for each, the rest counted."""
    for device in devices:
        fact = device.facts["credentials.storage"]
        if not isinstance(fact, Known):
            continue
        kept = [(one, _place(fact, number)) for number, one in enumerate(fact.value)]
        told = [(text, one, place) for one, place in kept if (text := _remark(one)) is not None]
        for text, one, place in told[:NAMED]:
            yield text.format(
                place=place or device.id, account=printable(one.account), how=one.algorithm
            )
        if len(told) > NAMED:
            yield _MORE.format(device=device.id, count=str(len(told) - NAMED))


def _remark(one: StoredSecret) -> Text | None:
    if one.readable:
        return _READABLE
    return _WEAK if one.weak else None


def _place(fact: Known[tuple[StoredSecret, ...]], number: int) -> str:
    """`file:line`; the fact cites the first lines only, in the order of its values."""
    if number >= len(fact.citations):
        return ""
    citation = fact.citations[number]
    return f"{citation.source}:{citation.line}"


_READABLE = Text(
    vi="{place}: mật khẩu của {account} được lưu ở dạng đọc lại được ({how}); hãy đổi mật khẩu và "
    "lưu ở dạng băm mạnh",
    en="{place}: the password of {account} is kept so that it can be read again ({how}); change it "
    "and keep a strong hash",
)
_WEAK = Text(
    vi="{place}: mật khẩu của {account} được lưu ở dạng băm yếu ({how}); hãy dùng dạng băm mạnh",
    en="{place}: the password of {account} is kept as a weak hash ({how}); use a strong one",
)
_MORE = Text(
    vi="{device}: còn {count} mật khẩu khác được lưu như vậy",
    en="{device}: {count} more passwords are kept like this",
)
