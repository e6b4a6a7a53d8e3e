"""Bandwidth that a FortiGate keeps: shared shapers on policies, and shaping profiles on lines.

`guaranteed-bandwidth` counts in `bandwidth-unit`, kilobits a second where that is not set; a shaper
works on what leaves through the destination interface of the policy that names it, a reverse one on
what leaves through its source interface. (Fortinet, "FortiOS Administration Guide", traffic
shaping.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import QosClass
from rules.packets.policy import Region
from scanner.evidence import Document, printable
from scanner.platforms.fortios.filters import zones_of
from scanner.platforms.fortios.network import BROKEN
from scanner.platforms.fortios.policies import Policies
from scanner.platforms.fortios.tree import Configuration, Entry

_IN_KBPS = {"": 1, "kbps": 1, "mbps": 1000, "gbps": 1000000}
_WHERE = ("firewall shaper traffic-shaper", "firewall shaping-profile")
_TABLES = ("firewall policy", "firewall shaping-policy")


def qos_facts(document: Document, found: Configuration) -> dict[str, Fact[Any]]:
    """`qos.classes`, where the file shows shapers or profiles."""
    classes: list[QosClass] = []
    cited: list[Citation] = []
    for vdom in found.vdoms.values():
        sections = [vdom.sections.get(path) for path in (*_WHERE, *_TABLES)]
        shapers = [one for one in sections[:2] if one is not None]
        bound = [one for one in sections[2:] if one is not None]
        if shapers and not (bound and found.whole and all(o.whole for o in (*shapers, *bound))):
            return {"qos.classes": Unknown(BROKEN, (document.cite(shapers[0].line),))}
        cited += [document.cite(one.line) for one in shapers]
        policies = Policies(found, vdom, zones_of(found, vdom))
        classes += _by_policy(found, vdom, policies)
        classes += _by_profile(found, vdom)
    if not cited:
        return {}
    cited += [document.cite(one.line) for one in classes]
    return {"qos.classes": Known(tuple(classes), tuple(cited))}


def _by_policy(found: Configuration, vdom: Entry, policies: Policies) -> Iterator[QosClass]:
    shapers = vdom.sections.get(_WHERE[0])
    if shapers is None:
        return
    for table in _TABLES:
        for policy in vdom.entries(table):
            if policies.is_off(policy) or not _lets_through(policy, table):
                continue
            for key, place in (
                ("traffic-shaper", "dstintf"),
                ("traffic-shaper-reverse", "srcintf"),
            ):
                shaper = shapers.entries.get(policy.word(key))
                if shaper is None:
                    continue
                match = policies.match(policy, "accept")
                back = key.endswith("reverse")
                matches = tuple(_back(one) for one in match.may) if back else match.may
                kbps, why = _guaranteed(shaper)
                for interface in policy.words(place) or ("any",):
                    yield QosClass(
                        printable(interface),
                        "out",
                        printable(shaper.name),
                        kbps,
                        () if match.why else matches,
                        policy.settings[key].line,
                        found.shown(policy.settings[key].line),
                        match.why or why,
                    )


def _lets_through(policy: Entry, table: str) -> bool:
    return table == "firewall shaping-policy" or policy.word("action") == "accept"


def _back(region: Region) -> Region:
    """The packets of the answers."""
    return replace(
        region,
        source=region.destination,
        destination=region.source,
        source_port=region.destination_port,
        destination_port=region.source_port,
        entering=region.leaving,
        leaving=region.entering,
    )


def _guaranteed(shaper: Entry) -> tuple[int | None, str]:
    value, unit = shaper.word("guaranteed-bandwidth"), shaper.word("bandwidth-unit")
    if not value:
        return None, f'traffic-shaper "{printable(shaper.name)}" shows no guaranteed-bandwidth'
    if not re.fullmatch(r"[0-9]{1,10}", value) or unit not in _IN_KBPS:
        return None, f'traffic-shaper "{printable(shaper.name)}" is not understood'
    if any(setting.contradicted for setting in shaper.settings.values()):
        return None, f'traffic-shaper "{printable(shaper.name)}" contradicts itself'
    return int(value) * _IN_KBPS[unit], ""


# --- shaping profiles ------------------------------------------------------------------------


def _by_profile(found: Configuration, vdom: Entry) -> Iterator[QosClass]:
    """Shares of the bandwidth of a line, for classes that shaping policies choose."""
    profiles = vdom.sections.get(_WHERE[1])
    if profiles is None:
        return
    for line in found.common.entries("system interface"):
        profile = profiles.entries.get(line.word("egress-shaping-profile"))
        if profile is None:
            continue
        setting = line.settings["egress-shaping-profile"]
        total = line.word("outbandwidth")
        for share in profile.entries("shaping-entries"):
            percent = share.word("guaranteed-bandwidth-percentage")
            figures = [re.fullmatch(r"[0-9]{1,9}", figure) for figure in (total, percent)]
            known = all(figures) and int(total) > 0
            yield QosClass(
                printable(line.name),
                "out",
                printable(f"{profile.name} {share.word('class-id')}"),
                int(total) * int(percent) // 100 if known else None,
                tuple(_of_class(found, vdom, share.word("class-id"))),
                setting.line,
                found.shown(setting.line),
                "" if known else "outbandwidth or the share of the class is not shown",
            )


def _of_class(found: Configuration, vdom: Entry, number: str) -> Iterator[Region]:
    policies = Policies(found, vdom, zones_of(found, vdom))
    for policy in vdom.entries("firewall shaping-policy"):
        if number and policy.word("class-id") == number and not policies.is_off(policy):
            yield from policies.match(policy, "accept").may
