"""Addresses and prefixes: nothing twice, no zone inside another by accident, no device nowhere.

Prefixes of two zones may overlap only when somebody said so: a zone of kind `outside` may hold
any other (0.0.0.0/0 means "everything else"), and a zone may be cut out of a larger one that it
names in `within`. The smallest prefix that holds an address decides the zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from inventory.draft import Draft, Placed, Remark
from inventory.expectations import Path
from inventory.model import Address, Prefix, Zone
from inventory.problems import shown
from inventory.text import Text


@dataclass(frozen=True, slots=True)
class _Stretch:
    prefix: Prefix
    zone: Zone
    path: Path


_Table: TypeAlias = dict[tuple[int, int, int], _Stretch]


def address_remarks(draft: Draft) -> Iterator[Remark]:
    yield from _device_addresses(draft)
    stretches = list(_stretches(draft.zones))
    yield from _overlaps(stretches)
    yield from _within(draft)
    yield from _nowhere(draft, _table(stretches))


def _device_addresses(draft: Draft) -> Iterator[Remark]:
    first: dict[Address, str] = {}
    for device in draft.devices:
        address = device.value.address
        if address in first:
            yield Remark(
                (*device.path, "address"), _SAME_ADDRESS.format(a=address, other=first[address])
            )
        first.setdefault(address, device.value.id)


def _stretches(zones: Iterable[Placed[Zone]]) -> Iterator[_Stretch]:
    for zone in zones:
        for index, prefix in enumerate(zone.value.prefixes):
            yield _Stretch(prefix, zone.value, (*zone.path, "prefixes", index))


def _overlaps(stretches: list[_Stretch]) -> Iterator[Remark]:
    """Prefixes are nested, equal or apart; sorted, the open ones form a stack."""
    parents = {s.zone.id: s.zone.within for s in stretches}
    open_ones: list[_Stretch] = []
    for stretch in sorted(stretches, key=_order):
        while open_ones and not _holds(open_ones[-1].prefix, stretch.prefix):
            open_ones.pop()
        if open_ones and not _on_purpose(open_ones[-1], stretch, parents):
            outer = open_ones[-1]
            yield Remark(
                stretch.path,
                (_SAME_PREFIX if outer.prefix == stretch.prefix else _OVERLAP).format(
                    inner=stretch.prefix, outer=outer.prefix, zone=shown(outer.zone.id)
                ),
            )
        open_ones.append(stretch)


def _order(stretch: _Stretch) -> tuple[int, int, int, bool, Path]:
    prefix = stretch.prefix
    # `outside` first among equals, so that the zone which is too much is the one reported.
    return (
        prefix.version,
        int(prefix.network_address),
        prefix.prefixlen,
        stretch.zone.kind != "outside",
        tuple(str(part) for part in stretch.path),
    )


def _holds(outer: Prefix, inner: Prefix) -> bool:
    if outer.version != inner.version or outer.prefixlen > inner.prefixlen:
        return False
    return inner.network_address in outer


def _on_purpose(outer: _Stretch, inner: _Stretch, parents: dict[str, str | None]) -> bool:
    if outer.zone is inner.zone:
        return outer.prefix != inner.prefix
    if outer.prefix == inner.prefix:
        return False
    if outer.zone.kind == "outside" and inner.zone.kind != "outside":
        return True
    ancestor, steps = inner.zone.within, 0
    while ancestor is not None and ancestor != outer.zone.id and steps < len(parents):
        ancestor, steps = parents.get(ancestor), steps + 1
    return ancestor == outer.zone.id


def _within(draft: Draft) -> Iterator[Remark]:
    zones = {zone.value.id: zone.value for zone in draft.zones}
    for zone in draft.zones:
        outer = zones.get(zone.value.within or "")
        if outer is None:
            continue
        for index, prefix in enumerate(zone.value.prefixes):
            if not any(_holds(o, prefix) and o != prefix for o in outer.prefixes):
                yield Remark(
                    (*zone.path, "prefixes", index),
                    _NOT_WITHIN.format(inner=prefix, zone=shown(outer.id)),
                )


def _table(stretches: list[_Stretch]) -> _Table:
    """Prefixes by version, length and number: one look-up per length finds an address's zone."""
    return {
        (s.prefix.version, s.prefix.prefixlen, int(s.prefix.network_address)): s for s in stretches
    }


def _zone_of(address: Address, table: _Table) -> Zone | None:
    for length in range(address.max_prefixlen, -1, -1):
        shift = address.max_prefixlen - length
        found = table.get((address.version, length, int(address) >> shift << shift))
        if found is not None:
            return found.zone
    return None


def _nowhere(draft: Draft, table: _Table) -> Iterator[Remark]:
    for device in draft.devices:
        zone = _zone_of(device.value.address, table)
        path = (*device.path, "address")
        if zone is None:
            yield Remark(path, _NO_ZONE.format(a=device.value.address), grave=False)
        elif device.value.kind in {"mcu", "vcs"} and zone.site not in {None, device.value.site}:
            text = _OTHER_SITE.format(
                a=device.value.address, zone=shown(zone.id), site=shown(zone.site or "")
            )
            yield Remark(path, text, grave=False)
    for point in draft.vantage_points:
        address = point.value.address
        if address is None:
            continue
        zone = _zone_of(address, table)
        if zone is None or zone.id != point.value.zone:
            text = _POINT_ELSEWHERE.format(a=address, zone=shown(point.value.zone))
            yield Remark((*point.path, "address"), text, grave=False)


_SAME_ADDRESS = Text(
    vi='địa chỉ {a} đã thuộc thiết bị "{other}"',
    en='the address {a} already belongs to the device "{other}"',
)
_SAME_PREFIX = Text(
    vi="dải {inner} đã thuộc vùng {zone}",
    en="the prefix {inner} already belongs to the zone {zone}",
)
_OVERLAP = Text(
    vi="dải {inner} nằm trong dải {outer} của vùng {zone}; nếu cố ý, ghi within: {zone}",
    en="the prefix {inner} lies inside {outer} of the zone {zone}; if on purpose, write"
    " within: {zone}",
)
_NOT_WITHIN = Text(
    vi="dải {inner} không nằm trong vùng {zone} đã ghi ở within",
    en="the prefix {inner} does not lie inside the zone {zone} named by within",
)
_NO_ZONE = Text(
    vi="địa chỉ {a} không thuộc vùng mạng nào đã khai; các yêu cầu về phân vùng sẽ chưa xác"
    " định được",
    en="the address {a} lies in no declared zone; requirements about segments cannot be determined",
)
_OTHER_SITE = Text(
    vi="địa chỉ {a} thuộc vùng {zone} của điểm cầu {site}, không phải điểm cầu của thiết bị",
    en="the address {a} lies in the zone {zone} of the site {site}, not of the device's own site",
)
_POINT_ELSEWHERE = Text(
    vi="địa chỉ {a} không thuộc vùng {zone}; kết quả dò quét sẽ được ghi cho vùng đã khai",
    en="the address {a} does not lie in the zone {zone}; probes are recorded as sent from there",
)
