"""What a damaged document may tell otherwise than the whole one, and why nobody can notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.scanner.platforms.comparing import adds, fewer, less, more
from tests.scanner.platforms.conformance import SAID_IN_WORDS, invented
from tests.scanner.platforms.packet_probes import difference

_COMMUNITY = "snmp.default_community"
"""`public<script>` is a community, and another one than `public`."""


def wrong(
    family: str, damage: str, whole: Mapping[str, Any], part: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Facts that the damaged document invents, each with what the whole one tells."""
    if damage == "scrambled":
        return {}  # another digit is another value, which nobody can notice
    found = {
        n: v for n, v in invented(whole, part).items() if n not in whole or not less(whole[n], v)
    }
    if (
        "filters" in found
        and "filters" in whole
        and not difference(whole["filters"], found["filters"])
    ):
        del found["filters"]  # it answers every packet as before, or says that it cannot
    if damage == "hostile":
        found = {n: v for n, v in found.items() if n not in SAID_IN_WORDS and n != _COMMUNITY}
    if damage == "contradicted":
        found = {n: v for n, v in found.items() if not (n in whole and adds(n, whole[n], v))}
    return {
        name: (whole.get(name), value)
        for name, value in found.items()
        if not any(one.allows(family, damage, name, whole, value) for one in EXCEPTIONS)
    }


def decided(
    family: str, one: Mapping[str, Any], other: Mapping[str, Any], both: Mapping[str, Any]
) -> dict[str, tuple[Any, Any, Any]]:
    """Facts that are told although two documents contradict each other: by each, and together."""
    return {
        name: (one[name], other[name], said)
        for name, said in both.items()
        if name in one and name in other and one[name] != other[name]
        if name != "filters" or difference(one[name], said) is not None
        if not _tells_both(name, one[name], other[name], said)
        if not any(e.allows(family, "contradicting", name, one, said) for e in EXCEPTIONS)
    }


def _tells_both(name: str, one: Any, other: Any, said: Any) -> bool:
    """Both lists together, what both have in common, or the larger number of calls."""
    if isinstance(said, tuple):
        return all(more(told, said) or less(told, said) for told in (one, other))
    return name == "call.active" and bool(said == max(one, other))


class MayDiffer(NamedTuple):
    platform: str
    facts: tuple[str, ...]
    damage: frozenset[str]
    may_be: Callable[[Any, Any], bool]
    why: str

    def allows(
        self, family: str, damage: str, name: str, whole: Mapping[str, Any], value: Any
    ) -> bool:
        concerned = family == self.platform and name in self.facts and damage in self.damage
        return concerned and name in whole and self.may_be(whole[name], value)


def _anything(whole: Any, part: Any) -> bool:
    return True


def _lost_roles(whole: Any, part: Any) -> bool:
    """The same accounts, some with fewer roles."""
    names = [account.name for account in whole]
    return [account.name for account in part] == names and all(
        set((now.role or "").split(",")) <= set((was.role or "").split(","))
        for was, now in zip(whole, part, strict=True)
    )


def _left_open(whole: Any, part: Any) -> bool:
    """A policy that says what it does not know, or that decides the same."""
    unknown = any(chain.default == "unknown" for chain in part.chains.values())
    return unknown or bool(part.unread) or whole == part


LINES_LOST = frozenset(
    {"cut", "ended", "dropped", "garbled", "swapped", "contradicted", "contradicting", "repeated"}
)
LINE_GONE = frozenset({"dropped", "swapped"})
"""A whole line is missing, or stands elsewhere: what is left is well formed."""

EXCEPTIONS = (
    MayDiffer(
        "cisco-cms",
        ("accounts",),
        frozenset({"cut", "ended", "dropped"}),
        fewer,
        "the list of users has no end mark and nothing counts them: a line that is missing as a "
        "whole is missed by nothing",
    ),
    MayDiffer(
        "cisco-ios",
        ("filters",),
        LINE_GONE | {"cut", "ended", "garbled"},
        _anything,
        "filters with other lines are other filters; a saved file without the header of `show "
        "running-config` need not end with `end`",
    ),
    MayDiffer(
        "cisco-ios",
        ("qos.classes",),
        LINE_GONE | {"doubled", "garbled"},
        _anything,
        "classes with other lines are other classes",
    ),
    MayDiffer(
        "cisco-ios",
        ("interfaces", "routes", "vlans"),
        frozenset(
            {"cut", "ended", "dropped", "swapped", "garbled", "contradicted", "contradicting"}
        ),
        _anything,
        "an address and a VLAN are told by their own line only, in the block that comes before it; "
        "a saved file without the header of `show running-config` need not end with `end`",
    ),
    MayDiffer(
        "cisco-ios",
        ("accounts", "ntp.servers", "syslog.targets", "vrfs"),
        frozenset({"cut", "ended", "dropped", "garbled"}),
        fewer,
        "a member of a list is told by its own line only; of two lines that became one the second "
        "is not read",
    ),
    MayDiffer(
        "cisco-ios",
        ("management.allowlist",),
        frozenset({"cut", "ended", "dropped", "garbled", "swapped"}),
        lambda whole, part: part == (),
        "a way in whose list is missing lets everybody in",
    ),
    MayDiffer(
        "cisco-ios",
        ("software.version",),
        LINES_LOST,
        lambda whole, part: whole.startswith(part),
        "the configuration names the release without its build",
    ),
    MayDiffer(
        "cisco-roomos",
        ("accounts",),
        frozenset({"dropped"}),
        _lost_roles,
        "the last role of a user is missed by nothing",
    ),
    MayDiffer(
        "cisco-roomos",
        ("identity.model",),
        LINES_LOST,
        lambda whole, part: whole.endswith(part),
        "the name of the platform stands for that of the product",
    ),
    MayDiffer(
        "checkpoint",
        ("filters",),
        LINE_GONE,
        _anything,
        "an answer that is well formed with other members, names or order is another answer",
    ),
    MayDiffer(
        "fortios",
        ("filters", "qos.classes"),
        LINE_GONE | {"garbled", "contradicted", "hostile"},
        _anything,
        "policies with other lines, names or values are other policies; of two lines the last "
        "one holds",
    ),
    MayDiffer(
        "fortios",
        ("interfaces", "routes", "vlans"),
        frozenset({"dropped", "swapped", "garbled"}),
        _anything,
        "an address, with the network behind it, and a VLAN are told by their own line only",
    ),
    MayDiffer(
        "juniper-srx",
        ("filters", "interfaces", "qos.classes", "routes", "vrfs"),
        LINE_GONE,
        _anything,
        "statements are not counted: a configuration without one is another configuration",
    ),
    MayDiffer(
        "juniper-srx",
        ("interfaces", "routes"),
        frozenset({"garbled", "doubled"}),
        _anything,
        "an address, with the network behind it, is told by its own statement only",
    ),
    MayDiffer(
        "paloalto",
        ("filters", "interfaces", "qos.classes", "routes", "vrfs"),
        LINE_GONE | {"contradicted", "hostile"},
        _anything,
        "a file that is well formed with other elements is the configuration of another box",
    ),
    MayDiffer(
        "paloalto",
        ("qos.classes",),
        frozenset({"garbled"}),
        _anything,
        "an interface is told by the name of its entry only",
    ),
    MayDiffer(
        "linux",
        ("filters",),
        frozenset({"cut", "ended", "contradicting"}),
        _left_open,
        "lines that are not understood, and tables that are not there, are part of the value",
    ),
    MayDiffer(
        "linux",
        ("filters",),
        LINE_GONE | {"garbled", "contradicted", "hostile"},
        _anything,
        "a rule set with other lines, names or order is another rule set",
    ),
    *(
        MayDiffer(
            family,
            ("filters", "interfaces", "qos.classes", "management.allowlist", "routes"),
            LINE_GONE,
            _anything,
            "a rule, an address with the network behind it and a list that lets in are told by "
            "lines of their own, in the "
            "order in which they stand: without one, or in another order, they are another filter",
        )
        for family in ("cisco-asa", "huawei-vrp")
    ),
    *(
        MayDiffer(
            family,
            (
                *("accounts", "ntp.servers", "snmp.versions", "syslog.targets"),
                *("vlans", "vrfs"),
            ),
            LINE_GONE,
            fewer,
            "a member of a list is told by its own line only, and nothing counts the lines",
        )
        for family in ("cisco-asa", "huawei-vrp")
    ),
    MayDiffer(
        "cisco-asa",
        ("management.idle_timeout_s",),
        LINE_GONE,
        lambda whole, part: part < whole,
        "it is the longest of the limits that are there",
    ),
    MayDiffer(
        "linux",
        ("logs.sources",),
        frozenset({"dropped"}),
        _anything,
        "stored files are listed one by one and nothing counts them",
    ),
    MayDiffer(
        "linux",
        ("logs.retention",),
        frozenset({"contradicted"}),
        _anything,
        "of two settings in one block logrotate takes the last",
    ),
    MayDiffer(
        "linux",
        ("identity.vendor",),
        frozenset({"contradicted"}),
        _anything,
        "os-release is read like a shell script, where the last assignment holds",
    ),
    MayDiffer(
        "linux",
        tuple(f"service.{name}.enabled" for name in ("ssh", "https")),
        frozenset({"dropped"}),
        _anything,
        "a service is told by its own line only",
    ),
    MayDiffer(
        "linux",
        (
            *("management.allowlist", "password_policy.history"),
            *("snmp.default_community", "snmp.versions"),
        ),
        frozenset({"dropped"}),
        _anything,
        "a chain, a module and a community are told by their own line only",
    ),
    MayDiffer(
        "linux",
        ("management.allowlist",),
        frozenset({"hostile"}),
        more,
        "a line about an interface of another name than `lo` lets others in",
    ),
    MayDiffer(
        "linux",
        tuple(
            f"password_policy.{name}"
            for name in ("min_length", "digits", "lowercase", "uppercase", "special", "history")
        ),
        frozenset({"contradicted"}),
        _anything,
        "of two settings of pwquality.conf the last one holds, of two modules the stricter one",
    ),
    MayDiffer(
        "polycom-hdx",
        ("software.version",),
        LINES_LOST,
        lambda whole, part: part in whole,
        "the settings name the release without its build",
    ),
    MayDiffer(
        "mikrotik-routeros",
        ("filters", "interfaces", "qos.classes", "routes", "vlans"),
        LINE_GONE | {"ended"},
        _anything,
        "an export lists its items one by one, nothing counts them and nothing marks its end: "
        "one that lacks whole lines, or has them in another order, is that of another router",
    ),
    MayDiffer(
        "mikrotik-routeros",
        ("filters",),
        frozenset({"contradicted"}),
        _anything,
        "a further line is a further member of a list",
    ),
    MayDiffer(
        "mikrotik-routeros",
        ("service.snmp.enabled",),
        frozenset({"contradicted"}),
        _anything,
        "an export is a script, in which the last assignment holds",
    ),
    MayDiffer(
        "pfsense",
        ("accounts", "filters", "interfaces", "qos.classes", "routes", "syslog.targets"),
        LINE_GONE,
        _anything,
        "a file that is well formed without an element is the configuration of another box",
    ),
    MayDiffer(
        "pfsense",
        ("accounts", "filters", "interfaces", "qos.classes", "routes"),
        frozenset({"contradicted"}),
        _anything,
        "of two elements with one name the product itself keeps the last",
    ),
    MayDiffer(
        "pfsense",
        ("service.ssh.enabled",),
        frozenset({"dropped"}),
        _anything,
        "what has no tag is off",
    ),
)
