"""Rules of access control as lines of the one form for every filter.

Check Point Security Management Administration Guide R81.10, "The Columns of the Access Control
Rule Base": a rule matches where all its columns do; of a column with several objects one has to. A
community of VPN, kinds of content, times and users are nothing that a packet shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from rules.packets.policy import Rule, not_understood
from rules.packets.sets import Names
from scanner.evidence import printable
from scanner.platforms.checkpoint.addresses import Addresses
from scanner.platforms.checkpoint.gateway import Gateway
from scanner.platforms.checkpoint.objects import Thing, Things, text, uid_of
from scanner.platforms.checkpoint.saved import Entry
from scanner.platforms.checkpoint.services import Services
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    NEVER,
    Box,
    Condition,
    both,
    box,
    doubtful,
    either,
    negated,
    regions,
)

_COLUMNS = ("source", "destination", "service")
_MUST_BE_ANY = ("vpn", "content", "time")
_PLACES = {"source": "entering", "destination": "leaving"}
_SILENT = frozenset(
    {"uid", "name", "type", "domain", "rule-number", "track", "custom-fields", "meta-info"}
    | {"comments", "hits", "user-check", "content-direction", "icon", "tags", "available-actions"}
)
_READ = frozenset(
    {"action", "action-settings", "enabled", "inline-layer", "install-on"}
    | {*_COLUMNS, *(f"{one}-negate" for one in _COLUMNS), *_MUST_BE_ANY, "content-negate"}
)
_ACTIONS: Mapping[str, Literal["permit", "deny"]] = {
    "Accept": "permit",
    "Drop": "deny",
    "Reject": "deny",
}
INNER = "Inner Layer"
EVERY_TARGET = "Policy Targets"


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as read."""

    condition: Condition
    action: Literal["permit", "deny", "goto", ""]
    """Nothing where it is not understood."""
    target: str = ""
    """The inline layer of a `goto`."""
    entry: Entry | None = None
    title: str = ""

    def rules(self, chain: str) -> Iterator[Rule]:
        """The lines of the chain; none when no packet can match. `chain`: name of the target."""
        entry, found = self.entry, regions(self.condition.may)
        if entry is None or not found:
            return
        line, file = entry.place.line, entry.place.file
        must = None if self.condition.must is None else regions(self.condition.must)
        why = self.condition.why
        if self.action:
            target = chain or None
            yield Rule(
                self.action, line, self.title, found, must, target=target, why=why, file=file
            )
        else:
            why = why or "its action is not understood"
            for part in not_understood(line, self.title, why, file):
                yield replace(part, may=found)


class Rulebase:
    """Reads the rules of any layer for one gateway."""

    def __init__(self, things: Things, gateway: Gateway | None) -> None:
        self._things = things
        self._gateway = gateway
        self._zones = gateway.zones() if gateway is not None else None
        self._addresses = Addresses(things)
        self.services = Services(things)

    def line(self, entry: Entry) -> Line | None:
        """The rule; None for one that is switched off or made for other gateways."""
        data = entry.data
        if data.get("type") != "access-rule":
            shown = text(data.get("type")) or "something"
            return Line(doubtful(f"{shown} in the place of a rule"), "", "", entry, shown)
        if data.get("enabled") is False or self._is_elsewhere(data):
            return None
        condition = ALWAYS
        for column in _COLUMNS:
            condition = both(condition, self._column(data, column))
        why = self._unseen(data)
        if why:
            condition = both(condition, doubtful(why))
        action, target = self._action(data)
        return Line(condition, action, target, entry, self._title(entry))

    def _is_elsewhere(self, data: Mapping[str, Any]) -> bool:
        """The rule is made for gateways, and certainly not for this one."""
        found = [self._things.get(uid) for uid in self._uids(data.get("install-on")) or ()]
        return (
            self._gateway is not None
            and bool(found)
            and self._gateway.thing.kind == "simple-gateway"
            and all(
                one is not None and one.kind == "simple-gateway" and one.uid != self._gateway.uid
                for one in found
            )
        )

    def _unseen(self, data: Mapping[str, Any]) -> str:
        """A condition that addresses, ports and interfaces do not tell; nothing where none is."""
        missing = next((key for key in sorted(_READ - _MAY_LACK) if key not in data), None)
        if missing is not None:
            return f"the rule shows no `{missing}`"
        odd = next((key for key in data if key not in _READ | _SILENT and _says(data[key])), None)
        if odd is not None:
            return printable(f"`{odd}`")
        for column in _MUST_BE_ANY:
            if not self._is_any(data[column]):
                return f"{column} {self._shown(data[column])}"
        if data["enabled"] is not True or data["content-negate"] is not False:
            return "`enabled` or `content-negate`"
        settings = data.get("action-settings")
        if isinstance(settings, dict) and settings.get("enable-identity-captive-portal") is True:
            return "users are asked to log in"
        return (
            "" if self._is_installed_here(data) else f"install-on {self._shown(data['install-on'])}"
        )

    def _is_installed_here(self, data: Mapping[str, Any]) -> bool:
        for uid in self._uids(data["install-on"]) or ():
            thing = self._things.get(uid)
            if thing is not None and thing.kind == "Global" and thing.name == EVERY_TARGET:
                return True
            if self._gateway is not None and uid == self._gateway.uid:
                return True
        return False

    def _action(self, data: Mapping[str, Any]) -> tuple[Literal["permit", "deny", "goto", ""], str]:
        thing = self._things.get(uid_of(data.get("action")) or "")
        if thing is None or thing.kind != "RulebaseAction" or thing.disputed:
            return "", ""
        inline = uid_of(data.get("inline-layer"))
        if thing.name == INNER and inline is not None:
            return "goto", inline
        return ("", "") if inline is not None else (_ACTIONS.get(thing.name, ""), "")

    # --- columns -------------------------------------------------------------------------------

    def _column(self, data: Mapping[str, Any], column: str) -> Condition:
        uids, negate = self._uids(data.get(column)), data.get(f"{column}-negate")
        if not uids:
            return doubtful(f"{column} is not understood")
        if column == "service":
            found = self.services.all_of(uids)
        else:
            found = either(self._places(uids, column))
        if negate is False:
            return found
        if negate is True and not self._is_any(data.get(column)):
            return negated(found)
        return doubtful(f"{column}-negate")

    def _places(self, uids: list[str], column: str) -> Iterator[Condition]:
        """One condition for all that are addresses, and one for each zone."""
        listed = []
        for uid in uids:
            thing = self._things.get(uid)
            if thing is not None and thing.kind == "security-zone":
                yield self._zone(thing, column)
            else:
                listed.append(uid)
        if listed:
            yield self._of_addresses(listed, column)

    def _zone(self, thing: Thing, column: str) -> Condition:
        if self._zones is None:
            return doubtful(f"{thing.spoken}: its interfaces are not in these documents")
        members = self._zones.get(thing.name, ())
        return box(**{_PLACES[column]: Names(frozenset(members))}) if members else NEVER

    def _of_addresses(self, uids: list[str], column: str) -> Condition:
        extent = self._addresses.together(uids)
        may: tuple[Box, ...] = ({},) if extent.may is None else ({column: extent.may},)
        if not extent.why:
            return Condition(may if extent.may is None or extent.may else ())
        must: tuple[Box, ...] = ()
        if extent.must is None:
            must = ({},)
        elif extent.must:
            must = ({column: extent.must},)
        return Condition(may, must, extent.why)

    # --- values --------------------------------------------------------------------------------

    def _uids(self, value: Any) -> list[str] | None:
        """Every object of a column; None when one of them cannot be told."""
        listed = value if isinstance(value, list) else [value]
        found = [uid_of(one) for one in listed]
        return [one for one in found if one is not None] if all(found) else None

    def _is_any(self, value: Any) -> bool:
        uids = self._uids(value)
        things = [self._things.get(uid) for uid in uids or ()]
        return bool(things) and all(
            one is not None and one.kind == "CpmiAnyObject" and one.name == "Any" for one in things
        )

    def _shown(self, value: Any) -> str:
        names = []
        for one in (value if isinstance(value, list) else [value])[:4]:
            thing = self._things.get(uid_of(one) or "")
            names.append(thing.name if thing is not None else "?")
        more = isinstance(value, list) and len(value) > 4
        return printable(", ".join(names) + (", …" if more else ""))

    def _title(self, entry: Entry) -> str:
        """The rule as one would say it."""
        data = entry.data
        parts = []
        for column in _COLUMNS:
            sign = "not " if data.get(f"{column}-negate") is True else ""
            parts.append(f"{column} {sign}{self._shown(data.get(column))}")
        action = self._shown(data.get("action"))
        name = text(data.get("name"))
        return printable(f"rule {entry.number} {name}: {action}, {', '.join(parts)}")


_MAY_LACK = frozenset({"inline-layer", "action-settings"})


def _says(value: Any) -> bool:
    """It is more than an empty place."""
    return value not in (None, "", [], {}, False)
