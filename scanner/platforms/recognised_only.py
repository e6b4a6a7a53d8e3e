"""Families that are recognised from the network and not read: their interface is not documented."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import FACT_TYPES, DefaultAccount, NeededPort, Unknown
from scanner.collect.errors import CollectError
from scanner.evidence import Document
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Access, Platform, Reading
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign


def recognised_only(
    *,
    name: str,
    title: str,
    vendor: str,
    kinds: frozenset[str],
    missing: Text,
    signs: tuple[Sign, ...],
    version_key: Callable[[str], tuple[Any, ...] | None],
    version_form: str = "",
    tell: Callable[[Document], Told] = lambda _document: Told(),
    needed_ports: tuple[NeededPort, ...] = (),
    management_ports: Mapping[str, int] | None = None,
    default_accounts: tuple[DefaultAccount, ...] = (),
) -> Platform:
    """A family of which every configuration fact is Unknown; the reason says what is `missing`.

    Nothing is ever sent to it but what is asked of anybody: ports, banners, certificates. `tell`
    may read from a saved file what the device says of itself, and nothing of its configuration.
    """
    why = _NOT_READ.format(vi=missing.vi, en=missing.en)
    unknown = {fact: Unknown(why) for fact in FACT_TYPES.keys() - SEEN_FROM_OUTSIDE}
    unknown["call.active"] = Unknown(_CALL_STATE.format(vi=missing.vi, en=missing.en))

    def collect(_access: Access) -> Generator[Document, None, None]:
        raise CollectError(why)
        yield

    def read(documents: Sequence[Document]) -> Reading:
        reading = combined(documents, tell)
        told = {fact: reading.facts[fact] for fact in reading.facts if fact in SEEN_FROM_OUTSIDE}
        return Reading({**unknown, **told}, reading.unread)

    return Platform(
        name=name,
        title=title,
        vendor=vendor,
        kinds=kinds,
        allowed=(),
        collect=collect,
        read=read,
        version_key=version_key,
        needed_ports=needed_ports,
        management_ports=management_ports or {},
        signs=signs,
        version_form=version_form,
        default_accounts=default_accounts,
        not_read=why,
    )


_NOT_READ = Text(
    vi="không đọc được cấu hình: {vi}; hãy xem trên thiết bị và xác nhận bằng văn bản",
    en="its configuration cannot be read: {en}; look at the device and attest it",
)
_CALL_STATE = Text(
    vi="không hỏi được thiết bị có đang trong cuộc gọi hay không: {vi}; hãy khai báo lịch họp",
    en="whether it is in a call cannot be asked: {en}; declare the meetings in the calendar",
)
NOTHING_PUBLISHED = Text(
    vi="không tìm thấy tài liệu công khai nào về giao diện để đọc thiết lập",
    en="no public document of an interface that settings can be read from was found",
)
