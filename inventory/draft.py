"""The parts of an inventory file that are well-formed by themselves, each with its place.

Cross-checks run on a draft and not on the finished inventory, so that a misspelt key and a wrong
reference are reported together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from inventory.expectations import Path, label, place_of
from inventory.model import (
    AllowedService,
    Approval,
    Attestation,
    Calendar,
    Device,
    Id,
    Meeting,
    Prefix,
    Site,
    VantagePoint,
    Waiver,
    Zone,
)
from inventory.problems import Problem, joined
from inventory.readings import Readings
from inventory.scan_settings import ScanSettings
from inventory.source import Mapping, Node, Scalar, Sequence, plain_data
from inventory.text import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a place. `grave`: the file cannot be used like this."""

    path: Path
    text: Text
    grave: bool = True

    def problem(self, tree: Mapping, file: str) -> Problem:
        where = label(tree, place_of(tree, self.path).path)
        prefix = Text(vi=f"{where}: ", en=f"{where}: ") if where else Text(vi="", en="")
        return Problem(file, place_of(tree, self.path).line, joined(prefix, self.text))


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A valid part and the way to it."""

    value: T
    path: Path


@dataclass(frozen=True)
class Draft:
    """What could be read. `ids` also names the parts that are otherwise wrong."""

    sites: tuple[Placed[Site], ...] = ()
    zones: tuple[Placed[Zone], ...] = ()
    devices: tuple[Placed[Device], ...] = ()
    services: tuple[Placed[AllowedService], ...] = ()
    management: tuple[Placed[Prefix], ...] = ()
    vantage_points: tuple[Placed[VantagePoint], ...] = ()
    meetings: tuple[Placed[Meeting], ...] = ()
    attestations: tuple[Placed[Attestation], ...] = ()
    waivers: tuple[Placed[Waiver], ...] = ()
    calendar: Placed[Calendar] | None = None
    approval: Placed[Approval] | None = None
    scan: Placed[ScanSettings] | None = None
    readings: Placed[Readings] | None = None
    ids: dict[str, tuple[Placed[str], ...]] = field(default_factory=dict)
    """By section (`sites`, `zones`, `devices`, `services`, `vantage_points`), in file order."""

    def known(self, *sections: str) -> set[str]:
        return {placed.value for section in sections for placed in self.ids.get(section, ())}


_SECTIONS: dict[str, Path] = {
    "sites": ("sites",),
    "zones": ("zones",),
    "devices": ("devices",),
    "services": ("allowlist", "services"),
    "vantage_points": ("vantage_points",),
}


def draft_of(tree: Mapping) -> Draft:
    return Draft(
        sites=_items(tree, ("sites",), Site),
        zones=_items(tree, ("zones",), Zone),
        devices=_items(tree, ("devices",), Device),
        services=_items(tree, ("allowlist", "services"), AllowedService),
        management=_items(tree, ("allowlist", "management"), Prefix),
        vantage_points=_items(tree, ("vantage_points",), VantagePoint),
        meetings=_items(tree, ("calendar", "meetings"), Meeting),
        attestations=_items(tree, ("attestations",), Attestation),
        waivers=_items(tree, ("waivers",), Waiver),
        calendar=_part(tree, ("calendar",), Calendar),
        approval=_part(tree, ("approval",), Approval),
        scan=_part(tree, ("scan",), ScanSettings),
        readings=_part(tree, ("readings",), Readings),
        ids={name: tuple(_ids(tree, path)) for name, path in _SECTIONS.items()},
    )


def _node(tree: Mapping, path: Path) -> Node | None:
    place = place_of(tree, path)
    return None if place.rest else place.node


def _items(tree: Mapping, path: Path, kind: Any) -> tuple[Placed[Any], ...]:
    node = _node(tree, path)
    if not isinstance(node, Sequence):
        return ()
    adapter = TypeAdapter(kind)
    parts = ((_valid(adapter, item), index) for index, item in enumerate(node.items))
    return tuple(Placed(value, (*path, index)) for value, index in parts if value is not None)


def _part(tree: Mapping, path: Path, kind: Any) -> Placed[Any] | None:
    node = _node(tree, path)
    value = None if node is None else _valid(TypeAdapter(kind), node)
    return None if value is None else Placed(value, path)


def _valid(adapter: TypeAdapter[Any], node: Node) -> Any:
    try:
        return adapter.validate_python(plain_data(node))
    except ValidationError:
        return None


def _ids(tree: Mapping, path: Path) -> Iterable[Placed[str]]:
    node = _node(tree, path)
    adapter = TypeAdapter(Id)
    for index, item in enumerate(node.items if isinstance(node, Sequence) else ()):
        own = item.entries.get("id") if isinstance(item, Mapping) else None
        if isinstance(own, Scalar) and _valid(adapter, own) is not None:
            yield Placed(own.text, (*path, index, "id"))
