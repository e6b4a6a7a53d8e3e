"""All that a gateway does with packets, put together: the fact `filters`.

Administration Guide R81.10, "Ordered Layers and Inline Layers": a packet has to be accepted in each
ordered layer of the package, one after the other; a rule with an inline layer hands it over for
good. What no rule of a layer decides, its implicit cleanup rule does.

Not part of it: anti-spoofing, inspection of content, threat prevention, QoS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from inventory.text import Text
from rules.packets.fields import UDP
from rules.packets.policy import Chain, Policy, Region, Rule, Stage, not_understood
from rules.packets.sets import Names
from scanner.platforms.checkpoint.gateway import Gateway
from scanner.platforms.checkpoint.implied import implied
from scanner.platforms.checkpoint.installed import why_not_installed
from scanner.platforms.checkpoint.layers import Layer, layers
from scanner.platforms.checkpoint.objects import Place, Thing, text, uid_of
from scanner.platforms.checkpoint.rulebase import Line, Rulebase
from scanner.platforms.checkpoint.saved import Saved
from scanner.platforms.checkpoint.translation import reached_otherwise
from scanner.platforms.netconfig.services import only

_DEFAULTS: Mapping[str, Literal["permit", "deny"]] = {"drop": "deny", "accept": "permit"}
_REPLIES = "replies of services without replies"
_OTHER_LAYERS = "other layers of the package"
_NO_PACKAGE = "which other layers the package has is not in these documents (show package)"


@dataclass
class _Building:
    found: Saved
    reader: Rulebase
    known: dict[str, Layer]
    names: dict[str, str]
    """By layer the name of its chain."""
    chains: dict[str, Chain] = field(default_factory=dict)
    one_way: list[Rule] = field(default_factory=list)


def policy_of(found: Saved, gateway: Gateway | None) -> tuple[Policy, Place] | Text | None:
    """What passes, and where the rules stand; why that cannot be told; None without rules."""
    known = layers(found.pages, "access")
    if not known:
        return None
    packages = [one for one in found.things.values() if one.kind == "package"]
    package = _package(packages, gateway)
    if isinstance(package, Text):
        return package
    why = why_not_installed(found, gateway, package, known.values())
    if why is not None:
        return why
    building = _Building(found, Rulebase(found.things, gateway), known, _names(known))
    ordered = _ordered(package, building)
    if isinstance(ordered, Text):
        return ordered
    place = next((known[uid].place for uid in ordered if uid in known), None)
    if place is None:
        return OTHER_LAYERS
    stages = [_stage(uid, building, package) for uid in ordered]
    if package is None:
        building.chains[_OTHER_LAYERS] = Chain(
            _OTHER_LAYERS,
            (Rule("deny", place.line, _NO_PACKAGE, must=(), why=_NO_PACKAGE, file=place.file),),
            "permit",
        )
        stages.append(Stage(_OTHER_LAYERS, stateful=True))
    if building.one_way:
        building.chains[_REPLIES] = Chain(_REPLIES, tuple(building.one_way), "permit")
        stages.append(Stage(_REPLIES))
    zones = gateway.zones() if gateway is not None else None
    return Policy(tuple(stages), building.chains, (), zones or {}), place


def _package(packages: list[Thing], gateway: Gateway | None) -> Thing | Text | None:
    """The package of the gateway; None where none is shown."""
    if not packages:
        return None
    if len(packages) > 1:
        return SEVERAL_PACKAGES
    package = packages[0]
    if package.disputed or package.get("access") is False:
        return NO_ACCESS
    targets = package.get("installation-targets")
    if isinstance(targets, list) and gateway is not None:
        named = {uid_of(one) for one in targets}
        if gateway.uid not in named and gateway.thing.kind == "simple-gateway":
            return OTHER_PACKAGE
    return package


def _ordered(package: Thing | None, building: _Building) -> list[str] | Text:
    """The ordered layers of the package."""
    if package is not None:
        listed = package.get("access-layers")
        uids = [uid_of(one) for one in listed] if isinstance(listed, list) else []
        found = [one for one in uids if one is not None]
        return found if found and len(found) == len(uids) else NO_ACCESS
    inner = {
        uid_of(entry.data.get("inline-layer"))
        for layer in building.known.values()
        for entry in layer.entries
    }
    alone = [uid for uid in building.known if uid not in inner]
    return alone if len(alone) == 1 else NO_PACKAGE


def _names(known: dict[str, Layer]) -> dict[str, str]:
    """A name for each layer that no other has."""
    names = [layer.name for layer in known.values()]
    return {
        uid: layer.name if layer.name and names.count(layer.name) == 1 else f"{layer.name} {uid}"
        for uid, layer in known.items()
    }


def _stage(uid: str, building: _Building, package: Thing | None) -> Stage:
    """The stage of an ordered layer, whose chain is there after the call."""
    layer = building.known.get(uid)
    if layer is None:
        return Stage(_unknown_chain(uid, building), stateful=True)
    before = [
        *implied(building.found, layer.place),
        *reached_otherwise(building.found, package, layer.place),
    ]
    name = f"layer {building.names[uid]}"
    _add(name, layer, building, (), before)
    return Stage(name, line=layer.place.line, text=name, stateful=True)


def _inline(uid: str, building: _Building, above: tuple[str, ...]) -> str:
    """Name of the chain of an inline layer, which is there after the call."""
    layer = building.known.get(uid)
    if layer is None or uid in above or len(above) > _DEPTH_MAX:
        return _unknown_chain(uid, building)
    name = f"inline layer {building.names[uid]}"
    if name not in building.chains:
        _add(name, layer, building, above)
    return name


def _add(
    name: str,
    layer: Layer,
    building: _Building,
    above: tuple[str, ...],
    before: Sequence[Rule] = (),
) -> None:
    rules = list(before)
    for entry in layer.entries:
        line = building.reader.line(entry)
        if line is None:
            continue
        inner = _inline(line.target, building, (*above, layer.uid)) if line.target else ""
        rules += line.rules(inner)
        building.one_way += _one_way(line, building.reader)
    if layer.why_not_whole:
        at = layer.at or layer.place
        rules += not_understood(at.line, layer.why_not_whole, layer.why_not_whole, at.file)
    default, why = _cleanup(layer, building.found)
    building.chains[name] = Chain(name, tuple(rules), default, layer.place.line, why)


_DEPTH_MAX = 16


def _unknown_chain(uid: str, building: _Building) -> str:
    thing = building.found.things.get(uid)
    shown = thing.name if thing is not None else uid
    name = f"unknown layer {shown}"
    why = f"the rules of layer {shown} are not in these documents (show access-rulebase)"
    building.chains[name] = Chain(name, (), "unknown", why=why)
    return name


def _cleanup(layer: Layer, found: Saved) -> tuple[Literal["permit", "deny", "unknown"], str]:
    """What the layer does with what no rule of it decides."""
    thing = found.things.get(layer.uid)
    said = text(thing.get("implicit-cleanup-action")) if thing is not None else ""
    if said in _DEFAULTS:
        return _DEFAULTS[said], ""
    why = f"the implicit cleanup of layer {layer.name} is not in these documents (show package)"
    return "unknown", why


def _one_way(line: Line, reader: Rulebase) -> list[Rule]:
    """Replies of services that let none through are dropped, and nobody can say which those are."""
    entry = line.entry
    listed = entry.data.get("service") if entry is not None else None
    if entry is None or line.action == "deny" or not isinstance(listed, list):
        return []
    if not any(reader.services.is_one_way(uid_of(one) or "") for one in listed):
        return []
    replies = Region(protocol=only(UDP), state=Names(frozenset({"established", "related"})))
    place, why = entry.place, "replies of the service are not accepted"
    return [Rule("deny", place.line, line.title, (replies,), (), why=why, file=place.file)]


NO_PACKAGE = Text(
    vi="tệp có nhiều lớp quy tắc nhưng không cho biết lớp nào thuộc gói chính sách của thiết bị; "
    "hãy lưu thêm `show package`",
    en="there are several layers of rules, and no document says which of them the package of the "
    "gateway has; save `show package` too",
)
SEVERAL_PACKAGES = Text(
    vi="có nhiều gói chính sách trong các tệp; chỉ đưa vào gói được cài trên thiết bị",
    en="there are several packages in the documents; hand in the one that is installed on the "
    "gateway only",
)
NO_ACCESS = Text(
    vi="gói chính sách không cho biết các lớp kiểm soát truy cập của nó",
    en="the package does not show its layers of access control",
)
OTHER_PACKAGE = Text(
    vi="gói chính sách này được cài trên thiết bị khác",
    en="this package is installed on other gateways",
)
OTHER_LAYERS = Text(
    vi="các lớp quy tắc trong tệp không thuộc gói chính sách này; hãy lưu `show access-rulebase` "
    "của từng lớp",
    en="the layers in the documents are not those of this package; save `show access-rulebase` of "
    "each of them",
)
