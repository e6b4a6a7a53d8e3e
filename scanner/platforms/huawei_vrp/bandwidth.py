"""What the lines of a behaviour, and those of an interface itself, keep and limit.

Sources: Huawei, "AR Series CLI-based Configuration Guide - QoS" (traffic policing, traffic
shaping, congestion management); "Configuration Guide - QoS" of the S switches. Rates are in kbit/s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.netconfig.indented import Line

_IN_KBPS = {"kbps": 1, "mbps": 1_000, "gbps": 1_000_000}
_OTHER_MEANS = frozenset({"port-queue", "qos", "user-queue"})
"""First words of lines of an interface that may keep bandwidth without a traffic policy."""
_KEEPS_NOTHING = frozenset({"car", "gts", "lr", "phb", "trust"})
"""`qos trust`, `qos lr`: lines of these that certainly keep none."""
_ABOUT_BANDWIDTH = re.compile(r"\bqos|queue|traffic|shap|bandwidth|\bcar\b|scheduler|limit", re.I)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a class gets, by one line."""

    kbps: int | None
    line: Line
    why: str = ""
    keeps: bool | None = None
    limit_kbps: int | None = None


def kept_by(behavior: Line | None, pair: Line) -> Kept:
    """What a behaviour keeps for a class; `pair` names it and is cited where it is not defined."""
    if behavior is None:
        return Kept(None, pair, "the behaviour is not defined")
    limits = [limit_of(line.words) for line in behavior.below]
    most = min((one for one in limits if one is not None), default=None)
    for line in behavior.below:
        if line.words[0] == "queue" and "bandwidth" in line.words:
            kbps, why = _guaranteed(line.words)
            return Kept(kbps, line, why, limit_kbps=most)
    held = next((one for one in behavior.below if one.words[0] in {"car", "gts"}), None)
    if held is not None:
        return Kept(None, held, "a limit is no guarantee", keeps=False, limit_kbps=most)
    shared = next((one for one in behavior.below if one.words[0] == "queue"), None)
    if shared is not None:
        return Kept(None, shared, "a share of what the other classes leave", keeps=False)
    return Kept(None, behavior, "nothing is kept for the class", keeps=False)


def _guaranteed(words: list[str]) -> tuple[int | None, str]:
    rest = words[words.index("bandwidth") + 1 :]
    if rest[:1] == ["pct"]:
        return None, "a share of the interface, whose rate is not told"
    kbps = _rate(rest)
    return kbps, "" if kbps is not None else "a figure that is not understood"


def limit_of(words: list[str]) -> int | None:
    """`car cir 2048 pir 4096`, `gts cir 2048`; None where it is no limit, or not understood."""
    if words[0] not in {"car", "gts"} or "cir" not in words or "share" in words:
        return None
    said = dict(pairwise(words))
    if said.get("red") in {"pass", "remark-dscp-pass"} or "pct" in words:
        return None
    peak = "pir" if "pir" in words and said.get("yellow") != "discard" else "cir"
    return _rate(words[words.index(peak) + 1 :])


def _rate(words: list[str]) -> int | None:
    if not words or not words[0].isascii() or not words[0].isdigit() or len(words[0]) > 10:
        return None
    return int(words[0]) * _IN_KBPS.get(words[1].lower() if len(words) > 1 else "", 1)


def on_the_interface(name: str, line: Line) -> Iterator[QosClass]:
    """`qos lr cir 2000 outbound`, and what may keep bandwidth by means that are not read."""
    words = line.words
    if words[0] not in _OTHER_MEANS or len(words) < 2:
        return
    text = shown(line)
    if words[0] == "qos" and words[1] in _KEEPS_NOTHING:
        kind = "gts" if words[1] == "lr" else words[1]
        limit = limit_of([kind, *words[2:]])
        if limit is not None and "acl" not in words:
            inbound = "inbound" in words
            yield QosClass(
                name,
                "in" if inbound else "out",
                " ".join(words[:2]),
                None,
                (EVERYTHING,),
                line.number,
                text,
                "a limit is no guarantee",
                keeps=False,
                limit_kbps=limit,
            )
        return
    yield QosClass(
        name, "out", " ".join(words[:2]), None, (), line.number, text, "what it keeps is not read"
    )


def says_nothing(configuration: Configuration) -> bool:
    """A whole configuration without a word about bandwidth."""
    tops = {line.words[0] for line in configuration.top}
    last = configuration.top[-1].text
    is_whole = {"sysname", "interface"} <= tops and last == "return" and not configuration.is_cut
    return is_whole and not any(
        _ABOUT_BANDWIDTH.search(line.text)
        for block in configuration.top
        for line in block.all()
        if line.words[0] != "description"
    )


def has_bandwidth_policy(configuration: Configuration) -> Line | None:
    """`traffic-policy` of a USG: rules and profiles of bandwidth, which are not read."""
    for line in configuration.of("traffic-policy"):
        if line.below:
            return line
    return None
