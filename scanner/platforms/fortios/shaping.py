"""Bandwidth that a FortiGate keeps: shared shapers on policies, and shaping profiles on lines.

`guaranteed-bandwidth` counts in `bandwidth-unit`, kilobits a second where that is not set; a shaper
works on what leaves through the destination interface of the policy that names it, a reverse one on
what leaves through its source interface. `maximum-bandwidth` is the most that all packets of the
shaper get, 0 is no limit; it keeps nothing. `outbandwidth` and `inbandwidth` of an interface limit
all that leaves and enters it. (Fortinet, "FortiOS Administration Guide", Shared traffic shaper,
Interface-based traffic shaping; "CLI Reference": 0 where `guaranteed-bandwidth` is not shown.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING, Region
from scanner.evidence import Document, printable
from scanner.platforms.fortios.filters import zones_of
from scanner.platforms.fortios.network import BROKEN
from scanner.platforms.fortios.policies import Policies
from scanner.platforms.fortios.tree import Configuration, Entry

_IN_KBPS = {"": 1, "kbps": 1, "mbps": 1000, "gbps": 1000000}
_HEADER = re.compile(r"^#config-version=", re.M)
"""What a whole configuration begins with, and a part of one does not."""
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
    if not cited and not _says_nothing(document, found):
        return {}
    classes += _limited(found)
    section = found.common.sections.get("system interface")
    if section is not None and not cited:
        cited.append(document.cite(section.line))
    cited += [document.cite(one.line) for one in classes]
    return {"qos.classes": Known(tuple(classes), tuple(cited))}


def _by_policy(found: Configuration, vdom: Entry, policies: Policies) -> Iterator[QosClass]:
    shapers = vdom.sections.get(_WHERE[0])
    if shapers is None:
        return
    for table in _TABLES:
        before: list[Entry] = []
        for policy in vdom.entries(table):
            if policies.is_off(policy):
                continue
            alone = _is_alone(policy, before) and not (
                table == _TABLES[0] and any(vdom.entries(_TABLES[1]))
            )
            before.append(policy)
            if not _lets_through(policy, table):
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
                most = None if match.why or not alone else _most(shaper)
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
                        keeps=False if _keeps_nothing(shaper) else None,
                        limit_kbps=most,
                    )


def _is_alone(policy: Entry, before: list[Entry]) -> bool:
    """No policy before it is about the same interfaces, and could take its packets."""
    for other in before:
        meet = [
            {"any"} & {*policy.words(key), *other.words(key)}
            or set(policy.words(key)) & set(other.words(key))
            or not policy.words(key)
            or not other.words(key)
            for key in ("srcintf", "dstintf")
        ]
        if all(meet):
            return False
    return True


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


def _keeps_nothing(shaper: Entry) -> bool:
    """Only a limit is written, or a guarantee of nothing."""
    guaranteed = shaper.word("guaranteed-bandwidth")
    if any(setting.contradicted or setting.damaged for setting in shaper.settings.values()):
        return False
    return guaranteed == "0" or (not guaranteed and _most(shaper) is not None)


def _most(shaper: Entry) -> int | None:
    """`maximum-bandwidth`; None where there is no limit, or none that is understood."""
    value, unit = shaper.word("maximum-bandwidth"), shaper.word("bandwidth-unit")
    if not re.fullmatch(r"[0-9]{1,10}", value) or unit not in _IN_KBPS or not int(value):
        return None
    if any(setting.contradicted or setting.damaged for setting in shaper.settings.values()):
        return None
    return int(value) * _IN_KBPS[unit]


def _limited(found: Configuration) -> Iterator[QosClass]:
    """`outbandwidth` and `inbandwidth` of interfaces: limits of all traffic, in kbit/s."""
    for line in found.common.entries("system interface"):
        for key, out in (("outbandwidth", True), ("inbandwidth", False)):
            value = line.word(key)
            if not re.fullmatch(r"[0-9]{1,9}", value) or not int(value):
                continue
            setting = line.settings[key]
            if setting.contradicted or setting.damaged:
                continue
            yield QosClass(
                printable(line.name),
                "out" if out else "in",
                key,
                None,
                (EVERYTHING,),
                setting.line,
                found.shown(setting.line),
                "a limit is no guarantee",
                keeps=False,
                limit_kbps=int(value),
            )


def _says_nothing(document: Document, found: Configuration) -> bool:
    """A whole configuration that shows no shaper, profile or class anywhere."""
    shown = {"system global", "system interface"} <= found.common.sections.keys()
    policies = any("firewall policy" in vdom.sections for vdom in found.vdoms.values())
    paths = [p for one in (found.common, *found.vdoms.values()) for p in one.sections]
    return (
        found.whole
        and _HEADER.search(document.text) is not None
        and shown
        and policies
        and not any("shap" in path or "traffic-class" in path for path in paths)
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
