"""The device of an inventory, with its facts, as something that advisories can be asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inventory.model import Device
from inventory.text import Text
from rules.facts import Fact, Facts, Known, Unknown
from rules.patches.advisories import Advisories
from rules.patches.families import Families
from rules.patches.grammars import Release
from rules.patches.model import Installed

_SWITCHES = "h323|sip|ssh|telnet|https|http|snmp|ftp|tftp|upnp"
_CONDITION = re.compile(
    rf"({_SWITCHES})(?: (?:mode|service|server|interface))?(?: is)?(?: (?:enabled|on|in use))?"
)
"""Conditions that are a service of the device and nothing else."""

_NO_FAMILY = Text(
    vi="chưa biết thiết bị thuộc họ nào trong dữ liệu lỗ hổng",
    en="it is not known which family of the vulnerability data the device belongs to",
)
_AMBIGUOUS = Text(
    vi="phiên bản “{version}” có thể thuộc nhiều họ: {families}",
    en="the version “{version}” may belong to several families: {families}",
)


def installed(
    device: Device, facts: Facts, advisories: Advisories, version: str | None = None
) -> Installed | Unknown:
    """The device with its running release, or with the one given; Unknown with the reason."""
    running = facts["software.version"]
    if version is None:
        if isinstance(running, Unknown):
            return running
        version = running.value
    model = _model(device, facts)
    family = _family(device, facts, model, version, advisories.families)
    if isinstance(family, Unknown):
        return family
    table = advisories.families
    settings = conditions_of(facts, _conditions(family, advisories))
    read = table.parse(family, version)
    deployment = read.deployment if isinstance(read, Release) else ""
    return Installed(family, version, model, deployment, None, settings)


def _model(device: Device, facts: Facts) -> str:
    seen: Fact[str] = facts["identity.model"]
    return seen.value if isinstance(seen, Known) else device.model or ""


def _family(
    device: Device, facts: Facts, model: str, version: str, table: Families
) -> str | Unknown:
    """The family that the platform or the model means; the version decides between several."""
    seen: Fact[str] = facts["identity.family"]
    platform = seen.value if isinstance(seen, Known) else device.platform or ""
    meant = table.of_platform(platform) if platform else ()
    by_name = table.of_name(model) if model else ()
    both = tuple(family for family in meant if family in by_name)
    meant = both or meant or by_name
    if len(meant) > 1:
        meant = tuple(f for f in meant if isinstance(table.parse(f, version), Release)) or meant
    if not meant:
        return Unknown(_NO_FAMILY)
    if len(meant) > 1:
        return Unknown(_AMBIGUOUS.format(version=version[:100], families=", ".join(meant)))
    return meant[0]


def _conditions(family: str, advisories: Advisories) -> Iterable[str]:
    return {
        statement.condition
        for statements in advisories.about(family).values()
        for statement in statements
        if statement.condition
    }


def conditions_of(facts: Facts, conditions: Iterable[str]) -> dict[str, bool]:
    """The conditions that a fact decides: condition text -> it holds."""
    found: dict[str, bool] = {}
    for condition in conditions:
        words = " ".join(condition.lower().replace(".", "").split())
        match = _CONDITION.fullmatch(words)
        if match is None:
            continue
        fact: Fact[bool] = facts[f"service.{match[1]}.enabled"]
        if isinstance(fact, Known):
            found[condition] = fact.value
    return found
