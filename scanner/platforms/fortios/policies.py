"""Firewall policies of FortiOS as rules: the packets that match, and the words not understood.

Fortinet, "FortiOS CLI Reference": the order in the file is the order of the policies; `status` is
enabled and `action` is deny where they are not set; a policy with `srcaddr` and `dstaddr` is about
IPv4, one with `srcaddr6` and `dstaddr6` about IPv6 (both in one policy since 6.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rules.packets.fields import ALL_ADDRESSES, ALL_V4, ALL_V6
from rules.packets.policy import EVERYTHING, Region, Rule
from rules.packets.sets import Names, Numbers
from scanner.evidence import printable
from scanner.platforms.fortios import services as services_of
from scanner.platforms.fortios.objects import Addresses, Objects, doubtful, negated
from scanner.platforms.fortios.services import ServiceObjects, Services
from scanner.platforms.fortios.tree import Configuration, Entry
from scanner.platforms.netconfig.services import ANY_SERVICE, Service

UNDECIDED: Final = "an action that is not understood"
"""Name of the chain that is gone to when a policy does something nobody can say."""

_WHOLE_WEEK = frozenset(
    {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
)
_DOUBTS = frozenset(
    {"groups", "users", "fsso-groups", "devices", "ztna-ems-tag", "ztna-ems-tag-secondary"}
    | {"ztna-geo-tag", "ztna-status", "src-vendor-mac", "policy-expiry", "identity-based"}
    | {"application", "app-category", "app-group", "url-category"}
    | {"network-service-dynamic", "network-service-src-dynamic", "sgt"}
)
"""Settings that ask for something which no packet shows; `disable` and `0` ask for nothing."""
_NO_DOUBT = frozenset({"disable", "0", ""})
_DEFAULTS = {
    "tos": {"0x00", "0"},
    "tos-mask": {"0x00", "0"},
    "vlan-filter": {""},
    "reputation-minimum": {"0"},
    "geoip-match": {"physical-location", "registered-location"},
    "sgt-check": {"disable"},
}
"""The same, with the values that ask for nothing."""
_ASKING = _DOUBTS | _DEFAULTS.keys()


@dataclass(frozen=True, slots=True)
class Match:
    """Regions that could match and those that certainly do, with the words in doubt."""

    may: tuple[Region, ...]
    must: tuple[Region, ...]
    why: str = ""


class Policies:
    """Translates the policies of one VDOM."""

    def __init__(self, found: Configuration, vdom: Entry, zones: dict[str, tuple[str, ...]]):
        self._found = found
        self._vdom = vdom
        self.objects = Objects(found, vdom)
        self.services = ServiceObjects(found, vdom)
        self._zones = zones
        self._places: dict[tuple[str, ...], Names | None] = {}
        self._schedules: dict[str, str | None] = {}

    def rule(self, policy: Entry, match: Match, action: str) -> Rule:
        """The policy as a rule of a chain; `action` is a word of FortiOS."""
        known = {"accept": "permit", "deny": "deny", "ipsec": "permit"}.get(action)
        return Rule(
            "permit" if known == "permit" else "deny" if known == "deny" else "goto",
            policy.line,
            self._found.shown(policy.line),
            match.may,
            None if not match.why and known else match.must,
            None if known else UNDECIDED,
            match.why or ("" if known else f"set action {action}"),
            lines=self._lines(policy),
        )

    def _lines(self, policy: Entry) -> tuple[int, ...]:
        keys = ("srcintf", "dstintf", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service")
        held = (policy.settings.get(key) for key in (*keys, "action", "schedule"))
        return tuple(setting.line for setting in held if setting is not None)

    def is_off(self, policy: Entry) -> bool:
        """Nothing ever matches it."""
        return policy.word("status") == "disable" or self._schedule(policy) == "never"

    def match(self, policy: Entry, action: str, *, six: bool | None = None) -> Match:
        """The packets of a policy; `six`: a table of one IP version only (`policy6`)."""
        whys = list(self.doubts(policy, action))
        in_full = not whys and action != "ipsec"
        entering = self.place(policy.words("srcintf"))
        leaving = self.place(policy.words("dstintf"))
        for key in ("srcintf", "dstintf"):
            if not policy.words(key):
                whys.append(f"{key} is not set")
                in_full = False
        base = Region(entering=entering, leaving=leaving)
        wanted = self._services(policy)
        may: list[Region] = []
        must: list[Region] = []
        for source, destination in self._ends(policy, six):
            may += product(base, source.may, destination.may, wanted.may)
            must += product(base, source.must, destination.must, wanted.must)
            whys += [one for one in (source.why, destination.why) if one]
        if wanted.why:
            whys.append(wanted.why)
        if action == "ipsec":
            may += [_reversed(region) for region in may]
        why = printable("; ".join(dict.fromkeys(whys)))
        return Match(_simple(may), _simple(must) if in_full else (), why)

    def place(self, listed: tuple[str, ...]) -> Names | None:
        """Interfaces and zones, a zone under its own name and those of its members; None = any."""
        if listed not in self._places:
            names = {printable(name) for name in listed}
            for name in listed:
                names.update(printable(one) for one in self._zones.get(name, ()))
            anywhere = not listed or "any" in names
            self._places[listed] = None if anywhere else Names(frozenset(names))
        return self._places[listed]

    def asking(self, policy: Entry) -> tuple[Addresses, Services]:
        """Sources and services of a policy that has a virtual IP as its destination."""
        six = not policy.words("srcaddr") and bool(policy.words("srcaddr6"))
        source = self._end(policy, "srcaddr6" if six else "srcaddr", six)
        nothing = doubtful(ALL_ADDRESSES, "srcaddr is not set")
        return source or nothing, self._services(policy)

    def _ends(self, policy: Entry, six: bool | None) -> Iterator[tuple[Addresses, Addresses]]:
        """Sources and destinations for each IP version that the policy is about."""
        found = False
        for version, suffix in ((False, ""), (True, "6")):
            if six is not None and six != version:
                continue
            keys = [f"{key}{'' if six is not None else suffix}" for key in ("srcaddr", "dstaddr")]
            ends = [self._end(policy, key, version) for key in keys]
            if any(ends):
                found = True
                family = ALL_V6 if version else ALL_V4
                source, destination = (
                    end or doubtful(family, f"{key} is not set")
                    for key, end in zip(keys, ends, strict=True)
                )
                yield source, destination
        if not found:
            nothing = doubtful(ALL_ADDRESSES, "srcaddr and dstaddr are not set")
            yield nothing, nothing

    def _end(self, policy: Entry, key: str, six: bool) -> Addresses | None:
        """Sources or destinations of one IP version; None when the policy names none."""
        side = "-src" if key.startswith("src") else ""
        service = f"internet-service{'6' if key.endswith('6') else ''}{side}"
        if policy.word(service) == "enable":
            said = next((k for k in policy.settings if k.startswith(f"{service}-")), service)
            words = " ".join(policy.words(said))
            return doubtful(ALL_V6 if six else ALL_V4, f"set {said} {words}")
        names = policy.words(key) or policy.words(f"{key}4")
        if not names:
            return None
        found = self.objects.several(names, six)
        return negated(found, six) if policy.word(f"{key}-negate") == "enable" else found

    def _services(self, policy: Entry) -> Services:
        names = policy.words("service")
        if policy.word("internet-service") == "enable" or (
            policy.word("internet-service6") == "enable"
        ):
            return Services((ANY_SERVICE,), ())
        if not names:
            return services_of.doubtful("service is not set")
        found = self.services.several(names)
        return services_of.negated(found) if policy.word("service-negate") == "enable" else found

    def doubts(self, policy: Entry, action: str) -> Iterator[str]:
        """Conditions of the policy that no packet shows, in its own words."""
        for key, setting in policy.settings.items():
            if setting.damaged:
                yield f"set {key}, whose quotation marks do not match"
            elif key in _ASKING and _asks(key, setting.values):
                yield f"set {key} {' '.join(setting.values)}"
        schedule = self._schedule(policy)
        if schedule not in {None, "never"}:
            yield str(schedule)
        if action == "ipsec":
            yield "set action ipsec"
        for key in ("nat64", "nat46"):
            if policy.word(key) == "enable":
                yield f"set {key} enable"

    def _schedule(self, policy: Entry) -> str | None:
        """None for at any time, `never`, or the words that say when."""
        name = policy.word("schedule")
        if not name:
            return None
        if name not in self._schedules:
            self._schedules[name] = self._when(name)
        return self._schedules[name]

    def _when(self, name: str) -> str | None:
        section = self._vdom.sections.get("firewall schedule recurring")
        entry = section.entries.get(name) if section is not None else None
        if entry is None:
            as_delivered = {"always": None, "none": "never"}
            return as_delivered.get(name, f'set schedule "{name}"')
        days = set(entry.words("day"))
        if not days or days == {"none"}:
            return "never"
        ends = {entry.word("start") or "00:00", entry.word("end") or "00:00"}
        whole = days >= _WHOLE_WEEK and ends == {"00:00"}
        return None if whole else f'set schedule "{name}"'


def _asks(key: str, values: Sequence[str]) -> bool:
    """Whether the setting asks for something that no packet shows."""
    if key in _DEFAULTS:
        return not set(values) <= _DEFAULTS[key]
    return key in _DOUBTS and not set(values) <= _NO_DOUBT


def product(
    base: Region, sources: Numbers, destinations: Numbers, services: Sequence[Service]
) -> list[Region]:
    """The base region from the sources to the destinations, once for each service."""
    if not sources or not destinations:
        return []
    return [
        Region(
            sources,
            destinations,
            one.protocol,
            one.source_port,
            one.destination_port,
            None,
            base.entering,
            base.leaving,
        )
        for one in services
    ]


def _simple(regions: Sequence[Region]) -> tuple[Region, ...]:
    """The same packets; both whole families together need no addresses."""
    found: list[Region] = []
    for region in regions:
        if region.source == ALL_V6 and region.destination == ALL_V6:
            twin = replace(region, source=ALL_V4, destination=ALL_V4)
            if twin in found:
                found[found.index(twin)] = replace(region, source=None, destination=None)
                continue
        found.append(region)
    return tuple(found)


def _reversed(region: Region) -> Region:
    """What comes back through a tunnel of a policy with `action ipsec`."""
    return Region(
        region.destination,
        region.source,
        region.protocol,
        entering=region.leaving,
        leaving=region.entering,
    )


ANYTHING = Match((EVERYTHING,), ())
