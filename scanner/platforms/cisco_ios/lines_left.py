"""Lines that no fact rests on: known to say nothing, or not understood.

A line that is not known here and whose words speak of filters could change what passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.cisco_ios.quiet_words import COMMANDS, INTERFACE_COMMANDS, IP_COMMANDS
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.indented import Line

_SPEAKS_OF_FILTERS = re.compile(
    r"\b(?:access-group|access-class|access-list|acl|traffic-filter|filter|firewall|inspect|admission"
    r"|auth-proxy|role-based|zone-member|deny|permit|drop|urlfilter|utd|intercept|ips)\b"
)
_OF_THE_BOX = frozenset({"control-plane", "line", "router", "route-map", "aaa", "snmp-server"})
"""Blocks whose filters are for routes or for the device itself."""


def left(config: Configuration) -> Iterator[tuple[Line, bool]]:
    """The lines that are not used, each with whether it is known to say nothing."""
    for top in config.top:
        known = _says_nothing(top)
        if top.number not in config.used and top.number not in config.unsure:
            yield top, known
        in_interface = top.words[0] == "interface"
        block_is_known = known and not in_interface
        for line in top.below:
            for one in line.all():
                if one.number in config.used or one.number in config.unsure:
                    continue
                if in_interface:
                    yield one, _says_nothing_there(one)
                else:
                    yield one, block_is_known or _says_nothing(one)


def judge(config: Configuration) -> None:
    """Every line that is left and not known is noted as not understood."""
    for line, known in left(config):
        if not known:
            in_doubt = _SPEAKS_OF_FILTERS.search(line.text) is not None
            why = "not understood, and speaks of a filter" if in_doubt else "not understood"
            config.doubt(line, why, matters=in_doubt)
    for top in config.starting("template"):
        for line in top.below:
            if _SPEAKS_OF_FILTERS.search(line.text):
                config.doubt(line, "a filter in a template", matters=True)


def coverage(config: Configuration) -> Coverage:
    """How many of the lines with text are used, known to say nothing, or not understood."""
    total = sum(1 for line in config.document.lines if line.strip())
    unread = len(config.unsure)
    read = len(config.used - config.unsure.keys())
    return Coverage(read, max(0, total - read - unread), unread)


def _says_nothing(line: Line) -> bool:
    words = [word for word in line.words if word != "no"] or ["no"]
    second = words[1] if len(words) > 1 else ""
    if words[0] in {"ip", "ipv6"}:
        if second == "access-list":
            return words[2:3] != [] and words[2] in _NO_LIST
        return second in IP_COMMANDS or second in _BOUND_ELSEWHERE or not second
    if words[0] == "access-list":
        return second in _NO_LIST or second == "rate-limit"
    if words[0] in {"class-map", "policy-map", "parameter-map"}:
        return second == "type"  # where one of these is asked in a firewall, that line says so
    return (
        words[0] in _OF_THE_BOX
        or words[0] in COMMANDS
        or words[0] in {"no", "default", "Building", "Current", "ntp", "logging", "security"}
    )


_BOUND_ELSEWHERE = frozenset({"admission", "auth-proxy", "inspect", "ips", "urlfilter"})
"""Rules that filter where an interface names them."""
_NO_LIST = frozenset(
    {"compiled", "dynamic-extended", "helper", "log-update", "logging", "match-local-traffic"}
    | {"persistent", "resequence", "role-based"}
)
"""Words behind `access-list` that begin no list of packets between interfaces."""


def _says_nothing_there(line: Line) -> bool:
    words = [word for word in line.words if word not in {"no", "default"}] or ["no"]
    if words[0] in {"ip", "ipv6"}:
        if words[1:2] == ["verify"] or words[1:3] in (["dhcp", "snooping"], ["arp", "inspection"]):
            return True  # they drop only what comes from a false source
        return words[1:2] == [] or words[1] in IP_COMMANDS
    if line.words[0] == "no":
        return True  # what is off changes nothing here
    if words[0] == "service-policy":
        return words[1:2] == ["type"] and words[2:3] != ["inspect"]
    return words[0] in INTERFACE_COMMANDS
